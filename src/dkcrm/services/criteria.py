"""The user's criteria, by which leads are qualified."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dkcrm.domain.qualification import Criterion
from dkcrm.domain.text import check_line
from dkcrm.domain.values import check_field_name
from dkcrm.errors import Conflict, InvalidInput, NotFound
from dkcrm.i18n import _, a_
from dkcrm.result import Column, Result
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.settings import criteria

SIDES = ("person", "organization")


def _criterion_result(found: Sequence[Criterion]) -> Result:
    rows = [{"name": c.name, "side": c.side, "question": c.question, "rule": c.rule} for c in found]
    columns = [
        Column("name", _("Criterion")),
        Column("side", _("Side")),
        Column("question", _("Question")),
        Column("rule", _("Rule")),
    ]
    return Result(rows, columns, rows)


def _changed(uow: UnitOfWork, found: Sequence[Criterion], what: str) -> Result:
    """Answer as the commands of the life cycle do; no entity is touched."""
    result = _criterion_result(found)
    data = {"operation": uow.operation_id, "entities": [], "criteria": result.rows, "warnings": []}
    return Result(data, result.columns, result.rows, message=done(uow.session, uow.operation_id, what))


def list_criteria(session: Session) -> Result:
    """List the criteria."""
    connection = open_reading(session)
    try:
        return _criterion_result(criteria(connection))
    finally:
        connection.close()


def _check_rule(uow: UnitOfWork, rule: str) -> str:
    from dkcrm.domain.query import kept_text, read
    from dkcrm.store.filters import check_filter

    text = check_line(rule, _("rule"))
    check_filter(uow.session, uow.connection, read([text]))
    return kept_text([text])


def add_criterion(session: Session, name: str, side: str, question: str | None, rule: str | None) -> Result:
    """Add a criterion to one side or, with ``both``, to each."""
    word = check_field_name(name)
    sides = SIDES if side == "both" else (side,)
    if side not in (*SIDES, "both"):
        raise InvalidInput(_("a criterion is for person, organization or both: {side}").format(side=side))
    with unit_of_work(session, "criteria add") as uow:
        there = {(c.name, c.side) for c in criteria(uow.connection)}
        for one in sides:
            if (word, one) in there:
                raise Conflict(
                    _("there is {side} criterion {name} already").format(side=a_(one), name=word),
                    hint=_("change it with: dkcrm criteria edit {name}").format(name=word),
                )
            uow.insert(
                "criterion",
                {
                    "name": word,
                    "side": one,
                    "question": check_line(question, _("question")) if question else word.replace("-", " ") + "?",
                    "rule": _check_rule(uow, rule) if rule else None,
                },
            )
        uow.commit()
        found = [c for c in criteria(uow.connection) if c.name == word and c.side in sides]
        return _changed(uow, found, _("added criterion {name}").format(name=word))


def _chosen(uow: UnitOfWork, name: str, side: str | None) -> list[Criterion]:
    found = [c for c in criteria(uow.connection) if c.name == name.strip().lower() and side in (None, "both", c.side)]
    if not found:
        known = ", ".join(dict.fromkeys(c.name for c in criteria(uow.connection)))
        raise NotFound(
            _("no criterion {name}").format(name=name), hint=_("there are: {names}").format(names=known or "-")
        )
    return found


def edit_criterion(
    session: Session, name: str, side: str | None, *, rename: str | None, question: str | None, rule: str | None
) -> Result:
    """Change a criterion's name, question or rule (a blank rule takes it away)."""
    with unit_of_work(session, "criteria edit") as uow:
        values: dict[str, Any] = {}
        if rename is not None:
            values["name"] = check_field_name(rename)
        if question is not None:
            values["question"] = check_line(question, _("question"))
        if rule is not None:
            values["rule"] = _check_rule(uow, rule) if rule.strip() else None
        if not values:
            raise InvalidInput(_("say what to change: --name, --question or --rule"))
        chosen = _chosen(uow, name, side)
        others = {(c.name, c.side) for c in criteria(uow.connection)} - {(c.name, c.side) for c in chosen}
        for criterion in chosen:
            if (values.get("name", criterion.name), criterion.side) in others:
                raise Conflict(_("there is a criterion of that name already: {name}").format(name=values["name"]))
            uow.update("criterion", criterion.id, values)
        uow.commit()
        ids = {criterion.id for criterion in chosen}
        found = [c for c in criteria(uow.connection) if c.id in ids]
        return _changed(uow, found, _("changed criterion {name}").format(name=name))


def remove_criterion(session: Session, name: str, side: str | None) -> Result:
    """Take a criterion away; the answers that were given to it stay in the history."""
    with unit_of_work(session, "criteria rm") as uow:
        chosen = _chosen(uow, name, side)
        for criterion in chosen:
            uow.update("criterion", criterion.id, {"removed_at": uow.now})
        uow.commit()
        return _changed(uow, chosen, _("removed criterion {name}").format(name=name))
