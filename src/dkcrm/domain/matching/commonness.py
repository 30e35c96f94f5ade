"""How common values are among those that are compared: two Rossi prove little, two Sondergeld much.

Counted from the entities at hand, without any truth; where these are few, usual frequencies stand in for them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import chain
from math import log2

from dkcrm.domain.matching.party import Party, domains_of, names_a_code, names_own_code
from dkcrm.domain.matching.words import GENERIC

#: No single value proves more than this, in bits.
_MOST = 14.0
#: So many entities are taken for granted, however few are compared.
_FEWEST = 1 << 14

_COMMON_NAMES = {
    **dict.fromkeys(
        """mario giuseppe giovanni antonio maria anna marco andrea francesco luigi paolo roberto alessandro luca stefano
        john james robert michael david william mary james thomas juan jose jean peter hans""".split(),
        1 / 60,
    ),
    **dict.fromkeys(
        """rossi russo ferrari esposito bianchi romano colombo ricci marino greco bruno gallo conti smith johnson
        williams brown jones garcia miller davis martinez muller schmidt schneider martin nguyen lee wang""".split(),
        1 / 120,
    ),
    **dict.fromkeys(
        """angelo vincenzo salvatore carlo domenico pietro franco giorgio claudio alberto fabio davide matteo simone
        laura giulia sara paola francesca elena chiara lucia rosa angela giovanna silvia federica valentina alessandra
        daniele massimo enrico maurizio bruno sergio simona barbara cristina daniela monica charles joseph richard
        daniel matthew mark paul george kevin brian edward susan linda patricia jennifer elizabeth barbara sarah karen
        lisa nancy emma emily olivia sophie jack oliver harry pierre michel marie carlos luis miguel ana carmen
        thomas stefan andreas klaus""".split(),
        1 / 150,
    ),
    **dict.fromkeys(
        """deluca costa giordano mancini rizzo lombardi moretti barbieri fontana santoro mariani rinaldi caruso ferrara
        galli martini leone longo gentile martinelli vitale lombardo serra coppola desantis dangelo marchetti parisi
        villa conte ferraro ferri fabbri bianco marini grasso valentini messina sala deangelis gatti pellegrini
        palumbo sanna farina rizzi monti cattaneo morelli amato silvestri mazza testa grassi pellegrino carbone
        giuliani benedetti barone rossetti caputo montanari guerra palmieri bernardi martino fiore dirosa ferretti
        wilson anderson taylor moore jackson white harris thompson lewis walker hall young king wright lopez hill scott
        green adams baker nelson carter roberts evans turner parker collins edwards clark robinson rodriguez hernandez
        gonzalez perez sanchez fernandez ramirez torres weber meyer wagner becker schulz hoffmann bernard dubois durand
        petit moreau laurent simon michel""".split(),
        1 / 400,
    ),
}
_COMMON_FIRMS = dict.fromkeys(GENERIC, 1 / 25)
_COMMON_TOWNS = dict.fromkeys(
    "roma milano napoli torino rome milan naples turin london paris berlin madrid newyork losangeles".split(), 1 / 12
)


class Rarity(dict[str, float]):
    """Bits of evidence that two entities give when both have a value, by value; computed when first asked for."""

    def __init__(self, usual: float, weight: float, known: Mapping[str, float] | None = None) -> None:
        self.counts: Counter[str] = Counter()
        self.total = 0
        self.usual = usual
        self.weight = weight
        self.known: Mapping[str, float] = known or {}
        self.near: float | None = None
        self.own = False

    def count(self, values: Sequence[str]) -> None:
        """Count values of which each entity has one."""
        self.counts.update(values)
        self.total += len(values)

    def count_sets(self, sets: Sequence[Collection[str]]) -> None:
        """Count values of which each entity has a set."""
        self.counts.update(chain.from_iterable(sets))
        self.total += len(sets)

    def __missing__(self, value: str) -> float:
        # Two of those that have the value are the pair that is compared.
        others = max(self.counts.get(value, 0) - 2, 0)
        usual = self.known.get(value, self.usual)
        bits = min(_MOST, -log2((others + self.weight * usual) / (self.total + self.weight)))
        self[value] = bits
        return bits


class Commonness:
    """What is common among the entities that are compared; without any, what is common everywhere.

    ``shared`` has, for emails (text) and phones (numbers) that more than two entities have, how many.
    """

    def __init__(self, parties: Iterable[Party] = ()) -> None:
        self.total = 0
        self.names = Rarity(1 / 3000, 500, _COMMON_NAMES)
        self.firms = Rarity(1 / 800, 300, _COMMON_FIRMS)
        self.streets = Rarity(1 / 1500, 300)
        self.towns = Rarity(1 / 30, 60, _COMMON_TOWNS)
        self.codes = Rarity(1 / 400, 200)
        self.domains = Rarity(1 / 3000, 50)
        self.births = Rarity(1 / 15000, 500)
        self.fields: dict[str, Rarity] = {}
        self.shared: dict[str | int, int] = {}
        #: Bits against two entities being one before anything is known of them: the more there are, the more.
        self.prior = 0.0
        self.count(list(parties))

    def count(self, parties: Sequence[Party]) -> None:
        """Count the values of more entities; all of them before the first comparison."""
        self.total += len(parties)
        self.prior = 14.0 + 0.5 * log2(max(self.total, _FEWEST) / _FEWEST)
        self.names.count_sets([party.words for party in parties if party.words])
        self.firms.count_sets([party.org for party in parties if party.org])
        self.births.count([party.birth for party in parties if party.birth])
        places = [place for party in parties for place in party.places]
        self.streets.count_sets([place[0] for place in places if place[0]])
        self.towns.count([place[2] for place in places if place[2]])
        self.codes.count([place[3] for place in places if place[3]])
        domains = (domains_of(party) for party in parties if party.emails or party.site)
        self.domains.count_sets([found for found in domains if found])
        for party in parties:
            for name, value in party.fields:
                self.field(name).count((value,))

    def field(self, name: str) -> Rarity:
        """Return the rarity of a field's values; where few are known, only a code is taken for telling."""
        found = self.fields.get(name)
        if found is None:
            found = Rarity(1 / 10_000, 100) if names_a_code(name) else Rarity(1 / 12, 25)
            found.own = names_own_code(name)
            self.fields[name] = found
        return found

    def repeats(self, name: str) -> float:
        """Return how telling it is that a field's values differ: 0 where they always do, 1 where they seldom do."""
        rarity = self.field(name)
        if rarity.total < 50:
            return 0.5
        repeated = 1 - len(rarity.counts) / rarity.total
        return min(1.0, repeated * 10)

    def nearness(self, name: str) -> float:
        """Return the bits that two values of a field give when one character is wrong: none where they are serial."""
        rarity = self.field(name)
        if rarity.near is None:
            numbers = [int(value) for value in rarity.counts if value.isdecimal() and len(value) < 19]
            span = max(numbers) - min(numbers) + 1 if numbers else 0
            serial = len(numbers) > 20 and len(numbers) > span / 50
            rarity.near = 0.0 if serial else 10.0 if rarity.own else 7.0
        return rarity.near
