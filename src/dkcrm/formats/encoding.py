"""Open a file as text without asking the machine's locale.

A mark decides, then the pattern of NULs that UTF-16 and UTF-32 have, then UTF-8 over the whole file, where a few bytes
of something else do no harm; of the rest, old Mac texts are told from Windows ones by the letters their bytes make.
The file is never held in memory: it is checked in chunks and read a second time. What cannot be read twice (standard
input, a pipe) goes to a temporary file first.
"""

from __future__ import annotations

import codecs
import io
import os
import re
import sys
from typing import IO, TextIO

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _

CHUNK = 1 << 20
HEAD = 1 << 16

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

# Codecs of Python that are no charsets of files; decoding a long text in some of them takes forever.
_NO_CHARSETS = frozenset(["idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"])
# How to decode what the codec itself does not: see the handlers registered below.
_ERRORS = {"cp1252": "dkcrm-control", "utf-8": "dkcrm-cp1252", "utf-8-sig": "dkcrm-cp1252"}
# A text is UTF-8 with a few foreign bytes where so many sequences are valid, and so many for each that is not.
_LEAST_VALID = 5
_VALID_TO_BAD = 20
_MANY_BAD = 10_000
_UTF8_LEADS = bytes(range(0xC2, 0xF5))

# Bytes that make letters of words in Mac Roman where cp1252 has signs or nothing: within a word, as the last letter of
# a word in lower case (but for what closes a quotation or shortens a word there), and as its first, a capital. Each
# pattern begins with the rare byte: searching for that is fast.
_MAC_WORDS = (
    rb"(?<=[A-Za-z][\x87-\x8b\x8d-\x90\x94\x95\x98\x99\x9b\x9d\x9f])(?=[a-z])"
    rb"|(?<=[a-z][\x88\x8d\x8e\x8f\x90\x93\x98\x9d])(?=[\s,;|\"'.])"
    rb"|(?<=[\s,;|\"][\x81\x83])(?=[a-z])"
    rb"|(?<=[a-z][\xd4\xd5])(?=[A-Za-z])"
)
_MAC_LETTERS = re.compile(rb"[\x80-\xff](?:" + _MAC_WORDS + rb")")
# The same for a file whose lines end as only old Macs ended them: letters of some languages in cp1252 count as well.
_MAC_LETTERS_ON_A_MAC = re.compile(
    rb"[\x80-\xff](?:" + _MAC_WORDS + rb"|(?<=[A-Za-z][\x92\x96\x97\x9a\x9c\x9e])(?=[a-z]))"
)
# Bytes that are good letters or signs in cp1252 where Mac Roman has a sign, or a capital after small letters.
_WINDOWS_LETTERS = re.compile(
    rb"[\x80-\xff](?:(?<=[a-z][\xdf-\xf6\xf8-\xff\x80\x85\x86])"
    rb"|(?<=[A-Z][\xe0-\xf6\xf8-\xff])(?=[a-z])|(?<=[A-Za-z]\x92)(?=[A-Z]))"
)
_NOT_ASCII = bytes(set(range(1, 256)) - set(range(32, 127)) - set(b"\t\n\r"))
# Controls and private characters, in text.
_STRANGE = re.compile("[\0-\x08\x0e-\x19\x1c-\x1f\x7f-\x84\x86-\x9f\ue000-\uf8ff\ufffe\uffff]")
# The temporary files that stand for standard input or a pipe.
_SPOOLED: dict[str, str] = {}


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


def open_text(path: str, encoding: str | None = None, *, hint: str | None = None) -> tuple[TextIO, str]:
    """Open a file (``-`` is standard input) as text, line ends untouched, and say in which encoding.

    ``hint`` is what to advise about a file that is empty, or of another program: how one of the format begins. Without
    it the file is taken for a table.
    Raises ``DkcrmError`` (code ``io``) when it cannot be read, and ``InvalidInput`` when it is empty, is no text, or
    does not decode in the encoding that was asked for.
    """
    name = display_name(path)
    given = _lookup(encoding) if encoding else None
    raw = _open_bytes(rereadable(path))
    try:
        codec = _decide(raw, name, given, hint)
        raw.seek(0)
    except OSError as error:
        raw.close()
        raise _io_error(name, error) from error
    except BaseException:
        raw.close()
        raise
    return _as_text(raw, codec), "utf-8" if codec == "utf-8-sig" else codec


def reopen_text(path: str, encoding: str) -> TextIO:
    """Open again, and without looking at it, a file that ``open_text`` has said to be in an encoding.

    ``path`` must be what ``rereadable`` returned. Raises ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    return _as_text(_open_bytes(path), "utf-8-sig" if encoding == "utf-8" else encoding)


def read_head(path: str, size: int = HEAD) -> tuple[bytes, str]:
    """Return the first bytes of a file (none of an empty one), and a path under which all of it can be opened.

    That is the same one, but for standard input (``-``) and pipes, which are copied to a temporary file that only the
    user may read and that is deleted at exit. Raises ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    path = rereadable(path)
    with _open_bytes(path) as raw:
        try:
            return raw.read(size), path
        except OSError as error:
            raise read_error(path, error) from error


