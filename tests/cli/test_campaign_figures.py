"""What became of a campaign, against the same counted by hand from an export."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

pytestmark = pytest.mark.usefixtures("rome")


def counted(crm: Any) -> dict[str, dict[str, Any]]:
    """Count from an export, entity by entity and step by step, what the figures ought to be."""
    entities = json.loads(crm("export", "--all", "--format", "json").out)
    figures: dict[str, dict[str, Any]] = {}
    for entity in entities:
        for campaign in entity.get("campaigns", ()):
            figures.setdefault(campaign["uid"], {
                "members": 0, "reached": 0, "answered": 0, "leads": 0, "qualified": 0, "customers": 0, "revenue": {},
                "purchases": set(),
            })["members"] += campaign["added_at"] is not None  # fmt: skip
    reached: dict[tuple[str, str], str] = {}
    for entity in entities:
        for row in entity.get("interactions", ()):
            key = (row["campaign"], entity["uid"])
            if row["campaign"] and row["direction"] == "out":
                reached[key] = min(reached.get(key, "9"), row["at"])
        answered = {row["campaign"] for row in entity.get("interactions", ()) if row["direction"] == "in"}
        for campaign in answered - {None}:
            figures[campaign]["answered"] += 1
    for (campaign, uid), at in reached.items():
        mine = figures[campaign]
        mine["reached"] += 1
        entity = next(one for one in entities if one["uid"] == uid)
        after = [step for step in entity.get("transitions", ()) if step["voided_at"] is None and step["at"] >= at]
        mine["leads"] += any(step["to"] == "lead" for step in after)
        mine["qualified"] += any(step["cause"] == "qualify" for step in after)
        mine["customers"] += any(step["cause"] == "purchase" for step in after)
        day = datetime.fromisoformat(at).astimezone(ZoneInfo("Europe/Rome")).date().isoformat()
        for buyer in entities:
            for bought in buyer.get("purchases", ()):
                bought_by = uid in (buyer["uid"], bought["also"]) and not bought["voided_at"] and bought["on"] >= day
                if bought_by and bought["amount"] and bought["uid"] not in mine["purchases"]:
                    mine["purchases"].add(bought["uid"])
                    had = mine["revenue"].get(bought["currency"], Decimal(0))
                    mine["revenue"][bought["currency"]] = had + Decimal(bought["amount"])
    for mine in figures.values():
        del mine["purchases"]
        mine["revenue"] = [{"currency": code, "amount": str(sum_)} for code, sum_ in sorted(mine["revenue"].items())]
    return figures


def told(crm: Any) -> dict[str, dict[str, Any]]:
    names = ("members", "reached", "answered", "leads", "qualified", "customers", "revenue")
    return {one["uid"]: {name: one[name] for name in names} for one in crm.ok("campaign", "list", "--all")}


def qualify(crm: Any, number: int, *words: object) -> Any:
    return crm.ok("qualify", number, "--override", "known", "--no-input", *words)


def test_a_whole_story_adds_up(crm: Any, rome: Any) -> None:
    """Nine people, two campaigns, and all that can become of somebody."""
    for name in ("Anna", "Bruno", "Carla", "Dario", "Elena", "Fabio", "Gina", "Hugo", "Irma"):
        crm.add("suspect", name, "--email", f"{name.lower()}@x.it")
    crm.add("person", "Old Customer", "--email", "old@x.it")
    crm.add("person", "Hugo Known", "--email", "hugo.known@x.it")
    crm.ok("log", 9, "web", "She wrote before.", "--in")  # a lead before the campaign reaches her
    crm.ok("campaign", "add", "first", "--filter", "suspect", "--basis", "public", "--cost", "100")
    crm.ok("campaign", "join", "first", 9, 10)
    crm.ok("campaign", "add", "second", 1, 2, 10, "--basis", "public")
    crm.ok("purchase", 10, "Before", "--amount", 999, "--on", "2026-11-21")
    rome("2026-11-22T23:30:00Z")  # past midnight in Rome: the 23rd
    assert len(crm.ok("campaign", "sent", "first")["sent"]) == 10
    crm.ok("purchase", 10, "Same day in London", "--amount", 50, "--on", "2026-11-22")
    crm.ok("purchase", 10, "Same day in Rome", "--amount", 7, "--on", "2026-11-23")
    rome("2026-11-25T09:00:00Z")
    for number in (1, 2, 3, 4, 8):
        crm.ok("campaign", "reply", number)
    crm.ok("campaign", "reply", 9, "--campaign", "first")
    for number in (1, 2, 9):
        qualify(crm, number)
    qualify(crm, 8, "--prospect", "new")
    rome("2026-11-26T09:00:00Z")
    crm.ok("campaign", "sent", "second")
    crm.add("target", "Acme")
    crm.ok("link", 1, 12)
    crm.ok("purchase", 1, "Plan", "--amount", "1200.50", "--also", 12)
    crm.ok("purchase", 2, "Plan", "--amount", 30, "--currency", "USD")
    crm.ok("purchase", 2, "Gift")
    crm.ok("purchase", 9, "Plan", "--amount", 5000, "--currency", "JPY")
    crm.ok("purchase", "void", 9)
    crm.ok("merge", 8, 11, "--into", 11)
    crm.ok("rm", 3)
    figures = told(crm)
    assert figures == counted(crm)
    first, second = (figures[one["uid"]] for one in crm.ok("campaign", "list")[::-1])
    assert first == {
        "members": 10, "reached": 10, "answered": 6, "leads": 5, "qualified": 4, "customers": 2,
        "revenue": [{"currency": "EUR", "amount": "1207.50"}, {"currency": "USD", "amount": "30.00"}],
    }  # fmt: skip
    assert second == {
        "members": 3, "reached": 3, "answered": 0, "leads": 0, "qualified": 0, "customers": 2,
        "revenue": [{"currency": "EUR", "amount": "1200.50"}, {"currency": "USD", "amount": "30.00"}],
    }  # fmt: skip
    shown = crm.ok("campaign", "show", "first")["who"]
    for name in ("reached", "answered", "lead", "qualified", "customer"):
        total = {"lead": "leads", "customer": "customers"}.get(name, name)
        assert sum(one[f"{name}_at"] is not None for one in shown) == first[total], name
    row = crm("campaign", "list", "--format", "csv").out.splitlines()[2]
    assert '"1207.50 EUR, 30.00 USD",100.00 EUR' in row


def test_a_lead_folded_into_a_customer_is_counted_as_that_customer(crm: Any) -> None:
    crm.add("suspect", "Anna", "--email", "anna@x.it")
    crm.add("prospect", "Anna Bianchi", "--email", "a.bianchi@x.it")
    crm.ok("campaign", "add", "a", 1, "--basis", "public")
    crm.ok("campaign", "sent", "a", "--at", "2026-11-01")
    crm.ok("campaign", "reply", 1)
    qualify(crm, 1, "--prospect", 2)
    crm.ok("purchase", 2, "Plan", "--amount", 10)
    (figures,) = told(crm).values()
    assert figures == {
        "members": 1, "reached": 1, "answered": 1, "leads": 1, "qualified": 1, "customers": 1,
        "revenue": [{"currency": "EUR", "amount": "10.00"}],
    }  # fmt: skip
    (one,) = crm.ok("campaign", "show", "a")["who"]
    assert (one["id"], one["type"]) == (2, "person")
    assert None not in (one["lead_at"], one["qualified_at"], one["customer_at"])


def test_an_alias_of_an_alias_is_the_same_person(crm: Any) -> None:
    for name in ("Anna", "Anna B.", "Anna Bianchi"):
        crm.add("suspect", name, "--email", f"{name[-3:-1].strip().lower()}@x.it")
    crm.ok("campaign", "add", "a", 1, "--basis", "public")
    crm.ok("campaign", "sent", "a")
    crm.ok("campaign", "reply", 1)
    crm.ok("merge", 1, 2, "--into", 2)
    crm.ok("merge", 2, 3, "--into", 3)
    (figures,) = told(crm).values()
    assert (figures["reached"], figures["answered"], figures["leads"]) == (1, 1, 1)


def test_who_left_was_reached_all_the_same(crm: Any) -> None:
    crm.add("person", "Anna", "--email", "anna@x.it")
    crm.ok("campaign", "add", "a", 1, "--basis", "contract")
    crm.ok("campaign", "sent", "a")
    crm.ok("campaign", "leave", "a", 1)
    (figures,) = told(crm).values()
    assert (figures["members"], figures["reached"]) == (0, 1)
    assert [(one["id"], one["added_at"]) for one in crm.ok("campaign", "show", "a")["who"]] == [(1, None)]


def test_what_was_before_it_reached_them_is_not_its_doing(crm: Any, rome: Any) -> None:
    crm.add("suspect", "Anna", "--email", "anna@x.it")
    crm.ok("log", 1, "web", "Hello.", "--in")
    qualify(crm, 1)
    crm.ok("purchase", 1, "Plan", "--amount", 10, "--on", "2026-11-22")
    rome("2026-11-23T09:00:00Z")
    crm.ok("campaign", "add", "a", 1, "--basis", "contract")
    crm.ok("campaign", "sent", "a")
    (figures,) = told(crm).values()
    assert figures == {
        "members": 1, "reached": 1, "answered": 0, "leads": 0, "qualified": 0, "customers": 0, "revenue": []
    }  # fmt: skip


def test_the_message_of_show_has_the_figures(crm: Any) -> None:
    crm.add("person", "Anna", "--email", "anna@x.it")
    crm.ok("campaign", "add", "a", 1, "--basis", "contract", "--cost", "12,50")
    crm.ok("campaign", "sent", "a")
    crm.ok("purchase", 1, "Plan", "--amount", 10)
    told_ = crm("campaign", "show", "a").err
    for words in ("a (email, contract)", "1 member,", "1 reached", "0 answered", "revenue 10.00 EUR", "cost 12.50 EUR"):
        assert words in told_
