"""How tasks come back: words to RRULEs of RFC 5545, and the next date, over short months and changes of the clock."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkcrm.domain.recurrence import anchored, from_here, is_rule, next_due, parse_rule
from dkcrm.errors import InvalidInput

ROME = ZoneInfo("Europe/Rome")


def dates(rule: str, start: str, count: int) -> list[str]:
    """Return the dates that follow one another from ``start``, whatever the time is."""
    found, due = [], start
    for _n in range(count):
        following = next_due(rule, start, due, "", ROME)
        if following is None:
            break
        found.append(following)
        due = following
    return found


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("day", "FREQ=DAILY"), ("daily", "FREQ=DAILY"), ("every 2 weeks", "FREQ=WEEKLY;INTERVAL=2"),
        ("ogni 2 settimane", "FREQ=WEEKLY;INTERVAL=2"), ("2w", "FREQ=WEEKLY;INTERVAL=2"),
        ("3m", "FREQ=MONTHLY;INTERVAL=3"),
        ("two weeks", "FREQ=WEEKLY;INTERVAL=2"), ("ogni mese", "FREQ=MONTHLY"), ("year", "FREQ=YEARLY"),
        ("monday", "FREQ=WEEKLY;BYDAY=MO"), ("ogni lunedì", "FREQ=WEEKLY;BYDAY=MO"),
        ("thu, mon", "FREQ=WEEKLY;BYDAY=MO,TH"), ("lun e gio", "FREQ=WEEKLY;BYDAY=MO,TH"),
        ("weekday", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"), ("rrule:freq=monthly;byday=-1fr", "FREQ=MONTHLY;BYDAY=-1FR"),
    ],
)  # fmt: skip
def test_words(text: str, rule: str) -> None:
    assert parse_rule(text, "2026-12-01", ROME) == rule
    assert is_rule(rule)


@pytest.mark.parametrize(
    "text",
    ["", "often", "0 days", "hour", "FREQ=SECONDLY", "FREQ=HOURLY", "FREQ=DAILY;BYHOUR=9", "FREQ=DAILY;FREQ=DAILY",
     "FREQ=DAILY;COUNT=3;UNTIL=20270101", "FREQ=WEEKLY;UNTIL=20261301", "FREQ=DAILY;INTERVAL=0", "BYDAY=MO",
     "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=0", "FREQ=DAILY;COUNT=1", "FREQ=DAILY;UNTIL=20200101",
     "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=13", "FREQ=DAILY;COUNT=99999", "month\x00"],
)  # fmt: skip
def test_what_is_not_understood_or_never_comes_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        parse_rule(text, "2026-12-01", ROME)


def test_monthly_on_the_31st_skips_no_month() -> None:
    rule = parse_rule("month", "2026-01-31", ROME)
    assert dates(rule, "2026-01-31", 5) == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31", "2026-06-30"]
    assert dates(parse_rule("month", "2027-12-30", ROME), "2027-12-30", 3) == ["2028-01-30", "2028-02-29", "2028-03-30"]
    rule = parse_rule("year", "2028-02-29", ROME)
    assert dates(rule, "2028-02-29", 4) == ["2029-02-28", "2030-02-28", "2031-02-28", "2032-02-29"]


@settings(deadline=None)
@given(st.dates(date(2020, 1, 1), date(2040, 12, 31)), st.integers(1, 24))
def test_months_follow_one_another_whatever_the_day(day: date, count: int) -> None:
    found = dates(parse_rule("month", day.isoformat(), ROME), day.isoformat(), count)
    months = [date.fromisoformat(one).year * 12 + date.fromisoformat(one).month for one in found]
    assert months == [day.year * 12 + day.month + n + 1 for n in range(count)]
    assert all(date.fromisoformat(one).day == day.day for one in found if date.fromisoformat(one).day < 28)


def test_the_hour_stays_over_a_change_of_the_clock() -> None:
    # Nine in Rome, in winter and in summer; half past two is half past three on the night that has none.
    assert dates("FREQ=WEEKLY", "2026-03-22T08:00:00Z", 2) == ["2026-03-29T07:00:00Z", "2026-04-05T07:00:00Z"]
    assert dates("FREQ=DAILY", "2026-03-28T01:30:00Z", 2) == ["2026-03-29T01:30:00Z", "2026-03-30T00:30:00Z"]
    assert dates("FREQ=DAILY", "2026-10-24T00:30:00Z", 2) == ["2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"]


def test_the_next_is_later_on_a_night_of_change_too(live_in: Any) -> None:
    live_in("Europe/Rome")
    start = "2026-03-28T01:30:00Z"  # half past two, which the night after has not
    assert next_due("FREQ=DAILY", start, start, "") == "2026-03-29T01:30:00Z"
    assert next_due("FREQ=DAILY", start, "2026-03-29T01:30:00Z", "") == "2026-03-30T00:30:00Z"
    assert next_due("FREQ=DAILY", start, start, "2026-03-29T01:10:00Z") == "2026-03-29T01:30:00Z"
    # Put off into the hour that comes twice, to the second of the two.
    assert next_due("FREQ=DAILY", "2026-10-24T00:30:00Z", "2026-10-25T01:10:00Z", "") == "2026-10-26T01:30:00Z"


def test_what_was_missed_is_not_made_up_for() -> None:
    assert next_due("FREQ=DAILY", "2020-01-01", "2020-01-01", "2026-11-22T09:00:00Z", ROME) == "2026-11-22"
    assert next_due("FREQ=DAILY", "2020-01-01", "2026-11-22", "2026-11-22T09:00:00Z", ROME) == "2026-11-23"
    due = next_due("FREQ=DAILY", "2020-01-01T08:00:00Z", "2020-01-01T08:00:00Z", "2026-11-22T09:00:00Z", ROME)
    assert due == "2026-11-23T08:00:00Z"


def test_one_that_was_put_off_comes_back_on_its_own_days() -> None:
    assert next_due("FREQ=WEEKLY", "2026-11-02", "2026-11-04", "2026-11-04T09:00:00Z", ROME) == "2026-11-09"
    assert from_here("FREQ=WEEKLY", "2026-11-02", "2026-11-04", ROME) is None
    assert from_here("FREQ=WEEKLY", "2026-11-02", "2026-11-09", ROME) == "FREQ=WEEKLY"
    assert from_here("FREQ=WEEKLY;COUNT=5", "2026-11-02", "2026-11-09", ROME) == "FREQ=WEEKLY;COUNT=4"


def test_an_end_is_an_end() -> None:
    assert dates("FREQ=DAILY;COUNT=3", "2026-11-22", 9) == ["2026-11-23", "2026-11-24"]
    assert dates("FREQ=DAILY;UNTIL=20261124", "2026-11-22", 9) == ["2026-11-23", "2026-11-24"]
    assert dates("FREQ=DAILY;UNTIL=20261123T080000Z", "2026-11-22T08:00:00Z", 9) == ["2026-11-23T08:00:00Z"]


def test_a_date_moved_for_good_moves_what_the_words_meant() -> None:
    rule = parse_rule("2 months", "2026-01-31", ROME)
    assert anchored(rule, date(2026, 2, 15)) == "FREQ=MONTHLY;INTERVAL=2"
    assert anchored("FREQ=MONTHLY", date(2026, 3, 31)) == parse_rule("month", "2026-03-31", ROME)
    assert anchored("FREQ=MONTHLY;BYDAY=-1FR", date(2026, 3, 31)) == "FREQ=MONTHLY;BYDAY=-1FR"


@settings(deadline=None)
@given(
    st.sampled_from(["day", "2 weeks", "month", "year", "mon,thu", "weekday", "FREQ=MONTHLY;BYDAY=-1FR"]),
    st.dates(date(2020, 1, 1), date(2030, 1, 1)),
    st.integers(0, 5000),
)
def test_the_next_is_later_and_not_past(text: str, day: date, later: int) -> None:
    rule = parse_rule(text, day.isoformat(), ROME)
    today = day + timedelta(days=later)
    found = next_due(rule, day.isoformat(), day.isoformat(), f"{today.isoformat()}T12:00:00Z", ROME)
    assert found is not None and found > day.isoformat() and found >= today.isoformat()
