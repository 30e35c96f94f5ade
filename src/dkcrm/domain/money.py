"""Money: whole minor units and a currency of ISO 4217; never floating point, never a sum over two currencies."""

from __future__ import annotations

import re
from decimal import Decimal

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

#: The active codes of ISO 4217.
CURRENCIES = frozenset(
    """AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
    CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD
    HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
    MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
    PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY
    TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG""".split()
)
#: Digits after the point, where they are not two (ISO 4217).
_EXPONENTS = {
    **dict.fromkeys("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split(), 0),
    **dict.fromkeys("BHD IQD JOD KWD LYD OMR TND".split(), 3),
}
_LARGEST = 10**15


def exponent(currency: str) -> int:
    """Return how many digits a currency has after the point."""
    return _EXPONENTS.get(currency, 2)


def check_currency(code: str) -> str:
    """Return a currency's code in capitals, or raise InvalidInput when there is none of that name."""
    upper = code.strip().upper()
    if upper not in CURRENCIES:
        raise InvalidInput(_("no such currency: {code}").format(code=code), hint=_("use an ISO 4217 code, as in EUR"))
    return upper


def parse_decimal(text: str, currency: str | None = None) -> Decimal:
    """Return a number written with a point or a comma, or raise InvalidInput where it could mean two things.

    ``1200``, ``1200.50``, ``1200,50``, ``1.200,50`` and ``1,200.50`` are clear; ``1.200`` alone is not. The hint names
    what an amount of a ``currency`` can be.
    """
    cleaned = re.sub(r"[\s'\u2019\u00a0\u202f]", "", text)
    sign = -1 if cleaned.startswith("-") else 1
    number = cleaned[1:] if cleaned.startswith(("+", "-")) else cleaned
    wrong = InvalidInput(_("not a number: {text}").format(text=text), hint=_("write it as 1200, 1200.50 or 1.200,50"))
    if len(number) > 30:
        raise wrong
    if re.fullmatch(r"[0-9]+", number):
        return sign * Decimal(number)
    single = re.fullmatch(r"([0-9]+)([.,])([0-9]+)", number)
    if single:
        if len(single[3]) == 3 and len(single[1]) <= 3 and single[1].lstrip("0"):
            hint = _("write {a} or {b}")
            if currency and single[3][exponent(currency) :].strip("0"):
                hint = _("write {a}; {currency} has {digits} digits after the point")
            raise InvalidInput(
                _("{text} can mean two numbers").format(text=text),
                hint=hint.format(
                    a=single[1] + single[3],
                    b=f"{single[1]}{single[2]}{single[3]}0",
                    currency=currency,
                    digits=exponent(currency or ""),
                ),
            )
        return sign * Decimal(f"{single[1]}.{single[3]}")
    for group, point in ((".", ","), (",", ".")):
        grouped = rf"[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+(?:\{point}([0-9]+))?"
        if re.fullmatch(grouped, number):
            return sign * Decimal(number.replace(group, "").replace(point, "."))
    raise wrong


def parse_amount(text: str, currency: str) -> int:
    """Return an amount in minor units (``1200.50`` EUR is 120050); negative ones are refused.

    Raises InvalidInput when the text is no number, has more digits than the currency, or is out of range.
    """
    amount = parse_decimal(text, currency)
    if amount < 0:
        raise InvalidInput(_("an amount cannot be negative: {text}").format(text=text))
    minor = amount.scaleb(exponent(currency))
    if minor != minor.to_integral_value():
        raise InvalidInput(
            _("{currency} has {digits} digits after the point: {text}").format(
                currency=currency, digits=exponent(currency), text=text
            )
        )
    if minor > _LARGEST:
        raise InvalidInput(_("the amount is too large: {text}").format(text=text))
    return int(minor)


def format_amount(minor: int, currency: str) -> str:
    """Return minor units as a plain decimal: 120050 EUR is ``1200.50``."""
    return str(Decimal(minor).scaleb(-exponent(currency)))
