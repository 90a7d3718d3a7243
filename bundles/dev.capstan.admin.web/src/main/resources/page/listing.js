/**
 * One view of the list of downloads: the pages that were loaded, in the order of their sort key,
 * with what changes meanwhile worked in. The host's cursors are positions in that order, so that a
 * row may come twice; ids merge.
 */
import { get } from './api.js';

const PAGE = 200;

const KEYS = {
  added: (each) => each.added,
  name: (each) => (each.name ?? each.url).toLowerCase(),
  size: (each) => each.size ?? -1,
  priority: (each) => each.priority,
};

/** "change" is told when a page came or could not; its detail says whether the list is a new one. */
export class Listing extends EventTarget {
  items = [];
  total = 0;
  loaded = false;
  failed = null;

  #live;
  #query;
  #next = null;
  /** What changed while a page was on its way; null while none is. */
  #meanwhile = null;
  #abort = new AbortController();
  #wanted = 0;

  /**
   * @param {Live} live learns what is loaded
   * @param {{states: string[], q: string, sort: string, order: string}} query
   */
  constructor(live, query) {
    super();
    this.#live = live;
    this.#query = query;
  }

  /** Loads it from the beginning, as far as it was loaded before. */
  async load() {
    const goal = Math.max(this.#wanted, this.items.length - 1);
    await this.#fetch([], null, goal);
  }

  /** Loads on until a row is there. */
  async want(index) {
    this.#wanted = Math.max(this.#wanted, index);
    if (this.#next) await this.#fetch(this.items, this.#next, this.#wanted);
  }

  close() {
    this.#abort.abort();
  }

  /** Works in what changed; true if rows came, went or moved. */
  merge(changed, removed) {
    for (const [id, each] of changed) this.#meanwhile?.changed.set(id, each);
    for (const id of removed) this.#meanwhile?.removed.add(id);
    const gone = new Set(removed);
    const come = [];
    const places = new Map(this.items.map((each, index) => [each.id, index]));
    const key = KEYS[this.#query.sort];
    for (const each of changed.values()) {
      const place = places.get(each.id);
      if (!this.#fits(each)) {
        if (place !== undefined) gone.add(each.id);
      } else if (place === undefined) {
        come.push(each);
      } else if (key(this.items[place]) !== key(each)) {
        gone.add(each.id);
        come.push(each);
      } else {
        this.items[place] = each;
      }
    }
    const before = this.items.length;
    if (gone.size) this.items = this.items.filter((each) => !gone.has(each.id));
    this.total -= before - this.items.length;
    for (const each of come) {
      this.total++;
      const place = this.#place(each);
      // What belongs behind the loaded part comes with its page.
      if (place < this.items.length || !this.#next) this.items.splice(place, 0, each);
    }
    return come.length > 0 || this.items.length !== before;
  }

  /** Adds page after page to some rows until one is there; then they are the list. */
  async #fetch(begun, cursor, goal) {
    if (this.#meanwhile) return;
    this.#meanwhile = { changed: new Map(), removed: new Set() };
    let items = begun;
    let next = cursor;
    let total = 0;
    try {
      do {
        const page = await this.#page(next);
        const known = new Set(items.map((each) => each.id));
        items = [...items, ...this.#live.learn(page.items.filter((each) => !known.has(each.id)))];
        next = page.next ?? null;
        total = page.total;
        this.#live.counts = page.counts;
      } while (next && items.length <= goal);
      this.failed = null;
    } catch (error) {
      if (error.name === 'AbortError') return;
      this.failed = error;
      next = null;
    }
    const { changed, removed } = this.#meanwhile;
    this.#meanwhile = null;
    this.#next = next;
    this.items = items;
    this.total = next ? Math.max(total, items.length) : items.length;
    this.merge(new Map([...items, ...changed.values()].map((each) => [each.id, this.#live.downloads.get(each.id) ?? each])), removed);
    const again = this.loaded;
    this.loaded = true;
    this.dispatchEvent(new CustomEvent('change', { detail: again }));
    if (this.#next && this.items.length <= this.#wanted) await this.want(this.#wanted);
  }

  #page(cursor) {
    const { states, q, sort, order } = this.#query;
    return get('downloads', { state: states, q, sort, order, limit: PAGE, cursor }, this.#abort.signal);
  }

  #fits(each) {
    const q = this.#query.q.toLowerCase();
    return this.#query.states.includes(each.state)
      && (!q || `${each.name ?? ''}\n${each.url}`.toLowerCase().includes(q));
  }

  #place(item) {
    const key = KEYS[this.#query.sort];
    const sign = this.#query.order === 'asc' ? 1 : -1;
    const behind = (one, other) => {
      const a = key(one);
      const b = key(other);
      return a === b ? (one.id > other.id ? sign : -sign) : a > b ? sign : -sign;
    };
    let low = 0;
    let high = this.items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (behind(item, this.items[middle]) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
