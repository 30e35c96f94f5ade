"""The answers to criteria, and the qualification of leads."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from typing import Any

from dkcrm.domain import lifecycle
from dkcrm.domain.entity import Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.qualification import Answer, Criterion, applicable, check_met, named, outcome
from dkcrm.domain.text import check_text
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _, a_
from dkcrm.result import Column, Result
from dkcrm.services.conversion import Choices, convert_lead, decide
from dkcrm.services.entities import pick
from dkcrm.services.lifecycle import finish
from dkcrm.session import Session
from dkcrm.store.assessments import answers_of
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load, resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.settings import criteria, types_in_use

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
            for criterion, answer in _answered(entity, known, said, types_in_use(uow.connection)):
                record_answer(uow, entity.id, criterion.id, answer, body)
        reports = [_report(session, uow.connection, entity) for entity in entities]
        what = "; ".join(_standing(report) for report in reports)
        return finish(session, uow, what, checks=reports)


def _answered(
    entity: Entity, known: list[Criterion], said: dict[str, list[str]], in_use: Sequence[str]
) -> list[tuple[Criterion, str]]:
    """Return what is answered for one entity, or refuse it for one that is past qualification."""
    if entity.type not in ("suspect", "lead"):
        raise Refused(
            _("{who} is {type}: only suspects and leads are assessed").format(who=label(entity), type=a_(entity.type)),
            code="wrong_type",
            hint=lifecycle.next_step(entity, in_use),
        )
    person, organization = entity.party in ("person", "both"), entity.party in ("organization", "both")
    mine = applicable(known, person=person, organization=organization)
    return [(criterion, answer) for answer, words in said.items() for criterion in named(mine, words)]


def record_answer(uow: UnitOfWork, entity_id: int, criterion_id: int, answer: str, note: str | None) -> None:
    """Add an answer to the record; earlier ones stay."""
    row = {"entity_id": entity_id, "criterion_id": criterion_id, "answer": answer, "note": note, "at": uow.now}
    uow.insert("assessment", row)


def _standing(report: dict[str, Any]) -> str:
    """Return how a lead stands after it was assessed: what is missing, or what to do now."""
    who = f"{report['id']} {report['name']}"
    missing = [f"{c['side']} {c['name']}" for c in report["criteria"] if c["answer"] == "unknown"]
    failed = [f"{c['side']} {c['name']}" for c in report["criteria"] if c["answer"] == "no"]
    told = []
    if failed:
        told.append(_("not met: {names}").format(names=", ".join(failed)))
    if missing:
        told.append(_("still unknown: {names}").format(names=", ".join(missing)))
    if not told:
        told.append(_("every criterion is met"))
    return _("assessed {who} ({how})").format(who=who, how="; ".join(told))


# Qualification


def _answers(session: Session, connection: sqlite3.Connection, entity: Entity) -> list[Answer]:
    person, organization = entity.party in ("person", "both"), entity.party in ("organization", "both")
    asked = applicable(criteria(connection), person=person, organization=organization)
    return answers_of(session, connection, entity, asked)


def _report(session: Session, connection: sqlite3.Connection, entity: Entity) -> dict[str, Any]:
    answers = _answers(session, connection, entity)
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
        checks = [_report(session, connection, entity) for entity in entities]
    finally:
        connection.close()
    rows = [
        {"id": report["id"], "lead": report["name"], **answer, "note": answer["why"] or answer["note"]}
        for report in checks
        for answer in report["criteria"]
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
        _("{who}: qualifies, becomes {what}")
        if report["qualified"]
        else _("{who}: does not qualify yet; dkcrm assess {id} --yes …")
        for report in checks
    ]
    message = "; ".join(
        text.format(id=report["id"], who=f"{report['id']} {report['name']}", what=_(" and ").join(report["becomes"]))
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
    if reason is None and session.ask is not None and not session.dry_run:
        for reference in references:
            _ask_unknown(session, reference)
    return decide(session, chosen, lambda decided: _qualify(session, references, reason, decided))


def _qualify(session: Session, references: Sequence[str], reason: str | None, choices: Choices) -> Result:
    with unit_of_work(session, "qualify") as uow:
        in_use = types_in_use(uow.connection)
        said: list[str] = []
        warnings: list[str] = []
        numbers: list[int] = []
        entities = pick(uow, references)
        together = frozenset(entity.id for entity in entities)
        for entity in entities:
            lifecycle.check_qualify(entity, in_use)
            answers = _answers(session, uow.connection, entity)
            if reason is None:
                check_met(entity, answers)
            result = convert_lead(
                uow,
                entity,
                person_type="prospect",
                organization_type="target",
                choices=choices,
                cause="qualify",
                together=together,
            )
            warnings += result.warnings
            numbers += result.numbers
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
        return finish(session, uow, "; ".join(said), warnings, concerned=numbers)


def _ask_unknown(session: Session, reference: str) -> None:
    """Ask the person at the terminal for what is unknown of a lead; the answers are an operation of their own.

    So they stay when the lead does not qualify, and nobody else waits while somebody thinks.
    """
    connection = open_reading(session)
    try:
        entity = load(connection, resolve(connection, reference))
        lifecycle.check_qualify(entity, types_in_use(connection))
        unknown = [answer.criterion for answer in _answers(session, connection, entity) if answer.answer == "unknown"]
    finally:
        connection.close()
    words = {"y": "yes", "yes": "yes", "s": "yes", "sì": "yes", "si": "yes", "n": "no", "no": "no"}
    said: dict[int, str] = {}
    for criterion in unknown:
        question = f"{entity.name}: {criterion.question} ({criterion.name}) [y/n, {_('blank: not known')}]"
        reply = session.ask(question) if session.ask else None
        word = words.get((reply or "").strip().lower())
        if word:
            said[criterion.id] = word
    if said:
        with unit_of_work(session, "assess") as uow:
            for criterion_id, word in said.items():
                record_answer(uow, entity.id, criterion_id, word, None)
            uow.commit()
