/** What the smaller pages share: load, show, say what is missing; load again when the host says so. */
import { h, fill, button } from './dom.js';

/** Things that change quickly are shown at most so often. */
const PAUSE = 1_000;

export class Page extends HTMLElement {
  app;
  #off = new AbortController();
  #late = null;

  /** Event types after which the page loads again. */
  get topics() { return []; }

  begin(app) {
    this.app = app;
    return this;
  }

  connectedCallback() {
    this.#off = new AbortController();
    for (const topic of [...this.topics, 'reload']) {
      this.app.live.addEventListener(topic, () => this.soon(), { signal: this.#off.signal });
    }
    this.refresh();
  }

  disconnectedCallback() {
    this.#off.abort();
    clearTimeout(this.#late);
    this.#late = null;
  }

  /** Listens for as long as the page is shown. */
  listen(topic, action) {
    this.app.live.addEventListener(topic, action, { signal: this.#off.signal });
  }

  /** Loads and shows; what fails is said in place of the page. */
  async refresh() {
    try {
      const value = await this.load();
      if (this.isConnected) this.#show(() => this.render(value));
    } catch (error) {
      if (!this.isConnected) return;
      // What was seen stays to be seen while the connection is gone: the top line says so.
      if (!error.status && this.firstChild) return;
      this.failed(error);
    }
  }

  failed(error) {
    fill(this, h('div.blank', {}, h('p', {}, error.message), button('Try again', 'retry', () => this.refresh())));
  }

  soon() {
    this.#late ??= setTimeout(() => {
      this.#late = null;
      this.refresh();
    }, PAUSE);
  }

  /** What was open stays open, and the focus on what it was on, by its label, where that is there again. */
  #show(render) {
    const label = this.querySelector(':focus')?.getAttribute('aria-label');
    const open = new Map([...this.querySelectorAll('details[data-key]')].map((each) => [each.dataset.key, each.open]));
    render();
    for (const each of this.querySelectorAll('details[data-key]')) each.open = open.get(each.dataset.key) ?? each.open;
    if (label) this.querySelector(`[aria-label="${CSS.escape(label)}"]`)?.focus();
  }
}

/** A page's heading with what can be done on it. */
export function heading(title, ...actions) {
  return h('div.heading', {}, h('h1', {}, title), h('div.tools', {}, actions));
}

/** A bar of progress, with its share for those who do not see it. */
export function bar(label, part, whole, tone = 'active') {
  const share = whole > 0 ? Math.min(1, part / whole) : 0;
  const inner = h('span.fill');
  inner.style.transform = `scaleX(${share.toFixed(4)})`;
  return h('span.track', { data: { tone }, role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': Math.floor(share * 100) }, inner);
}
