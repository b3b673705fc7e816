/** Run-time findings: one constructor per message. Codes continue those of the language. */
import type { Diagnostic } from '../contract/diagnostic.js';
import type { PointPlan, SitePlan } from '../contract/scenario-plan.js';
import type { StreamTrouble } from './stream-trouble.js';

const UNITS: readonly (readonly [number, string])[] = [
  [3600e9, 'h'],
  [60e9, 'min'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'us'],
];

/** `21.4s`, `300ms`: three significant digits. */
export function durationText(ns: number): string {
  const [scale, unit] = UNITS.find(([size]) => ns >= size) ?? [1, 'ns'];
  return `${String(Number((ns / scale).toPrecision(3)))}${unit}`;
}

const shareText = (share: number): string => `${String(Number((share * 100).toPrecision(3)))}%`;

function place(site: SitePlan | undefined): readonly string[] {
  if (site === undefined) return [];
  const where = site.source === undefined ? '' : ` of ${site.source}`;
  return [`line ${String(site.line)}${where}: ${site.label}`];
}

function error(code: string, message: string, more: Partial<Diagnostic> = {}): Diagnostic {
  return { code, severity: 'error', message, ...more };
}

export function troubleDiagnostic(trouble: StreamTrouble, point: PointPlan): Diagnostic {
  switch (trouble.kind) {
    case 'phase_overran': {
      const phase = point.phases[trouble.phase];
      const name = phase?.name ?? '';
      const ends = durationText(trouble.durationNs);
      const known = trouble.neededNs < Infinity;
      const needed = known ? `needed ${durationText(trouble.neededNs)}` : 'needed longer';
      return error('X0507', `phase '${name}' ${needed} but ends at ${ends}`, {
        notes: place(point.sites[phase?.site ?? -1]),
        help: known
          ? `give it more time: phase ${name} for ${durationText(roundedUp(trouble.neededNs))}`
          : 'give it more time, or wait less',
      });
    }
    case 'at_late': {
      const site = point.sites[trouble.site];
      const late = durationText(trouble.reachedNs - trouble.wantedNs);
      return error('X0509', `'${site?.label ?? 'at'}' was reached ${late} too late`, {
        notes: place(site),
        help: 'write it before the statements that take time, or give it a later time',
      });
    }
    case 'held_back': {
      const { heldBack, arrivals } = trouble;
      const share = shareText(heldBack / arrivals);
      return error('X0508', `${share} of the arrivals were held back (limit 1%)`, {
        notes: [
          ...place(point.sites[trouble.site]),
          `${String(heldBack)} of ${String(arrivals)} arrivals found the pool full`,
        ],
        help: "raise 'live at_most', or write 'hold_back allow'",
      });
    }
  }
}

/** Up to the next whole unit, so that the proposed time is enough. */
function roundedUp(ns: number): number {
  const scale = [60e9, 1e9, 1e6, 1e3].find((size) => ns >= size * 10) ?? 1;
  return Math.ceil(ns / scale) * scale;
}

export const eventLimit = (limit: number): Diagnostic =>
  error('X0903', `more than ${String(limit)} events in one run`, {
    help: 'fewer repetitions or a lower rate, or raise it: limit events',
  });

export const timeLimit = (limitNs: number): Diagnostic =>
  error('X0903', `more than ${durationText(limitNs)} of simulated time in one run`, {
    help: 'shorter phases, or raise it: limit time',
  });

export interface Misbehaviour {
  readonly design: string;
  readonly timeNs: number;
  readonly site: SitePlan | undefined;
}

const when = ({ timeNs, site }: Misbehaviour): readonly string[] => [
  `at ${durationText(timeNs)}`,
  ...place(site),
];

export const badPlacement = (message: string, at: Misbehaviour): Diagnostic =>
  error('X0901', `${at.design}: ${message}`, { notes: when(at) });

export const brokenInvariant = (message: string, at: Misbehaviour): Diagnostic =>
  error('X0902', `${at.design}: ${message}`, { notes: when(at) });

export const writableExecutable = (bytes: number, at: Misbehaviour): Diagnostic =>
  error('X0902', `${at.design}: ${String(bytes)} bytes are writable and executable`, {
    notes: when(at),
    help: 'take one permission away before giving the other',
  });
