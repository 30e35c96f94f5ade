"""The fields of the filter language: what each reads in the tables, and its other names."""

from __future__ import annotations

import json
import re
from typing import NamedTuple

from dkcrm.domain.entity import STATES, TYPES
from dkcrm.store.consents import HOLDS


class Field(NamedTuple):
    """How a field of the filter language is read.

    ``sql`` is an expression over ``e`` (an entity), or with ``source`` one over the rows of a subquery that belongs to
    the entity. ``kind`` says how values are compared (store/terms.py has a method for each). ``shown`` is the value as
    a column shows it and ``order`` the one it sorts by, where these are not ``sql``; ``first`` orders the rows of the
    source. A ``closed`` field has no unknown: who has no tag, has not this one either. ``choices`` are all the values
    that there can be; ``whole`` numbers have no fraction.
    """

    sql: str
    kind: str = "text"
    source: str | None = None
    shown: str = ""
    order: str = ""
    first: str = ""
    closed: bool = False
    choices: tuple[str, ...] = ()
    whole: bool = False


_POINTS = "contact_point p WHERE p.entity_id = e.id AND p.kind = '{kind}'"
_PRIMARY = "{alias}.is_primary DESC, {alias}.id"
_ADDRESSES = "address a WHERE a.entity_id = e.id"
_PARTY = (
    "CASE WHEN e.type IN ('prospect', 'person') THEN 'person'"
    " WHEN e.type IN ('target', 'organization') THEN 'organization'"
    " WHEN e.org_name IS NULL THEN 'person' WHEN coalesce(e.full_name, e.first_name, e.last_name) IS NULL"
    " THEN 'organization' ELSE 'both' END"
)
_ORGANIZATIONS = (
    "membership m JOIN entity o ON o.id = m.organization_id WHERE m.member_id = e.id AND o.removed_at IS NULL"
)
_MEMBERS = "membership m JOIN entity o ON o.id = m.member_id WHERE m.organization_id = e.id AND o.removed_at IS NULL"
_CONTACTS = "interaction i WHERE i.entity_id = e.id"
_BOUGHT = "purchase b WHERE (b.entity_id = e.id OR b.also_id = e.id) AND b.voided_at IS NULL"
_TASKS = "open_task k WHERE k.entity_id = e.id"
_MEMBER = "campaign_member u JOIN campaign c ON c.id = u.campaign_id"
_FIRST_DUE = "k.due IS NULL, k.due, k.id"
#: A code as its index has it.
CODE = "replace(replace(replace(replace(upper({column}), ' ', ''), '.', ''), '-', ''), '/', '')"


def _point(kind: str, how: str) -> Field:
    return Field("p.value", how, _POINTS.format(kind=kind), first=_PRIMARY.format(alias="p"))


def _address(sql: str) -> Field:
    return Field(sql, source=_ADDRESSES, first=_PRIMARY.format(alias="a"))


def _count(table: str, where: str) -> Field:
    return Field(f"(SELECT count(*) FROM {table} WHERE {where})", "number", closed=True, whole=True)


def _consent(state: str) -> Field:
    where = f"consent s WHERE s.entity_id = e.id AND s.state = '{state}' AND {HOLDS}"
    return Field("s.purpose", "word", where, first="s.purpose", closed=True)


def _mailed(direction: str) -> Field:
    named = f"i.direction = '{direction}' AND c.removed_at IS NULL"
    return Field(
        "c.name",
        source=f"interaction i JOIN campaign c ON c.id = i.campaign_id WHERE i.entity_id = e.id AND {named}",
        first="i.at DESC, i.id DESC",
        closed=True,
    )


