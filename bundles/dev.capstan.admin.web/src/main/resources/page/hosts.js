/** Hosts and the accounts behind them. Secrets go in and never come out. */
import { h, fill, button } from './dom.js';
import { bytes, count, day, relative } from './format.js';
import { get, put, remove, post } from './api.js';
import { Page, heading } from './page.js';

const ACCOUNTS = {
  NOT_CONFIGURED: ['No account', 'quiet'],
  PREVIEWS_ONLY: ['Previews only', 'quiet'],
  UNKNOWN: ['Not tried yet', 'waiting'],
  OK: ['Account works', 'done'],
  INVALID: ['Account refused', 'failed'],
  LOCKED: ['Account locked', 'failed'],
  APP_REFUSED: ['Application refused', 'failed'],
};
const WITHOUT = ['NOT_CONFIGURED', 'PREVIEWS_ONLY'];

class Hosts extends Page {
  get topics() { return ['host.added', 'host.removed', 'host.account', 'feature.changed']; }

  load() {
    return get('hosts');
  }

  render({ items }) {
    fill(this, heading('Hosts'), items.length ? h('ul.cards', {}, items.map((host) => this.#card(host)))
      : h('div.blank', {}, h('p', {}, 'No host is here, so no link is understood.'), h('a', { href: '#plugins' }, 'Plug-ins')));
  }

  #card(host) {
    const { account } = host;
    const [word, tone] = standing(host);
    const totals = this.app.live.stats.hosts?.[host.id];
    const note = host.held ?? account?.message;
    return h('li.card', {},
      h('div.title', {}, h('h2', {}, host.id), h('span.state', { data: { tone } }, word)),
      h('p.quiet', {}, host.domains.length ? host.domains.join(', ') : `Links with ${host.schemes.join(', ')} that no other host takes`),
      account?.name ? h('p', {}, [account.name, account.type, account.expires ? `until ${day(account.expires)}` : null,
        account.trafficLeft >= 0 ? `${bytes(account.trafficLeft)} left` : null].filter(Boolean).join(' · ')) : null,
      note ? h(tone === 'failed' ? 'p.wrong' : 'p', {}, note) : null,
      h('p.quiet', {}, [
        host.active ? `${host.active.toLocaleString()} running` : null,
        totals ? `${totals.completed.toLocaleString()} finished` : null,
        totals?.failed ? `${totals.failed.toLocaleString()} failed` : null,
        totals?.bytes ? bytes(totals.bytes) : null,
      ].filter(Boolean).join(' · ') || 'Nothing fetched yet'),
      account?.fields?.length ? h('div.acts', {},
        button(WITHOUT.includes(account.state) ? 'Sign in' : 'Change', null, () => this.#sign(host), { 'aria-label': `Account of ${host.id}` }),
        WITHOUT.includes(account.state) ? null : button('Check', null, () => this.#act(() => post(`hosts/${host.id}/account/check`)), { 'aria-label': `Check the account of ${host.id}` }),
        WITHOUT.includes(account.state) ? null : button('Sign out', null, () => this.#signOut(host), { 'aria-label': `Sign out of ${host.id}` })) : null,
      h('p.small', {}, `${host.bundle} ${host.version}`));
  }

  async #act(action) {
    await this.app.run(action);
    this.refresh();
  }

  async #signOut(host) {
    const answer = await this.app.ask({ title: `Sign out of ${host.id}?`, text: 'Its name and password are deleted here.', actions: [{ word: 'Sign out', value: 'yes' }] });
    if (answer) await this.#act(() => remove(`hosts/${host.id}/account`));
  }

  async #sign(host) {
    const { fields } = host.account;
    const inputs = fields.map((field) => h('input', { type: field.secret ? 'password' : 'text', placeholder: field.label, 'aria-label': field.label, autocomplete: 'off', spellcheck: 'false' }));
    const save = () => put(`hosts/${host.id}/account`,
      Object.fromEntries(fields.map((field, index) => [field.name, inputs[index].value]).filter(([, value]) => value)));
    const answer = await this.app.ask({ title: `Account of ${host.id}`, text: 'Kept in the data folder, for this host alone, and never shown again.', body: h('div.fields', {}, inputs), actions: [{ word: 'Save', value: 'yes' }], act: save });
    if (answer) this.refresh();
  }
}

function standing(host) {
  if (!host.present) return ['Its plug-in is gone', 'failed'];
  if (host.outOfOrderUntil) return [`Out of order, tried again ${relative(host.outOfOrderUntil)}`, 'failed'];
  if (host.account) return ACCOUNTS[host.account.state] ?? [host.account.state, 'quiet'];
  return ['Ready', 'done'];
}

customElements.define('capstan-hosts', Hosts);
