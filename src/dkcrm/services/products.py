"""The list of products, which is optional: what purchases take their price from where nothing else is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dkcrm.domain.money import check_currency, format_amount, parse_amount
from dkcrm.domain.product import Product, label
from dkcrm.domain.text import check_line, check_text
from dkcrm.errors import Conflict, InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.journal import UnitOfWork, unit_of_work
from dkcrm.store.products import all_products, load_products, product_named, resolve_product


def _columns() -> list[Column]:
    return [
        Column("id", "#", "number"),
        Column("name", _("Product")),
        Column("kind", _("Kind")),
        Column("amount", _("Price"), "number"),
        Column("currency", _("Currency")),
        Column("notes", _("Notes"), wide=True),
        Column("state", _("State"), "state", wide=True),
    ]


def _row(product: Product) -> dict[str, Any]:
    return {
        **product.as_json(),
        "kind": "service" if product.is_service else "product",
        "state": "removed" if product.removed_at else None,
    }


def _finish(session: Session, uow: UnitOfWork, numbers: Iterable[int], what: str) -> Result:
    products = load_products(uow.connection, numbers)
    uow.commit()
    data = {
        "operation": uow.operation_id,
        "products": [product.as_json() for product in products],
        "warnings": [],
    }
    rows = [_row(product) for product in products]
    return Result(data, _columns(), rows, message=done(session, uow.operation_id, what))


def _free(uow: UnitOfWork, name: str, own: int | None = None) -> None:
    """Refuse a name that another product of the list goes by."""
    there = product_named(uow.connection, name)
    if there is not None and there.id != own:
        raise Conflict(
            _("there is a product of that name: {product}").format(product=label(there)),
            code="exists",
            hint=_("change it with: dkcrm product edit {number} …").format(number=there.id),
        )


def add(
    session: Session,
    name: str,
    *,
    service: bool = False,
    amount: str | None = None,
    currency: str | None = None,
    note: str | None = None,
) -> Result:
    """Add a product to the list. Raises Conflict for a name that is there."""
    line = check_line(name, _("name"))
    code = check_currency(currency) if currency else session.currency
    minor = parse_amount(amount, code) if amount is not None else None
    if currency and minor is None:
        raise InvalidInput(_("--currency goes with --amount"))
    notes = check_text(note, _("note")) if note else ""
    with unit_of_work(session, "product add") as uow:
        _free(uow, line)
        number = uow.insert(
            "product",
            {
                "uid": session.uid(),
                "name": line,
                "is_service": int(service),
                "amount_minor": minor,
                "currency": code if minor is not None else None,
                "notes": notes,
            },
        )
        return _finish(session, uow, [number], _("added product {product}").format(product=f"{number} {line}"))


def edit(
    session: Session,
    reference: str,
    *,
    name: str | None = None,
    service: bool | None = None,
    amount: str | None = None,
    currency: str | None = None,
    note: str | None = None,
) -> Result:
    """Change a product of the list; ``none`` takes its price away. Purchases that were made keep theirs."""
    with unit_of_work(session, "product edit") as uow:
        product = resolve_product(uow.connection, reference)
        changed: dict[str, Any] = {}
        if name is not None:
            changed["name"] = check_line(name, _("name"))
            _free(uow, changed["name"], product.id)
        if service is not None:
            changed["is_service"] = int(service)
        if note is not None:
            changed["notes"] = check_text(note, _("note"))
        changed |= _price(session, product, amount, currency)
        uow.update("product", product.id, changed)
        return _finish(session, uow, [product.id], _("changed product {product}").format(product=label(product)))


def _price(session: Session, product: Product, amount: str | None, currency: str | None) -> dict[str, Any]:
    """Return the columns of another price; a currency alone keeps the figure."""
    if amount is None and currency is None:
        return {}
    if amount is not None and amount.strip().lower() == "none":
        if currency:
            raise InvalidInput(_("--currency goes with --amount"))
        return {"amount_minor": None, "currency": None}
    code = check_currency(currency) if currency else product.currency or session.currency
    if amount is None and product.amount is None:
        raise InvalidInput(_("--currency goes with --amount"))
    if amount is None:
        assert product.amount_minor is not None and product.currency is not None
        amount = format_amount(product.amount_minor, product.currency)
        if len(amount.partition(".")[2]) == 3:
            amount += "0"  # nobody typed 1.500, so it is not to be taken for 1500
    return {"amount_minor": parse_amount(amount, code), "currency": code}


def remove(session: Session, references: Sequence[str]) -> Result:
    """Take products off the list; what was bought of them stays, and the name is free again."""
    with unit_of_work(session, "product rm") as uow:
        products = {p.id: p for p in (resolve_product(uow.connection, reference) for reference in references)}
        for number in products:
            uow.update("product", number, {"removed_at": uow.now})
        said = [label(product) for product in products.values()]
        shown = ", ".join(said[:5]) + (f" … ({len(said)})" if len(said) > 5 else "")
        return _finish(session, uow, list(products), _("removed: {products}").format(products=shown))


def list_products(session: Session, *, everything: bool = False) -> Result:
    """List the products by name."""
    connection = open_reading(session)
    try:
        products = all_products(connection, removed=everything)
    finally:
        connection.close()
    message = None if products else _("nothing yet: dkcrm product add NAME")
    return Result([p.as_json() for p in products], _columns(), [_row(p) for p in products], message=message)
