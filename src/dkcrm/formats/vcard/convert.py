"""A property from one dialect to another: parameters, encodings, and the values that RFC 6350 writes in another way."""

from __future__ import annotations

import re

from dkcrm.formats.vcard.content import Head, decoded, escape, head_of, split, unescape
from dkcrm.formats.vcard.mapping import POINTS, point_of

#: Values that are one text, several parts, or a list; what is none of these is left as it stands.
_TEXTS = frozenset(["FN", "TITLE", "ROLE", "NOTE", "LABEL", "MAILER", "SORT-STRING", "X-ABLABEL", "X-DKCRM-REASON"])
_STRUCTURED = frozenset(["N", "ADR", "ORG"])
_PREFERRED = frozenset([*POINTS, "ADR", "LABEL"])
_LISTS = frozenset(["CATEGORIES", "NICKNAME"])
_MEDIA = {"PHOTO": "image", "LOGO": "image", "SOUND": "audio", "KEY": "application"}
_KEYS = {"x509": "pkix-cert", "pgp": "pgp-keys"}
_SUBTYPES = {subtype: word for word, subtype in _KEYS.items()}
_SIGNATURES = (("/9j/", "image/jpeg"), ("iVBOR", "image/png"), ("R0lG", "image/gif"))
_DATES = frozenset(["BDAY", "ANNIVERSARY", "DEATHDATE", "REV"])
_EXTENDED = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)(?:([Tt]\d\d)(?::(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?)?([Zz]|[+-]\d\d(?::?\d\d)?)?)?"
)
_GEO = re.compile(r"(?:geo:)?(-?[\d.]{1,20})[;,](-?[\d.]{1,20})", re.IGNORECASE)


class Line:
    """A content line in the making; ``kind`` and ``feeds`` say which value of the entity it carries, if one."""

    __slots__ = ("feeds", "group", "kind", "name", "params", "value")

    def __init__(self, name: str, value: str, params: list[str] | None = None, group: str = "") -> None:
        self.name = name
        self.value = value
        self.params = params if params is not None else []
        self.group = group
        self.kind = ""
        self.feeds: object = None

    @property
    def key(self) -> str:
        """The name in capitals."""
        return self.name.upper()

    def text(self) -> str:
        """Return the content line, not folded."""
        name = f"{self.group}.{self.name}" if self.group else self.name
        return f"{';'.join([name, *self.params])}:{self.value}" if self.params else f"{name}:{self.value}"

    def types(self) -> list[str]:
        """Return the TYPE words, as written."""
        return [word for raw in self.params if _key(raw) == "TYPE" for word in _words(raw)]

    def rank(self) -> int:
        """Return how much it is preferred: 1 is first, 101 says nothing."""
        return head_of(";".join(["X", *self.params])).pref if self.params else 101


def _key(raw: str) -> str:
    """Return a parameter's name in capitals; "" for a bare one."""
    name, equals, _value = raw.partition("=")
    return name.strip().upper() if equals else ""


def _words(raw: str) -> list[str]:
    """Return the words of a TYPE parameter."""
    return [word for word in (part.strip(' "\t') for part in raw.partition("=")[2].split(",")) if word]


def without_types(params: list[str], unwanted: frozenset[str] | set[str]) -> list[str]:
    """Return parameters without some TYPE words (lower case)."""
    kept: list[str] = []
    for raw in params:
        if _key(raw) != "TYPE":
            kept.append(raw)
            continue
        words = _words(raw)
        left = [word for word in words if word.lower() not in unwanted]
        if left == words:
            kept.append(raw)
        elif left:
            kept.append(f"TYPE={','.join(left)}")
    return kept


def set_pref(line: Line, version: str, *, preferred: bool) -> None:
    """Mark a line as the preferred one of its kind, or take the mark away."""
    line.params = without_types([raw for raw in line.params if _key(raw) != "PREF"], {"pref"})
    if preferred:
        line.params.append("PREF=1" if version == "4.0" else "TYPE=pref")


def convert(head: Head, value: str, source: str, target: str) -> Line:
    """Return a property of a card in another dialect; what both say alike stays as it was written.

    Nothing is dropped but CHARSET and what an encoding said that is not used any more.
    """
    as_it_is = not head.encoding or (head.encoding == "b" and target == "3.0" and "ENCODING=b" in head.text)
    if source == target and as_it_is and not head.bare and not head.charset:
        return Line(head.name, value, list(head.params), head.group)
    key = head.key
    text = _value(head, value, source)
    binary = head.encoding == "b" and text is value
    if binary:
        text = "".join(value.split())
    line = Line(head.name, text, _params(head, target, version_changes=source != target), head.group)
    if binary and target == "3.0":
        line.params.append("ENCODING=b")
    if target == "4.0":
        _to_four(line, key, head, binary=binary)
    elif source == "4.0":
        _to_three(line, key, head)
    return line


def _value(head: Head, value: str, source: str) -> str:
    """Return a value without its transfer encoding, escaped as 3.0 and 4.0 escape; binary ones as they stand."""
    key = head.key
    readable = key in _TEXTS or key in _STRUCTURED or key in _LISTS
    if head.encoding == "b" and not readable:
        return value
    text = decoded(head, value)
    if head.encoding == "b" and text == value:
        return value
    if source != "2.1" and head.encoding not in ("q", "b"):
        return text
    if key in _TEXTS:
        return escape(unescape(text))
    if key in _STRUCTURED:
        listed = 2 if key == "N" else 0 if source != "2.1" else 99
        return ";".join([_part(part, listed=at >= listed) for at, part in enumerate(split(text, ";"))])
    if key in _LISTS:
        return ",".join([escape(unescape(part)) for part in split(text, ",")])
    return text.replace("\n", "\\n")


