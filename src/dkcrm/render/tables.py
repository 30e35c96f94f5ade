"""Rows as a table on a terminal."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from itertools import chain, islice
from typing import TextIO

from rich.box import Box
from rich.console import JustifyMethod, RenderableType
from rich.table import Table
from rich.text import Text

from dkcrm.render.console import show, stated, text, typed
from dkcrm.render.plain import COMFORT, Row, cell, choose, layout, natural_widths, write_rows
from dkcrm.render.stream import Writer, draws_blocks, terminal_width
from dkcrm.result import Column

#: rich takes 0.5 ms a row (FACTS.md); beyond a screenful nobody looks at the colours.
SCREENFUL = 200


def draw_table(columns: Sequence[Column], rows: Iterable[Row], stdout: TextIO | None, now: str | None = None) -> None:
    """Draw rows as a table; none draw nothing.

    ``now`` (ISO 8601 UTC; default: the clock) is what times are relative to. Rows beyond a screenful are written as
    aligned text as they come, laid out by the first ones.
    """
    now = now or time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    source = iter(rows)
    first = list(islice(source, SCREENFUL + 1))
    if not first or not columns:
        return
    ascii, room = not draws_blocks(stdout), terminal_width(stdout)
    cells = [[cell(column, row.get(column.key), now, ascii) for column in columns] for row in first]
    if len(first) <= SCREENFUL:
        # All rows are known: a column that none of them fills would only take room.
        filled = [i for i in range(len(columns)) if any(texts[i] for texts in cells)]
        columns, cells = [columns[i] for i in filled], [[texts[i] for i in filled] for texts in cells]
    widths = natural_widths(columns, cells)
    kept = choose(columns, widths, room)
    columns, cells = [columns[i] for i in kept], [[texts[i] for i in kept] for texts in cells]
    if len(first) > SCREENFUL:
        # one long value must not push every row beyond the screen
        sizes = [min(widths[i], COMFORT) if c.look == "text" else widths[i] for i, c in zip(kept, columns, strict=True)]
        write_rows(Writer(stdout), columns, sizes, chain(first, source), now, ascii)
        return
    fitting = layout(columns, cells, room)
    show(stdout, [_table(columns, fitting, cells, ascii)] if fitting else _records(columns, cells))


def _records(columns: Sequence[Column], cells: list[list[str]]) -> list[RenderableType]:
    """Return each row as lines of heading and value, for a terminal too narrow for a table."""
    parts: list[RenderableType] = []
    for row in cells:
        grid = Table.grid(padding=(0, 2, 0, 0))
        grid.add_column(max_width=16, overflow="fold")
        grid.add_column(overflow="fold")
        for column, value in zip(columns, row, strict=True):
            if value:
                grid.add_row(text(column.title, "bold"), _styled(column, value))
        parts += [Text(), grid] if parts else [grid]
    return parts


def _table(columns: Sequence[Column], sizes: Sequence[int], cells: list[list[str]], ascii: bool) -> Table:
    """Return rich's table of cells that are cleaned already, folded into columns of these sizes."""
    table = Table(box=_light_box(ascii), show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for column, size in zip(columns, sizes, strict=True):
        justify: JustifyMethod = "right" if column.look == "number" else "left"
        table.add_column(text(column.title), justify=justify, width=size, overflow="fold")
    for row in cells:
        table.add_row(*(_styled(column, value) for column, value in zip(columns, row, strict=True)))
    return table


def _styled(column: Column, value: str) -> Text:
    """Return a cell in the colours of its column's look."""
    if column.look == "type":
        return typed(value)
    if column.look == "state":
        return stated(value)
    return text(value, "dim" if column.look == "time" else "")


def _light_box(ascii: bool) -> Box:
    """Return a box that is one line under the heading and nothing else."""
    rule, blank = ("----" if ascii else "────"), "    "
    return Box("\n".join((blank, blank, rule, *(blank,) * 5)) + "\n", ascii=ascii)
