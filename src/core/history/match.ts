/** Looks for words in a finished task. Pure. */
import type { PastTask } from './pastTask.ts';

/** Characters shown around what was found. */
const excerptLength = 100;
/** Of these, before it. */
const excerptLead = 30;

/**
 * @param text words separated by white space; capitals make no difference
 * @returns for a task in which every word occurs, the text around the first that is not in its title ('' when all
 * are); undefined for others
 */
export function matcher(text: string): (task: PastTask) => string | undefined {
  const words = [...new Set(folded(text).split(/\s+/u))].filter((word) => word !== '');
  return (task) => {
    const title = folded(task.title);
    const missing = words.filter((word) => !title.includes(word));
    if (missing.length === 0) return '';
    const texts = [task.result, task.description, task.error?.message, task.agentId, task.status]
      .filter((part) => part !== null && part !== undefined)
      .map((part) => ({ shown: part, searched: folded(part) }));
    let excerpt = '';
    for (const word of missing) {
      const place = texts.find(({ searched }) => searched.includes(word));
      if (place === undefined) return undefined;
      if (excerpt === '') excerpt = around(place.shown, place.searched.indexOf(word));
    }
    return excerpt;
  };
}

function folded(text: string): string {
  return text.toLowerCase();
}

/** Folding changes the length of a few characters, so the place is near enough, not exact. */
function around(text: string, at: number): string {
  const from = Math.max(0, at - excerptLead);
  const part = text.slice(from, from + excerptLength);
  // A cut may leave half a character at either end.
  const whole = part.replace(/^[\udc00-\udfff]|[\ud800-\udbff]$/g, '');
  const line = whole.replace(/[\s\p{Cc}]+/gu, ' ').trim();
  return `${from > 0 ? '…' : ''}${line}${from + excerptLength < text.length ? '…' : ''}`;
}
