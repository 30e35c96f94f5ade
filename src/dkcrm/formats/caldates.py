"""Dates as programs export them, and the order of day and month, which only the whole column tells."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo

from dkcrm.domain.dates import to_utc
from dkcrm.formats.cells import is_blank

ORDERS = ("dmy", "mdy", "ymd")
_LONGEST = 60
# POSIX's rule for years of two digits (strptime %y): 69 to 99 are 19xx.
_PIVOT = 69

_ENGLISH = "january february march april may june july august september october november december"
_ITALIAN = "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre"
_MONTHS = {"sept": 9} | {
    form: number
    for names in (_ENGLISH, _ITALIAN)
    for number, name in enumerate(names.split(), start=1)
    for form in (name, name[:3])
}
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday lunedì martedì mercoledì giovedì venerdì sabato domenica "
    "lunedi martedi mercoledi giovedi venerdi"
)
_WEEKDAYS = frozenset(form for name in _DAYS.split() for form in (name, name[:3])) | {"tues", "thur", "thurs"}

_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NUMERIC = re.compile(r"([0-9]{1,4})\s?([./-])\s?([0-9]{1,2})\s?\2\s?([0-9]{4}|[0-9]{2})")
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_DAY_FIRST = re.compile(
    r"([0-9]{1,2})(?:st|nd|rd|th|º|°|\.)?[\s/-]{1,3}(?:of |di |de )?([^\W\d_]{3,10})[.,]{0,2}"
    r"[\s/-]{1,3}([0-9]{4}|[0-9]{2})"
)
_MONTH_FIRST = re.compile(r"([^\W\d_]{3,10})\.?[\s/-]{1,3}([0-9]{1,2})(?:st|nd|rd|th)?,?[\s/-]{1,3}([0-9]{4}|[0-9]{2})")
_YEAR_FIRST = re.compile(r"([0-9]{4})[\s/-]{1,3}([^\W\d_]{3,10})\.?[\s/-]{1,3}([0-9]{1,2})")
# Before a day and a year it is March; "mar 5 marzo 2024" is a Tuesday.
_MARCH = re.compile(r"mar\.?\s+[0-9]{1,2}(?:st|nd|rd|th)?(?:,\s*|\s+)[0-9]")
_WEEKDAY = re.compile(r"([^\W\d_]{3,9})\.?,?\s+")
_CLOCK = re.compile(
    r"(?:\s*[,t]\s*|\s+)(?:at |ore |alle )?\s?([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?"
    r"\s?([ap]\.?m\.?)?\s?(z|utc|gmt|[+-][0-9]{2}:?[0-9]{2})?"
)


def read_date(text: str, order: str | None = None, zone: tzinfo | None = None) -> str | None:
    """Return a date as ``YYYY-MM-DD``, or a moment as ISO 8601 UTC; None for what is no date, or not plainly one.

    ``order`` is ``dmy``, ``mdy`` or ``ymd``; without it 03/04/2024 is None, and 25/04/2024 is read as it must be. A
    moment without a zone is in ``zone`` (default: the machine's), midnight alone is the day. Years of two digits are
    1969 to 2068 (POSIX). Numbers such as Excel's or Unix's days and seconds are no dates.
    """
    text = text.strip()
    if len(text) == 10 and _ISO.fullmatch(text):
        return _day(int(text[:4]), int(text[5:7]), int(text[8:]))
    if not 6 <= len(text) <= _LONGEST:
        return None
    text = text.lower()
    prefix = _WEEKDAY.match(text)
    if prefix and prefix[1] in _WEEKDAYS and not _MARCH.match(text):
        text = text[prefix.end() :]
    parted = _parted(text)
    if parted is None:
        return None
    words, clock = parted
    day = _date(words, order)
    if day is None or clock is None:
        return day
    return _moment(day, clock, zone)


def date_order(values: Iterable[str]) -> str | None:
    """Return the order that a column's dates prove: ``dmy``, ``mdy``, ``ymd``, or None when none or two are proven."""
    _doubtful, proven = _study(values)
    if len(proven & {"dmy", "mdy"}) == 1:
        return "dmy" if "dmy" in proven else "mdy"
    return "ymd" if proven == {"ymd"} and not _doubtful else None


def ambiguous(values: Iterable[str]) -> bool:
    """Tell whether a column has days and months that no value, or each other's, puts in order."""
    doubtful, proven = _study(values)
    return len(proven & {"dmy", "mdy"}) != 1 and (doubtful or "mdy" in proven)


def looks_like_dates(values: Iterable[str]) -> bool:
    """Tell whether a column has dates: nine in ten of the values that say anything, and at least one.

    Eight digits alone may be anything, and do not count.
    """
    said = [text for value in values if not is_blank(text := value.strip(), "created_at")]
    dates = sum(not text.isdigit() and (read_date(text, "dmy") or read_date(text, "mdy")) is not None for text in said)
    return dates > 0 and dates * 10 >= len(said) * 9


def _study(values: Iterable[str]) -> tuple[bool, set[str]]:
    """Return whether there are dates that could be read in two orders, and the orders that others prove."""
    doubtful = False
    proven: set[str] = set()
    for value in values:
        text = value.strip()
        match = _NUMERIC.match(text) if len(text) <= _LONGEST else None
        if not match:
            continue
        first, second = int(match[1]), int(match[3])
        if len(match[1]) > 2 or first > 31:
            proven.add("ymd")
        elif first > 12 and 1 <= second <= 12:
            proven.add("dmy")
        elif 1 <= first <= 12 < second <= 31:
            proven.add("mdy")
        elif match[2] != "." and first != second:
            doubtful = True
    return doubtful, proven


def _parted(text: str) -> tuple[str, tuple[int, int, int, int | None] | None] | None:
    """Return the date of a text and its clock (hour, minute, second, minutes east of Greenwich); None for none such."""
    colon = text.find(":")
    if colon < 0:
        compact = re.fullmatch(r"([0-9]{8})t([0-9]{2})([0-9]{2})([0-9]{2})(z?)", text)
        if not compact:
            return text, None
        return compact[1], (int(compact[2]), int(compact[3]), int(compact[4]), 0 if compact[5] else None)
    # The clock begins a little before its colon; searching from the start would try every blank.
    for start in range(max(0, colon - 9), colon - 1):
        match = _CLOCK.fullmatch(text, start)
        if match:
            break
    else:
        return None
    hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
    if match[4]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[4][0] == "p" else 0)
    east = None
    if match[5]:
        digits = match[5].replace(":", "")
        east = 0 if digits in ("z", "utc", "gmt") else int(digits[0] + "1") * (int(digits[1:3]) * 60 + int(digits[3:]))
    return text[: match.start()], (hour, minute, second, east)


