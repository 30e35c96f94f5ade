"""How far the cells of a sheet reach: a library makes a table of all the places between its outermost cells."""

from __future__ import annotations

import re

from dkcrm.i18n import _

#: The most cells that a sheet's outermost ones may span; each takes 32 bytes, filled or not.
MOST_CELLS = 16_000_000

_PLACE = rb"\sr\s*=\s*[\"']"
_COLUMN = re.compile(_PLACE + rb"([A-Za-z]{1,12})\d")
_ROW = re.compile(_PLACE + rb"[A-Za-z]{1,12}(\d{1,12})[\"']")
_ROW_ALONE = re.compile(_PLACE + rb"(\d{1,12})[\"']")
# A place that is not an empty cell's: <c r="A1" s="3"/> has a style and nothing in it.
_ATTRIBUTES = rb"(?:\s+[\w:]{1,80}\s*=\s*(?:\"[^\"<]*\"|'[^'<]*')){0,12}"
_FILLED = re.compile(_PLACE + rb"([A-Za-z]{1,12})(\d{1,12})[\"'](?!" + _ATTRIBUTES + rb"\s*/>)")
_TAG = re.compile(rb"<(?:[\w.-]{1,40}:)?(c|row)[\s>/]")


class Trap(Exception):
    """A part of a workbook that is not to be opened; the text says why."""


class QuickSpan:
    """Looks at a part once, fast; ``in_doubt`` tells that only ``ExactSpan`` can say how far its cells reach."""

    def __init__(self) -> None:
        self.in_doubt = False
        self._rows = _Reach()
        self._columns = _Reach()

    def look(self, text: bytes) -> None:
        """Look at more of the part; empty cells count too."""
        if self.in_doubt:
            return
        rows = _ROW.findall(text)
        cells = text.count(b"<c ") + text.count(b"<c>") + text.count(b"<c/")
        others = text.count(b"<c") - text.count(b"<col") > cells
        if cells > len(rows) or others or b":c" in text or b"<!" in text:
            # Cells that do not say where they stand, or a text in which they could not be counted so.
            self.in_doubt = b"row" in text or cells > 0
        for row in set(rows):
            self._rows.reach(int(row))
        for column in set(_COLUMN.findall(text)):
            self._columns.reach(_number(column))
        if self._rows.width() * self._columns.width() > MOST_CELLS:
            self.in_doubt = True


class ExactSpan:
    """Looks at a part cell by cell, leaves the empty ones out, and raises Trap where the table would be too large."""

    def __init__(self) -> None:
        self._rows = _Reach()
        self._columns = _Reach()
        self._last_row = self._tags = self._widest = self._in_row = 0
        self._unplaced = False

    def look(self, text: bytes) -> None:
        """Look at more of the part."""
        for column, row in set(_FILLED.findall(text)):
            self._rows.reach(int(row))
            self._columns.reach(_number(column))
        self._last_row = max([self._last_row, *map(int, _ROW_ALONE.findall(text))])
        tags = _TAG.findall(text)
        if tags.count(b"c") > len(_ROW.findall(text)) or b"<!" in text:
            self._unplaced = True
        for tag in tags:
            self._tags += tag == b"row"
            self._in_row = self._in_row + 1 if tag == b"c" else 0
            self._widest = max(self._widest, self._in_row)
        if self._cells() > MOST_CELLS:
            reason = _("the cells of a sheet span {count} places, most of them empty")
            raise Trap(reason.format(count=self._cells()))

    def _cells(self) -> int:
        """Return how many cells the table would have; those without a place stand after those that have one."""
        if self._unplaced:
            rows = max(self._rows.last, self._last_row) + self._tags
            return rows * (self._columns.last + self._widest)
        return self._rows.width() * self._columns.width()


class _Reach:
    """The first and the last of some numbers."""

    __slots__ = ("first", "last")

    def __init__(self) -> None:
        self.first = self.last = 0

    def reach(self, number: int) -> None:
        """Take one more number."""
        self.first = min(self.first, number) if self.last else number
        self.last = max(self.last, number)

    def width(self) -> int:
        """Return how many there are from the first to the last, both included."""
        return self.last - self.first + 1 if self.last else 0


def _number(letters: bytes) -> int:
    """Return the number of a column: A is 1, AA 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number
