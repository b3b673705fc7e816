/**
 * How the result is looked at: theme, compare mode, cursor, zoom, selection, pins, charts. Small and
 * plain, so that it can be kept between starts and written into a link. Times are simulated
 * nanoseconds.
 */
import { defineStore } from 'pinia';
import { computed, ref, watch } from 'vue';
import type { ExportId } from '../charts/export-list.js';
import { loadView, saveView } from './view-memory.js';
import type { LayoutPanes, PanesShown } from './view-memory.js';

export type ThemeChoice = 'system' | 'light' | 'dark' | 'contrast';
export type CompareMode = 'side' | 'over' | 'diff';
export type CursorStyle = 'off' | 'line' | 'values';
export type TableMode = 'phase' | 'cursor' | 'span';
export type LeftTab = 'editor' | 'why';
export type Layout = 'author' | 'compare' | 'explain';

/** Panes that can be hidden, beside the editor. */
export type PaneName = 'charts' | 'map' | 'table' | 'verdicts';

export interface TimeRange {
  readonly startNs: number;
  /** Half-open end. */
  readonly endNs: number;
}

export interface Pin {
  readonly id: number;
  readonly name: string;
  readonly timeNs: number;
}

/** Of a pin that nobody has named yet. */
export const defaultPinName = (id: number): string => `pin ${String(id)}`;

const COMPARE_MODES: readonly CompareMode[] = ['side', 'over', 'diff'];
const CURSOR_STYLES: readonly CursorStyle[] = ['off', 'line', 'values'];
const TABLE_MODES: readonly TableMode[] = ['cursor', 'phase', 'span'];
/** Shortest visible span. */
const RANGE_MIN_NS = 1000;

const after = <T>(list: readonly T[], value: T): T | undefined =>
  list[(list.indexOf(value) + 1) % list.length];

