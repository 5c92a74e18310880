/** The picture of a chart, drawn by uPlot in the colours the theme has at that moment. */
import uPlot from 'uplot';
import type { ChartModel } from '../present/chartModel.ts';
import type { Formats } from '../present/formats.ts';
import { lineStyle } from './lineStyles.ts';

const height = 150;
/** Narrower than this nothing can be read. */
const leastWidth = 120;

export interface PlotPorts {
  readonly formats: Formats;
  /** Element to draw in; its width is the width. */
  readonly place: HTMLElement;
  /** The colour of a line, and those of the frame, as they are now. */
  readonly lineColor: (index: number) => string;
  readonly frameColors: () => { readonly text: string; readonly grid: string; readonly font: string };
  /** The slot the pointer is on, or null. */
  readonly onPoint: (slot: number | null) => void;
}

export class Plot {
  readonly #ports: PlotPorts;
  readonly #plot: uPlot;
  #chart: ChartModel;

  constructor(chart: ChartModel, ports: PlotPorts) {
    this.#ports = ports;
    this.#chart = chart;
    this.#plot = new uPlot(this.#options(chart), dataOf(chart), ports.place);
  }

  show(chart: ChartModel): void {
    this.#chart = chart;
    this.#plot.setData(dataOf(chart));
  }

  /** The place has another width. */
  fit(): void {
    const width = this.#width();
    if (width !== this.#plot.width) this.#plot.setSize({ width, height });
  }

  /** The theme has changed. */
  redraw(): void {
    this.#plot.redraw();
  }

  destroy(): void {
    this.#plot.destroy();
  }

  #width(): number {
    return Math.max(leastWidth, Math.floor(this.#ports.place.clientWidth));
  }

  #options(chart: ChartModel): uPlot.Options {
    const { formats, lineColor, frameColors, onPoint } = this.#ports;
    const frame: Pick<uPlot.Axis, 'stroke' | 'grid' | 'ticks' | 'font'> = {
      stroke: () => frameColors().text,
      grid: { stroke: () => frameColors().grid, width: 1 },
      ticks: { stroke: () => frameColors().grid, width: 1, size: 4 },
      font: frameColors().font,
    };
    return {
      width: this.#width(),
      height,
      ms: 1,
      legend: { show: false },
      cursor: { drag: { setScale: false, x: false, y: false }, y: false, points: { size: 7 } },
      // Room on the right for half of the last label of time.
      padding: [8, 32, 0, 0],
      scales: {
        x: { time: true, range: () => this.#span() },
        // From nought, so that heights can be compared; nothing but noughts is a line on the ground.
        y: { range: (_plot, _least, most) => [0, most > 0 ? most * 1.1 : 1] },
      },
      axes: [
        {
          ...frame,
          space: 70,
          size: 26,
          values: (_plot, splits) => splits.map((at) => formats.time(at, chart.step < 10_000)),
        },
        {
          ...frame,
          space: 28,
          size: 62,
          ...(chart.unit === 'count' ? { incrs: wholeSteps } : {}),
          values: (_plot, splits) => splits.map((value) => formats.value(value, chart.unit)),
        },
      ],
      series: [
        {},
        ...chart.lines.map(({ label, kind }, index): uPlot.Series => {
          const { dash, width } = lineStyle(index);
          const steps = kind === 'level' ? uPlot.paths.stepped?.({ align: 1 }) : undefined;
          return {
            label,
            stroke: () => lineColor(index),
            width,
            dash: [...dash],
            ...(steps === undefined ? {} : { paths: steps }),
            // What is known only here and there is shown where it is known.
            points:
              kind === 'reading'
                ? { show: true, size: 5, width: 1, fill: () => lineColor(index) }
                : { show: false },
          };
        }),
      ],
      hooks: { setCursor: [({ cursor }) => onPoint(cursor.idx ?? null)] },
    };
  }

  #span(): [number, number] {
    const first = this.#chart.at[0] ?? 0;
    return [first, first + this.#chart.at.length * this.#chart.step];
  }
}

/** Tasks are whole. */
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000];

function dataOf(chart: ChartModel): uPlot.AlignedData {
  return [[...chart.at], ...chart.lines.map(({ values }) => [...values])];
}
