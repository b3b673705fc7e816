/** The designs of a plan's plugins, made once from the code that the plan carries. */
import { assert } from '../../base/assert.js';
import type { PluginPlan, ScenarioPlan } from '../../contract/scenario-plan.js';
import type { AllocatorDesign } from '../../mm/allocator-design.js';
import { declaredPlugin } from './declared-plugin.js';
import { evaluatePlugin } from './evaluate-plugin.js';

const made = new WeakMap<PluginPlan, AllocatorDesign>();

function designOf(plugin: PluginPlan): AllocatorDesign {
  const known = made.get(plugin);
  if (known !== undefined) return known;
  const declared = declaredPlugin(evaluatePlugin(plugin.code, plugin.path), plugin.info.name);
  assert('design' in declared, () => `plugin ${plugin.path} was checked before`);
  made.set(plugin, declared.design);
  return declared.design;
}

/** The plugin design of this name; undefined when no plugin of the plan has it. */
export function pluginDesign(plan: ScenarioPlan, name: string): AllocatorDesign | undefined {
  const plugin = plan.plugins?.find(({ info }) => info.name === name);
  return plugin === undefined ? undefined : designOf(plugin);
}
