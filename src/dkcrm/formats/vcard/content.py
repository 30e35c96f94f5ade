"""One content line: its group, name, parameters and value (RFC 6350 section 3.3), and the text of a value."""

from __future__ import annotations

import re
from functools import lru_cache

from dkcrm.domain.text import BIDI_CONTROLS

_ENCODINGS = {"BASE64": "b", "B": "b", "QUOTED-PRINTABLE": "q", "8BIT": "8", "7BIT": "8"}
#: Bare parameters of vCard 2.1 that say where a value is, not what it is.
_PLACES = {"INLINE", "CID", "CONTENT-ID"}
_SIDES = ("person", "organization")
_HELD = 200
_ESCAPE = re.compile(r"\\([nN\\,;:\"])")
_SPECIAL = re.compile(r"[\\;,\r\n]")
_CARET = re.compile(r"\^([n'^])")
_CARETS = {"n": "\n", "'": '"', "^": "^"}
_QP = re.compile(rb"=([0-9A-Fa-f]{2})")
_QP_RUN = re.compile(r"(?:=[0-9A-Fa-f]{2})+")
_CHARSETS = re.compile(
    r"ascii|utf|iso8859|iso2022|cp\d|koi8|gb|big5|shift_jis|euc_|mac|hz|tis|johab|ptcp|kz1048|latin", re.IGNORECASE
)
_REMOVED = dict.fromkeys(
    [*(c for c in range(32) if c not in (9, 10)), *range(0x7F, 0xA0), 0xFEFF, *range(0xD800, 0xE000),
     *map(ord, BIDI_CONTROLS)]
)  # fmt: skip


class Head:
    """What stands before the colon of a content line; made once for all the lines that begin alike.

    ``key`` is the name in capitals. ``params`` are the parameters as written, ``types`` the TYPE words and 2.1's bare
    words in lower case, ``pref`` the rank (1 is first, 101 when nothing is said), ``encoding`` one of ``q`` (quoted
    printable), ``b`` (base64), ``8`` and "". ``ours`` is what our own export says that the property feeds, ``side``
    whose it is.
    """

    __slots__ = (
        "bare", "charset", "encoding", "group", "key", "name", "ours", "params", "pref", "side", "text", "types",
        "value_type",
    )  # fmt: skip

    def __init__(self, text: str) -> None:
        self.text = text
        parts = text.split(";") if '"' not in text else _split_quoted(text, ";")
        group, dot, name = parts[0].rpartition(".")
        self.ours: str | None
        self.side: str | None
        self.group = group.strip() if dot else ""
        self.name = name.strip()
        self.key = self.name.upper()
        self.params = tuple(parts[1:])
        self.encoding = self.charset = self.value_type = ""
        self.pref = 101
        self.bare = False
        types: list[str] = []
        for raw in self.params:
            key, equals, value = raw.partition("=")
            key = key.strip().upper()
            if not equals:
                self.bare = self.bare or bool(key)
                if key in _ENCODINGS:
                    self.encoding = _ENCODINGS[key]
                elif key == "URL":
                    self.value_type = "uri"
                elif key in _PLACES:
                    self.value_type = key.lower()
                elif key:
                    types.append(key.lower())
            elif key == "TYPE":
                types += [word for word in (w.strip(' "\t').lower() for w in value.split(",")) if word]
            elif key == "PREF":
                number = value.strip(' "')
                if number.isascii() and number.isdigit() and len(number) < 4:
                    self.pref = min(self.pref, max(1, int(number)))
            elif key == "ENCODING":
                self.encoding = _ENCODINGS.get(value.strip(' "').upper(), "")
            elif key == "CHARSET":
                self.charset = value.strip(' "')
            elif key == "VALUE":
                self.value_type = value.strip(' "').lower()
        if "pref" in types:
            self.pref = min(self.pref, 1)
        self.types = tuple(types)
        self.ours = self.side = None
        if "X-DKCRM-" in text:
            self.ours = self.param("X-DKCRM-FIELD")
            side = self.param("X-DKCRM-SIDE")
            self.side = side if side in _SIDES else None

    def param(self, name: str) -> str | None:
        """Return a parameter's value, unquoted and with RFC 6868's carets undone, or None."""
        for raw in self.params:
            key, equals, value = raw.partition("=")
            if equals and key.strip().upper() == name:
                return param_text(value)
        return None


_cached_head = lru_cache(maxsize=4096)(Head)


def head_of(text: str) -> Head:
    """Return the head that a text says; short ones come back again and again."""
    return _cached_head(text) if len(text) < _HELD else Head(text)


