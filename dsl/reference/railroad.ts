/**
 * Railroad diagrams as SVG, drawn from the grammar. A shape is laid out as a box with a track through
 * it at a height of its own; boxes are placed beside, below and around each other.
 */
import type { Shape } from './grammar-shapes.js';

const UNIT = 10;
const CHAR_WIDTH = 7.8;
const HALF_HEIGHT = 13;

interface Box {
  readonly width: number;
  /** Extent above and below the track. */
  readonly up: number;
  readonly down: number;
  /** Elements with the start of the track at (x, y). */
  readonly draw: (x: number, y: number) => readonly string[];
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const number = (value: number): string => String(Math.round(value * 10) / 10);

const path = (...parts: readonly (string | number)[]): string =>
  `<path d="${parts.map((part) => (typeof part === 'number' ? number(part) : part)).join(' ')}"/>`;

const line = (x: number, y: number, width: number): string => path('M', x, y, 'h', width);

const SKIP: Box = { width: 0, up: 0, down: 0, draw: () => [] };

function station(text: string, rounded: boolean): Box {
  const width = text.length * CHAR_WIDTH + 2 * UNIT;
  return {
    width,
    up: HALF_HEIGHT,
    down: HALF_HEIGHT,
    draw: (x, y) => [
      `<rect x="${number(x)}" y="${number(y - HALF_HEIGHT)}" width="${number(width)}" ` +
        `height="${2 * HALF_HEIGHT}" rx="${rounded ? HALF_HEIGHT : 2}"/>`,
      `<text x="${number(x + width / 2)}" y="${number(y + 4)}">${escape(text)}</text>`,
    ],
  };
}

function inRow(boxes: readonly Box[]): Box {
  const width = boxes.reduce((sum, box) => sum + box.width, 0) + UNIT * (boxes.length - 1);
  return {
    width,
    up: Math.max(...boxes.map((box) => box.up)),
    down: Math.max(...boxes.map((box) => box.down)),
    draw: (x, y) => {
      let at = x;
      return boxes.flatMap((box, index) => {
        const drawn = box.draw(at, y);
        at += box.width;
        if (index === boxes.length - 1) return drawn;
        at += UNIT;
        return [...drawn, line(at - UNIT, y, UNIT)];
      });
    },
  };
}

/** A curve from the main track down or up to another, and back. */
function bypass(x: number, y: number, to: number, width: number): readonly string[] {
  const half = (to - y) / 2;
  return [
    path('M', x, y, 'c', UNIT, 0, 0, to - y, 2 * UNIT, half * 2),
    path('M', x + width - 2 * UNIT, to, 'c', 2 * UNIT, 0, UNIT, y - to, 2 * UNIT, y - to),
  ];
}

/** Boxes below each other; the first one on the track. */
function stacked(boxes: readonly Box[]): Box {
  const inner = Math.max(...boxes.map((box) => box.width));
  const width = inner + 4 * UNIT;
  const offsets: number[] = [];
  let below = 0;
  boxes.forEach((box, index) => {
    if (index > 0) below += box.up + UNIT;
    offsets.push(below);
    below += box.down;
  });
  return {
    width,
    up: boxes[0]?.up ?? 0,
    down: below,
    draw: (x, y) =>
      boxes.flatMap((box, index) => {
        const at = y + (offsets[index] ?? 0);
        const rest = inner - box.width;
        const tracks =
          index === 0
            ? [line(x, y, 2 * UNIT), line(x + width - 2 * UNIT, y, 2 * UNIT)]
            : bypass(x, y, at, width);
        return [...tracks, ...box.draw(x + 2 * UNIT, at), line(x + 2 * UNIT + box.width, at, rest)];
      }),
  };
}

/** Once or more: a track leads back below. */
function looped(box: Box): Box {
  const width = box.width + 4 * UNIT;
  const back = box.down + UNIT;
  return {
    width,
    up: box.up,
    down: back,
    draw: (x, y) => [
      line(x, y, 2 * UNIT),
      ...box.draw(x + 2 * UNIT, y),
      line(x + width - 2 * UNIT, y, 2 * UNIT),
      path(
        'M',
        x + width - 2 * UNIT,
        y,
        'c',
        1.5 * UNIT,
        0,
        1.5 * UNIT,
        back,
        0,
        back,
        'h',
        -box.width,
        'c',
        -1.5 * UNIT,
        0,
        -1.5 * UNIT,
        -back,
        0,
        -back,
      ),
    ],
  };
}

const unquoted = (text: string): string => text.replace(/^'(.*)'$/, '$1');

function boxOf(shape: Shape): Box {
  switch (shape.kind) {
    case 'token':
      return station(unquoted(shape.text), true);
    case 'rule':
      return station(shape.name, false);
    case 'sequence':
      return shape.items.length === 0 ? SKIP : inRow(shape.items.map(boxOf));
    case 'choice':
      return stacked(shape.items.map(boxOf));
    case 'optional':
      return stacked([SKIP, boxOf(shape.item)]);
    case 'repeat':
      return stacked([SKIP, looped(boxOf(shape.item))]);
  }
}

const STYLE =
  'path,rect{fill:none;stroke:#57606a;stroke-width:1.5}rect{fill:#f6f8fa}' +
  'text{font:13px monospace;text-anchor:middle;fill:#1f2328}';

/** A diagram of one rule. */
export function railroadSvg(name: string, shape: Shape): string {
  const box = boxOf(shape);
  const width = box.width + 6 * UNIT;
  const height = box.up + box.down + 2 * UNIT;
  const y = box.up + UNIT;
  const start = 3 * UNIT;
  const drawn = [
    path('M', UNIT, y - 6, 'v', 12, 'M', UNIT, y, 'h', 2 * UNIT),
    ...box.draw(start, y),
    path('M', start + box.width, y, 'h', 2 * UNIT, 'm', 0, -6, 'v', 12),
  ];
  const size = `width="${number(width)}" height="${number(height)}"`;
  const view = `viewBox="0 0 ${number(width)} ${number(height)}"`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" ${size} ${view} role="img">`,
    `<title>${escape(name)}</title>`,
    `<style>${STYLE}</style>`,
    `<rect width="100%" height="100%" style="fill:#fff;stroke:none"/>`,
    ...drawn,
    '</svg>',
    '',
  ].join('\n');
}
