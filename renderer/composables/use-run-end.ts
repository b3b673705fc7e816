/**
 * The end of a run, told to those who do not look: screen readers always; in a browser a notification of the
 * system while the window is not in front, once its user has allowed that. The desktop notifies by itself.
 */
import { useWindowFocus } from '@vueuse/core';
import { watch } from 'vue';
import { finishedText } from '../charts/spoken-text.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useLabStore } from '../stores/lab.js';
import { useScenarioStore } from '../stores/scenario.js';

/** What is said of it; empty where the state is no end. */
export function endText(state: string, finished: string): string {
  if (state === 'done') return finished;
  if (state === 'failed') return 'Run failed';
  return state === 'stopped' ? 'Run stopped' : '';
}

export function useRunEnd(): void {
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const lab = useLabStore();
  const scenario = useScenarioStore();
  const inFront = useWindowFocus();

  watch(
    () => experiment.state,
    (state) => {
      const wasRun = !experiment.shipped && experiment.fromFile === '';
      if (state === 'done' && !wasRun) return;
      const text = endText(state, finishedText(experiment.result));
      if (text === '') return;
      focus.announce(text);
      // Whoever stops a run knows it.
      if (inFront.value || state === 'stopped' || lab.description?.host !== 'browser') return;
      notify(scenario.id, text);
    },
  );
}

/** A newer one takes the place of the last; a click brings the window to the front. */
function notify(title: string, body: string): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  const notification = new Notification(title, { body, tag: 'xlab-run' });
  notification.addEventListener('click', () => {
    window.focus();
    notification.close();
  });
}

/** Asks the browser; says what will be, or why nothing will. */
export async function allowNotifications(): Promise<string> {
  if (!('Notification' in window)) return 'This browser has no notifications';
  const answer = await Notification.requestPermission();
  return answer === 'granted'
    ? 'The end of a run will be told while the window is not in front'
    : 'The browser does not allow notifications of this page; its site settings change that';
}
