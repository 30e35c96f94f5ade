"""Undo and redo: an operation is reversed by a new one that applies the inverse of its changes (as jj does).

An undo is an operation with changes of its own, so redo is nothing else than reversing the undo. What may be reversed
is decided from the history: an operation stands in the way if it stands itself, came later, and changed a value that
would go back, or worked on an entity that would go.
"""

from __future__ import annotations

import sqlite3

from dkcrm.errors import Conflict, NotFound, Refused
from dkcrm.i18n import _
from dkcrm.store import engine
from dkcrm.store.blockers import blockers, later_work, segment_work
from dkcrm.store.erasures import erasures_in, is_erasure
from dkcrm.store.history import Change, Operation, changes, operation
from dkcrm.store.images import columns, decode
from dkcrm.store.indexing import take_out
from dkcrm.store.journal import UnitOfWork
from dkcrm.store.segments import unsound


def latest_to_undo(connection: sqlite3.Connection) -> int:
    """Return the latest operation that stands, or raise Refused where there is none."""
    row = connection.execute("SELECT max(id) FROM operation WHERE kind='do' AND undone_by IS NULL").fetchone()
    if row[0] is None:
        raise Refused(_("there is nothing to undo"), code="nothing_to_undo")
    return int(row[0])


def latest_to_redo(connection: sqlite3.Connection) -> int:
    """Return the undo that is to be reversed: the last one, if nothing new was written since."""
    row = connection.execute(
        "SELECT max(id) FROM operation WHERE kind='undo' AND undone_by IS NULL"
        " AND id > coalesce((SELECT max(id) FROM operation WHERE kind='do'), 0)"
    ).fetchone()
    if row[0] is None:
        raise Refused(
            _("there is nothing to redo"),
            code="nothing_to_redo",
            hint=_("redo puts back what was undone last, until something new is written; see: dkcrm history"),
        )
    return int(row[0])


def check_reversible(connection: sqlite3.Connection, number: int) -> Operation:
    """Return the operation of a number that may be reversed, or raise NotFound or Refused."""
    target = operation(connection, number)
    if target is None:
        raise NotFound(_("no operation {number}").format(number=number), hint=_("see: dkcrm history"))
    if target.undone_by is not None:
        raise Refused(
            _("operation {number} is undone already, by {by}").format(number=number, by=target.undone_by),
            code="already",
        )
    if target.kind == "redo":
        raise Refused(
            _("operation {number} is a redo: undo what it put back").format(number=number),
            code="wrong_kind",
            hint=f"dkcrm undo {_redone(connection, target)}",
        )
    _check_erased(connection, target)
    return target


def _check_erased(connection: sqlite3.Connection, target: Operation) -> None:
    """Refuse what would bring somebody back who was erased, or is the erasure itself."""
    if is_erasure(connection, target.id):
        raise Refused(
            _("operation {number} has erased people: what it destroyed comes back by no road").format(number=target.id),
            code="erased",
            hint=_("to undo another operation name it: dkcrm undo OPERATION; see: dkcrm history"),
        )
    by = erasures_in(connection, target.id)
    if by is not None:
        raise Conflict(
            _("operation {number} ({name}) touched somebody who was erased: it cannot be reversed").format(
                number=target.id, name=target.name
            ),
            code="erased",
            hint=_("to undo another operation name it: dkcrm undo OPERATION; see: dkcrm history"),
            candidates=[{"operation": number, "use": f"dkcrm history --operation {number}"} for number in by],
        )


def _redone(connection: sqlite3.Connection, redo: Operation) -> int:
    undo = operation(connection, redo.reverses or 0)
    return (undo.reverses if undo else None) or redo.id


def reverse(uow: UnitOfWork, target: Operation) -> None:
    """Apply the inverse of an operation, or raise Conflict with the operations that stand in the way."""
    connection = uow.connection
    standing = blockers(connection, target)
    if standing:
        raise in_the_way(target, standing)
    connection.execute("PRAGMA defer_foreign_keys=ON")
    uow.reverses = target.id
    unsound_before = unsound(connection)
    try:
        bulk = _bulk_ranges(connection, target)
        ranges = [change for change in changes(connection, target.id) if change.last_id is not None]
        _delete_ranges(uow, ranges)
        _reverse_singles(uow, target, bulk)
        for table, first, last in bulk:
            _restore_range(uow, target.id, table, first, last)
        for table, first, last in uow.ranges:
            if table == "entity":
                uow.index_range(first, last)
        _settle_primaries(uow)
    except engine.IntegrityError as error:
        raise in_the_way(target, later_work(connection, target)) from error
    lost = unsound(connection) - unsound_before
    if lost:
        raise in_the_way(target, segment_work(connection, target, lost))


def commit(uow: UnitOfWork, target: Operation, show: list[int]) -> None:
    """Commit a reversal; what the foreign keys find to be missing is later work that no rule foresaw."""
    mark(uow, target)
    try:
        uow.commit(show=show, keep_times=True)
    except engine.IntegrityError as error:
        raise in_the_way(target, later_work(uow.connection, target)) from error


def mark(uow: UnitOfWork, target: Operation) -> None:
    """Note who reversed whom: an undone operation stands no more, and one that is redone stands again."""
    number = uow.open()
    connection = uow.connection
    connection.execute("UPDATE operation SET undone_by=? WHERE id=?", (number, target.id))
    if target.kind == "undo":
        connection.execute("UPDATE operation SET undone_by=NULL WHERE id=?", (target.reverses,))


