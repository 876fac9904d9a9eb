// Searches with a picture that is dropped, pasted or chosen, or with one that is stored.

import { askJson, ofInstance, Refused } from './api.js';
import { byId, element, number } from './dom.js';
import { boxes, described } from './boxes.js';
import { onFind, showPicture } from './picture.js';
import { thumbnail } from './thumbnails.js';

/** The name of the instance; empty if there is none. */
let instance = '';
/** What is searched with: the bytes of a picture, or the names of a stored one. */
let query = null;
let searching = new AbortController();

/** Searches in another instance from now on. */
export function searchIn(name) {
  if (name !== instance) {
    instance = name;
    byId('drop').disabled = instance === '';
    if (query?.names || instance === '') {
      clear();
    } else {
      search();
    }
  }
}

function searchByName(image) {
  const { product_id, pic_name } = image;
  query = { names: { product_id, pic_name } };
  showQuery(thumbnail(instance, image), `${product_id} / ${pic_name}`);
  byId('search').scrollIntoView({ block: 'nearest' });
  byId('drop').focus();
  search();
}

async function searchByPicture(file) {
  query = { file };
  const picture = element('img', { alt: `The picture searched with: ${file.name}` });
  picture.src = URL.createObjectURL(file);
  showQuery(picture, file.name);
  const drawn = picture.decode().finally(() => URL.revokeObjectURL(picture.src));
  drawn.catch(() => {
    const words = 'This browser cannot show the format, but the emulator may know it.';
    picture.replaceWith(element('span', { class: 'drop-words' }, words));
  });
  await search();
}

function showQuery(picture, name) {
  byId('search').dataset.state = 'searching';
  byId('drop').querySelector('.drop-words').hidden = true;
  byId('query').replaceChildren(picture);
  byId('query').hidden = false;
  byId('query-caption').textContent = name;
  byId('query-caption').hidden = false;
  byId('search-clear').hidden = false;
}

async function search() {
  if (query === null) {
    return;
  }
  searching.abort();
  searching = new AbortController();
  const { signal } = searching;
  const { num, category_id, filter, crop } = byId('options').elements;
  const options = {
    num: num.value,
    category_id: category_id.value.trim(),
    filter: filter.value.trim(),
    // A stored picture is compared as it was described when it came.
    crop: query.names ? undefined : crop.checked,
    ...query.names,
  };
  const path = ofInstance(instance, 'search', options);
  try {
    const answer = await askJson(path, { method: 'POST', body: query.file, signal });
    showAnswer(answer);
  } catch (error) {
    if (error.name !== 'AbortError') {
      showRefusal(error);
    }
  }
}

function showAnswer(answer) {
  const found = answer.Auctions ?? [];
  const categories = new Map(
    (answer.PicInfo?.AllCategories ?? []).map(({ Id, Name }) => [Id, Name]),
  );
  byId('search').dataset.state = 'found';
  const all = answer.Head?.DocsFound ?? found.length;
  const title =
    found.length === 0 ? 'Nothing found' : `${number(found.length)} of ${number(all)} found`;
  const facts = [`${number(answer.Head?.SearchTime ?? 0)} ms`, ...described(answer.PicInfo)];
  const head = element('p', { class: 'summary' }, element('b', {}, title), ...facts.map(fact));
  const hits = found.map((hit, at) => element('li', {}, row(hit, at, categories)));
  const raw = element('details', {}, element('summary', {}, 'The whole answer'));
  raw.append(element('pre', { tabindex: 0 }, JSON.stringify(answer, null, 2)));
  byId('answer').replaceChildren(head, element('ol', { class: 'hits' }, ...hits), raw);
  showBoxes(answer.PicInfo);
}

const fact = (text) => element('span', {}, text);

