/** Numbers and times as people read them. Bytes are decimal: 1 MB is 1,000,000 bytes. */

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
const NARROW = '\u202f';

/** 1,234,567 → "1.23 MB"; three digits that count, so that columns line up. */
export function bytes(count) {
  if (count === null || count === undefined || count < 0) return '–';
  let unit = 0;
  let value = count;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2;
  return value.toFixed(digits) + NARROW + UNITS[unit];
}

/** "1.5 MB", "800k" or "2M/s" → bytes; NaN where it is no such text, 0 where it is empty. */
export function amount(text) {
  const found = /^([\d.,]+)\s*([kmgt]?)b?(?:\/s|ps)?$/i.exec(text.trim());
  if (!found) return text.trim() ? NaN : 0;
  const power = ['', 'k', 'm', 'g', 't'].indexOf(found[2].toLowerCase());
  return Math.round(Number(found[1].replace(',', '.')) * 1000 ** power);
}

export function speed(bytesPerSecond) {
  return bytesPerSecond > 0 ? bytes(bytesPerSecond) + '/s' : '–';
}

/** Whole percent, never 100 before the end. */
export function percent(part, whole) {
  if (!(whole > 0)) return '';
  return Math.min(part < whole ? 99 : 100, Math.floor((part * 100) / whole)) + NARROW + '%';
}

/** 75 → "1 min 15 s", 5000 → "1 h 23 min". */
export function duration(seconds) {
  if (seconds === null || seconds === undefined || !isFinite(seconds) || seconds < 0) return '';
  const s = Math.round(seconds);
  if (s < 60) return s + NARROW + 's';
  if (s < 3600) return Math.floor(s / 60) + NARROW + 'min' + (s < 600 && s % 60 ? ' ' + (s % 60) + NARROW + 's' : '');
  if (s < 172800) return Math.floor(s / 3600) + NARROW + 'h' + (s % 3600 >= 60 ? ' ' + Math.floor((s % 3600) / 60) + NARROW + 'min' : '');
  return Math.floor(s / 86400) + NARROW + 'd';
}

/** Position in a track: "3:07". */
export function clock(seconds) {
  if (!isFinite(seconds)) return '–:––';
  const s = Math.max(0, Math.floor(seconds));
  const rest = String(s % 60).padStart(2, '0');
  return s < 3600 ? Math.floor(s / 60) + ':' + rest
    : Math.floor(s / 3600) + ':' + String(Math.floor((s % 3600) / 60)).padStart(2, '0') + ':' + rest;
}

const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });

/** A moment: the time today, the day before that. */
export function moment(text) {
  if (!text) return '';
  const at = new Date(text);
  return (at.toDateString() === new Date().toDateString() ? TIME : DAY).format(at);
}

const DATE = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short', year: 'numeric' });

/** The day of a moment. */
export function day(text) {
  return text ? DATE.format(new Date(text)) : '';
}

/** How far away a moment is: "in 40 s", "12 min ago". */
export function relative(text, now = Date.now()) {
  if (!text) return '';
  const seconds = (new Date(text).getTime() - now) / 1000;
  return seconds > 0 ? 'in ' + duration(seconds) : duration(-seconds) + ' ago';
}

/** "1 download", "12 downloads". */
export function count(number, one, many = one + 's') {
  return number.toLocaleString() + ' ' + (number === 1 ? one : many);
}

/**
 * A name in two parts, of which the first may be cut: what tells files apart – the extension and
 * the episode or track before it – stays visible at the end.
 */
export function halves(name) {
  if (name.length <= 24) return [name, ''];
  const tail = name.length > 60 ? 18 : 12;
  return [name.slice(0, -tail), name.slice(-tail)];
}
