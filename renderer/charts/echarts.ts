/** The parts of the chart library that the window uses, registered once. */
import { LineChart } from 'echarts/charts';
import { GridComponent, MarkAreaComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { LabelLayout } from 'echarts/features';
import { CanvasRenderer } from 'echarts/renderers';

use([LineChart, GridComponent, MarkAreaComponent, LabelLayout, CanvasRenderer]);

export { init };
export type { ECharts } from 'echarts/core';
