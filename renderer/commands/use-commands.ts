/** All commands of the window in one list; shortcuts, palette and the page of keys read it. */
import { useRunCommands } from './run-commands.js';
import { useEditorCommands } from './editor-commands.js';
import { useRangeCommands } from './range-commands.js';
import { useTimeCommands } from './time-commands.js';
import { useCompareCommands } from './compare-commands.js';
import { useResultCommands } from './result-commands.js';
import type { Command } from './command.js';

export const useCommands = (): readonly Command[] => [
  ...useRunCommands(),
  ...useEditorCommands(),
  ...useRangeCommands(),
  ...useTimeCommands(),
  ...useCompareCommands(),
  ...useResultCommands(),
];
