"""What a database may have that it should not: which of it is wrong, and which is a note.

What is ``wrong`` is damage, or against the rules of the life cycle (SPEC.md section 3); a ``note`` is worth knowing,
and may be as the user wants it: customers who were entered directly have no purchase.
"""

from __future__ import annotations

from typing import NamedTuple

from dkcrm.i18n import _

WRONG, NOTE = "wrong", "note"
#: So much room (bytes) is never little.
_LITTLE = 100 << 20


class Trouble(NamedTuple):
    """What is said of a check that found something: how bad it is, a sentence with blanks, and what to do then."""

    level: str
    text: str
    hint: str | None = None


def trouble(check: str) -> Trouble:
    """Return what is said where a check finds something; in the sentence ``{count}`` is of how many."""
    restore = _("put a backup back: dkcrm restore FILE")
    mends = _("make it anew: dkcrm doctor --fix")
    history = _("see: dkcrm history NUMBER")
    return {
        # The files
        "mode": Trouble(WRONG, _("{path} can be read by others (mode {mode:o})"),
                        _("chmod go-rwx, or: dkcrm doctor --fix")),
        "directory": Trouble(WRONG, "{why}"),
        "place": Trouble(WRONG, "{why}"),
        "space": Trouble(NOTE, _("little room is left beside the database: {free} MB")),
        "erasure": Trouble(NOTE, _("an erasure is not finished: somebody was reading the database"),
                           _("the rows are gone; the next command that nobody is in the way of cleans the files")),
        "left_behind": Trouble(NOTE, _("a command that was killed has left: {paths}"),
                               _("delete it: rm FILE; it may hold all that the database does")),
        "in_plain": Trouble(NOTE, _("the database is encrypted, and copies are not: {paths}"),
                            _("delete them, or: dkcrm encrypt --backups")),
        # What SQLite knows of
        "integrity": Trouble(WRONG, "{why}", restore),
        "schema": Trouble(WRONG, _("tables, indexes or triggers are not dkcrm's: {names}"), mends),
        "references": Trouble(WRONG, _("rows refer to rows that are missing ({where})")),
        "values": Trouble(WRONG, _("values that are not what their columns hold: {count} ({where})"), restore),
        "unread": Trouble(WRONG, _("it could not be looked at ({what}): {why}"), restore),
        "unmended": Trouble(WRONG, _("it could not be made anew: {why}"), restore),
        # What follows from the rows
        "keys": Trouble(WRONG, _("{count} folded names are not those of the names"), mends),
        "full_text": Trouble(WRONG, _("the full text is not that of the rows ({count} words)"), mends),
        # What the history says
        "history": Trouble(WRONG, _("rows that are not what the history says: {count} ({first})"),
                           _("rows were changed by something else than dkcrm, or are damaged")),
        "clock": Trouble(NOTE, _("the clock is behind: the last operation was at {at}")),
        "order": Trouble(NOTE, _("operations dated before the one before: {count}")),
        # What the life cycle says of the evidence
        "suspect_in_contact": Trouble(WRONG, _("suspects that have contacted us: {count}"), "dkcrm promote NUMBER"),
        "lead_without_contact": Trouble(NOTE, _("leads without a contact or a source: {count}")),
        "customer_without_purchase": Trouble(NOTE, _("customers without a purchase: {count}")),
        "advanced_without_purchase": Trouble(WRONG, _("customers by a purchase that is not there: {count}"), history),
        "type_not_of_last_step": Trouble(WRONG, _("types that are not those of the last step: {count}"), history),
        "mixed_membership": Trouble(NOTE, _("links of a customer with one who is none yet: {count}")),
        "wrong_membership": Trouble(WRONG, _("links of types that cannot be linked: {count}"),
                                    "dkcrm unlink NUMBER NUMBER"),
        "lost_alias": Trouble(WRONG, _("aliases that lead nowhere: {count}"), history),
        "two_primary": Trouble(WRONG, _("entities with two primary values of a kind: {count}"), "dkcrm edit NUMBER"),
    }[check]  # fmt: skip


#: What ``--fix`` makes anew: nothing of it was said by the user.
MENDABLE = ("mode", "schema", "keys", "full_text")


def is_little(free: int, size: int) -> bool:
    """Tell whether so many free bytes are little for a database of a size: a restore or an upgrade needs two copies."""
    return free < max(_LITTLE, 2 * size)


def is_open(mode: int) -> bool:
    """Tell whether a file of a mode is for more than its owner."""
    return bool(mode & 0o077)
