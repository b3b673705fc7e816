/** Completion and hover through the protocol: what an editor is offered and told at each place. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CompletionRequest, HoverRequest, MarkupContent } from 'vscode-languageserver-protocol';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { startSession, type Session } from './session.js';

const HEAD = `xlab 1
param churn = 40/s in 1/s..80/s "programs per second"
# half of the programs are small
dist bpf_size = quantiles(0%: 64B, 50%: 500B, 100%: 64KiB)
module nic { text 184KiB }
machine { ram 8GiB; cpu skl }
allocator big = execmem_rox { cache 8MiB }
compare module_alloc, big
pool progs
`;

let session: Session;
let version = 0;

beforeAll(async () => {
  session = await startSession();
});

afterAll(async () => {
  expect(await session.close()).toBe(0);
});

/** Shows the server a text with a `^` in it; the place of the `^`. */
async function caretIn(lines: string) {
  const marked = HEAD + lines;
  const offset = marked.lastIndexOf('^');
  const text = marked.slice(0, offset) + marked.slice(offset + 1);
  const uri = session.uriOf('main.xlab');
  version += 1;
  await (version === 1 ? session.open(uri, text) : session.change(uri, version, text));
  const position = TextDocument.create(uri, 'xlab', 0, text).positionAt(offset);
  return { textDocument: { uri }, position };
}

async function offered(lines: string): Promise<readonly string[]> {
  const items = await session.client.sendRequest(CompletionRequest.type, await caretIn(lines));
  if (!Array.isArray(items)) throw new Error('no list');
  return items.map(({ label }) => label);
}

async function told(lines: string): Promise<string> {
  const hover = await session.client.sendRequest(HoverRequest.type, await caretIn(lines));
  if (hover === null || !MarkupContent.is(hover.contents)) throw new Error('no hover');
  return hover.contents.value;
}

describe('completion through the protocol', () => {
  it.each([
    ['sections of a module', 'module m { ^ }', ['text', 'ro_after_init', 'init.text']],
    ['metrics', 'probe every 1s: ^', ['DirectMap4k', 'text.waste_pct', 'layout_snapshot']],
    ['designs', 'allocator a = ^', ['execmem_rox', 'module_alloc']],
    ['options of a design', 'allocator a = bpf_prog_pack { ^ }', ['pack', 'leaf', 'chunk']],
    ['values of an option', 'allocator a = vmalloc_exec { version ^ }', ['v1', 'rfc']],
    ['formats', 'import a from "x" format ^', ['ftrace', 'vmallocinfo']],
    ['CPU profiles', 'machine { cpu ^ }', ['skl', 'golden_cove']],
    ['names of pools', 'phase a { free all ^ }', ['progs']],
    ['names of modules', 'phase a { load module ^ }', ['nic', '~']],
    ['names of params', 'phase a for 1s { arrive poisson(^', ['churn']],
    ['names of distributions', 'phase a { load bpf size ~ ^ }', ['bpf_size', 'lognormal']],
    ['designs that are compared', 'expect no alloc.failed for ^', ['big', 'module_alloc']],
    ['statements', 'phase a for 1s { ^ }', ['load', 'churn', 'repeat']],
    ['declarations', '^', ['phase', 'expect', 'import']],
  ])('offers %s', async (_, lines, labels) => {
    expect(await offered(lines)).toEqual(expect.arrayContaining(labels));
  });
});

describe('hover through the protocol', () => {
  it.each([
    ['unit and direction of a metric', 'probe at end: text.was^te_pct', 'share, lower is better'],
    ['its counterpart on a real machine', 'probe at end: Direct^Map4k', 'On a real machine:'],
    ['options of a design', 'compare execmem^_rox', '`cache`: a size from 64KiB to 64MiB'],
    ['what an allocator is', 'expect no alloc.failed for bi^g', 'execmem_rox { cache 8MiB }'],
    ['figures of a distribution', 'phase a { load bpf size ~ bpf_s^ize lifetime 1s }', 'p99 62.'],
    ['the comment above', 'phase a { load bpf size ~ bpf_s^ize lifetime 1s }', 'half of the'],
    ['help and value of a param', 'sweep chu^rn over 2/s, 4/s', 'programs per second'],
    ['a quantity in other units', 'phase a for 10s { load bpf size 64K^iB lifetime 1s }', '65,536'],
    ['the form of a statement', 'phase a for 10s { ev^ery 1s { } }', 'every D { STATEMENTS }'],
    ['what a format is', 'import a from "x" format ftr^ace', '**ftrace**'],
  ])('tells %s', async (_, lines, text) => {
    expect(await told(lines)).toContain(text);
  });
});
