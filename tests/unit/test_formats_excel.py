"""Excel workbooks: cells as text, the header row found, and no workbook that takes the process down."""

from __future__ import annotations

import datetime as dt
import io
import os
import stat
import sys
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.excel import open_xlsx, write_xlsx
from dkcrm.formats.headers import field_for
from dkcrm.formats.record import Table

pytest.importorskip("python_calamine")
xlsxwriter = pytest.importorskip("xlsxwriter")

Sheets = dict[str, list[list[Any]]]


def known(header: str) -> bool:
    return field_for(header) is not None


@pytest.fixture
def path(tmp_path: Path) -> str:
    (tmp_path / "files").mkdir()
    return str(tmp_path / "files" / "in.xlsx")


@pytest.fixture
def make(path: str) -> Callable[..., str]:
    """Give a function that writes sheets with Excel's own kinds of cells, and returns the path."""

    def book(sheets: Sheets | list[list[Any]], hidden: tuple[str, ...] = ()) -> str:
        whole = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        formats = {
            dt.datetime: whole.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            dt.date: whole.add_format({"num_format": "yyyy-mm-dd"}),
            dt.time: whole.add_format({"num_format": "hh:mm:ss"}),
            dt.timedelta: whole.add_format({"num_format": "[h]:mm:ss"}),
        }
        for name, rows in (sheets if isinstance(sheets, dict) else {"Sheet1": sheets}).items():
            sheet = whole.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for line, row in enumerate(rows):
                for column, value in enumerate(row):
                    if type(value) in formats:
                        sheet.write_datetime(line, column, value, formats[type(value)])
                    elif isinstance(value, str) and value.startswith("=NA"):
                        sheet.write_formula(line, column, value, None, "#N/A")
                    elif value is not None:
                        sheet.write(line, column, value)
        whole.close()
        return path

    return book


def read(path: str, **options: Any) -> Table:
    return open_xlsx(path, known=known, **options)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (393471234567, "393471234567"), (12.5, "12.5"), (0.1, "0.1"), (-3, "-3"), (1e-7, "1e-07"),
        (1e20, "1" + "0" * 20),
        (123456789012345, "123456789012345"), (True, "true"), (False, "false"), ("0123", "0123"), ("+39 02", "+39 02"),
        ("=1+1", "=1+1"), (" x ", " x "), ("#N/A", "#N/A"), ("=NA()", ""), (dt.date(2024, 2, 29), "2024-02-29"),
        (dt.datetime(2024, 2, 29, 3, 4, 5), "2024-02-29T03:04:05"), (dt.time(3, 4, 5), "03:04:05"),
        (dt.timedelta(hours=36), "36:00:00"), ("a\nb", "a\nb"), ("Zoè ☎", "Zoè ☎"),
    ],
)  # fmt: skip
def test_cells_as_text(make: Callable[..., str], cell: Any, text: str) -> None:
    table = read(make([["Name", "Note"], ["Ada", cell]]))
    assert list(table.rows) == [(2, ["Ada", text])]


def test_table(make: Callable[..., str]) -> None:
    rows = [["My contacts"], [], [None, " Name ", "E-mail", "Shoe\nsize"], [None, "Ada", "a@x.example", 38.0], [],
            ["x", "Bo"], [None, None, " "]]  # fmt: skip
    with read(make(rows)) as table:
        assert table.headers == ["", "Name", "E-mail", "Shoe size"]
        assert (table.header_line, table.format, table.suffix) == (3, "xlsx", ".csv")
        assert (table.dialect, table.encoding) == ("Sheet1", "xlsx")
        expected = [(4, ["", "Ada", "a@x.example", "38"]), (6, ["x", "Bo", "", ""])]
        assert table.sample == [cells for _line, cells in expected]
        assert list(table.rows) == expected
        assert list(table.reread()) == list(table.reread()) == expected
        assert not table.rejects


def test_rows_fit_the_header(make: Callable[..., str]) -> None:
    table = read(make([["Name", "Email", None, " "], ["Ada", "a", None, "beyond the headers"], ["Bo"]]))
    assert table.headers == ["Name", "Email"]
    assert list(table.rows) == [(3, ["Bo", ""])]
    (reject,) = table.rejects
    assert (reject.line, reject.reason) == (2, "4 cells, where the header has 2")
    assert reject.row == ["Ada", "a", "", "beyond the headers"]
    assert list(table.reread()) == [(3, ["Bo", ""])] and len(table.rejects) == 1


@pytest.mark.parametrize("rows", [[["Ada", "a", "x"]], [["Ada", "a", "x"], ["Bo"], ["Cy", "c", "z"]]])
def test_a_column_without_a_header_is_one(make: Callable[..., str], rows: list[list[str]]) -> None:
    table = read(make([["Name", "Email"], *rows]))
    assert table.headers == ["Name", "Email", ""]
    assert [row for _line, row in table.rows] == [[*row, "", ""][:3] for row in rows]
    assert not table.rejects


