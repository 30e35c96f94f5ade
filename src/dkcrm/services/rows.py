"""From a row of a table to a record, by a plan made once from the columns of the file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from hashlib import blake2b
from itertools import zip_longest
from operator import itemgetter

from dkcrm.domain.text import LINE_LIMIT, check_line, check_text
from dkcrm.errors import InvalidInput
from dkcrm.formats.caldates import read_date
from dkcrm.formats.cells import GUARDED, PLACEHOLDERS, is_blank, label_of, party_of, split_values, unguard
from dkcrm.formats.headers import header_key, is_primary
from dkcrm.formats.mapping import Mapping, Place
from dkcrm.formats.record import Record
from dkcrm.formats.rules import Rules
from dkcrm.i18n import _
from dkcrm.services.declaring import field_name
from dkcrm.services.drafts import SCALARS

#: In the order of the staged columns.
_PARTS = ("street", "city", "region", "postcode", "country", "address")
_POINTS = ("email", "phone", "link")
#: Fields whose values are lists, and so may stand in one cell together.
_SEVERAL = (*_POINTS, "tag")
_NUMBER = re.compile(r"\d{1,5}[a-zA-Z]?(?:[/-]\d{1,4}[a-zA-Z]?)?")
#: What Google writes between the values of a cell.
SEVERAL = " ::: "
_SEPARATORS = (";", ",", "/", "\n", " ", "|")
BLANKS = frozenset(
    variant for word in PLACEHOLDERS if word for variant in (word, word.upper(), word.title(), word.capitalize())
)


def fingerprint(text: str) -> int:
    """Return 64 bits by which a row is known again."""
    return int.from_bytes(blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little", signed=True)


class Rows:
    """Turns the cells of a row into a record."""

    def __init__(
        self,
        headers: Sequence[str],
        mapping: Mapping,
        *,
        rules: Rules,
        unmapped: str = "field",
        order: str | None = None,
        declared: Collection[str] = (),
    ) -> None:
        self.headers = headers
        self.order = order
        #: Our own export: what stands in a cell is what it says, one value, whatever it looks like.
        self.exact = mapping.layout == "dkcrm"
        #: An apostrophe before a formula is somebody's guard, but in our own export only where that says so.
        self.guarded = not self.exact or GUARDED in headers
        self.rules = rules
        plan = [(at, name) for at, name in enumerate(mapping.fields) if name and name not in ("-", "label")]
        # The same columns in another order are the same row.
        places = sorted(range(len(headers)), key=lambda at: (header_key(headers[at]), at))
        self._picked: Callable[[Sequence[str]], Sequence[str]] = (
            itemgetter(*places) if len(places) > 1 else lambda cells: cells
        )
        self.scalars = [(at, name) for at, name in plan if name in SCALARS]
        self.singles = [(at, name) for at, name in plan if name in ("uid", "type", "state")]
        self.identity = mapping.external_id
        self.created = [at for at, name in plan if name == "created_at"]
        self.party = next((at for at, name in plan if name == "party"), None)
        self.notes = [at for at, name in plan if name == "note"]
        # Kind by kind: the first of each is the primary one.
        self.points = [
            (at, name, mapping.labels[at], mapping.label_at[at])
            for kind in _POINTS
            for at, name in (plan if self.exact else sorted(plan, key=lambda one: self._standing(one[0], mapping)))
            if name == kind
        ]
        #: Whether only the row says which phone is a fax.
        self._faxes_by_row = not self.exact and any(
            kind == "phone" and label_at is not None for _at, kind, _label, label_at in self.points
        )
        self.tags = [at for at, name in plan if name == "tag"]
        self.fields = [(at, name[6:]) for at, name in plan if name.startswith("field:")]
        #: Columns whose values are custom fields by the name that another column says, row by row; else by their own.
        self.labelled: list[tuple[int, int, str]] = []
        self.unmapped: list[str] = []
        self.constants = list(rules.fields.items())
        self._take_along(mapping, unmapped, frozenset(declared))
        self.addresses = self._address_plan(plan, mapping)
        #: What each column is, for what counts as a placeholder there.
        self.kinds = [name or "field:" for name in mapping.fields]
        self.skips = [(self._place(skip.column), skip) for skip in rules.skip]
        self.type_at = self._place(rules.type_column) if rules.type_column else None
        self._several_lines = {*self.notes, *(at for at, *_name in (*self.fields, *self.labelled))}
        self._several_lines |= {
            at for _label, _at, parts in self.addresses for at in (*parts["street"], *parts["address"])
        }
        self._several_lines |= {at for at in range(len(headers)) if mapping.fields[at] in (None, "-", *_SEVERAL)}

    def _standing(self, at: int, mapping: Mapping) -> int:
        """Return where the values of a column stand among those of their kind: primary ones first, faxes last."""
        label = mapping.labels[at]
        return 0 if label is None and is_primary(self.headers[at]) else 2 if label == "fax" else 1

    def _take_along(self, mapping: Mapping, unmapped: str, declared: frozenset[str]) -> None:
        """Plan where the columns go that no field takes: custom fields of their names, notes, or nowhere."""
        said = ("map", "rules")
        self.named = {name for at, name in self.fields if mapping.how[at] in said} | {
            name for name, _v in self.constants
        }
        if unmapped != "field":
            self.unmapped += [self.headers[at] for at, name in self.fields if name not in self.named | declared]
        taken = {name for _at, name in self.fields}
        for at, name in enumerate(mapping.fields):
            if name is not None:
                continue
            header = self.headers[at] or _("column {position}").format(position=at + 1)
            self.unmapped.append(header)
            label_at = mapping.label_at[at]
            if label_at is not None:
                self.labelled.append((at, label_at, header))
            elif unmapped == "note":
                self.fields.append((at, header))
            elif unmapped == "field":
                wanted = word = field_name(header, at + 1)
                number = 2
                while word in taken:
                    word = f"{wanted}-{number}"
                    number += 1
                taken.add(word)
                self.fields.append((at, word))

    @staticmethod
    def _address_plan(
        plan: Sequence[tuple[int, str]], mapping: Mapping
    ) -> list[tuple[str | None, int | None, dict[str, list[int]]]]:
        """Group the parts of addresses: those of one address stand under one label, and several streets are its lines.

        Where a label has two towns, it has two addresses: a part that repeats begins the second.
        """
        parts = [(at, name) for at, name in plan if name in _PARTS]
        towns = Counter((mapping.place(at), name) for at, name in parts)
        groups: list[tuple[Place, dict[str, list[int]]]] = []
        for at, name in parts:
            place = mapping.place(at)
            several = any(towns[place, town] > 1 for town in ("city", "postcode"))
            group = next((group for group in reversed(groups) if group[0] == place), None)
            if group is None or (group[1][name] and (several or name != "street")):
                group = (place, {part: [] for part in _PARTS})
                groups.append(group)
            group[1][name].append(at)
        return [(label, label_at, columns) for (label, label_at, _number), columns in groups]

    def _place(self, column: str) -> int:
        """Return where the column of a rule stands."""
        wanted = header_key(column)
        for at, header in enumerate(self.headers):
            if header_key(header) == wanted:
                return at
        raise InvalidInput(
            _("the file has no column '{column}', which the rules speak of").format(column=column),
            hint=_("its columns: {columns}").format(columns=", ".join(self.headers)[:400]),
        )

    def text(self, cells: Sequence[str]) -> str:
        """Return a row, its cells without outer blanks, as one text, by the order of their headers' names."""
        return "\x1f".join(self._picked(cells))

    def skipped(self, cells: Sequence[str]) -> bool:
        """Tell whether the rules leave a row out."""
        return any(skip.holds(cells[at]) for at, skip in self.skips)

    def type_of(self, cells: Sequence[str]) -> str | None:
        """Return the type that a row says itself, if it does."""
        if self.type_at is not None:
            return self.rules.type_of(cells[self.type_at])
        for at, name in self.singles:
            if name == "type" and cells[at].strip():
                return cells[at].strip().lower()
        return None

    def record(self, line: int, cells: Sequence[str]) -> Record:
        """Return what a row says, or raise InvalidInput."""
        whole = "".join(cells)
        if self.guarded and ("'" in whole or '="' in whole):
            cells = [unguard(cell) for cell in cells]
        if len(whole) > LINE_LIMIT or not whole.isprintable():
            self._check_cells(cells)
        if not self.exact and not BLANKS.isdisjoint(cells):
            cells = ["" if is_blank(cell, kind) else cell for cell, kind in zip(cells, self.kinds, strict=True)]
        rows = [cells] if SEVERAL not in whole or self.exact else _apart(cells)
        record = Record(line)
        values, notes = record.values, record.notes
        for at in self.notes:
            if cells[at]:
                notes.append(cells[at])
        for at, name in self.scalars:
            for row in rows:
                value = row[at]
                # A second website is a link; a second value for another attribute is kept as a note.
                if not value:
                    continue
                if name not in values:
                    values[name] = value
                elif values[name] != value and name == "website":
                    record.points.append(("link", value, None, None))
                elif values[name] != value:
                    notes.append(f"{self.headers[at]}: {value}")
        for at, name in self.singles:
            if cells[at]:
                values[name] = cells[at]
        if self.type_at is not None:
            said = self.rules.type_of(cells[self.type_at])
            if said:
                values["type"] = said
        if self.identity is not None and cells[self.identity]:
            values["external_id"] = cells[self.identity]
        for at in self.created:
            if cells[at]:
                values["created_at"] = self.moment(cells[at])
                break
        if self.party is not None and cells[self.party]:
            record.party = party_of(cells[self.party])
        for at, kind, label, label_at in self.points:
            value = cells[at]
            if value:
                said, side = _owned(cells[label_at]) if label_at is not None else (label, None)
                for one in [value] if self.exact else _split(value, kind):
                    record.points.append((kind, one, said, side))
        if self._faxes_by_row:
            record.points.sort(key=lambda point: point[0] == "phone" and point[2] == "fax")
        for label, label_at, parts in self.addresses:
            for row in rows:
                texts = [joined([row[at] for at in parts[name]]) or None for name in _PARTS]
                if any(texts):
                    said, side = _owned(cells[label_at]) if label_at is not None else (label, None)
                    street, city, region, postcode, country, whole_address = texts
                    record.addresses.append((street, city, region, postcode, country, whole_address, said, side))
        for at in self.tags:
            if cells[at]:
                record.tags += split_values(cells[at], "tag")
        for at, name in self.fields:
            if cells[at]:
                record.fields.append((name, cells[at]))
        record.fields += self.named_values(cells)
        if self.constants:
            record.fields += [pair for pair in self.constants if pair[0] not in {name for name, _v in record.fields}]
        return record

    def named_values(self, cells: Sequence[str]) -> list[tuple[str, str]]:
        """Return the values that a row names itself, as ``Event 1 - Label`` does ``Event 1 - Value``."""
        found = []
        for at, label_at, header in self.labelled:
            label = cells[label_at].strip().lstrip("*").strip()
            if cells[at]:
                found.append((label or header, cells[at]))
            elif label:
                found.append((self.headers[label_at], label))
        return found

    def moment(self, cell: str) -> str:
        """Return the time that a cell tells, by the order of dates of the file, or the cell where it tells none."""
        return read_date(cell, self.order) or cell

    def _check_cells(self, cells: Sequence[str]) -> None:
        faults = []
        for at, cell in enumerate(cells):
            if cell:
                check = check_text if at in self._several_lines else check_line
                try:
                    check(cell, self.headers[at] or str(at + 1))
                except InvalidInput as error:
                    faults.append(error.message)
        if faults:
            raise InvalidInput("; ".join(faults))


def _apart(cells: Sequence[str]) -> list[Sequence[str]]:
    """Return the rows that one with several values in its cells is: the first of each, the second of each …"""
    return list(zip_longest(*(map(str.strip, cell.split(SEVERAL)) for cell in cells), fillvalue=""))


def _split(cell: str, kind: str) -> list[str]:
    """Return the values of a cell; most have one, and nothing in it that could divide two."""
    for mark in _SEPARATORS:
        if mark in cell:
            return split_values(cell, kind)
    return [cell]


def joined(lines: Sequence[str]) -> str:
    """Return the lines of an address in one: with commas, but for a number that stands before its street."""
    text = ""
    for line in filter(None, lines):
        gap = "" if not text else " " if _NUMBER.fullmatch(text) else ", "
        text += gap + line
    return text


def _owned(cell: str) -> tuple[str | None, str | None]:
    """Return the label and the owner side that a cell gives to a value: as typed, ``organization/billing``."""
    side, slash, rest = cell.partition("/")
    if slash and side in ("person", "organization"):
        return rest.strip() or None, side
    return label_of(cell), None
