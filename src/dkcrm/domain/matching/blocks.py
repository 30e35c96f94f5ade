"""Who is worth comparing among many: those who share a key, in several passes; large blocks are split, none dropped."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
#: In a block that no key splits, each is compared with so many that follow it in the order of their values.
_WINDOW = 2


def most_in_a_block(count: int) -> int:
    """Return how large a block may be: the more entities there are, the fewer can be compared with each."""
    return max(10, min(150, 2_000_000 // max(count, 1)))


def candidates(parties: Sequence[Party], shared: dict[Key, int]) -> Iterator[tuple[int, int]]:
    """Yield the positions of each two parties that are worth comparing, the smaller first; some more than once.

    ``shared`` is told how many have each email and phone that more than two have, before any of them is yielded.
    """
    count = len(parties)
    if count <= _FEW:
        for of_shared in (of.emails, of.phones):
            _note(_blocks(parties, of_shared), shared)
        yield from ((a, b) for b in range(count) for a in range(b))
        return
    most = most_in_a_block(count)
    for made, split in PASSES:
        blocks = _blocks(parties, made)
        if made in (of.emails, of.phones):
            _note(blocks, shared)
        for members in blocks.values():
            yield from _within(parties, members, split, most)
        del blocks
    yield from _initials(parties, most)


def _initials(parties: Sequence[Party], most: int) -> Iterator[tuple[int, int]]:
    """Yield those whose given or family name is an initial, with those whom it may mean."""
    written: dict[Key, list[int]] = {}
    for at, party in enumerate(parties):
        for key in of.initials_written(party):
            written.setdefault(key, []).append(at)
    if not written:
        return
    meant: dict[Key, list[int]] = {key: [] for key in written}
    for at, party in enumerate(parties):
        for key in of.initials_meant(party):
            if key in meant:
                meant[key].append(at)
    for key, members in meant.items():
        yield from _within(parties, members, (of.firm, of.towns), most)


def _blocks(parties: Sequence[Party], made: Keys) -> dict[Key, list[int]]:
    """Return the positions of those who share a key, by key."""
    first: dict[Key, int] = {}
    blocks: dict[Key, list[int]] = {}
    for at, party in enumerate(parties):
        for key in made(party):
            other = first.setdefault(key, at)
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


def _within(
    parties: Sequence[Party], members: list[int], split: tuple[Keys, ...], most: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block; one that is too large is split by further keys."""
    if len(members) <= most:
        for at, b in enumerate(members):
            for a in members[:at]:
                yield a, b
        return
    if not split:
        ordered = sorted(members, key=lambda at: _order(parties[at]))
        for at, a in enumerate(ordered):
            for b in ordered[at + 1 : at + 1 + _WINDOW]:
                yield (a, b) if a < b else (b, a)
        return
    groups: dict[Key, list[int]] = {}
    alone: list[int] = []
    for member in members:
        placed = False
        for key in split[0](parties[member]):
            placed = True
            group = groups.setdefault(key, [])
            if not group or group[-1] != member:
                group.append(member)
        if not placed:
            alone.append(member)
    for group in groups.values():
        # What all have in common splits nothing.
        yield from _within(parties, group, split[1:], most)
    if len(split) > 1 and len(groups) > 1:
        yield from _across(parties, members, split[1:], most)
    if alone:
        yield from _within(parties, alone, split[1:], most)


def _across(
    parties: Sequence[Party], members: list[int], split: tuple[Keys, ...], most: int
) -> Iterator[tuple[int, int]]:
    """Yield the pairs of a block that a later key joins, whatever an earlier one said; only from small groups."""
    for at, made in enumerate(split):
        groups: dict[Key, list[int]] = {}
        for member in members:
            for key in made(parties[member]):
                groups.setdefault(key, []).append(member)
        for group in groups.values():
            if 1 < len(group) <= most:
                yield from _within(parties, group, (), most)
        del at


def _order(party: Party) -> tuple[object, ...]:
    """Return a key by which those who are alike stand side by side."""
    return (party.words, party.org, party.places, party.emails, party.phones)
