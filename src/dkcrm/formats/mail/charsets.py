"""Bytes of a message to text: the charset that it declares, where that holds, and no characters that do harm."""

from __future__ import annotations

import codecs
import re
from encodings.aliases import aliases

import dkcrm.formats.encoding  # noqa: F401 - it registers an error handler
from dkcrm.domain.text import BIDI_CONTROLS

# An error handler that the module of encodings registers: for the five bytes that cp1252 lacks.
_REST_AS_CONTROLS = "dkcrm-control"
# Codecs without an alias that mail names; asking Python for any name would have it search its path for a module.
_UNALIASED = frozenset(["koi8_u", "cp737", "cp874", "utf_8_sig", "utf_7"])
# No charsets: they make bytes of bytes or text of text, and punycode's decoder is quadratic.
_NONE = frozenset(["punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined", "mbcs", "oem", "rot_13"])
_KNOWN = (frozenset(aliases.values()) | _UNALIASED) - _NONE
# Declared Latin-1 is Windows-1252 in practice (WHATWG's Encoding Standard says so for the web).
_IN_PRACTICE = {"latin_1": "cp1252", "iso8859_1": "cp1252", "utf_8": "utf_8_sig", "iso_8859_8_i": "iso8859_8",
                "windows_874": "cp874"}  # fmt: skip
_NOT_WORD = re.compile(r"[^A-Za-z0-9]+")
_HARMFUL = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\ud800-\udfff" + "".join(sorted(BIDI_CONTROLS)) + "]",
)
_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029]")
_BLANKS = re.compile(r"\s+")


def charset_named(name: str) -> str | None:
    """Return Python's name of a charset that a message declares, or None where there is no such charset."""
    if len(name) > 60:
        return None
    word = _NOT_WORD.sub("_", name).strip("_").lower()
    word = _IN_PRACTICE.get(word, word)
    codec = aliases.get(word, word)
    codec = _IN_PRACTICE.get(codec, codec)
    return codec if codec in _KNOWN and not codec.endswith("_codec") else None


def decode(raw: bytes, declared: str | None = None, given: str | None = None, *, cut: bool = False) -> str:
    """Return bytes as text: in the declared charset, else the one that the user gave, else UTF-8, else cp1252.

    ``cut`` says that bytes are missing at the end, where half a character is no reason to doubt the charset.
    """
    for codec in (charset_named(declared) if declared else None, given, "utf_8_sig"):
        if codec:
            try:
                return codecs.getincrementaldecoder(codec)("strict").decode(raw, not cut)
            except (UnicodeError, LookupError):
                continue
    return raw.decode("cp1252", _REST_AS_CONTROLS)


def clean_text(text: str) -> str:
    """Return text of several lines without controls (but line ends and tabs), bidi marks or halves of characters."""
    return _HARMFUL.sub("", _LINE_ENDS.sub("\n", text))


def clean_line(text: str, limit: int) -> str:
    """Return text in one line: harmless characters, single blanks, at most ``limit`` characters."""
    line = _BLANKS.sub(" ", clean_text(text[: limit * 10])).strip()
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
