"""jCard (RFC 7095): cards as JSON arrays, read one at a time and kept as vCard 4.0."""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Iterable
from typing import Any, TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.encoding import open_text
from dkcrm.formats.inputs import display_name, read_error
from dkcrm.formats.record import Record, Records, Reject, Rejects
from dkcrm.formats.vcard.cards import MAX_CARD
from dkcrm.formats.vcard.content import escape, param_value
from dkcrm.formats.vcard.lines import CHUNK
from dkcrm.formats.vcard.mapping import is_empty, read_card
from dkcrm.i18n import _

_TOKENS = re.compile(r'[\[\]{}"\\,\n]')
_SHOWN = 4096
_STRUCTURED = frozenset(["N", "ADR", "ORG", "GENDER", "CLIENTPIDMAP"])
#: The type that a property's value has where no VALUE says it (RFC 6350 section 6).
_DEFAULTS = {
    **dict.fromkeys(("URL", "SOURCE", "PHOTO", "LOGO", "SOUND", "KEY", "IMPP", "MEMBER", "RELATED", "GEO", "UID",
                     "FBURL", "CALADRURI", "CALURI"), "uri"),
    **dict.fromkeys(("BDAY", "ANNIVERSARY"), "date-and-or-time"),
    "REV": "timestamp",
    "LANG": "language-tag",
}  # fmt: skip
_DATES = re.compile(r"(?:\d{4}-\d\d-\d\d|--\d\d-\d\d)?(?:T[\d:]{2,8}(?:\.\d{1,9})?(?:Z|[+-][\d:]{2,5})?)?", re.ASCII)
_NAME = re.compile(r"[A-Za-z0-9-]{1,60}")


