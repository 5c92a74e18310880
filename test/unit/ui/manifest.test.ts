import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { parseAgentSettings } from '../../../src/agents/agentSettings.ts';
import type { TaskView } from '../../../src/core/metrics/snapshot.ts';
import {
  commandIds,
  containerId,
  hiddenCommands,
  paletteCommands,
  taskViewId,
} from '../../../src/ui/commandIds.ts';
import { contextKeyNames } from '../../../src/ui/present/context.ts';
import { errorActions } from '../../../src/ui/present/errorActions.ts';
import { taskRow } from '../../../src/ui/present/taskRow.ts';
import { finishedRow, recoveryRow, workspaceRow } from '../../../src/ui/present/workspaceRow.ts';
import { numberRules, settingKeys } from '../../../src/ui/settings/settingsModel.ts';
import { context, failed, finished, ready, running, view, workspace } from './pictures.ts';

interface MenuEntry {
  readonly command: string;
  readonly when?: string;
  readonly group?: string;
}

interface Schema {
  readonly type: string;
  readonly order?: number;
  readonly scope?: string;
  readonly markdownDescription?: string;
  readonly errorMessage?: string;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly additionalProperties?: { readonly properties: Readonly<Record<string, Schema>> };
}

interface Contributions {
  readonly commands: readonly {
    readonly command: string;
    readonly title: string;
    /** Absent when the title says it itself. */
    readonly category?: string;
  }[];
  readonly menus: Readonly<Record<string, readonly MenuEntry[]>>;
  readonly keybindings: readonly (MenuEntry & { readonly args?: unknown })[];
  readonly views: Readonly<Record<string, readonly { readonly id: string }[]>>;
  readonly viewsWelcome: readonly {
    readonly view: string;
    readonly contents: string;
    readonly when: string;
  }[];
  readonly walkthroughs: readonly {
    readonly id: string;
    readonly steps: readonly {
      readonly id: string;
      readonly description: string;
      readonly media: { readonly svg: string; readonly altText: string };
      readonly completionEvents: readonly string[];
    }[];
  }[];
  readonly configuration: { readonly properties: Readonly<Record<string, Schema>> };
}

const { contributes, capabilities } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as {
  contributes: Contributions;
  capabilities: {
    readonly untrustedWorkspaces: { readonly restrictedConfigurations: readonly string[] };
  };
};

const entries = Object.values(contributes.menus).flat();
const conditions = [...entries, ...contributes.keybindings, ...contributes.viewsWelcome].map(
  ({ when = '' }) => when,
);

/** The regular expressions an entry asks of a row. */
function fits({ when = '' }: MenuEntry, row: { readonly context: string }): boolean {
  const exact = /viewItem == (\w+)/.exec(when)?.[1];
  if (exact !== undefined) return row.context === exact;
  const pattern = /viewItem =~ \/(.*?)\/(?: |$)/.exec(when)?.[1];
  return pattern !== undefined && new RegExp(pattern).test(row.context);
}

const views: readonly TaskView[] = [
  ready('ready'),
  ready('pinned', { pin: 1 }),
  running('running'),
  finished('finished'),
  failed('failed'),
  view('cancelled', { kind: 'cancelled' }),
  view('asks', { kind: 'needs_you', why: 'Run again?' }),
  view('broken', { kind: 'needs_you', why: 'Failed.' }, { status: 'pending', claim: 0, broken: 1 }),
  view('blocked', { kind: 'blocked', by: [] }),
  view('scheduled', { kind: 'scheduled', at: 0 }),
  view('paused', { kind: 'paused' }),
  view('waiting', { kind: 'waiting', resource: 'x', until: null }),
];

function rowsOf(readOnly: boolean): ReturnType<typeof taskRow>[] {
  const group = workspace([ready('a')], { finished: [finished('b')] });
  const paused = {
    ...group,
    workspace: { ...group.workspace, pause: { at: 0, by: 'user', reason: '' } as const },
  };
  return [
    ...views.map((each) => taskRow(each, context([], { readOnly }))),
    workspaceRow(group, { readOnly }),
    workspaceRow(paused, { readOnly }),
    finishedRow(group, 1, { readOnly }),
    recoveryRow({ interrupted: [] }),
  ];
}

const commandsOn = (row: { readonly context: string }, inline: boolean): readonly string[] =>
  (contributes.menus['view/item/context'] ?? [])
    .filter((entry) => (entry.group ?? '').startsWith('inline') === inline && fits(entry, row))
    .map(({ command }) => command);

