"""The sources of a timeline: what each table tells of what happened around an entity.

Each gives its newest events, no more than are asked for, so that an organization whose members have a hundred thousand
contacts is read as fast as one with ten.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from heapq import merge
from itertools import islice
from typing import Any

from dkcrm.store import retold
from dkcrm.store.activities import OF_BUYERS, Purchase
from dkcrm.store.asked import Around, Event, make_event

#: So many people's messages are read side by side; of more, one query reads them all.
_SIDE_BY_SIDE = 200
#: Of more members than so many the reasons are not told: no index has them, so that all their history would be read.
_REASONS = 200


def _interactions(around: Around) -> Iterator[Event]:
    """Yield messages; those of tickets and campaigns say so, and are among these too when only they are asked for."""
    asked = around.asked
    wanted = {"ticket": "i.ticket_id", "campaign": "i.campaign_id"}
    columns = [column for kind, column in wanted.items() if kind in asked.kinds]
    if "interaction" in asked.kinds:
        only = ""
    elif columns:
        only = f" AND coalesce({', '.join([*columns, 'NULL'])}) IS NOT NULL"
    else:
        return
    people = [around.number, *around.members]
    if asked.limit and not only and len(people) > asked.limit:
        people = _latest(around, people)
    rows = _messages(around, people, only)
    for at, number, whose, direction, channel, subject, text, ticket, campaign, name in islice(
        rows, asked.limit or None
    ):
        head = channel
        if ticket is not None:
            head += f", ticket {ticket}"
        if campaign is not None:
            head += f", campaign {name}"
        said = ": ".join(part for part in (head, subject, text) if part)
        ids = {"direction": direction, "id": number, "ticket": ticket, "campaign": campaign}
        yield make_event(at, "interaction", said, whose, ("interaction", number), **ids)


def _messages(around: Around, people: list[int], only: str) -> Iterator[tuple[Any, ...]]:
    """Yield the newest messages of some people, those among them that a condition lets through."""
    ask, asked = around.connection.execute, around.asked
    sql = (
        "SELECT i.at, i.id, i.entity_id, i.direction, i.channel, i.subject, i.text, i.ticket_id, i.campaign_id,"
        " (SELECT c.name FROM campaign c WHERE c.id = i.campaign_id) FROM interaction i"
        f" WHERE i.entity_id {{}} AND i.at BETWEEN ? AND ?{only} ORDER BY i.at DESC, i.id DESC LIMIT ?"
    )
    bounds = (asked.since, asked.until, asked.limit or -1)
    if len(people) > _SIDE_BY_SIDE:
        return ask(sql.format("IN (SELECT value FROM json_each(?))"), (json.dumps(people), *bounds))
    # One after the other they would be read up to the limit each; side by side no more is read than is shown.
    each = (ask(sql.format("= ?"), (person, *bounds)) for person in people)
    return merge(*each, key=lambda row: row[:2], reverse=True)


def _latest(around: Around, people: list[int]) -> list[int]:
    """Return those in contact last, as many as events are wanted: nobody else's can be among the newest."""
    rows = around.connection.execute(
        "SELECT id FROM (SELECT who.value AS id, (SELECT max(i.at) FROM interaction i WHERE i.entity_id = who.value"
        " AND i.at BETWEEN ? AND ?) AS at FROM json_each(?) who) WHERE at NOT NULL ORDER BY at DESC LIMIT ?",
        (around.asked.since, around.asked.until, json.dumps(people), around.asked.limit),
    )
    return [row[0] for row in rows]


