"""Everyday work on entities: add, show, set, tag, note, remove and restore."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, Entity
from dkcrm.domain.lifecycle import check_state, check_type, label
from dkcrm.domain.text import check_line, check_text
from dkcrm.domain.wholename import with_parts
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.attributes import Attributes, add_tag, check_tag, remove_value, shape, write_values
from dkcrm.services.shape import done, entity_result
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load, load_many, named, resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.likeness import LIKELY, lookalikes
from dkcrm.store.settings import types_in_use

_MOST_NAMED = 5


def add(
    session: Session, type: str, attributes: Attributes, *, state: str | None = None, force: bool = False
) -> Result:
    """Add an entity of a type; who looks the same is named in a warning, unless ``force`` says that it is known.

    Raises InvalidInput for a value that is wrong, Refused for a type that is off.
    """
    with unit_of_work(session, f"add {type}") as uow:
        kind = check_type(type, types_in_use(uow.connection))
        uow.name = f"add {kind}"
        for said, what in ((attributes.name, _("name")), (attributes.org, _("organization name"))):
            if said is not None:
                check_line(said, what)
        row = shape(kind, attributes.scalars())
        number = uow.insert(
            "entity",
            {
                **row,
                "uid": session.uid(),
                "type": kind,
                "state": check_state(state) if state else "active",
                "created_at": uow.now,
                "updated_at": uow.now,
            },
        )
        write_values(uow, load(uow.connection, number), attributes)
        warnings = _hint_link(uow, load(uow.connection, number))
        uow.commit(show=[number])
        entity = uow.entities[0]
        if not force:
            warnings += _same_already(uow, entity)
        message = done(session, uow.operation_id, _("added {type} {who}").format(type=kind, who=label(entity)))
        return entity_result(uow.entities, single=True, message=message, warnings=warnings)


def _hint_link(uow: UnitOfWork, entity: Entity) -> list[str]:
    """Say how to link a person to the organization of that name, where there is exactly one."""
    if entity.party != "person" or not entity.org_name:
        return []
    group = "target" if entity.type == "prospect" else "organization"
    found = named(uow.connection, group, entity.org_name)
    if len(found) != 1:
        return []
    return [
        _("{name} is {type} {number} here: link them with dkcrm link {id} {number}").format(
            name=entity.org_name, type=group, number=found[0], id=entity.id
        )
    ]


def _same_already(uow: UnitOfWork, entity: Entity) -> list[str]:
    """Name those who look the same as an entity that was added, and what to do about it once it is."""
    text = _("{type} {who} looks the same ({why}): dkcrm merge {a} {b}, or dkcrm distinct {a} {b}")
    if uow.session.dry_run:
        text = _("{type} {who} looks the same ({why})")
    return [
        text.format(type=other.type, who=label(other), why=", ".join(told.reasons), a=other.id, b=entity.id)
        for other, told in lookalikes(uow.connection, entity, LIKELY)[:_MOST_NAMED]
        if not other.removed_at
    ]


def present(entity: Entity) -> Entity:
    """Return an entity that can be changed, or refuse one that was removed."""
    if entity.removed_at:
        raise Refused(
            _("{who} was removed").format(who=label(entity)),
            code="removed",
            hint=_("bring it back with: dkcrm restore {id}").format(id=entity.id),
        )
    return entity


def pick(uow: UnitOfWork, references: Sequence[str]) -> list[Entity]:
    """Return the entities of some references, each once, all of them there to be changed."""
    numbers = dict.fromkeys(resolve(uow.connection, reference) for reference in references)
    return [present(entity) for entity in load_many(uow.connection, numbers)]


def set_(
    session: Session,
    references: Sequence[str],
    attributes: Attributes,
    *,
    single: bool,
    state: str | None = None,
    remove: Sequence[str] = (),
) -> Result:
    """Change attributes: scalars are replaced (blank takes one away), repeatable ones are added."""
    with unit_of_work(session, "set") as uow:
        row = attributes.scalars()
        entities = pick(uow, references)
        warnings = []
        for entity in entities:
            changed, warning = _renamed(entity, row)
            warnings += warning
            change_entity(uow, entity, changed, attributes, state=state, remove=remove)
        uow.commit(show=[entity.id for entity in entities])
        return _changed(session, uow, single, _("changed"), attributes.said(state, remove), warnings)


def _renamed(entity: Entity, row: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Let a whole name, which is what is shown, follow the first and last name; warn where it cannot."""
    if "full_name" in row or not entity.full_name or not {"first_name", "last_name"} & row.keys():
        return dict(row), []
    old = entity.first_name, entity.last_name
    new = row.get("first_name", old[0]), row.get("last_name", old[1])
    whole = with_parts(entity.full_name, old, new)
    if whole is None:
        hint = _("{name} stays the whole name, which is shown: change it with dkcrm set {id} --name NAME")
        return dict(row), [hint.format(name=entity.full_name, id=entity.id)]
    return row | {"full_name": whole or None}, []


