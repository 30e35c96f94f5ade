"""Campaigns: added, changed, joined, left, listed, hidden; and taken back exactly."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rome")

NOW = "2026-11-22T09:00:00Z"


@pytest.fixture
def four(crm: Any) -> Any:
    """Return the program with two people, a lead and an organization."""
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it", "--tag", "fair")
    crm.add("lead", "Luca Neri", "--email", "luca@neri.it", "--tag", "fair")
    crm.add("organization", "Acme")
    crm.add("person", "Mara Verdi")
    return crm


def world(crm: Any) -> Any:
    return crm("export", "--all", "--format", "json").out, crm.ok("campaign", "list", "--all")


def members(crm: Any, name: object) -> list[int]:
    return [one["id"] for one in crm.ok("campaign", "show", name)["who"] if one["added_at"]]


def test_a_campaign_says_what_it_is(four: Any) -> None:
    done = four.ok("campaign", "add", "Spring 2026", "--cost", "500", "--currency", "usd", "--note", "First try.",
                   "--purpose", "News", "--channel", "Letter", "--basis", "contract")  # fmt: skip
    (campaign,) = done["campaigns"]
    assert {**campaign, "uid": ""} == {
        "id": 1, "uid": "", "name": "Spring 2026", "channel": "letter", "purpose": "news", "basis": "contract",
        "cost": "500.00", "currency": "USD", "notes": "First try.", "created_at": NOW, "removed_at": None,
        "members": 0, "reached": 0, "answered": 0, "leads": 0, "qualified": 0, "customers": 0, "revenue": [],
    }  # fmt: skip
    assert (done["operation"], done["warnings"]) == (5, [])
    assert four.ok("campaign", "list") == [campaign]
    assert four.ok("campaign", "show", "spring 2026") == {**campaign, "who": []}
    assert four("campaign", "list").out.split("\t")[:3] == ["1", "Spring 2026", "letter"]


def test_what_is_not_said_is_the_everyday_thing(four: Any) -> None:
    (campaign,) = four.ok("campaign", "add", "x")["campaigns"]
    assert (campaign["channel"], campaign["purpose"], campaign["basis"]) == ("email", "marketing", None)
    assert (campaign["cost"], campaign["currency"]) == (None, None)


def test_members_are_named_or_filtered_or_in_a_segment(four: Any) -> None:
    four.ok("segment", "save", "groups", "organization")
    done = four.ok("campaign", "add", "a", "Mara Verdi", 4, "--segment", "groups", "--filter", "lead", "--filter",
                   "tag:fair")  # fmt: skip
    assert done["campaigns"][0]["members"] == 3
    assert members(four, "a") == [2, 3, 4]
    four.ok("campaign", "add", "b", "--filter", "person tag:fair", "--segment", "@groups")
    assert members(four, "b") == [1, 3]
    four.ok("campaign", "add", "c", "-", input="1\nluca@neri.it\n")
    assert members(four, "c") == [1, 2]


def test_joining_adds_whom_it_does_not_have(four: Any) -> None:
    four.ok("campaign", "add", "a", 1)
    done = four.ok("campaign", "join", "A", 1, 2, 2)
    assert (done["added"], done["already"], done["campaigns"][0]["members"]) == (1, 1, 2)
    again = four.ok("campaign", "join", "a", 1, 2)
    assert (again["operation"], again["added"]) == (None, 0)
    left = four.ok("campaign", "leave", "a", "--filter", "lead", "Acme")
    assert (left["removed"], members(four, "a")) == (1, [1])


def test_every_write_is_undone_and_redone_exactly(four: Any) -> None:
    steps = [
        ("campaign", "add", "a", 1, 2, "--cost", "1,50"),
        ("campaign", "join", "a", "--filter", "person"),
        ("campaign", "edit", "a", "--name", "Äpfel", "--purpose", "news", "--basis", "contract", "--note", "x"),
        ("campaign", "leave", "apfel", 2),
        ("campaign", "edit", "1", "--cost", "none", "--basis", "none"),
        ("campaign", "rm", "ÄPFEL"),
    ]
    states = [world(four)]
    for step in steps:
        four.ok(*step)
        states.append(world(four))
    assert all(one != other for one, other in pairwise(states))
    for state in states[-2::-1]:
        four.ok("undo")
        assert world(four) == state
    for state in states[1:]:
        four.ok("redo")
        assert world(four) == state


def test_a_campaign_changes_nobody(four: Any) -> None:
    before = four.ok("list")
    four.ok("campaign", "add", "a", 1, 2)
    four.ok("campaign", "join", "a", 3)
    four.ok("campaign", "leave", "a", 1)
    assert four.ok("list") == before


def test_a_dry_run_writes_nothing(four: Any) -> None:
    before = world(four)
    done = four.ok("campaign", "add", "a", 1, 2, "--dry-run")
    assert (done["operation"], done["campaigns"][0]["members"]) == (None, 2)
    assert world(four) == before


@pytest.mark.parametrize("reference", ["1", "Été à Rome", "ete a rome", "ÉTÉ  À ROME", "uid"])
def test_a_campaign_is_found_by_number_uid_and_name_whatever_the_accents(four: Any, reference: str) -> None:
    (campaign,) = four.ok("campaign", "add", "Été à Rome")["campaigns"]
    assert four.ok("campaign", "show", campaign["uid"] if reference == "uid" else reference)["id"] == 1


def test_two_campaigns_of_one_name_are_refused_until_one_is_removed(four: Any) -> None:
    four.ok("campaign", "add", "Spring")
    for name in ("spring", "SPRING", "  Spring "):
        assert "campaign join 1" in four.refused(4, "campaign", "add", name)["hint"]
    four.ok("campaign", "add", "autumn")
    four.refused(4, "campaign", "edit", "autumn", "--name", "sprïng")
    four.ok("campaign", "edit", 1, "--name", "SPRING")
    four.ok("campaign", "rm", 1)
    assert four.ok("campaign", "add", "spring")["campaigns"][0]["id"] == 3
    assert four.ok("campaign", "show", "spring")["id"] == 3


def test_a_removed_campaign_is_hidden_and_not_worked_on(four: Any) -> None:
    four.ok("campaign", "add", "a", 1)
    four.ok("campaign", "rm", "a")
    assert four.ok("campaign", "list") == []
    assert four.ok("campaign", "list", "--all")[0]["removed_at"] == NOW
    assert four.ok("campaign", "show", 1)["members"] == 1
    four.refused(3, "campaign", "show", "a")
    for words in (("rm",), ("edit", "--cost", 5), ("join", 2), ("leave", 1), ("sent",)):
        assert "removed" in four.refused(4, "campaign", words[0], 1, *words[1:])["message"]
    four.refused(4, "campaign", "reply", 1, "--campaign", 1)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ("add", "")), (2, ("add", " ")), (2, ("add", "42")), (2, ("add", "none")), (2, ("add", "-")),
        (2, ("add", "0199aaaa-0000-7000-8000-000000000001")), (2, ("add", "x" * 201)), (2, ("add", "a\nb")),
        (2, ("add", "\x1b[31mred")), (2, ("add", "a\udc80")), (2, ("add", "\u202egnp")),
        (2, ("add", "x", "--cost", "1,2,3")), (2, ("add", "x", "--cost", "-5")), (2, ("add", "x", "--cost", "1.200")),
        (2, ("add", "x", "--cost", "five")), (2, ("add", "x", "--cost", "1.005")), (2, ("add", "x", "--cost", "1e99")),
        (2, ("add", "x", "--cost", "5", "--currency", "EURO")), (2, ("add", "x", "--currency", "EUR")),
        (2, ("add", "x", "--purpose", "two words")), (2, ("add", "x", "--channel", "")),
        (2, ("add", "x", "--basis", " ")), (2, ("add", "x", "--note", "\x00")),
        (2, ("add", "x", "--filter", "")), (2, ("add", "x", "--filter", "nofield:1")),
        (2, ("add", "x", "--filter", "(")),
        (2, ("add", "x", "--filter", "tag:a sort:name")),
        (3, ("add", "x", "--segment", "nosuch")), (3, ("add", "x", "--segment", "x'; DROP TABLE campaign; --")),
        (3, ("add", "x", "Nobody")), (3, ("add", "x", 99)),
        (2, ("edit", "there")), (2, ("edit", "there", "--cost", "1,2,3")), (2, ("edit", "there", "--name", "7")),
        (3, ("edit", "nosuch", "--cost", "5")), (3, ("show", "9" * 30)), (3, ("show", "")),
        (3, ("show", "there' or 1=1 --")),
        (2, ("join", "there")), (3, ("join", "there", "Nobody")), (3, ("join", "nosuch", 1)), (2, ("leave", "there")),
        (3, ("rm", "nosuch")), (3, ("sent", "nosuch")), (3, ("export", "nosuch")), (2, ("reply",)),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_and_nothing_is_written(four: Any, code: int, words: tuple[object, ...]) -> None:
    four.ok("campaign", "add", "there")
    before = world(four)
    assert four.refused(code, "campaign", *words)["message"]
    assert world(four) == before


def test_a_name_near_it_is_named(four: Any) -> None:
    four.ok("campaign", "add", "spring-2026")
    assert "spring-2026" in four.refused(3, "campaign", "show", "sprng-2026")["hint"]


def test_names_are_data_and_no_markup(four: Any) -> None:
    four.ok("campaign", "add", "[red]x[/red] :smiley: =1+1", 1)
    for format in ("table", "tsv", "csv"):
        shown = " ".join(four("campaign", "list", "--format", format).out.split())
        assert "[red]x[/red]" in shown and ":smiley: =1+1" in shown
    four.ok("privacy", "consent", 1, "give", "marketing")
    four.ok("campaign", "sent", 1, "--subject", "[/b] '; DROP TABLE campaign; --")
    assert "[red]x[/red] :smiley:" in four("show", 1, "--format", "table").out
    assert len(four.ok("campaign", "list")) == 1


def test_removed_people_are_not_put_into_one(four: Any) -> None:
    four.ok("rm", 1)
    four.ok("campaign", "add", "a", "--filter", "tag:fair")
    assert members(four, "a") == [2]
    assert "restore 1" in four.refused(4, "campaign", "join", "a", 1)["hint"]


def test_a_member_that_was_removed_can_leave(four: Any) -> None:
    four.ok("campaign", "add", "a", 1, 2)
    four.ok("rm", 1)
    assert four.ok("campaign", "leave", "a", 1)["removed"] == 1


def test_filters_by_campaign(four: Any) -> None:
    four.ok("privacy", "consent", 1, 2, 3, "give", "marketing")
    four.ok("campaign", "add", "Primavera à Roma", 1, 2, "--channel", "talk")
    four.ok("campaign", "add", "Autumn", 3)
    four.ok("campaign", "sent", 1)
    four.ok("campaign", "reply", 2)
    for terms, found in (
        (("campaign:primavera a",), {1, 2}), (("campaign=Autumn",), {3}), (("campaign:none",), {4}),
        (("reached:roma",), {1, 2}), (("answered:primavera",), {2}), (("reached:any", "answered:none"), {1}),
        (("not", "campaign:any"), {4}), (("reached:autumn",), set()),
    ):  # fmt: skip
        assert {entity["id"] for entity in four.ok("list", *terms)} == found, terms
    four.ok("campaign", "rm", 1)
    assert four.ok("list", "campaign:primavera") == four.ok("list", "reached:any") == []


def test_merging_puts_the_survivor_into_the_campaigns_of_both_once(four: Any, rome: Any) -> None:
    four.ok("campaign", "add", "a", 1)
    rome("2026-11-22T10:00:00Z")
    four.ok("campaign", "add", "b", 1, 4)
    four.ok("campaign", "join", "a", 4)
    before = world(four), four.ok("campaign", "show", "a"), four.ok("campaign", "show", "b")
    four.ok("merge", 1, 4, "--into", 4)
    assert (members(four, "a"), members(four, "b")) == ([4], [4])
    assert [one["added_at"] for one in four.ok("campaign", "show", "a")["who"]] == [NOW]
    after = world(four)
    four.ok("undo")
    assert (world(four), four.ok("campaign", "show", "a"), four.ok("campaign", "show", "b")) == before
    four.ok("redo")
    assert world(four) == after


def test_an_export_brings_campaigns_back(four: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    four.ok("campaign", "add", "gone")
    four.ok("campaign", "add", "a", 1, 2, "--cost", "1200.50", "--note", "two\nlines", "--basis", "contract")
    four.ok("campaign", "sent", "a", "--subject", "Hello")
    four.ok("campaign", "reply", 2)
    four.ok("campaign", "leave", "a", 2)
    file = tmp_path / "all.json"
    four.ok("export", "--all", "-o", file)
    before = [four.ok("campaign", "show", 2)]
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "second.db"))
    four.ok("import", file)
    assert [four.ok("campaign", "show", 2)] == before
    assert four.ok("import", file)["operation"] is None
    four.ok("undo")
    assert four.ok("campaign", "list", "--all") == []


def test_a_campaign_that_is_here_by_name_is_joined_by_an_import(four: Any, tmp_path: Any) -> None:
    four.ok("campaign", "add", "Spring", 1)
    file = tmp_path / "all.json"
    four.ok("export", "-o", file)
    four.ok("campaign", "add", "SPRING", "--db", tmp_path / "second.db")
    four.ok("import", file, "--db", tmp_path / "second.db")
    (campaign,) = four.ok("campaign", "list", "--db", tmp_path / "second.db")
    assert (campaign["name"], campaign["members"]) == ("SPRING", 1)
    assert four.ok("import", file, "--db", tmp_path / "second.db")["operation"] is None


def test_an_export_from_before_there_were_campaigns_is_read(four: Any, tmp_path: Any) -> None:
    import json

    four.ok("log", 1, "email", "Hello.")
    entities = json.loads(four("export", "--format", "json").out)
    for entity in entities:
        for interaction in entity.get("interactions", ()):
            del interaction["campaign"]
    file = tmp_path / "old.json"
    file.write_text(json.dumps(entities))
    assert four.ok("import", file, "--db", tmp_path / "second.db")["rejected"] == 0


@pytest.mark.parametrize(
    "damage",
    [{"name": "42"}, {"name": "a\nb"}, {"cost": "1,2,3"}, {"currency": "EURO"}, {"cost": 5}, {"purpose": "Two Words"},
     {"uid": None}, {"added_at": "now"}, {"channel": ""}, {"notes": None}, {"created_at": None}],
)  # fmt: skip
def test_a_damaged_campaign_rejects_its_entity_alone(four: Any, tmp_path: Any, damage: dict[str, Any]) -> None:
    import json

    four.ok("campaign", "add", "a", 1, "--cost", "5")
    entities = json.loads(four("export", "--format", "json").out)
    entities[0]["campaigns"][0] |= damage
    file = tmp_path / "damaged.json"
    file.write_text(json.dumps(entities))
    done = four("import", file, "--db", tmp_path / "second.db", "--json")
    assert (done.code, done.json["rejected"], done.json["created"]) == (5, 1, 3)
