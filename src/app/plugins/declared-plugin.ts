/** What a plugin's default export must be, and the design that it makes. */
import * as v from 'valibot';
import { assert } from '../../base/assert.js';
import type { DesignInfo, OptionSpec } from '../../contract/catalog.js';
import type { AllocatorDesign, DesignInstance } from '../../mm/allocator-design.js';
import { PLUGIN_INTERFACE, type DesignPlugin } from '../../mm/design-plugin.js';

const NAME = v.pipe(v.string(), v.regex(/^[A-Za-z_]\w*$/, 'is no name'));
const WORDS = v.pipe(v.array(NAME), v.minLength(1));
const COUNT = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const common = { name: NAME, help: v.string() };

const option = v.variant('kind', [
  v.object({ ...common, kind: v.literal('choice'), values: WORDS, default: NAME }),
  v.object({ ...common, kind: v.literal('size'), min: COUNT, max: COUNT, default: COUNT }),
  v.object({ ...common, kind: v.literal('count'), min: COUNT, max: COUNT, default: COUNT }),
  v.object({ ...common, kind: v.literal('switch'), default: v.boolean() }),
  v.object({ ...common, kind: v.literal('set'), values: WORDS, default: v.array(NAME) }),
  v.object({ ...common, kind: v.literal('pack'), default: v.string() }),
]);

const plugin = v.object({
  interface: v.number(),
  summary: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  idea: v.optional(v.array(v.string()), []),
  options: v.array(option),
  collapse: v.optional(v.picklist(['off', 'rox', 'any'])),
  create: v.function(),
});

/** What is wrong with the default of an option; undefined when it fits. */
function defaultProblem(spec: OptionSpec): string | undefined {
  switch (spec.kind) {
    case 'choice':
      return spec.values.includes(spec.default) ? undefined : 'is none of its values';
    case 'set':
      return spec.default.every((word) => spec.values.includes(word))
        ? undefined
        : 'is not among its values';
    case 'size':
    case 'count':
      return spec.default >= spec.min && spec.default <= spec.max
        ? undefined
        : `is not in ${String(spec.min)}..${String(spec.max)}`;
    default:
      return undefined;
  }
}

function optionProblem(options: readonly OptionSpec[]): string | undefined {
  const names = options.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) return `option '${twice}' is declared twice`;
  for (const spec of options) {
    const problem = defaultProblem(spec);
    if (problem !== undefined) return `the default of option '${spec.name}' ${problem}`;
  }
  return undefined;
}

export type DeclaredPlugin =
  { readonly info: DesignInfo; readonly design: AllocatorDesign } | { readonly problem: string };

/** Names of the functions that every design at work has. */
const INSTANCE_CALLS = [
  'loadModule',
  'finishModuleInit',
  'freeModuleInit',
  'unloadModule',
  'loadBpf',
  'freeBpf',
  'createTrampoline',
  'freeTrampoline',
  'registerKprobe',
  'unregisterKprobe',
  'allocRaw',
  'freeRaw',
  'poke',
  'runWorkers',
  'verify',
] as const satisfies readonly (keyof DesignInstance)[];

function checkInstance(instance: DesignInstance): DesignInstance {
  const missing = INSTANCE_CALLS.filter((name) => typeof instance[name] !== 'function');
  assert(missing.length === 0, () => `the plugin's design lacks ${missing.join(', ')}`);
  return instance;
}

/** Checks a default export; `name` is that of the design in plans. */
export function declaredPlugin(exported: unknown, name: string): DeclaredPlugin {
  if (exported === undefined || exported === null) return { problem: 'it has no default export' };
  const version = (exported as { readonly interface?: unknown }).interface;
  if (version !== PLUGIN_INTERFACE) {
    const found = typeof version === 'number' ? String(version) : 'no number';
    return { problem: `it declares interface ${found}, this version has ${PLUGIN_INTERFACE}` };
  }
  const parsed = v.safeParse(plugin, exported);
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return { problem: `'${v.getDotPath(issue) ?? 'default'}': ${issue.message}` };
  }
  const { summary, idea, options, collapse } = parsed.output;
  const problem = optionProblem(options);
  if (problem !== undefined) return { problem };
  const info: DesignInfo = { name, origin: 'plugin', summary, idea, options };
  const design: AllocatorDesign = {
    ...info,
    collapse: collapse ?? 'off',
    writableExecutable: [],
    create: (mm, given) => checkInstance((exported as DesignPlugin).create(mm, given)),
  };
  return { info, design };
}
