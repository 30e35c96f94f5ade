"""Look through a workbook before any library does: an archive of parts, none of them a trap.

Every part is unpacked once, in pieces, under a cap that does not believe the archive's directory, and what passed goes
to a plain archive of our own; only that one is opened afterwards, so nothing can show one face here and another
there. The cells of a sheet are looked at too: two of them in opposite corners would make a library ask for half a
terabyte, and take the process down.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from dkcrm.errors import InvalidInput
from dkcrm.formats.excel.span import ExactSpan, QuickSpan, Trap
from dkcrm.i18n import _

#: The most bytes that the parts may have together, unpacked.
MOST_BYTES = 512 << 20
_MOST_PARTS = 10_000
_CHUNK = 1 << 20
# A part beyond ten megabytes that was packed two hundred to one was made to do harm: sheets reach thirty.
_LARGE, _RATIO = 10 << 20, 200
_DTD = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_LONGEST_TAG = 1 << 16
_PICTURES = ("xl/media/", "xl/embeddings/", "xl/printersettings/", "docprops/")

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def checked_copy(raw: IO[bytes], out: IO[bytes], name: str) -> None:
    """Copy an opened workbook to ``out``, part by part, unpacked; raises ``InvalidInput`` for what is none.

    ``name`` is how messages call the file.
    """
    kind = _kind(raw)
    if kind:
        message = _("{name} is not an Excel workbook (xlsx): it is {kind}").format(name=name, kind=kind)
        raise InvalidInput(message, hint=_("save it as xlsx or CSV in the program that made it, and import that file"))
    raw.seek(0)
    try:
        with zipfile.ZipFile(raw) as archive, zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as copy:
            _copy(archive, copy)
    except Trap as error:
        message = _("{name} is not opened: {why}").format(name=name, why=error)
        raise InvalidInput(message, hint=_("if it is a file of yours, save it as CSV and import that")) from None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, ValueError, KeyError) as error:
        message = _("{name} is damaged: {why}").format(name=name, why=error)
        raise InvalidInput(message, hint=_("open it in Excel or LibreOffice and save it again")) from None


def _kind(raw: IO[bytes]) -> str | None:
    """Return what a file is that is no zip archive with a workbook in it, by its first bytes; None for a workbook."""
    raw.seek(0)
    head = raw.read(_CHUNK)
    text = head[:4096].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if head.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in head:
            return _("protected with a password")
        return _("an old Excel workbook (xls)")
    if head.startswith(b"PK\x03\x04"):
        return _kind_of_archive(raw)
    if not head:
        return _("empty")
    if b"schemas-microsoft-com:office:spreadsheet" in text:
        return _("an Excel 2003 XML table")
    if text.startswith((b"<!doctype html", b"<html", b"<table", b"<head", b"<meta")):
        return _("a web page")
    if head.startswith(b"%PDF-"):
        return _("a PDF document")
    return _("text") if b"\0" not in head[:1024] else _("something else")


def _kind_of_archive(raw: IO[bytes]) -> str | None:
    """Return what an archive is that holds no xlsx workbook, or None."""
    try:
        names = {info.filename.lower() for info in zipfile.ZipFile(raw).infolist()}
    except (zipfile.BadZipFile, NotImplementedError, ValueError, RuntimeError):
        return None  # damaged, which is told elsewhere
    if "xl/workbook.bin" in names:
        return _("a binary Excel workbook (xlsb)")
    if "content.xml" in names and "mimetype" in names:
        return _("an OpenDocument file (ods)")
    if "[content_types].xml" not in names or not any(name.startswith("xl/") for name in names):
        return _("a zip archive")
    return None


def _copy(archive: zipfile.ZipFile, copy: zipfile.ZipFile) -> None:
    """Copy all parts but pictures, each under the caps."""
    parts = archive.infolist()
    if len(parts) > _MOST_PARTS:
        raise Trap(_("it has {count} parts").format(count=len(parts)))
    if sum(part.file_size for part in parts) > MOST_BYTES:
        raise Trap(_("it unpacks to more than {most} MB").format(most=MOST_BYTES >> 20))
    room = MOST_BYTES
    done: set[str] = set()
    for part in parts:
        plain = part.filename.lower()
        if part.flag_bits & 1:
            raise Trap(_("it is protected with a password"))
        if part.is_dir() or plain.startswith(_PICTURES):
            continue
        if plain in done:
            raise Trap(_("it has two parts of one name"))
        done.add(plain)
        if part.file_size > _LARGE and part.file_size > _RATIO * max(1, part.compress_size):
            raise Trap(_("a part of it is packed beyond measure"))
        if part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise NotImplementedError(_("packed in a way that workbooks are not"))
        room = _copy_part(archive, part, copy, room)


def _copy_part(archive: zipfile.ZipFile, part: zipfile.ZipInfo, copy: zipfile.ZipFile, room: int) -> int:
    """Copy one part; return how many bytes more there may be."""
    size = 0
    span = QuickSpan()
    with archive.open(part) as source, copy.open(zipfile.ZipInfo(part.filename), "w") as target:

        def chunks() -> Iterator[bytes]:
            nonlocal size
            while chunk := source.read(_CHUNK):
                size += len(chunk)
                if size > room:
                    raise Trap(_("it unpacks to more than {most} MB").format(most=MOST_BYTES >> 20))
                if size > _LARGE and size > _RATIO * max(1, part.compress_size):
                    raise Trap(_("a part of it is packed beyond measure"))
                target.write(chunk)
                yield chunk

        for text in _tags(chunks()):
            if b"<!" in text and _DTD.search(text):
                raise Trap(_("it has a document type definition, which workbooks have no use for"))
            span.look(text)
    if span.in_doubt:
        exact = ExactSpan()
        with archive.open(part) as source:
            for text in _tags(iter(lambda: source.read(_CHUNK), b"")):
                exact.look(text)
    return room - size


def _tags(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield a part in pieces that end before a tag, as ASCII: two-byte encodings show theirs without their NULs."""
    tail = b""
    for chunk in chunks:
        text = tail + (chunk.replace(b"\0", b"") if b"\0" in chunk else chunk)
        cut = text.rfind(b"<")
        cut = len(text) if cut < 0 else cut
        if len(text) - cut > _LONGEST_TAG:
            if b">" not in text[cut:]:
                raise Trap(_("a tag in it is too long"))
            cut = len(text)  # it is text that follows the tag
        tail = text[cut:]
        yield text[:cut]
    yield tail
