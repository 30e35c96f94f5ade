"""When something last happened around entities, for the rules of retention."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from dkcrm.domain.retention import Rule, parse_rule
from dkcrm.errors import InvalidInput

#: The setting that keeps the rules, as a JSON array of texts.
SETTING = "retention"
#: A change sets updated_at; what happened may be later than that was written, or be another's row (a purchase).
_LAST = (
    "max(e.updated_at, e.created_at,"
    " coalesce((SELECT max(at) FROM interaction WHERE entity_id = e.id), ''),"
    " coalesce((SELECT max(bought_on) FROM purchase WHERE entity_id = e.id), ''),"
    " coalesce((SELECT max(bought_on) FROM purchase WHERE also_id = e.id), ''),"
    " coalesce((SELECT max(max(t.opened_at, coalesce(t.closed_at, ''), coalesce((SELECT max(v.at) FROM ticket_event v"
    " WHERE v.ticket_id = t.id), ''))) FROM ticket t WHERE t.entity_id = e.id), ''))"
)


def rules(connection: sqlite3.Connection) -> list[Rule]:
    """Return the rules, in the order in which they were added; what is none any more is passed over."""
    row = connection.execute("SELECT value FROM setting WHERE name = ?", (SETTING,)).fetchone()
    found = []
    for text in json.loads(row[0]) if row else ():
        try:
            found.append(parse_rule(text))
        except InvalidInput:
            continue
    return found


def over(connection: sqlite3.Connection, rule: Rule, now: str) -> list[dict[str, Any]]:
    """Return who is over by a rule, longest first: ``id``, ``type``, ``name``, ``last``; the removed ones too."""
    cutoff = rule.cutoff(now)
    rows = connection.execute(
        # updated_at has an index: whoever changed since is not looked at.
        f"SELECT id, type, name, last FROM (SELECT e.id, e.type, e.name, {_LAST} AS last FROM entity e"
        " WHERE e.updated_at < ?1 AND e.merged_into IS NULL AND (?2 = 'all' OR e.type = ?2)) WHERE last < ?1"
        " ORDER BY last, id",
        (cutoff, rule.type),
    )
    return [dict(zip(("id", "type", "name", "last"), row, strict=True)) for row in rows]