def rereadable(path: str) -> str:
    """Return a path under which a file can be opened as often as one likes; see ``read_head``."""
    if path == "-":
        if sys.stdin is None:
            raise _io_error(display_name(path), OSError(_("there is no standard input")))
        return _spool(sys.stdin.buffer, path)
    with _open_bytes(path) as raw:
        return path if raw.seekable() else _spool(raw, path)


def _as_text(raw: IO[bytes], codec: str) -> TextIO:
    """Return opened bytes as text."""
    return io.TextIOWrapper(raw, encoding=codec, errors=_ERRORS.get(codec, "strict"), newline="")


def display_name(path: str) -> str:
    """Return how messages call the file, whatever temporary file its bytes are in."""
    path = _SPOOLED.get(path, path)
    return _("standard input") if path == "-" else path


def read_error(path: str, error: OSError | ValueError) -> DkcrmError:
    """Return what to raise when a file that opened well fails later, for example on a bad disk."""
    return _io_error(display_name(path), error)


def _io_error(name: str, error: OSError | ValueError) -> DkcrmError:
    """Return what to tell of a file that cannot be read."""
    hint = _("check the path and the rights of the file")
    if isinstance(error, FileNotFoundError):
        return DkcrmError(_("no such file: {name}").format(name=name), code="io", hint=_("check the path"))
    if isinstance(error, IsADirectoryError):
        hint = _("name a file in it")
        return DkcrmError(_("{name} is a directory, not a file").format(name=name), code="io", hint=hint)
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    return DkcrmError(_("cannot read {name}: {reason}").format(name=name, reason=reason), code="io", hint=hint)


def _open_bytes(path: str) -> IO[bytes]:
    """Open a file; one that cannot be opened is refused in a user's words."""
    try:
        if os.path.isdir(path):
            raise IsADirectoryError(path)
        return open(path, "rb")
    except (OSError, ValueError) as error:  # a ValueError is a path with a NUL in it
        raise _io_error(display_name(path), error) from error


def _spool(stream: IO[bytes], path: str) -> str:
    """Copy what was opened under a path to a temporary file that goes with the process; return where it is read.

    Where the system names open files (Linux), the file's own name is taken away at once: even a process that is killed
    leaves no copy behind.
    """
    import atexit
    import contextlib
    import shutil
    import tempfile

    spool = ""
    try:
        descriptor, spool = tempfile.mkstemp(prefix="dkcrm-")  # made for its owner alone (0600)
        named = f"/proc/self/fd/{descriptor}"
        stays = os.path.exists(named)
        if stays:
            os.unlink(spool)
        with open(descriptor, "wb", closefd=not stays) as copy:
            shutil.copyfileobj(stream, copy, CHUNK)
        if stays:
            _SPOOLED[named] = path
            return named
    except BaseException as error:
        with contextlib.suppress(OSError):
            os.unlink(spool)
        if isinstance(error, (OSError, ValueError)):  # a ValueError is a closed standard input
            raise _io_error(display_name(path), error) from error
        raise

    def forget() -> None:
        with contextlib.suppress(OSError):
            os.unlink(spool)

    atexit.register(forget)
    _SPOOLED[spool] = path
    return spool


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


def _decide(raw: IO[bytes], name: str, given: str | None, hint: str | None) -> str:
    """Return the encoding of an opened file, which is left anywhere."""
    head = raw.read(HEAD)
    if not head:
        hint = hint or _("the first row must name the columns")
        raise InvalidInput(_("{name} is empty").format(name=name), hint=hint)
    marked = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    kind = _kind_of_archive(head) if given or marked else kind_of_binary(head)
    if kind:
        message = _("{name} is not a text file: it seems to be {kind}").format(name=name, kind=kind[0])
        raise InvalidInput(message, hint=kind[1] or hint or _as_csv())
    if given == "cp1252":
        return given
    if given or marked:
        codec = given or marked or ""
        wrong = _first_undecodable(raw, codec)
        if wrong is None or (codec == "utf-8-sig" and not given):
            return codec
        message = _("{name} is not {codec}: byte {offset} does not decode").format(name=name, codec=codec, offset=wrong)
        raise InvalidInput(message, hint=_("leave --encoding out to have it found, or name another one"))
    wide = _wide_codec(head)
    if wide:
        wrong = _first_undecodable(raw, wide)
        if wrong is None:
            return wide
        if head.count(0) * 4 > len(head):
            message = _("{name} is not {codec}: byte {offset} does not decode")
            raise InvalidInput(message.format(name=name, codec=wide, offset=wrong), hint=_("name its --encoding"))
    if _first_undecodable(raw, "utf-8") is None or _is_mostly_utf8(raw):
        return "utf-8"
    return "mac-roman" if _is_mac_roman(raw) else "cp1252"


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


