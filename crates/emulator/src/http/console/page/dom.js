// Builds elements. Text only ever becomes a text node, so nothing that is stored can become markup.

const SVG = 'http://www.w3.org/2000/svg';

/** Finds the element of an id. */
export const byId = (id) => document.getElementById(id);

/** Makes an element; functions among its properties become listeners, `false` leaves one out. */
export function element(name, properties = {}, ...children) {
  return furnish(document.createElement(name), properties, children);
}

/** Makes an element of a drawing. */
export function drawing(name, properties = {}, ...children) {
  return furnish(document.createElementNS(SVG, name), properties, children);
}

function furnish(made, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (typeof value === 'function') {
      made.addEventListener(name, value);
    } else if (value === true) {
      made.setAttribute(name, '');
    } else if (value !== false && value !== null && value !== undefined) {
      made.setAttribute(name, value);
    }
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** Writes a whole number with its thousands apart. */
export const number = (value) => new Intl.NumberFormat('en').format(value);

/** Makes a text to paste somewhere, with a button that copies it. */
export function snippet(text) {
  const code = element('code', {}, text);
  const copy = element('button', { type: 'button', click: () => copyText(copy, text) }, 'Copy');
  return element('div', { class: 'snippet' }, element('pre', {}, code), copy);
}

/** Copies a text and says so, for a while, on the button that was pressed. */
export async function copyText(button, text) {
  const label = labels.get(button) ?? [...button.childNodes];
  labels.set(button, label);
  const copied = await navigator.clipboard.writeText(text).then(
    () => true,
    () => false,
  );
  button.replaceChildren(copied ? 'Copied' : 'Copy it by hand');
  setTimeout(() => button.replaceChildren(...label), 1500);
}

const labels = new WeakMap();
