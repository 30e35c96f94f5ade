"""demo: the whole life cycle before the user's eyes, in a database of its own."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from dkcrm.demo.story import STORY


def tree(*places: Path) -> dict[str, str]:
    """Return every file below some places with its digest."""
    files = [path for place in places for path in place.rglob("*") if path.is_file()]
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setenv("TMPDIR", str(place))
    return place


def test_the_demo_prints_each_command_and_ends_well(program: Any, temporary: Path) -> None:
    done = program("demo")
    assert done.code == 0, done
    said = done.out + done.err
    place = 0
    for step in STORY:
        first = f"dkcrm {step.words[0]}"
        place = said.index(first, place) + 1
    for what in ("Anna Bianchi", "prospect", "target", "organization", "qualify", "undo", "redo", "report funnel"):
        assert what in said
    assert "Traceback" not in said
    assert "something unforeseen" not in said
    assert list(temporary.iterdir()) == []


@pytest.mark.parametrize("environment", [{"DKCRM_LANG": "it"}, {"NO_COLOR": "1"}, {"DKCRM_LANG": "en"},
                                         {"COLUMNS": "40"}, {"TERM": "dumb"}])  # fmt: skip
def test_the_demo_in_a_pipe_has_no_colour(program: Any, environment: dict[str, str]) -> None:
    done = program("demo", **environment)
    assert done.code == 0, done
    assert "\x1b" not in done.out + done.err


def test_the_users_database_config_and_directory_are_untouched(
    program: Any, crm: Any, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, temporary: Path
) -> None:
    crm.ok("config", "types", "customers")
    crm.add("person", "Anna Bianchi")
    crm.ok("config", "set", "region", "GB")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    before = tree(tmp_path)
    assert program("demo", DKCRM_REGION="FR", DKCRM_CURRENCY="JPY").code == 0
    after = tree(tmp_path)
    for extra in ("test.db-wal", "test.db-shm"):
        before.pop(str(tmp_path / extra), None)
        after.pop(str(tmp_path / extra), None)
    assert after == before


def test_keep_leaves_a_database_to_go_on_with(program: Any, tmp_path: Path) -> None:
    kept = tmp_path / "kept.db"
    done = program("demo", "--keep", kept)
    assert done.code == 0, done
    assert str(kept) in done.out + done.err
    assert kept.stat().st_mode & 0o777 == 0o600
    names = {entity["name"]: entity["type"] for entity in program("list", "--db", kept, "--json").json}
    assert names["Anna Bianchi"] == "person"
    assert names["Oliver Brown"] == "lead"
    assert program("add", "lead", "Luca", "--db", kept).code == 0
    while (undone := program("undo", "--db", kept)).code == 0:
        pass
    assert undone.code == 4
    assert program("list", "--all", "--db", kept, "--json").json == []


@pytest.mark.parametrize("kind", ["file", "directory", "dangling link"])
def test_a_path_that_is_there_is_refused_and_left_alone(program: Any, tmp_path: Path, kind: str) -> None:
    kept = tmp_path / "kept.db"
    if kind == "file":
        kept.write_text("mine")
    elif kind == "directory":
        kept.mkdir()
    else:
        kept.symlink_to(tmp_path / "elsewhere")
    done = program("demo", "--keep", kept, "--json")
    assert (done.code, done.out) == (4, "")
    assert done.error["hint"]
    assert not (tmp_path / "elsewhere").exists()
    assert kind != "file" or kept.read_text() == "mine"


def test_a_directory_that_is_not_there_is_told(program: Any, tmp_path: Path) -> None:
    done = program("demo", "--keep", tmp_path / "no" / "kept.db")
    assert done.code == 1
    assert str(tmp_path / "no") in done.err


def test_keep_is_relative_to_where_the_user_is(program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert program("demo", "--keep", "kept.db").code == 0
    assert os.path.exists(tmp_path / "kept.db")
