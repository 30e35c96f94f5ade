"""Who is worth comparing among many: those who share a key, in several passes; large blocks are split, none dropped."""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Iterator, Sequence

from dkcrm.domain.matching import keys as of
from dkcrm.domain.matching.keys import Key, Keys
from dkcrm.domain.matching.party import Party

#: The passes: by what blocks are made, and by what those that are too large are split, one after the other.
PASSES: tuple[tuple[Keys, tuple[Keys, ...]], ...] = (
    (of.codes, (of.name_words, of.towns)),
    (of.emails, (of.name_words, of.firm)),
    (of.phones, (of.name_words, of.firm)),
    (of.locals_of_emails, (of.name_words, of.firm)),
    (of.births, (of.name_words, of.towns, of.initials)),
    (of.names, (of.firm, of.towns)),
    (of.sounds, (of.firm, of.towns)),
    (of.people_in_firms, (of.towns,)),
    (of.words_in_places, (of.firm, of.streets)),
    (of.streets, (of.name_words, of.towns)),
    (of.numbers_in_places, (of.name_words, of.streets)),
    (of.firms, (of.towns, of.name_words)),
    (of.domains, (of.name_words, of.towns)),
)
#: So few are all compared with one another.
_FEW = 300
#: Blocks by a code, an email or a phone may be so many times larger than others: most of those in them are one.
_TELLING = 8
#: In a block that no key splits, each is compared with so many that follow it in the order of their values.
_WINDOW = 2
#: So many comparisons by one key, when a few are looked for among many, before a further key is asked for.
_MANY = 2_000


