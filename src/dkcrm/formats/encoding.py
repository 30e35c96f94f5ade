"""Open a file as text without asking the machine's locale: its encoding is found, or the one that a user names."""

from __future__ import annotations

import codecs
import io
from typing import IO, TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats import guessing
from dkcrm.formats.folds import whole_characters
from dkcrm.formats.inputs import HEAD, display_name, io_error, open_bytes, rereadable
from dkcrm.i18n import _

# Codecs of Python that are no charsets of files; decoding a long text in some of them takes forever.
_NO_CHARSETS = frozenset(["idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"])
# How to decode what the codec itself does not: see the handlers registered below.
_ERRORS = {"cp1252": "dkcrm-control", "utf-8": "dkcrm-cp1252", "utf-8-sig": "dkcrm-cp1252"}


_UTF8 = ("utf-8", "utf-8-sig")


def _byte_as_control(error: UnicodeError) -> tuple[str, int]:
    """Decode the five bytes that cp1252 leaves undefined as the C1 controls that Latin-1 has there."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


def _bytes_as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Decode what is not valid as the characters of cp1252."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("cp1252", "dkcrm-control"), error.end


codecs.register_error("dkcrm-control", _byte_as_control)
codecs.register_error("dkcrm-cp1252", _bytes_as_cp1252)


def open_text(
    path: str, encoding: str | None = None, *, hint: str | None = None, folded: bool = False
) -> tuple[TextIO, str]:
    """Open a file (``-`` is standard input) as text, line ends untouched, and say in which encoding.

    ``hint`` is what to advise about a file that is empty, or of another program: how one of the format begins. Without
    it the file is taken for a table. ``folded`` says that lines may be folded, in the midst of a character too.
    Raises ``DkcrmError`` (code ``io``) when it cannot be read, and ``InvalidInput`` when it is empty, is no text, or
    does not decode in the encoding that was asked for.
    """
    name = display_name(path)
    given = _lookup(encoding) if encoding else None
    place = rereadable(path)
    raw = open_bytes(place)
    try:
        if folded:
            with whole_characters(open_bytes(place)) as whole:
                codec = _decide(raw, whole, name, given, hint)
        else:
            codec = _decide(raw, raw, name, given, hint)
        raw.seek(0)
    except OSError as error:
        raw.close()
        raise io_error(name, error) from error
    except BaseException:
        raw.close()
        raise
    if folded and codec in _UTF8:
        raw = whole_characters(raw)
    return _as_text(raw, codec), "utf-8" if codec == "utf-8-sig" else codec


def reopen_text(path: str, encoding: str) -> TextIO:
    """Open again, and without looking at it, a file that ``open_text`` has said to be in an encoding.

    ``path`` must be what ``rereadable`` returned. Raises ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    return _as_text(open_bytes(path), "utf-8-sig" if encoding == "utf-8" else encoding)


def _as_text(raw: IO[bytes], codec: str) -> TextIO:
    """Return opened bytes as text."""
    return io.TextIOWrapper(raw, encoding=codec, errors=_ERRORS.get(codec, "strict"), newline="")


def _lookup(encoding: str) -> str:
    """Return Python's name of an encoding that a user named, or refuse it."""
    try:
        info = codecs.lookup(encoding)
        "".encode(encoding)  # codecs that make bytes of bytes (base64, zlib) are refused here
        if info.name.replace("_", "-") in _NO_CHARSETS:
            raise LookupError(encoding)
    except (LookupError, ValueError) as error:
        hint = _("for example utf-8, cp1252, latin-1, utf-16, mac-roman, cp850")
        raise InvalidInput(_("unknown encoding '{name}'").format(name=encoding), hint=hint) from error
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _decide(raw: IO[bytes], as_utf8: IO[bytes], name: str, given: str | None, hint: str | None) -> str:
    """Return the encoding of an opened file, which is left anywhere; ``as_utf8`` is how it reads if it is UTF-8."""
    head = raw.read(HEAD)
    if not head:
        hint = hint or _("the first row must name the columns")
        raise InvalidInput(_("{name} is empty").format(name=name), hint=hint)
    marked = guessing.marked(head)
    kind = guessing.kind_of_archive(head) if given or marked else guessing.kind_of_binary(head)
    if kind:
        message = _("{name} is not a text file: it seems to be {kind}").format(name=name, kind=kind[0])
        raise InvalidInput(message, hint=kind[1] or hint or _as_csv())
    if given == "cp1252":
        return given
    if given or marked:
        codec = given or marked or ""
        wrong = guessing.first_undecodable(as_utf8 if codec in _UTF8 else raw, codec)
        if wrong is None or (codec == "utf-8-sig" and not given):
            return codec
        message = _("{name} is not {codec}: byte {offset} does not decode").format(name=name, codec=codec, offset=wrong)
        raise InvalidInput(message, hint=_("leave --encoding out to have it found, or name another one"))
    wide = guessing.wide_codec(head)
    if wide:
        wrong = guessing.first_undecodable(raw, wide)
        if wrong is None:
            return wide
        if head.count(0) * 4 > len(head):
            message = _("{name} is not {codec}: byte {offset} does not decode")
            raise InvalidInput(message.format(name=name, codec=wide, offset=wrong), hint=_("name its --encoding"))
    if guessing.first_undecodable(as_utf8, "utf-8") is None or guessing.is_mostly_utf8(as_utf8):
        return "utf-8"
    return "mac-roman" if guessing.is_mac_roman(raw) else "cp1252"


def _as_csv() -> str:
    """Return what to do with a file of a program that can write CSV."""
    return _("save it as CSV (UTF-8) in the program that made it, and import that file")
