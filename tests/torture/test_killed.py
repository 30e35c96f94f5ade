"""Killed, or out of room, at every write: the old state or the new one, sound, and the command run again ends the same.

A short form runs with the other tests. More of it, which takes hours: DKCRM_TORTURE=all pytest tests/torture, with
DKCRM_TORTURE_POINTS=10000 at every single write.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
from crashes import ALL, COMMANDS, Disturbed, make_base, run, told_well

STRACE = shutil.which("strace")
#: What a command may die at: writing to a file, bringing it to the disk, and names that come and go.
CALLS = ("pwrite64", "fdatasync", "fsync", "unlink", "link", "rename", "ftruncate")
#: What a failing disk fails at.
WRITES = ("write", "pwrite64", "fdatasync", "fsync", "ftruncate")
#: So many of each are tried, spread over all of them.
POINTS = int(os.environ.get("DKCRM_TORTURE_POINTS", "40" if ALL else "2"))

pytestmark = pytest.mark.skipif(STRACE is None, reason="strace is not installed")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory with a database that has something for every command."""
    return make_base(tmp_path_factory.mktemp("base") / "base")


def traced(one: Disturbed, *inject: str) -> subprocess.CompletedProcess[str]:
    """Run the command under strace; the other process of a large import is not there in these small ones."""
    return run(one.directory, one.words, str(STRACE), "-f", "-qq", "-o", "trace", *(f"-e{word}" for word in inject))


def count_of(one: Disturbed, call: str) -> int:
    """Return how often an undisturbed command makes a call."""
    one.prepare()
    done = traced(one, f"trace={call}")
    assert done.returncode == 0, done
    count = len(re.findall(rf"^\d+ +{call}\(", (one.directory / "trace").read_text(), re.MULTILINE))
    one.clear()
    return count


def points(one: Disturbed, call: str) -> list[int]:
    """Return the places among the calls of a command at which it is to be disturbed."""
    count = count_of(one, call)
    return sorted({round(1 + n * (count - 1) / max(1, POINTS - 1)) for n in range(POINTS)}) if count else []


def check(one: Disturbed, call: str, inject: Callable[[int], str], status: set[int]) -> int:
    """Disturb a command at many calls of a kind; return at how many."""
    places = points(one, call)
    for place in places:
        one.prepare()
        done = traced(one, inject(place))
        assert done.returncode in status, (place, done)
        # Where it is standard output that cannot be written, what was done has been told by then.
        if 0 < done.returncode < 128 and call != "write" and not done.stderr.startswith("erased 1"):
            told_well(done.stderr)
        assert "Traceback" not in done.stderr, (place, done)
        one.judge((place, done))
        one.clear()
    return len(places)


@pytest.mark.parametrize(
    ("name", "call"),
    list(product(COMMANDS, CALLS))
    if ALL
    else [
        ("add", "pwrite64"),
        ("import", "fdatasync"),
        ("import beside", "pwrite64"),
        ("restore", "pwrite64"),
        ("migration", "pwrite64"),
    ],
)
def test_killed_at_a_write(base: Path, tmp_path: Path, name: str, call: str) -> None:
    check(Disturbed(base, tmp_path, name), call, lambda place: f"inject={call}:signal=KILL:when={place}", {-9, 137, 0})


@pytest.mark.parametrize("error", ["EIO", "ENOSPC"] if ALL else ["EIO"])
@pytest.mark.parametrize("call", ["pwrite64", "fdatasync"] if ALL else ["pwrite64"])
@pytest.mark.parametrize("name", COMMANDS if ALL else ["import", "create"])
def test_a_disk_that_fails_from_one_write_on(base: Path, tmp_path: Path, name: str, call: str, error: str) -> None:
    check(Disturbed(base, tmp_path, name), call, lambda place: f"inject={call}:error={error}:when={place}+", {0, 1, 75})


@pytest.mark.parametrize(
    ("name", "call", "error"),
    list(product(COMMANDS, WRITES, ["EIO", "ENOSPC"])) if ALL else [("erase", "fdatasync", "EIO")],
)
def test_a_disk_that_fails_at_one_write(base: Path, tmp_path: Path, name: str, call: str, error: str) -> None:
    check(Disturbed(base, tmp_path, name), call, lambda place: f"inject={call}:error={error}:when={place}", {0, 1, 75})


@pytest.mark.parametrize("sent", ["TERM", "INT", "HUP"] if ALL else ["TERM"])
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("add", "interrupted after operation 7 was written (undo with: dkcrm undo)"),
        ("restore", "interrupted after the rows of "),
    ][: None if ALL else 1],
    ids=["add", "restore"][: None if ALL else 1],
)
def test_a_signal_during_the_commit_is_told_truly(base: Path, tmp_path: Path, name: str, said: str, sent: str) -> None:
    """The wait for the disk is most of a short command: what has come to it by then is written."""
    one = Disturbed(base, tmp_path, name)
    last = count_of(one, "fdatasync")
    status = {"TERM": 143, "INT": 130, "HUP": 129}[sent]
    told = set()
    for at in range(max(1, last - (2 if name == "restore" else 1)), last + 1):
        one.prepare()
        done = traced(one, f"inject=fdatasync:signal={sent}:when={at}")
        assert done.returncode == status, done
        told_well(done.stderr)
        new = one.judge(done)
        assert new == (said in done.stderr), done
        told.add(new)
        one.clear()
    assert True in told
