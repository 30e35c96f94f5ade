"""A lead becomes a prospect, a target, or both, linked; in a short cycle, customers (SPEC.md section 3, steps 1 to 6).

First it is decided what is there already, before any write. Then the lead itself becomes the person's entity (or the
organization's, where it has no person), or is folded into the one that exists. Values that are there win, blanks are
filled, and what lost is kept in the operation's record.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, Entity
from dkcrm.domain.lifecycle import label
from dkcrm.domain.matching import Candidate
from dkcrm.errors import Ambiguous, Refused
from dkcrm.i18n import _, a_
from dkcrm.result import Result
from dkcrm.services.folding import absorb, give_organization, leave_out_of_place
from dkcrm.services.uniting import check_not_apart
from dkcrm.session import Session
from dkcrm.store.entities import load, resolve
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.matching import organization_candidates, person_candidates


@dataclass
class Choices:
    """The user's word on who is there already: a reference, ``new``, or None where nothing was said.

    ``answers`` has what was asked meanwhile: (the lead's number, the option) -> a number or ``new``.
    """

    prospect: str | None = None
    target: str | None = None
    answers: dict[tuple[int, str], str] = field(default_factory=dict)

    def of(self, lead: Entity, option: str) -> str | None:
        """Return what was said of one side of one lead."""
        said = self.prospect if option == "--prospect" else self.target
        return self.answers.get((lead.id, option), said)


class Undecided(Ambiguous):
    """A likeness that somebody has to decide on: who is ``what``, of the lead ``number``?"""

    def __init__(self, lead: Entity, what: str, option: str, found: Sequence[Candidate]) -> None:
        super().__init__(
            _("{who} may be there already: {count} found").format(who=what, count=len(found)),
            hint=_("say which: {option} {id}, or {option} new").format(option=option, id=found[0].entity.id),
            candidates=[
                *(candidate.as_json(option) for candidate in found),
                {"id": None, "type": None, "name": what, "reasons": [], "use": f"{option} new"},
            ],
        )
        self.number, self.what, self.option, self.found = lead.id, what, option, found


@dataclass
class Conversion:
    """What became of a lead: the entities in order (the person first), and the transitions that were written.

    ``together`` are the leads that the same command converts: nothing is to be said of them yet.
    """

    together: frozenset[int] = frozenset()
    numbers: list[int] = field(default_factory=list)
    transitions: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def convert_lead(
    uow: UnitOfWork,
    lead: Entity,
    *,
    person_type: str,
    organization_type: str,
    choices: Choices,
    cause: str,
    together: frozenset[int] = frozenset(),
) -> Conversion:
    """Convert one lead. Raises Ambiguous for a likeness that nobody decided on."""
    result = Conversion(together)
    has_person, has_organization = lead.party in ("person", "both"), lead.party in ("organization", "both")
    _check_sides(lead, choices, has_person, has_organization)
    person = _decide(uow, lead, choices.of(lead, "--prospect"), result, person=True) if has_person else None
    organization = _decide(uow, lead, choices.of(lead, "--target"), result, person=False) if has_organization else None
    for existing in (person, organization):
        if existing is not None and existing.state != "active":
            result.warnings.append(
                _("{who} is {state}: set it back with dkcrm reopen {id}").format(
                    who=label(existing), state=existing.state, id=existing.id
                )
            )
    if not has_person:
        if organization is None:
            _become(uow, lead, organization_type, cause, result)
        else:
            _fold(uow, lead, organization, cause, result)
        return result
    organization_id = None
    if has_organization:
        organization_id = give_organization(uow, lead, organization, organization_type)
        lead = load(uow.connection, lead.id)
    if person is None:
        _become(uow, lead, person_type, cause, result)
    else:
        _fold(uow, lead, person, cause, result)
    if organization_id is not None:
        result.numbers.append(organization_id)
        _belong(uow, result.numbers[0], organization_id)
    return result


def decide(session: Session, choices: Choices, work: Callable[[Choices], Result]) -> Result:
    """Do some work; where it meets a likeness, ask the person at the terminal and do it again with the answer.

    Nobody is asked while the database is locked. Where nobody can answer, the refusal stands.
    """
    while True:
        try:
            return work(choices)
        except Undecided as undecided:
            answer = _ask(session, undecided)
            if answer is None:
                raise
            answers = {**choices.answers, (undecided.number, undecided.option): answer}
            choices = Choices(choices.prospect, choices.target, answers)


def _ask(session: Session, undecided: Undecided) -> str | None:
    if session.ask is None:
        return None
    lines = [_("{who} may be there already:").format(who=undecided.what)]
    lines += [f"  {c.entity.id}  {c.entity.type}  {c.entity.name} ({', '.join(c.reasons)})" for c in undecided.found]
    answer = session.ask("\n".join(lines) + "\n" + _("its number, or new (blank: leave it)"))
    word = (answer or "").strip().lower()
    return word if word == "new" or word in {str(c.entity.id) for c in undecided.found} else None


# Step 1: what is there already


def _check_sides(lead: Entity, choices: Choices, has_person: bool, has_organization: bool) -> None:
    """Refuse a word on a side that the lead does not have: it would be ignored."""
    for said, there, option, side in (
        (choices.prospect, has_person, "--prospect", _("person")),
        (choices.target, has_organization, "--target", _("organization")),
    ):
        if said is not None and said != "new" and not there:
            raise Refused(
                _("{who} has no {side}: {option} says nothing about it").format(
                    who=label(lead), side=side, option=option
                ),
                code="wrong_type",
            )


def _decide(uow: UnitOfWork, lead: Entity, choice: str | None, result: Conversion, *, person: bool) -> Entity | None:
    """Return the entity that this side of the lead is, or None for a new one."""
    option, types = ("--prospect", PERSON_TYPES) if person else ("--target", ORGANIZATION_TYPES)
    find = person_candidates if person else organization_candidates
    if choice is not None and choice.strip().lower() != "new":
        chosen = load(uow.connection, resolve(uow.connection, choice))
        if chosen.type not in types or chosen.removed_at:
            raise Refused(
                _("{option} takes {types}, and {who} is {type}").format(
                    option=option,
                    types=_(" or ").join(map(a_, types)),
                    who=label(chosen),
                    type=a_(_("removed entity") if chosen.removed_at else chosen.type),
                ),
                code="wrong_type",
            )
        check_not_apart(uow, lead, chosen)
        others = [candidate for candidate in find(uow.connection, lead) if candidate.entity.id != chosen.id]
        _warn_of_others(others, types, result)
        return chosen
    candidates = find(uow.connection, lead)
    _warn(candidates, types, result, person=person)
    candidates = [c for c in candidates if c.entity.type in types and not c.entity.removed_at]
    if choice is not None:
        _warn_of_others(candidates, types, result)
        return None
    exact = [candidate for candidate in candidates if candidate.exact]
    if len(exact) == 1:
        result.warnings.append(
            _("{who} is there already ({why}): joined").format(
                who=label(exact[0].entity), why=", ".join(exact[0].reasons)
            )
        )
        return exact[0].entity
    if not candidates:
        return None
    what = (lead.person_name if person else lead.org_name) or ""
    raise Undecided(lead, what, option, exact or candidates)


def _warn(candidates: Sequence[Candidate], types: Sequence[str], result: Conversion, *, person: bool) -> None:
    """Name the suspects and leads that match, and those that were removed: they are left alone."""
    for candidate in [candidate for candidate in candidates if candidate.entity.id not in result.together][:10]:
        if candidate.entity.type not in types:
            text = (
                _("{type} {who} looks the same ({why}) and was left alone")
                if person
                else _("{type} {who} looks the same as an organization ({why}) and was left alone")
            )
        elif candidate.entity.removed_at:
            text = _("{type} {who} looks the same ({why}) but was removed; bring it back with: dkcrm restore {id}")
        else:
            continue
        result.warnings.append(
            text.format(
                type=candidate.entity.type,
                who=label(candidate.entity),
                why=", ".join(candidate.reasons),
                id=candidate.entity.id,
            )
        )


def _warn_of_others(candidates: Sequence[Candidate], types: Sequence[str], result: Conversion) -> None:
    """Name those who would have been joined, had the user not said otherwise."""
    for candidate in candidates:
        if candidate.exact and candidate.entity.type in types and not candidate.entity.removed_at:
            result.warnings.append(
                _("{who} is there already ({why}), and was left alone as you said").format(
                    who=label(candidate.entity), why=", ".join(candidate.reasons)
                )
            )


# Steps 2 to 6: what becomes of the lead


def _become(uow: UnitOfWork, lead: Entity, type: str, cause: str, result: Conversion) -> None:
    """Change the lead's own type; what that cannot have goes to the operation's record."""
    uow.update("entity", lead.id, {"type": type})
    leave_out_of_place(uow, lead.id, lead.id)
    _transition(uow, lead, type, cause, None, result)
    result.numbers.append(lead.id)


def _transition(uow: UnitOfWork, lead: Entity, type: str, cause: str, into: int | None, result: Conversion) -> None:
    row = {
        "entity_id": lead.id,
        "into_id": into,
        "from_type": lead.type,
        "to_type": type,
        "at": uow.now,
        "cause": cause,
    }
    result.transitions.append(uow.insert("transition", row))


def _fold(uow: UnitOfWork, lead: Entity, survivor: Entity, cause: str, result: Conversion) -> None:
    """Fold the lead into an entity that exists."""
    absorb(uow, lead, survivor)
    _transition(uow, lead, survivor.type, cause, survivor.id, result)
    result.numbers.append(survivor.id)


def _belong(uow: UnitOfWork, member_id: int, organization_id: int) -> None:
    """Link the person to the organization, unless they are linked."""
    if uow.rows("membership", member_id=member_id, organization_id=organization_id):
        return
    first = not uow.rows("membership", member_id=member_id, is_primary=1)
    uow.insert("membership", {"member_id": member_id, "organization_id": organization_id, "is_primary": int(first)})
