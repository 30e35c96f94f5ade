"""list, find and mailquery."""

import sys
from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import finding


def list_(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[TYPE] [FILTER...]", help=_("A type, then terms that must all hold."))
    ] = None,
    everything: shared.Everything = False,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            metavar="NUMBER",
            min=0,
            max=10**15,
            help=_("At most so many; 0 is all (on a terminal 50, else all)."),
        ),
    ] = None,
) -> Result:
    """List entities, the last changed first.

    \b
    Terms: field:value (contains), field=value, field:a..b, field:none, field:~regex, not TERM, TERM or TERM;
    inside quotes also < <= > >= ( ) and "phrases". Bare words search full text.

    \b
    Examples:
      dkcrm list lead tag:fair-2026 not city:Milano
      dkcrm list state:lost updated:2026-10..
      dkcrm list prospect email:none or phone:none --format csv
      dkcrm list '(name:anna or name:luca) interactions >= 1'
    """
    most = limit if limit is not None else (50 if sys.stdout is not None and sys.stdout.isatty() else 0)
    return finding.list_(session(context), terms or [], everything=everything, limit=most)


def find(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help=_("Words; the last may be unfinished."))],
    everything: shared.Everything = False,
    limit: shared.Limit = 50,
) -> Result:
    """Find entities by words in any of their attributes, the best first.

    \b
    Examples:
      dkcrm find bianchi
      dkcrm find "333 1234567"
      dkcrm find anna mila --json
    """
    return finding.find(session(context), " ".join(text), everything=everything, limit=limit)


def mailquery(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(metavar="TEXT...", help=_("The beginning of a name or email."))],
    no_header: Annotated[bool, typer.Option("--no-header", help=_("No first line: for aerc."))] = False,
) -> Result:
    """Look up emails for mutt, neomutt and aerc: a first line as a message, then EMAIL, NAME and what it is, by tabs.

    Nothing found is exit code 1, as they expect. With --json, or another --format, it is a list like any other: email,
    name, type and organization; an empty one is no failure.

    \b
    Examples:
      dkcrm mailquery anna
      dkcrm mailquery anna --json
      set query_command = "dkcrm mailquery %s"                   # in mutt's or neomutt's configuration
      address-book-cmd = dkcrm mailquery --no-header "%s"        # in aerc's
    """
    if shared.chosen_format(context):
        return finding.mailquery(session(context), " ".join(text))
    from dkcrm.cli.mailquery import write

    raise typer.Exit(write(finding.emails(session(context), " ".join(text)), header=not no_header))
