/**
 * Names of phases over the plot of a picture that is read without its window: whole over the band where that
 * has room, in one line or in two; else a number there and the name in a list under the plot. Nothing is lost.
 */
import type { ChartPhase } from './chart-model.js';

export interface PhaseLabels {
  /** Text over each band, in order: one or two lines, a number, or empty over the narrowest bands. */
  readonly texts: readonly string[];
  /** What the texts over the bands leave out: `2 warm-up (not counted)`. */
  readonly legend: readonly string[];
}

/** Mean width of a 12 px character in the widest of the usual fonts. */
const CHARACTER_PX = 7;
const NOT_COUNTED = '(not counted)';
/** Between the texts of two bands. */
const GAP_PX = 6;

/** The text in two lines of at most `max` characters, broken where a reader would; null where none fits. */
function twoLines(text: string, max: number): string | null {
  const breaks = [...text.matchAll(/ |(?<=[-_./])(?=[^-_./ ])/g)].map(({ index }) => index);
  const halves = breaks.map((at) => [text.slice(0, at), text.slice(at).trimStart()] as const);
  const longest = ([upper, lower]: readonly [string, string]): number =>
    Math.max(upper.length, lower.length);
  const [best] = halves
    .filter((pair) => longest(pair) <= max)
    .sort((a, b) => longest(a) - longest(b));
  return best === undefined ? null : best.join('\n');
}

/** `whole`: the text says all that there is to say of the phase. */
function fittingText(
  { name, discard }: ChartPhase,
  max: number,
): { readonly text: string; readonly whole: boolean } | null {
  const full = discard ? `${name} ${NOT_COUNTED}` : name;
  const below = Math.max(name.length, NOT_COUNTED.length) <= max;
  const forms = [
    { text: full.length <= max ? full : null, whole: true },
    { text: discard && below ? `${name}\n${NOT_COUNTED}` : null, whole: true },
    { text: twoLines(full, max), whole: true },
    { text: name.length <= max ? name : null, whole: !discard },
    { text: twoLines(name, max), whole: !discard },
  ];
  for (const { text, whole } of forms) if (text !== null) return { text, whole };
  return null;
}

/** Labels of the phases in view, which the picture shows at `pxPerSecond`; `timeText` writes seconds. */
export function phaseLabels(
  phases: readonly ChartPhase[],
  pxPerSecond: number,
  timeText: (seconds: number) => string,
): PhaseLabels {
  const texts: string[] = [];
  const legend: string[] = [];
  phases.forEach((phase, i) => {
    const roomPx = (phase.endSeconds - phase.startSeconds) * pxPerSecond;
    const fitting = fittingText(phase, Math.floor((roomPx - GAP_PX) / CHARACTER_PX));
    const counted = phase.discard ? ` ${NOT_COUNTED}` : '';
    if (fitting !== null) {
      texts.push(fitting.text);
      if (!fitting.whole) legend.push(`${phase.name}${counted}`);
      return;
    }
    const number = String(i + 1);
    const hasNumber = number.length * CHARACTER_PX <= roomPx;
    texts.push(hasNumber ? number : '');
    const place = hasNumber ? number : `at ${timeText(phase.startSeconds)}:`;
    legend.push(`${place} ${phase.name}${counted}`);
  });
  return { texts, legend };
}
