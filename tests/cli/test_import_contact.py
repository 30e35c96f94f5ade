"""An export of ours that says that a suspect has been in contact makes a lead of it, here as where it was written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def later(crm: Any, tmp_path: Path) -> list[dict[str, Any]]:
    """Let the database have a suspect, and return what another one exports of it once it has been in contact."""
    there, early = tmp_path / "there.db", tmp_path / "early.json"
    crm.ok("add", "suspect", "Anna Rossi", "--email", "a@x.it", "--db", there)
    crm.ok("export", "-o", early, "--db", there)
    crm.ok("import", early)
    crm.ok("log", 1, "email", "ciao", "--in", "--db", there)
    found: list[dict[str, Any]] = crm.ok("export", "--db", there)
    return found


def steps(crm: Any) -> list[tuple[str, str, str]]:
    (one,) = crm.ok("export")
    return [(step["from"], step["to"], step["at"]) for step in one.get("transitions", ())]


def test_the_suspect_becomes_a_lead_by_the_step_of_the_export(
    crm: Any, tmp_path: Path, later: list[dict[str, Any]]
) -> None:
    file = tmp_path / "later.json"
    file.write_text(json.dumps(later))
    before = crm.ok("export")
    told = crm.ok("import", file)
    assert told["filled"] == 1 and not told["warnings"]
    assert crm.ok("show", 1)["type"] == "lead" and crm.ok("doctor") == []
    assert steps(crm) == [("suspect", "lead", later[0]["transitions"][0]["at"])]
    assert crm.ok("import", file)["unchanged"] == 1
    crm.ok("undo")
    assert crm.ok("export") == before


def test_without_a_step_it_is_one_of_today(crm: Any, tmp_path: Path, later: list[dict[str, Any]]) -> None:
    file = tmp_path / "later.json"
    file.write_text(json.dumps([{**one, "transitions": []} for one in later]))
    crm.ok("import", file)
    assert crm.ok("show", 1)["type"] == "lead" and crm.ok("doctor") == []
    assert [step[:2] for step in steps(crm)] == [("suspect", "lead")]


def test_a_new_suspect_who_has_been_in_contact_is_a_lead(crm: Any, tmp_path: Path, later: list[dict[str, Any]]) -> None:
    file, db = tmp_path / "odd.json", tmp_path / "new.db"
    file.write_text(json.dumps([{**one, "type": "suspect", "transitions": []} for one in later]))
    crm.ok("import", file, "--db", db)
    assert crm.ok("show", 1, "--db", db)["type"] == "lead" and crm.ok("doctor", "--db", db) == []
    crm.ok("undo", "--db", db)
    crm.ok("redo", "--db", db)
    assert crm.ok("doctor", "--db", db) == []


def test_a_contact_of_ours_alone_changes_nothing(crm: Any, tmp_path: Path, later: list[dict[str, Any]]) -> None:
    file = tmp_path / "later.json"
    for one in later:
        one["interactions"][0]["direction"] = "out"
    file.write_text(json.dumps([{**one, "type": "suspect", "transitions": []} for one in later]))
    crm.ok("import", file)
    assert crm.ok("show", 1)["type"] == "suspect" and steps(crm) == []