def open_jcard(path: str, *, encoding: str | None = None) -> Records:
    """Open a jCard file (``-`` is standard input): one ``["vcard", […]]`` or an array of them, as ``Records``.

    Raises ``InvalidInput`` when it is no text or no such array, ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    hint = _('a jCard begins with ["vcard", or with an array of such arrays')
    stream, codec = open_text(path, encoding, hint=hint)
    try:
        head = stream.read(CHUNK).lstrip("\ufeff \t\r\n")
        stream.seek(0)
    except (OSError, UnicodeError) as error:
        stream.close()
        raise read_error(path, error) from error
    if not re.match(r'\[\s{0,999}(?:\[\s{0,999}"vcard"|"vcard"|\])', head, re.IGNORECASE):
        stream.close()
        raise InvalidInput(_("{name} is no jCard").format(name=display_name(path)), hint=hint)
    single = re.match(r'\[\s{0,999}"', head) is not None
    rejects = Rejects()
    return Records(
        format="jcard",
        records=_records(stream, path, rejects, single=single),
        rejects=rejects,
        encoding=codec,
        scope="vcard",
        suffix=".json",
        write_rejects=write_rejects,
        close=stream.close,
    )


def _records(stream: TextIO, path: str, rejects: Rejects, *, single: bool) -> Generator[Record, None, None]:
    """Yield the records of an opened file and close it."""
    try:
        for line, text, ended in _elements(stream, 0 if single else 1):
            record = _record(line, text, rejects, ended=ended)
            if record is not None:
                yield record
    except (OSError, UnicodeError) as error:
        raise read_error(path, error) from error
    finally:
        stream.close()


def _elements(stream: TextIO, outer: int) -> Generator[tuple[int, str, bool], None, None]:
    """Yield ``(line, text, whole)`` of each array or object inside of ``outer`` brackets, however it reads.

    Only brackets and strings are followed, so that one broken element costs no other; a text that is longer than a
    card may be comes as its beginning, and not whole.
    """
    depth = 0
    line, start_line = 1, 1
    string = escaped = False
    parts: list[str] = []
    size = 0
    while True:
        chunk = stream.read(CHUNK)
        if not chunk:
            break
        at = start = 0
        inside = depth > outer
        while True:
            if escaped:
                at, escaped = at + 1, False
            found = _TOKENS.search(chunk, at)
            if not found:
                break
            at = found.end()
            token = chunk[at - 1]
            if token == "\n":
                line += 1
            elif string:
                if token == '"':
                    string = False
                elif token == "\\":
                    escaped = True
                    if at >= len(chunk):
                        break
            elif token == '"':
                string = True
            elif token in "[{":
                depth += 1
                if depth == outer + 1:
                    inside, start, start_line = True, at - 1, line
            elif token in "]}" and depth:
                depth -= 1
                if depth == outer and inside:
                    if size <= MAX_CARD:
                        parts.append(chunk[start:at])
                        size += at - start
                    yield start_line, "".join(parts), size <= MAX_CARD
                    parts, size, inside = [], 0, False
        if inside:
            size += len(chunk) - start
            parts = [*parts, chunk[start:]] if size <= MAX_CARD else [part[:_SHOWN] for part in parts[:1]]
    if parts or depth > outer:
        yield start_line, "".join(parts), False


def _record(line: int, text: str, rejects: Rejects, *, ended: bool) -> Record | None:
    """Return the record of one jCard, or reject it."""
    try:
        card = json.loads(text, parse_int=str, parse_float=str, parse_constant=str) if ended else None
        lines = card_lines(card) if ended else []
        reason = "" if ended else _("the card does not end, or is larger than {most} characters").format(most=MAX_CARD)
    except (ValueError, RecursionError) as error:
        lines, reason = [], _("not JSON: {error}").format(error=error)
    if not reason and lines is None:
        reason = _("not a jCard")
    elif not reason and is_empty(lines or []):
        reason = _("the card is empty")
    if reason or lines is None:
        rejects.append(Reject(line, reason, [text if len(text) <= MAX_CARD else text[:_SHOWN]]))
        return None
    record = read_card(lines, "4.0", line, text)
    record.card = "\n".join(["BEGIN:VCARD", *lines, "END:VCARD"])
    return record


def card_lines(card: Any) -> list[str] | None:
    """Return the vCard 4.0 content lines of a parsed jCard (RFC 7095 section 3), or None for what is none.

    A property that is not formed like one is left out of the record, and kept as X-JCARD with its JSON.
    """
    if not (isinstance(card, list) and len(card) > 1 and isinstance(card[0], str) and card[0].lower() == "vcard"):
        return None
    if not isinstance(card[1], list):
        return None
    lines = ["VERSION:4.0"]
    for item in card[1]:
        made = _line(item)
        if made is None:
            made = f"X-JCARD:{escape(_plain(json.dumps(item)))}"
        if made and made.partition(":")[0].upper() != "VERSION":
            lines.append(made)
    return lines


def _line(item: Any) -> str | None:
    """Return the content line of a jCard property, or None where it is formed otherwise."""
    if not (isinstance(item, list) and len(item) > 3 and isinstance(item[0], str) and isinstance(item[1], dict)):
        return None
    if not (_NAME.fullmatch(item[0]) and isinstance(item[2], str)):
        return None
    key = item[0].upper()
    params: list[str] = []
    group = ""
    for name, value in item[1].items():
        words = value if isinstance(value, list) else [value]
        if not _NAME.fullmatch(name) or any(isinstance(word, (dict, list)) for word in words):
            return None
        texts = [_plain(_scalar(word)) for word in words]
        if name.lower() == "group":
            if not _NAME.fullmatch(texts[0] if texts else ""):
                return None
            group = texts[0] + "."
        else:
            params.append(f"{name.upper()}={','.join(map(param_value, texts))}")
    kind = item[2].lower()
    if kind not in ("unknown", _DEFAULTS.get(key, "text")) and _NAME.fullmatch(kind):
        params.append(f"VALUE={kind}")
    values = [_value(value, key, kind) for value in item[3:]]
    return ";".join([group + key, *params]) + ":" + ",".join(values)


def _value(value: Any, key: str, kind: str) -> str:
    """Return one value as a content line has it; an array is a structured value, one in it a list."""
    if isinstance(value, list):
        return ";".join([
            ",".join([_text(item, kind) for item in part]) if isinstance(part, list) else _text(part, kind)
            for part in value
        ])  # fmt: skip
    text = _text(value, kind)
    return text.replace("\\;", ";") if key in _STRUCTURED and key != "ORG" and kind == "text" else text


def _text(value: Any, kind: str) -> str:
    text = _plain(_scalar(value))
    if kind in ("date", "date-time", "date-and-or-time", "time", "timestamp") and text and _DATES.fullmatch(text):
        # vCard writes the basic form; a month of a year keeps its hyphen.
        return text.replace("-", "").replace(":", "") if text[:2] != "--" else "--" + text[2:].replace("-", "")
    return text.replace("\n", "\\n") if kind == "uri" else escape(text)


def _scalar(value: Any) -> str:
    """Return a JSON scalar as text."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    return "" if value is None else json.dumps(value)


def _plain(text: str) -> str:
    """Return a text that can be written: JSON may spell halves of surrogate pairs."""
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n")


def write_rejects(file: TextIO, rejects: Iterable[Reject]) -> None:
    """Write rejected jCards as an array, each with its line and the reason in properties of ours, or as a string."""
    between = "["
    for reject in rejects:
        text = "\n".join(reject.row)
        try:
            card = json.loads(text)
            said = [["x-dkcrm-line", {}, "integer", reject.line], ["x-dkcrm-reason", {}, "text", reject.reason]]
            card[1] = [*(item for item in card[1] if item[0] not in ("x-dkcrm-line", "x-dkcrm-reason")), *said]
            text = json.dumps(card, ensure_ascii=False)
        except (ValueError, RecursionError, TypeError, IndexError, KeyError, AttributeError):
            pass  # it is written as it was
        file.write(between + text)
        between = ",\n"
    file.write("]\n" if between == ",\n" else "[]\n")
