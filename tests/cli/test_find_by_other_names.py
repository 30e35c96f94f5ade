"""Whom a filter or a search means: by a number that has become another's, a part of a phone, words of time."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest


def ids(answer: Any) -> set[int]:
    return {entity["id"] for entity in answer}


@pytest.fixture
def merged(crm: Any) -> Any:
    """Anna, whom 2 and 3 were merged into, 3 by way of 2; and 4, who is somebody else."""
    for email in ("a@zanella.it", "anna@zanella.it", "az@zanella.it"):
        crm.add("person", "Anna Zanella", "--email", email, "--force")
    crm.add("person", "Luca Boscolo")
    crm.ok("merge", 2, 3)
    crm.ok("merge", 1, 2)
    return crm


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("id:1", {1}),
        ("id:2", {1}),
        ("id=3", {1}),
        ("id!=3", {4}),
        ("not id:2", {4}),
        ("id:2 or id:4", {1, 4}),
        ("id:9", set()),
        # An order has no aliases in it.
        ("id>1", {4}),
        ("id:2..3", set()),
    ],
)
def test_the_number_of_one_who_was_merged_is_the_survivors(merged: Any, term: str, wanted: set[int]) -> None:
    assert ids(merged.ok("list", term)) == wanted
    assert ids(json.loads(merged("export", "--format", "json", term).out)) == wanted


def test_so_is_a_uid(crm: Any) -> None:
    first = crm.ok("add", "person", "Anna Zanella")["uid"]
    second = crm.ok("add", "person", "Anna Zanella", "--force")["uid"]
    crm.ok("merge", 1, 2)
    for uid in (first, second):
        assert ids(crm.ok("list", f"uid:{uid}")) == {1}
    crm.ok("undo")
    assert ids(crm.ok("list", f"uid:{second}")) == {2}
    assert ids(crm.ok("list", "id:2")) == {2}


def test_a_lead_that_was_folded_answers_by_its_number(crm: Any) -> None:
    person = crm.add("prospect", "Anna Zanella", "--email", "anna@zanella.it")
    lead = crm.add("lead", "Anna Zanella", "--email", "anna@zanella.it", "--force")
    crm.ok("qualify", lead, "--override", "known")
    assert ids(crm.ok("list", f"id:{lead}")) == {person}


def test_a_pattern_reads_the_organization_that_other_terms_read(crm: Any) -> None:
    crm.add("person", "Anna Zanella")
    crm.add("organization", "Acme S.p.A.")
    crm.add("lead", "Luca Boscolo", "--org", "Acme S.p.A.")
    crm.ok("link", 1, 2)
    assert ids(crm.ok("list", "org:acme")) == ids(crm.ok("list", "org:~^acme")) == {2, 3}
    assert ids(crm.ok("list", "in:acme")) == ids(crm.ok("list", "in:~^acme")) == {1}


def test_a_pattern_that_python_warns_of_says_nothing_of_it(program: Any) -> None:
    program("add", "person", "Anna Zanella")
    done = program("list", "name:~[[a]nna]?")
    assert done.code == 0
    assert "Warning" not in done.err


def test_patterns_are_bounded_over_all_values_together(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from dkcrm.store import patterns

    for number in range(40):
        crm.add("person", f"{'a' * 18}{number}", "--force")
    assert crm.ok("list", "name:~(a+)+b") == []
    monkeypatch.setattr(patterns, "_REGEX_WHOLE", 0.02)
    assert "takes too long" in crm.refused(2, "list", "name:~(a+)+b")["message"]


def test_an_unknown_field_is_pointed_at_and_its_nearest_named(crm: Any) -> None:
    crm.add("person", "Anna Zanella")
    error = crm.refused(2, "list", "tag:vip", "nmae:anna")
    assert "at character 9" in error["message"]
    hint = error["hint"].splitlines()
    assert hint[0] == "did you mean name, number, note?"
    assert hint[1].index("nmae") == hint[2].index("^")
    error = crm.refused(2, "list", "tag:vip", "@wram")
    assert error["hint"].splitlines()[-1].endswith("^")


@pytest.mark.parametrize(
    ("term", "wanted"),
    [
        ("contacted:oggi", {1}),
        ("contacted:last-30-days", {1, 2}),
        ("contacted:ultimi-30-giorni", {1, 2}),
        ("contacted:negli ultimi 30 giorni", {1, 2}),
        ("contacted:ultima-settimana", {1}),
        ("contacted:3-weeks-ago", {2}),
        ("contacted:3-settimane-fa", {2}),
        ("contacted:..3 settimane fa", {2, 3}),
        ("contacted:3 settimane fa..ieri", {2}),
        ('contacted:"3 weeks ago..today" type:person', {1, 2}),
        ("contacted:nov-2026", {1, 2}),
        ("contacted:novembre-2026", {1, 2}),
        ("contacted:ottobre 2026", {3}),
        ("contacted:il mese scorso", {3}),
        ("contacted:ultimo-mese", {1, 2}),
    ],
)
def test_time_in_words(crm: Any, rome: Any, term: str, wanted: set[int]) -> None:
    for day in ("2026-11-22", "2026-11-01", "2026-10-02"):
        number = crm.add("person", "Anna Zanella", "--force")
        crm.ok("log", number, "call", "hello", "--at", f"{day}T09:00")
    assert ids(crm.ok("list", term)) == wanted


@pytest.mark.parametrize(
    "word", ["novembre", "30 giorni", "in 3 giorni fa", "ultimi 99999 anni", "5-ago", "3-pasti-fa"]
)
def test_words_that_name_no_time_are_errors(crm: Any, rome: Any, word: str) -> None:
    crm.add("person", "Anna Zanella")
    assert crm.refused(2, "list", f"created:{word}")["error"] == "usage"


@pytest.mark.parametrize("typed", ["06 123456 (casa)", "06 123456 fax", "06-123456/7"])
def test_a_phone_is_found_by_its_number_whatever_is_remarked_on_it(crm: Any, typed: str) -> None:
    crm.add("person", "Jane Smith", "--phone", typed)
    assert crm.ok("show", 1)["phones"][0]["value"] == typed
    assert [entity["name"] for entity in crm.ok("list", "phone:+3906123456")] == ["Jane Smith"]
    assert [entity["name"] for entity in crm.ok("find", "06 12.34.56")] == ["Jane Smith"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("020 7946 0958", "Jane"),
        ("0044 20 7946 0958", "Jane"),
        ("7946-0958", "Jane"),
        ("1234567", "Luca"),
        ("123.45.67", "Luca"),
        ("333 123", "Luca"),
    ],
)
def test_a_phone_is_found_by_a_part_and_as_it_is_dialled_at_home(crm: Any, text: str, name: str) -> None:
    crm.add("person", "Jane Smith", "--phone", "+44 20 7946 0958")
    crm.add("person", "Luca Boscolo", "--phone", "3331234567")
    assert [entity["name"].split()[0] for entity in crm.ok("find", text)] == [name]


@pytest.mark.parametrize(
    ("ours", "theirs", "prefer", "state"),
    [
        ("active", "lost", "2", "active"),
        ("lost", "active", "1", "active"),
        ("lost", "inactive", None, "lost"),
        ("lost", "inactive", "2", "inactive"),
        ("lost", "lost", "2", "lost"),
    ],
)
def test_an_active_state_wins_whoever_is_preferred(
    crm: Any, ours: str, theirs: str, prefer: str | None, state: str
) -> None:
    for one in (ours, theirs):
        crm.add("person", "Anna Zanella", "--state", one, "--force")
    before = [crm.ok("show", number) for number in (1, 2)]
    done = crm.ok("merge", 1, 2, *(["--prefer", prefer] if prefer else []))
    assert done["entities"][0]["state"] == state
    lost = {ours, theirs} - {state}
    assert [value["value"] for value in done["kept"] if value["field"] == "state"] == sorted(lost)
    assert all(any(one in warning for warning in done["warnings"]) for one in lost)
    crm.ok("undo")
    assert [crm.ok("show", number) for number in (1, 2)] == before
    crm.ok("redo")
    assert crm.ok("show", 1)["state"] == state


def test_of_two_that_are_not_active_the_further_one_says_the_state(crm: Any) -> None:
    crm.add("lead", "Anna Zanella", "--state", "disqualified")
    crm.add("prospect", "Anna Zanella", "--state", "lost", "--force")
    done = crm.ok("merge", 1, 2, "--into", 1)
    assert (done["entities"][0]["type"], done["entities"][0]["state"]) == ("prospect", "lost")


def test_an_organization_has_an_before_it(crm: Any) -> None:
    crm.ok("criteria", "add", "size", "--side", "organization")
    assert (
        "an organization criterion size"
        in crm.refused(4, "criteria", "add", "size", "--side", "organization")["message"]
    )
    crm.add("organization", "Acme S.p.A.")
    crm.add("person", "Anna Zanella")
    for words in (("merge", 1, 2), ("qualify", 1), ("link", 1, 2), ("promote", 1), ("assess", 1, "--yes", "budget")):
        message = crm.refused(4, *words)["message"]
        assert " an organization" in message, words
        assert "a organization" not in message
    assert crm.refused(2, "add", "organization")["message"] == "an organization needs a name"
    assert crm.refused(2, "add", "target")["message"] == "a target needs a name"


def test_a_filtered_export_of_very_many_has_all_columns_and_comes_back(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is read in several pieces has the columns that anybody needs, blank where the filter leaves no value."""
    from dkcrm.store import flat

    crm.ok("field", "add", "budget", "--type", "int", "--side", "both")
    crm.add("person", "Anna Zanella", "--tag", "vip", "--email", "a@z.it")
    crm.add("person", "Luca Boscolo", "--tag", "vip")
    crm.add("person", "Ida Tessari", "--email", "i@t.it", "--email", "ida@t.it", "--field", "budget=5")
    whole = list(csv.DictReader(io.StringIO(crm("export", "tag:vip", "--format", "csv").out)))
    monkeypatch.setattr(flat, "_BLOCK", 1)
    pieces = list(csv.DictReader(io.StringIO(crm("export", "tag:vip", "--format", "csv").out)))
    assert [{name: row[name] for name in whole[0]} for row in pieces] == whole
    assert {name for row in pieces for name, value in row.items() if value} <= set(whole[0])
    file = tmp_path / "vip.csv"
    file.write_text(crm("export", "tag:vip", "--format", "csv").out)
    other = str(tmp_path / "other.db")
    assert crm("import", file, "--db", other).code == 0
    again = crm.ok("list", "--db", other, "--sort", "id")
    kept = ("uid", "name", "tags", "emails", "fields")
    assert [[entity[key] for key in kept] for entity in again] == [
        [entity[key] for key in kept] for entity in crm.ok("list", "tag:vip", "--sort", "id")
    ]
