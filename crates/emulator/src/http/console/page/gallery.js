// The pictures of an instance, a page at a time.

import { askJson, hasToken, ofInstance, Refused } from './api.js';
import { byId, element, number, snippet } from './dom.js';
import { showPicture } from './picture.js';
import { forget, renew, thumbnail } from './thumbnails.js';

const PAGE = 48;

/** Its name; empty if there is no instance, and null until that is known. */
let instance = null;
let start = 0;
let filter = '';
/** The places of the pictures shown, by all that is known of each. */
let tiles = new Map();
let loading = new AbortController();

/** Shows the pictures of an instance, from the first on, and nothing of what was shown before. */
export function openGallery(name) {
  instance = name;
  start = 0;
  forget(byId('gallery'));
  byId('gallery').replaceChildren();
  tiles.clear();
  return refreshGallery();
}

/** Lists the page again; what has not changed stays as it is, and keeps the focus. */
export async function refreshGallery() {
  loading.abort();
  loading = new AbortController();
  const { signal } = loading;
  if (instance === null) {
    return;
  }
  if (instance === '') {
    showPage({ total: 0, images: [] });
    return;
  }
  const query = { start, count: PAGE, filter };
  let listed;
  try {
    listed = await askJson(ofInstance(instance, 'images', query), { signal });
  } catch (error) {
    if (error.name !== 'AbortError') {
      showRefusal(error);
    }
    return;
  }
  if (signal.aborted) {
    return;
  }
  if (listed.images.length === 0 && start > 0) {
    start = Math.max(0, Math.floor((listed.total - 1) / PAGE) * PAGE);
    await refreshGallery();
    return;
  }
  showPage(listed);
}

function showPage({ total, images }) {
  const before = tiles;
  tiles = new Map();
  for (const image of images) {
    const key = JSON.stringify([instance, image]);
    const known = before.get(key);
    if (known) {
      // Another picture may have come under the same names.
      renew(known);
    }
    tiles.set(key, known ?? tile(image));
  }
  for (const [key, gone] of before) {
    if (!tiles.has(key)) {
      forget(gone);
      gone.remove();
    }
  }
  // Moving a tile would take the focus from it, so only those that are out of place are moved.
  const list = byId('gallery');
  let at = list.firstElementChild;
  for (const shown of tiles.values()) {
    if (shown === at) {
      at = at.nextElementSibling;
    } else {
      list.insertBefore(shown, at);
    }
  }
  giveTabStop(buttons().find((button) => button.tabIndex === 0) ?? buttons()[0]);
  byId('gallery-count').textContent = number(total);
  byId('gallery-notice').replaceChildren(...notice(total, images));
  showPages(total, images.length);
}

function tile(image) {
  const names = [
    element('b', { class: 'name' }, image.product_id),
    element('span', { class: 'name' }, image.pic_name),
  ];
  const open = () => showPicture(instance, image);
  const content = [thumbnail(instance, image), ...names];
  return element(
    'li',
    {},
    element('button', { type: 'button', tabindex: -1, click: open }, ...content),
  );
}

function notice(total, images) {
  if (instance === '') {
    return [none()];
  }
  if (total === 0 && filter === '') {
    return [empty()];
  }
  if (total === 0) {
    return [element('p', { class: 'hint' }, 'No picture matches this filter.')];
  }
  if (images.some((image) => image.thumbnail)) {
    return [];
  }
  const hint =
    'Pictures are described and not kept, so there is nothing to show. To see them, start with';
  return [element('div', { class: 'hint' }, hint, snippet('imagesearch emulator --keep-images'))];
}

function none() {
  const token = hasToken() ? " -H 'Authorization: Bearer TOKEN'" : '';
  const command = `curl -X PUT${token} ${location.origin}/_emulator/instances/demo`;
  return suggestion('There is no instance', 'Make one from a shell:', command);
}

function empty() {
  const title = `There are no pictures in ${instance} yet`;
  const command = [
    `export IMAGESEARCH_EMULATOR=${location.origin}`,
    `imagesearch call AddImage --instance ${quoted(instance)} \\`,
    '  --product-id 1000 --pic-name front.jpg --pic-content photo.jpg',
  ].join('\n');
  return suggestion(title, 'Add one with any SDK, or from a shell:', command);
}

function suggestion(title, words, command) {
  const parts = [element('h3', {}, title), element('p', {}, words), snippet(command)];
  return element('div', { class: 'empty' }, ...parts);
}

/** Writes a name so that a shell takes it as one word. */
const quoted = (name) => (/^[\w.-]+$/.test(name) ? name : `'${name.replaceAll("'", "'\\''")}'`);

function showRefusal(error) {
  if (!(error instanceof Refused)) {
    // The line above the page says that the emulator does not answer.
    return;
  }
  byId('gallery-notice').replaceChildren(element('p', { class: 'wrong' }, error.message));
}

function showPages(total, shown) {
  byId('pages').hidden = total <= PAGE;
  byId('page').textContent = `${number(start + 1)} to ${number(start + shown)} of ${number(total)}`;
  byId('previous').disabled = start === 0;
  byId('next').disabled = start + shown >= total;
}

const buttons = () => [...byId('gallery').querySelectorAll('button')];

/** One picture is reached with Tab, the others from it with the arrow keys. */
function giveTabStop(chosen) {
  for (const button of buttons()) {
    button.tabIndex = button === chosen ? 0 : -1;
  }
}

function move(event) {
  const all = buttons();
  const at = all.indexOf(document.activeElement);
  if (at < 0) {
    return;
  }
  const top = all[0].offsetTop;
  const below = all.findIndex((button) => button.offsetTop > top);
  const columns = below < 0 ? all.length : below;
  const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns };
  const ends = { Home: 0, End: all.length - 1 };
  const to = event.key in ends ? ends[event.key] : at + steps[event.key];
  if (all[to]) {
    event.preventDefault();
    giveTabStop(all[to]);
    all[to].focus();
  }
}

function turn(pages) {
  start = Math.max(0, start + pages * PAGE);
  return refreshGallery();
}

byId('gallery').addEventListener('keydown', move);
byId('gallery').addEventListener('focusin', (event) => giveTabStop(event.target.closest('button')));
byId('previous').addEventListener('click', () => turn(-1));
byId('next').addEventListener('click', () => turn(1));
byId('gallery-filter').addEventListener('submit', (event) => {
  event.preventDefault();
  filter = event.target.elements.filter.value.trim();
  start = 0;
  refreshGallery();
});
