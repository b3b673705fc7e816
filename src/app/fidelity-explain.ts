/** Differences between kernel and model in words: what each did, and what that hints at. */
import { formatAddress } from '../base/units.js';
import type { RecordingEvent } from '../recording/recording.js';
import type { ObservedArea } from './fidelity-observed.js';
import type { Difference } from './fidelity-score.js';
import type { AddressRange, PredictedSnapshot } from './replay-lines.js';

const LISTED_MAX = 3;

const whereOf = (event: RecordingEvent): string =>
  `seq ${String(event.seq)} ${event.op}${event.name === '' ? '' : ` ${event.name}`}`;

const sizeText = (bytes: bigint): string =>
  bytes % 1048576n === 0n ? `${String(bytes / 1048576n)} MiB` : `${String(bytes / 1024n)} KiB`;

function listed<T>(list: readonly T[], text: (entry: T) => string): string {
  if (list.length === 0) return 'nothing';
  const shown = list.slice(0, LISTED_MAX).map(text).join(', ');
  const rest = list.length - LISTED_MAX;
  return rest > 0 ? `${shown} and ${String(rest)} more` : shown;
}

const observedText = (area: ObservedArea): string =>
  `${sizeText(area.end - area.start)} at ${formatAddress(area.start)} (${area.caller})`;

const predictedText = ([start, end]: AddressRange): string =>
  `${sizeText(BigInt(end) - BigInt(start))} at ${formatAddress(BigInt(start))}`;

/** Areas that only the kernel, and that only the model has after an event. */
export function explainAreas(
  event: RecordingEvent,
  missing: readonly ObservedArea[],
  extra: readonly AddressRange[],
): Difference {
  const kernel = `holds ${listed(missing, observedText)}`;
  const model = `holds ${listed(extra, predictedText)}`;
  return { where: whereOf(event), kernel, model, explanation: areaHint(missing, extra) };
}

function areaHint(missing: readonly ObservedArea[], extra: readonly AddressRange[]): string {
  if (missing.length === 0) {
    return 'the kernel freed these areas with this event or earlier, the model frees them later';
  }
  if (extra.length === 0) {
    return 'the kernel kept or made these areas, the model has no request for them';
  }
  const [first] = missing;
  const twin = first && extra.find(([s, e]) => BigInt(e) - BigInt(s) === first.end - first.start);
  if (!first || !twin) return 'the areas have other sizes: sizes or pieces of the request differ';
  const distance = BigInt(twin[0]) - first.start;
  const side = distance > 0n ? 'above' : 'below';
  const bytes = distance > 0n ? distance : -distance;
  return `same size, the model places it ${sizeText(bytes)} ${side}: another hole was free`;
}

export function explainSlot(
  event: RecordingEvent,
  runStart: bigint,
  slot: AddressRange | undefined,
): Difference {
  const model = slot ? `run ${slot[0]} to ${slot[1]}` : 'no run';
  const explanation =
    slot && BigInt(slot[0]) > runStart
      ? 'the kernel found a lower run of chunks free'
      : 'the kernel found the lower run of chunks taken';
  return { where: whereOf(event), kernel: `run at ${formatAddress(runStart)}`, model, explanation };
}

export function explainRegion(
  event: RecordingEvent,
  section: { readonly name: string; readonly address: bigint },
  region: readonly [string, AddressRange] | undefined,
): Difference {
  return {
    where: whereOf(event),
    kernel: `${section.name} at ${formatAddress(section.address)}`,
    model: region ? `${region[0]} ${region[1][0]} to ${region[1][1]}` : 'no region there',
    explanation: region
      ? 'the region starts or ends on another page than its sections'
      : 'the region lies elsewhere: its area or cache piece differs',
  };
}

export function explainText(
  line: PredictedSnapshot,
  observed: { readonly text4K: number; readonly text2M: number },
): Difference {
  return {
    where: `snapshot ${line.label}`,
    kernel: `${String(observed.text4K)} executable 4K and ${String(observed.text2M)} 2M leaves`,
    model: `${String(line.text_4k)} executable 4K and ${String(line.text_2m)} 2M leaves`,
    explanation:
      observed.text2M === line.text_2m
        ? 'the areas or their permissions differ by a few pages'
        : 'a 2M entry was split or collapsed by only one of them',
  };
}
