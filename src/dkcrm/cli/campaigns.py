"""campaign add, edit, list, show, join, leave, sent, reply, export and rm."""

from typing import Annotated

import typer

from dkcrm.cli import options, shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import campaigns, mailing
from dkcrm.services.audience import Whom

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("The campaign's name, number or uid."))]
Refs = Annotated[list[str] | None, typer.Argument(metavar="[REF...]", help=_("Who; - reads them from standard input."))]
Segments = Annotated[
    list[str] | None, typer.Option("--segment", metavar="NAME", help=_("Who is in a segment now (repeatable)."))
]
Filter = Annotated[
    list[str] | None,
    typer.Option("--filter", metavar="FILTER", help=_("Whom a filter lets through (repeatable: all must hold).")),
]
Channel = Annotated[
    str | None,
    typer.Option("--channel", metavar="CHANNEL", help=_("email (default), phone, post … in your own words.")),
]
Purpose = Annotated[
    str | None, typer.Option("--purpose", metavar="PURPOSE", help=_("To which consent is needed: marketing (default)."))
]
Basis = Annotated[
    str | None,
    typer.Option(
        "--basis", metavar="TEXT", help=_("The legal ground, where it is not consent: then who is silent gets it.")
    ),
]
Cost = Annotated[str | None, typer.Option("--cost", metavar="AMOUNT", help=_("What it costs: 500 or 500.50."))]
Currency = Annotated[str | None, typer.Option("--currency", metavar="CODE", help=_("As EUR, the default."))]
Note = Annotated[str | None, typer.Option("--note", metavar="TEXT", help=_("A note."))]
Subject = Annotated[str | None, typer.Option("--subject", metavar="TEXT", help=_("The subject."))]
Text = Annotated[str | None, typer.Option("--text", metavar="TEXT", help=_("What was said."))]
At = Annotated[str | None, typer.Option("--at", metavar="TIME", help=_("When, if not now: 2026-11-21T09:30."))]


def _whom(refs: list[str] | None, segments: list[str] | None, filter: list[str] | None) -> Whom:
    return Whom(references(refs)[0] if refs else [], segments or [], filter or [])


def _somebody(refs: list[str] | None, segments: list[str] | None, filter: list[str] | None) -> Whom:
    if not (refs or segments or filter):
        raise InvalidInput(_("say who"), hint=_("name them, or with --segment NAME or --filter FILTER"))
    return _whom(refs, segments, filter)


def campaign_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Its name."))],
    refs: Refs = None,
    segment: Segments = None,
    filter: Filter = None,
    channel: Channel = None,
    purpose: Purpose = None,
    basis: Basis = None,
    cost: Cost = None,
    currency: Currency = None,
    note: Note = None,
) -> Result:
    """Add a campaign, with its first members where some are named: REF, --segment and --filter each add some.

    It goes to members who consent to its purpose (dkcrm privacy consent), or with --basis to all who have not
    withdrawn. Of the channels email needs an email, phone, sms … a phone, post an address; any other word needs none.

    \b
    Examples:
      dkcrm campaign add spring-2026 --filter "lead tag:fair" --cost 500 --currency EUR
      dkcrm campaign add newsletter --purpose newsletter --segment warm
      dkcrm campaign add notice 42 77 --channel post --basis "contract"
    """
    return campaigns.add(
        session(context), name, _whom(refs, segment, filter), channel=channel, purpose=purpose, basis=basis, cost=cost,
        currency=currency, note=note,
    )  # fmt: skip


def campaign_edit(
    context: typer.Context,
    name: Name,
    new_name: Annotated[str | None, typer.Option("--name", metavar="NAME", help=_("Another name."))] = None,
    channel: Channel = None,
    purpose: Purpose = None,
    basis: Basis = None,
    cost: Cost = None,
    currency: Currency = None,
    note: Note = None,
) -> Result:
    """Change a campaign; none takes its basis or cost away. What was sent stays as it was.

    \b
    Examples:
      dkcrm campaign edit spring-2026 --cost 650 --currency EUR
      dkcrm campaign edit spring-2026 --name "Spring 2026" --basis none
    """
    given = (new_name, channel, purpose, basis, cost, currency, note)
    if all(value is None for value in given):
        raise InvalidInput(_("say what to change"), hint=_("see: dkcrm campaign edit --help"))
    return campaigns.edit(
        session(context), name, name=new_name, channel=channel, purpose=purpose, basis=basis, cost=cost,
        currency=currency, note=note,
    )  # fmt: skip


def campaign_join(
    context: typer.Context, name: Name, refs: Refs = None, segment: Segments = None, filter: Filter = None
) -> Result:
    """Put entities into a campaign; those that are in it are left alone.

    \b
    Examples:
      dkcrm campaign join spring-2026 42 anna@bianchi.it
      dkcrm campaign join spring-2026 --filter "person city:Milano"
      dkcrm list tag:fair | cut -f1 | dkcrm campaign join spring-2026 -
      dkcrm campaign join reminder --filter "reached:spring-2026 not answered:spring-2026"
    """
    return campaigns.join(session(context), name, _somebody(refs, segment, filter))


