/**
 * Messages of runs: every code that only a run can bring up has cases with the exact text, made by
 * scenarios that really run; the examples of `xlab explain` do in a run what their pages say.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODES } from '../../dsl/diagnostics/catalogue.js';
import { EXPLAIN_PAGES } from '../../dsl/explain/index.js';
import { renderDiagnostics } from '../../dsl/render-diagnostic.js';
import { compileScenario } from '../../src/app/compile-scenario.js';
import { runExperiment } from '../../src/app/run-experiment.js';
import type { ExperimentResult } from '../../src/contract/run-result.js';
import { inProcessExecutor } from '../support/in-process-executor.js';
import { temporaryFolder, writeInto } from '../support/temporary-folder.js';
import { caseText } from '../unit/dsl/message-cases.js';

const buddy = readFileSync(resolve('scenarios/plugins/buddy-text.ts'), 'utf8');
/** The example plugin with a defect. */
const broken = (from: string, to: string): string => {
  expect(buddy).toContain(from);
  return buddy.replace(from, to);
};
const OVERLAPPING = broken('this.free[node] = 0;', '');
const LEAKING = broken("assert(this.mm.isExecutable(area.page), 'a block is executable');", '');
const OUTSIDE = broken(
  'const byte = block.area.page * PAGE_BYTES',
  'const byte = this.mm.areaPages * PAGE_BYTES',
).replace('this.writer.close(piece, codeBytes)', 'void codeBytes');
const UNSURE = LEAKING.replace('const block = this.blocks.find(', "assert(false, 'no block'); $&");
const WRITABLE = broken('this.mm.setMemoryRox(', 'this.mm.setMemoryX(');

const root = temporaryFolder();
let count = 0;

interface Case {
  readonly name: string;
  readonly lines: string;
  readonly plugin?: string;
  /** Limit on events that the plan gets after the check, which would have refused it. */
  readonly events?: number;
  readonly expected: string;
}

async function resultOf(entry: Omit<Case, 'name' | 'expected'>): Promise<ExperimentResult> {
  const { lines, plugin = buddy, events } = entry;
  count += 1;
  const folder = resolve(root, String(count));
  const path = writeInto(folder, 'buddy-text.ts', plugin);
  const { plan: checked, diagnostics } = compileScenario({
    file: 'case.xlab',
    folder,
    text: caseText(lines),
    settings: {},
    seeds: '',
    only: [],
    plugins: [path],
  });
  expect(diagnostics).toEqual([]);
  if (checked === undefined) throw new Error('the case compiles');
  const points = checked.points.map((point) => ({
    ...point,
    limits: { ...point.limits, events: events ?? point.limits.events },
  }));
  const plan = { ...checked, points };
  return runExperiment(plan, {
    executor: inProcessExecutor(plan),
    signal: new AbortController().signal,
    onProgress: () => undefined,
    onPartial: () => undefined,
  });
}

/** What the command line prints of the runs, and what the report says of expectations without a value. */
function troubles({ runs, verdicts }: ExperimentResult): string {
  const diagnostics = runs.flatMap((run) => run.diagnostics);
  const shown = renderDiagnostics(diagnostics, { file: 'case.xlab', text: '' }).trim();
  const open = verdicts
    .filter(({ state }) => state !== 'pass')
    .map(({ state, text, detail }) => `${state} ${text}: ${detail}`);
  return [...(shown === '' ? [] : [shown]), ...open].join('\n');
}

