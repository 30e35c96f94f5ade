"""Which operation set each value that an entity has: by which it came, not the one that only brought it here.

A merge and a qualification move rows from one entity to another, and copy columns from one row to another's. What set
such a value is what had set it there.
"""

from __future__ import annotations

import sqlite3
from typing import Any, NamedTuple

from dkcrm.store.history import ATTRIBUTES, CHANGE, SHOWN_AS, Change, field_names, rows_now
from dkcrm.store.images import Row, decode


class Origin(NamedTuple):
    """One value of an entity and the operation that set it."""

    field: str
    value: Any
    operation_id: int


def blame(connection: sqlite3.Connection, number: int) -> list[Origin]:
    """Return each value that an entity has now, with the operation that set it."""
    tracing = _Tracing(connection)
    found = []
    for (table, row_id), row in sorted(rows_now(connection, number).items()):
        wanted = [name for name in _SHOWN[table] if row[name] not in (None, "")]
        origins = tracing.of_row(table, row_id, wanted)
        if table == "entity":
            origins = {name: tracing.before_it_came(number, name, row[name], by) for name, by in origins.items()}
        found += [
            Origin(*_describe(connection, table, row, name, number), origins[name])
            for name in wanted
            if name in origins
        ]
    return found


class _Tracing:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        # An operation and its undo cancel out, and a redo puts back what its operation set: those that stand set it.
        rows = connection.execute("SELECT id FROM operation WHERE kind = 'do' AND undone_by IS NULL")
        self._stands = {row[0] for row in rows}

    def of_row(self, table: str, row_id: int, names: list[str], until: int | None = None) -> dict[str, int]:
        """Return the operation that set each column of a row, the last one before ``until`` if that is said."""
        found: dict[str, int] = {}
        changes = [change for change in self._changes(table, row_id) if until is None or change.operation_id < until]
        gone = {change.operation_id: decode(change.before) for change in changes if change.before and not change.after}
        for change in changes:
            if change.operation_id not in self._stands:
                continue
            if change.last_id is not None:
                found |= {name: change.operation_id for name in names if name not in found}
            elif change.after is not None:
                image = decode(change.after)
                # A row that went from one entity to another is as it was, but for what differs.
                was = gone.get(change.operation_id, {}) if change.before is None else {}
                for name in names:
                    if name in image and not (name in was and was[name] == image[name]):
                        found.setdefault(name, change.operation_id)
        return found

    def _changes(self, table: str, row_id: int) -> list[Change]:
        rows = self.connection.execute(
            f"SELECT {CHANGE} FROM change WHERE tbl = ?1 AND row_id = ?2 AND last_id IS NULL"
            f" UNION ALL SELECT {CHANGE} FROM change WHERE tbl = ?1 AND last_id IS NOT NULL"
            " AND row_id <= ?2 AND last_id >= ?2 ORDER BY id DESC",
            (table, row_id),
        )
        return [Change(*row) for row in rows]

    def before_it_came(self, number: int, name: str, value: Any, by: int) -> int:
        """Return what set a value of an entity that ``by`` gave it: what set it where it came from, if it did."""
        partners = self.connection.execute(
            "SELECT DISTINCT row_id FROM change WHERE operation_id = ? AND tbl = 'entity' AND row_id <> ?"
            " AND last_id IS NULL AND (json_extract(after, '$.merged_into') = ?"
            f" OR (json_extract(before, '$.{name}') = ? AND json_type(after, '$.{name}') = 'null'))",
            (by, number, number, value),
        ).fetchall()
        for (partner,) in partners:
            if self._had(partner, name, by) == value:
                earlier = self.of_row("entity", partner, [name], until=by).get(name)
                if earlier is not None:
                    return self.before_it_came(partner, name, value, earlier)
        return by

    def _had(self, number: int, name: str, until: int) -> Any:
        """Return what an entity had in a column before an operation."""
        for change in reversed(self._changes("entity", number)):
            if change.operation_id >= until and change.before and name in decode(change.before):
                return decode(change.before)[name]
        row = self.connection.execute(f"SELECT {name} FROM entity WHERE id = ?", (number,)).fetchone()
        return row[0] if row else None


#: The columns of each table that blame speaks of.
_SHOWN = {
    "entity": tuple(name for name in (*ATTRIBUTES, "notes") if name not in ("updated_at", "merged_into")),
    "contact_point": ("value",),
    "address": ("value", "street", "city", "region", "postcode", "country"),
    "tag": ("tag",),
    "field_value": ("value",),
    "membership": ("role", "organization_id"),
}


def _describe(connection: sqlite3.Connection, table: str, row: Row, name: str, number: int) -> tuple[str, Any]:
    if table == "entity":
        return SHOWN_AS.get(name, name), row[name]
    if table == "contact_point":
        return row["kind"], row[name]
    if table == "address":
        return "address" if name == "value" else f"address.{name}", row[name]
    if table == "field_value":
        return f"field:{field_names(connection).get(row['field_id'], row['field_id'])}", row[name]
    if table == "membership":
        other = row["organization_id"] if row["member_id"] == number else row["member_id"]
        return ("membership" if name == "organization_id" else "membership.role"), other if name != "role" else row[
            name
        ]
    return table, row[name]
