"""Who is to be kept in touch with, and when somebody last was in contact."""

from __future__ import annotations

import sqlite3
from typing import NamedTuple


class Keep(NamedTuple):
    """Somebody to keep in touch with, every so many days; ``last`` is the latest contact (UTC), or None.

    ``since`` is the moment that the days count from: the latest contact, else when they were added.
    """

    id: int
    type: str
    name: str
    state: str
    days: int
    last: str | None
    since: str


def keeps(connection: sqlite3.Connection, number: int | None = None, until: str | None = None) -> list[Keep]:
    """Return who is to be kept in touch with, by number, or one of them.

    ``until`` leaves out those whose day (in UTC) comes after it. A contact with a member of an organization is one with
    the organization. The removed are left out.
    """
    one, some = "", ""
    values: list[int | str] = []
    if number is not None:
        one = " AND e.id = ?"
        values.append(number)
    if until is not None:
        some = " WHERE julianday(substr(coalesce(last, created_at), 1, 10)) + days <= julianday(?)"
        values.append(until)
    # CROSS JOIN: they are few, whatever the number of entities, so they are what is walked. MATERIALIZED: nothing of
    # it is worked out twice.
    rows = connection.execute(
        "WITH kept AS MATERIALIZED (SELECT e.id, e.type, coalesce(e.name, '') AS name, e.state, k.days, nullif(max("
        "coalesce((SELECT max(at) FROM interaction WHERE entity_id = e.id), ''),"
        "CASE WHEN e.type IN ('target', 'organization') THEN coalesce((SELECT max((SELECT max(i.at) FROM interaction i"
        " WHERE i.entity_id = m.member_id)) FROM membership m WHERE m.organization_id = e.id), '') ELSE '' END), '')"
        " AS last, e.created_at"
        f" FROM keep k CROSS JOIN entity e WHERE e.id = k.entity_id AND e.removed_at IS NULL{one} ORDER BY k.entity_id)"
        f" SELECT id, type, name, state, days, last, coalesce(last, created_at) FROM kept{some}",
        values,
    )
    return [Keep._make(row) for row in rows]
