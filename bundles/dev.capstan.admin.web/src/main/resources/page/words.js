/** How states and phases are said, and which shape goes with them: never colour alone. */
import { duration } from './format.js';

const PHASES = {
  RESOLVING: 'Finding the file',
  EXPANDING: 'Reading the list',
  CONNECTING: 'Connecting',
  TRANSFERRING: 'Downloading',
  VERIFYING: 'Verifying',
  PLACING: 'Putting in place',
  RETRY_WAIT: 'Tries again',
  HOST_WAIT: 'The host asks to wait',
  WAITING_FOR_HOST: 'Waits for its plug-in',
  WAITING_FOR_ENGINE: 'Waits for the engine',
  ACCOUNT_HELD: 'Waits for the account',
  DISK_FULL: 'Waits for free space',
  SCHEDULE: 'Waits for its hours',
};

const STATES = {
  QUEUED: { word: 'Waiting', tone: 'waiting', shape: 'waiting' },
  STARTING: { word: 'Starting', tone: 'active', shape: 'downloads' },
  DOWNLOADING: { word: 'Downloading', tone: 'active', shape: 'downloads' },
  PAUSED: { word: 'Paused', tone: 'quiet', shape: 'pause' },
  COMPLETED: { word: 'Finished', tone: 'done', shape: 'done' },
  FAILED: { word: 'Failed', tone: 'failed', shape: 'failed' },
  CANCELLED: { word: 'Cancelled', tone: 'quiet', shape: 'cancel' },
};

/** What a wait is about and the page where something can be done about it. */
const WAITS = {
  RETRY_WAIT: { text: 'It tries again by itself, and goes on where it was.' },
  HOST_WAIT: { text: 'It goes on by itself when the host lets it.' },
  WAITING_FOR_HOST: { text: 'It goes on as soon as the plug-in of this host runs.', page: 'plugins', word: 'Plug-ins' },
  WAITING_FOR_ENGINE: { text: 'It goes on as soon as the part that downloads runs.', page: 'plugins', word: 'Plug-ins' },
  ACCOUNT_HELD: { text: 'It goes on as soon as the account works.', page: 'hosts', word: 'Accounts' },
  DISK_FULL: { text: 'It goes on by itself as soon as there is room.', page: 'system', word: 'Space' },
  SCHEDULE: { text: 'It goes on by itself at its hours.' },
};

/** What can be done about a failure, where it is more than trying again. */
const FAILURES = {
  AUTH: { text: 'Check the account of this host.', page: 'hosts', word: 'Accounts' },
  ACCOUNT: { text: 'Check the account of this host.', page: 'hosts', word: 'Accounts' },
  DISK_FULL: { text: 'Make room, then try again.', page: 'system', word: 'Space' },
  NOT_FOUND: { text: 'Trying again helps only if the file comes back.' },
};

export const tone = (download) => STATES[download.state].tone;
export const shape = (download) => STATES[download.state].shape;

const END = /^[a-z]+:\/\/[^/]+\/(?:[^?#]*\/)?([^/?#]+\.[a-z0-9]{1,5})(?:[?#]|$)/i;

/** What it is called: until its host has said a name, the end of its link where that looks like a file. */
export function title({ name, url }) {
  if (name && name !== url) return name;
  try {
    return decodeURIComponent(END.exec(url)?.[1] ?? url);
  } catch {
    return url;
  }
}

/** One short phrase that says how a download stands. */
export function standing(download, now = Date.now()) {
  if (download.state === 'FAILED') return download.error?.message ?? 'Failed';
  if (download.kind === 'listing' && download.state === 'COMPLETED') return 'Became a batch';
  const phase = PHASES[download.phase];
  if (!phase || ['PAUSED', 'COMPLETED', 'CANCELLED'].includes(download.state)) return STATES[download.state].word;
  const left = download.waitUntil ? (new Date(download.waitUntil) - now) / 1000 : 0;
  return left > 0 ? `${phase} in ${duration(left)}` : phase;
}

/** What it waits for, or what can be done: {text, page?, word?}, or null where there is nothing to say. */
export function advice(download) {
  if (download.state === 'QUEUED') return WAITS[download.phase] ?? null;
  if (download.state === 'FAILED') return FAILURES[download.error?.class] ?? null;
  return null;
}

/** The moves that are legal from a state, in the order of their buttons. */
export function moves(download) {
  switch (download.state) {
    case 'QUEUED': case 'STARTING': case 'DOWNLOADING': return ['pause', 'cancel'];
    case 'PAUSED': return ['resume', 'cancel'];
    case 'FAILED': case 'CANCELLED': return ['retry'];
    default: return [];
  }
}

export const MOVES = {
  pause: { word: 'Pause', shape: 'pause' },
  resume: { word: 'Resume', shape: 'resume' },
  retry: { word: 'Try again', shape: 'retry' },
  cancel: { word: 'Cancel', shape: 'cancel' },
};
