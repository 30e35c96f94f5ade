"""CSV dialects: every way of dividing, quoting and ending that programs have, and files that have no header."""

from __future__ import annotations

import csv
import io
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from dkcrm.errors import InvalidInput
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


def opened(path: str, *wanted: str, delimiter: str | None = None) -> Table:
    """Open with the usual synonyms."""
    return open_csv(path, known=lambda header: field_for(header) is not None, wanted=wanted, delimiter=delimiter)


def cells(table: Table) -> list[list[str]]:
    """Return what the rows hold."""
    return [row for _line, row in table.rows]


def rejected(table: Table) -> list[int]:
    """Return the lines that were rejected."""
    return [reject.line for reject in table.rejects]


@pytest.mark.parametrize(
    ("text", "want"),
    [
        # quotes in quoted cells, doubled or escaped; backslashes that escape nothing stay
        ('name,note\nA,"say ""x"" now"\n', ["A", 'say "x" now']),
        ('name,note\nA,"say \\"x\\" now"\n', ["A", 'say "x" now']),
        ('name,note\nA,"\\"x\\" C:\\dir, \\\\ y"\n', ["A", '"x" C:\\dir, \\ y']),
        ('name,note\nA,"ends \\"so\\""\n', ["A", 'ends "so"']),
        ('name;note\n"A";"[{\\"a\\": 1}]"\n', ["A", '[{"a": 1}]']),
        # a path that ends in a backslash is no escape
        ('name,note\nA,"C:\\dir\\"\nB,"D:\\"\n', ["A", "C:\\dir\\"]),
        ('name,note,city\nA,"C:\\dir\\",Rome\n', ["A", "C:\\dir\\", "Rome"]),
        # blanks before quotes
        ('"name", "note"\n"A", "b, c"\n', ["A", "b, c"]),
        ('name|  "note"\nA|  "b| c"\n', ["A", "b| c"]),
        # single quotes, where they are evidently quotes
        ("'name','note'\n'A','it''s, well'\n", ["A", "it's, well"]),
        ("'name'; 'note'\n'A'; 'b; c'\n", ["A", "b; c"]),
        ("name,note\nA,'b, c'\nB,'d, e'\nC,f\n", ["A", "b, c"]),
        ("name,city\nA,'s-Hertogenbosch\nB,'t Zandt\n", ["A", "'s-Hertogenbosch"]),
        ("name,city\nAda,'Rome'\n", ["Ada", "'Rome'"]),
        ("name,note\n\"A\",\"'b', 'c'\"\n", ["A", "'b', 'c'"]),
        # decimal commas, delimiters at every end, only delimiters
        ("name;budget;city\nA;1.234,50;Rome\n;;\n", ["A", "1.234,50", "Rome"]),
        ("name,note,\nA,b,\n,,\nC,d,\n", ["A", "b"]),
        ("name,note\nA,b,\nC,d,\n", ["A", "b"]),
        ("name|note\nA|b,c;d\n", ["A", "b,c;d"]),
        # lines of headers, of cells, and of Excel
        ('name,"note\nof  us"\r\nA,"b\r\nc"\r\n', ["A", "b\nc"]),
        ("\ufeffsep=;\r\nname;note\r\nA;b\r\n", ["A", "b"]),
        ("\ufeff\"sep=\t\"\nname\tnote\nA\tb,c\n", ["A", "b,c"]),
        # line ends, mixed too, blank lines, the end of a DOS text
        ("name,note\rA,b\rC,d\r", ["A", "b"]),
        ("name,note\r\n\r\nA,b\n\n  \nC,d\r", ["A", "b"]),
        ("name,note\r\nA,b\r\n\x1a", ["A", "b"]),
        ("name,note\r\nA,b\x1a\x1a\x1a", ["A", "b"]),
        ("name,note\nA,b\0c\n", ["A", "b\0c"]),
    ],
)  # fmt: skip
def test_first_row(write: Write, text: str, want: list[str]) -> None:
    table = opened(write(text))
    rows = cells(table)
    assert rows[0] == want
    assert not table.rejects
    assert table.sample == rows == [row for _line, row in table.reread()]


