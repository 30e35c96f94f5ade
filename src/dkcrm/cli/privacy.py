"""privacy erase, export, log and retention."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.i18n import _
from dkcrm.result import Result

Reason = Annotated[
    str | None, typer.Option("--reason", metavar="TEXT", help=_("Why; it stays, so it must not name them."))
]


def privacy_erase(context: typer.Context, refs: shared.References, reason: Reason = None) -> Result:
    """Erase people for good: rows, history, full text, and the program's own backups. It cannot be undone.

    All that were merged into them go too. What remains is a tombstone with number, date and reason, and a keyed hash by
    which a backup that is restored, or an export that is imported, does not bring them back. On a terminal it asks;
    --dry-run says what would go. While another program reads the database the files cannot be cleaned: the rows are
    gone, the exit status is 75, and the next command does the rest.

    \b
    Examples:
      dkcrm privacy erase 42 --dry-run
      dkcrm privacy erase 42 --reason "asked by letter" --yes
    """
    from dkcrm.services.erasure import erase

    return erase(session(context), references(refs)[0], reason=reason)
