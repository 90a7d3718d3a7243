/** The page of downloads: tabs, filter, the list, and what can be done with what is selected. */
import { h, fill, icon, say, mark, button, iconButton } from './dom.js';
import { count } from './format.js';
import { ACTIVE, WAITING, FINISHED, FAILED } from './live.js';
import { Listing } from './listing.js';
import { title, moves, MOVES } from './words.js';
import { post, remove } from './api.js';
import { row } from './row.js';
import './rows.js';
import './detail.js';

const TABS = [
  { id: 'active', word: 'Active', states: ACTIVE, order: 'desc', empty: 'Nothing is being downloaded.' },
  { id: 'waiting', word: 'Waiting', states: WAITING, order: 'asc', empty: 'Nothing waits.' },
  { id: 'finished', word: 'Finished', states: FINISHED, order: 'desc', empty: 'Nothing is finished yet.' },
  { id: 'failed', word: 'Failed', states: FAILED, order: 'desc', empty: 'Nothing failed.' },
];

const SORTS = { added: 'Added', name: 'Name', size: 'Size', priority: 'Priority' };
const DIRECTIONS = { asc: 'Smallest or first on top', desc: 'Largest or latest on top' };

/** A list narrower than this has no columns, and so taller rows. */
const NARROW = 560;
/** Typing rests this long before the list is asked for. */
const REST = 120;

class Downloads extends HTMLElement {
  #app;
  #live;
  #tab = TABS[0];
  #q = '';
  #sort = 'added';
  #order = null;
  #listing = null;
  #rows = document.createElement('capstan-rows');
  #detail = document.createElement('capstan-detail');
  #tabs = h('div.tabs', { role: 'tablist', 'aria-label': 'Downloads by state' });
  #tools = h('div.tools');
  #turn = iconButton('', 'descending', () => { this.#order = this.#direction() === 'asc' ? 'desc' : 'asc'; this.#load(); });
  #chosen = h('div.chosen', { role: 'toolbar', 'aria-label': 'Selected downloads', hidden: true });
  #pane = h('div.pane', { id: 'downloads-list', role: 'tabpanel' });
  #blank = h('div.blank', { hidden: true });
  #filter;
  #timer;
  #off = new AbortController();

