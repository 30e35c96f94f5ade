"""What a file is, by its content: the name and its ending decide nothing."""

from __future__ import annotations

import codecs
import os
from importlib import import_module
from typing import Any, NamedTuple

from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.i18n import _


class Format(NamedTuple):
    """A format: where its opener is, and whether it gives a table (else records)."""

    place: str
    is_table: bool
    what: str


FORMATS: dict[str, Format] = {
    "csv": Format("csvfile:open_csv", True, "CSV, TSV"),
    "xlsx": Format("excel:open_xlsx", True, "Excel"),
    "vcard": Format("vcard:open_vcard", False, "vCard"),
    "vcards": Format("vcard:open_vcard_directory", False, "directory of vCards"),
    "jcard": Format("vcard:open_jcard", False, "jCard"),
    "json": Format("objects:open_json", False, "JSON, JSON lines"),
    "ldif": Format("ldif:open_ldif", False, "LDIF"),
    "mail": Format("mail.opening:open_mail", False, "mail: eml, mbox, Maildir"),
}

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How pages and XML begin, in lower case.
_MARKUP = ("<!doctype", "<html", "<head", "<body", "<table", "<?xml", "<!--")


def opener(name: str) -> Any:
    """Return the function that opens a format."""
    module, function = FORMATS[name].place.split(":")
    return getattr(import_module(f"dkcrm.formats.{module}"), function)


def recognise(path: str) -> tuple[str, str]:
    """Return the format of a file or directory, and a path at which it can be opened (standard input is spooled).

    Raises InvalidInput for a directory without anything to import, DkcrmError (code ``io``) for what cannot be read.
    """
    if path != "-" and os.path.isdir(path):
        return _of_directory(path), path
    from dkcrm.formats.inputs import read_head

    head, place = read_head(path)
    return _of_head(head, path), place


def check_format(name: str) -> str:
    """Return a format that a user named, or refuse it."""
    word = {"tsv": "csv", "vcf": "vcard", "jsonl": "json", "eml": "mail", "mbox": "mail", "maildir": "mail"}.get(
        name.lower(), name.lower()
    )
    if word not in FORMATS:
        raise InvalidInput(
            _("no such format: {name}").format(name=name),
            hint=_("formats: {names}").format(names=", ".join(FORMATS)),
        )
    return word


def _of_directory(path: str) -> str:
    from dkcrm.formats.mail.sniffing import is_maildir

    try:
        names = [name.lower() for name in os.listdir(path)]
    except OSError as error:
        raise DkcrmError(
            _("cannot read {name}: {reason}").format(name=path, reason=error.strerror or error), code="io"
        ) from error
    if is_maildir(path):
        return "mail"
    if any(name.endswith((".vcf", ".vcard")) for name in names):
        return "vcards"
    if any(name.endswith(".eml") for name in names):
        return "mail"
    raise InvalidInput(
        _("{path} is a directory with nothing to import in it").format(path=path),
        hint=_("a directory of .vcf files, a Maildir or a directory of .eml files can be imported"),
    )


def _of_head(head: bytes, path: str) -> str:
    if head.startswith(b"PK\x03\x04"):
        return "xlsx" if b"xl/" in head or b"[Content_Types].xml" in head else "csv"
    codec = next((codec for mark, codec in _MARKS if head.startswith(mark)), None)
    if codec is None and head[:200].count(0) * 4 >= len(head[:200]) > 0:
        codec = "utf-16-le" if head[1:2] == b"\0" else "utf-16-be"
    text = head.decode(codec or "utf-8", "replace").lstrip("\ufeff \t\r\n\0")
    start = text[:2000].lower()
    if start.startswith("begin:vcard"):
        return "vcard"
    if start.startswith(("[", "{")):
        from dkcrm.formats.objects import looks_like_jcard

        return "jcard" if looks_like_jcard(text) else "json"
    if _is_ldif(start):
        return "ldif"
    if start.startswith(_MARKUP):
        raise _markup(path, start)
    from dkcrm.formats.mail.sniffing import looks_like_mail

    return "mail" if looks_like_mail(head) else "csv"


def _markup(path: str, start: str) -> InvalidInput:
    """Return the error for a page that is called a workbook: some programs write their "Excel" exports so."""
    from dkcrm.formats.inputs import display_name

    xml = start.startswith("<?xml") and "<html" not in start
    what = _("XML, not a table") if xml else _("an HTML page, not a table")
    return InvalidInput(
        _("{name} is {what}").format(name=display_name(path), what=what),
        hint=_("open it in a spreadsheet and save it as CSV or as an Excel workbook (.xlsx)"),
    )


def _is_ldif(start: str) -> bool:
    versioned = False
    for line in start.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("version:"):
            versioned = True
            continue
        return line.startswith(("dn:", "dn::"))
    return versioned  # one without entries
