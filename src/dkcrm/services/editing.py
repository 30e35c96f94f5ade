"""Editing an entity as text: TOML out, TOML in, and the difference written through a unit of work."""

from __future__ import annotations

import tomllib
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, Entity
from dkcrm.domain.lifecycle import label, side_of
from dkcrm.domain.text import check_line, check_text, describe_control
from dkcrm.domain.values import Labelled
from dkcrm.errors import Conflict, InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.attributes import Attributes, add_tag, point_row, set_field
from dkcrm.services.entities import change_entity, present
from dkcrm.services.shape import done, entity_result
from dkcrm.session import Session
from dkcrm.store.entities import load
from dkcrm.store.journal import UnitOfWork, unit_of_work

#: Key in the text -> attribute of an entity.
_SCALARS = {
    "name": "full_name",
    "first": "first_name",
    "last": "last_name",
    "title": "job_title",
    "organization": "org_name",
    "vat": "vat_id",
    "tax_code": "tax_code",
    "website": "website",
    "source": "source",
    "state": "state",
}
_POINTS = {"emails": "email", "phones": "phone", "links": "link"}
_PARTS = ("value", "street", "city", "region", "postcode", "country")


def as_text(entity: Entity) -> str:
    """Return an entity as the TOML that ``edit`` offers; every key that can be written is there."""
    import tomlkit

    document = tomlkit.document()
    # A comment ends with its line, and TOML wants no control characters in it.
    heading = "".join(" " if describe_control(c) else c for c in f"{entity.type} {label(entity)}")
    document.add(tomlkit.comment(heading))
    document.add(tomlkit.comment(_("Save and quit to write. The first email, phone, link and address is primary.")))
    person = ("name", "first", "last", "title")
    for key, attribute in _SCALARS.items():
        if entity.type in ORGANIZATION_TYPES and key in person:
            continue
        document.add(key, getattr(entity, attribute) or "")
    document.add("tags", entity.tags)
    for key, kind in _POINTS.items():
        document.add(key, _tables([_point(p.value, p.label, p.side) for p in entity.of_kind(kind)]))
    addresses = [
        {name: getattr(a, name) for name in _PARTS if getattr(a, name)} | _owner(a.label, a.side)
        for a in entity.addresses
    ]
    document.add("addresses", _tables(addresses))
    notes = entity.notes
    document.add("notes", tomlkit.string(notes, multiline="\n" in notes) if notes else "")
    document.add("fields", tomlkit.item(dict(entity.fields)))
    return tomlkit.dumps(document)


def _point(value: str, label_: str | None, side: str) -> dict[str, str]:
    return {"value": value} | _owner(label_, side)


def _owner(label_: str | None, side: str) -> dict[str, str]:
    return {"label": label_ or "", "side": side}


def _tables(rows: list[dict[str, str]]) -> Any:
    import tomlkit

    array = tomlkit.array()
    for row in rows:
        table = tomlkit.inline_table()
        table.update(row)
        array.append(table)
    return array.multiline(bool(rows))


def apply(session: Session, before: Entity, text: str) -> Result:
    """Write what differs between an entity and its edited text.

    Raises InvalidInput for what cannot be read, Conflict where the entity changed meanwhile.
    """
    try:
        wanted: dict[str, Any] = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # a number of too many digits, and brackets without end
        raise InvalidInput(_("the text is not valid TOML: {why}").format(why=error)) from error
    known = {*_SCALARS, *_POINTS, "tags", "addresses", "notes", "fields"}
    unknown = [key for key in wanted if key not in known]
    if unknown:
        raise InvalidInput(_("no such attribute: {names}").format(names=", ".join(unknown)))
    with unit_of_work(session, "edit") as uow:
        entity = present(load(uow.connection, before.id))
        if entity.as_json() != before.as_json():
            raise Conflict(
                _("{who} was changed while you edited it").format(who=label(entity)), code="changed_meanwhile"
            )
        row: dict[str, Any] = {}
        for key, attribute in _SCALARS.items():
            if key in wanted:
                value = _text(wanted[key], key)
                row[attribute] = check_line(value, key) if value.strip() else None
        if "notes" in wanted:
            row["notes"] = check_text(_text(wanted["notes"], "notes"), "notes")
        state = row.pop("state", None)
        change_entity(uow, entity, row, Attributes(), state=state)
        for key, kind in _POINTS.items():
            if key in wanted:
                _points(uow, entity, kind, _rows(wanted[key], key, ("value", "label", "side")))
        if "addresses" in wanted:
            _addresses(uow, entity, _rows(wanted["addresses"], "addresses", (*_PARTS, "label", "side")))
        _tags_and_fields(uow, entity, wanted)
        uow.commit(show=[entity.id])
        message = done(session, uow.operation_id, _("edited {who}").format(who=label(uow.entities[0])))
        return entity_result(uow.entities, single=True, message=message)


