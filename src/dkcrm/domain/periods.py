"""Periods of time as people name them: a year, a quarter, a month, a week, a day, in figures or in words.

English and Italian. What is not understood is an error, never a guess.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, timedelta, tzinfo

from dkcrm.domain.dates import first_second, last_second, parse_date, parse_time, to_utc, wrong_date
from dkcrm.domain.text import strip_marks

_DAYS = {
    **dict.fromkeys(("today", "oggi"), 0),
    **dict.fromkeys(("yesterday", "ieri"), -1),
    **dict.fromkeys(("tomorrow", "domani"), 1),
    **dict.fromkeys(("avantieri", "altroieri", "l'altroieri"), -2),
    "dopodomani": 2,
}
_UNITS = {
    **dict.fromkeys(("week", "settimana"), "week"),
    **dict.fromkeys(("month", "mese"), "month"),
    **dict.fromkeys(("quarter", "trimestre"), "quarter"),
    **dict.fromkeys(("year", "anno"), "year"),
}
_WHICH = {
    **dict.fromkeys(("this", "questo", "questa", "quest", "quest'"), 0),
    **dict.fromkeys(("last", "scorso", "scorsa"), -1),
    **dict.fromkeys(("next", "prossimo", "prossima"), 1),
}
_ARTICLE = re.compile(r"^(?:(?:il|lo|la|i|gli|le|the|nel|nella|negli|nelle)-|(?:nell|l)['’]?(?=ultim|ann))")
_AGO = re.compile(r"(\+?)([0-9]{1,5})([hdgwsmya])")
#: Italian letters of units, and what they are.
_LETTERS = {"g": "d", "s": "w", "a": "y"}


_MINUTE = re.compile(r"[0-9-]{10}[T ][0-9]{2}:?[0-9]{2}(?:Z|[+-][0-9:]+)?")


def span(text: str, now: str, zone: tzinfo | None = None, *, minutes: bool = False) -> tuple[str, str]:
    """Return the first and last second (ISO 8601 UTC) of a period or a moment.

    ``2026``, ``2026-Q3``, ``2026-W34``, ``2026-10``, ``nov-2026``, ``2026-10-21``, ``today`` (``oggi``), ``last-month``
    (``mese-scorso``), ``last-30-days`` (``ultimi-30-giorni``), ``3-weeks-ago`` (``3-settimane-fa``), ``30d``
    (the day 30 days ago; ``w`` weeks, ``m`` months, ``y`` years, ``h`` the moment that many hours ago; with ``+``
    ahead). With ``minutes`` a moment without seconds is its whole minute. ``now`` is the present, ISO 8601 UTC. Raises
    InvalidInput for anything else.
    """
    here = datetime.fromisoformat(now).astimezone(zone)
    word = _word(text)
    hours = _AGO.fullmatch(word)
    try:
        if hours and hours[3] == "h":
            moment = here + timedelta(hours=int(hours[2]) * (1 if hours[1] else -1))
            return (to_utc(moment),) * 2
        period = _period(word, here.date())
        if period is not None:
            first, last = period
            return first_second(first, zone), last_second(last, zone)
    except (ValueError, OverflowError):
        raise wrong_date(text) from None
    start, end = parse_time(text, now, zone), parse_time(text, now, zone, end_of_day=True)
    if minutes and _MINUTE.fullmatch(text.strip()):
        end = to_utc(datetime.fromisoformat(start) + timedelta(seconds=59))
    return start, end


def days(text: str, today: date) -> tuple[date, date]:
    """Return the first and last day of a period. Raises InvalidInput for what is none."""
    try:
        period = _period(_word(text), today)
    except (ValueError, OverflowError):
        raise wrong_date(text) from None
    if period is None:
        day = date.fromisoformat(parse_date(text, today))
        return day, day
    return period


def _word(text: str) -> str:
    word = "-".join(strip_marks(text).replace("_", " ").replace("-", " ").split())
    return word if word in _DAYS else _ARTICLE.sub("", word)


def _period(word: str, today: date) -> tuple[date, date] | None:
    """Return the first and last day that a word names, or None. Raises ValueError for a period that does not exist."""
    if word in _DAYS:
        day = today + timedelta(days=_DAYS[word])
        return day, day
    ago = _AGO.fullmatch(word)
    if ago and ago[3] != "h":
        day = _away(today, int(ago[2]) * (1 if ago[1] else -1), _LETTERS.get(ago[3], ago[3]))
        return day, day
    named = _named(word)
    if named is not None:
        return _around(today, *named)
    counted = _counted(today, word)
    if counted is not None:
        return counted
    figures = re.fullmatch(r"([0-9]{4})(?:-([0-9]{2})|-q([1-4])|-w([0-9]{2}))?", word)
    if figures is None:
        return None
    year = int(figures[1])
    if figures[2]:
        return _months(year, int(figures[2]), 1)
    if figures[3]:
        return _months(year, 3 * int(figures[3]) - 2, 3)
    if figures[4]:
        monday = date.fromisocalendar(year, int(figures[4]), 1)
        return monday, monday + timedelta(days=6)
    return _months(year, 1, 12)


_AGO_IN_WORDS = re.compile(r"(?:(in|fra|tra)-)?([0-9]{1,5})-([a-z]+)(?:-(ago|fa))?")
_RUNNING = re.compile(r"(last|past|ultim[oaie]|scors[ie]|next|prossim[ie])(?:-([0-9]{1,5}))?-([a-z]+)")
_NAMED_MONTH = re.compile(r"([a-z]{3,9})-([0-9]{4})|([0-9]{4})-([a-z]{3,9})")


def _counted(today: date, word: str) -> tuple[date, date] | None:
    """Return the days of ``30-days-ago``, ``fra-2-settimane``, ``last-30-days``, ``ultima-settimana``, ``nov-2026``.

    The last 30 days run from the day 30 days ago to today: ``last-month`` is the month before this one, and
    ``past-month`` (``ultimo-mese``) what has passed since this day of it.
    """
    named, ago, running = (shape.fullmatch(word) for shape in (_NAMED_MONTH, _AGO_IN_WORDS, _RUNNING))
    if not (named or ago or running):
        return None
    from dkcrm.domain.when import MONTHS, UNITS

    if named and (month := MONTHS.get(named[1] or named[4])):
        return _months(int(named[2] or named[3]), month, 1)
    if ago and bool(ago[1]) != bool(ago[4]) and ago[3] in UNITS and UNITS[ago[3]] in _DAYS_AND_MORE:
        day = _away(today, int(ago[2]) * (1 if ago[1] else -1), UNITS[ago[3]][0])
        return day, day
    if running and UNITS.get(running[3]) in _DAYS_AND_MORE:
        ahead = running[1].startswith(("next", "pross"))
        other = _away(today, int(running[2] or 1) * (1 if ahead else -1), UNITS[running[3]][0])
        return (today, other) if ahead else (other, today)
    return None


_DAYS_AND_MORE = ("day", "week", "month", "year")


def _named(word: str) -> tuple[str, int] | None:
    """Return the unit and which one of it (-1 the last, 0 this, 1 the next) that two words name, in either order."""
    parts = re.split(r"[-']", word)
    for which, unit in (parts, parts[::-1]) if len(parts) == 2 else ():
        if which in _WHICH and unit in _UNITS:
            return _UNITS[unit], _WHICH[which]
    return None


def _around(today: date, unit: str, which: int) -> tuple[date, date]:
    if unit == "week":
        monday = today + timedelta(days=7 * which - today.weekday())
        return monday, monday + timedelta(days=6)
    length = {"month": 1, "quarter": 3, "year": 12}[unit]
    start = today.year * 12 + today.month - 1
    start = start - start % length + which * length
    return _months(start // 12, start % 12 + 1, length)


def _months(year: int, month: int, count: int) -> tuple[date, date]:
    last = year * 12 + month - 1 + count - 1
    year_of_last, month_of_last = last // 12, last % 12 + 1
    return date(year, month, 1), date(year_of_last, month_of_last, monthrange(year_of_last, month_of_last)[1])


def _away(today: date, count: int, unit: str) -> date:
    """Return the day some days, weeks, months or years from today; the 31st of a shorter month is its last day."""
    if unit in "dw":
        return today + timedelta(days=count * (7 if unit == "w" else 1))
    months = today.year * 12 + today.month - 1 + count * (12 if unit == "y" else 1)
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return date(year, month, min(today.day, monthrange(year, month)[1]))
