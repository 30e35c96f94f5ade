"""duplicates: who may be the same, in clusters with reasons; reviewed at a terminal, or merged where it is certain."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def book(crm: Any) -> Any:
    crm.add("person", "Beppe Verdi", "--email", "verdi@x.it")
    crm.add("person", "Giuseppe Verdi", "--email", "verdi@x.it", "--phone", "333 1234567")
    crm.add("organization", "Bianchi S.r.l.", "--website", "https://bianchi.it")
    crm.add("target", "BIANCHI SRL", "--email", "info@bianchi.it")
    crm.add("person", "Mario Rossi", "--email", "mario@uno.it")
    crm.add("person", "Mario Rossi", "--email", "rossi@due.it")
    return crm


def found(crm: Any, *words: object) -> list[list[int]]:
    return [[entity["id"] for entity in cluster["entities"]] for cluster in crm.ok("duplicates", *words)]


def test_the_score_and_the_reasons_are_told(book: Any) -> None:
    clusters = book.ok("duplicates")
    assert [[entity["id"] for entity in cluster["entities"]] for cluster in clusters] == [[1, 2], [3, 4]]
    (pair,) = clusters[0]["pairs"]
    assert (pair["a"], pair["b"], "same email" in pair["reasons"]) == (1, 2, True)
    assert 0.9 < pair["score"] <= 1
    assert "same domain" in clusters[1]["pairs"][0]["reasons"]
    assert clusters[0]["use"] == "dkcrm merge 1 2"
    lines = book("duplicates").out.splitlines()
    assert [line.split("\t")[2:6] for line in lines] == [
        ["1", "Beppe Verdi (person)", "2", "Giuseppe Verdi (person)"],
        ["3", "Bianchi S.r.l. (organization)", "4", "BIANCHI SRL (target)"],
    ]


def test_two_of_a_common_name_are_no_duplicate_unless_less_is_asked_for(book: Any) -> None:
    assert [5, 6] not in found(book)
    assert [5, 6] in found(book, "--min", "0.05")


def test_a_filter_says_who_is_compared(book: Any) -> None:
    assert found(book, "person") == [[1, 2]]
    assert found(book, "email=info@bianchi.it") == []
    assert found(book, "--limit", 1) == [[1, 2]]


def test_three_that_are_one_come_together(crm: Any) -> None:
    for name in ("Anna Bianchi", "Bianchi Anna", "Anna Bianchi"):
        crm.add("person", name, "--email", "anna@x.it", "--phone", "02 1234567")
    assert found(crm) == [[1, 2, 3]]
    assert len(crm.ok("duplicates")[0]["pairs"]) == 3


def test_those_that_are_distinct_removed_or_merged_are_left_out(book: Any) -> None:
    book.ok("distinct", 1, 2)
    assert found(book) == [[3, 4]]
    book.ok("rm", 3)
    assert found(book) == []
    book.ok("undo")
    book.ok("merge", 3, 4)
    assert found(book) == []


def test_nobody_is_an_empty_list(crm: Any) -> None:
    crm.add("person", "Anna")
    assert crm.ok("duplicates") == []
    done = crm("duplicates")
    assert (done.code, done.out, done.err) == (0, "", "nobody looks the same as another\n")


def test_what_is_certain_is_merged_as_one_operation(book: Any) -> None:
    before = book.ok("list")
    dry = book.ok("duplicates", "--auto", "0.9", "--dry-run")
    assert (dry["operation"], dry["merged"], book.ok("list")) == (None, [[1, 2], [3, 4]], before)
    assert "merged 4 entities into 2" in book("duplicates", "--auto", "0.9", "--dry-run").err
    done = book.ok("duplicates", "--auto", "0.9")
    assert done["merged"] == [[1, 2], [3, 4]]
    assert {entity["id"] for entity in book.ok("list")} == {1, 3, 5, 6}
    assert book.ok("show", 3)["type"] == "organization"
    book.ok("undo")
    assert book.ok("list") == before
    book.ok("distinct", 1, 2)
    assert book.ok("duplicates", "--auto", "0.9")["merged"] == [[3, 4]]
    assert book.ok("duplicates", "--auto", "0.9")["operation"] is None
    assert "nobody is likely enough" in book("duplicates", "--auto", "0.9", "--dry-run").err


def test_a_limit_is_of_those_that_are_merged_too(book: Any) -> None:
    assert book.ok("duplicates", "--auto", "0.9", "--limit", 1)["merged"] == [[1, 2]]
    assert found(book) == [[3, 4]]


@pytest.mark.parametrize(("option", "value"), [("--min", 0), ("--min", 1.5), ("--auto", -1), ("--auto", "nan")])
def test_a_score_is_between_0_and_1(book: Any, option: str, value: object) -> None:
    assert book.refused(2, "duplicates", option, value)["error"] == "usage"


def test_a_wrong_filter_is_an_error(book: Any) -> None:
    assert book.refused(2, "duplicates", "nmae:x")["error"] == "unknown_field"


def test_a_review_needs_somebody_at_a_terminal(book: Any) -> None:
    assert "terminal" in book.refused(2, "duplicates", "--review")["message"]
    assert "--auto" in book.refused(2, "duplicates", "--review", "--auto", "0.9")["message"]
    assert "--min" in book.refused(2, "duplicates", "--review", "--min", 0)["message"]


def at_a_terminal(answers: str, *words: str, tmp_path: Path) -> str:
    """Run the program at a terminal, where the answers are typed; return what it showed."""
    ours, theirs = pty.openpty()
    os.write(ours, answers.encode())
    with open(tmp_path / "seen", "wb") as seen:
        command = [sys.executable, "-m", "dkcrm", *words]
        child = subprocess.Popen(command, stdin=theirs, stdout=seen, stderr=theirs, env=os.environ)
        os.close(theirs)
        shown = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            shown += part
        assert child.wait(60) == 0
    os.close(ours)
    return shown.decode() + (tmp_path / "seen").read_text()


def test_a_review_goes_through_the_pairs(book: Any, tmp_path: Path) -> None:
    shown = at_a_terminal("what\nb\nd\n", "duplicates", "--review", "--json", tmp_path=tmp_path)
    assert "Beppe Verdi" in shown and "BIANCHI SRL" in shown
    assert '"merged":[[1,2]]' in shown and '"distinct":[[3,4]]' in shown
    assert book.ok("show", 1)["name"] == "Giuseppe Verdi"
    assert found(book) == []
    book.ok("undo")
    book.ok("undo")
    assert found(book) == [[1, 2], [3, 4]]


def test_a_limit_is_of_those_that_are_reviewed_too(book: Any, tmp_path: Path) -> None:
    assert "1 of 1" in at_a_terminal("l\n", "duplicates", "--review", "--limit", "1", tmp_path=tmp_path)


def test_the_end_of_input_is_a_quit_and_leaves_the_line(book: Any, tmp_path: Path) -> None:
    shown = at_a_terminal("\x04", "duplicates", "--review", tmp_path=tmp_path)
    assert "quit: \r\nmerged 0, not the same 0, left 2" in shown


def test_what_is_left_for_later_comes_again(book: Any, tmp_path: Path) -> None:
    shown = at_a_terminal("\nq\n", "duplicates", "--review", tmp_path=tmp_path)
    assert "left 2" in shown
    assert found(book) == [[1, 2], [3, 4]]
