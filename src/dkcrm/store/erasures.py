"""Which operations have erased people, and which touched somebody who was erased since."""

from __future__ import annotations

import sqlite3


def is_erasure(connection: sqlite3.Connection, operation_id: int) -> bool:
    """Tell whether an operation has erased people."""
    return (
        connection.execute("SELECT 1 FROM erased WHERE operation_id = ? LIMIT 1", (operation_id,)).fetchone()
        is not None
    )


def erasures_in(connection: sqlite3.Connection, operation_id: int) -> list[int] | None:
    """Return the erasures (the latest twenty) of those whom an operation touched; None where it touched none of them.

    It touched them if it has changes of their numbers, brought them in bulk, or has lost values to an erasure. What an
    erasure did to others, whose rows spoke of who is gone, is a later change like any other.
    """
    if connection.execute("SELECT 1 FROM erased LIMIT 1").fetchone() is None:
        return None
    rows = connection.execute(
        "WITH gone AS (SELECT number, operation_id FROM erased WHERE number NOT IN (SELECT id FROM entity))"
        " SELECT g.operation_id FROM change c JOIN gone g ON g.number = c.entity_id WHERE c.operation_id = ?1"
        " UNION SELECT g.operation_id FROM change c JOIN gone g ON g.number = c.other_id WHERE c.operation_id = ?1"
        " UNION SELECT g.operation_id FROM change c JOIN gone g ON g.number BETWEEN c.row_id AND c.last_id"
        "  WHERE c.operation_id = ?1 AND c.tbl = 'entity' AND c.last_id IS NOT NULL"
        " ORDER BY 1 DESC LIMIT 20",
        (operation_id,),
    ).fetchall()
    if rows:
        return [row[0] for row in rows if row[0] is not None]
    lost = connection.execute(
        "SELECT 1 FROM change WHERE operation_id = ?1 AND last_id IS NULL AND ((before IS NULL AND after IS NULL)"
        " OR instr(before, ?2) OR instr(after, ?2)) LIMIT 1",
        (operation_id, '"\\u001a"'),
    ).fetchone()
    if lost is None:
        return None
    rows = connection.execute(
        "SELECT DISTINCT operation_id FROM erased WHERE operation_id > ? ORDER BY 1 DESC LIMIT 20", (operation_id,)
    ).fetchall()
    return [row[0] for row in rows]
