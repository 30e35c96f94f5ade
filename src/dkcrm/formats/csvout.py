"""CSV and TSV on their way out, a block of columns at a time: cells are looked at a column at once, not one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import TextIO

from dkcrm.formats.cells import GUARDED, guard

Column = Sequence[str]


def write_table(
    out: TextIO,
    headers: Sequence[str],
    blocks: Iterable[Sequence[Column]],
    *,
    delimiter: str = ",",
    for_spreadsheet: bool = False,
) -> None:
    """Write rows, given as the columns of some of them after the others; quoted where they must be (RFC 4180).

    ``for_spreadsheet`` guards cells against being read as formulas, says so in a header, and marks the file as UTF-8.
    """
    end = "\r\n" if for_spreadsheet else "\n"
    marks = delimiter + '"\r\n'
    if for_spreadsheet:
        out.write("\ufeff")  # without it Excel reads UTF-8 as the machine's old code page
        headers = [*headers, GUARDED]
    out.write(delimiter.join(_quoted(headers, marks)) + end)
    for columns in blocks:
        if for_spreadsheet:
            columns = [list(map(guard, column)) for column in columns]
        rows = zip(*(_quoted(column, marks) for column in columns), strict=True)
        out.write(end.join(map(delimiter.join, rows)))
        out.write(end)


def _quoted(column: Column, marks: str) -> Column:
    """Return a column with quotes around the cells that have one of the marks in them."""
    whole = "".join(column)
    if not any(mark in whole for mark in marks):
        return column
    search = re.compile(f"[{marks}]").search
    return ['"' + cell.replace('"', '""') + '"' if search(cell) else cell for cell in column]
