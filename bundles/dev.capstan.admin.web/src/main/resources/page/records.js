/** The shelf of etched records: a name, a link and a checksum, played in place. */
import { h, fill, icon, button, iconButton, say } from './dom.js';
import { bytes, clock, count } from './format.js';
import { get, post, remove, address, ApiError } from './api.js';
import { Page, heading } from './page.js';

const CIRCLE = 2 * Math.PI * 46;

class Records extends Page {
  #shelf = h('div');
  #player = h('audio', { controls: true, 'aria-label': 'Player' });
  #now = h('p.now');
  #deck = h('div.deck', { hidden: true, role: 'region', 'aria-label': 'Playing' }, this.#now, this.#player,
    iconButton('Stop playing', 'close', () => this.#stop()));

  get topics() { return ['record.etched', 'record.removed', 'content.evicted']; }

  connectedCallback() {
    super.connectedCallback();
    this.listen('downloads', ({ detail }) => {
      if ([...detail.changed.values()].some((each) => each.state === 'COMPLETED')) this.soon();
    });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop();
  }

  load() {
    return get('records', { limit: 200 });
  }

  failed(error) {
    if (!(error instanceof ApiError) || ![404, 503].includes(error.status)) return super.failed(error);
    fill(this, h('h1.unseen', {}, 'Records'), h('div.blank', {}, icon('records'), h('p', {}, 'This host has no shelf for records. Its feature “Records” brings one.'), h('a', { href: '#plugins' }, 'Plug-ins')));
  }

  render({ items }) {
    fill(this.#shelf, heading('Records', button('Etch', 'add', () => this.#etch(), { class: 'primary' })),
      items.length ? h('ul.shelf', {}, items.map((record) => this.#record(record)))
        : h('div.blank', {}, icon('records'), h('p', {}, 'The shelf is empty. A record is a name, a link and a checksum: it plays the same bytes anywhere.'),
          button('Etch a record', 'add', () => this.#etch(), { class: 'primary' })));
    // The player goes on playing, so it is not put in again.
    if (this.#deck.parentNode !== this) fill(this, this.#shelf, this.#deck);
  }

  #record(record) {
    const { tracks } = record;
    const length = tracks.reduce((sum, track) => sum + (track.duration ?? 0), 0);
    const size = tracks.reduce((sum, track) => sum + Math.max(0, track.size ?? 0), 0);
    const here = tracks.filter((track) => track.here).length / tracks.length;
    return h('li.record', {},
      h('button.cover', { type: 'button', 'aria-label': `Play ${record.name}`, data: { hue: hue(record.name) }, onclick: () => this.#play(record, 0) },
        h('span.initial', { 'aria-hidden': 'true' }, [...record.name][0].toUpperCase()), ring(here), icon('play')),
      h('h2', { title: record.name }, record.name),
      h('p.quiet', {}, [record.author, tracks.length > 1 ? count(tracks.length, 'track') : null, length ? clock(length) : null, size ? bytes(size) : null].filter(Boolean).join(' · ')),
      h('div.acts', {},
        here >= 1 ? h('span.here', {}, icon('done'), 'is here')
          : button('Fetch ahead', 'downloads', async () => { if (await this.app.run(() => post(`records/${record.id}/prefetch`))) this.app.tell(`“${record.name}” is fetched ahead.`); }),
        iconButton(`Remove ${record.name}`, 'remove', () => this.#remove(record))));
  }

  async #play(record, track) {
    const link = await this.app.run(() => post(`records/${record.id}/play`, { track }));
    if (!link) return;
    this.#deck.hidden = false;
    say(this.#now, record.tracks.length > 1 ? `${record.name} · ${record.tracks[track].title}` : record.name);
    this.#player.src = address(link.url);
    this.#player.onended = () => { if (track + 1 < record.tracks.length) this.#play(record, track + 1); };
    this.#player.onerror = () => this.app.tell(`“${record.name}” cannot be played: it may have changed behind its link.`, 'failed');
    await this.#player.play().catch(() => {});
  }

  #stop() {
    this.#player.onerror = null;
    this.#player.pause();
    this.#player.removeAttribute('src');
    this.#deck.hidden = true;
  }

  async #etch() {
    const name = h('input', { type: 'text', placeholder: 'Name', 'aria-label': 'Name', minlength: 3, maxlength: 200, required: true });
    const links = h('textarea', { rows: 3, placeholder: 'One link for each track', 'aria-label': 'Links', spellcheck: 'false', required: true });
    const answer = await this.app.ask({ title: 'Etch a record', body: h('div.fields', {}, name, links), actions: [{ word: 'Etch', value: 'yes' }] });
    if (!answer) return;
    this.app.tell(`“${name.value}” is fetched, then etched.`);
    // Waited for beside the page, since what is no media is known only when it is here.
    const result = await this.app.run(() => post('records', { name: name.value.trim(), urls: links.value.split(/\s+/).filter(Boolean), wait: 60 }));
    if (result?.tracks) this.app.tell(`“${name.value}” is etched.`);
  }

  async #remove(record) {
    const answer = await this.app.ask({ title: `Remove “${record.name}”?`, text: 'Its bytes stay in the store as long as there is room.', actions: [{ word: 'Remove', value: 'yes' }] });
    if (!answer) return;
    await this.app.run(() => remove(`records/${record.id}`));
    this.refresh();
  }
}

/** How much of it is here, as a ring around its initial. */
function ring(share) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 100 100');
  svg.setAttribute('class', 'ring');
  svg.setAttribute('aria-hidden', 'true');
  for (const part of [1, share]) {
    const circle = document.createElementNS('http://www.w3.org/2000/svg', 'circle');
    for (const [key, value] of Object.entries({ cx: 50, cy: 50, r: 46, 'stroke-dasharray': `${part * CIRCLE} ${CIRCLE}` })) circle.setAttribute(key, value);
    svg.append(circle);
  }
  return svg;
}

/** One of the shelf's few colours, always the same for a name. */
function hue(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return sum % 5;
}

customElements.define('capstan-records', Records);
