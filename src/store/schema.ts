/**
 * The tables. A task's place in life is one generated column, `state`, with the words of `Counts`: readiness is
 * defined here and nowhere else, and the indexes of what is ready, open or waiting hang on it.
 */

/** Version of the schema below; see `migrations.ts`. */
export const schemaVersion = 5;

/**
 * Version 1.
 * - Tasks refer to each other by `sequence`, the row's own number: a quarter of the size of their ids in every index.
 * - A task is finished exactly when `finished_at` is set.
 * - `dependents` and `rescore_at` belong to the score: how many unfinished tasks wait for this one (capped), and
 *   when the score changes by itself. 0 means that it is out of date now; null that the task is finished.
 * - `tally` counts the tasks of a workspace by state; kept by triggers, so that a count costs one seek.
 */
export const schema1 = `
CREATE TABLE meta (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

CREATE TABLE workspace (
  key INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  uri TEXT NOT NULL,
  name TEXT NOT NULL,
  goal TEXT NOT NULL DEFAULT '',
  paused_at INTEGER,
  paused_by TEXT,
  pause_reason TEXT
) STRICT;

CREATE TABLE lane (
  key INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL,
  signature TEXT NOT NULL,
  UNIQUE (workspace, signature)
) STRICT;

CREATE TABLE task (
  sequence INTEGER PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  workspace INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  agent_id TEXT NOT NULL,
  priority TEXT NOT NULL,
  status TEXT NOT NULL DEFAULT 'pending',
  unmet INTEGER NOT NULL,
  broken INTEGER NOT NULL,
  claim INTEGER NOT NULL DEFAULT 0,
  attempt INTEGER NOT NULL DEFAULT 0,
  interruptions INTEGER NOT NULL DEFAULT 0,
  lease INTEGER,
  score INTEGER NOT NULL,
  judgement INTEGER NOT NULL,
  unblocking INTEGER NOT NULL,
  goal_link INTEGER NOT NULL,
  deadline INTEGER NOT NULL,
  age INTEGER NOT NULL,
  dependents INTEGER NOT NULL DEFAULT 0,
  rescore_at INTEGER,
  pin REAL,
  parent INTEGER,
  root INTEGER NOT NULL,
  create_key TEXT,
  created_by TEXT NOT NULL,
  not_before INTEGER,
  due_at INTEGER,
  timeout INTEGER,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  tokens INTEGER NOT NULL DEFAULT 0,
  cost_micros INTEGER NOT NULL DEFAULT 0,
  resources TEXT NOT NULL,
  input TEXT NOT NULL,
  context_data TEXT NOT NULL,
  title TEXT NOT NULL,
  launch TEXT,
  question TEXT,
  error_code TEXT,
  error_message TEXT,
  description TEXT NOT NULL,
  result TEXT,
  state TEXT GENERATED ALWAYS AS (
    CASE status
      WHEN 'pending' THEN
        CASE
          WHEN broken > 0 THEN 'attention'
          WHEN unmet > 0 THEN 'blocked'
          WHEN not_before IS NOT NULL THEN 'scheduled'
          ELSE 'ready'
        END
      WHEN 'needs_input' THEN 'attention'
      ELSE status
    END
  ) VIRTUAL
) STRICT;

CREATE INDEX task_rank ON task (lane, pin IS NULL, pin, score DESC) WHERE state = 'ready';
CREATE INDEX task_oldest ON task (lane) WHERE state = 'ready';
CREATE INDEX task_open ON task (workspace, state)
  WHERE state IN ('running', 'attention', 'blocked', 'scheduled');
CREATE INDEX task_running ON task (lane, lease) WHERE state = 'running';
CREATE INDEX task_finished ON task (workspace, finished_at) WHERE finished_at IS NOT NULL;
CREATE INDEX task_rescore ON task (workspace, rescore_at) WHERE rescore_at IS NOT NULL;
CREATE INDEX task_scheduled ON task (workspace, not_before) WHERE not_before IS NOT NULL;
CREATE INDEX task_pin ON task (pin) WHERE pin IS NOT NULL;
CREATE INDEX task_parent ON task (parent) WHERE parent IS NOT NULL;
CREATE INDEX task_root ON task (root) WHERE parent IS NOT NULL;
CREATE UNIQUE INDEX task_create_key ON task (parent, create_key)
  WHERE parent IS NOT NULL AND create_key IS NOT NULL;

CREATE TABLE dependency (
  task INTEGER NOT NULL,
  needs INTEGER NOT NULL,
  PRIMARY KEY (task, needs)
) STRICT, WITHOUT ROWID;
CREATE INDEX dependency_needs ON dependency (needs);

CREATE TABLE decision (
  id INTEGER PRIMARY KEY,
  task_id TEXT NOT NULL,
  claim INTEGER NOT NULL,
  at INTEGER NOT NULL,
  reason TEXT NOT NULL,
  score INTEGER NOT NULL,
  top TEXT NOT NULL,
  context TEXT NOT NULL
) STRICT;
CREATE INDEX decision_task ON decision (task_id);

CREATE TABLE tally (
  workspace INTEGER NOT NULL,
  state TEXT NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (workspace, state)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER workspace_added AFTER INSERT ON workspace BEGIN
  INSERT INTO tally VALUES
    (new.key, 'ready', 0), (new.key, 'blocked', 0), (new.key, 'scheduled', 0), (new.key, 'running', 0),
    (new.key, 'attention', 0), (new.key, 'completed', 0), (new.key, 'failed', 0), (new.key, 'cancelled', 0);
END;
CREATE TRIGGER task_added AFTER INSERT ON task BEGIN
  UPDATE tally SET count = count + 1 WHERE workspace = new.workspace AND state = new.state;
END;
CREATE TRIGGER task_moved AFTER UPDATE OF status, unmet, broken, not_before ON task WHEN old.state <> new.state BEGIN
  UPDATE tally SET count = count - 1 WHERE workspace = old.workspace AND state = old.state;
  UPDATE tally SET count = count + 1 WHERE workspace = new.workspace AND state = new.state;
END;
CREATE TRIGGER task_deleted AFTER DELETE ON task BEGIN
  UPDATE tally SET count = count - 1 WHERE workspace = old.workspace AND state = old.state;
END;
`;

