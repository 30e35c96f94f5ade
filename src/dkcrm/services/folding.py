"""Moving what a lead has to the entity that it is, or that its organization is (SPEC.md section 3, steps 2 to 6).

Values that are there win, blanks are filled; a value that lost is kept as an additional one, or in the operation's
record.
"""

from __future__ import annotations

from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, Entity
from dkcrm.domain.lifecycle import side_of
from dkcrm.domain.values import tax_code_side
from dkcrm.domain.wholename import is_stand_in
from dkcrm.services.uniting import (
    move_aliases,
    move_cards,
    move_consents,
    move_distinctions,
    move_members,
    move_others,
)
from dkcrm.store.entities import load
from dkcrm.store.images import Row
from dkcrm.store.journal import UnitOfWork


def absorb(
    uow: UnitOfWork, lead: Entity, survivor: Entity, *, keep_sides: bool = False, preferred: bool = False
) -> None:
    """Fold a lead, or another entity that is the same, into one that exists: its number and uid become aliases.

    Its emails, phones and addresses become those of the survivor's own side, or with ``keep_sides`` stay on theirs.
    ``preferred`` says that its vCard leads, where both came in with one.
    """
    scalars = ["first_name", "last_name", "job_title", "vat_id", "tax_code", "website", "source", "org_name"]
    if survivor.type not in ORGANIZATION_TYPES:
        scalars.insert(0, "full_name")
    _fill(uow, survivor, {name: getattr(lead, name) for name in scalars}, lead.id)
    if survivor.person_name and lead.person_name and survivor.person_name != lead.person_name:
        keep(uow, lead.id, survivor.id, "name", lead.person_name)
    if survivor.org_name and lead.org_name and survivor.org_name != lead.org_name:
        keep(uow, lead.id, survivor.id, "organization", lead.org_name)
    if lead.notes and f"\n{lead.notes}\n" not in f"\n{survivor.notes}\n":
        notes = f"{survivor.notes}\n{lead.notes}" if survivor.notes else lead.notes
        uow.update("entity", survivor.id, {"notes": notes})
    for point in lead.points:
        _move_point(uow, point.id, survivor, point.side if keep_sides else None)
    for address in lead.addresses:
        _move_address(uow, address.id, survivor, address.side if keep_sides else None)
    _unite_tags(uow, lead.id, survivor.id)
    for row in uow.rows("field_value", entity_id=lead.id):
        _move_field(uow, row, lead.id, survivor.id)
    for row in uow.rows("membership", member_id=lead.id):
        if uow.rows("membership", member_id=survivor.id, organization_id=row["organization_id"]):
            uow.delete("membership", row["id"])
        else:
            first = not uow.rows("membership", member_id=survivor.id, is_primary=1)
            uow.update("membership", row["id"], {"member_id": survivor.id, "is_primary": int(first)})
    for table in ("interaction", "assessment", "ticket"):
        for row in uow.rows(table, entity_id=lead.id):
            uow.update(table, row["id"], {"entity_id": survivor.id})
    _move_tasks(uow, lead.id, survivor.id)
    move_consents(uow, lead.id, survivor.id)
    move_members(uow, lead.id, survivor.id)
    move_others(uow, lead.id, survivor.id)
    move_cards(uow, lead.id, survivor.id, leading=preferred)
    move_aliases(uow, lead.id, survivor.id)
    move_distinctions(uow, lead.id, survivor.id)
    uow.update("entity", lead.id, {"merged_into": survivor.id})
    leave_out_of_place(uow, lead.id, survivor.id)


