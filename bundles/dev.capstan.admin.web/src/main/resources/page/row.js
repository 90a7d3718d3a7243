/** One row of the list of downloads. */
import { h, fill, icon, say, mark } from './dom.js';
import { bytes, speed, percent, duration, halves, moment } from './format.js';
import { title, tone, shape, standing } from './words.js';

/** An empty row, told what to show again and again. */
export function row() {
  const sign = h('span.sign');
  const head = h('span.head');
  const tail = h('span.tail');
  let bar = h('span.fill');
  const track = h('span.track', {}, bar);
  const sub = h('span.sub');
  const note = h('span.note');
  const share = h('span.num.share');
  const size = h('span.num.size');
  const pace = h('span.num.rate');
  const rest = h('span.num.rest');
  const host = h('span.host');
  const batch = h('span.group');
  const when = h('span.num.when');
  const texts = [head, tail, sub, note, share, size, pace, rest, host, batch, when];
  const element = h('div.row', {}, h('span.tick', {}, sign),
    h('span.main', {}, h('span.name', {}, head, tail), track, sub), note, share, size, pace, rest, host, batch, when);
  let drawn = null;
  let shown = null;
  element.show = (item) => {
    element.classList.toggle('unloaded', !item);
    if (!item) {
      for (const each of texts) say(each, '');
      mark(element, 'aria-label', 'Not loaded yet');
      return;
    }
    const name = title(item);
    const [front, back] = halves(name);
    say(head, front);
    say(tail, back);
    if (drawn !== item.state) {
      element.dataset.tone = tone(item);
      element.dataset.state = item.state;
      fill(sign, icon(shape(item)));
      drawn = item.state;
    }
    const moving = item.state === 'DOWNLOADING';
    const done = item.state === 'COMPLETED';
    const over = done || item.state === 'FAILED' || item.state === 'CANCELLED';
    const known = item.size > 0;
    const steady = moving && item.phase === 'TRANSFERRING';
    const part = percent(item.downloaded, item.size);
    const amount = done ? bytes(item.size) : known ? `${bytes(item.downloaded)} of ${bytes(item.size)}` : item.downloaded ? bytes(item.downloaded) : '';
    const barred = !over && (known ? moving || item.downloaded > 0 : steady);
    const width = `scaleX(${known ? (item.downloaded / item.size).toFixed(4) : 0})`;
    // A bar that was another download's must not be seen to shrink: a new one comes from nowhere.
    if (shown !== item.id) {
      bar = h('span.fill');
      track.replaceChildren(bar);
      shown = item.id;
    }
    if (bar.style.transform !== width) bar.style.transform = width;
    element.classList.toggle('barred', barred);
    track.classList.toggle('unknown', steady && !known);
    const stands = standing(item);
    say(note, steady || done ? '' : stands);
    say(share, barred ? part : '');
    say(size, amount);
    say(pace, steady ? speed(item.speed) : '');
    say(rest, steady ? duration(item.eta) : '');
    say(when, moment(done ? item.completed : item.added));
    say(host, item.host ?? '');
    say(batch, item.batch?.name ?? '');
    say(sub, item.state === 'FAILED' ? stands
      : [steady || done ? null : stands, steady && item.speed > 0 ? speed(item.speed) : null, steady ? duration(item.eta) : null, amount].filter(Boolean).join(' · '));
    if (element.title !== name) element.title = name;
    mark(element, 'aria-label', `${name}, ${stands}${known && !over ? ', ' + part : ''}`);
  };
  return element;
}
