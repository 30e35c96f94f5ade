"""The terms of the filter language, one by one, on entities around whom something happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("terms")


@pytest.fixture
def lived(crm: Any, place: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return the program with a small history, which these tests only read."""
    fresh = not (place / "lived.db").exists()
    monkeypatch.setenv("DKCRM_DB", str(place / "lived.db"))
    if fresh:
        _live(crm, place)
    return crm


def _live(crm: Any, place: Path) -> None:
    crm.ok("field", "add", "budget", "--kind", "money")
    crm.ok("field", "add", "product-line", "--kind", "text")
    crm.add("organization", "Acme S.r.l.", "--vat", "IT 012 3456 7890", "--website", "https://acme.example")  # 1
    crm.add(
        "person",
        "Anna Bianchi",
        "--phone",
        "333 123 4567",
        "--email",
        "Anna@Bianchi.example",
        "--field",
        "budget=5000 EUR",
        "--address",
        "Via Roma 1, Milano",
        "--tag",
        "vip",
    )  # 2
    crm.add(
        "person",
        "Luca Verdi",
        "--phone",
        "+44 20 7946 0018",
        "--field",
        "budget=7000 USD",
        "--tag",
        "vip-2026",
        "--field",
        "product-line=North",
    )  # 3
    crm.add("organization", "Borgo", "--vat", "01234567891")  # 4
    crm.ok("link", 2, 1, "--role", "buyer")
    crm.ok("link", 3, 4)
    crm.ok("log", 2, "call", "About the price list", "--in", "--at", "2026-03-05T10:00")
    crm.ok("log", 2, "email", "Sent it", "--out", "--at", "2026-04-01T10:00", "--subject", "Offer")
    crm.ok("log", 4, "call", "Hello", "--out", "--at", "2020-01-01T10:00")
    crm.ok("purchase", 2, "Annual plan", "--on", "2026-02-10", "--also", 1)
    crm.ok("purchase", 2, "Support", "--on", "2026-05-10")
    (place / "fair.csv").write_text("name,email\nCarla Neri,carla@neri.example\nAnna Bianchi,anna@bianchi.example\n")
    crm.ok("import", place / "fair.csv", "--type", "person")  # 5 new, 2 there
    crm.add("suspect", "Gone")  # 6
    crm.ok("rm", 6)


