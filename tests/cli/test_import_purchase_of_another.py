"""Our own export read back: a step that somebody took by another's purchase is known again, whoever the file has."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def pair(crm: Any) -> Any:
    """Give a target (2) that became an organization by the purchase of its prospect (1)."""
    crm.add("prospect", "Anna")
    crm.add("target", "Acme")
    crm.ok("purchase", 1, "Plan", "--also", 2)
    return crm


def steps(crm: Any, *words: Any) -> list[tuple[str, str, bool]]:
    """Return the steps of everybody: from, to, and whether a purchase is named."""
    return [
        (step["from"], step["to"], bool(step["purchase"]))
        for entity in crm.ok("export", "--all", *words)
        for step in entity.get("transitions", ())
    ]


BOTH = [("prospect", "person", True), ("target", "organization", True)]


@pytest.mark.parametrize("change", [[], ["rm", 1], ["purchase", "void", 1], ["merge", 3, 1]])
def test_an_export_of_one_of_them_changes_nothing_where_it_came_from(
    pair: Any, tmp_path: Path, change: list[Any]
) -> None:
    pair.add("person", "Anna Bianchi")
    if change:
        pair.ok(*change)
    before = steps(pair)
    assert len(before) == 2
    for words in (["--all"], ["type:organization"], ["type:target"]):
        pair.ok("export", *words, "--format", "json", "-o", tmp_path / "some.json")
        done = pair.ok("import", tmp_path / "some.json")
        assert done["operation"] is None and steps(pair) == before, words


@pytest.mark.parametrize("first", [0, 1])
def test_one_by_one_they_come_to_the_same(pair: Any, tmp_path: Path, first: int) -> None:
    whole = pair.ok("export", "--all")
    files = [tmp_path / "0.json", tmp_path / "1.json"]
    for file, entity in zip(files, whole, strict=True):
        file.write_text(json.dumps([entity]))
    db = ("--db", tmp_path / "other.db")
    for at in (first, 1 - first, first, 1 - first):
        pair.ok("import", files[at], *db)
    assert sorted(steps(pair, *db)) == sorted(BOTH)
    assert [pair.ok("import", file, *db)["operation"] for file in files] == [None, None]
    assert pair("doctor", *db).code == 0
    pair.ok("undo", *db)
    pair.ok("redo", *db)
    assert sorted(steps(pair, *db)) == sorted(BOTH)
