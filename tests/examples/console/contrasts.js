// Colours are blended from the page up; what lies over pictures is left out, since they have any colour.

const parts = (colour) => {
  const [red, green, blue, alpha = 1] = colour.match(/[\d.]+/g).map(Number);
  return { rgb: [red, green, blue], alpha };
};
const over = (front, back) =>
  front.rgb.map((part, at) => part * front.alpha + back[at] * (1 - front.alpha));
const luminance = (rgb) => {
  const [red, green, blue] = rgb.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
};
const contrast = (left, right) => {
  const [light, dark] = [luminance(left), luminance(right)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};
const backgroundOf = (element) => {
  const behind = element.parentElement ? backgroundOf(element.parentElement) : [255, 255, 255];
  return over(parts(getComputedStyle(element).backgroundColor), behind);
};
const isShown = (element) =>
  element.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
  element.getBoundingClientRect().width > 1 &&
  !element.closest('.boxes, .for-reader, .skip');

const top = [...document.querySelectorAll('dialog')].find((it) => it.open) ?? document.body;
const measured = [];
const texts = document.createTreeWalker(top, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement;
  const text = texts.currentNode.data.trim();
  if (text !== '' && isShown(element) && !element.closest('script, style, noscript, :disabled')) {
    const { color, fontSize, fontWeight } = getComputedStyle(element);
    const size = parseFloat(fontSize);
    const large = size >= 24 || (size >= 18.66 && fontWeight >= 700);
    const back = backgroundOf(element);
    measured.push({
      text: text.slice(0, 30),
      contrast: contrast(over(parts(color), back), back),
      wanted: large ? 3 : 4.5,
    });
  }
}
for (const field of top.querySelectorAll('input:not([type="radio"], [type="checkbox"])')) {
  if (isShown(field)) {
    const back = backgroundOf(field);
    const edge = over(
      parts(getComputedStyle(field).borderTopColor),
      backgroundOf(field.parentElement),
    );
    const hint = over(parts(getComputedStyle(field, '::placeholder').color), back);
    measured.push({ text: `edge of ${field.name}`, contrast: contrast(edge, back), wanted: 3 });
    measured.push({ text: `hint of ${field.name}`, contrast: contrast(hint, back), wanted: 4.5 });
  }
}
return measured;
