/** Members × pieces: a row for each member, a column for each piece, a cell that fills as it comes. */
import { h, fill, icon, say, mark } from './dom.js';
import { bytes, percent } from './format.js';

const WORDS = { NOT_STARTED: 'not begun', IN_PROGRESS: 'on its way', FINISHED: 'here', ERROR: 'failed' };
const SHAPES = { FINISHED: 'done', ERROR: 'cancel' };
/** Narrower cells have names that stand upright above them, and numbers without a sign. */
const NARROW = 64;
const WIDEST = 160;
const LEAST = 21;
const STEPS = { ArrowRight: [0, 1], ArrowLeft: [0, -1], ArrowDown: [1, 0], ArrowUp: [-1, 0], Home: [0, -Infinity], End: [0, Infinity] };

/** How much of a piece is here, from 0 to 1. */
export function share({ status, bytes: here, total }) {
  if (status === 'FINISHED') return 1;
  return total > 0 ? Math.min(1, here / total) : 0;
}

/** A matrix, told what to show again and again by its method show(room). */
export function matrix() {
  const table = h('table', { role: 'grid' });
  const told = h('p.told');
  const legend = h('ul.legend', { 'aria-hidden': 'true' }, Object.entries(WORDS).map(([status, word]) => {
    const sample = cell(status);
    sample.show({ status, bytes: 2, total: 5 }, '');
    return h('li', {}, sample.firstChild, word);
  }));
  const scroll = h('div.matrix', {}, table);
  const element = h('div', {}, scroll, h('div.beneath', {}, told, legend));
  const cells = new Map();
  const heads = new Map();
  let pieces = [];
  let at = null;

  element.show = (room) => {
    const users = ownFirst(room);
    const columns = [...new Set(users.flatMap((user) => Object.keys(room.members[user].pieces)))];
    const shape = JSON.stringify([users, columns]);
    if (table.dataset.shape !== shape) {
      table.dataset.shape = shape;
      pieces = columns;
      build(room, users);
      fit();
    }
    for (const user of users) {
      const { connected, pieces: states } = room.members[user];
      const here = Object.values(states).filter((piece) => piece.status === 'FINISHED').length;
      heads.get(user).show(connected, here, columns.length);
      for (const piece of columns) cells.get(user + '\n' + piece).show(states[piece] ?? { status: 'NOT_STARTED', bytes: 0, total: -1 });
    }
    if (at) say(told, at.says);
  };

  function build(room, users) {
    cells.clear();
    heads.clear();
    mark(table, 'aria-label', `Members and pieces of ${room.roomId}`);
    const row = (user) => {
      const head = member(user, user === room.user);
      heads.set(user, head);
      return h('tr', {}, head, head.count, pieces.map((piece) => {
        const made = cell(`${user}, ${piece}`);
        cells.set(user + '\n' + piece, made);
        return made;
      }));
    };
    fill(table,
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, h('span.unseen', {}, 'Member')), h('th', { scope: 'col' }, h('span.unseen', {}, 'Pieces that are here')),
        pieces.map((piece) => h('th', { scope: 'col', title: piece }, h('span', {}, piece))))),
      h('tbody', {}, users.map(row)));
    at = null;
    say(told, '');
    mark(table.querySelector('td.piece') ?? table, 'tabindex', 0);
  }

  function fit() {
    if (!scroll.clientWidth || !pieces.length) return;
    const [name, many] = table.rows[0].cells;
    const head = name.offsetWidth + many.offsetWidth;
    const width = Math.max(LEAST, Math.min(WIDEST, Math.floor((scroll.clientWidth - head) / pieces.length)));
    table.style.width = head + width * pieces.length + 'px';
    table.classList.toggle('dense', width < NARROW);
  }

  function point(target) {
    const found = target?.closest?.('td.piece');
    if (!found) return;
    at = found;
    say(told, at.says);
  }

  new ResizeObserver(fit).observe(scroll);
  table.addEventListener('pointerover', (event) => point(event.target));
  table.addEventListener('focusin', (event) => {
    for (const each of table.querySelectorAll('td[tabindex="0"]')) mark(each, 'tabindex', -1);
    mark(event.target, 'tabindex', 0);
    point(event.target);
  });
  table.addEventListener('keydown', (event) => {
    const step = STEPS[event.key];
    const here = event.target.closest('td.piece');
    if (!step || !here) return;
    const rows = [...table.tBodies[0].rows];
    const row = clamp(rows.indexOf(here.parentNode) + step[0], rows.length);
    const column = clamp(here.cellIndex - 2 + step[1], pieces.length);
    rows[row].cells[column + 2].focus();
    event.preventDefault();
    event.stopPropagation();
  });
  return element;
}

function clamp(index, length) {
  return Math.max(0, Math.min(length - 1, index));
}

/** Whoever looks sees the own row on top. */
function ownFirst(room) {
  const users = Object.keys(room.members);
  return [room.user, ...users.filter((user) => user !== room.user)].filter((user) => room.members[user]);
}

/** A row's head: presence, name, and how many pieces are there. */
function member(user, isOwn) {
  const dot = h('span.dot');
  const presence = h('span.unseen');
  const head = h('th', { scope: 'row', title: user }, h('span.who', {}, dot, h('span.name', {}, user), isOwn ? h('span.you', {}, 'you') : null, presence));
  head.count = h('td.many');
  head.show = (connected, here, all) => {
    dot.dataset.tone = connected ? 'done' : 'quiet';
    head.classList.toggle('away', !connected);
    say(presence, connected ? ', is here' : ', is away');
    say(head.count, `${here.toLocaleString()} of ${all.toLocaleString()}`);
  };
  return head;
}

/** A cell: empty, filling with its percent, ticked, or crossed; never told apart by colour alone. */
function cell(name) {
  const level = h('span.level');
  const text = h('span.digits');
  const box = h('span.cell', {}, level, text);
  const td = h('td.piece', { tabindex: -1 }, box);
  td.says = '';
  td.show = (piece) => {
    const part = share(piece);
    const isMoving = piece.status === 'IN_PROGRESS';
    if (box.dataset.status !== piece.status) {
      box.dataset.status = piece.status;
      fill(text, SHAPES[piece.status] ? icon(SHAPES[piece.status]) : null);
    }
    // How much there is to come is not always known.
    if (isMoving) say(text, piece.total > 0 ? percent(piece.bytes, piece.total).replace(/\D+$/, '') : '…');
    text.classList.toggle('part-known', isMoving && piece.total > 0);
    const place = `translateY(${(100 - 100 * (isMoving ? part : 0)).toFixed(1)}%)`;
    if (level.style.transform !== place) level.style.transform = place;
    const whole = piece.total > 0 ? bytes(piece.total) : '';
    const much = isMoving ? (whole ? `, ${percent(piece.bytes, piece.total)} of ${whole}` : `, ${bytes(piece.bytes)} so far`) : whole && `, ${whole}`;
    td.says = `${name}: ${WORDS[piece.status]}${much}${piece.error ? `. ${piece.error}` : ''}`;
    mark(td, 'aria-label', td.says);
  };
  return td;
}
