/**
 * What the host is doing now, kept up to date over one WebSocket, and by asking every few seconds
 * where none can be had. Views listen and paint once a frame.
 */
import { get, socket, ApiError } from './api.js';

const FIRST_WAIT = 500;
const LONGEST_WAIT = 10_000;
const POLL = 3_000;
const SILENCE = 90_000;
/** Seconds of speed that are kept: of the host, and of each download. */
const LONG = 600;
/** Seconds after which what no event tells, such as the free space, is asked for again. */
const SLOW = 30;
export const SHORT = 60;
/** The share that a new value has in a shown speed: what comes once a second settles within two. */
const NEW = 0.6;

export const ACTIVE = ['STARTING', 'DOWNLOADING'];
export const WAITING = ['QUEUED', 'PAUSED'];
export const FINISHED = ['COMPLETED'];
export const FAILED = ['FAILED', 'CANCELLED'];

/**
 * Events: "downloads" ({changed: Map, removed: Set}), "stats", "second", "link" (connection),
 * "refused" (the token is not taken), "reload" (what was missed is unknown: load again), and each
 * other message under its own type.
 */
export class Live extends EventTarget {
  /** Active downloads and every other one a view asked about, by id. */
  downloads = new Map();
  counts = {};
  stats = {};
  /** Total speed, one value a second, oldest first. */
  speeds = [];
  /** The same of each download that moves, by id. */
  paces = new Map();
  /** Since when the connection is lost, or null while it is there. */
  lostSince = null;

  #rev = null;
  #socket = null;
  #wait = FIRST_WAIT;
  #timer = null;
  #heard = 0;
  /** When a socket that worked broke, while there is no other. */
  #broken = null;
  #seconds = 0;
  #changed = new Map();
  #removed = new Set();
  #frame = false;
  #polling = false;
  /** Whether asking works where the socket does not. */
  #answered = false;
  #stopped = true;

