"""Custom fields in an import: those that are declared, and those that the file brings along."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES
from dkcrm.domain.text import strip_marks
from dkcrm.domain.values import FIELD_KINDS, check_field_name, check_field_value
from dkcrm.errors import Busy, InvalidInput
from dkcrm.formats.caldates import read_date
from dkcrm.i18n import _, a_
from dkcrm.store.fields import RESERVED
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.settings import fields as declared_fields
from dkcrm.store.staging import declare, used_fields

#: id, kind, side, choices (a JSON array or None)
CustomField = tuple[int, str, str, str | None]
POLICIES = ("field", "note", "drop")


def field_name(header: str, place: int = 0) -> str:
    """Return the name of the custom field that takes a column: the header as one word of letters, digits and dashes."""
    word = re.sub(r"\W+", "-", strip_marks(header).replace("_", "-")).strip("-")[:56].strip("-")
    if not word:
        word = f"column-{place}" if place else "column"
    elif not word[0].isalpha():
        word = f"column-{word}"
    return f"{word}-field" if word in RESERVED else word


class Fields:
    """The custom fields of one import: a field that nobody declared gets a provisional number, and is declared at the
    end if a value of it was taken.
    """

    def __init__(self, declared: dict[str, CustomField], *, unmapped: str = "field", order: str | None = None) -> None:
        self.known = dict(declared)
        self.unmapped = unmapped
        self.order = order
        #: Whether the file is an export of ours: what it says an entity has, it has had.
        self.ours = False
        #: name -> (kind, side, choices) of what a file brings, where it says so itself.
        self.kinds: dict[str, tuple[str, str, str | None]] = {}
        #: Fields that the user named: they are taken whatever becomes of the columns that nobody did.
        self.named: set[str] = set()
        self._names: dict[str, str] = {}
        self._new: dict[int, str] = {}

    def values(
        self,
        n: int,
        said: Sequence[tuple[str, str]],
        type: str,
        entity: dict[str, str],
        notes: list[str],
        faults: list[str],
    ) -> list[tuple[Any, ...]]:
        """Return the rows to stage for values under their headers or names; what is wrong is added to the faults.

        ``type`` is a blank where that of the entity is not known, for what is wrong with it.
        """
        found: dict[int, tuple[Any, ...]] = {}
        for header, text in said:
            name = self.name_of(header)
            if name is None:
                if self.unmapped == "note":
                    notes.append(f"{header}: {text}")
                continue
            field_id, kind, side, _choices = self.known[name]
            if side != "both" and type and not self.ours and not _has_side(side, type, entity):
                faults.append(
                    _("the field {name} is for {side}, and the row has none").format(name=name, side=a_(side))
                )
                continue
            try:
                stored, number = self.value(name, text)
            except InvalidInput as error:
                faults.append(error.message)
                continue
            if field_id not in found:
                found[field_id] = (n, field_id, stored, number)
            elif kind == "text" and stored not in found[field_id][2].split("; "):
                found[field_id] = (n, field_id, f"{found[field_id][2]}; {stored}", None)
            elif kind != "text" and stored != found[field_id][2]:
                notes.append(f"{header}: {text}")
        return list(found.values())

    def value(self, name: str, text: str) -> tuple[str, float | None]:
        """Return a field's value as it is stored, and the number it sorts by, or raise InvalidInput."""
        _number, kind, _side, choices = self.known[name]
        said = (read_date(text, self.order) or text) if kind == "date" else text
        return check_field_value(name, kind, said, choices)

    def name_of(self, header: str) -> str | None:
        """Return the field that takes what stands under a header, or None where such columns are not taken."""
        name = self._names.get(header)
        if name is None:
            as_it_is = header in self.known or header in self.kinds or header in self.named
            name = header if as_it_is else field_name(header)
            if name not in self.known:
                if self.unmapped != "field" and name not in self.named:
                    return None
                self.bring(name)
            self._names[header] = name
        return name

    def bring(self, name: str, kind: str = "text") -> None:
        """Give a field that the file brings a provisional number."""
        if name not in self.known:
            number = -1 - len(self._new)
            self._new[number] = name
            self.known[name] = (number, *self.kinds.get(name, (kind, "both", None)))

    def types(self, said: Any) -> None:
        """Take over what our own export says that its custom fields are."""
        self.ours = self.ours or isinstance(said, dict)
        for name, field in said.items() if isinstance(said, dict) else ():
            if field.get("kind") in FIELD_KINDS and field.get("side") in ("person", "organization", "both"):
                self.kinds.setdefault(check_field_name(name), (field["kind"], field["side"], field.get("choices")))

    def declare(self, uow: UnitOfWork) -> list[str]:
        """Declare the fields that staged values need; return their names. The caller holds the write lock."""
        there = declared_fields(uow.connection)
        numbers: dict[int, int] = {}
        brought: list[str] = []
        for provisional in sorted(used_fields(uow), reverse=True):
            name = self._new[provisional]
            _number, kind, side, choices = self.known[name]
            if name in there:
                if there[name][1:] != (kind, side, choices):
                    raise Busy(
                        _("somebody has just declared the field {name} as another one").format(name=name),
                        hint=_("nothing was imported; run it again"),
                    )
                numbers[provisional] = there[name][0]
                continue
            numbers[provisional] = uow.insert("field", {"name": name, "kind": kind, "side": side, "choices": choices})
            brought.append(name)
        declare(uow, numbers)
        return brought


def _has_side(side: str, type: str, entity: dict[str, str]) -> bool:
    if type in ORGANIZATION_TYPES or type in PERSON_TYPES:
        return (side == "organization") == (type in ORGANIZATION_TYPES)
    if side == "organization":
        return "org_name" in entity
    return any(name in entity for name in ("full_name", "first_name", "last_name"))
