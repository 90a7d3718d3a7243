/** The frame around the pages: navigation, the line of figures at the top, keys, words to the user. */
import { h, fill, icon, say, mark, button } from './dom.js';
import { bytes, speed, duration, count } from './format.js';
import { Live, ACTIVE, WAITING, SHORT } from './live.js';
import { takeToken, useToken, forgetToken, get } from './api.js';
import { line } from './charts.js';
import { title as called } from './words.js';
import { openAdd, looksLikeLinks } from './add.js';
import './downloads.js';
import './batches.js';
import './records.js';
import './rooms.js';
import './hosts.js';
import './plugins.js';
import './system.js';

const PAGES = [
  { id: 'downloads', word: 'Downloads' },
  { id: 'batches', word: 'Batches' },
  { id: 'records', word: 'Records' },
  { id: 'rooms', word: 'Rooms' },
  { id: 'hosts', word: 'Hosts' },
  { id: 'plugins', word: 'Plug-ins' },
  { id: 'system', word: 'System' },
];

const KEYS = [
  ['a', 'Add links'], ['/', 'Filter'], ['j k', 'Next and previous row'], ['Space', 'Select this row too, or not'],
  ['Enter', 'Go to its details'], ['p', 'Pause or resume'], ['r', 'Try again'], ['Del', 'Remove'],
  ['1 – 7', 'Go to a page'], ['Esc', 'Select nothing, close'], ['?', 'This list'],
];

/** How long a word to the user stays. */
const LONG = 6_000;
/** A file that is longer is no list of links. */
const MOST_TEXT = 1_000_000;

/**
 * The whole page. Attributes: "embedded" where it is part of another page, which has a navigation of
 * its own, so that the pages are a row of links; "page" where it shows one page only; "token" for a
 * token that the page around was given.
 */
class App extends HTMLElement {
  live = new Live();
  /** Where dialogs go: the element that holds the styles. */
  top;
  compact = localStorage.getItem('capstan.compact') === 'yes';

  #page = null;
  #states = new Map();
  #main = h('main', { id: 'main', tabindex: -1 });
  #toasts = h('div.toasts', { role: 'status' });
  #voice = h('div.unseen', { 'aria-live': 'polite' });
  #pace = h('b.pace');
  #spark = h('canvas.spark', { 'aria-hidden': 'true' });
  #tally = h('span.tally');
  #space = h('span.free');
  #link = h('span.link', { role: 'status' });
  #rail = h('nav.rail', { 'aria-label': 'Pages' });

  connectedCallback() {
    if (this.top) return;
    const root = this.attachShadow({ mode: 'open' });
    const style = h('link', { rel: 'stylesheet', href: new URL('style.css', import.meta.url).href });
    this.top = h('div.app');
    root.append(style, this.top);
    style.addEventListener('load', () => this.top.classList.add('ready'));
    // A link with a token that is opened where the page is already.
    addEventListener('hashchange', () => { if (location.hash.startsWith('#token=')) location.reload(); });
    if (takeToken(this.getAttribute('token'))) this.#open();
    else this.#ask();
  }

  disconnectedCallback() {
    this.live.stop();
  }

