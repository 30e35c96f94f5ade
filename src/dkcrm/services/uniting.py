"""Consent and campaigns of two entities that become one, by merging or by qualifying."""

from __future__ import annotations

from dkcrm.domain.consent import restricted
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
