/** What a judgement holds for besides the meaning of its task. */
import type { WorkspaceId } from '../model.ts';
import { plainText } from './plainText.ts';
import { promptVersion } from './prompt.ts';

/** Between the parts of a key; no text that people write has it. */
const separator = '\u001F';

/** The keys of all that is judged in a folder, for its goal, by one model asked in today's words, begin with this. */
export function frameOf(workspaceId: WorkspaceId, goal: string, model: string): string {
  return [workspaceId, plainText(goal), model, promptVersion, ''].join(separator);
}
