"""Tasks as iCalendar (RFC 5545): to-dos, or events for programs that have no to-dos.

What is due at an hour is written in UTC; what comes back, on the user's clock without a zone (a floating time, section
3.3.5), so that nine o'clock stays nine o'clock over a change of daylight saving time. A to-do that comes back starts
at midnight of the day on which it is due: an RRULE counts from a DTSTART, and DUE must be later (section 3.8.2.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta, tzinfo
from typing import TextIO

from dkcrm.domain.task import Task, reminder_at
from dkcrm.domain.when import local

_PRIORITIES = {"h": 1, "m": 5, "l": 9}
_STATES = {"open": "NEEDS-ACTION", "done": "COMPLETED", "dropped": "CANCELLED"}
_MOST_OCTETS = 75


def write_ics(tasks: Iterable[Task], out: TextIO, now: str, *, events: bool = False, zone: tzinfo | None = None) -> int:
    """Write tasks as a calendar, in the order given; return how many. Of events, what has no date is left out."""
    count = 0
    for line in ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//dkcrm//dkcrm//EN", "CALSCALE:GREGORIAN"):
        out.write(line + "\r\n")
    for task in tasks:
        if events and not task.due:
            continue
        for line in _event(task, now, zone) if events else _todo(task, now, zone):
            out.write(fold(line) + "\r\n")
        count += 1
    out.write("END:VCALENDAR\r\n")
    return count


def escape(text: str) -> str:
    """Return text as a value (section 3.3.11)."""
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return text.replace("\r\n", "\\n").replace("\n", "\\n").replace("\r", "\\n")


def fold(line: str) -> str:
    """Return a line broken so that none has more than 75 octets, between characters (section 3.1)."""
    parts, size = [""], 0
    for character in line:
        octets = len(character.encode("utf-8", "surrogatepass"))
        if size + octets > _MOST_OCTETS:
            parts.append("")
            size = 1  # the blank that begins the next line
        parts[-1] += character
        size += octets
    return "\r\n ".join(parts)


def _stamp(moment: str) -> str:
    """Return a moment in UTC as iCalendar has it."""
    return moment.replace("-", "").replace(":", "")


def _floating(moment: datetime) -> str:
    return moment.strftime("%Y%m%dT%H%M%S")


def _day(day: str) -> str:
    return "VALUE=DATE:" + day.replace("-", "")


def _head(task: Task, now: str) -> Iterator[str]:
    yield f"UID:{task.uid}"
    yield f"DTSTAMP:{_stamp(now)}"
    yield f"CREATED:{_stamp(task.created_at)}"
    yield f"SUMMARY:{escape(task.text)}"
    if task.entities:
        yield f"DESCRIPTION:{escape(task.who())}"
    if task.priority:
        yield f"PRIORITY:{_PRIORITIES[task.priority]}"


def _todo(task: Task, now: str, zone: tzinfo | None) -> Iterator[str]:
    yield "BEGIN:VTODO"
    yield from _head(task, now)
    yield f"STATUS:{_STATES[task.state]}"
    if task.state == "done" and task.done_at:
        yield f"COMPLETED:{_stamp(task.done_at)}"
        yield "PERCENT-COMPLETE:100"
    if task.due:
        rule = _rule(task, zone)
        if rule:
            yield from _coming_back(task.due, rule, zone)
        else:
            yield f"DUE;{_day(task.due)}" if len(task.due) == 10 else f"DUE:{_stamp(task.due)}"
    yield from _alarms(task, "END", zone)
    yield "END:VTODO"


def _rule(task: Task, zone: tzinfo | None) -> str | None:
    """Return the rule of a task that comes back; while it is put off it stands alone: a rule counts from its date."""
    if not task.every or not task.due or task.state != "open":
        return None
    from dkcrm.domain.recurrence import from_here

    return from_here(task.every, task.start or task.due, task.due, zone)


def _coming_back(due: str, rule: str, zone: tzinfo | None) -> Iterator[str]:
    """Yield start, due date and rule of a to-do that comes back; due on a day, it is due at the end of it."""
    if len(due) == 10:
        moment = datetime.combine(date.fromisoformat(due), datetime.min.time()) + timedelta(seconds=86399)
    else:
        moment = local(due, zone)
    start = datetime.combine(moment.date(), datetime.min.time())
    yield f"DTSTART:{_floating(start)}"
    yield f"DUE:{_floating(max(moment, start + timedelta(seconds=1)))}"
    yield f"RRULE:{_floating_rule(rule, zone)}"


def _floating_rule(rule: str, zone: tzinfo | None, *, days: bool = False) -> str:
    """Return a rule whose UNTIL has the form of its DTSTART (section 3.3.10): a day, or a time without a zone."""
    parts = []
    for part in rule.split(";"):
        if part.startswith("UNTIL="):
            end = part[6:]
            if days:
                end = end[:8]
            elif len(end) == 8:
                end += "T235959"
            elif end.endswith("Z"):
                end = _floating(local(datetime.strptime(end, "%Y%m%dT%H%M%SZ").isoformat() + "Z", zone))
            part = "UNTIL=" + end
        parts.append(part)
    return ";".join(parts)


def _event(task: Task, now: str, zone: tzinfo | None) -> Iterator[str]:
    assert task.due
    yield "BEGIN:VEVENT"
    yield from _head(task, now)
    coming_back = _rule(task, zone)
    if len(task.due) == 10:
        yield f"DTSTART;{_day(task.due)}"
    else:
        yield f"DTSTART:{_floating(local(task.due, zone)) if coming_back else _stamp(task.due)}"
    if coming_back:
        yield f"RRULE:{_floating_rule(coming_back, zone, days=len(task.due) == 10)}"
    if task.state == "dropped":
        yield "STATUS:CANCELLED"
    yield "TRANSP:TRANSPARENT"
    yield from _alarms(task, "START", zone)
    yield "END:VEVENT"


def _alarms(task: Task, of: str, zone: tzinfo | None) -> Iterator[str]:
    """Yield the alarms; of a task that is due on a day the moment itself, where it does not come back."""
    if task.state != "open" or not task.due:
        return
    for ahead in task.remind:
        yield "BEGIN:VALARM"
        yield "ACTION:DISPLAY"
        yield f"DESCRIPTION:{escape(task.text)}"
        if len(task.due) == 10:
            # Both kinds begin at midnight, from which the moment is counted.
            moment = reminder_at(task.due, ahead, zone)
            if _rule(task, zone):
                wall = local(moment, zone) - datetime.combine(date.fromisoformat(task.due), datetime.min.time())
                yield f"TRIGGER;RELATED=START:{_duration(int(wall.total_seconds()))}"
            else:
                yield f"TRIGGER;VALUE=DATE-TIME:{_stamp(moment)}"
        else:
            yield f"TRIGGER;RELATED={of}:{_duration(-ahead)}"
        yield "END:VALARM"


def _duration(seconds: int) -> str:
    """Return a duration (section 3.3.6)."""
    sign, rest = ("-" if seconds < 0 else ""), abs(seconds)
    days, rest = divmod(rest, 86400)
    hours, rest = divmod(rest, 3600)
    minutes, rest = divmod(rest, 60)
    clock = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M"), (rest, "S")) if count)
    if not days and not clock:
        clock = "0S"
    return f"{sign}P" + (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
