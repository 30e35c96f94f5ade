"""Full text, and the two ways of looking for entities: by words, and by a filter."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence

from dkcrm.store.filters import compile_filter
from dkcrm.store.fulltext import words


def find(connection: sqlite3.Connection, text: str, region: str, *, everything: bool, limit: int) -> list[int]:
    """Return the numbers of entities that a text finds, the best first: names before the rest, prefixes as typed.

    A text that is a phone number finds it in whatever notation it is stored.
    """
    hidden = "" if everything else " AND e.removed_at IS NULL"
    text = text.encode("utf-8", "replace").decode("utf-8")  # bytes that are no text are in no entity
    numbers: dict[int, None] = {}
    digits = "".join(c for c in text if c.isdigit())
    if len(digits) >= 5 and not any(c.isalpha() for c in text):
        from dkcrm.domain.phone import e164

        known = e164(text, region)
        for (number,) in connection.execute(
            "SELECT p.entity_id FROM contact_point p JOIN entity e ON e.id = p.entity_id WHERE p.kind='phone'"
            f" AND coalesce(p.norm, p.value) IN (?, ?){hidden} ORDER BY p.entity_id LIMIT ?",
            (known or text, text, limit),
        ):
            numbers[number] = None
    match = words(text)
    if match:
        rows = connection.execute(
            "SELECT e.id FROM search JOIN entity e ON e.id = search.rowid WHERE search MATCH ?"
            f"{hidden} AND e.merged_into IS NULL ORDER BY bm25(search, 10, 5, 5, 1, 2, 1, 1), e.id LIMIT ?",
            (match, limit),
        )
        numbers.update((row[0], None) for row in rows)
    return list(numbers)[:limit]


def listed(
    connection: sqlite3.Connection, type: str | None, arguments: Sequence[str], *, everything: bool, limit: int
) -> Iterator[int]:
    """Yield the numbers of entities that a filter lets through, the last changed first; ``limit`` 0 is none."""
    where, values = compile_filter(connection, *arguments)
    parts = ["e.merged_into IS NULL"] + ([] if everything else ["e.removed_at IS NULL"])
    if type:
        parts.append("e.type = ?")
        values = [type, *values]
    if where != "1":
        parts.append(where)
    sql = f"SELECT e.id FROM entity e WHERE {' AND '.join(parts)} ORDER BY e.updated_at DESC, e.id DESC"
    for row in connection.execute(f"{sql} LIMIT {int(limit) if limit else -1}", values):
        yield row[0]
