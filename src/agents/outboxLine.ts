/** One line of an outbox: a wish for a sub-task, written by a program and trusted in nothing. */
import { createHash } from 'node:crypto';
import type { SubTaskRequest } from '../core/ports.ts';

export type OutboxLine =
  | { readonly kind: 'request'; readonly request: SubTaskRequest }
  | { readonly kind: 'invalid'; readonly message: string };

/** Longest line, in bytes. */
export const lineLimit = 64 * 1024;
const keyLimit = 200;
const textFields = ['description', 'agent', 'priority', 'key'] as const;
const listFields = ['argv', 'needs'] as const;

/** Reads one line. Fields it does not know are ignored; known ones must have their type. */
export function parseOutboxLine(line: string): OutboxLine {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return invalid('The line is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return invalid('The line must be a JSON object such as {"title":"…"}.');
  const fields = value as Readonly<Record<string, unknown>>;
  const { title } = fields;
  if (typeof title !== 'string') return invalid('"title" must be a string.');
  const request: { -readonly [Name in keyof SubTaskRequest]: SubTaskRequest[Name] } = { title };
  for (const name of textFields) {
    const text = fields[name];
    if (text === undefined || text === null) continue;
    if (typeof text !== 'string') return invalid(`"${name}" must be a string.`);
    request[name] = text;
  }
  for (const name of listFields) {
    const list = fields[name];
    if (list === undefined || list === null) continue;
    if (!isTextList(list)) return invalid(`"${name}" must be a list of strings.`);
    request[name] = list;
  }
  const { resources } = fields;
  if (resources !== undefined && resources !== null) {
    if (!isAmounts(resources)) return invalid('"resources" must be an object from names to amounts.');
    request.resources = resources;
  }
  if (request.key === '') return invalid('"key" must not be empty.');
  if (request.key !== undefined && request.key.length > keyLimit)
    return invalid(`"key" has ${request.key.length} characters; ${keyLimit} are allowed.`);
  return { kind: 'request', request };
}

/**
 * Names requests that bring no key of their own, by what they say and by how often it was said before. A parent that
 * runs again asks for the same things and so names the same tasks.
 */
export class RequestKeys {
  readonly #seen = new Map<string, number>();

  /** To be called once for each request, in the order of the lines. */
  keyOf(request: SubTaskRequest): string {
    if (request.key !== undefined) return request.key;
    const { title, description, agent, argv, priority, needs, resources } = request;
    const parts = [title, description, agent, argv, priority, needs];
    const content = JSON.stringify(resources === undefined ? parts : [...parts, resources]);
    const digest = createHash('sha256').update(content).digest('hex').slice(0, 32);
    const ordinal = this.#seen.get(digest) ?? 0;
    this.#seen.set(digest, ordinal + 1);
    return `line:${digest}:${ordinal}`;
  }
}

function isAmounts(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.values(value).every((amount) => typeof amount === 'number');
}

function isTextList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function invalid(message: string): OutboxLine {
  return { kind: 'invalid', message };
}
