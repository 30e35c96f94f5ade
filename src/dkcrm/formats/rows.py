"""Physical lines to rows of cells: ``csv.reader`` on the plain road, and a way back where a quote goes wrong.

``csv.reader`` alone takes everything after an unclosed quote for one cell. Here a record that breaks costs the
line where it starts: that line is rejected and reading goes on with the next one. The reader is strict, so the
first quote of a later row that cannot close a cell already shows that the one before never did.
"""

from __future__ import annotations

import csv
import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import Any

from dkcrm.formats.record import Reject
from dkcrm.i18n import _, ngettext

# A cell may hold the longest note that an entity may have (a million characters), so that what was exported comes back;
# a line may hold it with every quote doubled.
MAX_CELL = 1 << 20
MAX_LINE = 2 << 20
MAX_RECORD = 4 << 20
MAX_LINES = 20_000
_LEAST_LINES = 100
_SHOWN = 200
# So many lines are looked at together: where none of them has a quote, each is a row.
_TOGETHER = 500
# So many delimiters on each line of a record mean that it is several rows; fewer are found in addresses …
_TELLING_DELIMITERS = 4
# … unless line after line has just as many as the others, at least two.
_TELLING_LINES = 8
# Rows of one cell at the end of a wider file are notes, up to so many; a longer run is what the file is like.
_MOST_NOTES = 20
_NOTE_WIDTH = 3
_DOS_END = "\x1a"
_BACKSLASH = re.compile(r"\\([\"'\\])|\\")

Row = tuple[int, list[str]]


