"""LDIF: entries of directories and address books as records, and our own export there and back."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.domain.entity import Address, Entity, Point
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.ldif import open_ldif, write_ldif
from dkcrm.formats.record import Record, Reject

Read = Callable[..., tuple[list[Record], list[Reject]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.ldif"


@pytest.fixture
def read(path: Path) -> Read:
    """Give a function that reads a text to the end."""

    def records(content: str | bytes, encoding: str = "utf-8") -> tuple[list[Record], list[Reject]]:
        path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
        with open_ldif(str(path)) as source:
            assert (source.format, source.scope, source.suffix) == ("ldif", "ldif", ".ldif")
            return list(source.records), list(source.rejects)

    return records


def b64(text: str | bytes) -> str:
    return base64.b64encode(text.encode() if isinstance(text, str) else text).decode()


THUNDERBIRD = f"""\
dn: cn=Ada Rossi,mail=ada@x.example
objectclass: top
objectclass: person
objectclass: organizationalPerson
objectclass: inetOrgPerson
objectclass: mozillaAbPersonAlpha
givenName: Ada
sn: Rossi
cn: Ada Rossi
mozillaNickname: adina
mail: ada@x.example
mozillaSecondEmail: ada2@x.example
telephoneNumber: 02 1
homePhone: 06 1
facsimiletelephonenumber: 02 9
pager: 5
mobile: 333 1
mozillaHomeStreet: Via Roma 1
mozillaHomeStreet2: int. 3
mozillaHomeLocalityName: Roma
mozillaHomeState: RM
mozillaHomePostalCode: 00100
mozillaHomeCountryName: Italia
street: Corso Italia 2
mozillaWorkStreet2: piano 4
l: Milano
st: MI
postalCode: 20100
c: Italia
title: CEO
ou: Board
o: Acme
mozillaWorkUrl: http://acme.example
mozillaHomeUrl: http://ada.example
birthyear: 1980
birthmonth: 03
birthday: 2
description:: {b64("prima riga" + chr(10) + "però")}
modifytimestamp: 0
"""


def test_thunderbird(read: Read) -> None:
    (record,), rejects = read(THUNDERBIRD)
    assert rejects == []
    assert record.values == {
        "first_name": "Ada", "last_name": "Rossi", "job_title": "CEO", "organization": "Acme",
        "external_id": "cn=Ada Rossi,mail=ada@x.example",
    }  # fmt: skip
    assert record.points == [
        ("email", "ada@x.example", None, None), ("email", "ada2@x.example", None, None),
        ("phone", "02 1", "work", None),
        ("phone", "06 1", "home", None), ("phone", "02 9", "fax", None), ("phone", "5", "pager", None),
        ("phone", "333 1", "mobile", None), ("link", "http://acme.example", "work", None),
        ("link", "http://ada.example", "home", None),
    ]  # fmt: skip
    assert record.addresses == [
        ("Via Roma 1, int. 3", "Roma", "RM", "00100", "Italia", None, "home", None),
        ("Corso Italia 2, piano 4", "Milano", "MI", "20100", "Italia", None, "work", None),
    ]
    assert record.notes == ["prima riga\nperò"]
    assert record.fields == [("mozillaNickname", "adina"), ("ou", "Board"), ("birthday", "1980-03-02")]
    assert record.party is None


PICTURE = b"\xff\xd8\xff" + bytes(600)

OPENLDAP = f"""\
# extended LDIF
#
# LDAPv3, a comment that is
  folded
version: 1

dn: dc=acme,dc=example
objectClass: dcObject
objectClass: organization
o: Acme
dc: acme

dn: ou=people,dc=acme,dc=example
objectClass: organizationalUnit
ou: people

dn: cn=staff,ou=groups,dc=acme,dc=example
objectClass: groupOfNames
cn: staff
member: uid=zoe,ou=people,dc=acme,dc=example

dn:: {b64("uid=zoè,ou=people,dc=acme,dc=example")}
objectClass: inetOrgPerson
uid: zoe
cn;lang-it: Zoè in italiano
CN: Zoè Bianchi
sn: Bianchi
GIVENNAME: Zoè
displayName: Zoè B.
mail: zoe@acme.example
postalAddress: Via Roma 1 $ 20100 Milano $ Italia
homePostalAddress: 5 \\24treet
co: Italia
labeledURI: https://acme.example/~zoe her page
userPassword:: {b64("{SSHA}secret")}
jpegPhoto:: {b64(PICTURE)}
jpegPhoto:< file:///etc/passwd
seeAlso:< file:///etc/passwd
employeeNumber: 0042
entryUUID: 2f1b
a long attribute without its colon folded

