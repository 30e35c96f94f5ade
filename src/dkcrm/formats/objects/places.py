"""Where things stand in a JSON text: line ends, the starts of objects, the ends of what is not whole."""

from __future__ import annotations

import json
import re

from dkcrm.formats.objects.values import DECODER
from dkcrm.i18n import _

#: The most characters that one object may have.
MAX_OBJECT = 16 << 20
#: How far back of an object one looks for what divides it from the one before.
LOOK_BACK = 256
# A literal that is cut off at the end of the text is an error at most so far before it.
_LONGEST_LITERAL = 16
_FIRST_KEY = re.compile(r'\{\s*"([^"\\]{0,200})"')


def divided(text: str, at: int) -> bool:
    """Tell whether the object there is divided from what is before it as elements are: by a comma or a new line."""
    before = text[max(0, at - LOOK_BACK) : at]
    last = before.rstrip()[-1:]
    if last == ",":
        return True
    gap = before[len(before.rstrip()) :]
    return last not in ":[{" and ("\n" in gap or "\r" in gap)


def indent_of(text: str, at: int) -> str | None:
    """Return the blanks before the value there when it is the first of its line, else None."""
    before = text[max(0, at - LOOK_BACK) : at]
    blanks = before[len(before.rstrip(" \t")) :]
    before = before[: len(before) - len(blanks)]
    return blanks if before.endswith(("\n", "\r")) else None


def key_after(text: str, at: int) -> str | None:
    """Return the first key of the object there, as it is written, or None where there is none yet."""
    match = _FIRST_KEY.match(text, at)
    return match[1] if match else None


def no_json(line: int, passed: int, what: str) -> str:
    """Return the reason why a text is no JSON: where that shows, so many characters into the object, and how."""
    reason = _("not valid JSON at line {line}, character {place} of the object: {what}")
    return reason.format(line=line, place=passed + 1, what=what)


def too_long() -> str:
    """Return the reason why an object beyond the limit is not taken."""
    return _("the object is longer than {most} characters").format(most=MAX_OBJECT)


def unfinished(error: json.JSONDecodeError, text: str) -> bool:
    """Tell whether a text is no JSON only because it is not whole yet."""
    return error.pos >= len(text) - _LONGEST_LITERAL or error.msg.startswith("Unterminated string")


def end_of(text: str, at: int) -> int:
    """Return where the value there ends, -1 where it does not."""
    try:
        return DECODER.raw_decode(text, at)[1]
    except (json.JSONDecodeError, RecursionError):
        return -1


def breaks(text: str, start: int, end: int) -> int:
    """Return the number of line ends between two places; ``\\r\\n`` is one."""
    count = text.count("\n", start, end)
    if returns := text.count("\r", start, end):
        count += returns - text.count("\r\n", start, end)
    return count
