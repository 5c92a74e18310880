/**
 * Every SQL statement that writes; those that only read are in `reads.ts`.
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
  /** id, workspace, root or null, fuse, at, title, reason, holds, resumes at */
  insertTrip: { id: 75, sql: 'INSERT INTO trip VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)' },
  /** at, by, id */
  endTrip: { id: 76, sql: 'UPDATE trip SET ended_at = ?, ended_by = ? WHERE id = ?' },
  /** at: those that ended before go. */
  pruneTrips: { id: 77, sql: 'DELETE FROM trip WHERE ended_at < ?' },
  /** held or null, root: of the whole tree; returns lanes. */
  holdTree: {
    id: 78,
    sql: `UPDATE task SET held = ?1
      WHERE (sequence = ?2 OR (parent IS NOT NULL AND root = ?2)) AND finished_at IS NULL AND held IS NOT ?1
      RETURNING lane`,
  },
  /** held or null, task */
  setHeld: { id: 79, sql: 'UPDATE task SET held = ? WHERE sequence = ?' },
  /** workspace, at */
  noteExecution: { id: 80, sql: 'INSERT INTO execution VALUES (?, ?)' },
  /** workspace, at: that one and older ones go. */
  pruneExecutions: { id: 81, sql: 'DELETE FROM execution WHERE workspace = ? AND at <= ?' },
  /** workspace, day, tokens, cost */
  addSpend: {
    id: 82,
    sql: `INSERT INTO spend VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET
      tokens = tokens + excluded.tokens, cost_micros = cost_micros + excluded.cost_micros`,
  },
  /** workspace, day: earlier ones go. */
  pruneSpend: { id: 83, sql: 'DELETE FROM spend WHERE workspace = ? AND day < ?' },
  /** context, task */
  setContext: { id: 84, sql: 'UPDATE task SET context_data = ? WHERE sequence = ?' },
  /** not before, task */
  setNotBefore: { id: 85, sql: 'UPDATE task SET not_before = ? WHERE sequence = ?' },
  /** at, context, task: it may run, and waits for a worker from then on. */
  approve: {
    id: 86,
    sql: `UPDATE task SET status = 'pending', question = NULL, queued_at = ?, context_data = ?
      WHERE sequence = ? AND status = 'needs_input'`,
  },
  /** name, state */
  putBucket: {
    id: 87,
    sql: 'INSERT INTO bucket VALUES (?, ?) ON CONFLICT DO UPDATE SET state = excluded.state',
  },
  /**
   * 1 status, 2 attempts more, 3 interruptions more, 4 question, 5 error code, 6 error message, 7 result, 8 not
   * before, 9 finished at, 10 tokens more, 11 cost more, 12 task, 13 milliseconds more, 14 whether it was told to slow
   * down. A finished task loses its pin.
   */
  settleRun: {
    id: 100,
    sql: `UPDATE task SET status = ?1, attempt = attempt + ?2, interruptions = interruptions + ?3, question = ?4,
      error_code = ?5, error_message = ?6, result = ?7, not_before = ?8, finished_at = ?9,
      tokens = tokens + ?10, cost_micros = cost_micros + ?11, used_time = used_time + ?13,
      deferrals = ?14 * (deferrals + 1), lease = NULL, launch = NULL,
      pin = CASE WHEN ?9 IS NULL THEN pin END, rescore_at = CASE WHEN ?9 IS NULL THEN rescore_at END
      WHERE sequence = ?12`,
  },
  /** held or null, root: of the whole tree, without what a person has stopped; returns lanes. */
  holdUnstopped: {
    id: 101,
    sql: `UPDATE task SET held = ?1
      WHERE (sequence = ?2 OR (parent IS NOT NULL AND root = ?2)) AND finished_at IS NULL
        AND held IS NOT ?1 AND held IS NOT 2
      RETURNING lane`,
  },
  /** tasks: those that run make nothing more and do not come back; returns their ids. */
  stopRunning: {
    id: 102,
    sql: `UPDATE task SET held = 2 WHERE sequence IN (SELECT value FROM json_each(?)) AND status = 'running'
      RETURNING id`,
  },
  /** at, tasks: those that wait; returns them and their lanes. */
  cancelWaiting: {
    id: 103,
    sql: `UPDATE task SET status = 'cancelled', finished_at = ?1, not_before = NULL, question = NULL, pin = NULL,
      rescore_at = NULL
      WHERE sequence IN (SELECT value FROM json_each(?2)) AND status IN ('pending', 'needs_input')
      RETURNING sequence, lane`,
  },
  /** likeness, task */
  setLikeness: { id: 104, sql: 'UPDATE task SET likeness = ? WHERE sequence = ?' },
  /** now: starts that a clock that was ahead has noted. */
  clampExecutions: { id: 105, sql: 'UPDATE execution SET at = ?1 WHERE at > ?1' },
  /** now: the same of trips; a pause keeps its length. */
  clampTrips: {
    id: 106,
    sql: `UPDATE trip SET resumes_at = resumes_at - max(0, at - ?1), at = min(at, ?1), ended_at = min(ended_at, ?1)
      WHERE at > ?1 OR ended_at > ?1`,
  },
  /** time used, deferrals, likeness, task */
  setUse: { id: 107, sql: 'UPDATE task SET used_time = ?, deferrals = ?, likeness = ? WHERE sequence = ?' },
  /** id, workspace, root or null, fuse, at, title, reason, holds, resumes at, ended at, ended by */
  insertMovedTrip: {
    id: 108,
    sql: `INSERT INTO trip (id, workspace, root, fuse, at, title, reason, holds, resumes_at, ended_at, ended_by)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  },
  /** workspace */
  dropTrips: { id: 109, sql: 'DELETE FROM trip WHERE workspace = ?' },
  /** at, tasks: they are approved, and those that asked for it wait for a worker from then on; returns lanes. */
  approvePlanned: {
    id: 110,
    sql: `UPDATE task SET context_data = json_set(context_data, '$.approval', 'given'), question = NULL,
      queued_at = CASE status WHEN 'needs_input' THEN ?1 ELSE queued_at END, status = 'pending'
      WHERE sequence IN (SELECT value FROM json_each(?2)) AND status IN ('pending', 'needs_input')
      RETURNING lane`,
  },
  /** terms: these go. */
  dropTerms: { id: 74, sql: 'DELETE FROM learned_term WHERE term IN (SELECT value FROM json_each(?))' },
} as const satisfies Record<string, WriteStatement>;

/** The writes by number, for replaying a journal. */
export const writesById: ReadonlyMap<number, WriteStatement> = new Map(
  Object.values(writes).map((statement) => [statement.id, statement]),
);
