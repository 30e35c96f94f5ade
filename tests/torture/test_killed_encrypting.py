"""Killed while the database is encrypted or put in plain again: the old file or the new one, whole, and never neither.

A short form runs with the other tests; all places: DKCRM_TORTURE=all pytest tests/torture
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest

pytest.importorskip("sqlcipher3.dbapi2", reason="no SQLCipher here")

ALL = os.environ.get("DKCRM_TORTURE") == "all"
STRACE = shutil.which("strace")
CALLS = ("pwrite64", "write", "fdatasync", "fsync", "unlink", "rename", "ftruncate", "close")
PLAIN = b"SQLite format 3\0"

pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


def run(directory: Path, *words: str, inject: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program on the database of a directory, under strace where something is to be injected."""
    before = [str(STRACE), "-qq", "-o", "trace", f"-e{inject}"] if inject else []
    return subprocess.run(
        [*before, sys.executable, "-B", "-m", "dkcrm", *words], cwd=directory, capture_output=True, text=True,
        check=False,
        env={**os.environ, "DKCRM_DB": str(directory / "test.db"), "DKCRM_KEY_COMMAND": f"cat {directory}/key"},
    )  # fmt: skip


@pytest.fixture(scope="module")
def bases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Give, for each command, a directory with a database that it can change."""
    plain = tmp_path_factory.mktemp("plain")
    (plain / "key").write_text("c3" * 32)
    (plain / "people.csv").write_text("name,email\n" + "".join(f"Person {n},p{n}@x.it\n" for n in range(200)))
    environment = {**os.environ, "DKCRM_DB": str(plain / "test.db")}
    for words in (["import", "people.csv", "--type", "person"], ["tag", "3", "vip"]):
        subprocess.run(
            [sys.executable, "-m", "dkcrm", *words], cwd=plain, env=environment, check=True, stdout=subprocess.DEVNULL
        )
    assert (plain / "test.db").read_bytes().startswith(PLAIN)
    locked = tmp_path_factory.mktemp("locked") / "locked"
    shutil.copytree(plain, locked)
    assert run(locked, "encrypt").returncode == 0
    return {"encrypt": plain, "decrypt": locked}


def contents(directory: Path) -> object:
    done = run(directory, "export", "--all", "--format", "json")
    assert done.returncode == 0, done
    return json.loads(done.stdout)


def places(base: Path, tmp_path: Path, command: str, call: str) -> list[int]:
    """Return the calls of a command, counted from one, at which it is to die; in the short form one: the last, of
    ``fsync`` the first, which leaves a page to be put back."""
    directory = tmp_path / "counted"
    shutil.copytree(base, directory)
    assert run(directory, command, inject=f"trace={call}").returncode == 0
    count = sum(f"{call}(" in line for line in (directory / "trace").read_text().splitlines())
    shutil.rmtree(directory)
    step = max(1, count // 12)
    if not ALL:
        return [1 if call == "fsync" else count]
    return list(range(1, count + 1, step))


@pytest.mark.parametrize(
    ("command", "call"),
    list(product(("encrypt", "decrypt"), CALLS))
    if ALL
    else [("encrypt", "rename"), ("decrypt", "pwrite64"), ("encrypt", "fsync")],
)
def test_killed_while_encrypting(bases: dict[str, Path], tmp_path: Path, command: str, call: str) -> None:
    base = bases[command]
    expected = contents(base)
    for place in places(base, tmp_path, command, call):
        directory = tmp_path / "broken"
        shutil.copytree(base, directory)
        run(directory, command, inject=f"inject={call}:signal=KILL:when={place}")
        assert contents(directory) == expected, place
        done = run(directory, "doctor", "--json")
        assert done.returncode == 0, (place, done)
        data = (directory / "test.db").read_bytes()
        if data.startswith(PLAIN) == (command == "encrypt"):
            assert run(directory, command).returncode == 0, place
        else:
            assert run(directory, "add", "person", "Written After").returncode == 0, place
        assert (directory / "test.db").read_bytes().startswith(PLAIN) == (command == "decrypt"), place
        after = contents(directory)
        assert [one for one in after if one["name"] != "Written After"] == expected, place  # type: ignore[attr-defined]
        again = {"encrypt": "decrypt", "decrypt": "encrypt"}[command]
        assert run(directory, again).returncode == 0, place
        # Nothing that was not finished is left once a command has gone through.
        left = [one.name for one in directory.glob("test.db*") if not one.name.endswith(("-wal", "-shm", "-lock"))]
        assert left == ["test.db"], (place, left)
        shutil.rmtree(directory)


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"] if ALL else ["ENOSPC"])
@pytest.mark.parametrize("command", ["encrypt", "decrypt"] if ALL else ["encrypt"])
def test_a_disk_that_fails_while_encrypting(bases: dict[str, Path], tmp_path: Path, command: str, error: str) -> None:
    base = bases[command]
    expected = contents(base)
    for place in range(1, 300, 25) if ALL else (40,):
        directory = tmp_path / "broken"
        shutil.copytree(base, directory)
        before = (directory / "test.db").read_bytes()[:16] == PLAIN
        done = run(directory, command, inject=f"inject=pwrite64:error={error}:when={place}+")
        assert done.returncode in (0, 1) and "Traceback" not in done.stderr, (place, done)
        if done.returncode:
            assert ((directory / "test.db").read_bytes()[:16] == PLAIN) == before, place
        assert contents(directory) == expected, place
        assert not list(directory.glob("test.db.new-*")), place
        shutil.rmtree(directory)