def test_what_stands_alone_beside_the_columns_is_told_of(make: Callable[..., str]) -> None:
    table = read(make([["Name", "Email"], ["Ada", "a"], [None, None, "a remark"], ["Bo", "b"]]))
    assert [line for line, _row in table.rows] == [2, 4]
    assert [reject.row for reject in table.rejects] == [["", "", "a remark"]]


def test_columns_of_a_file_of_rejects_are_left_out(make: Callable[..., str]) -> None:
    table = read(make([["dkcrm:line", "dkcrm:reason", "Name"], ["4", "no email", "Ada"]]))
    assert (table.headers, list(table.rows)) == (["Name"], [(2, ["Ada"])])


def test_sheet_with_the_most_known_headers(make: Callable[..., str]) -> None:
    sheets = {
        "Read me": [["Name of this file"], ["a note"]],
        "People": [["Name", "Email", "Phone"], ["Ada", "a@x.example", "1"]],
        "Secret": [["Name", "Email", "Phone", "City"], ["Eve", "e@x.example", "2", "Roma"]],
    }
    path = make(sheets, hidden=("Secret",))
    assert read(path).dialect == "People"
    assert read(path, sheet="Secret").headers == ["Name", "Email", "Phone", "City"]
    assert read(path, sheet=" people ").dialect == "People"
    with pytest.raises(InvalidInput) as caught:
        read(path, sheet="Peopel")
    assert "People" in (caught.value.hint or "")


def test_other_sheets_with_rows_are_named(make: Callable[..., str]) -> None:
    people = [["Name", "Email"], ["Ada", "a@x.example"]]
    path = make({"A": people, "B": people, "Empty": [], "Heads": [["Name", "Email"]], "Old": people}, hidden=("Old",))
    assert (read(path).dialect, read(path).others) == ("A", ["B"])
    assert (read(path, sheet="B").dialect, read(path, sheet="B").others) == ("B", [])


def test_wanted_headers(make: Callable[..., str]) -> None:
    path = make({"One": [["Name", "Email"], ["x", "y"]], "Two": [["Cliente", "Codice  SAP"], ["Ada", "1"]]})
    assert read(path, wanted=["codice_sap", "CLIENTE"]).dialect == "Two"
    with pytest.raises(InvalidInput) as caught:
        read(path, wanted=["Emial"])
    assert "Emial" in caught.value.message and "Email" in (caught.value.hint or "")


def test_no_known_header(make: Callable[..., str]) -> None:
    table = read(make([["Codice SAP", "Gruppo"], ["A", "x"], ["B", "y"]]))
    assert (table.headers, table.header_line, len(list(table.rows))) == (["Codice SAP", "Gruppo"], 1, 2)
    table = read(make([["Ada", "a@x.example"], ["Bo", "b@x.example"]]))
    assert (table.headers, table.header_line) == (["column 1", "column 2"], 0)
    assert list(table.rows) == [(1, ["Ada", "a@x.example"]), (2, ["Bo", "b@x.example"])]


@pytest.mark.parametrize("rows", [[], [[" "], [None]]])
def test_an_empty_sheet_is_refused(make: Callable[..., str], rows: list[list[Any]]) -> None:
    with pytest.raises(InvalidInput, match="has no rows"):
        read(make(rows))


