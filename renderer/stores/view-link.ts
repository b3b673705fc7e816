/**
 * What the window shows, as a short text for a link: scenario, settings, and how the result is looked
 * at. It stands in the fragment of the address, so a reload shows the same, and it can be copied. Links
 * come from mails: every field is checked.
 */
import type { CompareMode, TimeRange } from './view.js';

/** How a result is looked at: in links and in bundles. */
export interface ShownView {
  readonly mode: CompareMode;
  readonly timeNs: number;
  readonly zoom: TimeRange | null;
  readonly seed: number | null;
  readonly point: number | null;
  readonly metrics: readonly string[];
  /** Metrics whose small charts have a scale each. */
  readonly freeScales: readonly string[];
  readonly baseline: string | null;
  readonly pins: readonly { readonly name: string; readonly timeNs: number }[];
}

export interface ViewLink extends ShownView {
  readonly scenario: string;
  readonly settings: Readonly<Record<string, string>>;
  readonly seeds: string;
  /** A run of the lab behind the window; empty for none. */
  readonly run: string;
  /** First digits of the hash of its result. */
  readonly hash: string;
}

const IN_FRAGMENT = /(?:^#|&)view=([\w-]+)/;
const LINK_CHARS_MAX = 8192;
const PINS_MAX = 100;

/** `view=...`, without the sign of the fragment. */
export function encodeViewLink(link: ViewLink): string {
  const bytes = new TextEncoder().encode(JSON.stringify(link));
  const base64 = btoa(String.fromCharCode(...bytes));
  return `view=${base64.replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')}`;
}

/** Null for a fragment without a view that can be read. */
export function decodeViewLink(fragment: string): ViewLink | null {
  const text = IN_FRAGMENT.exec(fragment)?.[1];
  if (text === undefined || text.length > LINK_CHARS_MAX) return null;
  try {
    const binary = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    const bytes = Uint8Array.from(binary, (letter) => letter.charCodeAt(0));
    return checked(JSON.parse(new TextDecoder().decode(bytes)));
  } catch {
    return null;
  }
}

function checked(value: unknown): ViewLink | null {
  if (!isRecord(value)) return null;
  const { scenario, settings } = value;
  if (typeof scenario !== 'string' || !scenario.endsWith('.xlab')) return null;
  return {
    scenario,
    settings: isRecord(settings)
      ? Object.fromEntries(Object.entries(settings).map(([key, entry]) => [key, textOf(entry)]))
      : {},
    seeds: textOf(value['seeds']),
    run: textOf(value['run']),
    hash: textOf(value['hash']),
    ...parseShownView(value),
  };
}

/** Every field that is missing or not what it should be has its default. */
export function parseShownView(given: unknown): ShownView {
  const value = isRecord(given) ? given : {};
  const { mode, pins } = value;
  return {
    mode: mode === 'side' || mode === 'diff' ? mode : 'over',
    timeNs: numberOf(value['timeNs']) ?? 0,
    zoom: rangeOf(value['zoom']),
    seed: numberOf(value['seed']),
    point: numberOf(value['point']),
    metrics: namesOf(value['metrics']),
    freeScales: namesOf(value['freeScales']),
    baseline: textOf(value['baseline']) || null,
    pins: (Array.isArray(pins) ? pins.slice(0, PINS_MAX) : []).flatMap((pin: unknown) => {
      const timeNs = isRecord(pin) ? numberOf(pin['timeNs']) : null;
      return isRecord(pin) && timeNs !== null ? [{ name: textOf(pin['name']), timeNs }] : [];
    }),
  };
}

function rangeOf(value: unknown): TimeRange | null {
  if (!isRecord(value)) return null;
  const startNs = numberOf(value['startNs']);
  const endNs = numberOf(value['endNs']);
  return startNs !== null && endNs !== null && endNs > startNs ? { startNs, endNs } : null;
}

const namesOf = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.map(textOf).filter((name) => name !== '') : [];

const textOf = (value: unknown): string => (typeof value === 'string' ? value.slice(0, 256) : '');

/** Finite and not negative. */
const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