def _date(text: str, order: str | None) -> str | None:
    """Return the day that a text without a clock tells, or None."""
    text = text.strip(" ,")
    match = _NUMERIC.fullmatch(text.removesuffix("."))
    if match:
        return _numeric(match[1], match[3], match[4], match[2], order)
    match = _COMPACT.fullmatch(text)
    if match:
        return _day(int(match[1]), int(match[2]), int(match[3])) if "1800" < text < "2200" else None
    match = _DAY_FIRST.fullmatch(text)
    if match:
        return _named(match[3], match[2], match[1])
    match = _MONTH_FIRST.fullmatch(text)
    if match:
        return _named(match[3], match[1], match[2])
    match = _YEAR_FIRST.fullmatch(text)
    return _named(match[1], match[2], match[3]) if match else None


def _numeric(first: str, second: str, third: str, mark: str, order: str | None) -> str | None:
    """Return the day of three numbers in an order, or in the only one that fits."""
    if len(first) > 2:
        return _day(int(first), int(second), int(third)) if len(first) == 4 and len(third) == 2 else None
    if order == "ymd" and len(third) == 2:
        return _day(_year(first), int(second), int(third))
    a, b, year = int(first), int(second), _year(third)
    if order in ("dmy", "mdy"):
        return _day(year, b, a) if order == "dmy" else _day(year, a, b)
    # Nobody writes the month first with dots.
    if a > 12 or a == b or mark == ".":
        return _day(year, b, a)
    return _day(year, a, b) if b > 12 else None


def _named(year: str, month: str, day: str) -> str | None:
    """Return the day of a month that is written as a word."""
    number = _MONTHS.get(month)
    return _day(_year(year), number, int(day)) if number else None


def _year(text: str) -> int:
    """Return a year of two or four digits."""
    year = int(text)
    return year if len(text) > 2 else year + (1900 if year >= _PIVOT else 2000)


def _day(year: int, month: int, day: int) -> str | None:
    """Return a day as ISO 8601, or None when there is no such day; years before 1000 are placeholders."""
    if year < 1000:
        return None
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _moment(day: str, clock: tuple[int, int, int, int | None], zone: tzinfo | None) -> str | None:
    """Return a day and a clock as ISO 8601 UTC; midnight of nowhere in particular is the day."""
    hour, minute, second, east = clock
    if east is None and not (hour or minute or second):
        return day
    try:
        moment = datetime.fromisoformat(day).replace(hour=hour, minute=minute, second=min(second, 59))
        if east is not None:
            moment = moment.replace(tzinfo=timezone(timedelta(minutes=east)) if east else UTC)
        return to_utc(moment, zone)
    except (ValueError, OverflowError, OSError):
        return None
