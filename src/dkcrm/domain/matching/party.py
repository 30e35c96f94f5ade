"""What is compared of an entity: its values, prepared once, small enough to hold a million of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from dkcrm.domain.matching.organizations import FREE_MAIL, own_domain, web_domain
from dkcrm.domain.matching.words import Place, Words, firm_words, is_firm, person_words, place, whole_address
from dkcrm.domain.text import fold
from dkcrm.domain.values import code_key

#: Whose values they are. ``EITHER`` is a lead or suspect, which may be a person, an organization or both.
EITHER, PERSON, ORGANIZATION = 0, 1, 2

#: Names of mailboxes that several people read.
ROLES = frozenset(
    """info sales office admin administration amministrazione contact contacts contatti commerciale vendite acquisti
    segreteria segretariato direzione support supporto help helpdesk service servizi clienti assistenza marketing mail
    email posta hello ciao team staff hr personale jobs lavoro billing fatture fatturazione contabilita accounting
    accounts orders ordini ordine reception booking prenotazioni reservations press stampa ufficio post postmaster
    webmaster noreply no-reply newsletter kontakt buero vertrieb accueil comptabilite protocollo comune shop store pec
    enquiries inquiries general secretary""".split()
)
_BIRTH = re.compile(r"birth|nascita|\bdob\b|geburt|naissance|nacimiento|\bnat[oa]\b|bday|compleanno|\bborn\b")
_CODE_NAME = re.compile(
    r"\bid\b|\bids\b|ssn|social|passport|passaporto|patente|licen[cs]e|codice|code|matricola|tessera|badge|number|"
    r"\bno\b|numero|\bnr\b|iban|account|serial|document|fiscal|\bcf\b|\bcrn\b|\bnhs\b|\bduns\b|\brea\b|isin|orcid"
)
_OWN_CODE_NAME = re.compile(
    r"ssn|\bsoc|passport|passaporto|patente|driv\w* lic|fiscal|\bcf\b|national|nhs|carta d|identit|\bdni\b|"
    r"\bnif\b|\bcurp\b|orcid|isin|\bduns\b|\blei\b|\brea\b|\bcrn\b"
)
#: Fields that tell of a record in some program and of nobody: when it was changed, by whom, in what run it came.
_OF_RECORD = re.compile(
    r"modif|creat|updat|chang|stamp|\bowner|delet|session|\bsync|import|export|batch|\betag\b|revision|\bversion\b|"
    r"last activity|last viewed|last referenced|record type|ultima modifica|proprietario"
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")
_NOT_DIGITS = str.maketrans("", "", "+ ()./-\u00a0\u2011\t")
_EXTENSION = re.compile(r"(?i)(?:ext|int|x|#|;).*$")
_EMPTY: tuple[str, ...] = ()
_NO_FIRM: tuple[Words, str] = ((), "")
_NO_PHONES: tuple[int, ...] = ()
_NO_FIELDS: tuple[tuple[str, str], ...] = ()


class Address(NamedTuple):
    """A postal address as it is known: in parts, or as one ``text`` where there are none."""

    street: str | None = None
    city: str | None = None
    postcode: str | None = None
    region: str | None = None
    country: str | None = None
    text: str | None = None


class Party:
    """The prepared values of an entity, or of one side of it; made by ``party()``.

    ``number`` is the caller's. ``words`` are those of the person's name, of which the first ``cut`` are given names (-1
    where that is not known); ``org`` those of the organization's, and ``firm`` these in one. Emails are lower case,
    phones their last nine digits. ``birth`` is ``YYYYMMDD``; ``fields`` are pairs of a name and a folded value.
    """

    __slots__ = (
        "birth", "cut", "emails", "fields", "firm", "number", "org", "phones", "places", "side", "site", "tax", "vat",
        "words",
    )  # fmt: skip

    def __init__(
        self,
        number: int,
        side: int,
        words: Words,
        cut: int,
        org: Words,
        firm: str,
        emails: tuple[str, ...],
        phones: tuple[int, ...],
        places: tuple[Place, ...],
        vat: str,
        tax: str,
        site: str,
        birth: str,
        fields: tuple[tuple[str, str], ...],
    ) -> None:
        self.number = number
        self.side = side
        self.words = words
        self.cut = cut
        self.org = org
        self.firm = firm
        self.emails = emails
        self.phones = phones
        self.places = places
        self.vat = vat
        self.tax = tax
        self.site = site
        self.birth = birth
        self.fields = fields


def party(
    number: int,
    *,
    side: int = EITHER,
    name: str | None = None,
    first: str | None = None,
    last: str | None = None,
    organization: str | None = None,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    addresses: Iterable[Address] = (),
    vat_id: str | None = None,
    tax_code: str | None = None,
    website: str | None = None,
    fields: Mapping[str, str] | None = None,
) -> Party:
    """Prepare plain values for comparison.

    ``name`` is the person's whole name, used where ``first`` and ``last`` are not known. Phones are best in E.164; any
    notation will do. ``fields`` are all other values that entities have, by name: dates of birth, identifiers,
    categories; what they prove depends on how common the values are.
    """
    words, cut = _person(name, first, last)
    firm = organization
    if words and not organization and side != PERSON and is_firm(name or f"{first or ''} {last or ''}"):
        firm, words, cut = name or f"{first or ''} {last or ''}", (), -1
    birth, others = _fields(fields) if fields else ("", _NO_FIELDS)
    return Party(
        number,
        side,
        words,
        cut,
        *(_firm(firm) if firm else _NO_FIRM),
        tuple(dict.fromkeys(filter(None, map(_email, emails)))) if emails else _EMPTY,
        tuple(dict.fromkeys(filter(None, map(phone_key, phones)))) if phones else _NO_PHONES,
        tuple(_places(addresses)) if addresses else (),
        code_key(vat_id) if vat_id else "",
        code_key(tax_code) if tax_code else "",
        (web_domain(website) or "") if website else "",
        birth,
        others,
    )


@lru_cache(maxsize=1 << 16)
def _firm(name: str) -> tuple[Words, str]:
    """Return the words of an organization's name, and these in one."""
    words = firm_words(name)
    return words, "".join(words)


