"""Whom a campaign is for: references, segments and filters."""

from __future__ import annotations

from collections.abc import Sequence

from dkcrm.domain.query import read_each, read_kept
from dkcrm.errors import InvalidInput
from dkcrm.i18n import _
from dkcrm.services.entities import present
from dkcrm.services.segments import named_segment
from dkcrm.store.audience import removed_among
from dkcrm.store.entities import load, resolve
from dkcrm.store.exporting import picked
from dkcrm.store.journal import UnitOfWork


class Whom:
    """Who is meant: references, segments, and a filter whose terms must all hold; each adds to the others."""

    def __init__(
        self, references: Sequence[str] = (), segments: Sequence[str] = (), filter: Sequence[str] = ()
    ) -> None:
        self.references, self.segments, self.filter = references, segments, filter

    def __bool__(self) -> bool:
        return bool(self.references or self.segments or self.filter)

    def numbers(self, uow: UnitOfWork, *, removed: bool = False) -> list[int]:
        """Return the numbers of whom they stand for, each once; ``removed`` lets those through that were removed.

        Raises NotFound, InvalidInput for a filter that is wrong, and Refused for somebody who was removed.
        """
        found = [resolve(uow.connection, word, removed=None if removed else False) for word in self.references]
        gone = None if removed or not found else removed_among(uow.connection, found)
        if gone is not None:
            present(load(uow.connection, gone))
        for name in self.segments:
            found += picked(uow.session, uow.connection, read_kept(named_segment(uow.connection, name)[1]))
        if self.filter:
            if not any(word.strip() for word in self.filter):
                raise InvalidInput(_("the filter is blank"), hint=_("write one, as in tag:vip"))
            found += picked(uow.session, uow.connection, read_each(self.filter))
        return list(dict.fromkeys(found))
