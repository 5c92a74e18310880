/** How agents that create tasks for ever do it, and which fuse is to act first on each. */
import type { FuseId } from '../../../src/core/fuses/trip.ts';
import type { Milliseconds, Task } from '../../../src/core/model.ts';
import type { Clock } from '../../../src/core/ports.ts';
import { pass } from '../../support/scriptedAgent.ts';

const second: Milliseconds = 1_000;

export interface Shape {
  readonly name: string;
  /** Titles of the roots. */
  readonly roots: readonly string[];
  /** What one run of a task of the storm does besides taking its time. */
  readonly storm: (
    task: Task,
    create: (title: string) => Promise<void>,
    clock: Clock,
    signal: AbortSignal,
  ) => Promise<void>;
  /** Which fuse acts first. */
  readonly acts: FuseId;
}

const breeding = (children: number, acts: FuseId): Shape => ({
  name: `${children} a run`,
  roots: ['Storm'],
  storm: async ({ title }, create) => {
    for (let index = 0; index < children; index += 1) await create(`${title}.${index}`);
  },
  acts,
});

export const threeARun = breeding(3, 'tree-tasks');

/** Ten people start an agent each. Alone each tree is small enough; together they are what waits in the folder. */
export const manyRoots: Shape = {
  ...breeding(8, 'creation-rate'),
  name: '10 roots',
  roots: Array.from({ length: 10 }, (_, index) => `Storm ${index}`),
};

/** One agent that never ends: the log of the book's disaster, 5,000 tasks in twenty minutes. */
const endless: Shape = {
  name: '4.2 a second',
  roots: ['Storm'],
  storm: async (task, create, clock, signal) => {
    if (task.parentId !== null) return;
    for (let index = 0; index < 4.2 * 20 * 60 && !signal.aborted; index += 1) {
      await create(`Storm.${index}`);
      await pass(clock, second / 4.2, signal);
    }
  },
  acts: 'children',
};

const pingPong: Shape = {
  name: 'ping-pong',
  roots: ['Review the draft'],
  storm: async ({ title }, create) => {
    await create(title === 'Review the draft' ? 'Rework the chapter' : 'Review the draft');
  },
  // Slowed down from the third task on, which is no alert.
  acts: 'depth',
};

export const urgent: Shape = {
  name: 'URGENT',
  roots: ['URGENT fix deliverable'],
  storm: async (_task, create) => {
    for (let index = 0; index < 3; index += 1) await create('URGENT fix deliverable');
  },
  acts: 're-entry',
};

export const shapes: readonly Shape[] = [
  breeding(1, 'depth'),
  threeARun,
  breeding(5, 'tree-tasks'),
  breeding(10, 'children'),
  endless,
  pingPong,
  urgent,
  manyRoots,
];
