"""References: a number, a uid, an email or a name that only one entity has."""

from __future__ import annotations

from typing import Any

import pytest


@pytest.fixture
def known(crm: Any) -> Any:
    """Return the program with 1 Nicolò, 2 a target, 3 and 4 of the same name, 5 that shares an email with 4."""
    crm.add("person", "Nicolò D'Angelo", "--email", "Nico@Dangelo.it")
    crm.add("target", "Bianchi S.r.l.", "--email", "info@bianchi.it")
    crm.add("lead", "Anna Rossi", "--email", "anna@rossi.it", "--org", "Rossi")
    crm.add("person", "ANNA ROSSI", "--email", "shared@x.it")
    crm.add("person", "Łukasz", "--email", "shared@x.it")
    return crm


@pytest.mark.parametrize(
    ("reference", "number"),
    [
        ("1", 1),
        (" 1 ", 1),
        ("001", 1),
        ("nico@dangelo.it", 1),
        ("NICO@DANGELO.IT", 1),
        ("Nicolò D'Angelo", 1),
        ("nicolo d'angelo", 1),
        ("NICOLÒ D’ANGELO", 1),
        ("Nicolo\u0300 D'Angelo", 1),
        ("Bianchi S.r.l.", 2),
        ("bianchi srl", 2),
        ("info@bianchi.it", 2),
        ("anna@rossi.it", 3),
        ("lukasz", 5),
        ("ŁUKASZ", 5),
    ],
)
def test_a_reference_finds_its_entity(known: Any, reference: str, number: int) -> None:
    assert known.ok("show", reference)["id"] == number


def test_a_lead_answers_to_the_name_of_its_organization_where_nobody_has_it_as_their_own(known: Any) -> None:
    assert known.ok("show", "ROSSI")["id"] == 3
    known.refused(3, "show", "Rossi S.p.A.")
    known.add("lead", "Bruno Neri", "--org", "rossi")
    assert known.ok("show", "Rossi")["id"] == 3
    candidates = known.refused(4, "show", "ROSSI")["candidates"]
    assert [(one["id"], one["organization"]) for one in candidates] == [(3, "Rossi"), (6, "rossi")]
    known.add("organization", "Rossi")
    assert known.ok("show", "Rossi")["id"] == known.ok("show", "rossi")["id"] == 7
    known.ok("rm", 7)
    known.ok("rm", 3)
    assert known.ok("show", "Rossi")["id"] == 6


def test_a_uid_is_a_reference_in_any_case(known: Any) -> None:
    uid = known.ok("show", 2)["uid"]
    assert known.ok("show", uid)["id"] == known.ok("show", uid.upper())["id"] == 2


@pytest.mark.parametrize(
    "reference",
    ["99", "0", "99999999999999999999999", "nobody@x.it", "Nobody", "Nico", "01999999-0000-7000-8000-000000000000",
     "@", "%", "*", "'; DROP TABLE entity; --", "x" * 10_000, "\x1b[31m", "²", "١"],
)  # fmt: skip
def test_no_match_is_exit_3(known: Any, reference: str) -> None:
    error = known.refused(3, "show", reference)
    assert error["error"] == "not_found"
    assert error["hint"]
    assert len(error["message"]) < 300


@pytest.mark.parametrize("reference", ["", "   "])
def test_a_blank_reference_is_refused(known: Any, reference: str) -> None:
    assert known("show", reference, "--json").code in (2, 3)


@pytest.mark.parametrize(
    ("reference", "numbers"), [("anna rossi", {3, 4}), ("shared@x.it", {4, 5}), ("SHARED@x.it", {4, 5})]
)
@pytest.mark.parametrize("command", [["show"], ["rm"], ["history"], ["blame"]])
def test_more_than_one_match_is_exit_4_with_the_candidates(
    known: Any, reference: str, numbers: set[int], command: list[str]
) -> None:
    error = known.refused(4, *command, reference)
    assert error["error"] == "ambiguous"
    assert {candidate["id"] for candidate in error["candidates"]} == numbers


def test_each_candidate_says_how_to_name_it(known: Any) -> None:
    for candidate in known.refused(4, "show", "anna rossi")["candidates"]:
        assert known.ok("show", candidate["use"])["id"] == candidate["id"]


def test_candidates_are_named_for_people_too(known: Any) -> None:
    done = known("show", "anna rossi")
    assert (done.code, done.out) == (4, "")
    listed = [line.split() for line in done.err.splitlines()]
    assert [line[0] for line in listed if line[0] in "34"] == ["3", "4"]


def test_an_ambiguous_line_of_many_writes_nothing(known: Any) -> None:
    known.refused(4, "tag", "-", "new", input="1\nanna rossi\n")
    assert known.ok("list", "tag:new") == []


def test_a_removed_entity_is_not_meant_by_its_name(known: Any) -> None:
    known.ok("rm", 3)
    assert known.ok("show", "anna rossi")["id"] == 4
    known.refused(3, "show", "anna@rossi.it")


def test_a_removed_entity_keeps_its_number(known: Any) -> None:
    known.ok("rm", 3)
    assert known.ok("show", 3)["name"] == "Anna Rossi"


def test_a_name_of_digits_is_found_when_no_number_is_meant(known: Any) -> None:
    known.add("organization", "1001")
    assert known.ok("show", "1001")["name"] == "1001"


def test_a_name_like_a_number_never_takes_the_number_from_its_owner(known: Any) -> None:
    known.add("organization", "2")
    assert known.ok("show", 2)["name"] == "Bianchi S.r.l."


def test_a_name_that_begins_with_a_dash_is_a_reference_after_two_dashes(known: Any) -> None:
    known("add", "organization", "--", "-x-")
    done = known("show", "--json", "--", "-x-")
    assert (done.code, done.json["name"]) == (0, "-x-")


def test_a_name_that_changes_is_found_by_the_new_one_only(known: Any) -> None:
    known.ok("set", 2, "--name", "Verdi S.p.A.")
    assert known.ok("show", "verdi spa")["id"] == 2
    known.refused(3, "show", "Bianchi S.r.l.")


def test_the_same_entity_named_twice_is_touched_once(known: Any) -> None:
    answer = known.ok("tag", "-", "new", input="1\nnico@dangelo.it\n1\n")
    assert [entity["id"] for entity in answer] == [1]
