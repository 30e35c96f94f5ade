"""What stands in the way of a reversal: later operations that build on what would go (SPEC.md section 8).

An operation stands if it was done and is not undone. One stands in the way if it came later and set a value that would
go back, worked on an entity that would go, moved an entity on from a step that would be taken back, or used what would
no longer be true (the contact by which a lead was promoted, the answers by which it was qualified).
"""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from dkcrm.store.history import Operation
from dkcrm.store.images import RANGED
from dkcrm.store.segments import fields_in, names_in

_MOST = 50

#: A definition, and the column by which values of it refer to it.
_DEFINITIONS = (
    ("field", "field_value", "field_id"),
    ("criterion", "assessment", "criterion_id"),
    ("purchase", "transition", "purchase_id"),
    ("task", "task_entity", "task_id"),
    ("task", "reminder", "task_id"),
    ("campaign", "campaign_member", "campaign_id"),
    ("campaign", "interaction", "campaign_id"),
)
#: What a step of the life cycle rests on: the evidence's table, and the transition that it allowed.
_EVIDENCE = (("interaction", "promote"), ("assessment", "qualify"))


def blockers(connection: sqlite3.Connection, target: Operation) -> list[int]:
    """Return the operations that build on what would go back, oldest first."""
    # To reverse an undo is to do its operation again: later undos stand in the way of that too.
    kinds = "('do')" if target.kind == "do" else "('do', 'undo')"
    stands = f"o.id > :target AND o.kind IN {kinds} AND o.undone_by IS NULL"
    values = {"target": target.id}

    def ask(joined: str, **more: Any) -> set[int]:
        sql = (
            "SELECT DISTINCT o.id FROM change mine JOIN change later"
            f" {joined} AND mine.operation_id = :target AND later.operation_id > :target AND {stands} LIMIT {_MOST}"
        )
        return {row[0] for row in connection.execute(sql, {**values, **more})}

    if not connection.execute(f"SELECT 1 FROM operation o WHERE {stands} LIMIT 1", values).fetchone():
        return []
    at = "JOIN operation o ON o.id = later.operation_id WHERE"
    found: set[int] = set()
    # Work on an entity that would go: its own rows, its links, what became of it.
    for owner in ("entity_id", "other_id"):
        found |= ask(
            f"ON later.{owner} BETWEEN mine.row_id AND coalesce(mine.last_id, mine.row_id) {at}"
            " mine.tbl = 'entity' AND mine.before IS NULL"
        )
    # Rows that would come back to an entity that has gone since.
    found |= ask(
        f"ON later.tbl = 'entity' AND later.row_id IN (mine.entity_id, mine.other_id) {at} later.after IS NULL"
        " AND later.last_id IS NULL AND mine.tbl <> 'entity'"
    )
    found |= _same_rows(connection, values, stands)
    for table in RANGED:
        # Rows in bulk of an entity that would go, and rows of a range that something has changed since.
        found |= ask(
            f"ON later.tbl = '{table}' AND later.last_id IS NOT NULL AND EXISTS (SELECT 1 FROM {table} r WHERE"
            " r.id BETWEEN later.row_id AND later.last_id"
            f" AND r.entity_id BETWEEN mine.row_id AND coalesce(mine.last_id, mine.row_id)) {at}"
            " mine.tbl = 'entity' AND mine.before IS NULL"
        )
        found |= ask(
            f"ON later.tbl = mine.tbl AND later.row_id BETWEEN mine.row_id AND mine.last_id AND later.last_id IS NULL"
            f" {at} mine.tbl = '{table}' AND mine.last_id IS NOT NULL"
        )
    # An answer to what a campaign sent.
    found |= ask(
        "ON later.tbl = 'interaction' AND json_extract(later.after, '$.direction') = 'in' AND EXISTS (SELECT 1 FROM"
        " interaction r WHERE r.campaign_id = json_extract(later.after, '$.campaign_id')"
        f" AND r.entity_id = later.entity_id AND r.id BETWEEN mine.row_id AND mine.last_id) {at}"
        " mine.tbl = 'interaction' AND mine.last_id IS NOT NULL"
    )
    for table, child, column in _DEFINITIONS:
        found |= ask(
            f"ON later.tbl = :child AND mine.row_id IN (json_extract(later.after, '$.{column}'),"
            f" json_extract(later.before, '$.{column}')) {at}"
            " mine.tbl = :table AND mine.before IS NULL",
            child=child,
            table=table,
        )
        found |= ask(
            f"ON later.tbl = :child AND later.last_id IS NOT NULL AND EXISTS (SELECT 1 FROM {child} c WHERE"
            f" c.{column} = mine.row_id AND c.id BETWEEN later.row_id AND later.last_id) {at}"
            " mine.tbl = :table AND mine.before IS NULL",
            child=child,
            table=table,
        )
    # What was said of a ticket rests on the state that it had then.
    found |= ask(
        "ON later.tbl IN ('interaction', 'ticket_event')"
        f" AND json_extract(later.after, '$.ticket_id') = mine.row_id {at}"
        " mine.tbl = 'ticket' AND json_type(mine.after, '$.state') IS NOT NULL"
    )
    # A step of the life cycle, or another type by a merge, and what came after it: further steps, purchases, links,
    # states; a suspect has not contacted us.
    step = (
        "(mine.tbl = 'transition'"
        " OR (mine.tbl = 'entity' AND mine.before IS NOT NULL AND json_type(mine.after, '$.type') IS NOT NULL))"
    )
    found |= ask(
        f"ON later.entity_id = mine.entity_id {at} mine.tbl = 'entity' AND mine.after IS NOT NULL"
        " AND json_extract(mine.before, '$.type') = 'suspect'"
        " AND later.tbl = 'interaction' AND json_extract(later.after, '$.direction') = 'in'"
    )
    found |= ask(
        f"ON later.entity_id = mine.entity_id {at} {step}"
        " AND (later.tbl IN ('transition', 'purchase', 'membership', 'assessment')"
        " OR (later.tbl = 'entity' AND (json_type(later.after, '$.state') IS NOT NULL"
        " OR json_type(later.after, '$.merged_into') IS NOT NULL)))"
    )
    found |= ask(f"ON later.other_id = mine.entity_id {at} {step} AND later.tbl IN ('membership', 'purchase')")
    for evidence, cause in _EVIDENCE:
        found |= ask(
            f"ON later.entity_id = mine.entity_id {at} mine.tbl = :evidence AND mine.before IS NULL"
            " AND coalesce(json_extract(mine.after, '$.direction'), 'in') = 'in'"
            " AND later.tbl = 'transition' AND json_extract(later.after, '$.cause') = :cause",
            evidence=evidence,
            cause=cause,
        )
    return sorted(found)[:_MOST]


