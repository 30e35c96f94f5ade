"""JSON and JSON lines: what comes out as records, on which line, and what a broken object costs."""

from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.domain.entity import Address, Entity, Point
from dkcrm.errors import DkcrmError, InvalidInput
from dkcrm.formats.objects import looks_like_jcard, open_json, write_json, write_jsonl
from dkcrm.formats.record import Record, Reject

Read = Callable[..., tuple[list[Record], list[Reject]]]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "in.json"


@pytest.fixture
def read(path: Path) -> Read:
    """Give a function that reads a text, or a value written as JSON, to the end."""

    def records(content: Any, encoding: str = "utf-8") -> tuple[list[Record], list[Reject]]:
        path.write_bytes((content if isinstance(content, str) else json.dumps(content)).encode(encoding))
        with open_json(str(path)) as source:
            return list(source.records), list(source.rejects)

    return records


def entity(**changes: Any) -> dict[str, Any]:
    """Return an entity as our export writes it."""
    whole = Entity(
        42, "01990000-0000-7000-8000-000000000042", "lead", "active", None, "Anna", "Bianchi", "CEO", "Bianchi S.r.l.",
        "IT00743110157", "BNCNNA80A41H501X", "bianchi.example", "web form", "first\nsecond",
        "2026-11-21T09:00:00Z", "2026-11-22T09:00:00Z",
    )  # fmt: skip
    whole.tags = ["fair-2026", "vip"]
    whole.points = [
        Point("email", "anna@bianchi.example", "work", "person", True),
        Point("email", "info@bianchi.example", None, "organization", False),
        Point("phone", "02 1234567", "WORK", "person", True, "+39021234567"),
        Point("link", "https://x.example/anna", "LinkedIn", "person", True),
    ]
    whole.addresses = [
        Address(None, "Via Roma 1", "Milano", "MI", "20100", "IT", "billing", "organization", True),
        Address("c/o Rossi, Lugano", None, None, None, None, None, None, "person", False),
    ]
    whole.fields = {"budget": "5000", "shoe-size": "038"}
    return {**whole.as_json(), **changes}


def test_our_own_entity_comes_back_exactly(read: Read) -> None:
    (record,), rejects = read([entity(interactions=[{"at": "2026-11-21", "amount": 12}])])
    assert rejects == []
    assert record.values == {
        "uid": "01990000-0000-7000-8000-000000000042", "type": "lead", "state": "active", "first_name": "Anna",
        "last_name": "Bianchi", "organization": "Bianchi S.r.l.", "job_title": "CEO", "vat_id": "IT00743110157",
        "tax_code": "BNCNNA80A41H501X", "website": "bianchi.example", "source": "web form",
        "created_at": "2026-11-21T09:00:00Z",
    }  # fmt: skip
    assert record.points == [
        ("email", "anna@bianchi.example", "work", "person"),
        ("email", "info@bianchi.example", None, "organization"),
        ("phone", "02 1234567", "WORK", "person"),
        ("link", "https://x.example/anna", "LinkedIn", "person"),
    ]
    assert record.addresses == [
        ("Via Roma 1", "Milano", "MI", "20100", "IT", None, "billing", "organization"),
        (None, None, None, None, None, "c/o Rossi, Lugano", None, "person"),
    ]
    assert (record.tags, record.notes) == (["fair-2026", "vip"], ["first\nsecond"])
    assert record.fields == [("budget", "5000"), ("shoe-size", "038")]
    assert record.party is None
    assert record.kept.pop("phones") == entity()["phones"]
    assert record.kept == {
        "id": 42, "uid": "01990000-0000-7000-8000-000000000042", "party": "both", "memberships": [],
        "updated_at": "2026-11-22T09:00:00Z", "interactions": [{"at": "2026-11-21", "amount": 12}],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected", "party"),
    [
        ({"name": "Dott.ssa Anna Bianchi"}, {"name": "Dott.ssa Anna Bianchi"}, None),
        ({"type": "organization", "party": "organization", "name": "Bianchi S.r.l."}, {}, "organization"),
        ({"type": "target", "party": "organization", "name": "Acme", "organization": None},
         {"organization": "Acme"}, "organization"),
        ({"type": "person", "party": "person", "name": "Cher", "first_name": None, "last_name": None},
         {"name": "Cher"}, "person"),
    ],
)  # fmt: skip
def test_whose_name_it_is(read: Read, changes: dict[str, Any], expected: dict[str, str], party: str | None) -> None:
    (record,), _rejects = read(entity(**changes))
    said = {key: value for key, value in record.values.items() if key in ("name", "organization")}
    assert said == {**({} if "organization" in changes else {"organization": "Bianchi S.r.l."}), **expected}
    assert record.party == party


