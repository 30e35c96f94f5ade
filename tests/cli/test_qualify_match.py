"""Who is there already: an exact match is joined, a likeness is never acted on by itself."""

import pytest

VAT = "01234567890"
CODE = "BNCNNA80A41F205X"
WHY = ("--override", "Tested elsewhere.")


def world(crm):
    return len(crm.ok("history", "--limit", 0)), crm.ok("list", "--all")


# Exact: the organization


@pytest.mark.parametrize("type", ["target", "organization"])
@pytest.mark.parametrize("there", [VAT, "IT" + VAT, "IT " + VAT, "it 012 345 678 90"])
@pytest.mark.parametrize("mine", [VAT, "IT" + VAT, " IT 0123 4567890 ", "It-" + VAT])
def test_the_organization_is_joined_by_its_vat_number(crm, type, there, mine):
    before = crm.ok("add", type, "Acme", "--vat", there)
    crm.add("lead", "Anna Bianchi", "--org", "Acme S.r.l.", "--vat", mine)
    done = crm.ok("qualify", 2, *WHY)
    assert {e["id"]: e["type"] for e in done["entities"]} == {1: type, 2: "prospect"}
    after = crm.ok("show", 1)
    assert (after["type"], after["name"], after["vat_id"]) == (type, "Acme", before["vat_id"])
    assert [m["id"] for m in after["memberships"]] == [2]
    assert [(m["id"], m["type"]) for m in crm.ok("show", 2)["memberships"]] == [(1, type)]
    assert len(crm.ok("list", "--all")) == 2
    assert len(done["warnings"]) == 1 and "1 Acme" in done["warnings"][0] and "VAT" in done["warnings"][0]


@pytest.mark.parametrize("type", ["target", "organization"])
@pytest.mark.parametrize("words", [("Anna", "--org", "Acme"), ("--org", "Acme")])
@pytest.mark.parametrize("mine", [VAT, " 012 345 67890"])
def test_the_organization_is_joined_by_its_tax_code(crm, type, words, mine):
    crm.add(type, "Acme", "--tax-code", VAT)
    crm.add("lead", *words, "--tax-code", mine)
    crm.ok("qualify", 2, *WHY)
    assert [e["id"] for e in crm.ok("list", type)] == [1]
    assert len(crm.ok("list", "--all")) == (2 if "Anna" in words else 1)


# Exact: the person


