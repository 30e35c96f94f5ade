"""The agenda: what is overdue, due today and coming, and whom nobody has contacted for too long."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any, NamedTuple

from dkcrm.domain.task import Task, order, part_on, shown_due
from dkcrm.domain.ticket import Ticket
from dkcrm.domain.ticket import order as order_ticket
from dkcrm.domain.when import day_of
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.keeping import next_contact
from dkcrm.services.tasklist import due_span
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.keeps import Keep, keeps
from dkcrm.store.tasks import due_numbers, load_tasks
from dkcrm.store.tickets import due_numbers as due_tickets
from dkcrm.store.tickets import load_tickets

#: The days ahead that are shown where nobody says how many.
AHEAD = 7
_PARTS = ("overdue", "today", "coming", "contact")


class Scope(NamedTuple):
    """What an agenda shows: the days from ``first`` to ``last``, or none (``days``), and whether what is overdue."""

    first: date
    last: date
    overdue: bool
    days: bool = True

    def has(self, day: date) -> bool:
        """Tell whether a day is among those shown."""
        return self.days and self.first <= day <= self.last


def _scope(word: str | None, now: str) -> Scope:
    today = day_of(now)
    if word is None:
        return Scope(today, _later(today, AHEAD), True)
    name = word.strip().lower()
    if name in ("today", "oggi"):
        return Scope(today, today, True)
    if name in ("week", "settimana"):
        return Scope(today, _later(today, 6 - today.weekday()), True)
    if name in ("overdue", "scadute", "scaduti"):
        return Scope(today, today, True, days=False)
    return Scope(*due_span(word, now), False)


def _later(day: date, days: int) -> date:
    return min(day, date.max - timedelta(days=days)) + timedelta(days=days)


def agenda(session: Session, word: str | None = None, *, quiet: bool = False) -> Result:
    """Show the open tasks and the tickets that are overdue, due today and coming, and who is to be contacted.

    ``word`` is ``today``, ``week`` (until Sunday), ``overdue``, a day or a period; without it the next seven days are
    coming. With ``quiet`` an agenda with nothing in it has not even headings.
    """
    now = session.clock()
    scope = _scope(word, now)
    connection = open_reading(session)
    try:
        # Dates sort as text; a day more, because a moment is kept in UTC.
        until = _later(scope.last, 2).isoformat()
        tasks = load_tasks(connection, due_numbers(connection, until))
        tickets = load_tickets(connection, due_tickets(connection, until), answers=False)
        people = keeps(connection, until=until)
    finally:
        connection.close()
    entries = [
        *_work(tasks, tickets, scope, now),
        *_people(people, scope, day_of(now)),
    ]
    entries.sort(key=lambda entry: _PARTS.index(entry["part"]))
    # Not a list: who wants JSON needs none of it.
    rows = (
        {**entry, "due": shown_due(entry["due"]), "text": _text(entry), "entities": _names(entry)} for entry in entries
    )
    if not entries and quiet:
        return Result(entries)
    return Result(entries, _columns(), rows, message=None if entries else _("nothing is due"))


def _names(entry: dict[str, Any]) -> str:
    return ", ".join(entity["name"] or str(entity["id"]) for entity in entry["entities"])


def _text(entry: dict[str, Any]) -> str:
    """Return the text of a row, which tells a ticket from a task."""
    text: str = entry["text"]
    return _("ticket {number}: {subject}").format(number=entry["ticket"], subject=text) if entry["ticket"] else text


def _columns() -> list[Column]:
    return [
        Column("part", _("What")),
        Column("due", _("Due")),
        Column("task", "#", "number"),
        Column("priority", _("Pri")),
        Column("text", _("Task")),
        Column("entities", _("Who")),
    ]


def _work(tasks: list[Task], tickets: list[Ticket], scope: Scope, now: str) -> Iterator[dict[str, Any]]:
    """Yield the tasks and tickets that are due, by day and urgency."""
    due = [
        *((order(task), task.due, _task(task)) for task in tasks),
        *((order_ticket(ticket), ticket.due, _ticket(ticket)) for ticket in tickets),
    ]
    today = day_of(now)
    for (day, *_key), when, entry in sorted(due, key=lambda one: one[0]):
        assert when is not None
        part = part_on(day, when, today, now)
        if (part == "overdue" and scope.overdue) or scope.has(day):
            yield {"part": part, "due": when, **entry}


def _task(task: Task) -> dict[str, Any]:
    return {
        "task": task.id,
        "ticket": None,
        "priority": task.priority,
        "text": task.text,
        "entities": [party._asdict() for party in task.entities],
    }


def _ticket(ticket: Ticket) -> dict[str, Any]:
    return {
        "task": None,
        "ticket": ticket.id,
        "priority": ticket.priority,
        "text": ticket.subject,
        "entities": [ticket.entity._asdict()],
    }


def _people(people: list[Keep], scope: Scope, today: date) -> Iterator[dict[str, Any]]:
    """Yield who is to be contacted, who has waited longest first; those who are lost or put aside are left out."""
    wanted = []
    for keep in people:
        due = next_contact(keep)
        if keep.state != "active":
            continue
        if (due < today and scope.overdue) or scope.has(due):
            wanted.append((due, keep))
    for due, keep in sorted(wanted, key=lambda pair: (pair[0], pair[1].id)):
        last = _("never contacted")
        if keep.last:
            last = _("last contact {day}").format(day=due - timedelta(days=keep.days))
        yield {
            "part": "contact",
            "due": due.isoformat(),
            "task": None,
            "ticket": None,
            "priority": None,
            "text": _("{last}, every {days} days").format(last=last, days=keep.days),
            "entities": [{"id": keep.id, "type": keep.type, "name": keep.name}],
        }