export const useViewStore = defineStore('view', () => {
  const kept = loadView();
  const theme = ref<ThemeChoice>(kept.theme);
  const mode = ref<CompareMode>(kept.mode);
  const cursorStyle = ref<CursorStyle>(kept.cursorStyle);
  const band = ref(kept.band);
  /** Charts have a lane for each design with the events of the kind for stepping. */
  const events = ref(kept.events);
  const layout = ref<Layout>(kept.layout);
  const panes = ref<LayoutPanes>(kept.panes);
  const editorShown = computed({
    get: () => panes.value[layout.value].editorShown,
    set: (shown: boolean) => setPanes({ editorShown: shown }),
  });
  const tableMode = ref<TableMode>('phase');
  /** Metrics of the charts; empty for the usual ones of the result. */
  const metrics = ref<readonly string[]>([]);
  /** Metrics whose small charts have a scale each. */
  const freeScales = ref<readonly string[]>([]);
  /** Place of the handle; the state that maps show. */
  const timeNs = ref(0);
  /** Place of the pointer over a time axis; null when it is elsewhere. */
  const hoverNs = ref<number | null>(null);
  const runEndNs = ref(0);
  const zoom = ref<TimeRange | null>(null);
  const zoomHistory = ref<readonly (TimeRange | null)[]>([]);
  const selection = ref<TimeRange | null>(null);
  const pins = ref<readonly Pin[]>([]);
  /** The pin that was walked to last; null for none. */
  const focusedPin = ref<number | null>(null);
  /** Copied reports end with the values at the pins. */
  const pinsInReport = ref(false);
  /** Only this seed; null for the median over all. */
  const seed = ref<number | null>(null);
  const point = ref<number | null>(null);
  const phase = ref<string | null>(null);
  /** Seen beside the scenario's own baseline; null for the scenario's. */
  const baseline = ref<string | null>(null);
  const playing = ref(false);
  /** What was chosen last in the copy menu. */
  const lastExport = ref<ExportId>(kept.lastExport);
  const leftTab = ref<LeftTab>('editor');
  /** Kind of effect that the step commands look for. */
  const stepEffect = ref('direct_map.split_2m');
  /** True while `timeNs` moves because the maps stepped by request. */
  const stepping = ref(false);

  const cursorNs = computed(() => hoverNs.value ?? timeNs.value);
  const range = computed<TimeRange>(
    () => zoom.value ?? { startNs: 0, endNs: Math.max(runEndNs.value, RANGE_MIN_NS) },
  );

  watch([theme, mode, cursorStyle, band, events, layout, panes, lastExport], () => {
    saveView({
      theme: theme.value,
      mode: mode.value,
      cursorStyle: cursorStyle.value,
      band: band.value,
      events: events.value,
      layout: layout.value,
      panes: panes.value,
      lastExport: lastExport.value,
    });
  });

  const clampTime = (value: number): number => Math.min(Math.max(0, value), runEndNs.value);

  /** A new result with this end; what lies beyond it is forgotten. */
  function showRun(endNs: number): void {
    runEndNs.value = endNs;
    timeNs.value = clampTime(timeNs.value);
    if (zoom.value !== null && zoom.value.endNs > endNs) zoom.value = null;
    if (selection.value !== null && selection.value.endNs > endNs) selection.value = null;
    pins.value = pins.value.filter((pin) => pin.timeNs <= endNs);
  }

  function forgetRun(): void {
    runEndNs.value = 0;
    timeNs.value = 0;
    hoverNs.value = null;
    zoom.value = null;
    zoomHistory.value = [];
    selection.value = null;
    pins.value = [];
    focusedPin.value = null;
    seed.value = null;
    point.value = null;
    phase.value = null;
    baseline.value = null;
    metrics.value = [];
    freeScales.value = [];
    playing.value = false;
  }

  /** Moves the handle; a pointer that rests on a chart no longer holds the cursor. */
  function moveTo(value: number): void {
    hoverNs.value = null;
    timeNs.value = clampTime(value);
  }

  /** Moves the handle to the time of a request that the maps already show. */
  function stepTo(value: number): void {
    stepping.value = true;
    hoverNs.value = null;
    timeNs.value = clampTime(value);
    stepping.value = false;
  }

  /** Changes what the layout on screen shows. */
  function setPanes(change: Partial<PanesShown>): void {
    panes.value = {
      ...panes.value,
      [layout.value]: { ...panes.value[layout.value], ...change },
    };
  }

  const isHidden = (pane: PaneName): boolean =>
    panes.value[layout.value].hiddenPanes.includes(pane);

  function togglePane(pane: PaneName): void {
    const { hiddenPanes } = panes.value[layout.value];
    setPanes({
      hiddenPanes: isHidden(pane)
        ? hiddenPanes.filter((other) => other !== pane)
        : [...hiddenPanes, pane],
    });
  }

  /** A layout comes back as it was left: its panes, and its editor or the strip. */
  function setLayout(wanted: Layout): void {
    layout.value = wanted;
    leftTab.value = wanted === 'explain' ? 'why' : 'editor';
  }

  function setZoom(wanted: TimeRange | null): void {
    zoomHistory.value = [...zoomHistory.value.slice(-50), zoom.value];
    zoom.value = wanted === null ? null : fitted(wanted);
  }

  /** Moves or scales the visible span without a step in the history: wheel and keys. */
  function slideZoom(wanted: TimeRange): void {
    const fit = fitted(wanted);
    zoom.value = fit.startNs <= 0 && fit.endNs >= runEndNs.value ? null : fit;
  }

  function fitted(wanted: TimeRange): TimeRange {
    const width = Math.min(Math.max(wanted.endNs - wanted.startNs, RANGE_MIN_NS), runEndNs.value);
    const startNs = Math.min(Math.max(0, wanted.startNs), runEndNs.value - width);
    return { startNs, endNs: startNs + width };
  }

  function zoomBack(): void {
    const last = zoomHistory.value[zoomHistory.value.length - 1];
    zoomHistory.value = zoomHistory.value.slice(0, -1);
    zoom.value = last ?? null;
  }

  /** Scales the visible span around a time. `factor` below 1 shows less. */
  function zoomBy(factor: number, aroundNs: number): void {
    const { startNs, endNs } = range.value;
    const width = Math.max(RANGE_MIN_NS, (endNs - startNs) * factor);
    const share = (aroundNs - startNs) / (endNs - startNs);
    const from = aroundNs - share * width;
    slideZoom({ startNs: from, endNs: from + width });
  }

  /** Moves the visible span by a share of its width. */
  function pan(share: number): void {
    const { startNs, endNs } = range.value;
    const step = (endNs - startNs) * share;
    slideZoom({ startNs: startNs + step, endNs: endNs + step });
  }

  function addPin(atNs: number, name = ''): Pin {
    const id = 1 + Math.max(0, ...pins.value.map((pin) => pin.id));
    const pin = { id, name: name === '' ? defaultPinName(id) : name, timeNs: clampTime(atNs) };
    pins.value = [...pins.value, pin].sort((a, b) => a.timeNs - b.timeNs || a.id - b.id);
    return pin;
  }

  const removePin = (id: number): void => {
    pins.value = pins.value.filter((pin) => pin.id !== id);
    if (focusedPin.value === id) focusedPin.value = null;
  };

  const renamePin = (id: number, name: string): void => {
    pins.value = pins.value.map((pin) => (pin.id === id ? { ...pin, name } : pin));
  };

  function goToPin(id: number): void {
    const pin = pins.value.find((candidate) => candidate.id === id);
    if (pin === undefined) return;
    focusedPin.value = id;
    moveTo(pin.timeNs);
  }

  /** Next or previous pin from the handle, around the end. */
  function walkPins(step: 1 | -1): void {
    const list = pins.value;
    const ahead =
      step > 0
        ? (list.find((pin) => pin.timeNs > timeNs.value) ?? list[0])
        : (list.findLast((pin) => pin.timeNs < timeNs.value) ?? list[list.length - 1]);
    if (ahead !== undefined) goToPin(ahead.id);
  }

  const nextMode = (): void => {
    mode.value = after(COMPARE_MODES, mode.value) ?? 'over';
  };
  const nextCursorStyle = (): void => {
    cursorStyle.value = after(CURSOR_STYLES, cursorStyle.value) ?? 'line';
  };
  const nextTableMode = (): void => {
    const next = after(TABLE_MODES, tableMode.value) ?? 'phase';
    tableMode.value = next === 'span' && selection.value === null ? 'cursor' : next;
  };

  /** One level back: selected span, then pin focus, then zoom. True when there was something. */
  function escape(): boolean {
    if (selection.value !== null) {
      selection.value = null;
      if (tableMode.value === 'span') tableMode.value = 'phase';
      return true;
    }
    if (focusedPin.value !== null) {
      focusedPin.value = null;
      return true;
    }
    if (zoom.value !== null) {
      setZoom(null);
      return true;
    }
    return false;
  }

  function select(wanted: TimeRange | null): void {
    selection.value = wanted;
    tableMode.value = wanted === null ? 'phase' : 'span';
  }

  return {
    theme,
    mode,
    cursorStyle,
    band,
    events,
    layout,
    editorShown,
    tableMode,
    metrics,
    freeScales,
    timeNs,
    hoverNs,
    runEndNs,
    zoom,
    selection,
    pins,
    focusedPin,
    pinsInReport,
    goToPin,
    seed,
    point,
    phase,
    baseline,
    playing,
    lastExport,
    leftTab,
    stepEffect,
    stepping,
    cursorNs,
    range,
    showRun,
    forgetRun,
    moveTo,
    stepTo,
    setLayout,
    isHidden,
    togglePane,
    setZoom,
    slideZoom,
    zoomBack,
    zoomBy,
    pan,
    addPin,
    removePin,
    renamePin,
    walkPins,
    nextMode,
    nextCursorStyle,
    nextTableMode,
    escape,
    select,
  };
});
