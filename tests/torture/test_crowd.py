"""Very many at once: nothing is lost, nothing doubled, no reader sees half of an operation, and nobody waits for long.

Some with every run of the tests; with ``DKCRM_TORTURE=all`` thirty-two writers and eight readers, five times, and
additions beside an import of 200,000 rows, whose times are printed: no test fails on a time.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from crashes import ALL, command, environment, sound

AGAIN, WRITERS, READERS = (5, 32, 8) if ALL else (1, 12, 4)
ROWS = int(os.environ.get("DKCRM_TORTURE_ROWS", "200000" if ALL else "1000"))


def start(directory: Path, *words: object, **settings: str) -> subprocess.Popen[str]:
    """Start the program and go on."""
    return subprocess.Popen(
        command([*map(str, words), "--json"]), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**environment(directory), "DKCRM_WAIT": "300", **settings},
    )  # fmt: skip


def test_thirty_two_writers_and_eight_readers_at_once(crm: Any, tmp_path: Path) -> None:
    number = crm.add("organization", "All of them")
    ends = time.monotonic() + 600
    told: list[dict[str, Any]] = []
    for again in range(AGAIN):
        writers = [
            start(tmp_path, "add", "person", f"W{again}.{n}", "--email", f"a{again}.{n}@x.it", "--email",
                  f"b{again}.{n}@x.it", "--tag", f"t{again}.{n}", "--note", "whole")
            if n % 4 else start(tmp_path, "tag", number, f"t{again}.{n}")
            for n in range(WRITERS)
        ]  # fmt: skip
        readers = [start(tmp_path, *(["list"] if n % 2 else ["export", "--all"])) for n in range(READERS)]
        for child in readers:
            out, err = child.communicate(timeout=ends - time.monotonic())
            assert child.returncode == 0, err
            seen = json.loads(out)
            for one in seen if isinstance(seen, list) else seen["entities"]:
                if one["id"] != number:
                    assert (len(one["emails"]), len(one["tags"]), one["notes"]) == (2, 1, "whole"), one
        for child in writers:
            out, err = child.communicate(timeout=ends - time.monotonic())
            assert (child.returncode, err) == (0, ""), (out, err)
            told.append(json.loads(out))
    added = [one["id"] for one in told if one["id"] != number]
    rounds, people = range(AGAIN), [n for n in range(WRITERS) if n % 4]
    assert sorted(added) == list(range(number + 1, number + 1 + len(people) * AGAIN)), "each has its own number"
    names = Counter(one["name"] for one in crm.ok("list", "person"))
    assert names == Counter(f"W{again}.{n}" for again in rounds for n in people)
    tags = [f"t{again}.{n}" for again in rounds for n in range(0, WRITERS, 4)]
    assert sorted(crm.ok("show", number)["tags"]) == sorted(tags)
    assert len(crm.ok("history", "--limit", 1000)) == 1 + WRITERS * AGAIN
    sound(tmp_path)


def test_who_cannot_get_in_writes_nothing(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    holder = sqlite3.connect(tmp_path / "test.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    before = [start(tmp_path, "add", "person", f"W{n}", DKCRM_WAIT="0.2") for n in range(3)]
    for child in before:
        out, err = child.communicate(timeout=100)
        assert (child.returncode, out, json.loads(err)["error"]) == (75, "", "busy")
    holder.execute("ROLLBACK")
    holder.close()
    rest = [start(tmp_path, "add", "person", f"V{n}", DKCRM_WAIT="0") for n in range(32 if ALL else 4)]
    in_time = set()
    for n, child in enumerate(rest):
        out, err = child.communicate(timeout=300)
        assert (child.returncode, bool(out)) in ((0, True), (75, False)), err
        if child.returncode == 0:
            in_time.add(f"V{n}")
    assert in_time
    assert Counter(one["name"] for one in crm.ok("list", "person")) == Counter({"Anna", *in_time})
    sound(tmp_path)


def test_additions_beside_an_import(crm: Any, tmp_path: Path) -> None:
    crm.add("person", "Anna")
    people = tmp_path / "people.csv"
    with people.open("w") as file:
        file.write("name,email,phone,city,tags,note\n")
        for n in range(ROWS):
            file.write(f"Person{n} Name{n % 999},p{n}@x{n % 500}.it,02 {1000000 + n},Roma,a;b,note {n}\n")
    counts: Counter[int] = Counter()
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            with contextlib.closing(sqlite3.connect(f"file:{tmp_path / 'test.db'}?mode=ro", uri=True)) as connection:
                counts[connection.execute("SELECT count(*) FROM imported_row").fetchone()[0]] += 1
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    begun = time.monotonic()
    importing = start(tmp_path, "import", people, "--type", "person")
    times: list[float] = []
    numbers = []
    while importing.poll() is None or len(times) < 3:
        before = time.monotonic()
        child = start(tmp_path, "add", "person", f"Meanwhile {len(times)}", DKCRM_WAIT="100")
        out, err = child.communicate(timeout=200)
        times.append(time.monotonic() - before)
        assert child.returncode == 0, err
        numbers.append(json.loads(out)["id"])
    whole = time.monotonic() - begun
    out, err = importing.communicate()
    done.set()
    watcher.join()
    assert importing.returncode == 0, err
    assert json.loads(out)["created"] == ROWS
    assert set(counts) <= {0, ROWS}, "a reader has seen a part of it"
    assert len(set(numbers)) == len(numbers)
    connection = sqlite3.connect(tmp_path / "test.db")
    names = Counter(name for (name,) in connection.execute("SELECT name FROM entity"))
    connection.close()
    assert set(names.values()) == {1} and len(names) == 1 + ROWS + len(numbers)
    assert all(f"Meanwhile {n}" in names for n in range(len(numbers)))
    times.sort()
    print(
        f"{ROWS} rows in {whole:.1f} s; {len(times)} additions: median {times[len(times) // 2]:.2f} s,"
        f" p99 {times[min(len(times) - 1, int(len(times) * 0.99))]:.2f} s, longest {times[-3:]}"
    )
    sound(tmp_path)
