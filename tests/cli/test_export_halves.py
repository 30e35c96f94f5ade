"""Export of a large table by two processes: the same bytes as by one, whatever becomes of the other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dkcrm.services import framing, halves
from dkcrm.services.halves import Twin


@pytest.fixture
def whole(crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give people of whom the last have more of everything, and let them be many; return their export by one."""
    rows = [f"P{n},p{n}@x.it,{'q@x.it' if n == 17 else ''},Roma" for n in range(20)]
    file = tmp_path / "people.csv"
    file.write_text("\n".join(["name,email,email 2,city", *rows]))
    crm.ok("import", file, "--type", "person")
    crm.ok("set", 19, "--phone", "work:02 1234567", "--address", "Via Roma 1")
    text: str = crm("export").out
    monkeypatch.setattr(halves, "SMALLEST", 1)
    monkeypatch.setattr(halves, "FEWEST", 2)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    return text


def test_two_write_what_one_writes(crm: Any, whole: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    came: list[bytes] = []
    receive = framing.receive
    monkeypatch.setattr(framing, "receive", lambda stream: came.append(receive(stream)) or came[-1])
    assert crm("export").out == whole
    assert b"P19" in came[-1] and b"P0," not in came[-1]
    file = tmp_path / "out.csv"
    crm.ok("export", "-o", file)
    assert file.read_text("utf-8") == whole
    assert crm("export", "city:Roma", "--format", "tsv").out.count("\n") == 21


@pytest.mark.parametrize("when", ["at once", "before the text"])
def test_what_the_other_leaves_undone_is_done_here(
    crm: Any, whole: str, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    send = framing.send

    def fail(stream: Any, data: bytes) -> None:
        if os.getpid() != here and (when == "at once" or b"P19" in data):
            os._exit(1)
        send(stream, data)

    here = os.getpid()
    monkeypatch.setattr(framing, "send", fail)
    assert crm("export").out == whole


def test_another_state_of_the_database_is_not_mixed_in(crm: Any, whole: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes after this process has begun to read, and before the other one does."""
    ask = Twin.halves

    def late(twin: Twin, connection: Any, numbers: Any) -> Any:
        connection.execute("SELECT 1 FROM entity").fetchone()
        crm.ok("set", 20, "--title", "late")
        return ask(twin, connection, numbers)

    monkeypatch.setattr(Twin, "halves", late)
    assert crm("export").out == whole


def test_nobody_waits_for_the_other_where_it_is_not_needed(
    crm: Any, whole: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(halves, "FEWEST", 1_000)
    monkeypatch.setattr(halves, "look", lambda connection: os.read(os.pipe()[0], 1))  # never comes to an end
    assert crm("export").out == whole
