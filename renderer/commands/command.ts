/** A command of the window: one entry in the palette, one line on the page of keys, one shortcut. */

export interface Command {
  readonly id: string;
  readonly title: string;
  readonly group: 'Run' | 'View' | 'Time' | 'Compare' | 'Copy' | 'Go';
  /** As written: `Ctrl+Shift+P`, `m`, `Shift+B`, `?`. Empty for none. */
  readonly keys: readonly string[];
  readonly run: () => void;
  /** False leaves it off the page of keys. */
  readonly listed?: boolean;
  /** False while it would do nothing. */
  readonly enabled?: () => boolean;
}
