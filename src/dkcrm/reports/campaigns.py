"""Campaigns: whom each reached, who answered, what came of it, and what it cost."""

from __future__ import annotations

from typing import Any

from dkcrm.domain.campaign import Figures
from dkcrm.domain.money import format_amount
from dkcrm.i18n import _
from dkcrm.reports.figures import average, flat
from dkcrm.reports.groups import FIELD, in_order, period, shown
from dkcrm.reports.scope import Scope
from dkcrm.result import Chart, Column, Result, Series
from dkcrm.store.reach import Asked, figures

GROUPS = ("month", "source", "tag", FIELD)
HELP = """Tell of each campaign whom it reached, who answered, how many became leads, were qualified and bought, and
    its cost.

    Reached is who was sent something of it; what they did is counted from that moment on, and what they bought from
    that day on, for every campaign that had reached them. --since and --until bound the first time that somebody was
    reached, or answered; with one of them, campaigns that reached nobody then are left out. --by gives a row for each
    campaign in each month (in which they were first reached, answered, or put into it), source, tag or value of a
    custom field, without the cost; by tag, who has two is counted in both.

    \b
    Examples:
      dkcrm report campaigns
      dkcrm report campaigns source:web --since 2026-Q3 --until 2026-Q3
      dkcrm report campaigns --by source
      dkcrm report campaigns --html campaigns.html
"""

_COST = ("cost", "currency", "cost_per_lead")
_CAMPAIGNS = (
    "SELECT id, name, channel, cost_minor, currency FROM campaign WHERE removed_at IS NULL ORDER BY created_at, id"
)


def report(scope: Scope) -> Result:
    """Return a row for each campaign that is not removed, the oldest first.

    ``members`` to ``revenue`` are those of ``dkcrm.store.reach.figures``; ``cost``, ``currency``, ``cost_per_lead``
    (null without leads, or without a cost) stand in rows of no group.
    """
    by = scope.by
    asked = Asked(counted=scope.counted, period=scope.between)
    if by is not None:
        timed = by.of == "time"
        group = period(by.name, "{at}") if timed else by.sql
        asked = asked._replace(group=group, join=by.join, timed=timed)
    found = figures(scope.connection, asked)
    rows = []
    for number, name, channel, cost, currency in scope.rows(_CAMPAIGNS):
        values: list[Any] = in_order(value for campaign, value in found if campaign == number) if by else [None]
        for value in values:
            counts = found.get((number, value), Figures())
            if (scope.first or scope.last) and not (counts.reached or counts.answered):
                continue
            row = {"id": number, "campaign": name, "channel": channel, **counts.as_json()}
            if by is not None:
                # What it cost cannot be told apart.
                shown_value = shown(by.name, value) if by.of == "time" else value
                rows.append({"id": number, "campaign": name, by.name: shown_value, **row})
                continue
            leads = counts.leads
            row |= {
                "cost": format_amount(cost, currency) if cost is not None else None,
                "currency": currency if cost is not None else None,
                "cost_per_lead": average(cost, leads, currency) if cost is not None and leads else None,
            }
            rows.append(row)
    rows = scope.limited(rows)
    return Result(
        rows, _columns(scope), [flat(row, "revenue") for row in rows], charts=[] if by else _charts(rows),
        title=scope.title(_("Campaigns")),
    )  # fmt: skip


def _columns(scope: Scope) -> list[Column]:
    off = {"leads": {"lead"}, "qualified": {"prospect", "target"}}
    columns = [
        Column("id", "#", "number"),
        Column("campaign", _("Campaign")),
        Column("channel", _("Channel"), wide=True),
        Column("members", _("Members"), "number"),
        Column("reached", _("Reached"), "number"),
        Column("answered", _("Answered"), "number"),
        Column("leads", _("Leads"), "number"),
        Column("qualified", _("Qualified"), "number"),
        Column("customers", _("Customers"), "number"),
        Column("revenue", _("Revenue")),
        Column("cost", _("Cost"), "number"),
        Column("currency", _("Currency")),
        Column("cost_per_lead", _("Per lead"), "number", wide=True),
    ]
    there = [column for column in columns if column.key not in off or off[column.key] & set(scope.in_use)]
    if scope.by is None:
        return there
    return [*there[:2], scope.by.column, *(column for column in there[2:] if column.key not in _COST)]


def _charts(rows: list[dict[str, Any]]) -> list[Chart]:
    series = [Series("reached", _("Reached")), Series("answered", _("Answered")), Series("customers", _("Customers"))]
    return [Chart(_("Whom campaigns reached"), rows, "campaign", series, _("entities"))] if rows else []
