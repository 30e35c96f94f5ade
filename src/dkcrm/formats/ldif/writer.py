"""Entities to LDIF that Thunderbird and OpenLDAP take in, and that our own reader reads back without loss.

What the schemas have no attribute for stands in attributes of our own: ``dkcrmUid``, ``dkcrmTag``, ``dkcrmField`` …;
the label and side of a value that its attribute does not say in ``dkcrmLabel``, as JSON beside the value itself, so
that the value may be changed in the file and the rest of the entry still holds.
"""

from __future__ import annotations

import base64
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any, TextIO

from dkcrm.formats.ldif.schema import POINTS

_WIDTH = 76
#: RFC 2849's SAFE-STRING; a blank at the end would be lost on the way.
_SAFE = re.compile(r"(?![ :<])[\x01-\x09\x0b\x0c\x0e-\x7f]*(?<! )")
_DN_SPECIAL = re.compile(r'([,+"\\<>;=])')
_DN_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_PARTS = ("street", "city", "region", "postcode", "country")
_WORK = ("street", "l", "st", "postalCode", "co")
_HOME = (
    "mozillaHomeStreet", "mozillaHomeLocalityName", "mozillaHomeState", "mozillaHomePostalCode",
    "mozillaHomeCountryName",
)  # fmt: skip
_PHONES = {"home": "homePhone", "mobile": "mobile", "fax": "facsimileTelephoneNumber", "pager": "pager"}
_OWN = {
    "uid": "dkcrmUid",
    "type": "dkcrmType",
    "state": "dkcrmState",
    "party": "dkcrmParty",
    "vat_id": "dkcrmVatId",
    "tax_code": "dkcrmTaxCode",
    "website": "dkcrmWebsite",
    "source": "dkcrmSource",
    "created_at": "dkcrmCreated",
}
_CLASSES = ("top", "person", "organizationalPerson", "inetOrgPerson", "mozillaAbPersonAlpha")


def write_ldif(entities: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write entities (SPEC.md section 7) as LDIF (RFC 2849), lines folded at 76, and return how many they were."""
    out.write("version: 1\n")
    count = 0
    for entity in entities:
        out.write("\n")
        for name, value in _attributes(entity):
            out.write(_line(name, value))
        count += 1
    return count


def _attributes(entity: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the attributes of an entity, in the order in which Thunderbird writes them."""
    emails = entity.get("emails") or []
    name = entity.get("name") or entity.get("organization") or ""
    parts = [f"cn={_dn(name)}"] if name else []
    parts += [f"mail={_dn(emails[0]['value'])}"] if emails else []
    yield "dn", ",".join(parts) or f"dkcrmUid={_dn(str(entity.get('uid')))}"
    for word in _CLASSES:
        yield "objectClass", word
    for key, attribute in (
        ("first_name", "givenName"), ("last_name", "sn"), ("name", "cn"), ("organization", "o"), ("job_title", "title"),
    ):  # fmt: skip
        if entity.get(key):
            yield attribute, entity[key]
    side = entity.get("party")
    yield from _points("email", emails, side)
    yield from _points("phone", entity.get("phones") or [], side)
    yield from _addresses(entity.get("addresses") or [], side)
    yield from _points("link", entity.get("links") or [], side)
    if entity.get("notes"):
        yield "description", entity["notes"]
    for key, attribute in _OWN.items():
        if entity.get(key):
            yield attribute, str(entity[key])
    for tag in entity.get("tags") or []:
        yield "dkcrmTag", tag
    for field, value in (entity.get("fields") or {}).items():
        yield "dkcrmField", f"{field}={value}"


def _points(kind: str, points: list[dict[str, Any]], usual_side: str | None) -> Iterator[tuple[str, str]]:
    """Yield emails, phones or links, and of each what its attribute does not say."""
    times = Counter(point["value"] for point in points)
    for place, point in enumerate(points):
        value, label, side = point["value"], point.get("label"), point.get("side")
        if kind == "email":
            attribute = ("mail", "mozillaSecondEmail")[place] if place < 2 else "mailAlternateAddress"
        elif kind == "phone":
            attribute = _PHONES.get(label or "", "telephoneNumber")
        else:
            # What stands after a blank in a labeledURI is its label (RFC 2079).
            attribute = "url" if " " in value else "labeledURI"
        yield attribute, value
        if label != POINTS[attribute.lower()][1] or side != usual_side or times[value] > 1:
            yield "dkcrmLabel", json.dumps([kind, value, label, side])


def _addresses(addresses: list[dict[str, Any]], usual_side: str | None) -> Iterator[tuple[str, str]]:
    """Yield addresses: the first at home and the first other one in the attributes that there are, more in our own."""
    free = {"home": _HOME, "work": _WORK}
    for address in addresses:
        label, side = address.get("label"), address.get("side")
        parts = [address.get(part) for part in _PARTS]
        slot = "home" if label == "home" else "work"
        whole = address.get("formatted") if any(parts) else address.get("value")
        if slot not in free:
            yield "dkcrmAddress", json.dumps([*parts, whole, label, side])
            continue
        names = free.pop(slot)
        for name, part in zip(names, parts, strict=True):
            if part:
                yield name, part
        if whole:
            yield "homePostalAddress" if slot == "home" else "postalAddress", _escaped(whole)
        if label != slot or side != usual_side:
            yield "dkcrmLabel", json.dumps(["address", slot, label, side])


def _line(name: str, value: str) -> str:
    """Return an attribute as its line, folded; as base64 where it is no SAFE-STRING."""
    if _SAFE.fullmatch(value):
        line = f"{name}: {value}"
    else:
        # A value that even UTF-8 does not hold cannot be read back from anywhere: it does not stop the export.
        line = f"{name}:: {base64.b64encode(value.encode(errors='replace')).decode()}"
    if len(line) <= _WIDTH:
        return line + "\n"
    pieces = [line[:_WIDTH]]
    pieces += [line[at : at + _WIDTH - 1] for at in range(_WIDTH, len(line), _WIDTH - 1)]
    return "\n ".join(pieces) + "\n"


def _dn(value: str) -> str:
    """Return a value as it stands in a distinguished name (RFC 4514, 2.4)."""
    text = _DN_SPECIAL.sub(r"\\\1", value)
    text = _DN_CONTROL.sub(lambda match: f"\\{ord(match[0]):02X}", text)
    if text.startswith((" ", "#")):
        text = "\\" + text
    if text.endswith(" ") and not text.endswith("\\ "):
        text = text[:-1] + "\\ "
    return text


def _escaped(text: str) -> str:
    """Return a whole address as one line of a postal address (RFC 4517, 3.3.28)."""
    return text.replace("\\", "\\5C").replace("$", "\\24")
