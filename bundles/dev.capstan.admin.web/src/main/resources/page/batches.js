/** Albums, folders, rooms' pieces: downloads that came together. */
import { h, fill, button, iconButton } from './dom.js';
import { bytes, count, moment, percent } from './format.js';
import { get, post, remove } from './api.js';
import { Page, heading, bar } from './page.js';

const TONES = { DOWNLOADING: 'active', STARTING: 'active', QUEUED: 'waiting', PAUSED: 'quiet', CANCELLED: 'quiet', COMPLETED: 'done', FAILED: 'failed' };
const WORDS = { DOWNLOADING: 'Downloading', STARTING: 'Starting', QUEUED: 'Waiting', PAUSED: 'Paused', CANCELLED: 'Cancelled', COMPLETED: 'Finished', FAILED: 'Some failed' };
const MOVING = ['DOWNLOADING', 'STARTING', 'QUEUED'];

class Batches extends Page {
  get topics() { return ['batch']; }

  load() {
    return get('batches', { limit: 100 });
  }

  render({ items }) {
    fill(this, heading('Batches'), items.length
      ? h('ul.lines', {}, items.map((batch) => this.#line(batch)))
      : h('div.blank', {}, h('p', {}, 'No batches. An album, a playlist or a folder becomes one.'), button('Add a link', 'add', () => this.app.add(), { class: 'primary' })));
  }

  #line(batch) {
    const move = async (what) => { await this.app.run(() => post(`batches/${batch.id}/${what}`)); this.refresh(); };
    const tone = TONES[batch.state] ?? 'quiet';
    const act = (word, shape, what) => iconButton(`${word}: ${batch.name}`, shape, () => move(what));
    return h('li', {},
      h('div.what', {},
        h('div.title', {}, h('h2', {}, batch.name), h('span.state', { data: { tone } }, WORDS[batch.state] ?? batch.state)),
        bar(batch.name, batch.progress ?? batch.downloaded / (batch.size || 1), 1, tone),
        h('p.quiet', {}, [
          batch.completed < batch.members ? `${batch.completed.toLocaleString()} of ${count(batch.members, 'file')}` : count(batch.members, 'file'),
          batch.failed ? `${batch.failed.toLocaleString()} failed` : null,
          batch.size > 0 ? (batch.downloaded < batch.size ? `${bytes(batch.downloaded)} of ${bytes(batch.size)}, ${percent(batch.downloaded, batch.size)}` : bytes(batch.size)) : null,
          moment(batch.created),
        ].filter(Boolean).join(' · '))),
      h('div.acts', {},
        MOVING.includes(batch.state) ? act('Pause', 'pause', 'pause') : null,
        batch.state === 'PAUSED' ? act('Resume', 'resume', 'resume') : null,
        batch.failed ? act('Try again', 'retry', 'retry') : null,
        iconButton(`Remove: ${batch.name}`, 'remove', () => this.#remove(batch))));
  }

  async #remove(batch) {
    const answer = await this.app.ask({
      title: `Remove “${batch.name}”?`, text: `${count(batch.members, 'download')} ${batch.members === 1 ? 'leaves' : 'leave'} the list.`,
      actions: [{ word: 'Remove', value: 'keep' }, batch.completed && { word: 'Remove with files', value: 'files', danger: true }],
    });
    if (!answer) return;
    await this.app.run(() => remove(`batches/${batch.id}`, answer === 'files' ? { files: true } : {}));
    this.refresh();
  }
}

customElements.define('capstan-batches', Batches);
