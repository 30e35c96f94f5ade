"""Campaigns: to whom we write, on what ground, at what cost."""

from __future__ import annotations

from typing import Any, NamedTuple

from dkcrm.domain.money import check_currency, format_amount, parse_amount
from dkcrm.domain.text import check_line, fold
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

#: The channels that need an address, and of which kind; any other word is a channel that needs none.
ADDRESSES = {
    **dict.fromkeys(("email", "e-mail", "mail"), "email"),
    **dict.fromkeys(("phone", "call", "telephone", "sms", "whatsapp", "signal"), "phone"),
    **dict.fromkeys(("post", "letter"), "address"),
}
_NAME_LIMIT = 200


class Campaign(NamedTuple):
    """One campaign; ``basis`` is the legal ground, in words, where it does not stand on consent to its purpose."""

    id: int
    uid: str
    name: str
    channel: str
    purpose: str
    basis: str | None
    cost_minor: int | None
    currency: str | None
    notes: str
    created_at: str
    removed_at: str | None

    @property
    def cost(self) -> str | None:
        """The cost as a plain decimal."""
        known = self.cost_minor is not None and self.currency
        return format_amount(self.cost_minor or 0, self.currency or "") if known else None

    @property
    def address(self) -> str | None:
        """The kind of address that its channel needs: ``email``, ``phone``, ``address`` or None."""
        return ADDRESSES.get(self.channel)

    def as_json(self) -> dict[str, Any]:
        """Return the campaign as scripts see it; the cost is a decimal in text."""
        return {
            "id": self.id,
            "uid": self.uid,
            "name": self.name,
            "channel": self.channel,
            "purpose": self.purpose,
            "basis": self.basis,
            "cost": self.cost,
            "currency": self.currency,
            "notes": self.notes,
            "created_at": self.created_at,
            "removed_at": self.removed_at,
        }


class Figures(NamedTuple):
    """What became of a campaign (store/campaigns.py says how each is counted); revenue is (currency, minor units)."""

    members: int = 0
    reached: int = 0
    answered: int = 0
    leads: int = 0
    qualified: int = 0
    customers: int = 0
    revenue: tuple[tuple[str, int], ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return the figures as scripts see them: amounts are decimals in text, one a currency."""
        amounts = [{"currency": code, "amount": format_amount(minor, code)} for code, minor in self.revenue]
        return {**self._asdict(), "revenue": amounts}

    def earned(self) -> str:
        """Return the revenue in words: ``1200.00 EUR, 30.00 USD``."""
        return ", ".join(f"{format_amount(minor, code)} {code}" for code, minor in self.revenue)


def check_name(text: str) -> str:
    """Return a campaign's name, or raise InvalidInput: one that is a number would be taken for one."""
    name = check_line(text, _("name"), _NAME_LIMIT)
    digits = name.replace("-", "")
    if name.isdigit() or (len(digits) == 32 and all(c in "0123456789abcdefABCDEF" for c in digits)):
        raise InvalidInput(
            _("{name} would be taken for a campaign's number or uid").format(name=name),
            hint=_("add a word, as in: spring-{name}").format(name=name[:8]),
        )
    if fold(name) in ("none", "any") or name == "-":
        raise InvalidInput(_("{name} has a meaning of its own").format(name=name), hint=_("choose another name"))
    return name


def check_channel(text: str) -> str:
    """Return a channel as interactions have it."""
    return check_line(text, _("channel"), 60).lower()


def cost_of(cost: str, currency: str) -> tuple[int, str]:
    """Return a cost in minor units, and its currency. Raises InvalidInput."""
    code = check_currency(currency)
    return parse_amount(cost, code), code
