"""A campaign's rows are in bulk: what hangs on them stands in the way, and what is taken back comes back whole."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

COUNT = 700


@pytest.fixture
def sent(crm: Any) -> Any:
    """Return the program with a campaign that has reached two suspects; a third is in it with no consent."""
    for name in ("Anna", "Bruno", "Carla"):
        crm.add("suspect", name, "--email", f"{name.lower()}@x.it")
    crm.ok("privacy", "consent", 1, 2, "give", "marketing")  # 4
    crm.ok("campaign", "add", "a", 1, 2, 3)  # 5
    crm.ok("campaign", "sent", "a")  # 6
    return crm


def rows(tmp_path: Path) -> dict[str, list[Any]]:
    """Return every row of every table that the history keeps."""
    from dkcrm.store.images import TABLES

    with sqlite3.connect(tmp_path / "test.db") as database:
        return {table: database.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in TABLES}


def in_the_way(crm: Any, number: int) -> list[int]:
    return [candidate["operation"] for candidate in crm.refused(4, "undo", number)["candidates"]]


def test_an_answer_stands_in_the_way_of_what_it_answers(sent: Any) -> None:
    sent.ok("campaign", "reply", 1)
    assert in_the_way(sent, 6) == [7]
    assert in_the_way(sent, 5) == [7, 6]


def test_an_answer_of_somebody_else_does_not(sent: Any, tmp_path: Path) -> None:
    sent.ok("campaign", "reply", 3, "--campaign", "a")
    before = rows(tmp_path)
    sent.ok("undo", 6)
    assert [row[2] for row in rows(tmp_path)["interaction"]] == [3]
    sent.ok("redo")
    assert rows(tmp_path) == before


def test_what_was_sent_stands_in_the_way_of_the_entity_and_the_campaign(sent: Any) -> None:
    assert in_the_way(sent, 1) == [6, 5, 4]
    assert in_the_way(sent, 3) == [5]
    assert in_the_way(sent, 5) == [6]


def test_a_merge_stands_in_the_way_of_what_it_moved(sent: Any, tmp_path: Path) -> None:
    before = rows(tmp_path)
    sent.ok("merge", 1, 2)
    assert in_the_way(sent, 6) == [7]
    assert in_the_way(sent, 5) == [7, 6]
    sent.ok("undo")
    assert rows(tmp_path) == before
    sent.ok("undo", 6)
    assert rows(tmp_path)["interaction"] == []


def test_leaving_stands_in_the_way_of_joining(sent: Any) -> None:
    sent.ok("campaign", "leave", "a", 2)  # 7
    assert in_the_way(sent, 5) == [7, 6]
    sent.ok("campaign", "join", "a", 2)  # 8: its place is taken again
    assert in_the_way(sent, 7) == [8]


def test_a_campaign_that_was_left_by_all_is_needed_to_take_that_back(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("campaign", "add", "a")  # 2
    crm.ok("campaign", "join", "a", 1)  # 3
    crm.ok("campaign", "leave", "a", 1)  # 4
    assert 4 in in_the_way(crm, 2)


@pytest.mark.parametrize(
    "words",
    [("rm", 1), ("set", 1, "--name", "Other"), ("campaign", "edit", "a", "--purpose", "news"), ("campaign", "rm", "a"),
     ("privacy", "consent", 1, "withdraw", "marketing"), ("tag", 1, "x"), ("log", 1, "email", "x"),
     ("campaign", "leave", "a", 1)],
)  # fmt: skip
def test_other_work_does_not_stand_in_the_way(sent: Any, tmp_path: Path, words: tuple[object, ...]) -> None:
    sent.ok(*words)
    before = rows(tmp_path)
    sent.ok("undo", 6)
    assert [row for row in rows(tmp_path)["interaction"] if row[7] != "x"] == []
    sent.ok("redo")
    assert rows(tmp_path) == before


def test_the_history_of_one_has_the_row_as_it_came_whatever_became_of_it(sent: Any) -> None:
    def of(reference: int, operation: int) -> list[Any]:
        (entry,) = [one for one in sent.ok("history", reference) if one["operation"] == operation]
        return [change for change in entry["changes"] if change["table"] == "interaction"]

    came = of(1, 6)
    assert {change["field"] for change in came} >= {"at", "direction", "channel", "campaign_id"}
    sent.ok("merge", 1, 2, "--into", 2)
    sent.ok("undo")
    sent.ok("undo")
    assert of(1, 6) == came
    sent.ok("redo")
    assert of(1, 6) == came


def test_very_many_are_one_operation(crm: Any, tmp_path: Path) -> None:
    leads = tmp_path / "leads.csv"
    leads.write_text("name,email\n" + "".join(f"Anna {n},a{n}@x.it\n" for n in range(COUNT)), "utf-8")
    crm.ok("import", leads, "--type", "lead")  # 1
    everyone = "\n".join(str(n) for n in range(1, COUNT + 1))
    crm.ok("privacy", "consent", "-", "give", "marketing", input=everyone)  # 2
    states = [rows(tmp_path)]
    assert crm.ok("campaign", "add", "a", "--filter", "lead")["campaigns"][0]["members"] == COUNT  # 3
    states.append(rows(tmp_path))
    assert len(crm.ok("campaign", "sent", "a")["sent"]) == COUNT  # 4
    states.append(rows(tmp_path))
    assert {len({row[1] for row in states[2][table]}) for table in ("interaction",)} == {COUNT}  # uids
    with sqlite3.connect(tmp_path / "test.db") as database:
        changes = database.execute("SELECT count(*) FROM change WHERE operation_id IN (3, 4)").fetchone()[0]
    assert changes == 3  # the campaign, and a range each
    assert in_the_way(crm, 1) == [4, 3, 2]
    for _round in range(2):
        for state in states[1::-1]:
            crm.ok("undo")
            assert rows(tmp_path) == state
        for state in states[1:]:
            crm.ok("redo")
            assert rows(tmp_path) == state
    crm.ok("campaign", "leave", "a", "-", input=everyone)
    crm.ok("undo")
    assert rows(tmp_path) == states[2]
