"""What became of campaigns: whom each reached, who answered, what they did then, and what they bought.

``campaign list`` shows them of everybody; the report asks for some of the entities, for a period, and by a group. This
only reads.
"""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from dkcrm.domain.campaign import Campaign, Figures

#: A piece of SQL and its values.
Piece = tuple[str, Sequence[Any]]
#: The figures of a campaign, and of one value of the group: (campaign, value) -> figures. The value is None without.
Found = dict[tuple[int, Any], Figures]

# first: when an entity was reached first. known: the same entities under every number that they had, for a step that
# somebody took as a lead who was folded into a customer since is the customer's.
_REACHED = """
WITH RECURSIVE reached(campaign, entity, at) AS MATERIALIZED (
  SELECT i.campaign_id, i.entity_id, min(i.at) AS first FROM interaction i
  WHERE {campaigns_i} AND i.direction = 'out' AND {counted_i} GROUP BY i.campaign_id, i.entity_id HAVING {period}
),
known(id, top) AS MATERIALIZED (
  SELECT DISTINCT entity, entity FROM reached
  UNION SELECT e.id, k.top FROM known k CROSS JOIN entity e ON e.merged_into = k.id
)
"""
#: The steps that are counted, as conditions over ``t`` (a transition).
_STEPS = {"leads": "t.to_type = 'lead'", "qualified": "t.cause = 'qualify'", "customers": "t.cause = 'purchase'"}
_MEMBERS = """
SELECT m.campaign_id, {group_m} AS grp, count(*) FROM campaign_member m {join_m} WHERE {campaigns_m} AND {counted_m}
GROUP BY m.campaign_id, grp
"""
_STEPPED = f"""{_REACHED}
SELECT r.campaign, {{group_r}} AS grp, {
    ", ".join(f"count(DISTINCT CASE WHEN {test} THEN k.top END)" for test in _STEPS.values())
}
FROM known k CROSS JOIN transition t ON t.entity_id = k.id CROSS JOIN reached r ON r.entity = k.top {{join_r}}
WHERE t.voided_at IS NULL AND t.at >= r.at GROUP BY r.campaign, grp
UNION ALL SELECT r.campaign, {{group_r}} AS grp, count(*), NULL, NULL FROM reached r {{join_r}} GROUP BY r.campaign, grp
"""
# Alone or together with another, a purchase is one.
_REVENUE = f"""{_REACHED}
SELECT campaign, grp, currency, sum(amount_minor) FROM (
  SELECT DISTINCT r.campaign, {{group_r}} AS grp, b.id, b.currency, b.amount_minor
  FROM (SELECT entity_id AS buyer, * FROM purchase
    UNION ALL SELECT also_id, * FROM purchase WHERE also_id IS NOT NULL) b
  CROSS JOIN reached r ON r.entity = b.buyer {{join_r}}
  WHERE b.voided_at IS NULL AND b.amount_minor IS NOT NULL AND b.bought_on >= date(r.at, 'localtime')
) GROUP BY campaign, grp, currency ORDER BY campaign, currency
"""
_ANSWERED = """
SELECT r.campaign, {group_r} AS grp, count(*) FROM (
  SELECT i.campaign_id AS campaign, i.entity_id AS entity, min(i.at) AS at FROM interaction i
  WHERE {campaigns_i} AND i.direction = 'in' AND {counted_i} GROUP BY i.campaign_id, i.entity_id HAVING {period_in}
) r {join_r} GROUP BY r.campaign, grp
"""


class Asked(NamedTuple):
    """For whom figures are wanted, when, and by what.

    ``counted`` gives the condition that a column is the number of an entity that counts, ``period`` the one that a
    moment (when somebody was first reached, or first answered) does. ``group`` is the SQL of a value, over ``e`` (the
    entity) with what ``join`` joins to it, or over ``{at}``, the moment; ``timed`` says which.
    """

    campaigns: Sequence[int] | None = None
    counted: Callable[[str], Piece] = lambda _column: ("1", ())
    period: Callable[[str], Piece] = lambda _moment: ("1", ())
    group: str = "NULL"
    join: str = ""
    timed: bool = False

    def pieces(self) -> dict[str, Piece]:
        """Return what the queries are filled with."""
        found: dict[str, Piece] = {
            "counted_i": self.counted("i.entity_id"),
            "counted_m": self.counted("m.entity_id"),
            "period": self.period("first"),
            "period_in": self.period("min(i.at)"),
        }
        for table in "im":
            among: Piece = "IS NOT NULL", ()
            if self.campaigns is not None:
                among = "IN (SELECT value FROM json_each(?))", (json.dumps(list(self.campaigns)),)
            found[f"campaigns_{table}"] = f"{table}.campaign_id {among[0]}", among[1]
        for table, entity, moment in (("r", "entity", "r.at"), ("m", "entity_id", "m.added_at")):
            of_entity = self.group != "NULL" and not self.timed
            joined = f"CROSS JOIN entity e ON e.id = {table}.{entity} {self.join}" if of_entity else ""
            found[f"join_{table}"] = joined, ()
            found[f"group_{table}"] = self.group.format(at=moment) if self.timed else self.group, ()
        return found


