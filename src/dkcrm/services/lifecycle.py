"""The life cycle's commands: log, promote, disqualify, lose, reopen, purchase and its voiding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain import lifecycle
from dkcrm.domain.dates import parse_time
from dkcrm.domain.entity import Entity
from dkcrm.domain.lifecycle import in_contact, label
from dkcrm.domain.text import check_line, check_text
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.entities import pick
from dkcrm.services.shape import done, operation_result
from dkcrm.session import Session
from dkcrm.store.activities import inbound
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.settings import types_in_use


def finish(
    session: Session,
    uow: UnitOfWork,
    what: str,
    warnings: Sequence[str] = (),
    *,
    concerned: Iterable[int] = (),
    **more: object,
) -> Result:
    """Commit and answer as the commands of the life cycle do: every entity touched, and those that it is about."""
    uow.commit(show=sorted({*uow.touched(), *concerned}))
    # A lead that was folded into somebody is no entity of its own any more: its number leads there.
    entities = [entity for entity in uow.entities if not entity.merged_into]
    return operation_result(
        uow.operation_id, entities, message=done(session, uow.operation_id, what), warnings=warnings, **more
    )


def log(
    session: Session,
    references: Sequence[str],
    channel: str,
    text: str,
    *,
    inbound: bool = False,
    at: str | None = None,
    subject: str | None = None,
) -> Result:
    """Log an interaction; an inbound one makes a lead of a suspect, in the same operation."""
    way = check_line(channel, _("channel"), 60).lower()
    body = check_text(text, _("text"))
    moment = parse_time(at, session.clock()) if at is not None else session.clock()
    title = check_line(subject, _("subject")) if subject else None
    if not body and not title:
        raise InvalidInput(_("the text is blank"))
    with unit_of_work(session, "log") as uow:
        in_use = types_in_use(uow.connection)
        said: list[str] = []
        warnings: list[str] = []
        for entity in pick(uow, references):
            values = {"at": moment, "channel": way, "subject": title, "text": body}
            who, stays = contact(uow, entity, values, in_use, inbound=inbound)
            said.append(who)
            warnings += stays
        return finish(
            session,
            uow,
            (_("logged {channel} from {who}") if inbound else _("logged {channel} to {who}")).format(
                channel=way, who=_list(said)
            ),
            warnings,
        )


def contact(
    uow: UnitOfWork, entity: Entity, values: dict[str, Any], in_use: Sequence[str], *, inbound: bool
) -> tuple[str, list[str]]:
    """Insert an interaction with an entity; an inbound one makes a lead of a suspect.

    ``values`` are the columns of the interaction beside whose it is and its direction. Return who it was, with what
    became of them, and warnings.
    """
    direction = "in" if inbound else "out"
    uow.insert("interaction", {"uid": uow.session.uid(), "entity_id": entity.id, "direction": direction, **values})
    if inbound and entity.type == "suspect":
        if in_contact(entity.type, in_use) != entity.type:
            move(uow, entity, "lead", "promote")
            return label(entity) + " (suspect → lead)", []
        return label(entity), [_("{who} stays a suspect: the type lead is switched off").format(who=label(entity))]
    return label(entity), []


def move(uow: UnitOfWork, entity: Entity, type: str, cause: str, *, purchase_id: int | None = None) -> None:
    """Change an entity's type and record the transition."""
    uow.update("entity", entity.id, {"type": type})
    uow.insert(
        "transition",
        {
            "entity_id": entity.id,
            "from_type": entity.type,
            "to_type": type,
            "at": uow.now,
            "cause": cause,
            "purchase_id": purchase_id,
        },
    )


def promote(session: Session, references: Sequence[str]) -> Result:
    """Make leads of suspects that have contacted us."""
    with unit_of_work(session, "promote") as uow:
        in_use = types_in_use(uow.connection)
        said = []
        for entity in pick(uow, references):
            lifecycle.check_promote(entity, inbound(uow.connection, entity.id), in_use)
            move(uow, entity, "lead", "promote")
            said.append(f"{label(entity)}: suspect → lead")
        return finish(session, uow, _list(said))


def change_state(session: Session, verb: str, references: Sequence[str], reason: str | None) -> Result:
    """Disqualify, lose or reopen entities; the type stays, and the reason is kept with the operation."""
    why = check_text(reason, _("reason")) if reason is not None else None
    if verb != "reopen" and not why:
        raise InvalidInput(_("say why with --reason"))
    with unit_of_work(session, verb) as uow:
        said = []
        for entity in pick(uow, references):
            state = lifecycle.state_after(entity, verb)
            uow.update("entity", entity.id, {"state": state})
            said.append(f"{label(entity)}: {entity.state} → {state}")
        if why:
            uow.record["reason"] = why
        return finish(session, uow, _list(said))


def _list(said: Sequence[str]) -> str:
    return ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
