import assert from 'node:assert/strict';
import type { Pause } from '../../../src/core/model.ts';
import { nowhere } from '../../../src/ui/commands/target.ts';
import type { Session } from '../../../src/ui/commands/session.ts';
import '../../support/fakeEditor.ts';
import { ready, snapshot, taskId, workspace } from './pictures.ts';

const { resumeBranch } = await import('../../../src/ui/commands/resumeBranch.ts');

describe('resuming a branch', () => {
  const fuse: Pause = { at: 0, by: 'fuse', reason: 'too many starts' };

  /** @returns what is said */
  async function resume(released: number, pause: Pause | null = null): Promise<string> {
    const said: string[] = [];
    const control = {
      snapshot: () => Promise.resolve(snapshot([workspace([], { workspace: { pause } })])),
      task: () => Promise.resolve(ready('Branch', { parent: 'Root' }).task),
      trees: { resumeBranch: (id: string) => Promise.resolve(id === 'Branch' ? released : NaN) },
    };
    const session = { control, messages: { info: (text: string) => said.push(text) } } as unknown as Session;
    await resumeBranch(session, { ...nowhere, tasks: [taskId('Branch')] }, []);
    return said.join();
  }

  it('says how much may run now', async () => {
    assert.equal(await resume(3), '3 tasks of "Branch" may run.');
  });

  it('says what still keeps it', async () => {
    assert.equal(await resume(1, fuse), '1 task of "Branch" may run, but its folder is paused.');
    assert.match(await resume(0, fuse), /its folder is paused: resume that/);
    assert.match(await resume(0), /^No fuse holds anything of "Branch"/);
  });
});
