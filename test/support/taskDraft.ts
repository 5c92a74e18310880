/** A draft with nothing special about it. */
import type { AgentId, TaskId, WorkspaceId } from '../../src/core/model.ts';
import type { TaskDraft } from '../../src/core/ports.ts';

export function plainDraft(
  id: string,
  workspaceId: WorkspaceId,
  createdAt: number,
  over: Partial<TaskDraft> = {},
): TaskDraft {
  return {
    id: id as TaskId,
    workspaceId,
    title: `Task ${id}`,
    description: '',
    agentId: 'agent' as AgentId,
    input: {},
    priority: 'medium',
    needs: [],
    parentId: null,
    createdBy: 'user',
    createKey: null,
    requiredResources: [],
    signature: '',
    timeout: null,
    dueAt: null,
    createdAt,
    ...over,
  };
}
