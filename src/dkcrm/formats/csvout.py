"""CSV and TSV on their way out, a block of columns at a time: cells are looked at a column at once, not one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from dkcrm.formats.cells import GUARDED, guard

Column = Sequence[str]


class TableText:
    """Text of cells between delimiters, quoted where they must be (RFC 4180).

    ``for_spreadsheet`` guards cells against being read as formulas, says so in a header, and marks the file as UTF-8.
    """

    def __init__(self, delimiter: str = ",", *, for_spreadsheet: bool = False) -> None:
        self.delimiter = delimiter
        self.for_spreadsheet = for_spreadsheet
        self.end = "\r\n" if for_spreadsheet else "\n"
        self.marks = delimiter + '"\r\n'

    def write_headers(self, out: TextIO, headers: Sequence[str]) -> None:
        """Write the first line."""
        if self.for_spreadsheet:
            out.write("\ufeff")  # without it Excel reads UTF-8 as the machine's old code page
            headers = [*headers, GUARDED]
        out.write(self.delimiter.join(_quoted(headers, self.marks)) + self.end)

    def write_rows(self, out: TextIO, blocks: Iterable[Sequence[Column]]) -> None:
        """Write rows, given as the columns of some of them after the others."""
        for columns in blocks:
            if self.for_spreadsheet:
                columns = [list(map(guard, column)) for column in columns]
            rows = zip(*(_quoted(column, self.marks) for column in columns), strict=True)
            out.write(self.end.join(map(self.delimiter.join, rows)))
            out.write(self.end)


def _quoted(column: Column, marks: str) -> Column:
    """Return a column with quotes around the cells that have one of the marks in them."""
    whole = "".join(column)
    if not any(mark in whole for mark in marks):
        return column
    search = re.compile(f"[{marks}]").search
    return ['"' + cell.replace('"', '""') + '"' if search(cell) else cell for cell in column]
