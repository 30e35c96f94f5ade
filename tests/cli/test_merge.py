"""merge and distinct: one entity of several, with all that they had, and apart again exactly."""

from __future__ import annotations

import json
import os
import sqlite3
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def two(crm: Any) -> Any:
    """Give a lead with its organization, and a customer who is the same person."""
    crm.add(
        "lead", "Anna Bianchi", "--org", "Bianchi S.r.l.", "--email", "work:anna@bianchi.it", "--phone", "02 1234567",
        "--tag", "fair", "--title", "CEO", "--note", "met at the fair",
    )  # fmt: skip
    crm.add(
        "person", "Bianchi Anna", "--email", "anna@x.it", "--phone", "+39 02 1234567", "--tag", "vip", "--title",
        "Chief", "--note", "pays late", "--address", "Via Roma 1, Milano",
    )  # fmt: skip
    crm.ok("log", 1, "email", "hello", "--in")
    crm.ok("purchase", 2, "Plan", "--amount", 12)
    return crm


def world(crm: Any) -> Any:
    return crm.ok("list", "--all"), crm.ok("show", 1), crm.ok("show", 2), crm("export", "--all", "--format", "json").out


def test_all_that_two_have_is_united(two: Any) -> None:
    done = two.ok("merge", 1, 2)
    (entity,) = done["entities"]
    assert (entity["id"], entity["type"], entity["name"]) == (2, "person", "Bianchi Anna")
    assert [email["value"] for email in entity["emails"]] == ["anna@x.it", "anna@bianchi.it"]
    assert [email["label"] for email in entity["emails"]] == [None, "work"]
    assert [phone["value"] for phone in entity["phones"]] == ["+39 02 1234567"]
    assert (entity["organization"], entity["job_title"]) == ("Bianchi S.r.l.", "Chief")
    assert (entity["tags"], entity["notes"]) == (["fair", "vip"], "pays late\nmet at the fair")
    assert [address["value"] for address in entity["addresses"]] == ["Via Roma 1, Milano"]
    assert done["merged"] == [1]
    assert {(value["field"], value["value"]) for value in done["kept"]} == {
        ("name", "Anna Bianchi"), ("job_title", "CEO")
    }  # fmt: skip
    assert len(two.ok("list")) == 1


def test_every_reference_leads_to_the_survivor(two: Any) -> None:
    uid = two.ok("show", 1)["uid"]
    two.ok("merge", 1, 2)
    for reference in (1, 2, uid, "anna@bianchi.it", "anna@x.it", "Bianchi Anna"):
        assert two.ok("show", reference)["id"] == 2


@pytest.mark.parametrize(
    "options", [(), ("--into", 1), ("--prefer", "newest"), ("--into", "A", "--prefer", "B"), ("--prefer", 1)]
)
def test_undo_takes_them_apart_exactly(two: Any, options: tuple[object, ...]) -> None:
    before = world(two)
    two.ok("merge", 1, 2, *options)
    after = world(two)
    assert after != before
    assert {entity["id"] for entity in two.ok("undo")["entities"]} == {1, 2}
    assert world(two) == before
    assert len(two.ok("redo")["entities"]) == 1
    assert world(two)[1:3] == after[1:3]


def test_the_more_advanced_type_wins_whoever_stays(two: Any) -> None:
    (entity,) = two.ok("merge", 1, 2, "--into", 1)["entities"]
    assert (entity["id"], entity["type"], entity["name"]) == (1, "person", "Anna Bianchi")
    assert two.ok("show", 2)["id"] == 1


def test_a_customer_who_was_a_prospect_is_one_again_when_the_purchase_is_voided(crm: Any) -> None:
    crm.add("lead", "Anna", "--email", "a@x.it")
    crm.add("prospect", "Anna", "--email", "b@x.it")
    crm.ok("purchase", 2, "Plan")
    assert crm.ok("merge", 1, 2, "--into", 1)["entities"][0]["type"] == "person"
    crm.ok("purchase", "void", 1)
    assert crm.ok("show", 1)["type"] == "prospect"


def test_those_merged_count_once_in_the_funnel(crm: Any) -> None:
    def told() -> dict[str, list[int]]:
        rows = crm.ok("report", "funnel")
        return {row["type"]: [row["entered"], row["there"], row["moved_on"] or 0] for row in rows if row["entered"]}

    for _nth in range(2):
        crm.add("lead", "Anna", "--email", "a@x.it")
    crm.ok("merge", 1, 2)
    assert told() == {"lead": [1, 1, 0]}
    crm.add("suspect", "Anna")
    crm.ok("log", 3, "email", "hello", "--in")
    crm.add("lead", "Anna")
    crm.ok("qualify", 4, "--override", "Tested.", "--prospect", "new")
    crm.ok("purchase", 4, "Plan")
    before = told()
    crm.ok("merge", 3, 4, "--into", 3)
    assert told() == {"lead": [2, 1, 1], "prospect": [1, 0, 1], "person": [1, 1, 0]}
    crm.ok("purchase", "void", 3)
    assert told()["prospect"] == [1, 1, 0]
    crm.ok("undo")
    crm.ok("undo")
    assert told() == before


