/** The host's REST interface. Every call is one request; errors are what the host said. */

/** Everything is found from where this module was loaded, so that any page of the host can show it. */
const ROOT = new URL('.', import.meta.url);
const BASE = new URL('api/v1/', ROOT);
const KEEP = 'capstan.token';

/** What went wrong, in the host's own words. */
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem.detail || problem.title || `The host answered ${status}.`);
    this.status = status;
    this.code = problem.code;
    this.problem = problem;
  }
}

let token = null;

/**
 * Takes the token out of the address, where a link put it, and keeps it for this browser. It never
 * stays in the address bar or in the history.
 *
 * @param {?string} other one that the page around was given
 */
export function takeToken(other) {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    useToken(given);
    history.replaceState(null, '', location.pathname + location.search);
  } else {
    token = sessionStorage.getItem(KEEP) ?? localStorage.getItem(KEEP) ?? other;
  }
  return token !== null;
}

/** @param {boolean} keep whether for this browser, or for this tab alone */
export function useToken(value, keep = true) {
  forgetToken();
  token = value;
  (keep ? localStorage : sessionStorage).setItem(KEEP, value);
}

export function forgetToken() {
  token = null;
  localStorage.removeItem(KEEP);
  sessionStorage.removeItem(KEEP);
}

/** The event socket's address and its offered subprotocols, one of which carries the token. */
export function socket() {
  const url = new URL('events', BASE);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  return new WebSocket(url, ['capstan.v1', 'capstan.token.' + token]);
}

/** An address of the host for what a browser loads itself, a stream for example. */
export function address(path) {
  return new URL(path.replace(/^\//, ''), ROOT).href;
}

/**
 * Calls the host.
 *
 * @param {string} method
 * @param {string} path below /api/v1/
 * @param {object} [options]
 * @param {object|Blob} [options.body] JSON, or a file as it is
 * @param {object} [options.query] what is null is left out; arrays repeat the name
 * @param {AbortSignal} [options.signal]
 * @returns {Promise<object|null>} the answer, null where there is none
 * @throws {ApiError} the host's refusal
 * @throws {TypeError} no answer came
 */
export async function call(method, path, { body, query, signal } = {}) {
  const url = new URL(path, BASE);
  for (const [name, value] of Object.entries(query ?? {})) {
    for (const each of [value].flat()) {
      if (each !== null && each !== undefined && each !== '') url.searchParams.append(name, each);
    }
  }
  const raw = body instanceof Blob;
  const headers = { Authorization: `Bearer ${token}` };
  if (body && !raw) headers['Content-Type'] = 'application/json';
  if (raw) headers['Content-Type'] = 'application/octet-stream';
  const answer = await fetch(url, {
    method, headers, signal, cache: 'no-store', credentials: 'omit',
    body: raw ? body : body && JSON.stringify(body),
  });
  const text = await answer.text();
  let value = null;
  if (text) {
    try {
      value = JSON.parse(text);
    } catch {
      value = { title: `The host answered ${answer.status} with something that is not JSON.` };
    }
  }
  if (!answer.ok) throw new ApiError(answer.status, value ?? {});
  return value;
}

export const get = (path, query, signal) => call('GET', path, { query, signal });
export const post = (path, body) => call('POST', path, { body });
export const put = (path, body) => call('PUT', path, { body });
export const patch = (path, body) => call('PATCH', path, { body });
export const remove = (path, query) => call('DELETE', path, { query });
