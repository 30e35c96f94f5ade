"""What is wrong in a database, found by reading it: its file, full text, derived keys, and what the life cycle says.

But for ``mend`` nothing here writes but TEMP tables, so that others work on meanwhile.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from dkcrm.session import Session
from dkcrm.store import engine
from dkcrm.store.connection import open_writing
from dkcrm.store.explaining import explain
from dkcrm.store.images import TABLES
from dkcrm.store.indexing import SEARCHED, make_anew
from dkcrm.store.keys import name_key, org_key

#: So many examples are named of each thing.
EXAMPLES = 5
#: kB of the file that are held.
_CACHE = 128 << 10
#: Words from one of these to the next are looked at together, so that no more than a part of them is held.
_RANGES = ("", *"123456789abcdefghijklmnopqrstuvwxyz", chr(0x10FFFF))


class Found(NamedTuple):
    """How many rows something is wrong with, and the first of them (numbers of entities, where it is about those)."""

    many: int
    examples: list[int]


def integrity(connection: sqlite3.Connection) -> list[str]:
    """Return what SQLite's own check of the whole file finds."""
    # It looks each row up in each index: with the 2 MB that is usual a large file is read many times over.
    connection.execute(f"PRAGMA cache_size=-{_CACHE}")
    return [row[0] for row in connection.execute("PRAGMA integrity_check(20)") if row[0] != "ok"]


def strange_objects(connection: sqlite3.Connection) -> dict[str, str]:
    """Return the kinds of the tables, indexes and views that are not dkcrm's or are missing, and triggers, by name.

    Other tables, views and indexes that somebody made are in nobody's way.
    """
    there, ours = _objects(connection), _own_objects()
    return {
        name: (ours.get(name) or there[name])[0]
        for name in sorted(there.keys() | ours.keys())
        if (name in ours and there.get(name) != ours[name]) or (name not in ours and there[name][0] == "trigger")
    }


def _objects(connection: sqlite3.Connection) -> dict[str, tuple[str, str]]:
    """Return name -> (kind, SQL) of what a database is made of, but for what SQLite makes itself."""
    rows = connection.execute(
        "SELECT name, type, sql FROM main.sqlite_schema WHERE sql NOT NULL AND name NOT LIKE 'sqlite%'"
        " AND name NOT GLOB 'search_[cdi]*'"
    )
    return {name: (kind, " ".join(sql.split())) for name, kind, sql in rows}


def _own_objects() -> dict[str, tuple[str, str]]:
    from dkcrm.store.migrations import build

    fresh = engine.memory()
    try:
        build(fresh)
        return _objects(fresh)
    finally:
        fresh.close()


def orphans(connection: sqlite3.Connection) -> list[str]:
    """Return the tables in which rows refer to rows that are missing, as ``table: count``."""
    counts: dict[str, int] = {}
    for table, _row, _parent, _key in connection.execute("PRAGMA foreign_key_check"):
        counts[table] = counts.get(table, 0) + 1
    return [f"{table}: {count}" for table, count in counts.items()]


#: The tables that the history does not record.
_UNRECORDED = ("operation", "change", "told", "erased", "disclosed")
#: The columns that hold JSON, and of what kind.
_JSON = {
    ("operation", "record"): "object",
    ("change", "before"): "object",
    ("change", "after"): "object",
    ("field", "choices"): "array",
}
_KINDS = {"TEXT": "text", "INTEGER": "integer", "BLOB": "blob"}
_UID = 16
#: How a date, and a moment, begins.
_DAY = "[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]*"


def strange_values(connection: sqlite3.Connection) -> dict[str, int]:
    """Return how many values are of another kind than their column, as ``entity.full_name``: it writes none such."""
    found = {}
    for table in (*TABLES, *_UNRECORDED):
        strange = {
            name: _is_strange(table, name, kind)
            for _number, name, kind, *_rest in connection.execute(f"PRAGMA table_info({table})")
        }
        if connection.execute(f"SELECT 1 FROM {table} WHERE {' OR '.join(strange.values())} LIMIT 1").fetchone():
            for name, condition in strange.items():
                count = connection.execute(f"SELECT count(*) FROM {table} WHERE {condition}").fetchone()[0]
                if count:
                    found[f"{table}.{name}"] = count
    return found


