"""Rows as aligned text, without rich: what a cell says, which columns fit, and lists longer than a screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from dkcrm.render.charts import percent
from dkcrm.render.stream import Writer
from dkcrm.render.text import clean, plain, relative, width
from dkcrm.result import Column

#: Blanks between two columns.
GAP = 2
#: A text column wider than this is taken as this wide when columns are chosen: its long values wrap.
COMFORT = 32
#: Text columns are squeezed no further than this, and words up to _WORD stay whole if there is room for that.
_NARROW, _WORD = 8, 16

Row = Mapping[str, Any]


def cell(column: Column, value: Any, now: str, ascii: bool) -> str:
    """Return what a terminal shows of a value, cleaned; ``now`` (ISO 8601) is what times are relative to."""
    if column.look == "time" and isinstance(value, str):
        return clean(relative(value, now))
    if column.look == "share" and isinstance(value, (int, float)):
        return percent(value, ascii=ascii)
    return clean(plain(value))


def natural_widths(columns: Sequence[Column], cells: Iterable[Sequence[str]]) -> list[int]:
    """Return the cells that each column takes when nothing wraps, its heading included."""
    widths = [width(clean(column.title)) for column in columns]
    for row in cells:
        widths = [max(known, width(text)) for known, text in zip(widths, row, strict=True)]
    return widths


def choose(columns: Sequence[Column], widths: Sequence[int], room: int) -> list[int]:
    """Return the indexes of the columns to show in ``room`` cells: wide ones leave from the right until it fits."""
    kept = list(range(len(columns)))

    def needed() -> int:
        sizes = [min(widths[i], COMFORT) if columns[i].look == "text" else widths[i] for i in kept]
        return sum(sizes) + GAP * (len(kept) - 1)

    for index in reversed(range(len(columns))):
        if needed() <= room:
            break
        if columns[index].wide and len(kept) > 1:
            kept.remove(index)
    return kept


def layout(columns: Sequence[Column], cells: Sequence[Sequence[str]], room: int) -> list[int] | None:
    """Return the width of each column so that the table fits ``room``, or None where no table does.

    Text gives way first, the widest column first, and keeps its words whole while it can; other looks stay whole.
    """
    natural = natural_widths(columns, cells)
    words = [
        max(width(word) for text in (clean(column.title), *texts) for word in text.split(" "))
        for column, texts in zip(columns, zip(*cells, strict=True), strict=True)
    ]
    space = room - GAP * (len(columns) - 1)
    for whole in (_WORD, _NARROW):
        floors = [
            min(size, word if word <= whole else _NARROW) if column.look == "text" else size
            for column, size, word in zip(columns, natural, words, strict=True)
        ]
        if sum(floors) <= space:
            sizes = [max(min(size, space), floor) for size, floor in zip(natural, floors, strict=True)]
            while sum(sizes) > space:
                widest = max((i for i in range(len(sizes)) if sizes[i] > floors[i]), key=sizes.__getitem__)
                sizes[widest] -= 1
            return sizes
    return None


def write_rows(
    out: Writer, columns: Sequence[Column], widths: Sequence[int], rows: Iterable[Row], now: str, ascii: bool
) -> None:
    """Write a heading and aligned rows as they come; a value wider than its column pushes the rest of its row on."""
    out.write(_line(columns, widths, (clean(column.title) for column in columns)))
    for row in rows:
        out.write(_line(columns, widths, (cell(column, row.get(column.key), now, ascii) for column in columns)))


def _line(columns: Sequence[Column], widths: Sequence[int], texts: Iterator[str]) -> str:
    """Return one line of padded values."""
    parts = []
    for column, size, text in zip(columns, widths, texts, strict=True):
        blanks = " " * (size - width(text))
        parts.append(blanks + text if column.look == "number" else text + blanks)
    return (" " * GAP).join(parts).rstrip() + "\n"
