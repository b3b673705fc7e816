/** The lab service with the real engine and scenarios on disk, for either kind of window. */
import { performance } from 'node:perf_hooks';
import { removeStaleBundles } from '../app/bundle-folder.js';
import { LazyEngine } from '../app/lazy-engine.js';
import { readFirstRun, shippedScenariosFolder } from '../app/shipped-files.js';
import { LabError } from '../contract/lab-api.js';
import { FileScenarioStore } from './file-scenario-store.js';
import { LabService } from './lab-service.js';

export interface CreateLabOptions {
  /** Where copies of shipped scenarios and the user's own are kept; made with the first save. */
  readonly userFolder: string;
  readonly threads?: number;
}

export interface Lab {
  readonly service: LabService;
  readonly store: FileScenarioStore;
  /** Stops runs and ends the workers. */
  close(): Promise<void>;
}

export function createLabService(host: 'electron' | 'browser', options: CreateLabOptions): Lab {
  const shippedFolder = shippedScenariosFolder();
  if (shippedFolder === undefined) {
    throw new LabError('the shipped scenarios are missing: install the program again');
  }
  const { userFolder, threads } = options;
  const engine = new LazyEngine(threads === undefined ? {} : { threads });
  const store = new FileScenarioStore({ shippedFolder, userFolder });
  const service = new LabService({
    engine,
    store,
    host,
    now: () => performance.now(),
    readFirstRun,
  });
  service.prepareFirstRun();
  // The desktop ends this process without asking it to close.
  const removeBundles = (): void => store.close();
  // One that was killed could not.
  void removeStaleBundles();
  process.once('exit', removeBundles);
  return {
    service,
    store,
    close: async () => {
      service.close();
      removeBundles();
      process.off('exit', removeBundles);
      await engine.close();
    },
  };
}
