"""Showing entities, today or as they were. Nothing that writes is imported on this road."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from typing import Any

from dkcrm.domain.entity import Entity
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load_many, not_found, resolve


def show(session: Session, references: Sequence[str], *, single: bool, as_of: str | None = None) -> Result:
    """Show entities, today or as they were at the end of a day or at a moment."""
    connection = open_reading(session)
    try:
        # As it was, a lead that was folded into somebody since is itself.
        found = [resolve(connection, reference, follow=as_of is None) for reference in references]
        numbers = list(dict.fromkeys(found))
        if as_of is None:
            entities = list(load_many(connection, numbers))
        else:
            entities = _as_of(session, connection, numbers, as_of)
    finally:
        connection.close()
    data = entities[0].as_json() if single else [entity.as_json() for entity in entities]
    # The timeline is read only when a card is drawn: ``detail`` is a function of no arguments.
    return Result(
        data,
        [Column("id", "#", "number"), Column("field", _("Field")), Column("value", _("Value"))],
        _rows(session, entities, today=as_of is None),
        view="card",
        detail=lambda: _card(session, entities, timelines=as_of is None),
    )


def _rows(session: Session, entities: Sequence[Entity], *, today: bool) -> Iterator[dict[str, Any]]:
    """Yield everything that is known of entities, then what they consent to and what there is to do for them.

    These are read only when rows are.
    """
    tasks, tickets = _to_do(session, entities) if today else ({}, {})
    said = _consents(session, entities) if today else {}
    for entity in entities:
        yield from _facts(entity)
        for one in said.get(entity.id, ()):
            yield {"id": entity.id, "field": "consent", "value": one}
        for task in tasks.get(entity.id, ()):
            yield {"id": entity.id, "field": "task", "value": task}
        for ticket in tickets.get(entity.id, ()):
            yield {"id": entity.id, "field": "ticket", "value": ticket}


def _to_do(session: Session, entities: Sequence[Entity]) -> tuple[dict[int, list[str]], dict[int, list[str]]]:
    """Return the open tasks of entities, and their tickets that are not closed, in words: number, due date, text."""
    from dkcrm.domain.task import shown_due
    from dkcrm.store.tasks import open_of
    from dkcrm.store.tickets import live_of

    connection = open_reading(session)
    try:
        tasks = {
            entity.id: [
                " ".join(word for word in (str(task.id), shown_due(task.due), task.text) if word)
                for task in open_of(connection, entity.id)
            ]
            for entity in entities
        }
        tickets = {
            entity.id: [
                " ".join(word for word in (str(t.id), shown_due(t.due), t.subject, _waits(t.state)) if word)
                for t in live_of(connection, entity.id)
            ]
            for entity in entities
        }
        return tasks, tickets
    finally:
        connection.close()


def _waits(state: str) -> str:
    return _("(waiting)") if state == "waiting" else ""


def _consents(session: Session, entities: Sequence[Entity]) -> dict[int, list[str]]:
    """Return what holds of the consent of entities, in words: purpose, state, day and proof."""
    from dkcrm.store.consents import consents

    connection = open_reading(session)
    try:
        found: dict[int, list[str]] = {}
        for one in consents(connection, [entity.id for entity in entities], holding=True):
            found.setdefault(one.id, []).append(one.told())
        return found
    finally:
        connection.close()


def _facts(entity: Entity) -> Iterator[dict[str, Any]]:
    """Yield everything that is known of an entity as rows, a value each: nothing is cut in a pipe."""
    for name, value in entity.as_json().items():
        if isinstance(value, dict):
            for key, one in value.items():
                yield {"id": entity.id, "field": f"{name}.{key}", "value": one}
        elif isinstance(value, list):
            for one in value:
                # A membership is who is at its other end; a point or an address is its value, blank where it is blank.
                shown = one
                if isinstance(one, dict):
                    shown = f"{one['id']} {one['name']}" if "name" in one else one.get("value") or ""
                yield {"id": entity.id, "field": name, "value": shown}
        elif value not in (None, ""):
            yield {"id": entity.id, "field": name, "value": value}


def _as_of(session: Session, connection: sqlite3.Connection, numbers: Sequence[int], as_of: str) -> list[Entity]:
    from dkcrm.domain.dates import parse_time
    from dkcrm.store.history import entity_as_of, last_operation_before

    moment = parse_time(as_of, session.clock(), end_of_day=True)
    last = last_operation_before(connection, moment)
    entities = []
    for number in numbers:
        entity = entity_as_of(connection, number, last)
        passed = {number}
        # Aliases that lead round in a loop, which doctor names, end where they began.
        while entity is not None and entity.merged_into is not None and entity.merged_into not in passed:
            passed.add(entity.merged_into)
            entity = entity_as_of(connection, entity.merged_into, last)
        if entity is None:
            error = not_found(str(number))
            error.message = _("{number} was not there yet ({date})").format(number=number, date=as_of)
            error.hint = _("see when it came: dkcrm history {number}").format(number=number)
            raise error
        entities.append(entity)
    return entities


def _card(session: Session, entities: Sequence[Entity], *, timelines: bool) -> dict[str, Any]:
    """Return what a card is drawn from: the entities, what happened around them lately, and what they bought."""
    detail: dict[str, Any] = {"entities": entities, "timelines": {}, "now": session.clock()}
    if timelines:
        from dkcrm.services.timeline import shortened
        from dkcrm.store.asked import Asked
        from dkcrm.store.timeline import timeline

        # What is due stands among the tasks and tickets of the card.
        asked = Asked(15, ahead=False)
        said = _consents(session, entities)
        tasks, tickets = _to_do(session, entities)
        detail["links"] = {
            entity.id: {
                _("consent"): said.get(entity.id, []),
                _("tasks"): tasks[entity.id],
                _("tickets"): tickets[entity.id],
            }
            for entity in entities
        }
        connection = open_reading(session)
        try:
            detail["timelines"] = {
                entity.id: [shortened(event) for event in timeline(connection, entity.id, asked)] for entity in entities
            }
        finally:
            connection.close()
    return detail
