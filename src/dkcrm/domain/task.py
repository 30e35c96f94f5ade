"""Tasks: what is to be done, for whom, by when, how urgent, and when to be reminded."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from dkcrm.domain.dates import to_utc
from dkcrm.domain.when import day_of, local
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

STATES = ("open", "done", "dropped")
PRIORITIES = {"h": "h", "high": "h", "alta": "h", "m": "m", "medium": "m", "media": "m", "l": "l", "low": "l",
              "bassa": "l"}  # fmt: skip
#: Where urgency stands when tasks are sorted; none is between medium and low.
RANKS = {"h": 0, "m": 1, None: 2, "l": 3}
#: The hour from which reminders of a task that is due on a day, at no hour, count back.
MORNING = 9
_AHEAD = re.compile(
    r"([0-9]{1,5})\s*(m|min|minutes?|minut[oi]|h|hours?|or[ae]|d|days?|g|giorn[oi]|w|weeks?|settiman[ae])"
)
_SECONDS = {"m": 60, "h": 3600, "o": 3600, "d": 86400, "g": 86400, "w": 604800, "s": 604800}


class Party(NamedTuple):
    """An entity that a task is about."""

    id: int
    type: str
    name: str


class Task(NamedTuple):
    """One task; ``due`` and ``start`` are a day or a moment in UTC, ``remind`` seconds before it is due."""

    id: int
    uid: str
    text: str
    due: str | None
    priority: str | None
    state: str
    every: str | None
    start: str | None
    created_at: str
    done_at: str | None
    remind: tuple[int, ...] = ()
    entities: tuple[Party, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the task as scripts see it."""
        return {
            "id": self.id,
            "uid": self.uid,
            "text": self.text,
            "state": self.state,
            "due": self.due,
            "priority": self.priority,
            "every": self.every,
            "remind": [spell_ahead(seconds) for seconds in self.remind],
            "entities": [party._asdict() for party in self.entities],
            "created_at": self.created_at,
            "done_at": self.done_at,
        }

    def who(self) -> str:
        """Return the names of whom it is about."""
        return ", ".join(party.name or str(party.id) for party in self.entities)


def label(task: Task) -> str:
    """Return a task's number and the beginning of its text, for messages."""
    return f"{task.id} {task.text if len(task.text) <= 60 else task.text[:59] + '…'}"


def shown_due(due: str | None, zone: tzinfo | None = None) -> str:
    """Return a due date as the user's clock shows it: ``2026-12-01`` or ``2026-12-01 09:00``."""
    return "" if due is None else due if len(due) == 10 else local(due, zone).strftime("%Y-%m-%d %H:%M")


def part_of(due: str | None, now: str, zone: tzinfo | None = None) -> str:
    """Return where a due date stands: ``overdue``, ``today``, ``coming`` or ``someday`` (there is none)."""
    if due is None:
        return "someday"
    return part_on(day_of(due, zone), due, local(now, zone).date(), now)


def part_on(day: date, due: str, today: date, now: str) -> str:
    """Return where a due date stands whose day is known."""
    if day < today or (len(due) > 10 and due < now):
        return "overdue"
    return "today" if day == today else "coming"


def order(task: Task, zone: tzinfo | None = None) -> tuple[Any, ...]:
    """Return what tasks are sorted by: the day, the urgency, the hour, the number; who has no due date comes last."""
    day = day_of(task.due, zone) if task.due else date.max
    return day, RANKS[task.priority], task.due or "", task.id


def check_priority(text: str) -> str | None:
    """Return ``h``, ``m`` or ``l``, or None for ``none``. Raises InvalidInput."""
    word = text.strip().lower()
    if word in ("none", "nessuna", ""):
        return None
    if word not in PRIORITIES:
        raise InvalidInput(_("no such priority: {text}").format(text=text), hint=_("h, m, l or none"))
    return PRIORITIES[word]


def parse_ahead(text: str) -> int:
    """Return how long before it is due to be reminded, in seconds: ``30m``, ``1h``, ``2d``, ``1w``, or 0."""
    word = text.strip().lower()
    match = _AHEAD.fullmatch(word)
    if match is None:
        if word in ("0", "now"):
            return 0
        raise InvalidInput(
            _("no such time ahead: {text}").format(text=text[:60] or "''"), hint=_("write 30m, 1h, 2d, 1w or 0")
        )
    seconds = int(match[1]) * _SECONDS[match[2][0]]
    if seconds > 3660 * 86400:
        raise InvalidInput(_("that is more than ten years ahead: {text}").format(text=text))
    return seconds


def spell_ahead(seconds: int) -> str:
    """Return a time ahead as ``parse_ahead`` reads it."""
    for unit, size in (("w", 604800), ("d", 86400), ("h", 3600)):
        if seconds and seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds // 60}m" if seconds else "0"


def reminder_at(due: str, ahead: int, zone: tzinfo | None = None) -> str:
    """Return the moment (UTC) of a reminder; whole days ahead are days of the user's clock, whatever their length.

    Of a task that is due on a day, at no hour, it counts back from nine in the morning of that day.
    """
    wall = (
        datetime.combine(date.fromisoformat(due), datetime.min.time()).replace(hour=MORNING)
        if len(due) == 10
        else local(due, zone)
    )
    days, rest = divmod(ahead, 86400)
    try:
        if not rest and days:
            return to_utc(wall - timedelta(days=days), zone)
        moment = due if len(due) > 10 else to_utc(wall, zone)
        return to_utc(datetime.fromisoformat(moment) - timedelta(seconds=ahead), zone)
    except OverflowError:
        raise InvalidInput(_("the reminder would be before the year 1")) from None
