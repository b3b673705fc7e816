/**
 * What is dropped on the window or pasted into it: results, shares and reports first, then one scenario or
 * bundle. Each is answered, also what cannot be taken. Texts come from mails: nothing of them runs.
 */
import { useEventListener } from '@vueuse/core';
import { isTextEntry } from '../commands/key-text.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { droppedFiles, NO_RESULT_IN_FOLDER } from './dropped-files.js';
import type { DroppedFile } from './dropped-files.js';
import { isOpenable, useFiles } from './use-files.js';
import { useResults } from './use-results.js';

/** A scenario begins with its version, perhaps behind comments. */
const SCENARIO_TEXT = /^\s*(?:#[^\n]*\n\s*)*xlab\s+\d/;

export function useIncoming(): void {
  const experiment = useExperimentStore();
  const focus = useFocusStore();
  const files = useFiles();
  const results = useResults();

  async function take(transfer: DataTransfer): Promise<void> {
    const name = transfer.files[0]?.name ?? '';
    const dropped = await droppedFiles(transfer);
    if (dropped.length === 0) experiment.message = `${name}: ${NO_RESULT_IN_FOLDER}`;
    else if (!(await results.take(dropped))) await open(dropped);
  }

  /** One scenario or bundle can be open: the first of several. */
  async function open(dropped: readonly DroppedFile[]): Promise<void> {
    const wanted = dropped.find(({ file }) => isOpenable(file.name)) ?? dropped[0];
    if (wanted === undefined || !(await files.take(wanted.file))) return;
    const left = dropped.length - 1;
    if (left === 0) return;
    const others = left === 1 ? 'The other file was' : `The other ${String(left)} files were`;
    focus.announce(`${wanted.file.name} opened. ${others} left alone.`);
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
