"""What stands in one cell: several values, a placeholder for none, a label, a guard against spreadsheets.

These run for every cell of a file, so each looks first for what most cells have: nothing of the kind.
"""

from __future__ import annotations

import re

from dkcrm.formats.headers import known_label

# A spreadsheet takes a cell that begins with one of these for a formula (OWASP, "CSV Injection").
_MARKS = frozenset("'=+-@\t\r")
#: The header of a column without values, by which our own export says that its cells are guarded.
GUARDED = "dkcrm:guarded"
_GUARDED = re.compile(r"'*[=+\-@\t\r]")

_EMAIL_MARKS = re.compile(r"[\s,;:<>|/]")
_EMAIL_PARTS = re.compile(r"[;\r\n|]|:::")
_EMAIL_TRIM = "()[]{}<>.,;:'\"*"
_PHONE_MARKS = re.compile(r"[;,/\r\n]|:::")
_PHONE_LINES = re.compile(r"[\r\n]+|:::")
_PHONE_PARTS = re.compile(r"(\s/\s|[/,;])")
# An extension is part of its number, whatever stands before it (RFC 3966 writes ";ext=").
_EXTENSION = re.compile(r"\s*(?:ext|int|x|isub|phone-context)\b", re.IGNORECASE)
#: How many digits must stand on both sides of a mark for it to part two numbers.
_DIGITS_ASIDE = {";": 3, ",": 6, " / ": 6, "/": 8}
_LINK_MARKS = re.compile(r"[\s;,]|:::")
_LINK_PARTS = re.compile(r"\s+|:::|[;,](?=\s|https?://|www\.|$)", re.IGNORECASE)
_TAG_MARKS = re.compile(r'[,;"*\r\n]|:::')
_TAG_PARTS = re.compile(r"[,;\r\n]|:::")
#: The groups that Google Contacts keeps for itself.
_SYSTEM_GROUPS = frozenset(["mycontacts", "my contacts", "other contacts", "othercontacts"])
_LABEL_LIMIT = 40

_COMPANY = frozenset(
    "yes y true 1 on x sì si s vero company organization organisation business azienda società impresa ente".split()
)
_PERSON = frozenset("no n false 0 off falso person individual contact persona privato individuo contatto".split())
_NAMES = frozenset(["name", "first_name", "last_name", "organization", "city", "external_id", "uid"])
# Told by their form, or a word of a language: neither Naples nor Namibia may stand there.
_TOLD = frozenset(
    "email phone link website vat_id tax_code job_title source tag note street postcode address created_at".split()
)
# What nobody and nothing is called.
_NOTHING = frozenset(
    """
    -|--|---|—|–|—|.|_|?|n/a|n.a.|n.a|#n/a|#n/d|#nd|n/d|n.d.|n.d|#null!|#name?|#nome?|#ref!|#rif!|#value!|#valore!|#div/0!
    --none--|-none-|- none -|-- none --|(none)|<none>|[none]|(null)|<null>|[null]|\\n|(vuoto)|(vuota)|(empty)|(blank)
    [not provided]|(not provided)|not provided
    select|select...|select…|--select--|-- select --|- select -|seleziona|seleziona...|seleziona…|--seleziona--
    -- seleziona --|- seleziona -|nessun valore|no value|(no value)
    0/0/00|0/0/0000|00/00/00|00/00/0000|0000-00-00|00-00-0000|00.00.0000|0000/00/00|1/0/1900|0/1/1900|00/01/1900
    1/1/0001|01/01/0001|01.01.0001|01-01-0001|0001-01-01|0001-01-01t00:00:00|0001-01-01t00:00:00z|0001-01-01 00:00:00
    0000-00-00 00:00:00|00/00/0000 00:00:00|01/01/0001 00:00:00|1/1/0001 12:00:00 am
    """.strip()
    .replace("\n    ", "|")
    .split("|")
) | {""}
_NOT_IN_NAMES = _NOTHING | frozenset(["null", "none", "nan", "undefined", "unspecified", "non specificato"])
#: All placeholders, in lower case; what is none of them is never blank.
PLACEHOLDERS = _NOT_IN_NAMES | frozenset(["na", "nd"])
_LONGEST = max(map(len, PLACEHOLDERS)) + 2


def is_blank(cell: str, kind: str) -> bool:
    """Tell whether a cell says nothing: blank, or a placeholder such as ``N/A``, ``--None--`` or ``0/0/00``.

    ``kind`` is the field that the cell feeds, any other word for none of ours. The less a field is told by its form,
    the fewer words count: ``Null`` is a surname, ``None`` a town, ``NA`` Naples and Namibia.
    """
    if not cell:
        return True
    if len(cell) > _LONGEST:
        return not cell.strip()
    word = cell.strip().lower()
    if word not in PLACEHOLDERS:
        return False
    if kind in _NAMES:
        return word in _NOTHING
    return kind in _TOLD or word in _NOT_IN_NAMES


