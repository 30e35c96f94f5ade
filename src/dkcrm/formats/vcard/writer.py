"""Writing vCards: lines folded, one card an entity."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.vcard.compose import (
    NAMES,
    PRODID,
    Groups,
    address_lines,
    birthday_line,
    name_lines,
    organization_lines,
    own_lines,
    own_side,
    point_lines,
    rev_line,
    website_lines,
)
from dkcrm.formats.vcard.content import escape
from dkcrm.formats.vcard.convert import Line, set_pref
from dkcrm.i18n import _

VERSIONS = ("3.0", "4.0")
_WIDTH = 75


def write_cards(
    entities: Iterable[tuple[dict[str, Any], Sequence[str]]], out: TextIO, *, version: str = "3.0"
) -> int:  # fmt: skip
    """Write entities as vCards (RFC 2426 or RFC 6350, lines ending in CRLF) and return how many.

    Each item is an entity as ``Entity.as_json`` shows it, and the card texts that were kept when it was imported,
    oldest first. What a kept card says and the entity still does comes out as it was. ``out`` must not translate line
    ends. Raises ``InvalidInput`` for another version than 3.0 and 4.0.
    """
    if version not in VERSIONS:
        raise InvalidInput(_("dkcrm writes no vCard {version}").format(version=version), hint=_("write 3.0 or 4.0"))
    count = 0
    for entity, cards in entities:
        if cards:
            from dkcrm.formats.vcard.merge import merged

            lines = merged(entity, cards, version)
        else:
            lines = fresh(entity, version)
        body = "".join([fold(line.text()) for line in lines])
        out.write(f"BEGIN:VCARD\r\nVERSION:{version}\r\n{body}END:VCARD\r\n")
        count += 1
    return count


def fresh(entity: Mapping[str, Any], version: str) -> list[Line]:
    """Return the lines of a card for an entity that came from none."""
    groups = Groups()
    organization = entity.get("party") == "organization"
    own = own_side(entity)
    lines = [Line("PRODID", PRODID)]
    if entity.get("uid"):
        lines.append(Line("UID", f"urn:uuid:{entity['uid']}"))
    lines += [Line("FN", escape(entity.get("name") or entity.get("organization") or "")), *name_lines(entity)]
    if entity.get("organization"):
        lines.append(Line("ORG", escape(entity["organization"])))
    if entity.get("job_title"):
        lines.append(Line("TITLE", escape(entity["job_title"])))
    if organization:
        lines += organization_lines(version)
    for kind in NAMES:
        values = entity.get(f"{kind}s") or []
        for point in values:
            made = point_lines(kind, point, groups, own=own)
            if point.get("primary") and len(values) > 1:
                set_pref(made[0], version, preferred=True)
            lines += made
    lines += website_lines(entity)
    addresses = entity.get("addresses") or []
    for address in addresses:
        made = address_lines(address, groups, own=own)
        if address.get("primary") and len(addresses) > 1:
            set_pref(made[0], version, preferred=True)
        lines += made
    if entity.get("notes"):
        lines.append(Line("NOTE", escape(entity["notes"])))
    if entity.get("tags"):
        lines.append(Line("CATEGORIES", ",".join(escape(tag) for tag in entity["tags"])))
    birthday = birthday_line(str((entity.get("fields") or {}).get("birthday") or ""), version)
    if birthday:
        lines.append(birthday)
    lines += own_lines(entity, birthday_said=birthday is not None)
    if entity.get("updated_at"):
        lines.append(rev_line(entity, version))
    return lines


def fold(line: str) -> str:
    """Return a content line with its line end, folded at 75 octets and never inside a character."""
    line = line.replace("\r", "").replace("\n", "\\n")
    if line.isascii():
        if len(line) <= _WIDTH:
            return line + "\r\n"
        rest = range(_WIDTH, len(line), _WIDTH - 1)
        return "\r\n ".join([line[:_WIDTH], *(line[at : at + _WIDTH - 1] for at in rest)]) + "\r\n"
    data = line.encode("utf-8", "replace")
    parts: list[bytes] = []
    start, width = 0, _WIDTH
    while len(data) - start > width:
        end = start + width
        while data[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(data[start:end])
        start, width = end, _WIDTH - 1
    parts.append(data[start:])
    return b"\r\n ".join(parts).decode() + "\r\n"
