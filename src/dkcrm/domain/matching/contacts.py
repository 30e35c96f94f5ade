"""What emails, phones and web domains prove: much where they are somebody's own, little where many share them."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from dkcrm.domain.matching.commonness import Commonness
from dkcrm.domain.matching.organizations import FREE_MAIL, label_of
from dkcrm.domain.matching.party import ROLES, Party, domains_of
from dkcrm.domain.matching.spelling import plain
from dkcrm.domain.matching.words import Words

#: Reasons as they are collected: their bits, and the words.
Told = list[tuple[float, str]] | None

_OWN_EMAIL, _ROLE_EMAIL, _PHONE, _DOMAIN = 18.0, 8.0, 12.0, 11.0
_NO_EMAIL, _NO_PHONE, _NO_DOMAIN = -2.0, -1.5, -1.5


def tell(told: Told, bits: float, reason: str) -> None:
    """Add a reason, where reasons are asked for."""
    if told is not None and reason:
        told.append((bits, reason))


def compare_phones(
    a: tuple[int, ...], b: tuple[int, ...], common: Commonness, told: Told, *, person: bool = True
) -> float:
    """Return the bits of two sets of phones: one in common, one but for a digit, or none."""
    for phone in a:
        if phone in b:
            bits = max(3.0, _PHONE - _lost(common.shared.get(phone, 0)))
            tell(told, bits, "same phone")
            return bits
    for one in a:
        for other in b:
            if _may_be_near(one, other) and OSA.distance(f"{one:09}", f"{other:09}", score_cutoff=1) == 1:
                tell(told, 4.0, "phone but for one digit")
                return 4.0
    return _NO_PHONE if person else 1.5 * _NO_PHONE


def _may_be_near(a: int, b: int) -> bool:
    """Tell whether one wrong digit, or two changed over, may be all that differs: 1 to 9, or nines, and noughts."""
    difference = a - b if a > b else b - a
    while difference % 10 == 0:
        difference //= 10
    return difference < 10 or (difference <= 81 and difference % 9 == 0)


def _lost(count: int) -> float:
    """Return the bits that a value loses by how many have it."""
    return 2.0 * (count.bit_length() - 3) if count > 7 else 0.0


def compare_emails(a: Party, b: Party, common: Commonness, told: Told, *, person: bool) -> float:
    """Return the bits of two sets of emails: one in common, two nearly alike, or the same name at two domains."""
    best, reason = _NO_EMAIL, ""
    people = (a, b) if person else ()
    for one in a.emails:
        for other in b.emails:
            if one[0] != other[0]:
                continue
            if one == other:
                own = not person or one.partition("@")[0] not in ROLES
                lost = _lost(common.shared.get(one, 0))
                bits, why = max(4.0, (_OWN_EMAIL if own else _ROLE_EMAIL) - lost), "same email"
            else:
                bits, why = _near(one, other, people)
            if bits > best:
                best, reason = bits, why
    tell(told, best, reason)
    return best


def two_mailboxes(a: Party, b: Party) -> bool:
    """Tell whether two have emails of different people at one organization: colleagues, as far as one can see."""
    first, second = ({email for email in party.emails if email.partition("@")[0] not in ROLES} for party in (a, b))
    if not first or not second or not first.isdisjoint(second):
        return False
    hosts = {email.rpartition("@")[2] for email in first} & {email.rpartition("@")[2] for email in second}
    return bool(hosts) and all(_near(one, other)[0] <= 0 for one in first for other in second)


def own_email(a: Party, b: Party) -> bool:
    """Tell whether two share an email, or one but for a slip, that is not a mailbox of several people."""
    return any(
        one.partition("@")[0] not in ROLES and (one == other or _near(one, other)[0] >= 8.0)
        for one in a.emails
        for other in b.emails
    )


def _near(a: str, b: str, people: tuple[Party, ...] = ()) -> tuple[float, str]:
    """Return the bits of two different emails, and the reason; ``people`` are those who have them."""
    local_a, _at, host_a = a.rpartition("@")
    local_b, _at, host_b = b.rpartition("@")
    # Compared in earnest is only what may be the same: most pairs are of strangers.
    if local_a[-2:] == local_b[-2:] and (bare := local_a.translate(_MARKS)) == local_b.translate(_MARKS):
        role = local_a in ROLES
        if host_a == host_b:
            return (3.0 if role else 9.0), "same name in email"
        if _one_host(host_a, host_b):
            return (3.0 if role else 9.0), "email but for its domain"
        if role:
            return -0.5, ""
        if people and _of_names(bare, people[0].words + people[1].words):
            # The name has said so already, unless somebody has an address of his own with two providers.
            return (1.0, "same name in email") if host_a in FREE_MAIL and host_b in FREE_MAIL else (0.0, "")
        telling = len(bare) >= 6 or any(c.isdigit() for c in bare)
        return (5.0 if telling else 2.5), "same name in email"
    if host_a != host_b:
        return _NO_EMAIL, ""
    if len(local_a) >= 6 and OSA.distance(local_a, local_b, score_cutoff=1) == 1:
        if [c for c in local_a if c.isdigit()] != [c for c in local_b if c.isdigit()]:
            return 2.0, ""
        return 8.0, "email but for one character"
    if people and local_a[-3:] == local_b[-3:]:
        words = people[0].words + people[1].words
        if _of_names(local_a.translate(_MARKS), words) and _of_names(local_b.translate(_MARKS), words):
            return -0.5, ""  # a.rossi and anna.rossi: one name, written in two ways
    return _NO_EMAIL, ""


_MARKS = str.maketrans("", "", "._-")


def _one_host(a: str, b: str) -> bool:
    """Tell whether two hosts are those of one owner: in another country, or misspelt."""
    name_a, name_b = label_of(a), label_of(b)
    if name_a == name_b:
        return True
    most = 1 if min(len(name_a), len(name_b)) < 8 else 2
    return min(len(name_a), len(name_b)) >= 5 and OSA.distance(name_a, name_b, score_cutoff=most) <= most


def _of_names(bare: str, words: Words) -> bool:
    """Tell whether the name of a mailbox is made of a person's names and initials, and of nothing else."""
    rest = plain(bare)
    for word in sorted(words, key=len, reverse=True):
        if len(word) > 1:
            rest = rest.replace(plain(word), "", 1)
    return len(rest) < 3 and len(rest) < len(bare) - 2 and all(any(w[0] == c for w in words) for c in rest)


def compare_domains(a: Party, b: Party, common: Commonness, told: Told) -> float:
    """Return the bits of the web domains of two organizations; those of mail providers prove nothing."""
    first, second = domains_of(a), domains_of(b)
    if not first or not second:
        return 0.0
    both = first & second
    if not both:
        return _NO_DOMAIN
    bits = max(min(_DOMAIN, common.domains[domain]) for domain in both)
    tell(told, bits, "same domain")
    return bits
