"""The likenesses among many, and those of a few among many: blocks first, then scores, reasons only for what is kept."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from dkcrm.domain.matching import keys as of
from dkcrm.domain.matching.blocks import PASSES, candidates
from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.likeness import Likeness, bits_of, likeness, weigh
from dkcrm.domain.matching.party import Party

#: So many pairs are remembered as compared; after that a pair may be compared again, but is never given twice.
_REMEMBERED = 4_000_000


class Pair(NamedTuple):
    """Two parties that may be one, and the score of their likeness."""

    a: Party
    b: Party
    score: float


class Matcher:
    """Compares all of some parties with one another; what is common is counted among them."""

    def __init__(self, parties: Iterable[Party]) -> None:
        self.commonness = Commonness()
        self.parties: list[Party] = []
        # A million new objects, none of them garbage: looking for some would take a third of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            for party in parties:
                self.parties.append(party)
                self.commonness.count(party)
        finally:
            if collecting:
                gc.enable()

    def pairs(self, minimum: float = 0.8) -> Iterator[Pair]:
        """Yield each pair with a score of at least ``minimum``, once, in no order."""
        parties, common = self.parties, self.commonness
        count = len(parties)
        least = bits_of(minimum) - 0.01
        compared: set[int] = set()
        given: set[int] = set()
        for members in candidates(parties, common.shared):
            for at, b in enumerate(members):
                second = parties[b]
                for a in members[:at]:
                    pair = a * count + b if a < b else b * count + a
                    if pair in compared:
                        continue
                    compared.add(pair)
                    score = weigh(parties[a], second, common, None, least)
                    if score >= minimum and pair not in given:
                        given.add(pair)
                        yield Pair(parties[a], second, score)
            if len(compared) > _REMEMBERED:
                compared.clear()

    def likeness(self, a: Party, b: Party) -> Likeness:
        """Return the score of two of the parties, and the reasons in words."""
        return likeness(a, b, self.commonness)


def pairs(parties: Iterable[Party], minimum: float = 0.8) -> Iterator[Pair]:
    """Yield each pair of parties with a score of at least ``minimum``; see ``Matcher``, which tells reasons as well."""
    return Matcher(parties).pairs(minimum)
