"""import of cells and headers that hold more than one of a thing: second addresses, Google's mark between values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports a table as leads and returns who is there then."""

    def imported(text: str) -> Any:
        file = tmp_path / "in.csv"
        file.write_text(text, "utf-8")
        crm.ok("import", file, "--type", "lead")
        return crm.ok("export", "--format", "json")

    return imported


@pytest.mark.parametrize(
    "header",
    ["Address 1,City 1,Zip 1,Address 2,City 2,Zip 2", "Via 1,Città 1,CAP 1,Via 2,Città 2,CAP 2",
     "Indirizzo,Città,CAP,Indirizzo 2,Città 2,CAP 2"],
)  # fmt: skip
@pytest.mark.parametrize("order", [(0, 1, 2, 3, 4, 5), (0, 3, 1, 4, 2, 5), (5, 4, 3, 2, 1, 0)])
def test_numbered_parts_are_those_of_several_addresses(load: Any, header: str, order: tuple[int, ...]) -> None:
    headers, cells = header.split(","), ["1 High St", "London", "20100", "2 Low St", "Leeds", "20200"]
    text = "\n".join(",".join(row[at] for at in order) for row in (headers, cells))
    (one,) = load("Name," + text.replace("\n", "\nAnna,") + "\n")
    assert sorted((a["street"], a["city"], a["postcode"]) for a in one["addresses"]) == [
        ("1 High St", "London", "20100"), ("2 Low St", "Leeds", "20200"),
    ]  # fmt: skip
    assert one["fields"] == {}


def test_a_second_line_is_no_second_address(load: Any) -> None:
    (one,) = load("Name,Address 1,Address 2,City,Zip\nAnna,1 High St,Flat 2,London,20100\n")
    assert [(a["street"], a["city"]) for a in one["addresses"]] == [("1 High St, Flat 2", "London")]


def test_what_google_writes_between_values_parts_them_everywhere(load: Any) -> None:
    first, second = load(
        "Name,Phone 1 - Value,Address 1 - Street,Address 1 - City,Address 1 - Country,Organization Name,"
        "Website 1 - Value\n"
        "Anna,333 1112222,Via A 1 ::: Via B 2,Roma ::: Bari,Italia ::: Italia,Moro ::: Bruno,a.it ::: b.it ::: c.it\n"
        "Bo,,Via C 3,Como,,Neri,d.it\n"
    )
    assert [(a["street"], a["city"], a["country"]) for a in first["addresses"]] == [
        ("Via A 1", "Roma", "Italia"), ("Via B 2", "Bari", "Italia"),
    ]  # fmt: skip
    assert (first["website"], [link["value"] for link in first["links"]]) == ("a.it", ["b.it", "c.it"])
    assert first["phones"][0]["e164"] == "+393331112222"
    assert (first["organization"], first["notes"]) == ("Moro", "Organization Name: Bruno")
    assert (second["website"], second["links"], len(second["addresses"])) == ("d.it", [], 1)


def test_further_emails_of_suitecrm_are_emails(load: Any) -> None:
    (one,) = load(
        "First Name,Last Name,Email Address,Email Addresses Non Primary,Primary Address Street\n"
        "Anna,Neri,a@x.it,b@x.it;c@x.it,Via A 1\n"
    )
    assert [email["value"] for email in one["emails"]] == ["a@x.it", "b@x.it", "c@x.it"]


def test_what_salesforce_writes_for_no_company_is_none(load: Any) -> None:
    (one,) = load("Last Name,Company,Email\nNeri,[not provided],a@x.it\n")
    assert (one["name"], one["organization"], one["party"]) == ("Neri", None, "person")


def test_the_lines_of_a_delivery_label_stay_lines_in_an_older_card(crm: Any, tmp_path: Path) -> None:
    card = tmp_path / "anna.vcf"
    card.write_text(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Anna\n"
        'ADR;TYPE=work;LABEL="1 rue X\\n75001 Paris":;;1 rue X;Paris;;75001;\nEND:VCARD\n'
    )
    crm.ok("import", card, "--type", "lead")
    assert "LABEL;TYPE=work:1 rue X\\n75001 Paris" in crm("export", "--format", "vcard").out.splitlines()


@pytest.mark.parametrize(
    ("text", "street"),
    [
        ("Nome;Indirizzo;Località;Comune;CAP\nAnna;Via Roma 1;Fraz. Alta;Lecco;23900\n", "Via Roma 1, Fraz. Alta"),
        ("Nome;Via;Comune;CAP;Località\nAnna;Via Roma 1;Lecco;23900;Fraz. Alta\n", "Via Roma 1, Fraz. Alta"),
        ("Nome;Via;Località;CAP\nAnna;Via Roma 1;Lecco;23900\n", "Via Roma 1"),
    ],
)
def test_a_place_beside_a_town_is_a_line_of_its_address(load: Any, text: str, street: str) -> None:
    (one,) = load(text)
    assert [(a["street"], a["city"], a["postcode"]) for a in one["addresses"]] == [(street, "Lecco", "23900")]


def test_odoos_stato_beside_nazione_is_the_province(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "odoo.csv"
    file.write_text(
        '"id","Nome","È una società","Via","Città","Stato","CAP","Nazione","Cellulare","E-mail","Partita IVA"\n'
        '"__export__.res_partner_1_a","Carla Rossi","False","Via A 1","Bari","Bari (IT)","70121","Italia",'
        '"333 9998887","c@x.it",""\n'
    )
    crm.ok("import", file, "--type", "person,organization")
    (one,) = crm.ok("export", "--format", "json")
    assert [(a["city"], a["region"], a["country"]) for a in one["addresses"]] == [("Bari", "Bari (IT)", "Italia")]
    assert one["phones"][0]["e164"] == "+393339998887"
    assert one["fields"] == {}
