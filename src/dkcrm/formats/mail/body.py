"""The best text of a message: what the sender wrote, forwarded messages after it, and what was attached by name."""

from __future__ import annotations

import re

from dkcrm.formats.mail.charsets import clean_line, clean_text
from dkcrm.formats.mail.header_fields import decode_words
from dkcrm.formats.mail.markup import text_of_html
from dkcrm.formats.mail.parts import Part

LIMIT = 200_000
CUT = "[cut]"
FORWARDED = "---------- forwarded message ----------"
_MOST_NAMED = 30
_SIGNATURES = ("application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature")
_QUOTE = re.compile(r">+")


def body_text(raw: bytes, root: Part) -> str:
    """Return the text of a message, at most 200,000 characters with ``[cut]``; quoted replies are kept.

    Plain text goes before HTML where the message has both. Attachments are named in a last line.
    """
    pieces: list[str] = []
    _gather(raw, root, pieces, LIMIT)
    text = clean_text("\n\n".join(piece for piece in pieces if piece)).strip()
    names = _attached(root)
    last = ""
    if names:
        more = f", … {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED else ""
        last = f"[attachments: {', '.join(names[:_MOST_NAMED])}{more}]"
    room = LIMIT - (len(last) + 2 if last else 0)
    if len(text) > room:
        text = text[: room - len(CUT) - 1].rstrip() + "\n" + CUT
    return f"{text}\n\n{last}".strip()


def _gather(raw: bytes, part: Part, pieces: list[str], room: int) -> int:
    """Add a part's text to the pieces, and return how many characters there is room for after it."""
    if room < 0:
        return room
    if part.type == "multipart/alternative":
        for child in sorted(part.children, key=_rank):
            found: list[str] = []
            left = _gather(raw, child, found, room)
            if any(piece.strip() for piece in found):
                pieces += found
                return left
        return room
    if part.type == "multipart/related":
        for child in part.children:
            found = []
            left = _gather(raw, child, found, room)
            if found:
                pieces += found
                return left
        return room
    if part.children:
        if not part.type.startswith("multipart/"):
            pieces.append(_forwarding(part.children[0]))
        for child in part.children:
            room = _gather(raw, child, pieces, room)
        return room
    text = _own_text(raw, part)
    if text:
        pieces.append(text)
    return room - len(text)


def _rank(part: Part) -> int:
    """Return the place of an alternative: plain text, then what holds several parts, then HTML, then the rest."""
    if part.type == "text/plain":
        return 0
    return 1 if part.type.startswith("multipart/") else 2 if part.type == "text/html" else 3


def _own_text(raw: bytes, part: Part) -> str:
    """Return what a part without parts has to read; empty for a file."""
    if part.disposition == "attachment":
        return ""
    if part.type == "text/html":
        return text_of_html(part.text(raw))
    # A multipart without a part in it lost its boundary: what is there is text.
    if part.type not in ("text/plain", "text") and not part.type.startswith("multipart/"):
        return ""
    text = part.text(raw).replace("\r\n", "\n").replace("\r", "\n")
    if part.parameters.get("format", "").lower() == "flowed":
        text = unflow(text, delete_space=part.parameters.get("delsp", "").lower() == "yes")
    return text.strip("\n")


def _forwarding(inner: Part) -> str:
    """Return the line before a forwarded message, and who wrote it about what."""
    said = [(name, clean_line(decode_words(inner.fields.first(name)), 500)) for name in ("from", "date", "subject")]
    return "\n".join([FORWARDED, *(f"{name.capitalize()}: {value}" for name, value in said if value)])


def _attached(root: Part) -> list[str]:
    """Return the names of all files in a message, in order."""
    names: list[str] = []
    left = [root]
    while left:
        part = left.pop()
        left += reversed(part.children)
        if part.children or part.type in _SIGNATURES or part.type.startswith("multipart/"):
            continue
        shown = part.type in ("text/plain", "text/html", "text") and part.disposition != "attachment"
        if not shown and (part.disposition == "attachment" or part.used.get("filename") or part.parameters.get("name")):
            # Only those that are shown are decoded.
            names.append((part.file_name if len(names) < _MOST_NAMED else "") or part.type[:60])
    return names


def unflow(text: str, *, delete_space: bool = False) -> str:
    """Return flowed text with its paragraphs in one line each (RFC 3676); quote marks and signatures stay apart."""
    out: list[str] = []
    open_depth: int | None = None  # the quote depth of a line that goes on
    for line in text.split("\n"):
        marks = _QUOTE.match(line)
        depth = len(marks[0]) if marks else 0
        content = line[depth:].removeprefix(" ")  # space-stuffing
        flows = content.endswith(" ") and content != "-- "
        if flows and delete_space:
            content = content[:-1]
        if open_depth == depth and content.rstrip() != "--":
            out.append(content)
        else:
            out.append(("\n" if out else "") + (">" * depth + " " if depth else "") + content)
        open_depth = depth if flows else None
    return "".join(out)
