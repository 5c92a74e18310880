/** Makes every command known to the editor, each behind the same door: wait for the house, run, say what failed. */
import { commands, window } from 'vscode';
import type { SnapshotWish } from '../../core/control.ts';
import type { Snapshot } from '../../core/metrics/snapshot.ts';
import type { TaskDocuments } from '../documents/taskDocuments.ts';
import type { Messages } from '../messages.ts';
import { whenReady } from '../readiness.ts';
import type { Looks } from '../tree/looks.ts';
import type { NodeKey } from '../tree/nodeKey.ts';
import { commandIds } from '../commandIds.ts';
import type { UiHost } from '../uiHost.ts';
import type { CommandRun } from './session.ts';
import { targetOf } from './target.ts';
import type { Target } from './target.ts';

export interface CommandPorts {
  readonly host: UiHost;
  readonly documents: TaskDocuments;
  readonly messages: Messages;
  /** What is selected in the tree. */
  selection(): readonly NodeKey[];
  /** Opens the panel of the metrics. */
  readonly showMetrics: () => Promise<void>;
  readonly looks: Looks;
  /** Which tasks the tree shows. */
  wish(): SnapshotWish | undefined;
  readonly showMoreTasks: () => void;
}

/** @returns what unregisters them */
export function registerCommands(ports: CommandPorts): readonly { dispose(): unknown }[] {
  const guarded =
    (run: (args: readonly unknown[]) => Promise<void>) =>
    async (...args: readonly unknown[]): Promise<void> => {
      try {
        await run(args);
      } catch (thrown) {
        ports.messages.error(thrown);
      }
    };
  return commandIds.map((id) =>
    commands.registerCommand(
      id,
      guarded(async (args) => {
        // What is selected counts when the command is given, not when its code has been read.
        const target = targetOf(args, ports.selection());
        const { hostCommands, houseCommands, isHostCommand } = await import('./handlers.ts');
        if (isHostCommand(id)) await hostCommands[id](ports.host);
        else await runInHouse(ports, houseCommands[id], target, args);
      }),
    ),
  );
}

async function runInHouse(
  ports: CommandPorts,
  run: CommandRun,
  target: Target,
  args: readonly unknown[],
): Promise<void> {
  const { host, documents, messages, showMetrics, looks, showMoreTasks } = ports;
  const house = await whenReady(host);
  if (house !== undefined) {
    const { control } = house;
    const shown = (): Promise<Snapshot> => control.snapshot(ports.wish());
    await run(
      { host, house, control, documents, messages, showMetrics, looks, shown, showMoreTasks },
      target,
      args,
    );
    return;
  }
  const open = 'Open Folder';
  const chosen = await window.showInformationMessage(
    'Podium keeps the tasks of a folder. Open one first.',
    open,
  );
  if (chosen === open) await commands.executeCommand('workbench.action.files.openFolder');
}
