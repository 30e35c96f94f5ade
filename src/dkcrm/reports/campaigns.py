"""Campaigns: whom each reached, who answered, what came of it, and what it cost."""

from __future__ import annotations

from typing import Any

from dkcrm.domain.money import format_amount
from dkcrm.i18n import _
from dkcrm.reports.figures import average, flat, money
from dkcrm.reports.scope import Scope
from dkcrm.result import Chart, Column, Result, Series

GROUPS = ()
HELP = """Tell of each campaign whom it reached, who answered, how many became leads, were qualified and bought, and
    its cost.

    Reached is who was sent something of it; what they did is counted from that moment on, and what they bought from
    that day on, for every campaign that had reached them. --since and --until bound the first time that somebody was
    reached, or answered; with one of them, campaigns that reached nobody then are left out.

    \b
    Examples:
      dkcrm report campaigns
      dkcrm report campaigns source:web --since 2026-Q3 --until 2026-Q3
      dkcrm report campaigns --html campaigns.html
"""

# reached: whom a campaign reached, when first. known: the same entities under every number that they had: what a lead
# did who was folded into a customer since is the customer's.
_REACHED = """
WITH RECURSIVE reached(campaign, entity, at) AS MATERIALIZED (
  SELECT i.campaign_id, i.entity_id, min(i.at) AS first FROM interaction i
  WHERE i.campaign_id IS NOT NULL AND i.direction = 'out' AND {counted} GROUP BY i.campaign_id, i.entity_id
  HAVING {first}
),
known(id, top) AS MATERIALIZED (
  SELECT DISTINCT entity, entity FROM reached
  UNION ALL SELECT e.id, k.top FROM known k CROSS JOIN entity e ON e.merged_into = k.id
)
"""
_STEPS = f"""{_REACHED}
SELECT r.campaign, 'steps', count(DISTINCT CASE WHEN t.to_type = 'lead' THEN k.top END),
  count(DISTINCT CASE WHEN t.cause = 'qualify' THEN k.top END),
  count(DISTINCT CASE WHEN t.cause = 'purchase' THEN k.top END)
FROM known k CROSS JOIN transition t ON t.entity_id = k.id CROSS JOIN reached r ON r.entity = k.top
WHERE t.voided_at IS NULL AND t.at >= r.at GROUP BY r.campaign
UNION ALL SELECT campaign, 'reached', count(*), NULL, NULL FROM reached GROUP BY campaign
"""
# Alone or together with another, a purchase is one.
_REVENUE = f"""{_REACHED}
SELECT campaign, currency, sum(amount_minor) FROM (
  SELECT DISTINCT r.campaign, b.id, b.currency, b.amount_minor
  FROM (SELECT entity_id AS buyer, * FROM purchase
    UNION ALL SELECT also_id, * FROM purchase WHERE also_id IS NOT NULL) b
  CROSS JOIN reached r ON r.entity = b.buyer
  WHERE b.voided_at IS NULL AND b.amount_minor IS NOT NULL AND b.bought_on >= date(r.at, 'localtime')
) GROUP BY campaign, currency
"""
_ANSWERED = """
SELECT campaign, count(*) FROM (
  SELECT i.campaign_id AS campaign, min(i.at) AS first FROM interaction i
  WHERE i.campaign_id IS NOT NULL AND i.direction = 'in' AND {counted} GROUP BY i.campaign_id, i.entity_id
  HAVING {first}
) GROUP BY campaign
"""
_MEMBERS = "SELECT m.campaign_id, count(*) FROM campaign_member m WHERE {counted} GROUP BY m.campaign_id"
_CAMPAIGNS = (
    "SELECT id, name, channel, cost_minor, currency FROM campaign WHERE removed_at IS NULL ORDER BY created_at, id"
)


def report(scope: Scope) -> Result:
    """Return a row for each campaign that is not removed, the oldest first.

    - ``members``: who is in it now. ``reached``: who has an outbound interaction of it. ``answered``: who has an
      inbound one of it, reached or not.
    - ``leads``, ``qualified``, ``customers``: reached entities with a step (not voided) to lead, by qualify, by
      purchase, when they were first reached or later.
    - ``revenue``: purchases that stand, of reached buyers, on the day of the user's zone when they were reached or
      later.
    - ``cost``, ``currency``, ``cost_per_lead`` (null without leads, or without a cost).
    """
    counted, first = scope.counted("i.entity_id"), scope.between("first")
    members = dict(scope.rows(_MEMBERS, counted=scope.counted("m.entity_id")).fetchall())
    answered = dict(scope.rows(_ANSWERED, counted=counted, first=first).fetchall())
    reached: dict[int, int] = {}
    steps: dict[int, tuple[int, int, int]] = {}
    for campaign, what, *counts in scope.rows(_STEPS, counted=counted, first=first):
        if what == "reached":
            reached[campaign] = counts[0]
        else:
            steps[campaign] = (counts[0], counts[1], counts[2])
    revenue: dict[int, dict[str, int]] = {}
    for campaign, currency, amount in scope.rows(_REVENUE, counted=counted, first=first):
        revenue.setdefault(campaign, {})[currency] = amount
    rows = []
    for number, name, channel, cost, currency in scope.rows(_CAMPAIGNS):
        if (scope.first or scope.last) and not (reached.get(number) or answered.get(number)):
            continue
        leads, qualified, customers = steps.get(number, (0, 0, 0))
        rows.append(
            {
                "id": number,
                "campaign": name,
                "channel": channel,
                "members": members.get(number, 0),
                "reached": reached.get(number, 0),
                "answered": answered.get(number, 0),
                "leads": leads,
                "qualified": qualified,
                "customers": customers,
                "revenue": money(revenue.get(number, {})),
                "cost": format_amount(cost, currency) if cost is not None else None,
                "currency": currency if cost is not None else None,
                "cost_per_lead": average(cost, leads, currency) if cost is not None and leads else None,
            }
        )
    rows = scope.limited(rows)
    return Result(
        rows, _columns(scope), [flat(row, "revenue") for row in rows], charts=_charts(rows), title=_("Campaigns")
    )


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
    return [column for column in columns if column.key not in off or off[column.key] & set(scope.in_use)]


def _charts(rows: list[dict[str, Any]]) -> list[Chart]:
    series = [Series("reached", _("Reached")), Series("answered", _("Answered")), Series("customers", _("Customers"))]
    return [Chart(_("Whom campaigns reached"), rows, "campaign", series, _("entities"))] if rows else []
