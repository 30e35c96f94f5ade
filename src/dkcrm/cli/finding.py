"""list, find and mailquery."""

import sys
from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import finding

ColumnNames = Annotated[
    str | None,
    typer.Option("--columns", metavar="NAMES", help=_("Only these, with commas: name,email,org,field.budget.")),
]
Page = Annotated[
    int | None, typer.Option("--page", metavar="NUMBER", min=1, max=10**9, help=_("The first, second … so many."))
]
#: How many stand on a page where nothing is said.
_PAGE = 50


def _view(limit: int | None, page: int | None, columns: str | None, otherwise: int) -> finding.View:
    """Return what is to be shown; a page needs a length."""
    most = limit if limit is not None else (_PAGE if page else otherwise)
    if page and not most:
        raise InvalidInput(_("--page needs a --limit: how many stand on a page"))
    names = [] if columns is None else [name.strip().lower() for name in columns.split(",")]
    if columns is not None and not all(names):
        raise InvalidInput(_("the name of a column is blank"), hint=_("as in: --columns name,email,org"))
    return finding.View(most, page or 1, list(dict.fromkeys(names)))


def list_(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[TYPE] [FILTER...]", help=_("A type, then terms that must all hold."))
    ] = None,
    sort: Annotated[
        str | None, typer.Option("--sort", metavar="KEYS", help=_("As -updated,name; - is downwards."))
    ] = None,
    columns: ColumnNames = None,
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
    page: Page = None,
) -> Result:
    """List entities, the last changed first.

    \b
    Terms: field:value (contains), field=value, field!=value, field:a..b, field:none, field:any, field:~regex,
    not TERM, TERM or TERM, @segment, sort:-updated,name; inside quotes also < <= > >= ( ) and "phrases".
    Bare words search full text. README.md has the list of fields.

    \b
    Examples:
      dkcrm list lead tag:fair-2026 not city:Milano
      dkcrm list state:lost updated:2026-10.. sort:-updated,name
      dkcrm list last-contact:..30d purchases:1.. --columns name,email,last-contact
      dkcrm list prospect email:none or phone:none --format csv
      dkcrm list '(name:anna or name:luca) interactions >= 1'
      dkcrm list @warm --limit 20 --page 2
    """
    otherwise = _PAGE if sys.stdout is not None and sys.stdout.isatty() else 0
    view = _view(limit, page, columns, otherwise)
    return finding.list_(session(context), terms or [], view, everything=everything, sort=sort)


def find(
    context: typer.Context,
    text: Annotated[
        list[str] | None, typer.Argument(metavar="[TEXT...]", help=_("Words; the last may be unfinished."))
    ] = None,
    only: Annotated[
        list[str] | None,
        typer.Option("--filter", metavar="FILTER", help=_("Only those that a filter lets through (repeatable).")),
    ] = None,
    columns: ColumnNames = None,
    everything: shared.Everything = False,
    limit: shared.Limit = _PAGE,
    page: Page = None,
) -> Result:
    """Find entities by words in any of their attributes, the best first; without words pick one with fzf.

    Accents and case do not count, names are found in any order, phones in any notation. What nothing has is looked for
    as it was likely meant.

    \b
    Examples:
      dkcrm find bianchi
      dkcrm find "333 1234567"
      dkcrm find anna mila --json
      dkcrm find rossi --filter tag:vip --columns name,phone
      dkcrm find
    """
    view = _view(limit, page, columns, _PAGE)
    words = " ".join(text or [])
    if not words.strip() and not text:
        from dkcrm.cli.picking import pick

        return pick(context, only or [], everything=everything)
    return finding.find(session(context), words, view, everything=everything, only=only or [])


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
