"""history, show --as-of and blame: who set what, when, from which file, and how an entity was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dkcrm.session import Session

WHY = ("--override", "Tested elsewhere.")
VAT = "01234567890"


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that sets the clock."""

    def set_clock(moment: str) -> None:
        monkeypatch.setitem(Session.__init__.__kwdefaults__, "clock", lambda: moment)

    set_clock("2026-01-01T09:00:00Z")
    return set_clock


# history


def test_history_tells_who_when_what_and_each_value(crm: Any, at: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    crm.add("person", "Anna", "--title", "CTO")
    at("2026-02-03T04:05:06Z")
    monkeypatch.setenv("DKCRM_ACTOR", "luca")
    crm.ok("set", 1, "--title", "CEO", "--source", "fair's")
    newest, first = crm.ok("history", 1)
    assert (newest["operation"], newest["kind"], newest["name"]) == (2, "do", "set")
    assert (newest["at"], newest["actor"], first["actor"]) == ("2026-02-03T04:05:06Z", "luca", "tester")
    assert newest["command"].startswith("dkcrm set 1 --title CEO --source 'fair'\"'\"'s'")
    assert (newest["reverses"], newest["undone_by"], newest["file"], newest["record"]) == (None, None, None, {})
    assert {(c["field"], c["before"], c["after"]) for c in newest["changes"]} == {
        ("job_title", "CTO", "CEO"), ("source", None, "fair's")
    }  # fmt: skip
    assert ("job_title", None, "CTO") in {(c["field"], c["before"], c["after"]) for c in first["changes"]}


def test_history_of_one_operation_and_of_one_entity(crm: Any) -> None:
    for name in ("Anna", "Luca"):
        crm.add("person", name)
    crm.ok("tag", "-", "x", input="1\n2\n")
    assert [o["operation"] for o in crm.ok("history", "Luca")] == [3, 2]
    one = crm.ok("history", "--operation", 3)
    assert [(c["entity"], c["table"], c["after"]) for c in one["changes"] if c["field"] == "tag"] == [
        (1, "tag", "x"), (2, "tag", "x")
    ]  # fmt: skip
    assert {c["entity"] for o in crm.ok("history", 1) for c in o["changes"]} == {1}
    assert [o["operation"] for o in crm.ok("history")] == [3, 2, 1]
    assert [o["operation"] for o in crm.ok("history", "--limit", 1)] == [3]
    assert [line.split("\t")[0] for line in crm("history").out.splitlines()] == ["3", "2", "1"]
    crm.refused(3, "history", "--operation", 99)
    crm.refused(3, "history", "Nobody")


def test_undo_and_redo_are_in_the_history_of_what_they_concern(crm: Any) -> None:
    crm.add("person", "Anna")
    crm.ok("tag", 1, "x")
    crm.ok("undo")
    crm.ok("redo")
    told = [(o["operation"], o["kind"], o["reverses"], o["undone_by"]) for o in crm.ok("history", 1)]
    assert told == [(4, "redo", 3, None), (3, "undo", 2, 4), (2, "do", None, None), (1, "do", None, None)]


def test_history_of_the_survivor_has_what_was_folded_into_it(crm: Any) -> None:
    crm.add("person", "Anna", "--email", "a@x.it")
    crm.add("lead", "Anna", "--email", "a@x.it")
    crm.ok("note", 2, "Met.")
    crm.ok("qualify", 2, *WHY)
    assert [o["operation"] for o in crm.ok("history", 1)] == [4, 3, 2, 1]


def test_an_empty_history_is_empty(crm: Any) -> None:
    assert crm.ok("history") == []
    assert crm.refused(4, "undo")["error"] == "nothing_to_undo"
    assert crm.refused(4, "redo")["error"] == "nothing_to_redo"


# show --as-of


def test_an_entity_is_shown_as_it_was(crm: Any, at: Any) -> None:
    crm.ok("field", "add", "size")
    crm.add("person", "Anna", "--email", "a@x.it", "--tag", "old", "--field", "size=10", "--address", "Via Po 1")
    crm.add("organization", "Acme")
    crm.ok("link", 1, 2, "--role", "buyer")
    was = crm.ok("show", 1)
    at("2026-03-01T09:00:00Z")
    crm.ok("set", 1, "--name", "Anna Verdi", "--remove", "a@x.it", "--remove", "Via Po 1", "--field", "size=20")
    crm.ok("untag", 1, "old")
    crm.ok("tag", 1, "new")
    crm.ok("unlink", 1, 2)
    crm.ok("set", 2, "--name", "Zenith")
    then = crm.ok("show", 1)
    at("2026-05-01T09:00:00Z")
    crm.ok("field", "rm", "size", "--yes")
    crm.ok("rm", 1)
    for moment in ("2026-01-01", "2026-02-01", "2026-03-01T08:59:59Z", "2026-02-28"):
        assert crm.ok("show", 1, "--as-of", moment) == was, moment
    for moment in ("2026-03-01", "2026-03-01T09:00:00Z", "2026-04-30"):
        assert crm.ok("show", 1, "--as-of", moment) == then, moment
    now = crm.ok("show", 1, "--as-of", "2026-05-01")
    assert (now["fields"], now["name"]) == ({}, "Anna Verdi")
    assert "not there" in crm.refused(3, "show", 1, "--as-of", "2025-12-31")["message"]
    crm.refused(2, "show", 1, "--as-of", "someday")
    assert crm.ok("show", 2, "--as-of", "2026-02-01")["memberships"][0]["id"] == 1


def test_as_of_sees_through_undo_and_redo(crm: Any, at: Any) -> None:
    crm.add("person", "Anna", "--tag", "x")
    for month, words in enumerate((["set", 1, "--title", "CEO"], ["undo"], ["redo"], ["undo"], ["undo"]), start=2):
        at(f"2026-0{month}-01T09:00:00Z")
        crm.ok(*words)
    crm.refused(3, "show", 1)
    at("2026-07-01T09:00:00Z")
    crm.ok("redo")
    shown = [crm.ok("show", 1, "--as-of", f"2026-0{month}-15")["job_title"] for month in range(1, 6)]
    assert shown == [None, "CEO", None, "CEO", None]
    crm.refused(3, "show", 1, "--as-of", "2026-06-15")


def test_as_of_of_a_target_whose_lead_gave_it_its_values(crm: Any, at: Any) -> None:
    crm.add("lead", "Anna", "--org", "Acme", "--vat", VAT, "--email", "a@x.it", "--email", "organization:i@x.it")
    was = crm.ok("show", 1)
    at("2026-03-01T09:00:00Z")
    crm.ok("qualify", 1, *WHY)
    assert crm.ok("show", 1, "--as-of", "2026-02-01") == was
    crm.refused(3, "show", 2, "--as-of", "2026-02-01")
    assert crm.ok("show", 2, "--as-of", "2026-03-01") == crm.ok("show", 2)


def test_a_number_that_became_an_alias_shows_who_it_was(crm: Any, at: Any) -> None:
    crm.add("person", "Anna", "--email", "a@x.it")
    crm.add("lead", "Anna", "--email", "a@x.it", "--tag", "fair")
    was = crm.ok("show", 2)
    at("2026-03-01T09:00:00Z")
    crm.ok("qualify", 2, *WHY)
    assert crm.ok("show", 2)["id"] == 1
    assert crm.ok("show", 2, "--as-of", "2026-02-01") == was


# blame


def told(crm: Any, number: int) -> dict[Any, int]:
    return {(row["field"], row["value"]): row["operation"] for row in crm.ok("blame", number)}


def test_blame_names_operation_time_actor_and_file(crm: Any, at: Any, tmp_path: Any, monkeypatch: Any) -> None:
    file = tmp_path / "in.csv"
    file.write_text("name,title,email,tags\nAnna,CTO,a@x.it,fair\n")
    crm.ok("import", file, "--type", "lead")
    at("2026-02-02T09:00:00Z")
    monkeypatch.setenv("DKCRM_ACTOR", "luca")
    crm.ok("set", 1, "--title", "CEO", "--tag", "vip")
    rows = {(row["field"], row["value"]): row for row in crm.ok("blame", 1)}
    for key in (("name", "Anna"), ("email", "a@x.it"), ("tag", "fair"), ("type", "lead")):
        assert [rows[key][k] for k in ("operation", "actor", "file")] == [1, "tester", str(file)], key
    for key in (("job_title", "CEO"), ("tag", "vip")):
        assert [rows[key][k] for k in ("operation", "at", "actor", "file")] == [2, "2026-02-02T09:00:00Z", "luca", None]
    assert ("job_title", "CTO") not in rows


@pytest.mark.parametrize("rows", [1, 600])
def test_blame_after_undo_and_redo_names_the_one_that_set_it(crm: Any, tmp_path: Any, rows: int) -> None:
    file = tmp_path / "in.csv"
    file.write_text("name,title,tags\n" + "".join(f"Anna{n},CTO,fair\n" for n in range(rows)))
    crm.ok("import", file, "--type", "lead")
    crm.ok("undo")
    crm.ok("redo")
    assert set(told(crm, 1).values()) == {1}
    crm.ok("set", 1, "--title", "CEO")
    crm.ok("undo")
    crm.ok("redo")
    assert told(crm, 1)["job_title", "CEO"] == 4


def test_blame_of_a_value_that_an_undo_gave_back_names_the_import_that_set_it(crm: Any, tmp_path: Any) -> None:
    file = tmp_path / "in.csv"
    file.write_text("name,title,tags\nAnna,CTO,fair\n")
    crm.ok("import", file, "--type", "lead")
    crm.ok("set", 1, "--title", "CEO")
    crm.ok("undo")
    assert told(crm, 1)["job_title", "CTO"] == 1
    crm.ok("untag", 1, "fair")
    crm.ok("undo")
    assert told(crm, 1)["tag", "fair"] == 1


def test_blame_names_the_import_that_set_what_was_moved_since(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(
        "Name,Company,VAT,Email,Shoe,Tags\nAnna B,Bianchi Srl,01234567897,anna@b.it,38,fair\nBo C,,,bo@x.it,40,fair\n"
    )
    crm.ok("import", file, "--type", "lead")
    crm.ok("qualify", 1, "--override", "x")
    crm.ok("set", 2, "--title", "Boss")
    crm.add("person", "Zed", "--email", "z@z.it", "--source", "web")
    crm.ok("merge", 4, 2)

    def came(number: int) -> dict[str, str]:
        return {row["value"]: row["name"] for row in crm.ok("blame", number) if row["field"] not in ("type", "state")}

    target = came(3)
    assert (target["01234567897"], target["Bianchi Srl"]) == ("import", "import")
    zed = came(4)
    assert {value: zed[value] for value in ("bo@x.it", "40", "fair", "Boss", "z@z.it", "web")} == {
        "bo@x.it": "import", "40": "import", "fair": "import", "Boss": "set", "z@z.it": "add person",
        "web": "add person",
    }  # fmt: skip
    files = {row["file"] for row in crm.ok("blame", 4) if row["name"] == "import"}
    assert len(files) == 1 and str(files.pop()).endswith("leads.csv")
