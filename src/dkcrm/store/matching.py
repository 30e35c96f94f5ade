"""Looking for what is there already: who shares an email, a code, a name, a domain or a phone with a lead."""

from __future__ import annotations

import itertools
import sqlite3
from collections.abc import Iterable

from dkcrm.domain.entity import Entity
from dkcrm.domain.matching import Candidate, judge, organization_key, web_domain
from dkcrm.domain.text import fold
from dkcrm.domain.values import code_key, tax_code_side
from dkcrm.domain.wholename import is_stand_in
from dkcrm.store.entities import load_many
from dkcrm.store.fulltext import quoted
from dkcrm.store.keys import CODE
from dkcrm.store.likeness import LIKELY, are_apart, lookalikes, side_alone

_MOST = 50
#: Those that can be joined come before the suspects and leads that are only named, however many of these there are.
_FIRST = f"AND e.merged_into IS NULL ORDER BY e.type IN ('suspect', 'lead'), e.id LIMIT {_MOST}"

Reasons = dict[int, dict[str, bool]]


def person_candidates(connection: sqlite3.Connection, lead: Entity) -> list[Candidate]:
    """Return who may be the person of a lead: by email or tax code (exact), by name or phone (a likeness)."""
    side = "person" if lead.party == "both" else None
    found: Reasons = {}
    _same_points(connection, found, lead, "email", side, "same email", exact=True)
    if lead.tax_code and tax_code_side(lead.tax_code, True, lead.party == "both") == "person":
        _same_code(connection, found, "tax_code", lead.tax_code, "same tax code")
    name = _name(lead)
    words = name.split()
    orders = [" ".join(order) for order in itertools.permutations(words)] if len(words) <= 3 else [name]
    _add(found, _ask(connection, "name_key", orders), "same name", exact=False)
    _same_points(connection, found, lead, "phone", side, "same phone", exact=False)
    _alike(connection, found, lead, person=True)
    return _judge(connection, found, lead, ("prospect", "person"), name, person=True)


def organization_candidates(connection: sqlite3.Connection, lead: Entity) -> list[Candidate]:
    """Return what may be the organization of a lead: by VAT number or tax code (exact), name, domain or phone."""
    side = "organization" if lead.party == "both" else None
    found: Reasons = {}
    if lead.vat_id:
        _same_code(connection, found, "vat_id", lead.vat_id, "same VAT number")
    if lead.tax_code and tax_code_side(lead.tax_code, lead.party == "both", True) == "organization":
        _same_code(connection, found, "tax_code", lead.tax_code, "same tax code")
    key = organization_key(lead.org_name or "")
    _add(found, _ask(connection, "org_key", [key]), "same name", exact=False)
    _same_points(connection, found, lead, "phone", side, "same phone", exact=False)
    texts = [lead.website or "", *(point.value for point in lead.of_kind("email"))]
    for domain in {web_domain(text) for text in texts if text} - {None}:
        _add(found, _with_domain(connection, str(domain)), "same web domain", exact=False)
    _alike(connection, found, lead, person=False)
    return _judge(connection, found, lead, ("target", "organization"), key, person=False)


def _add(found: Reasons, numbers: Iterable[int], reason: str, *, exact: bool) -> None:
    for number in numbers:
        found.setdefault(number, {})[reason] = exact


def _ask(connection: sqlite3.Connection, column: str, values: list[str]) -> list[int]:
    wanted = [value for value in values if value]
    if not wanted:
        return []
    marks = ",".join("?" * len(wanted))
    rows = connection.execute(f"SELECT e.id FROM entity e WHERE e.{column} IN ({marks}) {_FIRST}", wanted)
    return [row[0] for row in rows]


def _same_code(connection: sqlite3.Connection, found: Reasons, column: str, code: str, reason: str) -> None:
    key = code_key(code)
    rows = connection.execute(
        f"SELECT e.id FROM entity e WHERE {column} IS NOT NULL AND {CODE.format(column=column)} IN (?, ?) {_FIRST}",
        (key, "IT" + key),
    )
    _add(found, [row[0] for row in rows], reason, exact=True)


def _same_points(
    connection: sqlite3.Connection,
    found: Reasons,
    lead: Entity,
    kind: str,
    side: str | None,
    reason: str,
    *,
    exact: bool,
) -> None:
    for point in lead.of_kind(kind):
        if side and point.side != side:
            continue
        rows = connection.execute(
            "SELECT DISTINCT e.id FROM contact_point p JOIN entity e ON e.id = p.entity_id"
            f" WHERE p.kind=? AND coalesce(p.norm, p.value)=? {_FIRST}",
            (kind, point.norm or point.value),
        )
        _add(found, [row[0] for row in rows], reason, exact=exact)


def _alike(connection: sqlite3.Connection, found: Reasons, lead: Entity, *, person: bool) -> None:
    """Add those who are likely one with a side of a lead by all that is known of them, for the reasons that tell so."""
    for entity, told in lookalikes(connection, side_alone(lead, person=person), LIKELY):
        if entity.id not in found:
            found[entity.id] = dict.fromkeys(told.reasons, False)


def _with_domain(connection: sqlite3.Connection, domain: str) -> list[int]:
    """Return the targets and organizations whose website or emails are of a domain."""
    organizations = "e.type IN ('target', 'organization') AND e.merged_into IS NULL"
    rows = connection.execute(
        "SELECT e.id, e.website FROM search JOIN entity e ON e.id = search.rowid"
        f" WHERE search MATCH ? AND {organizations}",
        (f"{{contact about}} : {quoted(domain)}",),
    ).fetchall()
    found = []
    for number, website in rows:
        emails = connection.execute(
            "SELECT value FROM contact_point WHERE entity_id = ? AND kind = 'email'", (number,)
        ).fetchall()
        if domain in {web_domain(text) for text in (website, *(row[0] for row in emails)) if text}:
            found.append(number)
        if len(found) == _MOST:
            break
    return found


def _name(entity: Entity) -> str:
    """Return a person's name as names are compared: none where an email stands for it."""
    return "" if is_stand_in(entity.person_name) else fold(entity.person_name or "")


def _judge(
    connection: sqlite3.Connection, found: Reasons, lead: Entity, types: tuple[str, str], name: str, *, person: bool
) -> list[Candidate]:
    """Return the candidates that are there; those whose codes contradict the lead's are somebody else."""
    found.pop(lead.id, None)
    candidates = []
    for entity in load_many(connection, found):
        if entity.merged_into or not _right_side(entity, types, person) or are_apart(connection, lead.id, entity.id):
            continue
        other = _name(entity) if person else organization_key(entity.org_name or "")
        if _contradicts(lead, entity, person):
            continue
        candidates.append(judge(entity, found[entity.id], name, other))
    return candidates


def _right_side(entity: Entity, types: tuple[str, str], person: bool) -> bool:
    if entity.type in types:
        return True
    return entity.type in ("suspect", "lead") and entity.party in ("person" if person else "organization", "both")


def _contradicts(lead: Entity, entity: Entity, person: bool) -> bool:
    """Tell whether both have a code of the same kind, and not the same one."""
    for column in ("tax_code",) if person else ("vat_id", "tax_code"):
        mine, theirs = getattr(lead, column), getattr(entity, column)
        if not mine or not theirs or code_key(mine) == code_key(theirs):
            continue
        if column == "tax_code":
            wanted = "person" if person else "organization"
            if {tax_code_side(code, True, True) for code in (mine, theirs)} != {wanted}:
                continue
        return True
    return False
