/** A folder as `xlab record` writes it: layout, request stream, machine and recorded counters. */
import { join } from 'node:path';
import { readRecordingImport } from '../../recording/recording-import.js';
import { RECORDING_FILE_NAMES } from '../../recording/read-recording.js';
import type { ConfinedFolder } from '../confined-folder.js';
import { openRecordingFolder } from '../recording-folder.js';
import { importFailure, type ImportFormat } from './import-format.js';

/** The first file of the recording that is a link to a place outside, if there is one. */
function strayFile(folder: ConfinedFolder, path: string, hasEntry: (name: string) => boolean) {
  return RECORDING_FILE_NAMES.flatMap((name) => [name, `${name}.gz`]).find(
    (name) => hasEntry(name) && folder.locate(join(path, name)) === undefined,
  );
}

export const recordingFormat: ImportFormat = {
  name: 'recording',
  summary: 'a folder of `xlab record`: layout, requests and counters',
  options: [],
  read: ({ path, folder }) => {
    const real = folder.locate(path);
    if (real === undefined) {
      return importFailure(`there is no recording '${path}'`, {
        help: 'paths are relative to the scenario and stay in its folder',
      });
    }
    const names = folder.list(path);
    if (names === undefined) {
      return importFailure(`'${path}' is not a folder`, {
        help: 'name the folder that holds meta.json and events.jsonl',
      });
    }
    const stray = strayFile(folder, path, (name) => names.includes(name));
    if (stray !== undefined) {
      return importFailure(`${stray} of '${path}' leads out of the scenario's folder`);
    }
    const onRead = (name: string, bytes: Buffer): void => folder.noteRead(join(path, name), bytes);
    return readRecordingImport(openRecordingFolder(real, onRead));
  },
};
