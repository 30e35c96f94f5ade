"""What every format produces: a plan of columns given once, and then rows as plain lists.

A dictionary a row would cost more than parsing the row does; with the plan known beforehand a consumer
picks positions, and a hundred thousand rows cost little more than ``csv.reader`` alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Self


class Reject:
    """A row that could not be taken: where it starts, why, and its cells (the raw text alone when it has none)."""

    __slots__ = ("line", "reason", "row")

    def __init__(self, line: int, reason: str, row: list[str]) -> None:
        self.line = line
        self.reason = reason
        self.row = row

    def __repr__(self) -> str:
        """Show all three parts, for the sake of failing tests."""
        return f"Reject({self.line}, {self.reason!r}, {self.row!r})"


class Source:
    """An opened file of records: the plan of its columns, and its rows, read once and from start to end.

    ``headers`` holds the header cells as they stand in the file; ``columns`` the field that each feeds (None: nothing);
    ``labels`` the label that a header gives to its value ("work", "billing"), which also tells the parts of one
    address from those of another. These three have one item a position, and so has every row. ``rows`` gives the
    physical line where a record starts (from 1) and its cells, as text, unstripped. ``rejects`` fills
    while ``rows`` is read; a consumer may append its own. ``unmapped`` names the headers that nothing takes.
    """

    __slots__ = (
        "_close", "columns", "dialect", "encoding", "header_line", "headers", "labels", "rejects", "rows", "unmapped",
    )  # fmt: skip

    def __init__(
        self,
        *,
        headers: list[str],
        columns: list[str | None],
        labels: list[str | None],
        rows: Iterator[tuple[int, list[str]]],
        rejects: list[Reject],
        unmapped: list[str],
        encoding: str,
        dialect: str,
        header_line: int,
        close: Callable[[], None],
    ) -> None:
        self.headers = headers
        self.columns = columns
        self.labels = labels
        self.rows = rows
        self.rejects = rejects
        self.unmapped = unmapped
        self.encoding = encoding
        self.dialect = dialect
        self.header_line = header_line
        self._close = close

    def close(self) -> None:
        """Close the file; reading ``rows`` to the end closes it too."""
        self._close()

    def __enter__(self) -> Self:
        """Return the source itself."""
        return self

    def __exit__(self, *_exc: object) -> None:
        """Close the file, whatever happened."""
        self._close()
