"""What only our own export knows: interactions, purchases, links, the way through the types; put back as they were.

Each thing is known by its uid, or by all that it says: what is there already is left alone, so that reading an export
again changes nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from dkcrm.domain.entity import TYPES
from dkcrm.domain.money import check_currency, parse_amount
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.store.entities import parse_uid
from dkcrm.store.journal import UnitOfWork

Row = dict[str, Any]

#: The lists of an export that are put back here.
LISTS = ("aliases", "interactions", "purchases", "transitions", "assessments", "links_to")


def check(kept: Row) -> str | None:
    """Return what an export says around an entity, checked, as text to stage; None where it says nothing.

    Raises InvalidInput where it is not what an export writes.
    """
    around: Row = {}
    for name in LISTS:
        rows = kept.get(name) or []
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise InvalidInput(_("{name} is not a list of objects").format(name=name))
        if rows:
            around[name] = rows
    for name in ("updated_at", "removed_at"):
        if kept.get(name) is not None and not isinstance(kept[name], str):
            raise InvalidInput(_("{name} is not a time").format(name=name))
    return json.dumps(around, ensure_ascii=False) if around else None


class Restoring:
    """Puts back what exports say around entities, once all the entities are there."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.restored: set[int] = set()
        self._purchases: dict[bytes, int] = {}

    def restore(self, around: list[tuple[int, str]]) -> None:
        """Put back what is said around entities: pairs of an entity's number and the staged text."""
        read = [(number, json.loads(text)) for number, text in around]
        steps: tuple[tuple[str, Callable[[int, Row], bool]], ...] = (
            ("aliases", self._alias),
            ("interactions", self._interaction),
            ("purchases", self._purchase),
            ("transitions", self._transition),
            ("assessments", self._assessment),
            ("links_to", self._link),
        )
        for name, put in steps:
            for number, said in read:
                for row in said.get(name, ()):
                    try:
                        if put(number, row):
                            self.restored.add(number)
                    except (KeyError, TypeError, AttributeError) as error:
                        raise InvalidInput(
                            _("the export is damaged: {name} of entity {number}: {why}").format(
                                name=name, number=number, why=error
                            )
                        ) from error

    def _entity(self, uid: Any) -> int | None:
        """Return the number of the entity that has a uid, or None where it is not here."""
        key = parse_uid(str(uid)) if uid else None
        found = self.uow.rows("entity", uid=key) if key else []
        return int(found[0]["id"]) if found else None

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
        if there:
            self._purchases[uid] = there[0]["id"]
            return False
        currency = check_currency(row["currency"]) if row["currency"] else None
        amount = parse_amount(row["amount"], currency) if row["amount"] is not None and currency else None
        self._purchases[uid] = self.uow.insert(
            "purchase",
            {
                "uid": uid,
                "entity_id": number,
                "also_id": self._entity(row["also"]),
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
            "entity_id": self._entity(row.get("entity")) or number,
            "into_id": self._entity(row["into"]),
            "from_type": row["from"],
            "to_type": row["to"],
            "at": row["at"],
            "cause": row["cause"],
            "purchase_id": self._purchases.get(purchase) if purchase else None,
            "voided_at": row["voided_at"],
        }
        if self.uow.rows("transition", **values):
            return False
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
        organization = self._entity(row["uid"])
        if organization is None or self.uow.rows("membership", member_id=number, organization_id=organization):
            return False
        values = {"member_id": number, "organization_id": organization}
        self.uow.insert(
            "membership",
            values | {"role": row["role"], "since": row["since"], "is_primary": int(row["primary"])},
        )
        self.restored.add(organization)
        return True
