import assert from 'node:assert/strict';
import type { AgentId } from '../../../src/core/model.ts';
import type { AgentDescription } from '../../../src/core/ports.ts';
import { formatCommandLine, parseCommandLine } from '../../../src/agents/commandLine.ts';
import {
  changeOf,
  commandProblem,
  draftOf,
  emptyDraft,
  requestOf,
  titleProblem,
} from '../../../src/ui/prompts/taskDraft.ts';
import type { FormContext, TaskDraft } from '../../../src/ui/prompts/taskDraft.ts';
import { ready, taskId } from './pictures.ts';

const agent = (id: string, takesCommand: boolean): AgentDescription => ({
  id: id as AgentId,
  label: id,
  detail: '',
  simulated: !takesCommand,
  needsTrust: takesCommand,
  idempotent: false,
  writes: false,
  takesCommand,
  maxAttempts: 1,
  timeout: 1,
});

const form: FormContext = {
  title: 'Add Task',
  house: { parseCommandLine },
  agents: [agent('command', true), agent('simulated', false)],
  workspaces: [],
  trusted: true,
  candidates: () => Promise.resolve([]),
};

const task = ready('Count', { input: { argv: ['wc', '-w', 'my file'] }, needs: ['a', 'b'] }).task;
const before = draftOf(task, formatCommandLine(task.input.argv ?? []));
const changed = (over: Partial<TaskDraft>): unknown => {
  const after = { ...before, ...over };
  return changeOf(before, after, requestOf(after, form));
};

describe('a task in the form', () => {
  it('becomes a request with its command line parsed', () => {
    const draft = {
      ...emptyDraft,
      title: 'Test',
      agentId: 'command' as AgentId,
      commandLine: 'npm run "my test"',
    };
    assert.deepEqual(requestOf(draft, form), {
      title: 'Test',
      description: '',
      agentId: 'command',
      priority: 'medium',
      needs: [],
      argv: ['npm', 'run', 'my test'],
    });
  });

  it('sends no command to an agent that takes none', () => {
    const draft = { ...emptyDraft, title: 'x', agentId: 'simulated' as AgentId, commandLine: 'left over' };
    assert.equal('argv' in requestOf(draft, form), false);
  });

  it('changes nothing when every answer is left as it is', () => {
    assert.deepEqual(changed({}), {});
    assert.deepEqual(changed({ needs: [taskId('b'), taskId('a')] }), {}, 'their order means nothing');
  });

  it('changes only what was answered differently', () => {
    assert.deepEqual(changed({ title: 'Count again' }), { title: 'Count again' });
    assert.deepEqual(changed({ needs: [taskId('a')] }), { needs: ['a'] });
    assert.deepEqual(changed({ commandLine: 'wc -l' }), { argv: ['wc', '-l'] });
    assert.deepEqual(changed({ agentId: 'simulated' as AgentId }), { agentId: 'simulated' });
  });

  it('complains while there is still time to correct it', () => {
    assert.match(titleProblem('  ') ?? '', /needs a title/);
    assert.match(titleProblem('x'.repeat(100_000)) ?? '', /now 100000/);
    assert.equal(titleProblem('x'), undefined);
    assert.match(commandProblem(form, 'a | b') ?? '', /without a shell/);
    assert.match(commandProblem(form, ' ') ?? '', /Type a program/);
    assert.equal(commandProblem(form, 'npm test'), undefined);
  });
});
