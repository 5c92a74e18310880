/** A found task as a line of the list. Pure. */
import type { HistoryHit } from '../../core/history/history.ts';
import type { PastStatus } from '../../core/history/pastTask.ts';
import type { Instant } from '../../core/model.ts';
import { withoutIcons } from './plain.ts';
import { clipped, clockText } from './words.ts';

export interface HistoryItem {
  readonly label: string;
  readonly description: string;
  readonly detail: string;
}

const icons: Readonly<Record<PastStatus, string>> = {
  completed: '$(pass)',
  failed: '$(error)',
  cancelled: '$(circle-slash)',
};

export function historyItem({ task, archived, excerpt }: HistoryHit, now: Instant): HistoryItem {
  const year = new Date(task.finishedAt).getFullYear();
  const when = clockText(task.finishedAt, now);
  const parts = [
    task.status,
    year === new Date(now).getFullYear() ? when : `${when}, ${year}`,
    withoutIcons(task.workspaceName),
    archived ? 'archived' : '',
  ];
  return {
    label: `${icons[task.status]} ${withoutIcons(clipped(task.title, 120))}`,
    description: parts.filter((part) => part !== '').join(' · '),
    detail: withoutIcons(clipped(excerpt, 140)),
  };
}
