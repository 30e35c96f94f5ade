"""What a user says of an entity: attributes as typed, checked, and written through a unit of work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, Address, Entity
from dkcrm.domain.lifecycle import side_of
from dkcrm.domain.text import check_line, check_text
from dkcrm.domain.values import (
    Labelled,
    check_email,
    check_field_value,
    check_link,
    check_phone,
    email_key,
    split_label,
)
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _, a_
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.settings import field_named

Row = dict[str, Any]


@dataclass
class Attributes:
    """Attributes as they were typed; None means not said, a blank scalar means taken away."""

    name: str | None = None
    first: str | None = None
    last: str | None = None
    title: str | None = None
    org: str | None = None
    vat: str | None = None
    tax_code: str | None = None
    website: str | None = None
    source: str | None = None
    emails: list[str] = field(default_factory=list)
    phones: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    fields: list[str] = field(default_factory=list)

    def said(self, state: str | None, remove: Sequence[str]) -> list[str]:
        """Return what was said, in words, for the sentence that ends a command."""
        told = {
            _("name"): self.name, _("first name"): self.first, _("last name"): self.last, _("job title"): self.title,
            _("organization"): self.org, _("VAT number"): self.vat, _("tax code"): self.tax_code,
            _("website"): self.website, _("source"): self.source, _("state"): state, _("emails"): self.emails or None,
            _("phones"): self.phones or None, _("addresses"): self.addresses or None, _("links"): self.links or None,
            _("tags"): self.tags or None, _("notes"): self.notes or None, _("fields"): self.fields or None,
        }  # fmt: skip
        return [word for word, value in told.items() if value is not None] + [f"-{value}" for value in remove]

    def scalars(self) -> Row:
        """Return the columns of ``entity`` that were said, checked; raises InvalidInput."""
        said = {
            "full_name": (self.name, _("name")),
            "first_name": (self.first, _("first name")),
            "last_name": (self.last, _("last name")),
            "job_title": (self.title, _("job title")),
            "org_name": (self.org, _("organization name")),
            "vat_id": (self.vat, _("VAT number")),
            "tax_code": (self.tax_code, _("tax code")),
            "website": (self.website, _("website")),
            "source": (self.source, _("source")),
        }
        row: Row = {}
        for column, (value, what) in said.items():
            if value == "":
                row[column] = None
            elif value is not None:
                row[column] = check_line(value, what)
        if self.notes:
            row["notes"] = "\n".join(check_text(note, _("note")) for note in self.notes)
        return row


def shape(type: str, row: Row) -> Row:
    """Return scalars with the name on the side that a type asks for, or raise InvalidInput for one it cannot have.

    NAME names a person, except that for targets and organizations it names the organization.
    """
    person = any(row.get(column) for column in ("full_name", "first_name", "last_name"))
    if type in ORGANIZATION_TYPES:
        if row.get("full_name") and row.get("org_name"):
            raise InvalidInput(_("{type} has one name: NAME or --org, not both").format(type=a_(type)))
        if row.get("full_name"):
            row = {**row, "org_name": row["full_name"], "full_name": None}
        refused = [c for c in ("first_name", "last_name", "job_title") if row.get(c)]
        if refused:
            raise InvalidInput(
                _("{type} is an organization and has no {what}").format(
                    type=a_(type), what=refused[0].replace("_", " ")
                ),
                hint=_("add the person as well and link them: dkcrm link PERSON ORGANIZATION"),
            )
        if not row.get("org_name"):
            raise InvalidInput(
                _("{type} needs a name").format(type=a_(type)), hint=f'dkcrm add {type} "Bianchi S.r.l."'
            )
    elif type in PERSON_TYPES and not person:
        hint = None
        if row.get("org_name"):
            other = "target" if type == "prospect" else "organization"
            hint = _("an organization is added as: dkcrm add {type} {name}").format(
                type=other, name=quoted(row["org_name"])
            )
        raise InvalidInput(_("{type} is a person and needs the person's name").format(type=a_(type)), hint=hint)
    elif not person and not row.get("org_name"):
        raise InvalidInput(
            _("a {type} needs a name: the person's, the organization's, or both").format(type=type),
            hint=_('dkcrm add {type} "Anna Bianchi", or dkcrm add {type} --org "Bianchi S.r.l."').format(type=type),
        )
    return row


def quoted(text: str) -> str:
    """Return a text as a shell takes it."""
    import shlex

    return shlex.quote(text)


def write_values(uow: UnitOfWork, entity: Entity, attributes: Attributes) -> None:
    """Add emails, phones, addresses, links, tags and custom fields to an entity; what is there stays."""
    side = side_of(entity)
    for text in attributes.emails:
        add_point(uow, entity, "email", split_label(text, _("email")), side)
    for text in attributes.phones:
        add_point(uow, entity, "phone", split_label(text, _("phone")), side)
    for text in attributes.links:
        add_point(uow, entity, "link", split_label(text, _("link")), side)
    for text in attributes.addresses:
        value, label, own_side = split_label(text, _("address"))
        if all(address.text() != value for address in entity.addresses):
            row = {"entity_id": entity.id, "value": value, "label": label, "side": own_side or side}
            first = not entity.addresses
            number = uow.insert("address", row | {"is_primary": int(first)})
            parts = (None,) * 5
            entity.addresses.append(Address(value, *parts, label, own_side or side, first, number))
    for tag in attributes.tags:
        add_tag(uow, entity, tag)
    for text in attributes.fields:
        set_field(uow, entity, text)


def point_row(kind: str, said: Labelled, region: str) -> Row:
    """Return the checked columns of an email, phone or link; ``norm`` only where it is not the value itself."""
    value = said.value
    if kind == "email":
        norm: str | None = email_key(check_email(value))
    elif kind == "phone":
        from dkcrm.domain.phone import e164

        norm = e164(check_phone(value), region)
        return {"kind": kind, "value": value, "norm": norm, "label": said.label}
    else:
        norm = check_link(value).casefold()
    return {"kind": kind, "value": value, "norm": norm if norm != value else None, "label": said.label}


def add_point(uow: UnitOfWork, entity: Entity, kind: str, said: Labelled, side: str) -> None:
    """Add an email, phone or link unless it is there; the first of its kind is the primary one."""
    row = point_row(kind, said, uow.session.region)
    key = row["norm"] or row["value"]
    there = uow.rows("contact_point", entity_id=entity.id, kind=kind)
    same = [found for found in there if (found["norm"] or found["value"]) == key]
    if same:
        if said.label and said.label != same[0]["label"]:
            uow.update("contact_point", same[0]["id"], {"label": said.label})
        return
    uow.insert("contact_point", row | {"entity_id": entity.id, "side": said.side or side, "is_primary": int(not there)})


def check_tag(tag: str) -> str:
    """Return a tag: one word of a shell, without commas, that does not look like an option."""
    word = check_line(tag, _("tag"), 100)
    if "," in word or word.startswith("-"):
        raise InvalidInput(
            _("not a tag: {tag}").format(tag=word), hint=_("a tag has no commas and does not begin with a dash")
        )
    return word


def add_tag(uow: UnitOfWork, entity: Entity, tag: str) -> None:
    """Tag an entity; a tag that it has already is left as it is."""
    word = check_tag(tag)
    if not uow.rows("tag", tag=word, entity_id=entity.id):
        uow.insert("tag", {"entity_id": entity.id, "tag": word})


def set_field(uow: UnitOfWork, entity: Entity, text: str) -> None:
    """Set a custom field from ``NAME=VALUE``; a blank value takes it away."""
    name, equals, value = text.partition("=")
    if not equals:
        raise InvalidInput(_("write a field as NAME=VALUE: {text}").format(text=text))
    field_id, kind, side, choices = field_named(uow.connection, name)
    name = name.strip().lower()
    found = uow.rows("field_value", entity_id=entity.id, field_id=field_id)
    if found and not value.strip():
        uow.delete("field_value", found[0]["id"])
        return
    if side != "both" and entity.party not in (side, "both"):
        raise InvalidInput(
            _("the field {name} is for {side}, and {who} is {party}").format(
                name=name, side=a_(side), who=entity.name, party=a_(entity.party)
            )
        )
    if not value.strip():
        return
    stored, number = check_field_value(name, kind, value, choices)
    if found:
        uow.update("field_value", found[0]["id"], {"value": stored, "num": number})
    else:
        row = {"entity_id": entity.id, "field_id": field_id, "value": stored, "num": number}
        uow.insert("field_value", row)


def remove_value(uow: UnitOfWork, entity: Entity, value: str) -> None:
    """Take an email, phone, link or address away; the next of its kind becomes the primary one."""
    from dkcrm.domain.phone import e164

    text = value.strip()
    number = e164(text, uow.session.region) if any(c.isdigit() for c in text) else None
    for point in entity.points:
        if (
            point.value == text
            or text.casefold() in (point.norm or "", point.value.casefold())
            or (point.kind == "phone" and number is not None and point.norm == number)
        ):
            uow.delete("contact_point", point.id)
            rest = [p for p in entity.points if p.kind == point.kind and p.id != point.id]
            if point.primary and rest:
                uow.update("contact_point", min(p.id for p in rest), {"is_primary": 1})
            entity.points.remove(point)
            return
    for address in entity.addresses:
        if address.text() == text:
            uow.delete("address", address.id)
            others = [a.id for a in entity.addresses if a.id != address.id]
            if address.primary and others:
                uow.update("address", min(others), {"is_primary": 1})
            entity.addresses.remove(address)
            return
    raise InvalidInput(
        _("{who} has no {value}").format(who=entity.name, value=value),
        hint=_("see what is there with: dkcrm show {id}").format(id=entity.id),
    )