def _transitions(around: Around) -> Iterator[Event]:
    if "transition" not in around.asked.kinds:
        return
    rows = around.newest(
        "SELECT at, id, entity_id, into_id, from_type, to_type, cause, voided_at FROM transition WHERE id IN"
        " (SELECT id FROM transition WHERE entity_id IN (SELECT id FROM who)"
        " UNION SELECT id FROM transition WHERE into_id IN (SELECT id FROM who))",
        around.everybody,
    )
    known = set(around.everybody)
    for at, number, entity, into, before, after, cause, voided in rows:
        whose = into if into in known else entity
        text = f"{before} → {after} ({cause}{', voided' if voided else ''})"
        if entity in around.aliases:
            text = f"{entity}: {text}"
        if into and into != around.number and into not in around.aliases:
            text += f" → {into}"
        yield make_event(at, "transition", text, whose, ("transition", number))


def _purchases(around: Around) -> Iterator[Event]:
    if "purchase" not in around.asked.kinds:
        return
    people = [around.number, *around.members]
    rows = around.newest(
        f"SELECT p.bought_on AS at, {OF_BUYERS} FROM purchase p WHERE p.id IN"
        " (SELECT id FROM purchase WHERE entity_id IN (SELECT id FROM who)"
        " UNION SELECT id FROM purchase WHERE also_id IN (SELECT id FROM who))",
        people,
        days=True,
    )
    known = set(people)
    for at, *row in rows:
        bought = Purchase(*row)
        whose = bought.entity_id if bought.entity_id in known else bought.also_id
        if bought.also_id == around.number:
            whose = around.number
        assert whose is not None
        text = f"{bought.title()}{' (voided)' if bought.voided_at else ''}"
        yield make_event(at, "purchase", text, whose, ("purchase", bought.id), id=bought.id)


def _answers(around: Around) -> Iterator[Event]:
    if "answer" not in around.asked.kinds:
        return
    rows = around.newest(
        "SELECT a.at, a.id, a.entity_id, c.name, a.answer, a.note FROM assessment a JOIN criterion c"
        " ON c.id = a.criterion_id WHERE a.entity_id IN (SELECT id FROM who)",
        around.everybody,
    )
    for at, number, whose, name, answer, note in rows:
        text = f"{name}: {answer}" + (f" ({note})" if note else "")
        yield make_event(at, "answer", text, whose, ("assessment", number))


def _tasks(around: Around) -> Iterator[Event]:
    """Yield tasks as they were added, done or dropped, and are due; one of several is told of once."""
    if "task" not in around.asked.kinds:
        return
    due = (
        " UNION ALL SELECT t.due, t.id, l.whose, 'due', t.text FROM l JOIN task t ON t.id = l.task_id"
        " WHERE t.state = 'open' AND t.due NOT NULL"
        if around.asked.ahead
        else ""
    )
    rows = around.newest(
        "WITH l(task_id, whose) AS (SELECT task_id, CASE WHEN max(entity_id = ?) THEN ? ELSE min(entity_id) END"
        " FROM task_entity WHERE entity_id IN (SELECT id FROM who) GROUP BY task_id)"
        " SELECT t.created_at AS at, t.id AS id, l.whose, 'added', t.text FROM l JOIN task t ON t.id = l.task_id"
        " UNION ALL SELECT t.done_at, t.id, l.whose, t.state, t.text FROM l JOIN task t ON t.id = l.task_id"
        f" WHERE t.done_at NOT NULL AND t.state <> 'open'{due}",
        [around.number, *around.members],
        around.number,
        around.number,
        days=True,
    )
    for at, number, whose, event, text in rows:
        yield make_event(at, "task", f"{event}: {number} {text}", whose, ("task", number), id=number)


_TURNS = {"note": "note on", "wait": "waiting:", "close": "closed:", "reopen": "reopened:"}


