"""Looking for entities by words: what is surely meant first, then what only may be."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.domain.text import fold
from dkcrm.store.fulltext import words
from dkcrm.store.listing import Scope
from dkcrm.store.pieces import EVERYBODY, Piece

#: Of more hits than this in one place the newest entities are taken: ranking them all would read the whole index.
_MOST_HITS = 1000
#: From so many digits on a text may be a phone number.
_FEWEST_DIGITS = 5
_FULL_TEXT = "search MATCH ?"


def find(
    connection: sqlite3.Connection,
    text: str,
    region: str,
    scope: Scope,
    *,
    limit: int,
    only: Piece = EVERYBODY,
) -> list[int]:
    """Return the numbers of entities that a text finds, the best first, at most ``limit``; ``only`` those of a filter.

    Better is who has that phone, that email, that name; then who has the words in the name, as they are or as
    beginnings; in name or organization; in emails, phones and links as well; anywhere. Among equals it is the one that
    changed last.
    """
    found: dict[int, None] = {}
    most = max(_MOST_HITS, limit)
    for ids, values in _places(text, region):
        found.update(dict.fromkeys(_hits(connection, ids, values, scope, only, most)))
        if len(found) >= limit:
            break
    if not found:
        for ids, values in _parts_of_phones(connection, text, region):
            found.update(dict.fromkeys(_hits(connection, ids, values, scope, only, most)))
    return list(found)[:limit]


def _places(text: str, region: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield a SELECT of numbers, or the condition of full text, for each place to look in, the best first."""
    text = text.encode("utf-8", "replace").decode("utf-8")  # bytes that are no text are in no entity
    digits = sum(c.isdigit() for c in text)
    if digits >= _FEWEST_DIGITS and not any(c.isalpha() for c in text):
        from dkcrm.domain.phone import beginnings, e164

        exact = "SELECT entity_id AS id FROM contact_point WHERE kind = 'phone' AND coalesce(norm, value) IN (?, ?)"
        yield exact, (e164(text, region) or text, text)
        for start in beginnings(text, region):
            yield (
                "SELECT entity_id AS id FROM contact_point WHERE kind = 'phone' AND coalesce(norm, value) >= ?1"
                " AND coalesce(norm, value) < ?1 || char(1114111)",
                (start,),
            )
    if "@" in text:
        point = "SELECT entity_id AS id FROM contact_point WHERE kind = 'email' AND coalesce(norm, value) = ?"
        yield point, (text.strip().casefold(),)
    match = words(text)
    if not match:
        return
    yield "SELECT id FROM entity WHERE name_key = ?", (fold(text),)
    for query in (
        words(text, "name", open=False),
        words(text, "name org"),
        words(text, "name org contact"),
        words(text, open=False),
        match,
    ):
        yield _FULL_TEXT, (query,)


def _parts_of_phones(connection: sqlite3.Connection, text: str, region: str) -> Iterator[tuple[str, Sequence[Any]]]:
    """Yield SELECTs of who has a part of a phone number, however it is written: all numbers are read.

    The zero that numbers of other countries begin with at home is left out.
    """
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    if len(digits) < _FEWEST_DIGITS or any(c.isalpha() for c in text):
        return
    from dkcrm.store.codes import phone_parts
    from dkcrm.store.patterns import fold_functions

    fold_functions(connection)
    for part in dict.fromkeys((digits, digits.lstrip("0"))):
        found = phone_parts(part, region, whole=False) if len(part) >= _FEWEST_DIGITS else None
        if found is not None:
            where, values = found
            yield f"SELECT p.entity_id AS id FROM contact_point p WHERE p.kind = 'phone' AND ({where})", values


def _hits(
    connection: sqlite3.Connection, ids: str, values: Sequence[Any], scope: Scope, only: Piece, most: int
) -> list[int]:
    """Return whom a place gives, the last changed first."""
    where, more = scope.where("+")
    if only.sql != "1":
        where.append(only.sql)
        more += only.values
    if ids == _FULL_TEXT:
        source = f"search CROSS JOIN entity e ON e.id = search.rowid WHERE {_FULL_TEXT}"
        order = "ORDER BY search.rowid DESC"
    else:
        source, order = f"({ids}) s CROSS JOIN entity e ON e.id = s.id WHERE 1", ""
    rows = connection.execute(
        f"SELECT id FROM (SELECT e.id AS id, e.updated_at AS at FROM {source} AND {' AND '.join(where)}"
        f" {order} LIMIT {most}) ORDER BY at DESC, id DESC",
        [*values, *more],
    )
    return [row[0] for row in rows]
