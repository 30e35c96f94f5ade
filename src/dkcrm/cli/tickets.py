"""ticket open, reply, note, wait, close, reopen, edit, list and show."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import ticketlist, tickets

Numbers = Annotated[list[str], typer.Argument(metavar="NUMBER...", help=_("A ticket's number or uid; - reads them."))]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help=_("The ticket's number or uid."))]
Inbound = Annotated[bool, typer.Option("--in", help=_("They wrote to us."))]
Outbound = Annotated[bool, typer.Option("--out", help=_("We wrote to them."))]
Channel = Annotated[
    str | None, typer.Option("--channel", metavar="CHANNEL", help=_("email, phone, chat … in your own words."))
]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help=_("When, if not now: 2026-11-21T09:30."))]
Due = Annotated[
    str | None, typer.Option("--due", metavar="WHEN", help=_("By when to close it, as in: dkcrm task add --due."))
]
Priority = Annotated[str | None, typer.Option("--priority", "-p", metavar="H|M|L", help=_("How urgent: h, m or l."))]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; kept with the ticket."))]


def _way(inbound: bool, outbound: bool) -> None:
    if inbound and outbound:
        raise InvalidInput(_("--in and --out exclude each other"))


def ticket_open(
    context: typer.Context,
    ref: shared.Reference,
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help=_("What it is about, in a line."))],
    text: Annotated[str | None, typer.Option("--text", metavar="TEXT", help=_("What they wrote."))] = None,
    channel: Channel = None,
    inbound: Inbound = False,
    outbound: Outbound = False,
    priority: Priority = None,
    due: Due = None,
    at: At = None,
) -> Result:
    """Open a ticket for a request of somebody; the message that opens it goes onto their timeline.

    It came in unless --out is said, by email unless another channel is. One that came in makes a lead of a suspect.

    \b
    Examples:
      dkcrm ticket open 42 "The invoice is missing" --text "I never got it." --priority h --due friday
      dkcrm ticket open 42 "Renewal" --out --channel phone --at 2026-11-20T15:00
    """
    _way(inbound, outbound)
    return tickets.open_ticket(
        session(context), ref, subject, text=text, channel=channel, inbound=not outbound, priority=priority, due=due,
        at=at,
    )  # fmt: skip


def ticket_reply(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What was said."))],
    inbound: Inbound = False,
    outbound: Outbound = False,
    channel: Channel = None,
    at: At = None,
) -> Result:
    """Log our answer to a ticket, or with --in what they wrote, which opens one that waits for them.

    The channel is that of the ticket's latest message, unless another one is said.

    \b
    Examples:
      dkcrm ticket reply 7 "We have sent it again."
      dkcrm ticket reply 7 "It is here, thank you." --in
    """
    _way(inbound, outbound)
    return tickets.reply(session(context), number, text, inbound=inbound, channel=channel, at=at)


def ticket_note(
    context: typer.Context,
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help=_("What we should know."))],
) -> Result:
    """Write an internal note on a ticket, open or closed. It is no message and counts as no contact.

    \b
    Examples:
      dkcrm ticket note 7 "The bank has returned the first one."
    """
    return tickets.note(session(context), number, text)


def ticket_wait(context: typer.Context, numbers: Numbers, reason: Reason = None) -> Result:
    """Let tickets wait for the customer; their answer (ticket reply --in) opens them again.

    \b
    Examples:
      dkcrm ticket wait 7 --reason "They look for the delivery note."
    """
    return tickets.turn(session(context), "wait", references(numbers)[0], reason)


def ticket_close(context: typer.Context, numbers: Numbers, reason: Reason = None) -> Result:
    """Close tickets.

    \b
    Examples:
      dkcrm ticket close 7
      dkcrm ticket list --state waiting | cut -f1 | dkcrm ticket close - --reason "No answer."
    """
    return tickets.turn(session(context), "close", references(numbers)[0], reason)


def ticket_reopen(context: typer.Context, numbers: Numbers, reason: Reason = None) -> Result:
    """Open tickets again that are closed, or that wait for the customer.

    \b
    Examples:
      dkcrm ticket reopen 7
    """
    return tickets.turn(session(context), "reopen", references(numbers)[0], reason)


def ticket_edit(
    context: typer.Context,
    number: Number,
    subject: Annotated[str | None, typer.Option("--subject", metavar="TEXT", help=_("Another subject."))] = None,
    priority: Priority = None,
    due: Due = None,
) -> Result:
    """Change a ticket; none takes its priority or due date away.

    \b
    Examples:
      dkcrm ticket edit 7 --priority h --due "tomorrow 9am"
      dkcrm ticket edit 7 --subject "The invoice of May is missing" --due none
    """
    if subject is None and priority is None and due is None:
        raise InvalidInput(_("say what to change"), hint=_("see: dkcrm ticket edit --help"))
    return tickets.edit(session(context), number, subject=subject, priority=priority, due=due)


def ticket_list(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[FILTER...]", help=_("Terms that hold of whose they are."))
    ] = None,
    state: Annotated[
        str | None, typer.Option("--state", metavar="STATE", help=_("open, waiting, closed or all (else not closed)."))
    ] = None,
    of: Annotated[
        list[str] | None, typer.Option("--of", metavar="REF", help=_("Only those of somebody (repeatable)."))
    ] = None,
    priority: Priority = None,
    overdue: Annotated[bool, typer.Option("--overdue", help=_("Only those that are overdue."))] = False,
    everything: Annotated[
        bool, typer.Option("--all", "-a", help=_("In every state, and of removed entities too."))
    ] = False,
    limit: shared.Limit = 0,
) -> Result:
    """List tickets, by due date and urgency; what has no date comes last.

    \b
    Examples:
      dkcrm ticket list
      dkcrm ticket list --state closed --of 42 --json
      dkcrm ticket list tag:vip --overdue
    """
    return ticketlist.list_tickets(
        session(context), terms or [], state=state, of=of or [], priority=priority, overdue=overdue,
        everything=everything, limit=limit,
    )  # fmt: skip


def ticket_show(context: typer.Context, numbers: Numbers) -> Result:
    """Show tickets whole: messages, notes and states in order, and how long the answer and the closing took.

    The time to the first answer is from the opening to our first message. Of a ticket that we opened there is none.

    \b
    Examples:
      dkcrm ticket show 7
      dkcrm ticket show 7 --json
    """
    found, single = references(numbers)
    return ticketlist.show(session(context), found, single=single)
