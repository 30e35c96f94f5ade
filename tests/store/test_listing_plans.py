"""What an answer costs does not hang on how many entities there are: the plans say so, whatever the clock."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from typing import Any

import pytest

from dkcrm.domain.query import read
from dkcrm.session import Session
from dkcrm.store import listing, search
from dkcrm.store.connection import open_reading
from dkcrm.store.listing import Scope, listed


@pytest.fixture
def db(crm: Any) -> tuple[Session, sqlite3.Connection]:
    """Return a database with a few entities, open for reading."""
    for number in range(5):
        points = ["--email", f"a{number}@x.it", "--phone", f"02 123456{number}"]
        crm.add("person", f"Anna {number}", "--tag", "vip", "--vat", f"0123456789{number}", *points)
    crm.add("organization", "Acme")
    crm.ok("link", 1, 6)
    session = Session(os.environ["DKCRM_DB"])
    return session, open_reading(session)


def plans(connection: sqlite3.Connection, run: Callable[[], object]) -> list[str]:
    """Return the plan of every query that a function asks."""
    asked: list[str] = []
    connection.set_trace_callback(asked.append)
    run()
    connection.set_trace_callback(None)
    return [
        row[3]
        for sql in dict.fromkeys(asked)
        if sql.startswith(("SELECT", "WITH"))
        for row in connection.execute("EXPLAIN QUERY PLAN " + sql)
    ]


def walks(plan: list[str]) -> list[str]:
    """Return the steps that read a whole table or index of entities or of what hangs on them."""
    return [
        step
        for step in plan
        if step.startswith("SCAN") and any(f" {name} " in step + " " for name in ("e", "entity", "contact_point", "p"))
    ]  # fmt: skip


@pytest.mark.parametrize(
    "filter",
    ["email=a1@x.it", "phone=021234561", "phone:+39021234561", "name=anna", "id=3", "vat=IT01234567891", "in:6",
     "uid=00000000-0000-7000-8000-000000000000", "email=a1@x.it or name=anna", "org=acme tag:vip", "import:fair.csv",
     "operation:3", "member-of:x email=a1@x.it"],
)  # fmt: skip
@pytest.mark.parametrize("limit", [0, 50])
@pytest.mark.parametrize("type", [None, "person"])
def test_what_is_exact_is_looked_up(db: Any, filter: str, limit: int, type: str | None) -> None:
    session, connection = db
    plan = plans(connection, lambda: list(listed(session, connection, read([filter]), Scope(type), limit=limit)))
    assert plan and walks(plan) == []


@pytest.mark.parametrize("filter", ["members:1..", "members:none", "sort:-members"])
def test_members_are_counted_by_their_links(db: Any, filter: str) -> None:
    session, connection = db
    plan = plans(connection, lambda: list(listed(session, connection, read([filter]), Scope(), limit=0)))
    assert any(step.startswith("SEARCH m ") and "organization_id=?" in step for step in plan), plan
    assert any(step.startswith("SEARCH o ") and "rowid=?" in step for step in plan), plan


@pytest.mark.parametrize(
    "filter", ["", "tag:vip", "tag:vip updated:2026-10..", "name:anna", "sort:-updated", "sort:updated"]
)
@pytest.mark.parametrize("type", [None, "person"])
def test_a_page_is_read_in_the_order_of_an_index(
    db: Any, monkeypatch: pytest.MonkeyPatch, filter: str, type: str | None
) -> None:
    monkeypatch.setattr(listing, "_VERY_FEW", 2)
    session, connection = db
    plan = plans(connection, lambda: list(listed(session, connection, read([filter]), Scope(type), limit=3)))
    index = "entity_listed" if type else "entity_updated"
    assert any(index in step for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize(("sort", "index"), [("name", "entity_name_key"), ("-created", "entity_created")])
def test_other_orders_have_an_index_too(db: Any, monkeypatch: pytest.MonkeyPatch, sort: str, index: str) -> None:
    monkeypatch.setattr(listing, "_VERY_FEW", 2)
    session, connection = db
    plan = plans(connection, lambda: list(listed(session, connection, read(["tag:vip"], sort), Scope(), limit=3)))
    assert any(index in step for step in plan) and not any("TEMP B-TREE" in step for step in plan)


@pytest.mark.parametrize("filter", ["tag:vip", "tag:vip created:2020.."])
def test_a_rare_tag_is_looked_up_after_a_glance(db: Any, monkeypatch: pytest.MonkeyPatch, filter: str) -> None:
    session, connection = db
    monkeypatch.setattr(listing, "_GLANCE", 2)
    found: list[int] = []
    plan = plans(connection, lambda: found.extend(listed(session, connection, read([filter]), Scope(), limit=50)))
    assert sorted(found) == [1, 2, 3, 4, 5]
    assert any("SEARCH tag" in step for step in plan)


@pytest.mark.parametrize("glance", [1, 2, 20_000])
@pytest.mark.parametrize("short", [0, 2, 100_000])
@pytest.mark.parametrize(
    "filter",
    """tag:vip|tag:vip type:person|name:anna|email:x.it|phone:0212|not tag:vip|created:2020..|tag:vip or name:acme
    |tag:vip not name:3 sort:name|updated:..+1d sort:-created|anna tag:vip|sort:-id|sort:email,name""".split("|"),
)
def test_every_road_leads_to_the_same(
    db: Any, monkeypatch: pytest.MonkeyPatch, filter: str, glance: int, short: int
) -> None:
    session, connection = db
    whole = list(listed(session, connection, read([filter]), Scope(), limit=0))
    monkeypatch.setattr(listing, "_GLANCE", glance)
    monkeypatch.setattr(listing, "_VERY_FEW", min(short, 3))
    monkeypatch.setattr(listing, "_SHORT", short)
    assert list(listed(session, connection, read([filter]), Scope(), limit=0)) == whole
    for limit in (1, 2, 4, 10):
        for offset in (0, 1, 3):
            page = list(listed(session, connection, read([filter]), Scope(), limit=limit, offset=offset))
            assert page == whole[offset : offset + limit]


@pytest.mark.parametrize("text", ["anna", "a1@x.it", "02 123", "acme nothing", "vip"])
def test_words_are_looked_up(db: Any, text: str) -> None:
    _session, connection = db
    plan = plans(connection, lambda: search.find(connection, text, "IT", Scope(), limit=50))
    assert plan and walks(plan) == []
