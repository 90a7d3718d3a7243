/** Joining a room: choose or drop its file, see what it is, say who you are. */
import { h, fill, icon, button } from './dom.js';
import { count } from './format.js';
import { post } from './api.js';

const KEEP = 'capstan.user';

/**
 * Asks for what joining needs.
 *
 * @param {File} [given] the room file, if there is one already
 * @param {() => void} joined called once the host is in the room
 */
export function openJoin(app, given, joined) {
  const file = chooser('Room file', (chosen) => read(chosen));
  const lock = chooser('Match lock', () => {});
  const about = h('div.about', { role: 'status', hidden: true });
  const who = h('select', { 'aria-label': 'You are' });
  const folder = h('input', { type: 'text', placeholder: 'Folder (optional)', 'aria-label': 'Folder for the pieces', autocomplete: 'off' });
  const swap = h('input', { type: 'checkbox' });
  const rest = h('div.fields', { hidden: true },
    h('label.field', {}, h('span', {}, 'You are'), who), folder,
    h('label.check', {}, swap, 'Take pieces from other members too, and give them'));
  const needed = h('label.field', { hidden: true }, h('span', {}, 'Its match lock, which this file only names'), lock);
  const start = button('Join', 'rooms', submit, { class: 'primary', disabled: true });
  const dialog = h('dialog.add', { 'aria-label': 'Join a room' },
    h('h2', {}, 'Join a room'), h('label.field', {}, h('span', {}, 'The room file its maker gave you'), file), about, needed, rest,
    h('footer', {}, button('Close', null, () => dialog.close()), start));
  let room = null;
  dialog.addEventListener('close', () => dialog.remove());
  dialog.addEventListener('dragover', (event) => event.preventDefault());
  dialog.addEventListener('drop', (event) => {
    event.preventDefault();
    event.stopPropagation();
    if (event.dataTransfer.files.length) read(event.dataTransfer.files[0]);
  });
  app.top.append(dialog);
  dialog.showModal();
  if (given) read(given);

  async function read(chosen) {
    room = null;
    start.disabled = rest.hidden = true;
    about.hidden = false;
    try {
      room = JSON.parse(await chosen.text());
      show(room.config, room.signatures ?? {});
      start.disabled = rest.hidden = false;
    } catch {
      room = null;
      needed.hidden = true;
      fill(about, h('p.wrong', {}, icon('failed'), `“${chosen.name}” is no room file.`));
    }
  }

  /** The host checks all of it; here it is only shown. */
  function show({ roomId, users, pieces, restriction, expires }, signatures) {
    const names = Object.keys(users);
    const missing = names.filter((name) => !signatures[name]);
    const known = localStorage.getItem(KEEP);
    fill(who, names.map((name) => h('option', { value: name }, name)));
    if (names.includes(known)) who.value = known;
    needed.hidden = typeof restriction !== 'string';
    fill(about, h('p', {}, h('b', {}, roomId)),
      h('p.quiet', {}, [count(names.length, 'member'), count(Object.values(pieces).flat().length, 'piece'),
        expires ? `valid until ${new Date(expires).toLocaleString()}` : null].filter(Boolean).join(' · ')),
      missing.length ? h('p.wrong', {}, icon('failed'), `Not signed yet by ${missing.join(', ')}.`) : null);
  }

  async function submit() {
    if (!room) return;
    start.disabled = true;
    const wish = { room, user: who.value, ...(folder.value.trim() && { directory: folder.value.trim() }), ...(swap.checked && { fromMembers: true }) };
    try {
      if (!needed.hidden && lock.files.length) wish.matchLock = JSON.parse(await lock.files[0].text());
      await post('rooms/join', wish);
      localStorage.setItem(KEEP, wish.user);
      dialog.close();
      joined();
    } catch (error) {
      start.disabled = false;
      about.querySelector('.refusal')?.remove();
      about.append(h('p.wrong.refusal', {}, icon('failed'), h('span', {}, error instanceof SyntaxError ? 'The match lock is no JSON.' : error.message)));
    }
  }
}

function chooser(label, chosen) {
  const input = h('input', { type: 'file', accept: '.json,application/json', 'aria-label': label, onchange: () => { if (input.files.length) chosen(input.files[0]); } });
  return input;
}
