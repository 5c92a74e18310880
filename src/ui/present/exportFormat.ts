/** Finished tasks as text for other programs: one JSON object per line, or a table for spreadsheets. Pure. */
import type { Instant } from '../../core/model.ts';
import type { PastTask } from '../../core/history/pastTask.ts';

export interface ExportFormat {
  /** Comes before the first task; '' for nothing. */
  readonly head: string;
  readonly line: (task: PastTask) => string;
}

type Cell = string | number | null;

/** Columns of the table: what people sort and filter by comes first. */
const columns: Readonly<Record<string, (task: PastTask) => Cell>> = {
  title: ({ title }) => title,
  status: ({ status }) => status,
  agent: ({ agentId }) => agentId,
  workspace: ({ workspaceName }) => workspaceName,
  finished: ({ finishedAt }) => instant(finishedAt),
  started: ({ startedAt }) => instant(startedAt),
  created: ({ createdAt }) => instant(createdAt),
  due: ({ dueAt }) => instant(dueAt),
  priority: ({ priority }) => priority,
  score: ({ score }) => score,
  attempts_failed: ({ attempt }) => attempt,
  interruptions: ({ interruptions }) => interruptions,
  tokens: ({ tokens }) => tokens,
  cost_micros: ({ costMicros }) => costMicros,
  description: ({ description }) => description,
  result: ({ result }) => result,
  error_code: ({ error }) => error?.code ?? null,
  error: ({ error }) => error?.message ?? null,
  command: ({ argv }) => (argv === null ? null : JSON.stringify(argv)),
  created_by: ({ createdBy }) => createdBy,
  id: ({ id }) => id,
  parent: ({ parentId }) => parentId,
  root: ({ rootId }) => rootId,
  needs: ({ needs }) => needs.join(' '),
  workspace_id: ({ workspaceId }) => workspaceId,
};

export const jsonLines: ExportFormat = { head: '', line: (task) => `${JSON.stringify(task)}\n` };

/** RFC 4180. The mark at the beginning tells spreadsheets that it is UTF-8. */
export const csv: ExportFormat = {
  head: `\uFEFF${row(Object.keys(columns))}`,
  line: (task) => row(Object.values(columns).map((cell) => cell(task))),
};

/** The format the name of a file asks for. */
export function formatFor(fileName: string): ExportFormat {
  return fileName.toLowerCase().endsWith('.csv') ? csv : jsonLines;
}

function row(cells: readonly Cell[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe, which spreadsheets read as "this is text":
 * titles and results come from anywhere (OWASP, "CSV injection").
 */
function csvCell(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return String(cell);
  const text = /^\s*[=+\-@\t\r\n＝＋－＠]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n\t;']/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function instant(at: Instant | null): string | null {
  // The longest span a date can name is 8.64e15 ms either way.
  return at === null || Math.abs(at) > 8.64e15 ? null : new Date(at).toISOString();
}
