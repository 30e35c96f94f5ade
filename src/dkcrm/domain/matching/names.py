"""Are two names of persons one: in any order, with diminutives, initials, missing parts and typing errors."""

from __future__ import annotations

from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from dkcrm.domain.matching.commonness import Rarity
from dkcrm.domain.matching.nicknames import NAMES, NICKNAMES, one_name
from dkcrm.domain.matching.spelling import FIRST_HALVES, plain
from dkcrm.domain.matching.words import Words, strip_particles

#: What names say: they agree as far as both are known, the given or the family name differs, or nothing is alike.
AGREE, FAMILY_DIFFERS, ONE_DIFFERS, ALL_DIFFER = 0, 1, 2, 3
_JUNIOR = frozenset(["jr", "jun", "junior", "ii", "iii", "iv", "sr", "sen", "senior"])
_LESSER = {"jun": "jr", "junior": "jr", "sen": "sr", "senior": "sr"}
_ENDINGS = frozenset(["ao", "oa", "ea", "ae", "ia", "ai", "eo", "oe", "ie", "ei", "io", "oi"])
#: Seen so often among those compared, a word is a name of its own and no typing error of another.
_ESTABLISHED = 4


@lru_cache(maxsize=1 << 18)
def alike(a: str, b: str) -> float:
    """Return how far one word of a name may stand for another: 1 equal, above 0 with loss, 0 not at all.

    0.95 umlauts written out, 0.9 a diminutive, 0.85 particles left out, 0.5 an initial; between 0.6 and 0.8 a typing
    error, 0.3 perhaps one.
    """
    if a == b:
        return 1.0
    if a in _JUNIOR and b in _JUNIOR:
        return 0.9 if _LESSER.get(a, a) == _LESSER.get(b, b) else 0.0
    short, long = (a, b) if (len(a), a) < (len(b), b) else (b, a)
    if len(short) == 1:
        return 0.5 if long[0] == short else 0.0
    if one_name(a, b):
        return 0.9
    size = len(long)
    if size > len(short) >= 3 and plain(a) == plain(b):
        return 0.95
    if size >= 4 and (len(short) == 2 or long.startswith(short)) and long[0] == short[0] and short not in NAMES:
        # Cut short: Ant. for Antonio, Massimilian; of two letters the first will do.
        return 0.65 if len(short) >= 5 else 0.5
    if long.endswith(short) and len(short) >= 4 and strip_particles(long) == strip_particles(short):
        return 0.85
    if len(short) < 4:
        # Three letters and a doubled or lost one: Lea and Leah, Jon and John.
        return 0.6 if len(short) == 3 and size == 4 and OSA.distance(a, b) == 1 and a[0] == b[0] else 0.0
    wrong = OSA.distance(a, b, score_cutoff=3)
    if wrong == 1:
        return 0.8
    if wrong == 2 and size >= 7:
        return 0.75
    if wrong <= 2 and size >= 5 and sorted(a) == sorted(b):
        return 0.7
    if wrong == 3 and size >= 10:
        return 0.7
    if size >= 6 and JaroWinkler.similarity(a, b) >= 0.9:
        return 0.7
    if wrong == 2 and size >= 6 and a[0] == b[0]:
        return 0.6
    # Much misspelt, or two that only look alike: no evidence, and no contradiction.
    return 0.3 if wrong == 2 and size >= 5 and (a[0] == b[0] or a[-1] == b[-1]) else 0.0


