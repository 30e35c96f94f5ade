"""Are two names of organizations one: in any order, abbreviated, with a town or a branch in them, misspelt."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from dkcrm.domain.matching.commonness import Rarity
from dkcrm.domain.matching.names import AGREE, ALL_DIFFER, ONE_DIFFERS
from dkcrm.domain.matching.words import Words

#: A name that is written the same proves more than its words: organizations take care to have one of their own.
_WHOLE = 7.0
_MOST = 17.5
#: A name and one of these beside it is another house of the same owner: Caffè Roma, Caffè Roma Due.
_SIBLINGS = frozenset(
    """2 3 4 5 6 7 8 9 10 ii iii iv due tre quattro cinque sei bis ter two three four five zwei drei deux trois dos tres
    secondo seconda terzo terza second third deuxieme zweite""".split()
)


@lru_cache(maxsize=1 << 17)
def alike_word(a: str, b: str) -> float:
    """Return how far one word of an organization's name may stand for another: 0 not at all, below 1 with loss."""
    short, long = (a, b) if (len(a), a) < (len(b), b) else (b, a)
    if len(short) < 3:
        return 0.0
    if long.startswith(short) and (len(short) >= 4 or len(long) >= 6):
        # Plurals, genitives and abbreviations.
        return 0.85 if len(long) - len(short) <= 2 else 0.7
    if len(short) < 4:
        return 0.0
    wrong = OSA.distance(a, b, score_cutoff=2)
    if wrong == 1:
        return (0.8 if len(long) >= 5 else 0.6) - (0.2 if a[0] != b[0] and len(long) < 8 else 0.0)
    return 0.7 if wrong == 2 and len(long) >= 7 else 0.0


def compare_firms(a: Words, b: Words, rarity: Rarity, towns: frozenset[str] | set[str]) -> tuple[float, int]:
    """Return the bits of evidence in two organizations' names, and what they say.

    ``towns`` are those where either of them is: a town's name beside the name is no part of it.
    """
    if a == b or (len(a) == len(b) and sorted(a) == sorted(b)):
        return min(_MOST, sum(rarity[word] for word in a) + _WHOLE), AGREE
    numbers = {word for word in a if word.isdigit()}
    if numbers and numbers.isdisjoint(b) and any(word.isdigit() for word in b):
        # The sixth shop of a chain is not its seventh.
        return -8.0, ONE_DIFFERS
    rest_a, rest_b = list(a), list(b)
    common = exact = 0.0
    shared = 0
    for word in a:
        if word in rest_b:
            rest_a.remove(word)
            rest_b.remove(word)
            common += rarity[word]
            shared += 1
    exact = common
    if rest_a and rest_b:
        gained, pairs = _pair_up(rest_a, rest_b, rarity)
        common += gained
        shared += pairs
    if towns and (rest_a or rest_b) and shared:
        rest_a = [word for word in rest_a if word not in towns]
        rest_b = [word for word in rest_b if word not in towns]
    left_a, left_b = sum(rarity[word] for word in rest_a), sum(rarity[word] for word in rest_b)
    if not left_a and not left_b and shared:
        return min(_MOST, common + (_WHOLE - 2.0) * (exact / common) ** 0.5), AGREE
    one, other = "".join(a), "".join(b)
    if one == other:
        return min(_MOST, max(common, 12.0) + 6.0), AGREE
    if shared and not (rest_a and rest_b) and _SIBLINGS.issuperset(rest_a or rest_b):
        return 0.0, ONE_DIFFERS
    if shared and not (rest_a and rest_b):
        # One has words beside: telling ones are a loss, and so are many.
        return max(min(_MOST - 4, common) - 0.35 * (left_a + left_b), 0.0), AGREE
    if min(len(one), len(other)) >= 6 and fuzz.ratio(one, other) >= 90:
        return max(common, 9.0), AGREE
    if _is_acronym(a, other) or _is_acronym(b, one):
        return 6.0, AGREE
    if min(left_a, left_b) < 5.0 and shared and common > 8.0:
        # What differs says only what they do: Bianchi Costruzioni and Bianchi Impianti.
        return common * 0.5 - 4.0, ONE_DIFFERS
    if common >= left_a + left_b:
        return common * 0.5 - 0.5 * min(left_a, left_b), ONE_DIFFERS
    return (min(common, 10.0) * 0.4 - 8.0, ONE_DIFFERS) if shared else (-12.0, ALL_DIFFER)


def may_be_one(a: Words, b: Words) -> bool:
    """Tell, at little cost, whether two names are worth comparing: a word in common, or nearly the same letters."""
    if not set(a).isdisjoint(b):
        return True
    one, other = "".join(a), "".join(b)
    return one[0] == other[0] and (len(one) <= 6 or len(other) <= 6 or fuzz.ratio(one, other) >= 75)


def _pair_up(rest_a: list[str], rest_b: list[str], rarity: Rarity) -> tuple[float, int]:
    """Take words that may stand for one another out of both lists, the likest first; return their bits and number."""
    found = sorted(
        ((level, x, y) for x in rest_a for y in rest_b if (level := alike_word(x, y)) > 0),
        key=lambda pair: (-pair[0], *sorted(pair[1:])),
    )
    bits, pairs = 0.0, 0
    for level, x, y in found:
        if x in rest_a and y in rest_b:
            rest_a.remove(x)
            rest_b.remove(y)
            bits += max(0.5, min(rarity[x], rarity[y]) * level - 1.0)
            pairs += 1
    return bits, pairs


def _is_acronym(words: Words, short: str) -> bool:
    """Tell whether a short name is made of the first letters of another's words."""
    return 3 <= len(short) <= 6 and len(words) >= len(short) and "".join(word[0] for word in words) == short


def firm_value(a: Words, b: Words) -> float:
    """Return how alike two names look, 0 to 1: what is shown beside the reason."""
    if sorted(a) == sorted(b) or "".join(a) == "".join(b):
        return 1.0
    one, other = " ".join(sorted(a)), " ".join(sorted(b))
    return min(0.99, max(fuzz.token_set_ratio(one, other) * 0.95, fuzz.ratio(one, other)) / 100)
