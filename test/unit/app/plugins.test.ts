/** Design plugins: what loads, what is refused and why, and that their runs are checked like any. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { compileScenario } from '../../../src/app/compile-scenario.js';
import { runOne } from '../../../src/app/run-one.js';
import type { CompileReply } from '../../../src/contract/lab-engine.js';
import { renderMailReport } from '../../../src/export/report-mail.js';
import { runExperiment } from '../../../src/app/run-experiment.js';
import { inProcessExecutor } from '../../support/in-process-executor.js';
import { temporaryFolder, writeInto } from '../../support/temporary-folder.js';

const shipped = resolve('scenarios/plugins');
const buddy = readFileSync(resolve(shipped, 'buddy-text.ts'), 'utf8');
const example = readFileSync(resolve('test/unit/dsl/examples/gate.xlab'), 'utf8');
const root = temporaryFolder();
let count = 0;

interface Setup {
  readonly plugin?: string;
  readonly file?: string;
  readonly options?: string;
  readonly named?: boolean;
  readonly only?: readonly string[];
}

const SCENARIO = (file: string, options: string): string => `xlab 1
machine { ram 4GiB; cpu zen4 }
allocator mine = plugin "${file}"${options}
compare mine
pool progs
phase load for 1s { load bpf size 100B into progs }
`;

/** A scenario of its own folder that names the plugin. */
function compiled(setup: Setup): CompileReply {
  const { plugin = buddy, file = 'mine.ts', options = '', named = true } = setup;
  count += 1;
  const folder = resolve(root, String(count));
  const path = writeInto(folder, file, plugin);
  const text = SCENARIO(`./${file}`, options);
  const plugins = named ? [path] : [];
  return compileScenario({
    file: 'mine.xlab',
    folder: dirname(path),
    text,
    settings: {},
    seeds: '',
    only: [],
    plugins,
  });
}

const findings = (setup: Setup): readonly string[] =>
  compiled(setup).diagnostics.map(({ code, message, notes = [], help = '' }) =>
    [code, message, ...notes, help].join(' | '),
  );

/** A plugin whose default export is this. */
const exporting = (text: string): string => `export default ${text};\n`;

const MINIMAL = "interface: 1, summary: 'mine', options: [], create: () => ({})";

