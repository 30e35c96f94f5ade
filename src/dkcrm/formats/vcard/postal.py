"""The text of a delivery label: a property of its own up to 3.0 (LABEL), a parameter of ADR in 4.0."""

from __future__ import annotations

from dkcrm.formats.vcard.content import escape, param_text, param_value, unescape
from dkcrm.formats.vcard.convert import Line


def join_labels(lines: list[Line], version: str) -> list[Line]:
    """Return the lines with every delivery label in the version's own form."""
    if version == "4.0":
        return _into_addresses(lines) if any(line.key == "LABEL" for line in lines) else lines
    return _out_of_addresses(lines)


def types_of(line: Line) -> frozenset[str]:
    """Return what an address or a label is for."""
    return frozenset(word.lower() for word in line.types()) - {"pref"}


def _into_addresses(lines: list[Line]) -> list[Line]:
    """Give each LABEL to the address of its group, of its types, or to the only one."""
    addresses = [line for line in lines if line.key == "ADR" and not _label(line)]
    waiting: dict[object, list[Line]] = {}
    for line in reversed(addresses):
        waiting.setdefault(line.group.lower() or types_of(line), []).append(line)
    out: list[Line] = []
    for line in lines:
        if line.key != "LABEL":
            out.append(line)
            continue
        key = line.group.lower() or types_of(line)
        owners = waiting.get(key) or (waiting.get(types_of(addresses[0])) if len(addresses) == 1 and not key else None)
        text = f"LABEL={param_value(unescape(line.value))}"
        if not owners:
            # A label whose address nobody wrote: an address of no parts carries it.
            out.append(Line("ADR", ";;;;;;", [*line.params, text], line.group))
            continue
        found = owners.pop()
        known = {raw.upper() for raw in found.params}
        extra = [raw for raw in line.params if raw.upper() not in known and _name(raw) not in ("TYPE", "PREF")]
        found.params += [text, *extra]
    return out


def _out_of_addresses(lines: list[Line]) -> list[Line]:
    out: list[Line] = []
    for line in lines:
        label = _label(line) if line.key == "ADR" else None
        if label is None:
            out.append(line)
            continue
        line.params = [raw for raw in line.params if raw is not label]
        if line.value.strip("; "):
            out.append(line)
        types = [raw for raw in line.params if _name(raw) == "TYPE"]
        # A line break stands in the parameter as a caret and n, or as in a value.
        text = param_text(label.partition("=")[2]).replace("\\n", "\n").replace("\\N", "\n")
        out.append(Line("LABEL", escape(text), types, line.group))
    return out


def _label(line: Line) -> str | None:
    return next((raw for raw in line.params if _name(raw) == "LABEL"), None)


def _name(raw: str) -> str:
    return raw.partition("=")[0].strip().upper()
