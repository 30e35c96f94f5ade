"""Open JSON of any shape: one object, a list, an object that holds the list, JSON lines."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from typing import Any, TextIO

from dkcrm.errors import InvalidInput
from dkcrm.formats.encoding import open_text
from dkcrm.formats.inputs import display_name, read_error
from dkcrm.formats.objects.entity import is_entity, read_entity
from dkcrm.formats.objects.foreign import read_object
from dkcrm.formats.objects.holders import lists_in
from dkcrm.formats.objects.places import MAX_OBJECT, no_json, too_long
from dkcrm.formats.objects.rejects import ROW, write_json_rejects
from dkcrm.formats.objects.scan import SHOWN, Found, Scanner
from dkcrm.formats.objects.values import DECODER, is_blank
from dkcrm.formats.peeking import peeking
from dkcrm.formats.record import Record, Records, Reject, Rejects
from dkcrm.i18n import _

_JCARD = re.compile(r'\ufeff?\s*\[\s*(?:\[\s*)?"vcard"\s*,', re.IGNORECASE)
_MARKS = " \t\r\n\ufeff\x1e\x1a"
_LOOKED_AT = 20
_HEAD = 1 << 18
# Lines that end so go on in the next one, where an object is written over several lines.
_GOES_ON = ("{", "[", ",", ":")


def looks_like_jcard(head: str) -> bool:
    """Tell from the beginning of a text whether it is a jCard, or a list of them (RFC 7095): JSON, but a vCard."""
    return _JCARD.match(head) is not None


def open_json(path: str, *, encoding: str | None = None) -> Records:
    """Open a JSON or JSON-lines file (``-`` is standard input) as records; which of them it is shows in its text.

    Never more than an object and some 256 kB are held, be the file one list of gigabytes. Raises ``InvalidInput`` when
    the file is no text or no JSON, or is a jCard, and ``DkcrmError`` (code ``io``) when it cannot be read.
    """
    stream, codec = open_text(path, encoding, hint=_how_it_begins())
    with peeking(stream, path):
        begin = _read_begin(stream)
        lined = _is_lined(begin, display_name(path))
    rejects = Rejects()
    text = "".join(begin)
    found = _of_lines(begin, stream, rejects) if lined else iter(Scanner(stream.read, rejects, text=text, alone=True))
    return Records(
        format="jsonl" if lined else "json",
        records=_records(found, rejects, stream, path),
        rejects=rejects,
        encoding=codec,
        scope="json",
        suffix=".jsonl",
        write_rejects=write_json_rejects,
        close=stream.close,
    )


def _read_begin(stream: TextIO) -> list[str]:
    """Return the first lines; of one that is longer than an object may be only its beginning, as the last."""
    lines: list[str] = []
    seen = room = 0
    while seen < _LOOKED_AT and room < _HEAD:
        # One list of gigabytes on a line shows what it is at once, and nothing more is needed of it.
        line = stream.readline(MAX_OBJECT + 1 if seen or room else _HEAD)
        if not line:
            break
        lines.append(line)
        room += len(line)
        if line.strip(_MARKS):
            if not seen and line.lstrip(_MARKS).startswith("{") and not line.endswith(("\n", "\r")):
                lines[-1] += stream.readline(MAX_OBJECT + 1)
            seen += 1
            if seen == 1 and line.lstrip(_MARKS).startswith("["):
                break
    return lines


def _is_lined(lines: list[str], name: str) -> bool:
    """Tell whether each line is an object of its own; refuse what is no JSON."""
    filled = [line.strip(_MARKS) for line in lines]
    filled = [line for line in filled if line]
    first = filled[0] if filled else ""
    if looks_like_jcard("\n".join(filled)[:1024]):
        hint = _("it is read as cards when it is imported as jcard")
        raise InvalidInput(_("{name} is a jCard, a vCard written as JSON").format(name=name), hint=hint)
    if first.startswith("["):
        return False
    rest = filled[1:]
    if not first.startswith("{"):
        if any(isinstance(_whole(line), dict) for line in rest):
            return True
        raise InvalidInput(_("{name} is not JSON").format(name=name), hint=_how_it_begins())
    if _whole(first) is not None:
        return bool(rest)
    # A broken first line is a line all the same, where it does not look as if it went on in the next one.
    return not first.endswith(_GOES_ON) and bool(rest) and rest[0].startswith("{")


def _how_it_begins() -> str:
    return _("JSON begins with { or [; JSON lines have one object a line")


def _whole(text: str) -> Any:
    """Return the value that a text is as a whole, or None."""
    try:
        value, end = DECODER.raw_decode(text)
    except (json.JSONDecodeError, RecursionError):
        return None
    return value if end == len(text) else None


def _of_lines(begin: list[str], stream: TextIO, rejects: Rejects) -> Iterator[Found]:
    """Yield the objects of JSON lines; a line that is broken is rejected, and the next one is another matter."""
    number = 0
    waiting = iter(begin)
    while line := next(waiting, "") or stream.readline(MAX_OBJECT + 1):
        number += 1
        overlong = len(line) > MAX_OBJECT
        if overlong:
            last = line
            while last and not last.endswith(("\n", "\r")):
                last = stream.readline(MAX_OBJECT)
            rejects.append(Reject(number, too_long(), [line[:SHOWN]]))
            continue
        text = line.strip(_MARKS)
        if not text:
            continue
        try:
            value, end = DECODER.raw_decode(text)
        except json.JSONDecodeError as error:
            rejects.append(Reject(number, no_json(number, error.pos, error.msg), [text]))
        except RecursionError:
            rejects.append(Reject(number, _("nested too deep"), [text]))
        else:
            if end == len(text) and isinstance(value, dict) and lists_in(value) is None:
                yield number, text, value
            else:
                # A page of objects, several of them on the line, or none: the scanner knows them all.
                yield from Scanner(io.StringIO(text).read, rejects, line=number)


def _records(found: Iterator[Found], rejects: Rejects, stream: TextIO, path: str) -> Iterator[Record]:
    """Yield the objects as records, and close the file after them; trouble with the disk is an error of ours."""
    try:
        for line, text, value in found:
            mended = ROW in value
            record = _mended(line, value[ROW], rejects) if mended else _record(line, text, value, rejects)
            if record is not None:
                yield record
    except (OSError, UnicodeError) as error:
        raise read_error(path, error) from error
    finally:
        stream.close()


def _mended(line: int, text: Any, rejects: Rejects) -> Record | None:
    """Return the record of a row in a file of rejects that was no JSON when it was rejected, if now it is."""
    try:
        value, end = DECODER.raw_decode(text.strip()) if isinstance(text, str) else (None, 0)
    except json.JSONDecodeError as error:
        rejects.append(Reject(line, no_json(line, error.pos, error.msg), [text]))
        return None
    except RecursionError:
        rejects.append(Reject(line, _("nested too deep"), [text]))
        return None
    if not isinstance(value, dict) or end != len(text.strip()):
        rejects.append(Reject(line, _("not an object"), [str(text)]))
        return None
    return _record(line, text.strip(), value, rejects)


def _record(line: int, text: str, value: dict[str, Any], rejects: Rejects) -> Record | None:
    """Return the record that an object tells of; one that says nothing is rejected."""
    if all(key.startswith("dkcrm:") or is_blank(item) for key, item in value.items()):
        rejects.append(Reject(line, _("the object is empty"), [text]))
        return None
    record = Record(line, text)
    try:
        if is_entity(value):
            read_entity(record, value)
        else:
            read_object(record, value)
    except RecursionError:
        rejects.append(Reject(line, _("nested too deep"), [text]))
        return None
    return record