const CASES: Readonly<Record<string, readonly Case[]>> = {
  X0507: [
    {
      name: 'statements that last longer than their phase',
      lines:
        'seeds 3\nphase steady for 10s {\n  repeat 20 { load bpf size 1KiB lifetime 1s; wait ~ exp(mean=480ms) }\n}',
      expected: `error[X0507]: phase 'steady' needed 10.9s but ends at 10s
  = note: line 3: phase steady
  = help: give it more time: phase steady for 11s`,
    },
  ],
  X0508: [
    {
      name: 'arrivals that a full pool holds back',
      lines:
        'pool p\nphase steady for 60s {\n  churn p {\n    arrive poisson(100/s)\n    lifetime 10s\n' +
        '    live at_most 500\n    item load bpf size 1KiB\n  }\n}',
      expected: `error[X0508]: 50.5% of the arrivals were held back (limit 1%)
  = note: line 4: churn p
  = note: 3062 of 6062 arrivals found the pool full
  = help: raise 'live at_most', or write 'hold_back allow'`,
    },
  ],
  X0509: [
    {
      name: 'an instant that is over when its statement is reached',
      lines:
        'phase steady for 60s {\n  repeat 50 { wait ~ uniform(0s, 1s) }\n  at 10s { mark "ten" }\n}',
      expected: `error[X0509]: 'at 10s' was reached 13.7s too late
  = note: line 4: at 10s
  = help: write it before the statements that take time, or give it a
          later time`,
    },
  ],
  X0605: [
    {
      name: 'a share of a zero',
      lines:
        'compare module_alloc, execmem_rox\n' +
        'expect alloc.failed <= 1.1 * (alloc.failed @ module_alloc) for execmem_rox',
      expected: `unknown expect alloc.failed <= 1.1 * (alloc.failed @ module_alloc) for execmem_rox: X0605: relative to zero, alloc.failed @ module_alloc is 0 (execmem_rox, seed 1, phase steady)`,
    },
    {
      name: 'a division by zero',
      lines:
        'compare module_alloc, execmem_rox\n' +
        'expect alloc.failed / (alloc.failed @ module_alloc) <= 1.1 for execmem_rox',
      expected: `unknown expect alloc.failed / (alloc.failed @ module_alloc) <= 1.1 for execmem_rox: X0605: divided by zero, alloc.failed @ module_alloc is 0 (execmem_rox, seed 1, phase steady)`,
    },
  ],
  X0901: [
    {
      name: 'memory outside of the range',
      lines: 'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
      plugin: OUTSIDE,
      expected: `error[X0901]: mine: object 0 placed outside the module area at byte
1056964608
  = note: at 0ns
  = note: line 5: load bpf`,
    },
    {
      name: 'memory that is handed out twice',
      lines:
        'allocator mine = plugin "./buddy-text.ts"\ncompare mine\n' +
        'phase steady for 10s { repeat 2 { load bpf size 1KiB lifetime 1s } }',
      plugin: OVERLAPPING,
      expected: `error[X0901]: mine: objects 1 and 0 share 1032 bytes at byte 0
  = note: at 0ns
  = note: line 4: load bpf`,
    },
  ],
  X0902: [
    {
      name: 'an invariant of a design',
      lines: 'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
      plugin: UNSURE,
      expected: `error[X0902]: mine: no block
  = note: at 0ns
  = note: line 5: load bpf`,
    },
    {
      name: 'memory that is writable and executable',
      lines: 'allocator mine = plugin "./buddy-text.ts"\ncompare mine',
      plugin: WRITABLE,
      expected: `error[X0902]: mine: 2097152 bytes are writable and executable
  = note: at 0ns
  = note: line 5: load bpf
  = help: take one permission away before giving the other`,
    },
  ],
  X0903: [
    {
      name: 'too much simulated time',
      lines: 'limit time 30s\nphase steady for 60s { load bpf size 1KiB lifetime 1s }',
      expected: `error[X0903]: more than 30s of simulated time in one run
  = help: shorter phases, or raise it: limit time`,
    },
    {
      name: 'too many events',
      lines: 'phase steady for 60s { arrive poisson(16/s) { load bpf size 1KiB lifetime 1s } }',
      events: 1000,
      expected: `error[X0903]: more than 1000 events in one run
  = help: fewer repetitions or a lower rate, or raise it: limit events`,
    },
  ],
};

const runTimeCodes = CODES.filter((info) => info.atRunTime).map(({ code }) => code);

describe('messages of runs', () => {
  it('has cases for every code that only a run brings up, and for no other', () => {
    expect(Object.keys(CASES).sort()).toEqual([...runTimeCodes].sort());
  });

  const all = Object.entries(CASES).flatMap(([code, cases]) =>
    cases.map((entry) => [code, entry.name, entry] as const),
  );
  it.each(all)('says with %s exactly what happened: %s', async (code, _name, entry) => {
    const text = troubles(await resultOf(entry));
    expect(text).toContain(code);
    expect(text).toBe(entry.expected);
  });
});

describe('examples of the pages on runs', () => {
  it.each(runTimeCodes)('bring up %s, and no longer once they are repaired', async (code) => {
    const page = EXPLAIN_PAGES.get(code);
    const plugin = CASES[code]?.[0]?.plugin;
    const own = plugin === undefined ? {} : { plugin };
    expect(troubles(await resultOf({ lines: page.wrong, ...own }))).toContain(code);
    expect(troubles(await resultOf({ lines: page.right, ...own }))).not.toContain(code);
  });
});
