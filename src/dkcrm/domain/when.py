"""When something is to be done, as people say it: English and Italian words, and ISO 8601.

What is not understood is refused with examples, never guessed. The present and the zone are arguments. An answer is a
day (``2026-12-01``) or a moment in UTC (``2026-12-01T08:00:00Z``).

Over a change of daylight saving time: an hour that does not exist is moved on by the jump (02:30 is 03:30 that night),
and of an hour that comes twice the first one is meant.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta, tzinfo
from typing import TypeVar

from dkcrm.domain.dates import to_utc
from dkcrm.domain.text import strip_marks
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

D = TypeVar("D", date, datetime)
#: Beyond these years a moment in UTC may be none on the user's clock.
FIRST_YEAR, LAST_YEAR = 1900, 9998
EXAMPLES = "2026-12-01, 2026-12-01T09:30, tomorrow 9am, friday, in 3 days, 1 dec, end of month, domani alle 9"


def _table(lines: dict[int, str]) -> dict[str, int]:
    return {word: number for number, words in lines.items() for word in words.split()}


_DAYS = {
    **_table({0: "today oggi", 1: "tomorrow domani", -1: "yesterday ieri", 2: "dopodomani"}),
    "day after tomorrow": 2,
    "the day after tomorrow": 2,
}
WEEKDAYS = _table(
    {
        0: "monday mon lunedi lun",
        1: "tuesday tue tues martedi mar",
        2: "wednesday wed mercoledi mer",
        3: "thursday thu thur thurs giovedi gio",
        4: "friday fri venerdi ven",
        5: "saturday sat sabato sab",
        6: "sunday sun domenica dom",
    }
)
MONTHS = _table(
    {
        1: "january jan gennaio gen",
        2: "february feb febbraio",
        3: "march mar marzo",
        4: "april apr aprile",
        5: "may maggio mag",
        6: "june jun giugno giu",
        7: "july jul luglio lug",
        8: "august aug agosto ago",
        9: "september sep sept settembre set sett",
        10: "october oct ottobre ott",
        11: "november nov novembre",
        12: "december dec dicembre dic",
    }
)
#: One m may be a minute or a month, and one s a second or a settimana: neither is among them.
UNITS: dict[str, str] = {
    **dict.fromkeys("minute minutes min mins minuto minuti".split(), "minute"),
    **dict.fromkeys("hour hours h hr hrs ora ore".split(), "hour"),
    **dict.fromkeys("day days d giorno giorni g gg".split(), "day"),
    **dict.fromkeys("week weeks w wk settimana settimane".split(), "week"),
    **dict.fromkeys("month months mese mesi".split(), "month"),
    **dict.fromkeys("year years y yr anno anni a".split(), "year"),
}
NUMBERS = _table(
    {1: "a an one un uno una", 2: "two due", 3: "three tre", 4: "four quattro", 5: "five cinque", 6: "six sei",
     7: "seven sette", 8: "eight otto", 9: "nine nove", 10: "ten dieci"}
)  # fmt: skip
_NEXT_WEEK = ("next week", "prossima settimana", "settimana prossima", "la prossima settimana", "la settimana prossima")
_NEXT_MONTH = ("next month", "prossimo mese", "mese prossimo", "il prossimo mese", "il mese prossimo")
_NEXT_YEAR = ("next year", "prossimo anno", "anno prossimo", "il prossimo anno", "l'anno prossimo")
_END_OF_MONTH = ("end of month", "end of the month", "month end", "fine mese", "a fine mese", "alla fine del mese")
_END_OF_YEAR = ("end of year", "end of the year", "year end", "fine anno", "a fine anno", "alla fine dell'anno")

_CLOCK = r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2}))?\s*(?P<half>am|pm)?"
_AT = r"(?P<at>at|alle ore|alle|ore|h)"
_NOON = r"(?P<noon>noon|midday|mezzogiorno)"
_TIME = rf"(?:(?:(?:at|a)\s+)?{_NOON}|(?:{_AT}\s*)?{_CLOCK})"
_TIME_LAST = re.compile(rf"(?P<rest>.*?)(?:^|\s){_TIME}")
_TIME_FIRST = re.compile(rf"{_TIME}\s+(?P<rest>.+)")
_ISO_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}\S*", re.ASCII | re.IGNORECASE)
#: No date in words is so long.
_LONGEST = 200
_AHEAD = re.compile(r"(?:(?:in|fra|tra)\s+)?\+?\s*([0-9]{1,5}|[a-z]+)\s*([a-z]+)(?P<from>\s+from now)?")


def parse_when(text: str, now: str, zone: tzinfo | None = None, *, hours: str | None = None) -> str:
    """Return the day or the moment that a text names, as ``YYYY-MM-DD`` or ``YYYY-MM-DDTHH:MM:SSZ``.

    ``now`` is the present (ISO 8601 UTC), ``zone`` the user's (default: the machine's). With ``hours`` (a due date as
    this function returns it) a day alone gets the hour of that. A weekday is the first one after today; a date without
    a year the next one, today included; an hour alone the next such hour. Raises InvalidInput for anything else, and
    for a day that does not exist.
    """
    here = datetime.fromisoformat(now).astimezone(zone)
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        raise _wrong(text)  # whatever is in it; it is not worth looking through
    try:
        if _ISO_MOMENT.fullmatch(stripped):
            return to_utc(_in_range(_iso_moment(stripped)), zone)
        found = _read(" ".join(strip_marks(stripped).replace(",", " ").split()), here)
        if isinstance(found, date) and not isinstance(found, datetime):
            if hours is None or len(hours) == 10:
                return _in_range(found).isoformat()
            found = datetime.combine(found, local(hours, zone).time())
        return to_utc(_in_range(found), zone)
    except (ValueError, OverflowError):
        raise _wrong(text) from None


def local(moment: str, zone: tzinfo | None = None) -> datetime:
    """Return a moment in UTC as the user's clock shows it, without a zone."""
    return datetime.fromisoformat(moment).astimezone(zone).replace(tzinfo=None)


