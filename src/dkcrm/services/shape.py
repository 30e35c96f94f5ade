"""How results look: the columns of entities, and the two shapes of JSON that commands answer with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.entity import OPEN_TYPES, Entity
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.session import Session


def entity_columns() -> list[Column]:
    """Return the columns in which entities are listed."""
    return [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type"),
        Column("state", _("State"), "state"),
        Column("name", _("Name")),
        Column("organization", _("Organization")),
        Column("email", _("Email")),
        Column("phone", _("Phone"), wide=True),
        Column("tags", _("Tags"), wide=True),
        Column("updated_at", _("Changed"), "time", wide=True),
    ]


def entity_row(entity: Entity) -> dict[str, Any]:
    """Return an entity as a row of those columns; the organization is its own, else the one that it belongs to."""
    organization = entity.org_name
    if not organization and entity.party == "person" and entity.memberships:
        organization = entity.memberships[0].name
    return {
        "id": entity.id,
        "type": entity.type,
        "state": "removed" if entity.removed_at else entity.state,
        "name": entity.name,
        # A lead that is an organization says so by its name in both columns.
        "organization": organization if organization != entity.name or entity.type in OPEN_TYPES else None,
        "email": entity.first("email"),
        "phone": entity.first("phone"),
        "tags": entity.tags,
        "updated_at": entity.updated_at,
    }


def entity_result(entities: Sequence[Entity], *, single: bool, message: str, warnings: Iterable[str] = ()) -> Result:
    """Return entities as everyday commands do: an object for one reference, an array for several."""
    data = entities[0].as_json() if single and entities else [entity.as_json() for entity in entities]
    return Result(
        data, entity_columns(), [entity_row(entity) for entity in entities], message=message, warnings=list(warnings)
    )


def operation_result(
    operation_id: int | None,
    entities: Sequence[Entity],
    *,
    message: str,
    warnings: Iterable[str] = (),
    **more: Any,
) -> Result:
    """Return what the commands of the life cycle answer: the operation, every entity touched, the warnings."""
    warned = list(warnings)
    data = {"operation": operation_id, "entities": [entity.as_json() for entity in entities], "warnings": warned}
    data.update(more)
    return Result(data, entity_columns(), [entity_row(e) for e in entities], message=message, warnings=warned)


def done(session: Session, operation_id: int | None, what: str) -> str:
    """Return the sentence that ends a command that writes: what was done, or that nothing changed."""
    if session.dry_run:
        return _("dry run, nothing written: {what}").format(what=what)
    if operation_id is None:
        return _("nothing changed")
    return _("{what} (operation {number}; undo with: dkcrm undo)").format(what=what, number=operation_id)
