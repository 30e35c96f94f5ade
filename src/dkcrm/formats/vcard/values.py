"""Which values of an entity the kept cards carry already, and what the others become."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dkcrm.formats.vcard.compose import NAMES, Groups, birthday_line, labelled, own_side, place, side_param
from dkcrm.formats.vcard.content import Head, escape
from dkcrm.formats.vcard.convert import Line, without_types
from dkcrm.formats.vcard.kept import Card, Points, is_email
from dkcrm.formats.vcard.labels import is_label_word
from dkcrm.formats.vcard.mapping import POINTS, birthday_of, place_of, point_of, tags_of, text_of
from dkcrm.formats.vcard.postal import types_of


def _place_key(parts: tuple[str | None, ...], whole: object) -> object:
    """Return what an address is found by: its parts, or the whole where it has none."""
    return parts if any(parts) else whole


class Values:
    """The values of an entity while its cards are walked.

    ``carried`` has those that a line carries, as (kind, value); ``notes`` what of the notes no line carries; ``tags``
    whether a tag still wants a line; ``gone`` the groups whose property went.
    """

    def __init__(self, entity: Mapping[str, Any], version: str, groups: Groups) -> None:
        self.entity = entity
        self.version = version
        self.groups = groups
        self.own = own_side(entity)
        self.points = {kind: Points(kind, list(entity.get(f"{kind}s") or [])) for kind in NAMES}
        self.addresses: list[dict[str, Any]] = list(entity.get("addresses") or [])
        self._places: dict[object, dict[str, Any]] = {}
        for address in self.addresses:
            self._places.setdefault(_place_key(place(address), address.get("value")), address)
        self.notes = str(entity.get("notes") or "")
        self.tags = {str(tag): True for tag in entity.get("tags") or []}
        self.carried: set[tuple[str, object]] = set()
        self.gone: set[str] = set()
        self.lost_addresses: list[tuple[str, frozenset[str]]] = []
        self.unlabelled: set[str] = set()
        self.new_labels: list[Line] = []
        self.birthday_said = False
        self.changed = False

    def settle(self, line: Line, head: Head, value: str, card: Card) -> bool:
        """Bring a property that feeds values of the entity to what it says now; False when it goes."""
        key = head.key
        if key in POINTS:
            return self._point(line, head, value, card)
        if key == "ADR":
            return self._address(line, head, value, card)
        if key == "NOTE":
            return self._note(line, text_of(head, value))
        if key == "CATEGORIES":
            return self._categories(line, tags_of(head, value))
        if key == "BDAY":
            self._birthday(line, head, value)
        return not (key == "X-ABLABEL" and head.group.lower() in self.unlabelled)

    def drop(self, line: Line) -> bool:
        """Let a property go for good; always False."""
        self.changed = True
        self.leave(line)
        return False

    def leave(self, line: Line) -> None:
        """Leave a property out and remember its group: its label goes with it."""
        if line.group:
            self.gone.add(line.group.lower())

    def claim(self, tag: str) -> bool:
        """Tell whether a tag still wants a line; from now on it does not."""
        wanted = self.tags.get(tag, False)
        if wanted:
            self.tags[tag] = False
        return wanted

    def _point(self, line: Line, head: Head, value: str, card: Card) -> bool:
        kind = POINTS[head.key]
        text = point_of(head, value)
        if not text:
            return True
        if head.ours == "website":
            if text != self.entity.get("website"):
                return self.drop(line)
            self.carried.add(("website", text))
            return True
        point = self.points[kind].find(text)
        if point is None:
            # What could not be taken in cannot have been taken out.
            return True if kind == "email" and not is_email(text) else self.drop(line)
        line.kind, line.feeds = kind, point["value"]
        if (kind, point["value"]) not in self.carried:
            self.carried.add((kind, point["value"]))
            self._relabel(line, head, card, point.get("label"), card.labels_of.get((kind, text.casefold()), set()))
            self._side(line, point)
        return True

    def _address(self, line: Line, head: Head, value: str, card: Card) -> bool:
        then = place_of(head, value, card.version)
        if then is None:
            return True
        address = self._places.get(_place_key(then[:5], then[5]))
        if address is None:
            self.lost_addresses.append((line.group.lower(), types_of(line)))
            return self.drop(line)
        line.kind, line.feeds = "address", (*place(address), address.get("value"))
        if ("address", line.feeds) not in self.carried:
            self.carried.add(("address", line.feeds))
            self._relabel(line, head, card, address.get("label"), card.labels_of.get(then, set()))
            self._side(line, address)
        return True

    def _relabel(self, line: Line, head: Head, card: Card, label: str | None, then: set[str | None]) -> None:
        """Write a label anew, unless the card has it for one of the properties of that value."""
        if (label or "").casefold() in {(one or "").casefold() for one in then} or not then:
            return
        self.changed = True
        line.params = without_types(line.params, {word for word in head.types if is_label_word(word)})
        if head.group and head.group.lower() in card.labels:
            # Its X-ABLabel, before it or after it, goes; the group with it.
            self.unlabelled.add(head.group.lower())
            self.gone.add(head.group.lower())
            line.group = ""
        made = labelled(line, label, self.groups)
        self.new_labels += made[1:]

    def _side(self, line: Line, value: Mapping[str, Any]) -> None:
        """Say whose a value is, where it is not the entity's own side's."""
        params = [raw for raw in line.params if not raw.upper().startswith("X-DKCRM-SIDE=")]
        params += side_param(value, self.own)
        if set(params) != set(line.params):
            line.params = params

    def _note(self, line: Line, text: str) -> bool:
        """Keep a note that stands whole in the entity's notes."""
        if not text:
            return True
        at = self.notes.find(text)
        while at >= 0:
            end = at + len(text)
            before, after = self.notes[:at], self.notes[end:]
            if before[-1:] in ("", "\n") and after[:1] in ("", "\n"):
                self.notes = before.rstrip("\n") + ("\n" if before.strip("\n") else "") + after.lstrip("\n")
                return True
            at = self.notes.find(text, end)
        return self.drop(line)

    def _categories(self, line: Line, found: list[str]) -> bool:
        """Keep the tags that the entity has; as they were written, where it has all of them."""
        left = [tag for tag in found if tag in self.tags]
        for tag in left:
            self.tags[tag] = False
        if left == found:
            return True
        line.value = ",".join([escape(tag) for tag in left])
        self.changed = True
        return bool(left)

    def _birthday(self, line: Line, head: Head, value: str) -> None:
        """Bring BDAY to the field of that name; an entity without the field says nothing about it."""
        then, now = birthday_of(head, value), (self.entity.get("fields") or {}).get("birthday")
        if then is None or not now or self.birthday_said:
            return
        made = birthday_line(str(now), self.version)
        self.birthday_said = made is not None
        if made is not None and now != then:
            line.value = made.value
            self.changed = True
