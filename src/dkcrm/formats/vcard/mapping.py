"""What a card says in our words: each property and what it feeds, and the record that they make together."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from dkcrm.formats.record import AddressParts, Record
from dkcrm.formats.vcard.content import Head, clean, cut, decoded, one_line, split, unescape
from dkcrm.formats.vcard.labels import label_of, label_text

POINTS = {"EMAIL": "email", "TEL": "phone", "URL": "link", "IMPP": "link", "X-SOCIALPROFILE": "link"}
#: What only our own cards say, and what it feeds.
OURS = {
    "X-DKCRM-UID": "uid",
    "X-DKCRM-TYPE": "type",
    "X-DKCRM-STATE": "state",
    "X-DKCRM-VAT": "vat_id",
    "X-DKCRM-TAX-CODE": "tax_code",
    "X-DKCRM-SOURCE": "source",
    "X-DKCRM-CREATED": "created_at",
}
#: Written into a file of rejects; they say nothing of the one in the card.
DROPPED = frozenset(["X-DKCRM-LINE", "X-DKCRM-REASON"])
#: Properties that say nothing about anybody.
_ABOUT_THE_CARD = frozenset(["VERSION", "PRODID", "REV", "UID", "BEGIN", "END", "PROFILE"])
_KINDS = {"org": "organization", "organization": "organization", "group": "organization", "individual": "person"}
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")
_IN_ANGLES = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")
_DAY = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?:T.*)?", re.ASCII | re.DOTALL)
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")

Content = tuple[Head, str]
Place = tuple[str | None, str | None, str | None, str | None, str | None, str | None]


def content_of(lines: Sequence[str]) -> list[Content]:
    """Return the properties of a card's content lines; what has no colon is none."""
    return [found for found in map(cut, lines) if found]


def text_of(head: Head, value: str) -> str:
    """Return the text of a property, of as many lines as it has."""
    if head.encoding:
        value = decoded(head, value)
    return clean(unescape(value) if "\\" in value else value)


def line_of(head: Head, value: str) -> str:
    """Return the text of a property, as one line."""
    text = text_of(head, value)
    return text if text.isprintable() else one_line(text)


def components(head: Head, value: str) -> list[str]:
    """Return the parts of a structured value, still escaped."""
    return split(decoded(head, value) if head.encoding else value, ";")


def point_of(head: Head, value: str) -> str | None:
    """Return the email, phone or link that a property says, or None."""
    text = line_of(head, value)
    key = head.key
    if key == "TEL":
        return _phone(text) if text[:4].lower() == "tel:" else text or None
    if key == "EMAIL":
        text = text[7:] if text[:7].lower() == "mailto:" else text
        found = _IN_ANGLES.search(text) if "<" in text else None
        return (found[1] if found else text) or None
    if key == "URL":
        return text or None
    return text if _URL.fullmatch(text) and not text.lower().startswith("x-apple:") else None


def _phone(uri: str) -> str | None:
    """Return a tel: URI (RFC 3966) as people write it."""
    number, *params = uri[4:].split(";")
    extension = next((p[4:] for p in params if p[:4].lower() == "ext="), "")
    text = f"{number} ext. {extension}" if extension else number
    if "%" in text:
        text = _PERCENT.sub(lambda found: chr(int(found[0][1:], 16)), text)
    return one_line(text) or None


def place_of(head: Head, value: str, version: str) -> Place | None:
    """Return the address that an ADR says: street, city, region, postcode, country and the whole, or None if blank."""
    parts = components(head, value)
    ours = head.ours
    if ours == "street":
        # Our own, with a street of several lines or commas of its own kind.
        texts: list[str] = [clean(unescape(part)) for part in parts[:7]]
    else:
        texts = [part and _spoken(part, version) for part in parts[:7]]
    texts += [""] * (7 - len(texts))
    street = ", ".join([part for part in texts[:3] if part])
    whole = clean(head.param("X-DKCRM-ADDRESS") or "") or None if "X-DKCRM-" in head.text else None
    if ours == "address":
        return (None, None, None, None, None, whole or street) if whole or street else None
    found = (street or None, texts[3] or None, texts[4] or None, texts[5] or None, texts[6] or None, whole)
    return found if any(found) else None


def _spoken(part: str, version: str) -> str:
    """Return a part of an address on one line; its lines and its listed values are divided by a comma and a blank."""
    if version != "2.1" and "," in part:
        return ", ".join([text for text in (_spoken(item, "2.1") for item in split(part, ",")) if text])
    text = clean(unescape(part))
    if not text.isprintable():
        text = ", ".join([one for one in (one_line(line).rstrip(" ,") for line in text.split("\n")) if one])
    return text.rstrip(" ,")


def name_parts(head: Head, value: str, version: str) -> list[str]:
    """Return family, given, additional names, prefixes and suffixes."""
    parts = components(head, value)[:5]
    # In 2.1 a comma in a family or given name is a comma; the other parts are lists everywhere.
    first = 2 if version == "2.1" else 0
    parts = [" ".join(split(part, ",")) if at >= first and "," in part else part for at, part in enumerate(parts)]
    found = [part and one_line(unescape(part)) for part in parts]
    return found + [""] * (5 - len(found))


def tags_of(head: Head, value: str) -> list[str]:
    """Return the tags that CATEGORIES says; a comma inside of one becomes a blank."""
    found = (one_line(unescape(part)) for part in split(decoded(head, value) if head.encoding else value, ","))
    return [" ".join(tag.replace(",", " ").split()) if "," in tag else tag for tag in found if tag.strip(", ")]


