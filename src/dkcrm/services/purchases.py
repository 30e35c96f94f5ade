"""Purchases: who buys becomes a customer; voiding the only one gives the former type back."""

from __future__ import annotations

from collections.abc import Sequence

from dkcrm.domain import lifecycle
from dkcrm.domain.dates import parse_date
from dkcrm.domain.entity import CUSTOMER_TYPES, Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.membership import is_linked
from dkcrm.domain.money import check_currency, parse_amount
from dkcrm.domain.product import Product, parse_quantity, price_of
from dkcrm.domain.text import check_line
from dkcrm.errors import InvalidInput, NotFound, Refused
from dkcrm.i18n import _, a_
from dkcrm.result import Result
from dkcrm.services.conversion import Choices, Conversion, convert_lead, decide
from dkcrm.services.entities import present
from dkcrm.services.folding import absorb, keep
from dkcrm.services.lifecycle import finish, move
from dkcrm.session import Session
from dkcrm.store.activities import Purchase, purchases
from dkcrm.store.entities import load, resolve
from dkcrm.store.history import came_with
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.products import product_named
from dkcrm.store.settings import types_in_use


def purchase(
    session: Session,
    reference: str,
    product: str,
    *,
    service: bool | None = None,
    quantity: str | None = None,
    amount: str | None = None,
    currency: str | None = None,
    on: str | None = None,
    also: str | None = None,
    choices: Choices | None = None,
) -> Result:
    """Record a purchase: a prospect becomes a person, a target an organization; customers add to their list.

    What is not said of the price, the currency and the kind is as the list of products has it, where the product is on
    it. The amount is that of the whole purchase.
    """
    from datetime import datetime

    what = check_line(product, _("product"))
    many = parse_quantity(quantity) if quantity is not None else "1"
    code = check_currency(currency) if currency else None
    today = datetime.fromisoformat(session.clock()).astimezone().date()
    day = parse_date(on, today) if on is not None else today.isoformat()

    def buy(chosen: Choices) -> Result:
        with unit_of_work(session, "purchase") as uow:
            known = product_named(uow.connection, what)
            price, unit = _price(session, known, many, amount, code)
            in_use = types_in_use(uow.connection)
            buyer = present(load(uow.connection, resolve(uow.connection, reference)))
            second = present(load(uow.connection, resolve(uow.connection, also))) if also is not None else None
            becomes = lifecycle.customer_type(buyer, in_use)
            if becomes != "lead" and (chosen.prospect or chosen.target):
                raise InvalidInput(
                    _("--prospect and --target are for leads, and {who} is {type}").format(
                        who=label(buyer), type=a_(buyer.type)
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
                    "is_service": int(known is not None and known.is_service if service is None else service),
                    "quantity": many if many != "1" else None,
                    "amount_minor": price,
                    "currency": unit,
                    "bought_on": day,
                },
            )
            for row_id in conversion.transitions:
                uow.update("transition", row_id, {"purchase_id": purchase_id})
            row = next(p for p in purchases(uow.connection, buyers[0].id) if p.id == purchase_id)
            said.insert(0, _("{who} bought {product}").format(who=label(buyers[0]), product=row.title()))
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
            both = [entity.id for entity in buyers]
            return finish(session, uow, "; ".join(said), warnings, concerned=both, purchase=row.as_json())

    return decide(session, choices or Choices(), buy)


def _price(
    session: Session, known: Product | None, quantity: str, amount: str | None, currency: str | None
) -> tuple[int | None, str | None]:
    """Return the amount in minor units and the currency of a purchase, or neither where nobody says."""
    listed = known.currency if known is not None else None
    if amount is not None:
        code = currency or listed or session.currency
        return parse_amount(amount, code), code
    if known is None or known.amount_minor is None or listed is None:
        if currency:
            raise InvalidInput(_("--currency goes with --amount"))
        return None, None
    if currency not in (None, listed):
        raise InvalidInput(
            _("the price of {product} is in {currency}").format(product=known.name, currency=listed),
            hint=_("say the amount with --amount"),
        )
    return price_of(known.amount_minor, quantity), listed


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
            if buyer.merged_into:
                continue
            former = _former_type(uow, buyer)
            if former is not None:
                lifecycle.check_type(former, types_in_use(uow.connection))
                uow.update("entity", buyer.id, {"type": former})
                said.append(f"{label(buyer)}: {buyer.type} → {former}")
                if not is_linked(former):
                    warnings += _unlink(uow, buyer, chosen)
            elif buyer.type in CUSTOMER_TYPES:
                warnings.append(
                    _("{who} has no purchase now and stays {type}: it had no former type").format(
                        who=label(buyer), type=a_(buyer.type)
                    )
                )
        both = [number for number in (chosen.entity_id, chosen.also_id) if number is not None]
        also = (uow.row("purchase", chosen.id) or {})["also_id"]
        voided = chosen._replace(voided_at=uow.now, also_id=also).as_json()
        return finish(session, uow, "; ".join(said), warnings, concerned=both, purchase=voided)


def _unlink(uow: UnitOfWork, buyer: Entity, purchase: Purchase) -> list[str]:
    """Take the links of who is a lead again, which has none; return what to warn of.

    The organization that its purchase made of one side of it is that side again. Of another one it keeps the name.
    """
    warnings = []
    for row in uow.rows("membership", member_id=buyer.id):
        uow.delete("membership", row["id"])
        group = load(uow.connection, row["organization_id"])
        others = uow.rows("membership", organization_id=group.id) or purchases(uow.connection, group.id)
        if came_with(uow.connection, group.id, purchase.id) and not others:
            absorb(uow, group, load(uow.connection, buyer.id), keep_sides=True)
            warnings.append(_("{group} is a side of {who} again").format(group=label(group), who=label(buyer)))
            continue
        if row["is_primary"] and buyer.org_name is None:
            uow.update("entity", buyer.id, {"org_name": group.org_name})
        keep(uow, buyer.id, buyer.id, "link", label(group))
        warnings.append(_no_longer_linked(buyer, group))
    for row in uow.rows("membership", organization_id=buyer.id):
        uow.delete("membership", row["id"])
        member = load(uow.connection, row["member_id"])
        keep(uow, buyer.id, buyer.id, "link", label(member))
        warnings.append(_no_longer_linked(member, buyer))
    return warnings


def _no_longer_linked(member: Entity, group: Entity) -> str:
    return _("{member} is no longer linked to {group}: a lead belongs to nobody, and nobody to it").format(
        member=label(member), group=label(group)
    )


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
            candidates=[
                {"id": p.id, "product": p.title(), "on": p.bought_on, "use": f"dkcrm purchase void {entity.id} {p.id}"}
                for p in there
            ],
        )
    return there[0]


def _former_type(uow: UnitOfWork, entity: Entity) -> str | None:
    """Return the type from before the first purchase, and mark that transition as voided."""
    rows = uow.rows(
        "transition", entity_id=entity.id, cause="purchase", voided_at=None, into_id=None, to_type=entity.type
    )
    if not rows:
        return None
    uow.update("transition", rows[-1]["id"], {"voided_at": uow.now})
    return str(rows[-1]["from_type"])
