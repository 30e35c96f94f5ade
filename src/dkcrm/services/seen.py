"""Which keys of a file have come before: the few that have are looked at again, in the database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: So many keys are remembered as they are; beyond them there is a bit for each, by its hash: of two million keys one in
#: seventy is then looked up in vain, and no file needs more memory.
_EXACT = 500_000
_BITS = 1 << 27


class Seen:
    """Remembers keys (emails, ids, uids, fingerprints) by kind; ``repeated`` are those that seem to have come twice."""

    def __init__(self) -> None:
        self.repeated: list[tuple[str, Any]] = []
        self._sets: dict[str, set[Any]] = {}
        self._count = 0
        self._bits: bytearray | None = None

    def see(self, kind: str, *keys: Any) -> None:
        """Note keys; a blank one is none."""
        if self._bits is not None:
            self._mark(kind, keys)
            return
        there = self._sets.setdefault(kind, set())
        new = set(keys)
        new.discard("")
        if not there.isdisjoint(new):
            self.repeated += [(kind, key) for key in there & new]
        if len(new) + keys.count("") < len(keys):
            once: set[Any] = set()
            self.repeated += [(kind, key) for key in keys if key != "" and (key in once or once.add(key))]  # type: ignore[func-returns-value]
        there |= new
        self._count += len(new)
        if self._count > _EXACT:
            self._bits = bytearray(_BITS >> 3)
            for known, marks in self._sets.items():
                self._mark(known, marks, quiet=True)
            self._sets.clear()

    def _mark(self, kind: str, keys: Iterable[Any], *, quiet: bool = False) -> None:
        bits = self._bits
        assert bits is not None
        for key in keys:
            if key != "":
                mark = hash(key) & (_BITS - 1)
                there, bit = bits[mark >> 3], 1 << (mark & 7)
                if not there & bit:
                    bits[mark >> 3] = there | bit
                elif not quiet:
                    self.repeated.append((kind, key))
