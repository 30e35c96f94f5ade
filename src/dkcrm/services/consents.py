"""Consent: what people agreed to, and what they took back; campaigns stand on it."""

from __future__ import annotations

from collections.abc import Sequence

from dkcrm.domain.consent import STATES, Consent, check_purpose, check_said
from dkcrm.domain.dates import parse_time
from dkcrm.domain.text import check_line
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.result import Column, Result
from dkcrm.services.entities import present
from dkcrm.services.shape import done
from dkcrm.session import Session
from dkcrm.store.audience import removed_among
from dkcrm.store.connection import open_reading
from dkcrm.store.consents import consents, words_ahead
from dkcrm.store.entities import load, resolve, uid_text
from dkcrm.store.journal import unit_of_work


def _columns() -> list[Column]:
    return [
        Column("id", "#", "number"),
        Column("type", _("Type"), "type", wide=True),
        Column("name", _("Name")),
        Column("purpose", _("Purpose")),
        Column("state", _("Consent")),
        Column("at", _("When"), "time"),
        Column("proof", _("Proof")),
        Column("holds", _("Holds")),
        Column("uid", _("Uid"), wide=True),
    ]


def _result(found: Sequence[Consent], data: object, *, message: str | None, warnings: Sequence[str] = ()) -> Result:
    rows = [{**one.as_json(), "holds": _("yes") if one.holds else ""} for one in found]
    return Result(data, _columns(), rows, message=message, warnings=warnings)


def record(
    session: Session,
    references: Sequence[str],
    verb: str,
    purpose: str,
    *,
    proof: str | None = None,
    at: str | None = None,
) -> Result:
    """Record that entities give or withdraw their consent to a purpose, each time as a word of its own.

    Whoever withdraws now has withdrawn, whatever the clock said before; so may somebody who was removed.
    Raises InvalidInput for a purpose that is none, and for a moment that is yet to come.
    """
    what, state = check_purpose(purpose), STATES[verb]
    now = session.clock()
    moment = check_said(parse_time(at, now), now) if at is not None else now
    shown = check_line(proof, _("proof")) if proof is not None else None
    with unit_of_work(session, f"privacy consent {verb}") as uow:
        # Not whole entities: there may be very many.
        numbers = list(dict.fromkeys(resolve(uow.connection, reference) for reference in references))
        gone = removed_among(uow.connection, numbers) if state == "given" else None
        if gone is not None:
            present(load(uow.connection, gone))
        uids = set()
        ahead = words_ahead(uow.connection, what, now) if state == "withdrawn" and at is None else {}
        for number in numbers:
            uid = session.uid()
            row = {"entity_id": number, "purpose": what, "state": state, "at": ahead.get(number, moment)}
            uow.insert("consent", {"uid": uid, **row, "proof": shown})
            uids.add(uid_text(uid))
        recorded = consents(uow.connection, numbers, purpose=what)
        standing = [one for one in recorded if one.holds]
        new = [one for one in recorded if one.uid in uids]
        warnings = [
            _("{who}: what holds is still {told}").format(who=f"{one.id} {one.name}", told=one.told())
            for one in standing
            if one.state != state
        ]
        uow.commit()
        who = ", ".join(f"{one.id} {one.name}" for one in standing[:5])
        who += f" … ({len(standing)})" if len(standing) > 5 else ""
        said = _("{who}: {purpose} {state}").format(who=who, purpose=what, state=state)
        data = {"operation": uow.operation_id, "consents": [one.as_json() for one in new], "warnings": warnings}
        return _result(new, data, message=done(session, uow.operation_id, said), warnings=warnings)


def list_consents(
    session: Session,
    references: Sequence[str] | None = None,
    *,
    everything: bool = False,
    purpose: str | None = None,
    state: str | None = None,
) -> Result:
    """List what holds, of some entities or of all; with ``everything`` what was said before as well."""
    what = check_purpose(purpose) if purpose is not None else None
    which = None
    if state is not None:
        word = state.strip().lower()
        which = STATES.get(word, word)
        if which not in STATES.values():
            raise InvalidInput(_("no such state: {state}").format(state=state), hint=_("given or withdrawn"))
    connection = open_reading(session)
    try:
        numbers = None
        if references is not None:
            numbers = list(dict.fromkeys(resolve(connection, reference) for reference in references))
        found = consents(connection, numbers, holding=not everything, purpose=what, state=which)
    finally:
        connection.close()
    return _result(found, [one.as_json() for one in found], message=None if found else _("no consent on record"))
