"""What a terminal is given of a record's text."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.render.charts import bar, percent
from dkcrm.render.text import clean, plain, relative, tsv_cell, width

NOW = "2026-11-21T12:00:00Z"
HARMLESS = [
    "Anna Bianchi",
    "D'Angelo, Niccolò «Nico»",
    "[/red] [bold]Rossi [it] :smiley:",
    "👩\u200d👩\u200d👧 Family",
    "می\u200cخواهم",
    "محمد علي",
    "no\u00a0break",
]


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_text_stays_as_it_is(text: str) -> None:
    assert clean(text) == text
    assert clean(text, lines=True) == text
    assert tsv_cell(text) == text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x1b]8;;http://evil\x07link\x1b]8;;\x07", "␛]8;;http://evil␇link␛]8;;␇"),
        ("a\x00b\x7fc", "a␀b␡c"),
        ("\x9b31mC1", "�31mC1"),
        ("invoice\u202egpj.exe", "invoicegpj.exe"),
        ("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u2066\u2067\u2068\u2069x", "x"),
        ("a\ud800b\udcffc", "a�b�c"),
        ("a\nb\r\nc\rd\u2028e\u2029f\x85g\th", "a↵b↵c↵d↵e↵f↵g h"),
    ],
)
def test_what_a_terminal_would_obey_is_replaced(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_lines_keeps_line_ends_and_tabs_only() -> None:
    assert clean("a\nb\r\nc\rd\u2028e\th\x1b", lines=True) == "a\nb\nc\nd\ne\th␛"


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, ""),
        (True, "true"),
        (False, "false"),
        (42, "42"),
        (0.5, "0.5"),
        (["a", "b"], "a, b"),
        ([], ""),
        ({"budget": 5000, "note": None}, "budget=5000, note="),
        ("a\tb\nc\rd\\e", "a\\tb\\nc\\rd\\\\e"),
        ("\x1b\x9b\u202e", "␛�"),
        (["a\tb", "c"], "a\\tb, c"),
    ],
)
def test_tsv_cell(value: object, cell: str) -> None:
    assert tsv_cell(value) == cell


def test_plain_does_not_clean() -> None:
    assert plain("\x1b\n") == "\x1b\n"


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-11-21T12:00:00Z", "just now"),
        ("2026-11-21T11:59:30Z", "just now"),
        ("2026-11-21T11:55:00Z", "5 min ago"),
        ("2026-11-21T09:00:00Z", "3 h ago"),
        ("2026-11-20T11:00:00Z", "yesterday"),
        ("2026-11-09T12:00:00Z", "12 days ago"),
        ("2026-10-15T12:00:00Z", "1 month ago"),
        ("2026-07-20T12:00:00Z", "4 months ago"),
        ("2025-11-25T12:00:00Z", "11 months ago"),
        ("2025-11-20T12:00:00Z", "1 year ago"),
        ("2024-11-01T12:00:00Z", "2 years ago"),
        ("2026-11-21T12:05:00Z", "in 5 min"),
        ("2026-11-21T15:00:00Z", "in 3 h"),
        ("2026-11-22T13:00:00Z", "tomorrow"),
        ("2026-11-24T12:00:00Z", "in 3 days"),
        ("2027-03-24T12:00:00Z", "in 4 months"),
        ("2029-03-24T12:00:00Z", "in 2 years"),
        ("2026-11-21", "today"),
        ("2026-11-20", "yesterday"),
        ("2026-11-24", "in 3 days"),
        ("soon", "soon"),
        ("", ""),
        ("0001-01-02T00:00:00Z", "2025 years ago"),
    ],
)
def test_relative(moment: str, words: str, live_in: Any) -> None:
    live_in("UTC")
    assert relative(moment, NOW) == words


def test_a_day_without_a_midnight_is_that_day(live_in: Any) -> None:
    live_in("Asia/Beirut")
    assert relative("2026-03-29", "2026-03-29T09:00:00Z") == "today"


@pytest.mark.parametrize(
    ("text", "cells"),
    [("abc", 3), ("è", 1), ("e\u0301", 1), ("日本", 4), ("👩\u200d👩\u200d👧", 2), ("❤\ufe0f", 2), ("👍🏽", 2)],
)
def test_width(text: str, cells: int) -> None:
    assert width(text) == cells


def test_bars() -> None:
    assert bar(0.5, 10) == "█████"
    assert bar(0.25, 10) == "██▌"
    assert bar(0.5, 10, ascii=True) == "#####"
    assert bar(0.0001, 10) == "▏"  # a little is not nothing
    assert bar(0.0, 10) == bar(-1.0, 10) == bar(float("nan"), 10) == ""
    assert bar(7.0, 10) == "█" * 10
    assert percent(0.25) == " 25% ██▌"
    assert percent(0.0) == "  0%"