@dataclass(slots=True)
class Dialect:
    """How cells are told apart; ``escapes``: a backslash makes a quote part of a cell; ``blank_after``: ``, "b"``."""

    delimiter: str
    quote: str = '"'
    escapes: bool = False
    blank_after: bool = False

    def reader(self, lines: Iterable[str]) -> Any:
        """Return a strict ``csv.reader`` of physical lines; escapes must have been prepared by ``lone_backslashes``."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quote,
            escapechar="\\" if self.escapes else None,
            skipinitialspace=self.blank_after,
            strict=True,
        )

    def split(self, text: str) -> list[str] | None:
        """Return the cells of one row given as text, line ends in cells included; None when it is no whole row."""
        csv.field_size_limit(MAX_CELL)
        try:
            rows = list(self.reader([lone_backslashes(text) if self.escapes else text]))
        except csv.Error:
            return None
        return rows[0] if len(rows) == 1 else None


def lone_backslashes(line: str) -> str:
    """Double the backslashes that escape neither a quote nor a backslash: ``csv.reader`` would swallow them."""
    if "\\" not in line:
        return line
    return _BACKSLASH.sub(lambda match: match[0] if match[1] else "\\\\", line)


def clean_header(cell: str) -> str:
    """Return a header cell without mark and outer blanks, its line ends as one blank each."""
    cell = cell.replace("\ufeff", "").strip()
    return " ".join(filter(None, map(str.strip, re.split(r"[\r\n]", cell)))) if "\n" in cell or "\r" in cell else cell


def trimmed(row: Sequence[str]) -> list[str]:
    """Return a row without the blank cells at its end, which spreadsheets add."""
    width = len(row)
    while width and not row[width - 1].strip():
        width -= 1
    return list(row[:width])


class _Broken(Exception):
    """The record that is being read has outgrown what a record may be."""


class Rows:
    """Iterates over ``(line, cells)``; ``line`` is where the record starts, and ``self.line`` the last line read.

    With ``width`` every row has that many cells: missing ones are blank, blank ones too many are cut off, a row that
    stands whole in its first cell is split, one with content beyond the width is rejected, and so are notes at the end
    of the file. Without it rows come as they are. Blank lines and repetitions of ``header`` are left out. ``wrapped``
    says that rows usually stand whole in one cell, ``sound`` that stray quotes hold no rows together. What is rejected
    goes to ``reject``.
    """

    def __init__(
        self,
        readline: Callable[[int], str],
        dialect: Dialect,
        *,
        reject: Callable[[Reject], object],
        width: int = 0,
        line: int = 0,
        pending: Iterable[str] = (),
        header: Sequence[str] = (),
        wrapped: bool = False,
        sound: bool = False,
    ) -> None:
        self.line = line
        self._readline = readline
        self._dialect = dialect
        self._reject = reject
        self._width = width
        self._usual = width
        self._pending = deque(pending)
        self._header = [self._bare(cell) for cell in trimmed(header)]
        self._header_end = trimmed(header)[-1:]
        self._wrapped = wrapped
        self._sound = sound
        self._held: list[str] = []
        self._broken_at = 0
        self._most_lines = MAX_LINES
        self._read_past = False
        self._notes: list[Row] = []
        self._notes_are_rows = width < _NOTE_WIDTH
        self._wider = 0
        self._fitted = 0
        self._ended = False

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, starting a fresh ``csv.reader`` wherever one broke."""
        csv.field_size_limit(MAX_CELL)
        while not self._ended:
            try:
                yield from self._plain()
                yield from self._read()
            except csv.Error as error:
                self._give_up(self._reason(str(error)))
                self._broken_at = self.line
            except _Broken as error:
                self._give_up(str(error))
        if len(self._notes) > 1 and not self._wider:
            yield from self._release()
        for line, row in self._notes:
            reason = _("one cell, where the header has {width}: perhaps a note at the end of the file")
            self._reject(Reject(line, reason.format(width=self._width), row))

    def _tidy(self) -> bool:
        """Tell whether the next line begins a row of the usual width, as far as the lines before it tell."""
        return bool(self._width and not (self._held or self._pending or self._broken_at or self._notes))

    def _plain(self) -> Iterator[Row]:
        """Yield the rows of lines with nothing to think about, many at a time; the first others become pending."""
        source = iter(partial(self._readline, MAX_LINE), "")
        quote, header_end, width = self._dialect.quote, self._header_end, {self._width}
        while self._tidy():
            lines: list[str] = []
            for line in islice(source, _TOGETHER):
                lines.append(line)
                if len(line) > MAX_CELL:
                    break  # what comes next may be the rest of it
            whole = "".join(lines)
            if not lines:
                self._ended = True
                return
            rows: list[list[str]] = []
            if not (quote in whole or _DOS_END in whole or "\\" in whole or len(lines[-1]) > MAX_CELL):
                rows = list(self._dialect.reader(lines))
            if {len(row) for row in rows} != width or header_end in [row[-1:] for row in rows]:
                self._pending.extend(lines)
                return
            for row in rows:
                self.line += 1
                if row[0].strip() or any(map(str.strip, row)):
                    self._fitted = self.line
                    yield self.line, row

    def _read(self) -> Iterator[Row]:
        """Yield rows until the end, until a record breaks, or until there may be plain lines again."""
        held, notes, width = self._held, self._notes, self._width
        header_end = self._header_end[0] if self._header_end else None
        for row in self._dialect.reader(self._feed()):
            if len(held) > 1:
                if self._swallowed():
                    self._give_up(_("a quotation mark opens in this row and is not closed"))
                    continue
                # A line end inside a cell is a line end, whatever the file writes for one.
                row = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in row]
            start = self.line + 1
            self.line += len(held)
            held.clear()
            if not row or not (row[0].strip() or any(map(str.strip, row))):
                continue
            if width and (len(row) != width or self._broken_at or notes):
                self._wider = self._wider or self._fitted
                yield from self._fit(start, row)
                continue
            if row[-1] == header_end and self._is_header(row):
                continue
            self._fitted = start
            yield start, row

    def _feed(self) -> Iterator[str]:
        """Yield physical lines, keeping those of the record in the making so that they can be read again."""
        held, pending, readline, escapes = self._held, self._pending, self._readline, self._dialect.escapes
        size = 0
        while not self._ended and not self._tidy():
            line = pending.popleft() if pending else readline(MAX_LINE)
            if not line:
                self._ended = True
                return
            if line[-1] == _DOS_END and len(line) < MAX_LINE:
                # Old DOS programs end a text with it, and fill up with more of them.
                line = line.rstrip(_DOS_END) or "\n"
            size = size + len(line) if held else len(line)
            held.append(line)
            if len(line) >= MAX_LINE:
                self._overlong(line)
            if len(held) > self._most_lines or size > MAX_RECORD:
                self._broken_at = self.line + 1
                raise _Broken(_("a quotation mark opens in this row and is not closed"))
            yield lone_backslashes(line) if escapes else line

    def _overlong(self, line: str) -> None:
        """Read past the rest of a line that is too long, and break the record; only its beginning is kept."""
        rest = "" if self._read_past else line
        while rest and not rest.endswith(("\n", "\r")):
            rest = self._readline(MAX_LINE)
        self._read_past = len(self._held) > 1
        if self._read_past:
            # An earlier line opened a quote: that one is to blame, and this one will come again.
            self._broken_at = self.line + 1
            raise _Broken(_("a quotation mark opens in this row and is not closed"))
        self._held[0] = line[:_SHOWN]
        raise _Broken(_("the line is longer than {most} characters").format(most=MAX_LINE))

    def _give_up(self, reason: str) -> None:
        """Reject the line where the record in the making starts, and put the others back to be read again."""
        self._ended = False
        first, *others = self._held
        if len(others) > _LEAST_LINES:
            # A file in which this goes on would otherwise be read over and over, thousands of lines at a time.
            self._most_lines = max(_LEAST_LINES, self._most_lines // 2)
        self.line += 1
        self._reject(Reject(self.line, reason, [first.rstrip("\r\n")]))
        self._pending.extendleft(reversed(others))
        self._held.clear()

    def _reason(self, error: str) -> str:
        """Return in a user's words why ``csv.reader`` stopped."""
        if len(self._held) == 1 and "limit" in error:
            return _("a cell is longer than {most} characters").format(most=MAX_CELL)
        if len(self._held) == 1 and "expected after" in error:
            return _("a quotation mark inside a quoted cell is not doubled")
        return _("a quotation mark opens in this row and is not closed")

    def _swallowed(self) -> bool:
        """Tell whether a record of several lines is really several rows that two stray quotes hold together.

        Then each of its lines has as many delimiters as a row; a cell with line ends leaves its lines with fewer.
        """
        expected = self._width - 1
        if self._sound:
            return False
        if expected < _TELLING_DELIMITERS and (expected < 2 or len(self._held) < _TELLING_LINES):
            return False
        return all(line.count(self._dialect.delimiter) == expected for line in self._held)

    def _fit(self, start: int, row: list[str]) -> list[Row]:
        """Return what can be yielded now that a row has come which is not plainly as wide as the header."""
        width = self._width
        if len(row) == 1 and width > 1:
            row = self._unwrapped(row)
        if self._is_header(row) or self._is_announcement(row):
            return []
        if self._broken_at:
            # What follows a broken record may be its rest: only a row of the usual shape shows that it is over.
            if len(row) not in (width, self._usual):
                reason = _("not {width} cells, right after the broken row of line {line}: perhaps its rest")
                self._reject(Reject(start, reason.format(width=width, line=self._broken_at), row))
                return []
            self._broken_at = 0
        if len(row) == 1 and not self._notes_are_rows:
            self._notes.append((start, row))
            self._notes_are_rows = len(self._notes) > _MOST_NOTES
            return self._release() if self._notes_are_rows else []
        self._wider = self._wider or start
        earlier = self._release()
        if any(cell.strip() for cell in row[width:]):
            count = len(row)
            reason = ngettext("{count} cell, where the header has {width}",
                              "{count} cells, where the header has {width}", count)  # fmt: skip
            reason = reason.format(count=count, width=width)
            self._reject(Reject(start, reason, row))
            return earlier
        self._usual = len(row)
        return [*earlier, (start, self._filled(row))]

    def _filled(self, row: list[str]) -> list[str]:
        """Return a row as wide as the header."""
        return (row + [""] * (self._width - len(row)))[: self._width]

    def _release(self) -> list[Row]:
        """Return the rows that were held back as possible notes: they are rows after all."""
        released = [(line, self._filled(row)) for line, row in self._notes]
        self._notes.clear()
        return released

    def _unwrapped(self, row: list[str]) -> list[str]:
        """Return the cells of a row that stands whole, quotes doubled, in its one cell; others as they are.

        Where the file is not all like that, "Rossi, Mario" is a name: then a whole row must fill the width, and have
        no blank after a delimiter as words have after a comma.
        """
        delimiter = self._dialect.delimiter
        if delimiter not in row[0]:
            return row
        cells = self._dialect.split(row[0])
        if cells is None:
            return row
        if self._wrapped:
            return cells
        prose = any(cell.startswith(" ") for cell in cells[1:])
        return row if prose or len(cells) != self._width else cells

    def _is_header(self, row: list[str]) -> bool:
        """Tell whether a row repeats the header, as where exports were put together to one file."""
        return bool(self._header) and [self._bare(cell) for cell in trimmed(row)] == self._header

    def _is_announcement(self, row: list[str]) -> bool:
        """Tell whether a row is the ``sep=;`` of a further export."""
        return row[0].lower() in ("sep=", "sep=" + self._dialect.delimiter) and not any(map(str.strip, row[1:]))

    def _bare(self, cell: str) -> str:
        """Return a header cell to compare: a mark before it would have kept its quotes in the cell."""
        return clean_header(cell).strip(self._dialect.quote)
