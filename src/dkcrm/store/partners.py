"""What of somebody's values stands in the history of those with whom they once were one, or from whom they came.

A merge and a qualification copy values from one row to another's. Where that was undone, or went to somebody who stays,
the copy is replaced by ``ERASED`` in the other's history, but for what the other's row still has.
"""

from __future__ import annotations

import json
import sqlite3

from dkcrm.store.images import ERASED, Row

#: The columns whose values a merge or a qualification copies from one row to another's.
COPIED = {
    "entity": tuple("full_name first_name last_name job_title org_name vat_id tax_code website source notes".split()),
    "field_value": ("value",),
    "membership": ("role", "since"),
    "card": ("text",),
}


def redact_partners(connection: sqlite3.Connection) -> None:
    """Take their values out of the history of those with whom they once were one, or from whom they came."""
    mine = _texts(connection)
    long = [text for text in mine if len(text) >= 6]
    for partner in _partners(connection):
        there = connection.execute(
            f"SELECT {', '.join(COPIED['entity'])} FROM entity WHERE id = ?", (partner,)
        ).fetchone()
        row: Row = dict(zip(COPIED["entity"], there or (), strict=False))
        for number, table, row_id, *images in connection.execute(
            "SELECT id, tbl, row_id, before, after FROM change WHERE entity_id = ? AND last_id IS NULL"
            " AND tbl IN ('entity', 'field_value', 'membership', 'card')",
            (partner,),
        ).fetchall():
            present = row if table == "entity" else _present(connection, table, row_id)
            redacted = [_redact(image, table, present, mine, long) for image in images]
            if redacted != images:
                connection.execute("UPDATE change SET before = ?, after = ? WHERE id = ?", (*redacted, number))


def _present(connection: sqlite3.Connection, table: str, row_id: int) -> Row:
    names = COPIED[table]
    found = connection.execute(f"SELECT {', '.join(names)} FROM {table} WHERE id = ?", (row_id,)).fetchone()
    return dict(zip(names, found or (), strict=False))


def _partners(connection: sqlite3.Connection) -> list[int]:
    gone = "IN (SELECT id FROM gone)"
    rows = connection.execute(
        f"SELECT other_id FROM change WHERE entity_id {gone} AND tbl IN ('entity', 'transition')"
        f" UNION SELECT entity_id FROM change WHERE other_id {gone} AND tbl IN ('entity', 'transition')"
        f" UNION SELECT into_id FROM transition WHERE entity_id {gone}"
        f" UNION SELECT entity_id FROM transition WHERE into_id {gone}"
        " UNION SELECT b.entity_id FROM change a JOIN change b ON b.operation_id = a.operation_id AND b.tbl = a.tbl"
        f" AND b.row_id = a.row_id WHERE a.entity_id {gone} AND a.last_id IS NULL AND a.tbl <> 'entity'"
        # The organization of a lead may have got nothing but copies.
        " UNION SELECT b.entity_id FROM change a JOIN change b ON b.operation_id = a.operation_id"
        f" AND b.tbl IN ('entity', 'field_value') AND b.last_id IS NULL WHERE a.entity_id {gone} AND a.tbl = 'entity'"
        " AND a.last_id IS NULL"
        " AND (json_type(a.after, '$.merged_into') NOT NULL OR json_type(a.after, '$.type') NOT NULL)"
    )
    gone_now = {row[0] for row in connection.execute("SELECT id FROM gone")}
    return sorted(row[0] for row in rows if row[0] is not None and row[0] not in gone_now)


def _texts(connection: sqlite3.Connection) -> set[str]:
    """Return the texts of theirs that may have been given to another's row: values, and lines of notes."""
    found: set[str] = set()
    for table, names in COPIED.items():
        members = ", ".join(f"'{name}', {name}" for name in names)
        for image in connection.execute(
            f"SELECT json_object({members}) FROM {table}"
            f" WHERE id IN (SELECT row_id FROM gone_row WHERE tbl = '{table}' AND there)"
            " UNION ALL SELECT before FROM change c JOIN gone_row g ON g.tbl = c.tbl AND g.row_id = c.row_id"
            f" WHERE c.tbl = '{table}' AND c.before IS NOT NULL"
            " UNION ALL SELECT after FROM change c JOIN gone_row g ON g.tbl = c.tbl AND g.row_id = c.row_id"
            f" WHERE c.tbl = '{table}' AND c.after IS NOT NULL"
        ):
            said = json.loads(image[0])
            for name in names:
                if isinstance(said.get(name), str):
                    # A card is copied whole, and has lines that every other one has.
                    lines = said[name].split("\n") if table != "card" else ()
                    found.update(line.strip() for line in (said[name], *lines))
    found.discard("")
    return found


def _redact(image: str | None, table: str, present: Row, mine: set[str], long: list[str]) -> str | None:
    """Return an image without the texts of somebody who goes, but for what the row still has."""
    if image is None:
        return None
    said = json.loads(image)
    changed = False
    for name in COPIED[table]:
        value = said.get(name)
        if not isinstance(value, str) or value == present.get(name):
            continue
        if value.strip() in mine or (table != "card" and any(text in value for text in long)):
            said[name] = ERASED
            changed = True
    return json.dumps(said, ensure_ascii=False) if changed else image
