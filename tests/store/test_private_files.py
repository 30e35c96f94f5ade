"""Every file that dkcrm writes is for its owner alone, whatever the umask; links, and files of others, are refused."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

NOBODY = 65534
root_only = pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives files away")
PEOPLE = "name,email,type\nAnna Rossi,anna@x.it,person\nBad,nowhere,person\n"
#: Looks at the file that it is to edit, and at the directory of that.
EDITOR = """#!/bin/sh
stat -c '%a %n' "$1" "$(dirname "$1")" > "$SEEN"
tr '\\0' ' ' < /proc/$$/cmdline >> "$SEEN"
sed -i 's/Anna/Nina/' "$1"
"""


def modes(directory: Path) -> dict[str, str]:
    """Return the mode of everything below a directory."""
    return {
        str(path.relative_to(directory)): oct(stat.S_IMODE(path.lstat().st_mode))
        for path in sorted(directory.rglob("*"))
    }


@pytest.fixture
def umask() -> Iterator[None]:
    """Put the mask of new files back."""
    before = os.umask(0)
    yield
    os.umask(before)


def write_everything(crm: Any, place: Path) -> None:
    """Run every command that writes a file."""
    (place / "in.csv").write_text(PEOPLE)
    os.chmod(place / "in.csv", 0o600)
    assert crm("import", place / "in.csv", "--save-rules", place / "rules.toml").code == 5
    crm.ok("add", "person", "Bruno", "--email", "bruno@x.it")
    for name in ("out.csv", "out.tsv", "out.json", "out.jsonl", "out.vcf", "out.xlsx", "out.ldif"):
        crm.ok("export", "-o", place / name)
    crm.ok("task", "add", "1", "Call", "--due", "2026-12-01", "--remind", "1h")
    crm.ok("task", "export", "-o", place / "tasks.ics")
    crm.ok("remind")
    crm.ok("report", "sales", "--html", place / "sales.html")
    crm.ok("privacy", "consent", "1", "give", "news")
    crm.ok("campaign", "add", "spring", "1", "--purpose", "news")
    crm.ok("campaign", "export", "spring", "-o", place / "spring.csv")
    crm.ok("privacy", "export", "1", "-o", place)
    crm.ok("backup")
    crm.ok("backup", place / "copy.db")
    crm.ok("restore", place / "copy.db", "--yes")
    crm.ok("privacy", "erase", "2", "--yes")
    crm.ok("config", "set", "region", "FR")


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_every_file_is_private_under_every_umask(
    crm: Any, tmp_path: Path, own_home: Path, monkeypatch: pytest.MonkeyPatch, umask: None, mask: int
) -> None:
    monkeypatch.delenv("DKCRM_DB")
    os.umask(mask)
    place = tmp_path / "written"
    place.mkdir(0o700)
    write_everything(crm, place)
    data = own_home / ".local/share/dkcrm"
    names = set(modes(place)) | set(modes(data))
    for name in ("dkcrm.db", "dkcrm.db.erased", "backups", "copy.db", "copy.db.sha256", "rules.toml", "in.rejects.csv"):
        assert name in names
    assert [name for name in names if "before-restore" in name] and len(list(data.glob("backups/*.db"))) == 1
    assert {mode for directory in (place, own_home) for mode in modes(directory).values()} == {"0o600", "0o700"}


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_the_copy_before_a_migration_is_private(crm: Any, tmp_path: Path, umask: None, mask: int) -> None:
    from dkcrm.store import migrations
    from dkcrm.store.connection import APPLICATION_ID

    path = tmp_path / "test.db"
    path.touch(0o600)
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(f"PRAGMA application_id={APPLICATION_ID}")
    migrations._apply(database, 1, migrations.MIGRATIONS[0])
    database.close()
    os.umask(mask)
    crm.ok("list")
    assert {oct(stat.S_IMODE(one.stat().st_mode)) for one in tmp_path.glob("test.db.before-*")} == {"0o600"}


@pytest.mark.parametrize("mask", [0o000, 0o077])
def test_the_editor_gets_a_private_file_without_a_name_in_it(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, umask: None, mask: int
) -> None:
    crm.add("person", "Anna Rossi")
    editor, seen = tmp_path / "editor", tmp_path / "seen"
    editor.write_text(EDITOR)
    editor.chmod(0o700)
    os.umask(mask)
    monkeypatch.setenv("EDITOR", str(editor))
    monkeypatch.setenv("SEEN", str(seen))
    assert crm.ok("edit", "1")["name"] == "Nina Rossi"
    told = seen.read_text()
    assert [line.split(" ")[0] for line in told.splitlines()[:2]] == ["600", "700"]
    assert "Anna" not in told and "Rossi" not in told


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
def test_no_file_is_made_that_others_can_read_meanwhile(program: Any, tmp_path: Path) -> None:
    """Files that are there for a moment too: what the system is asked for, not what is left."""
    program("add", "person", "Anna Rossi", "--email", "anna@x.it")
    (tmp_path / "in.csv").write_text("name,email\n" + "".join(f"P{n},p{n}@x.it\n" for n in range(300)))
    trace = tmp_path / "trace"
    commands = [
        ["import", "in.csv", "--type", "person"],
        ["export", "-o", "out.xlsx"],
        ["backup"],
        ["privacy", "erase", "1", "--yes"],
    ]
    traced = ["strace", "-f", "-qq", "-y", "-A", "-o", str(trace), "-e", "trace=open,openat,creat,mkdir"]
    for words in commands:
        subprocess.run(
            [*traced, sys.executable, "-m", "dkcrm", *words], cwd=tmp_path, check=True, capture_output=True, umask=0,
            env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "TMPDIR": str(tmp_path)},
        )  # fmt: skip
    # What is there already is only opened; and in a directory that nobody else can enter, files have whatever mode.
    there, made = {str(tmp_path / "test.db")}, []
    for line in trace.read_text().splitlines():
        found = re.search(r'"([^"]+)", (?:\w+\|)*(?:O_CREAT\|.*, )?(0\d+)\) ', line)
        if found and found[1] not in there and not re.search(r"/dkcrm-\w{8}/", found[1]) and " = -1 " not in line:
            there.add(found[1])
            made.append((found[2], found[1]))
    assert len(made) > 8
    assert [one for one in made if one[0] not in ("0600", "0700")] == []


# Links


def refused(crm: Any, *words: object) -> str:
    """Run a command that must be refused for the place of the database; return what was said."""
    error = crm.refused(4, *words)
    assert error["error"] == "unsafe_place", error
    assert error["hint"]
    return str(error["message"])


@pytest.mark.parametrize(
    "words", [["list"], ["add", "person", "B"], ["find", "anna"], ["backup"], ["mailquery", "anna"], ["undo"]]
)
def test_a_link_to_a_database_is_refused_and_names_the_file(
    crm: Any, program: Any, tmp_path: Path, words: list[str]
) -> None:
    crm.add("person", "Anna", "--email", "anna@x.it")
    (tmp_path / "link.db").symlink_to(tmp_path / "test.db")
    assert "link.db" in refused(crm, *words, "--db", tmp_path / "link.db")
    assert str(tmp_path / "test.db") in crm.refused(4, *words, "--db", tmp_path / "link.db")["hint"]
    done = program("--db", tmp_path / "link.db", *words)
    assert done.code == 4 and "symbolic link" in done.err
    assert crm("list", "--db", tmp_path / "test.db").code == 0


def test_a_link_that_leads_nowhere_makes_no_database_there(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "link.db").symlink_to(tmp_path / "elsewhere.db")
    refused(crm, "add", "person", "Anna", "--db", tmp_path / "link.db")
    assert not (tmp_path / "elsewhere.db").exists()


@pytest.mark.parametrize("ending", ["-wal", "-shm", "-journal"])
def test_a_link_beside_a_database_is_refused_and_not_followed(crm: Any, tmp_path: Path, ending: str) -> None:
    crm.add("person", "Anna")
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    (tmp_path / f"test.db{ending}").symlink_to(target)
    for words in (["list"], ["add", "person", "B"], ["backup"]):
        assert ending in refused(crm, *words)
    assert target.read_bytes() == b"mine"
    done = crm("doctor", "--json")
    assert done.code == 1 and [one["check"] for one in done.json] == ["place"]


def test_a_directory_that_is_a_link_is_a_directory(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    crm.ok("add", "person", "Anna", "--db", tmp_path / "link/x.db")
    assert (tmp_path / "real/x.db").is_file()


@pytest.mark.parametrize("name", ["copy.db", "copy.db.sha256"])
def test_a_backup_follows_no_link(crm: Any, tmp_path: Path, name: str) -> None:
    crm.add("person", "Anna")
    target = tmp_path / "target"
    target.write_bytes(b"mine")
    (tmp_path / name).symlink_to(target)
    done = crm("backup", tmp_path / "copy.db")
    assert done.code == (2 if name == "copy.db" else 0)
    assert target.read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["test.db.import-lock", "test.db.erasing", "test.db.erased"])
def test_files_beside_the_database_follow_no_link(crm: Any, tmp_path: Path, name: str) -> None:
    crm.add("person", "Anna")
    crm.add("person", "Bruno")
    target = tmp_path / "target"
    (tmp_path / name).symlink_to(target)
    (tmp_path / "in.csv").write_text("name\nCarla\n")
    crm("import", tmp_path / "in.csv", "--type", "person")
    crm("privacy", "erase", "1", "--yes")
    assert not target.exists()


# Other people's


@root_only
@pytest.mark.parametrize("words", [["list"], ["add", "person", "B"], ["backup"], ["mailquery", "anna"]])
def test_root_on_a_users_database_is_refused_unless_told(
    crm: Any, program: Any, tmp_path: Path, words: list[str]
) -> None:
    crm.add("person", "Anna", "--email", "anna@x.it")
    os.chown(tmp_path / "test.db", NOBODY, NOBODY)
    before = (tmp_path / "test.db").read_bytes()
    assert "root" in refused(crm, *words)
    assert "DKCRM_TRUST=1" in crm.refused(4, *words)["hint"]
    assert (tmp_path / "test.db").read_bytes() == before
    assert program(*words).code == 4
    assert program(*words, DKCRM_TRUST="1").code == 0


@root_only
def test_what_root_makes_for_a_users_database_is_the_users(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crm.add("person", "Anna")
    os.chown(tmp_path / "test.db", NOBODY, NOBODY)
    monkeypatch.setenv("DKCRM_TRUST", "1")
    reader = sqlite3.connect(f"file:{tmp_path / 'test.db'}?mode=ro", uri=True)
    reader.execute("SELECT 1 FROM entity").fetchone()
    crm.add("person", "Bruno")
    (tmp_path / "in.csv").write_text("name\nCarla\n")
    crm.ok("import", tmp_path / "in.csv", "--type", "person")
    made = {path.name: path.stat().st_uid for path in tmp_path.glob("test.db*")}
    assert {"test.db", "test.db-wal", "test.db-shm", "test.db.import-lock"} <= set(made)
    reader.close()
    crm.ok("backup")
    crm.ok("restore", next(tmp_path.glob("backups/*.db")), "--yes")
    crm.ok("privacy", "erase", "1", "--yes")
    made |= {str(path): path.stat().st_uid for name in ("test.db*", "backups*", "backups/*") for path in
             tmp_path.glob(name)}  # fmt: skip
    assert len(made) > 8 and set(made.values()) == {NOBODY}, made


@pytest.fixture
def nobody() -> Iterator[Callable[[], None]]:
    """Return a function that makes this process another user's until the test ends."""
    yield lambda: os.seteuid(NOBODY)
    os.seteuid(0)


