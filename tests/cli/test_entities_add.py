"""add: what is kept of what a user typed, and the shape in which it comes back."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

#: The keys of SPEC.md section 7's example, in its order.
KEYS = (
    "id uid type party state name first_name last_name organization job_title vat_id tax_code source tags emails"
    " phones addresses links fields notes memberships created_at updated_at"
).split()
TYPES = ("suspect", "lead", "prospect", "person", "target", "organization")


@pytest.mark.parametrize("type", TYPES)
def test_the_keys_of_an_entity_are_the_documented_ones_in_their_order(crm: Any, type: str) -> None:
    entity = crm.ok("add", type, "Bianchi")
    assert [key for key in entity if key != "website"] == KEYS  # a website is an attribute (SPEC.md section 2)


def test_the_example_of_the_specification(crm: Any) -> None:
    crm.ok("field", "add", "budget", "--kind", "money", "--side", "organization")
    words = ["--first", "Anna", "--last", "Bianchi", "--org", "Bianchi S.r.l.", "--source", "web form"]
    words += ["--tag", "fair-2026", "--email", "work:anna@bianchi.it", "--phone", "02 1234567"]
    entity = crm.ok("add", "lead", *words, "--field", "budget=5000")
    assert entity["id"] == 1
    assert (entity["type"], entity["party"], entity["state"]) == ("lead", "both", "active")
    assert (entity["name"], entity["first_name"], entity["last_name"]) == ("Anna Bianchi", "Anna", "Bianchi")
    assert entity["organization"] == "Bianchi S.r.l."
    assert [entity[key] for key in ("job_title", "vat_id", "tax_code")] == [None, None, None]
    assert (entity["source"], entity["tags"], entity["notes"]) == ("web form", ["fair-2026"], "")
    email = {"value": "anna@bianchi.it", "label": "work", "side": "person", "primary": True}
    assert json.dumps(entity["emails"]) == json.dumps([email])
    phone = {"value": "02 1234567", "e164": "+39021234567", "label": None, "side": "person", "primary": True}
    assert json.dumps(entity["phones"]) == json.dumps([phone])
    assert (entity["addresses"], entity["links"], entity["memberships"]) == ([], [], [])
    assert entity["fields"] == {"budget": "5000"}


def test_times_are_utc_and_the_uid_is_a_uuid7(crm: Any) -> None:
    entity = crm.ok("add", "person", "Anna")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", entity["created_at"])
    assert entity["updated_at"] == entity["created_at"]
    assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", entity["uid"])


def test_a_membership_is_shown_with_the_documented_keys(crm: Any) -> None:
    crm.add("organization", "Bianchi S.r.l.")
    crm.add("person", "Anna")
    crm.ok("link", 2, 1)
    wanted = {"id": 1, "type": "organization", "name": "Bianchi S.r.l.", "role": None, "primary": True}
    shown = [{k: v for k, v in link.items() if k != "since"} for link in crm.ok("show", 2)["memberships"]]
    assert json.dumps(shown) == json.dumps([wanted])  # "since" is an option of link (SPEC.md section 4)


@pytest.mark.parametrize(
    ("words", "party", "name"),
    [
        (["suspect", "Anna"], "person", "Anna"),
        (["suspect", "--org", "Bianchi"], "organization", "Bianchi"),
        (["lead", "Anna", "--org", "Bianchi"], "both", "Anna"),
        (["prospect", "Anna"], "person", "Anna"),
        (["person", "Anna"], "person", "Anna"),
        (["target", "Bianchi"], "organization", "Bianchi"),
        (["organization", "Bianchi"], "organization", "Bianchi"),
        (["organization", "--org", "Bianchi"], "organization", "Bianchi"),
    ],
)
def test_the_party_follows_from_the_names(crm: Any, words: list[str], party: str, name: str) -> None:
    entity = crm.ok("add", *words)
    assert (entity["party"], entity["name"]) == (party, name)


@pytest.mark.parametrize("type", ["target", "organization"])
def test_the_name_of_a_target_or_organization_is_its_organization(crm: Any, type: str) -> None:
    entity = crm.ok("add", type, "Bianchi S.r.l.")
    assert entity["organization"] == entity["name"] == "Bianchi S.r.l."


@pytest.mark.parametrize("type", TYPES)
def test_no_name_at_all_is_refused(crm: Any, type: str) -> None:
    assert "name" in crm.refused(2, "add", type)["message"]
    assert crm.ok("list") == []


@pytest.mark.parametrize(
    "name", ["Rossi Mario", "Mario Lo Presti", "Anna  Bianchi", "anna BIANCHI", "Dott. O'Neill, Jr."]
)
def test_a_full_name_is_kept_and_never_guessed_apart(crm: Any, name: str) -> None:
    entity = crm.ok("add", "person", name)
    assert (entity["name"], entity["first_name"], entity["last_name"]) == (name, None, None)


@pytest.mark.parametrize(
    ("option", "key", "value"),
    [
        ("--vat", "vat_id", "00743110157"),
        ("--vat", "vat_id", "IT 00743110157"),
        ("--tax-code", "tax_code", "rssmra80a01h501u"),
        ("--tax-code", "tax_code", "00743110157"),
        ("--website", "website", "HTTPS://Bianchi.IT/Home"),
        ("--source", "source", "web: form"),
    ],
)
def test_a_value_is_kept_as_it_was_typed(crm: Any, option: str, key: str, value: str) -> None:
    crm.add("target", "Bianchi", option, value)
    assert crm.ok("show", 1)[key] == value


def test_a_job_title_is_kept(crm: Any) -> None:
    assert crm.ok("add", "person", "Anna", "--title", "Head of Sales")["job_title"] == "Head of Sales"


@pytest.mark.parametrize(
    ("typed", "e164"),
    [
        ("02 1234567", "+39021234567"),
        ("0039 02 1234567", "+39021234567"),
        ("+39 333 123 4567", "+393331234567"),
        ("333/1234567", "+393331234567"),
        ("(06) 6982.1234", "+390669821234"),
        ("+44 20 7946 0958", "+442079460958"),
        ("+1 (202) 555-0143", "+12025550143"),
    ],
)
def test_a_phone_keeps_what_was_typed_beside_its_e164_form(crm: Any, typed: str, e164: str) -> None:
    phone = crm.ok("add", "person", "Anna", "--phone", typed)["phones"][0]
    assert (phone["value"], phone["e164"]) == (typed, e164)


def test_the_region_decides_about_a_phone_without_a_prefix(crm: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DKCRM_REGION", "GB")
    phone = crm.ok("add", "person", "Anna", "--phone", "020 7946 0958")["phones"][0]
    assert (phone["value"], phone["e164"]) == ("020 7946 0958", "+442079460958")


@pytest.mark.parametrize("option", ["--email", "--phone", "--address", "--link"])
@pytest.mark.parametrize("typed", ["{}", "work:{}"])
def test_a_label_stands_before_a_value(crm: Any, option: str, typed: str) -> None:
    value = {
        "--email": "a@x.it",
        "--phone": "02 1234567",
        "--address": "Via Roma 1, Milano",
        "--link": "https://x.it/a",
    }
    entity = crm.ok("add", "person", "Anna", option, typed.format(value[option]))
    entry = entity[{"--email": "emails", "--phone": "phones", "--address": "addresses", "--link": "links"}[option]][0]
    assert entry["value"] == value[option]
    assert entry["label"] == ("work" if ":{}" in typed else None)
    assert (entry["side"], entry["primary"]) == ("person", True)


@pytest.mark.parametrize(
    ("typed", "side"), [("organization:info@x.it", "organization"), ("person:info@x.it", "person")]
)
def test_a_label_may_name_the_side(crm: Any, typed: str, side: str) -> None:
    email = crm.ok("add", "lead", "Anna", "--org", "X", "--email", typed)["emails"][0]
    assert (email["value"], email["side"]) == ("info@x.it", side)


@pytest.mark.parametrize(
    ("words", "side"),
    [(["lead", "--org", "X"], "organization"), (["target", "X"], "organization"), (["lead", "A"], "person")],
)
def test_the_side_is_the_one_that_is_there(crm: Any, words: list[str], side: str) -> None:
    assert crm.ok("add", *words, "--email", "info@x.it")["emails"][0]["side"] == side


def test_one_of_several_values_is_primary(crm: Any) -> None:
    entity = crm.ok("add", "person", "Anna", "--email", "a@x.it", "--email", "b@x.it", "--phone", "02 1234567")
    assert [(e["value"], e["primary"]) for e in entity["emails"]] == [("a@x.it", True), ("b@x.it", False)]
    assert [p["primary"] for p in entity["phones"]] == [True]


def test_tags_and_notes_may_be_several(crm: Any) -> None:
    entity = crm.ok("add", "person", "Anna", "--tag", "vip", "--tag", "fair", "--note", "one", "--note", "two")
    assert sorted(entity["tags"]) == ["fair", "vip"]
    assert entity["notes"].split("\n") == ["one", "two"]


def test_an_unknown_type_is_wrong_usage_and_says_which_there_are(crm: Any) -> None:
    error = crm.refused(2, "add", "custmer", "Anna")
    assert "person" in json.dumps(error)


def test_a_dry_run_writes_nothing(crm: Any) -> None:
    assert crm("add", "person", "Anna", "--dry-run").code == 0
    assert crm.ok("list") == []


def test_numbers_count_up_and_are_never_used_again(crm: Any) -> None:
    assert [crm.add("person", "A"), crm.add("person", "B")] == [1, 2]
    crm.ok("undo")
    assert crm.add("person", "C") == 3


def test_what_was_added_is_said_on_standard_error(crm: Any) -> None:
    done = crm("add", "person", "Anna")
    assert "Anna" in done.err
    assert "Anna" in done.out


def test_who_looks_the_same_is_named_with_what_to_do(crm):
    crm.add("person", "Giuseppe Verdi", "--email", "verdi@x.it")
    dry = crm("add", "lead", "Beppe Verdi", "--email", "verdi@x.it", "--dry-run")
    assert "looks the same" in dry.err and "merge" not in dry.err
    done = crm("add", "lead", "Beppe Verdi", "--email", "verdi@x.it")
    assert done.code == 0
    assert "warning: person 1 Giuseppe Verdi looks the same (same email, " in done.err
    assert "dkcrm merge 1 2, or dkcrm distinct 1 2" in done.err
    assert "same" not in crm("add", "lead", "Beppe Verdi", "--email", "verdi@x.it", "--force").err
    assert "same" not in crm("add", "lead", "Carla Neri").err
    crm.ok("rm", 1, 2, 3)
    assert "same" not in crm("add", "lead", "Giuseppe Verdi", "--email", "verdi@x.it").err
