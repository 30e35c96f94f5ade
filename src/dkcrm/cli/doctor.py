"""doctor."""

from typing import Annotated

import typer

from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import doctor as service


def doctor(
    context: typer.Context,
    fix: Annotated[
        bool, typer.Option("--fix", help=_("Make anew what can be: full text, folded names, indexes, file modes."))
    ] = False,
) -> Result:
    """Look whether the database is sound: the file, the references, full text, history, and the rules of the cycle.

    What is wrong makes the exit status 1; a note is worth knowing and makes none. Nothing is written without --fix.

    \b
    Examples:
      dkcrm doctor
      dkcrm doctor --quiet --json
      dkcrm doctor --fix
    """
    return service.doctor(session(context), fix=fix)
