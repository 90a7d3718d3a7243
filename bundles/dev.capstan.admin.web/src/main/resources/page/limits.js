/** Fields for how fast and how soon a download is fetched, for the add box and for its details. */
import { h } from './dom.js';
import { amount, bytes } from './format.js';

const PRIORITIES = [[100, 'High'], [0, 'Normal'], [-100, 'Low']];
const MOST_CONNECTIONS = 64;

/**
 * Makes the fields.
 *
 * @param {(read: () => object) => void} [changed] told when a field changed; read gives its value by
 *     the host's name for it
 * @returns {{fields: Element[], show: (item) => void, wish: () => object}} show fills them in,
 *     except the one that is being changed; wish gives all that differ from what is usual, and
 *     throws an Error with a sentence where one cannot be understood
 */
export function limits(changed = () => {}) {
  const priority = h('select', {}, PRIORITIES.map(([value, word]) => h('option', { value }, word)));
  priority.value = '0';
  const connections = h('input', { type: 'number', min: 0, max: MOST_CONNECTIONS, placeholder: 'As many as pay' });
  const pace = h('input', { type: 'text', placeholder: 'None, or 2 MB/s', autocomplete: 'off', spellcheck: 'false' });
  const read = {
    priority: () => Number(priority.value),
    maxConnections: () => {
      if (!connections.checkValidity()) throw new Error(`Connections are a number up to ${MOST_CONNECTIONS}.`);
      return Number(connections.value);
    },
    limitBytesPerSecond: () => {
      const value = amount(pace.value);
      if (Number.isNaN(value)) throw new Error(`“${pace.value}” is no speed. Write it like 800 kB/s or 2 MB/s.`);
      return value;
    },
  };
  const inputs = { priority, maxConnections: connections, limitBytesPerSecond: pace };
  for (const [name, input] of Object.entries(inputs)) {
    input.addEventListener('change', () => changed(() => ({ [name]: read[name]() })));
  }
  return {
    fields: [['Priority', priority], ['Most connections', connections], ['Speed limit', pace]].map(([word, input]) =>
      h('label.field', {}, h('span', {}, word), input)),
    show(item) {
      const known = [...priority.options].some((each) => Number(each.value) === item.priority);
      if (!known) priority.append(h('option', { value: item.priority }, String(item.priority)));
      put(priority, item.priority);
      put(connections, item.maxConnections || '');
      put(pace, item.limitBytesPerSecond > 0 ? bytes(item.limitBytesPerSecond) + '/s' : '');
    },
    wish: () => Object.fromEntries(Object.keys(read).map((name) => [name, read[name]()]).filter(([, value]) => value !== 0)),
  };
}

/** What somebody types is left alone. */
function put(input, value) {
  if (input.getRootNode().activeElement !== input && input.value !== String(value)) input.value = value;
}
