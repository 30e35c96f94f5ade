"""What the keys of other programs' objects mean: the synonyms of headers, and the words that only JSON knows."""

from __future__ import annotations

import re
from functools import lru_cache

from dkcrm.formats.headers import field_for, label_for

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_NO_LETTERS = re.compile(r"[\W\d_]+")
_LONGEST = 60


def _table(lines: dict[str, str]) -> dict[str, str]:
    """Return each word with what it means, from lines of words."""
    return {word: meaning for meaning, words in lines.items() for word in words.split()}


_ALIASES = _table(
    {
        "name": "names formattedname",
        "organization": "organizations organisations companies worksfor affiliation",
        "note": "personalnotes biography biographies bio about",
        "website": "businesshomepage homepage homepageurl",
        "created_at": "createddatetime createtime createdtime addtime datecreated",
        "external_id": "id resourcename",
        "link": "socialprofiles sociallinks profiles sameas urls",
        "email": "emailaddresses emails mails otheremails",
        "phone": "phonenumbers phones telephones tels mobiles",
        "address": "addresses postaladdresses streetaddresses",
        "tag": "keywords",
    }
)

#: Parts of an address, under the words of vCard, Google, Microsoft, schema.org and those that people use.
ADDRESS_PARTS = _table(
    {
        "street": "street streetaddress streetline line addressline address thoroughfare via indirizzo",
        "more": "extendedaddress extended pobox postofficebox apartment suite unit",
        "city": "city town locality addresslocality comune citta municipality",
        "region": "region state province county addressregion stateprovince stateorprovince provincia",
        "postcode": "postcode postalcode zip zipcode cap code",
        "country": "country countryname countryorregion countryregion addresscountry nation nazione paese",
        "code": "countrycode isocountrycode",
        "whole": "formatted formattedvalue formattedaddress full fulladdress value text display",
        "skip": "metadata etag",
    }
)

NAME_PARTS = _table(
    {
        "first_name": "first given givenname firstname forename nome",
        "last_name": "last family familyname lastname surname cognome",
        "name": "full fullname formatted formattedname display displayname unstructuredname value name text",
        "skip": "metadata displaynamelastfirst etag",
    }
)

#: Keys of an object that hold the value of an email, phone or link, and of a tag or note.
POINT_VALUES = tuple("value address email emailaddress number phone phonenumber url uri href link mail".split())
TEXT_VALUES = tuple("name value text content body note title label".split())
LABELS = ("label", "type", "kind", "rel")
PREFERRED = ("primary", "isprimary", "preferred", "ispreferred", "default", "isdefault")
SIDES = ("person", "organization")

_SEVERAL = frozenset(["email", "phone", "link", "address", "tag", "note"])
#: Objects that only wrap what they hold: their keys are read as if they stood outside.
WRAPPERS = frozenset(
    "properties attributes fields contact person customer lead record node contactinfo contactdetails details "
    "profile info data".split()
)
#: Keys that say nothing of the one recorded.
NOISE = frozenset(["etag", "metadata", "links.self", "$schema", "@context"])
_NOISE_STARTS = ("dkcrm:", "@odata.")


def is_noise(key: str) -> bool:
    """Tell whether a key is a program's own book-keeping; what files of rejects added is too."""
    return key in NOISE or key.startswith(_NOISE_STARTS)


def words(key: str) -> str:
    """Return a key as words: ``firstName`` and ``first_name`` are ``first Name`` and ``first name``."""
    return _CAMEL.sub(" ", key).replace("_", " ")


@lru_cache(maxsize=4096)
def letters(key: str) -> str:
    """Return a key's letters alone, in lower case."""
    return _NO_LETTERS.sub("", key[: 2 * _LONGEST]).lower()


@lru_cache(maxsize=4096)
def meaning(header: str) -> tuple[str | None, str | None]:
    """Return the field that a key (with the path to it, joined by blanks) names, and the label it gives, or None."""
    if len(header) > _LONGEST:
        return None, None
    if header in ("_id", "id"):
        return "external_id", None
    text = words(header)
    field = _ALIASES.get(letters(header)) or field_for(text)
    if field is None and text[-1:] in "sS":
        field = field_for(text[:-1])
        field = field if field in _SEVERAL else None
        text = text[:-1] if field else text
    return field, label_for(text)


@lru_cache(maxsize=1024)
def label_of(kind: str) -> str | None:
    """Return the label that a type says: ``workFax`` is fax, ``http://…#home`` home; others as they stand."""
    said = kind.rpartition("#")[2].strip()
    if letters(said) == "homepage":
        return "homepage"  # of whom it does not say: no address at home
    return (label_for(words(said)) or said) or None
