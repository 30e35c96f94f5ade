"""report: each report is a file of dkcrm.reports, and a command of its own."""

from collections.abc import Callable
from importlib import import_module
from typing import Annotated, Any

import typer

from dkcrm.cli.shared import session
from dkcrm.i18n import _
from dkcrm.result import Result

Terms = Annotated[list[str] | None, typer.Argument(metavar="[FILTER...]", help=_("Terms that must all hold."))]
By = Annotated[str | None, typer.Option("--by", metavar="GROUP", help=_("What rows stand for; see above."))]
Since = Annotated[
    str | None, typer.Option("--since", metavar="DAY", help=_("From this day, or the first of a period: last-month."))
]
Until = Annotated[str | None, typer.Option("--until", metavar="DAY", help=_("To this day, or the last of a period."))]
Limit = Annotated[
    int | None, typer.Option("--limit", "-n", metavar="NUMBER", min=0, max=10**15, help=_("At most so many; 0 is all."))
]
Html = Annotated[
    str | None, typer.Option("--html", metavar="FILE", help=_("Write a page to a file instead, with its charts."))
]


def report(
    context: typer.Context,
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help=_("Which report; without it they are listed."))
    ] = None,
    terms: Terms = None,
    by: By = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = None,
    html: Html = None,
) -> Result:
    """Make a report; without a name they are listed. Each has a help of its own: dkcrm report sales --help.

    Everything that is counted is read from the records and their history, nothing is kept beside them. Removed entities
    are left out, merged ones are one, and what was voided or undone never happened. FILTER says who is counted.

    --since and --until take a day (2026-10-21), a period of which they mean the first and the last day (2026, 2026-Q3,
    2026-10, this-week, last-month, mese-scorso) or so many days ago (30d, 6w, 3m, 1y), on your calendar.

    \b
    Examples:
      dkcrm report
      dkcrm report sales --by product --since 2026-01
      dkcrm report activity tag:vip --since last-month --until last-month
      dkcrm report pipeline --html pipeline.html
    """
    from dkcrm.reports.scope import list_reports

    return list_reports() if name is None else _made(context, name, terms, by, since, until, limit, html)


def report_list(context: typer.Context) -> Result:
    """List the reports.

    \b
    Examples:
      dkcrm report list
    """
    from dkcrm.reports.scope import list_reports

    return list_reports()


def __getattr__(name: str) -> Callable[..., Result]:
    """Return the command of one report (PEP 562): its help is in its file, and the others are not imported."""
    from dkcrm.reports import REPORTS

    if name not in REPORTS:
        raise AttributeError(name)

    def command(
        context: typer.Context,
        terms: Terms = None,
        by: By = None,
        since: Since = None,
        until: Until = None,
        limit: Limit = None,
        html: Html = None,
    ) -> Result:
        return _made(context, name, terms, by, since, until, limit, html)

    command.__doc__ = import_module(f"dkcrm.reports.{name}").HELP
    return command


def _made(
    context: typer.Context,
    name: str,
    terms: list[str] | None,
    by: str | None,
    since: str | None,
    until: str | None,
    limit: int | None,
    html: str | None,
) -> Result:
    from dkcrm.reports.scope import Request, run

    own = session(context)
    result = run(own, name, Request(terms or [], by, since, until, limit))
    return result if html is None else _page(own, name, result, html)


def _page(own: Any, name: str, result: Result, file: str) -> Result:
    """Write a report as a page: to a file whole or not at all, or to standard output for ``-``."""
    from dkcrm.render.html import write_page
    from dkcrm.services.exporting import check_output, write_file

    now = own.clock()
    if file == "-":
        return Result(None, writes=lambda out: write_page(out, result, now), warnings=result.warnings)
    check_output(own, file)
    write_file(file, lambda out: write_page(out, result, now))
    data = {"report": name, "rows": len(list(result.rows)), "file": file}
    message = _("wrote report {name} to {file}").format(name=name, file=file)
    return Result(data, message=message, warnings=result.warnings)
