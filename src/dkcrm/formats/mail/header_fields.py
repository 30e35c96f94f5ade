"""Header fields of a message or a part: unfolded (RFC 5322), words decoded (RFC 2047), parameters read (RFC 2231)."""

from __future__ import annotations

import binascii
import re
from urllib.parse import unquote_to_bytes

from dkcrm.formats.mail.charsets import decode

LONGEST = 65_536
LONGEST_LIST = 1 << 20
MOST_LINES = 100_000

_KEPT = frozenset(
    b"from reply-to sender to cc date received subject message-id return-path auto-submitted precedence list-id "
    b"list-unsubscribe list-post x-autoreply x-autorespond x-mailer x-php-originating-script x-php-script "
    b"x-mozilla-status content-type content-disposition content-transfer-encoding".split()
)
_LISTS = frozenset([b"to", b"cc"])
_NAME = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
# The encoded text may hold a stray "?", as some mailers write it; its length is bounded to stay linear.
_WORD = re.compile(r"=\?([^?\s*]{1,60})(?:\*[^?\s]{0,40})?\?([bBqQ])\?((?:[^?]|\?(?!=)){0,1000})\?=")
# A quote that is not closed reaches to the end, so that no search for its end is done twice.
_PARAMETER = re.compile(r';\s*([^\s=;"]{1,80})\s*=\s*(?:"((?:[^"\\]|\\.)*)(?:"|\\?$)|([^;]*))', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_PIECE = re.compile(r"([^*]+)(?:\*(\d{1,3}))?(\*)?")


class HeaderFields:
    """The header fields that matter, by lower-case name, in the order of the message; values are unfolded text."""

    __slots__ = ("_raw", "given")

    def __init__(self, given: str | None = None) -> None:
        self._raw: dict[bytes, list[bytes]] = {}
        self.given = given

    def add(self, name: bytes, value: bytes) -> None:
        """Keep a field; of those that occur often without end only the first and the last."""
        values = self._raw.setdefault(name, [])
        if len(values) < 2:
            values.append(value)
        else:
            values[1] = value

    def __contains__(self, name: str) -> bool:
        """Say whether the field occurs."""
        return name.encode() in self._raw

    def first(self, name: str) -> str:
        """Return the first such field's value as it stands, words not decoded; empty when there is none."""
        values = self._raw.get(name.encode())
        return self._text(values[0]) if values else ""

    def last(self, name: str) -> str:
        """Return the last such field's value as it stands; empty when there is none."""
        values = self._raw.get(name.encode())
        return self._text(values[-1]) if values else ""

    def _text(self, value: bytes) -> str:
        """Return a value unfolded and decoded."""
        return decode(value.replace(b"\r", b"").replace(b"\n", b"").replace(b"\0", b""), None, self.given).strip()


def read_fields(raw: bytes, start: int, given: str | None = None) -> tuple[HeaderFields, int]:
    """Return the header fields that begin at an offset, and the offset where the body begins.

    A line that is no field ends them (the blank line is missing), and so do a hundred thousand lines. The value of a
    field is cut at 64 kB, a list of recipients at 1 MB.
    """
    fields = HeaderFields(given)
    name, value, at = b"", bytearray(), start
    for number in range(MOST_LINES):
        end = raw.find(b"\n", at)
        end = len(raw) if end < 0 else end + 1
        if at >= end or raw[at:end] in (b"\n", b"\r\n", b"\r"):
            at = end
            break
        if raw[at] in b" \t":
            if name in _KEPT:
                room = (LONGEST_LIST if name in _LISTS else LONGEST) - len(value)
                value += raw[at : min(end, at + max(room, 0))]
            at = end
            continue
        found = _NAME.match(raw, at, end)
        # An envelope line may stand first, and a second one, quoted, after it.
        if not found and not (number < 3 and raw.startswith((b"From ", b">From "), at)):
            break
        if name in _KEPT:
            fields.add(name, bytes(value))
        name = found[1].lower() if found else b""
        longest = LONGEST_LIST if name in _LISTS else LONGEST
        value = bytearray(raw[found.end() : min(end, found.end() + longest)] if found and name in _KEPT else b"")
        at = end
    if name in _KEPT:
        fields.add(name, bytes(value))
    return fields, at


def decode_words(text: str) -> str:
    """Return a field's text with its encoded words decoded (RFC 2047), within quotes too, as mailers write them.

    Neighbours in one charset are joined before they are decoded, since some mailers cut between the bytes of one
    character. A word that cannot be decoded stays as it is.
    """
    if "=?" not in text:
        return text
    out: list[str] = []
    run, run_charset, done = b"", "", 0
    for word in _WORD.finditer(text):
        octets = _octets(word[2], word[3])
        between = text[done : word.start()]
        charset = word[1].lower()
        joined = bool(run) and octets is not None and not between.strip()
        if run and not (joined and charset == run_charset):
            out.append(decode(run, run_charset))
            run = b""
        if not joined:
            out.append(between)
        if octets is None:
            out.append(word[0])
        else:
            run, run_charset = run + octets, charset
        done = word.end()
    return "".join([*out, decode(run, run_charset) if run else "", text[done:]])


def _octets(kind: str, text: str) -> bytes | None:
    """Return the bytes of an encoded word, or None where it is broken."""
    plain = text.encode("utf-8", "replace")
    if kind in "qQ":
        return binascii.a2b_qp(plain, header=True)
    try:
        return binascii.a2b_base64(plain + b"=" * (-len(plain) % 4))
    except ValueError:
        return None


def value_and_parameters(text: str) -> tuple[str, dict[str, str]]:
    """Return the first word of a field such as Content-Type in lower case, and its parameters by lower-case name.

    Parameters in pieces and with a charset (RFC 2231) are put together. Of a longer text 8,000 characters are read.
    """
    text = text[:8_000]
    pieces: dict[str, dict[int, tuple[str, bool]]] = {}
    for found in _PARAMETER.finditer(text):
        name = _PIECE.fullmatch(found[1].lower())
        if name:
            value = _ESCAPED.sub(r"\1", found[2]) if found[2] is not None else found[3].strip()
            pieces.setdefault(name[1], {}).setdefault(int(name[2] or 0), (value, bool(name[3])))
    return text.partition(";")[0].strip().lower(), {name: _assembled(parts) for name, parts in pieces.items()}


def _assembled(parts: dict[int, tuple[str, bool]]) -> str:
    """Return a parameter's value from its numbered pieces."""
    if not any(encoded for _value, encoded in parts.values()):
        return "".join(value for _number, (value, _encoded) in sorted(parts.items()))
    charset, octets = "", b""
    for number, (value, encoded) in sorted(parts.items()):
        if encoded and number == min(parts) and value.count("'") >= 2:
            charset, _language, value = value.split("'", 2)
        octets += unquote_to_bytes(value) if encoded else value.encode("utf-8", "replace")
    return decode(octets, charset or None)
