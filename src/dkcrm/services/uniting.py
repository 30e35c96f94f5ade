"""What two entities that become one had around them, by merging or by qualifying: consent, cards, purchases …"""

from __future__ import annotations

from dkcrm.domain.consent import restricted
from dkcrm.domain.entity import Entity
from dkcrm.domain.lifecycle import label
from dkcrm.errors import Conflict
from dkcrm.i18n import _
from dkcrm.store.images import Row
from dkcrm.store.journal import UnitOfWork


def move_consents(uow: UnitOfWork, source: int, target: int) -> None:
    """Give an entity what another one that it is the same as had consented to; the more restrictive word wins.

    Where they disagree, and the latest word would be the less restrictive one, the withdrawal is recorded anew.
    """
    theirs = uow.rows("consent", entity_id=source)
    if not theirs:
        return
    mine = uow.rows("consent", entity_id=target)
    purposes = restricted(*([(row["purpose"], row["at"], row["state"]) for row in rows] for rows in (mine, theirs)))
    for row in theirs:
        uow.update("consent", row["id"], {"entity_id": target})
    for purpose in purposes:
        latest = max(row["at"] for row in [*mine, *theirs] if row["purpose"] == purpose)
        uow.insert(
            "consent",
            {
                "uid": uow.session.uid(),
                "entity_id": target,
                "purpose": purpose,
                "state": "withdrawn",
                "at": max(uow.now, latest),
                "proof": f"one of {target} and {source}, now the same, had withdrawn",
            },
        )


def move_members(uow: UnitOfWork, source: int, target: int) -> None:
    """Put an entity into the campaigns of another one that it is the same as, each once, since when the first was."""
    for row in uow.rows("campaign_member", entity_id=source):
        there = uow.rows("campaign_member", campaign_id=row["campaign_id"], entity_id=target)
        if there:
            uow.delete("campaign_member", row["id"])
            uow.update("campaign_member", there[0]["id"], {"added_at": min(row["added_at"], there[0]["added_at"])})
        else:
            uow.update("campaign_member", row["id"], {"entity_id": target})


def move_others(uow: UnitOfWork, source: int, target: int) -> None:
    """Let what refers to an entity refer to another one: purchases, members, steps that led to it."""
    for row in uow.rows("purchase", entity_id=source):
        also = None if row["also_id"] == target else row["also_id"]
        uow.update("purchase", row["id"], {"entity_id": target, "also_id": also})
    for row in uow.rows("purchase", also_id=source):
        uow.update("purchase", row["id"], {"also_id": None if row["entity_id"] == target else target})
    for row in uow.rows("membership", organization_id=source):
        uow.update("membership", row["id"], {"organization_id": target})
    for row in uow.rows("transition", into_id=source):
        uow.update("transition", row["id"], {"into_id": target})


def move_cards(uow: UnitOfWork, source: int, target: int, *, leading: bool = False) -> None:
    """Give an entity the cards that another one that it is the same as came in with.

    Of what a card has once an export takes the newest card's, so those that are to lead come last: the entity's own, or
    with ``leading`` the other one's.
    """
    mine, theirs = (uow.rows("card", entity_id=number) for number in (target, source))
    texts = {row["text"] for row in mine}
    moved = [row for row in theirs if row["text"] not in texts]
    for row in theirs:
        if row in moved:
            uow.update("card", row["id"], {"entity_id": target})
        else:
            uow.delete("card", row["id"])
    last, others = (moved, mine) if leading else (mine, moved)
    if last and others and others[-1]["id"] > last[0]["id"]:
        for row in last:
            uow.delete("card", row["id"])
            uow.insert("card", {"entity_id": target, "text": row["text"]})


def move_aliases(uow: UnitOfWork, source: int, target: int) -> None:
    """Let the numbers and uids of those who had become one with an entity lead to another one."""
    for row in uow.rows("entity", merged_into=source):
        uow.update("entity", row["id"], {"merged_into": target})


def move_distinctions(uow: UnitOfWork, source: int, target: int) -> None:
    """Let those who were said not to be the same as one entity not be the same as another one."""
    for column, far in (("entity_id", "other_id"), ("other_id", "entity_id")):
        for row in uow.rows("apart", **{column: source}):
            uow.delete("apart", row["id"])
            keep_apart(uow, target, row[far])


def check_not_apart(uow: UnitOfWork, one: Entity, other: Entity) -> None:
    """Raise Conflict where two were said not to be the same."""
    if apart_row(uow, one.id, other.id):
        raise Conflict(
            _("{a} and {b} were said not to be the same").format(a=label(one), b=label(other)),
            code="apart",
            hint=_("take that back with: dkcrm distinct {a} {b} --forget").format(
                a=min(one.id, other.id), b=max(one.id, other.id)
            ),
        )


def keep_apart(uow: UnitOfWork, one: int, other: int) -> None:
    """Remember that two are not the same."""
    if one != other and not apart_row(uow, one, other):
        uow.insert("apart", {"entity_id": min(one, other), "other_id": max(one, other)})


def apart_row(uow: UnitOfWork, one: int, other: int) -> list[Row]:
    """Return the row, if any, that says that two are not the same."""
    return uow.rows("apart", entity_id=min(one, other), other_id=max(one, other))
