"""report: each report's figures against plain loops over the same random book (tests/reportbook.py)."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import reportbook
from reportbook import Asked, Book

SEEDS = range(4)
ASKED: dict[str, tuple[list[str], dict[str, Any]]] = {
    "all": ([], {}),
    "period": (["--since", "2026-03-01", "--until", "2026-08-31"], {"first": "2026-03-01", "last": "2026-08-31"}),
    "filter": (["source:web"], {"who": lambda e: e["source"] == "web"}),
    "both": (
        ["not", "source:web", "--since", "2026-Q2"],
        {"who": lambda e: e["source"] != "web", "first": "2026-04-01"},
    ),
}


@pytest.fixture
def book(crm: Any, rome: Any, tmp_path: Path, request: Any) -> Book:
    """Return a random book that is in the database."""
    made = Book(request.param)
    crm.ok("field", "add", "owner")
    made.save(tmp_path / "test.db")
    return made


def figures(row: dict[str, Any], *names: str) -> tuple[Any, ...]:
    return tuple(row.get(name) for name in names)


def blank(values: tuple[Any, ...]) -> bool:
    """Whether a row has nothing in it: months between others."""
    return not any(value for value in values if value not in ("0.00", "0"))


every_book = pytest.mark.parametrize("book", SEEDS, indirect=True)
every_question = pytest.mark.parametrize("question", list(ASKED))


@every_book
@every_question
@pytest.mark.parametrize("by", [None, "month", "source", "tag", "owner"])
def test_funnel(crm: Any, book: Book, question: str, by: str | None) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "funnel", *words, *(["--by", by] if by else []))
    told = {(row.get(by), row["type"]): figures(row, "entered", "there", "moved_on", "conversion", "median_days")
            for row in rows if row["entered"]}  # fmt: skip
    assert told == reportbook.funnel(Asked(book, **asked), by)


@every_book
@every_question
@pytest.mark.parametrize("by", [None, "month", "tag", "owner"])
def test_sources(crm: Any, book: Book, question: str, by: str | None) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "sources", *words, *(["--by", by] if by else []))
    names = ("entities", "leads", "qualified", "customers", "conversion", "revenue")
    assert {(row.get(by), row["source"]): figures(row, *names) for row in rows} == reportbook.sources(
        Asked(book, **asked), by
    )


@every_book
@every_question
def test_campaigns(crm: Any, book: Book, question: str) -> None:
    words, asked = ASKED[question]
    names = ("members", "reached", "answered", "leads", "qualified", "customers", "revenue", "cost", "cost_per_lead")
    told = {row["campaign"]: figures(row, *names) for row in crm.ok("report", "campaigns", *words)}
    told = {name: (*row[:-1], row[-1] and float(row[-1])) for name, row in told.items()}
    assert told == reportbook.campaigns(Asked(book, **asked))


@every_book
@every_question
@pytest.mark.parametrize("by", ["source", "tag", "owner"])
def test_campaigns_by_group(crm: Any, book: Book, question: str, by: str) -> None:
    """A row of a group is what the report says of those in it alone."""
    words, asked = ASKED[question]
    names = ("members", "reached", "answered", "leads", "qualified", "customers", "revenue")
    rows = crm.ok("report", "campaigns", *words, "--by", by)
    assert all("cost" not in row for row in rows)
    told = {(row["campaign"], row[by]): figures(row, *names) for row in rows}
    who = asked.get("who", lambda e: True)
    should = {}
    for value in {value for entity in book.alive() for value in book.groups(by, entity)}:
        some = {**asked, "who": lambda e, value=value: who(e) and value in book.groups(by, e)}
        for name, row in reportbook.campaigns(Asked(book, **some)).items():
            if any(row[1:3] if asked.get("first") else row[:3]):
                should[name, value] = row[:7]
    assert told == should != {}


@every_book
def test_campaigns_by_month_are_those_in_which_they_reached(crm: Any, book: Book) -> None:
    should: dict[tuple[str, str], int] = {}
    there = {entity["id"] for entity in book.alive()}
    for campaign in book.tables["campaign"]:
        first: dict[int, str] = {}
        for contact in sorted(book.tables["interaction"], key=lambda i: i["at"]):
            if (contact["campaign_id"], contact["direction"]) == (campaign["id"], "out"):
                first.setdefault(contact["entity_id"], reportbook.month(contact["at"]))
        for number in there & set(first):
            key = campaign["name"], first[number]
            should[key] = should.get(key, 0) + 1
    rows = crm.ok("report", "campaigns", "--by", "month")
    assert {(row["campaign"], row["month"]): row["reached"] for row in rows if row["reached"]} == should != {}


@every_book
@every_question
@pytest.mark.parametrize("by", ["day", "week", "month", "channel", "source", "tag", "owner"])
def test_activity(crm: Any, book: Book, question: str, by: str) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "activity", *words, "--by", by)
    told = {row[by]: figures(row, "in", "out", "contacts", "people", "tasks_done") for row in rows}
    told = {key: row for key, row in told.items() if not blank(row)}
    assert told == reportbook.activity(Asked(book, **asked), by, "who" not in asked)


@every_book
@every_question
def test_pipeline(crm: Any, book: Book, question: str) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "pipeline", *words, "--limit", 0)
    should = reportbook.pipeline(Asked(book, **asked))
    told = {row["id"]: figures(row, "type", "days", "last_contact", "stuck") for row in rows}
    assert told == {n: (type, days, last, slow or silent) for n, (type, days, last, slow, silent) in should.items()}
    for row in rows:
        *_rest, slow, silent = should[row["id"]]
        assert ("moved on in" in (row["why"] or ""), "contact" in (row["why"] or "")) == (slow, silent)
    by_type = crm.ok("report", "pipeline", *words, "--by", "type")
    assert {row["type"]: (row["entities"], row["stuck"]) for row in by_type} == {
        type: (sum(row["type"] == type for row in rows), sum(row["type"] == type and row["stuck"] for row in rows))
        for type in {row["type"] for row in rows}
    }


@every_book
@every_question
@pytest.mark.parametrize("by", ["month", "customer", "product", "source", "tag", "owner"])
def test_sales(crm: Any, book: Book, question: str, by: str) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "sales", *words, *([] if by == "month" else ["--by", by]))
    key = "id" if by == "customer" else by
    told = {(row[key], row["currency"]): figures(row, "revenue", "count", "quantity", "average") for row in rows}
    told = {key: (revenue, count, Decimal(quantity), average and Decimal(average))
            for key, (revenue, count, quantity, average) in told.items() if count}  # fmt: skip
    assert told == reportbook.sales(Asked(book, **asked), by)


@every_book
@every_question
@pytest.mark.parametrize("by", ["month", "week", "state", "priority", "source", "tag", "owner"])
def test_service(crm: Any, book: Book, question: str, by: str) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "service", *words, *([] if by == "month" else ["--by", by]))
    names = ("opened", "closed", "open", "waiting", "overdue", "reopened")
    hours = ("answer_median", "answer_mean", "close_median", "close_mean")
    told = {row[by]: figures(row, *names, *hours) for row in rows if row["opened"] or row["closed"]}
    assert told == reportbook.service(Asked(book, **asked), by)


@every_book
@every_question
@pytest.mark.parametrize("by", ["month", "source", "tag", "owner"])
def test_growth(crm: Any, book: Book, question: str, by: str) -> None:
    words, asked = ASKED[question]
    rows = crm.ok("report", "growth", *words, *([] if by == "month" else ["--by", by]))
    told = {}
    total = rows[0]["total"] - rows[0]["new"] + rows[0]["removed"] if rows else 0
    for row in rows:
        new = {type: row[type] for type in [*reportbook.NEXT, *reportbook.CUSTOMERS]
               if row[type]}  # fmt: skip
        assert row["new"] == sum(new.values())
        total = (total if by == "month" else 0) + row["new"] - row["removed"]
        assert row["total"] == total
        if row["new"] or row["removed"] or row["won"] or row["lost"]:
            told[row[by]] = (new, *figures(row, "removed", "won", "lost"))
    ask = Asked(book, **asked)
    assert told == reportbook.growth(ask, by)
    if by == "month" and question == "all":
        assert total == len(book.alive())
    if by == "month" and question == "filter":
        assert total == len(ask.who)


CHECKED = (
    "no-email", "unreachable", "bad-email", "no-source", "suspects-in-contact", "stale-leads", "leads-without-contact",
    "leads-without-source", "dead-ends", "customers-without-purchase",
)  # fmt: skip


@every_book
@every_question
def test_hygiene_counts_whom_its_commands_list(crm: Any, book: Book, question: str) -> None:
    import shlex

    words = ASKED[question][0]
    rows = {row["check"]: row for row in crm.ok("report", "hygiene", *words)}
    assert set(rows) >= {"no-email", "unreachable", "no-source"}
    for name in set(CHECKED) & set(rows):
        row = rows[name]
        assert (row["command"] is None) == (row["count"] == 0)
        if row["command"]:
            listed = crm.ok(*shlex.split(row["command"])[1:], "--limit", 0)
            assert len(listed) == row["count"], row
            assert set(row["examples"]) <= {entity["id"] for entity in listed}
            assert len(row["examples"]) == min(5, row["count"])
            assert row["share"] == pytest.approx(row["count"] / row["of"], abs=0.0001)


@every_book
@every_question
@pytest.mark.parametrize("by", ["month", "type", "source", "tag", "owner"])
def test_hygiene_by_group_counts_whom_its_commands_list(crm: Any, book: Book, question: str, by: str) -> None:
    import shlex

    words = ASKED[question][0]
    whole = {row["check"]: row for row in crm.ok("report", "hygiene", *words)}
    rows = crm.ok("report", "hygiene", *words, "--by", by)
    sums: dict[str, list[int]] = {}
    for row in rows:
        sums[row["check"]] = [a + row[name] for a, name in zip(sums.get(row["check"], [0, 0]), ("count", "of"),
                                                               strict=True)]  # fmt: skip
        assert by in row
    if by != "tag":
        assert sums == {name: [row["count"], row["of"]] for name, row in whole.items()}
    for row in rows[:: max(1, len(rows) // 8)]:
        if row["command"] and row["check"] in CHECKED:
            listed = crm.ok(*shlex.split(row["command"])[1:], "--limit", 0)
            assert len(listed) == row["count"], row


@every_book
def test_hygiene_against_loops(crm: Any, book: Book) -> None:
    rows = {row["check"]: (row["count"], row["of"]) for row in crm.ok("report", "hygiene")}
    alive, tables = book.alive(), book.tables

    def has(entity: dict[str, Any], kind: str, *ends: str) -> bool:
        return any(p["entity_id"] == entity["id"] and p["kind"] == kind and p["value"].endswith(ends or ("",))
                   for p in tables["contact_point"])  # fmt: skip

    def contacts(entity: dict[str, Any]) -> list[dict[str, Any]]:
        return [i for i in tables["interaction"] if i["entity_id"] == entity["id"]]

    leads = [e for e in alive if e["type"] == "lead"]
    active = [e for e in leads if e["state"] == "active"]
    suspects, targets = ([e for e in alive if e["type"] == type] for type in ("suspect", "target"))
    customers = [e for e in alive if e["type"] in reportbook.CUSTOMERS]
    gone = ("x@y.example", "no-reply@b.it", "t@test")
    bad = [e for e in alive if any(p["entity_id"] == e["id"] and p["value"] in gone for p in tables["contact_point"])]
    day = "2026-08-24"  # ninety days before the present
    stale = [e for e in active if str(reportbook.local_day(e["created_at"])) <= day
             and not any(str(reportbook.local_day(i["at"])) >= day for i in contacts(e))]  # fmt: skip
    bought = {n for p in tables["purchase"] if not p["voided_at"] for n in (p["entity_id"], p["also_id"])}
    groups = {m["organization_id"] for m in tables["membership"]}
    types = {e["id"]: e["type"] for e in tables["entity"] if not e["removed_at"]}
    linked = [
        m for m in tables["membership"] if m["member_id"] in {e["id"] for e in alive} and m["organization_id"] in types
    ]
    mixed = [m for m in linked if (types[m["member_id"]], types[m["organization_id"]])
             not in (("prospect", "target"), ("person", "organization"))]  # fmt: skip
    should = {
        "no-email": (sum(not has(e, "email") for e in alive), len(alive)),
        "unreachable": (sum(not has(e, "email") and not has(e, "phone") for e in alive), len(alive)),
        "bad-email": (len(bad), sum(has(e, "email") for e in alive)),
        "no-source": (sum(e["source"] is None for e in alive), len(alive)),
        "suspects-in-contact": (sum(any(i["direction"] == "in" for i in contacts(e)) for e in suspects), len(suspects)),
        "stale-leads": (len(stale), len(active)),
        "leads-without-contact": (sum(not contacts(e) for e in leads), len(leads)),
        "leads-without-source": (sum(e["source"] is None for e in leads), len(leads)),
        "dead-ends": (sum(e["id"] not in groups for e in targets), len(targets)),
        "mixed-links": (len({m["member_id"] for m in mixed}), len({m["member_id"] for m in linked})),
        "customers-without-purchase": (sum(e["id"] not in bought for e in customers), len(customers)),
    }  # fmt: skip
    assert rows == {name: pair for name, pair in should.items() if pair[1]}
