"""What only our own export knows: interactions, purchases, links, the way through the types; put back as they were.

Each thing is known by its uid, or by all that it says: what is there already is left alone, so that reading an export
again changes nothing. What speaks of an entity that is not here waits for it: once that has come in, from this file or
another one, reading the export again puts it back.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.domain.money import check_currency, parse_amount
from dkcrm.domain.text import describe_control
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.store.entities import parse_uid, uid_text
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.staged import staged_as

Row = dict[str, Any]
Holds = Callable[[Any], bool]

#: The lists of an export that are put back here.
LISTS = ("aliases", "interactions", "purchases", "transitions", "assessments", "links_to")
_WORDS = dict(zip(LISTS, ("alias", "interaction", "purchase", "step", "answer", "link"), strict=True))
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z", re.ASCII)
_THREE_AFTER = re.compile(r"\d+\.\d{3}", re.ASCII)


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and describe_control(value, allowed="\n\t") is None


def _is_moment(value: Any) -> bool:
    if not isinstance(value, str) or not _MOMENT.fullmatch(value):
        return False
    try:
        datetime.fromisoformat(value[:-1])
    except ValueError:
        return False
    return True


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and len(value) == 10 and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_uid(value: Any) -> bool:
    return isinstance(value, str) and parse_uid(value) is not None


def _is_truth(value: Any) -> bool:
    return isinstance(value, bool)


def _is_type(value: Any) -> bool:
    return value in TYPES


def _one_of(*words: str) -> Holds:
    return lambda value: value in words


def _or_none(holds: Holds) -> Holds:
    return lambda value: value is None or holds(value)


#: Of each list, what its objects have, and when a value is one of the kind.
_LISTS: dict[str, dict[str, Holds]] = {
    "aliases": {"uid": _is_uid, "type": _is_type, "created_at": _is_moment, "updated_at": _is_moment},
    "interactions": {
        "uid": _is_uid, "at": _is_moment, "direction": _one_of("in", "out"), "channel": _is_text,
        "subject": _or_none(_is_text), "text": _is_text, "key": _or_none(_is_text),
    },
    "purchases": {
        "uid": _is_uid, "also": _or_none(_is_uid), "product": _is_text, "service": _is_truth,
        "amount": _or_none(_is_text), "currency": _or_none(_is_text), "on": _is_day, "voided_at": _or_none(_is_moment),
    },
    "transitions": {
        "entity": _or_none(_is_uid), "into": _or_none(_is_uid), "from": _is_type, "to": _is_type, "at": _is_moment,
        "cause": _one_of("promote", "qualify", "purchase"), "purchase": _or_none(_is_uid),
        "voided_at": _or_none(_is_moment),
    },
    "assessments": {
        "criterion": _is_text, "side": _one_of("person", "organization"), "answer": _one_of("yes", "no", "unknown"),
        "note": _or_none(_is_text), "at": _is_moment,
    },
    "links_to": {
        "uid": _is_uid, "role": _or_none(_is_text), "since": _or_none(_is_text), "primary": _is_truth,
    },
    "identities": {"scope": _is_text, "value": _is_text},
}  # fmt: skip


def check(kept: Row) -> str | None:
    """Return what an export says around an entity, checked, as text to stage; None where it says nothing.

    Raises InvalidInput where it is not what an export writes, so that one damaged entity is rejected alone.
    """
    around: Row = {}
    for name, wanted in _LISTS.items():
        rows = kept.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InvalidInput(_("{name} is not a list of objects").format(name=name))
        for row in rows:
            for key, holds in wanted.items():
                if key not in row or not holds(row[key]):
                    raise InvalidInput(
                        _("{name} is not what an export writes: {key} is {value}").format(
                            name=name, key=key, value=repr(row.get(key))[:60]
                        )
                    )
        if rows and name in LISTS:
            around[name] = rows
    cards = kept.get("cards") or []
    if not isinstance(cards, list) or not all(_is_text(card) and card for card in cards):
        raise InvalidInput(_("{name} is not a list of texts").format(name="cards"))
    for name in ("updated_at", "removed_at"):
        if kept.get(name) is not None and not _is_moment(kept[name]):
            raise InvalidInput(_("{name} is not a time").format(name=name))
    for row in around.get("purchases", ()):
        _amount(row)
    return json.dumps(around, ensure_ascii=False) if around else None


def _amount(row: Row) -> tuple[int | None, str | None]:
    """Return a purchase's amount in minor units, and its currency."""
    currency = check_currency(row["currency"]) if row["currency"] else None
    if row["amount"] is None or currency is None:
        return None, currency
    amount = row["amount"]
    # An export writes a plain decimal, so that three digits after the point are digits after the point.
    return parse_amount(f"{amount}0" if _THREE_AFTER.fullmatch(amount) else amount, currency), currency


