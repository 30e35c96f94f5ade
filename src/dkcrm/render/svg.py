"""Charts as SVG for a page: some kilobytes, coloured by the page's style, with a title and a description."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from dkcrm.i18n import _
from dkcrm.render.charts import label_of, number, short
from dkcrm.render.text import clean, plain, width
from dkcrm.result import Chart

#: Of a picture, and of a character in it, in its own units; a page scales it to its width.
_WIDTH, _CELL = 760, 7.2
_BAR, _BETWEEN, _ROW = 15, 3, 9
_PLOT, _AXIS = 220, 46
#: More bars than this are no picture any more; more columns than this are a line.
MOST, _COLUMNS = 40, 80


def svg(chart: Chart, name: str) -> str:
    """Return a chart as an SVG element; ``name`` sets its ids apart from those of others on the page."""
    rows = chart.rows if chart.time else chart.rows[:MOST]
    ends = axis(max((number(row[one.key]) or 0 for row in rows for one in chart.series), default=0))
    height, body = (_time if chart.time else _bars)(chart, rows, ends)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height:g}" role="img" aria-labelledby="{name}-t {name}-d">'
        f'<title id="{name}-t">{text(chart.title)}</title><desc id="{name}-d">{text(_description(chart, rows))}</desc>'
        f"{body}</svg>"
    )


def text(value: str) -> str:
    """Return text that is safe in a page."""
    return escape(clean(value))


def _text(value: str, attributes: str) -> str:
    return f"<text {attributes}>{text(value)}</text>"


def axis(most: float) -> list[float]:
    """Return the marks of an axis from 0 to at least ``most``, some five of them, at round numbers."""
    if most < 1e-9:
        return [0, 1]
    rough = most / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * times for times in (1, 2, 5, 10) if size * times >= rough)
    if step < 1 and float(most).is_integer():
        step = 1
    return [step * nth for nth in range(math.ceil(most / step - 1e-9) + 1)]


def _mark(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f") if value >= 1 or value == 0 else f"{value:g}"


def _description(chart: Chart, rows: Sequence[Mapping[str, Any]]) -> str:
    """Return in words what the picture shows, for those who do not see it."""
    parts = []
    for one in chart.series:
        known = [row for row in rows if row[one.key] is not None]
        if known:
            top = max(known, key=lambda row: number(row[one.key]) or 0)
            parts.append(
                _("{title}: the greatest is {value} ({label})").format(
                    title=one.title, value=plain(top[one.key]), label=label_of(top, chart.label)
                )
            )
    return _("{count} values each, in {unit}. {what}").format(count=len(rows), unit=chart.unit, what="; ".join(parts))


def _bars(chart: Chart, rows: Sequence[Mapping[str, Any]], ends: Sequence[float]) -> tuple[float, str]:
    """Return the height and the body of bars from left to right, a group for each row."""
    labels = [label_of(row, chart.label) for row in rows]
    shown = [short(label, 30) for label in labels]
    figures = max((len(plain(row[one.key])) for row in rows for one in chart.series), default=1)
    left = max(map(width, shown), default=1) * _CELL + 12
    right = _WIDTH - figures * _CELL - 14
    group = len(chart.series) * (_BAR + _BETWEEN) + _ROW
    bottom = 8 + group * len(rows)
    unit = (right - left) / ends[-1]
    parts = []
    for mark in ends:
        x = left + mark * unit
        parts.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="4" y2="{bottom:g}"/>')
        parts.append(f'<text class="mark" x="{x:.1f}" y="{bottom + 16:g}" text-anchor="middle">{_mark(mark)}</text>')
    middle = (left + right) / 2
    parts.append(_text(chart.unit, f'class="mark" x="{middle:.1f}" y="{bottom + 34:g}" text-anchor="middle"'))
    for nth, (row, label, cut) in enumerate(zip(rows, labels, shown, strict=True)):
        top = 8 + nth * group
        middle = top + len(chart.series) * (_BAR + _BETWEEN) / 2 + 4
        parts.append(f'<text x="{left - 8:.1f}" y="{middle:.1f}" text-anchor="end">{text(cut)}</text>')
        for which, one in enumerate(chart.series):
            y, value = top + which * (_BAR + _BETWEEN), number(row[one.key])
            if value is None:
                continue
            size = max(value * unit, 1 if value > 0 else 0)
            told = f"{label}, {one.title}: {plain(row[one.key])}"
            parts.append(
                f'<rect class="s{which}" x="{left:.1f}" y="{y:g}" width="{size:.1f}" height="{_BAR}">'
                f"<title>{text(told)}</title></rect>"
                f'<text class="value" x="{left + size + 6:.1f}" y="{y + 12:g}">{text(plain(row[one.key]))}</text>'
            )
    return bottom + _AXIS, "".join(parts)


def _time(chart: Chart, rows: Sequence[Mapping[str, Any]], ends: Sequence[float]) -> tuple[float, str]:
    """Return the height and the body of columns one after another, or of a line where they are many."""
    left = max(len(_mark(mark)) for mark in ends) * _CELL + 30
    right, top, bottom = _WIDTH - 26, 10, 10 + _PLOT
    unit = _PLOT / ends[-1]
    step = (right - left) / len(rows)
    parts = []
    for mark in ends:
        y = bottom - mark * unit
        parts.append(f'<line class="grid" x1="{left:.1f}" x2="{right}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(f'<text class="mark" x="{left - 6:.1f}" y="{y + 4:.1f}" text-anchor="end">{_mark(mark)}</text>')
    middle = (top + bottom) / 2
    turned = f'class="mark" transform="translate(12 {middle:g}) rotate(-90)" text-anchor="middle"'
    parts.append(_text(chart.unit, turned))
    labels = [label_of(row, chart.label) for row in rows]
    # As many labels as stand beside one another without touching.
    every = max(1, math.ceil((max(map(width, labels)) + 2) * _CELL / step))
    for nth in range(0, len(rows), every):
        x = left + (nth + 0.5) * step
        parts.append(
            f'<text class="mark" x="{x:.1f}" y="{bottom + 18}" text-anchor="middle">{text(labels[nth])}</text>'
        )
    draw = _columns if len(rows) * len(chart.series) <= _COLUMNS else _lines
    parts += draw(chart, rows, labels, left, step, bottom, unit)
    return bottom + 30, "".join(parts)


def _columns(
    chart: Chart, rows: Sequence[Mapping[str, Any]], labels: Sequence[str], left: float, step: float, bottom: float,
    unit: float,
) -> list[str]:  # fmt: skip
    parts = []
    size = min(34.0, step * 0.8 / len(chart.series))
    for nth, row in enumerate(rows):
        start = left + (nth + 0.5) * step - size * len(chart.series) / 2
        for which, one in enumerate(chart.series):
            value = number(row[one.key])
            if value is None:
                continue
            tall = max(value * unit, 1 if value > 0 else 0)
            told = f"{labels[nth]}, {one.title}: {plain(row[one.key])}"
            parts.append(
                f'<rect class="s{which}" x="{start + which * size:.1f}" y="{bottom - tall:.1f}" width="{size - 1:.1f}"'
                f' height="{tall:.1f}"><title>{text(told)}</title></rect>'
            )
    return parts


def _lines(
    chart: Chart, rows: Sequence[Mapping[str, Any]], labels: Sequence[str], left: float, step: float, bottom: float,
    unit: float,
) -> list[str]:  # fmt: skip
    parts = []
    for which, one in enumerate(chart.series):
        path, open_ = [], False
        for nth, row in enumerate(rows):
            value = number(row[one.key])
            if value is not None:
                path.append(f"{'L' if open_ else 'M'}{left + (nth + 0.5) * step:.1f} {bottom - value * unit:.1f}")
            open_ = value is not None
        told = f"{one.title}: {labels[0]} – {labels[-1]}"
        parts.append(f'<path class="l{which}" d="{"".join(path)}"><title>{text(told)}</title></path>')
    return parts
