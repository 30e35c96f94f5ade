"""What an older card says otherwise than a newer one, of what nothing but the cards keeps."""

from __future__ import annotations

from collections.abc import Iterator

from dkcrm.formats.vcard.content import Head, cut
from dkcrm.formats.vcard.convert import Line, convert
from dkcrm.formats.vcard.kept import COMPANIONS, same
from dkcrm.formats.vcard.mapping import DROPPED, OURS, POINTS
from dkcrm.formats.vcard.unfold import version_of

#: Who the card is of, what it is, and what follows the entity's own values: never taken out of a card.
_OTHERS = frozenset(
    """ADR BEGIN CATEGORIES END FN KIND LABEL NOTE PRODID PROFILE REV TITLE UID VERSION X-ABSHOWAS
    X-ADDRESSBOOKSERVER-KIND""".split()
) | frozenset([*POINTS, *OURS, *DROPPED, *COMPANIONS])
#: Their types say what the data is, and no second use of it.
_MEDIA = frozenset(["KEY", "LOGO", "PHOTO", "SOUND"])
_BESIDE = "X-DKCRM-OTHER-"

Shelf = tuple[str, frozenset[str]]


def without_rivals(card: str, newer: str) -> tuple[str, list[str]]:
    """Return a card without the properties that a newer one says otherwise, and their names.

    One of a group stays: its label says what it is.
    """
    version = version_of(newer)
    version = version if version in ("3.0", "4.0") else "3.0"
    said = [found for found in _properties(newer, version) if found]
    shelves = {shelf for shelf, _line in said}
    lines = {same(line) for _shelf, line in said}
    kept, gone = [], []
    for text, found in zip(card.split("\n"), _properties(card, version), strict=True):
        if found and found[0] in shelves and same(found[1]) not in lines:
            gone.append(found[0][0])
        else:
            kept.append(text)
    return "\n".join(kept), gone


def _properties(card: str, version: str) -> Iterator[tuple[Shelf, Line] | None]:
    """Yield for each line of a card what it says of what kind, in a version; None where that is nothing of these."""
    own = version_of(card)
    for text in card.split("\n"):
        found = cut(text)
        if not found or found[0].group or found[0].key in _OTHERS or not found[1].strip(" ;"):
            yield None
            continue
        head, value = found
        line = convert(head, value, own, version)
        line.name = line.name.removeprefix(_BESIDE)
        yield _shelf(head), line


def _shelf(head: Head) -> Shelf:
    key = head.key.removeprefix(_BESIDE)
    return key, frozenset() if key in _MEDIA else frozenset(head.types) - {"pref"}
