/** A chart with its title, its legend and the button that opens its table. */
import { lineTotal } from '../present/chartModel.ts';
import type { ChartModel, LineColor } from '../present/chartModel.ts';
import type { Formats } from '../present/formats.ts';
import { tableModel } from '../present/tableModel.ts';
import { element, setAttribute, setText, svgElement } from './element.ts';
import { lineStyle } from './lineStyles.ts';
import { Plot } from './plot.ts';
import { Table } from './table.ts';

export interface ChartCardPorts {
  readonly formats: Formats;
  readonly isTableOpen: boolean;
  readonly onTable: (isOpen: boolean) => void;
}

export class ChartCard {
  readonly root: HTMLElement;
  readonly #ports: ChartCardPorts;
  readonly #title = element('h3');
  readonly #place = element('div', { class: 'plot', role: 'img' });
  readonly #empty = element('p', { class: 'empty' }, 'Nothing was measured in this range.');
  readonly #moment = element('span', { class: 'moment' });
  readonly #values: readonly HTMLElement[];
  readonly #samples: readonly SVGElement[];
  readonly #legend: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #table: Table;
  readonly #watch: ResizeObserver;
  #chart: ChartModel;
  #plot: Plot | undefined;
  #isTableOpen: boolean;
  #slot: number | null = null;

  constructor(chart: ChartModel, ports: ChartCardPorts) {
    this.#ports = ports;
    this.#chart = chart;
    this.#isTableOpen = ports.isTableOpen;
    const tableId = `table-${chart.id}`;
    this.#table = new Table(tableId, `${chart.title}, table`);
    this.#button = element('button', { type: 'button', 'aria-controls': tableId });
    this.#button.addEventListener('click', () => this.#turnTable());
    this.#samples = chart.lines.map(({ color }, index) => sample(color, index));
    this.#values = chart.lines.map(() => element('span', { class: 'value' }));
    // The picture says it in a sentence and the table in full, so the legend is for eyes only.
    this.#legend = element(
      'ul',
      { class: 'legend', 'aria-hidden': 'true' },
      ...chart.lines.map(({ label }, index) =>
        element('li', {}, this.#samples[index] ?? '', label, this.#values[index] ?? ''),
      ),
      element('li', {}, this.#moment),
    );
    this.root = element(
      'figure',
      { class: 'chart', id: `chart-${chart.id}` },
      element('div', { class: 'chart-head' }, this.#title, this.#button),
      this.#legend,
      this.#place,
      this.#empty,
      this.#table.root,
    );
    this.#watch = new ResizeObserver(() => this.#plot?.fit());
    this.#watch.observe(this.#place);
  }

  /** Shows it; the card must be in the page, its width counts. */
  show(chart: ChartModel): void {
    this.#chart = chart;
    setText(this.#title, chart.title);
    setAttribute(this.#place, 'aria-label', chart.spoken);
    this.#place.hidden = chart.isEmpty;
    this.#legend.hidden = chart.isEmpty;
    this.#empty.hidden = !chart.isEmpty;
    this.#button.hidden = chart.isEmpty;
    if (chart.isEmpty) {
      this.#plot?.destroy();
      this.#plot = undefined;
    } else if (this.#plot === undefined) this.#plot = this.#draw();
    else this.#plot.show(chart);
    this.#showLegend();
    this.#showTable();
  }

  /** The theme has changed. */
  redraw(): void {
    this.#plot?.redraw();
  }

  destroy(): void {
    this.#watch.disconnect();
    this.#plot?.destroy();
    this.root.remove();
  }

  #draw(): Plot {
    return new Plot(this.#chart, {
      formats: this.#ports.formats,
      place: this.#place,
      lineColor: (index) => colorOf(this.#samples[index] ?? this.#place),
      frameColors: () => {
        const style = getComputedStyle(this.#place);
        return { text: style.color, grid: style.borderTopColor, font: `11px ${style.fontFamily}` };
      },
      onPoint: (slot) => {
        this.#slot = slot;
        this.#showLegend();
      },
    });
  }

  /** The values under the pointer, or what the lines come to. */
  #showLegend(): void {
    const { lines, at, unit, step, isEmpty } = this.#chart;
    const moment = this.#slot === null ? undefined : at[this.#slot];
    const { formats } = this.#ports;
    setText(this.#moment, moment === undefined || isEmpty ? '' : `at ${formats.time(moment, step < 60_000)}`);
    lines.forEach((line, index) => {
      const value = this.#slot === null ? lineTotal(line) : (line.values[this.#slot] ?? null);
      const target = this.#values[index];
      if (target !== undefined) setText(target, formats.value(value, unit));
    });
  }

  #turnTable(): void {
    this.#isTableOpen = !this.#isTableOpen;
    this.#showTable();
    this.#ports.onTable(this.#isTableOpen);
  }

  #showTable(): void {
    const isShown = this.#isTableOpen && !this.#chart.isEmpty;
    setText(this.#button, this.#isTableOpen ? 'Hide table' : 'Show table');
    setAttribute(
      this.#button,
      'aria-label',
      `${this.#isTableOpen ? 'Hide' : 'Show'} table of ${this.#chart.title}`,
    );
    setAttribute(this.#button, 'aria-expanded', String(isShown));
    this.#table.root.hidden = !isShown;
    if (isShown) this.#table.show(tableModel(this.#chart, this.#ports.formats));
  }
}

/** A short piece of a line, for the legend. */
function sample(color: LineColor, index: number): SVGElement {
  const { dash, width } = lineStyle(index);
  const line = svgElement('line', {
    x1: '0',
    y1: '5',
    x2: '26',
    y2: '5',
    stroke: 'currentColor',
    'stroke-width': String(width),
    'stroke-dasharray': dash.join(' '),
  });
  return svgElement('svg', { class: `line-${color}`, width: '26', height: '10', viewBox: '0 0 26 10' }, line);
}

function colorOf(target: Element): string {
  return getComputedStyle(target).color;
}
