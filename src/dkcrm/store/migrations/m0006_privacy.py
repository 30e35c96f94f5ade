"""What privacy leaves behind: who was erased, without anything of theirs, and who was told what is held."""

from __future__ import annotations

from sqlite_utils import Database

from dkcrm.store.keys import fill_keys

# erased: number is the entity's, and that of an alias has a row of its own. mark: HMAC-SHA256, under the key beside
# it, of the uid: by it, and by nothing else, somebody who comes back from a backup or a file is known. operation_id is
# absent where it was another database's. No undo, redo, restore or import takes a row away: no history records them.
# disclosed: when all that is held on somebody was given out (the number's entity, or who it was).
STATEMENTS = """
CREATE TABLE erased (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL,
  reason TEXT,
  operation_id INTEGER REFERENCES operation(id),
  key BLOB NOT NULL,
  mark BLOB NOT NULL,
  UNIQUE (key, mark)
);
CREATE TABLE disclosed (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  number INTEGER NOT NULL,
  at TEXT NOT NULL,
  actor TEXT NOT NULL
);
CREATE INDEX erased_number ON erased(number);
CREATE INDEX erased_operation ON erased(operation_id) WHERE operation_id IS NOT NULL
"""


def apply(db: Database) -> None:
    """Create the tables; compute the folded keys, which know more legal forms of companies, and full text anew."""
    for statement in STATEMENTS.split(";"):
        db.execute(statement)
    last = db.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()[0]
    if last:
        fill_keys(db.conn, 1, last)
        db.execute("INSERT INTO search (search) VALUES ('rebuild')")
