/** How designs, seeds and sweep points are compared. */
import { orderedDesigns } from '../../src/analysis/run-index.js';
import { useViewStore } from '../stores/view.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useFocusStore } from '../stores/focus.js';
import { useShownResult } from '../composables/use-shown-result.js';
import type { Command } from './command.js';

export function useCompareCommands(): readonly Command[] {
  const view = useViewStore();
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const scenario = useScenarioStore();
  const shown = useShownResult();
  const hasResult = (): boolean => experiment.result !== null;

  /** Around the median and all seeds: median, first, second, ... */
  function walkSeeds(step: 1 | -1): void {
    const seeds: readonly (number | null)[] = [null, ...(shown.value?.scenario.seeds ?? [])];
    const at = seeds.indexOf(view.seed);
    view.seed = seeds[(at + step + seeds.length) % seeds.length] ?? null;
    focus.announce(view.seed === null ? 'median over all seeds' : `seed ${view.seed}`);
  }

  function walkPoints(step: 1 | -1): void {
    const count = shown.value?.scenario.points.length ?? 0;
    if (count < 2) return;
    const at = view.point ?? count - 1;
    view.point = (at + step + count) % count;
    focus.announce(shown.value?.scenario.points[view.point]?.label ?? '');
  }

  return [
    {
      id: 'mode',
      title: 'Side, over or difference',
      group: 'Compare',
      keys: ['m'],
      run: () => {
        view.nextMode();
        focus.announce(`compare mode ${view.mode}`);
      },
    },
    {
      id: 'baseline',
      title: 'Make the next design the baseline',
      group: 'Compare',
      keys: ['Shift+B'],
      run: () => {
        const names = shown.value === null ? [] : orderedDesigns(shown.value);
        const original = shown.value?.scenario.designs.map(({ name }) => name) ?? [];
        const next = original[(original.indexOf(names[0] ?? '') + 1) % original.length];
        if (next === undefined) return;
        view.baseline = next;
        focus.announce(`${next} is the baseline now`);
      },
      enabled: hasResult,
    },
    {
      id: 'add-design',
      title: 'Add a design to the comparison',
      group: 'Compare',
      keys: [],
      run: () => focus.open('add-design'),
      enabled: () => scenario.isOpen && !experiment.readOnly,
    },
    {
      id: 'cursor',
      title: 'Cursor: off, line, line with values',
      group: 'Compare',
      keys: ['c'],
      run: () => view.nextCursorStyle(),
    },
    {
      id: 'band',
      title: 'Band over seeds on or off',
      group: 'Compare',
      keys: ['b'],
      run: () => {
        view.band = !view.band;
      },
    },
    {
      id: 'events',
      title: 'Events of the chosen kind in charts: on or off',
      group: 'Compare',
      keys: [],
      run: () => {
        view.events = !view.events;
      },
      enabled: hasResult,
    },
    {
      id: 'table',
      title: 'Table: cursor, phase, span',
      group: 'Compare',
      keys: ['t'],
      run: () => view.nextTableMode(),
      enabled: hasResult,
    },
    {
      id: 'previous-seed',
      title: 'Previous seed',
      group: 'Compare',
      keys: ['['],
      run: () => walkSeeds(-1),
      enabled: hasResult,
    },
    {
      id: 'next-seed',
      title: 'Next seed',
      group: 'Compare',
      keys: [']'],
      run: () => walkSeeds(1),
      enabled: hasResult,
    },
    {
      id: 'previous-point',
      title: 'Previous sweep point',
      group: 'Compare',
      keys: ['{'],
      run: () => walkPoints(-1),
      enabled: hasResult,
    },
    {
      id: 'next-point',
      title: 'Next sweep point',
      group: 'Compare',
      keys: ['}'],
      run: () => walkPoints(1),
      enabled: hasResult,
    },
  ];
}
