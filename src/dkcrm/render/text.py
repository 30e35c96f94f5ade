"""Text that is safe on a terminal: what a record holds is data, never control codes (DESIGN.md, "Text is hostile")."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from dkcrm.i18n import _

if TYPE_CHECKING:
    from datetime import datetime

#: C0, DEL and C1; what turns the direction of text (and its deprecated relatives U+206A-F); Unicode's own line and
#: paragraph separators; lone surrogates. ZWJ and ZWNJ are not here: emoji and several scripts are spelled with them.
UNSAFE = r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u206f\ud800-\udfff]"
_LINE_ENDS = "\n\r\x85\u2028\u2029"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def clean(text: str, lines: bool = False) -> str:
    """Return text that a terminal shows and does not obey.

    A line end becomes ``↵`` and a tab a blank; with ``lines`` both are kept (every kind of line end as a newline).
    Other control characters become their visible pictures (ESC is ``␛``), lone surrogates and C1 become ``�``, and
    direction marks, which have no width of their own, go.
    """
    if text.isprintable():
        return text

    def replace(match: re.Match[str]) -> str:
        c = match[0]
        if c in _LINE_ENDS:
            return "\n" if lines else "↵"
        if c == "\t":
            return "\t" if lines else " "
        if c < " ":
            return chr(0x2400 + ord(c))
        if c == "\x7f":
            return "␡"
        return "�" if c <= "\x9f" or "\ud800" <= c <= "\udfff" else ""

    return re.sub(UNSAFE, replace, text.replace("\r\n", "\n"))


def plain(value: Any) -> str:
    """Return a cell's value as text, not cleaned: None is empty, truth is ``true`` or ``false``, a list is joined."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return ", ".join(f"{plain(key)}={plain(item)}" for key, item in value.items())
    if isinstance(value, Iterable) and not isinstance(value, bytes):
        return ", ".join(plain(item) for item in value)
    return str(value)


def tsv_cell(value: Any) -> str:
    """Return a value as one cell of tab-separated text.

    Backslash, tab, newline and carriage return are written ``\\\\``, ``\\t``, ``\\n`` and ``\\r``, so that a row stays
    a row and nothing of them is lost; other control characters are cleaned.
    """
    text = plain(value)
    if "\\" not in text and text.isprintable():
        return text
    return clean(text.translate(_ESCAPES))


def width(text: str) -> int:
    """Return how many cells cleaned text takes on a terminal, nearly: rich measures better, but costs 50 ms."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width

    cells, joined = 0, False
    for c in text:  # skin tones, like what a joiner brings, change the emoji before them
        if c == "\ufe0f":  # asks for the emoji form of what precedes it, which is two cells wide
            cells += 1
        elif not joined and not "\U0001f3fb" <= c <= "\U0001f3ff" and category(c) not in ("Mn", "Me", "Cf"):
            cells += 2 if east_asian_width(c) in "WF" else 1
        joined = c == "\u200d"
    return cells


def relative(iso_utc: str, now_iso: str) -> str:
    """Return how far a moment is from now, as people say it: ``3 h ago``, ``yesterday``, ``in 3 days``.

    Both are ISO 8601; one without a zone is UTC. A day without a time is only compared as a day. What is no time at
    all is returned as it is.
    """
    try:
        moment, now = _local(iso_utc), _local(now_iso)
    except (ValueError, OverflowError):
        return iso_utc
    seconds = int((moment - now).total_seconds())
    if abs(seconds) < 86_400 and len(iso_utc) > len("2026-11-21"):
        return _hours(seconds)
    # from a day on people count nights, not spans of 24 hours
    return _days((moment.date() - now.date()).days)


def absolute(iso_utc: str) -> str:
    """Return a moment as date and time of day in the machine's zone; what is no time is returned as it is."""
    try:
        return _local(iso_utc).strftime("%Y-%m-%d %H:%M")
    except (ValueError, OverflowError):
        return iso_utc


def _local(iso: str) -> datetime:
    """Return a moment in the machine's zone; one that names no zone is UTC, and a day is the same day everywhere."""
    from datetime import UTC, datetime

    moment = datetime.fromisoformat(iso)
    if len(iso) <= len("2026-11-21"):
        # By way of UTC: where the clock leaves out midnight, the day begins after it and not the evening before.
        return datetime.fromtimestamp(moment.timestamp(), UTC).astimezone()
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone()


def _hours(seconds: int) -> str:
    """Return the words for a span of less than a day, in seconds from now."""
    size = abs(seconds)
    if size < 60:
        return _("just now")
    if size < 3600:
        return (_("{n} min ago") if seconds < 0 else _("in {n} min")).format(n=size // 60)
    return (_("{n} h ago") if seconds < 0 else _("in {n} h")).format(n=size // 3600)


def _days(days: int) -> str:
    """Return the words for a number of days from today; each is a sentence of its own, for other languages' sake."""
    near = {0: _("today"), -1: _("yesterday"), 1: _("tomorrow")}
    if days in near:
        return near[days]
    size, past = abs(days), days < 0
    if size < 30:
        return (_("{n} days ago") if past else _("in {n} days")).format(n=size)
    if size < 60:
        return _("1 month ago") if past else _("in 1 month")
    if size < 365:
        return (_("{n} months ago") if past else _("in {n} months")).format(n=min(size // 30, 11))
    if size < 730:
        return _("1 year ago") if past else _("in 1 year")
    return (_("{n} years ago") if past else _("in {n} years")).format(n=max(int(size / 365.2425), 2))
