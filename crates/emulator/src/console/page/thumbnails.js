// Loads small pictures when they come into view, a few at a time.

import { ask, ofInstance } from './api.js';
import { element } from './dom.js';

/** Fewer than the browser's six connections, so that the journal is never kept waiting. */
const MOST_AT_ONCE = 4;

const wanted = new Map();
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
    wanted.set(place, ofInstance(instance, 'thumbnail', { product_id, pic_name }));
    observer.observe(place);
  }
  return place;
}

/** Forgets the places inside an element that is about to go. */
export function forget(container) {
  for (const place of container.querySelectorAll('.thumbnail')) {
    observer.unobserve(place);
    wanted.delete(place);
  }
}

function pump() {
  while (running < MOST_AT_ONCE && queue.length > 0) {
    const place = queue.shift();
    const path = wanted.get(place);
    wanted.delete(place);
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
  try {
    const answer = await ask(path);
    const url = URL.createObjectURL(await answer.blob());
    const image = element('img', { alt: '' });
    image.src = url;
    await image.decode().finally(() => URL.revokeObjectURL(url));
    place.replaceChildren(image);
    place.dataset.state = 'shown';
  } catch {
    // The picture may have been deleted meanwhile; the next listing tells.
    place.dataset.state = 'none';
  }
}
