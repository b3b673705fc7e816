/**
 * Files that the user brings, dropped or chosen: results, shares and reports first, then one scenario or
 * bundle. Both ways take the same; each file is answered, also what cannot be taken.
 */
import { BUNDLE_EXTENSION } from '../../src/contract/bundle-form.js';
import { useFocusStore } from '../stores/focus.js';
import type { DroppedFile } from './dropped-files.js';
import { isOpenable, useFiles } from './use-files.js';
import { REPORT_ENDINGS, useResults } from './use-results.js';

interface Opening {
  take(files: readonly DroppedFile[]): Promise<void>;
  /** Lets the user choose files. */
  choose(): void;
}

const CHOSEN = ['.xlab', BUNDLE_EXTENSION, '.json', '.xlabshard', ...REPORT_ENDINGS].join(',');

export function useOpening(): Opening {
  const focus = useFocusStore();
  const files = useFiles();
  const results = useResults();

  async function take(brought: readonly DroppedFile[]): Promise<void> {
    if (!(await results.take(brought))) await open(brought);
  }

  /** One scenario or bundle can be open: the first of several. */
  async function open(brought: readonly DroppedFile[]): Promise<void> {
    const wanted = brought.find(({ file }) => isOpenable(file.name)) ?? brought[0];
    if (wanted === undefined || !(await files.take(wanted.file))) return;
    const left = brought.length - 1;
    if (left === 0) return;
    const others = left === 1 ? 'The other file was' : `The other ${String(left)} files were`;
    focus.announce(`${wanted.file.name} opened. ${others} left alone.`);
  }

  function choose(): void {
    const input = document.createElement('input');
    input.type = 'file';
    input.multiple = true;
    input.accept = CHOSEN;
    input.addEventListener('change', () => {
      const chosen = [...(input.files ?? [])].map((file) => ({ file, folder: '' }));
      if (chosen.length > 0) void take(chosen);
    });
    input.click();
  }

  return { take, choose };
}
