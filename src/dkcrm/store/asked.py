"""What is asked of a timeline, and of whom."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from dkcrm.domain.when import day_of

Event = dict[str, Any]

#: What there is on a timeline where nothing else is said; ``edit`` is added when it is asked for.
KINDS = (
    "interaction",
    "transition",
    "purchase",
    "answer",
    "reason",
    "task",
    "ticket",
    "campaign",
    "consent",
    "link",
    "merge",
)


class Asked(NamedTuple):
    """What is asked of a timeline.

    At most ``limit`` events (0: all), of some ``kinds``, from ``since`` to ``until`` (moments in UTC), and where
    ``ahead`` says so the due dates of open tasks and tickets.
    """

    limit: int = 0
    kinds: Collection[str] = KINDS
    since: str = ""
    until: str = "~"
    ahead: bool = True


class Around(NamedTuple):
    """Whose timeline it is: the entity, the aliases that became it, and its members."""

    connection: sqlite3.Connection
    number: int
    aliases: list[int]
    members: list[int]
    asked: Asked

    @property
    def own(self) -> list[int]:
        """The entity and its aliases."""
        return [self.number, *self.aliases]

    @property
    def everybody(self) -> list[int]:
        """The entity, its aliases and its members."""
        return [*self.own, *self.members]

    def newest(self, sql: str, whose: Iterable[int], *values: Any, days: bool = False) -> list[tuple[Any, ...]]:
        """Return the newest rows of a SELECT whose first columns are ``at`` and ``id``.

        In it, ``who`` is a table with the numbers of those whose rows are wanted. ``days``: its times may be bare days.
        """
        first, last = self.asked.since, self.asked.until
        period, bounds = "x.at BETWEEN ? AND ?", [first, last]
        if days:
            begin = day_of(first).isoformat() if first else ""
            end = day_of(last).isoformat() if last != "~" else "~"
            period = f"CASE WHEN length(x.at) = 10 THEN x.at BETWEEN ? AND ? ELSE {period} END"
            bounds = [begin, end, first, last]
        return self.connection.execute(
            f"WITH who(id) AS (SELECT value FROM json_each(?)) SELECT * FROM ({sql}) x WHERE {period}"
            " ORDER BY substr(x.at || '~~~~~~~~~~', 1, 20) DESC, x.id DESC LIMIT ?",
            [json.dumps(list(whose)), *values, *bounds, self.asked.limit or -1],
        ).fetchall()


def make_event(at: str, kind: str, text: str, entity: int, row: tuple[str, int], **ids: Any) -> Event:
    """Return an event; ``row`` is where it stands, as (table, id), and numbers that are none are left out."""
    there = {name: value for name, value in ids.items() if value is not None}
    return {"at": at, "kind": kind, "text": text, "who": None, "entity": entity, **there, "row": row}
