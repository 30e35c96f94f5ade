"""Criteria, their answers, and the qualification of leads."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dkcrm.domain import lifecycle
from dkcrm.domain.entity import Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.qualification import Answer, Criterion, applicable, check_met, named, outcome
from dkcrm.domain.text import check_line, check_text
from dkcrm.domain.values import check_field_name
from dkcrm.errors import Conflict, InvalidInput, NotFound, Refused
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.conversion import Choices, convert_lead
from dkcrm.services.entities import pick
from dkcrm.services.lifecycle import finish
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.assessments import answers_of
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load, resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.settings import criteria, types_in_use

SIDES = ("person", "organization")


# The user's criteria


def _criterion_result(found: Sequence[Criterion], message: str | None = None, *, single: bool = False) -> Result:
    rows = [{"name": c.name, "side": c.side, "question": c.question, "rule": c.rule} for c in found]
    columns = [
        Column("name", _("Criterion")),
        Column("side", _("Side")),
        Column("question", _("Question")),
        Column("rule", _("Rule")),
    ]
    return Result(rows[0] if single and rows else rows, columns, rows, message=message)


def list_criteria(session: Session) -> Result:
    """List the criteria."""
    connection = open_reading(session)
    try:
        return _criterion_result(criteria(connection))
    finally:
        connection.close()


def _check_rule(uow: UnitOfWork, rule: str) -> str:
    from dkcrm.store.search import check_filter

    text = check_line(rule, _("rule"))
    check_filter(uow.connection, text)
    return text


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
                    _("there is a {side} criterion {name} already").format(side=one, name=word),
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
        what = _("added criterion {name}").format(name=word)
        return _criterion_result(found, done(session, uow.operation_id, what), single=len(sides) == 1)


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
        return _criterion_result(
            found, done(session, uow.operation_id, _("changed criterion {name}").format(name=name))
        )


def remove_criterion(session: Session, name: str, side: str | None) -> Result:
    """Take a criterion away; the answers that were given to it stay in the history."""
    with unit_of_work(session, "criteria rm") as uow:
        chosen = _chosen(uow, name, side)
        for criterion in chosen:
            uow.update("criterion", criterion.id, {"removed_at": uow.now})
        uow.commit()
        return _criterion_result(
            chosen, done(session, uow.operation_id, _("removed criterion {name}").format(name=name))
        )


# Answers


def assess(
    session: Session,
    references: Sequence[str],
    answers: Mapping[str, Sequence[str]],
    note: str | None,
) -> Result:
    """Answer criteria by hand: ``answers`` maps yes, no and unknown to the names of criteria."""
    said = {
        answer: [word.strip().lower() for text in texts for word in text.split(",") if word.strip()]
        for answer, texts in answers.items()
    }
    everything = [word for words in said.values() for word in words]
    if not everything:
        raise InvalidInput(_("answer at least one criterion with --yes, --no or --unknown"))
    doubled = sorted({word for word in everything if everything.count(word) > 1})
    if doubled:
        raise InvalidInput(_("answered twice: {names}").format(names=", ".join(doubled)))
    body = check_text(note, _("note")) if note else None
    with unit_of_work(session, "assess") as uow:
        entities = pick(uow, references)
        known = criteria(uow.connection)
        for entity in entities:
            for criterion, answer in _answered(entity, known, said):
                record_answer(uow, entity.id, criterion.id, answer, body)
        reports = [_report(uow, entity) for entity in entities]
        what = _("assessed {who}").format(who=", ".join(label(entity) for entity in entities))
        return finish(session, uow, what, checks=reports)


def _answered(entity: Entity, known: list[Criterion], said: dict[str, list[str]]) -> list[tuple[Criterion, str]]:
    """Return what is answered for one entity, or refuse it for one that is past qualification."""
    if entity.type not in ("suspect", "lead"):
        raise Refused(
            _("{who} is a {type}: only suspects and leads are assessed").format(who=label(entity), type=entity.type),
            code="wrong_type",
            hint=lifecycle.next_step(entity),
        )
    person, organization = entity.party in ("person", "both"), entity.party in ("organization", "both")
    mine = applicable(known, person=person, organization=organization)
    return [(criterion, answer) for answer, words in said.items() for criterion in named(mine, words)]


def record_answer(uow: UnitOfWork, entity_id: int, criterion_id: int, answer: str, note: str | None) -> None:
    """Add an answer to the record; earlier ones stay."""
    row = {"entity_id": entity_id, "criterion_id": criterion_id, "answer": answer, "note": note, "at": uow.now}
    uow.insert("assessment", row)


# Qualification


def _answers(uow_or_connection: Any, entity: Entity) -> list[Answer]:
    connection = getattr(uow_or_connection, "connection", uow_or_connection)
    person, organization = entity.party in ("person", "both"), entity.party in ("organization", "both")
    return answers_of(connection, entity, applicable(criteria(connection), person=person, organization=organization))


def _report(source: Any, entity: Entity) -> dict[str, Any]:
    answers = _answers(source, entity)
    return {
        "id": entity.id,
        "name": entity.name,
        "qualified": all(answer.answer == "yes" for answer in answers),
        "becomes": outcome(entity.party in ("person", "both"), entity.party in ("organization", "both")),
        "criteria": [answer.as_json() for answer in answers],
    }


def check(session: Session, references: Sequence[str]) -> Result:
    """Report how leads stand against the criteria; nothing is written."""
    connection = open_reading(session)
    try:
        entities = [load(connection, number) for number in dict.fromkeys(resolve(connection, r) for r in references)]
        for entity in entities:
            lifecycle.check_qualify(entity, types_in_use(connection))
        checks = [_report(connection, entity) for entity in entities]
    finally:
        connection.close()
    rows = [
        {"id": report["id"], "lead": report["name"], **answer} for report in checks for answer in report["criteria"]
    ]
    columns = [
        Column("id", "#", "number"),
        Column("lead", _("Lead")),
        Column("side", _("Side")),
        Column("name", _("Criterion")),
        Column("answer", _("Answer"), "answer"),
        Column("by", _("By")),
        Column("question", _("Question")),
        Column("note", _("Note"), wide=True),
    ]
    data = {"operation": None, "entities": [e.as_json() for e in entities], "warnings": [], "checks": checks}
    said = [
        _("{who}: qualifies, becomes {what}") if report["qualified"] else _("{who}: does not qualify yet")
        for report in checks
    ]
    message = "; ".join(
        text.format(who=f"{report['id']} {report['name']}", what=_(" and ").join(report["becomes"]))
        for text, report in zip(said, checks, strict=True)
    )
    return Result(data, columns, rows, message=message)


def qualify(
    session: Session, references: Sequence[str], *, override: str | None = None, choices: Choices | None = None
) -> Result:
    """Turn leads that meet every criterion into prospects, targets or both, linked."""
    reason = check_text(override, _("reason")) if override is not None else None
    if override is not None and not reason:
        raise InvalidInput(_("say why with --override REASON"))
    chosen = choices or Choices()
    if len(references) > 1 and (chosen.prospect not in (None, "new") or chosen.target not in (None, "new")):
        raise InvalidInput(_("--prospect and --target name who one lead is: qualify one at a time"))
    with unit_of_work(session, "qualify") as uow:
        in_use = types_in_use(uow.connection)
        said: list[str] = []
        warnings: list[str] = []
        for entity in pick(uow, references):
            lifecycle.check_qualify(entity, in_use)
            answers = _answers(uow, entity)
            if reason is None:
                if session.ask is not None:
                    answers = _ask_unknown(session, uow, entity, answers)
                check_met(entity, answers)
            result = convert_lead(
                uow, entity, person_type="prospect", organization_type="target", choices=chosen, cause="qualify"
            )
            warnings += result.warnings
            became = [load(uow.connection, number) for number in result.numbers]
            said.append(f"{label(entity)} → " + " + ".join(f"{e.type} {label(e)}" for e in became))
            uow.record.setdefault("answers", []).extend(
                {
                    "entity": entity.id,
                    "side": a.criterion.side,
                    "name": a.criterion.name,
                    "answer": a.answer,
                    "by": a.by,
                }
                for a in answers
            )
        if reason is not None:
            uow.record["override"] = reason
        return finish(session, uow, "; ".join(said), warnings)


def _ask_unknown(session: Session, uow: UnitOfWork, entity: Entity, answers: list[Answer]) -> list[Answer]:
    """Ask the person at the terminal for what is unknown; each answer goes to the record."""
    words = {"y": "yes", "yes": "yes", "s": "yes", "sì": "yes", "si": "yes", "n": "no", "no": "no"}
    asked = []
    for answer in answers:
        if answer.answer == "unknown" and session.ask is not None:
            reply = session.ask(f"{entity.name}: {answer.criterion.question} ({answer.criterion.name}) [y/n/-]")
            word = words.get((reply or "").strip().lower())
            if word:
                record_answer(uow, entity.id, answer.criterion.id, word, None)
                answer = Answer(answer.criterion, word, "hand", None, uow.now)
        asked.append(answer)
    return asked