/**
 * Version 2.
 * - `boost`: points the user has added to the score.
 * - `queued_at`: since when the task waits, apart from prerequisites: it was added, its retry fell due, it was asked
 *   for again.
 * - `judged`: what a model thinks the task is worth, as JSON. `opinion`: whether it waits for a first (1) or a second
 *   (2) opinion; counts only while the task is pending. Without a model it is null, and the index is empty.
 * - `judgement`: what was said of everything that means the same; forgotten oldest first.
 * - `learned_term`: words whose meaning was learned from a model's answers.
 */
export const schema2 = `
ALTER TABLE task ADD COLUMN boost INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN queued_at INTEGER NOT NULL DEFAULT 0;
UPDATE task SET queued_at = created_at;

ALTER TABLE task ADD COLUMN judged TEXT;
ALTER TABLE task ADD COLUMN opinion INTEGER;
CREATE INDEX task_opinion ON task (workspace, opinion, score DESC)
  WHERE opinion IS NOT NULL AND status = 'pending';

CREATE TABLE judgement (
  key TEXT PRIMARY KEY,
  said INTEGER NOT NULL,
  reason TEXT NOT NULL,
  concepts TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt_version INTEGER NOT NULL,
  rounds INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX judgement_at ON judgement (at);

CREATE TABLE learned_term (
  term TEXT PRIMARY KEY,
  concept TEXT,
  agreed INTEGER NOT NULL,
  disagreed INTEGER NOT NULL,
  at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`;

/**
 * Version 3.
 * - `held`: a fuse holds the tree of the task; the state of a waiting one is then `held`.
 * - `trip`: what fuses have said. `root` is null for a whole workspace; `ended_by` is `user`, `time` or `over`.
 * - `execution`: starts of tasks that an agent made and nobody approved; older ones than a window are forgotten.
 * - `spend`: what runs have used, by day since 1970.
 */
