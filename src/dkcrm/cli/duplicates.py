"""duplicates, merge and distinct."""

from typing import Annotated

import typer

from dkcrm.cli import shared
from dkcrm.cli.shared import references, session
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import duplicates as finding
from dkcrm.services import merging
from dkcrm.store.likeness import LIKELY


def merge(
    context: typer.Context,
    refs: shared.References,
    into: Annotated[
        str | None, typer.Option("--into", metavar="REF", help=_("Who stays (else the most advanced, or the first)."))
    ] = None,
    prefer: Annotated[
        str | None,
        typer.Option("--prefer", metavar="REF", help=_("Whose values stand where they differ: newest, or one.")),
    ] = None,
) -> Result:
    """Make one of entities that are the same. The numbers of the others keep working, and undo takes them apart.

    Everything is united: emails, phones, tags, links, contacts, purchases. Where both have a value the survivor's
    stands, or that of --prefer, and the other one is kept in the operation's record.

    \b
    Examples:
      dkcrm merge 42 57
      dkcrm merge 42 57 --into 57 --prefer newest
      dkcrm merge 42 57 --dry-run
    """
    found, _single = references(refs)
    return merging.merge(session(context), found, into=into, prefer=prefer)


def distinct(
    context: typer.Context,
    refs: Annotated[
        list[str] | None, typer.Argument(metavar="[REF...]", help=_("Those that are not the same; none lists them."))
    ] = None,
    forget: Annotated[bool, typer.Option("--forget", help=_("Take it back: they may be the same."))] = False,
) -> Result:
    """Remember that entities are not the same, however alike they look: duplicates names them no more.

    \b
    Examples:
      dkcrm distinct 42 57
      dkcrm distinct
      dkcrm distinct 42 57 --forget
    """
    if not refs:
        return merging.distinctions(session(context))
    found, _single = references(refs)
    return merging.distinct(session(context), found, forget=forget)


def duplicates(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[TYPE] [FILTER...]", help=_("A type, then terms that must all hold."))
    ] = None,
    minimum: Annotated[float, typer.Option("--min", metavar="SCORE", help=_("How likely at least, 0 to 1."))] = LIKELY,
    limit: shared.Limit = 0,
    auto: Annotated[
        float | None, typer.Option("--auto", metavar="SCORE", help=_("Merge all that are at least so likely."))
    ] = None,
    review: Annotated[bool, typer.Option("--review", help=_("Go through them at the terminal, one by one."))] = False,
) -> Result:
    """List who may be the same, with the score and the reasons; three that are one come together.

    \b
    Examples:
      dkcrm duplicates
      dkcrm duplicates person tag:fair-2026 --min 0.9
      dkcrm duplicates --review
      dkcrm duplicates --auto 0.98 --dry-run
    """
    if review:
        from dkcrm.cli.review import review as walk

        if auto is not None:
            raise InvalidInput(_("--review asks of each and --auto of none: take one of them"))
        return walk(context, finding.likely(session(context), terms or [], minimum)[: limit or None])
    return finding.duplicates(session(context), terms or [], minimum=minimum, limit=limit, auto=auto)