describe('a design plugin', () => {
  it('that ships as an example makes the example of the language check and run as written', () => {
    const request = { file: 'gate.xlab', folder: shipped, text: example, settings: {}, only: [] };
    const plugins = [resolve(shipped, 'buddy-text.ts')];
    const { plan, diagnostics } = compileScenario({ ...request, seeds: '1', plugins });
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code: 'X0604' }),
    ]);
    const whole = compileScenario({ ...request, seeds: '', plugins });
    expect(whole.diagnostics).toEqual([]);
    expect(plan).toBeUndefined();
    if (whole.plan === undefined) throw new Error('the example compiles');
    const run = runOne(whole.plan, { point: 0, seed: 1, design: 'mine' });
    expect(run.diagnostics).toEqual([]);
    expect(run.status).toBe('ok');
    expect(run.phases.at(-1)?.metrics['text.live_bytes']).toMatchObject({ last: 0 });
    expect(run.phases.map(({ metrics }) => metrics['alloc.failed'])).toEqual([
      expect.objectContaining({ last: 0 }),
      expect.objectContaining({ last: 0 }),
      expect.objectContaining({ last: 0 }),
    ]);
  });

  it('gives its options to the check like a built-in design', () => {
    expect(findings({ options: ' { slot 64 }' })).toEqual([
      "X0801 | 'plugin:mine.ts' has no option 'slot' | did you mean 'slots'? options: slots poison",
    ]);
    expect(findings({ options: ' { slots 4 }' })).toEqual([
      "X0801 | 'slots' cannot be 4 | it takes a count from 8 to 512",
    ]);
    expect(findings({ options: ' { slots 128, poison none }' })).toEqual([]);
  });

  it('is part of the scenario hash and of the inputs of a result', () => {
    const first = compiled({}).plan;
    const second = compiled({ plugin: `${buddy}// one line more\n` }).plan;
    expect(first?.scenarioHash).not.toBe(second?.scenarioHash);
    expect(first?.inputs.map(({ path }) => path)).toEqual(['mine.xlab', 'mine.ts']);
    expect(first?.inputs.at(-1)?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  it('makes a report that names the plugin in the command that repeats it', async () => {
    const { plan } = compiled({});
    if (plan === undefined) throw new Error('the scenario compiles');
    const result = await runExperiment(plan, {
      executor: inProcessExecutor(plan),
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onPartial: () => undefined,
    });
    expect(result.complete).toBe(true);
    expect(renderMailReport(result)).toContain('--plugin mine.ts');
  });

  it('does not load before the user has named it', () => {
    expect(findings({ named: false })).toEqual([
      "X0802 | plugin 'mine.ts' is not loaded | a plugin is code: it loads only when you name it | " +
        'name it on the command line: --plugin mine.ts',
    ]);
  });

  it('may be plain JavaScript', () => {
    expect(findings({ file: 'mine.js', plugin: exporting(`{ ${MINIMAL} }`) })).toEqual([]);
  });

  const problems: readonly (readonly [name: string, plugin: string, problem: string])[] = [
    ['a mistake of grammar', 'const a = 1;\nlet = = 2;\n', 'mine.ts:2: '],
    ['an error while it loads', "throw new Error('no luck');\n", 'no luck'],
    ['statements that do not end', 'for (;;) ;\n', 'timed out after 2000ms'],
    [
      'an import of anything but the interface',
      "import { readFileSync } from 'node:fs';\nexport default readFileSync;\n",
      "it imports 'node:fs', a plugin has only 'xlab/plugin'",
    ],
    ['a look at the clock', 'export default { when: Date.now() };\n', 'Date is not defined'],
    ['chance', 'export default { x: Math.random() };\n', 'Math.random is not a function'],
    ['no default export', 'export const a = 1;\n', 'it has no default export'],
    [
      'another interface',
      exporting(`{ ${MINIMAL.replace('1', '2')} }`),
      'it declares interface 2, this version has 1',
    ],
    ['no interface', exporting('{}'), 'it declares interface no number, this version has 1'],
    ['no create', exporting("{ interface: 1, summary: 'x', options: [] }"), "'create': "],
    [
      'an option of an unknown kind',
      exporting(`{ ${MINIMAL.replace('[]', "[{ name: 'a', kind: 'text', help: '' }]")} }`),
      "'options.0.kind': ",
    ],
    [
      'a default outside of its range',
      exporting(
        `{ ${MINIMAL.replace('[]', "[{ name: 'a', kind: 'count', min: 1, max: 2, default: 3, help: '' }]")} }`,
      ),
      "the default of option 'a' is not in 1..2",
    ],
    [
      'an option that is declared twice',
      exporting(
        `{ ${MINIMAL.replace('[]', "[1, 2].map(() => ({ name: 'a', kind: 'switch', default: true, help: '' }))")} }`,
      ),
      "option 'a' is declared twice",
    ],
  ];
  it.each(problems)('with %s is refused with the reason', (_name, plugin, problem) => {
    const [found, ...more] = findings({ plugin });
    expect(more).toEqual([]);
    expect(found).toContain("X0802 | plugin 'mine.ts' does not load | ");
    expect(found).toContain(problem);
  });

  it('is found in the folder of the scenario only', () => {
    const text = SCENARIO('../buddy-text.ts', '');
    const request = { file: 'a.xlab', settings: {}, seeds: '', only: [] };
    const outside = compileScenario({ ...request, folder: shipped, text });
    expect(outside.diagnostics.map(({ code }) => code)).toEqual(['X0205']);
    const missing = compileScenario({ ...request, folder: root, text: SCENARIO('./no.ts', '') });
    expect(missing.diagnostics.map(({ message }) => message)).toEqual([
      "there is no plugin 'no.ts'",
    ]);
    const noCode = compileScenario({
      ...request,
      folder: shipped,
      text: SCENARIO('./gate.xlab', ''),
    });
    expect(noCode.diagnostics.map(({ message }) => message)).toEqual(["'gate.xlab' is no plugin"]);
  });
});

describe('the run of a plugin', () => {
  const misbehaviour = (plugin: string): string => {
    const { plan, diagnostics } = compiled({ plugin });
    expect(diagnostics).toEqual([]);
    if (plan === undefined) throw new Error('the scenario compiles');
    const run = runOne(plan, { point: 0, seed: 1, design: 'mine' });
    expect(run.status).toBe('misbehaved');
    return run.diagnostics.map(({ code, message }) => `${code} ${message}`).join('\n');
  };

  it('ends with X0902 when a function is missing', () => {
    expect(misbehaviour(exporting(`{ ${MINIMAL} }`))).toContain(
      "X0902 mine: the plugin's design lacks loadModule, ",
    );
  });

  it('ends with X0902 and the text of what the plugin throws', () => {
    const plugin = buddy.replace('const order = orderOf(sizeBytes', "throw new Error('lost'); $&");
    expect(misbehaviour(plugin)).toContain('X0902 mine: stopped with: lost');
  });

  it('ends with X0901 when memory is handed out that is not there', () => {
    const plugin = buddy.replace(
      'const byte = block.area.page',
      'const byte = -8e9 + block.area.page',
    );
    expect(misbehaviour(plugin)).toMatch(/^X090[12] mine: /);
  });

  it('ends with X0902 when memory is writable and executable', () => {
    const plugin = buddy.replace('this.mm.setMemoryRox(', 'this.mm.setMemoryX(');
    expect(misbehaviour(plugin)).toContain('are writable and executable');
  });
});
