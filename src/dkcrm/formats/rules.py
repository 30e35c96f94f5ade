"""The rules of an import: what its columns feed, what is the same for every record, and which rows stay out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from dkcrm.formats.headers import header_key
from dkcrm.i18n import _

if TYPE_CHECKING:
    from dkcrm.formats.mapping import Mapping

#: What becomes of a column that nothing takes.
UNMAPPED = ("field", "note", "drop")
#: What becomes of a record that is there already.
ON_MATCH = ("fill", "skip", "update", "ask")
#: What becomes of a new record that looks the same as somebody.
ON_LIKENESS = ("create", "report", "reject")


class Skip:
    """A rule that leaves rows out: those whose ``column`` has one of ``values`` (any case), or with ``blank`` none."""

    __slots__ = ("blank", "column", "values")

    def __init__(self, column: str, values: Sequence[str] = (), *, blank: bool = False) -> None:
        self.column = column
        self.values = frozenset(value.strip().casefold() for value in values)
        self.blank = blank

    def holds(self, cell: str) -> bool:
        """Tell whether a row with this cell is left out."""
        word = cell.strip().casefold()
        return word in self.values or (self.blank and not word)


class Rules:
    """What a rules file says; all of it may be absent.

    ``columns`` pairs a header with its field, as in ``Mapping.fields``; ``labels`` has the labels of some of them.
    ``tags``, ``source``, ``type`` (one, or a pair with a comma) and ``fields`` (custom fields by name) are the same for
    every record. ``sheet`` is the one of a workbook to read.
    ``type_column`` names the column whose value, through ``types`` (keys casefolded), says the type; ``type_default``
    is for the other values. ``comments`` says of a header what ``write_rules`` writes beside it.
    """

    def __init__(self) -> None:
        self.columns: dict[str, str] = {}
        self.labels: dict[str, str] = {}
        self.tags: list[str] = []
        self.source: str | None = None
        self.type: str | None = None
        self.fields: dict[str, str] = {}
        self.type_column: str | None = None
        self.types: dict[str, str] = {}
        self.type_default: str | None = None
        self.date_order: str | None = None
        self.delimiter: str | None = None
        self.encoding: str | None = None
        self.sheet: str | None = None
        self.unmapped: str | None = None
        self.on_match: str | None = None
        self.on_likeness: str | None = None
        self.skip: list[Skip] = []
        self.comments: dict[str, str] = {}

    def headers(self) -> list[str]:
        """Return the headers that the rules name, each once; the file that they are for should have them."""
        named = [*self.columns, *(rule.column for rule in self.skip)]
        if self.type_column:
            named.append(self.type_column)
        return list({header_key(header): header for header in named}.values())

    def type_of(self, cell: str) -> str | None:
        """Return the type that a value of ``type_column`` means, or the default for the others."""
        return self.types.get(cell.strip().casefold(), self.type_default)


def rules_of(headers: Sequence[str], mapping: Mapping) -> Rules:
    """Return the rules that say of a file's columns what a mapping says, each with how it was found.

    Columns that nothing takes, and those of labels, are left to ``unmapped`` and to the layout. Values of the file are
    not in it: rules are passed on, people's data is not.
    """
    found = {
        "map": _("as you said"),
        "rules": _("from the rules"),
        "layout": _("as {program} writes it").format(program=mapping.layout),
        "header": _("by its header"),
        "values": _("by the look of its values"),
    }
    rules = Rules()
    for header, field, label, how in zip(headers, mapping.fields, mapping.labels, mapping.how, strict=True):
        if field in (None, "label") or not header.strip() or header in rules.columns:
            continue
        rules.columns[header] = field or "-"
        rules.comments[header] = found.get(how or "", "")
        if label:
            rules.labels[header] = label
    return rules
