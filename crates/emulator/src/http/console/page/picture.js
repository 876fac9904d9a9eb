// One stored picture, with all that is stored beside it.

import { byId, element } from './dom.js';
import { thumbnail } from './thumbnails.js';

/** What is stored beside a picture, in the order it is shown. */
const FACTS = [
  ['Product', 'product_id'],
  ['Picture', 'pic_name'],
  ['Category', 'category_id'],
  ['Score', 'score'],
  ['Custom content', 'custom_content'],
  ...['', '2', '3', '4'].map((place) => [`int_attr${place}`, `int_attr${place}`]),
  ...['', '2', '3', '4'].map((place) => [`str_attr${place}`, `str_attr${place}`]),
];

let shown = null;
let find = () => {};

/** Sets what happens when pictures like the one shown are wanted. */
export function onFind(listener) {
  find = listener;
}

/** Opens the picture over the page; Escape closes it and gives the focus back. */
export function showPicture(instance, image) {
  shown = image;
  const facts = FACTS.filter(([, name]) => image[name] !== undefined && image[name] !== null);
  const rows = facts.flatMap(([title, name]) => [
    element('dt', {}, title),
    element('dd', {}, String(image[name])),
  ]);
  byId('picture-title').textContent = image.product_id;
  byId('picture-frame').replaceChildren(thumbnail(instance, image));
  byId('picture-facts').replaceChildren(...rows);
  byId('picture').showModal();
}

byId('picture-search').addEventListener('click', () => {
  byId('picture').close();
  find(shown);
});
