"""Entities on their way out: whole, with all that happened around them, or flat, a row each."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from dkcrm.domain.money import format_amount
from dkcrm.domain.query import Filter
from dkcrm.i18n import _
from dkcrm.session import Session
from dkcrm.store.entities import load_many, uid_text
from dkcrm.store.filters import compile_filter
from dkcrm.store.listing import Scope, typed

_CHUNK = 500


def picked(session: Session, connection: sqlite3.Connection, filter: Filter, *, everything: bool = False) -> list[int]:
    """Return the numbers of the entities that a filter lets through, in the order of their numbers."""
    filter.unsorted(_("this has an order of its own: sort is for list"))
    scope, node = typed(Scope(everything=everything), filter.node)
    where, values = compile_filter(session, connection, filter._replace(node=node)).where()
    parts, first = scope.where()
    if where != "1":
        parts.append(where)
    sql = f"SELECT e.id FROM entity e WHERE {' AND '.join(parts)} ORDER BY e.id"
    return [row[0] for row in connection.execute(sql, [*first, *values])]


def everybody(connection: sqlite3.Connection, *, removed: bool = False) -> list[int]:
    """Return the numbers of all entities, in their order; ``removed`` has those too that were removed."""
    parts, _values = Scope(everything=removed).where()
    return [row[0] for row in connection.execute(f"SELECT id FROM entity e WHERE {' AND '.join(parts)} ORDER BY id")]


def chunks(numbers: Sequence[int], size: int = _CHUNK) -> Iterator[Sequence[int]]:
    """Yield numbers some at a time."""
    for start in range(0, len(numbers), size):
        yield numbers[start : start + size]


# The entities under every number that they had: one who was merged may have been merged into one who was folded since.
_KNOWN_AS = (
    "WITH RECURSIVE known(id, top) AS (SELECT id, id FROM entity WHERE id IN ({marks})"
    " UNION SELECT e.id, k.top FROM known k CROSS JOIN entity e ON e.merged_into = k.id)"
)
#: key -> (SQL with {marks} for the entities' numbers: the first column is the entity, the others the object's)
_AROUND: dict[str, tuple[str, tuple[str, ...]]] = {
    "interactions": (
        "SELECT i.entity_id, i.uid, i.at, i.direction, i.channel, i.subject, i.text, i.key, c.uid, t.uid"
        " FROM interaction i LEFT JOIN campaign c ON c.id = i.campaign_id LEFT JOIN ticket t ON t.id = i.ticket_id"
        " WHERE i.entity_id IN ({marks}) ORDER BY i.entity_id, i.id",
        ("uid", "at", "direction", "channel", "subject", "text", "key", "campaign", "ticket"),
    ),
    "purchases": (
        "SELECT p.entity_id, p.uid, a.uid, p.product, p.is_service, p.amount_minor, p.currency, p.bought_on,"
        " p.voided_at, p.quantity FROM purchase p LEFT JOIN entity a ON a.id = p.also_id WHERE p.entity_id IN ({marks})"
        " ORDER BY p.entity_id, p.id",
        ("uid", "also", "product", "service", "amount", "currency", "on", "voided_at", "quantity"),
    ),
    "transitions": (
        f"{_KNOWN_AS} SELECT k.top, e.uid, i.uid, t.from_type, t.to_type, t.at, t.cause, p.uid, t.voided_at"
        " FROM known k CROSS JOIN transition t ON t.entity_id = k.id JOIN entity e ON e.id = k.id"
        " LEFT JOIN entity i ON i.id = t.into_id LEFT JOIN purchase p ON p.id = t.purchase_id ORDER BY k.top, t.id",
        ("entity", "into", "from", "to", "at", "cause", "purchase", "voided_at"),
    ),
    "assessments": (
        "SELECT a.entity_id, c.name, c.side, a.answer, a.note, a.at FROM assessment a JOIN criterion c"
        " ON c.id = a.criterion_id WHERE a.entity_id IN ({marks}) ORDER BY a.entity_id, a.id",
        ("criterion", "side", "answer", "note", "at"),
    ),
    "links_to": (
        "SELECT m.member_id, o.uid, m.role, m.since, m.is_primary FROM membership m JOIN entity o"
        " ON o.id = m.organization_id WHERE m.member_id IN ({marks}) ORDER BY m.member_id, m.id",
        ("uid", "role", "since", "primary"),
    ),
    "distinct_from": (
        "SELECT a.entity_id, o.uid FROM apart a JOIN entity o ON o.id = a.other_id WHERE a.entity_id IN ({marks})"
        " ORDER BY a.entity_id, a.other_id",
        ("uid",),
    ),
    # By uid: the numbers of another database stand in another order.
    "tasks": (
        "SELECT l.entity_id, t.uid, t.id, t.text, t.due, t.priority, t.state, t.every, t.start, t.created_at,"
        " t.done_at,"
        " (SELECT json_group_array(ahead) FROM (SELECT ahead FROM reminder WHERE task_id = t.id ORDER BY ahead)),"
        " (SELECT json_group_array(lower(hex(uid))) FROM (SELECT e.uid FROM task_entity o JOIN entity e"
        " ON e.id = o.entity_id WHERE o.task_id = t.id ORDER BY e.uid))"
        " FROM task_entity l JOIN task t ON t.id = l.task_id WHERE l.entity_id IN ({marks})"
        " ORDER BY l.entity_id, t.uid",
        tuple("uid id text due priority state every start created_at done_at remind entities".split()),
    ),
    # Those that it is in, and those that its interactions name: then it was added to none.
    "campaigns": (
        "SELECT w.entity_id, c.uid, c.id, c.name, c.channel, c.purpose, c.basis, c.cost_minor, c.currency, c.notes,"
        " c.created_at, c.removed_at, max(w.added_at) FROM"
        " (SELECT entity_id, campaign_id, added_at FROM campaign_member WHERE entity_id IN ({marks}) UNION ALL"
        " SELECT entity_id, campaign_id, NULL FROM interaction WHERE entity_id IN ({marks})"
        " AND campaign_id IS NOT NULL) w"
        " JOIN campaign c ON c.id = w.campaign_id GROUP BY w.entity_id, c.id ORDER BY w.entity_id, c.uid",
        tuple("uid id name channel purpose basis cost currency notes created_at removed_at added_at".split()),
    ),
    "consents": (
        "SELECT entity_id, uid, purpose, state, at, proof FROM consent WHERE entity_id IN ({marks})"
        " ORDER BY entity_id, at, uid",
        ("uid", "purpose", "state", "at", "proof"),
    ),
    "tickets": (
        "SELECT t.entity_id, t.uid, t.id, t.subject, t.state, t.priority, t.due, t.opened_at, t.closed_at,"
        " (SELECT json_group_array(json_object('at', at, 'kind', kind, 'text', text)) FROM"
        " (SELECT at, kind, text FROM ticket_event WHERE ticket_id = t.id ORDER BY id))"
        " FROM ticket t WHERE t.entity_id IN ({marks}) ORDER BY t.entity_id, t.uid",
        tuple("uid id subject state priority due opened_at closed_at events".split()),
    ),
    "keeps": ("SELECT entity_id, days FROM keep WHERE entity_id IN ({marks})", ("days",)),
    "identities": (
        f"{_KNOWN_AS} SELECT k.top, i.scope, i.value FROM known k CROSS JOIN identity i ON i.entity_id = k.id"
        " GROUP BY k.top, i.scope, i.value ORDER BY k.top, min(i.id)",
        ("scope", "value"),
    ),
    "cards": ("SELECT entity_id, text FROM card WHERE entity_id IN ({marks}) ORDER BY entity_id, id", ("text",)),
    "aliases": (
        f"{_KNOWN_AS} SELECT k.top, e.id, e.uid, e.type, e.created_at, e.updated_at FROM known k JOIN entity e"
        " ON e.id = k.id WHERE e.id <> k.top ORDER BY k.top, e.id",
        ("id", "uid", "type", "created_at", "updated_at"),
    ),
}
_NOBODY: tuple[int | None, Iterator[tuple[int, int, int]]] = (None, iter(()))
_UIDS = frozenset(("uid", "entity", "also", "into", "purchase", "campaign", "ticket"))
_TRUTHS = frozenset(("service", "primary"))


def whole(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield entities as JSON objects with all that there is around them, in the order of their numbers.

    Beside the keys of an entity (SPEC.md section 7): ``whole_name`` (a name given in one piece), ``formatted`` of an
    address (what stands in ``value`` was entered beside the parts, and is not made of them), ``interactions``,
    ``purchases``, ``transitions``, ``assessments``, ``links_to`` (the organizations it belongs to, by uid),
    ``distinct_from`` (who was said not to be the same), ``tasks``, ``campaigns``, ``consents``, ``tickets``, ``keeps``,
    ``identities``, ``cards``, ``aliases`` and ``field_types``; those with nothing in them are left out.
    """
    kinds = {
        name: {"kind": kind, "side": side, "choices": choices}
        for name, kind, side, choices in connection.execute("SELECT name, kind, side, choices FROM field")
    }
    for block in chunks(numbers):
        marks = ", ".join("?" * len(block))
        around: dict[int, dict[str, list[Any]]] = {number: {} for number in block}
        for key, (sql, names) in _AROUND.items():
            for row in connection.execute(sql.format(marks=marks), list(block) * sql.count("{marks}")):
                around[row[0]].setdefault(key, []).append(_object(key, names, row[1:]))
        for entity in load_many(connection, block):
            shown = entity.as_json()
            shown["whole_name"] = entity.full_name
            for address, said in zip(entity.addresses, shown["addresses"], strict=True):
                if address.value and address.in_parts():
                    said["formatted"] = address.value
            shown |= around[entity.id]
            if entity.fields:
                # By name: another database has declared them in another order.
                shown["fields"] = dict(sorted(entity.fields.items()))
                shown["field_types"] = {name: kinds[name] for name in shown["fields"]}
            yield shown


