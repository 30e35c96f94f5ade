"""From the physical lines of a card to its content lines: unfolding (RFC 6350 section 3.2) and 2.1's own ways."""

from __future__ import annotations

import re

from dkcrm.formats.vcard.cards import is_agent, mark_of
from dkcrm.formats.vcard.content import Head, cut, escape

_BASE64 = re.compile(r"[A-Za-z0-9+/=]+")
_VERSION = re.compile(r"^VERSION[^:\n]{0,80}:[ \t]*(\d)", re.IGNORECASE | re.MULTILINE)
#: A shorter line of vCard 2.1 was folded at a blank, which belongs to the text (RFC 822 folding).
_HARD_FOLD = 70


def version_of(text: str) -> str:
    """Return the dialect that a card's text says it is in: ``2.1``, ``3.0`` or ``4.0``; 3.0 where it says none."""
    if "VERSION:3.0" in text:
        return "3.0"
    found = _VERSION.search(text)
    return {"2": "2.1", "4": "4.0"}.get(found[1], "3.0") if found else "3.0"


def unfold(lines: list[str]) -> tuple[list[str], str]:
    """Return a card's content lines, one item each, and its version.

    Quoted-printable stays as it is with its soft line breaks taken out, base64 comes without blanks, and a nested card
    becomes the value of its AGENT, escaped as RFC 2426 has it. Blank lines go.
    """
    text = "\n".join(lines)
    version = version_of(text)
    loud = text.upper()
    if "QUOTED-PRINTABLE" in loud or "BASE64" in loud or "ENCODING=" in loud or "AGENT" in loud:
        return _carefully(lines, version), version
    folded = "\n " in text or "\n\t" in text
    if folded:
        if version == "2.1" or not all(map(str.strip, lines)) or text[:1] in " \t":
            return _carefully(lines, version), version
        lines = text.replace("\n ", "").replace("\n\t", "").split("\n")
    elif "\n\n" in text or not lines or not lines[-1]:
        lines = [line for line in lines if line]
    return lines, version


def _carefully(lines: list[str], version: str) -> list[str]:
    """Unfold line by line, each property by its own rules."""
    out: list[str] = []
    at, end = 0, len(lines)
    while at < end:
        line = lines[at]
        at += 1
        if not line.strip():
            continue
        if is_agent(line):
            block, after = _nested(lines, at)
            if block is not None:
                out.append(line.rstrip() + escape("\n".join(block)))
                at = after
                continue
        if ":" not in line:
            # The fold may stand before the colon.
            parts = [line]
            while at < end and lines[at][:1] in (" ", "\t") and ":" not in parts[-1]:
                parts.append(lines[at][1:])
                at += 1
            line = "".join(parts)
        found = cut(line)
        encoding = found[0].encoding if found else ""
        if encoding == "q" and found:
            text, at = _soft(line, found[0], lines, at)
        elif encoding == "b" and found:
            text, at = _base64(line, lines, at)
        else:
            text, at = _plain(line, lines, at, version)
        out.append(text)
    return out


def _plain(line: str, lines: list[str], at: int, version: str) -> tuple[str, int]:
    """Join the folded lines of a property; return it and where the next one begins."""
    parts = [line]
    width = len(line.encode("utf-8", "replace")) if version == "2.1" else 0
    while at < len(lines) and lines[at][:1] in (" ", "\t"):
        more = lines[at]
        kept = version == "2.1" and width < _HARD_FOLD and parts[-1][-1:] not in " \t:;"
        parts.append(" " + more.lstrip(" \t") if kept else more[1:])
        if version == "2.1":
            width = len(more.encode("utf-8", "replace"))
        at += 1
    return "".join(parts) if len(parts) > 1 else line, at


def _soft(line: str, head: Head, lines: list[str], at: int) -> tuple[str, int]:
    """Join a quoted-printable property over its soft line breaks, and over plain folds, which some programs add."""
    parts: list[str] = []
    prefix = len(head.text) + 1
    while True:
        bare = line.rstrip(" \t")
        soft = bare.endswith("=") and len(bare) > (prefix if not parts else 0)
        parts.append(bare[:-1] if soft else line)
        if at >= len(lines):
            break
        more = lines[at]
        if soft:
            # A fold upon a soft break: the blank is the fold's.
            line = more[1:] if more[:2] in (" =", "\t=") else more
        elif more[:1] in (" ", "\t"):
            line = more[1:]
        else:
            break
        at += 1
    return "".join(parts), at


def _base64(line: str, lines: list[str], at: int) -> tuple[str, int]:
    """Join a base64 property, whose lines may be indented or not, up to a blank line or the next property."""
    head, colon, value = line.partition(":") if '"' not in line else _at_colon(line)
    parts = [head, colon, "".join(value.split())]
    while at < len(lines):
        more = lines[at].strip()
        if not more:
            at += 1
            if any(parts[2:]):
                break
            continue
        if lines[at][:1] not in (" ", "\t") and not _BASE64.fullmatch(more):
            break
        parts.append("".join(more.split()))
        at += 1
    return "".join(parts), at


def _at_colon(line: str) -> tuple[str, str, str]:
    found = cut(line)
    return (found[0].text, ":", found[1]) if found else (line, "", "")


def _nested(lines: list[str], at: int) -> tuple[list[str] | None, int]:
    """Return the lines of the card that an AGENT holds, and where the outer card goes on; None where there is none."""
    start = at
    while start < len(lines) and not lines[start].strip():
        start += 1
    if start >= len(lines) or mark_of(lines[start]) != "begin":
        return None, at
    depth = 0
    for place in range(start, len(lines)):
        mark = mark_of(lines[place])
        depth += (mark == "begin") - (mark == "end")
        if not depth:
            return lines[start : place + 1], place + 1
    return [*lines[start:], "END:VCARD"], len(lines)
