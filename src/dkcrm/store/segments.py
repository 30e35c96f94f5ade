"""Filters under a name, as they are kept."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from dkcrm.domain import query
from dkcrm.errors import DkcrmError
from dkcrm.store.fields import AROUND, known_field


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


def fields_in(text: str) -> list[str]:
    """Return the custom fields that a filter reads, or may read; what cannot be read reads none."""
    try:
        names = query.fields_of(query.parse([text]))
    except DkcrmError:
        return []
    plain = [name.removeprefix("field.") for name in names if name.startswith("field.") or not known_field(name)]
    return plain + [name for name in names if name in AROUND]


def users_of(
    connection: sqlite3.Connection, name: str, read: Callable[[str], list[str]] = names_in
) -> list[dict[str, str]]:
    """Return what uses a segment (or with ``fields_in`` a custom field): segments, and the criteria by their rules."""
    found = [{"segment": other, "filter": text} for other, text in segments(connection).items() if name in read(text)]
    for criterion, side, rule in connection.execute(
        "SELECT name, side, rule FROM criterion WHERE removed_at IS NULL AND rule IS NOT NULL ORDER BY id"
    ):
        if name in read(rule):
            found.append({"criterion": criterion, "side": side, "filter": rule})
    return found


def unsound(connection: sqlite3.Connection) -> set[str]:
    """Return what something names and nobody has, segments and custom fields, and segments that contain themselves."""
    known = segments(connection)
    named = {name: set(names_in(text)) for name, text in known.items()}
    rules = connection.execute("SELECT rule FROM criterion WHERE removed_at IS NULL AND rule IS NOT NULL")
    texts = [*known.values(), *(row[0] for row in rules)]
    found = {name for text in texts for name in names_in(text)} - known.keys()
    custom = {row[0] for row in connection.execute("SELECT name FROM field")} | AROUND
    found |= {f"field.{name}" for text in texts for name in fields_in(text) if name not in custom}
    for name in known:
        reached: set[str] = set()
        ahead = {name}
        while ahead:
            ahead = {other for one in ahead for other in named.get(one, ())} - reached
            reached |= ahead
        if name in reached:
            found.add(name)
    return found
