/** Scenarios in memory, behind the interface of the file store. */
import { LabError } from '../../src/contract/lab-api.js';
import type { ScenarioSummary, ScenarioText } from '../../src/contract/lab-api.js';
import type { ScenarioPlace, ScenarioStore } from '../../src/host/ports.js';
import { readScenarioHead } from '../../src/host/scenario-head.js';

export class MemoryScenarioStore implements ScenarioStore {
  private readonly texts: Map<string, string>;

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
    this.texts.set(scenario.id, scenario.text);
    return Promise.resolve(scenario);
  }

  locate(id: string): Promise<ScenarioPlace> {
    return Promise.resolve({ folder: '/scenarios', file: id });
  }
}
