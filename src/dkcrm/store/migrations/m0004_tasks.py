"""Tasks, their reminders, and after how many days somebody is to be contacted again."""

from __future__ import annotations

from sqlite_utils import Database

# task.due and task.start: a day (2026-12-01) or a moment in UTC (2026-12-01T08:00:00Z); both sort as text. start is the
# due date from which a recurrence counts, which putting a single task off does not move; every is an RRULE of RFC 5545.
# reminder.ahead: seconds before the task is due; at: the moment in UTC that this makes.
# told: which reminders were given, by the task's uid and the reminder's moment. It is no work of the user's: the
# history does not record it, so that neither undo nor redo makes the same reminder sound twice.
STATEMENTS = """
CREATE TABLE task (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  uid BLOB NOT NULL,
  text TEXT NOT NULL,
  due TEXT,
  priority TEXT CHECK (priority IN ('h', 'm', 'l')),
  state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'dropped')),
  every TEXT,
  start TEXT,
  created_at TEXT NOT NULL,
  done_at TEXT
);
CREATE TABLE task_entity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES task(id),
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  UNIQUE (task_id, entity_id)
);
CREATE TABLE reminder (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id INTEGER NOT NULL REFERENCES task(id),
  ahead INTEGER NOT NULL,
  at TEXT NOT NULL,
  UNIQUE (task_id, ahead)
);
CREATE TABLE told (
  uid BLOB NOT NULL,
  at TEXT NOT NULL,
  told_at TEXT NOT NULL,
  PRIMARY KEY (uid, at)
) WITHOUT ROWID;
CREATE TABLE keep (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL UNIQUE REFERENCES entity(id),
  days INTEGER NOT NULL
);
CREATE UNIQUE INDEX task_uid ON task(uid);
CREATE INDEX task_due ON task(state, due);
CREATE INDEX task_entity_entity ON task_entity(entity_id);
CREATE INDEX reminder_at ON reminder(at);
CREATE VIEW open_task AS
  SELECT l.entity_id, t.id, t.text, t.due, t.priority FROM task_entity l JOIN task t ON t.id = l.task_id
  WHERE t.state = 'open'
"""


def apply(db: Database) -> None:
    """Create the tables, and the view through which filters see what is open."""
    for statement in STATEMENTS.split(";"):
        db.execute(statement)
