/** Every user of executable memory on one text source, as most designs have it. */
import type { TextSource } from './piece.js';
import type { ProposedUsers } from './proposed-instance.js';

export type TextUsers = Omit<
  ProposedUsers,
  'data' | 'modules' | 'verify' | 'runWorkers' | 'gauges'
>;

export const everybodyOn = (text: TextSource): TextUsers => ({
  moduleText: text,
  initText: text,
  bpf: text,
  bpfTrampolines: text,
  ftrace: text,
  kprobes: text,
  raw: text,
});
