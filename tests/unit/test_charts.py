"""Bars, sparklines and axes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.render.charts import bar, short, spark
from dkcrm.render.svg import axis, svg
from dkcrm.render.text import width
from dkcrm.result import Chart, Series


def test_a_sparkline_follows_its_values() -> None:
    assert spark([0, 1, 4, 8, None, 8], 8) == "▁▂▅█ █"
    assert spark([1, 2], 2, wide=3) == "▅▅▅███"
    assert spark([0, 0], 0) == "▁▁"
    # What is more than nothing is seen beside what is very much.
    assert spark([0, 1, 10**9], 10**9) == "▁▂█"


def test_a_sparkline_in_ascii_rises_with_its_values() -> None:
    line = spark(list(range(8)), 7, ascii=True)
    assert line.isascii() and len(set(line)) == 8 and line[0] == "_" and line[-1] == "#"


@given(st.floats(0, 1), st.integers(1, 200), st.booleans(), st.integers(0, 2))
def test_a_bar_never_leaves_its_place(share: float, cells: int, ascii: bool, fill: int) -> None:
    assert (0 if share == 0 else 1) <= len(bar(share, cells, ascii, fill)) <= cells


@given(st.text(max_size=30), st.integers(1, 20))
def test_a_label_is_cut_to_its_room(label: str, cells: int) -> None:
    assert width(short(label, cells)) <= max(cells, 1)


@given(st.one_of(st.integers(0, 10**15), st.floats(0, 10**9, allow_nan=False)))
def test_an_axis_reaches_the_greatest_value(most: float) -> None:
    marks = axis(most)
    assert marks[0] == 0 and marks[-1] >= most * (1 - 1e-9) and 2 <= len(marks) <= 8
    assert all(a < b for a, b in pairwise(marks))


@pytest.mark.parametrize("time", [False, True])
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 10**9)), min_size=1, max_size=120))
def test_pictures_of_anything_are_well_formed(time: bool, values: list[int | None]) -> None:
    from xml.etree.ElementTree import fromstring

    rows = [{"label": f"<{nth}>&\"'", "a": value, "b": 1} for nth, value in enumerate(values)]
    chart = Chart("T & <t>", rows, "label", [Series("a", "A"), Series("b", "B")], "things", time)
    root = fromstring(svg(chart, "c0"))
    assert root.find("title").text == "T & <t>"  # type: ignore[union-attr]
    _x, _y, _width, height = map(float, root.attrib["viewBox"].split())
    for rect in root.iter("rect"):
        assert float(rect.attrib["height"]) >= 0 and float(rect.attrib["width"]) >= 0
        assert 0 <= float(rect.attrib["y"]) <= height
