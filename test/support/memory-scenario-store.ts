/** Scenarios in memory, behind the interface of the file store. */
import { bundledId, isBundledId } from '../../src/contract/bundle-form.js';
import type { BundledScenario, BundleInput, TakenOver } from '../../src/contract/bundle-form.js';
import { LabError } from '../../src/contract/lab-api.js';
import type { ScenarioSummary, ScenarioText } from '../../src/contract/lab-api.js';
import type { ScenarioPlace, ScenarioStore } from '../../src/host/ports.js';
import { readScenarioHead } from '../../src/host/scenario-head.js';

export class MemoryScenarioStore implements ScenarioStore {
  private readonly texts: Map<string, string>;
  private readonly bundles: (readonly BundleInput[])[] = [];

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  list(): Promise<readonly ScenarioSummary[]> {
    return Promise.resolve(
      [...this.texts].map(([id, text]) => ({ id, ...readScenarioHead(text) })),
    );
  }

  read(id: string): Promise<ScenarioText> {
    const text = this.texts.get(id);
    if (text === undefined) return Promise.reject(new LabError(`cannot read ${id}`));
    return Promise.resolve({ id, text });
  }

  write(scenario: ScenarioText): Promise<ScenarioText> {
    if (isBundledId(scenario.id)) {
      return Promise.reject(new LabError('take the scenario over first'));
    }
    this.texts.set(scenario.id, scenario.text);
    return Promise.resolve(scenario);
  }

  openBundle({ file, text, inputs }: BundledScenario): Promise<string> {
    this.bundles.push(inputs);
    const id = bundledId(this.bundles.length, file);
    this.texts.set(id, text);
    return Promise.resolve(id);
  }

  /** Every second input finds another file in its place. */
  takeOver(id: string): Promise<TakenOver> {
    const text = this.texts.get(id);
    const inputs = this.bundles[Number(/\d+/.exec(id)?.[0]) - 1] ?? [];
    if (text === undefined) return Promise.reject(new LabError(`cannot read ${id}`));
    const own = `mine/${id.split('/').at(-1) ?? ''}`;
    this.texts.set(own, text);
    const leftAlone = inputs.map(({ path }) => path).filter((_, index) => index % 2 === 1);
    return Promise.resolve({ id: own, leftAlone });
  }

  locate(id: string): Promise<ScenarioPlace> {
    return Promise.resolve({ folder: '/scenarios', file: id });
  }
}
