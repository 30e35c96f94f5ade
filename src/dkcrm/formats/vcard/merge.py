"""An entity and the cards that it came from, as one card: what still holds as it was, the rest as the entity says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from dkcrm.formats.vcard.compose import (
    NAMES,
    PRODID,
    Groups,
    address_lines,
    birthday_line,
    name_lines,
    organization_lines,
    own_lines,
    place,
    point_lines,
    rev_line,
    website_lines,
)
from dkcrm.formats.vcard.content import Head, escape, split
from dkcrm.formats.vcard.convert import Line, convert, set_pref
from dkcrm.formats.vcard.kept import Card, primary, same, without_orphans
from dkcrm.formats.vcard.mapping import DROPPED, OURS, birthday_of, tags_of
from dkcrm.formats.vcard.postal import join_labels, types_of
from dkcrm.formats.vcard.values import Values

#: What a card has once: a second one from an older card stands under a name of ours.
_SINGLE = frozenset(
    "FN N UID BDAY ANNIVERSARY GENDER KIND SORT-STRING CLASS MAILER TZ GEO X-ABSHOWAS X-ADDRESSBOOKSERVER-KIND".split()
)
_ONCE = frozenset(["PRODID", "REV", "PROFILE", "X-DKCRM-N"])
_SAID_ANEW = frozenset([*OURS, *DROPPED, "X-DKCRM-FIELD", "VERSION", "BEGIN", "END"])
_PARTY = frozenset(["KIND", "X-ADDRESSBOOKSERVER-KIND", "X-ABSHOWAS"])


def merged(entity: Mapping[str, Any], cards: Sequence[str], version: str) -> list[Line]:
    """Return the lines of one card that says what the entity says, and keeps what only the kept cards say.

    The newest card of that name leads, and comes out in its order; what older ones have beyond it follows.
    """
    names = [Card(text, Groups()).name() for text in cards] if len(cards) > 1 else []
    at = max((i for i, name in enumerate(names) if name == entity.get("name")), default=len(cards) - 1)
    groups = Groups()
    lead = Card(cards[at], groups)
    merge = _Merge(entity, version, groups)
    merge.take(lead)
    for i in range(len(cards) - 1, -1, -1):
        if i != at:
            merge.take_older(Card(cards[i], groups))
    return merge.finish()


class _Merge:
    """Gathers the lines of one card from an entity and its kept cards."""

    def __init__(self, entity: Mapping[str, Any], version: str, groups: Groups) -> None:
        self.entity = entity
        self.version = version
        self.groups = groups
        self.organization = entity.get("party") == "organization"
        self.values = Values(entity, version, groups)
        self.lines: list[Line] = []
        self.seen: set[str] = set()

    def take(self, card: Card) -> None:
        """Take the leading card, in its order."""
        entity, then = self.entity, card.record.values
        renamed = bool(entity.get("name")) and card.name() != entity.get("name")
        now = (entity.get("first_name") or "", entity.get("last_name") or "")
        undivided = any(line[:10].upper() == "X-DKCRM-N:" for line in card.lines)
        new_parts = not self.organization and (
            now != (then.get("first_name", ""), then.get("last_name", "")) or (undivided and renamed)
        )
        new_party = self.organization != card.is_organization()
        nameless = not any(found[0].key == "FN" and found[1].strip() for found in card.contents if found)
        first = {"FN", "N", "ORG", "TITLE"}
        for text, found in zip(card.lines, card.contents, strict=True):
            if not found:
                self.lines.append(Line("X-DKCRM-TEXT", escape(text.strip())))
                continue
            head, value = found
            key = head.key
            if key in _SAID_ANEW or (key == "X-DKCRM-N" and new_parts) or (key in _PARTY and new_party):
                continue
            line = convert(head, value, card.version, self.version)
            lines = [line]
            if key in first and value.strip(" ;"):
                first.discard(key)
                if key == "FN" and renamed:
                    self._set(line, escape(entity["name"]))
                elif key == "N" and new_parts:
                    lines = self._new_name(line)
                elif not self._still(line, key, then):
                    continue
            elif key == "FN" and nameless and entity.get("name"):
                # Without a name it is no card for other programs.
                nameless = False
                line.value = escape(entity["name"])
            if self.values.settle(line, head, value, card):
                self.lines += lines
        if new_party and self.organization:
            self.lines += organization_lines(self.version)

    def _set(self, line: Line, value: str) -> None:
        line.value = value
        self.values.changed = True

    def _new_name(self, line: Line) -> list[Line]:
        """Write N anew: the entity's first and last name, and what else the card's had."""
        made = name_lines(self.entity)
        if len(made) == 1:
            rest = split(line.value, ";")[2:] or ["", "", ""]
            names = split(made[0].value, ";")[:2]
            self._set(line, ";".join([*names, *rest]))
        else:
            self._set(line, made[0].value)
        return [line, *made[1:]]

    def _still(self, line: Line, key: str, then: Mapping[str, str]) -> bool:
        """Bring the property that feeds a scalar to what the entity says; False when it says none."""
        if key == "ORG":
            return self._organization(line, then.get("organization"))
        return key != "TITLE" or self._title(line, then.get("job_title"))

    def _organization(self, line: Line, then: str | None) -> bool:
        """Bring the first component of ORG to what the entity says; False when it says none."""
        now = self.entity.get("organization")
        if now == then:
            return True
        if not now and any(link.get("name") == then for link in self.entity.get("memberships") or []):
            return True
        if not now:
            return self.values.drop(line)
        self._set(line, ";".join([escape(now), *split(line.value, ";")[1:]]))
        return True

    def _title(self, line: Line, then: str | None) -> bool:
        """Bring TITLE to what the entity says; False when it says none."""
        now = self.entity.get("job_title")
        if now == then or (self.organization and not now):
            return True
        if not now:
            return self.values.drop(line)
        self._set(line, escape(now))
        return True

    def take_older(self, card: Card) -> None:
        """Take what an older card has beyond the leading one."""
        entity, then = self.entity, card.record.values
        have = {line.key for line in self.lines}
        days = {birthday_of(Head("BDAY"), line.value) for line in self.lines if line.key == "BDAY"}
        carried = set(self.values.carried)
        self.seen |= set(map(same, self.lines))
        mine: list[Line] = []
        for found in card.contents:
            if not found:
                continue
            head, value = found
            key = head.key
            if key in _SAID_ANEW or key in _ONCE:
                continue
            if key in ("FN", "N") and card.name() != entity.get("name"):
                continue
            if key == "TITLE" and then.get("job_title") != entity.get("job_title"):
                continue
            if key == "ORG" and then.get("organization") != entity.get("organization"):
                continue
            if key in _PARTY and self.organization != card.is_organization():
                continue
            line = convert(head, value, card.version, self.version)
            if same(line) in self.seen:
                self.values.leave(line)
                continue
            if key in _SINGLE and key in have:
                if key == "BDAY" and birthday_of(head, value) in days:
                    continue
                line.name = f"X-DKCRM-OTHER-{line.name}"
                if same(line) in self.seen:
                    continue
            elif key == "CATEGORIES":
                line.value = ",".join([escape(tag) for tag in tags_of(head, value) if self.values.claim(tag)])
                if not line.value:
                    continue
            elif not self.values.settle(line, head, value, card):
                continue
            if line.kind and (line.kind, line.feeds) in carried:
                self.values.leave(line)
                continue
            mine.append(line)
            self.seen.add(same(line))
        self.lines += mine

    def finish(self) -> list[Line]:
        """Return the lines, with what no card says yet."""
        entity, version = self.entity, self.version
        lines = self._without_labels(without_orphans(self.lines, self.values.gone)) + self.values.new_labels
        keys = {line.key for line in lines}
        top = [Line("PRODID", PRODID)] if "PRODID" not in keys else []
        if "FN" not in keys:
            top.append(Line("FN", escape(entity.get("name") or "")))
        if "N" not in keys and (version == "3.0" or entity.get("first_name") or entity.get("last_name")):
            top += name_lines(entity)
        lines[:0] = top
        beyond = self._beyond(lines)
        lines += beyond
        self._prefer(lines)
        if (self.values.changed or beyond) and entity.get("updated_at"):
            for line in lines:
                if line.key == "REV":
                    line.value = rev_line(entity, version).value
        own = own_lines(entity, birthday_said=self.values.birthday_said)
        return [*join_labels(lines, version), *own]

    def _beyond(self, lines: list[Line]) -> list[Line]:
        """Return lines for what the entity has and no card says."""
        entity, values = self.entity, self.values
        found: list[Line] = []
        if entity.get("organization") and not any(line.key == "ORG" and line.value.strip(" ;") for line in lines):
            found.append(Line("ORG", escape(entity["organization"])))
        if entity.get("job_title") and not any(line.key == "TITLE" and line.value.strip() for line in lines):
            found.append(Line("TITLE", escape(entity["job_title"])))
        for kind in NAMES:
            for point in values.points[kind].all:
                if (kind, point["value"]) not in values.carried:
                    found += point_lines(kind, point, self.groups, own=values.own)
        if ("website", entity.get("website")) not in values.carried:
            found += website_lines(entity)
        for address in values.addresses:
            if ("address", (*place(address), address.get("value"))) not in values.carried:
                found += address_lines(address, self.groups, own=values.own)
        if values.notes.strip():
            found.append(Line("NOTE", escape(values.notes.strip())))
        left = [tag for tag, wanted in values.tags.items() if wanted]
        if left:
            found.append(Line("CATEGORIES", ",".join([escape(tag) for tag in left])))
        birthday = str((entity.get("fields") or {}).get("birthday") or "")
        if birthday and not values.birthday_said and not any(line.key == "BDAY" for line in lines):
            made = birthday_line(birthday, self.version)
            if made:
                values.birthday_said = True
                found.append(made)
        return found

    def _without_labels(self, lines: list[Line]) -> list[Line]:
        """Return the lines without the delivery labels of addresses that went."""
        gone = self.values.lost_addresses
        if not gone:
            return lines
        lost = set(gone) - {(line.group.lower(), types_of(line)) for line in lines if line.key == "ADR"}
        return [line for line in lines if line.key != "LABEL" or (line.group.lower(), types_of(line)) not in lost]

    def _prefer(self, lines: list[Line]) -> None:
        """See to it that a reader finds the entity's primary values first."""
        wanted: dict[str, object] = {}
        for kind in NAMES:
            point = primary(self.values.points[kind].all)
            if point:
                wanted[kind] = point["value"]
        address = primary(self.values.addresses)
        if address:
            wanted["address"] = (*place(address), address.get("value"))
        for kind, value in wanted.items():
            mine = [line for line in lines if line.kind == kind]
            if len(mine) < 2 or min(mine, key=Line.rank).feeds == value:
                continue
            chosen = next((line for line in mine if line.feeds == value), None)
            if chosen is not None:
                for line in mine:
                    set_pref(line, self.version, preferred=line is chosen)