def _part(part: str, *, listed: bool) -> str:
    """Return a part of a structured value; the plain commas of one that may be a list divide it, and stay."""
    if not listed:
        return escape(unescape(part))
    return ",".join([escape(unescape(item)) for item in split(part, ",")])


def _params(head: Head, target: str, *, version_changes: bool) -> list[str]:
    """Return the parameters as the target writes them, without encodings."""
    found: list[str] = []
    pref = False
    for raw in head.params:
        key = _key(raw)
        if not key:
            word = raw.strip()
            upper = word.upper()
            if upper == "URL":
                found.append("VALUE=uri")
            elif upper in ("INLINE", "CID", "CONTENT-ID"):
                found.append(f"VALUE={upper.lower()}")
            elif upper and upper not in ("BASE64", "B", "QUOTED-PRINTABLE", "8BIT", "7BIT"):
                if upper == "PREF":
                    pref = True
                else:
                    found.append(f"TYPE={word}" if re.fullmatch(r"[\w-]+", word) else f'TYPE="{word}"')
        elif key == "CHARSET" or (key == "ENCODING" and head.encoding):
            continue
        elif key == "VALUE" and raw.partition("=")[2].strip(' "').upper() == "URL":
            found.append("VALUE=uri")
        elif key == "TYPE" and version_changes:
            words = _words(raw)
            pref = pref or any(word.lower() == "pref" for word in words)
            left = [word for word in words if word.lower() != "pref"]
            if left:
                found.append(f"TYPE={','.join(left)}")
        elif key == "PREF" and target == "3.0" and head.pref == 1 and head.key in _PREFERRED:
            pref = True
        else:
            found.append(raw)
    if pref:
        found.append("PREF=1" if target == "4.0" else "TYPE=pref")
    return found


def _to_four(line: Line, key: str, head: Head, *, binary: bool) -> None:
    """Write a property of an older card as RFC 6350 does."""
    if key == "AGENT":
        line.name = "X-AGENT"
    elif key in _DATES:
        found = _EXTENDED.fullmatch(line.value.strip())
        if found:
            line.value = "".join(part or "" for part in found.groups())
    elif key == "GEO" and ";" in line.value:
        place = _GEO.fullmatch(line.value.strip())
        if place:
            line.value = f"geo:{place[1]},{place[2]}"
    elif key in _MEDIA or binary:
        word, media = _media_of(key, head, line.value)
        if binary:
            line.params = without_types(line.params, {word})
            line.value = f"data:{media or 'application/octet-stream'};base64,{line.value}"
            if not any(_key(raw) == "VALUE" for raw in line.params) and key not in _MEDIA:
                line.params.append("VALUE=uri")
        elif head.value_type in ("uri", "url") and media and not any(_key(raw) == "MEDIATYPE" for raw in line.params):
            line.params = [*without_types(line.params, {word}), f"MEDIATYPE={media}"]


def _media_of(key: str, head: Head, value: str) -> tuple[str, str]:
    """Return the TYPE word that says what a binary value is, and the media type; blanks where nothing says it."""
    for word in head.types:
        if word in ("pref", "home", "work"):
            continue
        if re.fullmatch(r"[\w.+-]+/[\w.+-]+", word):
            return word, word
        if key in _MEDIA and re.fullmatch(r"[\w.+-]+", word):
            return word, f"{_MEDIA[key]}/{_KEYS.get(word, word) if key == 'KEY' else word}"
    return "", next((media for start, media in _SIGNATURES if value.startswith(start)), "")


def _to_three(line: Line, key: str, head: Head) -> None:
    """Write a property of a 4.0 card as RFC 2426 does."""
    if key == "X-AGENT" and line.value[:11].upper() == "BEGIN:VCARD":
        line.name = "AGENT"
    elif key == "GEO" and line.value[:4].lower() == "geo:":
        place = _GEO.fullmatch(line.value.strip())
        if place:
            line.value = f"{place[1]};{place[2]}"
    elif key == "TEL" and line.value[:4].lower() == "tel:":
        params = line.value.split(";")[1:]
        number = point_of(head, line.value)
        if number and all(param[:4].lower() == "ext=" for param in params) and len(params) < 2:
            line.value = escape(number)
            line.params = [raw for raw in line.params if _key(raw) != "VALUE"]
    elif key in _MEDIA and line.value[:5].lower() == "data:":
        start, comma, data = line.value.replace("\\,", ",", 1).partition(",")
        media, _semicolon, encoding = start[5:].replace("\\;", ";").partition(";")
        if not comma or encoding.lower() != "base64":
            line.params = [*(raw for raw in line.params if _key(raw) != "VALUE"), "VALUE=uri"]
            return
        line.value = data
        line.params = [raw for raw in line.params if _key(raw) not in ("VALUE", "MEDIATYPE")]
        main, _slash, subtype = media.lower().partition("/")
        if subtype and main == _MEDIA[key] and re.fullmatch(r"[\w.+-]+", subtype):
            line.params.append(f"TYPE={_SUBTYPES.get(subtype, subtype).upper()}")
        elif subtype and re.fullmatch(r"[\w.+-]+/[\w.+-]+", media):
            line.params.append(f'TYPE="{media}"')
        line.params.append("ENCODING=b")
    elif key in _MEDIA:
        media = head.param("MEDIATYPE") or ""
        main, _slash, subtype = media.lower().partition("/")
        if main == _MEDIA[key] and re.fullmatch(r"[\w.+-]+", subtype):
            line.params = [raw for raw in line.params if _key(raw) not in ("MEDIATYPE", "VALUE")]
            line.params += [f"TYPE={_SUBTYPES.get(subtype, subtype).upper()}", "VALUE=uri"]
