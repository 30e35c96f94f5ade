"""Who belongs to whom: a prospect to a target, a person to an organization (the seeds; SPEC.md section 4)."""

from __future__ import annotations

from collections.abc import Iterable

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, Entity
from dkcrm.domain.lifecycle import label, next_step
from dkcrm.errors import Refused
from dkcrm.i18n import _, a_

BELONGS_TO = {"prospect": "target", "person": "organization"}


def is_linked(type: str) -> bool:
    """Tell whether those of a type belong to others, or others to them: suspects and leads do not."""
    return type in PERSON_TYPES or type in ORGANIZATION_TYPES


def check_link(member: Entity, group: Entity, in_use: Iterable[str], *, mixed: bool) -> None:
    """Check that one entity may belong to another; ``mixed`` allows prospect–organization and person–target.

    Raises Refused, with what would be right as the hint.
    """
    if member.id == group.id:
        raise Refused(_("{who} cannot belong to itself").format(who=label(member)), code="wrong_type")
    if member.type in PERSON_TYPES and group.type in ORGANIZATION_TYPES:
        if BELONGS_TO[member.type] == group.type or mixed:
            return
        raise Refused(
            _("{member} belongs to {right}, and {group} is {type}").format(
                member=a_(member.type), right=a_(BELONGS_TO[member.type]), group=label(group), type=a_(group.type)
            ),
            code="wrong_type",
            hint=_("if that is what you mean: dkcrm link {a} {b} --mixed").format(a=member.id, b=group.id),
        )
    pair = _("{a} is {type_a} and {b} is {type_b}: a prospect belongs to a target, a person to an organization").format(
        a=label(member), type_a=a_(member.type), b=label(group), type_b=a_(group.type)
    )
    hint = None
    if member.type in ORGANIZATION_TYPES and group.type in PERSON_TYPES:
        hint = _("the member comes first: dkcrm link {b} {a}").format(a=member.id, b=group.id)
    elif "suspect" in (member.type, group.type) or "lead" in (member.type, group.type):
        early = member if member.type in ("suspect", "lead") else group
        hint = f"{label(early)}: {next_step(early, in_use)}"
    elif member.type in PERSON_TYPES:
        hint = _("link each of them to the organization that they share")
    raise Refused(pair, code="wrong_type", hint=hint)
