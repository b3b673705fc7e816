/** Results, shares and comparisons. */
import { useResults } from '../composables/use-results.js';
import { useComparisonStore } from '../stores/comparison.js';
import { useFocusStore } from '../stores/focus.js';
import { useScenarioStore } from '../stores/scenario.js';
import type { Command } from './command.js';

export function useResultCommands(): readonly Command[] {
  const comparison = useComparisonStore();
  const scenario = useScenarioStore();
  const focus = useFocusStore();
  const results = useResults();

  return [
    {
      id: 'open-results',
      title: 'Open or compare a result folder',
      group: 'Compare',
      keys: [],
      run: () => results.chooseFolder(),
    },
    {
      id: 'close-comparison',
      title: 'Close the comparison',
      group: 'Compare',
      keys: [],
      run: () => comparison.close(),
      enabled: () => comparison.active,
    },
    {
      id: 'shards',
      title: 'Copy command for another machine',
      group: 'Copy',
      keys: [],
      run: () => focus.open('shards'),
      enabled: () => scenario.isOpen && !scenario.errors,
    },
  ];
}
