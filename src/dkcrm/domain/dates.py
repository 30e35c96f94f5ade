"""Dates and times: ISO 8601 in, UTC out; a bare time is the user's own zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_FORM = "%Y-%m-%dT%H:%M:%SZ"
_WORDS = {"today": 0, "oggi": 0, "yesterday": -1, "ieri": -1}


def wrong_date(text: str) -> InvalidInput:
    """Return the error for a text that is no date."""
    looks_iso = re.match(r"\d{4}-\d{2}", text.strip())
    message = _("no such date: {text}") if looks_iso else _("not a date as dkcrm reads it (2026-11-21): {text}")
    return InvalidInput(message.format(text=text or "''"), hint=_("write 2026-11-21, 2026-11-21T09:30 or yesterday"))


def parse_date(text: str, today: date) -> str:
    """Return a day as ``YYYY-MM-DD``; ``today`` and ``yesterday`` (``oggi``, ``ieri``) are understood.

    Raises InvalidInput for a day that does not exist.
    """
    word = text.strip().lower()
    if word in _WORDS:
        return (today + timedelta(days=_WORDS[word])).isoformat()
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        raise wrong_date(text)
    try:
        return date.fromisoformat(word).isoformat()
    except ValueError:
        raise wrong_date(text) from None


def to_utc(moment: datetime, zone: tzinfo | None = None) -> str:
    """Return a moment as ISO 8601 UTC; one without a zone is in ``zone`` (default: the machine's).

    An hour that a change of daylight saving time leaves out is moved on by the jump; of one that comes twice the first
    is meant.
    """
    return _in_utc(moment, zone).strftime(_FORM)


def first_second(day: date, zone: tzinfo | None = None) -> str:
    """Return the moment (ISO 8601 UTC) at which a day begins, where the user is."""
    return _begins(day, zone).strftime(_FORM)


def last_second(day: date, zone: tzinfo | None = None) -> str:
    """Return the last second (ISO 8601 UTC) of a day, where the user is.

    It is the one before the next day begins: 23:59:59 may come twice, or be left out.
    """
    if day == date.max:
        return to_utc(datetime.combine(day, time(23, 59, 59)), zone)
    return (_begins(day + timedelta(days=1), zone) - timedelta(seconds=1)).strftime(_FORM)


def _begins(day: date, zone: tzinfo | None) -> datetime:
    return _in_utc(datetime.combine(day, time()), zone)


def _in_utc(moment: datetime, zone: tzinfo | None) -> datetime:
    if moment.tzinfo is None and zone is None:
        # astimezone() would give an hour that is left out the offset after the jump, which sets it back.
        return datetime.fromtimestamp(moment.timestamp(), UTC)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).astimezone(UTC)


def parse_time(text: str, now: str, zone: tzinfo | None = None, *, end_of_day: bool = False) -> str:
    """Return a moment as ISO 8601 UTC.

    A day alone is its beginning, or with ``end_of_day`` its last second. ``now`` is the present, ISO 8601 UTC.
    Raises InvalidInput for a moment that does not exist.
    """
    word = text.strip()
    if word.lower() in ("now", "adesso"):
        return now
    here = datetime.fromisoformat(now).astimezone(zone)
    try:
        if word.lower() in _WORDS or re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
            day = date.fromisoformat(parse_date(word, here.date()))
            return last_second(day, zone) if end_of_day else first_second(day, zone)
        moment = datetime.fromisoformat(word)
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]", word):
            raise wrong_date(text)
        return to_utc(moment, zone)
    except (OverflowError, ValueError):
        raise wrong_date(text) from None