FIELDS: dict[str, Field] = {
    "id": Field("e.id", "entity", closed=True, whole=True),
    "uid": Field("e.uid", "uid", closed=True),
    "type": Field("e.type", "choice", closed=True, choices=TYPES),
    "state": Field("e.state", "choice", closed=True, choices=STATES),
    "party": Field(_PARTY, "choice", closed=True, choices=("person", "organization", "both")),
    "name": Field("e.name", order="e.name_key"),
    "first_name": Field("e.first_name"),
    "last_name": Field("e.last_name"),
    "job_title": Field("e.job_title"),
    "organization": Field(
        "e.org_name",
        order="e.org_key",
        shown=f"coalesce(e.org_name, (SELECT o.name FROM {_ORGANIZATIONS} ORDER BY m.is_primary DESC, m.id LIMIT 1))",
    ),
    "vat_id": Field("e.vat_id", "code"),
    "tax_code": Field("e.tax_code", "code"),
    "website": Field("e.website"),
    "source": Field("e.source"),
    "notes": Field("e.notes"),
    "email": _point("email", "text"),
    "phone": _point("phone", "phone"),
    "link": _point("link", "text"),
    "tag": Field("t.tag", "tag", "tag t WHERE t.entity_id = e.id", first="t.tag", closed=True),
    "address": _address(
        "trim(coalesce(a.value, '') || ' ' || coalesce(a.street, '') || ' ' || coalesce(a.postcode, '') || ' ' ||"
        " coalesce(a.city, '') || ' ' || coalesce(a.region, '') || ' ' || coalesce(a.country, ''))"
    ),
    "street": _address("a.street"),
    "city": _address("a.city"),
    "region": _address("a.region"),
    "postcode": _address("a.postcode"),
    "country": _address("a.country"),
    "member-of": Field("o.name", source=_ORGANIZATIONS, first=_PRIMARY.format(alias="m"), closed=True),
    "in": Field("o.id", "reference", _ORGANIZATIONS, first=_PRIMARY.format(alias="m"), closed=True),
    "role": Field("m.role", source=_ORGANIZATIONS, first=_PRIMARY.format(alias="m"), closed=True),
    "member": Field("o.name", "member", _MEMBERS, first="m.id", closed=True),
    "members": Field(f"(SELECT count(*) FROM {_MEMBERS})", "number", closed=True, whole=True),
    "created": Field("e.created_at", "time", closed=True),
    "updated": Field("e.updated_at", "time", closed=True),
    "removed": Field("e.removed_at", "time", closed=True),
    "last-contact": Field(
        "i.at",
        "time",
        "(SELECT max(at) AS at FROM interaction WHERE entity_id = e.id) i WHERE i.at NOT NULL",
        closed=True,
    ),
    "contacted": Field("i.at", "time", _CONTACTS, first="i.at DESC", closed=True),
    "interactions": _count("interaction", "entity_id = e.id"),
    "interaction": Field(
        "coalesce(i.subject || ' ', '') || i.text", source=_CONTACTS, first="i.at DESC, i.id DESC", closed=True
    ),
    "channel": Field("i.channel", source=_CONTACTS, first="i.at DESC, i.id DESC", closed=True),
    "direction": Field(
        "i.direction", "choice", _CONTACTS, first="i.at DESC, i.id DESC", closed=True, choices=("in", "out")
    ),
    "purchases": _count("purchase", "(entity_id = e.id OR also_id = e.id) AND voided_at IS NULL"),
    "product": Field("b.product", source=_BOUGHT, first="b.bought_on DESC, b.id DESC", closed=True),
    "bought": Field("b.bought_on", "day", _BOUGHT, first="b.bought_on DESC", closed=True),
    "task": Field("k.text", source=_TASKS, first=_FIRST_DUE, closed=True),
    "tasks": _count("open_task", "entity_id = e.id"),
    "due": Field("k.due", "due", _TASKS, first=_FIRST_DUE, closed=True),
    "keep": Field("h.days", "number", "keep h WHERE h.entity_id = e.id", closed=True, whole=True),
    "consent": _consent("given"),
    "withdrawn": _consent("withdrawn"),
    "campaign": Field(
        "c.name", source=f"{_MEMBER} WHERE u.entity_id = e.id AND c.removed_at IS NULL", first="u.id DESC", closed=True
    ),
    "reached": _mailed("out"),
    "answered": _mailed("in"),
    "ticket": Field(
        "q.state",
        "choice",
        "ticket q WHERE q.entity_id = e.id",
        first="q.id DESC",
        closed=True,
        choices=("open", "waiting", "closed"),
    ),
    "tickets": _count("ticket", "entity_id = e.id"),
    "import": Field("", "import", closed=True),
    "operation": Field("", "operation", closed=True),
    "segment": Field("", "segment", closed=True),
}
#: Other words for the same fields.
ALIASES = {
    "number": "id",
    "first": "first_name",
    "last": "last_name",
    "title": "job_title",
    "job": "job_title",
    "org": "organization",
    "company": "organization",
    "vat": "vat_id",
    "tax": "tax_code",
    "site": "website",
    "note": "notes",
    "emails": "email",
    "phones": "phone",
    "links": "link",
    "tags": "tag",
    "addresses": "address",
    "zip": "postcode",
    "created_at": "created",
    "updated_at": "updated",
    "removed_at": "removed",
    "changed": "updated",
    "file": "import",
}
#: What is known of the things around an entity: a custom field of such a name is looked for first.
AROUND = frozenset(
    """role member members contacted interaction channel direction product bought import file operation uid removed
    removed_at addresses task tasks due keep consent withdrawn campaign reached answered ticket tickets""".split()
)
#: What no custom field may be called.
RESERVED = frozenset((*FIELDS, *ALIASES, "segment", "sort")) - AROUND
#: What shows every value of a field, not only the first.
PLURAL = ("emails", "phones", "links", "tag", "tags", "addresses")
#: Fields that no entity has a value of, so that they are neither shown nor sorted by.
UNSHOWN = ("import", "operation", "segment")


def known_field(name: str) -> Field | None:
    """Return a field by its name or another word for it; ``-`` and ``_`` are the same, as in ``tax-code``."""
    for word in (name, name.replace("-", "_"), name.replace("_", "-")):
        found = FIELDS.get(ALIASES.get(word, word))
        if found is not None:
            return found
    return None


def there(field: Field) -> str:
    """Return the condition that an entity has a value of a field."""
    if not field.source:
        return f"{field.sql} > 0" if field.kind == "number" else f"coalesce({field.sql}, '') <> ''"
    return f"EXISTS (SELECT 1 FROM {field.source} AND coalesce({field.sql}, '') <> '')"


def walked(source: str) -> str:
    """Return a SELECT of the entities of all rows of a source, open at its end, or a blank where there is none."""
    match = re.fullmatch(r"(\w+ (\w)) WHERE \2\.entity_id = e\.id(?: AND (.*))?", source)
    return f"SELECT {match[2]}.entity_id FROM {match[1]} WHERE {match[3] or '1'}" if match else ""


def custom_field(number: int, kind: str, choices: str | None = None) -> Field:
    """Return the field of a custom field's number, kind and choices (a JSON array)."""
    source = f"field_value v WHERE v.entity_id = e.id AND v.field_id = {int(number)}"
    if kind in ("int", "decimal", "money", "date"):
        how = {"date": "ordinal", "money": "money"}.get(kind, "number")
        return Field("v.num", how, source, shown="v.value", whole=kind == "int")
    if choices:
        return Field("v.value", "option", source, choices=tuple(json.loads(choices)))
    return Field("v.value", "bool" if kind == "bool" else "text", source)