def _two_names(a: str, b: str, rarity: Rarity) -> bool:
    """Tell whether two words that differ little are names of their own: Paolo and Paola, Maria and Mario."""
    if a[:-1] == b[:-1] and a[-1] + b[-1] in _ENDINGS:
        return True
    if len(a) != len(b) and (a + "a" == b or b + "a" == a):
        return True
    if a in NICKNAMES and b in NICKNAMES:
        return True
    counts = rarity.counts
    least = max(_ESTABLISHED, rarity.total // 2000)
    return counts.get(a, 0) >= least and counts.get(b, 0) >= least


def compare_names(a: Words, b: Words, cut_a: int, cut_b: int, rarity: Rarity) -> tuple[float, int]:
    """Return the bits of evidence in two names, and what they say; with ``cut`` given names first, -1 not known."""
    if a == b:
        return (rarity[a[0]] + rarity[a[1]] if len(a) == 2 else sum(rarity[word] for word in a)), AGREE
    if len(a) == len(b) == 2 and (plain := _plainly_differ(a, b, cut_a, cut_b, rarity)):
        return plain
    rest_a, rest_b = list(a), list(b)
    bits = 0.0
    for word in a:
        if word in rest_b:
            rest_a.remove(word)
            rest_b.remove(word)
            bits += rarity[word] if len(word) > 1 else 2.5
    if rest_a and rest_b:
        bits += _pair_up(rest_a, rest_b, a, b, cut_a, cut_b, rarity)
    missing = rest_a or rest_b
    if not (rest_a and rest_b):
        # Middle names and missing ones: the fewer there are in common, the more is left open.
        if not _JUNIOR.isdisjoint(missing):
            return bits - 4.0, AGREE
        return bits - 0.5 * min(len(missing), 3), AGREE
    generations = {_LESSER.get(word, word) for word in (*rest_a, *rest_b) if word in _JUNIOR}
    if len(generations) < 2 and (joined := _joined_bits(a, b, rarity)):
        return joined, AGREE
    if _sides_missing(a, b, cut_a, cut_b):
        return 0.0, AGREE
    if bits > 0:
        family = _is_family(rest_a, a, cut_a) and _is_family(rest_b, b, cut_b)
        if not family and len(a) == len(rest_a) + 1:
            family = _is_given(next((word for word in a if word not in rest_a), ""), rest_a, rest_b)
        return 0.5 * bits - 5.0, FAMILY_DIFFERS if family else ONE_DIFFERS
    return (-5.0, ONE_DIFFERS) if len(a) == 1 or len(b) == 1 else (-10.0, ALL_DIFFER)


def _plainly_differ(a: Words, b: Words, cut_a: int, cut_b: int, rarity: Rarity) -> tuple[float, int] | None:
    """Return what the commonest case says at once: one of two words is the same, the other plainly not; else None."""
    if a[0] in b:
        same, x, y = a[0], a[1], b[1] if a[0] == b[0] else b[0]
    elif a[1] in b:
        same, x, y = a[1], a[0], b[1] if a[1] == b[0] else b[0]
    else:
        return None
    if x == y or alike(x, y) > 0.0 or x in _JUNIOR or y in _JUNIOR:
        return None
    # In words: only the given name is the same, or what differs stands where the family's name does.
    if same in NICKNAMES and x not in NICKNAMES and y not in NICKNAMES:
        family = True
    else:
        family = x not in a[: cut_a if cut_a >= 0 else 1] and y not in b[: cut_b if cut_b >= 0 else 1]
    bits = 0.5 * (rarity[same] if len(same) > 1 else 2.5)
    return bits - 5.0, FAMILY_DIFFERS if family else ONE_DIFFERS


def _pair_up(rest_a: list[str], rest_b: list[str], a: Words, b: Words, cut_a: int, cut_b: int, rarity: Rarity) -> float:
    """Take words that may stand for one another out of both lists, the likest first; return the bits that they give."""
    found = sorted(
        ((level, x, y) for x in rest_a for y in rest_b if (level := alike(x, y)) > 0),
        key=lambda pair: (-pair[0], *sorted(pair[1:])),
    )
    bits = 0.0
    for level, x, y in found:
        if x not in rest_a or y not in rest_b:
            continue
        if level == 0.5:
            gain = min(2.5, rarity[x], rarity[y])
        elif level == 0.3:
            if _two_names(x, y, rarity):
                continue
            gain = -2.0
        elif level < 0.85 and _two_names(x, y, rarity):
            if not (_is_family([x], a, cut_a) and _is_family([y], b, cut_b)):
                continue
            gain = -1.0
        else:
            gain = max(1.5, min(rarity[x], rarity[y]) * level - (1.0 if level >= 0.85 else 2.0))
        rest_a.remove(x)
        rest_b.remove(y)
        bits += gain
    return bits


def _joined_bits(a: Words, b: Words, rarity: Rarity) -> float:
    """Return the bits of names that are alike once their words are written together (``mac donald``), else 0."""
    one = "".join(a)
    if len(one) < 7:
        return 0.0
    for order in (b, b[1:] + b[:1]):
        other = "".join(order)
        if abs(len(one) - len(other)) > 2:
            return 0.0
        wrong = OSA.distance(one, other, score_cutoff=2)
        if wrong == 0 or (wrong <= 2 and len(a) != len(b)):
            whole = a if len(a) < len(b) else b
            return max(4.0, sum(min(rarity[word], 9.0) for word in whole) * (1.0 if wrong == 0 else 0.7) - 2.0)
    return 0.0


def one_is_junior(a: Words, b: Words) -> bool:
    """Tell whether only one of two names says which generation it is: ``jr``, ``sr``, ``iii``."""
    return not _JUNIOR.isdisjoint(set(a) ^ set(b))


def _sides_missing(a: Words, b: Words, cut_a: int, cut_b: int) -> bool:
    """Tell whether one has only given names and the other only a family name: nothing can be compared."""
    return (cut_a == len(a) and cut_b == 0) or (cut_b == len(b) and cut_a == 0)


def _is_family(rest: list[str], words: Words, cut: int) -> bool:
    """Tell whether words of a name are of the family's; where that is not known the first is taken for given."""
    if cut < 0:
        cut = 2 if len(words) > 2 and words[0] in FIRST_HALVES else 1
    given = words[:cut]
    return not any(word in given for word in rest)


def _is_given(word: str, *others: list[str]) -> bool:
    """Tell whether a word can only be the given name beside others, wherever they stand."""
    return word in NICKNAMES and not any(other in NICKNAMES for rest in others for other in rest)


def name_value(a: Words, b: Words) -> float:
    """Return how alike two names look, 0 to 1: what is shown beside the reason."""
    if sorted(a) == sorted(b):
        return 1.0
    short, long = sorted((a, b), key=lambda words: (len(words), words))
    rest = list(long)
    total = 0.0
    for word in short:
        best = max(rest, key=lambda other: (max(alike(word, other), JaroWinkler.similarity(word, other)), other))
        total += max(alike(word, best), JaroWinkler.similarity(word, best))
        rest.remove(best)
    return max(0.0, min(0.99, total / len(short) - 0.02 * len(rest)))
