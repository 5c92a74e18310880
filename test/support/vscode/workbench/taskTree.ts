import type { Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import type { PageElement } from './pageElement.ts';

/** What a row of the tree shows. */
export interface TreeRow {
  readonly label: string;
  readonly description: string;
  /** What a screen reader says. */
  readonly spoken: string;
  /** 1 for the outermost rows. */
  readonly level: number;
  /** Undefined for a row without children. */
  readonly expanded: boolean | undefined;
  /** Name of the icon, for example `check` of `codicon-check`; empty if it has none. */
  readonly icon: string;
}

/** Podium's container in the activity bar and the tree of tasks in it. */
export class TaskTree {
  readonly #page: Page;
  readonly #tab: Locator;
  readonly pane: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.#tab = page.locator('.activitybar .action-item', { has: page.locator('a[aria-label^="Podium"]') });
    this.pane = page.locator('.composite.viewlet[id="workbench.view.extension.podium"]');
  }

  /** Shows Podium's container, unless it is the one that is shown. */
  async open(): Promise<void> {
    // The tab is a switch, and a window that is just restoring its state may show the pane by itself between the look
    // and the click: then the click has hidden it, and the next one shows it.
    await eventually(async () => {
      // The whole tab, not its label: a badge lies on top of that.
      if (!(await this.pane.isVisible())) await this.#tab.first().click();
      await this.pane.waitFor({ timeout: 2_000 });
      return true;
    });
  }

  /** Number on the activity-bar icon; empty if there is none. */
  async badge(): Promise<string> {
    return (await this.#tab.locator('.badge-content').allInnerTexts()).join('').trim();
  }

  /** The rows that are drawn, top to bottom. VS Code draws only what fits: keep expectations short. */
  async rows(): Promise<TreeRow[]> {
    // One round trip for all rows, so that they belong to one moment.
    const found = await this.pane.locator('.monaco-list-row').evaluateAll((elements: PageElement[]) =>
      elements.map((element) => {
        const text = (selector: string): string => element.querySelector(selector)?.textContent?.trim() ?? '';
        const icon = element.querySelector('.custom-view-tree-node-item-icon')?.className ?? '';
        return {
          index: Number(element.getAttribute('data-index')),
          label: text('.label-name'),
          description: text('.label-description'),
          spoken: element.getAttribute('aria-label') ?? '',
          level: Number(element.getAttribute('aria-level')),
          expandedText: element.getAttribute('aria-expanded'),
          icon: /codicon-(?!modifier-)([\w-]+)/.exec(icon)?.[1] ?? '',
        };
      }),
    );
    return found
      .sort((a, b) => a.index - b.index)
      .map(({ index: _index, expandedText, ...row }) => ({
        ...row,
        expanded: expandedText === null ? undefined : expandedText === 'true',
      }));
  }

  /** The first drawn row whose label contains a text or matches. */
  row(label: string | RegExp): Locator {
    const name = this.#page.locator('.label-name', { hasText: label });
    return this.pane.locator('.monaco-list-row').filter({ has: name }).first();
  }

  /**
   * Waits until the rows are as wanted.
   * @param wanted gives true for them
   * @throws Error that lists the rows when they never are
   */
  async until(wanted: (rows: readonly TreeRow[]) => boolean, timeout = 15_000): Promise<TreeRow[]> {
    return eventually(
      async () => {
        const rows = await this.rows();
        if (wanted(rows)) return rows;
        const list = rows.map((row) => `${'  '.repeat(row.level)}${row.label}  ${row.description}`);
        throw new Error(`The tree never looked as wanted; it is:\n${list.join('\n')}`);
      },
      { timeout },
    );
  }

  /** Opens or closes a row that has children. */
  async expand(label: string | RegExp, open = true): Promise<void> {
    const row = this.row(label);
    if ((await row.getAttribute('aria-expanded')) !== String(open))
      await row.locator('.monaco-tl-twistie').click();
    await eventually(async () => (await row.getAttribute('aria-expanded')) === String(open));
  }

  /** Clicks a row. */
  async click(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** Selects exactly these rows, and gives the tree the focus. */
  async select(first: string | RegExp, ...others: readonly (string | RegExp)[]): Promise<void> {
    await this.row(first).click();
    for (const label of others) await this.row(label).click({ modifiers: ['ControlOrMeta'] });
  }

  /** Drags a row onto another with the mouse. */
  async drag(label: string | RegExp, onto: string | RegExp): Promise<void> {
    await this.row(label).dragTo(this.row(onto));
  }

  /** Presses an inline button of a row, by the title of its command. */
  async press(label: string | RegExp, title: string): Promise<void> {
    const row = this.row(label);
    await row.hover();
    await row.locator(`.actions a.action-label[aria-label^="${title}"]`).click();
  }

  /** Chooses an entry of a row's context menu. */
  async menu(label: string | RegExp, entry: string): Promise<void> {
    const item = this.#page.locator('.context-view .action-menu-item', { hasText: entry }).first();
    // Rows move while tasks run: a click can fall on the row that has just come to its place.
    await eventually(
      async () => {
        try {
          await this.row(label).click({ button: 'right', timeout: 3_000 });
          await item.waitFor({ timeout: 3_000 });
          return true;
        } catch (error) {
          await this.#page.keyboard.press('Escape');
          throw error;
        }
      },
      { timeout: 30_000 },
    );
    // A menu that has just opened ignores the mouse for a moment, so press until it closes.
    await eventually(async () => {
      if (!(await item.isVisible())) return true;
      await item.click({ timeout: 1_000 }).catch(() => undefined);
      return !(await item.isVisible());
    });
  }

  /** Entries of a row's context menu; closes it again. */
  async menuEntries(label: string | RegExp): Promise<string[]> {
    await this.row(label).click({ button: 'right' });
    const items = this.#page.locator('.context-view .action-menu-item .action-label');
    await items.first().waitFor();
    const entries = (await items.allInnerTexts()).filter((text) => text !== '');
    await this.#page.keyboard.press('Escape');
    await items.first().waitFor({ state: 'hidden' });
    return entries;
  }

  /** Presses a button of the view's title bar, by the title of its command. */
  async pressTitle(title: string): Promise<void> {
    await this.pane.hover();
    await this.#page.locator(`.sidebar a.action-label[aria-label^="${title}"]`).first().click();
  }

  /** Text of the welcome view, which stands where there are no rows. */
  async welcome(): Promise<string> {
    return (await this.pane.locator('.welcome-view-content').allInnerTexts()).join('\n');
  }

  /** Presses a button of the welcome view. */
  async pressWelcome(title: string): Promise<void> {
    await this.pane.locator('.welcome-view-content .monaco-button', { hasText: title }).click();
  }

  /** The message above the rows, for example that the tree is read-only. */
  async message(): Promise<string> {
    return (await this.pane.locator('.tree-explorer-viewlet-tree-view .message').allInnerTexts()).join('\n');
  }
}
