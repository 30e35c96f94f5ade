"""JSON of one small object without the json module, whose import takes a tenth of a short command's time.

It writes what ``json.dumps(…, ensure_ascii=False, separators=(",", ":"))`` writes, and gives up on anything unusual.
"""

from __future__ import annotations

from typing import Any


class Unusual(Exception):
    """The data holds something that the json module must write: control characters, objects, odd numbers."""


def compact(data: Any) -> str:
    """Return data as compact JSON, or raise Unusual."""
    kind = type(data)
    if isinstance(data, str):
        if not data.isprintable():
            raise Unusual
        return '"' + data.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if data is None:
        return "null"
    if kind is bool:
        return "true" if data else "false"
    if kind is int:
        return str(data)
    if kind is list:
        return "[" + ",".join([compact(item) for item in data]) + "]"
    if kind is dict:
        return "{" + ",".join([f"{_key(key)}:{compact(value)}" for key, value in data.items()]) + "}"
    raise Unusual


def _key(key: Any) -> str:
    if type(key) is not str:
        raise Unusual
    return compact(key)
