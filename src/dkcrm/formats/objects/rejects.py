"""The file of rejects: JSON lines, each object with its line and the reason added, to be mended and imported again."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TextIO

from dkcrm.formats.objects.values import DECODER, compact, quoted
from dkcrm.formats.record import Reject

MARK = "dkcrm:"
LINE, REASON, ROW = "dkcrm:line", "dkcrm:reason", "dkcrm:row"


def write_json_rejects(file: TextIO, rejects: Iterable[Reject]) -> None:
    """Write rejected objects as JSON lines, line and reason first; text that is no object stands under one key."""
    for reject in rejects:
        text = reject.row[0] if reject.row else ""
        members = [f"{quoted(LINE)}: {reject.line}", f"{quoted(REASON)}: {quoted(reject.reason)}"]
        members += _members(text) or [f"{quoted(ROW)}: {quoted(text)}"]
        file.write("{" + ", ".join(members) + "}\n")


def _members(text: str) -> list[str] | None:
    """Return the members of an object, each as JSON, without the marks of a former file of rejects; else None."""
    try:
        value, end = DECODER.raw_decode(text.strip())
        if not isinstance(value, dict) or end != len(text.strip()):
            return None
        return [f"{quoted(key)}: {compact(item)}" for key, item in value.items() if not key.startswith(MARK)]
    except (json.JSONDecodeError, RecursionError):
        return None
