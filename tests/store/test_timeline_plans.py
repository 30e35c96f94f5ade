"""What a timeline costs: no table is walked through, and of many members no more is read than is shown."""

from __future__ import annotations

import os
import sqlite3
from typing import Any

import pytest

from dkcrm.session import Session
from dkcrm.store.asked import KINDS, Asked
from dkcrm.store.connection import open_reading, open_writing
from dkcrm.store.timeline import timeline

#: What only a walk through all of it, or through all of an index of it, would be a SCAN of.
TABLES = frozenset(
    """entity interaction transition purchase assessment task task_entity ticket ticket_event campaign campaign_member
    consent membership change operation e i t p a l m c o v""".split()
)


@pytest.fixture
def many(crm: Any) -> sqlite3.Connection:
    """Return a database with an organization of thirty members who had forty contacts each."""
    crm.add("organization", "Acme")
    connection = open_writing(Session(os.environ["DKCRM_DB"]))
    with connection:
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 31) INSERT INTO entity (id, uid,"
            " type, full_name, created_at, updated_at) SELECT i, randomblob(16), 'person', 'P' || i,"
            " '2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z' FROM n"
        )
        connection.execute("INSERT INTO membership (member_id, organization_id) SELECT id, 1 FROM entity WHERE id > 1")
        # Spread so that each has some of the newest: 7 and 1201 have nothing in common.
        connection.execute(
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1199) INSERT INTO interaction"
            " (uid, entity_id, at, direction, channel, text) SELECT randomblob(16), 2 + i % 30,"
            " strftime('%Y-%m-%dT%H:%M:%SZ', 1700000000 + (i * 7919 % 1201) / 3 * 60, 'unixepoch'), 'in', 'email',"
            " i FROM n"
        )
    connection.close()
    return open_reading(Session(os.environ["DKCRM_DB"]))


def plan(connection: sqlite3.Connection, number: int, asked: Asked) -> list[str]:
    """Return the plan of every query of a timeline."""
    queries: list[str] = []
    connection.set_trace_callback(queries.append)
    timeline(connection, number, asked)
    connection.set_trace_callback(None)
    assert queries
    return [
        row[3] for sql in dict.fromkeys(queries) for row in connection.execute("EXPLAIN QUERY PLAN " + sql)
    ]  # fmt: skip


@pytest.mark.parametrize("number", [1, 2])
@pytest.mark.parametrize("limit", [0, 10, 100])
@pytest.mark.parametrize("kinds", [(*KINDS, "edit"), ("ticket",), ("campaign",)], ids=["all", "ticket", "campaign"])
def test_no_table_is_walked_through(many: Any, number: int, limit: int, kinds: tuple[str, ...]) -> None:
    steps = plan(many, number, Asked(limit, kinds))
    walked = [step for step in steps if step.startswith("SCAN") and step.split()[1] in TABLES]
    # The tasks that were found are walked through, of which l is the list.
    assert [step for step in walked if step != "SCAN l"] == []
    # Nor are all changes of a table, of which the history has more than of anything else.
    assert [step for step in steps if "change_row (tbl=?)" in step or "change_row (tbl=? AND row_id<" in step] == []


@pytest.mark.parametrize("limit", [1, 7, 29, 30, 31, 100, 1199, 1200, 5000])
@pytest.mark.parametrize("bounds", [("", "~"), ("2023-11-14T23:00:00Z", "2023-11-15T01:00:00Z")])
@pytest.mark.parametrize("side_by_side", [5, 200])
def test_every_road_leads_to_the_same(
    many: Any, monkeypatch: pytest.MonkeyPatch, limit: int, bounds: tuple[str, str], side_by_side: int
) -> None:
    from dkcrm.store import happenings

    monkeypatch.setattr(happenings, "_SIDE_BY_SIDE", side_by_side)
    rows = many.execute(
        "SELECT at, text FROM interaction WHERE at BETWEEN ? AND ? ORDER BY at DESC, id DESC", bounds
    ).fetchall()
    found = timeline(many, 1, Asked(limit, ("interaction",), *bounds))
    assert [event["at"] for event in found] == [at for at, _text in rows[:limit]]
    # Of those of one moment at the very end, which ones are shown is as good as the others.
    last = rows[:limit][-1][0]
    sure = {f"email: {text}" for at, text in rows[:limit] if at > last}
    texts = [event["text"] for event in found]
    assert sure <= set(texts) and len(set(texts)) == len(texts)
    assert {event["who"] for event in found} <= {f"P{number}" for number in range(2, 32)}


def test_of_many_members_no_more_is_read_than_is_shown(many: Any) -> None:
    read: list[str] = []
    many.set_trace_callback(read.append)
    timeline(many, 1, Asked(10, ("interaction",)))
    many.set_trace_callback(None)
    # Ten of the thirty are asked, whose latest contacts are the newest.
    assert len([sql for sql in read if sql.startswith("SELECT i.at") and "i.entity_id = " in sql]) == 10
