"""The life cycle: which type follows which, by what, and why not (SPEC.md section 3; the seeds' six entities)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from dkcrm.domain.entity import (
    CUSTOMER_TYPES,
    ORGANIZATION_TYPES,
    STATES,
    TYPES,
    Entity,
)
from dkcrm.errors import InvalidInput, Refused
from dkcrm.i18n import _, a_

PROFILES: dict[str, tuple[str, ...]] = {
    "full": TYPES,
    "simple": ("lead", "person", "organization"),
    "customers": ("person", "organization"),
}

#: How far along the life cycle each type is: an entity only moves forward.
RANKS = {"suspect": 0, "lead": 1, "prospect": 2, "target": 2, "person": 3, "organization": 3}


def parse_profile(text: str) -> tuple[str, ...]:
    """Return the types of a profile's name or of a list such as ``lead,person``, in the order of the life cycle.

    Raises InvalidInput for a name that is none, or an empty list.
    """
    word = text.strip().lower()
    if word in PROFILES:
        return PROFILES[word]
    names = [name.strip() for name in word.replace(" ", ",").split(",") if name.strip()]
    for name in names:
        if name not in TYPES:
            raise InvalidInput(
                _("no such type or profile: {name}").format(name=name),
                hint=_("use {profiles}, or a list of {types}").format(
                    profiles=", ".join(PROFILES), types=", ".join(TYPES)
                ),
            )
    if not names:
        raise InvalidInput(_("name at least one type"), hint=_("use {profiles}").format(profiles=", ".join(PROFILES)))
    return tuple(type for type in TYPES if type in names)


def profile_name(types: Iterable[str]) -> str:
    """Return the profile's name for a set of types, or the list itself."""
    wanted = tuple(types)
    return next((name for name, members in PROFILES.items() if members == wanted), ",".join(wanted))


def check_type(type: str, in_use: Iterable[str]) -> str:
    """Return a type that exists and is switched on, or raise."""
    word = type.strip().lower()
    known = list(in_use)
    if word not in TYPES:
        from dkcrm.domain.text import nearest

        close = nearest(word, known)
        raise InvalidInput(
            _("no such type: {type}").format(type=type),
            hint=_("did you mean {close}?").format(close=close[0])
            if close
            else _("types: {types}").format(types=", ".join(known)),
        )
    if word not in known:
        raise Refused(
            _("the type {type} is switched off").format(type=word),
            code="type_off",
            hint=_("types in use: {types}; switch it on with: dkcrm config types full").format(types=", ".join(known)),
        )
    return word


def check_profile(wanted: Iterable[str], counts: Mapping[str, int]) -> None:
    """Refuse to switch off a type of which entities exist; ``counts`` has how many there are of each."""
    there = {type: counts[type] for type in TYPES if type not in set(wanted) and counts.get(type)}
    if there:
        what = ", ".join(f"{count} {type}" for type, count in there.items())
        first = next(iter(there))
        raise Refused(
            _("cannot switch off a type that is in use: {what}").format(what=what),
            code="type_in_use",
            hint=_("see them with: dkcrm list {type} --all; move them on, or undo what added them").format(type=first),
        )


def in_contact(type: str, in_use: Iterable[str]) -> str:
    """Return the type of an entity once it has contacted us: a suspect is a lead then, where leads are in use."""
    return "lead" if type == "suspect" and "lead" in in_use else type


def check_promote(entity: Entity, inbound: int, in_use: Iterable[str]) -> None:
    """Check the arrow suspect → lead: it has contacted us."""
    if entity.type != "suspect":
        raise Refused(
            _("{who} is already {type}").format(who=label(entity), type=a_(entity.type)),
            code="wrong_type",
            hint=next_step(entity, in_use),
        )
    if "lead" not in in_use:
        check_type("lead", in_use)
    if not inbound:
        raise Refused(
            _("{who} has not contacted us: a lead has at least one inbound interaction").format(who=label(entity)),
            code="no_inbound",
            hint=_('log it with: dkcrm log {id} email "what they asked" --in').format(id=entity.id),
        )