export const schema3 = `
DROP TRIGGER task_added;
DROP TRIGGER task_moved;
DROP TRIGGER task_deleted;
DROP TRIGGER workspace_added;
DROP INDEX task_rank;
DROP INDEX task_oldest;
DROP INDEX task_open;
DROP INDEX task_running;
ALTER TABLE task DROP COLUMN state;
ALTER TABLE task ADD COLUMN held INTEGER;
ALTER TABLE task ADD COLUMN state TEXT GENERATED ALWAYS AS (
    CASE status
      WHEN 'pending' THEN
        CASE
          WHEN broken > 0 THEN 'attention'
          WHEN held IS NOT NULL THEN 'held'
          WHEN unmet > 0 THEN 'blocked'
          WHEN not_before IS NOT NULL THEN 'scheduled'
          ELSE 'ready'
        END
      WHEN 'needs_input' THEN 'attention'
      ELSE status
    END
  ) VIRTUAL;
CREATE INDEX task_rank ON task (lane, pin IS NULL, pin, score DESC) WHERE state = 'ready';
CREATE INDEX task_oldest ON task (lane) WHERE state = 'ready';
CREATE INDEX task_open ON task (workspace, state)
  WHERE state IN ('running', 'attention', 'held', 'blocked', 'scheduled');
CREATE INDEX task_running ON task (lane, lease) WHERE state = 'running';
CREATE INDEX task_made ON task (workspace, created_at) WHERE created_by = 'agent';
CREATE INDEX task_made_open ON task (workspace) WHERE created_by = 'agent' AND status = 'pending';

CREATE TABLE trip (
  id INTEGER PRIMARY KEY,
  workspace INTEGER NOT NULL,
  root INTEGER,
  fuse TEXT NOT NULL,
  at INTEGER NOT NULL,
  title TEXT NOT NULL,
  reason TEXT NOT NULL,
  holds INTEGER NOT NULL,
  resumes_at INTEGER,
  ended_at INTEGER,
  ended_by TEXT
) STRICT;
CREATE INDEX trip_open ON trip (id) WHERE ended_at IS NULL;
CREATE INDEX trip_place ON trip (workspace, fuse, root);

CREATE TABLE execution (workspace INTEGER NOT NULL, at INTEGER NOT NULL) STRICT;
CREATE INDEX execution_at ON execution (workspace, at);

CREATE TABLE spend (
  workspace INTEGER NOT NULL,
  day INTEGER NOT NULL,
  tokens INTEGER NOT NULL,
  cost_micros INTEGER NOT NULL,
  PRIMARY KEY (workspace, day)
) STRICT, WITHOUT ROWID;

INSERT INTO tally SELECT key, 'held', 0 FROM workspace;
CREATE TRIGGER workspace_added AFTER INSERT ON workspace BEGIN
  INSERT INTO tally VALUES
    (new.key, 'ready', 0), (new.key, 'blocked', 0), (new.key, 'scheduled', 0), (new.key, 'held', 0),
    (new.key, 'running', 0), (new.key, 'attention', 0), (new.key, 'completed', 0), (new.key, 'failed', 0),
    (new.key, 'cancelled', 0);
END;
CREATE TRIGGER task_added AFTER INSERT ON task BEGIN
  UPDATE tally SET count = count + 1 WHERE workspace = new.workspace AND state = new.state;
END;
CREATE TRIGGER task_moved AFTER UPDATE OF status, unmet, broken, not_before, held ON task
WHEN old.state <> new.state BEGIN
  UPDATE tally SET count = count - 1 WHERE workspace = old.workspace AND state = old.state;
  UPDATE tally SET count = count + 1 WHERE workspace = new.workspace AND state = new.state;
END;
CREATE TRIGGER task_deleted AFTER DELETE ON task BEGIN
  UPDATE tally SET count = count - 1 WHERE workspace = old.workspace AND state = old.state;
END;
`;

/**
 * Version 4.
 * - `bucket`: what is left of a shared resource as of an instant, and how fast it may be used, as JSON.
 */
export const schema4 = `
CREATE TABLE bucket (name TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT, WITHOUT ROWID;
`;

/**
 * Version 5.
 * - `held` is 2 when a person has stopped the tree of a task that runs: it makes nothing more and does not come back.
 * - `used_time`: milliseconds that all runs of a task have taken together. `deferrals`: how often in a row they were
 *   told to slow down. `likeness`: equal for tasks of one parent that mean the same.
 */
export const schema5 = `
ALTER TABLE task ADD COLUMN used_time INTEGER NOT NULL DEFAULT 0;
UPDATE task SET used_time = max(0, finished_at - started_at)
  WHERE status IN ('completed', 'failed') AND started_at IS NOT NULL AND finished_at IS NOT NULL;
ALTER TABLE task ADD COLUMN deferrals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE task ADD COLUMN likeness TEXT;
CREATE INDEX task_likeness ON task (parent, likeness) WHERE likeness IS NOT NULL;
DROP INDEX task_made_open;
CREATE INDEX task_made_open ON task (workspace) WHERE created_by = 'agent' AND status IN ('pending', 'needs_input');
`;
