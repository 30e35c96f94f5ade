"""Rows of a file on their way into an import, some at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

from dkcrm.services.points import Looked
from dkcrm.services.reading import Item
from dkcrm.services.rows import fingerprint

#: The line, the text, the record (of a table: its cells, without outer blanks) and the fingerprint of a row.
Row = tuple[int, str, Any, int]

_ROWS = 500


class Block(NamedTuple):
    """Some rows, and what their emails, phones and links were found to be where somebody has looked already."""

    rows: list[Row]
    looked: Looked | None = None


def blocks(items: Iterable[Item]) -> Iterator[Block]:
    """Yield the items of a file in blocks, each item with its mark."""
    rest = iter(items)
    while block := list(islice(rest, _ROWS)):
        yield Block([(line, text, item, fingerprint(text)) for line, text, item in block])


def columns_of(rows: Sequence[Row]) -> list[Sequence[str]]:
    """Return the cells of some rows of a table, column by column."""
    return list(zip(*[row[2] for row in rows], strict=True))
