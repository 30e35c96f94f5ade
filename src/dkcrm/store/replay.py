"""The history against the rows: what the changes say, replayed in their order, is what the tables hold.

Rows inserted in bulk stand in the history as a range of numbers, without their values: of those it is known that they
came, and of their values what later changes say. Everything else is known whole. An import that keeps the numbers of an
export leaves gaps in its range, which no row ever fills; how many came is in its record.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from typing import Any, NamedTuple

from dkcrm.store.images import ERASED, TABLES, Row, columns, decode

_CHUNK = 500
#: The criteria that the first migration puts in.
_CRITERIA = 5


class Breach(NamedTuple):
    """A row that is not as the history says."""

    table: str
    row_id: int
    why: str


class _Event(NamedTuple):
    """A change of one row, or a range of rows that came (``last`` is its end)."""

    id: int
    row_id: int
    last: int | None
    before: str | None
    after: str | None


class _Replayed:
    """One row as its changes make it."""

    def __init__(self, row_id: int) -> None:
        self.row_id = row_id
        self.there = False
        #: What is known of its values; absent where only a range says that the row came.
        self.known: Row = {}
        self.whole = False
        self.wrong: str | None = None

    def take(self, event: _Event) -> None:
        """Take one change more."""
        if event.last is not None:
            if self.there:
                self.wrong = self.wrong or "it came twice"
            self.there, self.known, self.whole = True, {}, False
            return
        try:
            before, after = _image(event.before), _image(event.after)
        except (TypeError, ValueError):
            self.wrong = self.wrong or "a change of it cannot be read"
            self.there, self.known, self.whole = event.after is not None, {}, False
            return
        if before is None and after is None:
            # Of somebody who was erased: that there was a change, and no more; the last one took the row away.
            self.there, self.known, self.whole = False, {}, False
            return
        if before is None:
            if self.there:
                self.wrong = self.wrong or "it came twice"
            self.there, self.known, self.whole = True, after or {}, True
            return
        if not self.there:
            self.wrong = self.wrong or "it changed before it came, or after it went"
        differing = [
            name
            for name, value in before.items()
            if name in self.known and self.known[name] != value and ERASED not in (value, self.known[name])
        ]
        if differing:
            self.wrong = self.wrong or f"what it was before a change is not what an earlier change made: {differing[0]}"
        if after is None:
            self.there, self.known, self.whole = False, {}, False
        else:
            self.known |= after


def _image(text: str | None) -> Row | None:
    """Return the row of an image. Raises TypeError, ValueError where it holds none."""
    if text is None:
        return None
    row: object = decode(text)
    if not isinstance(row, dict):
        raise TypeError("no row")
    return row


def breaches(connection: sqlite3.Connection) -> Iterator[Breach]:
    """Yield each row that is not what the history says; nothing where the two agree."""
    for table in TABLES:
        yield from _of_table(connection, table)


def _of_table(connection: sqlite3.Connection, table: str) -> Iterator[Breach]:
    ranges = [
        _Event(number, row_id, last, None, None)
        for number, row_id, last in connection.execute(
            "SELECT id, row_id, last_id FROM change WHERE tbl = ? AND typeof(row_id) = 'integer'"
            " AND typeof(last_id) = 'integer' ORDER BY id",
            (table,),
        )
    ]
    if table == "criterion":
        # Those that every new database has were there before the first operation.
        ranges.insert(0, _Event(0, 1, _CRITERIA, None, None))
    singles = (
        _Event(number, row_id, None, before, after)
        for number, row_id, before, after in connection.execute(
            "SELECT id, row_id, before, after FROM change WHERE tbl = ? AND last_id IS NULL"
            " AND typeof(row_id) = 'integer' ORDER BY row_id, id",
            (table,),
        )
    )
    names = columns(connection, table)
    told, standing = 0, 0  # rows with changes of their own: those in ranges, and those that are there
    block: list[_Replayed] = []
    for row_id, events in groupby(singles, key=lambda event: event.row_id):
        covering = [event for event in ranges if event.row_id <= row_id <= (event.last or 0)]
        replayed = _Replayed(row_id)
        for event in sorted([*events, *covering], key=lambda event: event.id):
            replayed.take(event)
        told += len(covering)
        standing += replayed.there
        block.append(replayed)
        if len(block) == _CHUNK:
            yield from _compare(connection, table, names, block)
            block = []
    yield from _compare(connection, table, names, block)
    expected = standing + sum((event.last or 0) - event.row_id + 1 for event in ranges) - told
    if table == "entity":
        expected -= gaps(connection)
    count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
    if count != expected:
        yield Breach(table, 0, f"{count} rows are there, and {expected} by the history")


def gaps(connection: sqlite3.Connection, operation_id: int | None = None) -> int:
    """Return how many numbers of entities in the ranges of an operation, or of all, never were anybody's."""
    # What is redone came as it came first: a redo reverses an undo, and that the operation whose record tells.
    row = connection.execute(
        "SELECT coalesce(sum(max(0, span - coalesce(CASE WHEN json_valid(record) THEN json_extract(record, '$.created')"
        " + coalesce(json_extract(record, '$.aliases'), 0) END, span))), 0)"
        " FROM (SELECT r.span, coalesce(o.record, first.record) AS record"
        " FROM (SELECT operation_id, sum(last_id - row_id + 1) AS span FROM change"
        " WHERE tbl = 'entity' AND last_id IS NOT NULL AND ?1 IN (operation_id, 0) GROUP BY operation_id) r"
        " JOIN operation o ON o.id = r.operation_id"
        " LEFT JOIN operation undo ON o.kind = 'redo' AND undo.id = o.reverses"
        " LEFT JOIN operation first ON first.id = undo.reverses)",
        (operation_id or 0,),
    ).fetchone()
    return int(row[0])


def _compare(connection: sqlite3.Connection, table: str, names: list[str], block: list[_Replayed]) -> Iterator[Breach]:
    rows = connection.execute(
        f"SELECT {', '.join(names)} FROM {table} WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps([replayed.row_id for replayed in block]),),
    )
    present: dict[int, dict[str, Any]] = {row[names.index("id")]: dict(zip(names, row, strict=True)) for row in rows}
    for replayed in block:
        row = present.get(replayed.row_id)
        why = replayed.wrong
        if why is None and replayed.there != (row is not None):
            why = "it is gone" if replayed.there else "it is there, and went by the history"
        if why is None and row is not None:
            known = {**dict.fromkeys(names), **replayed.known} if replayed.whole else replayed.known
            differing = [
                name
                for name, value in known.items()
                if name in row and row[name] not in (value, ERASED) and value != ERASED
            ]
            why = f"its {differing[0]} is not what the last change made it" if differing else None
        if why is not None:
            yield Breach(table, replayed.row_id, why)
