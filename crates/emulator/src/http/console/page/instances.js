// The instances, one of which is looked at.

import { byId, element, number } from './dom.js';

let shown = '';
let chosen = null;
let choose = () => {};

/** Sets what happens when another instance is chosen. */
export function onChoose(listener) {
  choose = listener;
}

/** Returns the name of the instance that is looked at; it is empty if there is none. */
export const chosenInstance = () => chosen;

/** Shows the instances with their counts; the first is chosen unless the address names another. */
export function showInstances(instances) {
  const text = JSON.stringify(instances);
  if (text === shown) {
    return;
  }
  shown = text;
  const names = instances.map(({ name }) => name);
  const focused = byId('instances').contains(document.activeElement);
  const wanted = [chosen, nameInAddress()].find((name) => names.includes(name)) ?? names[0] ?? '';
  const legend = byId('instances').querySelector('legend');
  byId('instances').replaceChildren(legend, ...instances.map((it) => card(it, it.name === wanted)));
  if (focused) {
    byId('instances').querySelector(':checked')?.focus();
  }
  pick(wanted);
}

function card({ name, images, capacity, service_type, region }, isChosen) {
  const radio = element('input', {
    type: 'radio',
    name: 'instance',
    value: name,
    checked: isChosen,
    change: () => pick(name),
  });
  const bar = element('span', { class: 'fill', 'aria-hidden': 'true' }, element('i'));
  const share = capacity > 0 ? Math.min(1, images / capacity) : 0;
  bar.firstChild.style.width = `${share * 100}%`;
  return element(
    'label',
    { class: 'instance' },
    radio,
    element('b', { class: 'name' }, name),
    element('span', { class: 'much' }, element('b', {}, number(images)), ` of ${number(capacity)}`),
    bar,
    element('span', { class: 'kind' }, [service_type, region].filter(Boolean).join(' · ')),
  );
}

function pick(name) {
  if (name !== chosen) {
    chosen = name;
    history.replaceState(null, '', `#${encodeURIComponent(name)}`);
    choose(name);
  }
}

function nameInAddress() {
  try {
    return decodeURIComponent(location.hash.slice(1));
  } catch {
    return '';
  }
}
