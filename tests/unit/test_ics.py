"""Tasks as iCalendar, read back by a library that knows the standard."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dkcrm.domain.task import Party, Task
from dkcrm.formats.ics import fold, write_ics

icalendar = pytest.importorskip("icalendar")

ROME = ZoneInfo("Europe/Rome")
NOW = "2026-11-22T09:00:00Z"
UID = "0199a5b0-0000-7000-8000-000000000001"
PLAIN = Task(1, UID, "Call", None, None, "open", None, None, NOW, None)


def written(*tasks: Task, events: bool = False) -> bytes:
    out = io.StringIO(newline="")
    write_ics(tasks, out, NOW, events=events, zone=ROME)
    return out.getvalue().encode("utf-8", "surrogatepass")


def read(*tasks: Task, events: bool = False) -> list[Any]:
    """Return the parts of the calendar that tasks make, as the library reads them."""
    data = written(*tasks, events=events)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    assert b"\n" not in data.replace(b"\r\n", b"")
    calendar = icalendar.Calendar.from_ical(data)
    assert calendar["VERSION"] == "2.0" and calendar["PRODID"]
    assert not calendar.errors
    for part in calendar.subcomponents:
        assert not part.errors
    return list(calendar.subcomponents)


def test_a_task_without_a_date() -> None:
    (todo,) = read(PLAIN)
    assert (todo.name, str(todo["UID"]), str(todo["SUMMARY"]), str(todo["STATUS"])) == (
        "VTODO", UID, "Call", "NEEDS-ACTION",
    )  # fmt: skip
    assert todo["DTSTAMP"].dt == datetime(2026, 11, 22, 9, tzinfo=UTC)
    assert "DUE" not in todo
    assert read(PLAIN, events=True) == []


def test_text_is_escaped_and_folded() -> None:
    text = 'Zürich, "è" – 小野; C:\\new ' * 9 + "end"
    (todo,) = read(PLAIN._replace(text=text, entities=(Party(1, "person", "Bianchi, Anna"), Party(2, "person", ""))))
    assert str(todo["SUMMARY"]) == text
    assert str(todo["DESCRIPTION"]) == "Bianchi, Anna, 2"


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1, max_size=300))
def test_any_text_comes_back(text: str) -> None:
    (todo,) = read(PLAIN._replace(text=text))
    assert str(todo["SUMMARY"]) == text


@settings(deadline=None)
@given(st.text(max_size=300))
def test_folding_loses_nothing(text: str) -> None:
    assert fold(text).replace("\r\n ", "") == text or "\r\n " in text


def test_a_moment_is_in_utc_with_its_alarms() -> None:
    task = PLAIN._replace(due="2026-12-01T08:00:00Z", priority="h", remind=(0, 5400, 172800))
    (todo,) = read(task)
    assert todo["DUE"].dt == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert todo["PRIORITY"] == 1
    alarms = [alarm for alarm in todo.subcomponents if alarm.name == "VALARM"]
    ahead = [timedelta(0), timedelta(minutes=-90), timedelta(days=-2)]
    assert [alarm["TRIGGER"].dt for alarm in alarms] == ahead
    assert all(alarm["TRIGGER"].params["RELATED"] == "END" and alarm["ACTION"] == "DISPLAY" for alarm in alarms)
    (event,) = read(task, events=True)
    assert (event.name, event["DTSTART"].dt) == ("VEVENT", datetime(2026, 12, 1, 8, tzinfo=UTC))
    assert [alarm["TRIGGER"].dt for alarm in event.subcomponents] == ahead


def test_a_day_is_a_day_and_its_alarm_a_moment() -> None:
    task = PLAIN._replace(due="2026-12-01", remind=(86400,))
    (todo,) = read(task)
    assert todo["DUE"].dt == date(2026, 12, 1)
    # The day before at nine in Rome.
    assert todo.subcomponents[0]["TRIGGER"].dt == datetime(2026, 11, 30, 8, tzinfo=UTC)
    (event,) = read(task, events=True)
    assert event["DTSTART"].dt == date(2026, 12, 1)


def test_what_comes_back_is_on_the_users_clock() -> None:
    task = PLAIN._replace(
        due="2026-12-31T08:00:00Z", start="2026-12-31T08:00:00Z", remind=(3600,),
        every="FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1",
    )  # fmt: skip
    (todo,) = read(task)
    assert (todo["DTSTART"].dt, todo["DUE"].dt) == (datetime(2026, 12, 31), datetime(2026, 12, 31, 9))
    assert todo["RRULE"]["FREQ"] == ["MONTHLY"] and todo["RRULE"]["BYSETPOS"] == [-1]
    (event,) = read(task, events=True)
    assert event["DTSTART"].dt == datetime(2026, 12, 31, 9)


def test_a_day_that_comes_back() -> None:
    task = PLAIN._replace(due="2026-12-01", start="2026-12-01", every="FREQ=WEEKLY;UNTIL=20270301", remind=(0,))
    (todo,) = read(task)
    assert (todo["DTSTART"].dt, todo["DUE"].dt) == (datetime(2026, 12, 1), datetime(2026, 12, 1, 23, 59, 59))
    assert todo["RRULE"]["UNTIL"] == [datetime(2027, 3, 1, 23, 59, 59)]
    assert todo.subcomponents[0]["TRIGGER"].dt == timedelta(hours=9)
    (event,) = read(task, events=True)
    assert event["DTSTART"].dt == date(2026, 12, 1)
    assert event["RRULE"]["UNTIL"] == [date(2027, 3, 1)]


def test_midnight_is_later_than_the_start() -> None:
    (todo,) = read(PLAIN._replace(due="2026-11-30T23:00:00Z", start="2026-11-30T23:00:00Z", every="FREQ=WEEKLY"))
    assert todo["DUE"].dt > todo["DTSTART"].dt


def test_what_was_put_off_stands_alone() -> None:
    (todo,) = read(PLAIN._replace(due="2026-12-02", start="2026-12-01", every="FREQ=WEEKLY"))
    assert "RRULE" not in todo and todo["DUE"].dt == date(2026, 12, 2)


def test_done_and_dropped() -> None:
    task = PLAIN._replace(due="2026-12-01", start="2026-12-01", every="FREQ=WEEKLY", done_at=NOW, remind=(0,))
    done, dropped = read(task._replace(state="done"), task._replace(state="dropped"))
    assert (str(done["STATUS"]), done["COMPLETED"].dt) == ("COMPLETED", datetime(2026, 11, 22, 9, tzinfo=UTC))
    assert str(dropped["STATUS"]) == "CANCELLED"
    assert "RRULE" not in done and not done.subcomponents
