/** The language reference, generated from the grammar and the catalogs: Markdown with diagrams. */
import type { LabCatalog } from '../../src/contract/catalog.js';
import { METRIC_FUNCTIONS, MODULE_SECTIONS } from '../../src/contract/scenario-plan.js';
import { DECLARATIONS } from '../declarations/index.js';
import { CODES } from '../diagnostics/catalogue.js';
import { optionTakes } from '../lower/design-options.js';
import { MACHINE_KEYS } from '../lower/machine-keys.js';
import { defaultText, metricDetail } from '../service/hover-catalog.js';
import { STATEMENTS } from '../statements/index.js';
import { RESERVED_WORDS } from '../tokens.js';
import { FORMS } from '../values/distributions.js';
import { UNIT_ROWS } from '../values/units.js';
import { ebnfOf, grammarRules, type GrammarRule } from './grammar-shapes.js';
import { railroadSvg } from './railroad.js';

export interface ReferenceDiagram {
  /** File name in the folder of diagrams. */
  readonly file: string;
  readonly svg: string;
}

/** Folder of the diagrams, relative to the page. */
export const DIAGRAM_FOLDER = 'reference/diagrams';

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
  return [line(head), `|${head.map(() => ' --- |').join('')}`, ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;

const fenced = (lines: readonly string[]): string => ['```text', ...lines, '```'].join('\n');

/** Diagrams of every rule of the grammar. */
export const referenceDiagrams = (): readonly ReferenceDiagram[] =>
  grammarRules().map(({ name, shape }) => ({ file: `${name}.svg`, svg: railroadSvg(name, shape) }));

interface Documented {
  readonly keyword: string;
  readonly syntax: readonly string[];
  readonly help: string;
}

/** Grammar rules whose name is not the keyword of their module. */
const RULE_OF_KEYWORD: Readonly<Record<string, string>> = {
  compare: 'compareDesigns',
  load: 'creation',
};

function moduleSection(module: Documented, rules: readonly GrammarRule[]): string {
  const name = RULE_OF_KEYWORD[module.keyword] ?? module.keyword;
  const rule = rules.find((entry) => entry.name === name);
  const diagram = rule === undefined ? [] : ['', `![${name}](${DIAGRAM_FOLDER}/${name}.svg)`];
  return [`### ${module.keyword}`, '', module.help, '', fenced(module.syntax), ...diagram].join(
    '\n',
  );
}

function designSection(catalog: LabCatalog): string {
  return catalog.designs
    .map((info) => {
      const options = info.options.map((option) => [
        code(option.name),
        optionTakes(option),
        defaultText(option),
        option.help,
      ]);
      return [
        `### ${info.name}`,
        '',
        `${info.origin}: ${info.summary}`,
        ...(info.idea.length === 0 ? [] : ['', ...info.idea]),
        ...(options.length === 0
          ? []
          : ['', table(['option', 'takes', 'default', 'meaning'], options)]),
      ].join('\n');
    })
    .join('\n\n');
}

function valueSections(): readonly string[] {
  const forms = FORMS.map((form) => [
    code(form.name),
    form.parameters.map((name) => code(`${name}=`)).join(' '),
    form.help,
  ]);
  const keys = MACHINE_KEYS.map((key) => [code(key.name), key.required ? 'yes' : '', key.help]);
  return [
    '## Units',
    table(
      ['kind', 'units', 'base unit'],
      UNIT_ROWS.map((row) => [row.kind, row.units, row.base]),
    ),
    '## Reserved words',
    RESERVED_WORDS.map(code).join(' '),
    '## Distributions',
    'All take `min=` and `max=`; what lies outside is as if drawn again.',
    table(['form', 'parameters', 'gives'], forms),
    '## Machine keys',
    table(
      ['key', 'required', 'meaning'],
      [
        ...keys,
        [
          code('tlb'),
          '',
          'single structures, `stlb entries(1024), ways(8)`; or whole levels, `l1 { sizes 4K; sets 16; ways 8; policy plru }` with keys of `xlab tlb --config`',
        ],
      ],
    ),
    '## Module sections',
    `${MODULE_SECTIONS.map(code).join(' ')}, and \`init_time\``,
  ];
}

function catalogSections(catalog: LabCatalog): readonly string[] {
  return [
    '## Metrics',
    table(
      ['metric', 'kind', 'meaning', 'on a real machine'],
      catalog.metrics.map((info) => [
        code(info.name),
        metricDetail(info),
        info.meaning,
        info.counterpart === '' ? '-' : info.counterpart,
      ]),
    ),
    `Functions: ${[...METRIC_FUNCTIONS, 'abs', 'matched'].map(code).join(' ')}`,
    '## Designs',
    designSection(catalog),
    '## CPU profiles',
    table(
      ['profile', 'aliases', 'processor'],
      catalog.cpuProfiles.map(({ name, title, aliases }) => [
        code(name),
        aliases.map(code).join(' '),
        title,
      ]),
    ),
    '## Kernel releases',
    `${catalog.kernelReleases.map(code).join(' ')}; the newest is ${code(catalog.newestKernel)}`,
    '## Import formats',
    table(
      ['format', 'gives'],
      catalog.importFormats.map(({ name, summary }) => [code(name), summary]),
    ),
    '## Standard layouts',
    table(
      ['layout', 'allocations'],
      catalog.stdLayouts.map(({ name, objects }) => [
        code(`std.${name.replace(/^std\./, '')}`),
        String(objects.length),
      ]),
    ),
  ];
}

/** The reference as Markdown; diagrams are linked from `DIAGRAM_FOLDER`. */
export function languageReference(catalog: LabCatalog): string {
  const rules = grammarRules();
  const shown = new Set(
    [...DECLARATIONS.entries, ...STATEMENTS.entries].map(
      ({ keyword }) => RULE_OF_KEYWORD[keyword] ?? keyword,
    ),
  );
  const others = rules.filter(({ name }) => !shown.has(name));
  const codes = CODES.map((info) => [
    info.code,
    info.atRunTime ? `${info.severity} of a run` : info.severity,
    info.title,
  ]);
  const sections = [
    '# Scenario language: reference',
    'Generated from the grammar and the catalogs of the lab; a test keeps it current. ' +
      '`xlab explain CODE` prints a page about a code, `xlab designs NAME` about a design.',
    '## Declarations',
    ...DECLARATIONS.entries.map((module) => moduleSection(module, rules)),
    '## Statements',
    ...STATEMENTS.entries.map((module) => moduleSection(module, rules)),
    ...valueSections(),
    ...catalogSections(catalog),
    '## Codes',
    table(['code', 'severity', 'title'], codes),
    '## Grammar',
    '`[ ]` optional, `{ }` any number of times, `|` choice; NL is a line end that ends a ' +
      'statement, or `;`.',
    fenced(rules.map(({ name, shape }) => `${name} = ${ebnfOf(shape)}`)),
    ...others.map(({ name }) => `![${name}](${DIAGRAM_FOLDER}/${name}.svg)`),
  ];
  return `${sections.join('\n\n')}\n`;
}