@pytest.mark.parametrize("type", ["prospect", "person"])
@pytest.mark.parametrize("mine", ["anna@bianchi.it", "ANNA@Bianchi.IT", "work:anna@bianchi.it"])
@pytest.mark.parametrize("name", ["Anna Bianchi", "anna bianchi", "Bianchi Anna", "A. Bianchi"])
def test_the_person_is_joined_by_email(crm, type, mine, name):
    crm.add(type, "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("lead", name, "--email", mine)
    done = crm.ok("qualify", 2, *WHY)
    assert [(e["id"], e["type"]) for e in crm.ok("list", "--all")] == [(1, type)]
    assert crm.ok("show", 2)["id"] == 1
    assert any("email" in warning and "1 Anna Bianchi" in warning for warning in done["warnings"])


@pytest.mark.parametrize("type", ["prospect", "person"])
@pytest.mark.parametrize("mine", [CODE, CODE.lower(), "BNC NNA 80A41 F205X"])
@pytest.mark.parametrize("more", [(), ("--org", "Acme")])
def test_the_person_is_joined_by_a_personal_tax_code(crm, type, mine, more):
    crm.add(type, "Anna Bianchi", "--tax-code", CODE)
    crm.add("lead", "Anna Bianchi", "--tax-code", mine, *more)
    crm.ok("qualify", 2, *WHY)
    assert (crm.ok("show", 2)["id"], crm.ok("show", 2)["type"]) == (1, type)


# Exact, but the names plainly differ


@pytest.mark.parametrize("type", ["prospect", "person"])
def test_a_shared_mailbox_is_a_likeness(crm, type):
    crm.add(type, "Anna Bianchi", "--email", "office@bianchi.it")
    crm.add("lead", "Marco Verdi", "--email", "office@bianchi.it")
    before = world(crm)
    error = crm.refused(4, "qualify", 2, *WHY)
    assert error["error"] == "ambiguous"
    assert [c["id"] for c in error["candidates"]] == [1, None]
    assert [c["use"] for c in error["candidates"]] == ["--prospect 1", "--prospect new"]
    assert "same email" in error["candidates"][0]["reasons"]
    assert "--prospect" in error["hint"]
    assert world(crm) == before


@pytest.mark.parametrize("type", ["target", "organization"])
def test_a_vat_number_with_another_name_is_a_likeness(crm, type):
    crm.add(type, "Acme", "--vat", VAT)
    crm.add("lead", "--org", "Zenith", "--vat", VAT)
    before = world(crm)
    error = crm.refused(4, "qualify", 2, *WHY)
    assert [c["use"] for c in error["candidates"]] == ["--target 1", "--target new"]
    assert world(crm) == before


# Likenesses


LIKE_ORGANIZATION = [
    (("Bianchi S.r.l.",), ("--org", "BIANCHI SRL")),
    (("Bianchi",), ("--org", "Bianchi S.p.A.")),
    (("Società Èdile",), ("--org", "societa edile")),
    (("Acme", "--website", "https://www.acme.it/home"), ("--org", "Zenith", "--website", "acme.it")),
    (("Acme", "--website", "acme.it"), ("--org", "Zenith", "--email", "info@acme.it")),
    (("Acme", "--email", "sales@acme.it"), ("--org", "Zenith", "--website", "http://acme.it")),
    (("Acme", "--phone", "+39 02 1234567"), ("--org", "Zenith", "--phone", "02 1234567")),
    (("Acme", "--phone", "02-1234.567"), ("--org", "Zenith", "--phone", "0039021234567")),
]


@pytest.mark.parametrize("type", ["target", "organization"])
@pytest.mark.parametrize(("there", "mine"), LIKE_ORGANIZATION)
def test_an_organization_that_looks_the_same_is_asked_about(crm, type, there, mine):
    crm.add(type, *there)
    crm.add("lead", *mine)
    before = world(crm)
    error = crm.refused(4, "qualify", 2, *WHY)
    assert error["error"] == "ambiguous"
    assert [(c["id"], c["type"], c["use"]) for c in error["candidates"]] == [
        (1, type, "--target 1"),
        (None, None, "--target new"),
    ]
    assert error["candidates"][0]["reasons"]
    assert "--target 1" in error["hint"] and "--target new" in error["hint"]
    assert world(crm) == before


LIKE_PERSON = [
    (("Anna Bianchi",), ("ANNA BIANCHI",)),
    (("Anna Bianchi",), ("Bianchi Anna",)),
    (("José Núñez",), ("Jose Nunez",)),
    (("--first", "Anna", "--last", "Bianchi"), ("Anna Bianchi",)),
    (("Anna Bianchi", "--phone", "+39 333 1234567"), ("Marco Verdi", "--phone", "333 1234567")),
]


@pytest.mark.parametrize("type", ["prospect", "person"])
@pytest.mark.parametrize(("there", "mine"), LIKE_PERSON)
def test_a_person_who_looks_the_same_is_asked_about(crm, type, there, mine):
    crm.add(type, *there)
    crm.add("lead", *mine)
    before = world(crm)
    error = crm.refused(4, "qualify", 2, *WHY)
    assert [(c["id"], c["type"], c["use"]) for c in error["candidates"]] == [
        (1, type, "--prospect 1"),
        (None, None, "--prospect new"),
    ]
    assert world(crm) == before


def test_the_likeness_for_people(crm):
    crm.add("target", "Bianchi S.r.l.")
    crm.add("lead", "--org", "Bianchi SPA")
    done = crm("qualify", 2, *WHY)
    assert (done.code, done.out) == (4, "")
    assert done.err.startswith("dkcrm: Bianchi SPA may be there already")
    assert "--target 1" in done.err and "--target new" in done.err and "Bianchi S.r.l." in done.err


@pytest.mark.parametrize(
    ("there", "mine"),
    [
        (("Acme", "--email", "acme@gmail.com"), ("--org", "Zenith", "--email", "zenith@gmail.com")),
        (("Acme",), ("--org", "Zenith")),
        (("Acme", "--vat", VAT), ("--org", "Zenith", "--vat", "09876543210")),
    ],
)
def test_what_does_not_look_the_same_is_new(crm, there, mine):
    crm.add("target", *there)
    crm.add("lead", *mine)
    done = crm.ok("qualify", 2, *WHY)
    assert [(e["id"], e["type"]) for e in done["entities"]] == [(2, "target")]
    assert done["warnings"] == []


@pytest.mark.parametrize("shared", [("--vat", VAT), ("--tax-code", VAT)])
def test_two_that_match_exactly_are_asked_about(crm, shared):
    crm.add("target", "Acme", *shared)
    crm.add("organization", "Acme S.r.l.", *shared)
    crm.add("lead", "Anna", "--org", "Acme", *shared)
    before = world(crm)
    error = crm.refused(4, "qualify", 3, *WHY)
    assert [c["use"] for c in error["candidates"]] == ["--target 1", "--target 2", "--target new"]
    assert world(crm) == before


def test_an_exact_match_wins_over_likenesses(crm):
    crm.add("target", "Acme")
    crm.add("target", "Acme S.r.l.", "--vat", VAT)
    crm.add("lead", "Anna", "--org", "Acme", "--vat", VAT)
    done = crm.ok("qualify", 3, *WHY)
    assert sorted(e["id"] for e in done["entities"]) == [2, 3]


def test_another_vat_number_makes_it_another_organization_whatever_its_name(crm):
    before = crm.ok("add", "target", "Acme", "--vat", VAT)
    crm.add("lead", "--org", "Acme", "--vat", "09876543210")
    assert [(e["id"], e["type"]) for e in crm.ok("qualify", 2, *WHY)["entities"]] == [(2, "target")]
    assert crm.ok("show", 1) == before


def test_who_is_alike_by_all_that_is_known_is_a_likeness(crm):
    """Neither name, email nor phone are the same: a diminutive, a street and a birthday tell."""
    crm.ok("field", "add", "birth-date", "--kind", "date", "--side", "person")
    known = ("--address", "Via Garibaldi 12, 20121 Milano", "--field", "birth-date=1970-02-03")
    crm.add("prospect", "Giuseppe Verdi", *known)
    crm.add("lead", "Beppe Verdi", *known)
    crm.ok("assess", 2, "--yes", "market-fit,budget,authority")
    error = crm.refused(4, "qualify", 2)
    (candidate, new) = error["candidates"]
    assert (candidate["id"], new["use"]) == (1, "--prospect new")
    assert "same birth date" in candidate["reasons"]
    crm.ok("distinct", 1, 2)
    assert crm.ok("qualify", 2)["entities"][0]["type"] == "prospect"
