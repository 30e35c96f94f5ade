"""Tickets: what somebody asked of us, how urgent it is, where it stands, and how long it took."""

from __future__ import annotations

from datetime import date, datetime, tzinfo
from typing import Any, NamedTuple

from dkcrm.domain.task import RANKS, Party
from dkcrm.domain.when import day_of
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _

STATES = ("open", "waiting", "closed")
#: Where there is still something to do, for us or for them.
LIVE = ("open", "waiting")
#: The state that each kind of event leaves, of those that change it.
_AFTER = {"wait": "waiting", "close": "closed", "reopen": "open"}


class Ticket(NamedTuple):
    """One ticket; ``due`` is a day or a moment in UTC.

    ``answered_at`` is the moment of our first message after theirs that opened it; of a ticket that we opened there is
    none, for nobody was waiting.
    """

    id: int
    uid: str
    entity: Party
    subject: str
    state: str
    priority: str | None
    due: str | None
    opened_at: str
    closed_at: str | None
    answered_at: str | None

    @property
    def first_answer(self) -> int | None:
        """Seconds from the opening to our first answer."""
        return _seconds(self.opened_at, self.answered_at)

    @property
    def to_close(self) -> int | None:
        """Seconds from the opening to the closing, of a ticket that is closed."""
        return _seconds(self.opened_at, self.closed_at)

    def as_json(self) -> dict[str, Any]:
        """Return the ticket as scripts see it; times to answer and to close are seconds."""
        return {
            "id": self.id,
            "uid": self.uid,
            "subject": self.subject,
            "state": self.state,
            "priority": self.priority,
            "due": self.due,
            "entity": self.entity._asdict(),
            "opened_at": self.opened_at,
            "answered_at": self.answered_at,
            "closed_at": self.closed_at,
            "first_answer": self.first_answer,
            "to_close": self.to_close,
        }


def _seconds(start: str, end: str | None) -> int | None:
    """Return the seconds between two moments; a clock that was set back makes none of them negative."""
    if end is None:
        return None
    return max(0, int((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()))


def label(ticket: Ticket) -> str:
    """Return a ticket's number and the beginning of its subject, for messages."""
    return f"{ticket.id} {ticket.subject if len(ticket.subject) <= 60 else ticket.subject[:59] + '…'}"


def spell_span(seconds: int | None) -> str:
    """Return a span of time in its two largest units: ``3 d 4 h``, ``2 h 5 min``, ``40 s``; blank for None."""
    if seconds is None:
        return ""
    for size, name, smaller, small in ((86400, "d", 3600, "h"), (3600, "h", 60, "min"), (60, "min", 1, "s")):
        if seconds >= size:
            rest = seconds % size // smaller
            return f"{seconds // size} {name}" + (f" {rest} {small}" if rest and size > 60 else "")
    return f"{seconds} s"


def order(ticket: Ticket, zone: tzinfo | None = None) -> tuple[Any, ...]:
    """Return what tickets are sorted by, as tasks are: the day, the urgency, the hour, the number."""
    day = day_of(ticket.due, zone) if ticket.due else date.max
    return day, RANKS[ticket.priority], ticket.due or "", ticket.id


def check_state(text: str) -> tuple[str, ...]:
    """Return the states that a word asks for: one of them, or ``all``. Raises InvalidInput."""
    word = text.strip().lower()
    if word == "all":
        return STATES
    if word not in STATES:
        raise InvalidInput(
            _("no such state: {state}").format(state=text[:60] or "''"),
            hint=_("states: {states}").format(states=", ".join((*STATES, "all"))),
        )
    return (word,)


def state_after(ticket: Ticket, kind: str) -> str:
    """Return the state that an event (``wait``, ``close``, ``reopen``) leaves, or refuse it where a ticket stands."""
    state = _AFTER[kind]
    if ticket.state == state:
        raise Refused(
            _("ticket {ticket} is {state} already").format(ticket=label(ticket), state=state),
            code="already",
            hint=(
                _("open it again with: dkcrm ticket reopen {number}")
                if state == "closed"
                else _("see: dkcrm ticket show {number}")
            ).format(number=ticket.id),
        )
    if kind == "wait":
        check_live(ticket)
    return state


def check_live(ticket: Ticket) -> None:
    """Refuse work on a ticket that is closed."""
    if ticket.state == "closed":
        raise Refused(
            _("ticket {ticket} is closed").format(ticket=label(ticket)),
            code="closed",
            hint=_("open it again with: dkcrm ticket reopen {number}").format(number=ticket.id),
        )
