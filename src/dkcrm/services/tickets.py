"""Work on tickets: open, reply, note, wait, close, reopen and edit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.dates import parse_time
from dkcrm.domain.task import check_priority, part_of, shown_due
from dkcrm.domain.text import check_line, check_text
from dkcrm.domain.ticket import Ticket, check_live, label, state_after
from dkcrm.domain.when import parse_when
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.entities import pick, present
from dkcrm.services.lifecycle import contact
from dkcrm.services.shape import done
from dkcrm.services.ticketlist import ticket_columns, ticket_row
from dkcrm.session import Session
from dkcrm.store.entities import load
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.settings import types_in_use
from dkcrm.store.tickets import last_channel, load_tickets, resolve_ticket

#: The channel of a ticket of which nothing is said.
CHANNEL = "email"
_EARLIEST = "1900"


def _finish(
    session: Session, uow: UnitOfWork, numbers: Iterable[int], what: str, warnings: Sequence[str] = ()
) -> Result:
    """Commit, and answer with the operation, every ticket that it is about, and the entities that these are of."""
    tickets = load_tickets(uow.connection, numbers)
    uow.commit(show=list(dict.fromkeys(ticket.entity.id for ticket in tickets)))
    data = {
        "operation": uow.operation_id,
        "tickets": [ticket.as_json() for ticket in tickets],
        "entities": [entity.as_json() for entity in uow.entities],
        "warnings": list(warnings),
    }
    message = done(session, uow.operation_id, what)
    return Result(data, ticket_columns(), [ticket_row(t) for t in tickets], message=message, warnings=warnings)


def _moment(session: Session, at: str | None) -> str:
    """Return the moment of a message, which is not in the future. Raises InvalidInput."""
    now = session.clock()
    if at is None:
        return now
    moment = parse_time(at, now)
    if moment > now or moment < _EARLIEST:
        raise InvalidInput(
            _("a message cannot be of the future: {time}").format(time=at)
            if moment > now
            else _("no such date: {text}").format(text=at),
            hint=_("leave --at out for now, or write 2026-11-21T09:30"),
        )
    return moment


def open_ticket(
    session: Session,
    reference: str,
    subject: str,
    *,
    text: str | None = None,
    channel: str | None = None,
    inbound: bool = True,
    priority: str | None = None,
    due: str | None = None,
    at: str | None = None,
) -> Result:
    """Open a ticket with the message that it begins with; an inbound one makes a lead of a suspect."""
    line = check_line(subject, _("subject"))
    body = check_text(text, _("text")) if text is not None else ""
    way = check_line(channel, _("channel"), 60).lower() if channel is not None else CHANNEL
    urgency = check_priority(priority) if priority is not None else None
    deadline = parse_when(due, session.clock()) if due is not None else None
    moment = _moment(session, at)
    with unit_of_work(session, "ticket open") as uow:
        (entity,) = pick(uow, [reference])
        number = uow.insert(
            "ticket",
            {
                "uid": session.uid(),
                "entity_id": entity.id,
                "subject": line,
                "priority": urgency,
                "due": deadline,
                "opened_at": moment,
            },
        )
        values = {"at": moment, "channel": way, "subject": line, "text": body, "ticket_id": number}
        said, warnings = contact(uow, entity, values, types_in_use(uow.connection), inbound=inbound)
        (ticket,) = load_tickets(uow.connection, [number])
        what = _("opened ticket {ticket} of {who}").format(ticket=label(ticket), who=said)
        if deadline:
            what += _(", due {due}").format(due=shown_due(deadline))
        return _finish(session, uow, [number], what, [*warnings, *_late(ticket, uow.now)])


def _late(ticket: Ticket, now: str) -> list[str]:
    late = part_of(ticket.due, now) == "overdue"
    return [_("it is overdue already: {due}").format(due=shown_due(ticket.due))] if late else []


def _pick(uow: UnitOfWork, references: Sequence[str]) -> list[Ticket]:
    """Return the tickets of some references, each once. Raises NotFound."""
    return load_tickets(uow.connection, dict.fromkeys(resolve_ticket(uow.connection, word) for word in references))


def reply(
    session: Session,
    reference: str,
    text: str,
    *,
    inbound: bool = False,
    channel: str | None = None,
    at: str | None = None,
) -> Result:
    """Log a message of a ticket, ours or theirs; theirs sets one that waits back to open."""
    body = check_text(text, _("text"))
    if not body:
        raise InvalidInput(_("the text is blank"))
    way = check_line(channel, _("channel"), 60).lower() if channel is not None else None
    moment = _moment(session, at)
    with unit_of_work(session, "ticket reply") as uow:
        (ticket,) = _pick(uow, [reference])
        check_live(ticket)
        entity = present(load(uow.connection, ticket.entity.id))
        if moment < ticket.opened_at:
            raise InvalidInput(
                _("ticket {ticket} was opened later than that: {time}").format(
                    ticket=label(ticket), time=ticket.opened_at
                )
            )
        values = {
            "at": moment,
            "channel": way or last_channel(uow.connection, ticket.id) or CHANNEL,
            "subject": None,
            "text": body,
            "ticket_id": ticket.id,
        }
        said, warnings = contact(uow, entity, values, types_in_use(uow.connection), inbound=inbound)
        if inbound and ticket.state == "waiting":
            uow.update("ticket", ticket.id, {"state": "open"})
            said += _(" (waiting → open)")
        what = _("logged the answer of {who} to ticket {ticket}") if inbound else _("answered {who}: ticket {ticket}")
        return _finish(session, uow, [ticket.id], what.format(who=said, ticket=label(ticket)), warnings)


def note(session: Session, reference: str, text: str) -> Result:
    """Write an internal note on a ticket: no message, so that it counts as no contact. A closed one takes it too."""
    body = check_text(text, _("note"))
    if not body:
        raise InvalidInput(_("the note is blank"))
    with unit_of_work(session, "ticket note") as uow:
        (ticket,) = _pick(uow, [reference])
        _event(uow, ticket.id, "note", body)
        return _finish(session, uow, [ticket.id], _("noted on ticket {ticket}").format(ticket=label(ticket)))


def _event(uow: UnitOfWork, number: int, kind: str, text: str | None) -> None:
    uow.insert("ticket_event", {"ticket_id": number, "at": uow.now, "kind": kind, "text": text})


def turn(session: Session, kind: str, references: Sequence[str], reason: str | None = None) -> Result:
    """Let tickets wait for the customer, close them or open them again: ``wait``, ``close``, ``reopen``."""
    why = check_text(reason, _("reason")) if reason is not None else None
    if reason is not None and not why:
        raise InvalidInput(_("the reason is blank"))
    with unit_of_work(session, f"ticket {kind}") as uow:
        tickets = _pick(uow, references)
        for ticket in tickets:
            state = state_after(ticket, kind)
            if kind == "reopen":
                present(load(uow.connection, ticket.entity.id))
            closed = uow.now if state == "closed" else None
            uow.update("ticket", ticket.id, {"state": state, "closed_at": closed})
            _event(uow, ticket.id, kind, why)
        said = {
            "wait": _("waiting for the customer: {tickets}"),
            "close": _("closed: {tickets}"),
            "reopen": _("open again: {tickets}"),
        }[kind].format(tickets=_list([label(ticket) for ticket in tickets]))
        return _finish(session, uow, [ticket.id for ticket in tickets], said)


def edit(
    session: Session,
    reference: str,
    *,
    subject: str | None = None,
    priority: str | None = None,
    due: str | None = None,
) -> Result:
    """Change a ticket; ``none`` takes its priority or due date away."""
    now = session.clock()
    changed: dict[str, Any] = {}
    if subject is not None:
        changed["subject"] = check_line(subject, _("subject"))
    if priority is not None:
        changed["priority"] = check_priority(priority)
    if due is not None:
        changed["due"] = None if due.strip().lower() in ("none", "mai", "never") else parse_when(due, now)
    with unit_of_work(session, "ticket edit") as uow:
        (ticket,) = _pick(uow, [reference])
        uow.update("ticket", ticket.id, changed)
        (after,) = load_tickets(uow.connection, [ticket.id])
        late = _late(after, now) if changed.get("due") else []
        return _finish(session, uow, [ticket.id], _("changed ticket {ticket}").format(ticket=label(after)), late)


def _list(said: Sequence[str]) -> str:
    return ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
