"""Consent: what somebody agreed to, or took back, for a purpose; the latest word on a purpose is what holds."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, NamedTuple

from dkcrm.errors import InvalidInput
from dkcrm.i18n import _

#: The words of a command, and the state that each records.
STATES = {"give": "given", "withdraw": "withdrawn"}
_PURPOSE = re.compile(r"[a-z0-9][a-z0-9._-]{0,59}", re.ASCII)


class Consent(NamedTuple):
    """One word on a purpose: who said it, when (ISO 8601 UTC), and what proves it; ``holds`` if none came after it."""

    id: int
    type: str
    name: str
    purpose: str
    state: str
    at: str
    proof: str | None
    holds: bool
    uid: str

    def as_json(self) -> dict[str, Any]:
        """Return it as scripts see it; ``id`` is the entity's number."""
        return self._asdict()

    def told(self) -> str:
        """Return it in a few words."""
        proof = f" ({self.proof})" if self.proof else ""
        return f"{self.purpose}: {self.state} {self.at[:10]}{proof}"


def check_purpose(text: str) -> str:
    """Return a purpose in lower case, or raise InvalidInput where it is none (``marketing``, ``news.monthly``)."""
    word = text.strip().lower()
    if not _PURPOSE.fullmatch(word):
        from dkcrm.domain.values import shorten

        raise InvalidInput(
            _("not a purpose: {text}").format(text=shorten(text) or "''"),
            hint=_("one word of letters a-z, digits, points, dashes and underscores, as in: marketing"),
        )
    return word


def check_said(at: str, now: str) -> str:
    """Return the moment of a word on a purpose, or raise InvalidInput where it is yet to come."""
    if at > now:
        raise InvalidInput(_("nobody has consented in the future: {at}").format(at=at), hint=_("say when it was said"))
    return at


def standing(said: Iterable[tuple[str, str, str]]) -> dict[str, tuple[str, str]]:
    """Return what holds of each purpose, as (time, state); ``said`` are purposes, times and states.

    The latest word holds; of two at the same moment the more restrictive.
    """
    found: dict[str, tuple[str, str]] = {}
    for purpose, at, state in said:
        # "withdrawn" sorts after "given".
        found[purpose] = max(found.get(purpose, ("", "")), (at, state))
    return found


def restricted(mine: Iterable[tuple[str, str, str]], theirs: Iterable[tuple[str, str, str]]) -> list[str]:
    """Return the purposes on which two that become one disagree, and the latest word would not be the withdrawal.

    Of two that are one the more restrictive word holds (SPEC.md section 3, step 5).
    """
    one, other = standing(mine), standing(theirs)
    return sorted(
        purpose
        for purpose in one.keys() & other.keys()
        if {one[purpose][1], other[purpose][1]} == {"given", "withdrawn"}
        and max(one[purpose], other[purpose])[1] == "given"
    )
