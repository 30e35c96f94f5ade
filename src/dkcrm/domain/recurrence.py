"""How a task comes back: words as an RRULE of RFC 5545 (section 3.3.10), and the date that comes next by it.

A rule is counted on the user's clock: every week at nine stays at nine over a change of daylight saving time. By the
letter of the RFC "monthly on the 31st" skips the months without one; what is said in words never skips a month, so it
becomes "the last of the days 28 to 31", which the RFC can say too.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from dkcrm.domain.dates import first_second, to_utc
from dkcrm.domain.text import strip_marks
from dkcrm.domain.when import LAST_YEAR, NUMBERS, UNITS, WEEKDAYS, day_of, local
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

EXAMPLES = '"2 weeks", day, month, monday, "mon,thu", weekday, ogni mese, or FREQ=MONTHLY;BYDAY=-1FR'
#: Nothing comes back by the minute.
_UNITS = {**UNITS, "m": "month"}
_FREQUENCIES = {"day": "DAILY", "week": "WEEKLY", "month": "MONTHLY", "year": "YEARLY"}
_WORDS = {
    **dict.fromkeys(("daily", "quotidiano"), "day"),
    **dict.fromkeys(("weekly", "settimanale"), "week"),
    **dict.fromkeys(("monthly", "mensile"), "month"),
    **dict.fromkeys(("yearly", "annually", "annuale"), "year"),
}
_WORKDAYS = ("weekday", "weekdays", "workday", "workdays", "giorno feriale", "giorni feriali")
_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS = r"[+-]?[0-9]{1,3}(?:,[+-]?[0-9]{1,3})*"
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9][0-9]{0,2}",
    "COUNT": r"[1-9][0-9]{0,3}",
    "UNTIL": r"[0-9]{8}(?:T[0-9]{6}Z?)?",
    "BYDAY": r"(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU)(?:,(?:[+-]?[0-9]{1,2})?(?:MO|TU|WE|TH|FR|SA|SU))*",
    "BYMONTHDAY": _NUMBERS,
    "BYMONTH": r"[0-9]{1,2}(?:,[0-9]{1,2})*",
    "BYSETPOS": _NUMBERS,
    "BYYEARDAY": _NUMBERS,
    "BYWEEKNO": _NUMBERS,
    "WKST": "|".join(_CODES),
}
_LIMITS = {"BYMONTHDAY": 31, "BYMONTH": 12, "BYSETPOS": 366, "BYYEARDAY": 366, "BYWEEKNO": 53}
#: A rule that comes to nothing for so long is taken to come to nothing.
_HORIZON = timedelta(days=366 * 20)


def parse_rule(text: str, due: str, zone: tzinfo | None = None) -> str:
    """Return the RRULE that words, or an RRULE, say of a task that is due first on ``due``.

    Raises InvalidInput for what is not understood, and for a rule by which the task never comes back.
    """
    words = " ".join(strip_marks(text).split())
    words = re.sub(r"^(?:every|each|ogni)\s+", "", words)
    rule = _rule_of_text(text) if "=" in text else _rule_of_words(words, day_of(due, zone))
    if rule is None:
        raise _wrong(text)
    if next_due(rule, due, due, "", zone) is None:
        raise InvalidInput(
            _("by {rule} it comes never again after {due}").format(rule=rule, due=day_of(due, zone).isoformat()),
            hint=_("write {examples}").format(examples=EXAMPLES),
        )
    return rule


def _wrong(text: str) -> InvalidInput:
    shown = "".join(c if c.isprintable() else "?" for c in text[:60]) or "''"
    return InvalidInput(
        _("no such recurrence: {text}").format(text=shown), hint=_("write {examples}").format(examples=EXAMPLES)
    )


def _rule_of_words(words: str, day: date) -> str | None:
    if words in _WORKDAYS:
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"
    named = [WEEKDAYS.get(word) for word in re.split(r",\s*|\s+(?:and|e)\s+", words)]
    if all(number is not None for number in named):
        return "FREQ=WEEKLY;BYDAY=" + ",".join(_CODES[number] for number in sorted({n for n in named if n is not None}))
    match = re.fullmatch(r"(?:([0-9]{1,3}|[a-z]+)\s*)?\b([a-z]+)", _WORDS.get(words, words))
    match = match or re.fullmatch(r"([0-9]{1,3})\s*([a-z]+)", words)
    if match is None or _UNITS.get(match[2]) not in _FREQUENCIES:
        return None
    if match[1] and not match[1].isdigit() and match[1] not in NUMBERS:
        return None
    count = 1 if not match[1] else int(match[1]) if match[1].isdigit() else NUMBERS[match[1]]
    return every(count, _UNITS[match[2]], day) if count else None


def every(count: int, unit: str, day: date) -> str:
    """Return the rule for every so many days, weeks, months or years from a day, which skips no month."""
    rule = f"FREQ={_FREQUENCIES[unit]}" + (f";INTERVAL={count}" if count > 1 else "")
    if unit == "month" and day.day > 28:
        rule += f";BYMONTHDAY={','.join(str(n) for n in range(28, day.day + 1))};BYSETPOS=-1"
    if unit == "year" and (day.month, day.day) == (2, 29):
        rule += ";BYMONTH=2;BYMONTHDAY=28,29;BYSETPOS=-1"
    return rule


def anchored(rule: str, day: date) -> str:
    """Return a rule for a task whose due date was moved to a day for good; one that names days itself stays."""
    match = re.fullmatch(
        r"FREQ=(MONTHLY|YEARLY)(?:;INTERVAL=([0-9]+))?((?:;BYMONTH=2)?;BYMONTHDAY=28[0-9,]*;BYSETPOS=-1)?", rule
    )
    if match is None:
        return rule
    return every(int(match[2] or 1), "month" if match[1] == "MONTHLY" else "year", day)


def is_rule(text: str) -> bool:
    """Tell whether a text is an RRULE as ``parse_rule`` writes it."""
    try:
        return _rule_of_text(text) == text
    except InvalidInput:
        return False


def _rule_of_text(text: str) -> str:
    """Return an RRULE that was given as one, checked part by part."""
    parts = text.strip().upper().removeprefix("RRULE:").replace(" ", "").rstrip(";").split(";")
    found: dict[str, str] = {}
    for part in parts:
        name, _equals, value = part.partition("=")
        if name not in _PARTS or name in found or not re.fullmatch(_PARTS[name], value):
            raise _wrong(text)
        if name in _LIMITS and any(not 1 <= abs(int(number)) <= _LIMITS[name] for number in value.split(",")):
            raise _wrong(text)
        found[name] = value
    if "FREQ" not in found or {"COUNT", "UNTIL"} <= found.keys():
        raise _wrong(text)
    try:
        _until(found.get("UNTIL", "20260101"), None)
        _made(found, datetime(2026, 1, 1), datetime(2026, 1, 2))
    except ValueError:
        raise _wrong(text) from None
    return ";".join(f"{name}={value}" for name, value in found.items())


def _made(parts: dict[str, str], start: datetime, until: datetime) -> Any:
    """Return dateutil's rule from ``start`` to ``until``; who counts its dates is the caller."""
    from dateutil import rrule

    def numbers(name: str) -> list[int] | None:
        return [int(number) for number in parts[name].split(",")] if name in parts else None

    days = None
    if "BYDAY" in parts:
        days = [
            rrule.weekday(_CODES.index(word[-2:]), int(word[:-2]) if word[:-2] else None)
            for word in parts["BYDAY"].split(",")
        ]
    return rrule.rrule(
        getattr(rrule, parts["FREQ"]), dtstart=start, until=until, interval=int(parts.get("INTERVAL", "1")),
        wkst=_CODES.index(parts["WKST"]) if "WKST" in parts else None, byweekday=days,
        bymonthday=numbers("BYMONTHDAY"), bymonth=numbers("BYMONTH"), bysetpos=numbers("BYSETPOS"),
        byyearday=numbers("BYYEARDAY"), byweekno=numbers("BYWEEKNO"),
    )  # fmt: skip


