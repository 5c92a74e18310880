import type { Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';

/** The box at the top of the window in which VS Code asks: palette, pick list, text input. */
export class QuickInput {
  readonly #page: Page;
  readonly box: Locator;
  readonly #field: Locator;
  readonly #rows: Locator;

  constructor(page: Page) {
    this.#page = page;
    this.box = page.locator('.quick-input-widget');
    this.#field = this.box.locator('.quick-input-box input');
    this.#rows = this.box.locator('.quick-input-list .monaco-list-row');
  }

  /**
   * Waits until it asks this.
   * @param question part of its title, placeholder or message
   */
  async asks(question: string | RegExp): Promise<void> {
    await eventually(async () => {
      const text = await this.question();
      if (typeof question === 'string' ? text.includes(question) : question.test(text)) return true;
      throw new Error(`It asks "${text}", not "${question.toString()}".`);
    });
  }

  /** Title, message and placeholder, as far as they are shown; empty when the box is closed. */
  async question(): Promise<string> {
    if (!(await this.box.isVisible())) return '';
    const title = await this.box.locator('.quick-input-title').innerText();
    const message = await this.box.locator('.quick-input-message').allInnerTexts();
    const placeholder = (await this.#field.getAttribute('placeholder')) ?? '';
    return [title, placeholder, ...message].filter((text) => text !== '').join(' | ');
  }

  /** What stands in the field; empty when the box is closed. */
  async text(): Promise<string> {
    return (await this.#field.isVisible()) ? this.#field.inputValue({ timeout: 1_000 }) : '';
  }

  /** The complaint of an input's validation, or an empty string. */
  async message(): Promise<string> {
    return (await this.box.locator('.quick-input-message').allInnerTexts()).join(' ');
  }

  /**
   * Writes into the field, in place of what is there.
   * @param timeout milliseconds to wait for the field
   */
  async type(text: string, timeout = 15_000): Promise<void> {
    await this.#field.fill(text, { timeout });
  }

  /** Presses Enter: accepts the text, or the focused row. */
  async accept(): Promise<void> {
    await this.#field.press('Enter');
  }

  /** Presses Escape until the box is gone. */
  async cancel(): Promise<void> {
    await this.#page.keyboard.press('Escape');
    await this.box.waitFor({ state: 'hidden' });
  }

  /** Labels of the rows that are shown; long lists are drawn only as far as they are visible. */
  async rows(): Promise<string[]> {
    return (await this.#rows.locator('.quick-input-list-label .label-name').allInnerTexts()).map(plain);
  }

  /** Clicks the row with this label. */
  async choose(label: string | RegExp): Promise<void> {
    await this.row(label).click();
  }

  /** Ticks or clears the box of a row in a list of several choices. */
  async tick(label: string | RegExp): Promise<void> {
    await this.row(label).locator('[role=checkbox], input[type=checkbox]').first().click();
  }

  /** Waits for a text question, writes and accepts. */
  async answer(question: string | RegExp, text: string): Promise<void> {
    await this.asks(question);
    await this.type(text);
    await this.accept();
  }

  row(label: string | RegExp): Locator {
    const name = this.#page.locator('.label-name', {
      hasText: typeof label === 'string' ? new RegExp(`^\\s*${escape(label)}\\s*$`) : label,
    });
    return this.#rows.filter({ has: name }).first();
  }
}

/** The list writes spaces that do not break. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ').trim();

const escape = (text: string): string =>
  text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '[\\s\\u00a0]');
