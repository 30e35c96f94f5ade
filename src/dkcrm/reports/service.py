"""Customer service: tickets opened and closed, where they stand, and how long answers took."""

from __future__ import annotations

from typing import Any

from dkcrm.i18n import _
from dkcrm.reports.figures import mean, median, rounded
from dkcrm.reports.groups import FIELD, every, in_order, period, shown
from dkcrm.reports.scope import Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("month", "week", "day", "state", "priority", "source", "tag", FIELD)
HELP = """Count tickets: opened and closed, open, waiting and overdue now, reopened, and the hours to first answer and
    to close.

    A row for each month, unless --by says else: closed are then those that were closed in it, and everything else is of
    the tickets opened in it; otherwise all is of the tickets opened in the period. --since and --until bound the day on
    which a ticket was opened (and was closed). The first answer is our first message on a ticket that began with
    theirs; hours are median and mean. FILTER, source, tag and fields are those of the entity that it is about.

    \b
    Examples:
      dkcrm report service
      dkcrm report service --by priority --since 30d
      dkcrm report service tag:vip --by state --json
"""

_TICKETS = """
SELECT {group} AS grp, {closing} AS closed_in, t.state, t.due, unixepoch(t.opened_at), unixepoch(t.closed_at),
  CASE WHEN (SELECT f.direction FROM interaction f WHERE f.ticket_id = t.id ORDER BY f.id LIMIT 1) = 'in' THEN
    (SELECT unixepoch(min(a.at)) FROM interaction a WHERE a.ticket_id = t.id AND a.direction = 'out') END,
  EXISTS (SELECT 1 FROM ticket_event v WHERE v.ticket_id = t.id AND v.kind = 'reopen'), {opened}, {closed}
FROM ticket t {join} WHERE {counted} AND ({opened} OR {closed})
"""


class Count:
    """What is counted of the tickets of a row."""

    __slots__ = ("answers", "closed", "closes", "opened", "overdue", "reopened", "states")

    def __init__(self) -> None:
        self.opened = self.closed = self.overdue = self.reopened = 0
        self.states = {"open": 0, "waiting": 0}
        self.answers: list[int] = []
        self.closes: list[int] = []

    def row(self) -> dict[str, Any]:
        """Return the figures, in hours where they are times."""
        return {
            "opened": self.opened,
            "closed": self.closed,
            **self.states,
            "overdue": self.overdue,
            "reopened": self.reopened,
            "answer_median": rounded(median(self.answers), 3600),
            "answer_mean": rounded(mean(self.answers), 3600),
            "close_median": rounded(median(self.closes), 3600),
            "close_mean": rounded(mean(self.closes), 3600),
        }


def report(scope: Scope) -> Result:
    """Return a row for each month or other group, of tickets of entities that are counted.

    ``opened``, ``closed``, ``open`` and ``waiting`` (now), ``overdue`` (due before now, and not closed), ``reopened``
    (ever), ``answer_median``, ``answer_mean``, ``close_median``, ``close_mean``: hours.
    """
    by = scope.by
    name = by.name if by else "month"
    timed = by is None or by.of == "time"
    closing, join = "NULL", ""
    if timed:
        group, closing = period(name, "t.opened_at"), period(name, "t.closed_at")
    elif name in ("state", "priority"):
        group = f"t.{name}"
    else:
        assert by is not None
        group, join = by.sql, "CROSS JOIN entity e ON e.id = t.entity_id " + by.join
    found = _counted(scope, group, closing, join, timed)
    keys = every(name, found) if timed else in_order(found)
    if name == "priority":
        keys.sort(key=("h", "m", None, "l").index)
    rows = [{name: shown(name, key) if timed else key, **found.get(key, Count()).row()} for key in keys]
    rows = scope.limited(rows)
    series = [Series("opened", _("Opened")), Series("closed", _("Closed"))]
    charts = [Chart(_("Tickets opened and closed"), rows, name, series, _("tickets"), timed)] if rows else []
    if rows:
        series = [Series("answer_median", _("To first answer")), Series("close_median", _("To close"))]
        charts.append(Chart(_("Median hours"), rows, name, series, _("hours"), timed))
    title = _("Service by {group}").format(group=by.title.lower() if by else _("month"))
    return Result(rows, _columns(scope), rows, charts=charts, title=title)


def _counted(scope: Scope, group: str, closing: str, join: str, timed: bool) -> dict[Any, Count]:
    found: dict[Any, Count] = {}
    for key, closed_in, state, due, opened_at, closed_at, answered_at, reopened, opened, closed in scope.rows(
        _TICKETS, group=group, closing=closing, join=join, counted=scope.counted("t.entity_id"),
        opened=scope.between("t.opened_at"), closed=_closed(scope, timed),
    ):  # fmt: skip
        if timed and closed and closed_in is not None:
            found.setdefault(closed_in, Count()).closed += 1
        if not opened:
            continue
        count = found.setdefault(key, Count())
        count.opened += 1
        if state == "closed":
            count.closed += not timed
        else:
            count.states[state] += 1
            count.overdue += due is not None and due < (scope.today if len(due) == 10 else scope.now)
        count.reopened += reopened
        if answered_at is not None:
            count.answers.append(max(0, answered_at - opened_at))
        if closed_at is not None:
            count.closes.append(max(0, closed_at - opened_at))
    return found


def _closed(scope: Scope, timed: bool) -> tuple[str, Any]:
    """Return the condition that a ticket was closed in the period, where that is counted by itself."""
    if not timed:
        return "0", ()
    sql, values = scope.between("t.closed_at")
    return f"(t.closed_at IS NOT NULL AND {sql})", values


def _columns(scope: Scope) -> list[Column]:
    return [
        scope.by.column if scope.by else Column("month", _("Month")),
        Column("opened", _("Opened"), "number"),
        Column("closed", _("Closed"), "number"),
        Column("open", _("Open"), "number"),
        Column("waiting", _("Waiting"), "number"),
        Column("overdue", _("Overdue"), "number"),
        Column("reopened", _("Reopened"), "number"),
        Column("answer_median", _("Answer h"), "number"),
        Column("answer_mean", _("mean"), "number", wide=True),
        Column("close_median", _("Close h"), "number"),
        Column("close_mean", _("mean"), "number", wide=True),
    ]
