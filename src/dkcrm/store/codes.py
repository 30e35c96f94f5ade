"""What is written in many ways: phones, VAT numbers and tax codes, tags; as conditions that find each of them."""

from __future__ import annotations

import re
import sqlite3
from typing import Any

from dkcrm.domain.text import strip_marks

Condition = tuple[str, list[Any]]

#: Two letters that VAT numbers of Europe begin with (Council Directive 2006/112/EC, article 215), and some more.
_COUNTRIES = (
    "AT BE BG CH CY CZ DE DK EE EL ES EU FI FR GB GR HR HU IE IT LI LT LU LV MC MT NL NO PL PT RO SE SI SK SM UA XI"
).split()
#: From so many digits on a phone is taken for a whole number; fewer may be a part of one.
_WHOLE_NUMBER = 9


def tags_like(connection: sqlite3.Connection, word: str) -> list[str]:
    """Return the tags that are a word, whatever the case and the accents.

    It jumps from one tag to the next in the index: they are few, however many entities there are.
    """
    rows = connection.execute(
        "WITH RECURSIVE known(tag) AS (SELECT min(tag) FROM tag UNION ALL"
        " SELECT (SELECT min(t.tag) FROM tag t WHERE t.tag > known.tag) FROM known WHERE known.tag IS NOT NULL)"
        " SELECT tag FROM known WHERE tag IS NOT NULL"
    )
    return [row[0] for row in rows if strip_marks(row[0]) == strip_marks(word)]


def code_condition(sql: str, value: str, *, whole: bool, country: bool) -> Condition:
    """Return the condition for a code; ``country`` says that two letters before it may be there or not."""
    code = re.sub(r"[ ./-]", "", value.upper())
    national = re.fullmatch(r"[A-Z]{2}([0-9].*)", code) if country else None
    codes = list(dict.fromkeys([code, national[1] if national else code]))
    if not whole:
        return " OR ".join([f"instr({sql}, ?) > 0"] * len(codes)), codes
    if country and not national and code:
        codes += [letters + code for letters in _COUNTRIES]
    return f"{sql} IN ({', '.join('?' * len(codes))})", codes


def phone_keys(connection: sqlite3.Connection, value: str, region: str, *, whole: bool) -> list[str]:
    """Return the forms by which the index knows a number; none where it is no whole number, or nobody's.

    Without ``whole`` a number that somebody has is itself, and any other text is looked for as a part.
    """
    digits = "".join(c for c in value if c.isdigit())
    if any(c.isalpha() for c in value) or len(digits) < (3 if whole else _WHOLE_NUMBER):
        return []
    from dkcrm.domain.phone import e164

    known = e164(value, region)
    if known is None:
        return []
    if whole:
        return [known, value]
    there = connection.execute("SELECT 1 FROM contact_point WHERE coalesce(norm, value) = ? LIMIT 1", (known,))
    return [known] if there.fetchone() else []


def phone_parts(value: str, region: str, *, whole: bool) -> Condition | None:
    """Return the condition for the digits of a number, or a part of them, however they are written; None for words."""
    digits = "".join(c for c in value if c.isdigit() and c.isascii())
    if not digits or any(c.isalpha() for c in value):
        return None
    from dkcrm.domain.phone import e164

    known = (e164(value, region) or "").lstrip("+")
    abroad = digits[2:] if digits.startswith("00") else ""
    national = abroad or digits
    # What contains the whole form contains the part that was typed.
    wanted = [national] if not whole and national in known else list(filter(None, dict.fromkeys((national, known))))
    bare = "digits(p.value)"
    # The compared form begins with the country; a zero before the number may stand only in what was typed.
    typed = "1" if digits.startswith("0") and not abroad else "p.norm IS NULL"
    if whole:
        marks = ", ".join("?" * len(wanted))
        return f"ltrim(coalesce(p.norm, ''), '+') IN ({marks}) OR {bare} IN ({marks})", wanted * 2
    tests = " OR ".join(["instr(coalesce(p.norm, p.value), ?) > 0"] * len(wanted))
    return f"{tests} OR ({typed} AND ({' OR '.join([f'instr({bare}, ?) > 0'] * len(wanted))}))", wanted * 2
