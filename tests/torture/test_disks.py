"""No room: a disk of four megabytes that fills at any moment, and files that may not grow beyond a size.

The old state or the new one, one message that says why, exit 1; and with room the same command reaches its end.
"""

from __future__ import annotations

import random
import resource
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from crashes import ALL, COMMANDS, Disturbed, make_base, run, told_well
from smalldisk import a_small_disk

NAMES = [name for name in COMMANDS if name != "create"]
TIMES = 8 if ALL else 1


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a directory with a database that has something for every command."""
    return make_base(tmp_path_factory.mktemp("base") / "base")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Mount a file system of four megabytes."""
    with a_small_disk(tmp_path, "4m") as place:
        yield place


#: A large import needs more than four megabytes.
SMALL = [name for name in NAMES if name != "import beside"]


@pytest.mark.parametrize("name", SMALL if ALL else ["erase"])
def test_a_disk_of_four_megabytes_fills(base: Path, tmp_path: Path, small_disk: Path, name: str) -> None:
    """The rest of it, from nothing up to what the command needs, is all there is."""
    one = Disturbed(base, tmp_path, name)
    one.directory = small_disk / "data"
    chance = random.Random(name)
    failed = 0
    for number in range(TIMES):
        one.prepare()
        free = shutil.disk_usage(small_disk).free
        room = 0 if number == 0 else chance.randrange(min(free, 2_000_000))
        filler = small_disk / "filler"
        filler.write_bytes(bytes(max(0, free - room - 4096)))
        done = run(one.directory, one.words)
        assert done.returncode in (0, 1), (room, done)
        if done.returncode:
            failed += 1
            if not done.stderr.startswith("erased 1"):
                told_well(done.stderr)
                assert any(word in done.stderr for word in ("full", "space", "room")), done
        filler.unlink()
        one.judge((room, done))
        shutil.rmtree(one.directory)
    assert failed


@pytest.mark.parametrize("name", NAMES if ALL else ["import"])
def test_files_may_not_grow_beyond_a_size(base: Path, tmp_path: Path, name: str) -> None:
    """``ulimit -f``: no file grows beyond it, the log and temporary ones included."""
    one = Disturbed(base, tmp_path, name)
    chance = random.Random(name)
    failed = 0
    for number in range(TIMES):
        one.prepare()
        limit = 4096 if number == 0 else chance.randrange(8192, 1_500_000)

        def limited(limit: int = limit) -> None:
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        done = run(one.directory, one.words, preexec_fn=limited)
        assert done.returncode in (0, 1), (limit, done)
        if done.returncode:
            failed += 1
            if not done.stderr.startswith("erased 1"):
                told_well(done.stderr)
        one.judge((limit, done))
        one.clear()
    assert failed
