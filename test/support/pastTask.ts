/** A finished task with nothing special about it. */
import type { PastTask } from '../../src/core/history/pastTask.ts';
import type { AgentId, TaskId, WorkspaceId } from '../../src/core/model.ts';

export function pastTask(over: Partial<PastTask>): PastTask {
  return {
    id: 'a' as TaskId,
    workspaceId: 'home' as WorkspaceId,
    workspaceName: 'home',
    title: 'Task a',
    description: '',
    agentId: 'check' as AgentId,
    argv: null,
    priority: 'medium',
    score: 500,
    status: 'completed',
    result: null,
    error: null,
    parentId: null,
    rootId: 'a' as TaskId,
    needs: [],
    createdBy: 'user',
    createdAt: 1_000,
    startedAt: 2_000,
    finishedAt: 3_000,
    dueAt: null,
    timeout: null,
    claim: 1,
    attempt: 0,
    interruptions: 0,
    tokens: 0,
    costMicros: 0,
    ...over,
  };
}
