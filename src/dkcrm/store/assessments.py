"""How a lead stands against criteria: the last answer by hand, else what its rule says."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from dkcrm.domain.entity import Entity
from dkcrm.domain.qualification import Answer, Criterion
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.fields import UNSHOWN, Field


def answers_of(
    session: Session, connection: sqlite3.Connection, entity: Entity, criteria: list[Criterion]
) -> list[Answer]:
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
            answer, why = _by_rule(session, connection, entity, criterion.rule)
            answers.append(Answer(criterion, answer, "rule", why=why))
    return answers


def _by_rule(session: Session, connection: sqlite3.Connection, entity: Entity, rule: str) -> tuple[str, str]:
    """Return what a rule says, and of what: unknown where that hangs on what is not known of the lead.

    A rule that can be read no more (its field is gone) says nothing, and why.
    """
    from dkcrm.domain.query import read_kept
    from dkcrm.store.filters import Compiler

    compiler = Compiler(session, connection, openly=True)
    try:
        piece = compiler.compile(read_kept(rule))
    except InvalidInput as error:
        return "unknown", error.message
    sql = f"SELECT ({piece.sql}) FROM entity e WHERE e.id = ?"
    (holds,) = connection.execute(sql, (*piece.values, entity.id)).fetchone()
    answer = "unknown" if holds is None else "yes" if holds else "no"
    return answer, _why(connection, compiler.read, entity)


def _why(connection: sqlite3.Connection, read: Mapping[str, Field], entity: Entity) -> str:
    """Return what a lead has in the fields that a rule has read, in words."""
    from dkcrm.store.shown import read_columns

    shown = {name: field for name, field in read.items() if field.kind not in UNSHOWN}
    if not shown:
        return ""
    (row,) = read_columns(connection, list(shown), list(shown.values()), [entity.id])
    said = []
    for name, value in row.items():
        if value not in (None, "", []):
            text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
            said.append(_("{field} is {value}").format(field=name, value=text))
        else:
            known = shown[name].closed
            said.append((_("no {field}") if known else _("{field} is not known")).format(field=name))
    return "; ".join(said)
