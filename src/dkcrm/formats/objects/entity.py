"""Our own entities (SPEC.md section 7), read back exactly as they were written."""

from __future__ import annotations

import json
from typing import Any

from dkcrm.domain.entity import ORGANIZATION_TYPES, PERSON_TYPES, TYPES
from dkcrm.formats.objects.foreign import Walk
from dkcrm.formats.objects.keys import is_noise
from dkcrm.formats.objects.values import as_text, is_blank, is_scalar, plain
from dkcrm.formats.record import Record

#: What only our own export knows; it is kept as it was parsed.
KEPT = frozenset(
    "id uid updated_at removed_at party memberships interactions purchases transitions assessments card cards "
    "identities field_types whole_name links_to distinct_from aliases tasks campaigns consents tickets keeps "
    "phones rows".split()
)
_SINGLE = (
    "uid", "type", "state", "first_name", "last_name", "organization", "job_title", "vat_id", "tax_code", "website",
    "source", "created_at",
)  # fmt: skip
_POINTS = {"emails": "email", "phones": "phone", "links": "link"}
_DONE = frozenset(["name", "tags", "fields", "notes", "addresses", *_SINGLE, *_POINTS]) | KEPT


def is_entity(value: dict[str, Any]) -> bool:
    """Tell whether an object is an entity as we write it."""
    uid = value.get("uid")
    return isinstance(uid, str) and bool(uid.strip()) and value.get("type") in TYPES


def read_entity(record: Record, value: dict[str, Any]) -> None:
    """Fill a record from an entity; members that someone added are read as another program's are."""
    walk = Walk(record, own=True)
    for key in _SINGLE:
        item = value.get(key)
        if not is_blank(item):
            record.values[key] = as_text(item)
    _read_name(record, value)
    for key, kind in _POINTS.items():
        walk.points(kind, value.get(key), None)
    walk.addresses(value.get("addresses"), None, ("addresses",))
    tags = value.get("tags")
    record.tags += [as_text(tag) for tag in (tags if isinstance(tags, list) else [tags]) if not is_blank(tag)]
    notes = value.get("notes")
    record.notes += [as_text(note) for note in (notes if isinstance(notes, list) else [notes]) if not is_blank(note)]
    fields = value.get("fields")
    if isinstance(fields, dict):
        record.fields += [(key, as_text(item)) for key, item in fields.items() if not is_blank(item)]
    elif not is_blank(fields):
        record.fields.append(("fields", as_text(fields)))
    for key, item in value.items():
        if key not in _DONE and not is_noise(key) and not is_blank(item):
            walk.member((), key, item)
    walk.end()
    record.kept = {key: plain(value[key]) for key in value if key in KEPT}
    _check_kept(record)


def _check_kept(record: Record) -> None:
    """Leave out of what only our own export knows whatever no export of ours would have written."""
    kept = record.kept or {}
    if "whole_name" in kept:
        whole = kept["whole_name"]
        if isinstance(whole, str) and whole.strip():
            record.values["name"] = whole
        elif whole is not None:
            del kept["whole_name"]
    fields = kept.pop("field_types", None)
    if isinstance(fields, dict):
        kept["field_types"] = {name: said for name, said in fields.items() if _is_field(said)}


def _is_field(said: Any) -> bool:
    """Tell whether an object says what a custom field is: its choices are a list of texts, as text."""
    if not isinstance(said, dict) or not isinstance(said.get("kind"), str) or not isinstance(said.get("side"), str):
        return False
    choices = said.get("choices")
    if choices is None:
        return bool(said["kind"] != "choice")
    try:
        listed = json.loads(choices) if isinstance(choices, str) else None
    except (ValueError, RecursionError):
        return False
    return isinstance(listed, list) and all(isinstance(choice, str) for choice in listed)


def _read_name(record: Record, value: dict[str, Any]) -> None:
    """Read the name that an entity goes by; a person's only where first and last name do not say it already."""
    values = record.values
    kind, party, name = values["type"], value.get("party"), value.get("name")
    if kind in PERSON_TYPES:
        party = "person"
    elif kind in ORGANIZATION_TYPES:
        party = "organization"
    joined = " ".join(values[part] for part in ("first_name", "last_name") if part in values)
    if party in ("person", "organization"):
        record.party = party
    if not is_scalar(name) or is_blank(name) or name == joined:
        return
    if party == "organization":
        values.setdefault("organization", as_text(name))
    else:
        values["name"] = as_text(name)