def _is_mostly_utf8(raw: IO[bytes]) -> bool:
    """Tell whether the file is UTF-8 but for a few bytes, such as a line that was added in another program."""
    raw.seek(0)
    bad = leads = 0

    def count(error: UnicodeError) -> tuple[str, int]:
        nonlocal bad
        if not isinstance(error, UnicodeDecodeError):
            raise error
        bad += 1
        return "", error.end

    codecs.register_error("dkcrm-count", count)
    decoder = codecs.getincrementaldecoder("utf-8")("dkcrm-count")
    while True:
        chunk = raw.read(CHUNK)
        decoder.decode(chunk, final=not chunk)
        leads += len(chunk) - len(chunk.translate(None, _UTF8_LEADS))
        # A bad sequence may begin with a byte that leads a good one elsewhere.
        valid = leads - bad
        if not chunk or (bad > _MANY_BAD and valid < bad):
            return valid >= max(_LEAST_VALID, _VALID_TO_BAD * bad)


def _wide_codec(head: bytes) -> str | None:
    """Return the UTF-16 or UTF-32 that a text without a mark seems to be in; where its NULs stand shows it.

    Latin letters have NULs all at even or all at odd offsets. Other scripts have them in blanks, digits and line ends
    only: then a line end must be one in the encoding, and nothing decode to what no text has.
    """
    nuls = head.count(0)
    if nuls * 20 < len(head) or len(head) < 4:
        return None
    for codec, high, low in (("utf-32-le", 3, 2), ("utf-32-be", 0, 1)):
        # The highest byte of four is always 0, the next one nearly so.
        if not any(head[high::4]) and head[low::4].count(0) * 40 > len(head) * 9:
            return codec if _is_plain(head, codec) else None
    at_even = head[::2].count(0)
    if at_even * 8 >= nuls <= (nuls - at_even) * 8:
        return None
    codec = "utf-16-le" if at_even * 2 < nuls else "utf-16-be"
    if nuls * 4 <= len(head):
        # The other scripts are made of bytes that ASCII with a few NULs does not have.
        foreign = len(head) - len(head.translate(None, _NOT_ASCII))
        text = head.decode(codec, "ignore")
        if foreign * 10 < len(head) or not ("\n" in text or "\r" in text) or _is_utf8(head):
            return None
    return codec if _is_plain(head, codec) else None


def _is_utf8(head: bytes) -> bool:
    """Tell whether the beginning of a file is UTF-8, whatever character it breaks off in."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _is_plain(head: bytes, codec: str) -> bool:
    """Tell whether bytes decode to a text with no more than stray controls, and none of them a private character."""
    text = head.decode(codec, "ignore")
    strange = len(_STRANGE.findall(text))
    return bool(text) and strange * 2 <= len(text) and (strange <= 1 or strange * 50 <= len(text))


def _is_mac_roman(raw: IO[bytes]) -> bool:
    """Tell whether a file that is no UTF-8 is Mac Roman: all of it must speak for that, and something plainly."""
    raw.seek(0)
    text, line_feeds = b"\n", False
    found = found_on_a_mac = False
    while True:
        chunk = raw.read(CHUNK)
        line_feeds = line_feeds or b"\n" in chunk
        # Two bytes go on to the next chunk: a letter and its neighbours may stand across two.
        text = text[-2:] + (chunk or b"\n")
        if _WINDOWS_LETTERS.search(text):
            return False
        found = found or bool(_MAC_LETTERS.search(text))
        found_on_a_mac = found_on_a_mac or bool(_MAC_LETTERS_ON_A_MAC.search(text))
        if not chunk:
            return found or (found_on_a_mac and not line_feeds)


def kind_of_binary(head: bytes) -> tuple[str, str | None] | None:
    """Say what a file that is no text seems to be by its first bytes, and what to do, if anything; None for text.

    A lone control character is left to the row that it stands in; a file full of them is not text, unless it is UTF-16
    or UTF-32, which have NULs by nature.
    """
    kind = _kind_of_archive(head)
    if kind or head.startswith(tuple(mark for mark, _codec in _MARKS)) or _wide_codec(head):
        return kind
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # One control in fifty: more than stray ones, fewer than any program or picture has.
    if controls * 50 > len(head) and (controls > 8 or not re.search(rb"[\r\n]", head)):
        return _("binary data"), None
    return None


def _kind_of_archive(head: bytes) -> tuple[str, str | None] | None:
    """Say what a file is that begins as no text does in any encoding, and what to do, where that is plain."""
    if head.startswith(b"PK\x03\x04"):
        if b"opendocument.spreadsheet" in head:
            return _("an OpenDocument spreadsheet (ods)"), None
        if b"xl/" in head or b"[Content_Types].xml" in head:
            return _("an Excel workbook (xlsx)"), None
        return _("a zip archive"), _("unpack it first")
    if head.startswith(b"SQLite format 3\0"):
        return _("an SQLite database"), _("to open a dkcrm database use --db")
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _("an old Excel workbook (xls)"), None
    if head.startswith(b"%PDF-"):
        return _("a PDF document"), None
    if head.startswith((b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"\x28\xb5\x2f\xfd")):
        return _("a compressed file"), _("unpack it first")
    return None


def _as_csv() -> str:
    """Return what to do with a file of a program that can write CSV."""
    return _("save it as CSV (UTF-8) in the program that made it, and import that file")
