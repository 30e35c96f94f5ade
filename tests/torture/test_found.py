"""What fuzzing found, as cases: each was wrong once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.parametrize(
    ("said", "who"),
    [
        (["name:anna", "vip"], ["Anna Verdi"]),  # was kept as name:"anna vip"
        (["source=", "vip"], ["Anna Verdi"]),  # was kept as source=vip
        (["vip", "source!="], ["Anna Bianchi"]),
        (["name:~^anna", "vip"], ["Anna Verdi", "Anna Bianchi"]),
    ],
)
def test_a_segment_says_what_its_arguments_said(crm: Any, said: list[str], who: list[str]) -> None:
    crm.add("lead", "Anna Bianchi", "--source", "web", "--note", "a vip")
    crm.add("lead", "Anna Verdi", "--note", "a vip")
    crm.add("lead", "Anna Vipere", "--source", "fair")
    crm.add("lead", "Carla Neri", "--source", "vip")
    expected = {entity["name"] for entity in crm.ok("list", *said)}
    crm.ok("segment", "save", "kept", *said)
    assert {entity["name"] for entity in crm.ok("list", "@kept")} == expected
    if said != ["name:anna", "vip"]:
        assert expected >= set(who)


def export_of(crm: Any, *names: str) -> Any:
    for name in names:
        crm.add("person", name, "--email", f"{name}@x.it")
    return crm.ok("export", "--all", "--format", "json")


def test_an_export_with_gaps_in_its_numbers_is_sound_where_it_comes_in(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "export.json"
    file.write_text(json.dumps([one for one in export_of(crm, "A", "B", "C", "D") if one["name"] != "B"]))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    assert [entity["id"] for entity in crm.ok("list", "sort:id")] == [1, 3, 4]

    def wrong() -> list[Any]:
        return [found for found in crm("doctor", "--json").json if found["level"] == "wrong"]

    assert wrong() == []
    told = crm.ok("history", "--operation", 1)["changes"]
    assert [change["after"] for change in told if (change["table"], change["field"]) == ("entity", "rows")] == [3]
    crm.ok("undo")
    assert wrong() == []
    crm.ok("redo")
    assert wrong() == []
    crm.ok("privacy", "erase", 3, "--yes")
    assert wrong() == []
    assert crm.add("person", "E") == 5
    assert wrong() == []


def test_one_that_is_gone_from_such_a_range_is_missed(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sqlite3

    file = tmp_path / "export.json"
    file.write_text(json.dumps([one for one in export_of(crm, "A", "B", "C") if one["name"] != "B"]))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    with sqlite3.connect(tmp_path / "other.db") as database:
        database.execute("DELETE FROM contact_point")
        database.execute("DELETE FROM imported_row")
        database.execute("DELETE FROM entity WHERE id = 3")
    assert "history" in {found["check"] for found in crm("doctor", "--json").json if found["level"] == "wrong"}


#: Numbers of more digits than Python reads, and brackets without end.
NO_TOML = ("x = " + "9" * 5000, "x = " + "[" * 5000)


@pytest.mark.parametrize("text", NO_TOML)
def test_an_edited_text_that_cannot_be_read_is_refused(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    crm.add("lead", "Anna")
    (tmp_path / "text").write_text(text)
    monkeypatch.setenv("EDITOR", f"cp {tmp_path / 'text'}")
    assert "not valid TOML" in crm.refused(2, "edit", 1)["message"]


@pytest.mark.parametrize("text", NO_TOML)
def test_a_config_file_that_cannot_be_read_is_refused(crm: Any, own_home: Path, text: str) -> None:
    from dkcrm.config import config_path

    Path(config_path()).parent.mkdir(parents=True)
    Path(config_path()).write_text(text)
    assert "not valid TOML" in crm.refused(2, "add", "lead", "Anna", "--phone", "02 1234567")["message"]
    assert "not valid TOML" in crm.refused(2, "config", "set", "region", "IT")["message"]


def test_brackets_behind_a_regular_expression_are_counted_once() -> None:
    from dkcrm.domain.scanning import scan

    tokens = list(scan("(name:~(a)b))", 0, "(name:~(a)b))"))
    assert [(token.kind, token.value) for token in tokens] == [("(", ""), ("field", "~(a)b"), (")", ""), (")", "")]


def test_a_link_of_types_that_cannot_be_linked_does_not_come_back(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.add("person", "Luca")
    crm.add("organization", "Rossi")
    crm.ok("link", 1, 2)
    file = tmp_path / "export.json"
    entities = crm.ok("export", "--all", "--format", "json")
    for one in entities:
        if one["name"] == "Rossi":
            one["type"] = "lead"
    file.write_text(json.dumps(entities))
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", file)
    assert {entity["name"]: entity["type"] for entity in crm.ok("list")} == {"Luca": "person", "Rossi": "lead"}
    assert crm.ok("show", 1)["memberships"] == []
    assert [found for found in crm.ok("doctor") if found["level"] == "wrong"] == []


def test_a_date_in_words_is_short(crm: Any) -> None:
    assert "no such date" in crm.refused(2, "task", "add", "call", "--due", "<" * 100_000)["message"]
    assert crm.ok("task", "add", "call", "--due", " " * 1000 + "2026-12-01" + " " * 1000)


@pytest.mark.parametrize(
    "text", ["[" + "a." * 400_000 + "b]\n", "a . " * 200_000 + "b = 1\n", "x = {" + '"a".' * 200_000 + "b=1}"]
)
def test_rules_of_many_levels_are_refused(crm: Any, tmp_path: Path, text: str) -> None:
    (tmp_path / "rules.toml").write_text(text)
    (tmp_path / "a.csv").write_text("name\nAnna\n")
    error = crm.refused(2, "import", tmp_path / "a.csv", "--type", "lead", "--rules", tmp_path / "rules.toml")
    assert "nested too deep" in error["message"]


def test_dots_in_the_values_of_rules_are_no_levels(crm: Any, tmp_path: Path) -> None:
    emails = ", ".join(f'"a.b.c@x{n}.example.it"' for n in range(200))
    (tmp_path / "rules.toml").write_text(f'[[skip]]\ncolumn = "email"\nvalue = [{emails}]\n')
    (tmp_path / "a.csv").write_text("name,email\nAnna,a.b.c@x7.example.it\nLuca,l@x.it\n")
    done = crm.ok("import", tmp_path / "a.csv", "--type", "lead", "--rules", tmp_path / "rules.toml")
    assert done["created"] == 1


def test_half_a_character_where_nobody_looks_does_no_harm(crm: Any, tmp_path: Path) -> None:
    file, db = tmp_path / "book.json", tmp_path / "new.db"
    crm.ok("add", "person", "Anna")
    crm.ok("campaign", "add", "fair", "1", "--basis", "contract")
    book = crm.ok("export")
    book[0]["campaigns"][0]["id"] = "\ud800"
    file.write_text(json.dumps(book))
    assert crm.ok("import", file, "--db", db)["created"] == 1
    assert [one["name"] for one in crm.ok("campaign", "list", "--db", db)] == ["fair"]
