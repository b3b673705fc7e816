/**
 * Bounds of a recording: such files come in mails. Passing one is a diagnostic, never a crash and
 * never a partial result.
 */
export const RECORDING_LIMITS = {
  /** Text of one file after decompression, bytes. The largest recorded so far has 0.9 MB. */
  fileBytesMax: 268435456,
  /** One line, characters. */
  lineLengthMax: 33554432,
  eventsMax: 2000000,
  snapshotsMax: 10000,
  /** Rows of one table: areas, sections, leaves. */
  rowsMax: 4000000,
  modulesMax: 20000,
  /** One module section. */
  sectionBytesMax: 1073741824,
  /** Code of one program. */
  programBytesMax: 67108864,
  nameLengthMax: 4096,
  /** Findings listed before the rest is only counted. */
  findingsMax: 20,
} as const;
