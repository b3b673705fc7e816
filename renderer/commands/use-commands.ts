/** All commands of the window in one list; shortcuts, palette and the page of keys read it. */
import { nextTick } from 'vue';
import { orderedDesigns } from '../../src/analysis/run-index.js';
import { experimentPhases } from '../../src/analysis/headline.js';
import { useExports } from '../composables/use-exports.js';
import { useFiles } from '../composables/use-files.js';
import { useShownResult } from '../composables/use-shown-result.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useMapsStore } from '../stores/maps.js';
import { useViewStore } from '../stores/view.js';
import type { Layout } from '../stores/view.js';
import { useWhyStore } from '../stores/why.js';
import type { Command } from './command.js';

const LAYOUTS: readonly { readonly id: Layout; readonly title: string }[] = [
  { id: 'author', title: 'Layout: Author' },
  { id: 'compare', title: 'Layout: Compare' },
  { id: 'explain', title: 'Layout: Explain' },
];
const ZOOM_STEP = 1.5;
const PAN_SHARE = 0.2;

export function useCommands(): readonly Command[] {
  const view = useViewStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const exports = useExports();
  const files = useFiles();
  const maps = useMapsStore();
  const why = useWhyStore();
  const shown = useShownResult();
  const hasResult = (): boolean => experiment.result !== null;

  const runGroup: readonly Command[] = [
    {
      id: 'run',
      title: 'Run the scenario',
      group: 'Run',
      keys: ['F5'],
      run: () => void experiment.run(),
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
      id: 'open',
      title: 'Open a scenario',
      group: 'Go',
      keys: ['Ctrl+O'],
      run: () => focus.open('scenarios'),
    },
    {
      id: 'open-file',
      title: 'Open a file or a bundle',
      group: 'Go',
      keys: ['Ctrl+Shift+O'],
      run: () => files.choose(),
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
      id: 'save-bundle',
      title: 'Save a bundle',
      group: 'Copy',
      keys: [],
      run: () => void exports.perform('bundle'),
      enabled: hasResult,
    },
    {
      id: 'save',
      title: 'Save the scenario',
      group: 'Go',
      keys: ['Ctrl+S'],
      run: () => void scenario.save(),
      enabled: () => scenario.isOpen,
    },
  ];

  const goGroup: readonly Command[] = [
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
      enabled: () => scenario.isOpen,
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
      title: 'Show or hide the editor',
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
      run: () => {
        view.layout = id;
        view.editorShown = id !== 'explain';
      },
    })),
  ];

  const timeGroup: readonly Command[] = [
    {
      id: 'zoom-in',
      title: 'Zoom in around the cursor',
      group: 'Time',
      keys: ['w'],
      run: () => view.zoomBy(1 / ZOOM_STEP, view.cursorNs),
      enabled: hasResult,
    },
    {
      id: 'zoom-out',
      title: 'Zoom out',
      group: 'Time',
      keys: ['s'],
      run: () => view.zoomBy(ZOOM_STEP, view.cursorNs),
      enabled: hasResult,
    },
    {
      id: 'pan-left',
      title: 'Earlier',
      group: 'Time',
      keys: ['a'],
      run: () => view.pan(-PAN_SHARE),
      enabled: hasResult,
    },
    {
      id: 'pan-right',
      title: 'Later',
      group: 'Time',
      keys: ['d'],
      run: () => view.pan(PAN_SHARE),
      enabled: hasResult,
    },
    {
      id: 'play',
      title: 'Play or pause',
      group: 'Time',
      keys: ['Space'],
      run: () => {
        view.playing = !view.playing;
      },
      enabled: hasResult,
    },
    {
      id: 'step-back',
      title: 'One request back',
      group: 'Time',
      keys: [','],
      run: () => void step(-1, ''),
      enabled: () => maps.ready,
    },
    {
      id: 'step-on',
      title: 'One request on',
      group: 'Time',
      keys: ['.'],
      run: () => void step(1, ''),
      enabled: () => maps.ready,
    },
    {
      id: 'effect-back',
      title: 'Previous event of the chosen kind',
      group: 'Time',
      keys: ['Shift+,'],
      run: () => void step(-1, view.stepEffect),
      enabled: () => maps.ready,
    },
    {
      id: 'effect-on',
      title: 'Next event of the chosen kind',
      group: 'Time',
      keys: ['Shift+.'],
      run: () => void step(1, view.stepEffect),
      enabled: () => maps.ready,
    },
    {
      id: 'why',
      title: 'Why: explain the request at the cursor',
      group: 'Go',
      keys: ['i'],
      run: () => {
        const design = maps.first?.design;
        if (design !== undefined) why.explain({ kind: 'step', design });
        else view.leftTab = 'why';
      },
      enabled: hasResult,
    },
    {
      id: 'home',
      title: 'To the start',
      group: 'Time',
      keys: ['Home'],
      run: () => view.moveTo(0),
      enabled: hasResult,
    },
    {
      id: 'end',
      title: 'To the end',
      group: 'Time',
      keys: ['End'],
      run: () => view.moveTo(view.runEndNs),
      enabled: hasResult,
    },
    {
      id: 'pin',
      title: 'Pin the cursor',
      group: 'Time',
      keys: ['p'],
      run: () => view.addPin(view.cursorNs),
      enabled: hasResult,
    },
    {
      id: 'next-pin',
      title: 'Next pin',
      group: 'Time',
      keys: ['n'],
      run: () => view.walkPins(1),
      enabled: () => view.pins.length > 0,
    },
    {
      id: 'previous-pin',
      title: 'Previous pin',
      group: 'Time',
      keys: ['Shift+N'],
      run: () => view.walkPins(-1),
      enabled: () => view.pins.length > 0,
    },
    {
      id: 'zoom-selection',
      title: 'Zoom to the selection',
      group: 'Time',
      keys: ['z'],
      run: () => view.setZoom(view.selection),
      enabled: () => view.selection !== null,
    },
    {
      id: 'zoom-back',
      title: 'Zoom back',
      group: 'Time',
      keys: ['Backspace'],
      run: () => view.zoomBack(),
      enabled: hasResult,
    },
    {
      id: 'escape',
      title: 'Undo one level: selection, zoom',
      group: 'Time',
      keys: ['Esc'],
      run: () => {
        view.escape();
      },
    },
    ...Array.from({ length: 9 }, (_, i): Command => ({
      id: `phase-${i + 1}`,
      title: i === 0 ? 'Jump to phase 1, and so on' : `Jump to phase ${i + 1}`,
      listed: i === 0,
      group: 'Time',
      keys: [String(i + 1)],
      run: () => {
        const phase = shown.value === null ? undefined : experimentPhases(shown.value)[i];
        if (phase !== undefined) view.moveTo(phase.startNs);
      },
      enabled: hasResult,
    })),
  ];

  const compareGroup: readonly Command[] = [
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

  const copyGroup: readonly Command[] = [
    {
      id: 'copy-mail',
      title: 'Copy the mail report',
      group: 'Copy',
      keys: ['y'],
      run: () => void exports.perform('mail'),
      enabled: hasResult,
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

  async function step(direction: 1 | -1, effect: string): Promise<void> {
    const design = why.subject.kind === 'step' ? why.subject.design : (maps.first?.design ?? '');
    const timeNs = await maps.walk(design, direction, effect);
    if (timeNs === null) return;
    view.stepTo(timeNs);
    if (effect !== '') why.explain({ kind: 'step', design });
  }

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

  return [...runGroup, ...goGroup, ...timeGroup, ...compareGroup, ...copyGroup];
}
