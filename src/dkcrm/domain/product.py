"""Products of the optional list, and what some of one cost."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from dkcrm.domain.money import format_amount, parse_decimal
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

_MOST = 10**9
_DIGITS = 6
_LARGEST = 10**15


class Product(NamedTuple):
    """A product or service of the list; the amount, in minor units, is that of one."""

    id: int
    uid: str
    name: str
    is_service: int
    amount_minor: int | None
    currency: str | None
    notes: str
    removed_at: str | None

    @property
    def amount(self) -> str | None:
        """The price of one, as a plain decimal."""
        if self.amount_minor is None or self.currency is None:
            return None
        return format_amount(self.amount_minor, self.currency)

    def as_json(self) -> dict[str, Any]:
        """Return the product as scripts see it; the amount is a decimal in text."""
        return {
            "id": self.id,
            "uid": self.uid,
            "name": self.name,
            "service": bool(self.is_service),
            "amount": self.amount,
            "currency": self.currency,
            "notes": self.notes,
            "removed_at": self.removed_at,
        }


def label(product: Product) -> str:
    """Return a product's number and name, for messages."""
    return f"{product.id} {product.name}"


def parse_quantity(text: str) -> str:
    """Return a quantity as a plain decimal without needless zeros: ``3``, ``2.5``.

    Raises InvalidInput for what is no number, not above zero, above 1,000,000,000, or has more than six digits after
    the point.
    """
    quantity = parse_decimal(text)
    if not 0 < quantity <= _MOST:
        raise InvalidInput(
            _("a quantity is more than 0, and at most {most}: {text}").format(most=_MOST, text=text),
            hint=_("write it as 3 or 2.5"),
        )
    plain = f"{quantity.normalize():f}"
    if len(plain.partition(".")[2]) > _DIGITS:
        raise InvalidInput(
            _("a quantity has at most {digits} digits after the point: {text}").format(digits=_DIGITS, text=text)
        )
    return plain


def is_quantity(text: str) -> bool:
    """Tell whether a text is a quantity as it is stored."""
    try:
        # Three digits after the point are digits after the point: nobody typed them here.
        return parse_quantity(f"{text}0" if len(text.partition(".")[2]) == 3 else text) == text
    except InvalidInput:
        return False


def price_of(minor: int, quantity: str) -> int:
    """Return what a quantity costs at a price, in minor units; half a unit is rounded up, as invoices do.

    Raises InvalidInput where that is more than an amount can be.
    """
    total = (minor * Decimal(quantity)).to_integral_value(ROUND_HALF_UP)
    if total > _LARGEST:
        raise InvalidInput(_("the amount is too large: {quantity} times the price").format(quantity=quantity))
    return int(total)
