"""show: a road of its own, because scripts take it thousands of times."""

from typing import Annotated

import typer

from dkcrm.cli.shared import References, references, session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import showing


def show(
    context: typer.Context,
    refs: References,
    as_of: Annotated[
        str | None, typer.Option("--as-of", metavar="DATE", help=_("As it was at the end of a day, or at a moment."))
    ] = None,
) -> Result:
    """Show entities: a card on a terminal, with the latest of what happened.

    \b
    Examples:
      dkcrm show 42
      dkcrm show anna@bianchi.it --json
      dkcrm show "Bianchi S.r.l." --as-of 2026-11-01
      dkcrm list tag:vip | cut -f1 | dkcrm show - --json
    """
    found, single = references(refs)
    return showing.show(session(context), found, single=single, as_of=as_of)