def _person(name: str | None, first: str | None, last: str | None) -> tuple[Words, int]:
    """Return the words of a person's name, and how many of them are given names (-1: not known)."""
    if first or last:
        given = person_words(first) if first else ()
        return given + (person_words(last, family=True) if last else ()), len(given)
    if not name:
        return (), -1
    family, comma, given_names = name.partition(",")
    if comma and given_names.strip() and family.strip():
        given = person_words(given_names)
        return given + person_words(family, family=True), len(given)
    return person_words(name), -1


def _email(text: str) -> str:
    """Return an email as it is compared: lower case, without a tag after ``+``."""
    email = text.strip().lower()
    if "+" in email and "@" in email:
        local, _at, host = email.rpartition("@")
        email = f"{local.partition('+')[0] or local}@{host}"
    return email


def phone_key(text: str) -> int:
    """Return the last nine digits of a phone number, by which two notations of it are one; 0 where it has too few."""
    if text[:1] == "+" and text[1:].isdecimal():
        return int(text[-9:]) if len(text) >= 7 else 0
    digits = text.translate(_NOT_DIGITS)
    if not digits.isdecimal():
        digits = "".join(filter(str.isdecimal, _EXTENSION.sub("", text)))
    return int(digits[-9:]) if len(digits) >= 6 else 0


def domains_of(party: Party) -> set[str]:
    """Return the domains that somebody has of a website and of emails, without those of mail providers."""
    found = set()
    for email in party.emails:
        if domain := _domain(email[email.rfind("@") + 1 :]):
            found.add(domain)
    if party.site and (domain := _domain(party.site)):
        found.add(domain)
    return found


@lru_cache(maxsize=1 << 16)
def _domain(host: str) -> str:
    own = own_domain(host)
    return "" if own in FREE_MAIL else own


def _places(addresses: Iterable[Address]) -> Iterable[Place]:
    """Yield addresses as they are compared; those of which nothing is known are left out."""
    for address in addresses:
        line, city, code, region, country, text = address
        if text and not line and not city:
            line, city, found = whole_address(text)
            code = code or found
        made = place(line or "", city or "", code or "", region or "", country or "")
        if made[0] or made[2] or made[3]:
            yield made


def _fields(fields: Mapping[str, str]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the birth date among named values, and the others that tell of the entity."""
    birth = ""
    others: list[tuple[str, str]] = []
    for name, value in fields.items():
        if not value:
            continue
        key = fold(name.replace("_", " "))
        if _BIRTH.search(key) and (found := date_key(value)):
            birth = birth or found
        elif _OF_RECORD.search(key) or _MOMENT.match(value):
            continue
        elif text := fold(value):
            others.append((key, text))
    return birth, tuple(others)


def names_a_code(field: str) -> bool:
    """Tell whether a field's name says that it holds a number or code of its own for each entity."""
    return _CODE_NAME.search(field) is not None


def names_own_code(field: str) -> bool:
    """Tell whether a field's name says that no two people have one of its codes: a passport's, not a contract's."""
    return _OWN_CODE_NAME.search(field) is not None


def date_key(text: str) -> str:
    """Return a date as ``YYYYMMDD``, or a blank; a day that does not exist is kept, for it may be a typing error."""
    groups: list[str] = re.findall(r"\d+", text.partition("T")[0])
    if len(groups) == 1 and len(groups[0]) == 8:
        digits = groups[0]
        return digits if digits[:2] in ("18", "19", "20") else digits[4:] + digits[2:4] + digits[:2]
    if len(groups) < 3:
        return ""
    a, b, c = groups[:3]
    if len(a) == 4:
        return f"{a}{b:0>2}{c:0>2}"[:8]
    if len(c) == 2:
        c = ("20" if int(c) < 25 else "19") + c
    if len(c) != 4:
        return ""
    day, month = (b, a) if int(b) > 12 else (a, b)
    return f"{c}{month:0>2}{day:0>2}"[:8]