describe('the manifest', () => {
  it('contributes exactly the commands that are registered, all in one category', () => {
    assert.deepEqual(contributes.commands.map(({ command }) => command).sort(), [...commandIds].sort());
    for (const { category, title } of contributes.commands) {
      assert.equal(category ?? title.replace(/: .*/, ''), 'Podium', title);
    }
  });

  it('says in menus of others whose command it is: a menu shows the title alone', () => {
    const foreign = Object.entries(contributes.menus).filter(([menu]) => /^(editor|explorer)\//.test(menu));
    const titles = new Map(contributes.commands.map(({ command, title }) => [command, title]));
    assert.ok(foreign.length > 0);
    for (const { command } of foreign.flatMap(([, items]) => items)) {
      assert.match(titles.get(command) ?? '', /^Podium: /);
    }
  });

  it('hides what makes sense only on an item from the palette, and nothing else', () => {
    const hidden = (contributes.menus.commandPalette ?? []).filter(({ when }) => when === 'false');
    assert.deepEqual(hidden.map(({ command }) => command).sort(), [...hiddenCommands].sort());
    assert.equal(paletteCommands.length + hiddenCommands.length, commandIds.length);
  });

  it('names only commands that exist, in menus, keys, welcome views and messages', () => {
    const links = contributes.viewsWelcome.flatMap(({ contents }) =>
      [...contents.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? ''),
    );
    const inMessages = (
      [
        'read-only',
        'untrusted',
        'unknown-agent',
        'missing-program',
        'store-unavailable',
        'closed',
        undefined,
      ] as const
    ).flatMap((code) => errorActions(code).map(({ command }) => command));
    const used = [
      ...[...entries, ...contributes.keybindings].map(({ command }) => command),
      ...links,
      ...inMessages,
    ];
    const known = new Set<string>(commandIds);
    assert.deepEqual(
      used.filter((command) => command.startsWith('podium.') && !known.has(command)),
      [],
    );
  });

  it('asks only context keys that are set', () => {
    const used = conditions
      .flatMap((when) => when.match(/(?<!config\.)\bpodium\.\w+/g) ?? [])
      .filter((key) => key !== taskViewId);
    const known = new Set<string>(contextKeyNames);
    assert.deepEqual(
      [...new Set(used)].filter((key) => !known.has(key)),
      [],
    );
  });

  it('walks through four steps at most, each of which ends with something the person does', () => {
    const known = new Set<string>([...commandIds, `${taskViewId}.focus`]);
    const [walkthrough, ...others] = contributes.walkthroughs;
    assert.ok(walkthrough !== undefined && others.length === 0);
    assert.ok(walkthrough.steps.length <= 4);
    for (const { id, description, completionEvents, media } of walkthrough.steps) {
      const links = [...description.matchAll(/\(command:([\w.]+)\)/g)].map(([, command]) => command ?? '');
      const awaited = completionEvents.map((event) => /^onCommand:(.*)$/.exec(event)?.[1]);
      const commands = [...links, ...awaited.filter((command) => command !== undefined)];
      assert.deepEqual(
        commands.filter((command) => !known.has(command)),
        [],
        id,
      );
      assert.ok(completionEvents.length > 0, id);
      assert.ok(description.length <= 400, `${id}: short, it stands beside a picture`);
      assert.ok(media.altText.length > 0, id);
    }
  });

  it('draws the walkthrough in the colours of the theme', () => {
    for (const { media } of contributes.walkthroughs[0]?.steps ?? []) {
      const picture = readFileSync(new URL(`../../../${media.svg}`, import.meta.url), 'utf8');
      const colours = [...picture.matchAll(/(?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour ?? '');
      assert.deepEqual(
        colours.filter((colour) => colour !== 'none' && !colour.startsWith('var(--vscode-')),
        [],
        media.svg,
      );
    }
  });

  it('shows the view in its container', () => {
    assert.deepEqual(
      contributes.views[containerId]?.map(({ id }) => id),
      [taskViewId],
    );
    assert.ok(contributes.viewsWelcome.every(({ view: shown }) => shown === taskViewId));
  });

  it('has at most two inline actions on every row', () => {
    for (const row of rowsOf(false)) {
      const inline = commandsOn(row, true);
      assert.ok(inline.length <= 2, `${row.context}: ${inline.join(', ')}`);
    }
  });

  it('offers on every task what its state allows, also in the context menu', () => {
    const menuOf = (name: string): readonly string[] => {
      const index = views.findIndex(({ task }) => task.id === name);
      return commandsOn(rowsOf(false)[index]!, false).map((command) => command.replace('podium.', ''));
    };
    assert.deepEqual(menuOf('ready'), [
      ...['runNow', 'cancel', 'whyThisOrder', 'editTask', 'setPriority'],
      ...['pin', 'moveUp', 'moveDown', 'boost', 'deleteTasks'],
    ]);
    assert.deepEqual(menuOf('pinned').slice(5), ['unpin', 'moveUp', 'moveDown', 'boost', 'deleteTasks']);
    assert.deepEqual(menuOf('running'), ['cancel', 'showLog', 'whyThisOrder']);
    assert.deepEqual(menuOf('finished'), ['showResult', 'showLog', 'whyThisOrder', 'deleteTasks']);
    assert.deepEqual(menuOf('failed'), [
      'retry',
      'showResult',
      'showLog',
      'whyThisOrder',
      'editTask',
      'deleteTasks',
    ]);
    assert.deepEqual(menuOf('asks').slice(0, 3), ['resolve', 'retry', 'cancel']);
    assert.deepEqual(menuOf('broken'), [
      ...['resolve', 'cancel', 'whyThisOrder', 'editTask', 'setPriority'],
      ...['pin', 'boost', 'deleteTasks'],
    ]);
  });

  it('offers nothing that changes anything in a window that only reads', () => {
    const offered = rowsOf(true).flatMap((row) => [...commandsOn(row, true), ...commandsOn(row, false)]);
    const shows = ['searchHistory', 'showLog', 'showResult', 'whyThisOrder'].map((name) => `podium.${name}`);
    const allowed = ['podium.dismissRecovery', ...shows];
    assert.deepEqual([...new Set(offered)].sort(), allowed);
  });

  it('binds keys only inside the view, to what is selected there', () => {
    for (const { when = '', args } of contributes.keybindings) {
      assert.match(when, /focusedView == podium\.tasks/);
      assert.equal(args, 'selection');
    }
  });

  it('describes agents as the agents themselves read them', () => {
    const schema =
      contributes.configuration.properties['podium.agents']?.additionalProperties?.properties ?? {};
    const defaults = { defaultTimeout: 1, outputLimit: 1 };
    const kinds = {
      command: parseAgentSettings({ a: { type: 'command', command: ['x'], '?': 1 } }, defaults),
      simulated: parseAgentSettings({ a: { type: 'simulated', '?': 1 } }, defaults),
    };
    const fields = Object.values(kinds).flatMap(
      ({ problems }) => /It has (.*)\./.exec(problems[0] ?? '')?.[1]?.split(', ') ?? [],
    );
    assert.deepEqual(Object.keys(schema).sort(), [...new Set(fields)].sort());
    for (const field of ['timeoutSeconds', 'maxAttempts'] as const) {
      const tryOut = (value: number | undefined): number =>
        parseAgentSettings({ a: { command: ['x'], [field]: value } }, defaults).problems.length;
      const { minimum = NaN, maximum = NaN } = schema[field] ?? {};
      assert.deepEqual([minimum - 1, minimum, maximum, maximum + 1].map(tryOut), [1, 0, 0, 1]);
    }
  });

  it("takes limits from a person's own settings alone, never from a folder that an agent can write to", () => {
    const limits = Object.entries(contributes.configuration.properties).filter(([key]) =>
      /^podium\.(fuses|approval)\./.test(key),
    );
    assert.ok(limits.length > 10);
    for (const [key, { scope }] of limits) assert.equal(scope, 'machine', key);
  });

  it('describes every setting in a sentence, in an order of its own, and says what a wrong number must be', () => {
    const settings = Object.entries(contributes.configuration.properties);
    const orders = settings.map(([, { order }]) => order);
    assert.equal(new Set(orders).size, settings.length, `orders ${orders.join(', ')}`);
    for (const [key, { type, markdownDescription, errorMessage, minimum, maximum, scope }] of settings) {
      assert.match(markdownDescription ?? '', /^[A-Z].*[.`]$/, key);
      assert.ok(scope !== undefined, key);
      if (type !== 'integer' && type !== 'number') continue;
      const numbers = (errorMessage ?? '')
        .replaceAll(',', '')
        .match(/[\d.]*\d/g)
        ?.map(Number);
      assert.deepEqual(numbers, [minimum, maximum], `${key} says "${errorMessage ?? ''}"`);
    }
  });

  it('takes nothing that runs a program from a folder nobody has trusted', () => {
    const restricted = new Set(capabilities.untrustedWorkspaces.restrictedConfigurations);
    const plain = new Set(['integer', 'number', 'boolean']);
    for (const [key, schema] of Object.entries(contributes.configuration.properties)) {
      if (plain.has(schema.type) || schema.enum !== undefined || schema.scope === 'machine') continue;
      assert.ok(restricted.has(key), `${key} could name a program or a key`);
    }
    assert.ok(restricted.has('podium.agents'));
  });

  it('declares every setting with the default and the bounds the code uses', () => {
    const { properties } = contributes.configuration;
    assert.deepEqual(Object.keys(properties).sort(), settingKeys.map((key) => `podium.${key}`).sort());
    for (const [key, rule] of Object.entries(numberRules)) {
      const schema = properties[`podium.${key}`];
      assert.deepEqual(
        { type: schema?.type, default: schema?.default, minimum: schema?.minimum, maximum: schema?.maximum },
        {
          type: rule.integer ? 'integer' : 'number',
          default: rule.default,
          minimum: rule.minimum,
          maximum: rule.maximum,
        },
      );
    }
  });
});
