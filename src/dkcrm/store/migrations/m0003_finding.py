"""What finding and uniting people keeps: filters under a name, and who was said not to be the same."""

from __future__ import annotations

from sqlite_utils import Database

from dkcrm.store.keys import fill_keys

# search: what finds ranks by where the words are, not by how long texts are: their lengths are no longer kept.
# apart: the two are not the same, whatever they have alike; entity_id is the lesser number.
STATEMENTS = """
CREATE TABLE segment (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  name TEXT NOT NULL UNIQUE,
  filter TEXT NOT NULL
);
CREATE TABLE apart (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  entity_id INTEGER NOT NULL REFERENCES entity(id),
  other_id INTEGER NOT NULL REFERENCES entity(id),
  UNIQUE (entity_id, other_id)
);
CREATE INDEX apart_other ON apart(other_id);
CREATE INDEX entity_created ON entity(created_at);
DROP TABLE search;
CREATE VIRTUAL TABLE search USING fts5(name, org, contact, about, tags, place, fields,
  content='search_text', content_rowid='id', columnsize=0, tokenize="unicode61 remove_diacritics 2")
"""


def apply(db: Database) -> None:
    """Create the tables; compute the folded keys, which know more legal forms of companies, and full text anew."""
    for statement in STATEMENTS.split(";"):
        db.execute(statement)
    last = db.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()[0]
    fill_keys(db.conn, 1, last)
    db.execute("INSERT INTO search (search) VALUES ('rebuild')")
