/** How the host itself is: speed over time, store, health, log. */
import { h, fill, icon, say, button } from './dom.js';
import { bytes, speed, count, duration } from './format.js';
import { get, post, forgetToken } from './api.js';
import { line } from './charts.js';
import { Page, heading, bar } from './page.js';

const SLOTS = 600;
const MINUTE = 60;
/** Seconds after which the log, and how the host is, are asked for again. */
const FRESH_LOG = 5;
const FRESH_HEALTH = 30;
const LINES = 200;
const VERDICTS = { ok: ['All is well', 'done'], warning: ['Something needs a look', 'waiting'], critical: ['Something is wrong', 'failed'] };

class System extends Page {
  #graph = h('canvas.graph.tall', { role: 'img', 'aria-label': 'Total speed over the last minutes' });
  #top = h('figcaption');
  #numbers = h('dl.numbers');
  #store = h('div.store');
  #health = h('ul.checks');
  #verdict = h('span.state');
  #log = h('pre.log', { tabindex: 0, role: 'log', 'aria-live': 'off', 'aria-label': 'The last lines of the log' });
  #links = h('p.quiet');
  #about = h('p.quiet');
  #seconds = 0;

  async load() {
    const [stats, health, log, bundles] = await Promise.all([
      get('stats'), get('health').catch((error) => error.problem ?? Promise.reject(error)), this.#lines(), get('bundles').catch(() => null)]);
    return { stats, health, log, bundles };
  }

  connectedCallback() {
    super.connectedCallback();
    this.listen('second', () => this.#second());
    this.listen('stats', () => this.#figures());
  }

  render({ stats, health, log, bundles }) {
    this.app.live.stats = { ...this.app.live.stats, ...stats };
    if (!this.firstChild || !this.#graph.isConnected) this.#build();
    this.#figures();
    this.#draw();
    this.#checks(health);
    this.#tail(log);
    const console = bundles?.items.some((bundle) => bundle.name.endsWith('webconsole') && bundle.state === 'ACTIVE');
    fill(this.#links, console ? h('a', { href: new URL('system/console/configMgr', import.meta.url).href }, 'Settings in the console') : null);
    say(this.#about, [stats.version ? `Capstan ${stats.version}` : null, stats.bundles ? count(stats.bundles, 'bundle') : null,
      stats.uptime ? `up ${duration(stats.uptime)}` : null, stats.data].filter(Boolean).join(' · '));
  }

  #build() {
    const compact = h('input', { type: 'checkbox', checked: this.app.compact, onchange: () => { this.app.compact = compact.checked; localStorage.setItem('capstan.compact', compact.checked ? 'yes' : 'no'); } });
    fill(this, heading('System'),
      h('figure', {}, this.#graph, this.#top),
      this.#numbers,
      h('section.part', { 'aria-label': 'Store' }, h('div.title', {}, h('h2', {}, 'Store'), button('Verify', 'done', () => this.#verify())), this.#store),
      h('section.part', { 'aria-label': 'Health' }, h('div.title', {}, h('h2', {}, 'Health'), this.#verdict), this.#health),
      h('section.part', { 'aria-label': 'Log' }, h('h2', {}, 'Log'), this.#log),
      h('section.part', { 'aria-label': 'This page' }, h('h2', {}, 'This page'), h('label.check', {}, compact, 'Narrow rows'), this.#links, this.#about,
        this.app.hasAttribute('token') ? null : button('Forget the token here', 'cancel', () => { forgetToken(); location.reload(); })));
  }

  #second() {
    this.#seconds++;
    if (!this.#graph.isConnected || this.app.live.lostSince) return;
    this.#draw();
    if (this.#seconds % FRESH_LOG === 0) this.#lines().then((lines) => this.#tail(lines));
    if (this.#seconds % FRESH_HEALTH === 0) get('health').catch((error) => error.problem).then((health) => health && this.#checks(health));
  }

  #draw() {
    const known = this.app.live.speeds.length;
    const slots = Math.min(SLOTS, Math.max(MINUTE, Math.ceil(known / MINUTE) * MINUTE));
    const top = line(this.#graph, this.app.live.speeds, { slots, grid: true });
    say(this.#top, `The last ${slots === MINUTE ? 'minute' : slots / MINUTE + ' minutes'}, up to ${top > 0 ? speed(top) : 'nothing yet'}`);
  }

  #figures() {
    const { stats } = this.app.live;
    const known = (value, text) => (value === null || value === undefined ? '–' : text(value));
    const figures = [
      ['Speed now', stats.speed > 0 ? speed(stats.speed) : 'Idle'],
      stats.bytesToday === undefined ? ['Since the start', known(stats.bytesSinceStart, bytes)] : ['Today', bytes(stats.bytesToday)],
      ['Since the beginning', known(stats.bytesTotal, bytes)],
      ['Finished', known(stats.completedTotal, (value) => value.toLocaleString())],
      ['Failed', known(stats.failedTotal, (value) => value.toLocaleString())],
      ['Success', known(stats.successRate, (value) => Math.round(value * 100) + '\u202f%')],
    ];
    fill(this.#numbers, figures.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value))));
    const { storeBytes, freeBytes } = stats;
    fill(this.#store, storeBytes === undefined ? null : [
      bar('Share of the space that the store takes', storeBytes, storeBytes + (freeBytes ?? 0)),
      h('p.quiet', {}, `${bytes(storeBytes)} in the store${freeBytes === undefined ? '' : `, ${bytes(freeBytes)} free on its disk`}`)]);
  }

  #checks({ status, checks = [] }) {
    const [word, tone] = VERDICTS[status] ?? ['Not known', 'quiet'];
    this.#verdict.dataset.tone = tone;
    say(this.#verdict, word);
    fill(this.#health, checks.map((check, index) => {
      const [, tone] = VERDICTS[check.level];
      return h('li', { data: { tone } }, icon(tone), h('b', {}, check.name === checks[index - 1]?.name ? '' : check.name),
        h('span', {}, check.message, check.remedy ? h('span.remedy', {}, check.remedy) : null));
    }));
  }

  #lines() {
    return get('logs', { lines: LINES }).then((answer) => answer.lines, () => null);
  }

  /** The end stays in sight unless somebody scrolled away from it. */
  #tail(lines) {
    if (!lines) return say(this.#log, 'The log cannot be read here; it is in the folder “logs”.');
    const box = this.#log;
    const atEnd = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
    say(box, lines.length ? lines.join('\n') : 'Nothing to report.');
    if (atEnd) box.scrollTop = box.scrollHeight;
  }

  async #verify() {
    if (await this.app.run(() => post('content/verify', {}))) this.app.tell('The store is being verified.');
  }
}

customElements.define('capstan-system', System);
