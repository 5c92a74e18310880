/** Every SQL statement that only reads. Their texts may change at any time: no journal names them. */
import type { WriteStatement } from './statements.ts';

export interface ReadStatement {
  readonly sql: string;
}

export type Statement = WriteStatement | ReadStatement;

/** The columns of a task, in the order `taskOf` reads them. */
const taskColumns = `SELECT t.sequence, t.id, t.workspace, t.lane, t.agent_id, t.priority, t.status, t.unmet, t.broken,
    t.claim, t.attempt, t.interruptions, t.lease,
    t.score, t.judgement, t.unblocking, t.goal_link, t.deadline, t.age, t.boost, t.pin,
    (SELECT p.id FROM task p WHERE p.sequence = t.parent), (SELECT r.id FROM task r WHERE r.sequence = t.root),
    t.created_by, t.not_before, t.due_at, t.timeout, t.created_at, t.started_at, t.finished_at,
    t.tokens, t.cost_micros, t.resources, t.input, t.context_data, t.title, t.launch, t.question,
    t.error_code, t.error_message, t.description, t.result, t.judged, t.held IS NOT NULL, t.deferrals,
    (SELECT json_group_array(n.id) FROM dependency d JOIN task n ON n.sequence = d.needs WHERE d.task = t.sequence)
  FROM task t`;

/** 4 agents or null, 5 text in lower case or null, 6 text as it is. */
const filter = `(?4 IS NULL OR t.agent_id IN (SELECT value FROM json_each(?4)))
    AND (?5 IS NULL OR instr(lower(t.title), ?5) OR instr(lower(t.description), ?5)
      OR instr(t.title, ?6) OR instr(t.description, ?6))`;

/** Tasks that no person has approved. */
const unapproved = "json_extract(context_data, '$.approval') IS NOT 'given'";

const candidateColumns = 'SELECT sequence, id, pin, score FROM task';

/** Columns of a task that operations decide on, in the order `headOf` reads them. */
const headColumns = `SELECT sequence, workspace, lane, status, claim, root, finished_at IS NULL, held IS 2
  FROM task`;

