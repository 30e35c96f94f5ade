"""Rules files: what an import is to do with the columns of a file, written down once (TOML).

date_order = "dmy"
unmapped = "field"
on_match = "update"
on_likeness = "report"
sheet = "Leads"

[columns]
"Cognome" = "last_name"
"Tel. uff." = { field = "phone", label = "work" }
"Note interne" = "-"

[constants]
tags = ["fair-2026"]
source = "trade fair"

[constants.fields]
region-manager = "Rossi"

[type]
column = "Stage"
default = "lead"

[type.values]
Customer = "person"

[[skip]]
column = "Status"
value = ["Deleted", "Merged"]
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.domain.text import nearest
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.caldates import ORDERS
from dkcrm.formats.headers import check_field
from dkcrm.formats.rules import ON_LIKENESS, ON_MATCH, UNMAPPED, Rules, Skip
from dkcrm.i18n import _

_BIGGEST = 1 << 20
#: Rules nest two levels deep; a key of thousands of names would take the reader of TOML the square of them.
_DEEPEST = 50
_NAME = re.compile(r"""[\w"'\s-]*""")
_SETTINGS: dict[str, tuple[str, ...]] = {
    "date_order": ORDERS, "unmapped": UNMAPPED, "on_match": ON_MATCH, "on_likeness": ON_LIKENESS,
}  # fmt: skip
_TEXTS = ("delimiter", "encoding", "sheet")
_KEYS = (*_TEXTS, *_SETTINGS, "columns", "constants", "type", "skip")


def read_rules(path: str) -> Rules:
    """Return the rules of a TOML file.

    Raises ``InvalidInput`` for a file that is no TOML, or has a key, field or value that rules do not know: it names
    the line and the nearest; and ``DkcrmError`` (code ``io``) for one that cannot be read.
    """
    import tomllib

    try:
        with open(path, "rb") as file:
            raw = file.read(_BIGGEST + 1)
    except (OSError, ValueError) as error:  # a ValueError is a path with a NUL in it
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise DkcrmError(
            _("cannot read the rules {path}: {why}").format(path=path, why=why), code="io", hint=_("check the path")
        ) from error
    if len(raw) > _BIGGEST:
        raise InvalidInput(_("{path} is too big for rules: {size} bytes is the most").format(path=path, size=_BIGGEST))
    try:
        text = raw.decode("utf-8-sig")
        if _too_deep(text):
            raise RecursionError(_("nested too deep"))
        document = tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError) as error:
        message = _("the rules {path} are not valid TOML: {why}").format(path=path, why=error)
        raise InvalidInput(message, hint=_('headers stand in quotes: "Job Title" = "job_title"')) from error
    return _Reader(path, text).rules(document)


def _too_deep(text: str) -> bool:
    """Tell whether a key of a text has more names than rules can mean, as in ``a.a.a``."""
    for line in text.splitlines():
        if line.count(".") > _DEEPEST:
            names = 0
            for part in line.split("."):
                names = names + 1 if _NAME.fullmatch(part) else 0
                if names > _DEEPEST:
                    return True
    return False


