import assert from 'node:assert/strict';
import type { PodiumEvent } from '../../../src/core/events.ts';
import { defaultFuses } from '../../../src/core/fuses/fuseSettings.ts';
import { fuseIds } from '../../../src/core/fuses/trip.ts';
import type { Trip } from '../../../src/core/fuses/trip.ts';
import type { Task, TaskId } from '../../../src/core/model.ts';
import { nowhere } from '../../../src/ui/commands/target.ts';
import type { Session } from '../../../src/ui/commands/session.ts';
import { FuseAlerts } from '../../../src/ui/fuseAlerts.ts';
import { fuseAlert } from '../../../src/ui/present/fuseAlert.ts';
import { editor, freshEditor } from '../../support/fakeEditor.ts';
import { now, ready, snapshot, trip, workspace } from './pictures.ts';

const { alertFuse } = await import('../../../src/ui/commands/alertFuse.ts');
const { answerFuse } = await import('../../../src/ui/commands/answerFuse.ts');

const hostile = '“Fix it](command:podium.stopTree) [press](command:workbench.action.quit)” is handed round.';

describe('what is told of a fuse', () => {
  const told = (blown: Trip): readonly string[] => [...fuseAlert(blown, defaultFuses, now).buttons.keys()];

  it('can be inspected, answered and stopped, also when it is about a whole folder', () => {
    assert.deepEqual(told(trip('anti-loop')), ['Inspect', 'Resume', 'Stop Tree']);
    assert.deepEqual(told(trip('failures', 'Root')), ['Inspect', 'Resume', 'Stop Tree']);
  });

  it('has a button that says what follows', () => {
    const answer = (fuse: Trip['fuse']): string => told(trip(fuse, 'Root', { holds: false }))[1] ?? '';
    assert.equal(answer('tree-tasks'), 'Allow 50 More');
    assert.equal(answer('children'), 'Allow 8 More');
    assert.equal(answer('tree-tokens'), 'Allow 1,000,000 More Tokens');
    assert.equal(answer('tree-time'), 'Allow 8 h More');
    assert.equal(answer('depth'), 'Dismiss');
    for (const fuse of fuseIds) assert.equal(new Set(told(trip(fuse, 'Root'))).size, 3, fuse);
  });

  it('makes no link of a title that an agent made up', () => {
    const { text } = fuseAlert(trip('re-entry', 'Root', { reason: hostile }), defaultFuses, now);
    assert.doesNotMatch(text, /\]\(/);
    assert.match(text, /Fix it/);
  });

  it('says until when, however long the reason is', () => {
    const long = trip('anti-loop', null, { reason: 'x'.repeat(2_000), resumesAt: now + 3_600_000 });
    const { text } = fuseAlert(long, defaultFuses, now);
    assert.ok(text.length < 500);
    assert.match(text, /It goes on by itself at 13:00\.$/);
  });
});

describe('the alerts of fuses', () => {
  function listen(): {
    readonly alerts: FuseAlerts;
    readonly told: number[];
    readonly emit: (trip: Trip) => void;
  } {
    const listeners = new Set<(event: PodiumEvent) => void>();
    const subscribe = (listener: (event: PodiumEvent) => void): Disposable => {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    };
    const told: number[] = [];
    const alerts = new FuseAlerts({ subscribe }, (id) => told.push(id));
    return {
      alerts,
      told,
      emit: (blown) => {
        for (const listener of listeners) listener({ type: 'tripped', trip: blown });
      },
    };
  }

  it('come at once, and once, however often the fuse is seen', () => {
    const { alerts, told, emit } = listen();
    emit(trip('failures', 'a', { id: 7 }));
    assert.deepEqual(told, [7]);
    alerts.see(snapshot([], { trips: [trip('failures', 'a', { id: 7 })] }));
    emit(trip('failures', 'a', { id: 7 }));
    assert.deepEqual(told, [7]);
  });

  it('come again after a reload for what nobody has answered', () => {
    const { alerts, told } = listen();
    const trips = [trip('anti-loop', null, { id: 3 }), trip('failures', 'a', { id: 4 })];
    alerts.see(snapshot([], { trips }));
    alerts.see(snapshot([], { trips }));
    assert.deepEqual(told, [3, 4]);
  });

  it('do not come where nothing can be done, but as soon as it can', () => {
    const { alerts, told } = listen();
    const trips = [trip('anti-loop', null, { id: 3 })];
    alerts.see(snapshot([], { trips, role: { kind: 'reader', ownedBy: 'another window' } }));
    assert.deepEqual(told, []);
    alerts.see(snapshot([], { trips }));
    assert.deepEqual(told, [3]);
  });

  it('come of themselves for what happens later: what is only seen then was told before', () => {
    const { alerts, told } = listen();
    alerts.see(snapshot([]));
    alerts.see(snapshot([], { trips: [trip('anti-loop', null, { id: 5 })] }));
    assert.deepEqual(told, []);
  });

  it('end with the window', () => {
    const { alerts, told, emit } = listen();
    alerts[Symbol.dispose]();
    emit(trip('anti-loop'));
    assert.deepEqual(told, []);
  });
});