def _tickets(around: Around) -> Iterator[Event]:
    """Yield tickets as they were opened, waited and closed, with notes, and as they are due; messages stand apart."""
    if "ticket" not in around.asked.kinds:
        return
    due = (
        " UNION ALL SELECT t.due, t.id, t.id, t.entity_id, 'due:', t.subject, NULL, 'ticket' FROM ticket t"
        " WHERE t.entity_id IN (SELECT id FROM who) AND t.state <> 'closed' AND t.due NOT NULL"
        if around.asked.ahead
        else ""
    )
    rows = around.newest(
        "SELECT t.opened_at AS at, t.id AS id, t.id, t.entity_id, 'opened:', t.subject, NULL, 'ticket' FROM ticket t"
        " WHERE t.entity_id IN (SELECT id FROM who)"
        " UNION ALL SELECT v.at, v.id, t.id, t.entity_id, v.kind, t.subject, v.text, 'ticket_event'"
        " FROM ticket t JOIN ticket_event v ON v.ticket_id = t.id WHERE t.entity_id IN (SELECT id FROM who)" + due,
        [around.number, *around.members],
        days=True,
    )
    for at, row, number, whose, event, subject, said, table in rows:
        text = f"{_TURNS.get(event, event)} {number} {subject}" + (f": {said}" if said else "")
        yield make_event(at, "ticket", text, whose, (table, row), ticket=number)


def _campaigns(around: Around) -> Iterator[Event]:
    if "campaign" not in around.asked.kinds:
        return
    rows = around.newest(
        "SELECT m.added_at AS at, m.id, m.entity_id, c.id, c.name FROM campaign_member m JOIN campaign c"
        " ON c.id = m.campaign_id WHERE m.entity_id IN (SELECT id FROM who)",
        [around.number, *around.members],
    )
    for at, row, whose, number, name in rows:
        yield make_event(at, "campaign", f"added to: {name}", whose, ("campaign_member", row), campaign=number)


def _consents(around: Around) -> Iterator[Event]:
    if "consent" not in around.asked.kinds:
        return
    rows = around.newest(
        "SELECT at, id, entity_id, state, purpose, proof FROM consent WHERE entity_id IN (SELECT id FROM who)",
        [around.number, *around.members],
    )
    for at, number, whose, state, purpose, proof in rows:
        text = f"{state}: {purpose}" + (f" ({proof})" if proof else "")
        yield make_event(at, "consent", text, whose, ("consent", number))


def _links(around: Around) -> Iterator[Event]:
    """Yield links since their day, or since they were made where no day was said."""
    if "link" not in around.asked.kinds:
        return
    day = "'[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]'"
    rows = around.newest(
        f"SELECT CASE WHEN m.since GLOB {day} THEN m.since ELSE (SELECT min(o.at) FROM change c JOIN operation o"
        " ON o.id = c.operation_id WHERE c.tbl = 'membership' AND c.row_id = m.id AND c.before IS NULL"
        " AND o.kind = 'do' AND o.undone_by IS NULL) END AS at,"
        " m.id, e.id, e.name, m.role FROM membership m JOIN entity e"
        " ON e.id = CASE WHEN m.member_id = ? THEN m.organization_id ELSE m.member_id END"
        " WHERE m.id IN (SELECT id FROM membership WHERE member_id = ?"
        " UNION SELECT id FROM membership WHERE organization_id = ?)",
        [around.number],
        *[around.number] * 3,
        days=True,
    )
    for at, number, other, name, role in rows:
        text = f"with {other} {name or ''}".rstrip() + (f" ({role})" if role else "")
        yield make_event(at, "link", text, around.number, ("membership", number))


def _from_history(around: Around) -> Iterator[Event]:
    """Yield what the history alone tells of: reasons, merges and edits."""
    few = around.everybody if len(around.members) <= _REASONS else around.own
    for kind, read, whose in (
        ("reason", retold.reasons, few),
        ("merge", retold.merges, around.everybody),
        ("edit", retold.edits, around.everybody),
    ):
        if kind in around.asked.kinds:
            for at, operation, entity, text in read(around.connection, whose, around.asked):
                yield make_event(at, kind, text, entity, ("operation", operation), operation=operation)


SOURCES: tuple[Callable[[Around], Iterator[Event]], ...] = (
    _interactions,
    _transitions,
    _purchases,
    _answers,
    _tasks,
    _tickets,
    _campaigns,
    _consents,
    _links,
    _from_history,
)
