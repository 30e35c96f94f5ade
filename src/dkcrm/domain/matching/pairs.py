"""The likenesses among many, and those of a few among many: blocks first, then scores, reasons for what is kept."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import NamedTuple

from dkcrm.domain.matching.blocks import Lookup, candidates
from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.likeness import Likeness, bits_of, likeness, weigh
from dkcrm.domain.matching.party import Party
from dkcrm.garbage import no_collection

#: So many pairs are remembered as compared; after that a pair may be compared again, but is never given twice.
_REMEMBERED = 4_000_000
_MANY = 100_000
_BLOCK = 2_000


class Pair(NamedTuple):
    """Two parties that may be one, and the score of their likeness."""

    a: Party
    b: Party
    score: float


class Matcher:
    """Compares all of some parties with one another; what is common is counted among them.

    It holds about 1.4 kB a party, and takes 75 to 90 s of CPU for a million of them.
    """

    def __init__(self, parties: Iterable[Party]) -> None:
        self.commonness = Commonness()
        with no_collection():
            self.parties = list(parties)
            self.commonness.count(self.parties)
        if len(self.parties) > _MANY:
            # Nor are they looked at later on: they form no cycles, and go with the last reference to them.
            gc.freeze()

    def pairs(self, minimum: float = 0.8) -> Iterator[Pair]:
        """Yield each pair with a score of at least ``minimum``, once, in no order."""
        parties, common = self.parties, self.commonness
        count = len(parties)
        least = bits_of(minimum) - 0.01
        compared: set[int] = set()
        done = 0
        given: set[int] = set()
        for members in candidates(parties, common.shared):
            for at, b in enumerate(members):
                second, row = parties[b], b * count
                for a in members[:at]:
                    pair = a * count + b if a < b else row + a
                    compared.add(pair)
                    if len(compared) == done:
                        continue
                    done += 1
                    score = weigh(parties[a], second, common, None, least)
                    if score >= minimum and pair not in given:
                        given.add(pair)
                        yield Pair(parties[a], second, score)
            if done > _REMEMBERED:
                compared.clear()
                done = 0

    def likeness(self, a: Party, b: Party) -> Likeness:
        """Return the score of two of the parties, and the reasons in words."""
        return likeness(a, b, self.commonness)


def pairs(parties: Iterable[Party], minimum: float = 0.8) -> Iterator[Pair]:
    """Yield each pair of parties with a score of at least ``minimum``; see ``Matcher``, which tells reasons as well."""
    return Matcher(parties).pairs(minimum)


class Against:
    """Compares a few new parties with many that are known, which are read once and not held.

    Known parties are kept only where they share a key with a new one. New ones are compared with one another as well.
    """

    def __init__(self, fresh: Iterable[Party], known: Iterable[Party]) -> None:
        self.commonness = Commonness()
        self.fresh = list(fresh)
        lookup = Lookup(self.fresh)
        self.commonness.count(self.fresh)
        self._met: list[tuple[Party, list[int]]] = []
        with no_collection():
            known = iter(known)
            while block := list(islice(known, _BLOCK)):
                self.commonness.count(block)
                self._met += [(party, met) for party in block if (met := lookup.find(party))]

    def pairs(self, minimum: float = 0.8) -> Iterator[Pair]:
        """Yield each pair of a new party (``a``) and a known or other new one (``b``) of at least ``minimum``."""
        least = bits_of(minimum) - 0.01
        for party, met in self._met:
            for at in met:
                score = weigh(self.fresh[at], party, self.commonness, None, least)
                if score >= minimum:
                    yield Pair(self.fresh[at], party, score)
        compared: set[tuple[int, int]] = set()
        for members in candidates(self.fresh, self.commonness.shared):
            for to, b in enumerate(members):
                for a in members[:to]:
                    pair = (a, b) if a < b else (b, a)
                    if pair in compared:
                        continue
                    compared.add(pair)
                    score = weigh(self.fresh[a], self.fresh[b], self.commonness, None, least)
                    if score >= minimum:
                        yield Pair(self.fresh[b], self.fresh[a], score)

    def likeness(self, a: Party, b: Party) -> Likeness:
        """Return the score of two of the parties, and the reasons in words."""
        return likeness(a, b, self.commonness)