def day_of(due: str, zone: tzinfo | None = None) -> date:
    """Return the day of a due date, where the user is."""
    return date.fromisoformat(due) if len(due) == 10 else local(due, zone).date()


def _in_range(day: D) -> D:
    """Return a day or moment that every calendar can show. Raises ValueError for one of another age."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(day)
    return day


def _wrong(text: str) -> InvalidInput:
    text = text.strip()[:_LONGEST]
    shown = "".join(c if c.isprintable() else "?" for c in text[:60]) or "''"
    if re.match(r"\s*[0-9]{1,2}[/.-][0-9]{1,2}", text):
        return InvalidInput(
            _("day or month first? {text}").format(text=shown), hint=_("write 2026-12-01, or 1 dec 2026")
        )
    if re.fullmatch(r"\W*(?:in|fra|tra)?\W*[0-9]+\s*m", text.strip().lower()):
        return InvalidInput(
            _("minutes or months? {text}").format(text=shown),
            hint=_("write 30min, or 3 months; or {examples}").format(examples=EXAMPLES),
        )
    return InvalidInput(_("no such date or time: {text}").format(text=shown), hint=_("write {examples}").format(
        examples=EXAMPLES
    ))  # fmt: skip


def _iso_moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text.upper())
    # A zone may come with it; seconds are kept, what is less is not.
    return moment.replace(microsecond=0)


def _read(text: str, here: datetime) -> date | datetime:
    """Return the day, or the moment (on the user's clock, or with its zone), that folded words name."""
    whole = _day(text, here)
    if whole is not None:
        return whole
    for pattern in (_TIME_LAST, _TIME_FIRST):
        match = pattern.fullmatch(text)
        if match is None:
            continue
        clock = _time(match)
        if clock is None:
            continue
        rest = match["rest"].strip()
        if not rest:
            if "." in text and not match["at"]:
                raise ValueError(text)  # 1.12 may be a day
            day = here.date()
            return datetime.combine(day if clock > here.time() else day + timedelta(days=1), clock)
        named = _day(rest.removeprefix("di ").removeprefix("on "), here)
        if named is not None and not isinstance(named, datetime):
            return datetime.combine(named, clock)
    raise ValueError(text)


def _time(match: re.Match[str]) -> time | None:
    """Return the time of day, or None where a number is no time: nothing says that it is one."""
    if match["noon"]:
        return time(12)
    if not (match["at"] or match["minute"] or match["half"]):
        return None
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        hour = hour % 12 + (12 if half == "pm" else 0)
    return time(hour, int(match["minute"] or 0))


def _day(text: str, here: datetime) -> date | datetime | None:
    """Return the day that words name (hours and minutes from now are moments), or None."""
    today = here.date()
    if text in _DAYS:
        return today + timedelta(days=_DAYS[text])
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return date.fromisoformat(text)
    if text in _NEXT_WEEK:
        return today + timedelta(days=7 - today.weekday())
    if text in _NEXT_MONTH:
        return months_after(today.replace(day=1), 1)
    if text in _NEXT_YEAR:
        return date(today.year + 1, 1, 1)
    if text in _END_OF_MONTH:
        return today.replace(day=monthrange(today.year, today.month)[1])
    if text in _END_OF_YEAR:
        return date(today.year, 12, 31)
    word = re.sub(r"^(?:on|this|next|questo|questa|prossimo|prossima|il|la)\s+|\s+(?:prossimo|prossima)$", "", text)
    if word in WEEKDAYS:
        return today + timedelta(days=(WEEKDAYS[word] - today.weekday() - 1) % 7 + 1)
    ahead = _AHEAD.fullmatch(text)
    # "a m" is no month: a number in words stands only before a whole unit.
    if ahead and ahead[2] in UNITS and (ahead[1].isdigit() or (ahead[1] in NUMBERS and len(ahead[2]) > 2)):
        count = int(ahead[1]) if ahead[1].isdigit() else NUMBERS[ahead[1]]
        return after(here, count, UNITS[ahead[2]])
    return _of_month(text, today)


def after(here: datetime, count: int, unit: str) -> date | datetime:
    """Return the day some days, weeks, months or years after a moment, or the moment some hours or minutes after it."""
    if unit in ("minute", "hour"):
        # Of time that passes: through UTC, so that a night with 23 hours has 23.
        return datetime.fromtimestamp(here.timestamp() + count * (60 if unit == "minute" else 3600), here.tzinfo)
    if unit in ("day", "week"):
        return here.date() + timedelta(days=count * (7 if unit == "week" else 1))
    return months_after(here.date(), count * (12 if unit == "year" else 1))


def months_after(day: date, count: int) -> date:
    """Return the same day some months on; the 31st of a shorter month is its last day. ValueError beyond 9999."""
    months = day.year * 12 + day.month - 1 + count
    year, month = months // 12, months % 12 + 1
    if not 1 <= year <= 9999:
        raise ValueError(year)
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def _of_month(text: str, today: date) -> date | None:
    """Return the day of ``1 dec``, ``dec 1``, ``1st of december 2026`` or ``il 1° dicembre``, or None."""
    text = re.sub(r"^(?:on|the|il|l')\s*(?=[0-9a-z])", "", text)
    for pattern, day_at, month_at in (
        (r"([0-9]{1,2})(?:st|nd|rd|th|°|o)?\s+(?:of\s+|di\s+)?([a-z]+)\.?(?:\s+(?:del\s+)?([0-9]{4}))?", 1, 2),
        (r"([a-z]+)\.?\s+([0-9]{1,2})(?:st|nd|rd|th)?(?:\s+([0-9]{4}))?", 2, 1),
    ):
        match = re.fullmatch(pattern, text)
        if match is None or match[month_at] not in MONTHS:
            continue
        day, month = int(match[day_at]), MONTHS[match[month_at]]
        if match[3]:
            return date(int(match[3]), month, day)
        for year in range(today.year, today.year + 9):  # 29 February may be eight years off
            if 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
                return date(year, month, day)
        raise ValueError(text)
    return None
