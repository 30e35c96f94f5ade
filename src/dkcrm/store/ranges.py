"""Rows in bulk that belong to entities that were there before: the history has a range of them, not each."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from dkcrm.store.images import RANGED, Row, columns, decode


def in_bulk(owners: str) -> str:
    """Return a SELECT of the operations that brought rows in bulk to some entities (a SELECT of their numbers).

    Rows that are gone, or another's by now, are found by the changes of which they were; of these an entity has few (+
    keeps to the index of the entity).
    """
    within = "CROSS JOIN change c ON c.last_id IS NOT NULL AND c.row_id <= r.{0} AND c.last_id >= r.{0}"
    arms = [
        f"SELECT c.operation_id FROM {table} r {within.format('id')} AND c.tbl = '{table}'"
        f" WHERE r.entity_id IN ({owners})"
        for table in RANGED
    ]
    tables = ", ".join(f"'{table}'" for table in RANGED)
    gone = f"SELECT c.operation_id FROM change r {within.format('row_id')} AND c.tbl = r.tbl"
    return " UNION ".join([*arms, f"{gone} WHERE r.entity_id IN ({owners}) AND +r.tbl IN ({tables})"])


def came_in_bulk(connection: sqlite3.Connection, operation_id: int, number: int) -> Iterator[tuple[int, str, int, Row]]:
    """Yield the rows that an operation brought in bulk to an entity: the change, the table, the row's id and its image.

    How it came follows from the row as it is, and from what was changed of it later.
    """
    for range_id, table, first, last in connection.execute(
        "SELECT id, tbl, row_id, last_id FROM change WHERE +operation_id = ? AND last_id IS NOT NULL"
        f" AND tbl IN ({', '.join('?' * len(RANGED))}) ORDER BY id",
        (operation_id, *RANGED),
    ).fetchall():
        names = columns(connection, table)
        marks = ", ".join(names)
        found = connection.execute(
            f"SELECT id FROM {table} WHERE entity_id = ?1 AND id BETWEEN ?2 AND ?3 UNION SELECT row_id FROM change"
            " WHERE entity_id = ?1 AND +tbl = ?4 AND +row_id BETWEEN ?2 AND ?3 AND +operation_id > ?5 ORDER BY 1",
            (number, first, last, table, operation_id),
        ).fetchall()
        for (row_id,) in found:
            now = connection.execute(f"SELECT {marks} FROM {table} WHERE id = ?", (row_id,)).fetchone()
            row: Row = dict(zip(names, now, strict=True)) if now else {}
            for (before,) in connection.execute(
                "SELECT before FROM change WHERE tbl = ? AND row_id = ? AND last_id IS NULL AND operation_id > ?"
                " AND before IS NOT NULL ORDER BY id DESC",
                (table, row_id, operation_id),
            ):
                row.update(decode(before))
            if row.get("entity_id") == number:
                yield range_id, table, row_id, row
