"""Import of a large table by two processes, one of which reads ahead: the same as by one, whatever becomes of it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from dkcrm.errors import StorageError
from dkcrm.services import ahead, blocks
from dkcrm.services.reading import Item, Reading

MESSY = "\n".join(
    [
        "name,email,phone,tags,joined",
        *(f"Person {n},p{n}@x.it,02 12345{n:02},vip,{n % 28 + 1:02}/03/2025" for n in range(40)),
        'Odd,"two@x.it; three@x.it",,"a, b",01/04/2025',
        "too,many,cells,in,this,row",
        "Bad,not an email,,,",
        ",nobody@x.it,,,",
        "Person 3,p3@x.it,,other,",
        'Open,"never closed,,,',
        "Last,last@x.it,,,31/12/2025",
    ]
)


@pytest.fixture
def two(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[int]]:
    """Return a function that lets two processes do the work from now on, and counts those that were begun."""

    def split() -> list[int]:
        begun: list[int] = []
        fork = os.fork
        monkeypatch.setattr(ahead, "SMALLEST", 1)
        monkeypatch.setattr(blocks, "_ROWS", 7)
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        monkeypatch.setattr(os, "fork", lambda: begun.append(fork()) or begun[-1])
        return begun

    return split


def without_uids(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{name: value for name, value in row.items() if not name.endswith(("uid", "_at"))} for row in rows]


def outcome(crm: Any, file: Path, db: Path, *more: object) -> tuple[Any, ...]:
    """Import a file into a new database; return the exit status, what is said, the entities and the rejects."""
    done = crm("import", file, "--type", "lead", "--json", "--db", db, *more)
    rejects = sorted(path for path in file.parent.iterdir() if "rejects" in path.name)
    texts = [path.read_bytes() for path in rejects]
    for path in rejects:
        path.unlink()
    return done.code, done.out, done.err, without_uids(crm.ok("list", "--db", db)), texts


@pytest.mark.parametrize("more", [(), ("--dry-run",), ("--strict",), ("--quiet", "--tag", "new")])
def test_two_bring_in_what_one_brings_in(
    crm: Any, tmp_path: Path, two: Callable[[], list[int]], more: tuple[str, ...]
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(MESSY)
    alone = outcome(crm, file, tmp_path / "one.db", *more)
    begun = two()
    assert outcome(crm, file, tmp_path / "two.db", *more) == alone
    assert len(begun) == 1
    assert alone[0] == 5


def test_what_came_in_before_is_known_to_two(crm: Any, tmp_path: Path, two: Callable[[], list[int]]) -> None:
    file = tmp_path / "people.csv"
    file.write_text(MESSY)
    crm("import", file, "--type", "lead")
    before = crm.ok("list")
    begun = two()
    again = crm("import", file, "--type", "lead", "--json")
    assert again.json["created"] == 0 and again.json["operation"] is None
    assert begun and crm.ok("list") == before


def test_rows_left_out_by_a_rule_are_counted(crm: Any, tmp_path: Path, two: Callable[[], list[int]]) -> None:
    file, rules = tmp_path / "people.csv", tmp_path / "rules.toml"
    file.write_text(
        "name,email,status\n" + "".join(f"P{n},p{n}@x.it,{'gone' if n % 2 else 'here'}\n" for n in range(20))
    )
    rules.write_text('[[skip]]\ncolumn = "status"\nvalue = "gone"\n')
    alone = crm("import", file, "--rules", rules, "--type", "lead", "--json", "--dry-run").json
    two()
    assert crm("import", file, "--rules", rules, "--type", "lead", "--json", "--dry-run").json == alone
    assert alone["created"] == 10


def test_an_error_of_the_reader_is_told_as_by_one(
    crm: Any, tmp_path: Path, two: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = Reading.items

    def failing(self: Reading) -> Iterator[Item]:
        yield from islice(items(self), 20)
        raise StorageError("the disk is gone", hint="put it back", code="io")

    monkeypatch.setattr(Reading, "items", failing)
    file = tmp_path / "people.csv"
    file.write_text(MESSY)
    alone = crm("import", file, "--type", "lead", "--json")
    begun = two()
    both = crm("import", file, "--type", "lead", "--json")
    assert (both.code, both.err) == (alone.code, alone.err)
    assert both.error["message"] == "the disk is gone" and both.error["hint"] == "put it back" and both.code == 1
    assert begun and crm.ok("list") == []


def test_where_the_reader_dies_nothing_is_imported(
    crm: Any, tmp_path: Path, two: Callable[[], list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "people.csv"
    file.write_text(MESSY)
    begun = two()
    here, dumps = os.getpid(), ahead.marshal.dumps

    def die(what: Any, *more: Any) -> bytes:
        if os.getpid() != here and what[0] == "reject":
            os._exit(1)
        return dumps(what, *more)

    monkeypatch.setattr(ahead.marshal, "dumps", die)
    died = crm("import", file, "--type", "lead")
    assert died.code == 1 and "ended too soon" in died.err and "nothing was imported" in died.err
    assert begun and crm.ok("list") == []
    with pytest.raises(ChildProcessError):
        os.waitpid(begun[0], os.WNOHANG)
