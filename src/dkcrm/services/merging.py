"""Making one of entities that are the same, and remembering who is not.

Values are united, and where both have one the survivor's stands unless another is preferred; what lost is kept in the
operation's record. The number and uid of who was merged stay as aliases, the more advanced type wins and an active
state, and everything around them moves along. Undo takes them apart again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.merging import advance, check_one
from dkcrm.domain.wholename import is_stand_in
from dkcrm.errors import Conflict, InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.entities import pick
from dkcrm.services.folding import absorb, keep
from dkcrm.services.lifecycle import finish
from dkcrm.services.shape import done
from dkcrm.services.uniting import apart_row, check_not_apart, keep_apart
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load, load_many, resolve
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.likeness import apart

_NAMES = ("full_name", "first_name", "last_name")
_SINGLE = ("job_title", "org_name", "vat_id", "tax_code", "website", "source")


def merge(session: Session, references: Sequence[str], *, into: str | None = None, prefer: str | None = None) -> Result:
    """Make one of some entities.

    The survivor is ``into``, else the one whose type is the most advanced, of these the first named. ``prefer`` says
    whose values stand where they differ: ``newest`` (who was changed last) or one of them; else the survivor's.
    Raises Refused for a person and an organization, Conflict for two that were said not to be the same.
    """
    with unit_of_work(session, "merge") as uow:
        entities = pick(uow, references)
        if len(entities) < 2:
            raise _one_already(uow, references)
        survivor = _named(uow, into, references, entities, "--into") if into else max(entities, key=advance)
        preferred = _preferred(uow, prefer, references, entities) if prefer else survivor
        said = merge_into(uow, survivor, [entity for entity in entities if entity.id != survivor.id], preferred)
        lost = uow.record.get("kept", [])
        warnings = [
            _("{field} {value} of {number} is kept in the record of the operation only").format(
                field=value["field"], value=value["value"], number=value["from"]
            )
            for value in lost
        ]
        merged = [entity.id for entity in entities if entity.id != survivor.id]
        return finish(session, uow, said, warnings, concerned=[survivor.id], merged=merged, kept=lost)


def merge_into(uow: UnitOfWork, survivor: Entity, others: Sequence[Entity], preferred: Entity) -> str:
    """Merge entities into one of them, in a unit of work; return what was done, in words."""
    check_one([survivor, *others])
    for one, other in combinations([survivor, *others], 2):
        check_not_apart(uow, one, other)
    # The preferred one first: then nobody else's values are in its way.
    for other in sorted(others, key=lambda entity: entity.id != preferred.id):
        _unite(uow, load(uow.connection, survivor.id), other, preferred.id == other.id)
    after = load(uow.connection, survivor.id)
    said = _("merged {others} into {survivor}").format(
        others=", ".join(label(entity) for entity in others), survivor=label(after)
    )
    if after.type != survivor.type:
        said += f" ({survivor.type} → {after.type})"
    return said


def _one_already(uow: UnitOfWork, references: Sequence[str]) -> Exception:
    if len(references) < 2:
        return InvalidInput(_("name two that are the same, or more"), hint="dkcrm merge 42 57")
    survivor = load(uow.connection, resolve(uow.connection, references[0]))
    return Conflict(
        _("{references} are one already: {who}").format(references=", ".join(references), who=label(survivor)),
        code="already",
    )


def _named(
    uow: UnitOfWork, reference: str, references: Sequence[str], entities: Sequence[Entity], option: str
) -> Entity:
    """Return the one of the entities that an option names: by any reference, or as A, B … in the order given."""
    place = ord(reference.upper()) - ord("A") if len(reference) == 1 and reference.isalpha() else -1
    named = references[place] if 0 <= place < len(references) else reference
    number = resolve(uow.connection, named)
    for entity in entities:
        if entity.id == number:
            return entity
    raise InvalidInput(
        _("{option} takes one of those that are merged, and {who} is none").format(
            option=option, who=label(load(uow.connection, number))
        )
    )


def _preferred(uow: UnitOfWork, prefer: str, references: Sequence[str], entities: Sequence[Entity]) -> Entity:
    if prefer.strip().lower() == "newest":
        return max(entities, key=lambda entity: entity.updated_at)
    return _named(uow, prefer, references, entities, "--prefer")


def _unite(uow: UnitOfWork, survivor: Entity, other: Entity, prefer_other: bool) -> None:
    """Give the survivor all that another one has, whose number becomes an alias."""
    if prefer_other:
        _take_over(uow, survivor, other)
    changed: dict[str, Any] = {"created_at": min(survivor.created_at, other.created_at)}
    if survivor.state != other.state:
        # Who is active in one of the two is active, whoever is preferred; else the state is that of the further one.
        theirs = (other.state == "active", prefer_other, advance(other)) > (
            survivor.state == "active", False, advance(survivor)
        )  # fmt: skip
        changed["state"] = other.state if theirs else survivor.state
        loser = survivor if theirs else other
        keep(uow, loser.id, survivor.id, "state", loser.state)
    if advance(other) > advance(survivor):
        changed["type"] = other.type
        # Its way through the life cycle is the survivor's now, whole: voiding a purchase goes back along it. The
        # survivor's own stays with the alias.
        ways = [uow.rows("transition", entity_id=number, into_id=None) for number in (survivor.id, other.id)]
        for way, number in zip(ways, (other.id, survivor.id), strict=True):
            for row in way:
                uow.update("transition", row["id"], {"entity_id": number})
    uow.update("entity", survivor.id, changed)
    _join_links(uow, survivor.id, other.id, prefer_other)
    absorb(uow, other, load(uow.connection, survivor.id), keep_sides=True, preferred=prefer_other)


def _take_over(uow: UnitOfWork, survivor: Entity, other: Entity) -> None:
    """Let another's values stand in the survivor's place; the survivor's go to the record."""
    changed: dict[str, Any] = {}
    if other.person_name and not is_stand_in(other.person_name) and survivor.type not in ORGANIZATION_TYPES:
        changed = {name: getattr(other, name) for name in _NAMES}
        if survivor.person_name and survivor.person_name != other.person_name:
            keep(uow, survivor.id, survivor.id, "name", survivor.person_name)
    for name in _SINGLE:
        mine, theirs = getattr(survivor, name), getattr(other, name)
        if theirs:
            changed[name] = theirs
            if mine and mine != theirs:
                keep(uow, survivor.id, survivor.id, "organization" if name == "org_name" else name, mine)
    uow.update("entity", survivor.id, changed)
    fields = {row["id"]: row["name"] for row in uow.rows("field")}
    for row in uow.rows("field_value", entity_id=other.id):
        for there in uow.rows("field_value", entity_id=survivor.id, field_id=row["field_id"]):
            if there["value"] != row["value"]:
                keep(uow, survivor.id, survivor.id, f"field:{fields[row['field_id']]}", there["value"])
                uow.update("field_value", there["id"], {"value": row["value"], "num": row["num"]})
    # Its primary values are to be the primary ones: the survivor's step back as they come.
    for table, kinds in (("contact_point", ("email", "phone", "link")), ("address", (None,))):
        for kind in kinds:
            where = {"kind": kind} if kind else {}
            if uow.rows(table, entity_id=other.id, **where):
                for there in uow.rows(table, entity_id=survivor.id, is_primary=1, **where):
                    uow.update(table, there["id"], {"is_primary": 0})


