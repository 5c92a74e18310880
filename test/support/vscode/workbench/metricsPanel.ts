import type { Frame, Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';

/** The panel of the metrics, whose page is in a frame of a frame. */
export class MetricsPanel {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** The frame its page is in now; a hidden panel has none. */
  async frame(): Promise<Frame | undefined> {
    for (const frame of this.#page.frames()) {
      // A frame may go while it is asked.
      const found = await frame
        .locator('main#metrics')
        .count()
        .catch(() => 0);
      if (found > 0) return frame;
    }
    return undefined;
  }

  /** Waits until it is there. */
  async shown(): Promise<Frame> {
    return eventually(() => this.frame());
  }

  /** All its text. */
  async text(): Promise<string> {
    return (await this.shown()).locator('main').innerText();
  }

  /** What stands as a figure; undefined when it is not drawn. */
  async figure(id: string): Promise<string | undefined> {
    const value = (await this.shown()).locator(`[data-figure="${id}"] .value`);
    return (await value.count()) === 0 ? undefined : value.innerText();
  }

  async chart(id: string): Promise<Locator> {
    return (await this.shown()).locator(`#chart-${id}`);
  }

  /** Numbers of a column of an open table, newest first. */
  async column(chart: string, title: string): Promise<string[]> {
    const table = (await this.chart(chart)).locator('table');
    const titles = await table.locator('thead th').allInnerTexts();
    const index = titles.indexOf(title);
    if (index < 1) throw new Error(`The table has ${titles.join(', ')}, not "${title}".`);
    return table.locator(`tbody td:nth-child(${index + 1})`).allInnerTexts();
  }

  /** Chooses a range by its words: `1 hour`. */
  async choose(range: string): Promise<void> {
    await (await this.shown()).getByRole('radio', { name: range }).check();
  }

  /** Whether anything of the page is wider than the page. */
  async overflows(): Promise<boolean> {
    const root = (await this.shown()).locator('html');
    return root.evaluate(
      ({ scrollWidth, clientWidth }: { scrollWidth: number; clientWidth: number }) =>
        scrollWidth > clientWidth,
    );
  }

  /** Contrast (WCAG 2) of each kind of text with what is behind it, and of each line of a chart; by its selector. */
  async contrasts(): Promise<Record<string, number>> {
    const frame = await this.shown();
    // Written as text: the page's types are not those of this project.
    return frame.evaluate(`(() => {
      const rgb = (text) => { const [r, g, b, a = 1] = text.match(/[\\d.]+/g).map(Number); return { r, g, b, a }; };
      const over = (top, under) => Object.fromEntries(['r', 'g', 'b'].map((c) => [c, top[c] * top.a + under[c] * (1 - top.a)]));
      const light = ({ r, g, b }) => [r, g, b].map((v) => v / 255)
        .map((v) => (v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
        .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
      const ground = (element) => {
        if (!element) return { r: 0, g: 0, b: 0 };
        const color = rgb(getComputedStyle(element).backgroundColor);
        return color.a === 1 ? color : over(color, ground(element.parentElement));
      };
      const found = {};
      for (const selector of ['h1', 'dt', '.figure .value', '.detail', '.as-of', 'button', '.ranges span',
        '.ranges input:checked + span', '.legend li', 'caption', 'td', '.line-blue', '.line-green', '.line-red',
        '.line-purple', '.line-yellow']) {
        const element = document.querySelector(selector);
        if (!element) continue;
        const under = ground(element);
        const [a, b] = [light(over(rgb(getComputedStyle(element).color), under)), light(under)];
        found[selector] = Math.round(10 * (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)) / 10;
      }
      return found;
    })()`);
  }

  /** Whether a chart is drawn in the colour of its first line: how far its nearest pixel is from that, 0 to 441. */
  async distanceOfColor(chart: string): Promise<number> {
    const frame = await this.shown();
    return frame.evaluate(`(() => {
      const chart = document.querySelector('#chart-${chart}');
      const [r, g, b] = getComputedStyle(chart.querySelector('.legend svg')).color.match(/[\\d.]+/g).map(Number);
      const canvas = chart.querySelector('canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let nearest = Infinity;
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] > 250) nearest = Math.min(nearest, Math.hypot(data[i] - r, data[i + 1] - g, data[i + 2] - b));
      }
      return nearest;
    })()`);
  }
}