@root_only
def test_another_users_database_is_refused_and_roots_is_not(
    crm: Any, nobody: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = Path(tempfile.mkdtemp(prefix="dkcrm-test-", dir="/tmp"))
    monkeypatch.setenv("DKCRM_CONFIG", str(place / "config.toml"))
    try:
        place.chmod(0o755)
        crm.ok("add", "person", "Anna", "--db", place / "x.db")
        (place / "x.db").chmod(0o644)
        crm.ok("list", "--db", place / "x.db")
        crm.refused(3, "show", "9", "--db", place / "x.db")
        nobody()
        assert [one["name"] for one in crm.ok("list", "--db", place / "x.db")] == ["Anna"]
        os.seteuid(0)
        os.chown(place / "x.db", 12345, 12345)
        nobody()
        assert "another user" in refused(crm, "list", "--db", place / "x.db")
    finally:
        os.seteuid(0)
        shutil.rmtree(place)


@root_only
def test_an_export_follows_no_link_that_another_user_laid(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    target, link = tmp_path / "target.csv", tmp_path / "link.csv"
    target.write_text("mine")
    link.symlink_to(target)
    os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
    assert crm.refused(1, "export", "-o", link)["error"] == "io"
    assert target.read_text() == "mine"
    os.chown(link, 0, 0, follow_symlinks=False)
    crm.ok("export", "-o", link)
    assert "Anna" in target.read_text() and link.is_symlink()


@root_only
def test_a_file_that_root_writes_anew_keeps_its_owner(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    target = tmp_path / "out.csv"
    target.write_text("old")
    os.chown(target, NOBODY, NOBODY)
    crm.ok("export", "-o", target)
    assert "Anna" in target.read_text()
    assert (target.stat().st_uid, stat.S_IMODE(target.stat().st_mode)) == (NOBODY, 0o600)


@pytest.mark.parametrize("words", [["list"], ["add", "person", "B"], ["backup"]])
def test_a_directory_in_which_anybody_replaces_files_is_refused(crm: Any, tmp_path: Path, words: list[str]) -> None:
    place = tmp_path / "open"
    place.mkdir()
    crm.ok("add", "person", "Anna", "--db", place / "x.db")
    place.chmod(0o777)
    assert str(place) in refused(crm, *words, "--db", place / "x.db")
    assert [one["check"] for one in crm("doctor", "--json", "--db", place / "x.db").json] == ["directory"]
    place.chmod(0o1777)
    crm.ok(*words, "--db", place / "x.db")


def test_a_backup_into_such_a_directory_is_refused(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    place = tmp_path / "open"
    place.mkdir()
    place.chmod(0o777)
    refused(crm, "backup", place / "copy.db")
    assert list(place.iterdir()) == []
