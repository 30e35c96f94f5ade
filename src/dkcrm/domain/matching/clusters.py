"""Pairs that may be one, put together: three that are one are a cluster, not three pairs.

A cluster grows from its likeliest pair. Two clusters become one where their members are likely the same on average, so
that no weak link chains everything together; what the user has said to be apart is never in one cluster.
"""

from __future__ import annotations

from collections.abc import Iterable

#: Of all pairs between two clusters, the mean score that makes them one; a pair that was not found counts as 0.
_TOGETHER = 0.45


def clusters(pairs: Iterable[tuple[int, int, float]], apart: Iterable[tuple[int, int]] = ()) -> list[list[int]]:
    """Return the numbers that are one, each list in order, the lists by their first number.

    ``pairs`` are two numbers and their score, each pair once; ``apart`` are two numbers that are never one.
    """
    ordered = sorted(((score, min(a, b), max(a, b)) for a, b, score in pairs), key=lambda pair: (-pair[0], pair[1:]))
    home = {number: number for _score, a, b in ordered for number in (a, b)}
    members = {number: [number] for number in home}
    links: dict[int, dict[int, float]] = {number: {} for number in home}
    barred: dict[int, set[int]] = {number: set() for number in home}
    for a, b in apart:
        if a in home and b in home:
            barred[a].add(b)
            barred[b].add(a)
    for score, a, b in ordered:
        links[a][b] = links[b][a] = score
    grown = True
    while grown:
        grown = False
        for _score, a, b in ordered:
            one, other = home[a], home[b]
            if one == other or other in barred[one]:
                continue
            if links[one][other] < _TOGETHER * len(members[one]) * len(members[other]):
                continue
            if len(members[one]) < len(members[other]):
                one, other = other, one
            _join(one, other, home, members, links, barred)
            grown = True
    return sorted(sorted(found) for found in members.values() if len(found) > 1)


def _join(
    into: int,
    gone: int,
    home: dict[int, int],
    members: dict[int, list[int]],
    links: dict[int, dict[int, float]],
    barred: dict[int, set[int]],
) -> None:
    """Put the cluster ``gone`` into another, with its links and with what it is kept apart from."""
    for number in members[gone]:
        home[number] = into
    members[into] += members.pop(gone)
    for other, total in links.pop(gone).items():
        del links[other][gone]
        if other != into:
            links[into][other] = links[other][into] = links[into].get(other, 0.0) + total
    for other in barred.pop(gone):
        barred[other].discard(gone)
        barred[other].add(into)
        barred[into].add(other)


def certain(pairs: Iterable[tuple[int, int, float]], sure: float, likely: float) -> list[list[int]]:
    """Return the groups of numbers that are certain: every two are likely, and joined by pairs that are sure.

    ``pairs`` are two numbers, the lesser one first, and their score. Groups grow from the likeliest pair; who is sure
    to be one of a group, but unlike another of it, stays outside.
    """
    scores = {(a, b): score for a, b, score in pairs}
    home = {number: [number] for pair in scores for number in pair}
    for (a, b), score in sorted(scores.items(), key=lambda item: (-item[1], item[0])):
        one, other = home[a], home[b]
        if score < sure or one is other:
            continue
        if all(scores.get((min(x, y), max(x, y)), 0.0) >= likely for x in one for y in other):
            one += other
            for number in other:
                home[number] = one
    groups = {id(group): sorted(group) for group in home.values() if len(group) > 1}
    return sorted(groups.values())