def _is_strange(table: str, column: str, kind: str) -> str:
    """Return the condition that a value of a column is none that dkcrm writes there."""
    json_kind = _JSON.get((table, column))
    if json_kind:
        return f"CASE WHEN json_valid({column}) THEN json_type({column}) <> '{json_kind}' ELSE {column} NOT NULL END"
    if column == "uid":
        return f"(typeof(uid) <> 'blob' OR length(uid) <> {_UID})"
    if column.startswith("is_"):
        return f"({column} IS NOT 0 AND {column} IS NOT 1)"
    if column in ("at", "due", "bought_on") or column.endswith("_at"):
        return f"{column} NOT NULL AND (typeof({column}) <> 'text' OR {column} NOT GLOB '{_DAY}')"
    kinds = f"'{_KINDS[kind]}'" if kind in _KINDS else "'real', 'integer'"
    return f"typeof({column}) NOT IN ({kinds}, 'null')"


def full_text_differs(connection: sqlite3.Connection) -> int:
    """Return of how many words the full text knows other places than the rows have.

    SQLite's own comparison would hold the write lock for as long as it takes; here a full text is made anew, in the
    TEMP database, and the two vocabularies are compared.
    """
    ask = connection.execute
    ask("PRAGMA query_only=OFF")
    ask(
        f"CREATE VIRTUAL TABLE temp.fresh USING fts5({SEARCHED}, content='', columnsize=0,"
        ' tokenize="unicode61 remove_diacritics 2")'
    )
    ask(f"INSERT INTO temp.fresh (rowid, {SEARCHED}) SELECT id, {SEARCHED} FROM main.search_text ORDER BY id")
    ask("CREATE VIRTUAL TABLE temp.fresh_words USING fts5vocab('temp', 'fresh', 'col')")
    ask("CREATE VIRTUAL TABLE temp.words USING fts5vocab('main', 'search', 'col')")
    differing: set[str] = set()
    for low, high in pairwise(_RANGES):
        # Joined by SQLite and compared as a whole: to take the rows one by one costs five times as much.
        one, other = (
            ask(
                "SELECT group_concat(term || ' ' || col || ' ' || doc || ' ' || cnt, char(10)) FROM temp." + table
                + " WHERE term >= ? AND term < ?", (low, high),
            ).fetchone()[0] or ""
            for table in ("words", "fresh_words")
        )  # fmt: skip
        if one != other:
            differing |= {line.split(" ")[0] for line in {*one.split("\n")} ^ {*other.split("\n")}}
    return len(differing - {""})


def wrong_keys(connection: sqlite3.Connection) -> Found:
    """Return the entities whose folded names are not those of their names."""
    wrong = [
        number
        for number, name, key, organization, key_of_it in connection.execute(
            "SELECT id, name, name_key, org_name, org_key FROM entity"
        )
        if name_key(name) != key or org_key(organization) != key_of_it
    ]
    return Found(len(wrong), wrong[:EXAMPLES])


