"""Filters under a name, as they are kept."""

from __future__ import annotations

import sqlite3

from dkcrm.domain import query
from dkcrm.errors import DkcrmError


def segments(connection: sqlite3.Connection) -> dict[str, str]:
    """Return every segment: name -> filter, by name."""
    return dict(connection.execute("SELECT name, filter FROM segment ORDER BY name"))


def segment_filter(connection: sqlite3.Connection, name: str) -> tuple[str | None, list[str]]:
    """Return the filter of a segment (None where there is none) and, where there is none, the names that there are."""
    row = connection.execute("SELECT filter FROM segment WHERE name = ?", (name,)).fetchone()
    return (row[0], []) if row else (None, list(segments(connection)))


def names_in(text: str) -> list[str]:
    """Return the segments that a filter names; what cannot be read names none."""
    try:
        return [term.value.strip().lower() for term in query.segments_of(query.parse([text]))]
    except DkcrmError:
        return []


def users_of(connection: sqlite3.Connection, name: str) -> list[dict[str, str]]:
    """Return what uses a segment: other segments, and the criteria whose rule names it."""
    found = [
        {"segment": other, "filter": text} for other, text in segments(connection).items() if name in names_in(text)
    ]
    for criterion, side, rule in connection.execute(
        "SELECT name, side, rule FROM criterion WHERE removed_at IS NULL AND rule IS NOT NULL ORDER BY id"
    ):
        if name in names_in(rule):
            found.append({"criterion": criterion, "side": side, "filter": rule})
    return found


def unsound(connection: sqlite3.Connection) -> set[str]:
    """Return the segments that something names and nobody has, and those that contain themselves."""
    known = segments(connection)
    named = {name: set(names_in(text)) for name, text in known.items()}
    rules = connection.execute("SELECT rule FROM criterion WHERE removed_at IS NULL AND rule IS NOT NULL")
    found = {name for row in rules for name in names_in(row[0])}.union(*named.values()) - known.keys()
    for name in known:
        reached: set[str] = set()
        ahead = {name}
        while ahead:
            ahead = {other for one in ahead for other in named.get(one, ())} - reached
            reached |= ahead
        if name in reached:
            found.add(name)
    return found
