"""Cards of our own making: what such a card says beyond what the database has already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dkcrm.formats.record import Record
from dkcrm.formats.vcard.compose import PRODID
from dkcrm.formats.vcard.content import Head, cut, split
from dkcrm.formats.vcard.mapping import OURS, birthday_of

#: What ``writer.fresh`` writes.
_WRITTEN = frozenset(
    "VERSION PRODID UID FN N X-DKCRM-N ORG TITLE KIND X-ABSHOWAS X-ABLABEL EMAIL TEL URL ADR NOTE CATEGORIES BDAY REV"
    " X-DKCRM-FIELD".split()
) | frozenset(OURS)
_PARAMS = ("TYPE=", "PREF=", "X-DKCRM-", "X-NAME=")
#: Which program wrote a card, and when: that alone is nothing new.
_ABOUT = ("VERSION:", "PRODID:", "REV:", "BEGIN:", "END:")


def is_own(record: Record, lines: Sequence[str]) -> bool:
    """Tell whether our export made a card of an entity alone: all that it says comes back without the card.

    Its UID is then the entity's, and no id of another program: it is taken out of the record.
    """
    values = record.values
    uid = f"urn:uuid:{values.get('uid')}"
    if values.get("external_id") != uid:
        return False
    del values["external_id"]
    return list(lines[1:3]) == [f"PRODID:{PRODID}", f"UID:{uid}"] and all(map(_is_written, lines))


def _is_written(line: str) -> bool:
    found = cut(line)
    if not found or found[0].key not in _WRITTEN:
        return False
    head, value = found
    if not all(raw.upper().startswith(_PARAMS) for raw in head.params):
        return False
    if head.key in ("N", "ORG"):
        return not any(part.strip() for part in split(value, ";")[2 if head.key == "N" else 1 :])
    return head.key != "BDAY" or birthday_of(Head("BDAY"), value) is not None


def says_more(entity: Mapping[str, Any], cards: Sequence[str], text: str) -> bool:
    """Tell whether a card has a line that an export of the entity, with the cards kept so far, would not write.

    ``entity`` is as ``Entity.as_json`` shows it. So our own export read again brings nothing, and neither does a card
    in which only the time of its export has changed.
    """
    from dkcrm.formats.vcard.merge import merged
    from dkcrm.formats.vcard.unfold import version_of
    from dkcrm.formats.vcard.writer import VERSIONS, fresh

    version = version_of(text)
    said = {line for line in text.split("\n") if not line.upper().startswith(_ABOUT)}
    for card in cards:
        if version_of(card) == version and said <= set(card.split("\n")):
            return False
    if version not in VERSIONS:
        return True
    lines = merged(entity, cards, version) if cards else fresh(entity, version)
    return not said <= {line.text().replace("\r", "").replace("\n", "\\n") for line in lines}
