/** Makes elements. Text is always text: nothing here parses markup that came over the network. */

/**
 * Makes an element.
 *
 * @param {string} name tag, with classes after dots: "div.row.quiet"
 * @param {object} [properties] "on…" adds a listener, "data" fills the data set, booleans toggle
 *     attributes, the rest become attributes
 * @param {...(Node|string|null|undefined|false|Array)} children
 */
export function h(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split('.');
  const element = document.createElement(tag);
  if (classes.length) element.className = classes.join(' ');
  for (const [key, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) element.addEventListener(key.slice(2), value);
    else if (key === 'data') Object.assign(element.dataset, value);
    else if (key === 'value' || key === 'checked' || key === 'disabled') element[key] = value;
    else element.setAttribute(key, value === true ? '' : value);
  }
  append(element, children);
  return element;
}

/** Replaces everything in an element. */
export function fill(element, ...children) {
  element.replaceChildren();
  append(element, children);
  return element;
}

/** Writes text only where it differs, so that a quiet page stays quiet. */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets an attribute only where it differs. */
export function mark(element, name, value) {
  if (value === null || value === false) {
    if (element.hasAttribute(name)) element.removeAttribute(name);
  } else if (element.getAttribute(name) !== String(value)) {
    element.setAttribute(name, value);
  }
}

function append(element, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    element.append(child);
  }
}

const SVG = 'http://www.w3.org/2000/svg';

const SHAPES = {
  downloads: 'M12 4v11m0 0 4.500-4.500M12 15l-4.500-4.500M4.500 19.500h15',
  batches: 'M4 6.500h16M4 12h16M4 17.500h10',
  records: 'M12 3.500a8.500 8.500 0 1 0 0 17a8.500 8.500 0 1 0 0-17M12 10.500a1.500 1.500 0 1 0 0 3a1.500 1.500 0 1 0 0-3',
  rooms: 'M8.500 11a3 3 0 1 0 0-6a3 3 0 1 0 0 6M3.500 19c0-2.800 2.200-4.500 5-4.500s5 1.700 5 4.500M15.500 10.500a2.500 2.500 0 1 0 0-5M16 14.500c2.600 0 4.500 1.600 4.500 4.500',
  hosts: 'M12 3.500a8.500 8.500 0 1 0 0 17a8.500 8.500 0 1 0 0-17M3.500 12h17M12 3.500c2.500 2.300 3.700 5.200 3.700 8.500s-1.200 6.200-3.700 8.500c-2.500-2.300-3.700-5.200-3.700-8.500s1.200-6.200 3.700-8.500',
  plugins: 'M9 4v4M15 4v4M6.500 8h11v4.500a5.500 5.500 0 0 1-11 0zM12 18v3',
  system: 'M4 15.500l4-5 3.500 4 3.500-7 5 8M4 20h16',
  pause: 'M9 6v12M15 6v12',
  resume: 'M8 5.500v13l10.500-6.500z',
  retry: 'M19 12a7 7 0 1 1-2.200-5.100M19 4v4h-4',
  cancel: 'M6 6l12 12M18 6 6 18',
  remove: 'M5 7h14M10 7V4.500h4V7M7 7l.8 12.500h8.400L17 7',
  add: 'M12 5v14M5 12h14',
  search: 'M10.500 4.500a6 6 0 1 0 0 12a6 6 0 1 0 0-12M15 15l5 5',
  play: 'M8 5.500v13l10.500-6.500z',
  close: 'M6 6l12 12M18 6 6 18',
  done: 'M5 12.500l4.500 4.500L19 7.500',
  failed: 'M12 4.500 21 19.500H3zM12 10v4.500M12 17v.200',
  waiting: 'M12 4a8 8 0 1 0 0 16a8 8 0 1 0 0-16M12 8v4.500l3 2',
  folder: 'M3.500 6.500h6l2 2.500h9v9.500h-17z',
  file: 'M6.500 3.500h7l4 4v13h-11zM13.500 3.500v4h4',
  update: 'M12 19V8m0 0 4 4M12 8l-4 4M5 4.500h14',
  ascending: 'M5 6.500h5M5 12h8M5 17.500h11M19 17.500v-12m0 0-2.500 2.500M19 5.500l2.500 2.500',
  descending: 'M5 6.500h11M5 12h8M5 17.500h5M19 6.500v12m0 0-2.500-2.500M19 18.500l2.500-2.500',
  chevron: 'M9 6l6 6-6 6',
  stop: 'M7 7h10v10H7z',
};

/** A stroke icon; it is decoration, so that the text beside it or the label of its button speaks. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(SVG, 'path');
  path.setAttribute('d', SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A button with an icon and a word. */
export function button(word, shape, action, properties = {}) {
  return h('button', { type: 'button', onclick: action, ...properties },
    shape ? icon(shape) : null, h('span', {}, word));
}

/** A button that is only an icon; the label is what it is called. */
export function iconButton(label, shape, action, properties = {}) {
  return h('button.bare', { type: 'button', 'aria-label': label, title: label, onclick: action, ...properties },
    icon(shape));
}