def most_in_a_block(count: int) -> int:
    """Return how large a block may be: the more entities there are, the fewer can be compared with each."""
    return max(10, min(150, 2_000_000 // max(count, 1)))


def candidates(parties: Sequence[Party], shared: dict[Key, int]) -> Iterator[list[int]]:
    """Yield the positions of parties that are worth comparing with one another; the same two may come more than once.

    ``shared`` is told how many have each email and phone that more than two have, before any of them is yielded.
    """
    count = len(parties)
    if count <= _FEW:
        for of_shared in (of.emails, of.phones):
            _note(_blocks(parties, of_shared), shared)
        yield list(range(count))
        return
    most = most_in_a_block(count)
    further = _Further(parties)
    for made, split in PASSES:
        blocks = _blocks(parties, made)
        if made in (of.emails, of.phones):
            _note(blocks, shared)
        allowed = most * _TELLING if made in (of.codes, of.emails, of.phones) else most
        for members in blocks.values():
            if len(members) <= allowed:
                yield members
            else:
                yield from _parts(further, members, split, allowed)
        del blocks
    for members in _initials(parties):
        yield from _parts(further, members, (of.firm, of.towns), most)


def _initials(parties: Sequence[Party]) -> Iterable[list[int]]:
    """Return blocks of those whose given or family name is an initial, with those whom it may mean."""
    written: dict[Key, list[int]] = {}
    for at, party in enumerate(parties):
        for key in of.initials_written(party) if _has_initial(party) else ():
            written.setdefault(key, []).append(at)
    if written:
        for at, party in enumerate(parties):
            if _has_initial(party):
                continue
            for key in of.initials_meant(party):
                members = written.get(key)
                if members is not None:
                    members.append(at)
    return written.values()


def _blocks(parties: Sequence[Party], made: Keys) -> dict[Key, list[int]]:
    """Return the positions of those who share a key, by key."""
    # Most keys are those of one party alone: of these only the hash is kept.
    first: dict[int, int] = {}
    blocks: dict[Key, list[int]] = {}
    for at, party in enumerate(parties):
        for key in made(party):
            mark = hash(key)
            other = first.setdefault(mark, at)
            if other != at:
                members = blocks.get(key)
                if members is None:
                    blocks[key] = [other, at]
                elif members[-1] != at:
                    members.append(at)
    return blocks


def _note(blocks: dict[Key, list[int]], shared: dict[Key, int]) -> None:
    """Note how many share each key."""
    shared.update((key, len(members)) for key, members in blocks.items() if len(members) > 2)


class _Further:
    """The further keys of parties, by which blocks are split: each a number, made once and looked at many times."""

    def __init__(self, parties: Sequence[Party]) -> None:
        self.parties = parties
        self._made: dict[Keys, tuple[array[int], array[int]]] = {}

    def of(self, made: Keys) -> tuple[array[int], array[int]]:
        """Return where the keys of each party begin among all keys, and these."""
        found = self._made.get(made)
        if found is None:
            numbers: dict[Key, int] = {}
            begins, keys = found = self._made[made] = (array("L", [0]), array("L"))
            for party in self.parties:
                for key in made(party):
                    keys.append(numbers.setdefault(key, len(numbers)))
                begins.append(len(keys))
        return found


def _parts(further: _Further, members: list[int], split: tuple[Keys, ...], most: int) -> Iterator[list[int]]:
    """Yield the parts of a block that is too large: who share further keys, else who stand side by side."""
    if len(members) <= most:
        if len(members) > 1:
            yield members
        return
    if not split:
        ordered = sorted(members, key=lambda at: _order(further.parties[at]))
        for at in range(len(ordered) - 1):
            yield ordered[at : at + 1 + _WINDOW]
        return
    alone: list[int] = []
    for group in _groups(*further.of(split[0]), members, alone):
        yield from _parts(further, group, split[1:], most)
    for made in split[1:]:
        # Who differs in the first further key may share the second.
        for group in _groups(*further.of(made), members, []):
            if len(group) <= most:
                yield group
    if alone:
        yield from _parts(further, alone, split[1:], most)


def _groups(begins: array[int], keys: array[int], members: list[int], alone: list[int]) -> Iterable[list[int]]:
    """Return the members that share a further key, by key; those without any are put into ``alone``."""
    first: dict[int, int] = {}
    groups: dict[int, list[int]] = {}
    for member in members:
        begin, end = begins[member], begins[member + 1]
        if begin == end:
            alone.append(member)
        for at in range(begin, end):
            key = keys[at]
            other = first.setdefault(key, member)
            if other != member:
                group = groups.get(key)
                if group is None:
                    groups[key] = [other, member]
                elif group[-1] != member:
                    group.append(member)
    return groups.values()


def _order(party: Party) -> tuple[object, ...]:
    """Return a key by which those who are alike stand side by side."""
    return (party.words, party.org, party.places, party.emails, party.phones)


class Lookup:
    """Finds those of some parties that share a key with another one: what blocks are to many, for one at a time.

    A key that many of them have, or that many others are found by, says little: it then takes a second one in common.
    """

    def __init__(self, parties: Sequence[Party]) -> None:
        self._by_pass: list[tuple[Keys, tuple[Keys, ...], dict[Key, list[int]]]] = []
        self._parties = parties
        self._found: dict[tuple[int, Key], int] = {}
        for made, split in (*PASSES, (of.initials_meant, (of.firm, of.towns))):
            index: dict[Key, list[int]] = {}
            for at, party in enumerate(parties):
                keys = made(party)
                if made is of.initials_meant:
                    keys = {*keys, *of.initials_written(party)} if _has_initial(party) else ()
                for key in keys:
                    members = index.setdefault(key, [])
                    if not members or members[-1] != at:
                        members.append(at)
            if index:
                self._by_pass.append((made, split, index))

    def find(self, party: Party) -> list[int]:
        """Return the positions of those who share a key with a party."""
        found: set[int] = set()
        for number, (made, split, index) in enumerate(self._by_pass):
            for key in made(party):
                members = index.get(key)
                if members is None:
                    continue
                mark = (number, key)
                count = self._found[mark] = self._found.get(mark, 0) + 1
                if count * len(members) <= _MANY:
                    found.update(members)
                else:
                    found.update(at for at in members if at not in found and self._share(at, party, split))
        return sorted(found)

    def _share(self, at: int, party: Party, split: tuple[Keys, ...]) -> bool:
        """Tell whether one of the parties shares a further key with another."""
        other = self._parties[at]
        return any(not set(made(other)).isdisjoint(made(party)) for made in split)


def _has_initial(party: Party) -> bool:
    """Tell whether a person's name has an initial in it."""
    return 1 in map(len, party.words)
