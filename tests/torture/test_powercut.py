"""A power cut loses nothing acknowledged, and leaves a sound database: the calls of real commands, replayed.

What the replay assumes of disks and file systems is said in tests/powercut.py. A command has acknowledged what it did
once it has written to standard output. Twelve cuts with every run of the tests; 400 with ``DKCRM_TORTURE=all``.
"""

from __future__ import annotations

import json
import random
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from crashes import ALL, SETTINGS, ask, command, contents, environment, rows, sound
from powercut import Recording

from dkcrm.services.bringing import SMALLEST

IMAGES = 400 if ALL else 12
PEOPLE = 400 if ALL else 30

pytestmark = pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")


def workload(*, reader: bool) -> list[list[str]]:
    """Return commands of all kinds that write; beside a reader none that waits until nobody reads."""
    if not ALL:
        beside = [["import", "people.csv", "--type", "person"], ["tag", "1", "vip"], ["undo"], ["note", "1", "late"]]
        alone = [
            ["import", "many.csv", "--type", "person"],
            ["backup"],
            ["backup", "copy.db"],
            ["privacy", "erase", "1", "--yes"],
            ["add", "lead", "Bruno Neri"],
        ]
        return [["add", "person", "Anna Bianchi"], *(beside if reader else alone)]
    words = [
        ["add", "person", "Anna Bianchi", "--email", "anna@bianchi.it"],
        ["add", "person", "Anna B.", "--note", "same"],
        ["import", "people.csv", "--type", "person"],
        ["tag", "1", "vip"],
        ["merge", "1", "2"],
        ["backup"],
        ["undo"],
        ["undo", "3"],
        ["add", "lead", "Carla Verdi", "--org", "Verdi S.r.l.", "--source", "web"],
        ["backup", "copy.db"],
    ]
    if not reader:
        words += [
            ["import", "many.csv", "--type", "person"],
            ["privacy", "erase", "1", "--yes"],
            ["add", "lead", "Bruno Neri"],
            ["restore", "copy.db"],
        ]
    return [*words, ["note", "2", "the last one"]]


def state(directory: Path) -> Any:
    """Return what there is, and the number of the last operation."""
    return contents(directory), rows(directory / "test.db")


#: A process of its own: copying the files in one that has them open would drop its locks.
_READER = (
    "import sqlite3, sys\nc = sqlite3.connect(f'file:{sys.argv[1]}?mode=ro', uri=True)\n"
    "print(c.execute('SELECT count(*) FROM entity').fetchall(), flush=True)\nsys.stdin.read()"
)


