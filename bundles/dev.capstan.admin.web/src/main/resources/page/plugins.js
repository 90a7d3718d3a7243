/** Features and bundles: what is installed, what depends on what, and changing it while it runs. */
import { h, fill, icon, button, iconButton } from './dom.js';
import { count } from './format.js';
import { get, post, remove, call } from './api.js';
import { Page, heading } from './page.js';

const TONES = { ACTIVE: 'done', STARTING: 'active', STOPPING: 'waiting', RESOLVED: 'quiet', INSTALLED: 'failed' };
const WORDS = { ACTIVE: 'Runs', STARTING: 'Starts', STOPPING: 'Stops', RESOLVED: 'Stopped', INSTALLED: 'Not complete' };
const VERBS = { stop: 'Stop', update: 'Update', remove: 'Remove' };
/** Names in a sentence, before "and so many more". */
const FEW = 4;

class Plugins extends Page {
  get topics() { return ['host.added', 'host.removed', 'feature.changed']; }

  async load() {
    const [features, bundles] = await Promise.all([get('features'), get('bundles')]);
    return { features: features.items, bundles: bundles.items };
  }

  render({ features, bundles }) {
    const file = h('input.unseen', { type: 'file', accept: '.jar,.json', tabindex: -1, 'aria-label': 'Plug-in file', onchange: () => this.#install(file.files[0]) });
    const byName = new Map(bundles.map((bundle) => [bundle.name, bundle]));
    const grouped = new Set(features.flatMap((feature) => feature.bundles));
    const alone = bundles.filter((bundle) => !grouped.has(bundle.name));
    const own = alone.filter((bundle) => bundle.removable);
    const rest = alone.filter((bundle) => !bundle.removable);
    fill(this, heading('Plug-ins', file, button('Install', 'add', () => file.click(), { class: 'primary' })),
      h('p.quiet', {}, 'A plug-in runs with all rights of this host: install only what you trust. Or put its file into the folder “bundles”.'),
      h('div.features', {},
        own.length ? this.#group({ id: 'single', name: 'Installed here', bundles: own, open: true }) : null,
        [...features].sort((one, other) => one.builtIn - other.builtIn).map((feature) => this.#group({
          ...feature, feature, bundles: feature.bundles.map((name) => byName.get(name)).filter(Boolean), open: !feature.builtIn })),
        rest.length ? this.#group({ id: 'rest', name: 'Also here', bundles: rest }) : null));
  }

  #group({ id, name, version, description, problem, bundles, feature, open = false }) {
    const wrong = problem || bundles.some((bundle) => bundle.problem || bundle.state === 'INSTALLED');
    const stopped = bundles.filter((bundle) => bundle.state !== 'ACTIVE').length;
    return h('details', { open: open || !!wrong, data: { key: id } },
      h('summary', {}, icon('chevron'), h('h2', {}, name),
        h('span.quiet', {}, [version && !feature?.builtIn ? version : null, bundles.length ? count(bundles.length, 'bundle') : null].filter(Boolean).join(' · ')),
        wrong ? h('span.state', { data: { tone: 'failed' } }, 'Not complete') : !bundles.length ? h('span.state', {}, 'Not started') : stopped ? h('span.state', {}, `${stopped} stopped`) : null),
      description ? h('p.quiet', {}, description) : null,
      problem ? h('p.wrong', {}, problem) : null,
      h('ul.bundles', {}, bundles.map((bundle) => this.#bundle(bundle))),
      feature && !feature.builtIn ? h('div.acts', {}, button(`Remove ${name}`, 'remove', () => this.#change('remove', 'features', feature.id, name))) : null);
  }

  #bundle(bundle) {
    const { name } = bundle;
    const act = (shape, what) => iconButton(`${VERBS[what]} ${name}`, shape, () => this.#change(what, 'bundles', name, name));
    return h('li', {},
      h('span.dot', { data: { tone: TONES[bundle.state] ?? 'quiet' } }),
      h('span.what', {}, h('b', {}, name), h('span.quiet', {}, bundle.version),
        bundle.problem ? h('p.wrong', {}, bundle.problem) : null,
        bundle.neededBy?.length ? h('p.small', {}, `needed by ${few(bundle.neededBy)}`) : null),
      h('span.state', { data: { tone: bundle.state === 'ACTIVE' ? 'quiet' : TONES[bundle.state] } }, WORDS[bundle.state] ?? bundle.state),
      h('span.acts', {},
        bundle.state === 'ACTIVE' ? act('stop', 'stop') : iconButton(`Start ${name}`, 'resume', () => this.#act(() => post(`bundles/${name}/start`))),
        act('update', 'update'),
        bundle.removable ? act('remove', 'remove') : null));
  }

  async #act(action) {
    const done = await this.app.run(action);
    this.refresh();
    return done;
  }

  /** Says first what a change touches. */
  async #change(what, kind, id, name) {
    const affected = await this.app.run(() => get(`${kind}/${id}/affected`));
    if (!affected) return;
    const answer = await this.app.ask({ title: `${VERBS[what]} ${name}?`, body: touched(affected, name), actions: [{ word: VERBS[what], value: 'yes', danger: what === 'remove' }] });
    if (!answer) return;
    await this.#act(() => (what === 'remove' ? remove(`${kind}/${id}`) : post(`${kind}/${id}/${what}`)));
  }

  async #install(file) {
    if (!file) return;
    const result = await this.#act(() => call('POST', 'bundles', { body: file, query: { name: file.name } }));
    if (result) this.app.tell(`${result.installed?.length ? few(result.installed) : file.name} installed.`);
  }
}

/** What a change touches, in sentences. */
function touched({ bundles = [], hosts = [], downloads = 0 }, name) {
  const others = bundles.filter((each) => each !== name);
  return h('div.touched', {},
    others.length ? h('p', {}, `${few(others)} ${others.length === 1 ? 'needs' : 'need'} it, and ${others.length === 1 ? 'goes' : 'go'} away with it for as long.`) : null,
    hosts.length ? h('p', {}, `Links of ${few(hosts)} are not understood meanwhile.`) : null,
    downloads ? h('p', {}, `${count(downloads, 'download')} ${downloads === 1 ? 'waits' : 'wait'}, and ${downloads === 1 ? 'goes' : 'go'} on where ${downloads === 1 ? 'it was' : 'they were'} when it is back.`) : null,
    others.length || hosts.length || downloads ? null : h('p', {}, 'Nothing else depends on it.'));
}

function few(names) {
  const more = names.length - FEW;
  const shown = more > 1 ? names.slice(0, FEW) : names;
  return shown.length < 2 ? shown.join() : more > 1 ? `${shown.join(', ')} and ${more} more` : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)}`;
}

customElements.define('capstan-plugins', Plugins);