def leave_out_of_place(uow: UnitOfWork, source: int, number: int) -> None:
    """Keep in the operation's record what an entity cannot have: an organization a job title, any a field of no side.

    ``source`` is the number of whom it comes from.
    """
    entity = load(uow.connection, number)
    if entity.type in ORGANIZATION_TYPES and entity.job_title:
        keep(uow, source, number, "job_title", entity.job_title)
        uow.update("entity", number, {"job_title": None})
    fields = {row["id"]: row for row in uow.rows("field")} if entity.fields else {}
    for row in uow.rows("field_value", entity_id=number) if fields else ():
        field = fields[row["field_id"]]
        if field["side"] != "both" and entity.party not in (field["side"], "both"):
            keep(uow, source, number, f"field:{field['name']}", row["value"])
            uow.delete("field_value", row["id"])


def _move_tasks(uow: UnitOfWork, lead_id: int, survivor_id: int) -> None:
    """Hang tasks on the survivor, and let it be kept in touch with, as often as was said of it where both were."""
    known = {row["task_id"] for row in uow.rows("task_entity", entity_id=survivor_id)}
    for row in uow.rows("task_entity", entity_id=lead_id):
        if row["task_id"] in known:
            uow.delete("task_entity", row["id"])
        else:
            uow.update("task_entity", row["id"], {"entity_id": survivor_id})
    there = uow.rows("keep", entity_id=survivor_id)
    for row in uow.rows("keep", entity_id=lead_id):
        if not there:
            uow.update("keep", row["id"], {"entity_id": survivor_id})
            continue
        uow.delete("keep", row["id"])
        if row["days"] != there[0]["days"]:
            keep(uow, lead_id, survivor_id, "keep", f"{row['days']}d")


def give_organization(uow: UnitOfWork, lead: Entity, existing: Entity | None, type: str) -> int:
    """Give the organization side of a lead with both to the one that exists, or to a new one; return its number."""
    attributes: dict[str, Any] = {name: getattr(lead, name) for name in ("org_name", "vat_id", "website", "source")}
    if lead.tax_code and tax_code_side(lead.tax_code, True, True) == "organization":
        attributes["tax_code"] = lead.tax_code
    if existing is None:
        number = uow.insert(
            "entity",
            {
                **attributes,
                "uid": uow.session.uid(),
                "type": type,
                "created_at": uow.now,
                "updated_at": uow.now,
            },
        )
        survivor = load(uow.connection, number)
    else:
        survivor, number = existing, existing.id
        _fill(uow, survivor, attributes, lead.id)
        if survivor.org_name != lead.org_name:
            keep(uow, lead.id, number, "organization", lead.org_name)
    gone = dict.fromkeys(name for name in attributes if name != "source")
    uow.update("entity", lead.id, gone)
    for point in lead.points:
        if point.side == "organization":
            _move_point(uow, point.id, survivor, "organization")
    for address in lead.addresses:
        if address.side == "organization":
            _move_address(uow, address.id, survivor, None)
    _appoint_primary(uow, lead.id)
    sides = {row["id"]: row["side"] for row in uow.rows("field")}
    for row in uow.rows("field_value", entity_id=lead.id):
        side = sides[row["field_id"]]
        if side == "organization":
            _move_field(uow, row, lead.id, number)
        elif side == "both" and not _has_field(uow, row, lead.id, number):
            uow.insert("field_value", {**row, "id": None, "entity_id": number})
    return number


def _fill(uow: UnitOfWork, survivor: Entity, values: dict[str, Any], lead_id: int) -> None:
    """Fill the survivor's blanks; a value that loses goes to the operation's record."""
    blanks: dict[str, Any] = {}
    # An email that stands for a name gives way to one, and never takes its place.
    nameless = is_stand_in(survivor.person_name)
    for name, value in values.items():
        there = None if nameless and name == "full_name" else getattr(survivor, name)
        if not value or there == value or (name == "full_name" and is_stand_in(value)):
            continue
        if nameless and name in ("full_name", "first_name", "last_name"):
            blanks = {"full_name": None} | blanks
        elif name in ("full_name", "first_name", "last_name") and survivor.person_name and not there:
            # A whole name there is not completed by the parts of another one.
            if name == "full_name":
                continue
            parts = survivor.full_name
            if parts and value not in parts.split():
                continue
        if there:
            if name not in ("full_name", "org_name"):
                keep(uow, lead_id, survivor.id, name, value)
        else:
            blanks[name] = value
    if blanks:
        uow.update("entity", survivor.id, blanks)


