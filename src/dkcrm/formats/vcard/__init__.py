"""vCard 2.1, 3.0 and 4.0 (RFC 2426, RFC 6350, the versit consortium's 2.1) and jCard (RFC 7095), in and out.

From bytes to records: ``lines`` gives physical lines, ``cards`` finds where cards begin and end, ``unfold`` makes
content lines of them, ``content`` takes one apart, ``mapping`` says what it feeds. The way back: ``writer`` walks the
kept card beside the entity, ``compose`` makes what the card lacks, ``convert`` changes the dialect.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TextIO

from dkcrm.formats.record import Records
from dkcrm.formats.vcard.reader import open_vcard, open_vcard_directory, write_rejects

__all__ = [
    "open_jcard", "open_vcard", "open_vcard_directory", "says_more", "without_rivals", "write_cards", "write_rejects",
]  # fmt: skip


def open_jcard(path: str, *, encoding: str | None = None) -> Records:
    """Open a jCard file (RFC 7095) as ``Records``; see ``jcard.open_jcard``."""
    from dkcrm.formats.vcard.jcard import open_jcard as open_it

    return open_it(path, encoding=encoding)


def says_more(entity: Mapping[str, Any], cards: Sequence[str], text: str) -> bool:
    """Tell whether a card says what an entity, with the cards kept so far, does not; see ``own.says_more``."""
    from dkcrm.formats.vcard.own import says_more as ask

    return ask(entity, cards, text)


def without_rivals(card: str, newer: str) -> tuple[str, list[str]]:
    """Return a card without what a newer one says otherwise, and what that was; see ``rivals.without_rivals``."""
    from dkcrm.formats.vcard.rivals import without_rivals as take_out

    return take_out(card, newer)


def write_cards(
    entities: Iterable[tuple[dict[str, Any], Sequence[str]]], out: TextIO, *, version: str = "3.0"
) -> int:  # fmt: skip
    """Write entities as vCards and return how many; see ``writer.write_cards``."""
    from dkcrm.formats.vcard.writer import write_cards as write

    return write(entities, out, version=version)
