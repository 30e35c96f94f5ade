"""Rows to an Excel workbook in which every cell is text: nothing is bent into a number or date, no formula runs."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.excel.extra import missing_extra
from dkcrm.formats.outfile import whole_file
from dkcrm.i18n import _

MOST_ROWS, MOST_COLUMNS, MOST_CHARACTERS = 1_048_576, 16_384, 32_767
_MEASURED = 200
_NARROWEST, _WIDEST = 8, 60
_OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def write_xlsx(path: str, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write a workbook with one sheet, headers bold and frozen, and return the number of rows without the header.

    The file appears whole or not at all, readable by its owner alone. Raises ``InvalidInput`` for more rows, columns
    or characters in a cell than a sheet can hold, ``DkcrmError`` with the code ``io`` when it cannot be written, and
    ``missing_extra`` when the library is not installed.
    """
    try:
        import xlsxwriter
        from xlsxwriter.exceptions import XlsxWriterException
    except ImportError:
        raise missing_extra() from None
    if len(headers) > MOST_COLUMNS:
        raise _too_much(_("{count} columns; {most} is the most").format(count=len(headers), most=MOST_COLUMNS))
    try:
        # The sheet's parts are in a directory of mode 0700.
        with whole_file(path) as file, tempfile.TemporaryDirectory(prefix="dkcrm-") as parts:
            book = xlsxwriter.Workbook(file, {**_OPTIONS, "tmpdir": parts})
            sheet = book.add_worksheet("dkcrm")
            try:
                count = _fill(sheet, book.add_format({"bold": True}), headers, rows)
                book.close()
            finally:
                sheet.row_data_fh.close()
    except (OSError, XlsxWriterException) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
        message = _("cannot write {name}: {reason}").format(name=path, reason=reason)
        raise DkcrmError(message, code="io", hint=_("check the path, its rights and the room on the disk")) from error
    return count


def _fill(sheet: Any, bold: Any, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Write headers and rows, and make the columns as wide as what stands in the first rows."""
    sheet.freeze_panes(1, 0)
    widths = [_NARROWEST] * len(headers)
    _measure(widths, headers)
    for column, header in enumerate(headers):
        sheet.write_string(0, column, _cell(header, 1, header), bold)
    count = 0
    for count, row in enumerate(rows, start=1):
        if count >= MOST_ROWS:
            raise _too_much(_("more than {most} rows, the header among them").format(most=MOST_ROWS))
        if count <= _MEASURED:
            _measure(widths, row)
        for column, value in enumerate(row):
            if value:
                sheet.write_string(count, column, _cell(value, count + 1, headers[column]))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width + 1)
    return count


def _measure(widths: list[int], row: Sequence[str]) -> None:
    """Widen columns for a row; a text of several lines is as wide as its longest."""
    for column, value in enumerate(row[: len(widths)]):
        longest = max(map(len, value[:MOST_CHARACTERS].split("\n")), default=0)
        widths[column] = min(max(widths[column], longest), _WIDEST)


def _cell(value: str, row: int, header: str) -> str:
    """Return a cell's text, refusing what would be cut off; what UTF-8 cannot hold is replaced."""
    if len(value) * 2 > MOST_CHARACTERS:
        # Excel counts in units of sixteen bits.
        units = len(value.encode("utf-16-le", "replace")) // 2
        if units > MOST_CHARACTERS:
            reason = _("row {row} has {count} characters under '{header}'; {most} is the most in a cell")
            raise _too_much(reason.format(row=row, count=units, header=header, most=MOST_CHARACTERS))
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode(errors="replace").decode()
    return value


def _too_much(reason: str) -> InvalidInput:
    """Return the error for what a sheet cannot hold."""
    return InvalidInput(_("too much for a sheet: {reason}").format(reason=reason), hint=_("export it as CSV"))