class Told:
    """What the commands of a workload had acknowledged, and what there is after each."""

    def __init__(self, directory: Path, *, reader: bool) -> None:
        work = directory / "work"
        work.mkdir()
        self.recording = Recording(work)
        csv = directory / "people.csv"
        csv.write_text("name,email\n" + "".join(f"Person {n},p{n}@x.it\n" for n in range(PEOPLE)))
        # So large that it is written beside the database, which then gets its place.
        many = directory / "many.csv"
        note = "word " * (SMALLEST // PEOPLE // 5 + 1)
        many.write_text("name,email,note\n" + "".join(f"Many {n},m{n}@x.it,{note}\n" for n in range(PEOPLE)))
        self.states: list[Any] = [state(work)]
        #: The backups that were acknowledged, with the number of the command.
        self.backups: list[tuple[int, str]] = []
        held = None
        for number, words in enumerate(workload(reader=reader), start=1):
            words = [str(directory / word) if word in ("people.csv", "many.csv") else word for word in words]
            said = self.recording.run(command([*words, "--json"]), environment(work), directory / "trace")
            if words[0] == "backup":
                self.backups.append((number, str(Path(json.loads(said)["backup"]).relative_to(work))))
            copy = directory / "copy"
            shutil.copytree(work, copy)
            self.states.append(state(copy))
            shutil.rmtree(copy)
            if reader and held is None:
                # While it is open no command is the last one to close the database: the log is not emptied.
                held = subprocess.Popen(
                    [sys.executable, "-c", _READER, str(work / "test.db")],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                )
                assert held.stdout is not None and held.stdout.readline()
        if held is not None:
            assert (work / "test.db-wal").stat().st_size > 0, "the log was emptied"
            held.communicate()

    def cut(self, chance: random.Random) -> int:
        """Return a call at which the power is cut: often just after something was acknowledged."""
        if chance.random() < 0.5:
            return min(self.recording.calls, chance.choice(self.recording.acknowledged) + chance.randrange(12))
        return chance.randint(1, self.recording.calls)


def holding(directory: Path, word: bytes) -> set[str]:
    """Return the files whose bytes have a word."""
    files = [path for path in directory.rglob("*") if path.is_file()]
    return {str(path.relative_to(directory)) for path in files if word in path.read_bytes().lower()}


@pytest.mark.parametrize("reader", [False, True], ids=["alone", "beside a reader"])
def test_a_power_cut_loses_nothing_acknowledged(tmp_path: Path, monkeypatch: Any, reader: bool) -> None:
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    told = Told(tmp_path, reader=reader)
    names = [words[0] for words in workload(reader=reader)]
    image = tmp_path / "image"
    seen = set()
    images = IMAGES // 2
    for number in range(images):
        chance = random.Random(f"{reader} {number}")
        cut = told.cut(chance)
        told.recording.image(image, cut, chance)
        done = sum(at <= cut for at in told.recording.acknowledged)
        where = (number, cut, done)
        now = names[done] if done < len(names) else None
        erased = "privacy" in names[:done]
        if erased and now != "restore":  # which brings them in and erases them again
            assert holding(image, b"bianchi") == {"copy.db"}, where
        sound(image)
        assert state(image) in told.states[done : done + 2], where
        for at, backup in told.backups:
            if at <= done:
                assert ask(image, "backup", "check", str(image / backup))[1][0]["checksum"] == "ok", where
        if erased:
            assert holding(image, b"bianchi") == {"copy.db"}, where
        seen.add(done)
    print(f"{images} cuts, of {told.recording.calls} calls, after {len(seen)} of {len(told.states)} states")


def test_a_power_cut_after_the_first_commands_in_a_new_home_loses_nothing(tmp_path: Path) -> None:
    """The directories that they make are kept as well."""
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    settings = {name: value for name, value in environment(home).items() if not name.startswith(("DKCRM_DB", "XDG_"))}
    recording = Recording(home)
    for words in (["add", "person", "Anna"], ["backup"], ["config", "set", "region", "IT"]):
        recording.run(command([*words, "--json"]), {**settings, "HOME": str(home)}, tmp_path / "trace")
    for number in range(20):
        image = tmp_path / "image"
        recording.image(image, recording.calls, random.Random(number))
        data = image / ".local" / "share" / "dkcrm"
        status, found = ask(image, "list", "--db", str(data / "dkcrm.db"))
        assert status == 0 and [one["name"] for one in found] == ["Anna"], number
        (backup,) = (data / "backups").glob("*.db")
        assert ask(image, "backup", "check", str(backup))[1][0]["checksum"] == "ok", number
        assert "IT" in (image / ".config" / "dkcrm" / "config.toml").read_text(), number


def test_the_model_loses_what_is_not_synced(tmp_path: Path) -> None:
    """The replay itself: a file that is not synced may be lost or torn, one that is stays, its name too."""
    work = tmp_path / "work"
    work.mkdir()
    program = (
        "import os\n"
        "for name, syncs in (('none', 0), ('data', 1), ('both', 2)):\n"
        "    f = os.open(name, os.O_RDWR | os.O_CREAT, 0o600)\n"
        "    os.write(f, b'a' * 2048)\n"
        "    if syncs: os.fsync(f)\n"
        "    if syncs > 1: d = os.open('.', os.O_RDONLY); os.fsync(d)\n"
        "    os.pwrite(f, b'b' * 2048, 0)\n"
        "print('done', flush=True)\n"
    )
    recording = Recording(work)
    recording.run([sys.executable, "-c", program], environment(work), tmp_path / "trace")
    seen: dict[str, set[bytes]] = {"none": set(), "data": set(), "both": set()}
    for number in range(200):
        recording.image(tmp_path / "image", recording.calls, random.Random(number))
        for name, found in seen.items():
            path = tmp_path / "image" / name
            found.add(path.read_bytes() if path.exists() else b"missing")
    whole = {b"a" * 2048, b"b" * 2048}
    assert whole | {b""} <= seen["none"], "its name was kept by the later sync of the directory"
    assert b"missing" not in seen["none"] | seen["data"] | seen["both"]
    assert whole <= seen["data"] and b"" not in seen["data"]
    assert whole <= seen["both"] and b"a" * 512 + b"b" * 1536 in seen["both"]
    recording.image(tmp_path / "image", recording.acknowledged[0] // 2, random.Random(1))
    lost = set()
    for number in range(50):
        recording.image(tmp_path / "image", recording.acknowledged[0] - 6, random.Random(number))
        lost |= {name for name in seen if not (tmp_path / "image" / name).exists()}
    assert "both" in lost, "a name that is not synced may be lost"