def figures(connection: sqlite3.Connection, asked: Asked | None = None) -> Found:
    """Return what became of campaigns (all of them), by campaign and value of the group. Nothing of nobody.

    - members: entities that are in it now.
    - reached: entities with an outbound interaction that names the campaign; the first of them is when they were
      reached. Who left it since was reached all the same.
    - answered: entities with an inbound interaction that names the campaign, reached or not.
    - leads: reached entities that became a lead (a transition to lead) when they were reached or later.
    - qualified: reached entities with a transition by qualify, when they were reached or later.
    - customers: reached entities with a transition by purchase, when they were reached or later.
    - revenue: what reached entities bought (alone or with another, once) on the day of the user's zone on which they
      were reached or later: a sum a currency, in minor units, by code; currencies are never added.

    Who was removed since was reached all the same, unless ``counted`` leaves them out. Steps and purchases that were
    voided do not count. Those of a lead that was folded into another entity, or merged, are that entity's. A purchase
    counts for every campaign that had reached the buyer.
    """
    pieces = (asked or Asked()).pieces()
    found: dict[tuple[int, Any], dict[str, Any]] = {}
    revenue: dict[tuple[int, Any], list[tuple[str, int]]] = {}

    def ask(sql: str) -> sqlite3.Cursor:
        values: list[Any] = []

        def put(match: re.Match[str]) -> str:
            text, of_it = pieces[match[1]]
            values.extend(of_it)
            return text

        return connection.execute(re.sub(r"\{(\w+)\}", put, sql), values)

    for campaign, value, count in ask(_MEMBERS):
        found.setdefault((campaign, value), {})["members"] = count
    for campaign, value, *counts in ask(_STEPPED):
        said = found.setdefault((campaign, value), {})
        said.update({"reached": counts[0]} if counts[1] is None else dict(zip(_STEPS, counts, strict=True)))
    for campaign, value, count in ask(_ANSWERED):
        found.setdefault((campaign, value), {})["answered"] = count
    for campaign, value, currency, amount in ask(_REVENUE):
        revenue.setdefault((campaign, value), []).append((currency, amount))
    return {key: Figures(**said, revenue=tuple(revenue.get(key, ()))) for key, said in found.items()}


def figures_of(connection: sqlite3.Connection, numbers: Sequence[int]) -> dict[int, Figures]:
    """Return what became of some campaigns: number -> figures."""
    found = figures(connection, Asked(numbers))
    return {number: found.get((number, None), Figures()) for number in numbers}


def outcomes(connection: sqlite3.Connection, campaign: Campaign) -> list[dict[str, Any]]:
    """Return the members of a campaign, and whoever else it reached or who answered it: what became of each.

    The moments are the first of each kind; ``consent`` is the state that holds of the campaign's purpose.
    """
    steps = ", ".join(
        f"(SELECT min(t.at) FROM known k CROSS JOIN transition t ON t.entity_id = k.id WHERE k.top = w.id"
        f" AND t.voided_at IS NULL AND t.at >= r.at AND {test})"
        for test in _STEPS.values()
    )
    reached = _REACHED.format(campaigns_i="i.campaign_id = :number", counted_i="1", period="1")
    rows = connection.execute(
        f"{reached}, who(id) AS (SELECT entity_id FROM campaign_member WHERE campaign_id = :number"
        " UNION SELECT entity_id FROM interaction WHERE campaign_id = :number)"
        " SELECT e.id, e.type, CASE WHEN e.removed_at IS NULL THEN e.state ELSE 'removed' END, coalesce(e.name, ''),"
        " (SELECT s.state FROM consent s WHERE s.entity_id = e.id AND s.purpose = :purpose"
        "  ORDER BY s.at DESC, s.state DESC LIMIT 1),"
        " (SELECT added_at FROM campaign_member m WHERE m.campaign_id = :number AND m.entity_id = e.id),"
        " r.at, (SELECT min(at) FROM interaction i WHERE i.campaign_id = :number AND i.entity_id = e.id"
        f"  AND i.direction = 'in'), {steps} FROM who w JOIN entity e ON e.id = w.id"
        " LEFT JOIN reached r ON r.entity = e.id ORDER BY e.id",
        {"number": campaign.id, "purpose": campaign.purpose},
    )
    names = ("id", "type", "state", "name", "consent", "added_at", "reached_at", "answered_at", "lead_at",
             "qualified_at", "customer_at")  # fmt: skip
    return [dict(zip(names, row, strict=True)) for row in rows]
