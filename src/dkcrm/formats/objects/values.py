"""JSON values as they stand in a file: numbers keep their digits, and nothing is lost to a key that comes twice."""

from __future__ import annotations

import json
import re
from typing import Any

_SHORT_INT = re.compile(r"-?\d{1,18}")


class Digits(str):
    """A number, as it is written: ``12.50`` stays ``12.50``, and forty digits stay forty."""

    __slots__ = ()


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object's members; a key that comes again is numbered (``email (2)``), so that no value goes lost."""
    members = dict(pairs)
    if len(members) == len(pairs):
        return members
    members = {}
    times: dict[str, int] = {}
    for key, value in pairs:
        times[key] = times.get(key, 0) + 1
        name = key if times[key] == 1 else f"{key} ({times[key]})"
        while name in members:
            times[key] += 1
            name = f"{key} ({times[key]})"
        members[name] = value
    return members


def _constant(word: str) -> Any:
    """Return what a word of JavaScript's stands for: NaN is how data frames write that there is no value."""
    return None if word == "NaN" else Digits(word)


#: Reads JSON (RFC 8259) with every number as ``Digits``; strict: no control character stands bare in a string.
DECODER = json.JSONDecoder(
    object_pairs_hook=_members, parse_float=Digits, parse_int=Digits, parse_constant=_constant
)  # fmt: skip


def is_scalar(value: Any) -> bool:
    """Tell whether a value is text, a number, true or false."""
    return isinstance(value, (str, bool))


def is_blank(value: Any) -> bool:
    """Tell whether a value says nothing: null, blank text, an empty list or object."""
    return value is None or value in ([], {}) or (isinstance(value, str) and (not value or value.isspace()))


def as_text(value: Any) -> str:
    """Return a value as text: a scalar as it is written, a list of scalars joined with ``; ``, others compactly."""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(is_scalar(item) for item in value):
        return "; ".join(as_text(item) for item in value if not is_blank(item))
    return compact(value)


def compact(value: Any) -> str:
    """Return a value as JSON without blanks, numbers digit by digit; raises RecursionError where it is too deep."""
    if isinstance(value, Digits):
        return str(value)
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, dict):
        return "{" + ",".join(f"{quoted(key)}:{compact(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(compact(item) for item in value) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return "null"


def quoted(text: str) -> str:
    """Return text as a JSON string that any file takes: halves of a surrogate pair are written as escapes."""
    written = json.dumps(text, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(text)
    return written


def plain(value: Any) -> Any:
    """Return a value as Python's own: whole numbers of up to 18 digits as int, other numbers as their text."""
    if isinstance(value, Digits):
        return int(value) if _SHORT_INT.fullmatch(value) else str(value)
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
