"""Objects that hold the list of records: what an address book, or one page of an interface's answer, looks like."""

from __future__ import annotations

import re
from typing import Any

from dkcrm.formats.objects.keys import letters, meaning
from dkcrm.formats.objects.places import end_of
from dkcrm.formats.objects.values import is_blank, is_scalar

#: Where the lists of records are below an object: True for a list, another tree for an object on the way to one.
Tree = dict[str, Any]

#: Names under which lists of records usually stand.
LISTS = frozenset(
    "contacts people persons customers clients leads suspects prospects targets entities records items results members "
    "users companies organizations organisations accounts connections entries rows list data value values objects "
    "employees elements nodes response hits contatti clienti persone aziende rubrica".split()
)
_ON_THE_WAY = frozenset("data response result results payload body feed d embedded export hits addressbook".split())
# What only stands in the record of one person or organization.
_TELLING_FIELDS = frozenset(["first_name", "last_name", "email", "phone", "vat_id", "tax_code", "organization", "uid"])
_PARTS = frozenset(
    "names emails emailaddresses phones phonenumbers addresses links urls tags labels categories fields notes "
    "memberships interactions purchases transitions assessments tasks keeps cards identities biographies "
    "tickets".split()
)
_DEEPEST = 3
_KEY = re.compile(r'[\s,]*"([^"\\]{0,200})"\s*:\s*')
_LIST_OF_OBJECTS = re.compile(r"\[\s*(?:\{|\[\s*\{)")
_SCALAR = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[-\w.+]+')


def lists_in(value: dict[str, Any], alone: bool = False, depth: int = 0) -> Tree | None:
    """Return where an object holds lists of records, or None where it is a record itself.

    Lists that are named as such lists usually are count, unless something tells of one person; a list under any other
    name only where it is the single one, nothing at all tells of a person, and the object stands ``alone`` in its file.
    """
    if "uid" in value:
        return None
    tree: Tree = {}
    others: list[str] = []
    for key, item in value.items():
        if isinstance(item, list):
            plain = letters(key)
            if not item:
                others += [key] if plain in LISTS else []
            elif all(isinstance(first, (dict, list)) for first in item[:2]) and plain not in _PARTS:
                if plain in LISTS:
                    tree[key] = True
                elif alone:
                    others.append(key)
        elif isinstance(item, dict) and depth < _DEEPEST and letters(key) in _ON_THE_WAY:
            below = lists_in(item, alone, depth + 1)
            if below:
                tree[key] = below
    if not tree and (len(others) != 1 or "id" in value):
        return None
    held = False
    for key, item in value.items():
        if key in tree:
            held = True  # a name that comes after the list is the list's own
        elif _tells(key, item) or (not held and _names(key, item)):
            return None
    return tree or {others[0]: True}


def list_ahead(text: str, start: int, alone: bool = False, depth: int = 0) -> Tree | None:
    """Return where the object at ``start``, whose end is not in the text yet, holds its list, or None."""
    at = start + 1
    while match := _KEY.match(text, at):
        key, at = match[1], match.end()
        plain = letters(key)
        if _LIST_OF_OBJECTS.match(text, at):
            end = -1 if plain in LISTS else end_of(text, at)
            if end < 0:
                return None if plain in _PARTS or (plain not in LISTS and not alone) else {key: True}
            at = end
            continue
        if text.startswith("{", at) and depth < _DEEPEST and plain in _ON_THE_WAY:
            below = list_ahead(text, at, alone, depth + 1)
            if below:
                return {key: below}
        elif scalar := _SCALAR.match(text, at):
            said = scalar[0].strip('"')
            if _tells(key, said) or _names(key, said):
                return None
            at = scalar.end()
            continue
        at = end_of(text, at)
        if at < 0:
            return None
    return None


def _tells(key: str, item: Any) -> bool:
    """Tell whether a member says that its object is the record of one person or organization."""
    if is_blank(item) or item == "null":
        return False
    if letters(key) in _PARTS:
        return True
    return is_scalar(item) and meaning(key)[0] in _TELLING_FIELDS


def _names(key: str, item: Any) -> bool:
    """Tell whether a member gives a name, be it a person's or that of the list."""
    return is_scalar(item) and not is_blank(item) and meaning(key)[0] == "name"