def change_entity(
    uow: UnitOfWork,
    entity: Entity,
    row: dict[str, Any],
    attributes: Attributes,
    *,
    state: str | None = None,
    remove: Sequence[str] = (),
) -> None:
    """Write changed attributes of one entity, which keeps the shape that its type asks for."""
    names = ("org_name",) if entity.type in ORGANIZATION_TYPES else ("full_name", "first_name", "last_name", "org_name")
    now = {name: getattr(entity, name) for name in names}
    if "full_name" in row and entity.type in ORGANIZATION_TYPES:
        now["org_name"] = None  # its name, given or taken away
    row = {**row, **{k: v for k, v in shape(entity.type, {**now, **row}).items() if k in now or k in row}}
    if state:
        row["state"] = check_state(state)
    uow.update("entity", entity.id, row)
    for value in remove:
        remove_value(uow, entity, value)
    write_values(uow, load(uow.connection, entity.id), attributes)


def _changed(
    session: Session, uow: UnitOfWork, single: bool, verb: str, what: Sequence[str] = (), warnings: Sequence[str] = ()
) -> Result:
    """Return the entities that were changed, and the sentence that says who and what."""
    who = ", ".join(label(entity) for entity in uow.entities[:3]) + (" …" if len(uow.entities) > 3 else "")
    said = f"{verb} {who}" + (f": {', '.join(what)}" if what else "")
    message = done(session, uow.operation_id, said)
    return entity_result(uow.entities, single=single, message=message, warnings=warnings)


def tag(
    session: Session, references: Sequence[str], tags: Sequence[str], *, single: bool, take: bool = False
) -> Result:
    """Put tags on entities, or with ``take`` take them off."""
    words = [check_tag(word) for text in tags for word in text.split(",") if word.strip()]
    if not words:
        raise InvalidInput(_("name at least one tag"))
    with unit_of_work(session, "untag" if take else "tag") as uow:
        entities = pick(uow, references)
        for entity in entities:
            for word in words:
                if not take:
                    add_tag(uow, entity, word)
                    continue
                for row in uow.rows("tag", tag=word, entity_id=entity.id):
                    uow.delete("tag", row["id"])
        uow.commit(show=[entity.id for entity in entities])
        return _changed(session, uow, single, _("untagged") if take else _("tagged"), words)


def note(session: Session, references: Sequence[str], text: str, *, single: bool) -> Result:
    """Add a note below the ones that are there."""
    body = check_text(text, _("note"))
    if not body:
        raise InvalidInput(_("the note is blank"))
    with unit_of_work(session, "note") as uow:
        entities = pick(uow, references)
        for entity in entities:
            uow.update("entity", entity.id, {"notes": f"{entity.notes}\n{body}" if entity.notes else body})
        uow.commit(show=[entity.id for entity in entities])
        return _changed(session, uow, single, _("noted on"))


def remove(session: Session, references: Sequence[str], *, single: bool) -> Result:
    """Hide entities: they leave lists and searches, and keep everything."""
    with unit_of_work(session, "rm") as uow:
        entities = pick(uow, references)
        for entity in entities:
            uow.update("entity", entity.id, {"removed_at": uow.now})
        uow.commit(show=[entity.id for entity in entities])
        return _changed(session, uow, single, _("removed"))


def restore(session: Session, references: Sequence[str], *, single: bool) -> Result:
    """Bring removed entities back."""
    with unit_of_work(session, "restore") as uow:
        numbers = dict.fromkeys(resolve(uow.connection, reference, removed=True) for reference in references)
        entities = list(load_many(uow.connection, numbers))
        for entity in entities:
            if not entity.removed_at:
                raise Refused(_("{who} is not removed").format(who=label(entity)), code="already")
            uow.update("entity", entity.id, {"removed_at": None})
        uow.commit(show=[entity.id for entity in entities])
        return _changed(session, uow, single, _("restored"))


def editable(session: Session, reference: str) -> tuple[Entity, str]:
    """Return an entity and the text in which ``edit`` offers it."""
    from dkcrm.services.editing import as_text

    connection = open_reading(session)
    try:
        entity = present(load(connection, resolve(connection, reference)))
        return entity, as_text(entity)
    finally:
        connection.close()
