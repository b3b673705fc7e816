/** Tables: columns and units as the block names them, never assumed. */
import { describe, expect, it } from 'vitest';
import { csvCells } from '../../../../src/app/imports/csv.js';
import { importReader, shownEvents } from './read-import.js';

const read = importReader('csv');
const EVENTS = `at,what,id,type,len,label
1.5,load,a,bpf,312,filter
1.5,create,b,ftrace,229,
2.0,free,a,,,
2.5,load,a,bpf,64,"probe, second"
3.0,free,zz,,,
`;
const COLUMNS = {
  time: ['at s'],
  op: ['what'],
  key: ['id'],
  kind: ['type'],
  size: ['len B'],
  name: ['label'],
};

describe('an import of a table', () => {
  it('gives requests when the block names a column of times', () => {
    const { data, diagnostics } = read(EVENTS, COLUMNS);
    expect(diagnostics).toEqual([]);
    expect(shownEvents(data)).toEqual([
      '0 bpf filter',
      '0 trampoline ftrace 3',
      '500 release a.2',
      '1000 bpf probe, second',
    ]);
    expect(data?.stream?.account).toEqual({
      records: 5,
      used: 4,
      guessed: 0,
      dropped: 1,
      reasons: [{ reason: 'end of a key that is not there', count: 1 }],
    });
  });

  it('gives a layout without one, sizes in the unit of their column', () => {
    const { data } = read('kib\n4\n1.5\n', { size: ['kib KiB'], kind: ['text'] });
    expect(data?.layout?.objects).toEqual([
      { kind: 'alloc', name: 'text 2', memory: 'text', sizeBytes: 4096 },
      { kind: 'alloc', name: 'text 3', memory: 'text', sizeBytes: 1536 },
    ]);
  });

  it('takes sections of modules from columns of their own', () => {
    const { data } = read('module,text,init\nnic,8192,100\n', {
      kind: ['module'],
      name: ['module'],
      text: ['text B'],
      'init.text': ['init B'],
    });
    expect(data?.layout?.objects).toEqual([
      { kind: 'module', name: 'nic', sections: [8192, 0, 0, 0, 100, 0, 0] },
    ]);
  });

  it.each([
    ['a column that is not there', { size: ['lenn B'] }, "there is no column 'lenn'"],
    ['a size without its unit', { size: ['len'] }, "'size' takes a column and its unit"],
    ['a time without its unit', { ...COLUMNS, time: ['at'] }, "'time' takes a column and its unit"],
    ['no size at all', {}, "the block names no 'size'"],
    ['ends without a key', { size: ['len B'], op: ['what'] }, "'op' needs 'time' and 'key'"],
    [
      'an unknown kind',
      { size: ['len B'], kind: ['bfp'] },
      "'kind' is neither a column nor a kind: 'bfp'",
    ],
  ])('names what is wrong with %s', (_name, options, problem) => {
    const { data, diagnostics } = read(EVENTS, options);
    expect(data).toBeUndefined();
    expect(diagnostics).toMatchObject([{ code: 'X0701', message: `'file.txt': ${problem}` }]);
  });

  it('counts rows that it does not understand and shows the first', () => {
    const text = `${EVENTS}4.0,load,c,bpf,many,x\n4.0,jump,c,bpf,64,x\n`;
    const { diagnostics } = read(text, COLUMNS);
    expect(diagnostics).toMatchObject([
      {
        code: 'X0703',
        message: "2 of 7 lines of 'file.txt' were not understood",
        notes: ["first: line 7: '4.0,load,c,bpf,many,x'"],
      },
    ]);
    expect(read('len\nmany\n', { size: ['len B'] }).diagnostics).toMatchObject([
      { code: 'X0701', message: "line 2 of 'file.txt' has other cells than the block says" },
    ]);
  });

  it.each([
    ['a,b', ['a', 'b']],
    [' a , b ', ['a', 'b']],
    ['"a,b",c', ['a,b', 'c']],
    ['"say ""hi""",', ['say "hi"', '']],
    ['"open', undefined],
  ])('splits %s', (line, cells) => {
    expect(csvCells(line)).toEqual(cells);
  });
});