def check_qualify(entity: Entity, in_use: Iterable[str]) -> tuple[bool, bool]:
    """Check that an entity can be qualified at all; return whether it becomes a prospect, and whether a target."""
    if entity.type != "lead":
        if entity.type == "suspect":
            message = _("{who} is a suspect: it must be a lead before it can be qualified")
        else:
            message = _("{who} is {type} already: only a lead is qualified")
        raise Refused(
            message.format(who=label(entity), type=a_(entity.type)), code="wrong_type", hint=next_step(entity, in_use)
        )
    check_active(entity)
    person, organization = entity.party in ("person", "both"), entity.party in ("organization", "both")
    types = tuple(in_use)
    for wanted, needed in ((person, "prospect"), (organization, "target")):
        if wanted and needed not in types:
            off = "prospect" not in types and "target" not in types
            raise Refused(
                _("the type {type} is switched off").format(type=needed),
                code="type_off",
                hint=_('a lead becomes a customer by: dkcrm purchase {id} "PRODUCT"').format(id=entity.id)
                if off
                else _("switch it on with: dkcrm config types full"),
            )
    return person, organization


def check_active(entity: Entity) -> None:
    """Refuse an entity whose state says that work on it has ended."""
    if entity.state != "active":
        raise Refused(
            _("{who} is {state}").format(who=label(entity), state=entity.state),
            code="not_active",
            hint=_("set it back with: dkcrm reopen {id}").format(id=entity.id),
        )


def customer_type(entity: Entity, in_use: Iterable[str]) -> str | None:
    """Return the type that a purchase gives: prospect → person, target → organization, None for customers.

    A lead gives ``lead`` back where prospects and targets are switched off: the caller splits it. A customer of a type
    that is switched off, and anything else, is refused with the next step.
    """
    types = tuple(in_use)
    if entity.type in CUSTOMER_TYPES:
        return None
    if entity.type in ("prospect", "target"):
        return check_type({"prospect": "person", "target": "organization"}[entity.type], types)
    if entity.type == "lead" and "prospect" not in types and "target" not in types:
        for customer in CUSTOMER_TYPES:
            if entity.party in (customer, "both"):
                check_type(customer, types)
        return "lead"
    raise Refused(
        _("{who} is {type}: only a prospect, a target or a customer buys").format(
            who=label(entity), type=a_(entity.type)
        ),
        code="wrong_type",
        hint=next_step(entity, types),
    )


#: verb -> (the state it sets, the types it is for)
_STATE_VERBS = {"disqualify": ("disqualified", ("lead",)), "lose": ("lost", ("prospect", "target"))}


def state_after(entity: Entity, verb: str) -> str:
    """Return the state that ``disqualify``, ``lose`` or ``reopen`` sets, or refuse it for this entity."""
    if verb == "reopen":
        if entity.state == "active":
            raise Refused(_("{who} is active already").format(who=label(entity)), code="already")
        return "active"
    state, types = _STATE_VERBS[verb]
    if entity.type not in types:
        other = next((name for name, (_state, allowed) in _STATE_VERBS.items() if entity.type in allowed), None)
        raise Refused(
            _("{who} is {type}: {verb} is for {types}").format(
                who=label(entity), type=a_(entity.type), verb=verb, types=_(" and ").join(types)
            ),
            code="wrong_type",
            hint=f"dkcrm {other} {entity.id} --reason …"
            if other
            else _("mark it with: dkcrm set {id} --state inactive").format(id=entity.id),
        )
    if entity.state == state:
        raise Refused(_("{who} is {state} already").format(who=label(entity), state=state), code="already")
    return state


def check_state(state: str) -> str:
    """Return a state that exists, or raise InvalidInput."""
    word = state.strip().lower()
    if word not in STATES:
        raise InvalidInput(
            _("no such state: {state}").format(state=state), hint=_("states: {states}").format(states=", ".join(STATES))
        )
    return word


def next_step(entity: Entity, in_use: Iterable[str]) -> str:
    """Return the command that would bring an entity forward from where it is, given the types in use."""
    if entity.state != "active" and entity.type in ("lead", "prospect", "target"):
        return _("set it back first with: dkcrm reopen {id}").format(id=entity.id)
    if entity.type == "suspect":
        return _('log what they asked: dkcrm log {id} email "…" --in (it becomes a lead)').format(id=entity.id)
    if entity.type == "lead" and {"prospect", "target"}.intersection(in_use):
        return _("qualify it with: dkcrm qualify {id}").format(id=entity.id)
    if entity.type in ("prospect", "target"):
        return _('when it buys: dkcrm purchase {id} "PRODUCT"').format(id=entity.id)
    return _('record what it buys: dkcrm purchase {id} "PRODUCT"').format(id=entity.id)


def side_of(entity: Entity) -> str:
    """Return the side that a value without one belongs to: the person's where there is a person."""
    if entity.type in ORGANIZATION_TYPES:
        return "organization"
    return "organization" if entity.party == "organization" else "person"


def label(entity: Entity) -> str:
    """Return an entity's number and name, for messages."""
    return f"{entity.id} {entity.name}" if entity.name else str(entity.id)
