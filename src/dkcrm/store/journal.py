"""The one way to write: a unit of work that changes rows and records each value before and after.

Every write goes through ``insert``, ``update``, ``delete`` or ``insert_range``; the history is written by them, in the
same transaction, so no caller can forget it. Without ``commit`` everything rolls back. What nets to nothing writes no
operation. The full text and the folded keys of every entity that was touched follow by themselves.

How the history is kept: ``operation`` has the skeleton (who, when, what); ``change`` a row per row that changed, with
the values before and after as JSON. For an update that is the columns that differ; for an insert or a delete the whole
row. ``insert_range`` records a bulk insert as one row per table that names the range of ids: the ids are never reused,
so the range says all, and the values at that time follow from the rows and the later changes.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from types import TracebackType
from typing import Any

from dkcrm.domain.entity import Entity
from dkcrm.errors import DkcrmError
from dkcrm.session import Session
from dkcrm.store.connection import begin, open_writing
from dkcrm.store.entities import load_many
from dkcrm.store.images import TABLES, Row, change_rows, columns
from dkcrm.store.indexing import bring_in, take_out
from dkcrm.store.keys import fill_keys

#: Columns that full text does not read: where nothing else changes it stays as it is.
_UNREAD = frozenset(("updated_at", "removed_at", "state"))
#: The operations that this process has written, for what is said when it is interrupted after one.
written: list[int] = []


class UnitOfWork:
    """One operation: ``with unit_of_work(session, "tag") as uow: …; uow.commit()``."""

    def __init__(
        self, session: Session, name: str, connection: sqlite3.Connection, kind: str = "do", *, aside: bool = False
    ) -> None:
        self.session = session
        #: It works on a copy: what it commits has not happened yet.
        self.aside = aside
        self.connection = connection
        self.now = session.clock()
        self.name = name
        self.kind = kind
        self.file: str | None = None
        self.record: Row = {}
        self.reverses: int | None = None
        #: The operation's number, once it is committed; None where nothing changed.
        self.operation_id: int | None = None
        self._pending: dict[tuple[str, int], list[Row | None]] = {}
        #: Rows inserted in bulk: (table, first id, last id).
        self.ranges: list[tuple[str, int, int]] = []
        #: The entities that ``commit`` was asked to show, as they are after the operation.
        self.entities: list[Entity] = []
        #: Entities whose time of change is not that of this operation: they were put back as they had been.
        self.untimed: set[int] = set()
        self._opened: int | None = None
        self._closed = self._settled = False
        self._unindexed: set[int] = set()
        self._columns: dict[str, list[str]] = {}

    def __enter__(self) -> UnitOfWork:
        return self

    def begin(self) -> UnitOfWork:
        """Take the write lock; from here on what is read is what will be there at the commit."""
        try:
            begin(self.connection, self.session)
        except DkcrmError:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._closed:
            return
        self._closed = True
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")
        self.connection.close()

    # Reading inside the transaction

    def query(self, sql: str, values: Iterable[Any] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        return self.connection.execute(sql, tuple(values)).fetchall()

    def row(self, table: str, row_id: int) -> Row | None:
        """Return one row as a dict of the columns that history records, or None."""
        names = self.columns(table)
        found = self.connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id=?", (row_id,)).fetchone()
        return dict(zip(names, found, strict=True)) if found else None

    def rows(self, table: str, **where: Any) -> list[Row]:
        """Return the rows of a table that have these values (None: no value), in the order in which they came."""
        names = self.columns(table)
        tests = [f"{name} IS NULL" if value is None else f"{name} = ?" for name, value in where.items()]
        found = self.connection.execute(
            f"SELECT {', '.join(names)} FROM {table} WHERE {' AND '.join(tests) or '1'} ORDER BY id",
            [value for value in where.values() if value is not None],
        )
        return [dict(zip(names, row, strict=True)) for row in found]

    def columns(self, table: str) -> list[str]:
        """Return the recorded columns of a table."""
        if table not in self._columns:
            self._columns[table] = columns(self.connection, table)
        return self._columns[table]

    # Writing

    def insert(self, table: str, values: Row) -> int:
        """Insert a row and return its id."""
        self._unindex(table, values)
        names = list(values)
        cursor = self.connection.execute(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [values[name] for name in names],
        )
        row_id = int(cursor.lastrowid or 0)
        if any(name == table and first <= row_id <= last for name, first, last in self.ranges):
            # An alias has the number that was left free for it between those of a bulk insert: the range has it.
            self.record["aliases"] = self.record.get("aliases", 0) + 1
        else:
            self._note(table, row_id, None, self.row(table, row_id))
        if table == "entity":
            self._unindexed.add(row_id)
        return row_id

    def update(self, table: str, row_id: int, values: Row) -> bool:
        """Change some columns of a row; return whether anything differed."""
        before = self.row(table, row_id)
        if before is None:
            raise LookupError(f"{table} {row_id}")
        differing = {name: value for name, value in values.items() if before[name] != value}
        if not differing:
            return False
        after = {**before, **differing}
        if differing.keys() - _UNREAD:
            self._unindex(table, before)
            self._unindex(table, after)
        self.connection.execute(
            f"UPDATE {table} SET {', '.join(f'{name}=?' for name in differing)} WHERE id=?",
            [*differing.values(), row_id],
        )
        self._note(table, row_id, before, after)
        return True

    def delete(self, table: str, row_id: int) -> None:
        """Delete a row."""
        before = self.row(table, row_id)
        if before is None:
            raise LookupError(f"{table} {row_id}")
        self._unindex(table, before)
        self.connection.execute(f"DELETE FROM {table} WHERE id=?", (row_id,))
        self._note(table, row_id, before, None)

    def insert_range(self, table: str, first: int, last: int) -> None:
        """Record rows ``first`` to ``last`` of a table as inserted in bulk by this operation.

        The caller has inserted them set-wise, with ids above every one used so far. They belong to entities that this
        operation inserts, and ``index_range`` must follow for these; or they are of a table of ``images.RANGED``, and
        belong to any entity, which they do not change: its time of change stays.
        """
        if last >= first:
            self.ranges.append((table, first, last))

    def delete_range(self, table: str, first: int, last: int) -> None:
        """Delete rows ``first`` to ``last`` of a table, their images going to the history, set-wise.

        The caller takes their entities out of full text before, and sees to it that nothing else refers to them.
        """
        owner, other, _searchable = TABLES[table]
        # json_object would write a number with 15 digits; an image has all of them.
        spelled = {"uid": "lower(hex(uid))", "num": "CASE WHEN num IS NOT NULL THEN printf('%!.17g', num) END"}
        members = ", ".join(f"'{name}', {spelled.get(name, name)}" for name in self.columns(table))
        self.connection.execute(
            "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id, before)"
            f" SELECT ?, {owner or 'NULL'}, {other or 'NULL'}, ?, id, json_patch('{{}}', json_object({members}))"
            f" FROM {table} WHERE id BETWEEN ? AND ? ORDER BY id",
            (self.open(), table, first, last),
        )
        self.connection.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (first, last))

    def next_id(self, table: str) -> int:
        """Return the first id of a table that was never used."""
        found = self.connection.execute("SELECT seq FROM sqlite_sequence WHERE name=?", (table,)).fetchone()
        return (found[0] if found else 0) + 1

    def index_range(self, first: int, last: int) -> None:
        """Give the entities of a range their folded keys and their full text, set-wise."""
        self._unindexed = {number for number in self._unindexed if not first <= number <= last}
        fill_keys(self.connection, first, last)
        bring_in(self.connection, "id BETWEEN ? AND ?", (first, last))

    def touched(self) -> list[int]:
        """Return the numbers of the entities that this operation changed so far (those in ranges apart)."""
        numbers = set()
        for (table, _row_id), (before, after) in self._pending.items():
            spec = TABLES[table]
            for image in (before, after):
                if image is not None and before != after and spec.owner:
                    numbers.add(image[spec.owner])
                    if spec.other and table == "membership":
                        numbers.add(image[spec.other])
        return sorted(numbers)

    def _unindex(self, table: str, image: Row) -> None:
        """Take an entity out of full text before the first change to what full text reads of it."""
        spec = TABLES[table]
        if not spec.searchable or not spec.owner:
            return
        entity_id = image.get(spec.owner)
        if entity_id is None or entity_id in self._unindexed:
            return
        take_out(self.connection, "id = ?", (entity_id,))
        self._unindexed.add(entity_id)

    def _note(self, table: str, row_id: int, before: Row | None, after: Row | None) -> None:
        self._settled = False
        known = self._pending.get((table, row_id))
        if known is None:
            self._pending[table, row_id] = [before, after]
        else:
            known[1] = after

    @property
    def changed(self) -> bool:
        """Whether anything is other than before."""
        return bool(self.ranges or self._opened or self.pending())

    def pending(self) -> set[tuple[str, int]]:
        """Return the table and id of each row that this operation changed so far (those in ranges apart)."""
        return {row for row, (before, after) in self._pending.items() if before != after}

    # Ending

    def commit(self, *, show: Iterable[int] = (), keep_times: bool = False) -> int | None:
        """Write the history and commit; return the operation's number, or None where nothing had changed.

        ``show`` names the entities to load into ``entities``, as the operation leaves them. ``keep_times`` leaves
        ``updated_at`` alone: undo puts the old one back itself. In a dry run all is rolled back.
        """
        if not self.changed:
            self.entities = list(load_many(self.connection, show))
            self.connection.execute("ROLLBACK")
            return None
        if not self._settled:
            self.settle(keep_times=keep_times)
        operation_id = self._write_history()
        self.entities = list(load_many(self.connection, show))
        if self.session.dry_run:
            self.connection.execute("ROLLBACK")
            return None
        try:
            if not self.aside:
                written.append(operation_id)
            self.connection.execute("COMMIT")
        finally:  # a signal is heard once it has returned: then it is written
            if self.connection.in_transaction and not self.aside:
                written.remove(operation_id)
        self.operation_id = operation_id
        return operation_id

    def settle(self, *, keep_times: bool = False) -> None:
        """Give the entities that were changed their time and their full text: of a commit all but the history."""
        if not keep_times:
            for entity_id in self.touched():
                if entity_id not in self.untimed and self.row("entity", entity_id) is not None:
                    self.update("entity", entity_id, {"updated_at": self.now})
        for entity_id in sorted(self._unindexed):
            fill_keys(self.connection, entity_id, entity_id)
            bring_in(self.connection, "id = ?", (entity_id,))
        self._unindexed.clear()
        self._settled = True

    def open(self) -> int:
        """Write the operation's skeleton once, and return its number."""
        if self._opened is not None:
            return self._opened
        cursor = self.connection.execute(
            "INSERT INTO operation (uid, kind, name, at, actor, command, file, reverses)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (self.session.uid(), self.kind, self.name, self.now, self.session.actor, self.session.command or None,
             self.file, self.reverses),
        )  # fmt: skip
        self._opened = int(cursor.lastrowid or 0)
        return self._opened

    def _write_history(self) -> int:
        operation_id = self.open()
        rows: list[tuple[Any, ...]] = [
            (operation_id, None, None, table, first, last, None, None) for table, first, last in self.ranges
        ]
        for (table, row_id), (before, after) in self._pending.items():
            if before != after:
                rows += change_rows(operation_id, table, row_id, before, after)
        if self.record:
            self.connection.execute(
                "UPDATE operation SET record=? WHERE id=?", (json.dumps(self.record, ensure_ascii=False), operation_id)
            )
        self.connection.executemany(
            "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id, last_id, before, after)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        return operation_id


def unit_of_work(session: Session, name: str, kind: str = "do") -> UnitOfWork:
    """Return a unit of work that holds the write lock; ``name`` is the operation's, as history shows it."""
    return unit_of_staged_work(session, name, kind).begin()


def unit_of_staged_work(session: Session, name: str, kind: str = "do") -> UnitOfWork:
    """Return a unit of work that has not begun: TEMP tables can be filled on its connection before ``begin``."""
    return UnitOfWork(session, name, open_writing(session), kind)
