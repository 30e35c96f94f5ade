"""Values as they are typed: emails, phones, links, labels, typed custom fields. Checked, never rewritten."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from dkcrm.domain.text import check_line, check_text
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

FIELD_KINDS = ("text", "int", "decimal", "money", "date", "bool", "choice", "url")

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_HOST = r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?"
EMAIL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_HOST}(?:\.{_HOST})*")
_INTERNATIONAL_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"./]+(?:\.[^\s@<>()\[\],;:\\\"./]+)*"
)
_LABEL = re.compile(r"([^\W\d_][\w ./+-]{0,39}):(?!//)(.*)", re.DOTALL)
THREE_DIGITS = re.compile(r"(?:\D*\d){3}")
_CODE_MARKS = str.maketrans("", "", " .-/")
_SIDES = {"person": "person", "organization": "organization", "org": "organization", "company": "organization"}
_YES = {"yes", "y", "true", "1", "on", "sì", "si", "s", "vero"}
_NO = {"no", "n", "false", "0", "off", "falso"}


class Labelled(NamedTuple):
    """A typed value with its label and owner side, where given."""

    value: str
    label: str | None
    side: str | None


def split_label(text: str, what: str) -> Labelled:
    """Split ``LABEL:VALUE``; a label may name the side, as in ``organization:info@x.it`` or ``org/billing:…``."""
    match = _LABEL.fullmatch(text.strip())
    if not match or not match[2].strip():
        return Labelled(check_line(text, what), None, None)
    label, side = match[1].strip(), None
    first, _slash, rest = label.partition("/")
    if first.lower() in _SIDES:
        side, label = _SIDES[first.lower()], rest.strip()
    return Labelled(check_line(match[2], what), label or None, side)


def check_email(value: str) -> str:
    """Return an email address as it was typed, or raise InvalidInput (the shape of RFC 5321, no delivery check)."""
    if len(value) <= 254:
        if EMAIL.fullmatch(value):
            return value
        if not value.isascii() and _INTERNATIONAL_EMAIL.fullmatch(value) and ".." not in value and value[0] != ".":
            return value
    raise InvalidInput(_("not an email address: {value}").format(value=shorten(value)))


def email_key(value: str) -> str:
    """Return the form by which two emails are the same."""
    return value.casefold()


def check_phone(value: str) -> str:
    """Return a phone number as it was typed; one without three digits is none."""
    if len(value) > 80 or not THREE_DIGITS.match(value):
        raise InvalidInput(_("not a phone number: {value}").format(value=shorten(value)))
    return value


def check_link(value: str) -> str:
    """Return a link as it was typed; blanks make it none."""
    if any(c.isspace() for c in value) or len(value) < 3:
        raise InvalidInput(_("not a link: {value}").format(value=shorten(value)))
    return value


def shorten(value: str, limit: int = 60) -> str:
    """Return a value short enough to stand in a message."""
    return value if len(value) <= limit else value[: limit - 1] + "…"


def code_key(value: str) -> str:
    """Return a code as it is compared: without blanks and marks, an IT before eleven digits off."""
    key = value.upper().translate(_CODE_MARKS)
    return key[2:] if re.fullmatch(r"IT[0-9]{11}", key) else key


def tax_code_side(code: str, has_person: bool, has_organization: bool) -> str:
    """Return whose a tax code is: 16 characters a person's, 11 digits an organization's (Italy); else the one there."""
    key = code_key(code)
    if has_person and has_organization:
        return "organization" if re.fullmatch(r"[0-9]{11}", key) else "person"
    return "organization" if has_organization else "person"


def check_field_name(name: str) -> str:
    """Return the name of a custom field or criterion: a word of letters, digits, ``_`` and ``-``."""
    word = name.strip().lower()
    if not re.fullmatch(r"[^\W\d_][\w-]{0,59}", word):
        raise InvalidInput(
            _("not a name: {name}").format(name=shorten(name)),
            hint=_("a name is one word: letters, digits, - and _, beginning with a letter"),
        )
    return word


def check_field_value(name: str, kind: str, text: str, choices: str | None) -> tuple[str, float | None]:
    """Return a custom field's value as it is stored, and the number it sorts by, or raise InvalidInput.

    ``choices`` is the JSON array of a choice field. What was typed is kept (``007`` stays ``007`` in a text field);
    only ``bool`` becomes ``yes`` or ``no``.
    """
    value = check_text(text, name) if kind == "text" else check_line(text, name)

    def wrong(expected: str) -> InvalidInput:
        return InvalidInput(
            _("{name} takes {expected}: {value}").format(name=name, expected=expected, value=shorten(value))
        )

    if kind == "int":
        if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
            raise wrong(_("a whole number"))
        return value, float(int(value))
    if kind in ("decimal", "money"):
        from dkcrm.domain.money import check_currency, parse_decimal

        number = value
        if kind == "money":
            amount = re.fullmatch(r"(?:([A-Za-z]{3})\s+)?(.*?)(?:\s+([A-Za-z]{3}))?", value)
            if amount and (amount[1] or amount[3]):
                check_currency(amount[1] or amount[3])
                number = amount[2]
        parsed: Decimal = parse_decimal(number)
        return value, float(parsed)
    if kind == "date":
        try:
            if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
                raise ValueError
            return value, float(date.fromisoformat(value).toordinal())
        except ValueError:
            raise wrong(_("a date that exists, as in 2026-11-21")) from None
    if kind == "bool":
        if value.lower() in _YES:
            return "yes", 1.0
        if value.lower() in _NO:
            return "no", 0.0
        raise wrong(_("yes or no"))
    if kind == "choice":
        known: list[str] = json.loads(choices or "[]")
        for choice in sorted(known, key=lambda choice: choice != value):
            if choice.casefold() == value.casefold():
                return choice, None
        raise wrong(_("one of {choices}").format(choices=", ".join(known)))
    if kind == "url" and not re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*://\S+|[\w-]+(\.[\w-]+)+(/\S*)?", value):
        raise wrong(_("a web address"))
    return value, None
