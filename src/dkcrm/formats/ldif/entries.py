"""LDIF as text: physical lines to entries, and the lines of an entry to its attributes (RFC 2849)."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Iterator

from dkcrm.formats.record import Reject, Rejects
from dkcrm.i18n import _

#: The most characters that an entry may have, its pictures included.
MAX_ENTRY = 16 << 20
_MAX_LINE = 1 << 20
_SHOWN = 200
# What a line costs beside its characters: millions of lines with a letter each are no entry either.
_LINE_COST = 32
_ATTRIBUTE = re.compile(r"([A-Za-z0-9][\w.-]{0,200}(?:;[\w-]{1,100}){0,20})[ \t]*:(.?)", re.ASCII | re.DOTALL)
_BLANKS = re.compile(r"\s+")

TEXT, BASE64, URL = "text", "base64", "url"


class BadEntry(Exception):
    """An entry that cannot be taken; the text says why."""


class Value:
    """A value of an attribute: ``name`` in lower case, its ``options`` (``lang-it``), and how it was written.

    ``text`` is None where the value is no text; ``raw`` and ``header`` are the value and its name as they stand.
    """

    __slots__ = ("header", "how", "name", "options", "raw", "text")

    def __init__(self, header: str, text: str | None, raw: str, how: str) -> None:
        self.header = header
        name, _semicolon, options = header.partition(";")
        self.name = name.lower()
        self.options = options.lower()
        self.text = text
        self.raw = raw
        self.how = how


def entries(readline: Callable[[int], str], rejects: Rejects) -> Iterator[tuple[int, list[str]]]:
    """Yield each entry as the line where it starts and its physical lines, without their ends; comments stay in.

    Entries end at a blank line, or where another ``dn:`` begins. One that is longer than ``MAX_ENTRY`` is rejected.
    """
    start, size = 0, 0
    named = False
    held: list[str] = []
    for number, line in _lines(readline):
        begins = line[:3].lower() == "dn:"
        if held and (not line or (begins and named)):
            if _says(held):
                yield from _bounded(start, size, held, rejects)
            held, size, named = [], 0, False
        if not line:
            continue
        if not held:
            start = number
        named = named or begins
        size += len(line) + _LINE_COST
        # Of what is too much only the beginning is held; it goes on to the end of the entry.
        if size <= MAX_ENTRY or not held:
            held.append(line)
    if _says(held):
        yield from _bounded(start, size, held, rejects)


def _bounded(start: int, size: int, held: list[str], rejects: Rejects) -> Iterator[tuple[int, list[str]]]:
    if size <= MAX_ENTRY:
        yield start, held
        return
    reason = _("the entry is longer than {most} characters").format(most=MAX_ENTRY)
    rejects.append(Reject(start, reason, [held[0][:_SHOWN]]))


def _lines(readline: Callable[[int], str]) -> Iterator[tuple[int, str]]:
    """Yield the number of each physical line and the line without its end; a very long one comes in pieces.

    Its later pieces look like the continuation lines that they might as well be.
    """
    number, within, last = 0, False, ""
    while line := readline(_MAX_LINE):
        if line == "\n" and len(last) == _MAX_LINE and last.endswith("\r"):
            last = line  # the second half of a line end
            continue
        last = line
        ended = line.endswith(("\n", "\r"))
        text = line.rstrip("\r\n")
        if within:
            if text:
                yield number, " " + text
        else:
            number += 1
            yield number, text.removeprefix("\ufeff") if number == 1 else text
        within = not ended


def _says(held: list[str]) -> bool:
    """Tell whether lines are an entry: comments alone, or the version of the format, are none."""
    folded = False
    for line in held:
        if line.startswith((" ", "\t")):
            if folded:
                return True
        else:
            folded = not line.startswith("#") and line[:8].lower() != "version:"
            if folded:
                return True
    return False


def attributes(lines: list[str]) -> list[Value]:
    """Return the values of an entry, in order; raises BadEntry for a line that is none.

    Lines are unfolded, comments and the version left out; base64 is decoded, and read as UTF-8 where it is UTF-8.
    """
    values: list[Value] = []
    wrong: str | None = None
    for line in _unfolded(lines):
        if line == "-":
            continue  # divides the parts of a change, and a change is told of by its type
        try:
            value = _value(line)
        except BadEntry as error:
            wrong = wrong or str(error)
            continue
        if value.name != "version" or values:
            values.append(value)
    change = next(((value.text or "").strip().lower() for value in values if value.name == "changetype"), "add")
    if change != "add":
        raise BadEntry(_("a change ({kind}), not an entry").format(kind=change[:40] or "?"))
    if wrong:
        raise BadEntry(wrong)
    return values


def _unfolded(lines: list[str]) -> Iterator[str]:
    """Yield logical lines without the comments: a line that begins with a blank goes on with the one before."""
    parts: list[str] = []
    for line in lines:
        if line.startswith((" ", "\t")):
            parts.append(line[1:])
            continue
        if parts and not parts[0].startswith("#"):
            yield "".join(parts)
        parts = [line]
    if parts and not parts[0].startswith("#"):
        yield "".join(parts)


def _value(line: str) -> Value:
    """Return what a logical line says: ``name: text``, ``name:: base64`` or ``name:< url``."""
    match = _ATTRIBUTE.match(line)
    if match is None:
        raise BadEntry(_("not 'attribute: value': {line}").format(line=line[:60]))
    header = match[1]
    if match[2] == "<":
        # What a file names is never fetched.
        url = line[match.end() :].strip()
        return Value(header, url, url, URL)
    if match[2] != ":":
        text = line[match.start(2) :].lstrip(" ")
        return Value(header, text, text, TEXT)
    raw = _BLANKS.sub("", line[match.end() :])
    try:
        data = base64.b64decode(raw + "=" * (-len(raw) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise BadEntry(_("the value of {name} is not base64").format(name=header)) from None
    try:
        decoded: str | None = data.decode()
    except UnicodeDecodeError:
        decoded = None
    if decoded is not None and "\0" in decoded:
        decoded = None
    return Value(header, decoded, raw, BASE64)
