/**
 * Makes layouts.json, sizes.xlab and modules-*.csv of this folder from tables of real section sizes.
 *
 *   node scenarios/std/make-std.mjs 6.1=module-sections-6.1.csv 7.3=module-sections-7.3.csv
 *
 * A table has one row a module of a distribution kernel, in bytes: module, mod_text, mod_data,
 * mod_rodata, mod_ro_after_init, mod_init_text, mod_init_data, mod_init_rodata (region sizes before page
 * rounding, as the module loader computes them). The lists in module-sets.json name the modules that a
 * kind of machine has loaded, in order of loading; a module that a release does not build as a module is
 * left out of that release's set.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const here = new URL('.', import.meta.url);
const COLUMNS = [
  'mod_text',
  'mod_data',
  'mod_rodata',
  'mod_ro_after_init',
  'mod_init_text',
  'mod_init_data',
  'mod_init_rodata',
];
const SECTIONS = [
  'text',
  'data',
  'rodata',
  'ro_after_init',
  'init.text',
  'init.data',
  'init.rodata',
];
/** Release whose sizes the sets carry under their plain names. */
const NEWEST = '7.3';

function readTable(path) {
  const [head, ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const names = head.split(',');
  return new Map(
    lines.map((line) => {
      const cells = line.split(',');
      const row = Object.fromEntries(names.map((name, index) => [name, cells[index]]));
      return [row.module.replaceAll('-', '_'), COLUMNS.map((column) => Number(row[column]))];
    }),
  );
}

const tables = new Map(
  process.argv.slice(2).map((argument) => {
    const at = argument.indexOf('=');
    return [argument.slice(0, at), readTable(argument.slice(at + 1))];
  }),
);
if (!tables.has(NEWEST)) throw new Error(`give at least ${NEWEST}=FILE`);

const sets = JSON.parse(readFileSync(new URL('module-sets.json', here), 'utf8'));

function modulesOf(set, table) {
  return set.modules.flatMap((name) => {
    const sections = table.get(name);
    return sections ? [{ kind: 'module', name, sections }] : [];
  });
}

function programsOf(set) {
  return (set.programs ?? []).flatMap(({ name, count, sizeBytes }) =>
    Array.from({ length: count }, () => ({ kind: 'bpf', name, sizeBytes })),
  );
}

const layouts = [];
for (const [name, set] of Object.entries(sets)) {
  for (const [release, table] of tables) {
    const suffix = release === NEWEST ? '' : `_${release.replaceAll('.', '_')}`;
    layouts.push({
      name: `${name}${suffix}`,
      summary: `${set.summary}, module sizes of ${release}`,
      objects: [...modulesOf(set, table), ...programsOf(set)],
    });
  }
}
const text = layouts.map((layout) => {
  const rows = layout.objects.map((object) => `    ${JSON.stringify(object)}`).join(',\n');
  const { name, summary } = layout;
  return `  {"name": ${JSON.stringify(name)}, "summary": ${JSON.stringify(summary)}, "objects": [\n${rows}\n  ]}`;
});
writeFileSync(new URL('layouts.json', here), `[\n${text.join(',\n')}\n]\n`);

function sizeText(bytes) {
  return bytes > 0 && bytes % 1024 === 0 ? `${bytes / 1024}KiB` : `${bytes}B`;
}

/** Column name of a section in the tables beside sizes.xlab. */
const columnOf = (section) => section.replace('.', '_');

function writeSectionTable(name, modules) {
  const rows = modules.map((module) => [module.name, ...module.sections].join(','));
  const head = ['module', ...SECTIONS.map(columnOf)].join(',');
  writeFileSync(new URL(`modules-${name}.csv`, here), `${[head, ...rows].join('\n')}\n`);
}

function shapeOf(name, comment, modules) {
  const lines = SECTIONS.flatMap((section, index) => {
    if (modules.every(({ sections }) => sections[index] === 0)) return [];
    const source = `empirical("modules-${name}.csv", column=${columnOf(section)})`;
    return [`  ${section.padEnd(13)} ~ ${source}`];
  });
  return [`# ${comment}`, `module ${name}_module {`, ...lines, '}'].join('\n');
}

function fixedOf(shapeName, comment, sections) {
  const lines = SECTIONS.flatMap((section, index) =>
    sections[index] > 0 ? [`  ${section.padEnd(13)} ${sizeText(sections[index])}`] : [],
  );
  return [`# ${comment}`, `module ${shapeName} {`, ...lines, '}'].join('\n');
}

const newest = tables.get(NEWEST);
const shapes = Object.entries(sets).map(([name, set]) => {
  const modules = modulesOf(set, newest);
  writeSectionTable(name, modules);
  return shapeOf(
    name,
    `A module as ${set.summary} has it: sections drawn apart from ${modules.length} modules of ${NEWEST}.`,
    modules,
  );
});
writeFileSync(
  new URL('sizes.xlab', here),
  [
    'xlab 1',
    'title "Sizes of real modules"',
    '',
    '# Made by make-std.mjs; sizes are bytes of distribution kernels, section by section.',
    '',
    ...shapes.flatMap((shape) => [shape, '']),
    fixedOf('nic', `igb, a network card driver, ${NEWEST}.`, newest.get('igb')),
    '',
    fixedOf('gpu', `i915, the largest text of a laptop, ${NEWEST}.`, newest.get('i915')),
    '',
    '# BPF programs of a fleet server: half below 500 bytes, three quarters below 2 KiB.',
    'dist bpf_program = quantiles(0%: 64B, 50%: 500B, 75%: 2KiB, 99%: 24KiB, 100%: 64KiB)',
    '',
    '# BPF programs of a desktop: mostly firewall stubs of systemd units.',
    'dist bpf_desktop = choice(60%: uniform(55B, 70B), 25%: uniform(100B, 500B),',
    '                          12%: uniform(512B, 2KiB), 3%: uniform(4KiB, 20KiB))',
    '',
  ].join('\n'),
);

for (const layout of layouts) {
  const modules = layout.objects.filter((object) => object.kind === 'module');
  const textBytes = modules.reduce((sum, { sections }) => sum + sections[0], 0);
  process.stdout.write(
    `${layout.name}: ${modules.length} modules, ${(textBytes / 1048576).toFixed(1)} MiB of text, ` +
      `${layout.objects.length - modules.length} programs\n`,
  );
}
