/** /proc/modules: modules in the order of their loads, regions of the sections that the kernel shows. */
import { describe, expect, it } from 'vitest';
import { createLanguageHost } from '../../../../src/app/language-host.js';
import { regionOfName } from '../../../../src/app/imports/module-sections.js';
import { NF_TABLES_SECTIONS, PROC_MODULES } from '../../../support/host-texts.js';
import { temporaryFolder, writeInto } from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const PAGE = 4096;

function read(text: string, sections?: string) {
  writeInto(root, 'modules.txt', text);
  const options = sections === undefined ? {} : { sections: [`"${sections}"`] };
  return createLanguageHost(root).readImport({
    path: 'modules.txt',
    format: 'proc_modules',
    options,
  });
}

function writeSections(folder: string, sections: Readonly<Record<string, string>>): void {
  for (const [name, address] of Object.entries(sections)) {
    writeInto(root, `${folder}/nf_tables/${name}`, `${address}\n`);
  }
}

describe('an import of /proc/modules', () => {
  it('loads the modules in their order, the newest being listed first', () => {
    const { data, diagnostics } = read(PROC_MODULES);
    expect(diagnostics).toEqual([]);
    expect(data?.layout?.objects.map(({ name }) => name)).toEqual(['nfnetlink', 'nf_tables']);
    expect(data?.account).toEqual({
      records: 3,
      used: 0,
      guessed: 2,
      dropped: 1,
      reasons: [
        { reason: "sizes of regions guessed: add 'sections'", count: 2 },
        { reason: 'module that was being unloaded', count: 1 },
      ],
    });
  });

  it('keeps the total of a module whose regions are guessed', () => {
    const module = read(PROC_MODULES).data?.layout?.objects[1];
    if (module?.kind !== 'module') throw new Error('a module');
    const core = module.sections.slice(0, 4).reduce((sum, bytes) => sum + bytes, 0);
    expect(Math.abs(core - 290816)).toBeLessThanOrEqual(PAGE);
  });

  it('takes regions from the sections of one area, to where the next region starts', () => {
    writeSections('sections', NF_TABLES_SECTIONS);
    const { data, diagnostics } = read(PROC_MODULES, 'sections');
    expect(diagnostics).toEqual([]);
    // Text from page 0x30 to 0x57, rodata to 0x69, one page of ro_after_init, data to the end.
    expect(data?.layout?.objects[1]).toEqual({
      kind: 'module',
      name: 'nf_tables',
      sections: [0x27 * PAGE, 7 * PAGE, 0x12 * PAGE, 7 * PAGE - 6 * PAGE, 64, 6144, 0].map(
        (bytes, region) => (region === 1 ? 290816 - (0x27 + 0x12 + 1) * PAGE : bytes),
      ),
    });
    expect(data?.account).toMatchObject({ used: 1, guessed: 1 });
  });

  it('takes regions that are areas of their own, and what is left of the total as data', () => {
    writeSections('apart', {
      '.text': '0xffffffffc0230000',
      '.data': '0xffffffffc0400000',
      '.rodata': '0xffffffffc0500000',
      '.orc_unwind': '0xffffffffc0502000',
    });
    const text = 'nf_tables 40960 0 - Live 0xffffffffc0230000 (E)\n';
    const module = read(text, 'apart').data?.layout?.objects[0];
    // Ten pages: one of text, three of rodata, and the last section of data is longer than it looks.
    expect(module).toMatchObject({ sections: [PAGE, 6 * PAGE, 3 * PAGE, 0, 64, 6144, 0] });
  });

  it('has another hash when the sections differ', () => {
    writeSections('first', { '.text': '0xffffffffc0230000' });
    writeSections('second', { '.text': '0xffffffffc0230000', '.data': '0xffffffffc0240000' });
    const hashes = ['first', 'second', undefined].map(
      (dir) => read(PROC_MODULES, dir).data?.sha256,
    );
    expect(new Set(hashes).size).toBe(3);
  });

  it('says how to record a file whose addresses are zeros', () => {
    const zeros = PROC_MODULES.replaceAll(/0x[0-9a-f]{16}/g, '0x0000000000000000');
    expect(read(zeros).diagnostics).toMatchObject([
      {
        code: 'X0702',
        severity: 'error',
        message: "kernel pointers are hidden in 'modules.txt'",
        help: 'record it as root: sysctl -w kernel.kptr_restrict=1; cat /proc/modules > modules.txt',
      },
    ]);
    writeSections('zeros', { '.text': '0x0000000000000000' });
    expect(read(PROC_MODULES, 'zeros').diagnostics).toMatchObject([{ code: 'X0702' }]);
  });

  it('counts lines that it does not understand, and refuses another file', () => {
    expect(read(`${PROC_MODULES}cut off her`).diagnostics).toMatchObject([
      {
        code: 'X0703',
        message: "1 of 4 lines of 'modules.txt' were not understood",
        notes: ["first: line 4: 'cut off her'"],
      },
    ]);
    expect(read('MemTotal: 8049212 kB\n').diagnostics).toMatchObject([
      { code: 'X0701', message: "line 1 of 'modules.txt' is no line of /proc/modules" },
    ]);
    expect(read(PROC_MODULES, 'nowhere').diagnostics).toMatchObject([
      { code: 'X0701', message: "there is no folder 'nowhere'" },
    ]);
  });
});

describe('the region of a section', () => {
  it.each([
    ['.text', 0],
    ['.text.unlikely', 0],
    ['.static_call.text', 0],
    ['.data', 1],
    ['.data..read_mostly', 1],
    ['__bug_table', 1],
    ['__tracepoints', 1],
    ['__tracepoints_strings', 2],
    ['.rodata.str1.8', 2],
    ['__ksymtab_gpl', 2],
    ['.note.gnu.build-id', 2],
    ['.data..ro_after_init', 3],
    ['__jump_table', 3],
    ['.init.text', undefined],
    ['.modinfo', undefined],
    ['.data..percpu', undefined],
  ])('%s is %s', (name, region) => {
    expect(regionOfName(name)).toBe(region);
  });
});
