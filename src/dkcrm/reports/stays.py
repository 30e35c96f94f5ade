"""Stays: one entity in one type, from when it entered until when it left for the next one, or not yet.

Entities enter their first type when they are created; a lead that was folded into someone who was there already leaves,
but does not enter again. Who was merged with another was nobody else: the stays are those of who survived. Voided
purchases never happened.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from typing import Any, NamedTuple

from dkcrm.reports.groups import period
from dkcrm.reports.scope import ALIVE, Scope

Place = tuple[str, Any]

# Who never moved is counted by SQLite; each step of those who did comes here, in the order in which they were taken.
_STAYED = """
SELECT e.type, {group} AS grp, count(*) FROM entity e NOT INDEXED {join}
WHERE {alive} AND {where} AND {entered}
  AND NOT EXISTS (SELECT 1 FROM transition t WHERE t.entity_id = e.id AND t.voided_at IS NULL)
GROUP BY e.type, grp
"""
_STEPS = """
SELECT t.entity_id, t.from_type, t.to_type, t.into_id, t.at, unixepoch(t.at), {into} AS into_group,
  c.created_at, unixepoch(c.created_at), {group} AS grp, c.merged_into, {part}
FROM transition t CROSS JOIN entity c ON c.id = t.entity_id {survivor} {join}
WHERE t.voided_at IS NULL AND c.removed_at IS NULL AND e.removed_at IS NULL AND {where}
ORDER BY t.entity_id, {part}, t.id
"""
# Most are nobody else: their own row is not looked up a second time.
_SURVIVOR = "CROSS JOIN entity e ON e.id = coalesce(c.merged_into, c.id)"


class Stays(NamedTuple):
    """By type and group: how many stays began, and how many seconds each took that has ended."""

    entered: Counter[Place]
    took: dict[Place, list[int]]


def stays(scope: Scope) -> Stays:
    """Count stays that began in the period; a group of ``time`` is when they began."""
    by = scope.by
    into, group, created, join, part = "NULL", "NULL", "NULL", "", "NULL"
    if by is not None and by.of == "time":
        into, group, created = (period(by.name, at) for at in ("t.at", "c.created_at", "e.created_at"))
    elif by is not None:
        created, join = by.sql, by.join
        # A source is what was said of a lead, also where it was folded into somebody who came from elsewhere.
        group = "c.source" if by.of == "source" else created
        part = "g.id" if by.of == "tag" else "NULL"
    entered: Counter[Place] = Counter()
    took: dict[Place, list[int]] = {}
    for type, key, count in scope.rows(
        _STAYED, group=created, join=join, alive=ALIVE, where=scope.where, entered=scope.between("e.created_at")
    ):
        entered[type, key] = count
    rows = scope.rows(
        _STEPS, group=group, join=join, part=part, survivor=_SURVIVOR, where=scope.where, into=into
    ).fetchall()
    _follow(scope, rows, by is not None and by.of == "time", entered, took)
    return Stays(entered, took)


def _follow(
    scope: Scope, rows: list[tuple[Any, ...]], timed: bool, entered: Counter[Place], took: dict[Place, list[int]]
) -> None:
    """Follow each entity from step to step; the rows of one stand together."""
    first, last = scope.first or "", scope.last or "9"
    folded = {row[0] for row in rows if row[3] is not None}
    before: tuple[int, Any] = (0, 0)
    since, since_text, key = 0, "", None
    place: Place
    for number, from_type, to_type, into, at_text, at, into_key, made_text, made, group, merged, part in rows:
        if merged is not None and number not in folded:
            continue
        if (number, part) != before:
            before = number, part
            since, since_text, key = made, made_text, group
            if first <= since_text <= last:
                entered[from_type, key] += 1
        if first <= since_text <= last:
            place = (from_type, key)
            found = took.get(place)
            if found is None:
                took[place] = [at - since]
            else:
                found.append(at - since)
        if into is None:
            since, since_text, key = at, at_text, into_key if timed else group
            if first <= since_text <= last:
                entered[to_type, key] += 1


# Of everybody who is there: what others took does not depend on whom a report is about.
_TOOK = """
SELECT t.entity_id, t.from_type, t.into_id, unixepoch(t.at), unixepoch(c.created_at), c.merged_into
FROM transition t CROSS JOIN entity c ON c.id = t.entity_id
WHERE t.voided_at IS NULL AND c.removed_at IS NULL ORDER BY t.entity_id, t.id
"""


def all_took(connection: sqlite3.Connection) -> dict[str, list[int]]:
    """Return by type how many seconds each stay took that has ended, of everybody who is not removed."""
    rows = connection.execute(_TOOK).fetchall()
    folded = {row[0] for row in rows if row[2] is not None}
    took: dict[str, list[int]] = {}
    before, since = 0, 0
    for number, type, _into, at, made, merged in rows:
        if merged is not None and number not in folded:
            continue
        if number != before:
            before, since = number, made
        took.setdefault(type, []).append(at - since)
        since = at
    return took
