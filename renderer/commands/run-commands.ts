/** Running, opening and saving. */
import { useScenarioStore } from '../stores/scenario.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useLabStore } from '../stores/lab.js';
import { useExports } from '../composables/use-exports.js';
import { useOpening } from '../composables/use-opening.js';
import { allowNotifications } from '../composables/use-run-end.js';
import { useViewStore } from '../stores/view.js';
import type { Command } from './command.js';

export function useRunCommands(): readonly Command[] {
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const lab = useLabStore();
  const exports = useExports();
  const opening = useOpening();
  const view = useViewStore();
  const hasResult = (): boolean => experiment.result !== null;

  return [
    {
      id: 'run',
      title: 'Run the scenario',
      group: 'Run',
      keys: ['F5'],
      run: () => void experiment.run(),
      enabled: () => scenario.isOpen && !experiment.active && !scenario.errors,
    },
    {
      id: 'run-phase',
      title: 'Run the phase under the caret',
      group: 'Run',
      keys: ['Ctrl+Enter'],
      run: () => void experiment.run({ phaseLine: focus.caretLine }),
      enabled: () => scenario.isOpen && !experiment.active && !scenario.errors,
    },
    {
      id: 'stop',
      title: 'Stop the run',
      group: 'Run',
      keys: ['Shift+F5'],
      run: () => void experiment.stop(),
      enabled: () => experiment.state === 'running',
    },
    {
      id: 'continue',
      title: 'Continue the stopped run',
      group: 'Run',
      keys: [],
      run: () => void experiment.resume(),
      enabled: () => experiment.state === 'stopped' && !experiment.stale,
    },
    {
      id: 'notify',
      title: 'Tell when a run ends while the window is not in front',
      group: 'Run',
      keys: [],
      run: () => {
        allowNotifications().then(focus.announce, () => undefined);
      },
      enabled: () => lab.description?.host === 'browser',
    },
    {
      id: 'open',
      title: 'Open a scenario',
      group: 'Go',
      keys: ['Ctrl+O'],
      run: () => focus.open('scenarios'),
    },
    {
      id: 'new',
      title: 'New scenario',
      group: 'Go',
      keys: [],
      run: () => focus.open('new'),
    },
    {
      id: 'open-file',
      title: 'Open a file: scenario, bundle, result or report',
      group: 'Go',
      keys: ['Ctrl+Shift+O'],
      run: () => opening.choose(),
    },
    {
      id: 'save',
      title: 'Save the scenario',
      group: 'Go',
      keys: ['Ctrl+S'],
      run: () => void scenario.save(),
      enabled: () => scenario.isOpen && !scenario.bundled,
    },
    {
      id: 'save-bundle',
      title: 'Save a bundle',
      group: 'Copy',
      keys: [],
      run: () => void exports.perform('bundle'),
      enabled: hasResult,
    },
    {
      id: 'copy-mail',
      title: 'Copy the mail report, or what was copied last',
      group: 'Copy',
      keys: ['y'],
      run: () => void exports.perform(view.lastExport),
      enabled: hasResult,
    },
    {
      id: 'copy-menu',
      title: 'Copy menu',
      group: 'Copy',
      keys: ['Ctrl+Shift+C'],
      run: () => focus.openCopyMenu(),
      enabled: hasResult,
    },
    {
      id: 'preview-report',
      title: 'Preview and check the mail report',
      group: 'Copy',
      keys: [],
      run: () => focus.open('report'),
      enabled: hasResult,
    },
    {
      id: 'copy-link',
      title: 'Copy a link to this view',
      group: 'Copy',
      keys: [],
      run: () => void exports.perform('link'),
      enabled: () => scenario.isOpen,
    },
    {
      id: 'copy-short',
      title: 'Copy the short form',
      group: 'Copy',
      keys: ['Shift+Y'],
      run: () => void exports.perform('short'),
      enabled: hasResult,
    },
  ];
}
