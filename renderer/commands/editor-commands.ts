/** The editor, the dialogs and the layouts. */
import { nextTick } from 'vue';
import type { Layout } from '../stores/view.js';
import { useViewStore } from '../stores/view.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import type { Command } from './command.js';

const LAYOUTS: readonly { readonly id: Layout; readonly title: string }[] = [
  { id: 'author', title: 'Layout: Author' },
  { id: 'compare', title: 'Layout: Compare' },
  { id: 'explain', title: 'Layout: Explain' },
];

export function useEditorCommands(): readonly Command[] {
  const view = useViewStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const hasResult = (): boolean => experiment.result !== null;

  return [
    {
      id: 'palette',
      title: 'Command palette',
      group: 'Go',
      keys: ['Ctrl+Shift+P'],
      run: () => focus.open('palette'),
    },
    {
      id: 'keys',
      title: 'All keys',
      group: 'Go',
      keys: ['?'],
      run: () => focus.open('keys'),
    },
    {
      id: 'editor',
      title: 'Focus the editor',
      group: 'Go',
      keys: ['e'],
      run: () => {
        view.editorShown = true;
        view.leftTab = 'editor';
        void nextTick(() => focus.focusEditor());
      },
    },
    {
      id: 'format',
      title: 'Format the scenario',
      group: 'Go',
      keys: ['Alt+Shift+F'],
      run: () => focus.askEditor('format'),
      enabled: () => scenario.isOpen && !experiment.readOnly,
    },
    {
      id: 'definition',
      title: 'Go to the definition at the caret',
      group: 'Go',
      keys: ['F12'],
      run: () => focus.askEditor('definition'),
      enabled: () => scenario.isOpen,
    },
    {
      id: 'rename',
      title: 'Rename the name at the caret',
      group: 'Go',
      keys: ['F2'],
      run: () => focus.open('rename'),
      enabled: () => scenario.isOpen && !experiment.readOnly,
    },
    {
      id: 'find',
      title: 'Find a metric, a pool or an address',
      group: 'Go',
      keys: ['/'],
      run: () => focus.open('find'),
      enabled: () => scenario.isOpen,
    },
    {
      id: 'charts',
      title: 'Focus the charts',
      group: 'Go',
      keys: ['g'],
      run: () => focus.focusCharts(),
      enabled: hasResult,
    },
    {
      id: 'hide-editor',
      title: 'Editor, or a strip in its place',
      group: 'View',
      keys: ['Ctrl+\\'],
      run: () => {
        view.editorShown = !view.editorShown;
      },
    },
    ...LAYOUTS.map(({ id, title }, i): Command => ({
      id: `layout-${id}`,
      title,
      group: 'View',
      keys: [`Alt+${i + 1}`],
      run: () => view.setLayout(id),
    })),
  ];
}
