import { describe, expect, test } from 'vitest';
import type { LabEvent } from '../../../src/contract/lab-api.js';
import type { LabConnection } from '../../../renderer/bridge/connection.js';
import { openLab } from '../../../renderer/bridge/opened-lab.js';
import { fakeLab } from '../../support/fake-lab.js';

const progress = (done: number): LabEvent => ({
  kind: 'progress',
  runId: 'run-1',
  done,
  total: 9,
  requests: 0,
});

function setUp(wantsFirstRun: boolean) {
  const listeners = new Set<(event: LabEvent) => void>();
  const asked: string[] = [];
  const { service } = fakeLab({ firstRun: true });
  const connection: LabConnection = Object.assign(service, {
    firstRun: () => {
      asked.push('firstRun');
      return Promise.resolve(null);
    },
    subscribe: (listener: (event: LabEvent) => void) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onLine: () => () => undefined,
  });
  const opened = openLab(connection, wantsFirstRun);
  return { opened, asked, tell: (event: LabEvent) => listeners.forEach((heard) => heard(event)) };
}

describe('the line that is opened before the application', () => {
  test('keeps what the lab told before the application listened, in order and once', () => {
    const { opened, tell } = setUp(false);
    tell(progress(1));
    tell(progress(2));
    const heard: LabEvent[] = [];
    const end = opened.listen((event) => heard.push(event));
    tell(progress(3));
    end();
    tell(progress(4));
    expect(heard).toEqual([progress(1), progress(2), progress(3)]);
  });

  test('asks for the first result at once, and only at the first start', () => {
    expect(setUp(true).asked).toEqual(['firstRun']);
    const other = setUp(false);
    expect(other.asked).toEqual([]);
    expect(other.opened.firstRun).toBeNull();
  });
});