def guard(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula: an apostrophe before one of ``= + - @``, tab and CR.

    A cell that has such an apostrophe of its own gets another one, so that ``unguard`` gives every cell back.
    """
    return "'" + cell if cell[:1] in _MARKS and _GUARDED.match(cell) else cell


def unguard(cell: str) -> str:
    """Return a cell without the apostrophe of ``guard``, and what Excel's ``="0123"`` says.

    Ordinary text keeps its apostrophe (``'Ndrangheta``), and a formula stays as it is.
    """
    first = cell[:1]
    if first == "'":
        return cell[1:] if _GUARDED.match(cell) else cell
    if first == "=" and len(cell) > 2 and cell[1] == '"' and cell[-1] == '"':
        text = cell[2:-1].replace('""', "\0")
        return cell if '"' in text or "\0" in cell else text.replace("\0", '"')
    return cell


def label_of(cell: str) -> str | None:
    """Return the label that a cell gives to a value beside it: ``* Home`` is ``home``; None for a blank one.

    A word that is none of ours stays as it was typed, up to 40 characters.
    """
    text = cell.strip().lstrip("*").strip()
    if not text or is_blank(text, "label"):
        return None
    return known_label(text) or text[:_LABEL_LIMIT].strip()


def party_of(cell: str) -> str | None:
    """Return what a cell says of "is it a company?": ``organization``, ``person``, or None for neither."""
    word = cell.strip().casefold()
    return "organization" if word in _COMPANY else "person" if word in _PERSON else None


def split_values(cell: str, kind: str) -> list[str]:
    """Return the values of one cell without outer blanks; a blank cell has none.

    ``kind`` says what parts them: ``email`` (``;`` ``,`` blanks, and ``Name <a@x.it>`` is the address alone),
    ``phone`` (``/`` and ``,`` only between whole numbers), ``link``, ``tag`` (a list with quotes too); any other is one
    value. ``:::`` is Google's mark. What is no value of its kind stays, for whoever checks it to refuse.
    """
    cell = cell.strip()
    if not cell:
        return []
    if kind == "email":
        return _emails(cell) if _EMAIL_MARKS.search(cell) else [cell]
    if kind == "phone":
        return _phones(cell) if _PHONE_MARKS.search(cell) else [cell]
    if kind == "link":
        return _links(cell) if _LINK_MARKS.search(cell) else [cell]
    if kind == "tag":
        return _tags(cell) if _TAG_MARKS.search(cell) else [cell]
    return [cell]


def _emails(cell: str) -> list[str]:
    """Return the addresses of a cell, out of the names and remarks around them."""
    named = "<" in cell
    if named and '"' in cell:
        # A quoted name may have any of the marks in it.
        cell = " ".join(cell.split('"')[::2])
    found: list[str] = []
    for part in _EMAIL_PARTS.split(cell):
        for piece in part.split(","):
            if named and "<" in piece:
                inner = [text.partition(">")[0] for text in piece.split("<")[1:]]
                words = [text for text in inner if "@" in text] or piece.split()
            else:
                words = piece.split()
            addresses = [_address(word) for word in words if "@" in word]
            if not addresses and not named and piece.strip():
                addresses = [piece.strip()]
            found += [address for text in addresses for address in _unslashed(text)]
    return found or [cell.strip()]


def _address(word: str) -> str:
    """Return an address without the marks around it and the scheme before it."""
    word = word.strip().strip(_EMAIL_TRIM)
    return word[7:] if word[:7].lower() == "mailto:" else word


def _unslashed(text: str) -> list[str]:
    """Return the addresses that a slash joins; alone, a slash is a legal part of an address."""
    if text.count("@") < 2:
        return [text] if text else []
    return [part for part in text.split("/") if part]


def _phones(cell: str) -> list[str]:
    """Return the numbers of a cell; a mark parts two of them only where both sides look whole."""
    found: list[str] = []
    for line in _PHONE_LINES.split(cell):
        pieces = _PHONE_PARTS.split(line)
        number, digits = [pieces[0]], _digits(pieces[0])
        for mark, piece in zip(pieces[1::2], pieces[2::2], strict=True):
            least = _DIGITS_ASIDE[mark if len(mark) == 1 else " / "]
            more = _digits(piece)
            if digits >= least and more >= least and not _EXTENSION.match(piece):
                found.append("".join(number))
                number, digits = [piece], more
            else:
                number += (mark, piece)
                digits += more
        found.append("".join(number))
    return [whole for text in found if (whole := text.strip(" \t;,/"))]


def _digits(text: str) -> int:
    """Return how many digits a text has."""
    return sum(map(str.isdigit, text))


def _links(cell: str) -> list[str]:
    """Return the links of a cell, without the words between them."""
    pieces = [piece for piece in _LINK_PARTS.split(cell) if piece]
    if len(pieces) < 2:
        return pieces or [cell]
    return [piece for piece in pieces if "." in piece or "/" in piece] or [cell]


def _tags(cell: str) -> list[str]:
    """Return the tags of a cell, without the groups that Google Contacts keeps for itself."""
    found: list[str] = []
    listed = len(cell) > 1 and cell[0] == cell[-1] == '"'
    words = _quoted(cell) if listed else _TAG_PARTS.split(cell)
    # No tag of ours has a comma: "Blog, old" is two, and no reason to refuse somebody.
    for word in (part for text in words for part in text.split(",")) if listed else words:
        tag = word.strip()
        if tag.startswith("*"):
            tag = tag.lstrip("* ")
            if tag.casefold() in _SYSTEM_GROUPS:
                continue
        if tag:
            found.append(tag)
    return found


def _quoted(cell: str) -> list[str]:
    """Return the words of a list such as ``"VIP","Blog, old"``, where a doubled quote is one."""
    words: list[str] = []
    glued = False
    for at, text in enumerate(cell.split('"')):
        if at % 2:
            if glued:
                words[-1] += '"' + text
            else:
                words.append(text)
            glued = False
        elif text.strip():
            words += [word for word in _TAG_PARTS.split(text) if word.strip()]
        else:
            glued = text == "" and at > 0
    return words
