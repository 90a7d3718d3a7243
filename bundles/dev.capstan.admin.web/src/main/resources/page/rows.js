/**
 * A long list of which only the visible rows exist. A row belongs to its item as long as both are in
 * sight, so that it can come, go and move where the list changes; otherwise it is told to show
 * another one. Nothing is rebuilt while the list scrolls or its values change.
 */
import { h, mark } from './dom.js';

const SPARE = 6;
/** As long as rows take to come, go and move. */
const MOTION = 120;
const STEPS = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -Infinity, End: Infinity };

let rows = 0;

export class Rows extends HTMLElement {
  #items = [];
  #places = new Map();
  #total = 0;
  /** Rows in sight, by what they show. */
  #shown = new Map();
  #free = [];
  #space = h('div.space', { role: 'presentation' });
  #cursor = -1;
  #anchor = -1;
  #selected = new Set();
  /** Whether rows are being picked by their signs, one after another, as fingers do it. */
  picking = false;
  #frame = 0;
  #height = 44;
  /** The items before the last change, while their coming and going is to be seen. */
  #before = null;

  /** Makes an empty row: () => Element with a method show(item). */
  make;
  /** Called when rows are looked at that are not loaded: (index) => void. */
  want = () => {};

  connectedCallback() {
    if (this.#space.isConnected) return;
    this.append(this.#space);
    mark(this, 'tabindex', 0);
    mark(this, 'role', 'listbox');
    mark(this, 'aria-multiselectable', 'true');
    this.addEventListener('scroll', () => this.#soon(), { passive: true });
    this.addEventListener('keydown', (event) => { if (this.key(event)) { event.preventDefault(); event.stopPropagation(); } });
    this.addEventListener('click', (event) => this.#click(event));
    this.addEventListener('dblclick', () => this.#open());
    new ResizeObserver(() => this.#soon()).observe(this);
  }

  get items() { return this.#items; }
  get selected() { return [...this.#selected].map((id) => this.#items[this.#places.get(id)]).filter(Boolean); }
  get current() { return this.#items[this.#cursor] ?? null; }

  get height() { return this.#height; }
  set height(pixels) {
    if (this.#height === pixels) return;
    this.#height = pixels;
    this.#space.style.height = this.#total * pixels + 'px';
    this.#soon();
  }

  /**
   * Shows other items; what was selected and is still there stays selected.
   *
   * @param {boolean} gently whether it is the same list, a little later
   */
  set(items, total, gently) {
    const current = this.current?.id;
    this.#before = gently ? (this.#before ?? this.#places) : null;
    this.#items = items;
    this.#places = new Map(items.map((item, index) => [item.id, index]));
    this.#total = Math.max(total, items.length);
    this.#cursor = this.#places.get(current) ?? -1;
    for (const id of this.#selected) if (!this.#places.has(id)) this.#selected.delete(id);
    this.#space.style.height = this.#total * this.#height + 'px';
    this.#soon();
  }

  /** Shows new values of an item that is there. */
  update(item) {
    const index = this.#places.get(item.id);
    if (index === undefined) return;
    this.#items[index] = item;
    this.#shown.get(item.id)?.show(item);
  }

  select(ids) {
    this.picking = false;
    this.#selected = new Set(ids);
    this.#tell();
  }

  /** Does what a key means here; true if it means something. */
  key(event) {
    const by = STEPS[event.key];
    const command = event.ctrlKey || event.metaKey;
    if (event.altKey) return false;
    if (by && !command) {
      const next = Math.max(0, Math.min(this.#items.length - 1, this.#cursor + by));
      if (!this.#items[next]) return false;
      if (event.shiftKey) this.#extend(next, Math.max(0, this.#cursor));
      else this.#choose(next, false);
      this.#reveal(next);
    } else if (event.key === ' ' && this.#cursor >= 0) {
      this.#choose(this.#cursor, true);
    } else if (event.key === 'Enter') {
      this.#open();
    } else if (event.key === 'a' && command) {
      this.select(this.#items.map((item) => item.id));
    } else if (event.key === 'Escape' && this.#selected.size) {
      this.select([]);
    } else {
      return false;
    }
    return true;
  }

  /** Draws what is visible, in the next frame. */
  #soon() {
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  }

  #draw() {
    const first = Math.max(0, Math.floor(this.scrollTop / this.#height) - SPARE);
    const last = Math.min(this.#total, Math.ceil((this.scrollTop + this.clientHeight) / this.#height) + SPARE);
    const before = this.#before;
    this.#before = null;
    // A row that was somewhere else a moment ago must not be seen to fly: it moves from now on.
    for (const row of this.#shown.values()) row.classList.remove('placed');
    const wanted = new Map();
    for (let index = first; index < last; index++) wanted.set(this.#items[index]?.id ?? index, index);
    for (const [key, row] of this.#shown) {
      if (wanted.has(key)) continue;
      this.#shown.delete(key);
      if (before && !this.#places.has(key)) this.#leave(row);
      else this.#release(row);
    }
    this.#space.classList.toggle('moving', !!before);
    for (const [key, index] of wanted) {
      let row = this.#shown.get(key);
      if (!row) {
        row = this.#take();
        row.classList.toggle('enter', !!before && !before.has(key));
        row.classList.add('placed');
        this.#shown.set(key, row);
      }
      this.#place(row, index);
    }
    mark(this, 'aria-activedescendant', this.#shown.get(this.current?.id)?.id ?? null);
    if (last > this.#items.length) this.want(last - 1);
  }

  #place(row, index) {
    const item = this.#items[index];
    row.index = index;
    row.style.transform = `translateY(${index * this.#height}px)`;
    row.show(item);
    mark(row, 'aria-setsize', this.#total);
    mark(row, 'aria-posinset', index + 1);
    mark(row, 'aria-selected', !!item && this.#selected.has(item.id) ? 'true' : 'false');
    row.classList.toggle('current', index === this.#cursor);
  }

  #take() {
    const row = this.#free.pop() ?? this.#space.appendChild(this.make());
    if (!row.id) {
      row.id = 'row-' + ++rows;
      mark(row, 'role', 'option');
    }
    row.hidden = false;
    return row;
  }

  #release(row) {
    row.hidden = true;
    row.classList.remove('enter', 'leave');
    this.#free.push(row);
  }

  #leave(row) {
    row.classList.add('leave');
    setTimeout(() => this.#release(row), MOTION);
  }

  #click(event) {
    const row = event.target.closest('[role=option]');
    if (!row || !this.#items[row.index]) return;
    const command = event.ctrlKey || event.metaKey;
    if (!command && !event.shiftKey) this.picking = !!event.target.closest('.tick');
    if (event.shiftKey) this.#extend(row.index, row.index);
    else this.#choose(row.index, command || this.picking);
  }

  #choose(index, more) {
    const id = this.#items[index].id;
    this.picking &&= more;
    if (!more) this.#selected = new Set([id]);
    else if (!this.#selected.delete(id)) this.#selected.add(id);
    this.#cursor = this.#anchor = index;
    this.#tell();
  }

  #extend(index, from) {
    if (this.#anchor < 0) this.#anchor = from;
    this.#selected = new Set();
    for (let each = Math.min(this.#anchor, index); each <= Math.max(this.#anchor, index); each++) {
      if (this.#items[each]) this.#selected.add(this.#items[each].id);
    }
    this.#cursor = index;
    this.#tell();
  }

  #reveal(index) {
    const top = index * this.#height;
    if (top < this.scrollTop) this.scrollTop = top;
    else if (top + this.#height > this.scrollTop + this.clientHeight) this.scrollTop = top + this.#height - this.clientHeight;
  }

  #open() {
    if (this.current) this.dispatchEvent(new CustomEvent('open'));
  }

  #tell() {
    this.#soon();
    this.dispatchEvent(new CustomEvent('select'));
  }
}

customElements.define('capstan-rows', Rows);
