"""Bars and sparklines of text, for a terminal; render/svg.py draws the same charts for a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from dkcrm.i18n import _, ngettext
from dkcrm.render.stream import draws_blocks, terminal_width
from dkcrm.render.text import clean, plain, width
from dkcrm.result import Chart

if TYPE_CHECKING:
    from rich.console import RenderableType

_EIGHTHS = " ▏▎▍▌▋▊▉"
#: The levels of a sparkline: nothing, then what is more than nothing.
_LEVELS, _ASCII_LEVELS = "▁▂▃▄▅▆▇█", "_.:-=+*#"
#: What the bars of each series are made of, and their colours: those of the terminal's own theme.
_FILLS, _ASCII_FILLS = "█▓░", "#=-"
_COLOURS = ("cyan", "magenta", "green")
#: More bars than this are no picture any more.
_MOST = 20
_LABEL = 32


def bar(share: float, width: int, ascii: bool = False, fill: int = 0) -> str:
    """Return a bar for a share from 0 to 1, at most ``width`` cells; anything above 0 is seen."""
    if not share > 0:  # NaN too
        return ""
    share = min(share, 1.0)
    if ascii or fill:
        return (_ASCII_FILLS if ascii else _FILLS)[fill % 3] * max(round(share * width), 1)
    full, rest = divmod(max(round(share * width * 8), 1), 8)
    return "█" * full + (_EIGHTHS[rest] if rest else "")


def percent(share: float, width: int = 10, ascii: bool = False) -> str:
    """Return a share as a percentage with a small bar behind it: `` 25% ██▌``."""
    return f"{share:4.0%} {bar(share, width, ascii)}".rstrip()


def spark(values: Sequence[float | None], most: float, ascii: bool = False, wide: int = 1) -> str:
    """Return a line whose height follows values; what is missing is a gap, and anything above 0 is seen."""
    levels = _ASCII_LEVELS if ascii else _LEVELS
    return "".join(
        (" " if value is None else levels[max(1, round(value / most * 7)) if value > 0 and most else 0]) * wide
        for value in values
    )


def number(value: Any) -> float | None:
    """Return a figure as what a picture is made of; amounts are decimals in text."""
    return None if value is None else float(value)


def label_of(row: Mapping[str, Any], key: str) -> str:
    """Return what a row is called, cleaned."""
    return clean(plain(row.get(key))) or _("(none)")


def short(text: str, cells: int) -> str:
    """Return text cut to some cells."""
    if width(text) <= cells:
        return text
    while text and width(text) > cells - 1:
        text = text[:-1]
    return text + "…"


def draw_charts(charts: Sequence[Chart], stdout: TextIO | None) -> None:
    """Draw charts on a terminal, fitting its width."""
    from dkcrm.render.console import show

    ascii, room = not draws_blocks(stdout), terminal_width(stdout)
    lines: list[RenderableType] = []
    for chart in charts:
        lines += _time(chart, room, ascii) if chart.time else _bars(chart, room, ascii)
    show(stdout, lines)


def _title(chart: Chart) -> RenderableType:
    from rich.text import Text

    from dkcrm.render.console import text

    return Text("\n").append_text(text(chart.title, "bold"))


def _most(chart: Chart, rows: Sequence[Mapping[str, Any]]) -> float:
    return max((number(row[one.key]) or 0 for row in rows for one in chart.series), default=0)


def _bars(chart: Chart, room: int, ascii: bool) -> list[RenderableType]:
    """Return a line for each row and series: what it is called, the bar, the figure."""
    from dkcrm.render.console import text

    rows = chart.rows[:_MOST]
    most = _most(chart, rows)
    labels = [short(label_of(row, chart.label), max(1, min(_LABEL, room // 3))) for row in rows]
    size = max(map(width, labels), default=0)
    figures = [[plain(row[one.key]) for one in chart.series] for row in rows]
    cells = max(1, room - size - 2 - max((len(figure) for line in figures for figure in line), default=0) - 1)
    lines = [_title(chart), *_legend(chart, ascii)]
    for label, row, shown in zip(labels, rows, figures, strict=True):
        for nth, one in enumerate(chart.series):
            value = number(row[one.key])
            name = text((label if nth == 0 else "") + " " * (size - (width(label) if nth == 0 else 0)) + "  ")
            drawn = bar(value / most if value and most else 0, cells, ascii, nth)
            name.append(drawn + " " if drawn else "", _COLOURS[nth % 3])
            lines.append(name.append(shown[nth]))
    left = len(chart.rows) - len(rows)
    if left:
        lines.append(text(_("… and {count} more").format(count=left), "dim"))
    return lines


def _legend(chart: Chart, ascii: bool) -> list[RenderableType]:
    from rich.text import Text

    if len(chart.series) < 2:
        return []
    line = Text()
    for nth, one in enumerate(chart.series):
        line.append((_ASCII_FILLS if ascii else _FILLS)[nth % 3], _COLOURS[nth % 3])
        line.append(f" {clean(one.title)}   ")
    return [line]


def _time(chart: Chart, room: int, ascii: bool) -> list[RenderableType]:
    """Return a sparkline for each series, all of the same scale, with the greatest and the last figure."""
    from dkcrm.render.console import text

    size = max(width(clean(one.title)) for one in chart.series)
    ends = []
    for one in chart.series:
        known = [row for row in chart.rows if row[one.key] is not None]
        top = max(known, key=lambda row: number(row[one.key]) or 0, default=None)
        ends.append(
            _("most {value} ({when}), last {last}").format(
                value=plain(top[one.key]), when=label_of(top, chart.label), last=plain(chart.rows[-1][one.key]) or "-"
            )
            if top is not None
            else ""
        )
    space = max(1, room - size - 4 - max(map(len, ends)))
    beside = space >= min(len(chart.rows), 12)
    cells = space if beside else max(1, room - size - 2)
    rows = chart.rows[-cells:]
    wide = max(1, min(4, cells // len(rows)))
    most = _most(chart, rows)
    lines = [_title(chart)]
    for nth, (one, end) in enumerate(zip(chart.series, ends, strict=True)):
        title = clean(one.title)
        line = text(title + " " * (size - width(title) + 2))
        line.append(spark([number(row[one.key]) for row in rows], most, ascii, wide), _COLOURS[nth % 3])
        lines.append(line.append("  " + end) if beside else line)
        if not beside:
            lines.append(text(" " * (size + 2) + end))
    span = f"{label_of(rows[0], chart.label)} – {label_of(rows[-1], chart.label)}"
    before = len(chart.rows) - len(rows)
    if before:
        span += ngettext("; {count} before", "; {count} before", before).format(count=before)
    return [*lines, text(" " * (size + 2) + span, "dim")]
