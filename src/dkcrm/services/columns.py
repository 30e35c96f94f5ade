"""The short road of an import: plain rows, a block at a time and column by column.

Most rows of most files have nothing to think about: a name, an email, a phone, each as it should be. What is done to
all of them is done to whole columns here, several times faster than row by row. A row with anything else in it (two
values in a cell, a placeholder, a control character, something wrong) is not plain, and takes the long road of
``rows`` and ``drafts``, which decides. A property test holds the two to the same outcome.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import repeat
from typing import Any

from dkcrm.domain.entity import OPEN_TYPES, ORGANIZATION_TYPES
from dkcrm.domain.matching import organization_key
from dkcrm.domain.text import LINE_LIMIT, fold
from dkcrm.errors import InvalidInput
from dkcrm.formats.cells import split_values
from dkcrm.services.blocks import Block, columns_of
from dkcrm.services.drafts import SCALARS, Drafts
from dkcrm.services.points import GAP, Looked, Points
from dkcrm.services.rows import BLANKS, SEVERAL, Rows, joined
from dkcrm.store.entities import parse_uid
from dkcrm.store.staging import Stage
from dkcrm.store.wide import Wide

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
#: The parts of an address in a file, and the columns that they are staged in.
_PARTS = {"street": "street", "city": "city", "region": "region", "postcode": "postcode", "country": "country",
          "address": "value"}  # fmt: skip
_MOST_REMEMBERED = 50_000
_organization_key = lru_cache(maxsize=8_192)(organization_key)


class Columns:
    """Stages blocks of rows; what it does with a plain row is what the long road would do."""

    def __init__(self, rows: Rows, drafts: Drafts) -> None:
        self.rows = rows
        self.drafts = drafts
        scalars = [name for _at, name in rows.scalars]
        self.scalars = {SCALARS[name]: at for at, name in rows.scalars}
        self.type = drafts.types[0] if len(drafts.types) == 1 else ""
        self.of_organizations = self.type in ORGANIZATION_TYPES
        self.uid = next((at for at, name in rows.singles if name == "uid"), None)
        self._tag_cells: dict[str, list[str] | None] = {}
        self._moments: dict[str, str] = {}
        self.addresses = [
            (label, [(_PARTS[name], places) for name, places in parts.items() if places])
            for label, _label_at, parts in rows.addresses
        ]
        self.points = Points(rows, drafts.region)
        self.wide = Wide(
            tuple((kind, label) for _at, kind, label, _label_at in rows.points),
            tuple((label, tuple(part for part, _places in parts)) for label, parts in self.addresses),
            "organization" if self.of_organizations else None,
        )
        self.possible = (
            bool(self.type)
            and not drafts.lenient
            and not drafts.peculiar
            and not rows.exact
            and rows.party is None
            and rows.type_at is None
            and not rows.constants
            and not rows.labelled
            and all(name == "uid" for _at, name in rows.singles)
            and len(scalars) == len(set(scalars))
            and len(rows.created) <= 1
            and len(rows.notes) <= 1
            and all(label_at is None for _at, _kind, _label, label_at in rows.points)
            and all(label_at is None for _label, label_at, _parts in rows.addresses)
            and len(rows.fields) == len({name for _at, name in rows.fields})
            and drafts.fields.unmapped != "note"
            and not (
                self.of_organizations
                and (
                    {"first_name", "last_name", "job_title"} & set(scalars) or {"name", "organization"} <= set(scalars)
                )
            )
        )

    def look(self, block: Block) -> list[bool]:
        """Look at a block; return which rows are plain, for ``emit`` to stage."""
        self.block = block.rows
        self.size = len(self.block)
        self.cells = columns_of(self.block)
        texts = [row[1] for row in self.block]
        disjoint = BLANKS.isdisjoint
        self.flags = [disjoint(row[2]) for row in self.block]
        whole = GAP.join(texts)
        if len(max(texts, key=len)) > LINE_LIMIT:
            self._refuse(texts, lambda text: len(text) > LINE_LIMIT)
        if not whole.replace(GAP, "").isprintable() or whole.count(GAP) != self.size * len(self.cells) - 1:
            gaps = len(self.cells) - 1
            self._refuse(texts, lambda text: not text.replace(GAP, "").isprintable() or text.count(GAP) != gaps)
        if SEVERAL in whole:
            self._refuse(texts, lambda text: SEVERAL in text)
        guards = ("'", "=")
        if any(GAP + guard in GAP + whole for guard in guards):
            self._refuse(texts, lambda text: text.startswith(guards) or any(GAP + guard in text for guard in guards))
        self._names()
        self._points(block.looked)
        self._tags()
        self._fields()
        self._rest()
        return self.flags

    def _refuse(self, values: Sequence[str], wrong: Callable[[str], object]) -> None:
        """Take plainness from the rows whose value is wrong."""
        for place, value in enumerate(values):
            if value and wrong(value):
                self.flags[place] = False

    def _column(self, column: str) -> Sequence[str] | None:
        at = self.scalars.get(column)
        return self.cells[at] if at is not None else None

    def _names(self) -> None:
        """Find the names, and refuse the rows that have none for their type; fold them."""
        blank = ("",) * self.size
        full, first, last = (self._column(name) or blank for name in ("full_name", "first_name", "last_name"))
        organization = self._column("org_name") or blank
        if self.of_organizations:
            if "org_name" not in self.scalars:
                organization, full = full, blank
            names = organization
        elif first is blank and last is blank:
            names = full
        else:
            names = [f or (f"{a} {b}" if a and b else a or b) for f, a, b in zip(full, first, last, strict=True)]
            # A whole name that says no more than the parts is not kept beside them.
            full = ["" if f == f"{a} {b}" else f for f, a, b in zip(full, first, last, strict=True)]
        if not all(names):
            for place, name in enumerate(names):
                if not name and not (self.type in OPEN_TYPES and organization[place]):
                    self.flags[place] = False
            self.name_keys = [fold(name or other) for name, other in zip(names, organization, strict=True)]
        else:
            self.name_keys = list(map(fold, names))
        self.full, self.first, self.last, self.organization = full, first, last, organization
        self.org_keys = [_organization_key(name) if name else "" for name in organization]

    def _points(self, looked: Looked | None) -> None:
        """Take the compared forms of emails, phones and links, and refuse the rows in which one is wrong."""
        self.norms, wrong = looked or self.points.look(self.cells)
        for place in wrong:
            self.flags[place] = False

    def _tags(self) -> None:
        constant = self.drafts.tags
        self.tagged: list[list[str]] = [constant] * self.size
        for at in self.rows.tags:
            for place, cell in enumerate(self.cells[at]):
                if cell:
                    tags = self._tags_of(cell)
                    if tags is None:
                        self.flags[place] = False
                    else:
                        self.tagged[place] = list(dict.fromkeys([*self.tagged[place], *tags]))

    def _tags_of(self, cell: str) -> list[str] | None:
        """Return the tags of a cell, checked, or None where one is wrong; each cell is read once: files have few."""
        if cell not in self._tag_cells:
            if len(self._tag_cells) > _MOST_REMEMBERED:
                self._tag_cells.clear()
            try:
                self._tag_cells[cell] = self.drafts.check_tags(split_values(cell, "tag"))
            except InvalidInput:
                self._tag_cells[cell] = None
        return self._tag_cells[cell]

    def _fields(self) -> None:
        self.fields: list[tuple[int, list[tuple[str, float | None] | None]]] = []
        for at, header in self.rows.fields:
            cells = self.cells[at]
            if not any(cells):
                continue
            name = self.drafts.fields.name_of(header)
            if name is None:
                continue
            number, kind, side, _choices = self.drafts.fields.known[name]
            values: list[tuple[str, float | None] | None] = []
            if side != "both":
                self._refuse(cells, bool)
                continue
            for place, cell in enumerate(cells):
                try:
                    values.append(((cell, None) if kind == "text" else self._value(name, cell)) if cell else None)
                except InvalidInput:
                    values.append(None)
                    self.flags[place] = False
            self.fields.append((number, values))

    def _value(self, name: str, cell: str) -> tuple[str, float | None]:
        return self.drafts.fields.value(name, cell)

    def _rest(self) -> None:
        """Read uids and the times of creation."""
        self.uids: list[bytearray | None] | None = None
        if self.uid is not None:
            self.uids = []
            cells = self.cells[self.uid]
            for place, (cell, uid) in enumerate(zip(cells, map(parse_uid, cells), strict=True)):
                self.uids.append(bytearray(uid) if uid else None)
                if cell and not uid:
                    self.flags[place] = False
        self.created: list[str] | None = None
        if self.rows.created:
            self.created = []
            for place, cell in enumerate(self.cells[self.rows.created[0]]):
                try:
                    self.created.append(self._moment(cell) if cell else "")
                except (InvalidInput, ValueError):
                    self.created.append("")
                    self.flags[place] = False

    def _moment(self, cell: str) -> str:
        """Return when an entity was created; raises InvalidInput or ValueError for what is no time."""
        if len(cell) == 20 and _MOMENT.fullmatch(cell):
            datetime.fromisoformat(cell[:-1])
            return cell
        if cell not in self._moments:
            if len(self._moments) > _MOST_REMEMBERED:
                self._moments.clear()
            self._moments[cell] = self.drafts.moment(self.rows.moment(cell))
        return self._moments[cell]

    def emit(self, start: int, end: int, n: int, stage: Stage) -> None:
        """Stage the rows ``start`` to ``end`` of the block, all of them plain; the first one's place is ``n``."""
        drafts, rows = self.drafts, stage.rows
        cut = slice(start, end)
        ns = range(n, n + end - start)
        marks = [row[3] for row in self.block[cut]]
        self._see(ns, cut, marks, stage)
        tagged = self.tagged[cut]
        rows["tag"] += [(number, tag) for number, tags in zip(ns, tagged, strict=True) for tag in tags]
        for field_id, cells in self.fields:
            rows["field_value"] += [
                (number, field_id, *value) for number, value in zip(ns, cells[cut], strict=True) if value is not None
            ]
        texts = [[value[0] if value else "" for value in values[cut]] for _number, values in self.fields]
        new_uid = drafts.new_uid
        columns: dict[str, Iterable[Any]] = {
            "n": ns,
            "line": [row[0] for row in self.block[cut]],
            "uid": [uid or bytearray(new_uid()) for uid in self.uids[cut]] if self.uids else _new(new_uid, len(ns)),
            "given": [int(bool(uid)) for uid in self.uids[cut]] if self.uids else repeat(0, len(ns)),
            "type": repeat(self.type, len(ns)),
            "fingerprint": marks,
            "org_name": self.organization[cut],
            "notes": self.cells[self.rows.notes[0]][cut] if self.rows.notes else repeat("", len(ns)),
            "name_key": self.name_keys[cut],
            "org_key": self.org_keys[cut],
        }
        for column, values in (("full_name", self.full), ("first_name", self.first), ("last_name", self.last)):
            if column in self.scalars and not (column == "full_name" and self.of_organizations):
                columns[column] = values[cut]
        for column in ("job_title", "vat_id", "tax_code", "website"):
            if column in self.scalars:
                columns[column] = self.cells[self.scalars[column]][cut]
        if "source" in self.scalars:
            columns["source"] = [said or drafts.source or "" for said in self.cells[self.scalars["source"]][cut]]
        elif drafts.source:
            columns["source"] = repeat(drafts.source, len(ns))
        if self.created is not None:
            columns["created_at"] = self.created[cut]
        if self.rows.tags or drafts.tags:
            columns["tags"] = [" ".join(tags) for tags in tagged]
        if self.rows.fields:
            columns["fields"] = map(" ".join, zip(*texts, strict=True)) if texts else repeat("", len(ns))
        for place, (at, *_rest) in enumerate(self.rows.points):
            columns[f"p{place}"] = self.cells[at][cut]
            columns[f"k{place}"] = self.norms[place][cut]
        for place, (_label, parts) in enumerate(self.addresses):
            for part, places in parts:
                columns[f"a{place}_{part}"] = self._joined(places)[cut]
        stage.stage_wide(columns)

    def _see(self, ns: range, cut: slice, marks: Sequence[int], stage: Stage) -> None:
        """Note the keys by which rows may be one party: uids, ids, emails, and of a row without them the row itself."""
        drafts = self.drafts
        if self.uids is not None:
            drafts.uids = True
            drafts.see("uid", *[bytes(uid) for uid in self.uids[cut] if uid])
        keyed: Sequence[str] | None = None
        if self.rows.identity is not None:
            identities = self.cells[self.rows.identity][cut]
            scope = drafts.scope
            said = [(number, scope, identity) for number, identity in zip(ns, identities, strict=True) if identity]
            stage.rows["identity"] += said
            drafts.ids = drafts.ids or bool(said)
            drafts.see("id", *[f"{scope}\n{identity}" for identity in identities if identity])
            keyed = identities
        for place, (_at, kind, *_rest) in enumerate(self.rows.points):
            if kind == "email":
                keys = self.norms[place][cut]
                drafts.see("email", *keys)
                keyed = keys if keyed is None else [one or two for one, two in zip(keyed, keys, strict=True)]
        if keyed is None:
            drafts.see("row", *marks)
        elif not all(keyed):
            drafts.see("row", *[mark for mark, key in zip(marks, keyed, strict=True) if not key])

    def _joined(self, places: Sequence[int]) -> Sequence[str]:
        """Return a part of an address; the lines of a street are joined by commas."""
        if len(places) == 1:
            return self.cells[places[0]]
        return [joined(cells) for cells in zip(*(self.cells[at] for at in places), strict=True)]


def _new(new_uid: Callable[[], bytes], count: int) -> list[bytearray]:
    # A bytearray is bound to a statement as it is; bytes are first looked up for an adapter.
    return [bytearray(new_uid()) for _row in range(count)]
