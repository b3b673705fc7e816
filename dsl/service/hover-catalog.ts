/** Texts about names of the catalog: metrics, designs, profiles, formats. Markdown. */
import type { DesignInfo, OptionSpec } from '../../src/contract/catalog.js';
import type { MetricInfo, MetricUnit } from '../../src/contract/metric-table.js';
import { optionTakes } from '../lower/design-options.js';
import { sizeText } from '../values/units.js';

const UNIT_TEXT: Readonly<Record<MetricUnit, string>> = {
  bytes: 'size',
  count: 'count',
  percent: 'share',
  per_kinst: 'per 1000 instructions',
  cycles: 'cycles',
  ns: 'time',
};

const BETTER: Readonly<Record<MetricInfo['better'], string>> = {
  low: 'lower is better',
  high: 'higher is better',
  '-': 'neither direction is better',
};

/** `counter, count, lower is better`. */
export const metricDetail = (info: MetricInfo): string =>
  `${info.kind}, ${UNIT_TEXT[info.unit]}, ${BETTER[info.better]}`;

export function metricText(info: MetricInfo): string {
  const counterpart =
    info.counterpart === '' ? 'no counterpart on a real machine' : info.counterpart;
  return [
    `**${info.name}**: ${info.meaning}`,
    '',
    metricDetail(info),
    '',
    `On a real machine: ${counterpart}`,
  ].join('\n');
}

export function defaultText(option: OptionSpec): string {
  switch (option.kind) {
    case 'size':
      return sizeText(option.default);
    case 'count':
      return String(option.default);
    case 'switch':
      return option.default ? 'on' : 'off';
    case 'set':
      return option.default.join(', ');
    case 'choice':
    case 'pack':
      return option.default;
  }
}

export const optionText = (option: OptionSpec): string =>
  `**${option.name}**: ${option.help}\n\nTakes ${optionTakes(option)}; default ${defaultText(option)}`;

export function designText(info: DesignInfo): string {
  const options = info.options.map(
    (option) => `- \`${option.name}\`: ${optionTakes(option)}; default ${defaultText(option)}`,
  );
  return [
    `**${info.name}** (${info.origin}): ${info.summary}`,
    ...(info.idea.length === 0 ? [] : ['', ...info.idea]),
    ...(options.length === 0 ? [] : ['', 'Options:', '', ...options]),
  ].join('\n');
}
