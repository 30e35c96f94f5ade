"""Phone numbers: the E.164 form (ITU-T E.164) beside what was typed, which is never changed.

phonenumbers decides. Most numbers need little of it: where its own metadata says that no prefix rule applies, the
digits are the number, and reading them so is ten times faster than its parser, which imports of a million rows feel.
A property test holds the short road to the long one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from operator import methodcaller
from typing import Any

#: Below so many digits phonenumbers has rules of its own.
_SHORTEST = 7
_LONGEST = 20
_NOT_DIGITS = str.maketrans("", "", "+ ()./-")
#: The last digits of a second number beside the first, "02 1234567/8", and not a pair of "01/23/45/67/89".
_SECOND = re.compile(r"(?:(?<=[0-9])\s*/\s*[0-9]|(?<=[0-9]{4})\s*/\s*[0-9]{2})\s*")
_LEAST_BESIDE = 6
#: Where letters begin after digits: a remark, or a number to be keyed in by its letters.
_LETTER = re.compile(r"\d\D*?([^\W\d_])")
_VANITY = re.compile(r"[A-Z][A-Z \-.]{2,}[A-Z]")
_EXTENSION = re.compile(r"(?:ext|x|int)[^a-z]*\d", re.IGNORECASE)


#: Everyday names of countries whose exports do not write the code.
_COUNTRIES = {
    **dict.fromkeys(("usa", "us", "united states", "united states of america", "stati uniti", "u s a"), "US"),
    **dict.fromkeys(("uk", "united kingdom", "great britain", "england", "scotland", "wales", "regno unito"), "GB"),
    **dict.fromkeys(("italy", "italia"), "IT"),
    **dict.fromkeys(("germany", "germania", "deutschland"), "DE"),
    **dict.fromkeys(("france", "francia"), "FR"),
    **dict.fromkeys(("spain", "spagna", "españa"), "ES"),
    **dict.fromkeys(("switzerland", "svizzera", "schweiz", "suisse"), "CH"),
    **dict.fromkeys(("austria", "österreich"), "AT"),
    **dict.fromkeys(("netherlands", "paesi bassi", "the netherlands"), "NL"),
    **dict.fromkeys(("belgium", "belgio"), "BE"),
    **dict.fromkeys(("canada",), "CA"),
}


@lru_cache(maxsize=512)
def region_of(country: str) -> str:
    """Return the two letters of a country by its code or everyday name, or a blank where it is not understood."""
    word = " ".join(country.replace(".", " ").split()).lower()
    if word in _COUNTRIES:
        return _COUNTRIES[word]
    import phonenumbers

    return word.upper() if word.upper() in phonenumbers.SUPPORTED_REGIONS else ""


@lru_cache(maxsize=512)
def _rule(calling_code: int) -> tuple[Any, frozenset[int]] | None:
    """Return (what tells whether a number begins with a prefix, its possible lengths) for a calling code."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(calling_code)
    if region in ("ZZ", "001"):
        return None
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    general = metadata.general_desc
    lengths = frozenset((*general.possible_length, *general.possible_length_local_only))
    if prefix and prefix.isdecimal():
        return methodcaller("startswith", prefix), lengths
    return (re.compile(prefix).match if prefix else None), lengths


@lru_cache(maxsize=64)
def _region(region: str) -> tuple[int, re.Pattern[str] | None]:
    """Return the calling code of a country, and its prefix for calls abroad."""
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    abroad = metadata.international_prefix if metadata else None
    return phonenumbers.country_code_for_region(region), re.compile(abroad) if abroad else None