  start() {
    if (!this.#stopped) return;
    this.#stopped = false;
    this.#connect();
    this.#timer = setInterval(() => this.#second(), 1_000);
  }

  stop() {
    this.#stopped = true;
    clearInterval(this.#timer);
    this.#socket?.close();
  }

  /** Takes in what a view loaded over REST; gives the same, where something newer is known that. */
  learn(downloads) {
    return downloads.map((each) => {
      const known = this.downloads.get(each.id);
      const newer = known && (known.updated > each.updated
        || (known.updated === each.updated && known.downloaded >= each.downloaded));
      if (!newer) this.downloads.set(each.id, each);
      return newer ? known : each;
    });
  }

  /** Takes in what the host answered to a command: without a socket it is all that tells of it soon. */
  hear(download) {
    const known = this.downloads.get(download.id);
    if (!known || known.updated < download.updated) this.#put(download);
  }

  #connect() {
    if (this.#stopped) return;
    const ws = socket();
    let worked = false;
    this.#socket = ws;
    ws.onopen = () => {
      this.#heard = Date.now();
      this.#found();
      ws.send(JSON.stringify({ type: 'subscribe', downloads: 'all', ...(this.#rev && { since: this.#rev }) }));
    };
    ws.onmessage = (message) => {
      this.#heard = Date.now();
      this.#wait = FIRST_WAIT;
      worked = true;
      this.#take(JSON.parse(message.data));
    };
    ws.onclose = () => {
      if (this.#socket !== ws || this.#stopped) return;
      this.#socket = null;
      setTimeout(() => this.#connect(), this.#wait * (0.75 + Math.random() / 2));
      this.#wait = Math.min(LONGEST_WAIT, this.#wait * 2);
      // One that broke goes on where it was; only if none can be had after it is anything missing.
      if (worked) {
        this.#broken = Date.now();
      } else {
        if (!this.#answered) this.#lost();
        this.#poll();
      }
    };
  }

  #take(message) {
    if (message.rev) this.#rev = message.rev;
    if (message.counts) this.counts = message.counts;
    switch (message.type) {
      case 'snapshot':
        this.stats = { ...this.stats, ...message.stats };
        for (const each of message.downloads) this.#put(each);
        this.#emit('stats');
        this.#emit('reload');
        break;
      case 'resync':
        this.#emit('reload');
        break;
      case 'download.added':
      case 'download.state':
        for (const each of message.downloads) this.#put({ ...this.downloads.get(each.id), phase: undefined, waitUntil: undefined, waitReason: undefined, error: undefined, ...each });
        break;
      case 'download.progress':
        for (const each of message.downloads) this.#move(each);
        break;
      case 'download.removed':
        for (const each of message.downloads) {
          this.downloads.delete(each.id);
          this.paces.delete(each.id);
          this.#changed.delete(each.id);
          this.#removed.add(each.id);
        }
        this.#paint();
        break;
      case 'stats':
        this.stats = { ...this.stats, ...message.stats };
        this.#emit('stats');
        break;
      default:
        this.dispatchEvent(new CustomEvent(message.type, { detail: message }));
    }
  }

  /** New numbers of a download; of one that nobody has seen they say too little. */
  #move(numbers) {
    const known = this.downloads.get(numbers.id);
    if (!known) return;
    const speed = known.speed > 0 && numbers.speed > 0 ? known.speed + (numbers.speed - known.speed) * NEW : numbers.speed;
    this.#put({ ...known, eta: undefined, ...numbers, speed });
  }

  #put(download) {
    this.downloads.set(download.id, download);
    this.#removed.delete(download.id);
    this.#changed.set(download.id, download);
    this.#paint();
  }

  #paint() {
    if (this.#frame) return;
    this.#frame = true;
    // A hidden page gets no frames; what it missed is one change when it is seen again.
    requestAnimationFrame(() => {
      this.#frame = false;
      const detail = { changed: this.#changed, removed: this.#removed };
      this.#changed = new Map();
      this.#removed = new Set();
      this.dispatchEvent(new CustomEvent('downloads', { detail }));
    });
  }

  #second() {
    if (!this.lostSince) {
      if (this.stats.speed !== undefined) push(this.speeds, this.stats.speed, LONG);
      this.#paces();
    }
    if (this.#seconds++ % SLOW === 0) this.#ask();
    this.#emit('second');
    if (this.#socket?.readyState === WebSocket.OPEN && Date.now() - this.#heard > SILENCE) this.#socket.close();
  }

  async #ask() {
    try {
      this.stats = { ...this.stats, ...await get('stats') };
      this.#emit('stats');
    } catch {
      // The connection is what says that something is wrong.
    }
  }

  #paces() {
    for (const each of this.downloads.values()) {
      if (each.state !== 'DOWNLOADING') {
        this.paces.delete(each.id);
        continue;
      }
      if (!this.paces.has(each.id)) this.paces.set(each.id, []);
      push(this.paces.get(each.id), each.speed ?? 0, SHORT);
    }
  }

  /** While no socket can be had the page still tells the truth, only later. */
  async #poll() {
    if (this.#polling) return;
    this.#polling = true;
    while (!this.#stopped && this.#socket?.readyState !== WebSocket.OPEN) {
      try {
        const [page, stats] = await Promise.all([
          get('downloads', { state: ACTIVE, limit: 200 }), get('stats'),
        ]);
        this.#answered = true;
        this.#found();
        this.counts = page.counts;
        this.stats = { ...this.stats, ...stats };
        for (const each of page.items) this.#put(each);
        this.#emit('stats');
        this.#emit('reload');
      } catch (error) {
        if (error instanceof ApiError && error.status === 401) {
          this.#emit('refused');
          break;
        }
        this.#answered = false;
        this.#lost();
      }
      await new Promise((resume) => setTimeout(resume, POLL));
    }
    this.#polling = false;
    this.#answered = false;
  }

  #lost() {
    if (this.lostSince) return;
    this.lostSince = this.#broken ?? Date.now();
    this.#emit('link');
  }

  #found() {
    this.#broken = null;
    if (!this.lostSince) return;
    this.lostSince = null;
    this.#emit('link');
  }

  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}

function push(values, value, most) {
  values.push(value);
  if (values.length > most) values.shift();
}