def test_what_someone_added_to_our_export_is_not_lost(read: Read) -> None:
    (record,), _rejects = read(entity(birthday="1980-01-01", fields={"a": 1.50}))
    assert record.fields == [("a", "1.5"), ("birthday", "1980-01-01")]


SHAPES = [
    '{"name": "Ada"}',
    '[{"name": "Ada"}]',
    '[[{"name": "Ada"}], []]',
    '{"contacts": [{"name": "Ada"}], "total": 1}',
    '{"next": null, "data": {"people": [{"name": "Ada"}]}}',
    '{"@odata.context": "https://x", "value": [{"name": "Ada"}]}',
    '{"exported": "2026", "friends_of_mine": [{"name": "Ada"}]}',
    '[{"results": [{"name": "Ada"}]}, {"results": []}]',
    '\n\ufeff {"name": "Ada"}\n',
    '{\n "name":\n "Ada"\n}\n',
]


@pytest.mark.parametrize("text", SHAPES)
def test_shapes_around_the_records(read: Read, text: str) -> None:
    records, rejects = read(text)
    assert ([record.values for record in records], rejects) == ([{"name": "Ada"}], [])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32", "cp1252"])
@pytest.mark.parametrize("text", ['[{"name": "Zoè"}, {"name": "Bò"}]', '{"name": "Zoè"}\n{"name": "Bò"}\n'])
def test_encodings(read: Read, encoding: str, text: str) -> None:
    records, _rejects = read(text, encoding)
    assert [record.values["name"] for record in records] == ["Zoè", "Bò"]


@pytest.mark.parametrize("text", ["[]", '{"contacts": []}', '{"value": [], "count": 0}'])
def test_a_list_of_nothing(read: Read, text: str) -> None:
    assert read(text) == ([], [])


def test_a_company_with_its_contacts_is_one_record(read: Read) -> None:
    (record,), _rejects = read('{"name": "Acme", "contacts": [{"name": "Ada"}]}')
    assert record.values == {"name": "Acme"}
    assert record.fields == [("contacts", '[{"name":"Ada"}]')]


@pytest.mark.parametrize(
    ("text", "lines", "format"),
    [
        ('{"name":"a"}\n\n{"name":"b"}\r\n{"name":"c"}\r{"name":"d"}', [1, 3, 4, 5], "jsonl"),
        ('[\r\n{"name":"a"},\r\n{\r\n"name":"b"},\n{"name":"c"}]', [2, 3, 5], "json"),
        ('{"data":\n[{"name":"a"},\n\n {"name":"b"}]}', [2, 4], "json"),
        ('{"name":"a"}{"name":"b"}\n{"name":"c"}', [1, 1, 2], "jsonl"),
        ('{\n"name":"a"\n}\n{\n"name":"b"\n}', [1, 4], "json"),
    ],
)
def test_lines_count_from_one(path: Path, text: str, lines: list[int], format: str) -> None:
    path.write_bytes(text.encode())
    with open_json(str(path)) as source:
        assert [record.line for record in source.records] == lines
        assert (source.format, source.scope, source.suffix) == (format, "json", ".jsonl")


def test_raw_is_the_text_of_the_object(read: Read) -> None:
    records, _rejects = read('{"contacts": [ {"name":"a"} ,\n  {"name": "b" }]}')
    assert [record.raw for record in records] == ['{"name":"a"}', '{"name": "b" }']