@lru_cache(maxsize=1024)
def _calling_code(first_three: str) -> int:
    """Return the calling code that some digits begin with, or 0."""
    import phonenumbers

    for length in (1, 2, 3):
        code = int(first_three[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return code
    return 0


#: What the short road knows of a number: its calling code, how many digits that is of those given, what tells whether
#: the rest begins with a prefix that has to go, and the lengths that it may have.
_Plan = tuple[str, int, Any, frozenset[int]]


@lru_cache(maxsize=1024)
def _plan_abroad(first_three: str) -> _Plan | None:
    """Return the plan of a number that is written with its country, or None where only the long road can tell."""
    code = _calling_code(first_three)
    rule = _rule(code) if code else (None, frozenset())
    if rule is None:
        return None
    return str(code), len(str(code)), *rule


@lru_cache(maxsize=64)
def _plan_at_home(region: str) -> tuple[_Plan, Any] | None:
    """Return the plan of a number of a country, and what a number begins with that is none of its own."""
    code, abroad = _region(region)
    rule = _rule(code) if code else None
    if abroad is None or rule is None:
        return None
    foreign = re.compile(f"{abroad.pattern}|{code}")
    return (str(code), 0, *rule), foreign.match


def _short_road(text: str, digits: str, region: str) -> str | None:
    """Return the E.164 form, ``""`` for what cannot be a number, or None where only the long road can tell.

    ``digits`` is the text without the marks that are usual in numbers.
    """
    # Digits and those marks, a plus at the beginning: nothing else to think about.
    if "/" in text and _first_of_two(text) != text:
        return None
    if not (_SHORTEST <= len(digits) <= _LONGEST and digits.isdecimal() and digits.isascii() and text.rfind("+") < 1):
        return None
    if text[0] == "+":
        plan = _plan_abroad(digits[:3]) if digits[0] != "0" else None
    else:
        home = _plan_at_home(region)
        plan = home[0] if home is not None and not home[1](digits) else None
    if plan is None:
        return None
    code, start, prefixed, lengths = plan
    number = digits[start:] if start else digits
    if prefixed is not None and prefixed(number):
        return None
    return f"+{code}{number}" if len(number) in lengths else ""


def e164(text: str, region: str) -> str | None:
    """Return a phone number as ``+39021234567``, or None when it cannot be one.

    ``region`` is the country (two letters) of a number that is written without its own.
    """
    short = _short_road(text, text.translate(_NOT_DIGITS), region)
    return (short or None) if short is not None else long_road(text, region)


def e164_column(texts: Sequence[str], regions: Sequence[str]) -> list[str]:
    """Return the E.164 forms of many texts, each with its region; blank where a text cannot be a number."""
    digits = "\x1f".join(texts).translate(_NOT_DIGITS).split("\x1f")
    if len(digits) != len(texts):
        digits = [text.translate(_NOT_DIGITS) for text in texts]
    found: list[str] = []
    for text, number, region in zip(texts, digits, regions, strict=True):
        short = _short_road(text, number, region) if text else ""
        found.append(short if short is not None else long_road(text, region) or "")
    return found


def long_road(text: str, region: str) -> str | None:
    """Return what phonenumbers makes of a number, without what was remarked on it: "06 123456 (casa)", "… fax".

    Letters are digits only where there is no number without them: "+1 800 FLOWERS".
    """
    text = _first_of_two(text)
    letter = _LETTER.search(text)
    if letter is None or "phone-context=" in text:
        return _parsed(text, region)
    number, words = text[: letter.start(1)], text[letter.start(1) :]
    if _digits(words) < _LEAST_BESIDE or _EXTENSION.match(words):
        found = _parsed(_first_of_two(number.rstrip(" ([")), region)
        if found:
            return found
    return _parsed(text, region) if _VANITY.fullmatch(words) and not number.endswith("(") else None


def _first_of_two(text: str) -> str:
    """Return a number without the last digits of another one beside it."""
    at = text.rfind("/")
    if at < 0 or _digits(text[:at]) < _LEAST_BESIDE:
        return text
    start = len(text[:at].rstrip())
    return text[:start] if _SECOND.fullmatch(text, start) else text


def _digits(text: str) -> int:
    return sum(map(str.isdigit, text))


def _parsed(text: str, region: str) -> str | None:
    """Return the E.164 form that phonenumbers makes of a text, or None."""
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region or None)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def beginnings(text: str, region: str) -> list[str]:
    """Return what the E.164 form of a number would begin with of which a text is the beginning."""
    digits = "".join(c for c in text if c.isdigit() and c.isascii())
    if text.strip().startswith("+"):
        return [f"+{digits}"]
    if digits.startswith("00"):
        return [f"+{digits[2:]}"]
    code = _region(region)[0] if region else 0
    home = [f"+{code}{digits}", f"+{code}{digits[1:]}"] if digits.startswith("0") else [f"+{code}{digits}"]
    return ([*home] if code else []) + [f"+{digits}"]
