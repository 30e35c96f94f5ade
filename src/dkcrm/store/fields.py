"""The fields of the filter language: what each reads in the tables, and its other names."""

from __future__ import annotations

from typing import NamedTuple


class Field(NamedTuple):
    """How a field of the filter language is read.

    ``sql`` is an expression over ``e`` (an entity), or with ``source`` one over the rows of a subquery that belongs to
    the entity. ``kind`` is ``text``, ``exact`` (a fixed vocabulary), ``number`` or ``time``.
    """

    sql: str
    kind: str = "text"
    source: str | None = None


_POINTS = "contact_point p WHERE p.entity_id = e.id AND p.kind = '{kind}'"
_ADDRESSES = "address a WHERE a.entity_id = e.id"
_PARTY = (
    "CASE WHEN e.type IN ('prospect', 'person') THEN 'person'"
    " WHEN e.type IN ('target', 'organization') THEN 'organization'"
    " WHEN e.org_name IS NULL THEN 'person' WHEN coalesce(e.full_name, e.first_name, e.last_name) IS NULL"
    " THEN 'organization' ELSE 'both' END"
)
_OTHER_END = (
    "membership m JOIN entity o ON o.id = CASE WHEN m.member_id = e.id THEN m.organization_id ELSE m.member_id END"
    " WHERE (m.member_id = e.id OR m.organization_id = e.id)"
)

FIELDS: dict[str, Field] = {
    "id": Field("e.id", "number"),
    "type": Field("e.type", "exact"),
    "state": Field("e.state", "exact"),
    "party": Field(_PARTY, "exact"),
    "name": Field("e.name"),
    "first_name": Field("e.first_name"),
    "last_name": Field("e.last_name"),
    "job_title": Field("e.job_title"),
    "organization": Field("e.org_name"),
    "vat_id": Field("e.vat_id"),
    "tax_code": Field("e.tax_code"),
    "website": Field("e.website"),
    "source": Field("e.source"),
    "notes": Field("e.notes"),
    "email": Field("p.value", source=_POINTS.format(kind="email")),
    "phone": Field("p.value || ' ' || coalesce(p.norm, '')", source=_POINTS.format(kind="phone")),
    "link": Field("p.value", source=_POINTS.format(kind="link")),
    "tag": Field("t.tag", "exact", "tag t WHERE t.entity_id = e.id"),
    "address": Field(
        "coalesce(a.value, '') || ' ' || coalesce(a.street, '') || ' ' || coalesce(a.city, '') || ' ' ||"
        " coalesce(a.region, '') || ' ' || coalesce(a.postcode, '') || ' ' || coalesce(a.country, '')",
        source=_ADDRESSES,
    ),
    "street": Field("a.street", source=_ADDRESSES),
    "city": Field("a.city", source=_ADDRESSES),
    "region": Field("a.region", source=_ADDRESSES),
    "postcode": Field("a.postcode", source=_ADDRESSES),
    "country": Field("a.country", source=_ADDRESSES),
    "member-of": Field("o.name", source=_OTHER_END),
    "in": Field("o.id", "number", _OTHER_END),
    "created": Field("e.created_at", "time"),
    "updated": Field("e.updated_at", "time"),
    "last-contact": Field(
        "i.at", "time", "(SELECT max(at) AS at FROM interaction WHERE entity_id = e.id) i WHERE i.at NOT NULL"
    ),
    "interactions": Field("(SELECT count(*) FROM interaction WHERE entity_id = e.id)", "number"),
    "purchases": Field(
        "(SELECT count(*) FROM purchase WHERE (entity_id = e.id OR also_id = e.id) AND voided_at IS NULL)", "number"
    ),
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
    "zip": "postcode",
    "created_at": "created",
    "updated_at": "updated",
    "changed": "updated",
    "member": "member-of",
}