def test_line_ends_in_headers_become_blanks(write: Write) -> None:
    table = opened(write('"First\nname","E-mail \r\n address"\nA,a@x.example\n'))
    assert (table.headers, table.header_line) == (["First name", "E-mail address"], 1)
    assert list(table.rows) == [(4, ["A", "a@x.example"])]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_whole_rows_in_one_cell(write: Write, delimiter: str) -> None:
    plain = [["name", "surname", "email"], ["Anna", 'the "one"', "a@x.example"], ["Eva", f"a{delimiter}b", ""]]
    out = io.StringIO()
    for row in plain:
        inner = io.StringIO()
        csv.writer(inner, delimiter=delimiter, lineterminator="").writerow(row)
        csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerow([inner.getvalue()])
    more = ['"Ugo"', '"' + delimiter.join("1234") + '"', delimiter.join(["Ida", "x", "y"])]
    table = opened(write(out.getvalue() + "\r\n".join(more)))
    assert table.headers == plain[0]
    assert cells(table) == [*plain[1:], ["Ugo", "", ""], ["Ida", "x", "y"]]
    assert rejected(table) == [5]


def test_single_whole_rows_are_split_but_names_are_not(write: Write) -> None:
    text = 'name,surname,email\nA,B,c\n"Anna,Bianchi,""a@x.it"""\n"Rossi, Mario, detto Rosso",,\nD,E,f\n'
    assert cells(opened(write(text))) == [
        ["A", "B", "c"], ["Anna", "Bianchi", "a@x.it"], ["Rossi, Mario, detto Rosso", "", ""], ["D", "E", "f"],
    ]  # fmt: skip
    assert cells(opened(write('name,email\n"Rossi, Mario"\nA,b\n'))) == [["Rossi, Mario", ""], ["A", "b"]]


@pytest.mark.parametrize(
    "again", ["name,email,note\n", '"name","email","note"\r\n', "\ufeffname,email,note\n",
              '\ufeff"name","email","note"\n', " name ,email,note,,\n", "sep=,\nname,email,note\n"],
)  # fmt: skip
def test_header_repeated_by_a_concatenated_export_is_left_out(write: Write, again: str) -> None:
    table = opened(write("name,email,note\nA,b,c\n" + again + "D,e,f\nname,x,y\n"))
    assert cells(table) == [["A", "b", "c"], ["D", "e", "f"], ["name", "x", "y"]]
    assert not table.rejects


@pytest.mark.parametrize("footer", ["Total: 2 records", '"Total: 2 records"', "\n\nNote\nCopyright 2026 Acme\n"])
def test_notes_at_the_end_are_rejected_not_dropped(write: Write, footer: str) -> None:
    table = opened(write("name,email,note\nA,b,c\nD\nE,f,g\n" + footer))
    assert cells(table) == [["A", "b", "c"], ["D", "", ""], ["E", "f", "g"]]
    assert [reject.row[0] for reject in table.rejects] == [line.strip('"') for line in footer.split("\n") if line]
    assert "end of the file" in table.rejects.first[0].reason


def test_rows_of_one_cell_are_rows_where_the_file_is_like_that(write: Write) -> None:
    assert len(cells(opened(write("name,email,note\nA\nB\nC\n")))) == 3
    table = opened(write("name,email,note\nX,y,z\n" + "".join(f"A{n}\n" for n in range(1000))))
    assert [row[0] for row in cells(table)] == ["X", *(f"A{n}" for n in range(1000))]
    assert not table.rejects
    assert cells(opened(write("name,email\nA,b\nC\n"))) == [["A", "b"], ["C", ""]]


