"""undo of a named operation: what stands in the way is listed, nothing is half undone, and the rules still hold."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dkcrm.session import Session

WHY = ("--override", "Tested elsewhere.")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets the clock."""

    def set_clock(moment: str) -> None:
        monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", lambda: moment)

    set_clock("2026-01-01T09:00:00Z")
    return set_clock


def everything(crm: Any) -> Any:
    return crm.ok("list", "--all"), crm.ok("criteria", "list"), crm.ok("field", "list"), crm.ok("config", "types")


PERSON = ("add", "person", "Anna")
#: What is done, which operation is undone by name, and which later ones stand in the way.
IN_THE_WAY: dict[str, tuple[list[tuple[Any, ...]], int, list[int]]] = {
    "a later value": ([PERSON, ("set", 1, "--title", "A"), ("set", 1, "--title", "B")], 2, [3]),
    "work on who would go": ([PERSON, ("tag", 1, "x"), ("log", 1, "email", "x")], 1, [2, 3]),
    "a link to who would go": ([("add", "organization", "Acme"), PERSON, ("link", 2, 1)], 1, [3]),
    "a value of the field": ([PERSON, ("field", "add", "f"), ("set", 1, "--field", "f=1")], 2, [3]),
    "an answer to the criterion": ([("add", "lead", "Anna"), ("criteria", "add", "x"), ("assess", 1, "--yes", "x")],
                                   2, [3]),
    "a tag put back since": ([PERSON, ("tag", 1, "x"), ("untag", 1, "x"), ("tag", 1, "x")], 3, [4]),
    "a field of that name since": ([("field", "add", "f"), ("field", "rm", "f"), ("field", "add", "f")], 2, [3]),
    "a criterion of that name since": ([("criteria", "rm", "authority"), ("criteria", "add", "authority")], 1, [2]),
    "a fold": ([("add", "person", "Anna", "--email", "a@x.it"), ("add", "lead", "Anna", "--email", "a@x.it"),
                ("qualify", 2, *WHY)], 1, [3]),
    "a purchase after the type": ([("add", "lead", "Anna"), ("qualify", 1, *WHY), ("purchase", 1, "Plan")], 2, [3]),
    "a second purchase": ([("add", "prospect", "Anna"), ("purchase", 1, "Plan"), ("purchase", 1, "Plan")], 2, [3]),
    "a link of the prospect": ([("add", "lead", "Anna"), ("add", "target", "Acme"), ("qualify", 1, *WHY),
                                ("link", 1, 2)], 3, [4]),
    "a prospect that was lost": ([("add", "lead", "Anna"), ("qualify", 1, *WHY), ("lose", 1, "--reason", "x")], 2, [3]),
    "a qualification by the answers": ([("add", "lead", "Anna"), ("assess", 1, "--yes", "market-fit,budget,authority"),
                                        ("qualify", 1)], 2, [3]),
    "a promotion by the contact": ([("config", "types", "suspect,person"), ("add", "suspect", "Anna"),
                                    ("log", 1, "email", "x", "--in"), ("config", "types", "full"), ("promote", 1)],
                                   3, [5]),
    "a type switched off since": ([("add", "suspect", "Anna"), ("log", 1, "email", "x", "--in"),
                                   ("config", "types", "simple")], 2, [3]),
    "rows of a type switched on": ([("config", "types", "customers"), ("config", "types", "full"),
                                    ("add", "lead", "Anna")], 2, [3]),
}  # fmt: skip


@pytest.mark.parametrize("story", IN_THE_WAY)
def test_undo_of_a_named_operation_lists_what_stands_in_the_way(crm: Any, story: str) -> None:
    commands, number, listed = IN_THE_WAY[story]
    for words in commands:
        crm.ok(*words)
    was = everything(crm)
    error = crm.refused(4, "undo", number)
    assert sorted(candidate["operation"] for candidate in error["candidates"]) == listed
    assert all(str(n) in error["hint"] for n in listed)
    assert everything(crm) == was
    for candidate in error["candidates"]:
        crm.ok(*candidate["use"].split()[1:])
    crm.ok("undo", number)


