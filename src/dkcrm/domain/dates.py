"""Dates and times: ISO 8601 in, UTC out; a bare time is the user's own zone."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, tzinfo

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

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
    """Return a moment as ISO 8601 UTC; one without a zone is in ``zone`` (default: the machine's)."""
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone) if zone else moment.astimezone()
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_time(text: str, now: str, zone: tzinfo | None = None, *, end_of_day: bool = False) -> str:
    """Return a moment as ISO 8601 UTC.

    A day alone is its beginning, or with ``end_of_day`` its last second. ``now`` is the present, ISO 8601 UTC.
    Raises InvalidInput for a moment that does not exist.
    """
    word = text.strip()
    if word.lower() in ("now", "adesso"):
        return now
    here = datetime.fromisoformat(now).astimezone(zone)
    if word.lower() in _WORDS or re.fullmatch(r"\d{4}-\d{2}-\d{2}", word):
        day = date.fromisoformat(parse_date(word, here.date()))
        moment = datetime(day.year, day.month, day.day, *((23, 59, 59) if end_of_day else (0, 0, 0)))
    else:
        try:
            moment = datetime.fromisoformat(word)
        except ValueError:
            raise wrong_date(text) from None
        if not re.match(r"\d{4}-\d{2}-\d{2}[T ]", word):
            raise wrong_date(text)
    try:
        return to_utc(moment, zone)
    except (OverflowError, ValueError):
        raise wrong_date(text) from None
