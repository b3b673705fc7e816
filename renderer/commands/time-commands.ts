/** The handle: playing, stepping by request, jumping to phases, and why. */
import { experimentPhases } from '../../src/analysis/headline.js';
import { useViewStore } from '../stores/view.js';
import { useFocusStore } from '../stores/focus.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useMapsStore } from '../stores/maps.js';
import { useWhyStore } from '../stores/why.js';
import { useShownResult } from '../composables/use-shown-result.js';
import type { Command } from './command.js';

export function useTimeCommands(): readonly Command[] {
  const view = useViewStore();
  const experiment = useExperimentStore();
  const maps = useMapsStore();
  const why = useWhyStore();
  const focus = useFocusStore();
  const shown = useShownResult();
  const hasResult = (): boolean => experiment.result !== null;

  async function step(direction: 1 | -1, effect: string): Promise<void> {
    const design = why.subject.kind === 'step' ? why.subject.design : (maps.first?.design ?? '');
    const isSlow = maps.maps.some(({ info }) => info !== null && info.keptEvery > 1);
    if (isSlow) focus.announce('The run is simulated again up to there.');
    const found = await maps.walk(design, direction, effect);
    if (found === null) return;
    if (!found.moved) {
      const where = direction > 0 ? 'later' : 'earlier';
      focus.announce(`There is no ${where} ${effect === '' ? 'request' : effect} in ${design}.`);
      return;
    }
    view.stepTo(found.timeNs);
    if (effect !== '') why.explain({ kind: 'step', design });
  }

  return [
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
      title: 'Why: explain the clicked point of a chart, or the request at the cursor',
      group: 'Go',
      keys: ['i'],
      run: () => {
        if (why.bringClicked()) return;
        const design = maps.first?.design;
        if (design !== undefined) why.explain({ kind: 'step', design });
        else view.leftTab = 'why';
      },
      enabled: hasResult,
    },
    {
      id: 'follow',
      title: 'Follow the chosen cell: to where its object was made',
      group: 'Go',
      keys: ['f'],
      run: () => {
        const owner = why.place?.owner;
        if (owner === undefined) return;
        maps.seek({ kind: 'step', step: owner.bornStep });
        view.stepTo(owner.bornNs);
      },
      enabled: () => why.place?.owner !== undefined,
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
}
