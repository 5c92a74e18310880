/**
 * The judge's data: texts that mean the same, texts that only look the same, and the goals they are weighed against.
 * Read README.md beside this file before using it; whoever writes the lexicon reads only the seen half.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isRecord, listOf, numberIn, oneOf, textOf } from './parse.ts';

/** What a task can need from an earlier one: the kinds of upstream artefact. */
export const artefactKinds = [
  'code',
  'contract',
  'data',
  'design',
  'document',
  'feedback',
  'list',
  'plan',
  'recording',
  'report',
] as const;
export type ArtefactKind = (typeof artefactKinds)[number];

/** How far an intent serves a goal: not, in part, directly. */
export const goalLinks = [0, 0.5, 1] as const;
export type GoalLink = (typeof goalLinks)[number];

export const languages = ['it', 'en'] as const;
export type Language = (typeof languages)[number];

/** One thing a user may want, in ten wordings that must share a judgement. */
export interface Intent {
  readonly id: number;
  /** What it is worth by itself, 0-1000, whatever waits for it and whatever the goal. */
  readonly value: number;
  readonly consumes: readonly ArtefactKind[];
  /** One link for each goal of goals.json, in that order. */
  readonly serves: readonly GoalLink[];
  readonly it: readonly string[];
  readonly en: readonly string[];
}

/** What makes two texts of a pair differ; `other` is the group without a guard of its own. */
export const twinFamilies = [
  'negation',
  'audience',
  'period',
  'name',
  'opposite',
  'direction',
  'number',
  'version',
  'date',
  'place',
  'artefact',
  'other',
] as const;
export type TwinFamily = (typeof twinFamilies)[number];

/** Two texts that look alike and must not share a judgement. */
export interface NearTwins {
  readonly family: TwinFamily;
  readonly a: string;
  readonly b: string;
}

export interface Goal {
  readonly id: number;
  readonly it: string;
  readonly en: string;
}

export type Half = 'seen' | 'unseen';

/**
 * The half an intent belongs to: the lowest bit of the first byte of SHA-256 over `intent <id>`, one is seen. A hash,
 * so that nobody chose; of the id, so that all ten wordings fall on the same side and rewording moves nothing.
 */
export function halfOf(id: number): Half {
  const first = createHash('sha256')
    .update(`intent ${String(id)}`)
    .digest()
    .readUInt8(0);
  return (first & 1) === 1 ? 'seen' : 'unseen';
}

/** The intents, in the order of their ids. Throws with the place when the file is not as stated. */
export function readIntents(): readonly Intent[] {
  const goals = readGoals().length;
  return parseIntents(readJson('paraphrases.json'), goals);
}

/** The adversarial pairs. Throws with the place when the file is not as stated. */
export function readNearTwins(): readonly NearTwins[] {
  return parseNearTwins(readJson('nearTwins.json'));
}

/** The goals a workspace of the benchmark can have. Throws with the place when the file is not as stated. */
export function readGoals(): readonly Goal[] {
  return listOf(field(readJson('goals.json'), 'goals'), 'goals', (goal, at) => ({
    id: numberIn(field(goal, 'id'), 1, 1000, `${at}.id`),
    it: textOf(field(goal, 'it'), `${at}.it`),
    en: textOf(field(goal, 'en'), `${at}.en`),
  }));
}

/** Intents out of parsed JSON, each with `goals` links. Throws with the place of the first mistake. */
export function parseIntents(json: unknown, goals: number): readonly Intent[] {
  const intents = listOf(field(json, 'intents'), 'intents', (intent, at): Intent => {
    const serves = listOf(field(intent, 'serves'), `${at}.serves`, (link, here) =>
      oneOf(link, goalLinks, here),
    );
    if (serves.length !== goals) throw new Error(`${at}.serves: ${String(goals)} links expected`);
    return {
      id: numberIn(field(intent, 'id'), 1, 1000, `${at}.id`),
      value: numberIn(field(intent, 'value'), 0, 1000, `${at}.value`),
      consumes: listOf(field(intent, 'consumes'), `${at}.consumes`, (kind, here) =>
        oneOf(kind, artefactKinds, here),
      ),
      serves,
      it: listOf(field(intent, 'it'), `${at}.it`, textOf),
      en: listOf(field(intent, 'en'), `${at}.en`, textOf),
    };
  });
  const ids = new Set(intents.map((intent) => intent.id));
  if (ids.size !== intents.length) throw new Error('intents: an id occurs twice');
  return intents;
}

/** Pairs out of parsed JSON. Throws with the place of the first mistake. */
export function parseNearTwins(json: unknown): readonly NearTwins[] {
  return listOf(field(json, 'pairs'), 'pairs', (pair, at) => ({
    family: oneOf(field(pair, 'family'), twinFamilies, `${at}.family`),
    a: textOf(field(pair, 'a'), `${at}.a`),
    b: textOf(field(pair, 'b'), `${at}.b`),
  }));
}

function readJson(name: string): unknown {
  return JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

function field(value: unknown, name: string): unknown {
  return isRecord(value) ? value[name] : undefined;
}
