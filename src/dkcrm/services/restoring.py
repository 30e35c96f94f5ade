"""What only our own export knows: interactions, purchases, links, the way through the types; put back as they were.

Each thing is known by its uid, or by all that it says: what is there already is left alone, so that reading an export
again changes nothing. What speaks of an entity that is not here waits for it: once that has come in, from this file or
another one, reading the export again puts it back.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import chain, combinations
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, TYPES
from dkcrm.domain.lifecycle import in_contact
from dkcrm.domain.task import reminder_at
from dkcrm.domain.text import fold
from dkcrm.services.around import LISTS, amount_of, cost_of
from dkcrm.store.entities import parse_uid, uid_text
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.ledger import known
from dkcrm.store.staged import staged_as

Row = dict[str, Any]


def removed(uow: UnitOfWork, number: int) -> bool:
    """Tell whether an entity was removed."""
    entity = uow.row("entity", number)
    return entity is not None and entity["removed_at"] is not None


def restore_campaign(uow: UnitOfWork, row: Row) -> int:
    """Return the number of a campaign of an export: the one of its uid, else of its name, else a new one."""
    found = uow.rows("campaign", uid=parse_uid(row["uid"]))
    if not found and row["removed_at"] is None:
        found = [one for one in uow.rows("campaign", removed_at=None) if fold(one["name"]) == fold(row["name"])]
    if found:
        return int(found[0]["id"])
    names = ("name", "channel", "purpose", "basis", "notes", "created_at", "removed_at")
    cost, currency = cost_of(row)
    values = {"uid": parse_uid(row["uid"]), "cost_minor": cost, "currency": currency, **numbered(uow, "campaign", row)}
    return uow.insert("campaign", {**values, **{name: row[name] for name in names}})


def restore_task(uow: UnitOfWork, row: Row) -> tuple[int, bool]:
    """Return the number of a task of an export, the one of its uid, else a new one; and whether it is new."""
    uid = parse_uid(row["uid"])
    there = uow.rows("task", uid=uid)
    if there:
        return int(there[0]["id"]), False
    names = ("text", "due", "priority", "state", "every", "start", "created_at", "done_at")
    values = {"uid": uid, **numbered(uow, "task", row), **{name: row[name] for name in names}}
    task = uow.insert("task", values)
    for ahead in dict.fromkeys(row["remind"]) if row["due"] else ():
        at = reminder_at(row["due"], ahead)
        uow.insert("reminder", {"task_id": task, "ahead": ahead, "at": at})
    return task, True


def numbered(uow: UnitOfWork, table: str, row: Row) -> Row:
    """Return the number that an export gives a thing, where nothing has it yet."""
    wanted = row.get("id")
    free = type(wanted) is int and 0 < wanted < 2**53 and uow.row(table, wanted) is None
    return {"id": wanted} if free else {}


class Restoring:
    """Puts back what exports say around entities, once all the entities are there."""

    def __init__(self, uow: UnitOfWork, before: int, *, in_use: Sequence[str]) -> None:
        self.uow = uow
        #: The last number of an entity before this import.
        self.before = before
        self._in_use = in_use
        #: Suspects who have become leads: they have been in contact.
        self.met: set[int] = set()
        #: entity's number -> what was put back of it, in words
        self.restored: dict[int, list[str]] = {}
        #: Entities of which something speaks of an entity that is not here.
        self.waiting: set[int] = set()
        #: Those who were erased come back as nobody's alias.
        self._ledger = known(uow.connection, uow.session.db)
        self._purchases: dict[bytes, int] = {}
        self._all_purchases = False
        #: A campaign's uid in the file -> its number here.
        self._campaigns: dict[str, int] = {}
        self._tickets: dict[bytes, int] = {}
        self._new_tickets: set[bytes] = set()
        #: The steps of the life cycle that the files speak of: each is one of its own.
        self._steps: set[int] = set()
        self._linked: set[int] = set()
        #: member's number -> the organizations that are said not to be its primary one
        self._minor: dict[int, set[int | None]] = {}

    def restore(self, around: list[tuple[int, str]]) -> None:
        """Put back what is said around entities: pairs of an entity's number and the staged text."""
        read = [(number, json.loads(text)) for number, text in around]
        for number, said in read:
            if any(row["direction"] == "in" for row in said.get("interactions", ())):
                self._meet(number)
            if not self._agrees(number, said):
                # Its type stays, so the way to another one is not its own.
                said.pop("purchases", None)
                said.pop("transitions", None)
        steps: tuple[tuple[str, Callable[[int, Row], bool]], ...] = (
            ("aliases", self._alias),
            ("campaigns", self._campaign),  # before the interactions that name them
            ("tickets", self._ticket),
            ("interactions", self._interaction),
            # After the messages: of the same second these came first.
            ("tickets", self._ticket_events),
            ("purchases", self._purchase),
            ("transitions", self._transition),
            ("assessments", self._assessment),
            ("links_to", self._link),
            ("distinct_from", self._apart),
            ("tasks", self._task),
            ("consents", self._consent),
            ("keeps", self._keep),
        )
        for number, said in read:
            minor = [row["uid"] for row in said.get("links_to", ()) if not row["primary"]]
            if minor:
                self._minor[number] = set(map(self._entity, minor))
        for name, put in steps:
            for number, said in read:
                for row in said.get(name, ()):
                    if put(number, row):
                        self.restored.setdefault(number, []).append(LISTS[name])
        for number in self._linked:
            self._appoint(number)
        for number in self.met:
            step = {"entity_id": number, "from_type": "suspect", "to_type": "lead", "voided_at": None}
            if not self.uow.rows("transition", **step):
                self.uow.insert("transition", {**step, "at": self.uow.now, "cause": "promote"})
        # Who is new is as old as the export says, whatever was hung on it here.
        new = [(first, last) for table, first, last in self.uow.ranges if table == "entity"]
        self.uow.untimed |= {
            number for number in self.uow.touched() if any(first <= number <= last for first, last in new)
        }

    def _meet(self, number: int) -> None:
        """Make a lead of a suspect that has been in contact, as logging it does; its step may come with the export."""
        entity = self.uow.row("entity", number)
        if entity is None or entity["removed_at"] is not None:
            return
        type = in_contact(entity["type"], self._in_use)
        if type != entity["type"]:
            self.uow.update("entity", number, {"type": type})
            self.met.add(number)

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
        uid = parse_uid(row["uid"])
        if self._entity(row["uid"]) is not None or row["type"] not in TYPES or (uid and self._ledger.find(uid)):
            return False
        values = {"uid": parse_uid(row["uid"]), "type": row["type"], "merged_into": number}
        values |= {"created_at": row["created_at"], "updated_at": row["updated_at"]}
        if type(row.get("id")) is int and row["id"] > self.before:
            values |= numbered(self.uow, "entity", row)
        self.uow.untimed.add(self.uow.insert("entity", values))
        return True

    def _ticket(self, number: int, row: Row) -> bool:
        uid = parse_uid(row["uid"])
        assert uid is not None
        there = self.uow.rows("ticket", entity_id=number, uid=uid)
        if there:
            self._tickets[uid] = there[0]["id"]
            return False
        names = ("subject", "state", "priority", "due", "opened_at", "closed_at")
        values = {"uid": uid, "entity_id": number, **numbered(self.uow, "ticket", row)}
        values |= {name: row[name] for name in names}
        self._tickets[uid] = self.uow.insert("ticket", values)
        self._new_tickets.add(uid)
        return True

    def _ticket_events(self, number: int, row: Row) -> bool:
        """Put back the notes and states of a ticket that was put back; they are told of with it."""
        uid = parse_uid(row["uid"])
        if uid in self._new_tickets:
            self._new_tickets.discard(uid)
            for event in row["events"]:
                told = {name: event.get(name) for name in ("at", "kind", "text")}
                self.uow.insert("ticket_event", {"ticket_id": self._tickets[uid], **told})
        return False

    def _interaction(self, number: int, row: Row) -> bool:
        uid = parse_uid(row["uid"])
        if self.uow.rows("interaction", entity_id=number, uid=uid):
            return False
        names = ("at", "direction", "channel", "subject", "text", "key")
        ticket = parse_uid(row["ticket"]) if row["ticket"] else None
        values = {"entity_id": number, "uid": uid, **{name: row[name] for name in names}}
        values |= {
            "campaign_id": self._campaigns.get(row["campaign"]),
            "ticket_id": self._tickets.get(ticket) if ticket else None,
        }
        self.uow.insert("interaction", values)
        return True

    def _campaign(self, number: int, row: Row) -> bool:
        """Put somebody into a campaign again; one that is not here is put back, by its uid or else its name."""
        if row["uid"] not in self._campaigns:
            self._campaigns[row["uid"]] = restore_campaign(self.uow, row)
        campaign = self._campaigns[row["uid"]]
        if row["added_at"] is None or self.uow.rows("campaign_member", campaign_id=campaign, entity_id=number):
            return False
        values = {"campaign_id": campaign, "entity_id": number, "added_at": row["added_at"]}
        self.uow.insert("campaign_member", values)
        return True

    def _consent(self, number: int, row: Row) -> bool:
        uid = parse_uid(row["uid"])
        if self.uow.rows("consent", entity_id=number, uid=uid):
            return False
        names = ("purpose", "state", "at", "proof")
        self.uow.insert("consent", {"entity_id": number, "uid": uid, **{name: row[name] for name in names}})
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
        amount, currency = amount_of(row)
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
                "quantity": row["quantity"] if row["quantity"] != "1" else None,
            },
        )
        return True

    def _bought(self, uid: Any) -> int | None:
        """Return the number of a purchase: its buyer may not be in this file, or may be left alone."""
        key = parse_uid(str(uid)) if uid else None
        if key is None:
            return None
        if key not in self._purchases and not self._all_purchases:
            self._all_purchases = True
            self._purchases = {row["uid"]: row["id"] for row in self.uow.rows("purchase")} | self._purchases
        return self._purchases.get(key)

    def _transition(self, number: int, row: Row) -> bool:
        values = {
            "entity_id": self._awaited(number, row["entity"]) or number,
            "into_id": self._awaited(number, row["into"]),
            "from_type": row["from"],
            "to_type": row["to"],
            "at": row["at"],
            "cause": row["cause"],
            "purchase_id": self._bought(row["purchase"]),
            "voided_at": row["voided_at"],
        }
        if there := self.uow.rows("transition", **values):
            self._steps.add(there[0]["id"])
            return False
        if row["purchase"] and values["purchase_id"] is None:
            self.waiting.add(number)
        late: Row = {"into_id": None, "entity_id": number, "purchase_id": None}
        late = {name: value for name, value in late.items() if values[name] != value}
        for names in chain.from_iterable(combinations(late, many) for many in (1, 2, 3)):
            # It came in before the others that it speaks of.
            told = values | {name: late[name] for name in names}
            there = [step for step in self.uow.rows("transition", **told) if step["id"] not in self._steps]
            if there:
                self._steps.add(there[0]["id"])
                self.uow.update("transition", there[0]["id"], values)
                return True
        self._steps.add(self.uow.insert("transition", values))
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
        member, group = self.uow.row("entity", number), self.uow.row("entity", organization)
        assert member is not None and group is not None
        if member["type"] not in PERSON_TYPES or group["type"] not in ORGANIZATION_TYPES:
            # Of another type here than where the export was written, they cannot be linked.
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

    def _apart(self, number: int, row: Row) -> bool:
        other = self._awaited(number, row["uid"])
        if other is None or other == number:
            return False
        values = {"entity_id": min(number, other), "other_id": max(number, other)}
        if self.uow.rows("apart", **values):
            return False
        self.uow.insert("apart", values)
        return True

    def _task(self, number: int, row: Row) -> bool:
        """Put back a task, or hang on somebody one that came with another of those whom it is about."""
        task, _new = restore_task(self.uow, row)
        if self.uow.rows("task_entity", task_id=task, entity_id=number):
            return False
        self.uow.insert("task_entity", {"task_id": task, "entity_id": number})
        return True

    def _keep(self, number: int, row: Row) -> bool:
        if self.uow.rows("keep", entity_id=number):
            return False
        self.uow.insert("keep", {"entity_id": number, "days": row["days"]})
        return True

    def _appoint(self, number: int) -> None:
        """Make the first link of a member primary, where the primary one is of an organization that is not here."""
        rows = self.uow.rows("membership", member_id=number)
        if not any(row["is_primary"] for row in rows):
            self.uow.update("membership", min(row["id"] for row in rows), {"is_primary": 1})