GOOD = [
    f'{{"name": "n{i}", "tel": "x", "emails": [{{"value": "a@x.example"}}, {{"value": "b@x.example"}}]}}'
    for i in range(9)
]
BREAKS = {
    "word": ('"n4"', "tru"),
    "no quote after": ('"n4"', '"n4'),
    "no quote before": ('"n4"', 'n4"'),
    "no comma": ('"n4", ', '"n4" '),
    "no bracket": ("]}", "}"),
    "no end": ('"}]}', '"}]'),
    "single quotes": ('"n4"', "'n4'"),
    "comma too many": ("]}", "],}"),
    "line end in text": ('"n4"', '"n\n4"'),
    "bad escape": ('"n4"', r'"n\4"'),
    "bad inside": ('{"value": "b@x.example"}', '{"value": b@x}'),
}


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("at", [1, 4, 8])
@pytest.mark.parametrize("between", [",", ",\n", ",\n  "])
def test_a_broken_object_costs_itself_in_a_list(
    read: Read, broken: tuple[str, str], at: int, between: str
) -> None:  # fmt: skip
    objects = list(GOOD)
    objects[at] = objects[at].replace(f"n{at}", "n4").replace(*broken)
    begin = "[" + between.lstrip(",")
    records, rejects = read(begin + between.join(objects) + "]")
    assert [record.values["name"] for record in records] == [f"n{i}" for i in range(9) if i != at]
    lines = between.count("\n")
    assert [reject.line for reject in rejects[:1]] == [1 + lines * (at + 1)]
    # Only an end that is missing in the last object leaves the list without one too.
    assert len(rejects) == 1 or at == 8


@pytest.mark.parametrize("broken", BREAKS.values(), ids=BREAKS)
@pytest.mark.parametrize("at", [0, 4, 8])
def test_a_broken_line_costs_itself(read: Read, broken: tuple[str, str], at: int) -> None:
    objects = list(GOOD)
    objects[at] = objects[at].replace(f"n{at}", "n4").replace(*broken).replace("\n", "\t")
    records, rejects = read("\n".join(objects))
    assert [record.values["name"] for record in records] == [f"n{i}" for i in range(9) if i != at]
    assert [reject.line for reject in rejects] == [at + 1]


def test_a_broken_object_costs_itself_where_it_is_indented(read: Read) -> None:
    objects = [json.loads(text) for text in GOOD]
    text = json.dumps({"contacts": objects}, indent=2)
    for old, new in BREAKS.values():
        broken = text.replace(old, new, 1) if "n4" in old else text
        records, rejects = read(broken)
        assert len(records) + len(rejects) == 9
        assert len(records) == (8 if broken != text else 9)


def test_every_second_object_broken_in_a_long_line(read: Read) -> None:
    bad = GOOD[4].replace('"n4"', '"n4')
    records, rejects = read("[" + ",".join([GOOD[0], bad] * 2_000) + "]")
    assert (len(records), len(rejects)) == (2_000, 2_000)
    assert {record.values["name"] for record in records} == {"n0"}


def test_a_list_that_is_cut_off_says_so(read: Read) -> None:
    records, rejects = read('[{"name": "Ada"}, {"name": "Bo"}')
    assert len(records) == 2
    assert [reject.reason for reject in rejects] == ["the file ends before the list of records does"]
    records, rejects = read('[{"name": "Ada"}, {"name": "Bo')
    assert (len(records), len(rejects)) == (1, 1)


@pytest.mark.parametrize("text", ['[1, "x", null, [], {"name": "y"}]', '1\n{"name": "y"}\n"x"\nnull'])
def test_what_is_no_object_is_rejected(read: Read, text: str) -> None:
    records, rejects = read(text)
    assert [record.values["name"] for record in records] == ["y"]
    assert [reject.reason for reject in rejects] == ["not an object"] * 3