EVERYBODY = {1, 2, 3, 4, 5}
TERMS: list[tuple[str, set[int]]] = [
    # memberships
    ("in:1", {2}),
    ("in:4", {3}),
    ("in:acme", {2}),
    ("in:none", {1, 4, 5}),
    ("in:any", {2, 3}),
    ("member-of:Acme", {2}),
    ("member_of:acme", {2}),
    ("member:anna", {1}),
    ("members:1..", {1, 4}),
    ("members:none", {2, 3, 5}),
    ("role:buy", {2}),
    # interactions
    ("interactions:2..", {2}),
    ("interactions:0", {1, 3, 5}),
    ("interactions:none", {1, 3, 5}),
    ("last-contact:2026-04", {2}),
    ("last-contact:2026-03", set()),
    ("contacted:2026-03", {2}),
    ("last-contact:never", {1, 3, 5}),
    ("last-contact:mai", {1, 3, 5}),
    ("last-contact:none", {1, 3, 5}),
    ("last-contact:any", {2, 4}),
    ("last-contact:..2025", {4}),
    ("last-contact:..+9y", {2, 4}),
    ("interaction:price", {2}),
    ("interaction:offer", {2}),
    ("channel:call", {2, 4}),
    ("channel=email", {2}),
    ("direction:in", {2}),
    # purchases
    ("purchases:2..", {2}),
    ("purchases:1", {1}),
    ("product:plan", {1, 2}),
    ("product=support", {2}),
    ("bought:2026-01..", {1, 2}),
    ("bought:2026-05..", {2}),
    ("bought:2026-02-10", {1, 2}),
    ("bought:never", {3, 4, 5}),
    # money, a currency at a time where one is named
    ("budget:5000..", {2, 3}),
    ("budget:5000EUR..", {2}),
    ("budget >= 5000 USD", {3}),
    ("budget:..6000", {2}),
    # where they come from
    ("import:fair.csv", {5}),
    ("file:FAIR", {5}),
    ("import=fair.csv", {5}),
    ("import=air.csv", set()),
    ("import:none", {1, 2, 3, 4}),
    ("operation:3", {1}),
    ("operation:7", {2, 1}),
    ("operation:3..4", {1, 2}),
    ("operation:999", set()),
    # codes, phones, emails in any notation
    ("vat:IT01234567890", {1}),
    ("vat:01234567890", {1}),
    ("vat=01234567890", {1}),
    ("vat=IT01234567891", {4}),
    ("vat:it0123", {1, 4}),
    ("vat-id:none", {2, 3, 5}),
    ("phone:3331234567", {2}),
    ("phone=+393331234567", {2}),
    ("phone:0039-333-1234567", {2}),
    ("phone=333/123.45.67", {2}),
    ("phone:33312", {2}),
    ("phone:442079", {3}),
    ('phone:"(020)"', set()),
    ('phone:"(333) 12"', {2}),
    ("phone=+442079460018", {3}),
    ("email=anna@bianchi.example", {2}),
    ("email:BIANCHI", {2}),
    # what a field is called
    ("tag:vip", {2}),
    ("field.product-line:north", {3}),
    ("product-line:north", {3}),
    ("region:none", EVERYBODY),
    ("first-name:none", EVERYBODY),
    ("website:acme", {1}),
    ("site:any", {1}),
    ("type:organizations", {1, 4}),
    ("party:person", {2, 3, 5}),
    ("uid:any", EVERYBODY),
    # time
    ("created:today", EVERYBODY),
    ("created:oggi", EVERYBODY),
    ("created:ieri", set()),
    ("updated:..ieri", set()),
    ("created:this-month", EVERYBODY),
    ("created:7d..", EVERYBODY),
    ("created:..domani", EVERYBODY),
    ("created:anno-scorso", set()),
    ("created < 1h", set()),
    # not, !=, none and any
    ("tag!=vip", {1, 3, 4, 5}),
    ("tag=none", {1, 4, 5}),
    ("tag!=none", {2, 3}),
    ("not last-contact:2026..", {1, 3, 4, 5}),
    ('tag:"none"', set()),
    # removed ones are looked for where the filter speaks of them
    ("removed:any", {6}),
    ("removed:today", {6}),
    ("name:~^anna\\sB", {2}),
    ('name:~"^anna b"', {2}),
    ("phone:~4567$", {2}),
]  # fmt: skip


@pytest.mark.parametrize(("term", "wanted"), TERMS, ids=[term for term, _wanted in TERMS])
def test_a_term_lets_through(lived: Any, term: str, wanted: set[int]) -> None:
    assert {entity["id"] for entity in lived.ok("list", term)} == wanted


@pytest.mark.parametrize(("term", "wanted"), TERMS, ids=[term for term, _wanted in TERMS])
def test_a_page_and_an_export_have_the_same(lived: Any, term: str, wanted: set[int]) -> None:
    assert {entity["id"] for entity in lived.ok("list", term, "--limit", 50)} == wanted
    everything = ["--all"] if term.startswith("removed") else []
    assert {entity["id"] for entity in lived.ok("export", term, *everything)} == wanted


@pytest.mark.parametrize(
    ("term", "near"),
    [
        ("type:persno", "person"),
        ("state:lsot", "lost"),
        ("party:x", "organization"),
        ("direction:up", "in"),
        ("budget:5000XYZ..", "ISO 4217"),
        ("created:settimana", "last-month"),
        ("uid:7", ""),
        ("segment:~x", ""),
        ("type:a..b", ""),
    ],
)
def test_a_value_that_cannot_be_is_an_error(lived: Any, term: str, near: str) -> None:
    error = lived.refused(2, "list", term)
    assert error["error"] == "usage"
    assert near in error["hint"] and "^" in error["hint"]


