/** The charts on screen: shown, hidden, moved, with shared or free scales; remembered for the scenario. */
import { computed } from 'vue';
import type { ComputedRef } from 'vue';
import { firstMetrics } from '../charts/chart-rows.js';
import { rememberCharts, rememberedCharts } from '../stores/chart-memory.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useViewStore } from '../stores/view.js';

/** What drags of a metric carry. */
export const METRIC_DRAG = 'text/x-xlab-metric';

interface ChartList {
  /** From top to bottom. */
  readonly metrics: ComputedRef<readonly string[]>;
  /** Puts a chart above another one; at the end without one. */
  show(metric: string, before?: string): void;
  hide(metric: string): void;
  /** Up or down by one place. */
  move(metric: string, step: 1 | -1): void;
  isFree(metric: string): boolean;
  setFree(metric: string, free: boolean): void;
  /** The charts that this scenario was looked at with before. */
  restore(): void;
}

export function useChartList(): ChartList {
  const view = useViewStore();
  const scenario = useScenarioStore();
  const experiment = useExperimentStore();

  const metrics = computed(() => {
    if (view.metrics.length > 0 || experiment.result === null) return view.metrics;
    return firstMetrics(experiment.result);
  });

  function set(list: readonly string[]): void {
    view.metrics = list;
    remember();
  }

  function remember(): void {
    const { freeScales } = view;
    if (scenario.isOpen) rememberCharts(scenario.id, { metrics: view.metrics, freeScales });
  }

  function show(metric: string, before?: string): void {
    const others = metrics.value.filter((other) => other !== metric);
    const at = before === undefined ? -1 : others.indexOf(before);
    const place = before === metric ? metrics.value.indexOf(metric) : at < 0 ? others.length : at;
    set([...others.slice(0, place), metric, ...others.slice(place)]);
  }

  function hide(metric: string): void {
    if (metrics.value.length > 1) set(metrics.value.filter((other) => other !== metric));
  }

  function move(metric: string, step: 1 | -1): void {
    const list = [...metrics.value];
    const from = list.indexOf(metric);
    const to = from + step;
    if (from < 0 || to < 0 || to >= list.length) return;
    list.splice(from, 1);
    list.splice(to, 0, metric);
    set(list);
  }

  const isFree = (metric: string): boolean => view.freeScales.includes(metric);

  function setFree(metric: string, free: boolean): void {
    const others = view.freeScales.filter((other) => other !== metric);
    view.freeScales = free ? [...others, metric] : others;
    remember();
  }

  function restore(): void {
    const kept = rememberedCharts(scenario.id);
    view.metrics = kept.metrics;
    view.freeScales = kept.freeScales;
  }

  return { metrics, show, hide, move, isFree, setFree, restore };
}
