/**
 * Everything that leaves the window. Texts and pictures come from the host, so they are the bytes of
 * the command line; the window only carries them to the clipboard or into a file.
 */
import type { ReportFormat } from '../../src/contract/lab-api.js';
import { mayCopy } from '../../src/contract/report-check.js';
import { lastPart } from '../../src/base/last-part.js';
import { exportFileName, fileSlug } from '../../src/export/file-name.js';
import { firstMetrics } from '../charts/chart-rows.js';
import { commandLine } from '../charts/command-line.js';
import type { ExportId } from '../charts/export-list.js';
import { repeatable } from '../charts/export-list.js';
import { BUNDLE_EXTENSION, isBundledId } from '../../src/contract/bundle-form.js';
import { headlinePoint } from '../../src/analysis/headline.js';
import { pinsText } from '../charts/pin-report.js';
import { useBundles } from './use-bundles.js';
import { useClipboard } from './use-clipboard.js';
import { useChartList } from './use-chart-list.js';
import { useViewLink } from './use-view-link.js';
import { useExperimentStore } from '../stores/experiment.js';
import { useFocusStore } from '../stores/focus.js';
import { useLabStore } from '../stores/lab.js';
import { useMailReportStore } from '../stores/mail-report.js';
import { useScenarioStore } from '../stores/scenario.js';
import { useViewStore } from '../stores/view.js';

/** Part of the file name, ending and type of what is saved as text. */
const SAVED_FORMS = {
  csv: { what: 'phases', extension: 'csv', type: 'text/csv' },
  json: { what: 'result', extension: 'json', type: 'application/json' },
  text: { what: 'report', extension: 'txt', type: 'text/plain' },
} as const;

interface Exports {
  /** A report with the values at the pins behind it, where that is asked for. */
  withPins(text: string, format: 'mail' | 'short' | 'md'): string;
  perform(id: ExportId): Promise<void>;
}

export function useExports(): Exports {
  const lab = useLabStore();
  const experiment = useExperimentStore();
  const scenario = useScenarioStore();
  const view = useViewStore();
  const focus = useFocusStore();
  const links = useViewLink();
  const charts = useChartList();
  const mail = useMailReportStore();
  const bundles = useBundles();
  const copy = useClipboard();

  const baseName = (): string => fileSlug(lastPart(scenario.id).replace(/\.xlab$/, ''));
  const report = (format: ReportFormat): Promise<string> =>
    lab.api().report({ runId: experiment.runId, format });

  function withPins(text: string, format: 'mail' | 'short' | 'md'): string {
    const { result } = experiment;
    if (!view.pinsInReport || result === null) return text;
    const pins = pinsText(result, view.pins, {
      point: view.point ?? headlinePoint(result),
      seed: view.seed,
      metrics: charts.metrics.value,
    });
    if (pins === '') return text;
    return format === 'md' ? `${text}\n\`\`\`\n${pins}\`\`\`\n` : `${text}\n${pins}`;
  }

  /** The command of what is shown, not of what has been changed since. */
  function commandOfResult(): string {
    const { settings, seeds } = experiment.request ?? scenario;
    const { id } = scenario;
    const { result, phase } = experiment;
    // Neither one phase of a scenario nor two results side by side can be had from the file.
    const isWhole = phase === '' && result?.scenario.joined === undefined;
    return commandLine({
      id: isBundledId(id) ? lastPart(id) : id,
      settings,
      seeds,
      hash: isWhole ? (result?.scenarioHash ?? '') : '',
    });
  }

  const pinnedReport = async (format: 'short' | 'md'): Promise<string> =>
    withPins(await report(format), format);

  /** Copies the mail report when no check forbids it; else shows the checks. */
  async function copyMail(): Promise<void> {
    const { text, findings } = await mail.refresh();
    if (mayCopy(findings)) await copy(withPins(text, 'mail'), 'Mail report');
    else focus.open('report');
  }

  /** A form of the result under the name that the command line gives it. */
  async function saveForm(id: 'csv' | 'json' | 'text'): Promise<void> {
    const { result } = experiment;
    if (result === null) return;
    const { what, extension, type } = SAVED_FORMS[id];
    const text = id === 'text' ? withPins((await mail.refresh()).text, 'mail') : await report(id);
    const name = exportFileName(result, what, extension);
    saveFile(name, new Blob([text], { type }));
    focus.announce(`${name} saved`);
  }

  async function saveChart(format: 'svg' | 'png'): Promise<void> {
    const { result } = experiment;
    if (result === null) return;
    const metric = view.metrics[0] ?? firstMetrics(result)[0] ?? '';
    const data = await lab.api().chart({ runId: experiment.runId, metric, format });
    const blob =
      format === 'svg'
        ? new Blob([data], { type: 'image/svg+xml' })
        : new Blob([bytesOfBase64(data)], { type: 'image/png' });
    const name = exportFileName(result, metric, format);
    saveFile(name, blob);
    focus.announce(`${name} saved`);
  }

  async function saveBundle(): Promise<void> {
    const packed = await bundles.pack();
    if (packed === null) return;
    saveFile(`${baseName()}${BUNDLE_EXTENSION}`, packed.blob);
    focus.announce(packed.said);
  }

  async function act(id: ExportId): Promise<unknown> {
    switch (id) {
      case 'mail':
        return copyMail();
      case 'preview':
        focus.open('report');
        return;
      case 'short':
        return copy(await pinnedReport('short'), 'Short form');
      case 'md':
        return copy(await pinnedReport('md'), 'Markdown table');
      case 'command':
        return copy(commandOfResult(), 'Command line');
      case 'shards':
        focus.open('shards');
        return;
      case 'link':
        return copy(links.address(), 'Link');
      case 'csv':
      case 'json':
      case 'text':
        return saveForm(id);
      case 'bundle':
        return saveBundle();
      case 'svg':
      case 'png':
        return saveChart(id);
    }
  }

  return {
    withPins,
    async perform(id) {
      if (experiment.result === null) return;
      if (repeatable(id)) view.lastExport = id;
      try {
        await act(id);
      } catch (error) {
        experiment.message = error instanceof Error ? error.message : String(error);
      }
    },
  };
}

function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i += 1) bytes[i] = binary.charCodeAt(i);
  return bytes;
}

function saveFile(name: string, blob: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
