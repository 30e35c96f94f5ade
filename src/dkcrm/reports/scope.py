"""What a report is asked for: whom it counts, in which days, and by what it groups."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

from dkcrm.domain.periods import span
from dkcrm.domain.query import read
from dkcrm.domain.when import day_of
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.reports import REPORTS
from dkcrm.reports.groups import Group, group_named
from dkcrm.result import Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.filters import compile_filter
from dkcrm.store.settings import types_in_use

#: A piece of SQL and its values.
Piece = tuple[str, Sequence[Any]]
#: Whom every report leaves out: who was removed, and who is somebody else now.
ALIVE = "e.removed_at IS NULL AND e.merged_into IS NULL"
_GONE = "SELECT id FROM entity NOT INDEXED WHERE removed_at IS NOT NULL OR merged_into IS NOT NULL"


class Request(NamedTuple):
    """The words of the command: filter terms, a group, two days or periods, and how many rows at most."""

    terms: Sequence[str] = ()
    by: str | None = None
    since: str | None = None
    until: str | None = None
    limit: int | None = None


class Scope:
    """One report's view of the database, which is one state of it however many queries are asked.

    ``first`` and ``last`` are the moments (UTC) and ``days`` the days, of the user's calendar, between which it counts;
    each may be None. ``where`` is the filter over ``e``, an entity.
    """

    def __init__(self, session: Session, connection: sqlite3.Connection, request: Request, groups: Sequence[str]):
        self.session = session
        self.connection = connection
        self.request = request
        self.now = session.clock()
        self.today = day_of(self.now).isoformat()
        self.in_use = types_in_use(connection)
        self.first = span(request.since, self.now)[0] if request.since is not None else None
        self.last = span(request.until, self.now)[1] if request.until is not None else None
        if self.first and self.last and self.first > self.last:
            raise InvalidInput(
                _("the period ends before it begins: {since} to {until}").format(
                    since=request.since, until=request.until
                ),
                hint=_("--since is the first day, --until the last one"),
            )
        self.days = tuple(day_of(moment).isoformat() if moment else None for moment in (self.first, self.last))
        filter = read(request.terms).unsorted(_("a report has an order of its own"))
        self.filtered = filter.node is not None
        self.where: Piece = compile_filter(session, connection, filter).where()
        self.by: Group | None = group_named(connection, request.by, groups) if request.by is not None else None

    def rows(self, template: str, **parts: str | Piece) -> sqlite3.Cursor:
        """Ask a query whose ``{names}`` are filled with SQL; the values of each go where it goes."""
        values: list[Any] = []

        def put(match: re.Match[str]) -> str:
            part = parts[match[1]]
            if isinstance(part, str):
                return part
            values.extend(part[1])
            return part[0]

        return self.connection.execute(re.sub(r"\{(\w+)\}", put, template), values)

    def between(self, column: str) -> Piece:
        """Return the condition that a moment lies in the period."""
        return _between(column, self.first, self.last)

    def on_days(self, column: str) -> Piece:
        """Return the condition that a day lies in the period."""
        return _between(column, *self.days)

    def counted(self, column: str) -> Piece:
        """Return the condition that a column is the number of somebody whom the report counts.

        Without a filter the few who are left out are looked up, instead of the many who are not.
        """
        if not self.filtered:
            return f"{column} NOT IN ({_GONE})", ()
        sql, values = self.where
        return f"{column} IN (SELECT e.id FROM entity e WHERE {ALIVE} AND ({sql}))", values

    def limited(self, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Return as many rows as were asked for."""
        return rows[: self.request.limit] if self.request.limit else rows

    def title(self, name: str) -> str:
        """Return a title with what it is grouped by."""
        return _("{name} by {group}").format(name=name, group=self.by.title.lower()) if self.by else name


def _between(column: str, first: str | None, last: str | None) -> Piece:
    if first and last:
        return f"{column} BETWEEN ? AND ?", (first, last)
    if first:
        return f"{column} >= ?", (first,)
    return (f"{column} <= ?", (last,)) if last else ("1", ())


def run(session: Session, name: str, request: Request) -> Result:
    """Make a report. Raises InvalidInput for a name that is none, and for groups that make no sense for it."""
    if name not in REPORTS:
        from dkcrm.domain.text import nearest
        from dkcrm.domain.values import shorten

        close = nearest(name, list(REPORTS))
        raise InvalidInput(
            _("no such report: {name}").format(name=shorten(name)),
            hint=_("did you mean {name}?").format(name=close[0])
            if close
            else _("reports: {names}").format(names=", ".join(REPORTS)),
        )
    module = import_module(f"dkcrm.reports.{name}")
    connection = open_reading(session)
    try:
        scope = Scope(session, connection, request, module.GROUPS)
        result: Result = module.report(scope)
    finally:
        connection.close()
    result.facts = [*_facts(scope), *result.facts]
    return result


def _facts(scope: Scope) -> list[tuple[str, str]]:
    """Return what a reader of a report that is passed on has to know: filter, period, group."""
    request = scope.request
    facts = []
    if scope.filtered:
        facts.append((_("Filter"), " ".join(request.terms)))
    if scope.first or scope.last:
        first, last = scope.days
        facts.append((_("Period"), f"{first or '…'} – {last or '…'}"))
    if scope.by:
        facts.append((_("By"), scope.by.title))
    return facts


def list_reports() -> Result:
    """List the reports."""
    from dkcrm.result import Column

    rows = [{"name": name, "summary": summary, "use": f"dkcrm report {name}"} for name, summary in REPORTS.items()]
    return Result(rows, [Column("name", _("Report")), Column("summary", _("What it tells"))], rows)
