"""What each column of a table feeds: the plan that an import follows row by row.

Who says it, strongest first: the user (``--map``), a rules file, the layout of a program that was recognised, the
header by its meaning, and for a header that means nothing the look of the values.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from dkcrm.domain.text import strip_marks
from dkcrm.errors import InvalidInput
from dkcrm.formats.cells import unguard
from dkcrm.formats.columns import settle
from dkcrm.formats.headers import (
    LABELLED,
    check_field,
    field_for,
    header_key,
    id_rank,
    label_for,
    nearest_header,
    squeezed,
    words_of,
)
from dkcrm.formats.layouts import is_layout_header, recognise
from dkcrm.formats.looks import look_of
from dkcrm.i18n import _

if TYPE_CHECKING:
    from dkcrm.formats.layouts.layout import Layout
    from dkcrm.formats.rules import Rules

_CUSTOM = "field:"
_LONGEST = 80
# They head a column, and stand in rows as well: Parma, Pavia, and what somebody is.
_IN_ROWS = frozenset(["pr", "pv", "st", "customer", "client", "cliente"])
# Whose value a column with such a word holds, or what it shows: not the record's own email, phone or link.
_OTHERS = frozenset(
    "owner assigned assignee agent salesperson created modified updated author user parent manager assistant spouse "
    "partner emergency referred referrer referral reports approver sender recipient domain photo picture image avatar "
    "logo foto immagine landing utm page ip responsabile proprietario assegnato commerciale agente venditore genitore "
    "coniuge assistente segretaria creato modificato aggiornato utente order invoice ordine fattura id ids code codice "
    "serial sku iban ticket protocollo matricola".split()
)

#: The label of an address, the column that has it, and the address's number.
Place = tuple[str | None, int | None, int]


class Mapping:
    """The plan of a table's columns; every list has one item a column.

    ``fields`` has what each column feeds: a name of ``headers.FIELDS``, ``external_id``, ``type``, ``state``,
    ``party``, ``field:NAME`` (a custom field), ``label`` (it holds the label of another column's values), ``-`` (left
    out on purpose) or None (nothing takes it: a custom field of the header's name, unless the user says otherwise).
    ``labels`` has the label that a header gives to its values ("work"), ``label_at`` the position of the column that
    has the label of each value instead, or None; where no field takes the values, it says what they are: the names of
    custom fields, row by row. The parts of one address have the same of both, and a second city or
    postcode of the same begins another address; where two columns feed a street, wherever they stand, they are its
    lines in their order, and the reader of rows joins them with a comma. ``numbers`` has the number of the address that
    a part is of, where the headers count whole addresses (``City 2``), else 0. ``external_id`` is
    the position of the column with the record's id in the program that it comes from, or None: it may feed something
    else as well (a LinkedIn address is a link too). ``layout`` names the program that wrote the file, where it was
    recognised ("google", "salesforce leads"), and ``scope`` whose ids the file carries. ``type`` is what the layout's
    records are, where that is certain. ``how`` says of each column how its field was found: ``map``, ``rules``,
    ``layout``, ``header``, ``values`` or None.
    """

    __slots__ = ("external_id", "fields", "how", "label_at", "labels", "layout", "numbers", "scope", "type")

    def __init__(
        self,
        fields: list[str | None],
        labels: list[str | None],
        label_at: list[int | None],
        how: list[str | None],
        *,
        layout: str | None = None,
        scope: str | None = None,
        type: str | None = None,
        external_id: int | None = None,
    ) -> None:
        self.fields = fields
        self.labels = labels
        self.label_at = label_at
        self.how = how
        self.numbers = [0] * len(fields)
        self.layout = layout
        self.scope = scope
        self.type = type
        self.external_id = external_id

    def place(self, at: int) -> Place:
        """Return what the parts of one address have in common."""
        return self.labels[at], self.label_at[at], self.numbers[at]


def is_known(header: str) -> bool:
    """Tell whether a cell names something that an import takes: our field, its synonym, an id or a program's column."""
    if len(header) > _LONGEST or squeezed(header) in _IN_ROWS:
        return False
    return (
        field_for(header) is not None
        or id_rank(header) is not None
        or _custom_name(header) is not None
        or is_layout_header(header)
    )


def propose(
    headers: Sequence[str],
    sample: Sequence[Sequence[str]],
    *,
    given: Sequence[tuple[str, str]] = (),
    custom: Collection[str] = (),
    rules: Rules | None = None,
) -> Mapping:
    """Return what each column feeds, by position; the same header may stand twice.

    ``sample`` has the cells of some rows, as wide as ``headers``; ``given`` pairs a header with its field (``-`` leaves
    it out); ``custom`` are the names of declared custom fields. Raises ``InvalidInput`` for a field that there is not,
    and for a given header that the file has not; headers of ``rules`` may be absent.
    """
    layout = recognise(headers)
    count = len(headers)
    mapping = Mapping([None] * count, [None] * count, [None] * count, [None] * count)
    ranks = [0] * count
    ids: list[tuple[int, int]] = []
    if layout:
        mapping.layout, mapping.scope, mapping.type = layout.name, layout.scope, layout.type
        ids = _lay_out(layout, headers, mapping, ranks)
    names = {strip_marks(header_key(name)): name for name in custom}
    said = _said(headers, given, rules)
    for at, header in enumerate(headers):
        if at in said:
            wish, label, how = said[at]
            if wish != mapping.fields[at]:
                mapping.labels[at] = label_for(header) if wish in LABELLED else None
                mapping.label_at[at] = None
            mapping.labels[at] = label or mapping.labels[at]
            mapping.fields[at], mapping.how[at] = wish, how
        elif mapping.how[at] is None:
            _by_meaning(header, at, names, mapping)
    settle(mapping, headers, sample, ranks, ids)
    for at, header in enumerate(headers):
        if mapping.how[at] is None and not _OTHERS & set(words_of(header)):
            mapping.fields[at] = look_of(unguard(row[at].strip()) for row in sample if at < len(row))
            mapping.how[at] = "values" if mapping.fields[at] else None
            mapping.labels[at] = label_for(header) if mapping.fields[at] else None
    for at, field in enumerate(mapping.fields):
        if field is None:
            mapping.how[at] = None
    return mapping


def _lay_out(layout: Layout, headers: Sequence[str], mapping: Mapping, ranks: list[int]) -> list[tuple[int, int]]:
    """Put what a layout says into a mapping; return the columns of ids, each with its rank."""
    keys = [squeezed(header) if len(header) <= _LONGEST else "" for header in headers]
    places: dict[str, int] = {}
    for at, key in enumerate(keys):
        places.setdefault(key, at)
    ids: list[tuple[int, int]] = []
    for at, key in enumerate(keys):
        found = layout.column(key) if key else None
        if not found:
            continue
        column, number = found
        mapping.fields[at], mapping.labels[at], mapping.how[at] = column.field, column.label, "layout"
        ranks[at] = column.rank
        if column.is_id:
            ids.append((column.rank, at))
        if column.label_header:
            mapping.label_at[at] = places.get(column.label_header.replace("#", number))
    return ids


def _said(
    headers: Sequence[str], given: Sequence[tuple[str, str]], rules: Rules | None
) -> dict[int, tuple[str, str | None, str]]:
    """Return field, label and source of the columns of which the user, or the rules, said what they feed."""
    keys = [header_key(header) for header in headers]
    wanted: dict[str, tuple[str, str | None, str]] = {}
    for header, field in rules.columns.items() if rules else ():
        wanted[header_key(header)] = (_checked(field), rules.labels.get(header) if rules else None, "rules")
    for header, field in given:
        if header_key(header) not in keys:
            near = nearest_header(header, [name for name in headers if name.strip()])
            hint = _("the nearest: {near}").format(near=", ".join(near)) if near else None
            raise InvalidInput(_("the file has no column '{header}'").format(header=header), hint=hint)
        wanted[header_key(header)] = (_checked(field), None, "map")
    return {at: wanted[key] for at, key in enumerate(keys) if key in wanted}


def _checked(field: str) -> str:
    """Return a field that a user named; ``-`` and a blank leave the column out."""
    return "-" if field.strip() in ("", "-") else check_field(field)


def _by_meaning(header: str, at: int, names: dict[str, str], mapping: Mapping) -> None:
    """Put what a header means into a mapping: a custom field of its name goes before a synonym."""
    name = _custom_name(header)
    key = header_key(name or header)
    declared = names.get(strip_marks(key)) if len(header) <= _LONGEST else None
    field = f"{_CUSTOM}{declared or name}" if declared or name else field_for(header)
    if field is None:
        return
    mapping.fields[at], mapping.how[at] = field, "header"
    if field in LABELLED:
        mapping.labels[at] = label_for(header)


def _custom_name(header: str) -> str | None:
    """Return the name in a header ``field:NAME``, as our own export writes it, or None."""
    text = header.strip().lower() if len(header) <= _LONGEST else ""
    return text[len(_CUSTOM) :].strip() or None if text.startswith(_CUSTOM) else None
