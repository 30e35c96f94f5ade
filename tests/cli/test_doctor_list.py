"""doctor: each thing that it is to find, one by one, and what of it is mended."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from dkcrm.domain import soundness
from dkcrm.store.checks import _RULES


@pytest.fixture
def book(crm: Any) -> Any:
    """Give a database in which nothing is wrong and nothing is to be noted."""
    crm.add("lead", "Leo", "--source", "fair")
    crm.add("target", "Tau S.p.A.")
    crm.add("person", "Pia Neri", "--email", "pia@neri.it")
    crm.ok("purchase", 3, "Plan")
    assert crm.ok("doctor") == []
    return crm


def change(tmp_path: Path, *statements: str) -> None:
    """Change a database behind the program's back."""
    database = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    for statement in statements:
        database.execute(statement)
    database.close()


def found(run: Any) -> dict[str, Any]:
    """Return what was found, by its check."""
    return {one["check"]: one for one in run.json}


def test_every_rule_is_told_in_a_sentence() -> None:
    for name in _RULES:
        said = soundness.trouble(name)
        assert said.level in ("wrong", "note") and said.text.format(count=7).count("7") == 1
    assert not [name for name in soundness.MENDABLE if soundness.trouble(name).level != "wrong"]


def test_a_mixed_membership_is_a_note_until_the_other_has_bought_too(book: Any) -> None:
    book.ok("link", 3, 2, "--mixed")
    run = book("doctor", "--json")
    assert run.code == 0 and found(run)["mixed_membership"]["entities"] == [3]
    assert book("doctor", "--fix").code == 0 and book.ok("show", 3)["memberships"]  # it is none of doctor's business
    book.ok("purchase", 2, "Plan")
    assert book.ok("doctor") == []


@pytest.mark.parametrize("merged_into", ["999", "id"])
def test_an_alias_that_leads_nowhere_is_wrong(book: Any, tmp_path: Path, merged_into: str) -> None:
    number = book.add("lead", "Leo", "--source", "fair")
    book.ok("merge", 1, number)
    assert book.ok("doctor") == []
    change(tmp_path, f"UPDATE entity SET merged_into = {merged_into} WHERE id = {number}")
    run = book("doctor", "--fix", "--json")
    assert run.code == 1
    assert found(run)["lost_alias"]["level"] == "wrong" and found(run)["lost_alias"]["entities"] == [number]
    assert not found(run)["lost_alias"]["fixed"]


def test_aliases_in_a_loop_are_wrong_and_every_command_ends(book: Any, program: Any, tmp_path: Path) -> None:
    number = book.add("lead", "Leo", "--source", "fair")
    book.ok("merge", 1, number)
    change(tmp_path, f"UPDATE entity SET merged_into = {number} WHERE id = 1")
    assert found(book("doctor", "--json"))["lost_alias"]["entities"] == [1, number]
    uid = book.ok("show", 1)["uid"]
    for words in (
        ["show", 1], ["show", 1, "--as-of", "today"], ["show", uid], ["list", "id:1"], ["list", f"uid:{uid}"],
        ["list", "operation:1"], ["export", "--all"], ["report", "campaigns"], ["timeline", 1],
        ["privacy", "erase", 1, "--yes"],
    ):  # fmt: skip
        done = program(*words)
        assert done.code == 0, (words, done)
    assert book.refused(3, "show", number)["error"] == "erased"


def test_files_that_others_can_read_are_found_and_mended(book: Any, tmp_path: Path) -> None:
    book.ok("backup")
    (copy,) = (tmp_path / "backups").glob("*.db")
    reader = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entity").fetchone()
    book.ok("tag", 3, "x")
    before_restore = tmp_path / "test.db.before-restore-x"
    before_restore.touch()
    others = tmp_path / "test.db.txt"
    others.touch()
    log = tmp_path / "test.db-wal"
    assert log.exists()
    names = [copy, copy.parent, log, before_restore, others]
    for name in names:
        name.chmod(0o755 if name.is_dir() else 0o644)
    run = book("doctor", "--json")
    assert run.code == 1
    told = [one["message"] for one in run.json if one["check"] == "mode"]
    assert len(told) == 4 and all(any(f"{name} " in line for line in told) for name in names[:4]), told
    assert [one["fixed"] for one in book.ok("doctor", "--fix") if one["check"] == "mode"] == [True] * 4
    modes = {name.name: oct(name.stat().st_mode & 0o777) for name in names if name.exists()}
    assert modes.pop("backups") == "0o700" and modes.pop("test.db.txt") == "0o644"
    assert len(modes) == 3 and set(modes.values()) == {"0o600"}
    reader.close()
    assert book.ok("doctor") == []


