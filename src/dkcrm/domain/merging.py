"""Which entities may be made one, and who of them stays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from dkcrm.domain.entity import ORGANIZATION_TYPES, Entity
from dkcrm.domain.lifecycle import RANKS, label
from dkcrm.errors import Refused
from dkcrm.i18n import _, a_


def advance(entity: Entity) -> int:
    """Return how far along the life cycle an entity is."""
    return RANKS[entity.type]


def survivor_of(entities: Iterable[Entity]) -> Entity:
    """Return who stays where nobody says: the most advanced type, of these the one known for longest."""
    return min(entities, key=lambda entity: (-advance(entity), entity.id))


def check_one(entities: Sequence[Entity]) -> None:
    """Refuse to make one of a person and an organization, which they never become."""
    sides = {e.id: {"person", "organization"} if e.party == "both" else {e.party} for e in entities}
    for one, other in combinations(entities, 2):
        if not sides[one.id] & sides[other.id]:
            raise Refused(
                _("{a} is {ours} and {b} {theirs}: they are never one").format(
                    a=label(one), ours=a_(one.party), b=label(other), theirs=a_(other.party)
                ),
                code="wrong_type",
                hint=_("link them instead: dkcrm link MEMBER ORGANIZATION"),
            )
    group = next((entity for entity in entities if entity.type in ORGANIZATION_TYPES), None)
    for entity in entities:
        if group is not None and entity.party == "both":
            raise Refused(
                _("{a} is a person as well, and {b} is none").format(a=label(entity), b=label(group)),
                code="wrong_type",
                hint=_("qualify it: dkcrm qualify {a} --target {b}").format(a=entity.id, b=group.id),
            )
