import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { errors } from 'playwright-core';
import type { Locator, Page } from 'playwright-core';
import { eventually } from '../eventually.ts';
import { resultsFolder } from '../paths.ts';
import { MetricsPanel } from './metricsPanel.ts';
import type { PageElement } from './pageElement.ts';
import { QuickInput } from './quickInput.ts';
import { TaskTree } from './taskTree.ts';

const modalDialog = '.monaco-dialog-box';

/** One window of VS Code, spoken of in the words of its user. */
export class Workbench {
  readonly page: Page;
  readonly quickInput: QuickInput;
  readonly tasks: TaskTree;
  readonly metrics: MetricsPanel;

  constructor(page: Page) {
    this.page = page;
    this.quickInput = new QuickInput(page);
    this.tasks = new TaskTree(page);
    this.metrics = new MetricsPanel(page);
  }

  /** Opens a window and waits until it is drawn. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await this.ready();
  }

  /** Waits until the window is drawn; extensions may still be starting. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .statusbar-item').first().waitFor({ timeout: 60_000 });
    await this.page.locator('.activitybar .action-item').first().waitFor();
  }

  /** Reloads the page, as F5 in the browser does: the extension host ends and a new one starts. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.ready();
  }

  /**
   * Runs a command from the palette.
   * @param title as the palette shows it, with its category: `Podium: Add Task…`
   */
  async runCommand(title: string): Promise<void> {
    const row = this.quickInput.row(title);
    // The commands of extensions arrive a moment after the window, and an open palette does not see them come.
    await eventually(
      async () => {
        await this.#openPalette(title);
        if (await appears(row)) return true;
        await this.quickInput.cancel();
        throw new Error(`The palette offers no command "${title}".`);
      },
      { timeout: 30_000 },
    );
    await row.click();
    // What asks next uses the same box: it is there, or nothing is, before anybody looks for either.
    await eventually(async () => !(await this.#paletteIsOpen()));
  }

  /** Titles of the commands that the palette offers for a text. */
  async commands(text: string): Promise<string[]> {
    await this.#openPalette(text);
    await eventually(async () => (await this.quickInput.rows()).length > 0);
    const rows = await this.quickInput.rows();
    await this.quickInput.cancel();
    return rows;
  }

  async #openPalette(text: string): Promise<void> {
    // A key that is pressed while the window is changing its focus is lost, and a box that is just closing takes
    // nothing: until the palette is there and has the text.
    await eventually(async () => {
      if (!(await this.#paletteIsOpen())) {
        await this.page.keyboard.press('F1');
        await eventually(() => this.#paletteIsOpen(), { timeout: 1_000, interval: 25 });
      }
      await this.quickInput.type(`>${text}`, 1_000);
      return this.#paletteIsOpen();
    });
  }

  /** The palette shares its box with all other questions; only its text begins with this sign. */
  async #paletteIsOpen(): Promise<boolean> {
    return (await this.quickInput.text()).startsWith('>');
  }

  /** Texts of Podium's status-bar items, left to right. */
  async statusBar(): Promise<string[]> {
    const texts = await this.page.locator('.statusbar-item[id^="podium.podium"]').allInnerTexts();
    return texts.map((text) => text.replaceAll('\u00a0', ' ').trim());
  }

  /** Clicks Podium's first status-bar item. */
  async clickStatusBar(): Promise<void> {
    await this.page.locator('.statusbar-item[id^="podium.podium"] a').first().click();
  }

  /** Hovers over Podium's first status-bar item and clicks a link of its tooltip. */
  async followStatusBarLink(text: string): Promise<void> {
    const link = this.page.locator('.workbench-hover a', { hasText: text });
    await eventually(async () => {
      await this.page.locator('.statusbar-item[id^="podium.podium"] a').first().hover();
      await link.click({ timeout: 2_000 });
      return true;
    });
  }

  /** Messages of the notifications that are shown as toasts. */
  async notifications(): Promise<string[]> {
    return this.page.locator('.notifications-toasts .notification-list-item-message').allInnerTexts();
  }

  /** Waits for a notification that contains a text, and gives its whole message. */
  async notified(text: string | RegExp, timeout = 10_000): Promise<string> {
    const message = this.page
      .locator('.notifications-toasts .notification-list-item-message', { hasText: text })
      .first();
    await message.waitFor({ timeout });
    return message.innerText();
  }

  /** Presses a button of the notification that contains a text. */
  async pressNotification(text: string | RegExp, button: string): Promise<void> {
    const toast = this.page
      .locator('.notifications-toasts .notification-list-item', { hasText: text })
      .first();
    await toast.locator('.notification-list-item-buttons-container a', { hasText: button }).click();
  }

  /** Text of the modal dialog, or an empty string when there is none. */
  async dialog(): Promise<string> {
    const box = this.page.locator(modalDialog);
    return (await box.isVisible()) ? box.innerText() : '';
  }

  /** Presses a button of the modal dialog and waits until it is gone. */
  async pressDialog(button: string | RegExp): Promise<void> {
    const box = this.page.locator(modalDialog);
    await box.locator('.monaco-button', { hasText: button }).first().click();
    await box.waitFor({ state: 'hidden' });
  }

  /** Waits until VS Code says that the folder is not trusted: by the item in the status bar. */
  async restricted(): Promise<void> {
    await this.#restrictedItem.waitFor({ timeout: 30_000 });
  }

  /**
   * Trusts the folder the way a user does: in the dialog, if VS Code shows one, otherwise on the page behind
   * "Restricted Mode" in the status bar. Waits until the window is trusted.
   */
  async trustFolder(): Promise<void> {
    await this.restricted();
    if ((await this.dialog()) !== '') {
      await this.pressDialog(/^Yes/);
    } else {
      await this.#restrictedItem.locator('a').first().click();
      await this.page
        .locator('.workspace-trust-editor .monaco-button', { hasText: /^Trust$/ })
        .first()
        .click();
    }
    await this.#restrictedItem.waitFor({ state: 'hidden' });
    await this.closeEditors();
  }

  /** Closes all editors without saving. */
  async closeEditors(): Promise<void> {
    await this.runCommand('View: Close All Editors');
    await eventually(async () => (await this.editors()).length === 0);
  }

  get #restrictedItem(): Locator {
    return this.page.locator('.statusbar-item', { hasText: 'Restricted Mode' }).first();
  }

  /** Whether the status bar says that the window is in Restricted Mode. */
  async isRestricted(): Promise<boolean> {
    return this.#restrictedItem.isVisible();
  }

  /** Titles of the open editors, in the order of their tabs. */
  async editors(): Promise<string[]> {
    // A tab too narrow for a name cuts it before the ending, which is an element of its own.
    return this.page
      .locator('.tabs-container .tab')
      .evaluateAll((tabs: PageElement[]) =>
        tabs.map((tab) =>
          ['.label-name', '.label-suffix'].map((part) => tab.querySelector(part)?.textContent ?? '').join(''),
        ),
      );
  }

  /** Opens a file of the folder by its name, and gives it the focus. */
  async openFile(name: string): Promise<void> {
    await this.runCommand('Go to File...');
    await this.quickInput.type(name);
    await this.quickInput.row(name).waitFor();
    await this.quickInput.accept();
    await eventually(async () => (await this.editors()).includes(name));
    await this.page.locator('.editor-instance .view-line').first().click();
  }

  /** Row of the explorer, with the name of its file or folder. */
  explorerRow(name: string): Locator {
    return this.page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${name}"]`).first();
  }

  /** Chooses an entry of the context menu that belongs to an element. */
  async chooseInMenu(element: Locator, entry: string): Promise<void> {
    await element.click({ button: 'right' });
    const item = this.page.locator('.context-view .action-menu-item', { hasText: entry }).first();
    await item.waitFor();
    // A menu that has just opened ignores the mouse for a moment, so press until it closes.
    await eventually(async () => {
      if (!(await item.isVisible())) return true;
      await item.click({ timeout: 1_000 }).catch(() => undefined);
      return !(await item.isVisible());
    });
  }

  /** The visible text of the active editor. */
  async editorText(): Promise<string> {
    const lines = await this.page
      .locator('.editor-instance .view-line')
      .evaluateAll((elements: PageElement[]) =>
        elements
          .map((line) => ({
            top: Number.parseInt((line.getAttribute('style') ?? '').replace(/^.*top:\s*(-?\d+).*$/, '$1')),
            text: line.textContent ?? '',
          }))
          .sort((a, b) => a.top - b.top)
          .map(({ text }) => text),
      );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits until the window has kept this text for the next one; it does so when it has nothing else to do. */
  async kept(text: string): Promise<void> {
    // Written as text: the page's types are not those of this project.
    const search = `(async () => {
      const done = (request) => new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
      for (const { name } of await indexedDB.databases()) {
        if (!name.startsWith('vscode-web-state-db')) continue;
        const database = await done(indexedDB.open(name));
        const values = await done(database.transaction('ItemTable').objectStore('ItemTable').getAll());
        database.close();
        if (values.some((value) => String(value).replaceAll('\\\\', '').includes(${JSON.stringify(text)}))) return true;
      }
      return false;
    })()`;
    await eventually(() => this.page.evaluate<boolean>(search), { timeout: 100_000, interval: 250 });
  }

  /**
   * Takes a picture of the window.
   * @param name file name without extension
   * @returns absolute path of the PNG
   */
  async screenshot(name: string): Promise<string> {
    const folder = path.join(resultsFolder, 'screenshots');
    await mkdir(folder, { recursive: true });
    const file = path.join(folder, `${name.replace(/[^\w.-]+/g, '-')}.png`);
    // Messages slide in: the picture shows them where they come to rest.
    await this.page.screenshot({ path: file, animations: 'disabled' });
    return file;
  }
}

/** Whether something becomes visible within a moment. */
async function appears(locator: Locator): Promise<boolean> {
  try {
    await locator.waitFor({ timeout: 2_000 });
    return true;
  } catch (error) {
    if (error instanceof errors.TimeoutError) return false;
    throw error;
  }
}
