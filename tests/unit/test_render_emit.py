"""The one way out: formats, streams, and what is said on standard error."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from dkcrm.domain.entity import Point
from dkcrm.errors import Ambiguous, NotFound
from dkcrm.render.emit import emit, emit_error
from dkcrm.render.text import width
from dkcrm.result import Column, Result

HOSTILE = '\x1b[31m\x00\x9b\u202e\udcff\x7f a\tb\n"c", 👩\u200d👧 è'
COLUMNS = [Column("id", look="number"), Column("name"), Column("tags")]
ROWS: list[dict[str, Any]] = [{"id": 1, "name": "Anna", "tags": ["vip", "fair"]}, {"id": 2, "name": None, "tags": []}]


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


def run(
    result: Result, format: str | None = None, *, tty: bool = False, quiet: bool = False, encoding: str = "utf-8"
) -> tuple[str, str]:
    """Emit a result and return what reached standard output and standard error."""
    out, err = Terminal(encoding, tty), Terminal(encoding, tty)
    emit(result, format=format, quiet=quiet, stdout=out, stderr=err)
    return out.text(), err.text()


def test_a_pipe_gets_rows_without_heading() -> None:
    assert run(Result(ROWS, COLUMNS, ROWS)) == ("1\tAnna\tvip, fair\n2\t\t\n", "")


def test_tsv_asked_for_has_the_keys_as_heading() -> None:
    assert run(Result(ROWS, COLUMNS, ROWS), "tsv")[0].splitlines()[0] == "id\tname\ttags"
    assert run(Result([], COLUMNS, []), "tsv")[0] == "id\tname\ttags\n"


def test_a_row_of_tsv_is_one_line_whatever_is_in_it() -> None:
    out, _err = run(Result(None, [Column("name")], [{"name": HOSTILE}]))
    assert out == '␛[31m␀��␡ a\\tb\\n"c", 👩\u200d👧 è\n'


def test_csv_is_exact_in_a_pipe() -> None:
    text = HOSTILE.replace("\udcff", "")
    out, _err = run(Result(None, [Column("name"), Column("n")], [{"name": text, "n": None}]), "csv")
    assert list(csv.reader(io.StringIO(out, newline=""))) == [["name", "n"], [text, ""]]
    assert "\r" not in out


def test_csv_on_a_terminal_is_clean() -> None:
    out, _err = run(Result(None, [Column("name")], [{"name": "\x1b[31m\na"}]), "csv", tty=True)
    assert out == 'name\n"␛[31m\na"\n'


@pytest.mark.parametrize("tty", [True, False])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("format", ["json", "jsonl"])
def test_json_is_exact_and_no_terminal_obeys_it(format: str, encoding: str, tty: bool) -> None:
    out, _err = run(Result({"name": HOSTILE}), format, tty=tty, encoding=encoding)
    assert json.loads(out) == {"name": HOSTILE}
    assert not set(out) & set("\x1b\x00\x9b\u202e\x7f")


@pytest.mark.parametrize("format", [None, "table", "tsv", "csv", "json", "jsonl"])
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "cp1252"])
@pytest.mark.parametrize("tty", [True, False])
def test_no_text_crashes_any_format(format: str | None, encoding: str, tty: bool) -> None:
    rows = [{"name": HOSTILE, "x": 0.5, "y": "2026-11-21T09:00:00Z"}]
    columns = [Column("name"), Column("x", look="share"), Column("y", look="time")]
    out, err = run(Result(rows, columns, rows, message=HOSTILE, warnings=[HOSTILE]), format, tty=tty, encoding=encoding)
    assert out
    assert "\x1b[31m" not in err


def test_text_that_the_encoding_lacks_is_not_lost_in_a_pipe() -> None:
    assert run(Result(None, [Column("name")], [{"name": "è"}]), encoding="ascii")[0] == "\\xe8\n"


def test_json_is_compact_in_a_pipe_and_indented_on_a_terminal() -> None:
    data = [{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": []}]
    assert run(Result(data), "json")[0] == '[{"id":1,"tags":["a","b"]},{"id":2,"tags":[]}]\n'
    assert run(Result(data), "json", tty=True)[0] == json.dumps(data, indent=2) + "\n"
    assert run(Result(data[0]), "json")[0] == '{"id":1,"tags":["a","b"]}\n'
    assert run(Result(data), "jsonl", tty=True)[0] == '{"id":1,"tags":["a","b"]}\n{"id":2,"tags":[]}\n'
    assert run(Result(data[0]), "jsonl")[0] == '{"id":1,"tags":["a","b"]}\n'


@pytest.mark.parametrize("tty", [True, False])
def test_nothing_found_is_an_empty_array(tty: bool) -> None:
    assert run(Result([]), "json", tty=tty)[0] == "[]\n"
    assert run(Result(iter(())), "json", tty=tty)[0] == "[]\n"
    assert run(Result([]), "jsonl", tty=tty)[0] == ""


def test_json_of_an_object_that_says_how() -> None:
    point = Point("email", "a@b.it", None, "person", True)
    assert json.loads(run(Result([point]), "json")[0]) == [point.as_json()]


@pytest.mark.parametrize("format", [None, "tsv", "csv", "json", "jsonl", "table"])
def test_rows_leave_as_they_come(format: str | None) -> None:
    """A million rows must not wait for each other: the first ones are out while later ones are being made."""
    seen: list[int] = []
    out = io.StringIO()

    def endless() -> Iterator[dict[str, Any]]:
        for number in range(5_000):
            if number == 4_000:
                seen.append(len(out.getvalue().splitlines()) or len(out.getvalue()))
            yield {"id": number, "name": "Anna"}

    source = endless()
    result = Result(source, COLUMNS[:2], source)
    emit(result, format=format, quiet=False, stdout=out, stderr=None)
    assert seen[0] > 3_000 or '"id":3999' in out.getvalue()[:200_000]
    assert "4999" in out.getvalue()


def test_messages_come_after_the_data_and_on_standard_error() -> None:
    both = Terminal()
    result = Result(ROWS, COLUMNS, ROWS, message="2 entities\x1b", warnings=["Anna has no email"])
    emit(result, format="tsv", quiet=False, stdout=both, stderr=both)
    assert both.text().splitlines()[-3:] == ["2\t\t", "2 entities␛", "warning: Anna has no email"]


def test_quiet_says_nothing_and_json_no_message() -> None:
    result = Result({"id": 1}, message="done", warnings=["careful"])
    assert run(result, "json") == ('{"id":1}\n', "warning: careful\n")
    assert run(result, "json", quiet=True) == ('{"id":1}\n', "")
    assert run(result, "tsv") == ("", "done\nwarning: careful\n")
    assert run(result, tty=True) == ("", "done\nwarning: careful\n")
    assert run(result, quiet=True) == ("", "")


def test_a_full_disk_and_a_reader_that_left_are_the_callers() -> None:
    if os.path.exists("/dev/full"):
        with pytest.raises(OSError) as caught, open("/dev/full", "w") as full:
            try:
                emit(Result(ROWS), format="json", quiet=False, stdout=full, stderr=None)
            finally:
                os.dup2(os.open(os.devnull, os.O_WRONLY), full.fileno())  # so that closing can succeed
        assert caught.value.errno == errno.ENOSPC
    reader, writer = os.pipe()
    os.close(reader)
    stream = os.fdopen(writer, "w")
    with pytest.raises(BrokenPipeError):
        emit(Result(ROWS), format="json", quiet=False, stdout=stream, stderr=None)
    os.dup2(os.open(os.devnull, os.O_WRONLY), writer)
    stream.close()
    with pytest.raises(OSError):
        emit(Result(ROWS), format="json", quiet=False, stdout=None, stderr=None)


CANDIDATES = [
    {"id": 4, "type": "lead", "name": "Anna \x1b[31m", "emails": ["a@x.it", "b@x.it"], "use": "4"},
    {"id": 142, "type": "organization", "name": "Annà", "emails": [], "use": "142"},
]


def test_an_error_for_people() -> None:
    err = Terminal(tty=False)
    emit_error(
        Ambiguous("two\x1b are Anna", hint="name it by number", candidates=CANDIDATES), as_json=False, stderr=err
    )
    assert err.text().splitlines() == [
        "dkcrm: two␛ are Anna",
        "  hint: name it by number",
        "    4    lead          Anna ␛[31m  a@x.it, b@x.it",
        "    142  organization  Annà",
    ]


def test_an_error_for_scripts_is_one_line() -> None:
    err = Terminal(tty=True)
    emit_error(NotFound("no \x9b entity\n42"), as_json=True, stderr=err)
    assert err.text().count("\n") == 1
    assert "\x9b" not in err.text()
    assert json.loads(err.text()) == {
        "error": "not_found",
        "message": "no \x9b entity\n42",
        "hint": None,
        "candidates": [],
    }


def test_only_a_terminal_sees_red(monkeypatch: pytest.MonkeyPatch) -> None:
    def shown(tty: bool) -> str:
        err = Terminal(tty=tty)
        emit_error(NotFound("no entity"), as_json=False, stderr=err)
        return err.text()

    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert shown(True) == "\x1b[31mdkcrm:\x1b[0m no entity\n"
    assert shown(False) == "dkcrm: no entity\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert shown(True) == "dkcrm: no entity\n"


@pytest.mark.parametrize(
    ("call", "never"),
    [
        ("emit(result, format=None, quiet=False, stdout=sys.stdout, stderr=sys.stderr)", "rich json csv datetime"),
        ("emit(result, format='csv', quiet=False, stdout=sys.stdout, stderr=sys.stderr)", "rich json"),
        ("emit(result, format='json', quiet=False, stdout=sys.stdout, stderr=sys.stderr)", "rich csv datetime"),
        (
            "emit_error(DkcrmError('é', hint='h', candidates=[{'id': 1}]), as_json=False, stderr=sys.stderr)",
            "rich json",
        ),
    ],
)
def test_a_pipe_pays_for_no_drawing(call: str, never: str) -> None:
    code = (
        "import sys; from dkcrm.render.emit import emit, emit_error; from dkcrm.result import Result, Column\n"
        "from dkcrm.errors import DkcrmError\n"
        "result = Result([1], [Column('id')], [{'id': 1}], message='done')\n"
        f"{call}\nsys.exit(' '.join(name for name in {never.split()!r} if name in sys.modules) or 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert not done.returncode, done.stderr


LONG = (
    "warning: 3 rows say something else than what is there: kept (--on-match update takes theirs), in /a/very/long/path"
)


@pytest.mark.parametrize("cells", [20, 40, 80, 111])
def test_a_terminal_gets_its_messages_broken_between_words(monkeypatch: pytest.MonkeyPatch, cells: int) -> None:
    monkeypatch.setenv("COLUMNS", str(cells))
    screen = Terminal()
    emit(Result(None, message=LONG, warnings=["é" * 30 + " 小野" * 30]), format=None, quiet=False,
         stdout=Terminal(), stderr=screen)  # fmt: skip
    emit_error(NotFound(LONG, hint=LONG), as_json=False, stderr=screen)
    lines = screen.text().replace("\x1b[31m", "").replace("\x1b[0m", "").splitlines()
    assert " ".join(lines).split() == " ".join(
        [LONG, "warning:", "é" * 30, *["小野"] * 30, "dkcrm:", LONG, "hint:", LONG]).split()  # fmt: skip
    longest = max(map(len, LONG.split()))
    assert all(width(line) <= max(cells, longest + 2, 30) for line in lines)
    if cells == 80:
        assert lines[0] == LONG[: LONG.rindex(" ", 0, 81)]
        assert lines[-1].startswith("  ")  # what goes on is indented as it began


def test_a_pipe_gets_its_messages_whole() -> None:
    pipe = Terminal(tty=False)
    emit(Result(None, message=LONG), format=None, quiet=False, stdout=Terminal(tty=False), stderr=pipe)
    emit_error(NotFound(LONG, hint=LONG), as_json=True, stderr=pipe)
    assert [line[:4] for line in pipe.text().splitlines()] == [LONG[:4], '{"er']
