"""The pipeline: who stands where before being a customer, for how long, what is stuck, and the next task."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from operator import attrgetter
from typing import Any, NamedTuple

from dkcrm.domain.entity import CUSTOMER_TYPES, TYPES
from dkcrm.domain.task import shown_due
from dkcrm.i18n import _
from dkcrm.reports.figures import median, rounded
from dkcrm.reports.groups import FIELD, in_order, period
from dkcrm.reports.scope import ALIVE, Scope
from dkcrm.reports.stays import all_took
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ("type", "month", "source", "tag", FIELD)
HELP = """List who is on the way to being a customer: for how many days in their type, the last contact, and the next
    task.

    Stuck is who has been there for more than twice as long as those who moved on took (the median), or had no contact
    for 30 days; why says which. A contact with a member of a target is one with the target. Only who is active is
    listed: the stuck ones first, of these the longest there; 50 unless --limit says how many.

    --since and --until bound the day on which they entered their type. With --by type, month (in which they entered
    it), source, tag or a custom field, there is a row for each instead: how many, how many of them stuck, and the
    median of their days.

    \b
    Examples:
      dkcrm report pipeline
      dkcrm report pipeline type:prospect --limit 0 --format csv
      dkcrm report pipeline --by owner
"""

#: How many are listed where nobody says.
_SCREEN = 50
#: Stuck: so many times as long as the median of those who moved on, or so many days without a contact.
SLOW, SILENT = 2, 30

_SINCE = (
    "coalesce((SELECT max(t.at) FROM transition t WHERE t.entity_id = e.id AND t.into_id IS NULL"
    " AND t.voided_at IS NULL), e.created_at)"
)
_LAST = (
    "CASE e.type WHEN 'target' THEN nullif(max(coalesce((SELECT max(at) FROM interaction WHERE entity_id = e.id), ''),"
    " coalesce((SELECT max((SELECT max(i.at) FROM interaction i WHERE i.entity_id = m.member_id)) FROM membership m"
    " WHERE m.organization_id = e.id), '')), '') ELSE (SELECT max(at) FROM interaction WHERE entity_id = e.id) END"
)
_STANDING = f"""
SELECT s.id, s.type, unixepoch(s.since), unixepoch(s.last), s.created, {{group}} AS grp FROM (
  SELECT e.id, e.type, {_SINCE} AS since, {_LAST} AS last, unixepoch(e.created_at) AS created
  FROM entity e NOT INDEXED WHERE {ALIVE} AND e.state = 'active' AND e.type IN ({{types}}) AND {{where}}
) s {{join}} WHERE {{entered}}
"""
_ENTITY = "CROSS JOIN entity e ON e.id = s.id "
_SHOWN = """
SELECT e.id, e.name, k.id, k.text, k.due FROM entity e LEFT JOIN open_task k ON k.id = (
  SELECT o.id FROM open_task o WHERE o.entity_id = e.id ORDER BY o.due IS NULL, o.due, o.id LIMIT 1)
  AND k.entity_id = e.id WHERE e.id IN (SELECT value FROM json_each(?))
