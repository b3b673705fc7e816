/** The visible span, the selection and the pins. */
import { useViewStore } from '../stores/view.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useWhyStore } from '../stores/why.js';
import type { Command } from './command.js';

const ZOOM_STEP = 1.5;
const PAN_SHARE = 0.2;

export function useRangeCommands(): readonly Command[] {
  const view = useViewStore();
  const experiment = useExperimentStore();
  const why = useWhyStore();
  const hasResult = (): boolean => experiment.result !== null;

  return [
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
      title: 'Undo one level: selection, pin, zoom',
      group: 'Time',
      keys: ['Esc'],
      run: () => {
        // What is selected goes first: a span, then an object; then the pin, then the zoom.
        if (view.selection !== null || !why.clearSelection()) view.escape();
      },
    },
  ];
}
