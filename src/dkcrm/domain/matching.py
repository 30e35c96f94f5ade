"""When are two entities the same: an exact match, a likeness, or neither (SPEC.md section 3, qualification step 1).

An exact match (VAT number, tax code, email) is attached to, unless the names plainly differ: then it is a likeness, and
a likeness (normalised name, web domain, phone) is never acted on by itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from dkcrm.domain.entity import Entity
from dkcrm.domain.text import fold

#: Forms of companies, folded; they are stripped from the end before names are compared.
_FORMS = frozenset(
    """srl srls spa sapa snc sas ss scarl scrl scpa scpl coop cooperativa soc societa unipersonale a r l rl di c
    gmbh mbh ag kg ohg ug ev se ltd limited plc llp llc inc incorporated corp corporation co company lp pty sa
    sarl sasu eurl sc sl slu bv nv vof ab as asa aps oy oyj kft sro doo zoo pte kk""".split()
)
_LEADING_FORMS = frozenset("""societa soc cooperativa coop ditta studio impresa the""".split())

#: Mail providers: an address there says nothing about its owner's organization.
FREE_MAIL = frozenset(
    """gmail.com googlemail.com hotmail.com hotmail.it outlook.com outlook.it live.com live.it msn.com yahoo.com
    yahoo.it ymail.com icloud.com me.com mac.com aol.com gmx.com gmx.de gmx.net web.de mail.com proton.me
    protonmail.com pm.me fastmail.com zoho.com yandex.com yandex.ru mail.ru libero.it virgilio.it tiscali.it
    alice.it tin.it inwind.it iol.it fastwebnet.it tim.it vodafone.it poste.it pec.it legalmail.it arubapec.it
    postecert.it orange.fr free.fr wanadoo.fr laposte.net t-online.de qq.com 163.com comcast.net verizon.net
    att.net btinternet.com hey.com""".split()
)


def organization_key(name: str) -> str:
    """Return an organization's name without its legal form: ``Bianchi S.r.l.`` and ``BIANCHI SRL`` are ``bianchi``."""
    words = fold(name).split()
    while len(words) > 1 and words[-1] in _FORMS:
        words.pop()
    # "S.a.s. di Mario Rossi & C.": the form stands inside, and what follows it names the partners.
    if "di" in words[2:]:
        place = words.index("di", 2) - 1
        if words[place] in ("sas", "snc"):
            words = words[:place]
    while len(words) > 1 and words[0] in _LEADING_FORMS:
        words.pop(0)
    return " ".join(words)


def web_domain(text: str) -> str | None:
    """Return the domain of a website or email, without ``www.``; None where it is none or a mail provider's."""
    host = text.strip().lower().rpartition("@")[2]
    host = re.sub(r"^[a-z][a-z0-9+.-]*://", "", host)
    host = re.split(r"[/?#:]", host, maxsplit=1)[0].removeprefix("www.").rstrip(".")
    return host if "." in host and host not in FREE_MAIL else None


def _close(a: str, b: str) -> bool:
    """Tell whether two words may be one: equal, an initial, or one letter apart in a word of five or more."""
    if a == b or (len(a) == 1 and b.startswith(a)) or (len(b) == 1 and a.startswith(b)):
        return True
    if min(len(a), len(b)) < 5 or abs(len(a) - len(b)) > 1:
        return False
    if len(a) == len(b):
        return sum(x != y for x, y in zip(a, b, strict=True)) <= 1
    short, long = sorted((a, b), key=len)
    return any(long[:i] + long[i + 1 :] == short for i in range(len(long)))


def names_differ(a: str | None, b: str | None) -> bool:
    """Tell whether two names plainly differ: some word of the shorter one has no counterpart in the other.

    A missing name differs from nothing, and so does a name in another order or with initials.
    """
    if not a or not b:
        return False
    first, second = sorted((a.split(), b.split()), key=len)
    rest = list(second)
    for word in first:
        twin = next((other for other in rest if _close(word, other)), None)
        if twin is None:
            return True
        rest.remove(twin)
    return False


@dataclass
class Candidate:
    """An entity that may be the same as one side of a lead; ``reasons`` in words, ``exact`` if it is attached to."""

    entity: Entity
    exact: bool
    reasons: list[str] = field(default_factory=list)

    def as_json(self, option: str | None = None) -> dict[str, Any]:
        """Return the candidate for an error's list, with the option that chooses it."""
        shown: dict[str, Any] = {
            "id": self.entity.id,
            "type": self.entity.type,
            "name": self.entity.name,
            "reasons": self.reasons,
        }
        if option:
            shown["use"] = f"{option} {self.entity.id}"
        return shown


def judge(entity: Entity, reasons: dict[str, bool], name: str | None, other: str | None) -> Candidate:
    """Return a candidate: ``reasons`` maps each reason to whether it is an exact one; names are folded keys."""
    exact = any(reasons.values()) and not names_differ(name, other)
    words = list(reasons)
    if any(reasons.values()) and not exact:
        words.append("names differ")
    return Candidate(entity, exact, words)