def keep(uow: UnitOfWork, lead_id: int, survivor_id: int, name: str, value: Any) -> None:
    """Keep a value that lost in the operation's record."""
    uow.record.setdefault("kept", []).append({"from": lead_id, "into": survivor_id, "field": name, "value": value})


def _move_point(uow: UnitOfWork, row_id: int, survivor: Entity, side: str | None) -> None:
    row = uow.row("contact_point", row_id) or {}
    there = uow.rows("contact_point", entity_id=survivor.id, kind=row["kind"])
    first = not any(other["is_primary"] for other in there)
    for other in there:
        if (other["norm"] or other["value"]) == (row["norm"] or row["value"]):
            uow.delete("contact_point", row_id)
            if first:
                uow.update("contact_point", other["id"], {"is_primary": 1})
            if row["label"] and not other["label"]:
                uow.update("contact_point", other["id"], {"label": row["label"]})
            return
    changed = {"entity_id": survivor.id, "is_primary": int(first), "side": side or side_of(survivor)}
    uow.update("contact_point", row_id, changed)


def _move_address(uow: UnitOfWork, row_id: int, survivor: Entity, side: str | None) -> None:
    row = uow.row("address", row_id) or {}
    same = [
        address
        for address in load(uow.connection, survivor.id).addresses
        if all(
            (getattr(address, part) or None) == row[part] for part in ("value", "street", "city", "postcode", "country")
        )
    ]
    first = not uow.rows("address", entity_id=survivor.id, is_primary=1)
    if same:
        uow.delete("address", row_id)
        if first:
            uow.update("address", same[0].id, {"is_primary": 1})
        if row["label"] and not same[0].label:
            uow.update("address", same[0].id, {"label": row["label"]})
        return
    changed = {"entity_id": survivor.id, "is_primary": int(first), "side": side or side_of(survivor)}
    uow.update("address", row_id, changed)


def _appoint_primary(uow: UnitOfWork, number: int) -> None:
    """Make the first of each kind primary where the primary one has left."""
    kinds: dict[tuple[str, str], list[Row]] = {}
    for table in ("contact_point", "address"):
        for row in uow.rows(table, entity_id=number):
            kinds.setdefault((table, row.get("kind", "")), []).append(row)
    for (table, _kind), rows in kinds.items():
        if not any(row["is_primary"] for row in rows):
            uow.update(table, rows[0]["id"], {"is_primary": 1})


def _unite_tags(uow: UnitOfWork, lead_id: int, survivor_id: int) -> None:
    there = {row["tag"] for row in uow.rows("tag", entity_id=survivor_id)}
    for row in uow.rows("tag", entity_id=lead_id):
        if row["tag"] in there:
            uow.delete("tag", row["id"])
        else:
            uow.update("tag", row["id"], {"entity_id": survivor_id})


def _has_field(uow: UnitOfWork, row: Row, lead_id: int, survivor_id: int) -> bool:
    """Tell whether the survivor has a value of a field; a differing one of the lead is kept in the record."""
    there = uow.rows("field_value", entity_id=survivor_id, field_id=row["field_id"])
    if there and there[0]["value"] != row["value"]:
        name = uow.rows("field", id=row["field_id"])[0]["name"]
        keep(uow, lead_id, survivor_id, f"field:{name}", row["value"])
    return bool(there)


def _move_field(uow: UnitOfWork, row: Row, lead_id: int, survivor_id: int) -> None:
    if _has_field(uow, row, lead_id, survivor_id):
        uow.delete("field_value", row["id"])
    else:
        uow.update("field_value", row["id"], {"entity_id": survivor_id})
