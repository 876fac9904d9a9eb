// The requests that came, newest first, as they come.

import { askJson } from './api.js';
import { byId, element, number, snippet } from './dom.js';

/** Older lines leave the page; the emulator may still have them. */
const MOST = 300;

/** What is told about a request when its line is opened, in this order. */
const FACTS = [
  ['Request id', ({ request_id }) => request_id],
  ['Error', ({ code }) => code],
  ['Account', ({ account }) => account],
  ['Hop', ({ hop }) => hop],
  ['Parameters', ({ keys }) => keys?.join(', ')],
  ['Picture', ({ picture_bytes }) => picture_bytes && `${number(picture_bytes)} bytes`],
  ['Fault', ({ fault }) => fault],
  ['Signature', ({ signature }) => signature?.reason],
  ['First difference', ({ signature }) => signature?.first_difference],
  ['Signed here', ({ signature }) => signature?.server_signed],
  ['Signed there', ({ signature }) => signature?.client_signed],
];

let next = 0;
let seen = 0;
let paused = false;

/** Asks what came since the last time, and returns it, oldest first. */
export async function readJournal() {
  if (paused) {
    return [];
  }
  const { next: after, requests } = await askJson(`requests?since=${next}`);
  if (after < next) {
    // The emulator was started again, and counts from the beginning.
    forgetJournal();
    return readJournal();
  }
  next = after;
  seen += requests.length;
  show(requests);
  return requests;
}

function forgetJournal() {
  next = 0;
  seen = 0;
  byId('journal').replaceChildren();
}

function show(requests) {
  const list = byId('journal');
  list.prepend(...requests.slice(-MOST).map(line).reverse());
  while (list.childElementCount > MOST) {
    list.lastElementChild.remove();
  }
  byId('journal-count').textContent = seen === 0 ? '' : number(seen);
  showNotice();
}

function line(request) {
  const { status, code, action, instance, ms, fault, picture_bytes } = request;
  const failed = status === null || status === undefined || status >= 400 || Boolean(code);
  const facts = FACTS.map(([title, of]) => [title, of(request)]).filter(([, value]) => value);
  const wrong = [code, fault && `fault ${fault}`].filter(Boolean).join(' · ');
  const about = [instance, picture_bytes && size(picture_bytes)].filter(Boolean).join(' · ');
  const why = [about, about && wrong && ' · ', wrong && element('b', {}, wrong)].filter(Boolean);
  const summary = element(
    'summary',
    {},
    element('span', { class: 'status' }, status ? String(status) : 'none'),
    element('span', { class: 'what' }, action || 'unknown'),
    element('span', { class: 'took' }, `${number(Math.round(ms ?? 0))} ms`),
    element('span', { class: 'why' }, ...why),
    element('time', {}, clockTime(request.time)),
  );
  const rows = facts.flatMap(([title, value]) => [
    element('dt', {}, title),
    element('dd', {}, String(value)),
  ]);
  const details = element('details', {}, summary, element('dl', { class: 'facts' }, ...rows));
  return element('li', { 'data-failed': String(failed) }, details);
}

/** Writes how large a picture is, to three digits. */
function size(bytes) {
  const [unit, divisor] = bytes < 1e6 ? ['kB', 1e3] : ['MB', 1e6];
  return `${number(Number((bytes / divisor).toPrecision(3)))} ${unit}`;
}

/** Writes the time of day, in UTC as the emulator's own log does. */
function clockTime(time) {
  const at = new Date(time);
  return Number.isNaN(at.getTime()) ? String(time ?? '') : at.toISOString().slice(11, 23);
}

function showNotice() {
  const list = byId('journal');
  const failedOnly = byId('journal-failed').checked;
  list.dataset.failedOnly = String(failedOnly);
  const content = [];
  if (seen === 0) {
    const command = `export IMAGESEARCH_EMULATOR=${location.origin}`;
    const words = 'No requests yet. Let a program talk to this emulator and watch them arrive:';
    content.push(element('div', { class: 'hint' }, words, snippet(command)));
  } else if (failedOnly && !list.querySelector('[data-failed="true"]')) {
    content.push(element('p', { class: 'hint' }, 'No request has failed.'));
  }
  byId('journal-notice').replaceChildren(...content);
}

byId('journal-failed').addEventListener('change', showNotice);
byId('journal-pause').addEventListener('click', (event) => {
  paused = !paused;
  event.target.setAttribute('aria-pressed', String(paused));
  event.target.textContent = paused ? 'Go on' : 'Pause';
});
