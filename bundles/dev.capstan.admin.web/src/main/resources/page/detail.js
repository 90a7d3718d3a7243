/** What is known of one download, beside the list: its bytes, its speed, its story. */
import { h, fill, say, button, iconButton, mark } from './dom.js';
import { bytes, speed, percent, duration, moment, relative } from './format.js';
import { get, post, patch, address } from './api.js';
import { line, map } from './charts.js';
import { SHORT } from './live.js';
import { title, standing, tone, advice } from './words.js';
import { limits } from './limits.js';

const FRESH = 1_000;
const OVER = ['COMPLETED', 'CANCELLED'];
const SEEN = /\.(mp4|m4v|webm|mkv|mov|ogv)$/i;

/** Events: "close". */
class Detail extends HTMLElement {
  #app;
  #actions;
  #id = null;
  #item = null;
  #full = null;
  #timer = null;
  #player = null;
  #parts = {};
  #limits = limits((read) => this.#change(read));

  /** @param {(item) => Element[]} actions the buttons for what can be done with it */
  begin(app, actions) {
    this.#app = app;
    this.#actions = actions;
    this.hidden = true;
    mark(this, 'role', 'complementary');
    mark(this, 'aria-label', 'Details');
    const part = (name, tag, ...rest) => (this.#parts[name] = h(tag, ...rest));
    this.append(
      h('header', {},
        h('div', {}, part('name', 'h2', { tabindex: -1 }), part('standing', 'p.standing')),
        iconButton('Close', 'close', () => this.dispatchEvent(new Event('close')))),
      h('div.scroll', { tabindex: 0, role: 'group', 'aria-label': 'Everything about it' },
        part('actions', 'div.actions'),
        part('advice', 'div.advice', { hidden: true }),
        part('play', 'div.play', { hidden: true }),
        part('figures', 'dl.figures'),
        part('mapBox', 'figure', {}, part('map', 'canvas.map', { role: 'img' }), part('legend', 'figcaption')),
        part('speedBox', 'figure', {}, part('speed', 'canvas.graph', { role: 'img', 'aria-label': 'Speed over the last minute' }), part('top', 'figcaption')),
        part('story', 'section.story', { hidden: true }),
        part('limits', 'details.choices', {}, h('summary', {}, 'Priority and limits'), h('div.grid', {}, this.#limits.fields)),
        part('facts', 'dl.facts')));
    app.live.addEventListener('second', () => { if (this.#item && this.isConnected) this.#graph(); });
  }

  /** Shows a download, or nothing. */
  show(item) {
    if (item?.id === this.#id) {
      if (item) this.#paint(item);
      return;
    }
    this.#id = item?.id ?? null;
    this.#item = null;
    this.#full = null;
    this.hidden = !item;
    clearTimeout(this.#timer);
    this.#stopPlaying();
    if (!item) return;
    this.#paint(item);
    this.#ask();
  }

  /** What is shown, as it was last heard of; null where nothing is. */
  get item() { return this.#item; }

  focusInside() {
    this.#parts.name.focus();
  }

  /** Hears of everything that changed. */
  changed(changed, removed) {
    if (this.#id === null) return;
    if (removed.has(this.#id)) this.dispatchEvent(new Event('close'));
    const item = changed.get(this.#id);
    if (item) this.#paint(item);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#stopPlaying();
  }

  /** The parts of the file come once a second while it moves, the rest when the state changes. */
  async #ask() {
    const id = this.#id;
    try {
      const full = await get('downloads/' + id);
      if (id !== this.#id) return;
      this.#full = full;
      this.#paint(this.#app.live.learn([full])[0]);
      // What was learnt may have closed it.
      if (id === this.#id && ['DOWNLOADING', 'STARTING'].includes(this.#item.state)) this.#askIn(FRESH);
    } catch (error) {
      if (id === this.#id && error.status !== 404) this.#askIn(3 * FRESH);
    }
  }

  #askIn(time) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), time);
  }

  #paint(item) {
    const before = this.#item?.state ?? null;
    this.#item = item;
    if (before !== item.state) {
      clearTimeout(this.#timer);
      if (before) this.#ask();
    }
    this.#act(item);
    const p = this.#parts;
    say(p.name, title(item));
    say(p.standing, standing(item));
    p.standing.dataset.tone = tone(item);
    this.#figures(item);
    this.#bytes(item);
    this.#graph();
    this.#advise(item);
    this.#story(item);
    p.limits.hidden = OVER.includes(item.state);
    this.#limits.show(item);
    this.#facts(item);
  }

  /** Takes effect at once; what the host refuses is as it was. */
  async #change(read) {
    const id = this.#id;
    const changed = await this.#app.run(() => patch('downloads/' + id, read()));
    if (id !== this.#id) return;
    this.#paint(changed ? this.#app.live.learn([changed])[0] : this.#item);
  }

  #act(item) {
    const box = this.#parts.actions;
    const shown = [item.state, item.playable, !!this.#player].join();
    if (box.dataset.shown === shown) return;
    box.dataset.shown = shown;
    fill(box, item.playable && !this.#player ? button('Play', 'play', () => this.#play(item)) : null, this.#actions(item));
  }

  #figures(item) {
    const moving = item.state === 'DOWNLOADING';
    const rows = [
      item.state !== 'COMPLETED' && (item.size > 0 || item.downloaded > 0) && ['Done', item.size ? percent(item.downloaded, item.size) : bytes(item.downloaded)],
      item.size >= 0 && ['Size', bytes(item.size)],
      moving && ['Speed', speed(item.speed)],
      moving && ['Left', duration(item.eta) || '–'],
      moving && ['Connections', String(item.connections ?? 0)],
    ].filter(Boolean);
    const list = this.#parts.figures;
    list.hidden = !rows.length;
    const names = rows.map(([name]) => name).join();
    if (list.dataset.names !== names) {
      list.dataset.names = names;
      fill(list, rows.map(([name]) => h('div', {}, h('dt', {}, name), h('dd'))));
    }
    rows.forEach(([, value], index) => say(list.children[index].lastChild, value));
  }

  #bytes(item) {
    const full = this.#full;
    const p = this.#parts;
    p.mapBox.hidden = !(item.size > 0) || item.state === 'COMPLETED' || !full?.ranges;
    if (p.mapBox.hidden) return;
    map(p.map, { size: item.size, ranges: full.ranges, segments: full.segments, demands: full.demands });
    const words = `${percent(item.downloaded, item.size)} of the file is here`;
    mark(p.map, 'aria-label', words);
    const parts = full.segments?.length ?? 0;
    say(p.legend, words + (parts > 1 ? `, ${parts} parts are under way.` : '.') + (full.demands?.length ? ' A player waits for the marked part.' : ''));
  }

  #graph() {
    const p = this.#parts;
    const values = this.#app.live.paces.get(this.#id) ?? [];
    p.speedBox.hidden = this.#item.state !== 'DOWNLOADING' || values.length < 2;
    if (p.speedBox.hidden) return;
    const top = line(p.speed, values, { slots: SHORT, grid: true });
    say(p.top, top > 0 ? `The last minute, up to ${speed(top)}` : 'Nothing came in the last minute');
  }

  #advise(item) {
    const said = advice(item);
    const reason = item.state === 'QUEUED' ? item.waitReason : null;
    const box = this.#parts.advice;
    const shown = JSON.stringify([said, reason, item.host]);
    if (box.dataset.shown === shown) return;
    box.dataset.shown = shown;
    box.hidden = !said && !reason;
    fill(box, reason ? h('p', {}, reason) : null, said ? h('p', {}, said.text) : null,
      said?.page ? h('a', { href: '#' + said.page }, said.word) : null);
  }

  /** What went wrong, as it went on: the first at the top. */
  #story(item) {
    const p = this.#parts;
    const history = item.errorHistory?.length ? item.errorHistory : item.error ? [{ ...item.error, timestamp: item.updated }] : [];
    const shown = JSON.stringify(history) + item.state;
    if (p.story.dataset.shown === shown) return;
    p.story.dataset.shown = shown;
    p.story.hidden = !history.length;
    const next = item.waitUntil && item.state === 'QUEUED' ? h('li', {}, h('time', { datetime: item.waitUntil }, moment(item.waitUntil)), h('span.quiet', {}, 'The next attempt.')) : null;
    const end = { COMPLETED: 'Finished all the same.', PAUSED: 'Paused.', CANCELLED: 'Cancelled.', DOWNLOADING: 'It went on.' }[item.state];
    fill(p.story, h('h3', {}, 'What happened'),
      h('ol', {}, history.map((each) => h('li', {},
        h('time', { datetime: each.timestamp, title: each.timestamp }, moment(each.timestamp)), h('span', {}, each.message))),
      end ? h('li', {}, h('time', { datetime: item.updated }, moment(item.updated)), h('span.quiet', {}, end)) : next));
  }

  #facts(item) {
    const rows = [
      ['Link', item.url],
      ['Host', item.host],
      ['Comes from', this.#full?.finalUrlHost],
      ['File', item.path],
      ['SHA-256', item.sha256],
      ['Batch', item.batch?.name],
      ['Folder', item.category],
      ['Added', moment(item.added)],
      item.completed && ['Finished', `${moment(item.completed)}, ${relative(item.completed)}`],
    ].filter((each) => each && each[1]);
    const shown = JSON.stringify(rows);
    if (this.#parts.facts.dataset.shown === shown) return;
    this.#parts.facts.dataset.shown = shown;
    fill(this.#parts.facts, rows.map(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
  }

  /** Plays in place, also what is still coming: the host sends what is asked for first. */
  async #play(item) {
    const link = await this.#app.run(() => post(`downloads/${item.id}/content-link`));
    if (!link || item.id !== this.#id) return;
    const isSeen = item.mediaType ? item.mediaType.startsWith('video/') : SEEN.test(item.name ?? '');
    this.#player = h(isSeen ? 'video' : 'audio', { controls: true, autoplay: true, src: address(link.url), 'aria-label': `Playing ${title(item)}` });
    this.#player.addEventListener('error', () => this.#app.tell(`“${title(item)}” cannot be played here. Another player can take its link: capstan play.`, 'failed'));
    this.#parts.play.hidden = false;
    fill(this.#parts.play, this.#player);
    this.#act(this.#item);
  }

  #stopPlaying() {
    this.#player?.pause();
    this.#player?.removeAttribute('src');
    this.#player?.load();
    this.#player = null;
    fill(this.#parts.play).hidden = true;
  }
}

customElements.define('capstan-detail', Detail);
