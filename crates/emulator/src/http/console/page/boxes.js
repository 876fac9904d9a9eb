// The boxes of an answer, drawn over the picture that was searched with.

import { drawing } from './dom.js';

/** Draws what the emulator looked at; the rest of the picture is dimmed. */
export function boxes(info, width, height) {
  const main = parsed(info?.Region);
  const others = (info?.MultiRegion ?? []).map(({ Region }) => parsed(Region));
  const view = {
    viewBox: `0 0 ${width} ${height}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
  };
  const drawn = drawing('svg', { class: 'boxes', ...view });
  if (main) {
    const all = `M0 0H${width}V${height}H0Z`;
    const hole = `M${main.x1} ${main.y1}V${main.y2}H${main.x2}V${main.y1}Z`;
    drawn.append(drawing('path', { class: 'rest', d: all + hole }));
  }
  for (const other of others.filter((it) => it && it.text !== main?.text)) {
    drawn.append(rectangle('other', other));
  }
  if (main) {
    drawn.append(rectangle('halo', main), rectangle('box', main));
  }
  return drawn;
}

/** Says in words which box was compared. */
export function described(info) {
  return info?.Region ? [`box ${info.Region}`] : [];
}

function rectangle(kind, { x1, x2, y1, y2 }) {
  return drawing('rect', { class: kind, x: x1, y: y1, width: x2 - x1, height: y2 - y1 });
}

/** Reads `x1,x2,y1,y2`. */
function parsed(text) {
  const sides = (text ?? '').split(',').map(Number);
  if (sides.length !== 4 || sides.some((side) => !Number.isFinite(side))) {
    return null;
  }
  const [x1, x2, y1, y2] = sides;
  return { x1, x2, y1, y2, text };
}