dn: uid=late,dc=acme,dc=example
cn: Late
 comer
sn: Comer
"""


def test_openldap(read: Read) -> None:
    text = OPENLDAP.replace("a long attribute without its colon folded\n", "")
    (acme, zoe, late), rejects = read(text)
    assert (acme.party, acme.values["organization"]) == ("organization", "Acme")
    assert zoe.values == {
        "first_name": "Zoè", "last_name": "Bianchi", "external_id": "zoe",
    }  # fmt: skip
    assert zoe.points == [
        ("email", "zoe@acme.example", None, None), ("link", "https://acme.example/~zoe", "her page", None)
    ]  # fmt: skip
    assert zoe.addresses == [
        (None, None, None, None, "Italia", "Via Roma 1, 20100 Milano, Italia", "work", None),
        (None, None, None, None, None, "5 $treet", "home", None),
    ]
    assert zoe.fields == [
        ("seeAlso", "file:///etc/passwd"), ("employeeNumber", "0042"), ("cn;lang-it", "Zoè in italiano"),
        ("displayName", "Zoè B."),
    ]  # fmt: skip
    assert (late.values["name"], late.values["external_id"]) == ("Latecomer", "uid=late,dc=acme,dc=example")
    assert [reject.reason for reject in rejects] == [
        "a unit of the directory, not a person", "a mailing list, not a person"
    ]  # fmt: skip
    lines = text.split("\n")
    assert [lines[line - 1] for line in (acme.line, late.line, rejects[0].line)] == [
        "dn: dc=acme,dc=example", "dn: uid=late,dc=acme,dc=example", "dn: ou=people,dc=acme,dc=example"
    ]  # fmt: skip


def test_a_value_folded_in_the_midst_of_a_character(read: Read) -> None:
    content = "dn: cn=x\nobjectClass: person\ncn: Élodie Ōno\n".encode()
    (ann,), rejects = read(content.replace("É".encode(), b"\xc3\n \x89").replace("Ō".encode(), b"\xc5\n \x8c"))
    assert (ann.values["name"], rejects) == ("Élodie Ōno", [])


def test_a_broken_entry_costs_itself(read: Read) -> None:
    records, rejects = read(OPENLDAP)
    assert [record.values.get("external_id") for record in records][1:] == ["uid=late,dc=acme,dc=example"]
    assert "not 'attribute: value'" in rejects[-1].reason


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("dn: cn=a\nchangetype: modify\nreplace: mail\nmail: x@x\n-", "a change (modify), not an entry"),
        ("dn: cn=a\nchangetype: delete", "a change (delete), not an entry"),
        ("dn: cn=a\nchangetype: modrdn\nnewrdn: cn=b\ndeleteoldrdn: 1", "a change (modrdn), not an entry"),
        ("dn: cn=a\ncn:: %%%", "the value of cn is not base64"),
        ("dn: cn=a\nobjectClass: person", "the entry says nothing"),
        ("dn: cn=a\nobjectClass: groupOfUniqueNames\ncn: x", "a mailing list, not a person"),
    ],
)
def test_what_is_no_person(read: Read, entry: str, reason: str) -> None:
    records, rejects = read(f"{entry}\n\ndn: cn=b\nchangetype: add\ncn: b\n")
    assert [record.values["name"] for record in records] == ["b"]
    assert [(reject.line, reject.reason) for reject in rejects] == [(1, reason)]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_line_ends_and_encodings(read: Read, end: str, encoding: str) -> None:
    text = "version: 1\ndn: cn=a\ncn: Zoè\n\n\ndn: cn=b\ncn: B\n ò\n".replace("\n", end)
    records, rejects = read(text, encoding)
    assert ([record.values["name"] for record in records], rejects) == (["Zoè", "Bò"], [])
    assert [record.line for record in records] == [2, 6]


def test_entries_without_a_blank_line_between(read: Read) -> None:
    records, _rejects = read("dn: cn=a\ncn: a\ndn: cn=b\ncn: b\n")
    assert [(record.line, record.values["name"]) for record in records] == [(1, "a"), (3, "b")]


def test_namesakes_of_an_address_book_have_no_id_in_common(read: Read) -> None:
    entry = "dn: cn=Mario Rossi\nobjectclass: mozillaAbPersonAlpha\ncn: Mario Rossi\n"
    records, _rejects = read(f"{entry}\n{entry}")
    assert [record.values for record in records] == [{"name": "Mario Rossi"}] * 2


def test_values_that_are_no_text(read: Read) -> None:
    binary = bytes(range(256))
    (record,), _rejects = read(
        f"dn: cn=a\ncn:: {b64('Zoè'.encode('cp1252'))}\nx-key:: {b64(binary)}\nx-large:: {b64(binary * 9)}\n"
        f"userSMIMECertificate;binary:: {b64(binary)}\n"
    )
    assert record.values["name"] == "Zoè"
    assert record.fields == [("x-key", b64(binary))]


@pytest.mark.parametrize("text", ["name,email\nAda,a@x\n", "BEGIN:VCARD\nEND:VCARD\n", "{}", "cn: no dn anywhere\n"])
def test_what_is_no_ldif_is_refused(read: Read, text: str) -> None:
    with pytest.raises(InvalidInput, match="is not LDIF"):
        read(text)


def test_missing_file() -> None:
    with pytest.raises(DkcrmError) as caught:
        open_ldif("/no/such/file.ldif")
    assert caught.value.code == "io"


def test_nothing_but_the_version(read: Read) -> None:
    assert read("version: 1\n# that is all\n") == ([], [])


def test_an_entry_too_long_costs_itself(path: Path) -> None:
    with path.open("w") as file:
        file.write("dn: cn=a\ncn: a\n\ndn: cn=long\ncn: long\njpegPhoto:: " + "A" * (20 << 20) + "\n\n")
        file.write("dn: cn=lines\ncn: lines\n" + "x\n" * 600_000 + "\ndn: cn=b\ncn: b\n")
    with open_ldif(str(path)) as source:
        assert [record.values["name"] for record in source.records] == ["a", "b"]
    assert [reject.line for reject in source.rejects] == [4, 8]
    assert all("longer than" in reject.reason and len(reject.row[0]) < 300 for reject in source.rejects)


def test_rejects_can_be_mended_and_read_again(read: Read, path: Path) -> None:
    path.write_text("dn: cn=a\ncn:: ?\nsn: A\n\ndn: cn=b\ncn: b\nmail: wrong\n")
    with open_ldif(str(path)) as source:
        (record,) = source.records
        source.rejects.append(Reject(record.line, "not an email\naddress", [record.raw]))
        out = io.StringIO()
        source.write_rejects(out, source.rejects)
    assert "# dkcrm:line 1\n" in out.getvalue() and "# dkcrm:reason not an email address\n" in out.getvalue()
    records, rejects = read(out.getvalue())
    assert (len(records), len(rejects)) == (1, 1)
    again = io.StringIO()
    source.write_rejects(again, rejects)
    assert again.getvalue().count("dkcrm:line") == 1
    records, rejects = read(out.getvalue().replace("cn:: ?", "cn: A."))
    assert [record.values["name"] for record in records] == ["A.", "b"] and rejects == []


def lead(**changes: Any) -> dict[str, Any]:
    """Return an entity with everything that one may have."""
    whole = Entity(
        42, "01990000-0000-7000-8000-000000000042", "lead", "active", None, "Anna", "Bianchì", "CEO", "Bianchi, S.r.l.",
        "IT00743110157", "BNCNNA80A41H501X", "bianchi.example", "web form", "first\nsecond ",
        "2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z",
    )  # fmt: skip
    whole.tags = ["fair-2026", ": vip"]
    whole.points = [
        Point("email", "anna@bianchi.example", "work", "person", True),
        Point("email", "info@bianchi.example", None, "organization", False),
        Point("email", "third@bianchi.example", "home", "person", False),
        Point("phone", "02 1", "work", "person", True),
        Point("phone", "02 1", "Reception", "organization", False),
        Point("phone", "333", "mobile", "person", False),
        Point("link", "https://x.example/a b", None, "person", True),
    ]
    whole.addresses = [
        Address(None, "Via Roma 1", "Milano", "MI", "20100", "IT", "billing", "organization", True),
        Address("5 $treet, C:\\Roma", None, None, None, None, None, "home", "person", False),
        Address(None, "Third", "Roma", None, None, None, None, "person", False),
    ]
    whole.fields = {"budget": "5000", "shoe": "a=b"}
    return {**whole.as_json(), **changes}


def shape(record: Record) -> Any:
    return (record.values, record.points, record.addresses, record.tags, record.notes, record.fields, record.party)


def expected(entity: dict[str, Any]) -> Any:
    """Return what the record of an exported entity has to say."""
    single = ["uid", "type", "state", "first_name", "last_name", "organization", "job_title", "vat_id", "tax_code"]
    values = {key: entity[key] for key in [*single, "website", "source", "created_at"] if entity[key]}
    joined = " ".join(part for part in (entity["first_name"], entity["last_name"]) if part)
    if entity["name"] != joined and entity["party"] != "organization":
        values["name"] = entity["name"]
    points = [
        (kind[:-1], point["value"], point["label"], point["side"])
        for kind in ("emails", "phones", "links")
        for point in entity[kind]
    ]
    addresses = []
    for address in entity["addresses"]:
        parts = [address[part] for part in ("street", "city", "region", "postcode", "country")]
        addresses.append((*parts, None if any(parts) else address["value"], address["label"], address["side"]))
    notes = [entity["notes"]] if entity["notes"] else []
    party = None if entity["party"] == "both" else entity["party"]
    return (values, points, addresses, entity["tags"], notes, list(entity["fields"].items()), party)


@pytest.mark.parametrize(
    "entity",
    [
        lead(),
        lead(name="Dott.ssa Anna"),
        lead(type="target", party="organization", name="Bianchi, S.r.l.", first_name=None, last_name=None),
        lead(type="person", party="person", name="Cher", first_name=None, last_name=None, organization=None),
        lead(emails=[], phones=[], links=[], addresses=[], tags=[], fields={}, notes=""),
    ],
)
def test_export_and_import_is_the_identity(read: Read, entity: dict[str, Any]) -> None:
    out = io.StringIO()
    assert write_ldif([entity], out) == 1
    (record,), rejects = read(out.getvalue())
    assert rejects == []
    assert shape(record) == expected(entity)


def test_what_other_programs_find_in_an_export() -> None:
    out = io.StringIO()
    write_ldif([lead(), lead(name="Ö, #2", emails=[])], out)
    text = out.getvalue()
    lines = text.splitlines()
    assert lines[:4] == ["version: 1", "", "dn: cn=Anna Bianchì,mail=anna@bianchi.example", "objectClass: top"] or (
        lines[2] == "dn:: " + b64("cn=Anna Bianchì,mail=anna@bianchi.example")
    )
    assert all(len(line) <= 76 for line in lines) and text.isascii()
    for line in ("objectClass: inetOrgPerson", "objectClass: mozillaAbPersonAlpha", "givenName: Anna",
                 "mail: anna@bianchi.example", "mozillaSecondEmail: info@bianchi.example", "telephoneNumber: 02 1",
                 "mobile: 333", "street: Via Roma 1", "l: Milano", "o: Bianchi, S.r.l.", "title: CEO"):  # fmt: skip
        assert line in lines
    assert "dn:: " + b64("cn=Ö\\, #2") in lines


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("Rossi, Ada", r"cn=Rossi\, Ada"), ("#1", r"cn=\#1"), (" a ", r"cn=\ a\ "), ("a+b=c", r"cn=a\+b\=c"),
        ('"x"<y>;\\', r"cn=\"x\"\<y\>\;\\"), ("a\nb", r"cn=a\0Ab"),
    ],
)  # fmt: skip
def test_distinguished_names_are_escaped(name: str, written: str) -> None:
    out = io.StringIO()
    write_ldif([lead(name=name, emails=[])], out)
    line = out.getvalue().splitlines()[2]
    assert line in (f"dn: {written}", f"dn:: {b64(written)}")


WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=90).filter(
    lambda text: text.strip() == text
)
LINES = WORDS.filter(lambda text: "\n" not in text and "\r" not in text)
POINTS = st.lists(
    st.fixed_dictionaries(
        {
            "value": LINES,
            "label": st.none() | LINES | st.sampled_from(["work", "home", "fax", "mobile", "pager"]),
            "side": st.sampled_from(["person", "organization"]),
            "primary": st.just(False),
        }
    ),
    max_size=4,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    first=LINES, name=LINES, emails=POINTS, phones=POINTS, links=POINTS, notes=WORDS, tags=st.lists(LINES),
    party=st.sampled_from(["both", "person"]),
)  # fmt: skip
def test_any_text_comes_back(read: Read, first: str, name: str, party: str, **many: Any) -> None:
    entity = lead(first_name=first, name=name, party=party, **many)
    out = io.StringIO()
    write_ldif([entity], out)
    (record,), rejects = read(out.getvalue())
    assert rejects == [] and shape(record) == expected(entity)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(st.text("dncmail:<# \n\r;-=,\\1AZè", max_size=80))
def test_no_text_whatever_breaks_the_reader(read: Read, text: str) -> None:
    records, rejects = read(f"dn: cn=a\ncn: a\n\n{text}\n\ndn: cn=b\ncn: b\n")
    assert records[0].values["name"] == "a" and records[-1].values["name"] == "b"
    assert all(reject.reason for reject in rejects)
