"""Content lines for what an entity has and no kept card says."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dkcrm.formats.vcard.content import Head, clean, escape, param_value
from dkcrm.formats.vcard.convert import Line
from dkcrm.formats.vcard.labels import types_for
from dkcrm.formats.vcard.mapping import birthday_of, place_of

PRODID = "-//dkcrm//EN"
NAMES = {"email": "EMAIL", "phone": "TEL", "link": "URL"}
#: Scalars that vCard has no property for.
OWN = (
    ("X-DKCRM-UID", "uid"),
    ("X-DKCRM-TYPE", "type"),
    ("X-DKCRM-STATE", "state"),
    ("X-DKCRM-VAT", "vat_id"),
    ("X-DKCRM-TAX-CODE", "tax_code"),
    ("X-DKCRM-SOURCE", "source"),
    ("X-DKCRM-CREATED", "created_at"),
)


class Groups:
    """Gives out group names (item1, item2 …) that a card does not use yet."""

    def __init__(self) -> None:
        self.used: set[str] = set()
        self._next = 1

    def new(self) -> str:
        """Return a name that nobody has."""
        while f"item{self._next}" in self.used:
            self._next += 1
        name = f"item{self._next}"
        self.used.add(name)
        return name


def labelled(line: Line, label: str | None, groups: Groups) -> list[Line]:
    """Return a line with its label: a TYPE word where vCard has one, else an X-ABLabel in the line's group."""
    words, text = types_for(line.key, label)
    line.params += [f"TYPE={word}" for word in words]
    if text is None:
        return [line]
    if not line.group:
        line.group = groups.new()
    return [line, Line("X-ABLabel", escape(text), group=line.group)]


def point_lines(kind: str, point: Mapping[str, Any], groups: Groups, *, own: str) -> list[Line]:
    """Return the lines of an email, phone or link as JSON shows it; any side but the ``own`` one has to be said."""
    line = Line(NAMES[kind], escape(str(point["value"])))
    line.kind, line.feeds = kind, point["value"]
    if kind == "email":
        line.params.append("TYPE=INTERNET")
    _side(line, point, own)
    return labelled(line, point.get("label"), groups)


def own_side(entity: Mapping[str, Any]) -> str:
    """Return the side that an entity's values are of where nothing else is said."""
    return "organization" if entity.get("party") == "organization" else "person"


def side_param(value: Mapping[str, Any], own: str) -> list[str]:
    """Return the parameter that says whose a value is, where it is not the entity's own side's."""
    side = value.get("side")
    return [f"X-DKCRM-SIDE={side}"] if side and side != own else []


def _side(line: Line, value: Mapping[str, Any], own: str) -> None:
    line.params += side_param(value, own)


def place(address: Mapping[str, Any]) -> tuple[str | None, ...]:
    """Return the parts of an address as JSON shows it, without the whole."""
    return tuple(address.get(name) or None for name in ("street", "city", "region", "postcode", "country"))


def address_lines(address: Mapping[str, Any], groups: Groups, *, own: str) -> list[Line]:
    """Return the lines of an address; what a structured value cannot say goes into parameters of ours."""
    parts = place(address)
    street, city, region, postcode, country = (escape(part or "") for part in parts)
    whole = address.get("value")
    line = Line("ADR", f";;{street};{city};{region};{postcode};{country}")
    if any(parts):
        town = " ".join(part for part in (parts[3], parts[1]) if part)
        if whole and whole != ", ".join(part for part in (parts[0], town, parts[2], parts[4]) if part):
            line.params.append(f"X-DKCRM-ADDRESS={param_value(whole)}")
        if (place_of(Head("ADR"), line.value, "3.0") or ())[:5] != parts:
            line.params.append("X-DKCRM-FIELD=street")
    else:
        line.value = f";;{escape(clean(whole or ''))};;;;"
        line.params.append("X-DKCRM-FIELD=address")
    line.kind, line.feeds = "address", (*parts, whole)
    _side(line, address, own)
    return labelled(line, address.get("label"), groups)


def name_lines(entity: Mapping[str, Any]) -> list[Line]:
    """Return N: first and last name, or the whole name undivided, with a mark that it is; blank for an organization."""
    first, last = entity.get("first_name") or "", entity.get("last_name") or ""
    if entity.get("party") == "organization":
        return [Line("N", ";;;;")]
    if first or last:
        return [Line("N", f"{escape(last)};{escape(first)};;;")]
    # Readers of 3.0 want an N; which part of a name is which is not guessed.
    return [Line("N", f";{escape(entity.get('name') or '')};;;"), Line("X-DKCRM-N", "whole")]


def organization_lines(version: str) -> list[Line]:
    """Return what says that a card is an organization's."""
    return [Line("KIND", "org") if version == "4.0" else Line("X-ABShowAs", "COMPANY")]


def birthday_line(value: str, version: str) -> Line | None:
    """Return BDAY for a field of that name, or None when it is no full date."""
    if birthday_of(Head("BDAY"), value) != value:
        return None
    return Line("BDAY", value.replace("-", "") if version == "4.0" else value)


def own_lines(entity: Mapping[str, Any], *, birthday_said: bool) -> list[Line]:
    """Return the lines for what vCard lacks: uid, type, state, codes, source, custom fields."""
    found = [Line(name, escape(str(entity[key]))) for name, key in OWN if entity.get(key)]
    for name, value in (entity.get("fields") or {}).items():
        if value and not (name == "birthday" and birthday_said):
            found.append(Line("X-DKCRM-FIELD", escape(str(value)), [f"X-NAME={param_value(str(name))}"]))
    return found


def website_lines(entity: Mapping[str, Any]) -> list[Line]:
    """Return the website as a URL that says so."""
    if not entity.get("website"):
        return []
    return [Line("URL", escape(entity["website"]), ["X-DKCRM-FIELD=website"])]


def rev_line(entity: Mapping[str, Any], version: str) -> Line:
    """Return when the entity was last changed."""
    moment = str(entity["updated_at"])
    return Line("REV", moment.replace("-", "").replace(":", "") if version == "4.0" else moment)
