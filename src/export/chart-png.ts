/**
 * Charts as PNG at twice the screen resolution. Needs Node: a native rasteriser and the font files
 * that ship with this program, so that pictures do not depend on the fonts of the machine. Rasterising
 * runs on a thread of its own: a lab goes on answering meanwhile.
 */
import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import type { ExperimentResult } from '../contract/run-result.js';
import type { ChartChoice } from './chart-model.js';
import { renderChartSvg } from './chart-svg.js';

const SCALE = 2;
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf', 'DejaVuSansMono.ttf'];

/** The rasteriser opens them itself: in a packed program they lie beside the archive, not in it. */
function fontFiles(): string[] {
  const require = createRequire(import.meta.url);
  return FONT_FILES.map((name) =>
    require
      .resolve(`dejavu-fonts-ttf/ttf/${name}`)
      .replace(/([\\/]app\.asar)([\\/])/, '$1.unpacked$2'),
  );
}

/** Rasterises SVG text at twice its size. */
export async function rasterizeSvg(svg: string): Promise<Uint8Array> {
  const image = await renderAsync(svg, {
    fitTo: { mode: 'zoom', value: SCALE },
    font: {
      loadSystemFonts: false,
      fontFiles: fontFiles(),
      defaultFontFamily: 'DejaVu Sans',
      sansSerifFamily: 'DejaVu Sans',
      monospaceFamily: 'DejaVu Sans Mono',
    },
  });
  return image.asPng();
}

/** The chart of a metric as PNG bytes; undefined when no comparable run has a series of it. */
export async function renderChartPng(
  result: ExperimentResult,
  metric: string,
  choice: ChartChoice = {},
): Promise<Uint8Array | undefined> {
  const svg = renderChartSvg(result, metric, choice);
  return svg === undefined ? undefined : rasterizeSvg(svg);
}
