/** The table twin of a chart. A row stays the same element from picture to picture, so that a reader keeps its place. */
import type { TableModel, TableRow } from '../present/tableModel.ts';
import { element, setChildren, setText } from './element.ts';

export class Table {
  readonly root: HTMLElement;
  readonly #caption = element('caption');
  readonly #head = element('tr');
  readonly #body = element('tbody');
  readonly #rows = new Map<number, HTMLTableRowElement>();

  /** @param name what the region that scrolls is called */
  constructor(id: string, name: string) {
    const table = element('table', {}, this.#caption, element('thead', {}, this.#head), this.#body);
    // It can be scrolled, so it can be focused.
    this.root = element(
      'div',
      { id, class: 'table', role: 'region', 'aria-label': name, tabindex: '0' },
      table,
    );
  }

  show({ caption, columns, rows }: TableModel): void {
    setText(this.#caption, caption);
    if (this.#head.children.length === 0) {
      this.#head.append(...['Time', ...columns].map((column) => element('th', { scope: 'col' }, column)));
    }
    const shown = new Set(rows.map(({ at }) => at));
    for (const at of this.#rows.keys()) if (!shown.has(at)) this.#rows.delete(at);
    setChildren(
      this.#body,
      rows.map((row) => this.#rowOf(row)),
    );
  }

  #rowOf({ at, time, cells }: TableRow): HTMLTableRowElement {
    let row = this.#rows.get(at);
    if (row === undefined) {
      row = element('tr', {}, element('th', { scope: 'row' }), ...cells.map(() => element('td')));
      this.#rows.set(at, row);
    }
    [time, ...cells].forEach((text, index) => {
      const cell = row.children[index];
      if (cell !== undefined) setText(cell, text);
    });
    return row;
  }
}
