"""What the bytes of a file tell of its encoding, or of the program that wrote it where it is no text.

A mark decides, then the pattern of NULs that UTF-16 and UTF-32 have, then UTF-8 over the whole file, where a few bytes
of something else do no harm; of the rest, old Mac texts are told from Windows ones by the letters their bytes make.
The file is never held in memory: it is checked in chunks.
"""

from __future__ import annotations

import codecs
import re
from typing import IO

from dkcrm.formats.inputs import CHUNK
from dkcrm.i18n import _

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


def marked(head: bytes) -> str | None:
    """Return the encoding that the mark at the beginning of a file says, or None."""
    return next((codec for mark, codec in _MARKS if head.startswith(mark)), None)


def first_undecodable(raw: IO[bytes], codec: str) -> int | None:
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


def is_mostly_utf8(raw: IO[bytes]) -> bool:
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


def wide_codec(head: bytes) -> str | None:
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


def is_mac_roman(raw: IO[bytes]) -> bool:
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
    kind = kind_of_archive(head)
    if kind or marked(head) or wide_codec(head):
        return kind
    controls = len(head) - len(head.translate(None, _CONTROLS))
    # One control in fifty: more than stray ones, fewer than any program or picture has.
    if controls * 50 > len(head) and (controls > 8 or not re.search(rb"[\r\n]", head)):
        return _("binary data"), None
    return None


def kind_of_archive(head: bytes) -> tuple[str, str | None] | None:
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