@pytest.mark.parametrize(("options", "role", "lost"), [((), "boss", "buyer"), (("--prefer", "B"), "buyer", "boss")])
def test_of_two_links_to_one_organization_nothing_is_lost(
    crm: Any, options: tuple[str, ...], role: str, lost: str
) -> None:
    for words in (["organization", "Acme"], ["organization", "Other"], ["person", "Anna"], ["person", "Anna"]):
        crm.add(*words)
    crm.ok("link", 3, 1, "--role", "boss")
    crm.ok("link", 4, 2, "--primary")
    crm.ok("link", 4, 1, "--role", "buyer", "--since", "2020-01-01")
    before = crm.ok("show", 3, 4)
    done = crm.ok("merge", 3, 4, *options)
    acme = next(link for link in crm.ok("show", 3)["memberships"] if link["id"] == 1)
    assert (acme["role"], acme["since"], acme["primary"]) == (role, "2020-01-01", True)
    assert [(value["field"], value["value"]) for value in done["kept"]] == [("role", lost)]
    crm.ok("undo")
    assert crm.ok("show", 3, 4) == before


def test_a_link_to_the_one_that_is_merged_stays_the_primary_one(crm: Any) -> None:
    for words in (["organization", "Acme"], ["organization", "Other"], ["organization", "ACME"], ["person", "Anna"]):
        crm.add(*words)
    for organization in (2, 1, 3):
        crm.ok("link", 4, organization)
    crm.ok("link", 4, 3, "--primary", "--role", "buyer")
    crm.ok("merge", 1, 3)
    links = {link["id"]: (link["primary"], link["role"]) for link in crm.ok("show", 4)["memberships"]}
    assert links == {1: (True, "buyer"), 2: (False, None)}


def test_the_values_of_the_preferred_one_stand(two: Any) -> None:
    done = two.ok("merge", 1, 2, "--prefer", 1)
    (entity,) = done["entities"]
    assert (entity["id"], entity["name"], entity["job_title"]) == (2, "Anna Bianchi", "CEO")
    assert [email["value"] for email in entity["emails"] if email["primary"]] == ["anna@bianchi.it"]
    assert [phone["primary"] for phone in entity["phones"]] == [True]
    assert {(value["from"], value["value"]) for value in done["kept"]} == {(2, "Bianchi Anna"), (2, "Chief")}


def test_a_label_fills_a_blank_one_of_the_same_value(crm: Any) -> None:
    crm.add("organization", "Acme", "--email", "a@x.it", "--address", "Via Roma 1", "--phone", "home:02 1234567")
    crm.add("organization", "ACME S.p.A.", "--email", "work:A@x.it", "--address", "seat:Via Roma 1",
            "--phone", "work:+39 02 1234567")  # fmt: skip
    done = crm.ok("merge", 1, 2, "--prefer", "B")
    (entity,) = done["entities"]
    labels = [[value["label"] for value in entity[kind]] for kind in ("emails", "addresses", "phones")]
    assert labels == [["work"], ["seat"], ["home"]]
    assert [(value["field"], value["value"]) for value in done["kept"]] == [("organization", "Acme")]


def test_newest_is_who_was_changed_last(two: Any) -> None:
    two.ok("set", 1, "--website", "https://x.it")
    with pytest.MonkeyPatch.context() as patch:
        from dkcrm.session import Session

        patch.setitem(Session.__init__.__kwdefaults__, "clock", lambda: "2030-01-01T00:00:00Z")
        two.ok("set", 1, "--title", "Owner")
    assert two.ok("merge", 1, 2, "--prefer", "newest")["entities"][0]["job_title"] == "Owner"


def test_members_contacts_and_purchases_move_along(crm: Any) -> None:
    crm.add("organization", "Acme S.p.A.", "--vat", "IT00743110157")
    crm.add("organization", "ACME")
    crm.add("person", "Anna")
    crm.add("person", "Bruno")
    crm.ok("link", 3, 2, "--role", "buyer")
    crm.ok("link", 4, 1)
    crm.ok("link", 4, 2)
    crm.ok("log", 2, "phone", "call")
    crm.ok("purchase", 2, "Plan", "--also", 3)
    crm.ok("merge", 1, 2)
    assert {(m["id"], m["role"]) for m in crm.ok("show", 1)["memberships"]} == {(3, "buyer"), (4, None)}
    assert [m["id"] for m in crm.ok("show", 4)["memberships"]] == [1]
    assert crm.ok("list", "interactions:1..")[0]["id"] == 1
    assert {entity["id"] for entity in crm.ok("list", "purchases:1..")} == {1, 3}