def _reverse_singles(uow: UnitOfWork, target: Operation, bulk: list[tuple[str, int, int]]) -> None:
    """Reverse row by row: deletes first, then updates, then inserts, so that no unique value is in its own way."""

    def in_bulk(change: Change) -> bool:
        return any(table == change.table and first <= change.row_id <= last for table, first, last in bulk)

    everything = list(changes(uow.connection, target.id))
    own = [(c.row_id, c.last_id) for c in everything if c.table == "entity" and c.last_id is not None]

    def gone_whole(change: Change) -> bool:
        """An entity that the operation brought in bulk and then changed is gone already, whatever became of it."""
        return change.table == "entity" and any(first <= change.row_id <= (last or first) for first, last in own)

    pending = [c for c in everything if c.last_id is None and not in_bulk(c) and not gone_whole(c)]
    gone = {(c.table, c.row_id) for c in pending if c.after is None}
    for change in reversed(pending):
        if change.before is None and (change.table, change.row_id) not in gone:
            uow.delete(change.table, change.row_id)
    for change in reversed(pending):
        if change.before is not None and change.after is not None:
            _put_back(uow, target, change)
    for change in reversed(pending):
        if change.after is None and change.before is not None:
            image = decode(change.before)
            if uow.row(change.table, change.row_id) is not None:
                # It moved to another entity: the row is there, under its new owner.
                uow.update(change.table, change.row_id, {**dict.fromkeys(uow.columns(change.table)), **image})
            else:
                uow.insert(change.table, image)


def _put_back(uow: UnitOfWork, target: Operation, change: Change) -> None:
    """Give a row its former values; the time of the last change goes back only where it is still this operation's."""
    before, after = decode(change.before or "{}"), decode(change.after or "{}")
    now = uow.row(change.table, change.row_id) or {}
    if now.get("updated_at") != after.get("updated_at"):
        before.pop("updated_at", None)
    if any(now.get(name) != after.get(name) for name in before):
        raise in_the_way(target, later_work(uow.connection, target))
    uow.update(change.table, change.row_id, before)


def _settle_primaries(uow: UnitOfWork) -> None:
    """See to it that one value of a kind, and one membership, is primary where a named undo left none or two.

    Undoing in order never needs it: then the flags go back to where they were.
    """
    for number in uow.touched():
        for table, owner, kind in (
            ("contact_point", "entity_id", "kind"),
            ("address", "entity_id", "entity_id"),
            ("membership", "member_id", "member_id"),
        ):
            for first, primaries, chosen in uow.query(
                f"SELECT min(id), sum(is_primary), min(CASE WHEN is_primary = 1 THEN id END) FROM {table}"
                f" WHERE {owner} = ? GROUP BY {kind}",
                (number,),
            ):
                if primaries == 1:
                    continue
                keep = chosen or first
                group = f" AND kind = (SELECT kind FROM {table} WHERE id = {int(keep)})" if kind == "kind" else ""
                for (row_id,) in uow.query(f"SELECT id FROM {table} WHERE {owner} = ?{group}", (number,)):
                    uow.update(table, row_id, {"is_primary": int(row_id == keep)})


def _bulk_ranges(connection: sqlite3.Connection, target: Operation) -> list[tuple[str, int, int]]:
    """Return the ranges of rows that an undo took away whole: those that the undone operation had inserted in bulk."""
    if target.kind != "undo" or target.reverses is None:
        return []
    ranges = (c for c in changes(connection, target.reverses) if c.last_id is not None)
    return [(change.table, change.row_id, change.last_id or change.row_id) for change in ranges]


def _delete_ranges(uow: UnitOfWork, ranges: list[Change]) -> None:
    """Delete rows that were inserted in bulk, set-wise, with their images into the history."""
    connection = uow.connection
    for change in ranges:
        if change.table == "entity":
            take_out(connection, "id BETWEEN ? AND ?", (change.row_id, change.last_id or change.row_id))
    # Children before their entities: foreign keys are deferred, but the images must see whole rows.
    for change in sorted(ranges, key=lambda c: c.table == "entity"):
        uow.delete_range(change.table, change.row_id, change.last_id or change.row_id)


def _restore_range(uow: UnitOfWork, operation_id: int, table: str, first: int, last: int) -> None:
    """Insert a range of rows that an undo deleted, set-wise from their images, and record it as a range again."""
    connection = uow.connection
    names = columns(connection, table)
    connection.create_function("unhex_uid", 1, bytes.fromhex, deterministic=True)
    picked = ", ".join(
        "unhex_uid(json_extract(before, '$.uid'))" if name == "uid" else _extract(name) for name in names
    )
    connection.execute(
        f"INSERT INTO {table} ({', '.join(names)}) SELECT {picked} FROM change"
        " WHERE operation_id=? AND tbl=? AND last_id IS NULL AND row_id BETWEEN ? AND ? ORDER BY row_id",
        (operation_id, table, first, last),
    )
    uow.insert_range(table, first, last)


def _extract(name: str) -> str:
    picked = f"json_extract(before, '$.{name}')"
    return f"coalesce({picked}, '')" if name == "notes" else picked


def in_the_way(target: Operation, standing: list[int]) -> Conflict:
    """Return the refusal that lists the operations in the way of a reversal, the latest first."""
    return Conflict(
        _("operation {number} ({name}) cannot be undone: later work builds on it").format(
            number=target.id, name=target.name
        ),
        hint=_("undo these first, the latest first: {numbers}").format(
            numbers=", ".join(str(number) for number in reversed(standing))
        )
        if standing
        else None,
        candidates=[{"operation": number, "use": f"dkcrm undo {number}"} for number in reversed(standing)],
    )
