"""The label of a value: from TYPE words and Apple's X-ABLabel to one word of ours, and back."""

from __future__ import annotations

import re
from functools import lru_cache

from dkcrm.formats.vcard.content import one_line

#: TYPE words that say something else than what a value is for.
_NO_LABELS = frozenset(
    "internet voice pref x400 text video msg dom intl postal parcel textphone bbs modem isdn pcs aol applelink attmail "
    "cis eworld ibmmail mcimail powershare prodigy tlx uri url".split()
)
#: The most telling first.
_TELLING = (("cell", "mobile"), ("mobile", "mobile"), ("iphone", "mobile"), ("fax", "fax"), ("pager", "pager"))
_PLACES = ("home", "work", "main", "other")
_APPLE = re.compile(r"_\$!<(.*)>!\$_", re.DOTALL)
_LONGEST = 40
#: Labels that are TYPE words everywhere, by property.
WORDS: dict[str, dict[str, str]] = {
    "TEL": {"home": "HOME", "work": "WORK", "mobile": "CELL", "fax": "FAX", "pager": "PAGER"},
    "EMAIL": {"home": "HOME", "work": "WORK"},
    "ADR": {"home": "HOME", "work": "WORK"},
    "URL": {"home": "HOME", "work": "WORK"},
}


@lru_cache(maxsize=1024)
def label_of(types: tuple[str, ...]) -> str | None:
    """Return the label that TYPE words make, or None."""
    if not types:
        return None
    for word, label in _TELLING:
        if word in types:
            return label
    for word in _PLACES:
        if word in types:
            return word
    rest = (word.removeprefix("x-") for word in types if word not in _NO_LABELS)
    return next((word[:_LONGEST] for word in map(one_line, rest) if word), None)


def label_text(text: str) -> str | None:
    """Return the label that an X-ABLabel says as typed, or None; Apple's own words without marks, in lower case."""
    found = _APPLE.fullmatch(text.strip())
    return (one_line(found[1]).lower() if found else one_line(text))[:_LONGEST].strip() or None


def is_label_word(word: str) -> bool:
    """Tell whether a TYPE word (lower case) makes a label."""
    return word not in _NO_LABELS


def types_for(key: str, label: str | None) -> tuple[list[str], str | None]:
    """Return the TYPE words for a label, and the text of an X-ABLabel where no word says it."""
    if not label:
        return [], None
    # A word written otherwise ("Work") is somebody's own, and comes back as it is.
    word = WORDS.get(key, {}).get(label)
    return ([word], None) if word else ([], label)
