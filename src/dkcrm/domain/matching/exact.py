"""An exact match or a likeness, for what is acted on: who is attached to, and who is only asked about.

An exact match (VAT number, tax code, email) is attached to, unless the names plainly differ: then it is a likeness
(SPEC.md section 3, qualification step 1).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from dkcrm.domain.entity import Entity


def _close(a: str, b: str) -> bool:
    """Tell whether two words may be one: equal, an initial, or one slip apart in a word of five letters or more.

    A slip is another letter, one too many, two in the wrong order; in four letters only one that stands there twice.
    """
    if a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b)):
        return True
    short, long = sorted((a, b), key=len)
    if len(short) < 4 or len(long) < 5 or len(long) - len(short) > 1:
        return False
    if len(a) == len(b):
        other = [place for place, (x, y) in enumerate(zip(a, b, strict=True)) if x != y]
        return len(other) == 1 or (
            len(other) == 2 and other[1] == other[0] + 1 and a[other[0]] == b[other[1]] and a[other[1]] == b[other[0]]
        )
    # Taking one of two like letters out is the same wherever of the two it is done.
    return any(
        long[:i] + long[i + 1 :] == short and (len(short) >= 5 or long[i] in (long[i - 1 : i], long[i + 1 : i + 2]))
        for i in range(len(long))
    )


def names_differ(a: str | None, b: str | None) -> bool:
    """Tell whether two names plainly differ: some word of the shorter one has no counterpart in the other.

    A missing name differs from nothing, and so does a name in another order, with initials or a title, or in another
    spelling.
    """
    if not a or not b:
        return False
    if a == b:
        return False
    from dkcrm.domain.matching.nicknames import one_name
    from dkcrm.domain.matching.spelling import halves, latin, plain
    from dkcrm.domain.matching.words import untitled

    # Giambattista and Giovanni Battista, Beppe and Giuseppe, Müller and Mueller are no two names.
    words = [[half for word in untitled(latin(name).split()) for half in halves(word)] for name in (a, b)]
    if "".join(words[0]) == "".join(words[1]):
        return False
    first, second = sorted(words, key=len)
    rest = list(second)
    for word in first:
        twin = next((o for o in rest if _close(word, o) or one_name(word, o) or plain(word) == plain(o)), None)
        if twin is None:
            return True
        rest.remove(twin)
    return False


@dataclass
class Candidate:
    """An entity that may be the same as one side of a lead; ``reasons`` in words, ``exact`` if it is attached to."""

    entity: Entity
    exact: bool
    reasons: list[str] = field(default_factory=list)

    def as_json(self, option: str | None = None) -> dict[str, Any]:
        """Return the candidate for an error's list, with the option that chooses it."""
        shown: dict[str, Any] = {
            "id": self.entity.id,
            "type": self.entity.type,
            "name": self.entity.name,
            "reasons": self.reasons,
        }
        if option:
            shown["use"] = f"{option} {self.entity.id}"
        return shown


def judge(entity: Entity, reasons: dict[str, bool], name: str | None, other: str | None) -> Candidate:
    """Return a candidate: ``reasons`` maps each reason to whether it is an exact one; names are folded keys."""
    exact = any(reasons.values()) and not names_differ(name, other)
    words = list(reasons)
    if any(reasons.values()) and not exact:
        words.append("names differ")
    return Candidate(entity, exact, words)
