"""Tickets as they are read: their columns, one of them whole, and lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.domain.query import read
from dkcrm.domain.task import check_priority, part_of, shown_due
from dkcrm.domain.ticket import LIVE, STATES, Ticket, check_state, order, spell_span
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import resolve
from dkcrm.store.tickets import entries, listed_numbers, load_tickets, resolve_ticket


def ticket_columns() -> list[Column]:
    """Return the columns in which tickets are listed."""
    return [
        Column("id", "#", "number"),
        Column("state", _("State"), "state"),
        Column("due", _("Due")),
        Column("priority", _("Pri")),
        Column("subject", _("Ticket")),
        Column("entity", _("Who")),
        Column("opened_at", _("Opened"), "time"),
        Column("first_answer", _("Answered in"), wide=True),
        Column("to_close", _("Closed in"), wide=True),
    ]


def ticket_row(ticket: Ticket) -> dict[str, Any]:
    """Return a ticket as a row of those columns; times are as the user's clock shows them, spans are words."""
    return {
        **ticket.as_json(),
        "due": shown_due(ticket.due),
        "entity": ticket.entity.name or str(ticket.entity.id),
        "first_answer": spell_span(ticket.first_answer),
        "to_close": spell_span(ticket.to_close),
    }


def show(session: Session, references: Sequence[str], *, single: bool) -> Result:
    """Show tickets whole: messages, notes and states in order."""
    connection = open_reading(session)
    try:
        numbers = dict.fromkeys(resolve_ticket(connection, reference) for reference in references)
        tickets = [(ticket, entries(connection, ticket.id)) for ticket in load_tickets(connection, numbers)]
    finally:
        connection.close()
    whole = [{**ticket.as_json(), "entries": told} for ticket, told in tickets]
    columns = [
        Column("id", "#", "number"),
        Column("field", _("Field")),
        Column("at", _("When"), "time"),
        Column("value", _("Value")),
    ]
    rows = [row for ticket, told in tickets for row in _rows(ticket, told)]
    return Result(whole[0] if single else whole, columns, rows)


def _rows(ticket: Ticket, told: Sequence[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    row = ticket_row(ticket)
    for name in ("subject", "state", "priority", "due", "entity", "first_answer", "to_close"):
        if row[name]:
            yield {"id": ticket.id, "field": name, "at": None, "value": row[name]}
    for entry in told:
        channel = f"{entry['channel']}: " if entry["channel"] else ""
        # The subject is said above.
        text = entry["text"] or entry["subject"] or ""
        yield {
            "id": ticket.id,
            "field": entry["direction"] or entry["kind"],
            "at": entry["at"],
            "value": channel + text,
        }


def list_tickets(
    session: Session,
    terms: Sequence[str] = (),
    *,
    state: str | None = None,
    of: Sequence[str] = (),
    priority: str | None = None,
    overdue: bool = False,
    everything: bool = False,
    limit: int = 0,
) -> Result:
    """List tickets, those that are not closed unless others are asked for: by day, then urgency; what is not due at all
    comes last. ``terms`` are a filter on their entity.
    """
    now = session.clock()
    if state is not None and everything:
        raise InvalidInput(_("--state and --all exclude each other"))
    states = check_state(state) if state is not None else STATES if everything else LIVE
    urgency = check_priority(priority) if priority is not None else None
    filter = read(terms).unsorted(_("tickets have an order of their own: by due date"))
    connection = open_reading(session)
    try:
        entities = [resolve(connection, reference) for reference in of]
        numbers = listed_numbers(
            connection, states, entities, urgency, **_only(session, connection, filter), removed=everything
        )
        tickets = load_tickets(connection, numbers)
    finally:
        connection.close()
    if overdue:
        tickets = [t for t in tickets if t.state != "closed" and part_of(t.due, now) == "overdue"]
    tickets.sort(key=order)
    shown = tickets[:limit] if limit else tickets
    message = None if shown else _("nothing found")
    if len(shown) < len(tickets):
        message = _("{count} more (--limit 0 has all)").format(count=len(tickets) - len(shown))
    return Result([t.as_json() for t in shown], ticket_columns(), [ticket_row(t) for t in shown], message=message)


def _only(session: Session, connection: Any, filter: Any) -> dict[str, Any]:
    """Return the condition of a filter; a list without one does not pay for making SQL of it."""
    if filter.node is None:
        return {}
    from dkcrm.store.filters import compile_filter

    return {"only": compile_filter(session, connection, filter)}
