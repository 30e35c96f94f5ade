"""link and unlink."""

from typing import Annotated

import typer

from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import memberships

Member = Annotated[str, typer.Argument(metavar="MEMBER", help=_("The person."))]
Organization = Annotated[str, typer.Argument(metavar="ORGANIZATION", help=_("The organization."))]


def link(
    context: typer.Context,
    member: Member,
    organization: Organization,
    role: Annotated[
        str | None,
        typer.Option("--role", metavar="TEXT", help=_("What they do there, as buyer; blank: none any more.")),
    ] = None,
    since: Annotated[str | None, typer.Option("--since", metavar="DATE", help=_("Since when."))] = None,
    primary: Annotated[bool, typer.Option("--primary", help=_("Their first organization."))] = False,
    mixed: Annotated[bool, typer.Option("--mixed", help=_("Allow a customer with one who is none yet."))] = False,
) -> Result:
    """Link a member to its organization. A prospect belongs to a target; a person belongs to an organization.

    \b
    Examples:
      dkcrm link 42 77 --role buyer --since 2026-01-15
    """
    return memberships.link(
        session(context), member, organization, role=role, since=since, primary=primary, mixed=mixed
    )


def unlink(context: typer.Context, member: Member, organization: Organization) -> Result:
    """Take a link away.

    \b
    Examples:
      dkcrm unlink 42 77
    """
    return memberships.unlink(session(context), member, organization)
