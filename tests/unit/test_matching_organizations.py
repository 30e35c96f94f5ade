"""Likeness of organizations: legal forms, abbreviations, towns in names, domains, codes."""

from __future__ import annotations

from typing import Any

import pytest

from dkcrm.domain.matching import organization_key
from dkcrm.domain.matching.likeness import likeness
from dkcrm.domain.matching.party import EITHER, ORGANIZATION, Address, Party, party


def firm(name: str, **values: Any) -> Party:
    return party(1, side=ORGANIZATION, organization=name, **values)


def score(a: Party, b: Party) -> float:
    return likeness(a, b).score


@pytest.mark.parametrize(
    "name",
    [
        "Zanella S.r.l.s.", "Zanella Società a responsabilità limitata", "Zanella S. r. l.", "Zanella srl unipersonale",
        "Zanella S.r.l. a socio unico", "Zanella S.p.A. in liquidazione", "Zanella s.n.c. di Carlo e Piero Zanella",
        "Società Agricola Zanella", "Zanella Società Agricola s.s.", "Azienda Agricola Zanella", "Zanella Soc. Agr.",
        "Zanella S.r.l. Società Benefit", "Zanella Società Cooperativa Sociale", "Ditta individuale Zanella",
        "Zanella GmbH & Co. KG", "Zanella AG", "Zanella Pty Ltd", "Zanella LLC", "Zanella PLC", "Zanella SAS",
        "Zanella N.V.", "Zanella AB", "Zanella Oy", "Zanella S.A. de C.V.", "Zanella S.L.", "Zanella Lda",
        "Zanella Sp. z o.o.", "Zanella Kft.", "Zanella d.o.o.", "Zanella K.K.", "Zanella A/S", "Zanella ApS",
        "Zanella et Cie",
    ],
)  # fmt: skip
def test_the_legal_forms_of_many_countries_are_no_part_of_a_name(name: str) -> None:
    assert organization_key(name) == "zanella"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Zanella Costruzioni S.r.l.", "ZANELLA COSTRUZIONI"),
        ("Zanella Costruzioni S.r.l.", "Zanella Costr. SRL"),
        ("Zanella Costruzioni S.r.l.", "Costruzioni Zanella s.r.l."),
        ("F.lli Zanella s.n.c.", "Fratelli Zanella"),
        ("Zanella & Boscolo", "Zanella e Boscolo S.p.A."),
        ("The Zanella Group Ltd", "Zanella Group"),
        ("Officine Meccaniche Zanella", "Off. Mecc. Zanella"),
        ("Blu Tek Italia", "Blutek Italia"),
    ],
)
def test_a_name_that_is_written_otherwise(a: str, b: str) -> None:
    assert score(firm(a), firm(b)) >= 0.8


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Zanella Costruzioni", "Zanella Trasporti"),
        ("Zanella S.r.l.", "Boscolo S.r.l."),
        ("Hotel Bellavista", "Hotel Excelsior"),
        ("Sero S.r.l.", "Spero S.r.l."),
        ("Comune di Treviso", "Comune di Vicenza"),
    ],
)
def test_other_names_are_other_organizations(a: str, b: str) -> None:
    town = {"addresses": [Address(city="Treviso", postcode="31100")]}
    assert score(firm(a, **town), firm(b, **town)) < 0.8


def test_a_town_beside_the_name_is_no_part_of_it() -> None:
    treviso = {"addresses": [Address(city="Treviso")]}
    assert score(firm("Zanella Costruzioni Treviso", **treviso), firm("Zanella Costruzioni", **treviso)) > 0.8


def test_a_branch_elsewhere_is_another() -> None:
    one = firm("Pizzeria Bellavista", phones=["042211111"], addresses=[Address(street="Via Roma 1", city="Treviso")])
    other = firm("Pizzeria Bellavista", phones=["080222222"], addresses=[Address(street="Via Dante 9", city="Bari")])
    assert score(one, other) < 0.5


@pytest.mark.parametrize("other", ["IT01234567890", "it 01234567890", "012.345.678-90"])
def test_a_vat_number_with_and_without_its_country(other: str) -> None:
    found = likeness(firm("Zanella S.r.l.", vat_id="01234567890"), firm("Zanela srl", vat_id=other))
    assert found.score > 0.9
    assert "same VAT number" in found.reasons


def test_another_vat_number_is_another_organization() -> None:
    assert score(firm("Zanella S.r.l.", vat_id="01234567890"), firm("Zanella S.r.l.", vat_id="98765432100")) < 0.5


def test_a_domain_of_its_own_tells_and_a_mail_providers_does_not() -> None:
    site = firm("Zanella Costruzioni S.r.l.", website="https://www.zanellacostruzioni.it/contatti")
    found = likeness(site, firm("Zanella Costruz.", emails=["vendite@zanellacostruzioni.it"]))
    assert found.score > 0.8
    assert "same domain" in found.reasons
    free = likeness(firm("Zanella", emails=["zanella1@libero.it"]), firm("Boscolo", emails=["boscolo2@libero.it"]))
    assert free.score < 0.2
    assert not free.reasons


def test_restaurants_as_two_guides_have_them() -> None:
    def of(name: str, street: str, city: str, phone: str) -> Party:
        return firm(name, phones=[phone], addresses=[Address(street=street, city=city)])

    one = of("trattoria zambon", "435 s. la cienega blv.", "los angeles", "310/246-1501")
    assert score(one, of("zambon's trattoria", "435 S. La Cienega Blvd.", "Los Angeles", "310-246-1501")) > 0.9
    assert score(one, of("zambon", "435 s. la cienega blvd. near 3rd st.", "w. hollywood", "310-246-1501")) > 0.9
    assert score(one, of("cafe pistacchio", "435 s. la cienega blv.", "los angeles", "310-246-1501")) < 0.8


def test_a_lead_whose_name_is_an_organizations() -> None:
    one = party(1, side=EITHER, name="Zanella Costruzioni S.r.l.", phones=["042212345"])
    assert score(one, party(2, side=EITHER, organization="Zanella Costruzioni srl", phones=["0422 12345"])) > 0.9


def test_the_sixth_shop_of_a_chain_is_not_the_seventh() -> None:
    street = {"addresses": [Address(street="Via Roma 1", city="Treviso")], "fields": {"industry": "retail"}}
    assert score(firm("Zanella Market 6", **street), firm("Zanella Market 7", **street)) < 0.8
    assert score(firm("Zanella Market 6", **street), firm("Market Zanella 6", **street)) > 0.8


def test_what_a_program_notes_of_its_records_proves_nothing() -> None:
    stamps = {
        "lastmodifieddate": "2024-03-01T10:11:12.000Z", "ownerid": "0050x000001AbCd", "createdbyid": "0050x000001AbCd",
        "session-id-c": "88121212", "systemmodstamp": "2024-03-01T10:11:12.000Z",
    }  # fmt: skip
    found = likeness(firm("Zanella", fields=stamps), firm("Boscolo", fields=stamps))
    assert (found.score < 0.2, found.reasons) == (True, [])
    ids = likeness(firm("Zanella", fields={"erp id": "1000231"}), firm("Zanella Due", fields={"erp id": "1000232"}))
    assert not any("but for one character" in reason for reason in ids.reasons)
