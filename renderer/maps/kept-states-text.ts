/** What is said of maps that do not keep every state, because the event log is too long. */
import type { MapInfo } from '../../src/contract/map-data.js';
import { sizeText } from './map-text.js';

type Kept = Pick<MapInfo, 'keptEvery' | 'logBytes' | 'stepCount'>;

const grouped = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

/** `1,000th`: the numbers here end in 0. */
const nth = (count: number): string => `${grouped(count)}th`;

/** Two digits are enough for a size that nobody adds up. */
const roughSize = (bytes: number): string => sizeText(bytes, 2);

/** One sentence for all designs, about the longest log; empty where every state is kept. */
export function keptStatesText(infos: readonly Kept[]): string {
  const cut = infos.filter(({ keptEvery }) => keptEvery > 1);
  if (cut.length === 0) return '';
  const bytes = Math.max(...cut.map(({ logBytes }) => logBytes));
  const every = Math.max(...cut.map(({ keptEvery }) => keptEvery));
  return `Event log is ${roughSize(bytes)}. Maps keep every ${nth(every)} state; stepping is slower.`;
}

/** What it means for each design, for those who ask. */
export function keptStatesDetails(
  designs: readonly { readonly name: string; readonly info: Kept }[],
): readonly string[] {
  const lines = designs.map(({ name, info: { keptEvery, logBytes, stepCount } }) => {
    const size = `${name}: ${grouped(stepCount)} requests, ${roughSize(logBytes)}`;
    return keptEvery > 1
      ? `${size}, every ${nth(keptEvery)} state kept.`
      : `${size}, all states kept.`;
  });
  return [
    ...lines,
    'The scrubber and the charts show the last kept state before the cursor; the map says its time. A step, ' +
      'an event, a click on a cell and the records behind a cause are exact: the run is simulated again up ' +
      'to there. Charts, table and report cover every request.',
  ];
}
