"""Qualification: are the user's criteria met, and what does the lead become (SPEC.md section 3; the seeds)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from dkcrm.domain.entity import Entity
from dkcrm.domain.lifecycle import label
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _


@dataclass
class Criterion:
    """One thing to check on a lead: by hand, or by a rule in the filter language."""

    id: int
    name: str
    side: str
    question: str
    rule: str | None = None


@dataclass
class Answer:
    """How one criterion stands for one lead: ``by`` is ``hand``, ``rule`` or None where nobody has answered.

    ``why`` is what a rule has read, in words.
    """

    criterion: Criterion
    answer: str = "unknown"
    by: str | None = None
    note: str | None = None
    at: str | None = None
    why: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return the answer as scripts see it."""
        return {
            "name": self.criterion.name,
            "side": self.criterion.side,
            "question": self.criterion.question,
            "rule": self.criterion.rule,
            "answer": self.answer,
            "by": self.by,
            "note": self.note,
            "at": self.at,
            "why": self.why,
        }


def applicable(criteria: list[Criterion], *, person: bool, organization: bool) -> list[Criterion]:
    """Return the criteria of the sides that a lead has."""
    sides = {"person": person, "organization": organization}
    return [criterion for criterion in criteria if sides[criterion.side]]


def named(criteria: list[Criterion], names: list[str]) -> list[Criterion]:
    """Return the criteria of some names (a name that both sides have gives both), or raise InvalidInput."""
    known = {criterion.name for criterion in criteria}
    for name in names:
        if name not in known:
            from dkcrm.domain.text import nearest

            close = nearest(name, sorted(known))
            raise InvalidInput(
                _("no criterion {name} for this entity").format(name=name),
                hint=_("did you mean {close}?").format(close=close[0])
                if close
                else _("its criteria: {names}").format(names=", ".join(sorted(known)) or "-"),
            )
    return [criterion for criterion in criteria if criterion.name in names]


def outcome(person: bool, organization: bool) -> list[str]:
    """Return what a lead becomes: a prospect, a target, or both."""
    return ["prospect"] * person + ["target"] * organization


def check_met(entity: Entity, answers: list[Answer]) -> None:
    """Refuse a lead of which a criterion is not met or not known; the hint is the command that answers."""
    failed = [answer for answer in answers if answer.answer == "no"]
    unknown = [answer for answer in answers if answer.answer == "unknown"]
    if not failed and not unknown:
        return
    parts = []
    if failed:
        parts.append(_("not met: {names}").format(names=_names(failed)))
    if unknown:
        parts.append(_("unknown: {names}").format(names=_names(unknown)))
    if unknown and not failed:
        hint = _("answer with: dkcrm assess {id} --yes {names}").format(
            id=entity.id, names=",".join(dict.fromkeys(answer.criterion.name for answer in unknown))
        )
    else:
        hint = _(
            'go on regardless with: dkcrm qualify {id} --override "REASON", or: dkcrm disqualify {id} --reason "…"'
        ).format(id=entity.id)
    raise Refused(
        _("{who} does not qualify ({why})").format(who=label(entity), why="; ".join(parts)),
        code="criteria_not_met" if failed else "criteria_unknown",
        hint=hint,
        candidates=[answer.as_json() for answer in failed + unknown],
    )


def _names(answers: list[Answer]) -> str:
    return ", ".join(f"{answer.criterion.side} {answer.criterion.name}" for answer in answers)
