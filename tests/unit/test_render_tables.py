"""What a person sees of a list on a terminal."""

from __future__ import annotations

import io
import itertools
import re
from typing import Any

import pytest

from dkcrm.domain.entity import STATES, TYPES
from dkcrm.render.tables import draw_table
from dkcrm.render.text import width
from dkcrm.result import Column

NOW = "2026-11-21T12:00:00Z"
COLUMNS = [
    Column("id", "No.", "number"),
    Column("type", look="type"),
    Column("state", look="state"),
    Column("name"),
    Column("email"),
    Column("phone", wide=True),
    Column("tags", wide=True),
    Column("changed", look="time"),
]
ROW: dict[str, Any] = {
    "id": 42,
    "type": "organization",
    "state": "disqualified",
    "name": "Costruzioni Generali Bianchi e Figli S.r.l. Unipersonale",
    "email": "amministrazione@bianchi-costruzioni.example",
    "phone": "02 1234567",
    "tags": ["fair-2026", "vip"],
    "changed": "2026-11-20T09:00:00Z",
}
SGR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.TextIOWrapper):
    """A terminal of some encoding; a pipe with ``tty=False``."""

    def __init__(self, encoding: str = "utf-8", tty: bool = True) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def text(self) -> str:
        self.flush()
        raw: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return raw.decode(self.encoding)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")


def drawn(rows: Any, columns: list[Column] = COLUMNS, encoding: str = "utf-8", tty: bool = True) -> str:
    """Draw a table and return what a terminal was sent."""
    out = Terminal(encoding, tty)
    draw_table(columns, rows, out, NOW)
    return out.text()


def squeezed(text: str) -> str:
    """Return text without colours and blanks."""
    return re.sub(r"\s", "", SGR.sub("", text))


def test_80_columns_cut_nothing_and_leave_out_what_is_wide() -> None:
    text = SGR.sub("", drawn([ROW]))
    assert all(width(line) <= 80 for line in text.splitlines())
    assert "Phone" not in text and "Tags" not in text
    assert "…" not in text
    for word in ("42", "organization", "disqualified", "Costruzioni", "Unipersonale", "yesterday"):
        assert re.search(rf"(^|\s){word}(\s|$)", text), word
    column = [line[text.splitlines()[0].index("Email") :].split(" ")[0] for line in text.splitlines()[2:]]
    assert "".join(column) == ROW["email"]


def test_200_columns_show_everything_on_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    lines = SGR.sub("", drawn([ROW])).splitlines()
    assert len(lines) == 3
    for value in (ROW["name"], ROW["email"], ROW["phone"], "fair-2026, vip"):
        assert value in lines[2]


@pytest.mark.parametrize("columns", ["1", "20", "40"])
def test_a_narrow_terminal_still_gets_everything(columns: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    text = drawn([{"id": 1, "name": "Anna", "email": "anna@bianchi.it"}])
    if columns != "1":
        assert "Anna" in text and "anna@bianchi.it" in squeezed(text)


def test_data_is_never_markup_nor_control() -> None:
    name = "\x1b[31mX\x1b]8;;u\x07\x00\x9b\u202e[/red][it]:smiley: 👩\u200d👩\u200d👧"
    monkey = drawn([{"name": name}], [Column("name", "[bold]:x:")])
    assert "␛[31mX␛]8;;u␇␀�[/red][it]:smiley: 👩\u200d👩\u200d👧" in monkey
    assert "[bold]:x:" in monkey
    assert not set(SGR.sub("", monkey)) & set("\x1b\x00\x07\x9b\u202e")


def test_types_and_states_have_a_colour_and_a_word() -> None:
    starts = set()
    for kind in TYPES:
        found = re.search(rf"(\x1b\[[0-9;]+m){kind}", drawn([{"type": kind}], [Column("type", look="type")]))
        assert found
        starts.add(found[1])
    assert len(starts) == len(TYPES)
    for state in STATES:
        assert re.search(rf"\x1b\[[0-9;]+m{state}", drawn([{"state": state}], [Column("state", look="state")]))


@pytest.mark.parametrize(("name", "value"), [("NO_COLOR", "1"), ("TERM", "dumb")])
def test_no_colour_where_none_is_wanted(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert "\x1b" not in drawn([ROW], tty=False)
    assert "\x1b" in drawn([ROW])
    monkeypatch.setenv(name, value)
    assert "\x1b" not in drawn([ROW])


def test_an_ascii_terminal() -> None:
    text = drawn([ROW | {"name": "Niccolò", "share": 0.5}], [*COLUMNS[:4], Column("share", look="share")], "ascii")
    assert "Niccol?" in text
    assert "----" in text
    assert "50% #####" in text


def test_looks() -> None:
    columns = [Column("n", look="number"), Column("t", look="time"), Column("s", look="share"), Column("x")]
    rows = [
        {"n": 1, "t": "2026-11-21T11:00:00Z", "s": 0.25, "x": None},
        {"n": 1000, "t": None, "s": None, "x": True},
    ]
    lines = SGR.sub("", drawn(rows, columns)).splitlines()
    assert lines[2].rstrip() == "   1  1 h ago   25% ██▌"
    assert lines[3].split() == ["1000", "true"]


def test_an_empty_table_prints_nothing() -> None:
    assert drawn([]) == ""
    assert drawn([ROW], []) == ""


def test_beyond_a_screenful_rows_stream_in_aligned_lines() -> None:
    rows = ({"id": n, "name": "Niccolò" if n % 2 else "日本", "changed": NOW} for n in itertools.count(1))
    text = drawn(itertools.islice(rows, 5_000), [COLUMNS[0], COLUMNS[3], COLUMNS[7]])
    lines = text.splitlines()
    assert len(lines) == 5_001
    assert lines[0].split() == ["No.", "Name", "Changed"]
    assert lines[1] == "  1  Niccolò  just now"
    assert lines[2] == "  2  日本     just now"
    assert "\x1b" not in text
