"""What codes, dates of birth and other fields prove: a rare value in common much, a category little."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.contacts import Told, tell
from dkcrm.domain.matching.party import Party

_VAT, _TAX, _NEAR, _OTHER = 21.0, 20.0, 10.0, -5.0
#: What a code of one's own proves beside being rare.
_OWN = 3.0
#: Two who were born on plainly different days.
ANOTHER_DAY = -5.0


def compare_codes(a: Party, b: Party, common: Commonness, told: Told) -> tuple[float, float]:
    """Return the bits of VAT numbers, tax codes and other codes of one's own, and those of all other fields."""
    bits = rest = 0.0
    if a.vat and b.vat:
        bits += _code(a.vat, b.vat, "VAT number", _VAT, told)
    if a.tax and b.tax:
        bits += _code(a.tax, b.tax, "tax code", _TAX, told)
    if a.fields and b.fields:
        others = dict(b.fields)
        for name, value in a.fields:
            other = others.get(name)
            if other is None:
                continue
            found = _field(name, value, other, common, told)
            if common.field(name).own:
                bits += found
            else:
                rest += found
    return bits, rest


def codes_contradict(a: Party, b: Party) -> bool:
    """Tell whether two have plainly different VAT numbers or tax codes."""
    for one, other in ((a.vat, b.vat), (a.tax, b.tax)):
        if one and other and _code(one, other, "", 1.0, None) < 0:
            return True
    return False


def _code(a: str, b: str, what: str, most: float, told: Told) -> float:
    """Return the bits of two codes: the same, with and without a country, but for one character, or another."""
    if a == b or _without_country(a, b):
        tell(told, most, f"same {what}")
        return most
    if len(a) >= 6 and len(b) >= 6 and OSA.distance(a, b, score_cutoff=1) == 1:
        tell(told, _NEAR, f"{what} but for one character")
        return _NEAR
    return _OTHER


def _without_country(a: str, b: str) -> bool:
    """Tell whether two codes are one but for the letters of a country before one of them."""
    short, long = (a, b) if len(a) < len(b) else (b, a)
    return len(long) == len(short) + 2 and long[:2].isalpha() and len(short) >= 7 and long[2:] == short


def _field(name: str, a: str, b: str, common: Commonness, told: Told) -> float:
    """Return the bits of a field that both have: codes and rare values prove much, categories little."""
    rarity = common.field(name)
    if a == b:
        bits = rarity[a] + (_OWN if rarity.own and rarity[a] > 8.0 else 0.0)
        tell(told, bits, f"same {name}")
        return bits
    repeats = common.repeats(name)
    coded = rarity.usual < 0.001 or min(rarity[a], rarity[b]) > 6.0
    # A number in a series is the next one's but for a digit: only codes of one's own are misspelt by one.
    near = common.nearness(name) if rarity.own and len(a) >= 6 else 0.0
    if near and any(c.isdigit() for c in a) and OSA.distance(a, b, score_cutoff=1) == 1:
        tell(told, near, f"{name} but for one character")
        return near
    return (-3.0 if coded else -1.0) * repeats


_PERSONS_CODE = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[ABCDEHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]")
#: Letters that stand for digits where two people would have one code.
_DIGITS = str.maketrans("LMNPQRSTUV", "0123456789")


@lru_cache(maxsize=1 << 14)
def born(code: str) -> str:
    """Return the date of birth in an Italian tax code as ``YYMMDD``, or a blank (Decree of 23 December 1976).

    The month is a letter, and a woman's day has 40 added to it.
    """
    if not _PERSONS_CODE.fullmatch(code):
        return ""
    month = "ABCDEHLMPRST".index(code[8]) + 1
    day = int(code[9:11].translate(_DIGITS))
    day -= 40 if day > 40 else 0
    return f"{code[6:8].translate(_DIGITS)}{month:02}{day:02}" if 1 <= day <= 31 else ""


def births_of(a: Party, b: Party, common: Commonness, told: Told) -> float:
    """Return the bits of the dates of birth of two, of which one may be only in a tax code."""
    if a.birth and b.birth:
        return compare_births(a.birth, b.birth, common, told)
    dated, coded = (a, b) if a.birth else (b, a)
    day = born(coded.tax) if dated.birth and coded.tax else ""
    if not day:
        return 0.0
    if dated.birth[2:] == day:
        bits = min(11.0, common.births[dated.birth])
        tell(told, bits, "birth date of the tax code")
        return bits
    return compare_births(dated.birth, dated.birth[:2] + day, common, told)


def compare_births(a: str, b: str, common: Commonness, told: Told) -> float:
    """Return the bits of two dates of birth: the same, close (a digit, day and month changed over), or another."""
    if a == b:
        bits = min(12.0, common.births[a])
        tell(told, bits, "same birth date")
        return bits
    if OSA.distance(a, b, score_cutoff=1) == 1 or a == b[:4] + b[6:] + b[4:6]:
        tell(told, 5.0, "birth date close")
        return 5.0
    if a[4:] in ("0101", "0000") or b[4:] in ("0101", "0000"):
        # Where only a year is known, the first of January is written.
        return 1.0 if a[:4] == b[:4] else ANOTHER_DAY
    wrong = OSA.distance(a, b, score_cutoff=2)
    if wrong == 2 and (a[:4] == b[:4] or a[4:] == b[4:]):
        return -2.0
    return ANOTHER_DAY
