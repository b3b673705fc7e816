/**
 * Imports of one scenario describe the same machine. What one of them saw without knowing what it was
 * (an area of /proc/vmallocinfo, of a trace) is left to the one that names it, so that nothing is taken
 * twice: modules to proc_modules, BPF programs to bpftool_prog, text that comes and goes to perf_ksymbol.
 */
import type { ImportedData } from '../../src/contract/catalog.js';
import type { ImportAccount, RecordedCreate } from '../../src/contract/scenario-plan.js';

type Kind = RecordedCreate['kind'];

const REASON = 'named by another import';

/** Kinds that the layouts of `others` name. */
function namedKinds(others: readonly ImportedData[]): ReadonlySet<Kind> {
  const kinds = new Set<Kind>();
  for (const { layout, unnamed } of others) {
    const open = new Set(unnamed?.objects);
    layout?.objects.forEach(({ kind }, index) => {
      if (!open.has(index)) kinds.add(kind);
    });
  }
  return kinds;
}

/** True when a stream of `others` names the programs and trampolines that come and go. */
const hasNamedText = (others: readonly ImportedData[]): boolean =>
  others.some(({ stream, unnamed }) => {
    const open = new Set(unnamed?.keys);
    return stream?.events.some(
      (event) =>
        event.kind === 'create' &&
        !open.has(event.key) &&
        (event.create.kind === 'bpf' || event.create.kind === 'trampoline'),
    );
  });

/** Guessed records that another import names are beside. */
function accountWithout(account: ImportAccount, count: number): ImportAccount {
  if (count === 0) return account;
  const { guessed, beside = 0, reasons } = account;
  return {
    ...account,
    guessed: guessed - count,
    beside: beside + count,
    reasons: [...reasons, { reason: REASON, count }],
  };
}

function layoutWithout(data: ImportedData, others: readonly ImportedData[]): ImportedData {
  const { layout, unnamed, account } = data;
  if (layout === undefined || unnamed === undefined) return data;
  const named = namedKinds(others);
  const open = new Set(unnamed.objects);
  const objects = layout.objects.filter(({ kind }, index) => !open.has(index) || !named.has(kind));
  const left = layout.objects.length - objects.length;
  return {
    ...data,
    layout: { ...layout, objects },
    ...(account === undefined ? {} : { account: accountWithout(account, left) }),
  };
}

function streamWithout(data: ImportedData, others: readonly ImportedData[]): ImportedData {
  const { stream, unnamed } = data;
  if (stream === undefined || unnamed === undefined || !hasNamedText(others)) return data;
  const open = new Set(unnamed.keys);
  const events = stream.events.filter(({ key }) => !open.has(key));
  const account = accountWithout(stream.account, open.size);
  return { ...data, stream: { ...stream, events, account } };
}

/** The data without what the other imports of the scenario name. */
export const withoutNamedElsewhere = (
  data: ImportedData,
  others: readonly ImportedData[],
): ImportedData => streamWithout(layoutWithout(data, others), others);