def _object(key: str, names: Sequence[str], values: Sequence[Any]) -> Any:
    if key == "cards":
        return values[0]
    found: dict[str, Any] = {
        name: uid_text(value) if name in _UIDS and value is not None else bool(value) if name in _TRUTHS else value
        for name, value in zip(names, values, strict=True)
    }
    if key == "tasks":
        found["remind"] = json.loads(found["remind"])
        found["entities"] = [uid_text(bytes.fromhex(uid)) for uid in json.loads(found["entities"])]
    if key == "campaigns" and found["cost"] is not None and found["currency"]:
        found["cost"] = format_amount(found["cost"], found["currency"])
    if key == "tickets":
        found["events"] = json.loads(found["events"])
    if key == "purchases" and found["amount"] is not None and found["currency"]:
        found["amount"] = format_amount(found["amount"], found["currency"])
    return found


#: The rows of files that entities came in with, and those who were merged into them. No index finds them by entity.
_ROWS = (
    f"{_KNOWN_AS.format(marks='SELECT id FROM entity WHERE merged_into IS NULL')} SELECT k.top, r.fingerprint, r.plan"
    " FROM imported_row r JOIN known k ON k.id = r.entity_id ORDER BY k.top, r.id"
)


def with_rows(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
    """Yield entities, in the order of their numbers, as ``whole`` does; ``rows`` are those that they came in with.

    They are known by them where no id and no email says who they are: a fingerprint each (as text: it has more
    digits than many programs keep of a number), and the import's plan.
    """
    groups = groupby(connection.execute(_ROWS), itemgetter(0))
    number, rows = next(groups, _NOBODY)
    for entity in whole(connection, numbers):
        while number is not None and number < entity["id"]:
            number, rows = next(groups, _NOBODY)
        if number == entity["id"]:
            entity["rows"] = [{"fingerprint": str(mark), "plan": plan} for _top, mark, plan in rows]
        yield entity


def with_cards(connection: sqlite3.Connection, numbers: Sequence[int]) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Yield entities as JSON objects, each with the cards that it came in with."""
    for entity in whole(connection, numbers):
        cards = entity.get("cards", [])
        yield entity, list(cards)
