"""What imports know again: the ids that other programs give, the rows that came in, and cards as they were."""

from __future__ import annotations

from sqlite_utils import Database

# imported_row: the fingerprint is 64 bits of a digest of the row's cells, the plan 32 bits of one of what was made of
# them (mapping, type, tags), so that a row is known to be unchanged before it is even parsed. It comes and goes with
# its entity, and nobody asks for the rows of one: no reference and no index slow the import of a million down.
# interaction.key: the id that a message has of itself (Message-ID), by which it comes in once.
STATEMENTS = """
CREATE TABLE identity (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  scope TEXT NOT NULL,
  value TEXT NOT NULL
);
CREATE TABLE imported_row (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL,
  fingerprint INTEGER NOT NULL,
  plan INTEGER NOT NULL
);
CREATE TABLE card (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  text TEXT NOT NULL
);
CREATE INDEX identity_value ON identity(value, scope);
CREATE INDEX identity_entity ON identity(entity_id);
CREATE INDEX imported_row_fingerprint ON imported_row(fingerprint);
CREATE INDEX card_entity ON card(entity_id);
ALTER TABLE interaction ADD COLUMN key TEXT;
CREATE INDEX interaction_key ON interaction(key) WHERE key IS NOT NULL
"""


def apply(db: Database) -> None:
    """Create the tables and indexes by which a second import finds what the first one brought."""
    for statement in STATEMENTS.split(";"):
        db.execute(statement)
