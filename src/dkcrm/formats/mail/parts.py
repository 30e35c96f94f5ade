"""The parts of a message (MIME, RFC 2045 and 2046), found in one pass and as offsets: nothing is copied or decoded."""

from __future__ import annotations

import binascii

from dkcrm.formats.mail.charsets import clean_line, decode
from dkcrm.formats.mail.header_fields import decode_words, read_fields, value_and_parameters

MOST_PARTS = 1_000
DEEPEST = 50
# Lines that begin as a boundary does; beyond these the rest belongs to the part that is open.
MOST_DASHES = 200_000
# Encoded bytes of one part that are read as text; markup may hold ten times the text that it shows.
MOST_BYTES = 4_000_000


class Part:
    """A message, or a part of one: its header fields, where its body begins and ends, and the parts in it."""

    __slots__ = ("children", "disposition", "end", "fields", "parameters", "start", "type", "used")

    def __init__(self, raw: bytes, at: int, default: str, given: str | None) -> None:
        self.fields, self.start = read_fields(raw, at, given)
        self.end = len(raw)
        kind, self.parameters = value_and_parameters(self.fields.first("content-type"))
        self.type = kind if kind.count("/") == 1 else default
        self.disposition, self.used = value_and_parameters(self.fields.first("content-disposition"))
        self.children: list[Part] = []

    @property
    def file_name(self) -> str:
        """What the part is called as a file; empty where it has no name."""
        name = self.used.get("filename") or self.parameters.get("name") or ""
        return clean_line(decode_words(name[:1_000]), 120)

    def text(self, raw: bytes) -> str:
        """Return the body decoded: transfer encoding, then charset. Of a long one the first 4 MB are read."""
        body = raw[self.start : min(self.end, self.start + MOST_BYTES)]
        cut = self.end > self.start + MOST_BYTES
        way = self.fields.first("content-transfer-encoding").lower()
        if "base64" in way:
            body = _from_base64(body)
        elif "quoted-printable" in way:
            body = binascii.a2b_qp(body)
        return decode(body, self.parameters.get("charset"), self.fields.given, cut=cut)


def read_parts(raw: bytes, given: str | None = None) -> Part:
    """Return the tree of a message's parts.

    At most a thousand parts, nested at most fifty deep: what lies deeper stays one part, and what comes after the
    thousandth belongs to it. ``given`` is the charset that the user named for what declares none.
    """
    root = Part(raw, 0, "text/plain", given)
    chain = [root]  # the parts that are open, outermost first
    boundaries: dict[bytes, int] = {}  # of the open multiparts: where each stands in the chain
    count = 1 + _descend(raw, chain, boundaries, given)
    at = max(chain[-1].start - 1, 0)
    for _number in range(MOST_DASHES):
        if not boundaries or count >= MOST_PARTS:
            break
        dashes = at if at == 0 and raw.startswith(b"--") else raw.find(b"\n--", at) + 1
        if dashes == 0 and not (at == 0 and raw.startswith(b"--")):
            break
        line_end = raw.find(b"\n", dashes)
        line_end = len(raw) if line_end < 0 else line_end
        at = line_end
        line = raw[dashes + 2 : min(line_end, dashes + 1_000)].rstrip()
        place, closes = boundaries.get(line), False
        if place is None and line.endswith(b"--"):
            place, closes = boundaries.get(line[:-2]), True
        if place is None:
            continue
        _close(raw, chain, boundaries, place, dashes)
        if closes:
            boundaries = {boundary: where for boundary, where in boundaries.items() if where != place}
            continue
        parent = chain[place]
        default = "message/rfc822" if parent.type == "multipart/digest" else "text/plain"
        part = Part(raw, min(line_end + 1, len(raw)), default, given)
        parent.children.append(part)
        chain.append(part)
        count += 1 + _descend(raw, chain, boundaries, given)
        at = max(part.start, chain[-1].start) - 1
    return root


def _descend(raw: bytes, chain: list[Part], boundaries: dict[bytes, int], given: str | None) -> int:
    """Open what the last part of the chain begins with: messages in it, or its boundary; return how many were added."""
    added = 0
    while len(chain) < DEEPEST:
        part = chain[-1]
        if part.type.startswith("multipart/"):
            boundary = part.parameters.get("boundary", "").rstrip().encode("utf-8", "replace")
            if boundary:
                boundaries[boundary] = len(chain) - 1
            break
        if part.type not in ("message/rfc822", "message/global") or _is_encoded(part):
            break
        inner = Part(raw, part.start, "text/plain", given)
        part.children.append(inner)
        chain.append(inner)
        added += 1
    return added


def _is_encoded(part: Part) -> bool:
    """Say whether a message in a message is in base64, which no RFC allows: it is left alone, as a file."""
    way = part.fields.first("content-transfer-encoding").lower()
    return "base64" in way or "quoted" in way


def _close(raw: bytes, chain: list[Part], boundaries: dict[bytes, int], place: int, at: int) -> None:
    """End the parts that are open below a multipart; the line end before a boundary belongs to the boundary."""
    end = at - 1 if at > 0 else 0
    end -= raw[end - 1 : end] == b"\r"
    for part in chain[place + 1 :]:
        part.end = max(end, part.start)
    del chain[place + 1 :]
    for boundary in [boundary for boundary, where in boundaries.items() if where > place]:
        del boundaries[boundary]


def _from_base64(body: bytes) -> bytes:
    """Decode base64 as far as it goes: stray characters are passed over, a broken end is dropped."""
    try:
        return binascii.a2b_base64(body)
    except ValueError:
        packed = b"".join(body.split())
        packed = packed[: len(packed) // 4 * 4]
        try:
            return binascii.a2b_base64(packed)
        except ValueError:
            return b""