def _same_rows(connection: sqlite3.Connection, values: dict[str, Any], stands: str) -> set[int]:
    """Return the later operations that changed the same row: one of the same columns, or the whole of it."""
    rows = connection.execute(
        "SELECT o.id, mine.before, mine.after, later.before, later.after FROM change mine"
        " JOIN change later ON later.tbl = mine.tbl AND later.row_id = mine.row_id AND later.last_id IS NULL"
        " AND (later.entity_id IS mine.entity_id OR mine.entity_id IS NULL"
        " OR later.before IS NULL OR later.after IS NULL)"
        " JOIN operation o ON o.id = later.operation_id"
        f" WHERE mine.operation_id = :target AND mine.last_id IS NULL AND later.operation_id > :target AND {stands}",
        values,
    )
    return {number for number, *images in rows if _overlap(*images)}


def _overlap(before: str | None, after: str | None, later_before: str | None, later_after: str | None) -> bool:
    if before is None or after is None or later_before is None or later_after is None:
        return True
    mine, later = set(json.loads(after)), set(json.loads(later_after))
    return bool((mine & later) - {"updated_at"})


def later_work(connection: sqlite3.Connection, target: Operation) -> list[int]:
    """Return the later operations that stand and touch what the target touched: the same entity or definitions.

    It is asked where a reversal has failed on a unique value, which no rule above foresaw.
    """
    ranged = " OR ".join(
        f"(later.tbl = '{table}' AND EXISTS (SELECT 1 FROM {table} r WHERE r.entity_id = mine.entity_id"
        " AND r.id BETWEEN later.row_id AND later.last_id))"
        for table in RANGED
    )
    rows = connection.execute(
        "SELECT DISTINCT o.id FROM change mine JOIN change later ON later.operation_id > mine.operation_id"
        " AND (later.entity_id = mine.entity_id OR (mine.entity_id IS NULL AND later.tbl = mine.tbl)"
        f" OR {ranged})"
        " JOIN operation o ON o.id = later.operation_id"
        f" WHERE mine.operation_id = ?1 AND o.undone_by IS NULL AND o.kind <> 'redo' ORDER BY o.id LIMIT {_MOST}",
        (target.id,),
    )
    return [row[0] for row in rows]


def segment_work(connection: sqlite3.Connection, target: Operation, names: set[str]) -> list[int]:
    """Return the later operations by which filters and rules name segments or fields (``field.x``) that would go, or
    segments that would go round in a ring.
    """

    def named(text: str) -> set[str]:
        return {*names_in(text), *(f"field.{name}" for name in fields_in(text))}

    rows = connection.execute(
        "SELECT o.id, coalesce(json_extract(c.after, '$.filter'), json_extract(c.after, '$.rule')),"
        " CASE WHEN c.after IS NULL THEN iif(c.tbl = 'field', 'field.', '') || json_extract(c.before, '$.name') END"
        " FROM change c JOIN operation o ON o.id = c.operation_id WHERE o.id > ? AND o.kind <> 'redo'"
        " AND o.undone_by IS NULL AND c.tbl IN ('segment', 'criterion', 'field') ORDER BY o.id",
        (target.id,),
    )
    found = (number for number, text, gone in rows if gone in names or (text and names & named(text)))
    return list(dict.fromkeys(found))[:_MOST]


def type_work(connection: sqlite3.Connection, target: Operation, off: list[str]) -> list[int]:
    """Return the later operations by which a type is off, or by which there are entities of it."""
    marks = ", ".join("?" * len(off))
    rows = connection.execute(
        "SELECT DISTINCT o.id FROM change c JOIN operation o ON o.id = c.operation_id WHERE o.id > ? AND o.kind = 'do'"
        f" AND o.undone_by IS NULL AND (c.tbl = 'setting' OR json_extract(c.after, '$.type') IN ({marks})"
        " OR (c.tbl = 'entity' AND c.last_id IS NOT NULL"
        f" AND EXISTS (SELECT 1 FROM entity e WHERE e.id BETWEEN c.row_id AND c.last_id AND e.type IN ({marks}))))"
        f" ORDER BY o.id LIMIT {_MOST}",
        (target.id, *off, *off),
    )
    return [row[0] for row in rows]