class _Reader:
    """Turns a TOML document into rules, and says where it cannot."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()

    def rules(self, document: dict[str, Any]) -> Rules:
        """Return the rules of a document."""
        self.known(document, _KEYS)
        rules = Rules()
        for key in _TEXTS:
            setattr(rules, key, self.text(document, key))
        for key, words in _SETTINGS.items():
            setattr(rules, key, self.word(document, key, words))
        self.columns(self.table(document, "columns"), rules)
        self.constants(self.table(document, "constants"), rules)
        self.types(self.table(document, "type"), rules)
        for rule in self.listed(document, "skip", dict):
            rules.skip.append(self.skip(rule))
        return rules

    def columns(self, table: dict[str, Any], rules: Rules) -> None:
        """Take in which field each column feeds, and its label."""
        for header, said in table.items():
            entry = said if isinstance(said, dict) else {"field": said}
            self.known(entry, ("field", "label"))
            field = self.text(entry, "field", header)
            label = self.text(entry, "label", header)
            if not header.strip() or field is None:
                raise self.wrong(_("the column '{header}' names no field").format(header=header), header)
            try:
                rules.columns[header] = "-" if field.strip() in ("", "-") else check_field(field)
            except InvalidInput as error:
                raise self.wrong(f"{error.message} ({header})", header, error.hint) from None
            if label and label.strip():
                rules.labels[header] = label.strip()

    def constants(self, table: dict[str, Any], rules: Rules) -> None:
        """Take in what is the same for every record."""
        self.known(table, ("tags", "source", "type", "fields"))
        rules.tags = self.listed(table, "tags", str)
        rules.source = self.text(table, "source")
        rules.type = self.text(table, "type")
        for word in rules.type.split(",") if rules.type is not None else ():
            self.one_of(word, "type", TYPES)
        for name, value in self.table(table, "fields").items():
            if isinstance(value, (dict, list)):
                raise self.wrong(_("'{key}' takes a text").format(key=name), name)
            rules.fields[name] = ("yes" if value else "no") if isinstance(value, bool) else str(value)

    def types(self, table: dict[str, Any], rules: Rules) -> None:
        """Take in how a column's values say the type."""
        self.known(table, ("column", "values", "default"))
        rules.type_column = self.text(table, "column")
        rules.type_default = self.word(table, "default", TYPES)
        values = self.table(table, "values")
        rules.types = {value.strip().casefold(): self.word(values, value, TYPES) or "" for value in values}
        if table and not rules.type_column:
            raise self.wrong(_("[type] names no column"), "type", _('write: column = "Stage"'))

    def skip(self, table: dict[str, Any]) -> Skip:
        """Return a rule that leaves rows out."""
        self.known(table, ("column", "value", "blank"))
        column = self.text(table, "column")
        value = table.get("value", [])
        values = value if isinstance(value, list) else [value]
        blank = table.get("blank", False)
        if not column:
            raise self.wrong(_("[[skip]] names no column"), "skip", _('write: column = "Status"'))
        if not isinstance(blank, bool) or any(isinstance(word, (dict, list)) for word in values):
            raise self.wrong(_("[[skip]] takes value = a text or a list of texts, and blank = true"), "skip")
        if not values and not blank:
            raise self.wrong(_("[[skip]] says no value"), "skip", _('write: value = "Deleted", or blank = true'))
        return Skip(column, [str(word) for word in values], blank=blank)

    def known(self, table: dict[str, Any], keys: Sequence[str]) -> None:
        """Refuse a key that is none of those."""
        for key in table:
            if key not in keys:
                raise self.wrong(_("unknown key '{key}'").format(key=key), key, _near(key, keys))

    def table(self, table: dict[str, Any], key: str) -> dict[str, Any]:
        """Return the table under a key; an absent one is empty."""
        value = table.get(key, {})
        if not isinstance(value, dict):
            raise self.wrong(_("'{key}' is a table").format(key=key), key, _("write it as [{key}]").format(key=key))
        return value

    def listed(self, table: dict[str, Any], key: str, kind: type) -> list[Any]:
        """Return the list under a key, all items of one kind; an absent one is empty, a single item one."""
        value = table.get(key, [])
        items = value if isinstance(value, list) else [value]
        if not all(isinstance(item, kind) for item in items):
            what = _("texts") if kind is str else _("tables, each written as [[{key}]]").format(key=key)
            raise self.wrong(_("'{key}' takes a list of {what}").format(key=key, what=what), key)
        return items

    def text(self, table: dict[str, Any], key: str, near: str | None = None) -> str | None:
        """Return the text under a key, or None."""
        value = table.get(key)
        if value is None or isinstance(value, str):
            return value
        raise self.wrong(_("'{key}' takes a text").format(key=near or key), near or key)

    def word(self, table: dict[str, Any], key: str, words: Sequence[str]) -> str | None:
        """Return the text under a key, which is one of some words, or None."""
        value = self.text(table, key)
        return value if value is None else self.one_of(value, key, words)

    def one_of(self, value: str, key: str, words: Sequence[str]) -> str:
        """Return a text that stands under a key, which is one of some words."""
        if value in words:
            return value
        raise self.wrong(_("'{key}' is no {value}").format(key=key, value=value or "''"), key, _near(value, words))

    def wrong(self, message: str, key: str, hint: str | None = None) -> InvalidInput:
        """Return the error for what stands under a key, with its line where that is plain."""
        place = re.compile(rf"""\s*(?:\[+\s*)?["']?{re.escape(key)}["']?\s*(?:[=\].]|$)""")
        line = next((n for n, text in enumerate(self.lines, start=1) if place.match(text)), None)
        where = f"{self.path}:{line}" if line else self.path
        return InvalidInput(f"{where}: {message}", hint=hint)


