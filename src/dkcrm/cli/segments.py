"""segment save, list, show, rm."""

from typing import Annotated

import typer

from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services import segments

Name = Annotated[str, typer.Argument(metavar="NAME", help=_("The segment's name: one word."))]


def segment_save(
    context: typer.Context,
    name: Name,
    terms: Annotated[
        list[str], typer.Argument(metavar="[TYPE] FILTER...", help=_("A type, then terms that must all hold."))
    ],
) -> Result:
    """Keep a filter under a name. Wherever a filter is taken, @NAME or segment:NAME stands for it.

    A segment may be made of others. One that has the name already is replaced.

    \b
    Examples:
      dkcrm segment save warm lead last-contact:30d..
      dkcrm segment save asleep purchases:1.. not @warm
      dkcrm list @warm city:Milano
    """
    return segments.save_segment(session(context), name, terms)


def segment_list(context: typer.Context) -> Result:
    """List the segments, with how many entities each has now.

    \b
    Examples:
      dkcrm segment list
    """
    return segments.list_segments(session(context))


def segment_show(context: typer.Context, name: Name) -> Result:
    """Show a segment's filter, how many it has, and what uses it.

    \b
    Examples:
      dkcrm segment show warm
      dkcrm list @warm
    """
    return segments.show_segment(session(context), name)


def segment_rm(context: typer.Context, name: Name) -> Result:
    """Take a segment away, unless another or a criterion's rule uses it.

    \b
    Examples:
      dkcrm segment rm warm
    """
    return segments.remove_segment(session(context), name)