@pytest.mark.parametrize(
    "text", ["hello\nworld\n", "name,email\nAda,a@x\n", "<html></html>", " \n", "12", '"a"', "BEGIN:VCARD\nEND:VCARD"]
)  # fmt: skip
def test_what_is_no_json_is_refused(read: Read, text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read(text)
    assert "is not JSON" in caught.value.message and caught.value.hint


def test_a_jcard_is_somebody_elses(read: Read) -> None:
    jcard = '["vcard", [["version", {}, "text", "4.0"]]]'
    assert looks_like_jcard(jcard) and looks_like_jcard("\ufeff [\n [ " + jcard[1:]) and looks_like_jcard(f"[{jcard}]")
    assert not looks_like_jcard('[{"vcard": 1}]') and not looks_like_jcard('"vcard"')
    with pytest.raises(InvalidInput, match="jCard"):
        read(jcard)


def test_missing_file() -> None:
    with pytest.raises(DkcrmError) as caught:
        open_json("/no/such/file.json")
    assert caught.value.code == "io"


def test_numbers_keep_their_digits(read: Read) -> None:
    (record,), _rejects = read(
        '{"name": "Ada", "vat": 00, "id": 1}'.replace("00", "123456789012345678901234567890")[:-1]
        + ', "zip": "0123", "price": 12.50, "big": 1e400, "nothing": NaN, "minus": -0, "yes": true, "no": false}'
    )
    assert record.values["vat_id"] == "123456789012345678901234567890"
    assert record.values["external_id"] == "1"
    assert record.addresses[0][3] == "0123"
    assert dict(record.fields) == {"price": "12.50", "big": "1e400", "minus": "-0", "yes": "true", "no": "false"}


def test_a_number_of_ten_thousand_digits(read: Read) -> None:
    (record,), _rejects = read('{"name": "Ada", "big": ' + "7" * 10_000 + "}")
    assert record.fields == [("big", "7" * 10_000)]


def test_a_key_that_comes_twice_loses_nothing(read: Read) -> None:
    (record,), _rejects = read('{"email": "a@x", "email": "b@x", "name": "Ada", "name": "Bo"}')
    assert [point[1] for point in record.points] == ["a@x", "b@x"]
    assert record.values == {"name": "Ada"} and record.fields == [("name (2)", "Bo")]


@pytest.mark.parametrize("text", ["[" * 100_000, '{"a":' * 100_000, '[{"a":[{},' * 50_000])
def test_deep_nesting_is_a_reject(read: Read, text: str) -> None:
    records, rejects = read("[" + text)
    assert records == [] and [reject.reason for reject in rejects] == ["nested too deep"]


def test_deep_nesting_costs_one_object(read: Read) -> None:
    records, rejects = read('[{"x":' + "[" * 5_000 + "]" * 5_000 + '},{"name":"Ada"}]')
    assert [record.values for record in records] == [{"name": "Ada"}]
    assert len(rejects) == 1


def test_half_a_surrogate_pair_can_be_rejected_and_written(path: Path) -> None:
    path.write_text('{"name": "\\ud800", "x": "\\udfff"}')
    with open_json(str(path)) as source:
        (record,) = source.records
        out = io.BytesIO()
        file = io.TextIOWrapper(out, "utf-8")
        source.write_rejects(file, [Reject(1, "bytes that are not valid text", [record.raw])])
        file.flush()
    assert json.loads(out.getvalue())["name"] == "\ud800"


def test_memory_is_bounded(path: Path) -> None:
    with path.open("w") as file:
        file.write('{"contacts": [')
        for i in range(60_000):
            file.write(("," if i else "") + json.dumps({"name": f"n{i}", "email": "a@x.example", "filler": "x" * 400}))
        file.write("]}")
    tracemalloc.start()
    try:
        with open_json(str(path)) as source:
            assert sum(1 for _record in source.records) == 60_000
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert path.stat().st_size > 25_000_000
    assert peak < 60_000_000, "the beginning may hold an object of 16 MB, the list is not held"


def test_an_object_too_long_costs_itself(path: Path) -> None:
    long = '{"a": "' + "x" * (17 << 20) + '"}'
    for begin, between, end in (("[", ",", "]"), ("", "\n", "")):
        path.write_text(begin + between.join(['{"name": "Ada"}', long, '{"name": "Bo"}']) + end)
        with open_json(str(path)) as source:
            assert [record.values["name"] for record in source.records] == ["Ada", "Bo"]
            assert len(source.rejects) == 1 and "longer than" in next(iter(source.rejects)).reason


GRAPH = {
    "@odata.etag": "W/x", "id": "AAMk", "createdDateTime": "2020-01-02T03:04:05Z", "displayName": "Ada Rossi",
    "givenName": "Ada", "surname": "Rossi", "companyName": "Acme", "jobTitle": "CEO", "department": "Board",
    "emailAddresses": [{"name": "Ada Rossi", "address": "ada@acme.example"}],
    "businessPhones": ["+39 02 1", "+39 02 2"],
    "homePhones": ["06 1"], "mobilePhone": "333 1", "imAddresses": [], "personalNotes": "met in Rome",
    "categories": ["vip", "fair"], "businessHomePage": "acme.example", "spouseName": None,
    "homeAddress": {"street": "Via Roma 1", "city": "Roma", "state": "RM", "countryOrRegion": "Italia",
                    "postalCode": "00100"},
    "businessAddress": {},
}  # fmt: skip


def test_microsoft_graph(read: Read) -> None:
    (record,), rejects = read({"@odata.context": "https://graph.example", "value": [GRAPH]})
    assert rejects == []
    assert record.values == {
        "external_id": "AAMk", "created_at": "2020-01-02T03:04:05Z", "first_name": "Ada", "last_name": "Rossi",
        "organization": "Acme", "job_title": "CEO", "website": "acme.example",
    }  # fmt: skip
    assert record.points == [
        ("email", "ada@acme.example", None, None), ("phone", "+39 02 1", "work", None),
        ("phone", "+39 02 2", "work", None), ("phone", "06 1", "home", None), ("phone", "333 1", "mobile", None),
    ]  # fmt: skip
    assert record.addresses == [("Via Roma 1", "Roma", "RM", "00100", "Italia", None, "home", None)]
    assert (record.notes, record.tags, record.fields) == (["met in Rome"], ["vip", "fair"], [("department", "Board")])


GOOGLE = {
    "resourceName": "people/c1", "etag": "%x", "metadata": {"sources": [{"type": "CONTACT"}]},
    "names": [{"metadata": {"primary": True}, "displayName": "Ada L. Rossi", "familyName": "Rossi", "givenName": "Ada",
               "displayNameLastFirst": "Rossi, Ada"}],
    "emailAddresses": [{"value": "home@x.example", "type": "home", "formattedType": "Home"},
                       {"metadata": {"primary": True}, "value": "work@x.example", "type": "work"}],
    "phoneNumbers": [{"value": "02 1", "canonicalForm": "+39021", "type": "workFax"}],
    "organizations": [{"name": "Acme", "title": "CEO"}, {"name": "Old", "title": "clerk"}],
    "addresses": [{"type": "home", "formattedValue": "Via Roma 1, Roma", "streetAddress": "Via Roma 1",
                   "extendedAddress": "int. 3", "city": "Roma", "postalCode": "00100", "countryCode": "IT"}],
    "biographies": [{"value": "likes trains", "contentType": "TEXT_PLAIN"}],
    "urls": [{"value": "https://x.example", "type": "homePage"}],
}  # fmt: skip


def test_google_people(read: Read) -> None:
    (record,), rejects = read({"connections": [GOOGLE], "totalPeople": 1})
    assert rejects == []
    assert record.values == {
        "external_id": "people/c1", "name": "Ada L. Rossi", "first_name": "Ada", "last_name": "Rossi",
        "organization": "Acme", "job_title": "CEO",
    }  # fmt: skip
    assert record.points == [
        ("email", "work@x.example", "work", None), ("email", "home@x.example", "home", None),
        ("phone", "02 1", "fax", None), ("link", "https://x.example", "homepage", None),
    ]  # fmt: skip
    assert record.addresses == [("Via Roma 1, int. 3", "Roma", None, "00100", "IT", None, "home", None)]
    assert record.notes == ["likes trains"]
    assert record.fields == [("organizations", '[{"name":"Old","title":"clerk"}]')]


def test_hubspot_and_pipedrive(read: Read) -> None:
    hubspot = {"id": "17", "properties": {"firstname": "Ada", "lastname": "Rossi", "zip": "00100",
               "company": "Acme", "jobtitle": "CEO", "email": "a@x", "lifecyclestage": "lead"},
               "archived": False}  # fmt: skip
    pipedrive = {"id": 5, "name": "Bo", "org_id": {"name": "Acme", "value": 7},
                 "email": [{"label": "home", "value": "h@x.example", "primary": False},
                           {"label": "work", "value": "w@x.example", "primary": True}]}  # fmt: skip
    (first, second), _rejects = read({"results": [hubspot, pipedrive], "paging": {"next": {"after": "2"}}})
    assert first.values == {
        "external_id": "17", "first_name": "Ada", "last_name": "Rossi", "organization": "Acme", "job_title": "CEO"
    }  # fmt: skip
    assert first.addresses == [(None, None, None, "00100", None, None, None, None)]
    assert first.fields == [("lifecyclestage", "lead"), ("archived", "false")]
    assert second.values == {"external_id": "5", "name": "Bo", "organization": "Acme"}
    assert [point[1:3] for point in second.points] == [("w@x.example", "work"), ("h@x.example", "home")]


def test_hand_made_objects(read: Read) -> None:
    (record,), _rejects = read(
        {
            "name": {"first": "Ada", "last": "Rossi"}, "type": "lead", "state": "Lazio",
            "emails": ["a@x.example", {"email": "b@x.example", "type": "HOME"}],
            "phone": {"mobile": "333", "work": ["02"]},
            "billingAddress": {"street": "Via 1", "city": "Roma"}, "shipping_city": "Ostia",
            "note": ["one", {"text": "two"}],
            "company": {"name": "Acme", "vatNumber": "123", "phone": "06", "size": 12},
            "tags": "vip, fair", "custom": {"shoe": {"size": 38}}, "hobbies": ["a", "b"], "empty": [], "none": None,
            "custom_fields": [{"name": "Colour", "value": "red"}, {"name": "Blank", "value": None}],
            "children": [{"n": 1}], "links": {"LinkedIn": "https://l.example"}, "_id": {"$oid": "5f"},
        }
    )  # fmt: skip
    assert record.values == {
        "first_name": "Ada", "last_name": "Rossi", "type": "lead", "organization": "Acme", "vat_id": "123",
        "external_id": "5f",
    }  # fmt: skip
    assert record.points == [
        ("email", "a@x.example", None, None), ("email", "b@x.example", "home", None), ("phone", "333", "mobile", None),
        ("phone", "02", "work", None), ("phone", "06", None, "organization"),
        ("link", "https://l.example", "LinkedIn", None),
    ]  # fmt: skip
    assert set(record.addresses) == {
        ("Via 1", "Roma", None, None, None, None, "billing", None),
        (None, "Ostia", None, None, None, None, "shipping", None),
        (None, None, "Lazio", None, None, None, None, None),
    }
    assert record.notes == ["one", "two"] and record.tags == ["vip", "fair"]
    assert dict(record.fields) == {
        "company size": "12", "custom shoe size": "38", "hobbies": "a; b", "Colour": "red", "children": '[{"n":1}]'
    }  # fmt: skip


def test_several_values_in_one_text_are_several(read: Read) -> None:
    (ann, bob), _rejects = read(json.dumps([
        {"name": "Ann", "email": "a@x.it; b@x.it", "phone": "02 1234567 / 333 1234567"},
        {"name": "Bob", "emails": ["c@x.it, d@x.it", {"type": "work", "value": "Bob <e@x.it>"}], "links": "no link"},
    ]))  # fmt: skip
    assert [point[:2] for point in ann.points] == [
        ("email", "a@x.it"), ("email", "b@x.it"), ("phone", "02 1234567"), ("phone", "333 1234567"),
    ]  # fmt: skip
    assert [point[:3] for point in bob.points] == [
        ("email", "c@x.it", None), ("email", "d@x.it", None), ("email", "e@x.it", "work"), ("link", "no link", None),
    ]  # fmt: skip
    ours = {"uid": "0199aaaa-0000-7000-8000-000000000001", "type": "person", "name": "Cleo"}
    (cleo,), _rejects = read(json.dumps([ours | {"phones": [{"value": "02 1234567 / 333 1234567"}]}]))
    assert cleo.points == [("phone", "02 1234567 / 333 1234567", None, None)]


def test_rejects_can_be_mended_and_read_again(read: Read, path: Path, tmp_path: Path) -> None:
    path.write_text('[{"name": "Ada", "zip": 007},\n{"name": "Bo", "n": 1.50, "n": 2},{}]')
    with open_json(str(path)) as source:
        (record,) = source.records
        source.rejects.append(Reject(record.line, "a blank\nname", [record.raw]))
        out = io.StringIO()
        source.write_rejects(out, source.rejects)
    lines = [json.loads(line) for line in out.getvalue().splitlines()]
    assert [line["dkcrm:line"] for line in lines] == [1, 2, 2]
    assert lines[0]["dkcrm:row"] == '{"name": "Ada", "zip": 007}'
    assert lines[2] == {"dkcrm:line": 2, "dkcrm:reason": "a blank\nname", "name": "Bo", "n": 1.50, "n (2)": 2}
    assert '"n": 1.50' in out.getvalue()

    records, rejects = read(out.getvalue())
    assert [(record.values, record.fields) for record in records] == [({"name": "Bo"}, [("n", "1.50"), ("n (2)", "2")])]
    assert [reject.row[0] for reject in rejects][:1] == ['{"name": "Ada", "zip": 007}']
    again = io.StringIO()
    source.write_rejects(again, [*rejects, Reject(9, "again", [records[0].raw])])
    assert again.getvalue().count("dkcrm:line") == 3

    records, rejects = read(out.getvalue().replace("007", r"\"007\""))
    assert records[0].values == {"name": "Ada"} and records[0].addresses[0][3] == "007"


@pytest.mark.parametrize("entities", [[], [entity()], [entity(), entity(name="Zoè", notes="a\u2028b")]])
def test_writing(entities: list[dict[str, Any]]) -> None:
    array, lines = io.StringIO(), io.StringIO()
    assert write_json(iter(entities), array) == write_jsonl(iter(entities), lines) == len(entities)
    assert json.loads(array.getvalue()) == entities
    assert [json.loads(line) for line in lines.getvalue().split("\n")[:-1]] == entities
    assert array.getvalue().count("\n") == (len(entities) + 2 if entities else 1)


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3), max_leaves=12,
)  # fmt: skip
NAMES = st.sampled_from(
    "uid type name emails phones links addresses fields notes tags address organization email party state id "
    "properties contacts data custom birthday @type _id dkcrm:row".split()
)  # fmt: skip


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(objects=st.lists(st.dictionaries(NAMES, VALUES, max_size=6), max_size=4), lined=st.booleans())
def test_any_object_is_a_record_or_a_reject(read: Read, objects: list[Any], lined: bool) -> None:
    objects = [{"name": "first"}, *objects]
    text = "\n".join(json.dumps(item) for item in objects) if lined else json.dumps(objects)
    records, rejects = read(text)
    held = any(isinstance(item.get(key), (list, dict)) for item in objects for key in ("contacts", "data"))
    assert held or len(records) + len(rejects) == len(objects)
    for record in records:
        assert all(isinstance(value, str) and value.strip() for value in record.values.values())
        assert all(isinstance(part, str) for field in record.fields for part in field)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300, deadline=None)
@given(text=st.text('{}[],:"\\\n\r ax1-è', max_size=60), lined=st.booleans())
def test_no_text_whatever_breaks_the_reader(read: Read, text: str, lined: bool) -> None:
    separator = "\n" if lined else ","
    begin, end = ("", "") if lined else ("[", "]")
    records, _rejects = read(f'{begin}{{"name": "Ada"}}{separator}{text}{separator}{{"name": "Bo"}}{end}')
    assert records[0].values == {"name": "Ada"}
