"""Are two addresses one: misspelt, half missing, their parts in each other's place."""

from __future__ import annotations

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.words import Place

#: Parts of an address hang together: all of them prove no more than this, in bits.
_MOST = 15.0


def compare_places(a: Place, b: Place, common: Commonness) -> tuple[float, str]:
    """Return the bits of evidence in two addresses, and what of them is the same: address, street, town or nothing."""
    words_a, numbers_a, town_a, code_a, region_a, country_a = a
    words_b, numbers_b, town_b, code_b, region_b, country_b = b
    town = _towns(town_a, town_b, common)
    code = _codes(code_a, code_b, common)
    if town < 0 < code < 3.0 or code < 0 < town < 3.0:
        # What is only close beside what plainly differs is chance.
        town, code = min(town, 0.0), min(code, 0.0)
    where = max(town, code) + (0.3 if min(town, code) > 0 else 1.0) * min(town, code)
    if where == 0.0 and region_a and region_b and len(region_a) == len(region_b):
        where = 1.0 if region_a == region_b else -1.0
    if country_a != country_b and len(country_a) == len(country_b) == 2:
        where -= 3.0
    street = _streets(a, b, common) if words_a and words_b else 0.0
    if street > 0:
        number = _numbers(a, b)
        bits = street + number
        same = "address" if number > 0 else "street"
    elif numbers_a and numbers_a == numbers_b and where > 0 and not (words_a and words_b):
        bits, same = 3.0, "address"
    else:
        bits, same = street, "town" if where > 0 else ""
        if where > 0 and (street < 0 or not (words_a or words_b)):
            # Many live in one town.
            where = min(where, 5.0) * 0.7
    return min(_MOST, bits + where), same


def _towns(a: str, b: str, common: Commonness) -> float:
    if not a or not b:
        return 0.0
    if a == b:
        return common.towns[a]
    if len(a) >= 4 and len(b) >= 4:
        if OSA.distance(a, b, score_cutoff=2) <= (1 if min(len(a), len(b)) < 7 else 2):
            return max(1.0, min(common.towns[a], common.towns[b]) - 2.0)
        if a.startswith(b) or b.startswith(a):
            return 1.5
    return -1.5


def _codes(a: str, b: str, common: Commonness) -> float:
    if not a or not b:
        return 0.0
    if a == b:
        return common.codes[a]
    if len(a) >= 4 and OSA.distance(a, b, score_cutoff=1) == 1:
        return 2.0
    # American codes of nine digits begin with those of five.
    if len(a) >= 5 and len(b) >= 5 and (a.startswith(b) or b.startswith(a)):
        return common.codes[min(a, b, key=len)]
    return -1.5


def _streets(a: Place, b: Place, common: Commonness) -> float:
    """Return the bits of two streets: those of the rarest word in common, or less for what is misspelt."""
    words_a, words_b = a[0], b[0]
    rarity = common.streets
    both = [word for word in words_a if word in words_b]
    if both:
        bits = max(rarity[word] for word in both)
        rest = max((rarity[word] for word in (*words_a, *words_b) if word not in both), default=0.0)
        if len(both) == len(words_a) or len(both) == len(words_b):
            return min(bits, 12.0)
        if bits >= rest or _ratio(words_a, words_b) >= 75:
            return min(bits, 12.0) * 0.8
    ratio = _ratio(words_a, words_b)
    if ratio >= 85:
        return 7.0
    if both:
        # One of two lines is another: a house's name beside its street.
        return 0.5 * min(max(rarity[word] for word in both), 10.0)
    if ratio >= 75 or any(_misspelt(one, other) for one in words_a for other in words_b):
        return 4.0
    return -3.0


def _misspelt(a: str, b: str) -> bool:
    """Tell whether two long words of streets are one but for a letter."""
    return min(len(a), len(b)) >= 6 and a[0] == b[0] and OSA.distance(a, b, score_cutoff=1) == 1


def _ratio(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """Return how alike two streets are written, 0 to 100, with blanks in the wrong places and words in any order."""
    one, other = "".join(a), "".join(b)
    return max(fuzz.ratio(one, other), fuzz.token_sort_ratio(" ".join(a), " ".join(b)))


def _numbers(a: Place, b: Place) -> float:
    """Return the bits of two sets of house numbers in the same street."""
    if not a[1] or not b[1]:
        return 0.0
    if a[1] == b[1]:
        return 4.0
    if a[1][0] == b[1][0] or not set(a[1]).isdisjoint(b[1]):
        return 3.0
    # 12 and 12a, 12 and 21, 112 and 12
    return 0.0 if any(OSA.distance(x, y) <= 1 for x in a[1] for y in b[1]) else -2.5


def places_of(places: tuple[Place, ...]) -> set[str]:
    """Return the towns of addresses."""
    return {place[2] for place in places if place[2]}