def cut(line: str) -> tuple[Head, str] | None:
    """Return a content line's head and value (as written), or None for a line that has no colon."""
    head, colon, value = line.partition(":")
    if '"' in head and head.count('"') % 2:
        # The colon may stand in a quoted parameter.
        parts = _split_quoted(line, ":", 1)
        if len(parts) > 1:
            head, value = parts
    if not colon:
        return None
    return (_cached_head(head) if len(head) < _HELD else Head(head)), value


def _split_quoted(text: str, mark: str, most: int = -1) -> list[str]:
    """Split at marks outside of quotation marks; a quotation mark that is never closed is a plain character."""
    parts: list[str] = []
    start = at = 0
    while True:
        found = text.find(mark, at)
        if found < 0 or most == 0:
            parts.append(text[start:])
            return parts
        quote = text.find('"', at, found)
        if quote >= 0:
            close = text.find('"', quote + 1)
            if close < 0:
                parts += text[start:].split(mark, most)
                return parts
            at = close + 1
            continue
        parts.append(text[start:found])
        start = at = found + 1
        most -= 1


def param_text(value: str) -> str:
    """Return the text of a parameter's value: unquoted, carets undone (RFC 6868)."""
    text = value.strip()
    if len(text) > 1 and text[0] == text[-1] == '"':
        text = text[1:-1]
    return _CARET.sub(lambda found: _CARETS[found[1]], text) if "^" in text else text


def param_value(text: str) -> str:
    """Return a text as a parameter's value: carets for what may not stand there (RFC 6868), quoted where needed."""
    value = text.replace("^", "^^").replace('"', "^'").replace("\r\n", "\n").replace("\r", "\n").replace("\n", "^n")
    value = "".join(c for c in value if c >= " " or c == "\t")
    return f'"{value}"' if any(c in value for c in ",;: \t") or not value else value


def codec_of(charset: str) -> str:
    """Return Python's name of a character set that a card names, or "" for one that is no text encoding."""
    import codecs

    try:
        name = codecs.lookup(charset[:40]).name if charset else ""
    except (LookupError, ValueError):
        return ""
    return name if _CHARSETS.match(name) and "escape" not in name and name != "utf-7" else ""


def bytes_text(data: bytes, charset: str) -> str:
    """Decode bytes in the character set that is named, else as UTF-8, else as Windows-1252."""
    for codec in (codec_of(charset), "utf-8", "cp1252"):
        if codec:
            try:
                return data.decode(codec)
            except (UnicodeError, ValueError):
                continue
    return data.decode("latin-1")


def decoded(head: Head, value: str) -> str:
    """Return a value with its quoted-printable or base64 undone, backslashes still in it, line ends as ``\\n``.

    Base64 that is no base64 comes back as it stands.
    """
    if head.encoding == "q":
        if value.isascii():
            text = bytes_text(_QP.sub(lambda found: bytes((int(found[1], 16),)), value.encode()), head.charset)
        else:
            text = _QP_RUN.sub(lambda found: bytes_text(bytes.fromhex(found[0].replace("=", "")), head.charset), value)
    elif head.encoding == "b":
        import binascii

        try:
            text = bytes_text(binascii.a2b_base64("".join(value.split()).encode("ascii")), head.charset)
        except (ValueError, UnicodeError):
            return value
    else:
        return value
    return text.replace("\r\n", "\n").replace("\r", "\n")


def unescape(text: str) -> str:
    """Undo the backslashes of a text value; one before another character is that character's own."""
    if "\\" not in text:
        return text
    return _ESCAPE.sub(lambda found: "\n" if found[1] in "nN" else found[1], text)


def escape(text: str) -> str:
    """Return a text as a value: backslash, semicolon, comma and line ends escaped (RFC 6350 section 3.4)."""
    if not _SPECIAL.search(text):
        return text
    text = text.replace("\\", "\\\\").replace(";", "\\;").replace("\r\n", "\n").replace("\r", "\n")
    return text.replace(",", "\\,").replace("\n", "\\n")


def split(text: str, mark: str) -> list[str]:
    """Split a value at marks that no backslash stands before; the parts keep their backslashes."""
    if "\\" not in text:
        return text.split(mark)
    parts: list[str] = []
    start = at = 0
    while True:
        found = text.find(mark, at)
        if found < 0:
            parts.append(text[start:])
            return parts
        back = found
        while back > start and text[back - 1] == "\\":
            back -= 1
        at = found + 1
        if (found - back) % 2 == 0:
            parts.append(text[start:found])
            start = at


def clean(text: str) -> str:
    """Return a text as a value of ours: no control characters but ``\\n`` and tab, no outer blanks."""
    if not text.isprintable():
        text = text.replace("\r\n", "\n").replace("\r", "\n").translate(_REMOVED)
    return text.strip()


def one_line(text: str) -> str:
    """Return a text as a value of one line."""
    text = clean(text)
    return text if text.isprintable() else " ".join(text.split())
