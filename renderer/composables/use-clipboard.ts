/** The way to the clipboard, the same for everything that is copied: says that it is done, or what to do. */
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';

const REFUSED =
  'the clipboard could not be written. Allow it for this page and copy again; the Copy menu saves reports, ' +
  'charts and data as files instead.';

/** Copies a text; `what`: how it is spoken of, `Mail report`. True when it is on the clipboard. */
export type CopyText = (text: string, what: string) => Promise<boolean>;

export function useClipboard(): CopyText {
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  return async (text, what) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      experiment.message = `${what} not copied: ${REFUSED}`;
      return false;
    }
    if (experiment.message.includes(REFUSED)) experiment.message = '';
    focus.announce(`${what} copied`);
    return true;
  };
}