export const reads = {
  meta: { sql: 'SELECT value FROM meta WHERE name = ?' },
  note: { sql: 'SELECT value FROM note WHERE name = ?' },
  workspaces: {
    sql: 'SELECT key, id, uri, name, goal, paused_at, paused_by, pause_reason FROM workspace ORDER BY key',
  },
  lanes: { sql: 'SELECT key, workspace, signature FROM lane' },
  lastSequence: { sql: 'SELECT coalesce(max(sequence), 0) FROM task' },
  lastDecision: { sql: 'SELECT coalesce(max(id), 0) FROM decision' },
  latestInstant: {
    sql: `SELECT max(coalesce(max(created_at), 0), coalesce(max(started_at), 0), coalesce(max(finished_at), 0))
      FROM task`,
  },

  task: { sql: `${taskColumns} WHERE t.id = ?` },
  taskBySequence: { sql: `${taskColumns} WHERE t.sequence = ?` },
  children: {
    sql: `${taskColumns} WHERE t.parent = (SELECT sequence FROM task WHERE id = ?) ORDER BY t.sequence`,
  },
  orphans: { sql: `${taskColumns} WHERE t.state = 'running' AND t.lease IS NOT ? ORDER BY t.sequence` },
  /** workspace, state, limit */
  open: {
    sql: `${taskColumns} WHERE t.workspace = ?1 AND t.state = ?2
      AND t.state IN ('running', 'attention', 'held', 'blocked', 'scheduled') ORDER BY t.sequence LIMIT ?3`,
  },
  /** lane, limit */
  readyByRank: {
    sql: `${taskColumns} WHERE t.lane = ? AND t.state = 'ready'
      ORDER BY t.pin IS NULL, t.pin, t.score DESC, t.sequence LIMIT ?`,
  },
  /** lane, limit */
  readyByAge: { sql: `${taskColumns} WHERE t.lane = ? AND t.state = 'ready' ORDER BY t.sequence LIMIT ?` },
  /** workspace, limit */
  finished: {
    sql: `${taskColumns} WHERE t.workspace = ? AND t.finished_at IS NOT NULL
      ORDER BY t.finished_at DESC, t.sequence DESC LIMIT ?`,
  },
  /** workspace, state, limit, agents or null, text in lower case or null, text as it is */
  openFiltered: {
    sql: `${taskColumns} WHERE t.workspace = ?1 AND t.state = ?2
      AND t.state IN ('running', 'attention', 'held', 'blocked', 'scheduled') AND ${filter} ORDER BY t.sequence LIMIT ?3`,
  },
  /** lane, -, limit, and the rest as above */
  readyFiltered: {
    sql: `${taskColumns} WHERE t.lane = ?1 AND ?2 IS NULL AND t.state = 'ready' AND ${filter}
      ORDER BY t.pin IS NULL, t.pin, t.score DESC, t.sequence LIMIT ?3`,
  },
  /** workspace, statuses, limit, and the rest as above */
  finishedFiltered: {
    sql: `${taskColumns} WHERE t.workspace = ?1 AND t.finished_at IS NOT NULL
      AND t.status IN (SELECT value FROM json_each(?2)) AND ${filter}
      ORDER BY t.finished_at DESC, t.sequence DESC LIMIT ?3`,
  },
  tally: { sql: 'SELECT state, count FROM tally WHERE workspace = ?' },

  head: { sql: `${headColumns} WHERE id = ?` },
  /** The fence: id and claim of a running task. */
  runningClaim: { sql: `${headColumns} WHERE id = ? AND claim = ? AND status = 'running'` },
  launch: { sql: 'SELECT launch FROM task WHERE sequence = ?' },
  /** parent, key */
  childByKey: { sql: 'SELECT id FROM task WHERE parent = ? AND create_key = ?' },

  /** lane, limit */
  bestOfLane: {
    sql: `${candidateColumns} WHERE lane = ? AND state = 'ready'
      ORDER BY pin IS NULL, pin, score DESC, sequence LIMIT ?`,
  },
  /** lane, limit */
  oldestOfLane: { sql: `${candidateColumns} WHERE lane = ? AND state = 'ready' ORDER BY sequence LIMIT ?` },
  /** task: the later of the instants since which it waits and at which the last of its prerequisites was completed. */
  readySince: {
    sql: `SELECT max(t.queued_at, coalesce((SELECT max(p.finished_at)
        FROM dependency d JOIN task p ON p.sequence = d.needs WHERE d.task = t.sequence), 0))
      FROM task t WHERE t.sequence = ?`,
  },
  running: { sql: "SELECT lane FROM task WHERE state = 'running'" },
  /** workspace: its pinned tasks in their order. */
  pinned: {
    sql: 'SELECT sequence, lane, pin FROM task WHERE pin IS NOT NULL AND workspace = ? ORDER BY pin, sequence',
  },
  /** workspace: the same, those that run apart. */
  pinnedCandidates: {
    sql: `${candidateColumns} WHERE pin IS NOT NULL AND workspace = ? AND status <> 'running' ORDER BY pin, sequence`,
  },
  /** Those of all workspaces. */
  allPinned: { sql: 'SELECT sequence, lane, pin FROM task WHERE pin IS NOT NULL ORDER BY pin, sequence' },
  boost: { sql: 'SELECT boost FROM task WHERE sequence = ?' },
  lowestPin: { sql: 'SELECT min(pin) FROM task WHERE pin IS NOT NULL' },

  /** workspace */
  nextRescore: { sql: 'SELECT min(rescore_at) FROM task WHERE workspace = ? AND rescore_at IS NOT NULL' },
  /** workspace */
  nextScheduled: { sql: 'SELECT min(not_before) FROM task WHERE workspace = ? AND not_before IS NOT NULL' },
  /** workspace, now, limit */
  dueScheduled: {
    sql: 'SELECT sequence, lane FROM task WHERE workspace = ? AND not_before <= ? ORDER BY not_before LIMIT ?',
  },
  /** workspace, now, limit */
  dueScores: {
    sql: 'SELECT sequence FROM task WHERE workspace = ? AND rescore_at <= ? ORDER BY rescore_at, sequence LIMIT ?',
  },
  facts: {
    sql: `SELECT workspace, lane, priority, title, description, due_at, created_at, json_extract(judged, '$.value'), boost,
      id, score, judgement, unblocking, goal_link, deadline, age
      FROM task WHERE sequence = ?`,
  },
  /** task, bound: unfinished tasks that wait for it, each once, at most `bound`; breadth first. */
  dependents: {
    sql: `WITH RECURSIVE waiting (sequence) AS (
        SELECT t.sequence FROM dependency d JOIN task t ON t.sequence = d.task
          WHERE d.needs = ?1 AND t.finished_at IS NULL
        UNION
        SELECT t.sequence FROM waiting w JOIN dependency d ON d.needs = w.sequence JOIN task t ON t.sequence = d.task
          WHERE t.finished_at IS NULL
        LIMIT ?2
      ) SELECT count(*) FROM waiting`,
  },
  /** tasks: who waits for them directly. */
  waitingFor: {
    sql: `SELECT DISTINCT t.sequence, t.lane, t.workspace FROM json_each(?) seed
      JOIN dependency d ON d.needs = seed.value JOIN task t ON t.sequence = d.task`,
  },
  /** tasks, task: whether the second is among the first or anything they wait for. */
  reaches: {
    sql: `WITH RECURSIVE upstream (sequence) AS (
        SELECT value FROM json_each(?1)
        UNION
        SELECT d.needs FROM upstream u JOIN dependency d ON d.task = u.sequence
      ) SELECT 1 FROM upstream WHERE sequence = ?2 LIMIT 1`,
  },
  /** task: the unfinished ones that it waits for itself, latest first. */
  openNeeds: {
    sql: `SELECT p.sequence, p.lane FROM dependency d JOIN task p ON p.sequence = d.needs
      WHERE d.task = ? AND p.finished_at IS NULL ORDER BY p.sequence DESC`,
  },
  /** task ids: they and all their sub-tasks. */
  subtree: {
    sql: `WITH RECURSIVE tree (sequence) AS (
        SELECT t.sequence FROM json_each(?) seed JOIN task t ON t.id = seed.value
        UNION
        SELECT t.sequence FROM tree JOIN task t ON t.parent = tree.sequence
      ) SELECT t.sequence, t.lane, t.workspace, t.status, t.root FROM tree JOIN task t ON t.sequence = tree.sequence`,
  },
  /** workspace, limit: roots of finished trees that nothing unfinished waits for, with the size of each tree. */
  clearable: {
    sql: `SELECT r.sequence, r.id, 1 + (SELECT count(*) FROM task m WHERE m.parent IS NOT NULL AND m.root = r.sequence)
      FROM task r
      WHERE r.workspace = ? AND r.finished_at IS NOT NULL AND r.parent IS NULL
        AND NOT EXISTS (SELECT 1 FROM task m
          WHERE m.parent IS NOT NULL AND m.root = r.sequence AND m.finished_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM dependency d JOIN task u ON u.sequence = d.task
          WHERE d.needs = r.sequence AND u.finished_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM task m
          JOIN dependency d ON d.needs = m.sequence JOIN task u ON u.sequence = d.task
          WHERE m.parent IS NOT NULL AND m.root = r.sequence AND u.finished_at IS NULL)
      ORDER BY r.finished_at LIMIT ?`,
  },
  /** Those that are not over, oldest first. */
  openTrips: {
    sql: `SELECT t.id, t.workspace, r.id, t.fuse, t.at, t.title, t.reason, t.holds, t.resumes_at, t.root
      FROM trip t LEFT JOIN task r ON r.sequence = t.root WHERE t.ended_at IS NULL ORDER BY t.id`,
  },
  lastTrip: { sql: 'SELECT coalesce(max(id), 0) FROM trip' },
  /** workspace, fuse, root or null: those that a person or time has ended, latest first. */
  endings: {
    sql: `SELECT at, ended_at, ended_by FROM trip
      WHERE workspace = ? AND fuse = ? AND root IS ? AND ended_by IN ('user', 'time') ORDER BY id DESC`,
  },
  /** workspace, root: how often a person has answered each fuse of a tree. */
  answersOfTree: {
    sql: `SELECT fuse, count(*) FROM trip WHERE workspace = ? AND root = ? AND ended_by = 'user' GROUP BY fuse`,
  },
  /** task: who made it, and what a person said to it. */
  maker: { sql: "SELECT created_by, json_extract(context_data, '$.approval') FROM task WHERE sequence = ?" },
  /** parent, limit */
  madeChildren: {
    sql: `SELECT count(*) FROM (SELECT 1 FROM task WHERE parent = ?1 AND created_by = 'agent'
      AND ${unapproved} LIMIT ?2)`,
  },
  /** task, limit: it and what is under it. */
  madeUnder: {
    sql: `WITH RECURSIVE tree (sequence) AS (
        SELECT ?1 UNION SELECT t.sequence FROM tree JOIN task t ON t.parent = tree.sequence
      ) SELECT count(*) FROM (SELECT 1 FROM tree JOIN task USING (sequence)
        WHERE sequence = ?1 OR ${unapproved} LIMIT ?2)`,
  },
  /** workspace, limit */
  madePending: {
    sql: `SELECT count(*) FROM (SELECT 1 FROM task WHERE workspace = ?1 AND created_by = 'agent'
      AND status IN ('pending', 'needs_input') AND ${unapproved} LIMIT ?2)`,
  },
  /** workspace, since, limit */
  madeSince: {
    sql: `SELECT count(*) FROM (SELECT 1 FROM task WHERE workspace = ?1 AND created_by = 'agent'
      AND created_at > ?2 AND ${unapproved} LIMIT ?3)`,
  },
  /**
   * root, limit, skip, since: of the last completed tasks of a tree but the latest, how many there are and how many
   * sub-tasks they have made.
   */
  offspring: {
    sql: `SELECT count(*), coalesce(sum((SELECT count(*) FROM task c
          WHERE c.parent = f.sequence AND c.created_by = 'agent' AND ${unapproved})), 0) FROM (
        SELECT sequence FROM task WHERE (sequence = ?1 OR (parent IS NOT NULL AND root = ?1))
          AND status = 'completed' AND finished_at > ?4
          ORDER BY finished_at DESC, sequence DESC LIMIT ?2 OFFSET ?3) f`,
  },
  /** parent, likeness: the first that is as like as that. */
  twin: {
    sql: `SELECT id FROM task WHERE parent = ? AND likeness = ? AND likeness IS NOT NULL
      ORDER BY sequence LIMIT 1`,
  },
  /** root, limit: tasks of a tree that agents made, that nobody has approved and that wait, oldest first. */
  planned: {
    sql: `SELECT sequence FROM task WHERE parent IS NOT NULL AND root = ?1 AND created_by = 'agent' AND ${unapproved}
      AND (status = 'pending'
        OR (status = 'needs_input' AND json_extract(context_data, '$.approval') = 'wanted'))
      ORDER BY sequence LIMIT ?2`,
  },
  /** root, since, limit: how the tasks of a tree ended, latest first. */
  lastEnds: {
    sql: `SELECT status FROM task WHERE parent IS NOT NULL AND root = ?1 AND finished_at > ?2
      AND status IN ('completed', 'failed') ORDER BY finished_at DESC, sequence DESC LIMIT ?3`,
  },
  /** root */
  treeUse: {
    sql: `SELECT coalesce(sum(tokens), 0), coalesce(sum(cost_micros), 0),
        coalesce(sum(used_time), 0)
      FROM task WHERE sequence = ?1 OR (parent IS NOT NULL AND root = ?1)`,
  },
  /** root: one that is not finished. */
  treeOpen: {
    sql: `SELECT 1 FROM task WHERE (sequence = ?1 OR (parent IS NOT NULL AND root = ?1))
      AND finished_at IS NULL LIMIT 1`,
  },
  /** workspace: a task that an agent made, that nobody has approved and that is not finished. */
  madeOpen: {
    sql: `SELECT 1 FROM task WHERE workspace = ? AND rescore_at IS NOT NULL AND finished_at IS NULL
      AND created_by = 'agent' AND ${unapproved} LIMIT 1`,
  },
  /** The latest instant that fuses have noted, apart from those that are to come. */
  latestOfFuses: {
    sql: `SELECT max(coalesce((SELECT max(at) FROM execution), 0), coalesce((SELECT max(at) FROM trip), 0),
      coalesce((SELECT max(ended_at) FROM trip), 0))`,
  },
  /** workspace, since, limit */
  executions: {
    sql: 'SELECT count(*) FROM (SELECT 1 FROM execution WHERE workspace = ? AND at > ? LIMIT ?)',
  },
  /** workspace, day */
  spend: { sql: 'SELECT tokens, cost_micros FROM spend WHERE workspace = ? AND day = ?' },
  readyInLane: { sql: "SELECT COUNT(*) FROM task WHERE lane = ? AND state = 'ready'" },
  buckets: { sql: 'SELECT name, state FROM bucket' },
  /** lane, limit */
  readyUpTo: { sql: "SELECT count(*) FROM (SELECT 1 FROM task WHERE lane = ? AND state = 'ready' LIMIT ?)" },
  /** How many pending tasks of each workspace wait for a first and for a second opinion. */
  awaitingOpinion: {
    sql: `SELECT workspace, sum(opinion = 1), sum(opinion = 2) FROM task
      WHERE opinion IS NOT NULL AND status = 'pending' GROUP BY workspace`,
  },
  /** workspace, opinion, limit: best score first. */
  unjudged: {
    sql: `SELECT sequence, id, title, description FROM task
      WHERE workspace = ? AND opinion = ? AND opinion IS NOT NULL AND status = 'pending'
      ORDER BY score DESC LIMIT ?`,
  },
  /** task, limit: titles of what it waits for or has waited for. */
  upstreamTitles: {
    sql: `SELECT p.title FROM dependency d JOIN task p ON p.sequence = d.needs
      WHERE d.task = ? ORDER BY p.sequence LIMIT ?`,
  },
  /**
   * 1 workspace, 2 rows looked at, 3 what keys begin with, 4 limit: of unfinished tasks that wait for no opinion, value
   * and key of those that were judged soundly and are not held back.
   */
  judgedExamples: {
    sql: `SELECT title, json_extract(judged, '$.value'), json_extract(judged, '$.key') FROM (
        SELECT title, judged FROM task WHERE workspace = ?1 AND rescore_at IS NOT NULL AND opinion IS NULL LIMIT ?2
      ) WHERE substr(json_extract(judged, '$.key'), 1, length(?3)) = ?3
        AND json_extract(judged, '$.source') IN ('model', 'cache')
        AND json_extract(judged, '$.value') = json_extract(judged, '$.said')
        AND json_extract(judged, '$.speaks') IS NOT 1
      LIMIT ?4`,
  },
  /** workspace, limit */
  someWaiting: {
    sql: `SELECT id, title, description FROM task WHERE workspace = ? AND rescore_at IS NOT NULL
      AND status = 'pending' LIMIT ?`,
  },
  /** lane, limit: the best of those that are ready and were judged for good: key and instant of that, score, texts. */
  judgedOfLane: {
    sql: `SELECT json_extract(judged, '$.key'), json_extract(judged, '$.at'), score, sequence, id, title, description FROM (
        SELECT sequence, id, title, description, judged, opinion, score FROM task WHERE lane = ? AND state = 'ready'
        ORDER BY pin IS NULL, pin, score DESC, sequence LIMIT ?
      ) WHERE judged IS NOT NULL AND opinion IS NULL`,
  },
  /** id: what a verdict is checked against. */
  verdictFacts: {
    sql: `SELECT sequence, workspace, title, description, finished_at IS NULL,
        coalesce(json_extract(judged, '$.version'), 0)
      FROM task WHERE id = ?`,
  },
  createdAt: { sql: 'SELECT created_at FROM task WHERE sequence = ?' },
  /** keys */
  judgements: {
    sql: `SELECT key, said, reason, concepts, model, prompt_version, rounds, at FROM judgement
      WHERE key IN (SELECT value FROM json_each(?))`,
  },
  /**
   * beginnings of the keys of meanings: keys of judgements, of which the meaning comes last; and the unfinished tasks
   * that were judged under such keys, or under any where null is given.
   */
  judgementsFor: {
    sql: `SELECT key FROM judgement
      WHERE EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(judgement.key, char(31) || value) > 0)`,
  },
  judgedFor: {
    sql: `SELECT sequence FROM task WHERE rescore_at IS NOT NULL AND finished_at IS NULL AND judged IS NOT NULL
      AND (?1 IS NULL
        OR EXISTS (SELECT 1 FROM json_each(?1) WHERE instr(json_extract(judged, '$.key'), char(31) || value) > 0))`,
  },
  judgementCount: { sql: 'SELECT count(*) FROM judgement' },
  terms: { sql: 'SELECT term, concept, agreed, disagreed, at FROM learned_term ORDER BY term' },
  /** workspace, finished at, sequence, limit: those after that one, newest first. */
  finishedAfter: {
    sql: `${taskColumns} WHERE t.workspace = ?1 AND t.finished_at IS NOT NULL AND t.finished_at <= ?2
        AND (t.finished_at < ?2 OR t.sequence < ?3)
      ORDER BY t.finished_at DESC, t.sequence DESC LIMIT ?4`,
  },
  /**
   * workspace, limit: roots of finished trees of which nothing else is needed by a task that may still run, which a
   * failed or cancelled one may.
   */
  archivable: {
    sql: `SELECT r.sequence FROM task r
      WHERE r.workspace = ? AND r.finished_at IS NOT NULL AND r.parent IS NULL
        AND NOT EXISTS (SELECT 1 FROM task m
          WHERE m.parent IS NOT NULL AND m.root = r.sequence AND m.finished_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM dependency d JOIN task u ON u.sequence = d.task
          WHERE d.needs = r.sequence AND u.root <> r.sequence AND u.status <> 'completed')
        AND NOT EXISTS (SELECT 1 FROM task m
          JOIN dependency d ON d.needs = m.sequence JOIN task u ON u.sequence = d.task
          WHERE m.parent IS NOT NULL AND m.root = r.sequence AND u.root <> r.sequence AND u.status <> 'completed')
      ORDER BY r.finished_at, r.sequence LIMIT ?`,
  },
  /** root, limit: the tasks of its tree, the latest first, with the characters of their texts. */
  treeSizes: {
    sql: `SELECT t.sequence, length(t.description) + coalesce(length(t.result), 0) FROM task t
      WHERE t.sequence = ?1 OR (t.parent IS NOT NULL AND t.root = ?1) ORDER BY t.sequence DESC LIMIT ?2`,
  },
  /**
   * workspace, sequence, limit: tasks after that one, whole but for what is counted anew, in order of creation; before
   * `movedCells` come sequence, lane, parent, root, finished at, needs, whether one of these is of another workspace
   * and not completed, what its runs have used, and the status.
   */
  moving: {
    sql: `SELECT t.sequence, t.lane,
        (SELECT p.id FROM task p WHERE p.sequence = t.parent), (SELECT r.id FROM task r WHERE r.sequence = t.root),
        t.finished_at,
        (SELECT json_group_array(n.id) FROM dependency d JOIN task n ON n.sequence = d.needs WHERE d.task = t.sequence),
        EXISTS (SELECT 1 FROM dependency d JOIN task n ON n.sequence = d.needs
          WHERE d.task = t.sequence AND n.workspace <> t.workspace AND n.status <> 'completed'),
        t.used_time, t.deferrals, t.likeness, t.status,
        t.id, t.agent_id, t.priority, t.status, t.claim, t.attempt, t.interruptions,
        t.score, t.judgement, t.unblocking, t.goal_link, t.deadline, t.age, t.boost, t.pin,
        t.create_key, t.created_by, t.not_before, t.due_at, t.timeout, t.created_at, t.queued_at, t.started_at,
        t.finished_at, t.tokens, t.cost_micros, t.resources, t.input, t.context_data, t.title, t.question,
        t.error_code, t.error_message, t.description, t.result, t.judged
      FROM task t WHERE t.workspace = ? AND t.sequence > ? ORDER BY t.sequence LIMIT ?`,
  },
  /** workspace: its trips, open and over, with the ids of their roots. */
  movingTrips: {
    sql: `SELECT r.id, t.root IS NOT NULL, t.fuse, t.at, t.title, t.reason, t.holds, t.resumes_at, t.ended_at, t.ended_by
      FROM trip t LEFT JOIN task r ON r.sequence = t.root WHERE t.workspace = ? ORDER BY t.id`,
  },
  /** workspace */
  movingExecutions: { sql: 'SELECT at FROM execution WHERE workspace = ? ORDER BY at' },
  /** workspace */
  movingSpend: { sql: 'SELECT day, tokens, cost_micros FROM spend WHERE workspace = ? ORDER BY day' },
  decision: {
    sql: `SELECT id, task_id, claim, at, reason, score, top, context FROM decision
      WHERE task_id = ? ORDER BY id DESC LIMIT 1`,
  },
} as const satisfies Record<string, ReadStatement>;
