"""Writing vCards: fresh ones, and kept ones that come out as they were but for what changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dkcrm.errors import InvalidInput
from dkcrm.formats.record import Record
from dkcrm.formats.vcard import open_vcard, write_cards

UID = "0199aaaa-0000-7000-8000-000000000001"
OURS = {"uid": UID, "type": "lead", "state": "active", "created_at": "2026-11-21T09:00:00Z"}


def entity_of(record: Record, **changes: Any) -> dict[str, Any]:
    """Return what the JSON of an entity shows after an import of a record that loses nothing."""
    values = record.values
    organization = values.get("organization")
    person = values.get("name")
    party = "organization" if record.party == "organization" or not person else "both" if organization else "person"

    own = "organization" if party == "organization" else "person"

    def points(kind: str) -> list[dict[str, Any]]:
        found: dict[str, dict[str, Any]] = {}
        for point_kind, value, label, side in record.points:
            key = value if kind == "phone" else value.casefold()
            if point_kind == kind and key not in found:
                found[key] = {"value": value, "label": label, "side": side or own, "primary": not found}
        return list(found.values())

    addresses = []
    for street, city, region, postcode, country, whole, label, side in record.addresses:
        town = " ".join(part for part in (postcode, city) if part)
        shown = whole or ", ".join(part for part in (street, town, region, country) if part)
        addresses.append(
            {"value": shown, "street": street, "city": city, "region": region, "postcode": postcode,
             "country": country, "label": label, "side": side or own, "primary": not addresses}
        )  # fmt: skip
    entity: dict[str, Any] = {
        "id": 1, **OURS, "party": party, "name": organization if party == "organization" else person,
        "first_name": values.get("first_name"), "last_name": values.get("last_name"), "organization": organization,
        "job_title": values.get("job_title"), "vat_id": values.get("vat_id"), "tax_code": values.get("tax_code"),
        "website": values.get("website"), "source": values.get("source"), "tags": list(dict.fromkeys(record.tags)),
        "emails": points("email"), "phones": points("phone"), "addresses": addresses, "links": points("link"),
        "fields": dict(record.fields), "notes": "\n".join(record.notes), "memberships": [],
        "updated_at": "2026-11-22T09:00:00Z",
    }  # fmt: skip
    return entity | changes


def said(record: Record) -> tuple[Any, ...]:
    """Return what a record says, but for what an export adds."""
    values = {name: value for name, value in record.values.items() if name not in ("uid", *OURS)}
    return (
        values, record.party, sorted(record.points, key=lambda point: point[0]), record.addresses, record.tags,
        record.notes, sorted(record.fields),
    )  # fmt: skip


def written(entity: dict[str, Any], cards: list[str], version: str = "3.0") -> str:
    out = io.StringIO(newline="")
    assert write_cards([(entity, cards)], out, version=version) == 1
    return out.getvalue()


def unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")


Again = Callable[[str], list[Record]]


@pytest.fixture
def again(tmp_path: Path) -> Again:
    """Give a function that reads a text as a vCard file without rejects."""

    def read(text: str) -> list[Record]:
        path = tmp_path / "again.vcf"
        path.write_bytes(text.encode())
        with open_vcard(str(path)) as source:
            records = list(source.records)
            assert not source.rejects
            return records

    return read


def card(*lines: str, version: str = "3.0") -> str:
    return "\n".join(["BEGIN:VCARD", f"VERSION:{version}", *lines, "END:VCARD"])


EVERYTHING: dict[str, Any] = {
    "id": 42, **OURS, "party": "both", "name": "Anna Maria Bianchi", "first_name": "Anna Maria",
    "last_name": "Bianchi", "organization": "Bianchi; Figli, S.r.l.", "job_title": "CEO\\owner",
    "vat_id": "IT01234567890", "tax_code": "BNCNNA80A41H501X", "website": "https://bianchi.example/?a=1,2;3",
    "source": "fair: 2026",
    "tags": ["vip", "très;bien"],
    "emails": [
        {"value": "a@b.example", "label": "home", "side": "person", "primary": False},
        {"value": "anna@b.example", "label": "Ufficio Acquisti", "side": "person", "primary": True},
        {"value": "info@b.example", "label": None, "side": "organization", "primary": False},
    ],
    "phones": [{"value": "02 123, int. 4", "e164": None, "label": "fax", "side": "person", "primary": True}],
    "links": [{"value": "https://l.example/in/anna", "label": "linkedin", "side": "person", "primary": True}],
    "addresses": [
        {"value": "Via Roma 1, bis, 10121 Torino, TO, Italia", "street": "Via Roma 1, bis", "city": "Torino",
         "region": "TO", "postcode": "10121", "country": "Italia", "label": "work", "side": "organization",
         "primary": True},
        {"value": "Corso Re 5; 10100 \"Torino\"", "street": None, "city": None, "region": None, "postcode": None,
         "country": None, "label": None, "side": "person", "primary": False},
        {"value": "Whole^ text", "street": "Two\nlines", "city": "Bra", "region": None, "postcode": None,
         "country": None, "label": "holiday home", "side": "person", "primary": False},
    ],
    "fields": {"budget": "5000", "birthday": "1980-03-22", "città": "a;b,c\nd"}, "notes": "One\ntwo; three, \\four",
    "memberships": [], "updated_at": "2026-11-22T09:00:00Z",
}  # fmt: skip


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_our_own_card_says_the_same_again(again: Again, version: str) -> None:
    [record] = again(written(EVERYTHING, [], version))
    values = dict(record.values)
    kept = ("name", "first_name", "last_name", "organization", "job_title", "vat_id", "tax_code", "website", "source")
    assert values == {name: EVERYTHING[name] for name in (*kept, *OURS)}
    assert record.party is None
    for kind in ("email", "phone", "link"):
        shown = sorted(EVERYTHING[f"{kind}s"], key=lambda point: not point["primary"])
        assert [p[1:] for p in record.points if p[0] == kind] == [
            (p["value"], p["label"], p["side"] if p["side"] == "organization" else None) for p in shown
        ]
    assert record.addresses == [
        ("Via Roma 1, bis", "Torino", "TO", "10121", "Italia", None, "work", "organization"),
        (None, None, None, None, None, 'Corso Re 5; 10100 "Torino"', None, None),
        ("Two\nlines", "Bra", None, None, None, "Whole^ text", "holiday home", None),
    ]
    assert (record.tags, record.notes, dict(record.fields)) == (
        EVERYTHING["tags"], [EVERYTHING["notes"]], EVERYTHING["fields"],
    )  # fmt: skip


def test_a_fresh_card_is_what_other_programs_expect() -> None:
    lines = unfolded(written(EVERYTHING | {"website": None}, []))
    assert lines[:3] == ["BEGIN:VCARD", "VERSION:3.0", "PRODID:-//dkcrm//EN"]
    for line in (
        f"UID:urn:uuid:{UID}", "N:Bianchi;Anna Maria;;;", "ORG:Bianchi\\; Figli\\, S.r.l.",
        "EMAIL;TYPE=INTERNET;TYPE=HOME:a@b.example", "item1.X-ABLabel:Ufficio Acquisti",
        "item1.EMAIL;TYPE=INTERNET;TYPE=pref:anna@b.example", "TEL;TYPE=FAX:02 123\\, int. 4",
        "CATEGORIES:vip,très\\;bien", "BDAY:1980-03-22", "X-DKCRM-FIELD;X-NAME=budget:5000",
        "REV:2026-11-22T09:00:00Z", "END:VCARD",
    ):  # fmt: skip
        assert line in lines


def test_names_are_not_guessed_apart(again: Again) -> None:
    whole = EVERYTHING | {"name": "Rossi Mario", "first_name": None, "last_name": None}
    text = written(whole, [])
    assert "\r\nN:;Rossi Mario;;;\r\n" in text
    values = again(text)[0].values
    assert (values["name"], values.get("first_name"), values.get("last_name")) == ("Rossi Mario", None, None)
    first = EVERYTHING | {"name": "Mario", "first_name": "Mario", "last_name": None}
    assert again(written(first, []))[0].values["first_name"] == "Mario"


@pytest.mark.parametrize(("version", "mark"), [("3.0", "X-ABShowAs:COMPANY"), ("4.0", "KIND:org")])
def test_an_organization(again: Again, version: str, mark: str) -> None:
    entity = EVERYTHING | {"party": "organization", "type": "target", "name": "ACME", "organization": "ACME",
                           "first_name": None, "last_name": None, "job_title": None}  # fmt: skip
    text = written(entity, [], version)
    assert mark in text.split("\r\n")
    [record] = again(text)
    assert record.party == "organization"
    assert (record.values["organization"], record.values.get("name")) == ("ACME", None)


def test_lines_are_folded_at_75_octets(again: Again) -> None:
    note = "è" * 500 + "\U0001f600" * 100 + "x" * 200
    text = written(EVERYTHING | {"notes": note}, [])
    assert max(len(line.encode()) for line in text.split("\r\n")) == 75
    assert all(line.encode().decode() == line for line in text.split("\r\n"))
    assert again(text)[0].notes == [note]


def test_another_version_is_refused() -> None:
    with pytest.raises(InvalidInput):
        written(EVERYTHING, [], "2.1")


KEPT = card(
    "PRODID:-//Other//EN", "REV:2020-01-01T00:00:00Z", "N;LANGUAGE=it:Bianchi;Anna;Maria,Rosa;Dr.;", "FN:Anna Bianchi",
    "ORG:Bianchi;Sales", "TITLE:Buyer", "item1.EMAIL;type=INTERNET;type=WORK;X-P=\"a;b\":anna@b.example",
    "item1.X-ABLabel:Front Desk", "item2.TEL;type=pref:02 123456", "item2.X-ABLabel:Switch",
    "TEL;TYPE=HOME,VOICE:02 99", "item3.ADR;TYPE=HOME:;;Via Po 2;Bra;;;", "item3.X-ABADR:it",
    "LABEL;TYPE=HOME:Via Po 2", "URL:http\\://b.example",
    "NOTE:First", "NOTE:Second", "CATEGORIES:vip,old", "BDAY:1980-03-22", "PHOTO;ENCODING=b;TYPE=JPEG:" + "QUJD" * 100,
    "item4.X-ABDATE:1975-03-01", "item4.X-ABLabel:_$!<Anniversary>!$_", "X-UNKNOWN;A=b:c\\,d", "IMPP:nonsense",
)  # fmt: skip


def kept(again: Again, **changes: Any) -> tuple[dict[str, Any], list[str]]:
    [record] = again(KEPT)
    assert record.card is not None
    return entity_of(record, **changes), [record.card]


def test_an_untouched_card_comes_out_as_it_was(again: Again) -> None:
    lines = unfolded(written(*kept(again)))
    assert [line for line in lines if line and not line.startswith("X-DKCRM-")] == KEPT.split("\n")


def test_changes_touch_only_what_changed(again: Again) -> None:
    entity, cards = kept(again)
    entity |= {"name": "Anna Verdi", "last_name": "Verdi", "organization": "Verdi, Co", "job_title": None}
    entity["notes"] = "First\nThird"
    entity["tags"] = ["vip", "new"]
    entity["emails"] = [entity["emails"][0] | {"label": "home"}]
    entity["phones"] = [{"value": "+39 5", "label": "mobile", "side": "person", "primary": True}]
    entity["addresses"] = []
    entity["fields"] = {"birthday": "1981-01-01"}
    lines = unfolded(written(entity, cards))
    before = KEPT.split("\n")
    gone = [line for line in before if line not in lines]
    new = [line for line in lines if line and line not in before and not line.startswith("X-DKCRM-")]
    assert gone == [
        "REV:2020-01-01T00:00:00Z", "N;LANGUAGE=it:Bianchi;Anna;Maria,Rosa;Dr.;", "FN:Anna Bianchi",
        "ORG:Bianchi;Sales", "TITLE:Buyer", "item1.EMAIL;type=INTERNET;type=WORK;X-P=\"a;b\":anna@b.example",
        "item1.X-ABLabel:Front Desk", "item2.TEL;type=pref:02 123456", "item2.X-ABLabel:Switch",
        "TEL;TYPE=HOME,VOICE:02 99", "item3.ADR;TYPE=HOME:;;Via Po 2;Bra;;;", "item3.X-ABADR:it",
        "NOTE:Second", "CATEGORIES:vip,old", "BDAY:1980-03-22",
    ]  # fmt: skip
    assert sorted(new) == sorted([
        "REV:2026-11-22T09:00:00Z", "N;LANGUAGE=it:Verdi;Anna;Maria,Rosa;Dr.;", "FN:Anna Verdi",
        "ORG:Verdi\\, Co;Sales", "EMAIL;type=INTERNET;X-P=\"a;b\";TYPE=HOME:anna@b.example", "TEL;TYPE=CELL:+39 5",
        "NOTE:Third",
        "CATEGORIES:vip", "CATEGORIES:new", "BDAY:1981-01-01",
    ])  # fmt: skip
    [record] = again(written(entity, cards))
    assert values_of(record, "email") == [("anna@b.example", "home")]
    assert record.values["last_name"] == "Verdi"
    assert record.notes == ["First", "Third"]


def values_of(record: Record, kind: str) -> list[tuple[str, str | None]]:
    return [(point[1], point[2]) for point in record.points if point[0] == kind]


@pytest.mark.parametrize("version", ["3.0", "4.0"])
def test_the_primary_value_is_read_first_again(again: Again, version: str) -> None:
    entity, cards = kept(again)
    entity["phones"] = [p | {"primary": p["value"] == "02 99"} for p in entity["phones"]]
    [record] = again(written(entity, cards, version))
    assert [value for value, _label in values_of(record, "phone")] == ["02 99", "02 123456"]


def test_what_an_import_could_not_take_stays(again: Again) -> None:
    [record] = again(card("FN:Anna", "EMAIL:not an address", "TEL;HOME:02 1234567", "TEL;WORK:+39 02 1234567"))
    entity = entity_of(record, emails=[], fields={})
    entity["phones"] = [
        {"value": "02 1234567", "e164": "+39021234567", "label": "home", "side": "person", "primary": True}
    ]
    lines = unfolded(written(entity, [record.card or ""]))
    assert "EMAIL:not an address" in lines
    assert [line for line in lines if line.startswith("TEL")] == [
        "TEL;TYPE=HOME:02 1234567",
        "TEL;TYPE=WORK:+39 02 1234567",
    ]


def test_several_cards_become_one(again: Again) -> None:
    old = card("UID:1", "FN:Anna", "N:;Anna;;;", "item1.TEL:111", "item1.X-ABLabel:old", "NICKNAME:A",
               "BDAY:1980-03-22", "PHOTO;ENCODING=b:QUJD", "CATEGORIES:a,b", "NOTE:one", "X-DKCRM-UID:x")  # fmt: skip
    new = card("UID:2", "FN:Anna", "N:;Anna;;;", "item1.TEL:222", "item1.X-ABLabel:new", "BDAY:19800322",
               "PHOTO;ENCODING=b:QUJD", "CATEGORIES:b", "NOTE:two")  # fmt: skip
    [record] = again(new)
    entity = entity_of(record, tags=["a", "b"], notes="one\ntwo")
    entity["phones"] += [{"value": "111", "label": "old", "side": "person", "primary": False}]
    lines = unfolded(written(entity, [old, new]))
    for line, times in (
        ("UID:2", 1), ("X-DKCRM-OTHER-UID:1", 1), ("item1.X-ABLabel:new", 1), ("item2.TEL:111", 1),
        ("item2.X-ABLabel:old", 1), ("NICKNAME:A", 1), ("PHOTO;ENCODING=b:QUJD", 1), ("BDAY:19800322", 1),
        ("BDAY:1980-03-22", 0), ("CATEGORIES:b", 1), ("CATEGORIES:a", 1), ("NOTE:one", 1), ("NOTE:two", 1),
        ("FN:Anna", 1), (f"X-DKCRM-UID:{UID}", 1), ("X-DKCRM-UID:x", 0), ("item1.TEL:222", 1),
    ):  # fmt: skip
        assert lines.count(line) == times, line
    entity["phones"] = entity["phones"][:1]
    lines = unfolded(written(entity, [old, new]))
    assert "item2.TEL:111" not in lines and "item2.X-ABLabel:old" not in lines


@pytest.mark.parametrize(
    ("source", "line", "target", "expected"),
    [
        ("2.1", "TEL;WORK;PREF;VOICE:1", "3.0", "TEL;TYPE=WORK;TYPE=VOICE;TYPE=pref:1"),
        ("2.1", "TEL;WORK;PREF:1", "4.0", "TEL;TYPE=WORK;PREF=1:1"),
        ("2.1", "NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab, c=3B", "3.0", "NOTE:a\\nb\\, c\\;"),
        ("2.1", "ORG;ENCODING=QUOTED-PRINTABLE:A=2C B;C", "3.0", "ORG:A\\, B;C"),
        ("2.1", "PHOTO;JPEG;BASE64:QUJD", "3.0", "PHOTO;TYPE=JPEG;ENCODING=b:QUJD"),
        ("2.1", "PHOTO;JPEG;BASE64:QUJD", "4.0", "PHOTO:data:image/jpeg;base64,QUJD"),
        ("2.1", "PHOTO;VALUE=URL;TYPE=GIF:http://x.example/a.gif", "3.0", "PHOTO;VALUE=uri;TYPE=GIF:http://x.example/a.gif"),
        ("2.1", "X-A;ENCODING=QUOTED-PRINTABLE:a=0Ab;c", "3.0", "X-A:a\\nb;c"),
        ("3.0", "PHOTO;ENCODING=b;TYPE=PNG:QUJD", "4.0", "PHOTO:data:image/png;base64,QUJD"),
        ("3.0", "KEY;TYPE=PGP;ENCODING=B:QUJD", "4.0", "KEY:data:application/pgp-keys;base64,QUJD"),
        ("3.0", "PHOTO;VALUE=uri;TYPE=GIF:http://x.example/a", "4.0", "PHOTO;VALUE=uri;MEDIATYPE=image/gif:http://x.example/a"),
        ("3.0", "X-A;ENCODING=b:QUJD", "4.0", "X-A;VALUE=uri:data:application/octet-stream;base64,QUJD"),
        ("3.0", "EMAIL;TYPE=INTERNET,pref:a@x.example", "4.0", "EMAIL;TYPE=INTERNET;PREF=1:a@x.example"),
        ("3.0", "BDAY:1980-03-22", "4.0", "BDAY:19800322"),
        ("3.0", "GEO:46.7;-71.2", "4.0", "GEO:geo:46.7,-71.2"),
        ("3.0", "AGENT:BEGIN:VCARD\\nFN:S\\nEND:VCARD", "4.0", "X-AGENT:BEGIN:VCARD\\nFN:S\\nEND:VCARD"),
        ("3.0", "LABEL;TYPE=HOME:Via Po\\n\"2\"", "4.0", "ADR;TYPE=HOME;LABEL=\"Via Po^n^'2^'\":;;;;;;"),
        ("4.0", "PHOTO:data:image/jpeg;base64,QUJD", "3.0", "PHOTO;TYPE=JPEG;ENCODING=b:QUJD"),
        ("4.0", "PHOTO:data:image/jpeg;base64\\,QUJD", "3.0", "PHOTO;TYPE=JPEG;ENCODING=b:QUJD"),
        ("4.0", "KEY;PREF=1:data:application/pgp-keys;base64,QUJD", "3.0", "KEY;PREF=1;TYPE=PGP;ENCODING=b:QUJD"),
        ("4.0", "LOGO;MEDIATYPE=image/gif:http://x.example/a", "3.0", "LOGO;TYPE=GIF;VALUE=uri:http://x.example/a"),
        ("4.0", 'TEL;VALUE=uri;TYPE="work,cell";PREF=1:tel:+39-1;ext=2', "3.0",
         "TEL;TYPE=work,cell;TYPE=pref:+39-1 ext. 2"),
        ("4.0", "X-AGENT:BEGIN:VCARD\\nFN:S\\nEND:VCARD", "3.0", "AGENT:BEGIN:VCARD\\nFN:S\\nEND:VCARD"),
        ("4.0", "GENDER:F", "3.0", "GENDER:F"),
        ("4.0", "X-P;A=\"x^ny\":z", "4.0", "X-P;A=\"x^ny\":z"),
    ],
)  # fmt: skip
def test_dialects(again: Again, source: str, line: str, target: str, expected: str) -> None:
    [record] = again(card("FN:Anna", line, version=source))
    text = written(entity_of(record), [record.card or ""], target)
    assert expected in unfolded(text)
    assert said(again(text)[0]) == said(record)


@pytest.mark.parametrize("source", ["2.1", "3.0"])
def test_delivery_labels_change_places(again: Again, source: str) -> None:
    home, work = ("HOME", "WORK") if source == "2.1" else ("TYPE=HOME", "TYPE=WORK")
    lines = [
        f"ADR;{home}:;;Via Po 2;Bra;;;",
        f"LABEL;{home}:At home",
        f"ADR;{work}:;;Via Re 1;Bra;;;",
        f"LABEL;{work}:At work",
    ]
    [record] = again(card("FN:Anna", *lines, version=source))
    four = written(entity_of(record), [record.card or ""], "4.0")
    assert 'ADR;TYPE=HOME;LABEL="At home":;;Via Po 2;Bra;;;' in unfolded(four)
    [there] = again(four)
    back = unfolded(written(entity_of(there), [there.card or ""], "3.0"))
    assert "LABEL;TYPE=WORK:At work" in back and "ADR;TYPE=WORK:;;Via Re 1;Bra;;;" in back
    lost = unfolded(written(entity_of(record) | {"addresses": entity_of(record)["addresses"][1:]}, [record.card or ""]))
    assert [line for line in lost if "home" in line.lower()] == []


def test_a_line_that_is_no_property_goes_out_as_one(again: Again) -> None:
    [record] = again(card("FN:Anna", "no, colon"))
    assert "X-DKCRM-TEXT:no\\, colon" in unfolded(written(entity_of(record), [record.card or ""]))


def test_an_organization_that_moved_to_its_own_entity(again: Again) -> None:
    [record] = again(card("FN:Anna", "ORG:Bianchi;Sales"))
    entity = entity_of(record, party="person", organization=None)
    assert "ORG:Bianchi;Sales" not in unfolded(written(entity, [record.card or ""]))
    member = entity | {"memberships": [{"name": "Bianchi"}]}
    assert "ORG:Bianchi;Sales" in unfolded(written(member, [record.card or ""]))
