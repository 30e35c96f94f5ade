"""The small shapes that values come in: one or many, bare or with a type beside them, pairs of name and value."""

from __future__ import annotations

from typing import Any

from dkcrm.formats.objects.keys import LABELS, PREFERRED, SIDES, TEXT_VALUES, label_of, letters
from dkcrm.formats.objects.values import as_text, compact, is_blank, is_scalar


def each(item: Any) -> list[Any]:
    """Return a list as it is, one value as a list of it, nothing as an empty one."""
    if is_blank(item):
        return []
    return [one for one in item if not is_blank(one)] if isinstance(item, list) else [item]


def first_of(item: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    """Return the first scalar under any of some keys, in the order of the keys."""
    plain = {letters(key): value for key, value in item.items() if is_scalar(value) and not is_blank(value)}
    return next((as_text(plain[key]) for key in keys if key in plain), None)


def inner_text(item: Any) -> str:
    """Return the text of a tag or note: itself, or what its object names it."""
    if isinstance(item, dict):
        found = first_of(item, TEXT_VALUES)
        return compact(item) if found is None else found
    return as_text(item)


def about(item: dict[str, Any]) -> tuple[str | None, str | None, bool]:
    """Return the label of a point or address, whose it is, and whether it is the preferred one."""
    label: str | None = None
    side = preferred = None
    for key, value in item.items():
        plain = letters(key)
        if plain == "label" and is_scalar(value):
            label = as_text(value)
        elif plain in LABELS and is_scalar(value) and label is None and value != "PostalAddress":
            label = label_of(as_text(value))
        elif plain == "side" and value in SIDES:
            side = value
        elif plain in PREFERRED:
            preferred = value is True or value == "1"
        elif plain == "metadata" and isinstance(value, dict):
            preferred = preferred or value.get("primary") is True
    return label or None, side, bool(preferred)


def pairs(items: list[Any]) -> list[tuple[str, str]] | None:
    """Return a list such as ``[{"name": "Shoe size", "value": 38}]`` as fields, or None where it is none."""
    found: list[tuple[str, str]] = []
    for item in items:
        if not isinstance(item, dict) or "value" not in item or len(item) > 4:
            return None
        name = first_of(item, ("name", "label", "title", "field", "key"))
        if name is None:
            return None
        if not is_blank(item["value"]):
            found.append((name, as_text(item["value"])))
    return found
