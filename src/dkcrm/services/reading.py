"""A file on its way into an import: what it is, what its columns mean, and its records one by one."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from dkcrm.domain.text import nearest
from dkcrm.errors import InvalidInput, Refused
from dkcrm.formats import recognise
from dkcrm.formats.caldates import ambiguous, date_order, looks_like_dates, read_date
from dkcrm.formats.cells import is_blank
from dkcrm.formats.looks import are_names
from dkcrm.formats.mapping import Mapping, is_known, propose
from dkcrm.formats.record import Record, Records, Table
from dkcrm.formats.rules import Rules
from dkcrm.i18n import _
from dkcrm.services.declaring import CustomField, field_name
from dkcrm.services.rows import Rows, fingerprint

ORDERS = ("dmy", "mdy", "ymd")
_MAIL = ("eml", "mbox", "maildir")

#: Where a record starts, its text for the fingerprint, and how to make a record of it.
Item = tuple[int, str, Any]


@dataclass
class Options:
    """How a file is to be read, as the user said it."""

    mapping: Sequence[tuple[str, str]] = ()
    rules: Rules = field(default_factory=Rules)
    format: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    unmapped: str = "field"
    date_order: str | None = None
    #: The user's own email addresses, folded.
    mine: frozenset[str] = frozenset()


class Reading:
    """An opened file: iterate over ``items``, and turn the ones wanted into records with ``record``."""

    def __init__(self, path: str, options: Options, declared: dict[str, CustomField]) -> None:
        self.options = options
        if options.date_order not in (None, *ORDERS):
            raise InvalidInput(
                _("no such order of dates: {order}").format(order=options.date_order),
                hint=_("one of: {orders}").format(orders=", ".join(ORDERS)),
            )
        self.path = path
        found, self.place = recognise.recognise(path)
        self.format = recognise.check_format(options.format) if options.format else found
        self.source: Table | Records = self._open()
        self.mapping: Mapping | None = None
        self.kinds: dict[str, str] = {}
        self.order = options.date_order
        self.doubtful_dates: list[str] = []
        #: Of columns of dates that are kept as text: the column, and where something stands that is none.
        self.undated: list[tuple[str, int, str]] = []
        #: Whether it is a table of emails without a column for names.
        self.of_emails = False
        try:
            if isinstance(self.source, Table):
                self._plan(self.source, declared)
        except BaseException:
            self.source.__exit__()
            raise

    def _open(self) -> Table | Records:
        open_ = recognise.opener(self.format)
        options = self.options
        more: dict[str, Any] = {}
        if recognise.FORMATS[self.format].is_table:
            rules = options.rules
            wanted = [*(header for header, _name in options.mapping), *rules.headers()]
            more = {"known": is_known, "wanted": wanted}
            if self.format == "xlsx":
                more["sheet"] = options.sheet or rules.sheet
            else:
                more |= {
                    "delimiter": options.delimiter or rules.delimiter,
                    "encoding": options.encoding or rules.encoding,
                }
        else:
            more["encoding"] = options.encoding or options.rules.encoding
            if self.format == "mail":
                more["mine"] = options.mine
        source: Table | Records = open_(self.place, **more)
        return source

    @property
    def size(self) -> int:
        """How many bytes the file has, to tell how far the reading is; 0 for a directory."""
        return os.path.getsize(self.place) if os.path.isfile(self.place) else 0

    @property
    def is_mail(self) -> bool:
        """Whether the records are messages: whoever wrote one is told by the address alone, and keeps their type."""
        return self.source.format in _MAIL

    @property
    def lenient(self) -> bool:
        """Whether a program wrote the file, so that a value that is none of its kind is kept as it stands."""
        return not isinstance(self.source, Table)

    @property
    def scope(self) -> str | None:
        """The program whose ids the records have, where that is known."""
        return self.mapping.scope if self.mapping else getattr(self.source, "scope", None)

    @property
    def layout(self) -> str | None:
        """The program that wrote the table, where it was recognised."""
        return self.mapping.layout if self.mapping else None

    def described(self) -> list[dict[str, Any]]:
        """Return what each column feeds, and how that was found; ``field:*`` is named by the label in each row."""
        if not isinstance(self.source, Table) or self.mapping is None:
            return []
        own = dict(self.rows.fields) | {at: "*" for at, *_names in self.rows.labelled}
        return [
            {
                "column": header,
                "field": self.mapping.fields[at] or (f"field:{own[at]}" if at in own else None),
                "label": self.mapping.labels[at],
                "how": self.mapping.how[at],
            }
            for at, header in enumerate(self.source.headers)
        ]

    @property
    def unmapped(self) -> list[str]:
        """The headers that no field takes."""
        return self.rows.unmapped if isinstance(self.source, Table) else []

    def plan_texts(self) -> list[str]:
        """Return what is made of a row, as texts: rows that came in by the same plan are the same.

        A column that becomes a custom field is that field, whether it was there before the import or not. Earlier
        versions told the two apart: what they made of the same file comes after the first text.
        """
        if self.mapping is None:
            return [self.source.format]
        fields = self.mapping.fields
        own = dict(self.rows.fields) if self.options.unmapped == "field" else {}
        settled = [f"field:{own[at]}" if at in own else field for at, field in enumerate(fields)]
        before = [None if at in own else field for at, field in enumerate(fields)]
        return list(dict.fromkeys(self._plan_text(plan, self.mapping) for plan in (settled, fields, before)))

    def _plan_text(self, fields: Sequence[str | None], mapping: Mapping) -> str:
        return repr((
            fields, mapping.labels, mapping.label_at, mapping.external_id, self.order, self.options.unmapped,
            self.options.rules.fields, self.options.rules.types, self.options.rules.type_default,
        ))  # fmt: skip

    # Records

    def items(self) -> Iterator[Item]:
        """Yield (line, text, what a record is made of) for each record; ``rejects`` of the source fills meanwhile."""
        if isinstance(self.source, Table):
            skipped = self.rows.skipped if self.options.rules.skip else None
            for line, cells in self.source.rows:
                if skipped is not None and skipped(cells):
                    self.left_out += 1
                    continue
                stripped = list(map(str.strip, cells))
                yield line, self.rows.text(stripped), stripped
        else:
            for record in self.source.records:
                # A message to several people is a record of each.
                mark = record.points[0][1] if self.is_mail and record.points else ""
                yield record.line, record.raw + mark, record

    left_out = 0

    def record(self, line: int, item: Any) -> Record:
        """Return the record of an item, or raise InvalidInput."""
        return item if isinstance(item, Record) else self.rows.record(line, item)

    def type_of(self, item: Any) -> str | None:
        """Return the type that an item says itself, if it does."""
        if isinstance(item, Record):
            return item.values.get("type")
        return self.rows.type_of(item)

    def raw(self, item: Any) -> list[str]:
        """Return an item as the file of rejects has it."""
        return [item.raw] if isinstance(item, Record) else item

    def raw_at(self, lines: set[int]) -> dict[int, list[str]]:
        """Return the records at some lines as they were, reading the file a second time."""
        found: dict[int, list[str]] = {}
        again: Iterator[tuple[int, list[str]]]
        if isinstance(self.source, Table):
            again = self.source.reread()
        else:
            other = self._open()
            assert isinstance(other, Records)
            again = ((record.line, [record.raw]) for record in other.records)
        for line, row in again:
            if line in lines:
                found[line] = row
                if len(found) == len(lines):
                    break
        return found

    # Planning

    def _plan(self, table: Table, declared: dict[str, CustomField]) -> None:
        options = self.options
        self.mapping = propose(
            table.headers, table.sample, given=options.mapping, custom=list(declared), rules=options.rules
        )
        self.rows = Rows(
            table.headers, self.mapping, rules=options.rules, unmapped=options.unmapped, order=options.date_order,
            declared=declared,
        )  # fmt: skip
        self._check_names(table)
        self._find_order(table, declared)
        if self.rows.labelled:
            self._find_days(table, declared)
        self.rows.order = self.order

    def _check_names(self, table: Table) -> None:
        """Refuse a table in which no column gives anybody a name, unless it is one of emails and holds none."""
        assert self.mapping is not None
        fields = self.mapping.fields
        if {"name", "first_name", "last_name", "organization"}.intersection(filter(None, fields)):
            return
        open_ones = [at for at, field in enumerate(fields) if field is None and table.headers[at]]
        maybe = [at for at in open_ones if are_names(row[at] for row in table.sample)]
        if "email" in fields and not maybe:
            self.of_emails = True
            return
        columns = ", ".join(header for header in table.headers if header)[:400]
        close = nearest("name", [header.lower() for header in table.headers])
        near = [header for header in table.headers if header.lower() in close]
        likely = [*near, *(table.headers[at] for at in (*maybe, *open_ones)), table.headers[0]]
        raise InvalidInput(
            _("no column of {path} is a name; its columns: {columns}").format(path=self.path, columns=columns),
            hint=_("say which one is, for example --map '{header}=name'").format(header=likely[0]),
        )

    def _find_order(self, table: Table, declared: dict[str, CustomField]) -> None:
        """Find the order of day and month in the columns of dates, in all rows where the first ones do not prove it.

        A column that no field takes and that is all dates becomes a field of dates.
        """
        assert self.mapping is not None
        dates = {at for at, name in enumerate(self.mapping.fields) if name == "created_at"}
        named = {at: name for at, name in self.rows.fields if name in declared and declared[name][1] == "date"}
        dates |= named.keys()
        sample = table.sample
        new = {at: name for at, name in self.rows.fields if name not in declared}
        brought = {at: name for at, name in new.items() if self._all_days([row[at] for row in sample])}
        if self.options.unmapped != "field":
            new = {at: name for at, name in new.items() if name in self.rows.named}
        mixed = [at for at in new if at not in brought and _half_are_days(row[at].strip() for row in sample)]
        if mixed:
            self._find_undated(table, mixed)
        if not dates and not brought:
            return
        columns = sorted({*dates, *brought})
        if self.order is None:
            values = [row[at] for row in sample for at in columns]
            self.order = date_order(values)
        if brought or (self.order is None and self._ambiguous(sample, columns)):
            self._read_dates(table, columns, brought)
        for at in dates:
            if self.order is None and self._unclear.get(at):
                raise Refused(
                    _("the dates in '{column}' can be read in two ways: {value}").format(
                        column=table.headers[at], value=self._unclear[at]
                    ),
                    code="ambiguous_dates",
                    hint=_("say how they are written: --date-order dmy (day first) or mdy (month first)"),
                )
        if not (dates or brought or self.rows.labelled):
            self.order = self.options.date_order  # a column that turned out to be text proves nothing
        self.kinds = dict.fromkeys(brought.values(), "date")

    def _find_days(self, table: Table, declared: dict[str, CustomField]) -> None:
        """Find which of the names that rows give to values have nothing but days: they become fields of dates."""
        days: dict[str, bool] = {}
        for _line, cells in table.reread():
            for label, value in self.rows.named_values([cell.strip() for cell in cells]):
                plain = _is_day(value) and (self.order is not None or not ambiguous([value]))
                name = field_name(label)
                days[name] = days.get(name, True) and plain
        others = {*declared, *(name for _at, name in self.rows.fields)}
        self.kinds |= {name: "date" for name, plain in days.items() if plain and name not in others}

    _unclear: dict[int, str] = {}

    def _find_undated(self, table: Table, columns: Sequence[int]) -> None:
        """Find where in columns of dates the first value is that is none."""
        left = list(columns)
        for line, cells in table.reread():
            for at in [at for at in left if _is_no_day(cells[at].strip())]:
                self.undated.append((table.headers[at], line, cells[at].strip()))
                left.remove(at)
            if not left:
                return

    @staticmethod
    def _all_days(values: Sequence[str]) -> bool:
        return looks_like_dates(values) and not any(map(_is_no_day, values))

    @staticmethod
    def _ambiguous(rows: Sequence[Sequence[str]], columns: Sequence[int]) -> bool:
        return any(ambiguous([row[at] for row in rows]) for at in columns)

    def _read_dates(self, table: Table, columns: Sequence[int], brought: dict[int, str]) -> None:
        """Go through all rows for what proves the order of dates, and for columns that are not all dates."""
        proof: Callable[[list[str]], str | None] = date_order
        proven: set[str] = set()
        self._unclear = {}
        other: dict[int, tuple[int, str]] = {}
        for line, cells in table.reread():
            for at in columns:
                value = cells[at].strip()
                if not value:
                    continue
                if self.order is None or not proven:
                    found = proof([value])
                    if found:
                        proven.add(found)
                if at in brought and at not in other and _is_no_day(value):
                    other[at] = line, value
                if ambiguous([value]):
                    self._unclear.setdefault(at, value)
        if self.order is None and len(proven & {"dmy", "mdy"}) == 1:
            self.order = next(iter(proven & {"dmy", "mdy"}))
        for at in list(brought):
            if at in other:
                del brought[at]
                self.undated.append((table.headers[at], *other[at]))
            elif self.order is None and at in self._unclear:
                del brought[at]
                self.doubtful_dates.append(table.headers[at])


def _is_day(text: str) -> bool:
    """Tell whether a text is a day (a moment is none), in whatever order."""
    return any(len(read_date(text, order) or "") == 10 for order in ("dmy", "mdy"))


def _is_no_day(text: str) -> bool:
    """Tell whether a text says something, and no day."""
    return not _is_day(text) and not is_blank(text, "created_at")


def _half_are_days(values: Iterable[str]) -> bool:
    """Tell whether at least half of the values that say something are days; eight digits alone may be anything."""
    said = [value for value in values if not is_blank(value, "created_at")]
    return bool(said) and sum(not value.isdigit() and _is_day(value) for value in said) * 2 >= len(said)


def plan_number(*parts: object) -> int:
    """Return 32 bits that tell one plan of an import from another."""
    return fingerprint(repr(parts)) & 0xFFFFFFFF