def test_what_is_independent_is_undone_in_the_middle(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("set", 1, "--title", "CEO", "--source", "fair")
    crm.ok("set", 1, "--website", "https://x.it")
    crm.ok("tag", 1, "x")
    later = crm.ok("show", 1)
    crm.ok("undo", 2)
    assert crm.ok("show", 1) == {**later, "job_title": None, "source": None}
    assert crm.ok("undo", 5) and crm.ok("show", 1) == later
    assert crm.refused(4, "undo", 6)["hint"] == "dkcrm undo 2"
    assert crm.refused(4, "undo", 5)["error"] == "already"
    crm.refused(3, "undo", 77)


def test_a_tag_that_two_operations_put(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("tag", 1, "x")
    crm("tag", 1, "x")
    assert len(crm.ok("history")) == 2
    crm.ok("undo")
    assert crm.ok("show", 1)["tags"] == []


def test_the_time_of_the_last_change_goes_back(crm: Any, at: Any) -> None:
    crm.add("person", "Anna")
    was = crm.ok("show", 1)
    at("2026-02-01T09:00:00Z")
    crm.ok("tag", 1, "x")
    tagged = crm.ok("show", 1)
    at("2026-03-01T09:00:00Z")
    crm.ok("undo")
    assert crm.ok("show", 1) == was
    crm.ok("redo")
    assert crm.ok("show", 1) == tagged


def test_redo_is_over_once_something_new_is_written(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("tag", 1, "x")
    crm.ok("undo")
    crm.ok("tag", 1, "y")
    was = crm.ok("show", 1)
    assert "something new" in crm.refused(4, "redo")["hint"]
    assert crm.ok("show", 1) == was


def test_an_undo_undone_out_of_its_turn_is_refused(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("tag", 1, "x")
    crm.ok("undo")
    crm.ok("undo")
    error = crm.refused(4, "undo", 3)
    assert [candidate["operation"] for candidate in error["candidates"]] == [4]


def test_an_undone_field_does_not_come_back_beside_a_new_one(crm: Any) -> None:
    crm.ok("field", "add", "f")
    crm.ok("undo")
    crm.ok("field", "add", "f", "--kind", "int")
    error = crm.refused(4, "undo", 2)
    assert [candidate["operation"] for candidate in error["candidates"]] == [3]


@pytest.mark.parametrize("values", [("--email", ("a@x.it", "b@x.it"), "emails"), ("--address", ("Via A", "Via B"),
                                    "addresses")])  # fmt: skip
def test_one_value_is_primary_whatever_was_undone(crm: Any, values: Any) -> None:
    option, (first, second), key = values
    crm.add("person", "Anna")
    crm.ok("set", 1, option, first)
    crm.ok("set", 1, option, second)
    if crm("undo", 2).code == 0:
        assert [value["primary"] for value in crm.ok("show", 1)[key]] == [True]


def test_one_value_is_primary_whatever_was_put_back(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("set", 1, "--email", "a@x.it")
    crm.ok("undo")
    crm.ok("set", 1, "--email", "b@x.it")
    crm("undo", 3)
    assert [value["primary"] for value in crm.ok("show", 1)["emails"]].count(True) == 1


def test_one_membership_is_primary_whatever_was_undone(crm: Any) -> None:
    for words in (("person", "Anna"), ("organization", "Acme"), ("organization", "Zenith")):
        crm.add(*words)
    crm.ok("link", 1, 2)
    crm.ok("link", 1, 3)
    crm("undo", 4)
    assert [link["primary"] for link in crm.ok("show", 1)["memberships"]].count(True) == 1


def test_an_email_added_since_the_fold_stays_the_only_primary_one_or_blocks(crm: Any) -> None:
    crm.add("person", "Anna", "--tax-code", "RSSMRA80A01H501U")
    crm.add("lead", "Anna", "--tax-code", "RSSMRA80A01H501U", "--email", "a@x.it")
    crm.ok("qualify", 2, *WHY)
    crm.ok("set", 1, "--email", "b@x.it")
    crm("undo", 3)
    assert [value["primary"] for value in crm.ok("show", 1)["emails"]].count(True) == 1


def test_undo_in_a_dry_run_writes_nothing(crm: Any) -> None:
    crm.add("person", "Anna")
    assert crm.ok("undo", "--dry-run")["operation"] is None
    assert [o["operation"] for o in crm.ok("history")] == [1]
    assert crm.ok("show", 1)["name"] == "Anna"


@pytest.mark.parametrize(
    ("mine", "theirs", "later"),
    [
        ("lead", "prospect", ("link", 1, 3)),
        ("lead", "prospect", ("lose", 1, "--reason", "no money")),
        ("lead", "person", ("purchase", 1, "Plan")),
        ("suspect", "lead", ("log", 1, "email", "hello", "--in")),
        ("suspect", "lead", ("ticket", "open", 1, "Help")),
        ("suspect", "lead", ("disqualify", 1, "--reason", "a test")),
    ],
)
def test_a_merge_is_not_undone_under_what_rests_on_the_type_that_it_gave(
    crm: Any, mine: str, theirs: str, later: tuple[Any, ...]
) -> None:
    crm.add(mine, "Luca", "--email", "l@v.it")
    crm.add(theirs, "Luca", "--email", "l@v.it")
    crm.add("target", "Acme")
    crm.ok("merge", 1, 2, "--into", 1)
    crm.ok(*later)
    assert [one["operation"] for one in crm.refused(4, "undo", 4)["candidates"]] == [5]
    crm.ok("undo")
    crm.ok("undo")
    assert crm.ok("show", 1)["type"] == mine


@pytest.mark.parametrize("first", [("log", 1, "email", "hi", "--in"), ("ticket", "open", 1, "Help")])
def test_the_first_contact_is_not_undone_under_a_later_one(crm: Any, first: tuple[Any, ...]) -> None:
    crm.add("suspect", "Anna")
    crm.ok(*first)
    crm.ok("log", 1, "email", "again", "--in")
    assert [one["operation"] for one in crm.refused(4, "undo", 2)["candidates"]] == [3]
    crm.ok("undo", 3)
    crm.ok("undo", 2)
    assert crm.ok("show", 1)["type"] == "suspect"
