/**
 * The parts of the chart library that the window uses, registered once. Labels at line ends and the cursor
 * are the window's own: the library's are for pictures.
 */
import { LineChart } from 'echarts/charts';
import { GridSimpleComponent, MarkAreaComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, GridSimpleComponent, MarkAreaComponent, CanvasRenderer]);

export { init };
export type { ECharts } from 'echarts/core';
