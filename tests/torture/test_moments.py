"""Told to end at any moment, gently or not: the old state or the new one, one message, and another run ends the same.

A moment is any from when the program listens to signals on, which it does before it has read a word of the command.
Some with every run of the tests; with ``DKCRM_TORTURE=all`` 30 of each signal and command, 210 of each signal,
or as many as ``DKCRM_TORTURE_MOMENTS`` says.
"""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

import pytest
from crashes import ALL, Disturbed, command, environment, hear, make_base, rows, told_well

NAMES = ("import", "import beside", "merge", "undo of an import", "erase", "backup", "migration", "restore")
#: What each signal makes of the exit status, and of nothing else.
STATUS = {
    signal.SIGKILL: -signal.SIGKILL, signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGPIPE: 0,
}  # fmt: skip
MOMENTS = int(os.environ.get("DKCRM_TORTURE_MOMENTS", "30" if ALL else "1"))
SOME = [
    ("import", "SIGTERM"),
    ("erase", "SIGKILL"),
    ("merge", "SIGINT"),
    ("migration", "SIGHUP"),
]

pytestmark = pytest.mark.skipif(not os.path.exists("/proc/self/status"), reason="no /proc")


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory with a database that has something for every command."""
    return make_base(tmp_path_factory.mktemp("base") / "base")


class Ended(NamedTuple):
    """How a disturbed command ended, and how long it had listened."""

    status: int
    error: str
    seconds: float


def listens(process: subprocess.Popen[str]) -> bool:
    """Tell whether a process has begun to listen to SIGTERM."""
    try:
        status = Path(f"/proc/{process.pid}/status").read_text()
    except OSError:
        return False
    caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")), "0")
    return bool(int(caught, 16) >> (signal.SIGTERM - 1) & 1)


def disturbed(one: Disturbed, after: float | None, number: int = 0) -> Ended:
    """Run the command, and send it a signal so many seconds after it listens."""
    one.prepare()
    process = subprocess.Popen(
        command(one.words), cwd=one.directory, env=environment(one.directory), text=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, preexec_fn=hear,  # noqa: PLW1509 - no threads here
    )  # fmt: skip
    while process.poll() is None and not listens(process):
        time.sleep(0.001)
    begun = time.monotonic()
    if after is not None:
        time.sleep(after)
        process.send_signal(number)
    _out, error = process.communicate(timeout=300)
    return Ended(process.returncode, error, time.monotonic() - begun)


def names(one: Disturbed) -> set[str]:
    """Return the names of the files that are there, but for the time in them."""
    return {re.sub(r"\d{8}T\d{6}Z", "TIME", path.name) for path in one.directory.rglob("*")}


@pytest.mark.parametrize(
    ("name", "sent"), [(name, number.name) for name in NAMES for number in STATUS] if ALL else SOME
)
def test_told_to_end_at_any_moment(base: Path, tmp_path: Path, name: str, sent: str) -> None:
    number = signal.Signals[sent]
    one = Disturbed(base, tmp_path, name)
    whole = disturbed(one, None).seconds
    there = names(one)
    one.clear()
    moments = random.Random(f"{name} {sent}")
    counts = {"old": 0, "new": 0, "told": 0}
    for _time in range(MOMENTS):
        moment = moments.uniform(0, 1.05) * whole
        done = disturbed(one, moment, number)
        assert done.status in (0, STATUS[number]), done
        if done.status == 0:
            assert "Traceback" not in done.error and "interrupted" not in done.error, done
        elif number != signal.SIGKILL:
            counts["told"] += 1
            told_well(done.error)
            assert done.error.startswith("dkcrm: interrupted"), done
            # What the next command goes on from: an erasure that is announced, a copy that is to have another sum.
            unfinished = ("-wal", "-shm", ".erasing", ".sha256.old")
            extra = {path for path in names(one) - there if not path.endswith(unfinished)}
            assert not extra, (done, extra)
            if "nothing was written" in done.error and name != "backup":
                assert rows(one.directory / "test.db") == one.before, done
        new = one.judge(done)
        counts["new" if new else "old"] += 1
        if "after operation" in done.error or "were put back" in done.error:
            assert new, done
        one.clear()
    print(f"{name} {sent}: {counts}")


@pytest.mark.parametrize("name", NAMES if ALL else ["merge"])
def test_the_reader_goes_away_at_any_moment(base: Path, tmp_path: Path, name: str) -> None:
    one = Disturbed(base, tmp_path, name)
    one.words.append("--json")
    whole = disturbed(one, None).seconds
    one.clear()
    moments = random.Random(name)
    for _time in range(MOMENTS if ALL else 1):
        one.prepare()
        process = subprocess.Popen(
            command(one.words), cwd=one.directory, env=environment(one.directory), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert process.stdout is not None and process.stderr is not None
        time.sleep(moments.uniform(0, 1) * whole)
        process.stdout.close()
        error = process.stderr.read()
        assert process.wait() in (0, 141), error
        assert error == "" or "Traceback" not in error, error
        # Nobody heard of it: it is written all the same.
        assert one.judge(error), error
        one.clear()
