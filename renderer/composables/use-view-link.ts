/** Keeps the view in the fragment of the address, and shows what a fragment says at the start. */
import { watchDebounced } from '@vueuse/core';
import { useExperimentStore } from '../stores/experiment.js';
import { useScenarioStore } from '../stores/scenario.js';
import {
  decodeViewLink,
  encodeViewLink,
  type ShownView,
  type ViewLink,
} from '../stores/view-link.js';
import { useViewStore } from '../stores/view.js';

const WRITE_DELAY_MS = 400;

interface ViewLinks {
  /** Address of the page with the view in its fragment. */
  address(): string;
  /** The view that the address asked for when the window was opened; null for none. */
  readonly wanted: ViewLink | null;
  /**
   * Opens the scenario of a link; its run shows when the lab still has it. False when the scenario cannot be
   * read or something else was opened meanwhile.
   */
  follow(link: ViewLink): Promise<boolean>;
  /** The view as it is now. */
  shown(): ShownView;
  /** True when the result on screen is the one that the link was made of. */
  isOfShown(link: ViewLink): boolean;
  /** Puts handle, zoom, pins and choices on a result. */
  apply(link: ShownView): void;
  /** Follows the view into the address until the window ends. */
  keep(): void;
}

export function useViewLink(): ViewLinks {
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();
  const view = useViewStore();

  const shown = (): ShownView => ({
    mode: view.mode,
    timeNs: view.timeNs,
    zoom: view.zoom,
    seed: view.seed,
    point: view.point,
    metrics: view.metrics,
    freeScales: view.freeScales,
    baseline: view.baseline,
    pins: view.pins.map(({ name, timeNs }) => ({ name, timeNs })),
  });
  const linkNow = (): ViewLink => ({
    ...shown(),
    scenario: scenario.id,
    settings: scenario.settings,
    seeds: scenario.seeds,
    run: experiment.result === null ? '' : experiment.runId,
    hash: experiment.result?.scenarioHash.slice(0, 12) ?? '',
  });

  function apply(link: ShownView): void {
    view.mode = link.mode;
    view.seed = link.seed;
    view.point = link.point;
    view.metrics = link.metrics;
    view.freeScales = link.freeScales;
    view.baseline = link.baseline;
    view.moveTo(link.timeNs);
    if (link.zoom !== null) view.slideZoom(link.zoom);
    for (const pin of link.pins) view.addPin(pin.timeNs, pin.name);
  }

  async function follow(link: ViewLink): Promise<boolean> {
    const opened = await scenario.open(link.scenario);
    if (!opened) return false;
    scenario.settings = link.settings;
    scenario.seeds = link.seeds;
    const { revision } = scenario;
    await scenario.check();
    return scenario.revision === revision;
  }

  const isOfShown = (link: ViewLink): boolean =>
    experiment.fromFile === '' &&
    scenario.id === link.scenario &&
    (experiment.result?.scenarioHash.startsWith(link.hash) ?? false);

  const fragment = (): string => (scenario.isOpen ? `#${encodeViewLink(linkNow())}` : '');
  const page = (): string => window.location.pathname + window.location.search;

  return {
    address: () => window.location.origin + page() + fragment(),
    wanted: decodeViewLink(window.location.hash),
    follow,
    isOfShown,
    shown,
    apply,
    keep: () => {
      watchDebounced(
        () => fragment(),
        (text) => window.history.replaceState(null, '', page() + text),
        { debounce: WRITE_DELAY_MS, immediate: true },
      );
    },
  };
}
