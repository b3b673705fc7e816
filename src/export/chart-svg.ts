/**
 * Charts as SVG text, without a browser: text stays text with generic fonts, identifiers are
 * renumbered so that equal results give equal bytes, and title and description are part of the file.
 */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { SVGRenderer } from 'echarts/renderers';
import type { ExperimentResult } from '../contract/run-result.js';
import { buildChartModel, type ChartChoice, type ChartModel } from './chart-model.js';
import { EXPORT_FORMAT, type ChartFormat } from './chart-format.js';
import { chartFrame } from './chart-frame.js';
import { chartOptions } from './chart-options.js';

use([LineChart, GridComponent, MarkAreaComponent, TitleComponent, LabelLayout, SVGRenderer]);

/** The chart of a metric as SVG; undefined when no comparable run has a series of it. */
export function renderChartSvg(
  result: ExperimentResult,
  metric: string,
  choice: ChartChoice = {},
): string | undefined {
  const model = buildChartModel(result, metric, choice);
  return model === undefined ? undefined : renderModelSvg(model);
}

export function renderModelSvg(model: ChartModel, format: ChartFormat = EXPORT_FORMAT): string {
  const chart = init(null, null, {
    renderer: 'svg',
    ssr: true,
    width: format.widthPx,
    height: format.framed ? chartFrame(model, format).heightPx : format.heightPx,
  });
  try {
    chart.setOption(chartOptions(model, format));
    return describeSvg(stableIds(chart.renderToSVGString()), model);
  } finally {
    chart.dispose();
  }
}

/** The library numbers its elements over the life of the process; here they start at 0 again. */
function stableIds(svg: string): string {
  const names = new Map<string, string>();
  return svg.replace(/\bzr\d+-[\w-]+/g, (id) => {
    const known = names.get(id) ?? `x${String(names.size)}`;
    names.set(id, known);
    return known;
  });
}

const xmlText = (text: string): string =>
  text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');

/** Adds title and description as the first children, where readers and search tools find them. */
function describeSvg(svg: string, model: ChartModel): string {
  const end = svg.indexOf('>', svg.indexOf('<svg'));
  const title = `<title>${xmlText(model.title)}</title>`;
  const description = `<desc>${xmlText(`${model.subtitle}. ${model.description} ${model.stamp}`)}</desc>`;
  return `${svg.slice(0, end + 1)}\n${title}\n${description}${svg.slice(end + 1)}\n`;
}
