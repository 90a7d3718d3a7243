/** Small drawings on canvas: they take their colours from the page's own tokens. */

const TOKENS = ['--hairline', '--accent', '--track', '--text', '--waiting'];
const styles = new WeakMap();

/** The tokens as they are where a canvas is: asked once, and again when the scheme changes. */
function tokens(canvas) {
  const known = styles.get(canvas);
  if (known) return known;
  const style = getComputedStyle(canvas);
  const read = Object.fromEntries(TOKENS.map((name) => [name, style.getPropertyValue(name).trim()]));
  // Before the style sheet is there, there are none.
  if (read['--accent']) {
    styles.set(canvas, read);
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => styles.delete(canvas), { once: true });
  }
  return read;
}

/** Fits a canvas to its box and the screen's pixels; gives the context in CSS pixels. */
function surface(canvas) {
  const ratio = devicePixelRatio || 1;
  const width = canvas.clientWidth;
  const height = canvas.clientHeight;
  if (canvas.width !== Math.round(width * ratio) || canvas.height !== Math.round(height * ratio)) {
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
  }
  const context = canvas.getContext('2d');
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  return { context, width, height, colour: tokens(canvas) };
}

/**
 * A line of values over a quiet area, the latest at the right edge.
 *
 * @param {number[]} values oldest first
 * @param {number} options.slots how many values the width is for
 * @returns {number} the largest value
 */
export function line(canvas, values, { slots, grid = false }) {
  const { context, width, height, colour } = surface(canvas);
  const seen = values.slice(-slots);
  const top = Math.max(...seen, 0);
  const x = (index) => width - ((seen.length - 1 - index) * width) / (slots - 1);
  const y = (value) => height - 1 - (value / (top * 1.08 || 1)) * (height - 2);
  if (grid) {
    context.strokeStyle = colour['--hairline'];
    context.lineWidth = 1;
    for (const part of [0, 0.25, 0.5, 0.75, 1]) {
      const level = Math.min(height - 0.5, Math.round(height * part) + 0.5);
      context.beginPath();
      context.moveTo(0, level);
      context.lineTo(width, level);
      context.stroke();
    }
  }
  if (seen.length < 2) return top;
  context.beginPath();
  seen.forEach((value, index) => context.lineTo(x(index), y(value)));
  context.strokeStyle = colour['--accent'];
  context.lineWidth = 1.5;
  context.lineJoin = 'round';
  context.stroke();
  context.lineTo(width, height);
  context.lineTo(x(0), height);
  context.closePath();
  context.globalAlpha = 0.12;
  context.fillStyle = colour['--accent'];
  context.fill();
  context.globalAlpha = 1;
  return top;
}

/**
 * The bytes of one file as a strip: what is there, where connections write, what a reader asked
 * for. A file is folded into several rows, so that a gap of a thousandth can be seen.
 *
 * @param {object} file size, ranges [[from, to)…], segments [{from, to, position}…], demands
 */
export function map(canvas, file) {
  const { context, width, height, colour } = surface(canvas);
  const rows = 4;
  const gap = 3;
  const tall = (height - gap * (rows - 1)) / rows;
  const paint = (from, to, fill, alpha = 1) => {
    context.fillStyle = fill;
    context.globalAlpha = alpha;
    const first = (from / file.size) * rows;
    const last = Math.min((to / file.size) * rows, rows);
    for (let row = Math.floor(first); row < last; row++) {
      const left = Math.max(first - row, 0) * width;
      const right = Math.min(last - row, 1) * width;
      context.fillRect(left, row * (tall + gap), Math.max(right - left, 0.75), tall);
    }
    context.globalAlpha = 1;
  };
  paint(0, file.size, colour['--track']);
  for (const part of file.segments ?? []) paint(part.position, part.to, colour['--accent'], 0.2);
  for (const [from, to] of file.ranges ?? []) paint(from, to, colour['--accent']);
  for (const part of file.segments ?? []) paint(part.position, part.position + file.size / 700, colour['--text']);
  for (const [from, to] of file.demands ?? []) paint(from, Math.max(to, from + file.size / 700), colour['--waiting']);
}