def test_rejects_are_written_as_csv(make: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    import types

    seen: list[Any] = []
    module = types.ModuleType("dkcrm.formats.rejects")
    module.write_csv_rejects = lambda *args: seen.append(args)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dkcrm.formats.rejects", module)
    table = read(make([["Name"], ["Ada"]]))
    file = io.StringIO()
    table.write_rejects(file, [])
    assert seen == [(file, [], ["Name"])]


KINDS = {
    "an old Excel workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
    "protected with a password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
    "a web page": b"\xef\xbb\xbf \n<html><table><tr><td>Name</td></tr></table></html>",
    "an Excel 2003 XML table": b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
    "text": b"Name,Email\nAda,a@x.example\n",
    "empty": b"",
    "a PDF": b"%PDF-1.4\n",
}  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_no_workbook_is_refused_by_name(path: str, kind: str) -> None:
    Path(path).write_bytes(KINDS[kind])
    with pytest.raises(InvalidInput) as caught:
        read(path)
    assert kind in caught.value.message and caught.value.hint


@pytest.mark.parametrize(
    ("names", "kind"),
    [
        (["mimetype", "content.xml"], "OpenDocument"), (["[Content_Types].xml", "xl/workbook.bin"], "xlsb"),
        (["a.txt"], "a zip archive"), (["[Content_Types].xml", "word/document.xml"], "a zip archive"),
    ],
)  # fmt: skip
def test_other_archives_are_refused_by_name(path: str, names: list[str], kind: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    with pytest.raises(InvalidInput, match=kind):
        read(path)


def test_file_that_is_not_there(path: str, tmp_path: Path) -> None:
    for wrong in (path, str(tmp_path)):
        with pytest.raises(DkcrmError) as caught:
            read(wrong)
        assert caught.value.code == "io"


def test_standard_input(make: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    content = Path(make([["Name"], ["Ada"]])).read_bytes()
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert list(read("-").rows) == [(2, ["Ada"])]


def parts_of(path: str) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def put(path: str, parts: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize("at", range(0, 6000, 37))
def test_a_damaged_workbook_is_told_of(make: Callable[..., str], at: int) -> None:
    path = make([["Name"], ["Ada"]])
    content = bytearray(Path(path).read_bytes())
    content[at % len(content)] ^= 0x41
    Path(path).write_bytes(bytes(content))
    try:
        list(read(path).rows)
    except InvalidInput as error:
        assert error.message


@pytest.mark.parametrize("length", [4, 30, 1000, 3000])
def test_a_workbook_that_is_cut_off_is_told_of(make: Callable[..., str], length: int) -> None:
    path = make([["Name"], ["Ada"]])
    Path(path).write_bytes(Path(path).read_bytes()[:length])
    with pytest.raises(InvalidInput, match="damaged"):
        read(path)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/sharedStrings.xml", "[Content_Types].xml"])
def test_a_part_with_a_dtd_is_refused(make: Callable[..., str], name: str, encoding: str) -> None:
    path = make([["Name"], ["Ada"]])
    parts = parts_of(path)
    dtd = '<?xml version="1.0"?>\n<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>\n<x/>'
    put(path, {**parts, name: dtd.encode(encoding)})
    with pytest.raises(InvalidInput, match="document type definition"):
        read(path)


def test_a_bomb_is_refused_before_it_goes_off(make: Callable[..., str]) -> None:
    path = make([["Name"], ["Ada"]])
    parts = parts_of(path)
    row = b'<row r="3"><c r="A3" t="inlineStr"><is><t>' + b"x" * (300 << 20) + b"</t></is></c></row></sheetData>"
    put(path, {**parts, SHEET: parts[SHEET].replace(b"</sheetData>", row)})
    assert os.path.getsize(path) < 1 << 20
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput, match="packed beyond measure"):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 40 << 20
    finally:
        tracemalloc.stop()


def test_a_directory_that_lies_about_sizes_is_not_believed(make: Callable[..., str]) -> None:
    path = make([["Name"], ["Ada"]])
    parts = parts_of(path)
    put(path, {**parts, SHEET: parts[SHEET] + b" " * (30 << 20)})
    size = len(parts[SHEET]) + (30 << 20)
    content = Path(path).read_bytes()
    assert content.count(size.to_bytes(4, "little")) >= 2
    Path(path).write_bytes(content.replace(size.to_bytes(4, "little"), (5000).to_bytes(4, "little")))
    tracemalloc.start()
    try:
        with pytest.raises(InvalidInput):
            read(path)
        assert tracemalloc.get_traced_memory()[1] < 20 << 20
    finally:
        tracemalloc.stop()


def cell(place: str, value: str = "x", attributes: str = "") -> str:
    said = f' r="{place}"' if place else ""
    return f'<c{said}{attributes} t="inlineStr"><is><t>{value}</t></is></c>'


FAR = {
    "in its corner": f'<row r="1048576">{cell("XFD1048576")}</row>',
    "in a column": f'<row r="900000">{cell("ZZ900000")}</row>',
    "single quotes": "<row r='1048576'><c t=\"n\" r = 'XFD1048576' ><v>1</v></c></row>",
    "small letters": f'<row r="1048576">{cell("xfd1048576")}</row>',
    "beyond all columns": f'<row r="1048576">{cell("ZZZZZZZ1048576")}</row>',
    "a row alone": f'<row r="1048576">{cell("") * 1000}</row>',
    "cells without places": f"<row>{cell('') * 9000}</row>" + f"<row>{cell('')}</row>" * 9000,
    "a lying comment": '<!-- r="A1" -->' * 18_000 + f"<row>{cell('') * 9000}</row>" + f"<row>{cell('')}</row>" * 9000,
    "a prefix": '<x:row r="1048576"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "an attribute with a slash": '<row r="1048576"><c r="XFD1048576" s="/>" t="n"><v>1</v></c></row>',
}  # fmt: skip


@pytest.mark.parametrize("far", FAR.values(), ids=FAR)
def test_cells_far_apart_do_not_take_the_process_down(make: Callable[..., str], far: str) -> None:
    path = make([["Name"], ["Ada"]])
    parts = parts_of(path)
    sheet = parts[SHEET].replace(b"</sheetData>", far.encode() + b"</sheetData>")
    put(path, {**parts, SHEET: sheet})
    with pytest.raises(InvalidInput, match="span"):
        read(path)


def test_empty_cells_with_a_style_far_away_do_no_harm(make: Callable[..., str]) -> None:
    path = make([["Name"], ["Ada"]])
    parts = parts_of(path)
    far = b'<row r="1048576" s="1"><c r="XFD1048576" s="1"/><c s="2" r="XFC1048576" t="n" /></row></sheetData>'
    put(path, {**parts, SHEET: parts[SHEET].replace(b"</sheetData>", far)})
    assert list(read(path).rows) == [(2, ["Ada"])]


def test_cells_without_places_are_read(make: Callable[..., str]) -> None:
    path = make([["Name"]])
    parts = parts_of(path)
    rows = f"<sheetData><row>{cell('', 'Name')}{cell('', 'Email')}</row><row>{cell('', 'Ada')}{cell('', 'a@x')}</row>"
    sheet = parts[SHEET]
    begin, end = sheet.index(b"<sheetData>"), sheet.index(b"</sheetData>")
    put(path, {**parts, SHEET: sheet[:begin] + rows.encode() + sheet[end:]})
    assert list(read(path).rows) == [(2, ["Ada", "a@x"])]


def test_missing_library(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    for call in (lambda: read(path), lambda: write_xlsx(path, ["Name"], [])):
        with pytest.raises(DkcrmError) as caught:
            call()
        assert (caught.value.code, caught.value.exit_status) == ("missing_extra", 1)
        assert caught.value.hint == "pip install 'dkcrm[excel]'"


def test_writing(path: str) -> None:
    headers = ["Name", "Phone", "Formula", "Link", "Number"]
    rows = [
        ["Zoè", "+39 02", "=cmd|' /C calc'!A0", "https://x.example", "007"],
        ["", "x\ny", "@SUM(1)", "_x0041_", "1e5"],
    ]
    assert write_xlsx(path, headers, iter(rows)) == 2
    table = open_xlsx(path, known=lambda header: header in headers)
    assert (table.headers, [cells for _line, cells in table.rows]) == (headers, rows)
    assert stat.S_IMODE(os.stat(path).st_mode) == 0o600
    assert os.listdir(os.path.dirname(path)) == [os.path.basename(path)]
    sheet = parts_of(path)[SHEET].decode()
    assert "<f>" not in sheet and "<v>" not in sheet and "hyperlink" not in sheet
    assert 'state="frozen"' in sheet and '<row r="1"' in sheet and "<col " in sheet


def test_columns_are_as_wide_as_their_cells(path: str) -> None:
    write_xlsx(path, ["A", "B"], [["x" * 30, "y" * 5000]])
    sheet = parts_of(path)[SHEET].decode()
    widths = [float(text.split('"')[0]) for text in sheet.split('width="')[1:]]
    assert 30 < widths[0] < 35 and 50 < widths[1] < 70


def test_nothing_stands_where_writing_failed(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def rows() -> Iterator[list[str]]:
        yield ["a"]
        raise DkcrmError("the database went away")

    Path(path).write_text("what was there")
    with pytest.raises(DkcrmError, match="went away"):
        write_xlsx(path, ["Name"], rows())
    with pytest.raises(InvalidInput, match="characters"):
        write_xlsx(path, ["Name"], [["x" * 32_768]])
    monkeypatch.setattr("dkcrm.formats.excel.writer.MOST_ROWS", 3)
    assert write_xlsx(path + "2", ["Name"], [["a"], ["b"]]) == 2
    with pytest.raises(InvalidInput, match="more than 3 rows"):
        write_xlsx(path, ["Name"], [["a"], ["b"], ["c"]])
    assert Path(path).read_text() == "what was there"
    assert sorted(os.listdir(os.path.dirname(path))) == ["in.xlsx", "in.xlsx2"]


def test_a_directory_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DkcrmError) as caught:
        write_xlsx(str(tmp_path / "no" / "out.xlsx"), ["Name"], [])
    assert caught.value.code == "io"


CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.just("key"), CELLS, CELLS), max_size=4))
def test_any_text_comes_back(path: str, rows: list[tuple[str, str, str]]) -> None:
    write_xlsx(path, ["Name", "Email", "Note"], rows)
    assert [tuple(cells) for cells in open_xlsx(path, known=known).sample] == rows