def test_a_custom_field_comes_before_what_is_around_an_entity(crm: Any) -> None:
    crm.ok("field", "add", "product", "--kind", "text")
    crm.add("person", "Anna", "--field", "product=Plan A")
    crm.add("person", "Luca")
    crm.ok("purchase", 2, "Plan B")
    assert [entity["id"] for entity in crm.ok("list", "product:plan")] == [1]


def test_an_error_points_at_its_place(lived: Any) -> None:
    error = lived.refused(2, "list", "tag:vip", "created:yesterdayish")
    assert "character 9" in error["message"]
    line, mark = error["hint"].splitlines()[-2:]
    assert line.strip()[mark.index("^") - 8 :].startswith("created:yesterdayish")


@pytest.mark.parametrize(
    ("term", "found"),
    [("contacted:2026-03-05T10:00", True), ("contacted:2026-03-05T10:00:58", True),
     ("contacted:..2026-03-05T10:00", True), ("contacted:2026-03-05T10:01", False),
     ("contacted:2026-03-05T10:00:00", False), ("last-contact > 2026-03-05T10:00", False),
     ("last-contact >= 2026-03-05T10:00", True)],
)  # fmt: skip
def test_a_minute_is_a_period_as_a_day_is(crm: Any, term: str, found: bool) -> None:
    crm.add("person", "Anna")
    crm.ok("log", 1, "call", "Hello", "--at", "2026-03-05T10:00:58")
    assert bool(crm.ok("list", term)) == found


def test_members_that_were_removed_do_not_count(crm: Any) -> None:
    for who in ("Anna", "Luca"):
        crm.add("person", who)
    crm.add("organization", "Acme")
    crm.ok("link", 1, 3)
    crm.ok("link", 2, 3)
    crm.ok("rm", 1)
    assert crm.ok("list", "members:1..", "--columns", "id,members") == [{"id": 3, "members": 1}]
    crm.ok("rm", 2)
    assert crm.ok("list", "members:1..") == crm.ok("list", "member:any") == []
    assert [entity["id"] for entity in crm.ok("list", "members:none", "member:none")] == [3]
    crm.ok("restore", 1)
    assert [entity["id"] for entity in crm.ok("list", "members=1")] == [3]


