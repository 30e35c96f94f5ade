"""Open a file as text without asking the machine's locale: mark, then strict UTF-8 over the whole file, then cp1252.

The file is never held in memory: it is checked in chunks and read a second time. What cannot be read twice (standard
input, a pipe) goes to a temporary file first.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from typing import IO, TextIO, cast

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _

CHUNK = 1 << 20
HEAD = 1 << 16
SPOOL_IN_MEMORY = 8 << 20

# UTF-32's little-endian mark begins with UTF-16's, so it is looked at first.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Control bytes that no text has: everything below the blank but tab, line ends, form feed, and old DOS's end-of-file.
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\v\f\r\x1a\x1b"))


def _byte_as_control(error: UnicodeError) -> tuple[str, int]:
    """Decode the five bytes that cp1252 leaves undefined as the C1 controls that Latin-1 has there."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return error.object[error.start : error.end].decode("latin-1"), error.end


codecs.register_error("dkcrm-control", _byte_as_control)


def open_text(path: str, encoding: str | None = None) -> tuple[TextIO, str]:
    """Open a file (``-`` is standard input) as text, line ends untouched, and say in which encoding.

    Raises ``DkcrmError`` (code ``io``) when it cannot be read, and ``InvalidInput`` when it is empty, is no text, or
    does not decode in the encoding that was asked for.
    """
    name = display_name(path)
    given = _lookup(encoding) if encoding else None
    try:
        raw = _open_bytes(path)
    except (OSError, ValueError) as error:  # a ValueError is a path with a NUL in it
        raise _io_error(name, error) from error
    try:
        codec = _decide(raw, name, given)
        raw.seek(0)
    except OSError as error:
        raw.close()
        raise _io_error(name, error) from error
    except BaseException:
        raw.close()
        raise
    errors = "dkcrm-control" if codec == "cp1252" else "strict"
    text = io.TextIOWrapper(raw, encoding=codec, errors=errors, newline="")
    return text, "utf-8" if codec == "utf-8-sig" else codec


def display_name(path: str) -> str:
    """Return how messages call the file."""
    return _("standard input") if path == "-" else path


def read_error(path: str, error: OSError | ValueError) -> DkcrmError:
    """Return what to raise when a file that opened well fails later, for example on a bad disk."""
    return _io_error(display_name(path), error)


def _io_error(name: str, error: OSError | ValueError) -> DkcrmError:
    hint = _("check the path and the rights of the file")
    if isinstance(error, FileNotFoundError):
        return DkcrmError(_("no such file: {name}").format(name=name), code="io", hint=_("check the path"))
    if isinstance(error, IsADirectoryError):
        hint = _("name a file in it")
        return DkcrmError(_("{name} is a directory, not a file").format(name=name), code="io", hint=hint)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return DkcrmError(_("cannot read {name}: {reason}").format(name=name, reason=reason), code="io", hint=hint)


def _open_bytes(path: str) -> IO[bytes]:
    """Open for reading twice: a file as it is, a stream by way of a temporary file."""
    if path != "-":
        if os.path.isdir(path):
            raise IsADirectoryError(path)
        raw = open(path, "rb")  # noqa: SIM115 - the caller closes it
        if raw.seekable():
            return raw
        with raw:
            return _spool(raw)
    if sys.stdin is None:
        raise OSError(_("there is no standard input"))
    return _spool(sys.stdin.buffer)


def _spool(stream: IO[bytes]) -> IO[bytes]:
    """Copy a stream to a temporary file that goes away with its handle."""
    import shutil
    import tempfile

    spool = tempfile.SpooledTemporaryFile(max_size=SPOOL_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    shutil.copyfileobj(stream, spool, CHUNK)
    spool.seek(0)
    return cast("IO[bytes]", spool)


def _lookup(encoding: str) -> str:
    """Return Python's name of an encoding that a user named, or refuse it."""
    try:
        info = codecs.lookup(encoding)
        "".encode(encoding)  # codecs that make bytes of bytes (base64, zlib) are refused here
    except (LookupError, ValueError) as error:
        hint = _("for example utf-8, cp1252, latin-1, utf-16, mac-roman")
        raise InvalidInput(_("unknown encoding '{name}'").format(name=encoding), hint=hint) from error
    return "utf-8-sig" if info.name == "utf-8" else info.name


def _decide(raw: IO[bytes], name: str, given: str | None) -> str:
    """Return the encoding of an opened file, which is left anywhere."""
    head = raw.read(HEAD)
    if not head:
        raise InvalidInput(_("{name} is empty").format(name=name), hint=_("the first row must name the columns"))
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    kind = _kind_of_binary(head, text_expected=bool(given or marked))
    if kind:
        message = _("{name} is not a text file: it seems to be {kind}").format(name=name, kind=kind[0])
        raise InvalidInput(message, hint=kind[1])
    if given == "cp1252":
        return given
    if given or marked:
        codec = given or marked or ""
        wrong = _first_undecodable(raw, codec)
        if wrong is None:
            return codec
        message = _("{name} is not {codec}: byte {offset} does not decode").format(name=name, codec=codec, offset=wrong)
        raise InvalidInput(message, hint=_("leave --encoding out to have it found, or name another one"))
    return "utf-8" if _first_undecodable(raw, "utf-8") is None else "cp1252"


def _first_undecodable(raw: IO[bytes], codec: str) -> int | None:
    """Return about where the file stops being valid in an encoding (an offset in bytes), or None when all of it is."""
    raw.seek(0)
    decoder = codecs.getincrementaldecoder(codec)()
    done = 0
    while True:
        chunk = raw.read(CHUNK)
        try:
            decoder.decode(chunk, final=not chunk)
        except UnicodeError as error:
            return done + (error.start if isinstance(error, UnicodeDecodeError) else 0)
        if not chunk:
            return None
        done += len(chunk)


def _kind_of_binary(head: bytes, *, text_expected: bool) -> tuple[str, str] | None:
    """Say what a file that is no text seems to be, and what to do; None for text.

    A lone control character is left to the row that it stands in; a file full of them is not text. With an encoding
    or a mark given only the unmistakable signatures count: UTF-16 has NUL bytes by nature.
    """
    as_csv = _("save it as CSV (UTF-8) in the program that made it, and import that file")
    if head.startswith(b"PK\x03\x04"):
        if b"opendocument.spreadsheet" in head:
            return _("an OpenDocument spreadsheet (ods)"), as_csv
        if b"xl/" in head or b"[Content_Types].xml" in head:
            return _("an Excel workbook (xlsx)"), as_csv
        return _("a zip archive"), _("unpack it first")
    if head.startswith(b"SQLite format 3\0"):
        return _("an SQLite database"), _("to open a dkcrm database use --db")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _("an old Excel workbook (xls)"), as_csv
    if head.startswith(b"%PDF-"):
        return _("a PDF document"), as_csv
    if head.startswith((b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd")):
        return _("a compressed file"), _("unpack it first")
    if text_expected:
        return None
    nuls = head.count(0)
    if nuls * 4 > len(head):
        # Latin text in UTF-16 has its NULs all at even or all at odd offsets.
        at_even = head[::2].count(0)
        if at_even * 20 < nuls or at_even * 20 > nuls * 19:
            codec = "utf-16-le" if at_even * 2 < nuls else "utf-16-be"
            return _("UTF-16 text without a byte-order mark"), _("add --encoding {codec}").format(codec=codec)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # One control in fifty: more than stray ones, fewer than any program or picture has.
    if controls * 50 > len(head) and (controls > 8 or not re.search(rb"[\r\n]", head)):
        return _("binary data"), as_csv
    return None
