/** Rooms: who has which piece, as a matrix that fills while they fetch. */
import { h, fill, icon, button } from './dom.js';
import { get, ApiError } from './api.js';
import { Page, heading } from './page.js';
import { openJoin } from './join.js';
import { panel } from './room.js';

class Rooms extends Page {
  /** What is known of each room, by its id. */
  #rooms = new Map();
  #panels = new Map();
  #list = h('div.rooms');
  #frame = 0;

  connectedCallback() {
    super.connectedCallback();
    for (const topic of ['room.member', 'room.piece', 'room.finished', 'room.closed']) {
      this.listen(topic, ({ detail }) => this.#hear(detail.room));
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  load() {
    return get('rooms');
  }

  failed(error) {
    if (!(error instanceof ApiError) || ![404, 503].includes(error.status)) return super.failed(error);
    fill(this, h('h1.unseen', {}, 'Rooms'), h('div.blank', {}, icon('rooms'),
      h('p', {}, 'In a room several people fetch the same pieces and see who has what. This host has no rooms yet: its feature “Rooms” brings them.'),
      h('a', { href: '#plugins' }, 'Plug-ins')));
  }

  render({ items }) {
    this.#rooms = new Map(items.map((room) => [room.roomId, room]));
    if (!this.#list.isConnected || !items.length) {
      fill(this, heading('Rooms', button('Join', 'add', () => this.take(), { class: 'primary' })), items.length ? this.#list
        : h('div.blank', {}, icon('rooms'), h('p', {}, 'You are in no room. Join one with the file its maker gave you, or drop that file here.'),
          h('p.hint', {}, 'A maker needs your key first: “capstan room identity NAME” tells it.')));
    }
    this.#paint();
  }

  /** Joins with a room file, one that is to be chosen if none is given. */
  take(file) {
    openJoin(this.app, file, () => this.refresh());
  }

  /** An event tells all of a room; one that is new has its place in the list, so that is asked for. */
  #hear(room) {
    if (!this.#rooms.has(room.roomId)) {
      this.soon();
      return;
    }
    this.#rooms.set(room.roomId, room);
    // Many pieces move at once; a hidden page gets no frames.
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
    });
  }

  #paint() {
    for (const [id, each] of this.#panels) {
      if (this.#rooms.has(id)) continue;
      each.remove();
      this.#panels.delete(id);
    }
    [...this.#rooms.values()].forEach((room, place) => {
      const id = room.roomId;
      if (!this.#panels.has(id)) this.#panels.set(id, panel(this.app, room, place === 0, () => this.refresh()));
      const shown = this.#panels.get(id);
      // Only what is out of its place is put anew, since that takes the focus away.
      if (this.#list.children[place] !== shown) this.#list.insertBefore(shown, this.#list.children[place] ?? null);
      shown.show(room);
    });
  }
}

customElements.define('capstan-rooms', Rooms);
