/** Rooms: who has which piece, as a matrix that fills while they fetch. */
import { h, fill, icon, button } from './dom.js';
import { count } from './format.js';
import { get, post, remove, ApiError } from './api.js';
import { Page, heading } from './page.js';

class Rooms extends Page {
  get topics() { return ['room.member', 'room.piece', 'room.finished', 'room.closed']; }

  load() {
    return get('rooms');
  }

  failed(error) {
    if (!(error instanceof ApiError) || ![404, 503].includes(error.status)) return super.failed(error);
    fill(this, h('h1.unseen', {}, 'Rooms'), h('div.blank', {}, icon('rooms'),
      h('p', {}, 'In a room several people fetch the same pieces and see who has what. This host has no rooms yet: a plug-in brings them.'),
      h('a', { href: '#plugins' }, 'Plug-ins')));
  }

  render({ items }) {
    fill(this, heading('Rooms', button('Join', 'add', () => this.#join(), { class: 'primary' })),
      items.length ? items.map((room) => this.#room(room))
        : h('div.blank', {}, icon('rooms'), h('p', {}, 'You are in no room. Join one with the file its maker gave you.'), button('Join a room', 'add', () => this.#join(), { class: 'primary' })));
  }

  #room(room) {
    return h('section.panel', { 'aria-label': room.name },
      h('div.title', {}, h('h2', {}, room.name), h('span.state', { data: { tone: room.finished ? 'done' : 'active' } }, room.finished ? 'Everybody has everything' : count(room.members.length, 'member'))),
      h('div.matrix', { tabindex: 0, role: 'group', 'aria-label': `Pieces of ${room.name}` }, h('table', {},
        h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Piece'), room.members.map((member) => h('th', { scope: 'col' }, member.name)))),
        h('tbody', {}, room.pieces.map((piece) => h('tr', {}, h('th', { scope: 'row' }, piece.name, piece.mandatory ? '' : h('span.quiet', {}, ' optional')),
          room.members.map((member) => cell(room.progress?.[member.id]?.[piece.id] ?? 0))))))),
      h('div.acts', {}, button('Leave', 'close', async () => { await this.app.run(() => remove(`rooms/${room.id}`)); this.refresh(); })));
  }

  async #join() {
    const file = h('input', { type: 'file', accept: '.json,application/json', 'aria-label': 'Room file', required: true });
    const answer = await this.app.ask({ title: 'Join a room', text: 'Choose the room file its maker gave you.', body: h('div.fields', {}, file), actions: [{ word: 'Join', value: 'yes' }] });
    if (!answer || !file.files.length) return;
    const config = await this.app.run(async () => JSON.parse(await file.files[0].text()));
    if (config && await this.app.run(() => post('rooms/join', { config }))) this.refresh();
  }
}

function cell(share) {
  const whole = `${Math.floor(share * 100)} %`;
  const inner = h('span.fill');
  inner.style.transform = `scaleY(${share.toFixed(3)})`;
  return h('td', {}, h('span.cell', { data: { whole: share >= 1 ? 'yes' : 'no' }, title: whole }, inner), h('span.unseen', {}, whole));
}

customElements.define('capstan-rooms', Rooms);
