/** Outline, folding, formatting, code actions and request counts. */
import { describe, expect, it } from 'vitest';
import {
  codeActionsAt,
  diagnosticsOf,
  foldsOf,
  formatEdits,
  outlineOf,
  phaseFacts,
  requestCounts,
  type OutlineEntry,
} from '../../../dsl/service/index.js';
import { EXAMPLES, example } from './lab-double.js';
import { documentOf } from './service-caret.js';

/** The outline as indented lines. */
const drawn = (entries: readonly OutlineEntry[], indent = ''): string[] =>
  entries.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail === '' ? '' : ` (${detail})`}`,
    ...drawn(children, `${indent}  `),
  ]);

describe('the outline', () => {
  it('lists declarations, and in phases what has a body or a name', () => {
    expect(drawn(outlineOf(documentOf(example('fleet-churn'))))).toEqual([
      'param churn (40/s)',
      'sweep sweep (churn over 10/s, 40/s, 160/s)',
      'seeds seeds (1..30)',
      'machine machine',
      'allocator rox_big (execmem_rox)',
      'compare compare (module_alloc, bpf_prog_pack, vmalloc_exec, topdown_split,...)',
      'dist bpf_size (quantiles(0%: 64B, 50%: 500B, 75%: 2KiB, 99%: 24KiB, 100%: 64KiB))',
      'dist tramp_size (choice(70%: 128B, 30%: 320B))',
      'pool progs',
      'pool tramps',
      'pool probes',
      'pool mods',
      'phase boot (for 30s)',
      '  repeat repeat 180',
      'phase steady (for 5min)',
      '  churn churn progs',
      '  every every 2s',
      '  every every 30s',
      '  execute execute 5e6/s',
      'phase storm (for 60s)',
      '  parallel parallel',
      '    branch reload',
      '      for for i',
      '        run run reload_nic',
      '    branch trace',
      '      repeat repeat 500',
      'phase drain (for 3min)',
      'workload reload_nic',
      '  let m (load module)',
      'expect no alloc.failed',
      'expect p99(text.waste_pct) < 60% in steady',
      'expect mean(itlb_misses.walk_completed) <= mean(itlb_misses.walk...',
      'warn if last(text.reserved_bytes) > 4MiB in drain',
    ]);
  });

  it('holds children and selections inside their entries', () => {
    const check = (entries: readonly OutlineEntry[]): void => {
      for (const { span, selection, children } of entries) {
        expect(selection.start).toBeGreaterThanOrEqual(span.start);
        expect(selection.end).toBeLessThanOrEqual(span.end);
        for (const child of children) {
          expect(child.span.start).toBeGreaterThanOrEqual(span.start);
          expect(child.span.end).toBeLessThanOrEqual(span.end);
        }
        check(children);
      }
    };
    for (const name of EXAMPLES) check(outlineOf(documentOf(example(name))));
  });
});

describe('folding', () => {
  it('folds blocks of several lines and runs of comments', () => {
    const text = `xlab 1
# one
# two
phase a {  # not alone
  repeat 2 { wait 1s }
  repeat 2 {
    wait 1s
  }
}
# alone
`;
    expect(foldsOf(documentOf(text))).toEqual([
      { startLine: 2, endLine: 3, kind: 'comment' },
      { startLine: 4, endLine: 9, kind: 'block' },
      { startLine: 6, endLine: 8, kind: 'block' },
    ]);
  });
});

describe('formatting', () => {
  it('is one edit of what differs, and none for a formatted text', () => {
    const document = documentOf('xlab 1\n\npool   a\npool b\n');
    const [edit] = formatEdits(document);
    expect(edit).toBeDefined();
    if (edit === undefined) return;
    expect(document.text.slice(edit.span.start, edit.span.end).trim()).toBe('');
    const text =
      document.text.slice(0, edit.span.start) + edit.newText + document.text.slice(edit.span.end);
    expect(text).toBe('xlab 1\n\npool a\npool b\n');
    expect(formatEdits(documentOf(text))).toEqual([]);
  });
});

describe('code actions', () => {
  const text = 'xlab 1\nmachine { ram 87kB; cpu slk }\ncompare module_alloc\nphase a { wait 1s }\n';

  it('repair the findings that touch a range', () => {
    const document = documentOf(text);
    expect(diagnosticsOf(document).map((found) => found.code)).toEqual(['X0103', 'X0201']);
    const unit = text.indexOf('87kB');
    expect(codeActionsAt(document, { start: unit, end: unit })).toMatchObject([
      { title: 'Write 87KiB', edits: [{ newText: '87KiB' }], diagnostic: { code: 'X0103' } },
    ]);
    const whole = codeActionsAt(document, { start: 0, end: text.length });
    expect(whole.map((action) => action.title)).toEqual(['Write 87KiB', "Change to 'skl'"]);
    expect(codeActionsAt(document, { start: 0, end: 3 })).toEqual([]);
  });
});

describe('request counts', () => {
  const text = `xlab 1
machine { ram 8GiB; cpu skl }
compare module_alloc
pool p
phase a for 10s {
  repeat 5 {
    load bpf size 64B into p
    mix {
      25%: free 1 of p
      75%: wait 1ms
    }
  }
  every 1s { load bpf size 64B into p }
  arrive poisson(3/s) { load bpf size 64B into p }
  churn p { arrive burst(4, 1/s); lifetime 1s; live about 60; item load bpf size 64B }
  parallel 7 { load bpf size 64B into p; load bpf size 64B into p }
}
phase b { free all p; wait 3s }
`;

  it('multiply repetitions, rates and weights, line by line', () => {
    expect(requestCounts(documentOf(text))).toEqual([
      { line: 7, requests: 5 },
      { line: 9, requests: 1.25 },
      { line: 13, requests: 10 },
      { line: 14, requests: 30 },
      { line: 15, requests: 100 },
      { line: 16, requests: 14 },
      { line: 18, requests: 1 },
    ]);
  });

  it('add up to what the phases do', () => {
    expect(phaseFacts(documentOf(text))).toEqual([
      { name: 'a', requests: 160.25, durationNs: 10e9 },
      { name: 'b', requests: 1, durationNs: 3e9 },
    ]);
  });

  it('are not known while there are errors', () => {
    expect(requestCounts(documentOf(text.replace('64B', '64')))).toEqual([]);
  });
});
