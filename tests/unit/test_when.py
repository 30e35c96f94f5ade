"""Dates as people say them: what is understood, what is refused, and the nights on which the clock changes."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkcrm.domain.when import day_of, parse_when
from dkcrm.errors import InvalidInput

ROME = ZoneInfo("Europe/Rome")
#: A Sunday, ten in the morning in Rome.
NOW = "2026-11-22T09:00:00Z"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("today", "2026-11-22"), ("oggi", "2026-11-22"), ("tomorrow", "2026-11-23"), ("DOMANI", "2026-11-23"),
        ("yesterday", "2026-11-21"), ("dopodomani", "2026-11-24"), ("day after tomorrow", "2026-11-24"),
        ("friday", "2026-11-27"), ("next friday", "2026-11-27"), ("venerdì", "2026-11-27"),
        ("venerdì prossimo", "2026-11-27"), ("prossimo venerdi", "2026-11-27"), ("sunday", "2026-11-29"),
        ("domenica", "2026-11-29"), ("mon", "2026-11-23"), ("in 3 days", "2026-11-25"), ("fra 3 giorni", "2026-11-25"),
        ("tra 2 settimane", "2026-12-06"), ("+3d", "2026-11-25"), ("in a week", "2026-11-29"),
        ("fra un mese", "2026-12-22"), ("in due settimane", "2026-12-06"), ("next week", "2026-11-23"),
        ("prossima settimana", "2026-11-23"), ("next month", "2026-12-01"), ("end of month", "2026-11-30"),
        ("fine mese", "2026-11-30"), ("fine anno", "2026-12-31"), ("1 dec", "2026-12-01"), ("dec 1", "2026-12-01"),
        ("1 dicembre 2026", "2026-12-01"), ("il 1° dicembre", "2026-12-01"), ("1st of december", "2026-12-01"),
        ("l'8 dicembre", "2026-12-08"), ("22 nov", "2026-11-22"), ("21 nov", "2027-11-21"), ("29 feb", "2028-02-29"),
        ("2026-12-01", "2026-12-01"),
    ],
)  # fmt: skip
def test_days(text: str, day: str) -> None:
    assert parse_when(text, NOW, ROME) == day


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("tomorrow 9am", "2026-11-23T08:00:00Z"), ("domani alle 9", "2026-11-23T08:00:00Z"),
        ("9am tomorrow", "2026-11-23T08:00:00Z"), ("alle 9:30 di domani", "2026-11-23T08:30:00Z"),
        ("venerdì prossimo alle 14", "2026-11-27T13:00:00Z"), ("dec 1 at 14", "2026-12-01T13:00:00Z"),
        ("1 dicembre 2026 18:00", "2026-12-01T17:00:00Z"), ("tomorrow noon", "2026-11-23T11:00:00Z"),
        ("domani a mezzogiorno", "2026-11-23T11:00:00Z"), ("12am tomorrow", "2026-11-22T23:00:00Z"),
        ("in 3 days at 9", "2026-11-25T08:00:00Z"), ("2026-12-01 9:30", "2026-12-01T08:30:00Z"),
        ("2026-12-01T09:30", "2026-12-01T08:30:00Z"), ("2026-12-01T09:30+05:00", "2026-12-01T04:30:00Z"),
        ("2026-12-01t09:30z", "2026-12-01T09:30:00Z"), ("alle 9.30", "2026-11-23T08:30:00Z"),
        ("at 14", "2026-11-22T13:00:00Z"), ("noon", "2026-11-22T11:00:00Z"), ("in 30 minutes", "2026-11-22T09:30:00Z"),
        ("fra 2 ore", "2026-11-22T11:00:00Z"), ("1h", "2026-11-22T10:00:00Z"),
    ],
)  # fmt: skip
def test_moments(text: str, moment: str) -> None:
    assert parse_when(text, NOW, ROME) == moment


@pytest.mark.parametrize(
    "text",
    ["", "soon", "9", "31 feb", "31 february", "2026-02-30", "30 feb 2027", "29 feb 2027", "1/12", "01-12-2026", "1.12",
     "tomorrow 25:00", "tomorrow 13pm", "0am", "in 99999 years", "tomorrow midnight", "fra tanto", "next", "at",
     "2026-13-01", "2026-12-01T25:00", "in days",
     "30m", "in 3 m", "10s", "0999-01-01", "9999-12-31", "0999-01-01T09:00", "9999-12-31 23:30",
     "tomorrow\x1b[31m", "friday friday", "in 3 days 4"],
)  # fmt: skip
def test_what_is_not_understood_is_refused_with_examples(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_when(text, NOW, ROME)
    assert "2026-12-01" in (caught.value.hint or "")
    assert "\x1b" not in caught.value.message


def test_tomorrow_at_the_end_of_the_year() -> None:
    assert parse_when("tomorrow", "2026-12-31T12:00:00Z", ROME) == "2027-01-01"
    # It is next year already, where the user is.
    assert parse_when("tomorrow", "2026-12-31T23:30:00Z", ROME) == "2027-01-02"
    assert parse_when("1 jan", "2026-12-31T12:00:00Z", ROME) == "2027-01-01"
    with pytest.raises(InvalidInput):
        parse_when("tomorrow", "9999-12-31T12:00:00Z", UTC)
    assert parse_when("30min", NOW, ROME) == "2026-11-22T09:30:00Z"


def test_an_hour_that_does_not_exist_is_moved_on() -> None:
    assert parse_when("29 march 2026 02:30", NOW, ROME) == "2026-03-29T01:30:00Z"  # 03:30 in Rome
    assert parse_when("2026-03-29T02:30", NOW, ROME) == "2026-03-29T01:30:00Z"
    assert parse_when("2026-03-29 3:30", NOW, ROME) == "2026-03-29T01:30:00Z"


@pytest.mark.parametrize(
    ("zone", "text", "moment"),
    [
        ("Europe/Rome", "2026-03-29T02:30", "2026-03-29T01:30:00Z"),
        ("Europe/Rome", "29 march 2026 02:30", "2026-03-29T01:30:00Z"),
        ("Europe/Rome", "2026-10-25 02:30", "2026-10-25T00:30:00Z"),
        ("America/New_York", "2027-03-14 02:30", "2027-03-14T07:30:00Z"),
        ("Asia/Beirut", "2026-03-29 00:15", "2026-03-28T22:15:00Z"),
    ],
)
def test_on_the_clock_of_the_machine_too(zone: str, text: str, moment: str, live_in: Any) -> None:
    live_in(zone)
    assert parse_when(text, NOW) == parse_when(text, NOW, ZoneInfo(zone)) == moment


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    assert parse_when("25 oct 2026 2:30", NOW, ROME) == "2026-10-25T00:30:00Z"
    assert parse_when("2026-10-25T02:30", NOW, ROME) == "2026-10-25T00:30:00Z"


def test_hours_from_now_are_hours_that_pass() -> None:
    assert parse_when("in 2 hours", "2026-03-29T00:30:00Z", ROME) == "2026-03-29T02:30:00Z"
    assert parse_when("fra 2 ore", "2026-10-24T23:30:00Z", ROME) == "2026-10-25T01:30:00Z"


def test_a_day_alone_takes_the_hour_that_it_is_given() -> None:
    assert parse_when("friday", NOW, ROME, hours="2026-07-01T07:00:00Z") == "2026-11-27T08:00:00Z"
    assert parse_when("friday", NOW, ROME, hours="2026-07-01") == "2026-11-27"


ZONES = st.sampled_from(["Europe/Rome", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"]).map(ZoneInfo)
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda m: m.strftime("%Y-%m-%dT%H:%M:%SZ"))


@settings(deadline=None)
@given(st.text(max_size=30), MOMENTS, ZONES)
def test_any_text_is_a_date_or_refused(text: str, now: str, zone: ZoneInfo) -> None:
    try:
        found = parse_when(text, now, zone)
    except InvalidInput:
        return
    assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\dZ)?", found)
    assert parse_when(found, now, zone) == found


@settings(deadline=None)
@given(MOMENTS, ZONES, st.integers(0, 400))
def test_days_ahead_are_days_of_the_users_clock(now: str, zone: ZoneInfo, count: int) -> None:
    today = day_of(now, zone)
    assert today == datetime.fromisoformat(now).astimezone(zone).date()
    expected = (today + timedelta(days=count)).isoformat()
    assert parse_when(f"in {count} days", now, zone) == parse_when(f"fra {count} giorni", now, zone) == expected


@settings(deadline=None)
@given(MOMENTS, ZONES, st.sampled_from(["monday", "martedì", "wed", "giovedì", "friday", "sabato", "sunday"]))
def test_a_weekday_is_within_the_week_that_follows(now: str, zone: ZoneInfo, word: str) -> None:
    ahead = date.fromisoformat(parse_when(word, now, zone)) - day_of(now, zone)
    assert 1 <= ahead.days <= 7


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2090, 1, 1)), st.times(), ZONES)
def test_an_hour_that_exists_is_that_hour(day: date, hour: object, zone: ZoneInfo) -> None:
    text = f"{day.isoformat()} {str(hour)[:5]}"
    wall = datetime.fromisoformat(text)
    found = datetime.fromisoformat(parse_when(text, NOW, zone)).astimezone(zone)
    there = wall.replace(tzinfo=zone).astimezone(UTC).astimezone(zone).replace(tzinfo=None)
    assert found.replace(tzinfo=None) == there
    assert there == wall or there - wall <= timedelta(days=1)