def test_preamble_as_wide_as_the_header(write: Write) -> None:
    table = opened(write('Notes:,"Exported by hand"\nFirst Name,Email\nA,a@x.example\n'))
    assert (table.headers, table.header_line) == (["First Name", "Email"], 2)
    table = opened(write("Notes:,,,,\nName,Email,City,Shoe,Phone\nA,,,,\n"))
    assert table.headers == ["Name", "Email", "City", "Shoe", "Phone"]


def test_a_row_of_data_is_not_taken_for_the_header(write: Write) -> None:
    text = "Name,Herkunft,Kanal,Schuhe\nAda,x,y,38\nEva,Website,Email,39\n"
    assert opened(write(text)).headers == ["Name", "Herkunft", "Kanal", "Schuhe"]
    text = "Wer,Herkunft,Kanal\nAda,x,y\nEva,Website,z\n"
    assert len(cells(opened(write(text)))) == 2
    text = "Ada,x,ada@x.example\nEva,Website,eva@x.example\n"
    table = opened(write(text))
    assert (table.header_line, len(cells(table))) == (0, 2)


def test_days_may_be_headers(write: Write) -> None:
    table = opened(write("Name,2026-01-10,2026-01-17\nAda,x,\nEva,,x\n"))
    assert table.headers == ["Name", "2026-01-10", "2026-01-17"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_unknown_headers_are_headers(write: Write, delimiter: str) -> None:
    text = "\n".join(delimiter.join(row) for row in (["Wer", "Wo genau", ""], ["Ada", "Rom", "1"], ["Eva", "", "2"]))
    table = opened(write(text))
    assert (table.headers, table.header_line, table.dialect) == (["Wer", "Wo genau", ""], 1, delimiter)
    assert cells(table) == [["Ada", "Rom", "1"], ["Eva", "", "2"]]


@pytest.mark.parametrize("header", ["name,email,", "name,email", "wer,wo", "wer,wo,,"])
def test_a_further_column_that_every_row_has(write: Write, header: str) -> None:
    table = opened(write(header + "\nA,b,x\nC,d,x\n"))
    assert table.headers == [*header.split(",")[:2], ""]
    assert cells(table) == [["A", "b", "x"], ["C", "d", "x"]]
    assert cells(opened(write("name,email\nA,b,x\nC,d,y\n"))) == []


def test_row_numbers_of_r_have_no_header(write: Write) -> None:
    table = opened(write('"name","email"\n"1","Ada","a@x"\n"2","Eva","b@x"\n"3","Ugo","c@x"\n'))
    assert table.headers == ["", "name", "email"]
    assert cells(table)[2] == ["3", "Ugo", "c@x"]


def test_one_unknown_column(write: Write) -> None:
    table = opened(write("Wer\nAda Byron\nEva Weiß\n"))
    assert (table.headers, cells(table)) == (["Wer"], [["Ada Byron"], ["Eva Weiß"]])
    assert cells(opened(write("Wer\nRossi, Mario\nVerdi, Ada\nNeri, Ugo\n"))) == [
        ["Rossi, Mario"], ["Verdi, Ada"], ["Neri, Ugo"],
    ]  # fmt: skip


@pytest.mark.parametrize(
    "first", ["Ada,Byron,ada@x.example", "Ada,+39 02 1234567,x", "Ada,12/31/1990,x", "Ada,https://x.example/a,x",
              "Ada,www.x.example,x", "Ada,1990-12-31,x", "Ada,3 Mar 2020,x", '"Ada","(02) 555-1234",""'],
)  # fmt: skip
def test_file_without_header(write: Write, first: str) -> None:
    table = opened(write(first + "\nEva,b,c\n"))
    assert (table.headers, table.header_line) == (["column 1", "column 2", "column 3"], 0)
    found = list(table.rows)
    assert [line for line, _row in found] == [1, 2]
    assert found == list(table.reread())
    assert found[0][1][0] == "Ada"
    assert opened(write(first + "\nEva,b,c\n"), "Column_2").headers[1] == "column 2"


def test_a_list_of_addresses(write: Write) -> None:
    table = opened(write("\ufeffa@x.example\nb@x.example\n".encode("utf-16-le")))
    assert (table.headers, cells(table)) == (["column 1"], [["a@x.example"], ["b@x.example"]])
    assert [row for _line, row in table.reread()] == [["a@x.example"], ["b@x.example"]]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Anna,\n\nit was good, as ever, to see you at the fair. We should, when you like, talk of it.\nYours, E\n",
        "A line of a text that goes on and on and has no end that anyone could see from here.\n" * 5,
        '{\n  "name": "Anna",\n  "mail": "x"\n}\n',
        '[{"wer": "Anna", "wo": "Rom"},\n{"wer": "Eva", "wo": "Bern"}]\n',
        "<html>\n<body>\n<p>a, b</p>\n</body>\n",
        "just one line\n",
        "Dear Sir, I write\nto you, hello there\nYours, Eva\n",
        "x=1\ny=2\nz=3\n",
        "From a@x.example Mon\nFrom: a@x.example\nSubject: hi\n\nbody\n",
        "import a\nimport b\n\ndef f(x):\n    return x\n\nprint(f(2))\n",
        "wer: Anna\nwo: Rom\n",
        '"Name" , "Email"\n"Ada" , "x"\n',
        "BEGIN:X\nFOO:1\nEND:X\n",
        "\x01\x02\x03\x04\x05\x06\x07\x0e\x0f\x10",
    ],
)
def test_what_is_no_table_is_refused(write: Write, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        opened(write(text))
    assert "in.csv" in caught.value.message
    assert caught.value.hint


def test_the_sample_is_the_first_two_hundred_rows(write: Write) -> None:
    table = opened(write("name,email\n" + "A\n" * 500))
    assert table.sample == [["A", ""]] * 200
    assert len(cells(table)) == 500


def test_a_second_reading_records_no_rejects_and_does_not_disturb_the_first(write: Write) -> None:
    table = opened(write("name,email\nA,b\nC,d,e\nF,g\n"))
    again = table.reread()
    assert next(again) == next(table.rows) == (2, ["A", "b"])
    assert list(again) == list(table.rows) == [(4, ["F", "g"])]
    assert rejected(table) == [3]
    assert [line for line, _row in table.reread()] == [2, 4]
    assert rejected(table) == [3]


BROKEN = ['x,"y,z@x,1', 'x,y,z@x,"1', '"x,y,z@x,1']
ESCAPED = '"A{n}","B","a{n}@x","say \\"c\\", d"'


@pytest.mark.parametrize("broken", [*BROKEN, 'x,"y \\",z@x,1'])
@pytest.mark.parametrize("other", ["A{n},B,a{n}@x,1", '"A{n}","B","a{n}@x","c, d"', ESCAPED])
@pytest.mark.parametrize("at", [0, 50_000, 99_999])
def test_one_open_quote_in_a_hundred_thousand_rows_costs_one_row(
    write: Write, broken: str, other: str, at: int
) -> None:  # fmt: skip
    if "\\" in broken and other is not ESCAPED:
        broken = broken.replace('\\"', "")
    lines = [other.format(n=n) for n in range(100_000)]
    lines[at] = broken
    table = opened(write("first name,last name,email,note\n" + "\n".join(lines)))
    started = time.monotonic()
    found = [line for line, _row in table.rows]
    assert rejected(table) == [at + 2]
    assert table.rejects.first[0].row == [broken]
    assert found == [n + 2 for n in range(100_000) if n != at]
    assert time.monotonic() - started < 20


def test_two_open_quotes_far_apart_cost_two_rows(write: Write) -> None:
    lines = [f"A{n},b,c" for n in range(1000)]
    lines[100], lines[200] = 'A,"b,c', 'X,5",c'
    table = opened(write("name,email,note\n" + "\n".join(lines)))
    assert len(cells(table)) == 999
    assert rejected(table) == [102]


@pytest.mark.parametrize(
    "text", ['"\\' * 5_000_000, "\\" * 20_000_000, "'," * 5_000_000, "a, " * 5_000_000, '"",' * 5_000_000]
)
def test_hostile_lines_take_linear_time_and_little_memory(write: Write, text: str) -> None:
    path = write("name,note\nA,b\n" + text + "\nC,d\n")
    tracemalloc.start()
    started = time.monotonic()
    table = opened(path)
    found = cells(table)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found == [["A", "b"], ["C", "d"]]
    assert rejected(table) == [3]
    assert peak < 60_000_000
    assert time.monotonic() - started < 60


@pytest.mark.parametrize("first", ["", "sep= \n"])
@pytest.mark.parametrize(
    "line", ["a" + " " * 1_000_000 + "b", "name" + "," * 1_000_000, "name," * 400_000, " " * 900_000 + '"']
)
def test_hostile_headers_take_linear_time(write: Write, first: str, line: str) -> None:
    started = time.monotonic()
    try:
        rows = cells(opened(write(first + line + "\n" + "A,b\n" * 1000)))
    except InvalidInput:
        rows = []
    assert len(rows) <= 1000
    assert time.monotonic() - started < 30


LATIN = "ab \"'`,;|\t\n0é\\.@-"
CELL = st.text(st.sampled_from(LATIN), max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, CELL), max_size=20)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=ROWS,
    delimiter=st.sampled_from(",;\t|"),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    end=st.sampled_from(["\n", "\r\n", "\r"]),
    encoding=st.sampled_from(
        ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
    ),
    style=st.sampled_from(["doubled", "escaped", "single"]),
)
def test_any_dialect_comes_back_exactly(
    write: Write, rows: list[tuple[str, str, str]], delimiter: str, quoting: int, end: str, encoding: str, style: str
) -> None:
    header = ("name", "email", "note of the year")
    options: dict[str, object] = {"quoting": quoting}
    if style == "escaped":
        # One row that shows the style: without any a backslash before a closing quote is the end of a path.
        rows = [*rows, ("x", 'y "z" y', "z")]
        options = {"quoting": csv.QUOTE_ALL, "doublequote": False, "escapechar": "\\"}
    elif style == "single":
        options = {"quoting": csv.QUOTE_ALL, "quotechar": "'"}
        assume(not any(delimiter in cell and '"' in cell for row in rows for cell in row))
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator=end, **options)  # type: ignore[arg-type]
    # csv.writer quotes what holds its own line end; the other kinds would stand bare.
    rows = [tuple(cell.replace("\n", end) for cell in row) for row in rows]  # type: ignore[misc]
    writer.writerows([header, *rows])
    table = opened(write(out.getvalue().encode(encoding)))
    want = [[cell.replace(end, "\n") for cell in row] for row in rows if any(cell.strip() for cell in row)]
    assert table.headers == list(header)
    assert cells(table) == want
    assert [row for _line, row in table.reread()] == want
    assert not table.rejects


@settings(max_examples=500, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(max_size=200),
        st.text(st.sampled_from("ab@.1-\"'\\,;|\t\r\n é\0\x1a\ufeff"), max_size=200).map(str.encode),
        st.lists(st.sampled_from(['"', "\\", "'", ",", ";", "\n", "\r", "name", "email", "a@x.y", "dkcrm:line",
                                  "dkcrm:reason", " ", "sep=;", "\ufeff"]), max_size=60).map("".join).map(str.encode),
    )
)  # fmt: skip
def test_garbage_is_read_or_refused_in_words(write: Write, content: bytes) -> None:
    try:
        table = opened(write(content))
    except InvalidInput as refused:
        assert refused.message
        return
    found = list(table.rows)
    assert all(len(row) == len(table.headers) for _line, row in found)
    lines = [line for line, _row in found] + rejected(table)
    assert len(set(lines)) == len(lines)
    assert min(lines, default=9) > table.header_line
    assert list(table.reread()) == found
