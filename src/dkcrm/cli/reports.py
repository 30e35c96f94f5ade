"""report: each report is a function of dkcrm.reports."""

from typing import Annotated

import typer

from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.reports import funnel as funnel_report
from dkcrm.result import Result


def funnel(
    context: typer.Context,
    terms: Annotated[
        list[str] | None, typer.Argument(metavar="[FILTER...]", help=_("Terms that must all hold."))
    ] = None,
    by: Annotated[str | None, typer.Option("--by", metavar="GROUP", help=_("month or source."))] = None,
) -> Result:
    """Count how many entered each type, how many are there now, how many moved on, and in how many days (median).

    \b
    Examples:
      dkcrm report funnel
      dkcrm report funnel --by month
      dkcrm report funnel tag:fair-2026 --by source --format csv
    """
    return funnel_report.funnel(session(context), by, terms or [])