def test_three_become_one_and_an_alias_of_an_alias_leads_to_the_last(crm: Any) -> None:
    for name in ("Anna", "Anna B.", "Anna Bianchi", "A. Bianchi"):
        crm.add("person", name)
    crm.ok("merge", 2, 1, 3)
    assert [crm.ok("show", number)["id"] for number in (1, 2, 3)] == [2, 2, 2]
    crm.ok("merge", 4, 2)
    assert [crm.ok("show", number)["id"] for number in (1, 2, 3, 4)] == [4, 4, 4, 4]
    crm.ok("undo")
    assert [crm.ok("show", number)["id"] for number in (1, 2, 3, 4)] == [2, 2, 2, 4]


def test_both_histories_stay(two: Any) -> None:
    two.ok("merge", 1, 2)
    names = [operation["name"] for operation in two.ok("history", 2)]
    assert names == ["merge", "purchase", "log", "add person", "add lead"]


def test_a_dry_run_says_what_would_be_and_does_nothing(two: Any) -> None:
    before, operations = world(two), len(two.ok("history"))
    done = two("merge", 1, 2, "--dry-run")
    assert done.code == 0
    assert done.err.startswith("dry run, nothing written: merged 1 Anna Bianchi into 2 Bianchi Anna")
    assert (world(two), len(two.ok("history"))) == (before, operations)


@pytest.mark.parametrize(
    ("ours", "theirs", "hint"),
    [
        (["person", "Acme"], ["organization", "Acme"], "link"),
        (["lead", "Anna"], ["target", "Acme"], "link"),
        (["lead", "Anna", "--org", "Acme"], ["target", "Acme"], "qualify"),
    ],
)
def test_a_person_and_an_organization_are_never_one(crm: Any, ours: Any, theirs: Any, hint: str) -> None:
    crm.add(*ours)
    crm.add(*theirs)
    for order in ((1, 2), (2, 1)):
        error = crm.refused(4, "merge", *order)
        assert (error["error"], hint in error["hint"]) == ("wrong_type", True)


def test_what_makes_no_sense_is_refused(two: Any) -> None:
    assert two.refused(2, "merge", 1)["error"] == "usage"
    assert two.refused(4, "merge", 1, 1)["error"] == "already"
    assert two.refused(2, "merge", 1, 2, "--into", "Bianchi Anna", "--prefer", 1, "--format", "xml")["error"] == "usage"
    assert two.refused(3, "merge", 1, 99)["error"] == "not_found"
    two.add("person", "Carla")
    assert "--into" in two.refused(2, "merge", 1, 2, "--into", 3)["message"]
    assert "--prefer" in two.refused(2, "merge", 1, 2, "--prefer", "Carla")["message"]
    two.ok("rm", 3)
    assert two.refused(4, "merge", 1, 3)["error"] == "removed"
    two.ok("merge", 1, 2)
    assert two.refused(4, "merge", 1, 2)["error"] == "already"


def test_those_that_are_distinct_are_not_merged_until_it_is_taken_back(two: Any) -> None:
    before = two.ok("show", 1, 2)
    assert two.ok("distinct", 2, 1)["distinct"] == [[1, 2]]
    assert two.ok("show", 1, 2) == before
    assert [(pair["a"], pair["b"]) for pair in two.ok("distinct")] == [(1, 2)]
    error = two.refused(4, "merge", 1, 2)
    assert (error["error"], error["hint"]) == ("apart", "take that back with: dkcrm distinct 1 2 --forget")
    assert two.ok("distinct", 1, 2)["operation"] is None
    two.ok("distinct", 1, 2, "--forget")
    assert two.ok("distinct") == []
    two.ok("merge", 1, 2)


def test_a_distinction_moves_to_the_survivor_and_back(crm: Any) -> None:
    for name in ("Anna", "Anna B.", "Anna C."):
        crm.add("person", name)
    crm.ok("distinct", 3, 2)
    crm.ok("merge", 1, 2)
    assert [(pair["a"], pair["b"]) for pair in crm.ok("distinct")] == [(1, 3)]
    assert crm.refused(4, "merge", 1, 3)["error"] == "apart"
    crm.ok("undo")
    assert [(pair["a"], pair["b"]) for pair in crm.ok("distinct")] == [(2, 3)]
    crm.ok("undo")
    assert crm.ok("distinct") == []