def test_who_was_folded_into_an_organization_is_still_in_it(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.add("organization", "Acme", "--vat", "01234567890")
    crm.ok("link", 1, 2)
    crm.add("lead", "--org", "Acme", "--vat", "01234567890")
    crm.ok("qualify", 3, "--override", "the same")
    assert [entity["id"] for entity in crm.ok("list", "in:3")] == [1]


# Order


def names(answer: Any) -> list[str]:
    return [entity["name"] for entity in answer]


def test_sorted_by_name_and_back(lived: Any) -> None:
    up = names(lived.ok("list", "sort:name"))
    assert up == ["Acme S.r.l.", "Anna Bianchi", "Borgo", "Carla Neri", "Luca Verdi"]
    assert names(lived.ok("list", "--sort", "-name")) == up[::-1]


def test_sorted_by_more_than_one_key(lived: Any) -> None:
    found = lived.ok("list", "type:any", "sort:type,-name")
    assert names(found) == ["Borgo", "Acme S.r.l.", "Luca Verdi", "Carla Neri", "Anna Bianchi"]


@pytest.mark.parametrize("sort", ["budget", "-budget"])
def test_who_has_no_value_comes_last(lived: Any, sort: str) -> None:
    found = [entity["id"] for entity in lived.ok("list", "sort:" + sort)]
    assert found[:2] == ([2, 3] if sort == "budget" else [3, 2])


@pytest.mark.parametrize("sort", ["id", "created", "last-contact", "interactions", "phone", "tags", "org", "bought"])
def test_every_order_has_everybody(lived: Any, sort: str) -> None:
    assert {e["id"] for e in lived.ok("list", "--sort", sort)} == EVERYBODY
    assert len(lived.ok("list", f"sort:-{sort}", "--limit", 2)) == 2


def test_sort_may_stand_anywhere(lived: Any) -> None:
    assert names(lived.ok("list", "sort:name", "tag:vip", "or", "tag:vip-2026")) == ["Anna Bianchi", "Luca Verdi"]


@pytest.mark.parametrize(
    "word", ["sort:", "sort:,", "sort:-", "sort:nmae", "sort:segment", "sort:import", "sort:a,b,,c"]
)
def test_an_order_that_is_none_is_an_error(lived: Any, word: str) -> None:
    assert lived.refused(2, "list", word)["error"] in ("usage", "unknown_field")


def test_an_export_keeps_its_own_order(lived: Any) -> None:
    assert "order" in lived.refused(2, "export", "sort:name")["message"]


# Pages and columns


def test_pages_follow_each_other(lived: Any) -> None:
    whole = [entity["id"] for entity in lived.ok("list", "sort:name")]
    pages = [[e["id"] for e in lived.ok("list", "sort:name", "--limit", 2, "--page", n)] for n in (1, 2, 3, 4)]
    assert pages == [whole[:2], whole[2:4], whole[4:], []]
    assert "--page 3" in lived("list", "--limit", 2, "--page", 2).err


def test_a_page_without_a_length_is_an_error(lived: Any) -> None:
    assert "--limit" in lived.refused(2, "list", "--limit", 0, "--page", 2)["message"]


def test_columns_are_the_keys_that_were_asked_for(lived: Any) -> None:
    columns = "name,email,org,field.budget,tags,interactions,phones,uid,last-contact,vat"
    anna, *_rest = lived.ok("list", "name:anna", "--columns", columns)
    assert list(anna) == columns.split(",")
    assert anna["email"] == "Anna@Bianchi.example" and anna["org"] == "Acme S.r.l."
    assert anna["field.budget"] == "5000 EUR" and anna["tags"] == ["vip"] and anna["interactions"] == 2
    assert anna["phones"] == ["333 123 4567"] and anna["vat"] is None
    assert anna["uid"] == lived.ok("show", 2)["uid"]


def test_columns_in_csv_and_in_a_pipe(lived: Any) -> None:
    done = lived("list", "sort:name", "person", "--columns", "Name,tags", "--format", "csv")
    assert done.code == 0, done
    assert lived("list", "person", "sort:name", "--columns", "name,tags", "--format", "csv").out.splitlines() == [
        "name,tags", "Anna Bianchi,vip", "Carla Neri,", "Luca Verdi,vip-2026",
    ]  # fmt: skip
    assert lived("find", "luca", "--columns", "id,name").out == "3\tLuca Verdi\n"


@pytest.mark.parametrize("columns", ["nmae", "", "name,,email", "segment"])
def test_a_column_that_is_none_is_an_error(lived: Any, columns: str) -> None:
    lived.refused(2, "list", "--columns", columns)


def test_find_among_those_of_a_filter(lived: Any) -> None:
    assert names(lived.ok("find", "a", "--filter", "tag:vip")) == ["Anna Bianchi"]
    assert names(lived.ok("find", "a", "--filter", "organization", "--filter", "members:1..")) == ["Acme S.r.l."]
    lived.refused(2, "find", "a", "--filter", "sort:name")


@pytest.mark.parametrize(
    ("zone", "at", "day", "after"),
    [
        ("Asia/Beirut", "2026-03-28T23:30", "2026-03-28", "2026-03-29"),
        ("America/Santiago", "2026-04-05T03:30:00Z", "2026-04-04", "2026-04-05"),
    ],
)
def test_a_contact_is_of_one_day_where_the_clock_changes_at_midnight(
    crm: Any, live_in: Any, zone: str, at: str, day: str, after: str
) -> None:
    live_in(zone)
    bob = crm.add("lead", "Bob")
    crm.ok("log", bob, "call", "x", "--at", at)
    assert [one["id"] for one in crm.ok("list", f"contacted:{day}")] == [bob]
    assert crm.ok("list", f"contacted:{after}") == []
    assert [row["day"] for row in crm.ok("report", "activity", "--since", day, "--until", day)] == [day]
    assert crm.ok("report", "activity", "--since", after, "--until", after) == []