function row(hit, at, categories) {
  const image = stored(hit);
  const score = hit.Score ?? 0;
  const bar = element('span', { class: 'bar-of-score', 'aria-hidden': 'true' }, element('i'));
  bar.firstChild.style.width = `${Math.round(Math.max(0, Math.min(1, score)) * 100)}%`;
  const category = categories.get(hit.CategoryId) ?? `category ${hit.CategoryId}`;
  return element(
    'button',
    {
      type: 'button',
      class: score === 1 ? 'hit same' : 'hit',
      click: () => showPicture(instance, image),
    },
    element('span', { class: 'rank' }, String(at + 1)),
    thumbnail(instance, image),
    element(
      'span',
      { class: 'names' },
      element('b', { class: 'name' }, image.product_id),
      element('span', { class: 'name' }, `${image.pic_name} · ${category}`),
    ),
    element('span', { class: 'score' }, element('b', {}, score.toFixed(4)), bar),
  );
}

/** Names what is stored beside a hit as the gallery does. */
function stored(hit) {
  const attributes = ['IntAttr', 'StrAttr'].flatMap((kind) =>
    ['', '2', '3', '4'].map((place) => [
      `${kind === 'IntAttr' ? 'int' : 'str'}_attr${place}`,
      hit[kind + place],
    ]),
  );
  return {
    product_id: hit.ProductId,
    pic_name: hit.PicName,
    category_id: hit.CategoryId,
    custom_content: hit.CustomContent,
    score: hit.Score,
    ...Object.fromEntries(attributes),
    // Whether it is kept is only known by asking for it.
    thumbnail: true,
  };
}

/** Draws the boxes over the picture once its sides are known. */
async function showBoxes(info) {
  const picture = byId('query').querySelector('img');
  byId('query').querySelector('svg')?.remove();
  if (picture && !query.names) {
    await picture.decode().catch(() => {});
    if (picture.isConnected && picture.naturalWidth > 0) {
      byId('query').querySelector('svg')?.remove();
      byId('query').append(boxes(info, picture.naturalWidth, picture.naturalHeight));
    }
  }
}

function showRefusal(error) {
  const advice = error instanceof Refused ? error.advice : 'It may have been stopped.';
  const words = [
    element('b', {}, error.code || 'No answer'),
    element('span', {}, error.message),
    element('span', {}, advice),
  ];
  byId('search').dataset.state = 'found';
  byId('query').querySelector('svg')?.remove();
  byId('answer').replaceChildren(element('div', { class: 'notice bad', role: 'alert' }, ...words));
}

function clear() {
  searching.abort();
  query = null;
  byId('search').dataset.state = 'empty';
  byId('drop').querySelector('.drop-words').hidden = false;
  byId('query').hidden = true;
  byId('query').replaceChildren();
  byId('query-caption').hidden = true;
  byId('search-clear').hidden = true;
  byId('answer').replaceChildren();
}

/** Takes the first picture of what was dropped or pasted, if there is an instance to search in. */
function take(transfer) {
  const file = [...(transfer?.files ?? [])][0];
  const taken = file !== undefined && instance !== '';
  if (taken) {
    searchByPicture(file);
  }
  return taken;
}

onFind(searchByName);
byId('drop').addEventListener('click', () => byId('file').click());
byId('file').addEventListener('change', (event) => {
  take(event.target);
  // The same file may be chosen again, when it has changed.
  event.target.value = '';
});
byId('search-clear').addEventListener('click', () => {
  clear();
  byId('drop').focus();
});
byId('options').addEventListener('change', search);
byId('options').addEventListener('submit', (event) => {
  event.preventDefault();
  search();
});
document.addEventListener('paste', (event) => {
  if (take(event.clipboardData)) {
    event.preventDefault();
  }
});
// A picture that misses the drop zone must not replace the page.
document.addEventListener('dragover', (event) => {
  event.preventDefault();
  byId('drop').dataset.over = event.target.closest('#search') ? 'here' : 'near';
});
document.addEventListener('dragleave', (event) => {
  if (event.relatedTarget === null) {
    delete byId('drop').dataset.over;
  }
});
document.addEventListener('drop', (event) => {
  event.preventDefault();
  delete byId('drop').dataset.over;
  take(event.dataTransfer);
});
