"""Reading CSV: what comes out as rows, on which line, and what is said of the rest."""

from __future__ import annotations

import csv
import io
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dkcrm.errors import InvalidInput
from dkcrm.formats import rows
from dkcrm.formats.csvfile import open_csv
from dkcrm.formats.headers import field_for
from dkcrm.formats.record import Table

Write = Callable[[str | bytes], str]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Give a function that writes a file and returns its path."""

    def to_file(content: str | bytes) -> str:
        path = tmp_path / "in.csv"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return to_file


def known(header: str) -> bool:
    """Tell whether a cell is one of the usual headers."""
    return field_for(header) is not None


def opened(path: str, *wanted: str, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Open with the usual synonyms."""
    return open_csv(path, known=known, wanted=wanted, encoding=encoding, delimiter=delimiter)


def rejected(source: Table) -> list[int]:
    """Return the lines that were rejected, in order of appearance."""
    return [reject.line for reject in source.rejects]


def test_plain_file(write: Write) -> None:
    source = opened(write("Name,Email,Work phone,Shoe size\nAda,ada@x.example,123,38\n"))
    assert source.headers == ["Name", "Email", "Work phone", "Shoe size"]
    assert source.sample == [["Ada", "ada@x.example", "123", "38"]]
    assert (source.format, source.suffix) == ("csv", ".csv")
    assert list(source.rows) == [(2, ["Ada", "ada@x.example", "123", "38"])]
    assert (len(source.rejects), source.encoding, source.dialect, source.header_line) == (0, "utf-8", ",", 1)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_delimiters_and_line_ends(write: Write, delimiter: str, end: str) -> None:
    lines = [["Cognome", "Città", "Note"], ["Rossi", "Forlì", '"a,b;c\td"'], ["Verdi", "Roma", ""]]
    source = opened(write(end.join(delimiter.join(line) for line in lines)))
    assert source.headers == ["Cognome", "Città", "Note"]
    assert source.format == ("tsv" if delimiter == "\t" else "csv")
    assert list(source.rows) == [(2, ["Rossi", "Forlì", "a,b;c\td"]), (3, ["Verdi", "Roma", ""])]


def test_semicolons_are_found_among_many_commas(write: Write) -> None:
    text = "Nominativo;Importo\n" + "Rossi, Mario, detto il Rosso;1,50\n" * 20
    source = opened(write(text))
    assert source.dialect == ";"
    assert len(list(source.rows)) == 20


def test_one_column_whose_cells_have_commas(write: Write) -> None:
    source = opened(write("Name\nRossi, Mario\nVerdi, Ada\n"))
    assert [row for _line, row in source.rows] == [["Rossi, Mario"], ["Verdi, Ada"]]


def test_sep_line_and_delimiter_asked_for(write: Write) -> None:
    source = opened(write("\ufeffsep=|\r\nname|email\r\nAda|a@x.example\r\n"))
    assert (source.header_line, list(source.rows)) == (2, [(3, ["Ada", "a@x.example"])])
    source = opened(write("sep=;\nname|email\nAda|a@x.example\n"), delimiter="|")
    assert list(source.rows) == [(3, ["Ada", "a@x.example"])]
    assert opened(write("name\temail\n"), delimiter="tab").headers == ["name", "email"]
    with pytest.raises(InvalidInput, match="no delimiter"):
        opened(write("name\n"), delimiter="ab")


def test_notes_before_the_header_are_skipped_and_counted(write: Write) -> None:
    text = 'Notes:,"Exported today,\nby hand"\n\nFirst Name,Last Name,Email\n\nAda,Byron,a@x.example\n'
    source = opened(write(text))
    assert source.header_line == 4
    assert list(source.rows) == [(6, ["Ada", "Byron", "a@x.example"])]


def test_ragged_rows(write: Write) -> None:
    source = opened(write("name,email,phone\nA\nB,b@x,1,,\nC,c@x,1,extra\n,,\n  \nD,d@x,1\n"))
    assert list(source.rows) == [(2, ["A", "", ""]), (3, ["B", "b@x", "1"]), (7, ["D", "d@x", "1"])]
    assert rejected(source) == [4]
    assert "4 cells" in source.rejects.first[0].reason
    assert source.rejects.first[0].row == ["C", "c@x", "1", "extra"]