"""


class Standing(NamedTuple):
    """Where somebody stands: seconds since 1970 for moments, seconds for spans."""

    number: int
    type: str
    since: int
    last: int | None
    group: Any
    stayed: int
    usual: float | None
    silent: int
    stuck: bool

    @property
    def slow(self) -> bool:
        """Whether they have been there for much longer than those who moved on."""
        return self.usual is not None and self.stayed > SLOW * self.usual

    def why(self) -> str | None:
        """Return in words why somebody is stuck."""
        words = []
        if self.slow:
            usual = rounded(self.usual, 86400)
            words.append(_("others moved on in {usual} days").format(usual=f"{usual:.0f}" if usual else "0"))
        if self.silent >= SILENT * 86400:
            days = self.silent // 86400
            words.append(
                _("no contact for {days} days").format(days=days) if self.last is not None else _("never contacted")
            )
        return ", ".join(words) or None


def report(scope: Scope) -> Result:
    """Return a row for each active entity of a type before customer, or a row for each of a group.

    ``days`` in the type (whole ones), ``since`` when, ``last_contact``, ``stuck``, ``why`` (text, or null), ``task``,
    ``task_text`` and ``due`` of the next open task. Of a group: ``entities``, ``stuck``, ``median_days``.

    Stuck: longer there than twice the median of all who ever moved on from the type, or 30 days without a contact (who
    never had one: since they were added).
    """
    standing = _standing(scope)
    if scope.by is not None:
        return _grouped(scope, standing)
    standing.sort(key=attrgetter("since"))  # by number where these are the same, as they came
    standing = [one for one in standing if one.stuck] + [one for one in standing if not one.stuck]
    limit = _SCREEN if scope.request.limit is None else scope.request.limit
    listed = standing[:limit] if limit else standing
    data = _rows(scope, listed)
    counts = _summary(standing, lambda one: one.type, "type", [type for type in TYPES if type in scope.in_use])
    said = [f"{row['type']} {row['entities']}" for row in counts]
    stuck = sum(one.stuck for one in standing)
    standing_now = ", ".join(said) + "; " + _("{count} stuck").format(count=stuck)
    message = standing_now if standing else None
    more = len(standing) - len(listed)
    if more:
        message = standing_now + "; " + _("{count} more (--limit 0 has all)").format(count=more)
    rows = [{**row, "due": shown_due(row["due"])} for row in data]
    return Result(
        data, _columns(), rows, charts=_charts(counts, "type"), message=message, title=_("Pipeline"),
        facts=[(_("Standing"), standing_now)] if standing else [],
    )  # fmt: skip


def _standing(scope: Scope) -> list[Standing]:
    now = int(datetime.fromisoformat(scope.now).timestamp())
    usual = {type: median(took) for type, took in all_took(scope.connection).items()}
    by, group, join = scope.by, "NULL", ""
    if by is not None:
        group, join = (period(by.name, "s.since"), "") if by.of == "time" else (by.sql, _ENTITY + by.join)
    types = ", ".join(f"'{type}'" for type in scope.in_use if type not in CUSTOMER_TYPES) or "''"
    rows = scope.rows(
        _STANDING, group=group, join=join, types=types, where=scope.where, entered=scope.between("s.since")
    )
    standing = []
    for number, type, since, last, created, key in rows:
        stayed, others = max(0, now - since), usual.get(type)
        silent = max(0, now - (created if last is None else last))
        stuck = silent >= SILENT * 86400 or (others is not None and stayed > SLOW * others)
        standing.append(Standing(number, type, since, last, key, stayed, others, silent, stuck))
    return standing


def _rows(scope: Scope, listed: list[Standing]) -> list[dict[str, Any]]:
    """Return the rows of those who are listed, with their names and next tasks."""
    found = {row[0]: row[1:] for row in scope.connection.execute(_SHOWN, (str([one.number for one in listed]),))}
    rows = []
    for one in listed:
        name, task, text, due = found[one.number]
        rows.append(
            {
                "id": one.number,
                "type": one.type,
                "name": name or "",
                "days": one.stayed // 86400,
                "since": _moment(one.since),
                "last_contact": _moment(one.last),
                "stuck": one.stuck,
                "why": one.why(),
                "task": task,
                "task_text": text,
                "due": due,
            }
        )
    return rows


def _moment(seconds: int | None) -> str | None:
    from datetime import UTC

    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _grouped(scope: Scope, standing: list[Standing]) -> Result:
    assert scope.by is not None
    name = scope.by.name
    order = None if name != "type" else [type for type in TYPES if type in scope.in_use]
    rows = scope.limited(_summary(standing, lambda one: one.group, name, order))
    columns = [
        scope.by.column,
        Column("entities", _("Entities"), "number"),
        Column("stuck", _("Stuck"), "number"),
        Column("median_days", _("Median days"), "number"),
    ]
    return Result(rows, columns, rows, charts=_charts(rows, name), title=scope.title(_("Pipeline")))


def _summary(standing: list[Standing], key: Any, name: str, order: Iterable[Any] | None) -> list[dict[str, Any]]:
    """Return how many stand in each group, how many are stuck, and the median of their days."""
    groups: dict[Any, list[Standing]] = {}
    for one in standing:
        groups.setdefault(key(one), []).append(one)
    return [
        {
            name: group,
            "entities": len(groups[group]),
            "stuck": sum(one.stuck for one in groups[group]),
            "median_days": rounded(median([one.stayed for one in groups[group]]), 86400),
        }
        for group in (order if order is not None else in_order(groups))
        if group in groups
    ]


def _charts(rows: list[dict[str, Any]], name: str) -> list[Chart]:
    series = [Series("entities", _("Entities")), Series("stuck", _("Stuck"))]
    return [Chart(_("Who stands where"), rows, name, series, _("entities"))] if rows else []


def _columns() -> list[Column]:
    return [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type"),
        Column("name", _("Name")),
        Column("days", _("Days"), "number"),
        Column("last_contact", _("Last contact"), "time", wide=True),
        Column("why", _("Stuck")),
        Column("task_text", _("Next task")),
        Column("due", _("Due")),
    ]