describe('the message about a fuse', () => {
  const child = (name: string, parent: string): Task => ({
    ...ready(name, { parent }).task,
    createdBy: 'agent',
  });
  const tasks = [
    ready('Small').task,
    ready('Large').task,
    child('s1', 'Small'),
    ...['l1', 'l2', 'l3'].map((name) => child(name, 'Large')),
  ];

  /** A house in which these fuses are open, and which notes what it is asked to do. */
  function house(
    blown: Trip,
    { open = [blown], unfinished = tasks } = {},
  ): {
    readonly session: Session;
    readonly done: string[];
    readonly answerAll: () => void;
  } {
    const done: string[] = [];
    let trips: readonly Trip[] = open;
    const control = {
      snapshot: () => Promise.resolve(snapshot([workspace([])], { trips })),
      unfinished: () => Promise.resolve(unfinished),
      task: (id: TaskId) => Promise.resolve(tasks.find((task) => task.id === id)),
      descendants: () => Promise.resolve([]),
      fuses: {
        settings: defaultFuses,
        answer: (ids: readonly number[]) => Promise.resolve(void done.push(`answer ${ids.join(' ')}`)),
        cancelTree: (id: TaskId) => Promise.resolve(done.push(`stop ${id}`)),
      },
    };
    const session = {
      control,
      messages: { info: (text: string) => void done.push(`say ${text}`) },
      documents: {
        open: (kind: string, { id }: Task) => Promise.resolve(void done.push(`open ${kind} ${id}`)),
      },
    } as unknown as Session;
    return { session, done, answerAll: () => (trips = []) };
  }

  beforeEach(freshEditor);

  async function tell(
    blown: Trip,
    button: string,
    over: Parameters<typeof house>[1] = {},
  ): Promise<string[]> {
    editor.button = button;
    const { session, done } = house(blown, over);
    await alertFuse(session, { ...nowhere, trips: [blown.id] }, []);
    return done;
  }

  it('is shown with its buttons, and without links', async () => {
    await tell(trip('re-entry', 'Large', { reason: hostile }), '');
    assert.deepEqual(
      editor.warnings.map(({ buttons }) => buttons),
      [['Inspect', 'Allow Repeats', 'Stop Tree']],
    );
    assert.doesNotMatch(editor.warnings.map(({ text }) => text).join(''), /\]\(/);
  });

  it('does nothing when it is closed, and is not shown when the fuse is over', async () => {
    assert.deepEqual(await tell(trip('failures', 'Large'), ''), []);
    await tell(trip('failures', 'Large'), 'Resume', { open: [] });
    assert.equal(editor.warnings.length, 1);
  });

  it('opens the tree it is about, answers, and stops the tree', async () => {
    const blown = trip('failures', 'Large');
    assert.deepEqual(await tell(blown, 'Inspect'), ['open tree Large']);
    assert.deepEqual(await tell(blown, 'Resume'), ['answer 1']);
    assert.deepEqual(await tell(blown, 'Stop Tree'), ['stop Large', 'say 1 task was cancelled.']);
    assert.deepEqual(editor.picks, []);
  });

  it('about a folder asks which tree, the largest first', async () => {
    assert.deepEqual(await tell(trip('anti-loop'), 'Inspect'), ['open tree Large']);
    assert.deepEqual(editor.picks, [['$(list-tree) Large', '$(list-tree) Small']]);
    editor.row = 1;
    assert.deepEqual(await tell(trip('anti-loop'), 'Stop Tree'), ['stop Small', 'say 1 task was cancelled.']);
  });

  it('about a folder takes its only tree, and says when there is none left', async () => {
    const only = { unfinished: tasks.filter(({ rootId }) => rootId === 'Large') };
    assert.deepEqual(await tell(trip('anti-loop'), 'Inspect', only), ['open tree Large']);
    const [said] = await tell(trip('anti-loop'), 'Stop Tree', { unfinished: [ready('Mine').task] });
    assert.match(said ?? '', /^say Nothing that agents have made/);
    assert.deepEqual(editor.picks, []);
  });

  it('that has become old still opens and stops its tree, and says that there is nothing to answer', async () => {
    const blown = trip('failures', 'Large');
    for (const [button, does] of [
      ['Inspect', /^open tree Large/],
      ['Resume', /^say Nothing is stopped by that fuse any more/],
      ['Stop Tree', /^stop Large/],
    ] as const) {
      const { session, done, answerAll } = house(blown);
      // The fuse is answered elsewhere while the message stands.
      Object.assign(editor, { button, meanwhile: answerAll });
      await alertFuse(session, { ...nowhere, trips: [blown.id] }, []);
      assert.match(done[0] ?? '', does);
    }
  });

  it('is one of several in the list of the palette, where nothing is ticked but the only one', async () => {
    const [one, two] = [trip('failures', 'Large', { id: 1 }), trip('tree-tasks', 'Small', { id: 2 })];
    const several = house(one, { open: [one, two] });
    await answerFuse(several.session, nowhere, []);
    assert.deepEqual(several.done, []);
    assert.deepEqual(editor.picks[0], [
      'Failures in a row fuse: Resume',
      'Tasks of a tree fuse: Allow 50 More',
    ]);
    const single = house(one);
    await answerFuse(single.session, nowhere, []);
    assert.deepEqual(single.done, ['answer 1']);
  });
});