def test_blank_columns_at_the_end_of_the_header_do_not_count(write: Write) -> None:
    source = opened(write(",name,,\n0,Ada,,\n"))
    assert source.headers == ["", "name"]
    assert list(source.rows) == [(2, ["0", "Ada"])]


def test_quotes_and_lines_within_cells(write: Write) -> None:
    text = 'name,note\r\n"Ada ""the first""","one\r\ntwo, ""x""\r\n\r\nfour"\r\n5" pipe,\r\n'
    source = opened(write(text))
    assert list(source.rows) == [(2, ['Ada "the first"', 'one\ntwo, "x"\n\nfour']), (6, ['5" pipe', ""])]


def test_blank_between_delimiter_and_quote(write: Write) -> None:
    source = opened(write('"name", "email", "note"\n"Ada", "a@x", "b, c"\n'))
    assert list(source.rows) == [(2, ["Ada", "a@x", "b, c"])]


@pytest.mark.parametrize("broken", ['x,"y,z@x,1,2', 'x,y,z@x,1,"2', '"x,y,z@x,1,2', '"a "x" b",y,z@x,1,2', '"x" y,,,,'])
@pytest.mark.parametrize("other", ["A{n},B,a{n}@x,1,c", '"A{n}","B","a{n}@x","1","c, d"', 'A{n},,"",5"",""'])
def test_a_broken_quote_costs_one_row(write: Write, broken: str, other: str) -> None:
    lines = [other.format(n=n) for n in range(10_000)]
    lines[5000] = broken
    source = opened(write("first name,last name,email,phone,note\n" + "\n".join(lines)))
    found = list(source.rows)
    assert rejected(source) == [5002]
    assert source.rejects.first[0].row == [broken]
    assert [line for line, _row in found] == [n + 2 for n in range(10_000) if n != 5000]
    assert found[-1][1][0] == "A9999"


def test_rest_of_a_broken_record_is_not_taken_for_a_row(write: Write) -> None:
    text = 'name,email,note\nA,a@x,"one\nsays "two" and\nthree"\nB,b@x,ok\nC,c@x\n'
    source = opened(write(text))
    assert list(source.rows) == [(5, ["B", "b@x", "ok"]), (6, ["C", "c@x", ""])]
    assert rejected(source) == [2, 3, 4]
    assert "line 2" in source.rejects.first[1].reason


def test_rows_of_usual_but_short_width_go_on_after_a_broken_one(write: Write) -> None:
    source = opened(write('name,email,note,city\nA,a@x\n"B,b@x\nC,c@x\nD,d@x\n'))
    assert [line for line, _row in source.rows] == [2, 4, 5]
    assert rejected(source) == [3]


def test_rows_held_together_by_two_stray_quotes_come_apart(write: Write) -> None:
    rows = ['A,"a,b,c,d', "B,b,b,b,b", 'C,5",x,y,z', "D,d,d,d,d"]
    source = opened(write("name,email,phone,city,note\n" + "\n".join(rows)))
    assert list(source.rows) == [
        (3, ["B", "b", "b", "b", "b"]),
        (4, ["C", '5"', "x", "y", "z"]),
        (5, ["D", "d", "d", "d", "d"]),
    ]
    assert rejected(source) == [2]


def test_every_row_broken_takes_no_square_of_time(write: Write) -> None:
    source = opened(write("name,email,note\n" + 'a",x,"""\n' * 60_000))
    assert list(source.rows) == []
    assert len(source.rejects) == 60_000


def test_one_endless_line_is_rejected_in_little_memory(write: Write) -> None:
    text = "name,email\nA,a@x\n" + "x" * 30_000_000 + "\nB,b@x\n" + 'C,"' + "y," * 15_000_000 + "\nD,d@x\n"
    path = write(text)
    del text
    tracemalloc.start()
    source = opened(path)
    found = list(source.rows)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [(2, ["A", "a@x"]), (4, ["B", "b@x"]), (6, ["D", "d@x"])]
    assert rejected(source) == [3, 5]
    assert peak < 40_000_000
    assert len(source.rejects.first[0].row[0]) < 1000


def test_endless_line_after_an_open_quote(write: Write) -> None:
    source = opened(write('name,email\nA,"a@x\n' + "x," * 3_000_000 + "\nB,b@x\n"))
    assert list(source.rows) == [(4, ["B", "b@x"])]
    assert rejected(source) == [2, 3]


