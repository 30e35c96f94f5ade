"""How a lead stands against criteria: the last answer by hand, else what its rule says."""

from __future__ import annotations

import sqlite3

from dkcrm.domain.entity import Entity
from dkcrm.domain.qualification import Answer, Criterion


def answers_of(connection: sqlite3.Connection, entity: Entity, criteria: list[Criterion]) -> list[Answer]:
    """Return one answer a criterion. A hand's ``unknown`` takes an earlier answer back, and the rule speaks again."""
    given = {
        row[0]: row[1:]
        for row in connection.execute(
            "SELECT criterion_id, answer, note, at FROM assessment WHERE entity_id=? ORDER BY id", (entity.id,)
        )
    }
    answers = []
    for criterion in criteria:
        answer, note, at = given.get(criterion.id, ("unknown", None, None))
        if answer != "unknown" or not criterion.rule:
            by = "hand" if criterion.id in given else None
            answers.append(Answer(criterion, answer, by, note, at))
        else:
            answers.append(Answer(criterion, _by_rule(connection, entity, criterion.rule), "rule"))
    return answers


def _by_rule(connection: sqlite3.Connection, entity: Entity, rule: str) -> str:
    """Return what a rule says; unknown where the lead has no value in any of the fields that the rule reads."""
    from dkcrm.store.filters import compile_filter, fields_read

    where, values = compile_filter(connection, rule)
    if connection.execute(f"SELECT 1 FROM entity e WHERE e.id=? AND ({where})", (entity.id, *values)).fetchone():
        return "yes"
    for field in fields_read(connection, rule):
        there, more = compile_filter(connection, f"not {field}:none")
        if connection.execute(f"SELECT 1 FROM entity e WHERE e.id=? AND ({there})", (entity.id, *more)).fetchone():
            return "no"
    return "unknown"
