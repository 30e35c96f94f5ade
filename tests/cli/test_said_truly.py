"""Answers that say what is so: what was written where the output fails, what stands where nothing is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="no /dev/full here")
@pytest.mark.parametrize("words", [["purchase", "1", "Plan"], ["tag", "1", "x", "--json"]])
def test_what_was_written_is_said_where_the_output_fails(crm: Any, words: list[str]) -> None:
    crm.add("person", "Anna")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "dkcrm", *words], check=False, stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 1
    assert "operation 2 was written (undo with: dkcrm undo)" in done.stderr
    assert len(crm.ok("history")) == 2


def test_as_it_was_an_entity_had_no_link_to_who_had_been_removed(crm: Any) -> None:
    person, organization = crm.add("person", "Anna"), crm.add("organization", "Acme")
    crm.ok("link", person, organization)
    crm.ok("rm", organization)
    assert crm.ok("show", person, "--as-of", "now")["memberships"] == []
    crm.ok("restore", organization)
    crm.ok("rm", person)
    assert crm.ok("show", organization, "--as-of", "now")["memberships"] == []


@pytest.mark.parametrize(
    ("types", "lead"), [("lead,person", ["Anna", "--org", "Acme"]), ("lead,person", ["--org", "Acme"]),
                        ("lead,organization", ["Anna"]), ("lead,organization", ["Anna", "--org", "Acme"])],
)  # fmt: skip
def test_a_purchase_makes_no_customer_of_a_type_that_is_off(crm: Any, types: str, lead: list[str]) -> None:
    crm.ok("config", "types", types)
    number = crm.add("lead", *lead)
    assert crm.refused(4, "purchase", number, "Plan")["error"] == "type_off"
    crm.ok("config", "types", types)
    assert [one["type"] for one in crm.ok("list")] == ["lead"]


def test_who_is_left_alone_as_the_user_said_is_named(crm: Any) -> None:
    there = crm.add("organization", "Acme", "--vat", "01234567890")
    other = crm.add("target", "Other")
    for said in ("new", other):
        lead = crm.add("lead", "--org", "Acme", "--vat", "01234567890")
        warnings = crm.ok("qualify", lead, "--override", "known", "--target", said)["warnings"]
        assert [w for w in warnings if w.startswith(f"{there} Acme is there already (same VAT number")], warnings
        crm.ok("undo")


def test_the_name_of_an_organization_is_not_taken_away(crm: Any) -> None:
    number = crm.add("target", "Acme")
    assert "needs a name" in crm.refused(2, "set", number, "--name", "")["message"]
    assert "needs a name" in crm.refused(2, "set", number, "--name", "", "--tag", "x")["message"]
    assert crm.ok("show", number)["tags"] == []


def test_a_key_to_sort_by_is_named_without_a_place_in_a_filter(crm: Any) -> None:
    error = crm.refused(2, "list", "--sort", "bogus")
    assert "bogus" in error["message"] and "character" not in error["message"]
    assert "^" not in (error["hint"] or "")
    assert "character" in crm.refused(2, "list", "sort:bogus")["message"]


def test_a_region_is_a_country(crm: Any) -> None:
    assert "zz" in crm.refused(2, "config", "set", "region", "zz")["message"]
    crm.ok("config", "set", "region", "de")
    number = crm.add("lead", "Anna", "--phone", "030 12345678")
    assert crm.ok("show", number)["phones"][0]["e164"] == "+493012345678"


@pytest.mark.parametrize("name", ["backups/none.db", "none/dkcrm-20261122T030000Z.db.age"])
def test_a_backup_that_is_not_there_is_a_file_and_no_entity(crm: Any, tmp_path: Path, name: str) -> None:
    crm.add("lead", "Anna")
    assert "no such file" in crm.refused(3, "restore", tmp_path / name)["message"]


def test_a_member_is_found_by_number_and_by_name(crm: Any) -> None:
    anna, bo, acme = crm.add("person", "Anna 7"), crm.add("person", "Bo"), crm.add("organization", "Acme")
    crm.ok("link", anna, acme)
    for said in (anna, f"={anna}", "anna"):
        term = f"member{said}" if str(said).startswith("=") else f"member:{said}"
        assert [one["id"] for one in crm.ok("list", term)] == [acme]
    assert crm.ok("list", f"member:{bo}") == []
    twin = crm.add("person", "Anna twin")
    crm.ok("merge", anna, twin, "--into", anna)
    assert [one["id"] for one in crm.ok("list", f"member:{twin}")] == [acme]


def test_leads_that_are_qualified_together_are_not_left_alone(crm: Any) -> None:
    numbers = [crm.add("lead", "Mario", "--email", "m@x.it") for _time in range(2)]
    third = crm.add("lead", "Mario", "--email", "m@x.it")
    warnings = crm.ok("qualify", *numbers, "--override", "known")["warnings"]
    assert [w for w in warnings if w.startswith(f"lead {third} Mario looks the same")]
    assert not [w for w in warnings if w.startswith(f"lead {numbers[1]} Mario looks the same")]
    assert [w for w in warnings if w.startswith(f"{numbers[0]} Mario is there already")]


def test_choices_that_differ_in_case_alone_are_told_apart(crm: Any) -> None:
    crm.ok("field", "add", "grade", "--kind", "choice", "--choice", "a,A,b")
    number = crm.add("lead", "Anna", "--field", "grade=A")
    assert crm.ok("show", number)["fields"] == {"grade": "A"}
    assert crm.ok("set", number, "--field", "grade=B")["fields"] == {"grade": "b"}