def birthday_of(head: Head, value: str) -> str | None:
    """Return a full date as ``YYYY-MM-DD``, or None for one without a year, or of a year that was never said."""
    if any(raw.upper().startswith("X-APPLE-OMIT-YEAR") for raw in head.params):
        return None
    found = _DAY.fullmatch(line_of(head, value))
    if not found:
        return None
    try:
        return date(int(found[1]), int(found[2]), int(found[3])).isoformat()
    except ValueError:
        return None


def read_card(lines: Sequence[str], version: str, line: int = 0, raw: str = "") -> Record:
    """Return the record that a card's content lines make; it has no ``card`` yet.

    The name is FN, else made of N, else the NICKNAME; the preferred ones of emails, phones, links and addresses first.
    """
    record = Record(line, raw)
    values = record.values
    points: list[tuple[int, str, str, str | None, str | None, str]] = []
    places: list[tuple[int, Place, str | None, str | None, str]] = []
    labels: dict[str, str] = {}
    tags: dict[str, None] = {}
    birthday: str | None = None
    name = nickname = ""
    parts: list[str] | None = None
    whole = said_org = False
    for text in lines:
        found = cut(text)
        if not found:
            continue
        head, value = found
        if not value:
            continue
        key = head.key
        if key in POINTS:
            point = point_of(head, value)
            if not point:
                continue
            if head.ours == "website":
                values.setdefault("website", point)
                continue
            points.append((head.pref, POINTS[key], point, label_of(head.types), head.side, head.group))
        elif key == "FN":
            name = name or line_of(head, value)
        elif key == "N":
            parts = parts or name_parts(head, value, version)
        elif key == "ADR":
            place = place_of(head, value, version)
            if place:
                places.append((head.pref, place, label_of(head.types), head.side, head.group))
        elif key == "ORG":
            if "organization" not in values:
                organization = one_line(unescape(components(head, value)[0]))
                if organization:
                    values["organization"] = organization
        elif key == "TITLE":
            if "job_title" not in values:
                title = line_of(head, value)
                if title:
                    values["job_title"] = title
        elif key == "NOTE":
            note = text_of(head, value)
            if note:
                record.notes.append(note)
        elif key == "CATEGORIES":
            tags.update(dict.fromkeys(tags_of(head, value)))
        elif key == "UID":
            if "external_id" not in values and (uid := line_of(head, value)):
                values["external_id"] = uid
        elif key == "BDAY":
            if not birthday and (birthday := birthday_of(head, value)):
                record.fields.append(("birthday", birthday))
        elif key == "X-ABLABEL":
            labels[head.group.lower()] = text_of(head, value)
        elif key == "NICKNAME":
            nickname = nickname or line_of(head, value)
        elif key in ("KIND", "X-ADDRESSBOOKSERVER-KIND"):
            record.party = _KINDS.get(line_of(head, value).lower(), record.party)
        elif key == "X-ABSHOWAS":
            said_org = said_org or line_of(head, value).upper() == "COMPANY"
        elif key in OURS:
            if ours := line_of(head, value):
                values.setdefault(OURS[key], ours)
        elif key == "X-DKCRM-FIELD":
            field, ours = head.param("X-NAME"), text_of(head, value)
            if field and ours:
                record.fields.append((one_line(field), ours))
        elif key == "X-DKCRM-N":
            whole = True
    if said_org:
        record.party = "organization"
    record.tags = list(tags)
    _name(record, name, parts, nickname, whole=whole)
    _values(record, points, places, labels)
    return record


def _name(record: Record, name: str, parts: list[str] | None, nickname: str, *, whole: bool) -> None:
    """Put the names where they belong: a person's, or an organization's."""
    values = record.values
    built = ""
    if parts and any(parts):
        family, given, additional, prefix, suffix = parts
        built = " ".join([part for part in (prefix, given, additional, family, suffix) if part])
    organization = values.get("organization")
    if record.party is None and organization and not built and name in ("", organization):
        record.party = "organization"
    if record.party == "organization":
        if not organization and (name or built or nickname):
            values["organization"] = name or built or nickname
        return
    name = name or built or (nickname if not organization else "")
    if name:
        values["name"] = name
    # N of one piece that is several words ("N:John Doe") was never divided, and is not here.
    if built and parts and not whole and not (parts[0] == built and " " in built and name == built):
        if parts[1]:
            values["first_name"] = parts[1]
        if parts[0]:
            values["last_name"] = parts[0]


def _values(
    record: Record,
    points: list[tuple[int, str, str, str | None, str | None, str]],
    places: list[tuple[int, Place, str | None, str | None, str]],
    labels: dict[str, str],
) -> None:
    """Put points and addresses into the record, the preferred ones first, under Apple's labels where there are any."""
    if len(points) > 1:
        points.sort(key=_rank)
    for _pref, kind, value, label, side, group in points:
        if group and labels and group.lower() in labels:
            label = label_text(labels[group.lower()]) or label
        record.points.append((kind, value, label, side))
    if len(places) > 1:
        places.sort(key=_rank)
    for _pref, place, label, side, group in places:
        if group and labels and group.lower() in labels:
            label = label_text(labels[group.lower()]) or label
        address: AddressParts = (*place, label, side)
        record.addresses.append(address)


def _rank(item: tuple[int, *tuple[object, ...]]) -> int:
    return item[0]


def is_empty(lines: Sequence[str]) -> bool:
    """Tell whether a card says nothing of anybody."""
    for head, value in content_of(lines):
        if head.key not in _ABOUT_THE_CARD and head.key not in DROPPED and value.strip(" ;\t\0"):
            return False
    return not any(line.strip() and ":" not in line for line in lines)


def has_name(record: Record) -> bool:
    """Tell whether a record says who it is about."""
    return any(record.values.get(name) for name in ("name", "first_name", "last_name", "organization"))
