"""Everything that happened around an entity, in order, from every source that tells of it.

A target's or organization's timeline has its members' events too.
"""

from __future__ import annotations

import json
import sqlite3
from itertools import groupby

from dkcrm.store.asked import Around, Asked, Event
from dkcrm.store.entities import known_as
from dkcrm.store.happenings import SOURCES


def timeline(connection: sqlite3.Connection, number: int, asked: Asked) -> list[Event]:
    """Return the newest events around an entity, newest first.

    Each has ``at`` (a moment in UTC, or a day), ``kind``, ``text``, ``who`` (the name of the member that it is of, else
    None), ``entity`` (the number of whom it is of), and where there is one ``direction``, ``id``, ``ticket``,
    ``campaign`` and ``operation``. Of the same second, what was written last comes first.
    """
    members = [
        row[0]
        for row in connection.execute(
            "SELECT member_id FROM membership WHERE organization_id = ? ORDER BY member_id", (number,)
        )
    ]
    around = Around(connection, number, known_as(connection, number), members, asked)
    events = [event for source in SOURCES for event in source(around)]
    events.sort(key=_when, reverse=True)
    whole: list[Event] = []
    for _at, same in groupby(events, key=_when):
        whole += _as_written(connection, list(same))
        if asked.limit and len(whole) >= asked.limit:
            break
    return _with_names(around, whole[: asked.limit or None])


def _when(event: Event) -> str:
    # A bare day sorts as its end: a purchase stands above what led to it.
    return str(event["at"]).ljust(20, "~")


def _as_written(connection: sqlite3.Connection, events: list[Event]) -> list[Event]:
    """Return events of the same second, the last written first: the history knows."""
    if len(events) == 1:
        return events

    def written(event: Event) -> int:
        table, row = event["row"]
        if table == "operation":
            sql, values = "SELECT min(id) FROM change WHERE operation_id = ?", [row]
        else:
            sql, values = "SELECT min(id) FROM change WHERE tbl = ? AND row_id = ?", [table, row]
        return connection.execute(sql, values).fetchone()[0] or 0

    return sorted(events, key=written, reverse=True)


def _with_names(around: Around, events: list[Event]) -> list[Event]:
    """Return events with the names of the members that they are of, without what only sorting needed."""
    own = set(around.own)
    others = {event["entity"] for event in events} - own
    names = dict(
        around.connection.execute(
            "SELECT id, coalesce(name, '') FROM entity WHERE id IN (SELECT value FROM json_each(?))",
            [json.dumps(list(others))],
        ).fetchall()
    )
    for event in events:
        del event["row"]
        whose = event["entity"]
        event["who"] = (names.get(whose) or str(whose)) if whose not in own else None
    return events
