"""Erasing people: their rows, and the values of their history; what remains is a skeleton without values.

A change keeps operation, number, table and row, and loses its values (both images NULL); a row that goes gets such a
change in the operation of the erasure. Whose rows they are is gathered before (``gone``).
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable

from dkcrm.store.gone import THEIRS, Gone
from dkcrm.store.images import TABLES, Row, change_rows, columns
from dkcrm.store.indexing import take_out
from dkcrm.store.partners import redact_partners

_RECORD = (
    "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id, last_id, before, after)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)


class Erasing(Gone):
    """One erasure: who goes and what is theirs, and the deed."""

    def erase(self, operation_id: int, now: str, words: Iterable[str]) -> None:
        """Erase what was gathered, in an operation; ``words`` are what names them, which no operation keeps.

        Full text is the caller's to make small again, once this is committed.
        """
        self.connection.execute("PRAGMA defer_foreign_keys=ON")
        take_out(self.connection, "id IN (SELECT id FROM gone)")
        redact_partners(self.connection)
        self._let_go(operation_id, now)
        self._blank()
        self._delete(operation_id)
        self._forget_commands(operation_id, [word for word in words if word])

    def _let_go(self, operation_id: int, now: str) -> None:
        """Let others' rows point at them no more; a purchase of two is the other's from now on."""
        gone = "IN (SELECT id FROM gone)"
        touched: set[int] = set()
        rows = self.connection.execute(f"SELECT id FROM purchase WHERE entity_id {gone} AND also_id NOT {gone}")
        for (number,) in rows.fetchall():
            row = row_of(self.connection, "purchase", number)
            touched.add(row["also_id"])
            change_row(self.connection, operation_id, "purchase", row, {"entity_id": row["also_id"], "also_id": None})
        for table, where, changed in (
            ("purchase", f"also_id {gone} AND entity_id NOT {gone}", "also_id"),
            ("interaction", "ticket_id IN (SELECT row_id FROM gone_row WHERE tbl = 'ticket' AND there)", "ticket_id"),
            (
                "transition",
                "purchase_id IN (SELECT row_id FROM gone_row WHERE tbl = 'purchase' AND there)",
                "purchase_id",
            ),
        ):
            if changed not in columns(self.connection, table):
                continue
            for (number,) in self.connection.execute(
                f"SELECT id FROM {table} WHERE {where}"
                f" AND id NOT IN (SELECT row_id FROM gone_row WHERE tbl = '{table}')"
            ).fetchall():
                row = row_of(self.connection, table, number)
                touched.add(row["entity_id"])
                change_row(self.connection, operation_id, table, row, {changed: None})
        self._appoint(operation_id)
        for number in sorted(touched):
            change_row(
                self.connection, operation_id, "entity", row_of(self.connection, "entity", number), {"updated_at": now}
            )

    def _appoint(self, operation_id: int) -> None:
        """Make another organization of a member its primary one, where the one that goes was."""
        for (number,) in self.connection.execute(
            "SELECT min(m.id) FROM membership m WHERE m.id NOT IN (SELECT row_id FROM gone_row WHERE tbl ="
            " 'membership') AND m.member_id IN (SELECT l.member_id FROM membership l JOIN gone_row g ON g.row_id = l.id"
            " AND g.tbl = 'membership' WHERE l.is_primary) AND m.member_id NOT IN (SELECT id FROM gone)"
            " GROUP BY m.member_id HAVING sum(m.is_primary) = 0"
        ).fetchall():
            change_row(
                self.connection,
                operation_id,
                "membership",
                row_of(self.connection, "membership", number),
                {"is_primary": 1},
            )

    def _blank(self) -> None:
        self.connection.execute(f"UPDATE change SET before = NULL, after = NULL WHERE {THEIRS}")

    def _delete(self, operation_id: int) -> None:
        """Delete their rows, a change without values for each."""
        ask = self.connection.execute
        if "task" in self.tables:
            ask(
                "DELETE FROM told WHERE uid IN (SELECT uid FROM task WHERE id IN"
                " (SELECT row_id FROM gone_row WHERE tbl = 'task' AND there))"
            )
        for table, (owner, other, _searchable) in TABLES.items():
            if table not in self.tables:
                continue
            which = f"id IN (SELECT row_id FROM gone_row WHERE tbl = '{table}' AND there)"
            # Who it was linked to is told by the row's own other column; that they are merged, by nothing.
            ask(
                "INSERT INTO change (operation_id, entity_id, other_id, tbl, row_id)"
                f" SELECT ?, {owner or 'NULL'}, {other or 'NULL'}, '{table}', id FROM {table} WHERE {which}",
                (operation_id,),
            )
            ask(f"DELETE FROM {table} WHERE {which}")

    def _forget_commands(self, operation_id: int, words: list[str]) -> None:
        """Take from the operations that touched them what names them; an import keeps its file and its counts."""
        ask = self.connection.execute
        others = self._kept_of_others(operation_id)
        # An import that touched nobody else is theirs alone.
        ask(
            "UPDATE operation SET command = NULL, record = NULL, file = NULL"
            " WHERE id IN (SELECT id FROM gone_op) AND id <> ? AND (name <> 'import' OR NOT EXISTS (SELECT 1 FROM"
            " change c WHERE c.operation_id = operation.id AND (c.entity_id NOT IN (SELECT id FROM gone) OR"
            " (c.tbl = 'entity' AND c.last_id - c.row_id >= (SELECT count(*) FROM gone WHERE id BETWEEN c.row_id AND"
            " c.last_id)))))",
            (operation_id,),
        )
        self.connection.executemany("UPDATE operation SET record = ? WHERE id = ?", others)
        for number, command, file in ask(
            "SELECT id, command, file FROM operation WHERE id IN (SELECT id FROM gone_op) AND id <> ?", (operation_id,)
        ).fetchall():
            kept = [None if text and _names(text, words) else text for text in (command, file)]
            if kept != [command, file]:
                ask("UPDATE operation SET command = ?, file = ? WHERE id = ?", (*kept, number))

    def _kept_of_others(self, operation_id: int) -> list[tuple[str, int]]:
        """Return the records that keep values which others have lost in a merge: those stay theirs."""
        gone = set(self.numbers())
        found = []
        for number, record in self.connection.execute(
            "SELECT id, record FROM operation WHERE id IN (SELECT id FROM gone_op) AND id <> ? AND name <> 'import'"
            " AND json_type(record, '$.kept') = 'array'",
            (operation_id,),
        ):
            kept = [one for one in json.loads(record)["kept"] if not gone & {one.get("from"), one.get("into")}]
            if kept:
                found.append((json.dumps({"kept": kept}, ensure_ascii=False), number))
        return found


def row_of(connection: sqlite3.Connection, table: str, number: int) -> Row:
    """Return a row, by the columns that the history records; nothing where it is not there."""
    names = columns(connection, table)
    found = connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (number,)).fetchone()
    return dict(zip(names, found, strict=True)) if found else {}


def change_row(connection: sqlite3.Connection, operation_id: int, table: str, before: Row, values: Row) -> None:
    """Change a row of somebody else's, and record it; an owner that goes leaves no image."""
    after = {**before, **values}
    if before == after:
        return
    connection.execute(
        f"UPDATE {table} SET {', '.join(f'{name} = ?' for name in values)} WHERE id = ?",
        [*values.values(), before["id"]],
    )
    connection.executemany(_RECORD, change_rows(operation_id, table, before["id"], before, after))


def insert_row(connection: sqlite3.Connection, operation_id: int, table: str, row: Row) -> None:
    """Insert a row of somebody else's that is gone, and record it."""
    known = {name: row.get(name) for name in columns(connection, table)}
    marks = ", ".join("?" * len(known))
    connection.execute(f"INSERT INTO {table} ({', '.join(known)}) VALUES ({marks})", list(known.values()))
    connection.executemany(_RECORD, change_rows(operation_id, table, row["id"], None, known))


def _names(text: str, words: Iterable[str]) -> bool:
    """Tell whether a command or a path has one of some names in it, however it is written."""
    plain = _letters(text)
    return any(_letters(word) in plain for word in words)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
