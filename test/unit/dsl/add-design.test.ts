/** Adding a design to the comparison: the edits give a scenario that checks, or a sentence says why not. */
import { describe, expect, it } from 'vitest';
import { checkScenario } from '../../../dsl/compile.js';
import { addDesign, designChoices } from '../../../dsl/service/index.js';
import type { AddedDesign } from '../../../src/contract/language-data.js';
import { CATALOG, hostOf } from './lab-double.js';
import { documentOf } from './service-caret.js';

const TEXT = `xlab 1
machine { ram 8GiB; cpu skl }
pool progs
# two of them
compare module_alloc, bpf_prog_pack
        baseline module_alloc
phase boot for 10s { load bpf size 1KiB into progs }
`;

function added(wanted: Partial<AddedDesign>, text = TEXT): string {
  const document = documentOf(text);
  const all = { design: 'execmem_rox', name: '', options: {}, ...wanted };
  const result = addDesign(document, all);
  if (result.edits === undefined) return result.problem;
  return [...result.edits]
    .sort((a, b) => b.span.start - a.span.start)
    .reduce(
      (sum, { span, newText }) => sum.slice(0, span.start) + newText + sum.slice(span.end),
      text,
    );
}

describe('adding a design', () => {
  it('puts it at the end of the list, before the baseline', () => {
    expect(added({})).toBe(TEXT.replace('bpf_prog_pack\n', 'bpf_prog_pack, execmem_rox\n'));
  });

  it('declares options above the list, under the name given', () => {
    const text = added({ name: 'rox_big', options: { cache: ' 8MiB ' } });
    expect(text).toContain(
      '# two of them\nallocator rox_big = execmem_rox { cache 8MiB }\ncompare module_alloc, bpf_prog_pack, rox_big\n',
    );
    const { diagnostics } = checkScenario({ text, file: 'a.xlab' }, CATALOG, hostOf({}));
    expect(diagnostics).toEqual([]);
  });

  it.each([
    [{ design: 'module_alloc' }, "'module_alloc' is compared already; give this one a name"],
    [{ design: 'nothing' }, "there is no design 'nothing'"],
    [{ options: { cache: '8MiB' } }, 'a design with options needs a name'],
    [{ name: 'progs' }, "'progs' is the name of something else"],
    [{ name: 'vmalloc_exec' }, "'vmalloc_exec' is the name of something else"],
    [{ name: 'discard' }, "'discard' is a reserved word"],
    [{ name: '2x' }, "'2x' is not a name"],
    [{ name: 'x', options: { leaf: '2M' } }, "execmem_rox has no option 'leaf'"],
    [{ name: 'x', options: { cache: '8MiB }' } }, "'8MiB }' is no value of 'cache'"],
  ])('refuses %j', (wanted, reason) => {
    expect(added(wanted)).toContain(reason);
  });

  it('needs a list to add to', () => {
    expect(added({}, 'xlab 1\n')).toContain('no `compare` line');
  });

  it('offers every design of the lab with what its options take', () => {
    const choices = designChoices(documentOf(TEXT));
    expect(choices.map(({ name }) => name)).toEqual(CATALOG.designs.map(({ name }) => name));
    const rox = choices.find(({ name }) => name === 'execmem_rox');
    expect(rox?.options.find(({ name }) => name === 'cache')?.takes).toContain('a size from');
  });
});