def removed(uow: UnitOfWork, number: int) -> bool:
    """Tell whether an entity was removed."""
    entity = uow.row("entity", number)
    return entity is not None and entity["removed_at"] is not None


class Restoring:
    """Puts back what exports say around entities, once all the entities are there."""

    def __init__(self, uow: UnitOfWork, before: int) -> None:
        self.uow = uow
        #: The last number of an entity before this import.
        self.before = before
        #: entity's number -> what was put back of it, in words
        self.restored: dict[int, list[str]] = {}
        #: Entities of which something speaks of an entity that is not here.
        self.waiting: set[int] = set()
        self._purchases: dict[bytes, int] = {}
        self._linked: set[int] = set()
        #: member's number -> the organizations that are said not to be its primary one
        self._minor: dict[int, set[int | None]] = {}

    def restore(self, around: list[tuple[int, str]]) -> None:
        """Put back what is said around entities: pairs of an entity's number and the staged text."""
        read = [(number, json.loads(text)) for number, text in around]
        for number, said in read:
            if not self._agrees(number, said):
                # Its type stays, so the way to another one is not its own.
                said.pop("purchases", None)
                said.pop("transitions", None)
        steps: tuple[tuple[str, Callable[[int, Row], bool]], ...] = (
            ("aliases", self._alias),
            ("interactions", self._interaction),
            ("purchases", self._purchase),
            ("transitions", self._transition),
            ("assessments", self._assessment),
            ("links_to", self._link),
        )
        for number, said in read:
            minor = [row["uid"] for row in said.get("links_to", ()) if not row["primary"]]
            if minor:
                self._minor[number] = set(map(self._entity, minor))
        for name, put in steps:
            for number, said in read:
                for row in said.get(name, ()):
                    if put(number, row):
                        self.restored.setdefault(number, []).append(_WORDS[name])
        for number in self._linked:
            self._appoint(number)
        # Who is new is as old as the export says, whatever was hung on it here.
        new = [(first, last) for table, first, last in self.uow.ranges if table == "entity"]
        self.uow.untimed |= {
            number for number in self.uow.touched() if any(first <= number <= last for first, last in new)
        }

    def _agrees(self, number: int, said: Row) -> bool:
        """Tell whether the way through the types that an export tells of ends where the entity is."""
        entity = self.uow.row("entity", number)
        assert entity is not None
        own = [
            row["to"]
            for row in said.get("transitions", ())
            if row["voided_at"] is None and row["entity"] in (None, uid_text(entity["uid"]))
        ]
        return not own or own[-1] == entity["type"]

    def _entity(self, uid: Any) -> int | None:
        """Return the number of the entity that has a uid, or None where it is not here."""
        key = parse_uid(str(uid)) if uid else None
        found = self.uow.rows("entity", uid=key) if key else []
        return int(found[0]["id"]) if found else None

    def _awaited(self, number: int, uid: Any) -> int | None:
        """Return the number of another entity, or None where there is none or it is not here: then ``number`` waits.

        One that came in with this file may have been known under a uid of its own.
        """
        found = self._entity(uid)
        key = parse_uid(str(uid)) if uid and found is None else None
        if key:
            found = staged_as(self.uow, key, self.before)
            if found is None:
                self.waiting.add(number)
        return found

    def _alias(self, number: int, row: Row) -> bool:
        if self._entity(row["uid"]) is not None or row["type"] not in TYPES:
            return False
        values = {"uid": parse_uid(row["uid"]), "type": row["type"], "merged_into": number}
        values |= {"created_at": row["created_at"], "updated_at": row["updated_at"]}
        wanted = row.get("id")
        if isinstance(wanted, int) and wanted > 0 and self.uow.row("entity", wanted) is None:
            values["id"] = wanted
        self.uow.untimed.add(self.uow.insert("entity", values))
        return True

    def _interaction(self, number: int, row: Row) -> bool:
        uid = parse_uid(row["uid"])
        if self.uow.rows("interaction", entity_id=number, uid=uid):
            return False
        names = ("at", "direction", "channel", "subject", "text", "key")
        self.uow.insert("interaction", {"entity_id": number, "uid": uid, **{name: row[name] for name in names}})
        return True

    def _purchase(self, number: int, row: Row) -> bool:
        uid = parse_uid(row["uid"])
        assert uid is not None
        there = self.uow.rows("purchase", entity_id=number, uid=uid)
        also = self._awaited(number, row["also"])
        if there:
            self._purchases[uid] = there[0]["id"]
            late = also is not None and there[0]["also_id"] is None
            if late:
                self.uow.update("purchase", there[0]["id"], {"also_id": also})
            return late
        amount, currency = _amount(row)
        self._purchases[uid] = self.uow.insert(
            "purchase",
            {
                "uid": uid,
                "entity_id": number,
                "also_id": also,
                "product": row["product"],
                "is_service": int(row["service"]),
                "amount_minor": amount,
                "currency": currency,
                "bought_on": row["on"],
                "voided_at": row["voided_at"],
            },
        )
        return True

    def _transition(self, number: int, row: Row) -> bool:
        purchase = parse_uid(row["purchase"]) if row["purchase"] else None
        values = {
            "entity_id": self._awaited(number, row["entity"]) or number,
            "into_id": self._awaited(number, row["into"]),
            "from_type": row["from"],
            "to_type": row["to"],
            "at": row["at"],
            "cause": row["cause"],
            "purchase_id": self._purchases.get(purchase) if purchase else None,
            "voided_at": row["voided_at"],
        }
        if self.uow.rows("transition", **values):
            return False
        for early in ({"into_id": None}, {"entity_id": number}, {"entity_id": number, "into_id": None}):
            # It came in before the others that it speaks of.
            there = self.uow.rows("transition", **values | early)
            if there:
                self.uow.update("transition", there[0]["id"], values)
                return True
        self.uow.insert("transition", values)
        return True

    def _assessment(self, number: int, row: Row) -> bool:
        known = sorted(
            self.uow.rows("criterion", name=row["criterion"], side=row["side"]), key=lambda it: it["removed_at"] or "~"
        )
        criterion = (
            known[-1]["id"]
            if known
            else self.uow.insert(
                "criterion", {"name": row["criterion"], "side": row["side"], "question": row["criterion"]}
            )
        )
        values = {"entity_id": number, "criterion_id": criterion}
        values |= {name: row[name] for name in ("answer", "note", "at")}
        if self.uow.rows("assessment", **values):
            return False
        self.uow.insert("assessment", values)
        return True

    def _link(self, number: int, row: Row) -> bool:
        organization = self._awaited(number, row["uid"])
        if organization is None or self.uow.rows("membership", member_id=number, organization_id=organization):
            return False
        first = row["primary"] and not self.uow.rows("membership", member_id=number, is_primary=1)
        values = {"member_id": number, "organization_id": organization}
        values |= {"role": row["role"], "since": row["since"], "is_primary": int(first)}
        for other in self.uow.rows("membership", member_id=number, is_primary=1) if row["primary"] else ():
            if other["organization_id"] in self._minor.get(number, ()):
                # It took the place of this one, which was not here yet.
                self.uow.update("membership", other["id"], {"is_primary": 0})
                values["is_primary"] = 1
        self.uow.insert("membership", values)
        self._linked.add(number)
        return True

    def _appoint(self, number: int) -> None:
        """Make the first link of a member primary, where the primary one is of an organization that is not here."""
        rows = self.uow.rows("membership", member_id=number)
        if not any(row["is_primary"] for row in rows):
            self.uow.update("membership", min(row["id"] for row in rows), {"is_primary": 1})
