import { window } from 'vscode';
import type { QuickPickItem } from 'vscode';
import type { Milliseconds } from '../../core/model.ts';
import type { PastTask } from '../../core/history/pastTask.ts';
import { collectHits, shownHits } from '../history/collectHits.ts';
import type { Collected } from '../history/collectHits.ts';
import { historyItem } from '../present/historyItem.ts';
import type { CommandRun, Session } from './session.ts';

/** Time in which a person types the next letter. */
const typing: Milliseconds = 150;

interface Item extends QuickPickItem {
  readonly task?: PastTask;
}

/** Finds finished tasks, in the tree and in the archive, while words are typed; opens what is picked. */
export const searchHistory: CommandRun = async (session) => {
  const task = await ask(session);
  if (task !== undefined) await session.documents.openPast(task);
};

async function ask({ host, house, messages }: Session): Promise<PastTask | undefined> {
  const { promise, resolve } = Promise.withResolvers<PastTask | undefined>();
  const box = window.createQuickPick<Item>();
  let search = new AbortController();
  let timer: Disposable | undefined;
  const look = (): void => {
    search = new AbortController();
    box.busy = true;
    collectHits(house.history, box.value, search.signal, (collected) => {
      box.busy = !collected.done;
      box.items = itemsOf(collected, host.clock.wallClock());
    }).catch((thrown: unknown) => {
      box.busy = false;
      messages.error(thrown);
    });
  };
  box.title = 'Search History';
  box.placeholder = 'Words in the title, description, result, error or agent of finished tasks';
  box.onDidChangeValue(() => {
    search.abort();
    timer?.[Symbol.dispose]();
    timer = host.clock.setTimer(typing, look);
  });
  box.onDidAccept(() => {
    const [item] = box.selectedItems;
    if (item?.task !== undefined) resolve(item.task);
  });
  box.onDidHide(() => resolve(undefined));
  box.show();
  look();
  try {
    return await promise;
  } finally {
    search.abort();
    timer?.[Symbol.dispose]();
    box.dispose();
  }
}

/** The words were found by us, also in texts that are not shown, so the list must not filter once more. */
function itemsOf({ hits, done, more }: Collected, now: number): readonly Item[] {
  const items: Item[] = hits.map((hit) => ({
    ...historyItem(hit, now),
    alwaysShow: true,
    task: hit.task,
  }));
  if (more)
    items.push({ label: `Only the first ${shownHits} are shown: type another word.`, alwaysShow: true });
  if (done && items.length === 0) items.push({ label: 'Nothing was found.', alwaysShow: true });
  return items;
}
