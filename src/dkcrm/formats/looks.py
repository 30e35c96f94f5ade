"""What values look like: email addresses, phone numbers and links tell themselves, whatever their header says.

Only what is plain counts: a column taken for phones that holds order numbers would spoil every record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from dkcrm.formats.cells import is_blank

_LONGEST = 300
# Of the values that say something, so many in a hundred must look alike.
_MOSTLY = 80

_EMAIL = re.compile(r"[^\s@<>(),;:\"]{1,64}@[^\s@<>(),;:\"]{1,189}\.[^\W\d_]{2,24}")
_URL = re.compile(r"(?:https?://|www\.)[^\s.]+\.\S+", re.IGNORECASE)
_PHONE = re.compile(r"(?:tel:)?\+?[0-9 ()./\-\u00a0\u2011]+(?:\s*(?:ext|int|x)\.?\s*[0-9]{1,6})?", re.IGNORECASE)
_MARKS = re.compile(r"[ ()./\-\u00a0\u2011]")
# Digits with marks between them that are something else: numbered things (4-203974), dates, amounts, postcodes,
# addresses of machines, books, spans of years, American social security numbers.
_OTHER_NUMBERS = re.compile(
    r"[2-9][-./][0-9]+|[0-9]{1,4}([./-])[0-9]{1,2}\1[0-9]{1,4}|[0-9]+[.][0-9]+|-.*|[0-9]{1,3}([.,'])[0-9]{3}(?:\2[0-9]{3})*(?:[.,][0-9]+)?"
    r"|[1-9][0-9]{0,2}(?: [0-9]{3}){1,2}(?<!\d{3} \d{3} \d{3})|[0-9]{5}-[0-9]{3,4}|[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
    r"|97[89][ -].*|(?:19|20)[0-9]{2} ?[-/] ?(?:19|20)?[0-9]{2}|[0-9]{3}-[0-9]{2}-[0-9]{4}"
)
_HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof sir madam mister doctor professor sig sigra signa sigri spettle dott dottssa dottre ing "
    "arch avv rag geom prof profssa signor signora signorina dottore dottoressa ingegnere architetto avvocato "
    "ragioniere geometra professore professoressa gent gentma egr don suor herr frau monsieur madame m mme mlle".split()
)
_NAME = re.compile(r"[^\W\d_][^\d_@:/]{0,99}")
_LETTERS = re.compile(r"[^\W\d_]+")


def is_email(text: str) -> bool:
    """Tell whether a text looks like one email address, with a domain that has a dot."""
    return len(text) <= _LONGEST and _EMAIL.fullmatch(text) is not None


def is_url(text: str) -> bool:
    """Tell whether a text is a web address: it begins with ``http://``, ``https://`` or ``www.``."""
    return len(text) <= 10 * _LONGEST and _URL.fullmatch(text) is not None


def is_phone(text: str) -> bool:
    """Tell whether a text can only be a phone number: 7 to 15 digits with ``+`` or marks between them.

    Plain digits may be an id or a postcode, and dates, amounts and the like have marks as well: they are none.
    """
    if len(text) > 40 or not _PHONE.fullmatch(text):
        return False
    if text.lower().startswith("tel:"):
        return True
    body = re.split(r"[a-z]", text, maxsplit=1, flags=re.IGNORECASE)[0].strip()
    digits = sum(map(str.isdigit, body))
    if not 7 <= digits <= 15:
        return False
    if body[0] == "+":
        return True
    return bool(_MARKS.search(body)) and not _OTHER_NUMBERS.fullmatch(body)


def look_of(values: Iterable[str]) -> str | None:
    """Return the field that a column's values tell by themselves: ``email``, ``phone``, ``link`` or None.

    Four in five of those that say anything must look so; a single phone number counts only with its ``+``.
    """
    said = [text for value in values if not is_blank(text := value.strip(), "email")]
    if not said:
        return None
    for field, looks in (("email", is_email), ("link", is_url), ("phone", is_phone)):
        alike = sum(map(looks, said))
        if alike * 100 >= _MOSTLY * len(said):
            if field == "phone" and alike == 1 and "+" not in "".join(said):
                return None
            return field
    return None


def are_names(values: Iterable[str]) -> bool:
    """Tell whether values may be names: words, nine in ten of them there once."""
    said = [text for value in values if not is_blank(text := value.strip(), "name")]
    words = sum(_NAME.fullmatch(text) is not None for text in said)
    return words * 100 >= _MOSTLY * max(1, len(said)) and len(set(said)) * 10 >= len(said) * 9


def are_honorifics(values: Iterable[str]) -> bool:
    """Tell whether values are what stands before a name (``Mr.``, ``Dott.ssa``), and not what somebody works as."""
    said = [text for value in values if not is_blank(text := value.strip(), "name")]
    return bool(said) and all(
        len(text) <= 20 and "".join(_LETTERS.findall(text.casefold())) in _HONORIFICS for text in said
    )
