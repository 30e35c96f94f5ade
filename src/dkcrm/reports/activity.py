"""Activity: contacts in and out, people and tasks done, over time or by channel, source, tag or custom field."""

from __future__ import annotations

from datetime import date
from typing import Any

from dkcrm.i18n import _
from dkcrm.reports.groups import FIELD, TIMES, every, in_order, period, shown
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("day", "week", "month", "channel", "source", "tag", FIELD)
HELP = """Count contacts in and out, the people touched, and tasks done; by month, or by week or day where the period
    is short.

    --since and --until bound the moment of a contact, and that when a task was done. Up to 31 days are told day by day,
    up to 26 weeks week by week, else by month, unless --by says which. People are counted once in a row. Without a
    filter all tasks count, else those of whom it lets through. By tag, who has two is counted in both rows.

    \b
    Examples:
      dkcrm report activity
      dkcrm report activity --since 30d
      dkcrm report activity --by channel --since this-year
      dkcrm report activity tag:vip --by month --format csv
"""

_CONTACTS = """
SELECT {group} AS grp, sum(i.direction = 'in'), sum(i.direction = 'out'), count(DISTINCT i.entity_id)
FROM interaction i WHERE {counted} AND {moment} GROUP BY grp
"""
# Each entity's contacts are added up before anything is asked of it.
_OF_EACH = """
WITH each(entity_id, came, went) AS MATERIALIZED (
  SELECT i.entity_id, sum(i.direction = 'in'), sum(i.direction = 'out') FROM interaction i {whole}
  WHERE {counted} AND {moment} GROUP BY i.entity_id
)
SELECT {group} AS grp, sum(x.came), sum(x.went), count(*) FROM each x CROSS JOIN entity e ON e.id = x.entity_id {join}
GROUP BY grp
"""
_DONE = """
SELECT {group} AS grp, count(DISTINCT k.id) FROM task k {join}
WHERE k.state = 'done' AND k.done_at IS NOT NULL AND {counted} AND {moment} GROUP BY grp
"""
_TASK_OF = "CROSS JOIN task_entity l ON l.task_id = k.id CROSS JOIN entity e ON e.id = l.entity_id "


def report(scope: Scope) -> Result:
    """Return a row for each period or other group: ``in``, ``out``, ``contacts`` (both), ``people``, ``tasks_done``.

    ``people`` are the entities that had a contact. By channel there are no tasks.
    """
    by = scope.by
    unit = (by.name if by.of == "time" else None) if by else _unit(scope)
    name = by.name if by else unit or ""
    join = ""
    if unit:
        contact, task = period(unit, "i.at"), period(unit, "k.done_at")
    elif name == "channel":
        contact, task = "i.channel", ""
    else:
        assert by is not None
        contact = task = by.sql
        join = by.join
    found: dict[Any, list[int]] = {}
    for key, *counts in scope.rows(
        _CONTACTS if unit or not task else _OF_EACH, group=contact, join=join, counted=scope.counted("i.entity_id"),
        moment=scope.between("i.at"), whole="" if scope.filtered else "NOT INDEXED",
    ):  # fmt: skip
        found[key] = [*counts, 0]
    if task:
        for key, count in _tasks(scope, task, join, timed=bool(unit)):
            found.setdefault(key, [0, 0, 0, 0])[3] = count
    keys = every(unit, found) if unit else sorted(in_order(found), key=lambda key: -sum(found[key][:2]))
    rows = []
    for key in keys:
        into, out, people, done = found.get(key, [0, 0, 0, 0])
        row = {
            name: shown(unit, key) if unit else key,
            "in": into,
            "out": out,
            "contacts": into + out,
            "people": people,
        }
        rows.append(row | ({"tasks_done": done} if task else {}))
    rows = scope.limited(rows)
    columns = [
        by.column if by else Column(name, TIMES[name]),
        Column("in", _("In"), "number"),
        Column("out", _("Out"), "number"),
        Column("contacts", _("Contacts"), "number"),
        Column("people", _("People"), "number"),
        *([Column("tasks_done", _("Tasks done"), "number")] if task else []),
    ]
    series = [Series("in", _("In")), Series("out", _("Out"))]
    charts = [Chart(_("Contacts in and out"), rows, name, series, _("contacts"), bool(unit))] if rows else []
    return Result(rows, columns, rows, charts=charts, title=_("Activity by {group}").format(group=name))


def _unit(scope: Scope) -> str:
    """Return the unit in which a period is best told; one that is open has months."""
    first, last = scope.days
    if first is None:
        return "month"
    days = (date.fromisoformat(last or max(first, scope.today)) - date.fromisoformat(first)).days + 1
    return "day" if days <= 31 else "week" if days <= 182 else "month"


def _tasks(scope: Scope, group: str, join: str, *, timed: bool) -> list[tuple[Any, int]]:
    """Count tasks that were done: all of them over time, those about somebody where it matters about whom."""
    moment = scope.between("k.done_at")
    if timed and not scope.filtered:
        return scope.rows(_DONE, group=group, join="", counted="1", moment=moment).fetchall()
    counted = scope.where[0] + f" AND {ALIVE}", scope.where[1]
    return scope.rows(_DONE, group=group, join=_TASK_OF + join, counted=counted, moment=moment).fetchall()