def _text(value: Any, key: str) -> str:
    if not isinstance(value, str):
        raise InvalidInput(_("{key} takes text in quotes").format(key=key))
    return value


def _rows(value: Any, key: str, names: tuple[str, ...]) -> list[dict[str, str]]:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise InvalidInput(_('{key} takes a list, as [{{ value = "…", label = "work" }}]').format(key=key))
    for row in value:
        for name, part in row.items():
            if name not in names:
                raise InvalidInput(_("{key} has no {name}").format(key=key, name=name))
            _text(part, f"{key}.{name}")
        if row.get("side") not in (None, "", "person", "organization"):
            raise InvalidInput(_("a side is person or organization: {side}").format(side=row["side"]))
    return value


def _points(uow: UnitOfWork, entity: Entity, kind: str, rows: list[dict[str, str]]) -> None:
    there = {point.norm or point.value: point for point in entity.of_kind(kind)}
    kept = set()
    for place, row in enumerate(rows):
        said = Labelled(
            check_line(row.get("value", ""), kind), row.get("label", "").strip() or None, row.get("side") or None
        )
        columns = point_row(kind, said, uow.session.region)
        columns |= {"side": said.side or side_of(entity), "is_primary": int(place == 0)}
        key = columns["norm"] or columns["value"]
        if key in kept:
            raise InvalidInput(_("{value} is there twice").format(value=said.value))
        kept.add(key)
        if key in there:
            uow.update("contact_point", there[key].id, columns)
        else:
            uow.insert("contact_point", columns | {"entity_id": entity.id})
    for key, point in there.items():
        if key not in kept:
            uow.delete("contact_point", point.id)


def _addresses(uow: UnitOfWork, entity: Entity, rows: list[dict[str, str]]) -> None:
    """Write addresses by their place in the list: the first is the primary one."""
    ids = [address.id for address in entity.addresses]
    for place, row in enumerate(rows):
        columns: dict[str, Any] = {
            name: check_line(row[name], name) if row.get(name, "").strip() else None for name in (*_PARTS, "label")
        }
        if not any(columns[name] for name in _PARTS):
            raise InvalidInput(_("an address is blank"))
        columns |= {"side": row.get("side") or side_of(entity), "is_primary": int(place == 0)}
        if place < len(ids):
            uow.update("address", ids[place], columns)
        else:
            uow.insert("address", columns | {"entity_id": entity.id})
    for row_id in ids[len(rows) :]:
        uow.delete("address", row_id)


def _tags_and_fields(uow: UnitOfWork, entity: Entity, wanted: dict[str, Any]) -> None:
    tags = wanted.get("tags", entity.tags)
    if not isinstance(tags, list):
        raise InvalidInput(_("tags takes a list of words"))
    for row in uow.rows("tag", entity_id=entity.id):
        if row["tag"] not in tags:
            uow.delete("tag", row["id"])
    for tag in tags:
        add_tag(uow, entity, _text(tag, "tags"))
    fields = wanted.get("fields", entity.fields)
    if not isinstance(fields, dict):
        raise InvalidInput(_("fields takes a table of names and values"))
    now = load(uow.connection, entity.id)
    for name in {**entity.fields, **fields}:
        value = str(fields.get(name, ""))
        if value != entity.fields.get(name, ""):
            set_field(uow, now, f"{name}={value}")
