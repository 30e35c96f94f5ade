"""When are two entities the same: an exact match, a likeness, or neither (SPEC.md section 3, qualification step 1).

An exact match (VAT number, tax code, email) is attached to, unless the names plainly differ: then it is a likeness, and
a likeness (normalised name, web domain, phone) is never acted on by itself.

What every command may import stands here. What compares in earnest has rooms of its own, for they import rapidfuzz:

- ``party``: ``party()`` prepares the plain values of an entity for comparison
- ``keys``: ``keys()`` gives what a likeness most likely shares with it, for looking it up
- ``commonness``: ``Commonness`` counts how common each value is among those who are compared
- ``likeness``: ``likeness()`` gives the score of two parties, and the reasons in words
- ``pairs``: ``pairs()`` finds the likenesses among many, ``against()`` those of a few among many
- ``clusters``: ``clusters()`` puts together the pairs that are one
"""

from __future__ import annotations

from dkcrm.domain.matching.exact import Candidate, judge, names_differ
from dkcrm.domain.matching.organizations import FREE_MAIL, organization_key, web_domain

__all__ = ["FREE_MAIL", "Candidate", "judge", "names_differ", "organization_key", "web_domain"]
