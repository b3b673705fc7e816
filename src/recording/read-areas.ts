/** Rows of /proc/vmallocinfo as a recording holds them: `[start, end, size, caller, flags]`. */
import { asAddress, asList, asText, FieldError } from './json-fields.js';
import { RECORDING_LIMITS } from './limits.js';
import { MODULE_AREA_LOWEST, MODULES_END, type RecordedArea } from './recording.js';

const PAGE = 4096n;

export function readArea(value: unknown, what: string): RecordedArea {
  const row = asList(value, what);
  const start = asAddress(row[0], `${what} start`);
  const end = asAddress(row[1], `${what} end`);
  if (end <= start || start % PAGE !== 0n || end % PAGE !== 0n) {
    throw new FieldError(`${what} is not a range of whole pages`);
  }
  const callerText = row[3] === undefined ? '' : asText(row[3], `${what} caller`);
  const flags = row[4] === undefined ? [] : asList(row[4], `${what} flags`);
  let pages = -1;
  for (const flag of flags) {
    const match = typeof flag === 'string' ? /^pages=(\d{1,12})$/.exec(flag) : null;
    if (match) pages = Number(match[1]);
  }
  return { start, end, caller: callerText.replace(/\+0x.*$/, ''), pages };
}

export const isModuleArea = (area: RecordedArea): boolean =>
  area.start >= MODULE_AREA_LOWEST && area.start < MODULES_END;

/** Areas of the module area, ascending; rows elsewhere are left out. */
export function readModuleAreas(value: unknown, what: string): readonly RecordedArea[] {
  const rows = asList(value, what);
  if (rows.length > RECORDING_LIMITS.rowsMax) throw new FieldError(`${what} has too many rows`);
  const areas: RecordedArea[] = [];
  rows.forEach((row, index) => {
    const area = readArea(row, `${what} row ${String(index + 1)}`);
    if (isModuleArea(area)) areas.push(area);
  });
  return areas.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
}
