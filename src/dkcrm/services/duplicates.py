"""Finding who may be the same: clusters with scores and reasons in words, and merging those that are certain."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

from dkcrm.domain.entity import Entity
from dkcrm.domain.matching.clusters import certain, clusters
from dkcrm.domain.merging import survivor_of
from dkcrm.domain.query import read
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.lifecycle import finish
from dkcrm.services.merging import merge_into
from dkcrm.session import Session
from dkcrm.store.connection import open_reading
from dkcrm.store.entities import load_many, resolve
from dkcrm.store.exporting import picked
from dkcrm.store.journal import unit_of_work
from dkcrm.store.likeness import LIKELY, apart, parties


class Likely(NamedTuple):
    """Two entities that may be one."""

    a: int
    b: int
    score: float
    reasons: list[str]


class Cluster(NamedTuple):
    """Entities that may all be one, and the pairs among them, the likeliest first."""

    entities: list[Entity]
    pairs: list[Likely]

    def as_json(self) -> dict[str, Any]:
        """Return the cluster as scripts see it."""
        return {
            "score": self.pairs[0].score,
            "entities": [_shown(entity) for entity in self.entities],
            "pairs": [pair._asdict() for pair in self.pairs],
            "use": "dkcrm merge " + " ".join(str(entity.id) for entity in self.entities),
        }


def duplicates(
    session: Session, arguments: Sequence[str], *, minimum: float = LIKELY, limit: int = 0, auto: float | None = None
) -> Result:
    """List who may be the same among the entities of a type that a filter lets through, the likeliest first.

    With ``auto`` those that are at least so likely are merged, all in one operation; the others are left. ``limit``
    is of clusters, or of groups that are merged; 0 is no limit.
    """
    if auto is not None:
        _check_score("--auto", auto)
        return _merge_certain(session, arguments, auto, limit)
    found = likely(session, arguments, minimum)
    shown = found[:limit] if limit else found
    rows = [_row(number, cluster, pair) for number, cluster in enumerate(shown, start=1) for pair in cluster.pairs]
    message = None
    if not found:
        message = _("nobody looks the same as another")
    elif len(shown) < len(found):
        message = _("{shown} of {count}; more with --limit 0").format(shown=len(shown), count=len(found))
    return Result([cluster.as_json() for cluster in shown], _columns(), rows, message=message)


def likely(session: Session, arguments: Sequence[str], minimum: float = LIKELY) -> list[Cluster]:
    """Return the clusters of entities that may be one, the likeliest first."""
    from dkcrm.domain.matching.pairs import Matcher

    _check_score("--min", minimum)
    connection = open_reading(session)
    try:
        numbers = picked(session, connection, read(arguments))
        barred = apart(connection)
        matcher = Matcher(parties(connection, numbers))
        pairs = {}
        for a, b, score in matcher.pairs(minimum):
            key = (min(a.number, b.number), max(a.number, b.number))
            if key not in barred:
                pairs[key] = (score, a, b)
        groups = clusters(((one, other, pair[0]) for (one, other), pair in pairs.items()), barred)
        together = {key for group in groups for key in combinations(group, 2)}
        # Two that are likely one, and yet of no cluster: each of them is more like others.
        groups += [list(key) for key in pairs if key not in together]
        found = []
        entities = {e.id: e for e in load_many(connection, [number for group in groups for number in group])}
        for group in groups:
            told = [
                Likely(*key, pairs[key][0], matcher.likeness(*pairs[key][1:]).reasons)
                for key in combinations(group, 2)
                if key in pairs
            ]
            told.sort(key=lambda pair: (-pair.score, pair.a, pair.b))
            found.append(Cluster([entities[number] for number in group], told))
    finally:
        connection.close()
    return sorted(found, key=lambda cluster: (-cluster.pairs[0].score, cluster.entities[0].id))


def _check_score(option: str, value: float) -> None:
    if not 0 < value <= 1:
        raise InvalidInput(_("{option} is more than 0 and at most 1").format(option=option))


def _merge_certain(session: Session, arguments: Sequence[str], auto: float, limit: int) -> Result:
    """Merge those that are certain, as one operation; with ``limit`` only the likeliest."""
    found = likely(session, arguments, min(auto, LIKELY))
    scores = [[(pair.a, pair.b, pair.score) for pair in cluster.pairs] for cluster in found]
    groups = [group for pairs in scores for group in certain(pairs, auto, LIKELY)]
    merged: list[list[int]] = []
    warnings: list[str] = []
    with unit_of_work(session, "duplicates") as uow:
        for group in groups[: limit or None]:
            entities = list(load_many(uow.connection, group))
            if any(entity.merged_into or entity.removed_at for entity in entities):
                continue
            survivor = survivor_of(entities)
            try:
                merge_into(uow, survivor, [entity for entity in entities if entity.id != survivor.id], survivor)
            except Refused as error:
                warnings.append(error.message)
                continue
            merged.append([survivor.id, *(number for number in group if number != survivor.id)])
        count = sum(map(len, merged))
        what = _("merged {count} entities into {others}").format(count=count, others=len(merged))
        if not merged:
            what = _("nobody is likely enough the same as another")
        concerned = [group[0] for group in merged]
        return finish(session, uow, what, warnings, concerned=concerned, merged=merged, kept=uow.record.get("kept", []))


def _columns() -> list[Column]:
    return [
        Column("cluster", "", "number"),
        Column("score", _("Score"), "number"),
        Column("a", "#", "number"),
        Column("name", _("Name")),
        Column("b", "#", "number"),
        Column("other", _("Other")),
        Column("reasons", _("Why")),
    ]


def _row(number: int, cluster: Cluster, pair: Likely) -> dict[str, Any]:
    names = {entity.id: f"{entity.name} ({entity.type})" for entity in cluster.entities}
    return {
        "cluster": number, "score": f"{pair.score:.2f}", "a": pair.a, "name": names[pair.a], "b": pair.b,
        "other": names[pair.b], "reasons": ", ".join(pair.reasons),
    }  # fmt: skip


def _shown(entity: Entity) -> dict[str, Any]:
    shown = ("id", "uid", "type", "state", "name", "organization", "emails", "phones", "updated_at")
    whole = entity.as_json()
    return {key: whole[key] for key in shown}


def side_by_side(session: Session, pair: Likely) -> list[dict[str, Any]] | None:
    """Return what two entities have, a row for each attribute that either has; None where they are one or gone."""
    connection = open_reading(session)
    try:
        numbers = [resolve(connection, str(number)) for number in (pair.a, pair.b)]
        if numbers[0] == numbers[1] or (min(numbers), max(numbers)) in apart(connection):
            return None
        one, other = load_many(connection, numbers)
    finally:
        connection.close()
    if one.removed_at or other.removed_at:
        return None
    mine, theirs = one.as_json(), other.as_json()
    rows = []
    for key in _COMPARED:
        a, b = _text(mine[key]), _text(theirs[key])
        if a or b:
            rows.append({"what": key.replace("_", " "), "a": a, "b": b})
    return rows


_COMPARED = tuple(
    """name type state organization job_title emails phones addresses links vat_id tax_code website source tags fields
    memberships notes created_at updated_at""".split()
)


def _text(value: Any) -> str:
    """Return an attribute of any shape as lines of text."""
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    if isinstance(value, list):
        return "\n".join(
            str(item.get("value") or item.get("name")) if isinstance(item, dict) else item for item in value
        )
    return str(value or "")