#: What the life cycle says of the evidence (SPEC.md section 3): name -> the entities that it does not hold for.
_RULES: dict[str, str] = {
    "suspect_in_contact": "SELECT DISTINCT e.id FROM entity e JOIN interaction i ON i.entity_id = e.id"
    " AND i.direction = 'in' WHERE e.type = 'suspect' AND {there}",
    "lead_without_contact": "SELECT e.id FROM entity e WHERE e.type = 'lead' AND e.source IS NULL AND {there}"
    " AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.entity_id = e.id AND i.direction = 'in')",
    "customer_without_purchase": "SELECT e.id FROM entity e WHERE e.type IN ('person', 'organization') AND {there}"
    " AND NOT EXISTS (SELECT 1 FROM purchase p WHERE (p.entity_id = e.id OR p.also_id = e.id) AND p.voided_at IS NULL)",
    "advanced_without_purchase": "SELECT e.id FROM entity e JOIN transition t ON t.entity_id = e.id"
    " AND t.into_id IS NULL AND t.cause = 'purchase' AND t.voided_at IS NULL WHERE {there} AND"
    " NOT EXISTS (SELECT 1 FROM purchase p WHERE (p.entity_id = e.id OR p.also_id = e.id) AND p.voided_at IS NULL)",
    "type_not_of_last_step": "SELECT e.id FROM entity e JOIN transition t ON t.id = (SELECT max(l.id) FROM transition l"
    " WHERE l.entity_id = e.id AND l.into_id IS NULL AND l.voided_at IS NULL) WHERE t.to_type <> e.type AND {there}",
    "mixed_membership": "SELECT m.member_id FROM membership m JOIN entity e ON e.id = m.member_id"
    " JOIN entity o ON o.id = m.organization_id WHERE {there} AND"
    " (e.type, o.type) NOT IN (VALUES ('prospect', 'target'), ('person', 'organization'))",
    "wrong_membership": "SELECT m.member_id FROM membership m JOIN entity e ON e.id = m.member_id"
    " JOIN entity o ON o.id = m.organization_id"
    " WHERE e.type NOT IN ('prospect', 'person') OR o.type NOT IN ('target', 'organization')",
    "lost_alias": "WITH RECURSIVE way(start, at, steps) AS (SELECT id, merged_into, 1 FROM entity"
    " WHERE merged_into IS NOT NULL UNION ALL SELECT w.start, e.merged_into, w.steps + 1 FROM way w"
    " JOIN entity e ON e.id = w.at WHERE e.merged_into IS NOT NULL AND w.steps < 50)"
    " SELECT DISTINCT start FROM way w WHERE steps = 50 OR NOT EXISTS (SELECT 1 FROM entity e WHERE e.id = w.at)",
    "two_primary": "SELECT DISTINCT entity_id FROM contact_point WHERE is_primary GROUP BY entity_id, kind, side"
    " HAVING count(*) > 1",
}
_THERE = "e.removed_at IS NULL AND e.merged_into IS NULL"


def rules(connection: sqlite3.Connection) -> Iterator[tuple[str, Found]]:
    """Yield the rules of the life cycle that do not hold for somebody."""
    for name, sql in _RULES.items():
        sql = sql.replace("{there}", _THERE)
        count = connection.execute(f"SELECT count(*) FROM ({sql})").fetchone()[0]
        if count:
            rows = connection.execute(f"SELECT * FROM ({sql}) ORDER BY 1 LIMIT {EXAMPLES}")
            yield name, Found(count, [row[0] for row in rows])


def times(connection: sqlite3.Connection, now: str) -> tuple[str | None, int]:
    """Return when the latest operation was, where that is later than now, and how many are earlier than one before."""
    latest = connection.execute("SELECT max(at) FROM operation WHERE typeof(at) = 'text'").fetchone()[0]
    backwards: int = connection.execute(
        "SELECT count(*) FROM (SELECT at, lag(at) OVER (ORDER BY id) AS before FROM operation) WHERE at < before"
    ).fetchone()[0]
    return (latest if latest and latest > now else None), backwards


def mend(session: Session, *, schema: bool, keys: bool) -> bool:
    """Make what is derived anew: full text and, where wanted, the folded names, and the indexes and views.

    Return whether the schema is as it should be then: tables hold rows, and are not made anew.

    It is nothing that a user said, so there is no operation in the history. Raises StorageError, Busy.
    """
    connection = open_writing(session)
    try:
        connection.execute("BEGIN IMMEDIATE")
        whole = not schema or _mend_schema(connection)
        if keys:
            from dkcrm.store.keys import fill_keys

            last = connection.execute("SELECT coalesce(max(id), 0) FROM entity").fetchone()[0]
            fill_keys(connection, 1, last)
        make_anew(connection)
        connection.execute("COMMIT")
        return whole
    except engine.Error as error:
        raise explain(error, session.db) from error
    finally:
        connection.close()


def _mend_schema(connection: sqlite3.Connection) -> bool:
    """Make indexes and views as they should be, take triggers away, and tell whether all is well then."""
    there, ours = _objects(connection), _own_objects()
    for name, (kind, _sql) in there.items():
        if kind == "trigger" or (kind in ("index", "view") and name in ours and there[name] != ours[name]):
            connection.execute(f'DROP {kind} "{name.replace(chr(34), chr(34) * 2)}"')
    there = _objects(connection)
    for name, (kind, sql) in ours.items():
        if kind in ("index", "view") and name not in there:
            connection.execute(sql)
    return not strange_objects(connection)
