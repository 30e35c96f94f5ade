"""Phone numbers: the E.164 form (ITU-T E.164) beside what was typed, which is never changed.

phonenumbers decides. Most numbers need little of it: where its own metadata says that no prefix rule applies, the
digits are the number, and reading them so is ten times faster than its parser, which imports of a million rows feel.
A property test holds the short road to the long one.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

_PLAIN = re.compile(r"\+?[0-9 ()./\-]{6,24}")
_NOT_DIGITS = str.maketrans("", "", "+ ()./-")


@lru_cache(maxsize=512)
def _rule(calling_code: int) -> tuple[Any, frozenset[int]] | None:
    """Return (what a number would begin with if a prefix had to go, its possible lengths) for a calling code."""
    import phonenumbers

    region = phonenumbers.region_code_for_country_code(calling_code)
    if region in ("ZZ", "001"):
        return None
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    if metadata is None or metadata.general_desc is None:
        return None
    prefix = metadata.national_prefix_for_parsing
    return (re.compile(prefix) if prefix else None), frozenset(metadata.general_desc.possible_length)


@lru_cache(maxsize=64)
def _region(region: str) -> tuple[int, str | None]:
    """Return the calling code of a country, and its prefix for calls abroad."""
    import phonenumbers

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region, None)
    return phonenumbers.country_code_for_region(region), metadata.international_prefix if metadata else None


@lru_cache(maxsize=1024)
def _calling_code(first_three: str) -> int:
    """Return the calling code that some digits begin with, or 0."""
    import phonenumbers

    for length in (1, 2, 3):
        code = int(first_three[:length])
        if code in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return code
    return 0


def _short_road(text: str, region: str) -> str | None:
    if not _PLAIN.fullmatch(text):
        return None
    digits = text.translate(_NOT_DIGITS)
    if text[0] == "+":
        code = _calling_code(digits[:3]) if len(digits) > 6 and digits[0] != "0" else 0
        number = digits[len(str(code)) :]
    else:
        code, abroad = _region(region)
        number = digits
        if abroad and re.match(abroad, digits):
            return None
        if number.startswith(str(code)):
            return None
    rule = _rule(code) if code else None
    if rule is None or len(number) not in rule[1] or (rule[0] is not None and rule[0].match(number)):
        return None
    return f"+{code}{number}"


def e164(text: str, region: str) -> str | None:
    """Return a phone number as ``+39021234567``, or None when it cannot be one.

    ``region`` is the country (two letters) of a number that is written without its own.
    """
    short = _short_road(text, region)
    if short is not None:
        return short
    import phonenumbers

    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