  /** Called once, before the element is put on the page. */
  begin(app) {
    this.#app = app;
    this.#live = app.live;
    this.#rows.make = row;
    this.#rows.want = (index) => this.#listing.want(index);
    mark(this.#rows, 'aria-label', 'Downloads');
    this.#filter = h('input.filter', {
      type: 'search', placeholder: 'Filter', 'aria-label': 'Filter by name or link', autocomplete: 'off', spellcheck: 'false',
      oninput: () => this.#later(),
      onkeydown: (event) => { if (event.key === 'Escape') this.#unfilter(); },
    });
    const sort = h('select.sort', { 'aria-label': 'Sort by', onchange: () => { this.#sort = sort.value; this.#order = null; this.#load(); } },
      Object.entries(SORTS).map(([key, word]) => h('option', { value: key }, word)));
    fill(this.#tools, h('label.search', {}, icon('search'), this.#filter), sort, this.#turn,
      button('Add', 'add', () => app.add(), { class: 'primary' }));
    for (const tab of TABS) {
      tab.button = h('button.tab', { type: 'button', role: 'tab', id: 'tab-' + tab.id, 'aria-controls': 'downloads-list', onclick: () => this.show(tab.id) },
        h('span', {}, tab.word), h('span.count', {}, ''));
      this.#tabs.append(tab.button);
    }
    this.#pane.append(this.#rows, this.#blank, this.#chosen);
    this.append(h('h1.unseen', {}, 'Downloads'), h('div.bar', {}, this.#tabs, this.#tools), h('div.split', {}, this.#pane, this.#detail));
    this.#rows.addEventListener('select', () => this.#select());
    this.#rows.addEventListener('open', () => this.#detail.focusInside());
    this.#detail.begin(app, (item) => this.#buttons([item]));
    this.#detail.addEventListener('close', () => { this.#rows.select([]); this.#rows.focus(); });
    this.#tabs.addEventListener('keydown', (event) => this.#turnTabs(event));
    new ResizeObserver(() => this.#fit()).observe(this.#pane);
    return this;
  }

  connectedCallback() {
    const signal = this.#off.signal;
    this.#live.addEventListener('downloads', (event) => this.#merge(event.detail), { signal });
    this.#live.addEventListener('reload', () => this.#listing?.load(), { signal });
    this.#live.addEventListener('stats', () => this.#counts(), { signal });
    this.#live.addEventListener('second', () => this.#wait(), { signal });
    this.#fit();
    this.show(this.#tab.id);
  }

  disconnectedCallback() {
    this.#off.abort();
    this.#off = new AbortController();
    this.#listing?.close();
  }

  /** Goes to a tab. */
  show(id) {
    this.#tab = TABS.find((tab) => tab.id === id) ?? TABS[0];
    this.#order = null;
    for (const tab of TABS) {
      const here = tab === this.#tab;
      mark(tab.button, 'aria-selected', String(here));
      mark(tab.button, 'tabindex', here ? 0 : -1);
    }
    mark(this.#pane, 'aria-labelledby', this.#tab.button.id);
    this.#rows.select([]);
    this.#rows.set([], 0, false);
    this.#rows.scrollTop = 0;
    this.#load();
  }

  filter() {
    this.#filter.focus();
  }

  /** Does what a key means on this page, wherever the focus is; true if it means something. */
  key(event) {
    const items = this.#meant();
    if (event.key === 'p' && items.length) {
      this.#command(items.some((item) => moves(item).includes('pause')) ? 'pause' : 'resume', items);
    } else if (event.key === 'r' && items.length) {
      this.#command('retry', items);
    } else if (event.key === 'Delete' && items.length) {
      this.#remove(items);
    } else if (['j', 'k', 'Escape'].includes(event.key)) {
      this.#rows.focus({ preventScroll: true });
      return this.#rows.key(event);
    } else {
      return false;
    }
    return true;
  }

  #fit() {
    const narrow = this.#pane.clientWidth < NARROW;
    this.#pane.classList.toggle('narrow', narrow);
    this.#pane.classList.toggle('compact', !narrow && this.#app.compact);
    this.#rows.height = narrow ? 60 : this.#app.compact ? 32 : 44;
  }

  #direction() {
    return this.#order ?? (this.#sort === 'added' ? this.#tab.order : this.#sort === 'name' ? 'asc' : 'desc');
  }

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => { this.#q = this.#filter.value.trim(); this.#load(); }, REST);
  }

  #unfilter() {
    this.#filter.value = '';
    this.#later();
    this.#rows.focus();
  }

  #load() {
    this.#listing?.close();
    const listing = new Listing(this.#live, {
      states: this.#tab.states, q: this.#q, sort: this.#sort, order: this.#direction(),
    });
    listing.addEventListener('change', (event) => { if (listing === this.#listing) this.#paint(event.detail); });
    this.#listing = listing;
    const direction = this.#direction();
    fill(this.#turn, icon(direction === 'asc' ? 'ascending' : 'descending'));
    mark(this.#turn, 'aria-label', DIRECTIONS[direction] + '; turn round');
    this.#turn.title = DIRECTIONS[direction];
    listing.load();
  }

  #merge({ changed, removed }) {
    if (this.#listing.merge(changed, removed)) this.#paint(true);
    else for (const each of changed.values()) this.#rows.update(each);
    this.#detail.changed(changed, removed);
    this.#counts();
  }

  /** Waits count down. */
  #wait() {
    if (this.#tab.id !== 'waiting') return;
    for (const each of this.#listing.items) if (each.waitUntil) this.#rows.update(each);
  }

  #paint(gently) {
    const { items, total, failed, loaded } = this.#listing;
    this.#rows.set(items, total, gently);
    this.#counts();
    this.#select(true);
    const empty = total === 0 && (loaded || failed);
    this.#blank.hidden = !empty;
    this.#rows.hidden = empty;
    if (!empty) return;
    if (failed) {
      fill(this.#blank, h('p', {}, 'The list could not be loaded. ' + failed.message), button('Try again', 'retry', () => this.#listing.load()));
    } else if (this.#q) {
      fill(this.#blank, h('p', {}, `Nothing here has “${this.#q}” in its name or link.`), button('Show all', null, () => this.#unfilter()));
    } else {
      fill(this.#blank, h('p', {}, this.#tab.empty),
        this.#tab.id === 'active' ? [button('Add links', 'add', () => this.#app.add(), { class: 'primary' }), h('p.hint', {}, 'or paste them anywhere on this page')] : null);
    }
  }

  #counts() {
    for (const tab of TABS) {
      const number = tab.states.reduce((sum, state) => sum + (this.#live.counts[state] ?? 0), 0);
      say(tab.button.lastChild, number ? number.toLocaleString() : '');
    }
  }

  /** What a command is for: what is selected, or what the details are of. */
  #meant() {
    const { selected } = this.#rows;
    return selected.length || !this.#detail.item ? selected : [this.#detail.item];
  }

  /**
   * One that is selected has its buttons in its details; several, or what is picked, below the list. The
   * details stay where their download went to another tab by itself.
   */
  #select(byItself = false) {
    const items = this.#rows.selected;
    const alone = items.length === 1 && !this.#rows.picking;
    if (items.length || !byItself) this.#detail.show(alone ? items[0] : null);
    this.#chosen.hidden = alone || !items.length;
    if (this.#chosen.hidden) return;
    const shown = items.map((item) => item.id + item.state).join();
    if (this.#chosen.dataset.shown === shown) return;
    this.#chosen.dataset.shown = shown;
    fill(this.#chosen, h('span.many', {}, count(items.length, 'selected', 'selected')), this.#buttons(items),
      iconButton('Select nothing', 'close', () => this.#rows.select([])));
  }

  #buttons(items) {
    const can = new Map();
    for (const item of items) for (const move of moves(item)) can.set(move, (can.get(move) ?? 0) + 1);
    const label = (word, number) => (items.length > 1 ? `${word} ${number.toLocaleString()}` : word);
    return [
      ...Object.entries(MOVES).filter(([move]) => can.has(move)).map(([move, { word, shape }]) =>
        button(label(word, can.get(move)), shape, () => this.#command(move, items))),
      button(label('Remove', items.length), 'remove', () => this.#remove(items)),
    ];
  }

  async #command(move, items) {
    const legal = items.filter((item) => moves(item).includes(move));
    await this.#app.each(legal, async (item) => this.#live.hear(await post(`downloads/${item.id}/${move}`)));
  }

  async #remove(items) {
    const placed = items.filter((item) => item.path).length;
    const answer = await this.#app.ask({
      title: items.length === 1 ? `Remove “${title(items[0])}”?` : `Remove ${count(items.length, 'download')}?`,
      text: placed ? 'The downloaded files can stay where they are.' : 'What was fetched so far is dropped.',
      actions: [{ word: 'Remove', value: 'keep' }, placed && { word: placed === 1 ? 'Remove with file' : 'Remove with files', value: 'files', danger: true }],
    });
    if (!answer) return;
    await this.#app.each(items, (item) => remove(`downloads/${item.id}`, answer === 'files' ? { files: true } : {}));
    this.#rows.focus();
  }

  #turnTabs(event) {
    const by = { ArrowRight: 1, ArrowLeft: TABS.length - 1 }[event.key];
    if (!by) return;
    this.show(TABS[(TABS.indexOf(this.#tab) + by) % TABS.length].id);
    this.#tab.button.focus();
    event.preventDefault();
  }
}

customElements.define('capstan-downloads', Downloads);
