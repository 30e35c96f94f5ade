"""Periods of time: in figures, and in the words of two languages."""

from __future__ import annotations

from datetime import date, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dkcrm.domain.periods import days, span
from dkcrm.errors import InvalidInput

ROME = timezone(timedelta(hours=1))
#: A Saturday.
NOW = "2026-11-21T09:00:00Z"
TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2025-12-31T23:00:00Z", "2026-12-31T22:59:59Z"),
        ("2026-02", "2026-01-31T23:00:00Z", "2026-02-28T22:59:59Z"),
        ("2026-12", "2026-11-30T23:00:00Z", "2026-12-31T22:59:59Z"),
        ("2026-11-21", "2026-11-20T23:00:00Z", "2026-11-21T22:59:59Z"),
        ("2026-11-21T09:30", "2026-11-21T08:30:00Z", "2026-11-21T08:30:00Z"),
        ("ieri", "2026-11-19T23:00:00Z", "2026-11-20T22:59:59Z"),
        ("2h", "2026-11-21T07:00:00Z", "2026-11-21T07:00:00Z"),
        ("now", NOW, NOW),
    ],
)
def test_the_first_and_last_second(text: str, first: str, last: str) -> None:
    assert span(text, NOW, ROME) == (first, last)


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("2026-11-21T09:30", "2026-11-21T08:30:59Z"),
        ("2026-11-21 09:30", "2026-11-21T08:30:59Z"),
        ("2026-11-21T08:30Z", "2026-11-21T08:30:59Z"),
        ("2026-11-21T10:30+02:00", "2026-11-21T08:30:59Z"),
        ("2026-11-21T09:30:00", "2026-11-21T08:30:00Z"),
        ("2026-11-21T09:30:00+01:00", "2026-11-21T08:30:00Z"),
    ],
)
def test_a_moment_without_seconds_is_its_minute_where_that_is_asked_for(text: str, last: str) -> None:
    assert span(text, NOW, ROME, minutes=True) == ("2026-11-21T08:30:00Z", last)


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026-q3", (2026, 7, 1), (2026, 9, 30)),
        ("2026-W34", (2026, 8, 17), (2026, 8, 23)),
        ("today", (2026, 11, 21), (2026, 11, 21)),
        ("Domani", (2026, 11, 22), (2026, 11, 22)),
        ("dopodomani", (2026, 11, 23), (2026, 11, 23)),
        ("this-week", (2026, 11, 16), (2026, 11, 22)),
        ("settimana-scorsa", (2026, 11, 9), (2026, 11, 15)),
        ("scorsa settimana", (2026, 11, 9), (2026, 11, 15)),
        ("prossima-settimana", (2026, 11, 23), (2026, 11, 29)),
        ("this-month", (2026, 11, 1), (2026, 11, 30)),
        ("questo-mese", (2026, 11, 1), (2026, 11, 30)),
        ("last_month", (2026, 10, 1), (2026, 10, 31)),
        ("mese-scorso", (2026, 10, 1), (2026, 10, 31)),
        ("next-month", (2026, 12, 1), (2026, 12, 31)),
        ("last-quarter", (2026, 7, 1), (2026, 9, 30)),
        ("trimestre-scorso", (2026, 7, 1), (2026, 9, 30)),
        ("anno-scorso", (2025, 1, 1), (2025, 12, 31)),
        ("quest'anno", (2026, 1, 1), (2026, 12, 31)),
        ("7d", (2026, 11, 14), (2026, 11, 14)),
        ("7g", (2026, 11, 14), (2026, 11, 14)),
        ("2w", (2026, 11, 7), (2026, 11, 7)),
        ("9m", (2026, 2, 21), (2026, 2, 21)),
        ("1y", (2025, 11, 21), (2025, 11, 21)),
        ("+3d", (2026, 11, 24), (2026, 11, 24)),
    ],
)
def test_days(text: str, first: tuple[int, ...], last: tuple[int, ...]) -> None:
    assert days(text, TODAY) == (date(*first), date(*last))


@pytest.mark.parametrize(
    ("zone", "day", "first", "last"),
    [
        # Summer begins at midnight: the day begins at one.
        ("Asia/Beirut", "2026-03-28", "2026-03-27T22:00:00Z", "2026-03-28T21:59:59Z"),
        ("Asia/Beirut", "2026-03-29", "2026-03-28T22:00:00Z", "2026-03-29T20:59:59Z"),
        # It ends at midnight: the last hour of the day before comes twice.
        ("America/Santiago", "2026-04-04", "2026-04-04T03:00:00Z", "2026-04-05T03:59:59Z"),
        ("America/Santiago", "2026-04-05", "2026-04-05T04:00:00Z", "2026-04-06T03:59:59Z"),
        # It begins at eleven in the evening, which is midnight.
        ("America/Nuuk", "2026-03-28", "2026-03-28T02:00:00Z", "2026-03-29T00:59:59Z"),
        ("America/Nuuk", "2026-03-29", "2026-03-29T01:00:00Z", "2026-03-30T00:59:59Z"),
    ],
)
def test_each_day_begins_where_the_one_before_ends(zone: str, day: str, first: str, last: str, live_in: Any) -> None:
    live_in(zone)
    assert span(day, NOW) == span(day, NOW, ZoneInfo(zone)) == (first, last)


def test_a_month_back_from_the_31st_ends_with_the_month() -> None:
    assert days("1m", date(2026, 3, 31)) == (date(2026, 2, 28),) * 2


@pytest.mark.parametrize("text", ["", "2026-13", "2026-w54", "0000", "99999y", "yesterdayish", "last-monday", "this"])
def test_what_is_no_period_is_an_error(text: str) -> None:
    with pytest.raises(InvalidInput):
        days(text, TODAY)


@given(st.text(max_size=20))
def test_any_text_is_a_period_or_an_error(text: str) -> None:
    try:
        first, last = span(text, NOW, ROME)
    except InvalidInput:
        return
    assert first <= last
