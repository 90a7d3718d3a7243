/** One room: how it stands, what is wrong in it, its matrix, and what came out of it. */
import { h, fill, icon, say, mark, button } from './dom.js';
import { count } from './format.js';
import { post, remove } from './api.js';
import { bar } from './page.js';
import { matrix, share } from './matrix.js';

const STATES = {
  CONNECTING: { word: 'Connecting', tone: 'waiting' },
  OPEN: { word: 'Open', tone: 'active' },
  FINISHED: { word: 'Everybody has everything', tone: 'done' },
  CLOSED: { word: 'You left', tone: 'quiet' },
  FAILED: { word: 'Failed', tone: 'failed' },
};
const RUNNING = ['CONNECTING', 'OPEN'];
/** Errors of others that are told before "and so many more". */
const FEW = 3;

/** A room's panel, told what to show again and again by its method show(room). */
export function panel(app, room, isOpen, changed) {
  const standing = h('span.state');
  const reason = h('p.reason');
  const track = h('div');
  const troubles = h('ul.troubles');
  const elsewhere = h('ul.troubles');
  const grid = matrix();
  const result = h('dl.facts');
  const folders = h('section.result', { 'aria-label': 'Folders' }, h('h3', {}, 'Where the pieces are'), result);
  const acts = h('div.acts');
  const element = h('details.room', { open: isOpen || RUNNING.includes(room.state) },
    h('summary', {}, icon('chevron'), h('h2', {}, room.roomId), standing),
    h('div.inside', {}, track, reason, troubles, grid, elsewhere, folders, acts));
  element.show = (now) => {
    const { word, tone } = STATES[now.state] ?? { word: now.state, tone: 'quiet' };
    const members = Object.values(now.members);
    const done = members.filter((each) => isDone(each)).length;
    standing.dataset.tone = tone;
    say(standing, now.state === 'OPEN' ? `${done.toLocaleString()} of ${count(members.length, 'member')} done` : word);
    reason.hidden = !now.reason;
    reason.dataset.tone = tone;
    say(reason, now.reason ?? '');
    progress(track, now, tone);
    trouble(troubles, elsewhere, app, now);
    grid.show(now);
    const placed = Object.entries(now.result ?? {});
    folders.hidden = !placed.length;
    anew(result, placed, () => placed.map(([piece, folder]) => [h('dt', { title: piece }, piece), h('dd', {}, folder)]));
    anew(acts, [RUNNING.includes(now.state)], () => (RUNNING.includes(now.state)
      ? button('Leave', 'close', () => leave(app, now, changed), { 'aria-label': `Leave ${now.roomId}` }) : null));
    acts.hidden = !RUNNING.includes(now.state);
  };
  return element;
}

/** Of all pieces of all members. */
function progress(box, room, tone) {
  const pieces = Object.values(room.members).flatMap((each) => Object.values(each.pieces));
  const part = pieces.reduce((sum, each) => sum + share(each), 0) / (pieces.length || 1);
  if (!box.firstChild || box.dataset.tone !== tone) {
    box.dataset.tone = tone;
    fill(box, bar(`Pieces of everybody in ${room.roomId}`, part, 1, tone));
    return;
  }
  box.firstChild.firstChild.style.transform = `scaleX(${part.toFixed(4)})`;
  mark(box.firstChild, 'aria-valuenow', Math.floor(part * 100));
}

/** What failed here, since that can be tried again, and what is odd; apart from it what failed elsewhere. */
function trouble(list, elsewhere, app, room) {
  const failed = Object.entries(room.members).flatMap(([user, member]) => Object.entries(member.pieces)
    .filter(([, piece]) => piece.status === 'ERROR').map(([piece, { error }]) => ({ user, piece, error: error ?? 'It failed.' })));
  const own = failed.filter((each) => each.user === room.user);
  const others = failed.filter((each) => each.user !== room.user);
  const warnings = room.warnings ?? [];
  list.hidden = !own.length && !warnings.length;
  anew(list, [own, warnings, room.state], () => [
    own.map(({ piece, error }) => h('li.wrong', {}, icon('failed'), h('p', {}, h('b', {}, piece), ' ', error),
      room.state === 'OPEN' ? button('Try again', 'retry', () => app.run(() => post(path(room, 'pieces', piece, 'retry'))), { 'aria-label': `Try ${piece} again` }) : null)),
    warnings.map((text) => h('li.odd', {}, icon('waiting'), h('p', {}, text))),
  ]);
  elsewhere.hidden = !others.length;
  anew(elsewhere, others, () => [
    others.slice(0, FEW).map(({ user, piece, error }) => h('li', {}, icon('failed'), h('p', {}, h('b', {}, `${user}: ${piece}`), ' ', error))),
    others.length > FEW ? h('li', {}, h('p.more', {}, `and ${(others.length - FEW).toLocaleString()} more, marked above`)) : null,
  ]);
}

function path(room, ...rest) {
  return ['rooms', room.roomId, ...rest].map(encodeURIComponent).join('/');
}

async function leave(app, room, changed) {
  const answer = await app.ask({
    title: `Leave “${room.roomId}”?`,
    text: 'The others see that you left, and wait for you in vain. Pieces that are here stay.',
    actions: [{ word: 'Leave', value: 'yes', danger: true }],
  });
  if (answer) await app.run(() => remove(path(room)));
  changed();
}

function isDone(member) {
  return Object.values(member.pieces).every((piece) => piece.status === 'FINISHED');
}

/** Fills an element where what it shows is another than before, so that focus and selection stay. */
function anew(box, value, make) {
  const shown = JSON.stringify(value);
  if (box.dataset.shown === shown) return;
  box.dataset.shown = shown;
  fill(box, make());
}
