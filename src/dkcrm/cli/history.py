"""history, blame, undo, redo."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import history as service


def history(
    context: typer.Context,
    ref: Annotated[str | None, typer.Argument(metavar="[REF]", help=_("An entity; without one, everything."))] = None,
    operation: Annotated[
        int | None, typer.Option("--operation", metavar="NUMBER", min=1, max=10**15, help=_("One operation, whole."))
    ] = None,
    limit: shared.Limit = 50,
) -> Result:
    """Show what was done, by whom and when, the newest first; of an entity with each value before and after.

    \b
    Examples:
      dkcrm history
      dkcrm history 42 --json
      dkcrm history --operation 17
    """
    return service.history(session(context), ref, operation=operation, limit=limit or 10**9)


def blame(context: typer.Context, ref: shared.Reference) -> Result:
    """Say of each value of an entity which operation set it, when, by whom and from which file.

    \b
    Examples:
      dkcrm blame 42
    """
    return service.blame(session(context), ref)


def undo(
    context: typer.Context,
    operation: Annotated[
        int | None, typer.Argument(metavar="[OPERATION]", min=1, max=10**15, help=_("Its number, if not the latest."))
    ] = None,
) -> Result:
    """Reverse the latest operation that stands, an import of a million rows included, or a named one.

    \b
    Examples:
      dkcrm undo
      dkcrm undo 17
      dkcrm undo --dry-run
    """
    return service.undo(session(context), operation)


def redo(context: typer.Context) -> Result:
    """Put back what was undone last, until something new is written.

    \b
    Examples:
      dkcrm redo
    """
    return service.redo(session(context))
