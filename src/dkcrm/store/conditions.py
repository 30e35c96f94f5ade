"""What must hold for a value of a field, as SQL: a method for each kind of field (store/fields.py)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from dkcrm.domain.entity import type_named
from dkcrm.domain.query import Term
from dkcrm.domain.scanning import wrong_at
from dkcrm.domain.text import nearest, strip_marks
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.codes import Condition, code_condition, phone_keys, phone_parts, tags_like
from dkcrm.store.entities import survivor
from dkcrm.store.fields import CODE, FIELDS, Field
from dkcrm.store.patterns import folded, match_function

if TYPE_CHECKING:
    from datetime import date

_MONEY = re.compile(r"(?:([A-Za-z]{3})\s*)?(.*?)(?:\s*([A-Za-z]{3}))?")


#: What has an order, and no dots in its values.
_RANGED = ("number", "entity", "money", "time", "day", "due", "ordinal")


class Conditions:
    """Makes conditions of the values of terms."""

    def __init__(self, session: Session, connection: sqlite3.Connection) -> None:
        self.session = session
        self.connection = connection
        self.now = session.clock()
        self.text = ""
        self.patterns = 0

    def condition(self, term: Term, field: Field) -> Condition:
        """Return what must hold for one value of a field."""
        if term.op == "~":
            return self.regex(term, field)
        if term.op == ":" and field.kind in _RANGED and ".." in term.value:
            # Quoted for its blanks: created:"3 weeks ago..today".
            low, _dots, high = term.value.partition("..")
            term = term._replace(op="..", value=low.strip(), upper=high.strip())
        how: Callable[[Term, Field], Condition] = getattr(self, f"of_{field.kind}")
        return how(term, field)

    def wrong(self, what: str, term: Term, hint: str | None = None) -> InvalidInput:
        """Return the error for a term's value, with its place."""
        error = wrong_at(what, self.text, term.place)
        if hint:
            error.hint = f"{hint}\n{' ' * 8}{error.hint}"
        return error

    # Text

    def of_text(self, term: Term, field: Field) -> Condition:
        """Contained, equal, or in the order of the alphabet; case and accents do not count."""
        sql, value = folded(field.sql), strip_marks(term.value)
        if term.op == ":":
            return f"instr({sql}, ?) > 0", [value]
        if term.op != "..":
            return f"{sql} {term.op} ?", [value]
        parts, values = [], []
        if term.value:
            parts.append(f"{sql} >= ?")
            values.append(value)
        if term.upper:
            parts.append(f"{sql} <= ?")
            values.append(strip_marks(term.upper) + "\U0010ffff")
        return " AND ".join(parts), values

    def of_tag(self, term: Term, field: Field) -> Condition:
        """Tags are whole words: ``tag:vip`` is not ``vip-2026``."""
        if term.op not in (":", "="):
            return self.of_text(term, field)
        tags = tags_like(self.connection, term.value)
        return f"t.tag IN ({marks(tags)})", list(tags)

    def of_word(self, term: Term, field: Field) -> Condition:
        """Whole words of a few letters, kept in lower case."""
        if term.op not in (":", "="):
            return self.of_text(term, field)
        return f"{field.sql} = ?", [term.value.strip().lower()]

    def of_choice(self, term: Term, field: Field) -> Condition:
        """One of the values that there can be; any other is an error."""
        if term.op not in (":", "="):
            raise self.wrong(_("{field} is one of a few words").format(field=term.field), term)
        word = term.value.strip().lower()
        if field is FIELDS["type"]:
            word = type_named(word) or word
        if word not in field.choices:
            raise self.no_choice(term, field)
        return f"{field.sql} = ?", [word]

    def of_option(self, term: Term, field: Field) -> Condition:
        """Text that is one of the choices of a custom field: what is part of none of them is an error."""
        word, choices = strip_marks(term.value), [strip_marks(choice) for choice in field.choices]
        if (term.op == "=" and word not in choices) or (term.op == ":" and not any(word in one for one in choices)):
            raise self.no_choice(term, field)
        return self.of_text(term, field)

    def no_choice(self, term: Term, field: Field) -> InvalidInput:
        """Return the error for a value that is none of a field's choices."""
        from dkcrm.domain.values import shorten

        close = nearest(term.value.strip().lower(), list(field.choices)) or list(field.choices)
        what = _("there is no {field} {value}").format(field=term.field, value=shorten(term.value) or "''")
        return self.wrong(what, term, _("did you mean {names}?").format(names=", ".join(close)))

    def of_bool(self, term: Term, field: Field) -> Condition:
        """Yes or no, in whatever words."""
        from dkcrm.domain.values import check_field_value

        try:
            return "v.value = ?", [check_field_value(term.field, "bool", term.value, None)[0]]
        except InvalidInput as error:
            raise self.wrong(error.message, term) from error

    def of_code(self, term: Term, field: Field) -> Condition:
        """Codes are compared without blanks and marks, VAT numbers with or without their country."""
        if term.op not in (":", "="):
            return self.of_text(term, field)
        country = field is FIELDS["vat_id"]
        return code_condition(CODE.format(column=field.sql), term.value, whole=term.op == "=", country=country)

    def of_phone(self, term: Term, field: Field) -> Condition:
        """A whole number in any notation, or a part of one."""
        if term.op not in (":", "="):
            return self.of_text(term, field)
        keys = phone_keys(self.connection, term.value, self.session.region, whole=term.op == "=")
        if keys:
            return f"coalesce(p.norm, p.value) IN ({marks(keys)})", keys
        return phone_parts(term.value, self.session.region, whole=term.op == "=") or self.of_text(term, field)

    def of_uid(self, term: Term, field: Field) -> Condition:
        """A uid, whole."""
        from dkcrm.store.entities import parse_uid

        uid = parse_uid(term.value)
        if uid is None or term.op not in (":", "="):
            raise self.wrong(_("not a uid: {value}").format(value=term.value), term)
        return "e.uid = ?", [self.survivor("uid", uid)]

    def regex(self, term: Term, field: Field) -> Condition:
        """A regular expression, searched for a bounded time."""
        self.patterns += 1
        name = f"matches_{self.patterns}"
        try:
            match_function(self.connection, name, term.value)
        except ValueError as error:
            raise self.wrong(_("not a regular expression: {why}").format(why=error), term) from error
        if field.kind == "phone":
            return f"{name}(p.value || ' ' || coalesce(p.norm, ''))", []
        if field.kind == "reference":
            return f"{name}(o.name)", []
        # A number or a day is searched as it was written; an organization is that of the entity, as with every term.
        return f"{name}({field.sql if field is FIELDS['organization'] else field.shown or field.sql})", []

    # Numbers

    def of_number(self, term: Term, field: Field) -> Condition:
        """Equal to, less or more than a number, or between two."""
        from dkcrm.domain.money import parse_decimal

        def number(text: str) -> tuple[float, float]:
            try:
                value = parse_decimal(text)
            except InvalidInput as error:
                raise self.wrong(error.message, term, error.hint) from error
            if field.whole and term.op in (":", "=") and value != value.to_integral_value():
                several = _("one of several is {field}:1 or {field}:2, a range {field}:1..2").format(field=term.field)
                raise self.wrong(_("not a whole number: {text}").format(text=text), term, several)
            exact: float = int(value) if value == value.to_integral_value() and abs(value) < 2**62 else float(value)
            return exact, exact

        return _between(term, field.sql, number)

    def of_money(self, term: Term, field: Field) -> Condition:
        """Amounts, of one currency where one is named: ``budget:5000EUR..``."""
        currencies = set()

        def without(text: str) -> str:
            match = _MONEY.fullmatch(text.strip())
            code = match and (match[1] or match[3])
            if not match or not code:
                return text
            from dkcrm.domain.money import check_currency

            try:
                currencies.add(check_currency(code))
            except InvalidInput as error:
                raise self.wrong(error.message, term, error.hint) from error
            return match[2]

        plain = term._replace(value=without(term.value), upper=without(term.upper))
        sql, values = self.of_number(plain, field)
        for code in sorted(currencies):
            unnamed = " OR v.value NOT GLOB '*[A-Za-z]*'" if code == self.session.currency else ""
            sql += f" AND (instr(upper(v.value), ?) > 0{unnamed})"
            values.append(code)
        return sql, values

    def of_reference(self, term: Term, field: Field) -> Condition:
        """The number of an entity (one that was folded into another leads there), or its name."""
        if term.op in (":", "=") and not re.fullmatch(r"[0-9]{1,18}", term.value):
            return self.of_text(term, FIELDS["member-of"])
        return self.of_entity(term, field)

    def of_member(self, term: Term, field: Field) -> Condition:
        """The number of a member (one that was folded into another leads there), or its name."""
        if term.op in (":", "=") and re.fullmatch(r"[0-9]{1,18}", term.value):
            return self.of_entity(term, field._replace(sql="o.id"))
        return self.of_text(term, field)

    def of_entity(self, term: Term, field: Field) -> Condition:
        """The number of an entity: that of one who was merged or folded is the survivor's."""
        sql, values = self.of_number(term, field)
        if term.op not in (":", "="):
            return sql, values
        return f"{field.sql} = ?", [self.survivor("id", values[0])]

    def survivor(self, column: str, value: Any) -> Any:
        """Return what a number or uid leads to, where it is that of one who has become another."""
        ask = self.connection.execute
        row = ask(f"SELECT id FROM entity WHERE {column} = ? AND merged_into NOT NULL", (value,)).fetchone()
        if row is None:
            return value
        return ask(f"SELECT {column} FROM entity WHERE id = ?", (survivor(self.connection, row[0]),)).fetchone()[0]

    # Time

    def of_time(self, term: Term, field: Field) -> Condition:
        """Moments: a period is its first and its last second."""
        return _between(term, field.sql, self.ends(term, self.span))

    def of_day(self, term: Term, field: Field) -> Condition:
        """Days, as they are written."""

        def days(text: str) -> tuple[str, str]:
            first, last = self.days(text)
            return first.isoformat(), last.isoformat()

        return _between(term, field.sql, self.ends(term, days))

    def of_due(self, term: Term, field: Field) -> Condition:
        """Days and moments side by side: a day is compared as one, a moment with the first and last of a period."""
        from dkcrm.domain.when import day_of

        def days(text: str) -> tuple[str, str]:
            first, last = self.span(text)
            return day_of(first).isoformat(), day_of(last).isoformat()

        day, first = _between(term, field.sql, self.ends(term, days))
        moment, second = _between(term, field.sql, self.ends(term, self.span))
        return f"CASE WHEN length({field.sql}) = 10 THEN {day} ELSE {moment} END", [*first, *second]

    def of_ordinal(self, term: Term, field: Field) -> Condition:
        """Days of a custom field, as numbers."""

        def days(text: str) -> tuple[float, float]:
            first, last = self.days(text)
            return float(first.toordinal()), float(last.toordinal())

        return _between(term, field.sql, self.ends(term, days))

    def span(self, text: str) -> tuple[str, str]:
        """Return the first and last second of a period, which a minute is too."""
        from dkcrm.domain import periods

        return periods.span(text, self.now, minutes=True)

    def days(self, text: str) -> tuple[date, date]:
        """Return the first and last day of a period, where the user is."""
        from datetime import datetime

        from dkcrm.domain import periods

        return periods.days(text, datetime.fromisoformat(self.now).astimezone().date())

    def ends(self, term: Term, read: Callable[[str], Any]) -> Callable[[str], Any]:
        """Return a reader of periods whose error names the place."""

        def ends(text: str) -> Any:
            try:
                return read(text)
            except InvalidInput as error:
                raise self.wrong(
                    error.message, term, _("write 2026-11-21, 2026-10, yesterday, last-month or 30d")
                ) from error

        return ends


def marks(values: Iterable[Any]) -> str:
    """Return a parameter for each of some values."""
    return ", ".join("?" for _value in values)


def _between(term: Term, sql: str, ends: Callable[[str], tuple[Any, Any]]) -> Condition:
    """Return the condition for a term over what has an order; ``ends`` gives the least and the greatest."""
    if term.op not in ("..", ":", "="):
        first, last = ends(term.value)
        return f"{sql} {term.op} ?", [first if term.op in ("<", ">=") else last]
    low, high = (term.value, term.upper) if term.op == ".." else (term.value, term.value)
    if low == high:
        first, last = ends(low)
        return (f"{sql} = ?", [first]) if first == last else (f"{sql} BETWEEN ? AND ?", [first, last])
    parts, values = [], []
    if low:
        parts.append(f"{sql} >= ?")
        values.append(ends(low)[0])
    if high:
        parts.append(f"{sql} <= ?")
        values.append(ends(high)[1])
    return " AND ".join(parts), values