def _join_links(uow: UnitOfWork, survivor: int, other: int, prefer_other: bool) -> None:
    """Make one of the links that both have to somebody: blanks are filled, and what lost goes to the record."""
    for own, far in (("member_id", "organization_id"), ("organization_id", "member_id")):
        for row in uow.rows("membership", **{own: other}):
            for there in uow.rows("membership", **{own: survivor, far: row[far]}):
                changed: dict[str, Any] = {}
                if own == "organization_id" and row["is_primary"]:
                    changed["is_primary"] = 1
                for name in ("role", "since"):
                    won, lost = (row, there) if row[name] and (prefer_other or not there[name]) else (there, row)
                    changed[name] = won[name]
                    if lost[name] and lost[name] != won[name]:
                        keep(uow, lost[own], survivor, name, lost[name])
                uow.delete("membership", row["id"])
                uow.update("membership", there["id"], changed)


# Who is not the same


def distinct(session: Session, references: Sequence[str], *, forget: bool = False) -> Result:
    """Remember that some entities are not the same, each with each, or forget it again."""
    with unit_of_work(session, "distinct") as uow:
        entities = pick(uow, references)
        if len(entities) < 2:
            raise InvalidInput(_("name two that are not the same, or more"), hint="dkcrm distinct 42 57")
        numbers = [entity.id for entity in entities]
        # What is said of two changes neither of them.
        uow.untimed.update(numbers)
        for one, other in combinations(numbers, 2):
            if not forget:
                keep_apart(uow, one, other)
            else:
                for row in apart_row(uow, one, other):
                    uow.delete("apart", row["id"])
        who = _(" and ").join(label(entity) for entity in entities)
        uow.commit(show=numbers)
        what = _("{who} may be the same again") if forget else _("{who} are not the same")
        pairs = [list(pair) for pair in combinations(sorted(numbers), 2)]
        data = {"operation": uow.operation_id, "distinct": [] if forget else pairs, "warnings": []}
        return Result(data, message=done(session, uow.operation_id, what.format(who=who)))


def distinctions(session: Session) -> Result:
    """List the pairs that were said not to be the same."""
    connection = open_reading(session)
    try:
        pairs = sorted(apart(connection))
        numbers = {number for pair in pairs for number in pair}
        names = {entity.id: entity.name for entity in load_many(connection, numbers)}
    finally:
        connection.close()
    rows = [{"a": a, "name": names.get(a), "b": b, "other": names.get(b)} for a, b in pairs]
    columns = [
        Column("a", "#", "number"),
        Column("name", _("Name")),
        Column("b", "#", "number"),
        Column("other", _("Other")),
    ]
    return Result(rows, columns, rows, message=None if rows else _("nothing found"))
