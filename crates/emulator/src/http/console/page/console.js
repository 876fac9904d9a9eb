// Keeps the page in step with the emulator.

import { askJson, hasToken, Refused, useToken } from './api.js';
import { byId, copyText, element } from './dom.js';
import { openGallery, refreshGallery } from './gallery.js';
import { chosenInstance, onChoose, showInstances } from './instances.js';
import { readJournal } from './journal.js';
import { searchIn } from './search.js';

/** How often the emulator is asked for what is new, in milliseconds. */
const EVERY = 1000;

/** The operations after which a gallery may look different. */
const CHANGES = /^(Add|Update|Delete|Increase)/;

let counted = '';
let locked = false;

async function step() {
  const requests = await readJournal();
  const { instances } = await askJson('instances');
  showInstances(instances);
  const name = chosenInstance();
  const images = instances.find((it) => it.name === name)?.images;
  const changed = requests.some((it) => it.instance === name && CHANGES.test(it.action ?? ''));
  const count = JSON.stringify([name, images]);
  if (changed || (counted !== count && counted !== '')) {
    await refreshGallery();
  }
  counted = count;
}

async function keepInStep() {
  try {
    if (!document.hidden && !locked) {
      await step();
      showHealth('ready', 'ready');
      if (!byId('trouble').hidden) {
        // Pictures that could not be had meanwhile can be had again.
        byId('trouble').hidden = true;
        openGallery(chosenInstance());
      }
    }
  } catch (error) {
    explain(error);
  }
  setTimeout(keepInStep, EVERY);
}

function explain(error) {
  if (error instanceof Refused && error.status === 401) {
    locked = true;
    showHealth('gone', 'locked');
    const open = element('button', { type: 'button', click: askForToken }, 'Enter the token');
    byId('trouble').replaceChildren('This emulator asks for its admin token. ', open);
    askForToken();
  } else if (error instanceof Refused) {
    showHealth('gone', 'refused');
    byId('trouble').textContent = error.message;
  } else {
    showHealth('gone', 'not reachable');
    byId('trouble').textContent =
      `${error.message} It may have been stopped. This page goes on when it is back.`;
  }
  byId('trouble').hidden = false;
}

function askForToken() {
  byId('token-wrong').hidden = !hasToken();
  byId('token').showModal();
}

function showHealth(state, words) {
  const health = byId('health');
  if (health.dataset.state !== state) {
    health.dataset.state = state;
    health.textContent = words;
  }
}

onChoose((name) => {
  counted = '';
  searchIn(name);
  openGallery(name);
});
byId('address').textContent = location.origin;
for (const button of document.querySelectorAll('[data-copy]')) {
  button.addEventListener('click', () =>
    copyText(button, document.querySelector(button.dataset.copy).textContent),
  );
}
for (const button of document.querySelectorAll('[data-close]')) {
  button.addEventListener('click', () => button.closest('dialog').close());
}
for (const dialog of document.querySelectorAll('dialog')) {
  // A click beside what the dialog holds closes it, as Escape does.
  dialog.addEventListener('click', (event) => event.target === dialog && dialog.close());
}
byId('token')
  .querySelector('form')
  .addEventListener('submit', (event) => {
    const field = event.target.elements.token;
    useToken(field.value.trim());
    field.value = '';
    locked = false;
  });
keepInStep();
