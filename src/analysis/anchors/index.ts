/** The published figures T1..T12 that results are held against, where their scenario allows. */
import { createRegistry } from '../../base/registry.js';
import type { AnchorResult } from '../../contract/run-result.js';
import type { Anchor, AnchorInput } from './anchor.js';
import { DIRECT_MAP_ANCHORS } from './direct-map-anchors.js';
import { TEXT_ANCHORS } from './text-anchors.js';
import { TLB_ANCHORS } from './tlb-anchors.js';

const number = (anchor: Anchor): number => Number(anchor.id.slice(1));

export const anchorRegistry = createRegistry(
  'anchor',
  [...DIRECT_MAP_ANCHORS, ...TEXT_ANCHORS, ...TLB_ANCHORS].sort((a, b) => number(a) - number(b)),
  (anchor) => anchor.id,
);

/** The anchors that apply to this plan and have runs, in order of their numbers. */
export function evaluateAnchors(input: AnchorInput): readonly AnchorResult[] {
  return anchorRegistry.entries.flatMap((anchor) => {
    const outcome = anchor.evaluate(input);
    return outcome === undefined ? [] : [{ id: anchor.id, claim: anchor.claim, ...outcome }];
  });
}