def test_the_longest_note_is_taken_and_a_longer_one_is_not(write: Write) -> None:
    source = opened(write("name,note\nA," + "n" * 1_000_000 + "\nB," + "n" * 1_100_000 + "\nC,c\n"))
    assert [line for line, _row in source.rows] == [2, 4]
    assert "longer than" in source.rejects.first[0].reason


def test_header_in_another_spelling_is_the_wanted_one(write: Write) -> None:
    source = opened(write("KUNDEN_nr  1,Wer\n7,Ada\n"), " kunden-NR 1", "Wer")
    assert source.headers == ["KUNDEN_nr  1", "Wer"]
    assert list(source.rows) == [(2, ["7", "Ada"])]


def test_repeated_headers_are_kept_as_they_are(write: Write) -> None:
    assert opened(write("Wer,Email,Email,x\n"), "x", "Wer").headers == ["Wer", "Email", "Email", "x"]


def test_mapped_header_that_is_missing_names_the_nearest(write: Write) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(write("Kunde,Strasse,Email\nA,B,c@x\n"), "Kunden")
    assert "'Kunden'" in caught.value.message
    assert "Kunde" in (caught.value.hint or "")
    assert "Strasse" in (caught.value.hint or "")


def test_no_table_says_how_to_map(write: Write) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(write("Wer;Wo\nAda;Rom;1;2\nEva\nUte;1;2;3;4\n"))
    assert "Wer" in caught.value.message
    assert "--map 'Wer=name'" in (caught.value.hint or "")
    with pytest.raises(InvalidInput, match="no rows"):
        opened(write("\n\n"))


def test_a_wanted_header_is_found_with_no_known_name(write: Write) -> None:
    source = opened(write("Report;2026\n\nWer;Wo\nAda;Rom\n"), "wer")
    assert (source.header_line, source.headers) == (3, ["Wer", "Wo"])
    assert list(source.rows) == [(4, ["Ada", "Rom"])]


def test_header_without_rows(write: Write) -> None:
    assert list(opened(write("name,email")).rows) == []


def test_closing_early_closes_the_file(write: Write) -> None:
    with opened(write("name\nA\nB\n")) as source:
        assert next(source.rows) == (2, ["A"])


CELL = st.text(st.sampled_from("ab \"',;\n\t0é\ufeff\x85"), max_size=8)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(st.tuples(CELL, CELL, CELL), max_size=30), delimiter=st.sampled_from(",;\t|"))
def test_whatever_is_written_as_csv_is_read_back(
    write: Write, rows: list[tuple[str, str, str]], delimiter: str
) -> None:  # fmt: skip
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\r\n")
    writer.writerows([("name", "email", "note"), *rows])
    source = opened(write(out.getvalue()))
    want = [row for row in rows if any(cell.strip() for cell in row)]
    assert [tuple(row) for _line, row in source.rows] == want
    assert [tuple(row) for _line, row in source.reread()] == want
    assert [tuple(row) for row in source.sample] == want
    assert not source.rejects


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.sampled_from('ab",\r\n;'), max_size=120))
def test_garbage_never_crashes_and_is_accounted_for(write: Write, text: str) -> None:
    source = opened(write("name,email\n" + text))
    lines = [line for line, row in source.rows if len(row) == 2] + rejected(source)
    assert len(set(lines)) == len(lines)
    total = len(io.StringIO(text, newline="").readlines()) + 1
    assert all(2 <= line <= total for line in lines)


LINES = st.lists(st.text(alphabet=st.sampled_from('ab,;"\\ \x1a'), max_size=8), max_size=12)


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(lines=LINES, end=st.sampled_from(["\n", "\r\n"]), together=st.integers(1, 4))
@example(lines=["  ,,", "a,b,c"], end="\n", together=2)
def test_lines_looked_at_together_are_read_as_one_by_one(lines: list[str], end: str, together: int) -> None:
    text = end.join(["Anna,a@x.it,Roma", *lines, "Bruno,b@x.it,Bari"])

    def read() -> tuple[list[tuple[int, list[str]]], list[str]]:
        rejects: list[str] = []
        source = io.StringIO(text, newline="")
        found = rows.Rows(source.readline, rows.Dialect(","), reject=lambda r: rejects.append(repr(r)), width=3)
        return list(found), rejects

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_TOGETHER", together)
        one = read()
        patch.setattr(rows.Rows, "_tidy", lambda _self: False)
        assert read() == one
