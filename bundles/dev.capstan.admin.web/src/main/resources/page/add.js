/** Adding links: type, paste or drop them, see what they are, then start. */
import { h, fill, icon, say, button } from './dom.js';
import { bytes, count } from './format.js';
import { post } from './api.js';
import { choices } from './choices.js';
import { title } from './words.js';

const PAUSE = 350;
/** Files of a folder that are shown before "and so many more". */
const FIRST = 50;
const KNOWN = /^([a-z][a-z0-9+.-]*:\S+|\w+_\d+(_\d+)?)$/i;

/** Links in a text, one for each line or word; what is no link is left to the host to refuse. */
export function links(text) {
  return [...new Set(text.split(/\s+/).filter(Boolean))];
}

/** Whether a text that was pasted somewhere looks as if it were meant to be downloaded. */
export function looksLikeLinks(text) {
  const words = links(text);
  return words.length > 0 && words.every((word) => KNOWN.test(word));
}

/** Asks for links, until it is closed. */
export function openAdd(app, text = '') {
  const area = h('textarea', { rows: 4, placeholder: 'One link per line', 'aria-label': 'Links', spellcheck: 'false', autocomplete: 'off', value: text });
  const result = h('div.preview', { role: 'status', tabindex: 0, 'aria-label': 'What the links are', hidden: true });
  const category = h('input', { type: 'text', placeholder: 'Folder (optional)', 'aria-label': 'Folder below the downloads folder', autocomplete: 'off' });
  const paused = h('input', { type: 'checkbox' });
  const more = choices();
  const start = button('Download', 'downloads', submit, { class: 'primary' });
  const dialog = h('dialog.add', { 'aria-label': 'Add links' },
    h('h2', {}, 'Add links'), area, result,
    h('div.options', {}, category, h('label.check', {}, paused, 'Add paused')), more,
    h('footer', {}, button('Close', null, () => dialog.close()), start));
  let timer;
  let round = 0;
  area.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(look, PAUSE); });
  area.addEventListener('keydown', (event) => { if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(); });
  dialog.addEventListener('close', () => { clearTimeout(timer); round++; dialog.remove(); });
  app.top.append(dialog);
  dialog.showModal();
  area.focus();
  look();

  function show(...children) {
    result.hidden = !children.flat().length;
    fill(result, children);
  }

  async function look() {
    const wanted = links(area.value);
    const mine = ++round;
    start.disabled = wanted.length === 0;
    more.only(wanted.length < 2);
    say(start.lastChild, wanted.length > 1 ? `Download ${wanted.length}` : 'Download');
    if (!wanted.length) return show();
    if (result.hidden) show(h('p.quiet', {}, 'Looking …'));
    try {
      const answer = await post('links/preview', { urls: wanted });
      if (mine !== round) return;
      show(answer.items.map(entry));
      const fresh = answer.items.filter((each) => !each.error && !each.existing).length;
      if (fresh && fresh < wanted.length) say(start.lastChild, `Download ${fresh}`);
    } catch (error) {
      if (mine === round) show(h('p.quiet', {}, `No preview. ${error.message}`));
    }
  }

  async function submit() {
    const wanted = links(area.value);
    if (!wanted.length || start.disabled) return;
    start.disabled = true;
    round++;
    try {
      const common = { ...more.wish(), ...(category.value.trim() && { category: category.value.trim() }), ...(paused.checked && { paused: true }) };
      const answer = wanted.length > 1 ? await post('downloads', { urls: wanted, ...common })
        : { items: [{ download: await post('downloads', { url: wanted[0], ...common }) }] };
      // What was typed, since an answer's link has its secrets masked.
      const refused = answer.items.map((each, index) => ({ ...each, typed: wanted[index] })).filter((each) => each.error);
      const added = answer.items.length - refused.length;
      if (added) app.tell(`${count(added, 'link')} added.`);
      if (!refused.length) return dialog.close();
      area.value = refused.map((each) => each.typed).join('\n');
      say(start.lastChild, refused.length > 1 ? `Download ${refused.length}` : 'Download');
      show(refused.map((each) => wrong(each.error, each.typed)));
    } catch (error) {
      show(wrong({ detail: error.message }));
    }
    start.disabled = false;
  }
}

function wrong(problem, link) {
  return h('p.wrong', {}, icon('failed'), h('span', {}, link ? h('b', {}, link) : null, problem.detail ?? problem.title ?? problem.message));
}

/** What one link is: a file, a list of files, or why it is neither. */
function entry(each) {
  if (each.error) return wrong(each.error, title(each));
  if (each.files) return folder(each);
  return h('p', {}, icon('file'), h('b', {}, title(each)), known(each), h('span.much', {}, each.size > 0 ? bytes(each.size) : ''));
}

function known(each) {
  return each.existing ? h('span.here', {}, icon('done'), 'is here already') : null;
}

/** A list as a tree: its folders in their order, their files below them. */
function folder(each) {
  const total = each.total ?? each.files.length;
  const groups = new Map();
  for (const file of each.files.slice(0, FIRST)) {
    const name = file.folder ?? '';
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(file);
  }
  const sum = each.files.reduce((all, file) => all + Math.max(0, file.size ?? 0), 0);
  const list = (files) => h('ul', {}, files.map((file) =>
    h('li', {}, icon('file'), h('span', {}, file.name), known(file), h('span.much', {}, file.size > 0 ? bytes(file.size) : ''))));
  return h('details', { open: true },
    h('summary', {}, icon('folder'), h('b', {}, each.name ?? each.url), h('span.quiet', {}, count(total, 'file')), h('span.much', {}, sum > 0 ? bytes(sum) : '')),
    [...groups].map(([name, files]) => (name ? h('div.branch', {}, h('p.quiet', {}, icon('folder'), h('span', {}, name)), list(files)) : list(files))),
    total > FIRST ? h('p.quiet', {}, `and ${(total - Math.min(FIRST, each.files.length)).toLocaleString()} more`) : null);
}
