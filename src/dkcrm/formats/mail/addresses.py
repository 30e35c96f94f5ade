"""Lists of addresses as mail headers have them (RFC 5322 3.4): names, comments, groups, and what mailers make of it."""

from __future__ import annotations

import re
from typing import NamedTuple

from dkcrm.domain.values import check_email
from dkcrm.errors import InvalidInput
from dkcrm.formats.mail.charsets import clean_line
from dkcrm.formats.mail.header_fields import decode_words

LONGEST_NAME = 250
_ANY = re.compile(r"[^\s<>()\[\],;:\\\"']{1,64}@[^\s<>()\[\],;:\\\"'@]{1,255}")
_QUOTES = {'"': '"', "'": "'", "“": "”", "«": "»", "‘": "’"}


class Mailbox(NamedTuple):
    """Somebody in an address header: the address, and the display name that goes with it (empty where there is none).

    The name is decoded, without quotes, and never taken apart: ``Bianchi, Anna`` stays as it is.
    """

    address: str
    name: str

    @property
    def called(self) -> str:
        """How to call the one behind it: the name, or the address where nothing else is known."""
        return self.name or self.address


class _Item:
    """What has been read of one item of a list."""

    __slots__ = ("angle", "angled", "comments", "phrase")

    def __init__(self) -> None:
        self.phrase: list[str] = []
        self.angle: list[str] = []
        self.angled = False
        self.comments: list[str] = []


def mailboxes(text: str) -> list[Mailbox]:
    """Return the people of an address header's value, in order; what is no valid address is left out.

    One pass over the characters, without recursion. A name with a comma that should have been quoted
    (``Bianchi, Anna <anna@bianchi.it>``) is put together again.
    """
    found: list[Mailbox] = []
    item = _Item()
    before = ""  # what stood before a comma and had no address: the first half of a name, perhaps
    depth, quoted, escaped, angle = 0, False, False, False
    for place, char in enumerate(text):
        into = item.comments if depth else item.angle if angle else item.phrase
        if escaped:
            escaped = False
            into.append(char)
        elif char == "\\" and (quoted or depth):
            escaped = True
        elif quoted:
            quoted = char != '"'
            if quoted:
                into.append(char)
            elif text[place + 1 : place + 2] == "@":
                into.append('"')  # a quoted local part: not to be taken for its last word
        elif depth or char == "(":
            if depth > 1 or (depth and char != ")"):
                into.append(char)
            depth += (char == "(") - (char == ")")
        elif char == '"' and not angle:
            quoted = True
        elif char == "<":
            angle, item.angled = True, True
        elif char == ">":
            angle = False
        elif char == ";" or (char == "," and not angle):
            rest = _take(item, before, found)
            before = rest if char == "," else ""
            item, angle = _Item(), False
        elif char == ":" and not angle and "@" not in item.phrase:
            item, before = _Item(), ""  # a group's name
        else:
            into.append(char)
    _take(item, before, found)
    if not found:
        found = [Mailbox(address, "") for address in _ANY.findall(decode_words(text[:10_000])) if valid(address)][:1]
    return found


def valid(address: str) -> bool:
    """Say whether it has the shape of an email address."""
    try:
        check_email(address)
    except InvalidInput:
        return False
    return True


def address_in(text: str) -> str | None:
    """Return the first address that stands anywhere in a text, or None."""
    found = next((address.rstrip(".") for address in _ANY.findall(text[:1_000])), None)
    return found if found and valid(found) else None


def display_name(text: str) -> str:
    """Return a display name decoded, in one line and without quotes; empty when it is nothing but an address."""
    name = clean_line(decode_words(text), LONGEST_NAME)
    while len(name) > 1 and _QUOTES.get(name[0]) == name[-1]:
        name = name[1:-1].strip()
    return "" if "@" in name and _ANY.fullmatch(name) else name


def _take(item: _Item, before: str, found: list[Mailbox]) -> str:
    """Add an item to those found; return its phrase where it has no address and may be half of a name."""
    phrase = "".join(item.phrase).strip()
    if item.angled:
        address = "".join(item.angle).strip().strip("'\"").removeprefix("mailto:")
        address = address.rpartition(":")[2] if address.startswith("@") else address
        name = f"{before}, {phrase}" if before and phrase else phrase
    elif "@" in phrase:
        words = phrase.split()
        address = next((word for word in words if "@" in word), "").strip("'")
        name = " ".join(word for word in words if "@" not in word) or "".join(item.comments)
    else:
        return phrase
    if valid(address):
        found.append(Mailbox(address, display_name(name)))
    return ""
