"""Entities to JSON and JSON lines, one entity a line, as a stream."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, TextIO


def write_json(entities: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write entities as one array (``[]`` for none), an entity a line, and return how many they were."""
    count = 0
    for entity in entities:
        out.write(",\n" if count else "[\n")
        out.write(_written(entity))
        count += 1
    out.write("\n]\n" if count else "[]\n")
    return count


def write_jsonl(entities: Iterable[dict[str, Any]], out: TextIO) -> int:
    """Write entities as JSON lines, and return how many they were."""
    count = 0
    for entity in entities:
        out.write(_written(entity) + "\n")
        count += 1
    return count


def _written(entity: dict[str, Any]) -> str:
    """Return an entity as JSON on one line, letters as they are; what UTF-8 cannot hold is written as escapes."""
    text = json.dumps(entity, ensure_ascii=False)
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            return json.dumps(entity)
    return text
