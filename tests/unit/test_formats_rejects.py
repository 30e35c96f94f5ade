"""The file of rejected rows: written, imported again as it is, and mended."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.formats.csvfile import open_csv
from dkcrm.formats.headers import field_for
from dkcrm.formats.record import Reject, Table
from dkcrm.formats.rejects import write_csv_rejects

Write = Callable[[str], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a file and returns its path."""

    def to_file(content: str) -> str:
        path = tmp_path / "in.csv"
        path.write_bytes(content.encode())
        return str(path)

    return to_file


def opened(path: str, delimiter: str | None = None) -> Table:
    """Open with the usual synonyms."""
    return open_csv(path, known=lambda header: field_for(header) is not None, delimiter=delimiter)


def written(rejects: list[Reject], headers: list[str], delimiter: str = ",") -> str:
    """Return the file of rejects as text."""
    out = io.StringIO(newline="")
    write_csv_rejects(out, rejects, headers, delimiter)
    return out.getvalue()


def told(table: Table) -> list[tuple[str, list[str]]]:
    """Return why what was rejected, after reading all."""
    list(table.rows)
    return [(reject.reason, reject.row) for reject in table.rejects]


def test_what_is_written() -> None:
    rejects = [
        Reject(2, "bad email", ["Rossi, Mario", "x@", ""]),
        Reject(7, "open quote", ['A,"b,c']),
        Reject(8, "too wide", ["A", "b c", "d,e", "f"]),
        Reject(9, "a note", ["Total"]),
        Reject(10, "nothing", []),
    ]
    assert written(rejects, ["name", "email", "note"]) == (
        "dkcrm:line,dkcrm:reason,name,email,note\r\n"
        '2,bad email,"Rossi, Mario",x@,\r\n'
        '7,open quote,"A,""b,c",,\r\n'
        '8,too wide,"A,b c,""d,e"",f",,\r\n'
        '9,a note,"""Total""",,\r\n'
        "10,nothing,,,\r\n"
    )


BAD = (
    'name,email,note\nA,a@x,ok\nB,"b@x,n\nC,c@x,1,2\n"D "x" y",d@x,n\nE,"e\nf "g",h\nrest\nF,f@x,ok\n'
    '"G,g",g@x\n"H;h"x,,\nTotal: 3\n'
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", "^"])
def test_unmended_it_yields_the_same_rejects(write: Write, delimiter: str) -> None:
    text = BAD.replace(";", "/").replace(",", delimiter)
    table = opened(write(text), delimiter if delimiter == "^" else None)
    first = told(table)
    assert len(first) == 8
    for _time in range(3):
        out = io.StringIO(newline="")
        table.write_rejects(out, table.rejects)
        table = opened(write(out.getvalue()))
        assert (table.headers, table.dialect) == (["name", "email", "note"], delimiter)
        assert table.suffix == (".tsv" if delimiter == "\t" else ".csv")
        assert told(table) == first
        assert not list(table.reread())


def test_mended_it_is_imported(write: Write) -> None:
    text = (
        "dkcrm:line,dkcrm:reason,name,email,note\r\n"
        '2,bad,"Rossi, Mario",x@y.example,\r\n'
        '7,bad,"A,""b"",c",,\r\n'
        '8,bad,"A,b c,""d,e""",,\r\n'
        "9,bad,Total,,\r\n"
        "10,,,,\r\n"
    )
    table = opened(write(text))
    want = [["Rossi, Mario", "x@y.example", ""], ["A", "b", "c"], ["A", "b c", "d,e"], ["Total", "", ""]]
    assert list(table.rows) == list(zip([2, 3, 4, 5], want, strict=True))
    assert not table.rejects
    assert table.sample == want == [row for _line, row in table.reread()]


def test_columns_may_have_been_moved(write: Write) -> None:
    table = opened(write("name;dkcrm:reason;email;DKCRM:Line\nA;why;a@x;3\nB;why;b@x;4;5\n"))
    assert (table.headers, list(table.rows)) == (["name", "email"], [(2, ["A", "a@x"])])
    assert table.rejects.first[0].row == ["B", "b@x", "5"]


def test_rejects_of_a_file_without_header(write: Write) -> None:
    table = opened(write("Ada,a@x.example\n" * 30 + "Eva,b@x.example,c\n"))
    list(table.rows)
    out = io.StringIO(newline="")
    table.write_rejects(out, table.rejects)
    again = opened(write(out.getvalue()))
    assert again.headers == ["column 1", "column 2"]
    assert [row for _reason, row in told(again)] == [["Eva", "b@x.example", "c"]]


CELL = st.text(st.sampled_from("ab \"',;\\\n0é."), max_size=8)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.lists(CELL, min_size=1, max_size=5), max_size=12), width=st.integers(1, 4),
       delimiter=st.sampled_from(",;\t|"))  # fmt: skip
def test_nothing_is_lost_on_the_way(write: Write, rows: list[list[str]], width: int, delimiter: str) -> None:
    headers = ["name", "email", "note", "city"][:width]
    rejects = [Reject(n, f"why {n}", row) for n, row in enumerate(rows) if any(map(str.strip, row))]
    table = opened(write(written(rejects, headers, delimiter)))
    found = dict(table.rows) | {reject.line: reject.row for reject in table.rejects}
    assert table.headers == headers
    assert [found[line] for line in sorted(found)] == [reject.row for reject in rejects]
    # A row as wide as the header is for the importer to judge; any other is rejected again, for the same reason.
    for reject in table.rejects:
        assert len(reject.row) != width or width == 1
        assert reject.reason.startswith("why")
    assert len(table.rejects) == sum(len(reject.row) != width for reject in rejects) or width == 1


def test_written_with_the_rules_of_csv() -> None:
    text = written([Reject(1, 'say "x", y', ["a\nb", "c"])], ["name", "x;y"], ";")
    assert list(csv.reader(io.StringIO(text, newline=""), delimiter=";")) == [
        ["dkcrm:line", "dkcrm:reason", "name", "x;y"],
        ["1", 'say "x", y', "a\nb", "c"],
    ]
