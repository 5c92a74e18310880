/** The page: what it is sent becomes a view, and the view becomes elements that stay as long as they can. */
import type { PageState, PanelMessage } from '../../shared/metricsMessages.ts';
import { ranges, rangeWords } from '../../shared/metricsPicture.ts';
import type { Figure } from '../present/figures.ts';
import type { Formats } from '../present/formats.ts';
import { metricsView } from '../present/metricsView.ts';
import type { SectionView } from '../present/metricsView.ts';
import { ChartCard } from './chartCard.ts';
import { element, setAttribute, setChildren, setText } from './element.ts';

export interface MetricsPagePorts {
  readonly formats: Formats;
  readonly state: PageState;
  /** Another range is wanted. */
  readonly onRange: (range: PageState['range']) => void;
  /** The state to remember has changed. */
  readonly onState: (state: PageState) => void;
}

export class MetricsPage {
  readonly #ports: MetricsPagePorts;
  readonly #asOf = element('span', { class: 'as-of' });
  readonly #notes = element('div', { class: 'notes' }, element('p', {}, 'Waiting for the figures.'));
  readonly #summary = element('p', { class: 'summary', role: 'status' });
  readonly #body = element('div', { class: 'sections' });
  readonly #sections = new Map<string, SectionPart>();
  #lastSummary = '';
  #state: PageState;

  constructor(root: HTMLElement, ports: MetricsPagePorts) {
    this.#ports = ports;
    this.#state = ports.state;
    const summarise = element('button', { type: 'button' }, 'Summarize');
    summarise.addEventListener('click', () => this.#summarise());
    root.append(
      element(
        'header',
        {},
        element('h1', {}, 'Podium Metrics'),
        this.#asOf,
        element('div', { class: 'controls' }, this.#rangeChoice(), summarise),
      ),
      this.#summary,
      this.#notes,
      this.#body,
    );
  }

  show(message: PanelMessage): void {
    switch (message.type) {
      case 'closed':
        this.#showNotes([message.why]);
        setText(this.#asOf, '');
        this.#lastSummary = message.why;
        this.#showSections([]);
        return;
      case 'picture': {
        // One that was on its way when the range was changed.
        if (message.picture.series.range !== this.#state.range) return;
        const view = metricsView(message.picture, this.#ports.formats);
        this.#showNotes(view.notes);
        setText(this.#asOf, view.asOf);
        this.#lastSummary = view.summary;
        this.#showSections(view.sections);
      }
    }
  }

  /** The theme has changed. */
  redraw(): void {
    for (const section of this.#sections.values()) section.redraw();
  }

  #rangeChoice(): HTMLElement {
    const choices = ranges.map((range) => {
      const input = element('input', { type: 'radio', name: 'range', value: range });
      input.checked = range === this.#state.range;
      input.addEventListener('change', () => {
        this.#remember({ ...this.#state, range });
        this.#ports.onRange(range);
      });
      return element('label', {}, input, element('span', {}, rangeWords[range]));
    });
    return element('fieldset', { class: 'ranges' }, element('legend', {}, 'Time range'), ...choices);
  }

  #summarise(): void {
    // The same words again are said again only when they are new ones to the page.
    this.#summary.textContent = '';
    this.#summary.textContent = this.#lastSummary;
  }

  #showNotes(notes: readonly string[]): void {
    const present = [...this.#notes.children].map(({ textContent }) => textContent);
    if (present.length === notes.length && notes.every((note, index) => note === present[index])) return;
    this.#notes.replaceChildren(...notes.map((note) => element('p', {}, note)));
  }

  #showSections(views: readonly SectionView[]): void {
    const shown = new Set(views.map(({ id }) => id));
    for (const [id, part] of this.#sections) {
      if (shown.has(id)) continue;
      part.destroy();
      this.#sections.delete(id);
    }
    const parts = views.map((view) => this.#sections.get(view.id) ?? this.#addSection(view));
    setChildren(
      this.#body,
      parts.map(({ root }) => root),
    );
    views.forEach((view, index) => parts[index]?.show(view));
  }

  #addSection(view: SectionView): SectionPart {
    const part = new SectionPart(view, {
      formats: this.#ports.formats,
      isTableOpen: (id) => this.#state.tables.includes(id),
      onTable: (id, isOpen) => {
        const others = this.#state.tables.filter((table) => table !== id);
        this.#remember({ ...this.#state, tables: isOpen ? [...others, id] : others });
      },
    });
    this.#sections.set(view.id, part);
    return part;
  }

  #remember(state: PageState): void {
    this.#state = state;
    this.#ports.onState(state);
  }
}

interface SectionPorts {
  readonly formats: Formats;
  readonly isTableOpen: (chart: string) => boolean;
  readonly onTable: (chart: string, isOpen: boolean) => void;
}

class SectionPart {
  readonly root: HTMLElement;
  readonly #figures = element('dl', { class: 'figures' });
  readonly #parts = new Map<string, FigurePart>();
  readonly #cards: ReadonlyMap<string, ChartCard>;

  constructor({ id, title, charts }: SectionView, { formats, isTableOpen, onTable }: SectionPorts) {
    this.#cards = new Map(
      charts.map((chart) => [
        chart.id,
        new ChartCard(chart, {
          formats,
          isTableOpen: isTableOpen(chart.id),
          onTable: (isOpen) => onTable(chart.id, isOpen),
        }),
      ]),
    );
    this.root = element(
      'section',
      { 'aria-labelledby': `section-${id}` },
      element('h2', { id: `section-${id}` }, title),
      this.#figures,
      element('div', { class: 'charts' }, ...[...this.#cards.values()].map(({ root }) => root)),
    );
  }

  show({ figures, charts }: SectionView): void {
    setChildren(
      this.#figures,
      figures.map((figure) => {
        const part = this.#parts.get(figure.id) ?? new FigurePart(figure.id);
        this.#parts.set(figure.id, part);
        part.show(figure);
        return part.root;
      }),
    );
    for (const chart of charts) this.#cards.get(chart.id)?.show(chart);
  }

  redraw(): void {
    for (const card of this.#cards.values()) card.redraw();
  }

  destroy(): void {
    for (const card of this.#cards.values()) card.destroy();
    this.root.remove();
  }
}

class FigurePart {
  readonly root: HTMLElement;
  readonly #label = element('dt');
  readonly #value = element('dd', { class: 'value' });
  readonly #detail = element('dd', { class: 'detail' });
  /** Says nothing that the value does not say. */
  readonly #bar = element('dd', { class: 'bar', 'aria-hidden': 'true' }, element('div'));

  constructor(id: string) {
    this.root = element(
      'div',
      { class: 'figure', 'data-figure': id },
      this.#label,
      this.#value,
      this.#detail,
    );
  }

  show({ label, value, detail, isMeasured, part }: Figure): void {
    setText(this.#label, label);
    setText(this.#value, value);
    setText(this.#detail, detail);
    this.#detail.hidden = detail === '';
    if (part === undefined) this.#bar.remove();
    else {
      if (this.#bar.parentElement === null) this.#value.after(this.#bar);
      const [filled] = this.#bar.children;
      if (filled instanceof HTMLElement) filled.style.width = `${Math.round(1_000 * part) / 10}%`;
    }
    if (isMeasured) {
      this.#value.removeAttribute('title');
      this.#value.removeAttribute('aria-label');
      return;
    }
    setAttribute(this.#value, 'title', 'not measured');
    setAttribute(this.#value, 'aria-label', 'not measured');
  }
}