  #open() {
    const only = this.getAttribute('page');
    this.top.classList.toggle('embedded', this.hasAttribute('embedded') || !!only);
    for (const page of PAGES) {
      page.link = h('a', { href: '#' + page.id }, icon(page.id), h('span', {}, page.word));
      this.#rail.append(page.link);
    }
    fill(this.top,
      h('header.top', {}, button('Skip to the page', null, () => this.#main.focus(), { class: 'skip' }), h('div.speed', {}, this.#pace, this.#spark), this.#tally, this.#space, this.#link),
      only ? null : this.#rail, this.#main, this.#toasts, this.#voice);
    addEventListener('hashchange', () => this.#route(location.hash.slice(1)));
    this.top.addEventListener('click', (event) => this.#follow(event));
    document.addEventListener('keydown', (event) => this.#key(event));
    document.addEventListener('paste', (event) => this.#paste(event));
    this.addEventListener('dragover', (event) => event.preventDefault());
    this.addEventListener('drop', (event) => this.#drop(event));
    this.live.addEventListener('second', () => this.#figures());
    this.live.addEventListener('stats', () => this.#figures());
    this.live.addEventListener('link', () => this.#connection());
    this.live.addEventListener('refused', () => { forgetToken(); location.reload(); });
    this.live.addEventListener('downloads', (event) => {
      this.#counts();
      this.#announce(event.detail.changed);
    });
    this.live.start();
    this.#route(location.hash.slice(1));
    this.#figures();
  }

  /** Inside another page the address is that page's. */
  #follow(event) {
    const link = event.target.closest('a[href^="#"]');
    if (!link || !this.top.classList.contains('embedded')) return;
    event.preventDefault();
    this.#route(link.hash.slice(1));
  }

  #go(id) {
    if (this.top.classList.contains('embedded')) this.#route(id);
    else location.hash = id;
  }

  #route(address) {
    const [id, ...rest] = (this.getAttribute('page') ?? address).split('/');
    const page = PAGES.find((each) => each.id === id) ?? PAGES[0];
    for (const each of PAGES) mark(each.link, 'aria-current', each === page ? 'page' : null);
    if (!this.top.classList.contains('embedded')) {
      document.title = page.id === 'downloads' ? 'Capstan' : page.word + ' · Capstan';
    }
    if (this.#page?.dataset.page !== page.id) {
      this.#page = document.createElement('capstan-' + page.id);
      this.#page.dataset.page = page.id;
      this.#page.begin(this);
      fill(this.#main, this.#page);
    }
    if (rest.length) this.#page.show?.(rest.join('/'));
  }

  #figures() {
    const { stats, speeds } = this.live;
    say(this.#pace, stats.speed > 0 ? speed(stats.speed) : 'Idle');
    line(this.#spark, speeds, { slots: SHORT });
    say(this.#space, stats.freeBytes >= 0 ? `${bytes(stats.freeBytes)} free` : '');
    this.#counts();
    this.#connection();
  }

  #counts() {
    const { counts } = this.live;
    const sum = (states) => states.reduce((all, state) => all + (counts[state] ?? 0), 0);
    const failed = counts.FAILED ?? 0;
    say(this.#tally, [`${sum(ACTIVE).toLocaleString()} active`, sum(WAITING) ? `${sum(WAITING).toLocaleString()} waiting` : null, failed ? `${failed.toLocaleString()} failed` : null].filter(Boolean).join(' · '));
  }

  #connection() {
    const lost = this.live.lostSince;
    this.top.classList.toggle('lost', lost !== null);
    const since = lost === null ? 0 : (Date.now() - lost) / 1000;
    say(this.#link, lost === null ? '' : since < 2 ? 'No connection' : `No connection for ${duration(since)}`);
  }

  /** Screen readers hear of what ended, and of nothing else. */
  #announce(changed) {
    for (const each of changed.values()) {
      const before = this.#states.get(each.id);
      this.#states.set(each.id, each.state);
      if (!before || before === each.state) continue;
      if (each.state === 'COMPLETED') say(this.#voice, `${called(each)} is finished.`);
      if (each.state === 'FAILED') say(this.#voice, `${called(each)} failed.`);
    }
  }

  #key(event) {
    const target = event.composedPath()[0];
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (target.closest?.('input, textarea, select, dialog, audio, video')) return;
    if (event.key === 'a') this.add();
    else if (event.key === '?') this.#help();
    else if (event.key === '/') this.#page.filter?.();
    else if (PAGES[event.key - 1] && !this.hasAttribute('page')) this.#go(PAGES[event.key - 1].id);
    else if (!this.#page.key?.(event)) return;
    event.preventDefault();
  }

  #paste(event) {
    if (event.composedPath()[0].closest?.('input, textarea, dialog')) return;
    const text = event.clipboardData.getData('text');
    if (looksLikeLinks(text)) this.add(text);
  }

  #drop(event) {
    event.preventDefault();
    if (this.top.querySelector('dialog')) return;
    const [file] = event.dataTransfer.files;
    const text = event.dataTransfer.getData('text/uri-list') || event.dataTransfer.getData('text');
    if (file) this.#take(file);
    else if (text) this.add(text);
  }

  /** A file that was dropped: that of a room, or a list of links. */
  async #take(file) {
    const text = file.size < MOST_TEXT ? await file.text() : '';
    if (file.name.endsWith('.json')) {
      this.#go('rooms');
      this.#route('rooms');
      this.#page.take?.(file);
    } else if (looksLikeLinks(text)) {
      this.add(text);
    } else {
      this.tell(`“${file.name}” is neither a room's file nor a list of links.`, 'failed');
    }
  }

  add(text) {
    openAdd(this, text);
  }

  #help() {
    this.ask({ title: 'Keys', body: h('dl.keys', {}, KEYS.map(([key, what]) => [h('dt', {}, h('kbd', {}, key)), h('dd', {}, what)])), actions: [], close: 'Close' });
  }

  /**
   * Asks a question.
   *
   * @param {(value: string) => Promise} [options.act] does what was chosen; what it refuses is said where it was asked
   * @returns {Promise<string|null>} the value of the action chosen, or null
   */
  ask({ title, text, body, actions, act, close = 'Cancel' }) {
    return new Promise((answer) => {
      const buttons = actions.filter(Boolean).map(({ word, value, danger }) =>
        button(word, null, null, { class: danger ? 'danger' : 'primary', type: 'submit', value }));
      const note = h('p.wrong', { hidden: true, role: 'alert' });
      const chosen = async (event) => {
        event.preventDefault();
        const value = event.submitter?.value ?? '';
        form.inert = true;
        try {
          if (value) await act?.(value);
          dialog.close(value);
        } catch (error) {
          form.inert = note.hidden = false;
          fill(note, icon('failed'), h('span', {}, error.message));
        }
      };
      const form = h('form', { method: 'dialog', onsubmit: chosen },
        h('h2', {}, title), text ? h('p', {}, text) : null, body, note,
        h('footer', {}, button(close, null, () => dialog.close('')), buttons));
      const dialog = h('dialog.ask', { 'aria-label': title }, form);
      dialog.addEventListener('close', () => { dialog.remove(); answer(dialog.returnValue || null); });
      this.top.append(dialog);
      dialog.showModal();
    });
  }

  /** Says something for a moment. */
  tell(text, kind = 'done') {
    const toast = h('div.toast', { data: { tone: kind } }, icon(kind === 'failed' ? 'failed' : 'done'), h('span', {}, text));
    this.#toasts.append(toast);
    setTimeout(() => toast.remove(), LONG);
  }

  /** Does something and says what went wrong; null then. */
  async run(action) {
    try {
      return (await action()) ?? {};
    } catch (error) {
      this.tell(error.message, 'failed');
      return null;
    }
  }

  /** Does something for each item, six at a time, and says how many failed and why the first did. */
  async each(items, action) {
    const errors = [];
    const queue = [...items];
    await Promise.all(Array.from({ length: Math.min(6, queue.length) }, async () => {
      for (let item = queue.shift(); item; item = queue.shift()) {
        await action(item).catch((error) => errors.push(error));
      }
    }));
    if (errors.length) this.tell(errors.length === 1 ? errors[0].message : `${count(errors.length, 'item')} refused. ${errors[0].message}`, 'failed');
  }

  /** Nobody is signed in here: asks for the token. */
  #ask() {
    const field = h('input', { type: 'password', 'aria-label': 'Token', autocomplete: 'off', placeholder: 'Token' });
    const keep = h('input', { type: 'checkbox', checked: true });
    const note = h('p.wrong', { hidden: true, role: 'alert' });
    const enter = async (event) => {
      event.preventDefault();
      useToken(field.value.trim(), keep.checked);
      try {
        await get('stats');
        this.#open();
      } catch (error) {
        forgetToken();
        note.hidden = false;
        say(note, error.status === 401 ? 'The host does not know this token.' : error.message);
      }
    };
    fill(this.top, h('main.door', {}, h('form', { onsubmit: enter }, h('h1', {}, 'Capstan'),
      h('p', {}, 'Paste the token that the host keeps in its data folder, in the file “token”, or open the link it shows on its terminal.'),
      field, h('label.check', {}, keep, 'Keep it in this browser'), note, h('button.primary', { type: 'submit' }, 'Open'))));
    field.focus();
  }
}

customElements.define('capstan-app', App);
