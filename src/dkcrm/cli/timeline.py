"""timeline: everything about an entity in order."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result


def timeline(
    context: typer.Context,
    ref: shared.Reference,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="NUMBER", min=0, max=10**15, help=_("At most so many; 0 is all."))
    ] = 50,
    since: Annotated[
        str | None, typer.Option("--since", metavar="DATE", help=_("From then on: 2026-10, 30d, 2026-11-21T09:30."))
    ] = None,
    until: Annotated[str | None, typer.Option("--until", metavar="DATE", help=_("Up to then, that included."))] = None,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", metavar="KIND", help=_("Only some kinds (repeatable, or with commas).")),
    ] = None,
    edits: Annotated[bool, typer.Option("--edits", help=_("What changed its values too."))] = False,
    reverse: Annotated[bool, typer.Option("--reverse", help=_("In the order of time, the newest last."))] = False,
) -> Result:
    """Show everything about an entity in order, the newest first; of a target or organization its members' too.

    KIND is interaction, transition, purchase, answer, reason, task, ticket, campaign, consent, link, merge or edit.
    With ticket and campaign come their messages. Reasons are told of up to 200 members.

    \b
    Examples:
      dkcrm timeline 42
      dkcrm timeline "Northwind Ltd" --since 30d --kind interaction,purchase
      dkcrm timeline 42 --edits --reverse --limit 0 --json
    """
    from dkcrm.services.timeline import timeline as service

    return service(
        session(context), ref, limit=limit, since=since, until=until, kinds=kind or [], edits=edits, reverse=reverse
    )
