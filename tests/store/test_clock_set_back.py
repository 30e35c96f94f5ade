"""The history is ordered by its numbers: a clock that is set back changes the dates in it, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from dkcrm.session import Session

#: The clock at one command after the other: set back by hours, by years, forth again, and standing still.
CLOCK = (
    "2026-05-05T10:00:00Z", "2026-05-05T12:00:00Z", "2026-05-05T09:00:00Z", "2019-01-01T00:00:00Z",
    "2026-05-05T12:00:00Z", "2026-05-05T12:00:00Z", "2001-01-01T00:00:00Z",
)  # fmt: skip
NAMES = ("One", "Two", "Three", "Four", "Five", "Six", "Seven")


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Return a function that sets the clock."""

    def set_to(moment: str) -> None:
        monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", lambda: moment)

    return set_to


@pytest.fixture
def book(crm: Any, at: Any) -> Iterator[Any]:
    """Return a book with one entity, which is renamed at each reading of the clock."""
    for moment, name in zip(CLOCK, NAMES, strict=True):
        at(moment)
        crm.ok("add", "lead", name) if name == "One" else crm.ok("set", 1, "--name", name)
    yield crm


def named(crm: Any) -> str:
    name: str = crm.ok("show", 1)["name"]
    return name


def test_history_is_in_the_order_in_which_things_were_done(book: Any) -> None:
    for told in (book.ok("history"), book.ok("history", 1)):
        assert [operation["operation"] for operation in told] == [7, 6, 5, 4, 3, 2, 1]
        assert [operation["at"] for operation in told] == list(reversed(CLOCK))
    assert [operation["operation"] for operation in book.ok("history", "--limit", 2)] == [7, 6]
    assert {value["operation"] for value in book.ok("blame", 1) if value["value"] == "Seven"} == {7}


@pytest.mark.parametrize("now", ["1999-01-01T00:00:00Z", "2026-05-05T12:00:00Z", "2030-01-01T00:00:00Z"])
def test_undo_and_redo_go_by_the_order_not_by_the_clock(book: Any, at: Any, now: str) -> None:
    at(now)
    for name in reversed(NAMES[:-1]):
        book.ok("undo")
        assert named(book) == name
    for name in NAMES[1:]:
        book.ok("redo")
        assert named(book) == name
    book.refused(4, "redo")
    # What came later stands in the way of an undo, whatever its date.
    found = book.refused(4, "undo", 2)
    assert {candidate["operation"] for candidate in found["candidates"]} >= {3}


def test_as_of_is_what_had_been_done_by_the_last_operation_of_that_date(book: Any) -> None:
    # By the sequence: 3 (09:00) came after 2 (12:00), so at 09:30 the third name stood; none of what came after it
    # is dated so early but 4 and 7, the last of which is what the book was when its clock said 2001.
    names = {date: book.ok("show", 1, "--as-of", date)["name"] for date in ("2026-05-05T09:30:00Z", "2001-06-01")}
    assert names == {"2026-05-05T09:30:00Z": "Seven", "2001-06-01": "Seven"}
    assert "not there yet" in book.refused(3, "show", 1, "--as-of", "2000-12-31")["message"]


def test_doctor_says_so_and_finds_nothing_wrong(book: Any, at: Any) -> None:
    assert {found["check"] for found in book.ok("doctor")} >= {"clock"}
    at("2030-01-01T00:00:00Z")
    done = book("doctor", "--json")
    notes = [found for found in done.json if found["check"] == "clock"]
    assert done.code == 0
    assert [note["count"] for note in notes] == [3]


def test_what_is_due_is_reckoned_from_the_clock_as_it_stands(book: Any, at: Any) -> None:
    at("2026-05-05T10:00:00Z")
    book.ok("task", "add", "call", "--for", 1, "--due", "2026-05-06")
    at("2026-05-07T10:00:00Z")
    book.ok("task", "add", "write", "--for", 1, "--due", "2026-05-08")
    at("2026-05-04T10:00:00Z")
    assert [task["text"] for task in book.ok("task", "list")] == ["call", "write"]
    done = book.ok("task", "done", 2)
    assert done["operation"] == 10
    book.ok("undo")
    assert [task["text"] for task in book.ok("task", "list")] == ["call", "write"]
    assert [entry["operation"] for entry in book.ok("history", "--limit", 4)] == [11, 10, 9, 8]


def test_interactions_stand_by_their_date_and_a_removed_one_comes_back_to_its_place(crm: Any, at: Any) -> None:
    at("2026-05-05T10:00:00Z")
    crm.add("lead", "Anna")
    crm.ok("log", 1, "email", "first")
    at("2026-05-04T10:00:00Z")
    crm.ok("log", 1, "email", "second, by a clock a day behind")
    before = crm.ok("timeline", 1)
    crm.ok("undo")
    crm.ok("redo")
    assert crm.ok("timeline", 1) == before
    texts = [entry["text"] for entry in before]
    assert texts.index("email: first") < texts.index("email: second, by a clock a day behind")
