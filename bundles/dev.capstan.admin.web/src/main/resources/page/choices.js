/** What can be chosen for links that are added, apart from where they go; most people need none of it. */
import { h } from './dom.js';
import { limits } from './limits.js';

const DIGESTS = { 32: 'md5', 40: 'sha-1', 64: 'sha-256', 128: 'sha-512' };

/**
 * Makes the part of the box that is opened for more.
 *
 * @returns {Element} its method only(isSingle) says whether there is one link, which alone can have
 *     a name and a checksum; its method wish() gives what was chosen, by the host's names, and
 *     throws an Error with a sentence where something cannot be understood
 */
export function choices() {
  const text = (placeholder, rest = {}) => h('input', { type: 'text', placeholder, autocomplete: 'off', spellcheck: 'false', ...rest });
  const name = text('As its host says');
  const checksum = text('sha-256=…');
  const password = h('input', { type: 'password', autocomplete: 'off', placeholder: 'If the link needs one' });
  const headers = h('textarea', { rows: 2, placeholder: 'Referer: https://example.org/', spellcheck: 'false' });
  const { fields, wish } = limits();
  const field = (word, input) => h('label.field', {}, h('span', {}, word), input);
  const element = h('details.choices', {}, h('summary', {}, 'More'), h('div.grid', {},
    field('File name', name), field('Checksum', checksum), field('Link password', password), fields,
    h('label.field.wide', {}, h('span', {}, 'Headers, one on each line'), headers)));
  element.only = (isSingle) => {
    for (const input of [name, checksum]) {
      input.disabled = !isSingle;
      input.title = isSingle ? '' : 'For a single link';
    }
  };
  element.wish = () => {
    const sent = Object.fromEntries(headers.value.split('\n').filter((line) => line.trim()).map(header));
    return {
      ...wish(),
      ...(!name.disabled && name.value.trim() && { filename: name.value.trim() }),
      ...(!checksum.disabled && checksum.value.trim() && { checksum: digest(checksum.value.trim()) }),
      ...(password.value && { linkPassword: password.value }),
      ...(Object.keys(sent).length && { headers: sent }),
    };
  };
  return element;
}

function header(line) {
  const at = line.indexOf(':');
  if (at < 1) throw new Error(`“${line.trim()}” is no header. Write it like Referer: https://example.org/`);
  return [line.slice(0, at).trim(), line.slice(at + 1).trim()];
}

/** A checksum as it is mostly given, bare, is known by its length. */
function digest(text) {
  const kind = /^[0-9a-f]+$/i.test(text) && DIGESTS[text.length];
  return kind ? `${kind}=${text}` : text;
}
