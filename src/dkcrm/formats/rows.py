"""Physical lines to rows of cells: ``csv.reader`` on the plain road, and a way back where a quote goes wrong.

``csv.reader`` alone takes everything after an unclosed quote for one cell. Here a record that breaks costs the
line where it starts: that line is rejected and reading goes on with the next one. The reader is strict, so the
first quote of a later row that cannot close a cell already shows that the one before never did.
"""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from dkcrm.formats.record import Reject
from dkcrm.i18n import _

# A cell may hold the longest note that an entity may have (a million characters), so that what was exported comes back;
# a line may hold it with every quote doubled.
MAX_CELL = 1 << 20
MAX_LINE = 2 << 20
MAX_RECORD = 4 << 20
MAX_LINES = 20_000
_LEAST_LINES = 100
_SHOWN = 200
# So many delimiters on each line of a record mean that it is several rows; fewer are found in addresses.
_TELLING_DELIMITERS = 4


class _Broken(Exception):
    """The record that is being read has outgrown what a record may be."""


class Rows:
    """Iterates over ``(line, cells)``; ``line`` is where the record starts, and ``self.line`` the last line read.

    With ``width`` every row has that many cells: missing ones are blank, blank ones too many are cut off, and a row
    with content beyond the width is rejected. Without it rows come as they are. Blank lines are left out.
    """

    def __init__(
        self,
        readline: Callable[[int], str],
        delimiter: str,
        *,
        blank_after: bool,
        rejects: list[Reject],
        width: int = 0,
        line: int = 0,
        pending: Iterable[str] = (),
    ) -> None:
        self.line = line
        self._readline = readline
        self._delimiter = delimiter
        self._blank_after = blank_after
        self._rejects = rejects
        self._width = width
        self._usual = width
        self._pending = deque(pending)
        self._held: list[str] = []
        self._broken_at = 0
        self._most_lines = MAX_LINES
        self._read_past = False

    def __iter__(self) -> Iterator[tuple[int, list[str]]]:
        """Yield the rows, starting a fresh ``csv.reader`` wherever one broke."""
        csv.field_size_limit(MAX_CELL)
        while True:
            try:
                yield from self._read()
                return
            except csv.Error as error:
                self._give_up(self._reason(str(error)))
                self._broken_at = self.line
            except _Broken as error:
                self._give_up(str(error))

    def _read(self) -> Iterator[tuple[int, list[str]]]:
        """Yield rows until the end or until a record breaks."""
        held, width = self._held, self._width
        lines = self._feed()
        reader = csv.reader(lines, delimiter=self._delimiter, strict=True, skipinitialspace=self._blank_after)
        for row in reader:
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
            if width and (len(row) != width or self._broken_at):
                fitted = self._fit(start, row)
                if fitted is None:
                    continue
                row = fitted
            yield start, row

    def _feed(self) -> Iterator[str]:
        """Yield physical lines, keeping those of the record in the making so that they can be read again."""
        held, pending, readline = self._held, self._pending, self._readline
        size = 0
        while True:
            line = pending.popleft() if pending else readline(MAX_LINE)
            if not line:
                return
            size = size + len(line) if held else len(line)
            held.append(line)
            if len(line) >= MAX_LINE:
                self._overlong(line)
            if len(held) > self._most_lines or size > MAX_RECORD:
                self._broken_at = self.line + 1
                raise _Broken(_("a quotation mark opens in this row and is not closed"))
            yield line

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
        first, *others = self._held
        if len(others) > _LEAST_LINES:
            # A file in which this goes on would otherwise be read over and over, thousands of lines at a time.
            self._most_lines = max(_LEAST_LINES, self._most_lines // 2)
        self.line += 1
        self._rejects.append(Reject(self.line, reason, [first.rstrip("\r\n")]))
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
        return expected >= _TELLING_DELIMITERS and all(line.count(self._delimiter) == expected for line in self._held)

    def _fit(self, start: int, row: list[str]) -> list[str] | None:
        """Bring a row to the width of the header, or reject it and return None."""
        width = self._width
        if self._broken_at:
            # What follows a broken record may be its rest: only a row of the usual shape shows that it is over.
            if len(row) not in (width, self._usual):
                reason = _("not {width} cells, right after the broken row of line {line}: perhaps its rest")
                self._rejects.append(Reject(start, reason.format(width=width, line=self._broken_at), row))
                return None
            self._broken_at = 0
        if len(row) < width:
            self._usual = len(row)
            return row + [""] * (width - len(row))
        if any(cell.strip() for cell in row[width:]):
            reason = _("{count} cells, where the header has {width}").format(count=len(row), width=width)
            self._rejects.append(Reject(start, reason, row))
            return None
        if len(row) > width:
            self._usual = len(row)
        return row[:width]