def test_a_directory_that_anybody_writes_to_is_wrong(book: Any, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    try:
        run = book("doctor", "--json")
        assert run.code == 1 and "chmod o-w" in found(run)["directory"]["hint"]
        tmp_path.chmod(0o1777)  # as /tmp is: nobody can take away what is another's
        assert book.ok("doctor") == []
    finally:
        tmp_path.chmod(0o700)


def test_little_room_is_a_note(book: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    assert soundness.is_little(1 << 20, 0) and soundness.is_little(3 << 30, 2 << 30)
    assert not soundness.is_little(200 << 20, 1 << 20) and not soundness.is_little(5 << 30, 2 << 30)
    monkeypatch.setattr(soundness, "_LITTLE", 1 << 60)
    run = book("doctor", "--json")
    free = os.statvfs(os.environ["DKCRM_DB"]).f_bavail * os.statvfs(os.environ["DKCRM_DB"]).f_frsize >> 20
    assert run.code == 0 and found(run)["space"]["level"] == "note"
    told = int("".join(filter(str.isdigit, found(run)["space"]["message"])))
    assert abs(told - free) < free // 2 + 100


@pytest.mark.parametrize(
    ("statement", "name"),
    [
        ("CREATE TRIGGER spy AFTER INSERT ON entity BEGIN UPDATE entity SET notes = 'spied'; END", "spy"),
        ("DROP INDEX entity_name_key", "entity_name_key"),
        ("DROP VIEW search_text", "search_text"),
    ],
)
def test_a_schema_that_is_not_ours_is_found_and_mended(book: Any, tmp_path: Path, statement: str, name: str) -> None:
    change(tmp_path, statement)
    run = book("doctor", "--json")
    assert run.code == 1 and name in found(run)["schema"]["message"]
    assert book("doctor", "--fix").code == 0
    assert book.ok("doctor") == [] and [row["id"] for row in book.ok("find", "pia")] == [3]


def test_a_table_that_is_missing_is_told_and_not_made_up(book: Any, tmp_path: Path) -> None:
    change(tmp_path, "DROP TABLE keep")
    run = book("doctor", "--fix", "--json")
    assert run.code == 1 and found(run)["schema"]["fixed"] is False and "keep" in found(run)["schema"]["message"]


def test_what_somebody_added_for_themselves_is_in_nobodys_way(book: Any, tmp_path: Path) -> None:
    change(tmp_path, "CREATE VIEW mine AS SELECT id FROM entity", "CREATE INDEX by_job ON entity(job_title)")
    assert book.ok("doctor") == []


@pytest.mark.parametrize("what", ["word", "place", "gone", "more", "unicode"])
def test_full_text_that_differs_in_a_word_is_found(book: Any, tmp_path: Path, what: str) -> None:
    if what == "unicode":
        book.ok("note", 3, "Ōno 小野 ℵ")
    fields = "name, org, contact, about, tags, place, fields"
    take = f"INSERT INTO search (search, rowid, {fields}) SELECT 'delete', id, {fields} FROM search_text WHERE id = 3"
    put = f"INSERT INTO search (rowid, {fields}) SELECT id, {{}} FROM search_text WHERE id = 3"
    change(tmp_path, *{
        "word": (take, put.format(fields.replace("name,", "'pia nero',"))),
        "place": (take, put.format(fields.replace("about", "name"))),
        "gone": (take,),
        "more": (put.format("name, org, contact, 'zzz ~', tags, place, fields"),),
        "unicode": (take, put.format(fields.replace("about", "replace(about, '小野', '大野')"))),
    }[what])  # fmt: skip
    run = book("doctor", "--json")
    assert run.code == 1 and list(found(run)) == ["full_text"]
    assert book("doctor", "--fix").code == 0 and book.ok("doctor") == []


def test_the_table_and_tsv_say_the_same_as_json(book: Any) -> None:
    book.ok("link", 3, 2, "--mixed")
    lines = book("doctor", "--format", "tsv").out.splitlines()
    assert len(lines) == 2 and lines[1].split("\t")[:2] == ["note", "mixed_membership"]
    assert json.loads(book("doctor", "--json").out)[0]["message"] in lines[1]