def campaign_leave(
    context: typer.Context, name: Name, refs: Refs = None, segment: Segments = None, filter: Filter = None
) -> Result:
    """Take entities out of a campaign; whom it has reached stays known.

    \b
    Examples:
      dkcrm campaign leave spring-2026 42
      dkcrm campaign leave spring-2026 --filter "state:lost"
    """
    return campaigns.leave(session(context), name, _somebody(refs, segment, filter))


def campaign_list(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", "-a", help=_("Removed ones too."))] = False,
) -> Result:
    """List campaigns with what became of them, the newest first.

    Reached are those with an outbound contact of the campaign, answered those with an inbound one; leads, qualified,
    customers and revenue are what became of the reached from then on. Currencies are never added together.

    \b
    Examples:
      dkcrm campaign list
      dkcrm campaign list --all --json
    """
    return campaigns.list_campaigns(session(context), everything=everything)


def campaign_show(context: typer.Context, name: Name) -> Result:
    """Show a campaign: its members, and what became of each.

    \b
    Examples:
      dkcrm campaign show spring-2026
      dkcrm campaign show 1 --json
    """
    return campaigns.show(session(context), name)


def campaign_rm(
    context: typer.Context,
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help=_("Names, numbers or uids; - reads them."))],
) -> Result:
    """Hide campaigns (campaign list --all still has them). What they sent, and who answered, stays on record.

    \b
    Examples:
      dkcrm campaign rm spring-2026
    """
    return campaigns.remove(session(context), references(names)[0])


def campaign_sent(
    context: typer.Context,
    name: Name,
    subject: Subject = None,
    text: Text = None,
    at: At = None,
    again: Annotated[bool, typer.Option("--again", help=_("Those too who were reached before."))] = False,
) -> Result:
    """Log that a campaign went out: one outbound contact with each member that may be written to.

    Who has not consented to its purpose, has withdrawn, was removed, or has no address for its channel, is left out
    and listed with the reason; a campaign with a --basis goes to all who have not withdrawn. A second run reaches only
    who was not reached yet. The state (lost, inactive …) keeps nobody out. It changes no entity: lists by the last
    change stay as they are.

    \b
    Examples:
      dkcrm campaign sent spring-2026 --dry-run
      dkcrm campaign sent spring-2026 --subject "Our spring offer"
      dkcrm campaign sent spring-2026 --again --at 2026-11-20T09:00
    """
    return mailing.sent(session(context), name, subject=subject, text=text, at=at, again=again)


def campaign_reply(
    context: typer.Context,
    ref: shared.ManyReference,
    campaign: Annotated[
        str | None, typer.Option("--campaign", metavar="NAME", help=_("Which; else the last that reached them."))
    ] = None,
    text: Text = None,
    subject: Subject = None,
    channel: Annotated[
        str | None, typer.Option("--channel", metavar="CHANNEL", help=_("How; else the campaign's channel."))
    ] = None,
    at: At = None,
) -> Result:
    """Log that somebody answered a campaign. It makes a lead of a suspect.

    \b
    Examples:
      dkcrm campaign reply 42 --text "Asks for a price list."
      dkcrm campaign reply anna@bianchi.it --campaign spring-2026 --channel phone
    """
    found, _single = references([ref])
    return mailing.reply(
        session(context), found, campaign=campaign, subject=subject, text=text, channel=channel, at=at
    )  # fmt: skip


def campaign_export(
    context: typer.Context,
    name: Name,
    format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help=_("csv (default), tsv, json, jsonl, xlsx."))
    ] = None,
    output: Annotated[
        str | None, typer.Option("--output", "-o", metavar="FILE", help=_("The file; else standard output."))
    ] = None,
    columns: Annotated[
        str | None,
        typer.Option("--columns", metavar="NAMES", help=_("Only these, with commas: email,name,field.budget.")),
    ] = None,
    new: Annotated[bool, typer.Option("--new", help=_("Only who was not reached yet."))] = False,
    for_spreadsheet: Annotated[
        bool, typer.Option("--for-spreadsheet", help=_("Guard cells that Excel would take for formulas (csv, tsv)."))
    ] = False,
) -> Result:
    """Export the recipients of a campaign for the mail tool: only those that may be written to are in it.

    It logs nothing: once the mail is out, say so with campaign sent.

    \b
    Examples:
      dkcrm campaign export spring-2026 -o recipients.csv
      dkcrm campaign export spring-2026 --new --columns email,first_name
      dkcrm campaign export spring-2026 --json
    """
    from dkcrm.services.exporting import format_of

    word = format or ("json" if shared.given(context).get("json") and not format_of(output) else None)
    return mailing.export(
        session(context), name, format=word, output=output, for_spreadsheet=for_spreadsheet, new=new,
        columns=options.split_commas([columns.lower()] if columns else None),
    )  # fmt: skip
