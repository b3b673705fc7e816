/** Pages on expectations: X0601 to X0604, X0606. */
import { page, type ExplainPage } from './page.js';

export const EXPECTATION_PAGES: readonly ExplainPage[] = [
  page(
    'X0601',
    'One equal sign names a value (n = 4, median=8s), two compare.',
    'expect direct_map_level2_splits = 0',
    'expect direct_map_level2_splits == 0',
  ),
  page(
    'X0602',
    'metric @ design and for design read the designs of compare, by the names that they have ' +
      'there. A design that does not run has no value.',
    'compare module_alloc\nexpect no alloc.failed for execmem_rox',
    'compare module_alloc, execmem_rox\nexpect no alloc.failed for execmem_rox',
  ),
  page(
    'X0603',
    'Counters and the invariants are always recorded. A gauge has a value where a probe samples ' +
      'it: probe at end for its last value, probe every for mean, max, percentiles and integral.',
    'probe at end: text.waste_pct\nexpect mean(text.waste_pct) < 50%',
    'probe every 100ms: text.waste_pct\nexpect mean(text.waste_pct) < 50%',
  ),
  page(
    'X0604',
    'with confidence asks whether the paired difference over seeds holds at that level. Fewer ' +
      'than 6 seeds cannot answer it.',
    'seeds 1..5\nexpect direct_map_level2_splits < 5 with confidence 95%',
    'seeds 1..10\nexpect direct_map_level2_splits < 5 with confidence 95%',
  ),
  page(
    'X0606',
    'A counter is never below zero, so this holds whatever happens. An expectation is worth the ' +
      'result that it would notice.',
    'expect alloc.failed >= 0',
    'expect alloc.failed == 0',
  ),
];