def next_due(rule: str, start: str, due: str, now: str, zone: tzinfo | None = None) -> str | None:
    """Return when a task comes back, in the form of ``start``, from which its rule counts; None where it ends.

    It is the first date of the rule after ``due`` that is not past at ``now`` (ISO 8601 UTC; blank: whenever): what was
    missed is not made up for, and no more than one date is ever made.
    """
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    bare = len(start) == 10
    first = datetime.combine(date.fromisoformat(start), datetime.min.time()) if bare else local(start, zone)
    past = _wall(due, bare, zone)
    if now:
        # Of days, the one that is today is not past.
        past = max(past, _wall(now, bare, zone) - timedelta(days=int(bare)))
    # In UTC, for on a night of change the user's clock leaves an hour out, or has one twice.
    after = "" if bare else max(due if len(due) > 10 else first_second(day_of(due), zone), now)
    latest = datetime(LAST_YEAR, 12, 31)
    until = min(max(past, first), latest - _HORIZON) + _HORIZON
    end = parts.get("UNTIL")
    if end:
        until = min(until, _until(end, zone))
    most = int(parts.get("COUNT", "0"))
    dates: Iterable[datetime] = _made(parts, first, until)
    for number, moment in enumerate(dates):
        if most and number >= most:
            return None
        if bare and moment > past:
            return moment.date().isoformat()
        if not bare and moment > past - timedelta(days=1) and (found := to_utc(moment, zone)) > after:
            return found
    return None


def from_here(rule: str, start: str, due: str, zone: tzinfo | None = None) -> str | None:
    """Return the rule as it counts from ``due`` on, or None where that is none of its dates: it was put off."""
    if len(start) != len(due):
        return None
    bare = len(start) == 10
    parts = dict(part.split("=", 1) for part in rule.split(";"))
    here = _wall(due, bare, zone)
    before = list(_made(parts, _wall(start, bare, zone), here))
    if not before or before[-1] != here:
        return None
    if "COUNT" in parts:
        parts["COUNT"] = str(max(1, int(parts["COUNT"]) - len(before) + 1))
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _wall(due: str, bare: bool, zone: tzinfo | None) -> datetime:
    """Return a due date on the user's clock; of a day its beginning, and where days count only the day."""
    if bare or len(due) == 10:
        return datetime.combine(day_of(due, zone), datetime.min.time())
    return local(due, zone)


def _until(text: str, zone: tzinfo | None) -> datetime:
    if len(text) == 8:
        return datetime.strptime(text, "%Y%m%d").replace(hour=23, minute=59, second=59)
    moment = datetime.strptime(text[:15], "%Y%m%dT%H%M%S")
    return local(moment.isoformat() + "Z", zone) if text.endswith("Z") else moment
