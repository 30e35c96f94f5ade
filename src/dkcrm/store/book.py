"""What a database holds beside its entities, and its history, on the way out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from dkcrm.domain.money import format_amount
from dkcrm.store.entities import uid_text
from dkcrm.store.holdings import events
from dkcrm.store.images import ERASED
from dkcrm.store.products import all_products

Row = dict[str, Any]

_CAMPAIGNS = (
    "SELECT uid, id, name, channel, purpose, basis, cost_minor AS cost, currency, notes, created_at, removed_at"
    " FROM campaign ORDER BY id"
)
# Tasks of nobody: they are around no entity. The others go out with those whom they are about.
_TASKS = (
    "SELECT t.uid, t.id, t.text, t.due, t.priority, t.state, t.every, t.start, t.created_at, t.done_at,"
    " (SELECT json_group_array(ahead) FROM (SELECT ahead FROM reminder WHERE task_id = t.id ORDER BY ahead)) AS remind"
    " FROM task t WHERE NOT EXISTS (SELECT 1 FROM task_entity l WHERE l.task_id = t.id) ORDER BY t.id"
)


def beside_entities(connection: sqlite3.Connection) -> Row:
    """Return all that a user entered and that is around no entity, in lists of objects.

    ``settings`` (the types in use, the rules of retention), ``fields``, ``criteria`` (the removed ones too, for the
    answers that were given to them), ``segments``, ``products``, ``campaigns`` (with or without members), ``tasks`` of
    nobody.
    """
    fields = _rows(connection, "SELECT name, kind, side, choices FROM field ORDER BY id")
    for field in fields:
        field["choices"] = json.loads(field["choices"]) if field["choices"] else None
    campaigns = _rows(connection, _CAMPAIGNS)
    for campaign in campaigns:
        campaign["uid"] = uid_text(campaign["uid"])
        if campaign["cost"] is not None and campaign["currency"]:
            campaign["cost"] = format_amount(campaign["cost"], campaign["currency"])
    tasks = _rows(connection, _TASKS)
    for task in tasks:
        task |= {"uid": uid_text(task["uid"]), "remind": json.loads(task["remind"]), "entities": []}
    products = sorted(all_products(connection, removed=True), key=lambda product: product.id)
    return {
        "settings": dict(connection.execute("SELECT name, value FROM setting ORDER BY name")),
        "fields": fields,
        "criteria": _rows(connection, "SELECT name, side, question, rule, removed_at FROM criterion ORDER BY id"),
        "segments": _rows(connection, "SELECT name, filter FROM segment ORDER BY name"),
        "products": [product.as_json() for product in products],
        "campaigns": campaigns,
        "tasks": tasks,
    }


def counts(connection: sqlite3.Connection) -> tuple[int, int]:
    """Return how many entities there are, removed ones too, and how many operations."""
    entities = connection.execute("SELECT count(*) FROM entity WHERE merged_into IS NULL").fetchone()[0]
    return int(entities), int(connection.execute("SELECT count(*) FROM operation").fetchone()[0])


def privacy_log(connection: sqlite3.Connection) -> list[Row]:
    """Return erasures, disclosures and consents, oldest first; nothing of who was erased but the number."""
    return events(connection, -1)[::-1]


def history(connection: sqlite3.Connection) -> Iterator[Row]:
    """Yield each operation, oldest first, with the rows that it changed: their values before and after.

    What stands in the place of a value of somebody who was erased is null. Rows that came in bulk are a range of
    numbers, ``row`` to ``last``.
    """
    changes = connection.execute(
        "SELECT operation_id, tbl, row_id, last_id, before, after FROM change ORDER BY operation_id, id"
    )
    waiting = next(changes, None)
    for one in connection.execute(
        "SELECT id, uid, kind, name, at, actor, command, file, record, reverses, undone_by FROM operation ORDER BY id"
    ):
        shown = dict(zip(_OPERATION, one, strict=True))
        shown["uid"] = uid_text(shown["uid"])
        shown["record"] = json.loads(shown["record"]) if shown["record"] else None
        shown["changes"] = []
        while waiting is not None and waiting[0] == one[0]:
            shown["changes"].append(_change(*waiting[1:]))
            waiting = next(changes, None)
        yield shown


_OPERATION = tuple("id uid kind name at actor command file record reverses undone_by".split())


def _change(table: str, row_id: int, last: int | None, before: str | None, after: str | None) -> Row:
    said: Row = {"table": table, "row": row_id}
    if last is not None:
        return said | {"last": last}
    return said | {"before": _image(before), "after": _image(after)}


def _image(text: str | None) -> Row | None:
    if text is None:
        return None
    said = {name: None if value == ERASED else value for name, value in json.loads(text).items()}
    if said.get("uid"):
        said["uid"] = uid_text(bytes.fromhex(str(said["uid"])))
    return said


def _rows(connection: sqlite3.Connection, sql: str) -> list[Row]:
    cursor = connection.execute(sql)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]
