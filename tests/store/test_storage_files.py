"""The database file: where it lies, who may read it, and files that are not ours are left as they are."""

from __future__ import annotations

import hashlib
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import platformdirs
import pytest

READS = [["list"], ["find", "anna"], ["show", "1"], ["history"], ["blame", "1"], ["config", "show"], ["config", "path"],
         ["field", "list"], ["config", "types"], ["criteria", "list"], ["--help"], ["add", "--help"],
         ["--version"]]  # fmt: skip
WRITES = [["add", "person", "Luca"], ["tag", "1", "x"], ["undo"], ["config", "types", "simple"], ["field", "add", "f"]]


def tree(directory: Path) -> dict[str, bytes | None]:
    """Return every file below a directory and its bytes."""
    return {str(p.relative_to(directory)): p.read_bytes() if p.is_file() else None for p in directory.rglob("*")}


def mode(path: Path) -> str:
    """Return a file's mode as people write it."""
    return oct(stat.S_IMODE(path.stat().st_mode))


@pytest.fixture
def at_home(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the program choose the place of its database itself."""
    monkeypatch.delenv("DKCRM_DB")
    return own_home


@pytest.mark.parametrize("words", READS)
def test_reading_creates_nothing(at_home: Path, program: Any, words: list[str]) -> None:
    assert program(*words).code in (0, 3)
    assert tree(at_home) == {}


@pytest.mark.parametrize(
    "words", [["add", "person"], ["add", "person", "A", "--email", "x"], ["tag", "1", "x"], ["nosuch"]]
)
def test_a_refused_write_leaves_nothing_but_perhaps_an_empty_database(
    at_home: Path, program: Any, words: list[str]
) -> None:
    assert program(*words).code in (2, 3)
    assert program("list", "--json").json == program("history", "--json").json == []
    assert not [name for name in tree(at_home) if ".new" in name]


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_the_first_write_creates_private_files(at_home: Path, umask: int) -> None:
    directory = at_home / ".local/share/dkcrm"
    words = [sys.executable, "-m", "dkcrm", "add", "person", "Anna"]
    subprocess.run(words, check=True, capture_output=True, umask=umask)
    assert mode(directory) == "0o700"
    names = {path.name for path in directory.iterdir()}
    assert "dkcrm.db" in names
    assert names <= {"dkcrm.db", "dkcrm.db-wal", "dkcrm.db-shm"}
    assert {mode(path) for path in directory.iterdir()} == {"0o600"}


@pytest.mark.parametrize("umask", [0o000, 0o022])
def test_the_files_beside_a_database_in_use_are_private(tmp_path: Path, umask: int) -> None:
    path = tmp_path / "test.db"
    words = [sys.executable, "-m", "dkcrm", "add", "person", "Anna"]
    subprocess.run(words, check=True, capture_output=True, umask=umask)
    reader = sqlite3.connect(f"file:{path}?mode=ro", uri=True, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM entity").fetchone()
    subprocess.run(words, check=True, capture_output=True, umask=umask)
    assert {p.name: mode(p) for p in tmp_path.glob("test.db*")} == dict.fromkeys(
        ("test.db", "test.db-wal", "test.db-shm"), "0o600"
    )
    reader.close()


def test_a_data_dir_that_is_there_keeps_its_mode(at_home: Path, program: Any) -> None:
    directory = at_home / ".local/share/dkcrm"
    directory.mkdir(parents=True)
    directory.chmod(0o750)
    assert program("add", "person", "Anna").code == 0
    assert mode(directory) == "0o750"


@pytest.mark.parametrize("value", [None, "", "  ", "{home}/data", "{home}/with space/è"])
def test_the_data_dir_is_the_one_of_platformdirs(
    at_home: Path, program: Any, monkeypatch: pytest.MonkeyPatch, value: str | None
) -> None:
    if value is not None:
        monkeypatch.setenv("XDG_DATA_HOME", value.format(home=at_home))
        monkeypatch.setenv("XDG_CONFIG_HOME", value.format(home=at_home))
    paths = program("config", "path", "--json").json
    assert paths["database"] == os.path.join(platformdirs.user_data_dir("dkcrm"), "dkcrm.db")
    assert paths["config"] == os.path.join(platformdirs.user_config_dir("dkcrm"), "config.toml")
    assert program("add", "person", "Anna").code == 0
    assert Path(paths["database"]).is_file()


@pytest.mark.parametrize(
    "name", ["a b.db", "è.db", "100%.db", "a?mode=ro.db", "a#b.db", "file:x.db", ":memory:", "-x.db", "a'b.db"]
)
def test_any_file_name_is_a_file_name(program: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert program(f"--db={name}", "add", "person", "Anna").code == 0
    assert (tmp_path / name).is_file()
    assert [entity["name"] for entity in program("list", f"--db={name}", "--json").json] == ["Anna"]


def test_a_tilde_is_the_home(program: Any, own_home: Path) -> None:
    assert program("add", "person", "Anna", DKCRM_DB="~/x.db").code == 0
    assert (own_home / "x.db").is_file()


def foreign(kind: str, path: Path, program: Any) -> None:
    """Make a file that dkcrm cannot use."""
    if kind == "text":
        path.write_text("shopping list\n" * 500)
    elif kind == "empty":
        path.write_bytes(b"")
    elif kind == "short":
        path.write_bytes(b"SQLite format 3\0")
    elif kind == "foreign":
        connection = sqlite3.connect(path)
        connection.executescript(
            "CREATE TABLE entity (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO entity VALUES (1, 'x')"
        )
        connection.close()
    else:
        program("add", "person", "Anna", "--db", path)
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA journal_mode=DELETE")
        if kind == "newer":
            connection.execute("PRAGMA user_version=99")
        connection.close()
        if kind == "corrupt":
            raw = bytearray(path.read_bytes())
            raw[4096:] = os.urandom(len(raw) - 4096)
            path.write_bytes(raw)
        if kind == "cut":
            path.write_bytes(path.read_bytes()[:20_000])


@pytest.mark.parametrize("words", [["list"], ["show", "1"], ["find", "anna"], ["history"], *WRITES], ids=" ".join)
@pytest.mark.parametrize("kind", ["newer", "foreign", "text", "empty", "short", "corrupt", "cut"])
def test_a_file_that_cannot_be_used_is_left_as_it_is(program: Any, tmp_path: Path, kind: str, words: list[str]) -> None:
    directory = tmp_path / "there"
    directory.mkdir()
    foreign(kind, directory / "x.db", program)
    before = tree(directory)
    done = program(*words, "--db", directory / "x.db", "--json")
    assert (done.code, done.out) == (1, ""), done
    assert done.error["error"] != "internal"
    assert str(directory / "x.db") in done.error["message"]
    assert done.error["hint"]
    assert tree(directory) == before


def test_a_newer_database_says_to_upgrade(program: Any, tmp_path: Path) -> None:
    foreign("newer", tmp_path / "test.db", program)
    assert "upgrade" in program("list").err


@pytest.mark.parametrize(
    "words", [["list"], ["find", "anna"], ["show", "1"], ["history"], ["blame", "1"], ["list", "name:~a"]]
)
def test_readers_never_change_the_database(crm: Any, program: Any, tmp_path: Path, words: list[str]) -> None:
    crm.add("person", "Anna")
    path = tmp_path / "test.db"
    before = hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns
    for _ in range(3):
        assert program(*words, "--json").code == 0
    assert (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) == before


def test_a_database_that_may_only_be_read_is_read(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    closed = tmp_path / "closed"
    closed.mkdir()
    shutil.copy(tmp_path / "test.db", closed / "x.db")
    (closed / "x.db").chmod(0o400)
    assert [entity["name"] for entity in crm.ok("list", "--db", closed / "x.db")] == ["Anna"]


def test_a_full_disk_leaves_the_old_state_and_one_message(crm: Any, tmp_path: Path) -> None:
    mount = tmp_path / "small"
    mount.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(mount)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only root may mount a small disk")
    try:
        people = tmp_path / "people.csv"
        people.write_text("name,email\n" + "".join(f"Anna {i},anna{i}@x.it\n" for i in range(20_000)), "utf-8")
        crm.ok("add", "person", "Bruno", "--db", mount / "small.db")
        error = crm.refused(1, "import", people, "--type", "lead", "--db", mount / "small.db")
        assert error["error"] == "disk_full"
        assert [entity["name"] for entity in crm.ok("list", "--db", mount / "small.db")] == ["Bruno"]
    finally:
        subprocess.run(["umount", str(mount)], check=True)


def test_a_new_database_is_whole_under_its_name_or_it_is_not_there(
    crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dkcrm.store import migrations

    db = tmp_path / "alone" / "new.db"
    db.parent.mkdir()

    build, held = migrations.build, []

    def watched(connection: sqlite3.Connection) -> None:
        build(connection)
        # Whatever keeps a log from being put into its file, as a disk that fails then, is this reader.
        reader = sqlite3.connect(connection.execute("PRAGMA database_list").fetchone()[2])
        held.append(reader)
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM sqlite_master").fetchone()

    monkeypatch.setattr(migrations, "build", watched)
    code = crm("add", "person", "Anna", "--db", db).code
    for reader in held:
        reader.close()
    monkeypatch.setattr(migrations, "build", build)
    assert held and code in (0, 75)
    assert os.listdir(db.parent) == [db.name] * (code == 0)
    crm.ok("add", "person", "Bruno", "--db", db)
    assert [one["name"] for one in crm.ok("list", "--db", db)] == ["Bruno", *["Anna"] * (code == 0)]