def _near(word: str, words: Sequence[str]) -> str:
    """Return a hint with the nearest of some words, and all of them."""
    found = nearest(word, list(words))
    near = _("the nearest: {near}").format(near=", ".join(found)) + "; " if found else ""
    return near + _("there are: {words}").format(words=", ".join(words))


def write_rules(path: str, rules: Rules) -> None:
    """Write rules as TOML that ``read_rules`` gives back, readable by the user alone (mode 0600).

    Whatever stands at the path is replaced; whether it may be is for the caller to ask. Raises ``DkcrmError`` (code
    ``io``) when it cannot be written.
    """
    from dkcrm.formats.outfile import whole_file

    text = _document(rules)
    try:
        with whole_file(path) as file:
            file.write(text.encode("utf-8"))
    except (OSError, ValueError) as error:
        why = (error.strerror if isinstance(error, OSError) else None) or str(error)
        raise DkcrmError(
            _("cannot write the rules {path}: {why}").format(path=path, why=why), code="io", hint=_("check the path")
        ) from error


def _document(rules: Rules) -> str:
    """Return rules as the text of a TOML document."""
    import tomlkit

    document = tomlkit.document()
    document.add(tomlkit.comment(_("Import rules of dkcrm. '-' leaves a column out, field:NAME is a custom field.")))
    for key in (*_TEXTS, *_SETTINGS):
        if getattr(rules, key) is not None:
            document.add(key, getattr(rules, key))
    if rules.columns:
        columns = document.setdefault("columns", tomlkit.table())
        named = {header: field for header, field in rules.columns.items() if header.strip()}
        _fill(columns, named, lambda header, field: _entry(field, rules.labels.get(header)))
        for header, comment in rules.comments.items():
            if header in columns and comment.isprintable():
                columns.value.item(header).comment(comment)
    constants = tomlkit.table()
    _fill(constants, {"tags": rules.tags or None, "source": rules.source, "type": rules.type})
    if rules.fields:
        _fill(constants.setdefault("fields", tomlkit.table()), rules.fields)
    if constants:
        document.add("constants", constants)
    if rules.type_column:
        table = tomlkit.table()
        _fill(table, {"column": rules.type_column, "default": rules.type_default})
        _fill(table.setdefault("values", tomlkit.table()), rules.types)
        document.add("type", table)
    if rules.skip:
        rows = tomlkit.aot()
        for rule in rules.skip:
            row = tomlkit.table()
            _fill(row, {"column": rule.column, "value": sorted(rule.values) or None, "blank": rule.blank or None})
            rows.append(row)
        document.add("skip", rows)
    return tomlkit.dumps(document)


def _fill(table: Any, values: dict[str, Any], entry: Callable[[str, Any], Any] = lambda _key, value: value) -> None:
    """Put what is there of some values into a table."""
    for key, value in values.items():
        if value is not None:
            table[key] = entry(key, value)


def _entry(field: str, label: str | None) -> Any:
    """Return how a column is written: its field, and its label where it has one."""
    import tomlkit

    if not label:
        return field
    entry = tomlkit.inline_table()
    entry["field"] = field
    entry["label"] = label
    return entry
