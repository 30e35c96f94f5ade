"""What others have written to a database since a copy was made of it, and how it comes into another copy.

It is found by comparing the rows, not by the history: whatever was written, by whatever program, is seen.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple

from dkcrm.store import engine
from dkcrm.store.images import TABLES
from dkcrm.store.indexing import bring_in, take_out
from dkcrm.store.journal import UnitOfWork

#: More rows than this are not carried over.
_MOST = 20_000
_SCHEMA = "SELECT type, name, sql FROM {of}.sqlite_schema WHERE name NOT GLOB 'sqlite_*'"
#: Full text is made anew from the rows; what it is kept in is nobody's to compare.
_TABLES = (
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND rootpage > 0"
    " AND name NOT GLOB 'sqlite_*' AND name NOT GLOB 'search_*'"
)


class Overtaken(Exception):
    """What others have written meanwhile does not go together with what is to be written."""


class Changed(NamedTuple):
    """The rows of a table that others have written: as they are now, as they were, and the keys of those that went."""

    table: str
    key: list[str]
    names: list[str]
    now: list[tuple[Any, ...]]
    was: list[tuple[Any, ...]]
    gone: list[tuple[Any, ...]]

    def keys(self) -> set[tuple[Any, ...]]:
        """Return the keys of all these rows."""
        places = [self.names.index(name) for name in self.key]
        return {tuple(row[place] for place in places) for row in self.now} | set(self.gone)

    def values(self, name: str) -> set[Any]:
        """Return what stands in a column of these rows, or stood there."""
        place = self.names.index(name)
        return {row[place] for row in (*self.now, *self.was)}


def since(connection: sqlite3.Connection, copy: str) -> list[Changed]:
    """Return what is other in a database (``main``) than in a copy of it. Raises Overtaken where it is very much."""
    ask = connection.execute
    ask("ATTACH ? AS was", (f"{engine.file_uri(copy)}?mode=ro&immutable=1",))
    try:
        schemas = [sorted(ask(_SCHEMA.format(of=of)).fetchall(), key=repr) for of in ("main", "was")]
        if schemas[0] != schemas[1]:
            raise Overtaken
        found = [_of_table(connection, table) for (table,) in ask(_TABLES).fetchall()]
    finally:
        ask("DETACH was")
    if sum(len(one.now) + len(one.gone) for one in found) > _MOST:
        raise Overtaken
    return [one for one in found if one.now or one.gone]


def _of_table(connection: sqlite3.Connection, table: str) -> Changed:
    ask = connection.execute
    said = ask(f"PRAGMA main.table_info({_quoted(table)})").fetchall()
    names = [row[1] for row in said]
    key = [row[1] for row in sorted(said, key=lambda row: int(row[5])) if row[5]] or ["rowid"]
    of = {name: _quoted(name) for name in (*names, *key)}
    on = " AND ".join(f"a.{of[name]} = b.{of[name]}" for name in key)
    same = " AND ".join(f"a.{of[name]} IS b.{of[name]} COLLATE BINARY" for name in names)
    columns = {letter: ", ".join(f"{letter}.{of[name]}" for name in names) for letter in "ab"}
    keys = ", ".join(f"b.{of[name]}" for name in key)
    marked = "b.rowid" if key == ["rowid"] else f"b.{of[key[0]]}"
    t = _quoted(table)
    now = ask(
        f"SELECT {columns['a']} FROM main.{t} a LEFT JOIN was.{t} b ON {on}"
        f" WHERE {marked} IS NULL OR NOT ({same}) LIMIT {_MOST + 1}"
    ).fetchall()
    was = ask(
        f"SELECT {columns['b']} FROM was.{t} b LEFT JOIN main.{t} a ON {on}"
        f" WHERE {marked.replace('b.', 'a.')} IS NULL OR NOT ({same}) LIMIT {_MOST + 1}"
    ).fetchall()
    gone = ask(
        f"SELECT {keys} FROM was.{t} b WHERE NOT EXISTS (SELECT 1 FROM main.{t} a WHERE {on}) LIMIT {_MOST + 1}"
    ).fetchall()
    if key == ["rowid"] and (now or gone):
        raise Overtaken  # a table of somebody else's, whose rows have no name of their own
    return Changed(table, key, names, now, was, gone)


def entities(changed: Iterable[Changed], *, searched: bool = False) -> set[int]:
    """Return the numbers of the entities that such rows are about; if ``searched``, of rows that full text reads."""
    found: set[int] = set()
    for one in changed:
        spec = TABLES.get(one.table)
        if spec is None or (searched and not spec.searchable):
            continue
        for name in (spec.owner, spec.other):
            found |= one.values(name) if name else set()
    return found - {None}


def check_apart(uow: UnitOfWork, changed: list[Changed], known: set[int], new: tuple[int, int]) -> None:
    """Raise Overtaken where others have written what an import is about too.

    ``known`` are the entities that it fills in, ``new`` is the range of those that it brings.
    """
    pending = uow.pending()
    ask = uow.connection.execute
    for one in changed:
        keys = one.keys()
        mine = {(row_id,) for table, row_id in pending if table == one.table}
        if one.table in ("erased", "imported_row") or mine & keys:
            raise Overtaken
        ranges = [(first, last) for table, first, last in uow.ranges if table == one.table]
        if any(first <= key[0] <= last for first, last in ranges for key in keys):
            raise Overtaken
    if known & entities(changed):
        raise Overtaken
    for one in changed:
        for row in (dict(zip(one.names, row, strict=True)) for row in one.now):
            found = None
            if one.table == "entity":
                found = ask("SELECT id FROM entity WHERE uid = ? AND id <> ?", (row["uid"], row["id"])).fetchone()
            elif one.table == "contact_point" and row["kind"] == "email":
                found = ask(
                    "SELECT 1 FROM contact_point WHERE coalesce(norm, value) = ? AND entity_id BETWEEN ? AND ?",
                    (row["norm"] or row["value"], *new),
                ).fetchone()
            elif one.table == "identity":
                found = ask(
                    "SELECT 1 FROM identity WHERE value = ? AND scope = ? AND entity_id BETWEEN ? AND ?",
                    (row["value"], row["scope"], *new),
                ).fetchone()
            if found:
                raise Overtaken


def carry(connection: sqlite3.Connection, changed: list[Changed]) -> None:
    """Write what others have written into another copy, with the full text that goes with it; a transaction is begun.

    Raises Overtaken where the rows do not go together with those that are there.
    """
    ask = connection.execute
    ask("PRAGMA defer_foreign_keys=ON")
    numbers = sorted(entities(changed, searched=True))
    ask("CREATE TEMP TABLE carried (id INTEGER PRIMARY KEY)")
    connection.executemany("INSERT INTO carried VALUES (?)", [(number,) for number in numbers])
    take_out(connection, "id IN (SELECT id FROM carried)")
    try:
        for one in changed:
            table, names = _quoted(one.table), [_quoted(name) for name in one.names]
            where = " AND ".join(f"{_quoted(name)} = ?" for name in one.key)
            connection.executemany(f"DELETE FROM {table} WHERE {where}", one.gone)
            connection.executemany(
                f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
                f" ON CONFLICT ({', '.join(map(_quoted, one.key))}) DO UPDATE SET "
                + ", ".join(f"{name} = excluded.{name}" for name in names),
                one.now,
            )
    except engine.IntegrityError as error:
        raise Overtaken from error
    bring_in(connection, "id IN (SELECT id FROM carried)")
    ask("DROP TABLE temp.carried")


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
