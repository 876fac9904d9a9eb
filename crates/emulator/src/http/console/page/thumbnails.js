// Loads small pictures when they come into view, a few at a time.

import { ask, ofInstance } from './api.js';
import { element } from './dom.js';

/** Fewer than the browser's six connections, so that the journal is never kept waiting. */
const MOST_AT_ONCE = 4;

/** Where the picture of a place is asked for. */
const paths = new WeakMap();
/** The picture that was asked for last at a place; one that comes after it is out of date. */
const newest = new WeakMap();
const queue = [];
let running = 0;

const observer = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      if (isIntersecting) {
        observer.unobserve(target);
        queue.push(target);
        pump();
      }
    }
  },
  { rootMargin: '200px' },
);

/** Makes the place of a picture; the picture comes when the place is seen. */
export function thumbnail(instance, image) {
  const place = element('span', { class: 'thumbnail', 'data-state': 'none' });
  if (image.thumbnail) {
    const { product_id, pic_name } = image;
    place.dataset.state = 'waiting';
    paths.set(place, ofInstance(instance, 'thumbnail', { product_id, pic_name }));
    observer.observe(place);
  }
  return place;
}

/** Asks again for the pictures inside an element; what has not changed comes out of the cache. */
export function renew(container) {
  for (const place of container.querySelectorAll('.thumbnail')) {
    if (paths.has(place)) {
      observer.observe(place);
    }
  }
}

/** Forgets the places inside an element that is about to go. */
export function forget(container) {
  for (const place of container.querySelectorAll('.thumbnail')) {
    observer.unobserve(place);
    paths.delete(place);
  }
}

function pump() {
  while (running < MOST_AT_ONCE && queue.length > 0) {
    const place = queue.shift();
    const path = paths.get(place);
    if (path !== undefined) {
      running += 1;
      load(place, path).finally(() => {
        running -= 1;
        pump();
      });
    }
  }
}

async function load(place, path) {
  const image = element('img', { alt: '' });
  newest.set(place, image);
  const loaded = await fill(image, path);
  if (newest.get(place) === image) {
    place.replaceChildren(...(loaded ? [image] : []));
    place.dataset.state = loaded ? 'shown' : 'none';
  }
}

/** Gives an image its picture, which may have been deleted meanwhile; the next listing tells. */
async function fill(image, path) {
  try {
    const answer = await ask(path);
    image.src = URL.createObjectURL(await answer.blob());
    await image.decode().finally(() => URL.revokeObjectURL(image.src));
    return true;
  } catch {
    return false;
  }
}
