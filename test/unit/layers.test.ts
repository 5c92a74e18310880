import assert from 'node:assert/strict';
import path from 'node:path';
import { ESLint } from 'eslint';
import tseslint from 'typescript-eslint';

const root = path.resolve(import.meta.dirname, '../..');

// The project's own configuration; only what needs a type checker, and so files on disk, is left out.
const eslint = new ESLint({
  cwd: root,
  overrideConfig: [tseslint.configs.disableTypeChecked],
  ruleFilter: ({ ruleId }) => ruleId.startsWith('house/') || ruleId.startsWith('no-'),
});

/** Rules that a line of code breaks in a file of `src/`. */
async function broken(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath: path.join(root, 'src', file) });
  assert.ok(result);
  assert.equal(result.fatalErrorCount, 0, JSON.stringify(result.messages));
  return result.messages.map(({ ruleId }) => ruleId ?? 'none');
}

const wall = 'house/walls';
const closedGlobal = 'no-restricted-globals';
const closedProperty = 'no-restricted-properties';

/** One forbidden line per wall: file in `src/`, code, rule that must object. */
const forbidden: readonly (readonly [file: string, code: string, rule: string])[] = [
  ['core/conductor.ts', "import { readFile } from 'node:fs';", wall],
  ['core/conductor.ts', "import * as vscode from 'vscode';", wall],
  ['core/conductor.ts', "import type { Memento } from 'vscode';", wall],
  ['core/conductor.ts', "import PQueue from 'p-queue';", wall],
  ['core/conductor.ts', "import { open } from '../store/store.ts';", wall],
  ['core/loop/eventLoop.ts', "import { open } from '../../store/store.ts';", wall],
  ['core/conductor.ts', "export { open } from '../agents/agent.ts';", wall],
  ['core/conductor.ts', "export * from '../ui/tree.ts';", wall],
  ['core/conductor.ts', "export const fs = import('node:fs');", wall],
  ['core/conductor.ts', 'export const load = (name: string) => import(name);', wall],
  ['core/conductor.ts', "export type Stats = import('node:fs').Stats;", wall],
  ['core/conductor.ts', "import fake from '../../test/support/fake.ts';", wall],
  ['core/conductor.ts', 'export const now = Date.now();', closedGlobal],
  ['core/conductor.ts', 'export const now = new Date();', closedGlobal],
  ['core/conductor.ts', 'export const now = performance.now();', closedGlobal],
  ['core/conductor.ts', 'setTimeout(() => undefined, 1);', closedGlobal],
  ['core/conductor.ts', 'setInterval(() => undefined, 1);', closedGlobal],
  ['core/conductor.ts', "export const reply = fetch('https://example.org');", closedGlobal],
  ['core/conductor.ts', 'export const home = process.env.HOME;', closedGlobal],
  ['core/conductor.ts', 'export const now = globalThis.Date.now();', closedGlobal],
  ['core/conductor.ts', 'export const id = crypto.randomUUID();', closedGlobal],
  ['core/conductor.ts', 'export const chance = Math.random();', closedProperty],
  ['core/conductor.ts', 'export const soon = AbortSignal.timeout(1);', closedProperty],
  ['core/conductor.ts', "console.log('hello');", closedGlobal],
  ['agents/commandAgent.ts', "console.log('hello');", 'no-console'],
  ['core/conductor.ts', 'export default 1;', 'no-restricted-syntax'],
  ['store/journal.ts', "import * as vscode from 'vscode';", wall],
  ['store/journal.ts', "import { tree } from '../ui/tree.ts';", wall],
  ['store/journal.ts', "import { run } from '../agents/commandAgent.ts';", wall],
  ['store/journal.ts', "import { podium } from '../podium.ts';", wall],
  ['models/endpoint.ts', "import * as vscode from 'vscode';", wall],
  ['models/endpoint.ts', "import { open } from '../store/store.ts';", wall],
  ['agents/commandAgent.ts', "import * as vscode from 'vscode';", wall],
  ['agents/commandAgent.ts', "import { tree } from '../ui/tree.ts';", wall],
  ['system/systemClock.ts', "import { open } from '../store/store.ts';", wall],
  ['ui/tree/tree.ts', "import { open } from '../../store/store.ts';", wall],
  ['ui/tree/tree.ts', "import { run } from '../../agents/commandAgent.ts';", wall],
  ['ui/tree/tree.ts', "import { ask } from '../../models/endpoint.ts';", wall],
  ['ui/tree/tree.ts', "import { podium } from '../../podium.ts';", wall],
  ['shared/messages.ts', "import { next } from '../core/lifecycle.ts';", wall],
  ['shared/messages.ts', "import * as vscode from 'vscode';", wall],
  ['webview/page.ts', "import { next } from '../core/lifecycle.ts';", wall],
  ['webview/page.ts', "import type { Task } from '../core/model.ts';", wall],
  ['webview/page.ts', "import path from 'node:path';", wall],
  ['orchestra.ts', "import * as vscode from 'vscode';", wall],
  ['orchestra.ts', "import { tree } from './ui/tree.ts';", wall],
  ['podium.ts', "import { activate } from './extension.ts';", wall],
  ['extension.ts', "import { Conductor } from './core/conductor.ts';", wall],
  ['extension.ts', "import { readFile } from 'node:fs';", wall],
  ['newRoom/thing.ts', 'export const thing = 1;', wall],
];

/** What each room is there to do. */
const allowed: readonly (readonly [file: string, code: string])[] = [
  ['core/conductor.ts', "import { next } from './lifecycle.ts';"],
  ['core/loop/eventLoop.ts', "import type { Clock } from '../ports.ts';"],
  ['core/workers/workerPool.ts', "import PQueue from 'p-queue';"],
  ['store/journal.ts', "import { open } from 'node:fs/promises';"],
  ['store/journal.ts', "import { next } from '../core/lifecycle.ts';"],
  ['store/store.ts', "export const sql = import('./sqlModule.ts');"],
  ['models/endpoint.ts', "import { PodiumError } from '../core/errors.ts';"],
  ['agents/commandAgent.ts', "import { spawn } from 'node:child_process';"],
  ['ui/tree/tree.ts', "import * as vscode from 'vscode';"],
  ['ui/tree/tree.ts', "import { next } from '../../core/lifecycle.ts';"],
  ['shared/messages.ts', "import type { Snapshot } from '../core/metrics/snapshot.ts';"],
  ['webview/page.ts', "import { parse } from '../shared/messages.ts';"],
  ['orchestra.ts', "import { open } from './store/store.ts';"],
  ['podium.ts', "export const orchestra = import('./orchestra.ts');"],
  ['extension.ts', "import { createPodium } from './podium.ts';"],
];

describe('the walls between the rooms', function () {
  this.timeout(30_000);

  for (const [file, code, rule] of forbidden) {
    it(`forbid in ${file}: ${code}`, async () => {
      const rules = await broken(file, code);
      assert.ok(rules.includes(rule), `complained: ${rules.join(', ') || 'nothing'}`);
    });
  }

  for (const [file, code] of allowed) {
    it(`allow in ${file}: ${code}`, async () => {
      assert.deepEqual(await broken(file, code), []);
    });
  }
});
