"""A kept card as the writer looks at it, and when its values are those of an entity."""

from __future__ import annotations

import re
from typing import Any

from dkcrm.domain.values import check_email
from dkcrm.errors import InvalidInput
from dkcrm.formats.record import Record
from dkcrm.formats.vcard.compose import Groups
from dkcrm.formats.vcard.content import cut
from dkcrm.formats.vcard.convert import Line
from dkcrm.formats.vcard.labels import label_text
from dkcrm.formats.vcard.mapping import read_card, text_of
from dkcrm.formats.vcard.unfold import version_of

#: Apple's properties that say something of the other one in their group.
COMPANIONS = frozenset(["X-ABLABEL", "X-ABADR", "X-ABCROSSSTREET"])
_NOT_DIGITS = re.compile(r"[^0-9]+")
_PHONE_MARKS = str.maketrans("", "", " +()./-\u00a0\u2011")


class Card:
    """A kept card: its content lines as text and taken apart, its dialect, its record, the labels of its groups."""

    __slots__ = ("contents", "labels", "labels_of", "lines", "record", "version")

    def __init__(self, text: str, groups: Groups) -> None:
        """Take a card's text; a group whose name ``groups`` has given away already gets another one."""
        self.version = version_of(text)
        lines = [line for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
        if lines and lines[0].strip().upper() == "BEGIN:VCARD":
            del lines[0]
        if lines and lines[-1].strip().upper() == "END:VCARD":
            del lines[-1]
        self.labels: dict[str, str | None] = {}
        renamed: dict[str, str] = {}
        own: set[str] = set()
        for at, line in enumerate(lines):
            if "." not in line.partition(":")[0] or not (found := cut(line)) or not found[0].group:
                continue
            group = found[0].group.lower()
            if group not in own and group not in renamed:
                if group in groups.used:
                    renamed[group] = groups.new()
                else:
                    own.add(group)
            if group in renamed:
                lines[at] = renamed[group] + line[line.index(".", len(found[0].group)) :]
                group = renamed[group]
            if found[0].key == "X-ABLABEL":
                self.labels[group] = label_text(text_of(*found))
        groups.used |= own
        self.lines = lines
        self.contents = [cut(line) for line in lines]
        self.record: Record = read_card(lines, self.version)
        #: Of each point (kind, folded value) and each address (its parts), the labels that it has in this card.
        self.labels_of: dict[object, set[str | None]] = {}
        for kind, value, label, _side in self.record.points:
            self.labels_of.setdefault((kind, value.casefold()), set()).add(label)
        for address in self.record.addresses:
            self.labels_of.setdefault(address[:6], set()).add(address[6])

    def name(self) -> str:
        """Return the name that the card's entity went by."""
        values = self.record.values
        if self.record.party == "organization":
            return values.get("organization", "")
        whole = values.get("name") or f"{values.get('first_name', '')} {values.get('last_name', '')}".strip()
        return whole or values.get("organization", "")

    def is_organization(self) -> bool:
        """Tell whether the card is an organization's, by what it says or by whose name it has."""
        return self.record.party == "organization" or "name" not in self.record.values


class Points:
    """An entity's emails, phones or links, to be found by what a card says."""

    def __init__(self, kind: str, points: list[dict[str, Any]]) -> None:
        self.phones = kind == "phone"
        self.all = points
        self._by_value: dict[str, dict[str, Any]] = {}
        self._by_folded: dict[str, dict[str, Any]] = {}
        self._by_digits: dict[str, dict[str, Any]] = {}
        for point in points:
            value = str(point["value"])
            self._by_value.setdefault(value, point)
            if not self.phones:
                self._by_folded.setdefault(value.casefold(), point)
            else:
                self._by_digits.setdefault(_NOT_DIGITS.sub("", value), point)
                e164 = _NOT_DIGITS.sub("", str(point.get("e164") or ""))
                # The country code is one to three digits, and the number without it is the same number.
                for cut_off in range(4 if e164 else 0):
                    self._by_digits.setdefault(e164[cut_off:], point)

    def find(self, text: str) -> dict[str, Any] | None:
        """Return the one that a card's value is: the same but for case, or the same number dialled; else None."""
        if text in self._by_value:
            return self._by_value[text]
        if not self.phones:
            return self._by_folded.get(text.casefold())
        digits = text.translate(_PHONE_MARKS)
        if len(digits) < 6 or not (digits.isascii() and digits.isdigit()):
            return None
        national = digits.removeprefix("00").lstrip("0")
        found = self._by_digits.get(digits)
        return found or (self._by_digits.get(national) if len(national) > 5 else None)


def is_email(text: str) -> bool:
    """Tell whether an import could have taken an email address."""
    try:
        check_email(text)
    except InvalidInput:
        return False
    return True


def same(line: Line) -> str:
    """Return the key by which two lines say the same."""
    return ";".join([line.key, *sorted(raw.upper() for raw in line.params)]) + ":" + line.value


def without_orphans(lines: list[Line], gone: set[str]) -> list[Line]:
    """Return the lines without the labels of properties that went, by the groups that these had."""
    if not gone:
        return lines
    alive = {line.group.lower() for line in lines if line.group and line.key not in COMPANIONS}
    return [line for line in lines if line.key not in COMPANIONS or line.group.lower() not in gone - alive]


def primary(values: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the primary one of an entity's values."""
    return next((value for value in values if value.get("primary")), values[0] if values else None)
