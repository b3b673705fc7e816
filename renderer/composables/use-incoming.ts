/**
 * What is dropped on the window or pasted into it. Each is answered, also what cannot be taken. Texts come
 * from mails: nothing of them runs.
 */
import { useEventListener } from '@vueuse/core';
import { isTextEntry } from '../commands/key-text.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { droppedFiles, NO_RESULT_IN_FOLDER } from './dropped-files.js';
import { useFiles } from './use-files.js';
import { useOpening } from './use-opening.js';
import { useResults } from './use-results.js';

/** A scenario begins with its version, perhaps behind comments. */
const SCENARIO_TEXT = /^\s*(?:#[^\n]*\n\s*)*xlab\s+\d/;

export function useIncoming(): void {
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const files = useFiles();
  const opening = useOpening();
  const results = useResults();

  async function take(transfer: DataTransfer): Promise<void> {
    const name = transfer.files[0]?.name ?? '';
    const dropped = await droppedFiles(transfer);
    if (dropped.length === 0) experiment.message = `${name}: ${NO_RESULT_IN_FOLDER}`;
    else await opening.take(dropped);
  }

  async function takeText(text: string): Promise<void> {
    if (text.trim() === '' || (await results.takeText(text))) return;
    if (SCENARIO_TEXT.test(text)) await files.take(new File([text], 'pasted.xlab'));
    else focus.announce('In the pasted text is neither a report nor a scenario of this lab.');
  }

  useEventListener(window, 'dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files') === true) event.preventDefault();
  });
  useEventListener(window, 'drop', (event) => {
    const transfer = event.dataTransfer;
    if (transfer === null || transfer.files.length === 0) return;
    event.preventDefault();
    void take(transfer);
  });
  useEventListener(document, 'paste', (event) => {
    if (isTextEntry(event.target)) return;
    void takeText(event.clipboardData?.getData('text/plain') ?? '');
  });
}