def test_a_row_known_from_an_import_finds_who_it_was_merged_into(two: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nLuca Verdi,luca@x.it\nL. Verdi,verdi@x.it\n")
    two.ok("import", file, "--type", "person")
    two.ok("merge", 3, 4)
    again = two.ok("import", file, "--type", "person")
    assert (again["unchanged"], again["created"], again["operation"]) == (2, 0, None)


def test_filters_for_an_import_and_an_operation_find_who_those_became(two: Any, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("name,email\nLuca Verdi,luca@x.it\nL. Verdi,verdi@x.it\n")
    two.ok("import", file, "--type", "person")
    of_it = f"operation:{two.ok('history')[0]['operation']}"
    two.ok("merge", 2, 4)
    for word in ("import:people.csv", of_it):
        assert [entity["id"] for entity in two.ok("list", word, "sort:id")] == [2, 3], word
    assert [entity["id"] for entity in two.ok("list", "import:none", "sort:id")] == [1]
    two.ok("undo")
    assert [entity["id"] for entity in two.ok("list", "import:people.csv", "sort:id")] == [3, 4]


def as_once_written() -> None:
    """Let 3 lead to 2 and 2 to 1: so versions wrote it that left the aliases of a folded lead where they were."""
    database = sqlite3.connect(os.environ["DKCRM_DB"])
    database.execute("UPDATE entity SET merged_into = 2 WHERE id = 3")
    database.commit()
    database.close()


def test_an_alias_of_an_alias_is_followed_to_the_end(crm: Any, tmp_path: Path) -> None:
    for name, email in (("Anna", "a@b.it"), ("Anna B.", "b@b.it")):
        crm.add("person", name, "--email", email)
    file = tmp_path / "people.csv"
    file.write_text("name,email\nAnna Bi,c@b.it\n")
    crm.ok("import", file, "--type", "person")
    crm.ok("merge", 1, 2, 3)
    as_once_written()
    assert crm.ok("show", 3)["id"] == 1
    again = crm.ok("import", file, "--type", "person")
    assert (again["unchanged"], again["operation"]) == (1, None)
    assert [entity["id"] for entity in crm.ok("list", "import:people.csv")] == [1]
    out = tmp_path / "all.json"
    crm.ok("export", "--all", "--format", "json", "-o", out)
    assert [alias["id"] for alias in json.loads(out.read_text())[0]["aliases"]] == [2, 3]


@pytest.mark.parametrize("order", [(1, 2, 3), (2, 1, 3), (3, 2, 1), (2, 3, 1)])
def test_a_lead_that_is_both_makes_no_person_and_organization_one(crm: Any, order: tuple[int, ...]) -> None:
    crm.add("lead", "Anna")
    crm.add("lead", "Anna", "--org", "Acme")
    crm.add("lead", "--org", "Acme")
    assert crm.refused(4, "merge", *order)["error"] == "wrong_type"


CARD = "BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:Maria Bianchi\nN:Bianchi;Maria;;;\n{more}\nEND:VCARD\n"


def one_card(crm: Any) -> list[str]:
    lines: list[str] = crm("export", "--format", "vcard").out.splitlines()
    assert lines.count("BEGIN:VCARD") == 1
    return lines


def test_what_came_in_with_a_card_goes_out_with_the_survivors(crm: Any, tmp_path: Path) -> None:
    (tmp_path / "in.vcf").write_text(
        CARD.format(uid="u1", more="NICKNAME:Mary\nROLE:Boss\nX-SKYPE:mary.b\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ")
    )
    crm.add("person", "Maria Bianchi")
    crm.ok("import", tmp_path / "in.vcf", "--type", "person")
    before = crm("export", "--format", "vcard").out, crm("export", "--format", "json").out
    crm.ok("merge", 1, 2)
    lines = one_card(crm)
    assert {"NICKNAME:Mary", "ROLE:Boss", "X-SKYPE:mary.b", "PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQ"} <= set(lines)
    assert crm.ok("import", tmp_path / "in.vcf", "--type", "person")["unchanged"] == 1
    crm.ok("undo")
    assert (crm("export", "--format", "vcard").out, crm("export", "--format", "json").out) == before
    crm.ok("redo")
    assert one_card(crm) == lines


@pytest.mark.parametrize(("options", "uid", "other"), [((), "u1", "u2"), (("--prefer", "B"), "u2", "u1")])
def test_the_card_of_the_survivor_leads_or_that_of_the_preferred_one(
    crm: Any, tmp_path: Path, options: Any, uid: str, other: str
) -> None:
    cards = CARD.format(uid="u1", more="GENDER:F\nROLE:Boss") + CARD.format(uid="u2", more="GENDER:O\nROLE:Chief")
    (tmp_path / "in.vcf").write_text(cards)
    crm.ok("import", tmp_path / "in.vcf", "--type", "person")
    before = crm("export", "--format", "json").out
    crm.ok("merge", 1, 2, *options)
    lines = one_card(crm)
    assert {f"UID:{uid}", f"X-DKCRM-OTHER-UID:{other}", "ROLE:Boss", "ROLE:Chief"} <= set(lines)
    crm.ok("undo")
    assert crm("export", "--format", "json").out == before
