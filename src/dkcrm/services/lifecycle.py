"""The life cycle's commands: log, promote, disqualify, lose, reopen, purchase and its voiding."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from dkcrm.domain import lifecycle
from dkcrm.domain.dates import parse_date, parse_time
from dkcrm.domain.entity import CUSTOMER_TYPES, Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.money import check_currency, parse_amount
from dkcrm.domain.text import check_line, check_text
from dkcrm.errors import InvalidInput, NotFound, Refused
from dkcrm.i18n import _
from dkcrm.result import Result
from dkcrm.services.conversion import Choices, Conversion, convert_lead, decide
from dkcrm.services.entities import pick, present
from dkcrm.services.shape import done, operation_result
from dkcrm.session import Session
from dkcrm.store.activities import Purchase, inbound, purchases
from dkcrm.store.entities import load, resolve
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
        said, warnings = [], []
        for entity in pick(uow, references):
            uow.insert(
                "interaction",
                {
                    "uid": session.uid(),
                    "entity_id": entity.id,
                    "at": moment,
                    "direction": "in" if inbound else "out",
                    "channel": way,
                    "subject": title,
                    "text": body,
                },
            )
            said.append(label(entity))
            if inbound and entity.type == "suspect":
                if "lead" in in_use:
                    move(uow, entity, "lead", "promote")
                    said[-1] += " (suspect → lead)"
                else:
                    warnings.append(_("{who} stays a suspect: the type lead is switched off").format(who=label(entity)))
        return finish(
            session,
            uow,
            _("logged {direction} with {who}").format(direction="in" if inbound else "out", who=_list(said)),
            warnings,
        )


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


def purchase(
    session: Session,
    reference: str,
    product: str,
    *,
    service: bool = False,
    amount: str | None = None,
    currency: str | None = None,
    on: str | None = None,
    also: str | None = None,
    choices: Choices | None = None,
) -> Result:
    """Record a purchase: a prospect becomes a person, a target an organization; customers add to their list."""
    from datetime import datetime

    what = check_line(product, _("product"))
    code = check_currency(currency) if currency else session.currency
    minor = parse_amount(amount, code) if amount is not None else None
    if currency and amount is None:
        raise InvalidInput(_("--currency goes with --amount"))
    today = datetime.fromisoformat(session.clock()).astimezone().date()
    day = parse_date(on, today) if on is not None else today.isoformat()

    def buy(chosen: Choices) -> Result:
        with unit_of_work(session, "purchase") as uow:
            in_use = types_in_use(uow.connection)
            buyer = present(load(uow.connection, resolve(uow.connection, reference)))
            second = present(load(uow.connection, resolve(uow.connection, also))) if also is not None else None
            becomes = lifecycle.customer_type(buyer, in_use)
            if becomes != "lead" and (chosen.prospect or chosen.target):
                raise InvalidInput(
                    _("--prospect and --target are for leads, and {who} is a {type}").format(
                        who=label(buyer), type=buyer.type
                    )
                )
            if second is not None:
                _check_second(buyer, second, in_use)
                chosen = _second_side(buyer, second, chosen)
            buyers, conversion = [buyer], Conversion()
            said: list[str] = []
            if becomes == "lead":
                lifecycle.check_active(buyer)
                conversion = convert_lead(
                    uow, buyer, person_type="person", organization_type="organization", choices=chosen, cause="purchase"
                )
                buyers = [load(uow.connection, number) for number in conversion.numbers]
                said = [f"{label(buyer)}: lead → {' + '.join(entity.type for entity in buyers)}"]
            if second is not None and second.id not in [entity.id for entity in buyers]:
                buyers.append(second)
            purchase_id = uow.insert(
                "purchase",
                {
                    "uid": session.uid(),
                    "entity_id": buyers[0].id,
                    "also_id": buyers[1].id if len(buyers) > 1 else None,
                    "product": what,
                    "is_service": int(service),
                    "amount_minor": minor,
                    "currency": code if minor is not None else None,
                    "bought_on": day,
                },
            )
            for row_id in conversion.transitions:
                uow.update("transition", row_id, {"purchase_id": purchase_id})
            said.insert(0, _("{who} bought {product}").format(who=label(buyers[0]), product=what))
            warnings = conversion.warnings
            for entity in buyers:
                step = lifecycle.customer_type(entity, in_use)
                if step is not None:
                    move(uow, entity, step, "purchase", purchase_id=purchase_id)
                    said.append(f"{label(entity)}: {entity.type} → {step}")
                if entity.state != "active":
                    uow.update("entity", entity.id, {"state": "active"})
                    warnings.append(
                        _("{who} was {state} and is active again").format(who=label(entity), state=entity.state)
                    )
            row = next(p for p in purchases(uow.connection, buyers[0].id) if p.id == purchase_id)
            return finish(session, uow, "; ".join(said), warnings, purchase=row.as_json())

    return decide(session, choices or Choices(), buy)


def _second_side(buyer: Entity, second: Entity, choices: Choices) -> Choices:
    """Say what ``--also`` means for a lead with both sides: it is the organization that buys with the person."""
    if buyer.type != "lead" or buyer.party != "both":
        return choices
    if second.party != "organization" or choices.target not in (None, str(second.id)):
        raise Refused(
            _("{who} is a person and an organization already: there is no third buyer").format(who=label(buyer)),
            code="wrong_type",
            hint=_("leave --also out, or say who they are with --prospect and --target"),
        )
    return Choices(choices.prospect, str(second.id), choices.answers)


def _check_second(buyer: Entity, second: Entity, in_use: Sequence[str]) -> None:
    if second.id == buyer.id:
        raise InvalidInput(_("--also names a second buyer, and {who} is the first").format(who=label(buyer)))
    if lifecycle.customer_type(second, in_use) == "lead":
        raise Refused(
            _("{who} is a lead: its own purchase makes a customer of it").format(who=label(second)),
            code="wrong_type",
            hint=lifecycle.next_step(second, in_use),
        )
    if second.party == buyer.party:
        raise Refused(
            _("{a} and {b} are both {party}s: --also names the other side of the same purchase").format(
                a=label(buyer), b=label(second), party=buyer.party
            ),
            code="wrong_type",
            hint=_("record a purchase for each of them"),
        )


def void(session: Session, reference: str, number: int | None) -> Result:
    """Void a purchase; the only one of a customer that it made gives the former type back."""
    with unit_of_work(session, "purchase void") as uow:
        entity = present(load(uow.connection, resolve(uow.connection, reference)))
        chosen = _choose(entity, purchases(uow.connection, entity.id), number)
        uow.update("purchase", chosen.id, {"voided_at": uow.now})
        said = [_("voided {product} of {who}").format(product=chosen.title(), who=label(entity))]
        warnings: list[str] = []
        for buyer_id in (chosen.entity_id, chosen.also_id):
            if buyer_id is None or purchases(uow.connection, buyer_id):
                continue
            buyer = load(uow.connection, buyer_id)
            former = _former_type(uow, buyer)
            if former is not None:
                lifecycle.check_type(former, types_in_use(uow.connection))
                uow.update("entity", buyer.id, {"type": former})
                said.append(f"{label(buyer)}: {buyer.type} → {former}")
            elif buyer.type in CUSTOMER_TYPES:
                warnings.append(
                    _("{who} has no purchase now and stays a {type}: it had no former type").format(
                        who=label(buyer), type=buyer.type
                    )
                )
        return finish(session, uow, "; ".join(said), warnings, purchase=chosen._replace(voided_at=uow.now).as_json())


def _choose(entity: Entity, there: Sequence[Purchase], number: int | None) -> Purchase:
    """Return the purchase of a number, or the only one."""
    if number is not None:
        for purchase in there:
            if purchase.id == number:
                return purchase
        raise NotFound(_("{who} has no purchase {number} that stands").format(who=label(entity), number=number))
    if not there:
        raise Refused(_("{who} has bought nothing").format(who=label(entity)), code="nothing_to_void")
    if len(there) > 1:
        raise Refused(
            _("{who} has {count} purchases").format(who=label(entity), count=len(there)),
            code="ambiguous",
            hint=_("name one by its number: dkcrm purchase void {id} {number}").format(
                id=entity.id, number=there[-1].id
            ),
            candidates=[{**purchase.as_json(), "use": str(purchase.id)} for purchase in there],
        )
    return there[0]


def _former_type(uow: UnitOfWork, entity: Entity) -> str | None:
    """Return the type from before the first purchase, and mark that transition as voided."""
    rows = uow.query(
        "SELECT id, from_type FROM transition WHERE entity_id=? AND cause='purchase' AND voided_at IS NULL"
        " AND into_id IS NULL AND to_type=? ORDER BY id DESC LIMIT 1",
        (entity.id, entity.type),
    )
    if not rows:
        return None
    uow.update("transition", rows[0][0], {"voided_at": uow.now})
    return str(rows[0][1])


def _list(said: Sequence[str]) -> str:
    return ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
