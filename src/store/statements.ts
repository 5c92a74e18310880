/**
 * Every SQL statement of the store.
 *
 * A write has a number, because a commit in the journal is a list of numbers and parameters. A number is never used
 * again and its text never changes once released: a better text gets the next number, and the old one stays for the
 * journals that name it. Nothing here reads a clock or chance; every such value is a parameter.
 */

export interface WriteStatement {
  /** Names the statement in the journal, for ever. */
  readonly id: number;
  readonly sql: string;
}

export interface ReadStatement {
  readonly sql: string;
}

export type Statement = WriteStatement | ReadStatement;

/** Parameters are positional; lists travel as JSON arrays. */
export const writes = {
  /** name, value */
  putMeta: {
    id: 1,
    sql: 'INSERT INTO meta VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  },
  /** key, id, uri, name; the key of a known workspace stays */
  putWorkspace: {
    id: 2,
    sql: `INSERT INTO workspace (key, id, uri, name) VALUES (?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET uri = excluded.uri, name = excluded.name`,
  },
  /** goal, workspace */
  setGoal: { id: 3, sql: 'UPDATE workspace SET goal = ? WHERE key = ?' },
  /** at, by, reason, workspace */
  setPause: {
    id: 4,
    sql: 'UPDATE workspace SET paused_at = ?, paused_by = ?, pause_reason = ? WHERE key = ?',
  },
  /** key, workspace, signature */
  insertLane: { id: 5, sql: 'INSERT INTO lane VALUES (?, ?, ?)' },
  /** Changes nothing when there is a task with this id. */
  insertTask: {
    id: 6,
    sql: `INSERT INTO task (
        sequence, id, workspace, lane, agent_id, priority, unmet, broken,
        score, judgement, unblocking, goal_link, deadline, age, rescore_at,
        parent, root, create_key, created_by, due_at, timeout, created_at,
        resources, input, context_data, title, description
      ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO NOTHING`,
  },
  /** task, needs */
  insertDependency: { id: 7, sql: 'INSERT INTO dependency VALUES (?, ?)' },
  /**
   * tasks, bound: the scores of everything unfinished that the tasks wait for, directly or through others, are out
   * of date. The search does not pass what has `bound` dependents and an up-to-date score; returns workspaces.
   */
  outdatePrerequisites: {
    id: 8,
    sql: `WITH RECURSIVE upstream (sequence) AS (
        SELECT p.sequence FROM json_each(?1) seed
          JOIN dependency d ON d.task = seed.value
          JOIN task p ON p.sequence = d.needs
          WHERE p.finished_at IS NULL AND (p.dependents < ?2 OR p.rescore_at = 0)
        UNION
        SELECT p.sequence FROM upstream u
          JOIN dependency d ON d.task = u.sequence
          JOIN task p ON p.sequence = d.needs
          WHERE p.finished_at IS NULL AND (p.dependents < ?2 OR p.rescore_at = 0)
      )
      UPDATE task SET rescore_at = 0 WHERE sequence IN (SELECT sequence FROM upstream) RETURNING workspace`,
  },
  /** workspace: every unfinished task of it has a score that is out of date. */
  outdateWorkspace: { id: 9, sql: 'UPDATE task SET rescore_at = 0 WHERE workspace = ? AND rescore_at > 0' },
  /** score, judgement, unblocking, goal, deadline, age, dependents, rescore_at, task */
  setScore: {
    id: 10,
    sql: `UPDATE task SET score = ?, judgement = ?, unblocking = ?, goal_link = ?, deadline = ?, age = ?,
      dependents = ?, rescore_at = ? WHERE sequence = ?`,
  },
  /** tasks: counts what they wait for anew. */
  recount: {
    id: 11,
    sql: `UPDATE task SET
        unmet = (SELECT count(*) FROM dependency d JOIN task p ON p.sequence = d.needs
          WHERE d.task = task.sequence AND p.status <> 'completed'),
        broken = (SELECT count(*) FROM dependency d JOIN task p ON p.sequence = d.needs
          WHERE d.task = task.sequence AND p.status IN ('failed', 'cancelled'))
      WHERE sequence IN (SELECT value FROM json_each(?))`,
  },
  /** task: its waiting time is over. */
  promote: { id: 12, sql: 'UPDATE task SET not_before = NULL WHERE sequence = ?' },
  /** lease, at, task */
  claim: {
    id: 13,
    sql: `UPDATE task SET status = 'running', claim = claim + 1, lease = ?, started_at = ?, finished_at = NULL,
      launch = NULL, question = NULL WHERE sequence = ?`,
  },
  /** id, task id, claim, at, reason, score, top, context */
  insertDecision: { id: 14, sql: 'INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?)' },
  /** id: this decision and older ones go. */
  pruneDecisions: { id: 15, sql: 'DELETE FROM decision WHERE id <= ?' },
  /**
   * 1 status, 2 attempts more, 3 interruptions more, 4 question, 5 error code, 6 error message, 7 result, 8 not
   * before, 9 finished at, 10 tokens more, 11 cost more, 12 task. A finished task loses its pin.
   */
  settle: {
    id: 16,
    sql: `UPDATE task SET status = ?1, attempt = attempt + ?2, interruptions = interruptions + ?3, question = ?4,
      error_code = ?5, error_message = ?6, result = ?7, not_before = ?8, finished_at = ?9,
      tokens = tokens + ?10, cost_micros = cost_micros + ?11, lease = NULL, launch = NULL,
      pin = CASE WHEN ?9 IS NULL THEN pin END, rescore_at = CASE WHEN ?9 IS NULL THEN rescore_at END
      WHERE sequence = ?12`,
  },
  /** launch, task */
  setLaunch: { id: 17, sql: 'UPDATE task SET launch = ? WHERE sequence = ?' },
  edit: {
    id: 18,
    sql: `UPDATE task SET lane = ?, agent_id = ?, priority = ?, due_at = ?, timeout = ?, resources = ?, input = ?,
      title = ?, description = ? WHERE sequence = ?`,
  },
  /** task: it waits for nothing. */
  dropNeeds: { id: 19, sql: 'DELETE FROM dependency WHERE task = ?' },
  /** at, task */
  cancel: {
    id: 20,
    sql: `UPDATE task SET status = 'cancelled', finished_at = ?, not_before = NULL, question = NULL, pin = NULL,
      rescore_at = NULL WHERE sequence = ?`,
  },
  /** task: as if it had never run, but for its claim number, which only rises. */
  rerun: {
    id: 21,
    sql: `UPDATE task SET status = 'pending', attempt = 0, interruptions = 0, question = NULL, error_code = NULL,
      error_message = NULL, result = NULL, not_before = NULL, finished_at = NULL, rescore_at = 0 WHERE sequence = ?`,
  },
  /** pin, task */
  pin: { id: 22, sql: 'UPDATE task SET pin = ?, not_before = NULL WHERE sequence = ?' },
  /** tasks */
  deleteDependencies: {
    id: 23,
    sql: `DELETE FROM dependency WHERE task IN (SELECT value FROM json_each(?1))
      OR needs IN (SELECT value FROM json_each(?1))`,
  },
  /** tasks */
  deleteTasks: { id: 24, sql: 'DELETE FROM task WHERE sequence IN (SELECT value FROM json_each(?))' },
  /** now: instants from a clock that was ahead are brought back. */
  clampInstants: {
    id: 25,
    sql: `UPDATE task SET created_at = min(created_at, ?1), started_at = min(started_at, ?1),
      finished_at = min(finished_at, ?1), not_before = min(not_before, ?1),
      rescore_at = CASE WHEN rescore_at IS NOT NULL THEN 0 END
      WHERE created_at > ?1 OR started_at > ?1 OR finished_at > ?1`,
  },
  /** now */
  clampPauses: { id: 26, sql: 'UPDATE workspace SET paused_at = ?1 WHERE paused_at > ?1' },
  /** name, value */
  putNote: {
    id: 27,
    sql: 'INSERT INTO note VALUES (?, ?) ON CONFLICT DO UPDATE SET value = excluded.value',
  },
  /** name */
  dropNote: { id: 28, sql: 'DELETE FROM note WHERE name = ?' },
  /** Changes nothing when there is a task with this id. It waits from when it was created. */
  insertQueuedTask: {
    id: 40,
    sql: `INSERT INTO task (
        sequence, id, workspace, lane, agent_id, priority, unmet, broken,
        score, judgement, unblocking, goal_link, deadline, age, rescore_at,
        parent, root, create_key, created_by, due_at, timeout, created_at, queued_at,
        resources, input, context_data, title, description
      ) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?22,
        ?23, ?24, ?25, ?26, ?27)
      ON CONFLICT (id) DO NOTHING`,
  },
  /** task: its waiting time is over since the instant it was to be; it waits for a worker from then on. */
  promoteToQueue: {
    id: 41,
    sql: 'UPDATE task SET queued_at = max(queued_at, not_before), not_before = NULL WHERE sequence = ?',
  },
  /** at, task: it waits from then on. */
  queueFrom: { id: 42, sql: 'UPDATE task SET queued_at = ? WHERE sequence = ?' },
  /**
   * tasks, now: some of what they wait for is going to be forgotten, so they remember since when that does not keep
   * them any more.
   */
  rememberNeeds: {
    id: 43,
    sql: `UPDATE task SET queued_at = max(queued_at, coalesce((
        SELECT max(CASE p.status WHEN 'completed' THEN p.finished_at ELSE ?2 END)
          FROM dependency d JOIN task p ON p.sequence = d.needs WHERE d.task = task.sequence), 0))
      WHERE sequence IN (SELECT value FROM json_each(?1))`,
  },
  /** now, task: it does not wait for its instant any more, but for a worker. */
  queueNow: { id: 44, sql: 'UPDATE task SET queued_at = min(queued_at, ?) WHERE sequence = ?' },

  /**
   * sequence, workspace, lane, parent, root, rescore at, opinion, then `movedCells`: a task from another store, unless
   * it is here.
   */
  insertMovedTask: {
    id: 45,
    sql: `INSERT INTO task (
        sequence, workspace, lane, parent, root, rescore_at, opinion, unmet, broken,
        id, agent_id, priority, status, claim, attempt, interruptions,
        score, judgement, unblocking, goal_link, deadline, age, boost, pin,
        create_key, created_by, not_before, due_at, timeout, created_at, queued_at, started_at, finished_at,
        tokens, cost_micros, resources, input, context_data, title, question,
        error_code, error_message, description, result, judged
      ) VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,
        ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT DO NOTHING`,
  },
  /** question, tasks: those that wait ask before they run. */
  askFirst: {
    id: 46,
    sql: `UPDATE task SET status = 'needs_input', question = ?, not_before = NULL
      WHERE status = 'pending' AND sequence IN (SELECT value FROM json_each(?))`,
  },

  /** pin or null, task */
  setPin: { id: 29, sql: 'UPDATE task SET pin = ? WHERE sequence = ?' },
  /** boost, task */
  setBoost: { id: 30, sql: 'UPDATE task SET boost = ? WHERE sequence = ?' },

  /** task: it waits for a first opinion. */
  awaitOpinion: { id: 65, sql: 'UPDATE task SET opinion = 1 WHERE sequence = ?' },
  /** first, last: the unfinished tasks with these numbers that nobody has judged wait for an opinion. */
  awaitOpinions: {
    id: 66,
    sql: `UPDATE task SET opinion = 1
      WHERE sequence BETWEEN ? AND ? AND finished_at IS NULL AND judged IS NULL AND opinion IS NULL`,
  },
  /** No task waits for an opinion. */
  awaitNoOpinion: {
    id: 67,
    sql: "UPDATE task SET opinion = NULL WHERE opinion IS NOT NULL AND status = 'pending'",
  },
  /** workspace: every unfinished task of it waits for a first opinion. */
  awaitAllOpinions: {
    id: 68,
    sql: 'UPDATE task SET opinion = 1 WHERE workspace = ? AND rescore_at IS NOT NULL AND finished_at IS NULL',
  },
  /** judgement as JSON, opinion it still waits for, task */
  setJudged: { id: 69, sql: 'UPDATE task SET judged = ?, opinion = ? WHERE sequence = ?' },
  /** key, said, reason, concepts, model, prompt version, rounds, at */
  putJudgement: {
    id: 70,
    sql: `INSERT INTO judgement VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      said = excluded.said, reason = excluded.reason, concepts = excluded.concepts, model = excluded.model,
      prompt_version = excluded.prompt_version, rounds = excluded.rounds, at = excluded.at`,
  },
  /** limit: so many of the oldest go. */
  pruneJudgements: {
    id: 71,
    sql: 'DELETE FROM judgement WHERE key IN (SELECT key FROM judgement ORDER BY at LIMIT ?)',
  },
  /** from, to: those with keys from the first up to the second go. */
  dropJudgements: { id: 72, sql: 'DELETE FROM judgement WHERE key >= ? AND key < ?' },
  /** term, concept, agreed, disagreed, at */
  putTerm: {
    id: 73,
    sql: `INSERT INTO learned_term VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      concept = excluded.concept, agreed = excluded.agreed, disagreed = excluded.disagreed, at = excluded.at`,
  },
  /** terms: all others go. */
  keepTerms: { id: 74, sql: 'DELETE FROM learned_term WHERE term NOT IN (SELECT value FROM json_each(?))' },
} as const satisfies Record<string, WriteStatement>;

/** The columns of a task, in the order `taskOf` reads them. */
const taskColumns = `SELECT t.sequence, t.id, t.workspace, t.lane, t.agent_id, t.priority, t.status, t.unmet, t.broken,
    t.claim, t.attempt, t.interruptions, t.lease,
    t.score, t.judgement, t.unblocking, t.goal_link, t.deadline, t.age, t.boost, t.pin,
    (SELECT p.id FROM task p WHERE p.sequence = t.parent), (SELECT r.id FROM task r WHERE r.sequence = t.root),
    t.created_by, t.not_before, t.due_at, t.timeout, t.created_at, t.started_at, t.finished_at,
    t.tokens, t.cost_micros, t.resources, t.input, t.context_data, t.title, t.launch, t.question,
    t.error_code, t.error_message, t.description, t.result, t.judged,
    (SELECT json_group_array(n.id) FROM dependency d JOIN task n ON n.sequence = d.needs WHERE d.task = t.sequence)
  FROM task t`;

const candidateColumns = 'SELECT sequence, id, pin, score FROM task';

/** Columns of a task that operations decide on, in the order `headOf` reads them. */
const headColumns = 'SELECT sequence, workspace, lane, status, claim, root, finished_at IS NULL FROM task';

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
      AND t.state IN ('running', 'attention', 'blocked', 'scheduled') ORDER BY t.sequence LIMIT ?3`,
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
    sql: `SELECT workspace, lane, priority, title, description, due_at, created_at, json_extract(judged, '$.value'), boost
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
  /** task: what it waits for and is not completed. */
  unmetNeeds: {
    sql: `SELECT p.sequence, p.lane, p.status FROM dependency d JOIN task p ON p.sequence = d.needs
      WHERE d.task = ? AND p.status <> 'completed' ORDER BY p.sequence`,
  },
  /** task ids: they and all their sub-tasks. */
  subtree: {
    sql: `WITH RECURSIVE tree (sequence) AS (
        SELECT t.sequence FROM json_each(?) seed JOIN task t ON t.id = seed.value
        UNION
        SELECT t.sequence FROM tree JOIN task t ON t.parent = tree.sequence
      ) SELECT t.sequence, t.lane, t.workspace, t.status FROM tree JOIN task t ON t.sequence = tree.sequence`,
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
  readyCounts: { sql: "SELECT workspace, count FROM tally WHERE state = 'ready' AND count > 0" },
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
  /** workspace, rows looked at, limit: title and value of unfinished tasks that were judged. */
  judgedExamples: {
    sql: `SELECT title, json_extract(judged, '$.said') FROM (
        SELECT title, judged FROM task WHERE workspace = ? AND rescore_at IS NOT NULL LIMIT ?
      ) WHERE judged IS NOT NULL LIMIT ?`,
  },
  /** id: what a verdict is checked against. */
  verdictFacts: {
    sql: `SELECT sequence, title, description, finished_at IS NULL, coalesce(json_extract(judged, '$.version'), 0)
      FROM task WHERE id = ?`,
  },
  createdAt: { sql: 'SELECT created_at FROM task WHERE sequence = ?' },
  /** keys */
  judgements: {
    sql: `SELECT key, said, reason, concepts, model, prompt_version, rounds, at FROM judgement
      WHERE key IN (SELECT value FROM json_each(?))`,
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
   * and not completed, and the status.
   */
  moving: {
    sql: `SELECT t.sequence, t.lane,
        (SELECT p.id FROM task p WHERE p.sequence = t.parent), (SELECT r.id FROM task r WHERE r.sequence = t.root),
        t.finished_at,
        (SELECT json_group_array(n.id) FROM dependency d JOIN task n ON n.sequence = d.needs WHERE d.task = t.sequence),
        EXISTS (SELECT 1 FROM dependency d JOIN task n ON n.sequence = d.needs
          WHERE d.task = t.sequence AND n.workspace <> t.workspace AND n.status <> 'completed'),
        t.status,
        t.id, t.agent_id, t.priority, t.status, t.claim, t.attempt, t.interruptions,
        t.score, t.judgement, t.unblocking, t.goal_link, t.deadline, t.age, t.boost, t.pin,
        t.create_key, t.created_by, t.not_before, t.due_at, t.timeout, t.created_at, t.queued_at, t.started_at,
        t.finished_at, t.tokens, t.cost_micros, t.resources, t.input, t.context_data, t.title, t.question,
        t.error_code, t.error_message, t.description, t.result, t.judged
      FROM task t WHERE t.workspace = ? AND t.sequence > ? ORDER BY t.sequence LIMIT ?`,
  },
  decision: {
    sql: `SELECT id, task_id, claim, at, reason, score, top, context FROM decision
      WHERE task_id = ? ORDER BY id DESC LIMIT 1`,
  },
} as const satisfies Record<string, ReadStatement>;

/** The writes by number, for replaying a journal. */
export const writesById: ReadonlyMap<number, WriteStatement> = new Map(
  Object.values(writes).map((statement) => [statement.id, statement]),
);
