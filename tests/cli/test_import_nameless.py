"""import of who has an email and no name: known by it, named by it until somebody says a name, and never over one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

NAMED = "First Name,Last Name,Email\nMario,Rossi,mario@r.example\n"
ALONE = "Email\nmario@r.example\n"
MAIL = (
    "From x Mon Jan  5 10:00:00 2026\nFrom: {who}\nTo: me@me.example\nSubject: {what}\n"
    "Message-ID: <{what}@x>\n\nHello\n"
)


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports a text; it returns created, filled, unchanged, rejected."""

    def imported(text: str, *words: object, type: str = "lead", name: str = "in.csv") -> tuple[int, ...]:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        done = crm("import", file, "--type", type, *words, "--json")
        assert done.code in (0, 5), done
        return tuple(done.json[what] for what in ("created", "filled", "unchanged", "rejected"))

    return imported


def names(crm: Any) -> list[str]:
    return [one["name"] for one in crm.ok("list", "--sort", "id")]


@pytest.mark.parametrize("type", ["lead", "person"])
def test_an_email_alone_is_who_has_it(crm: Any, load: Any, type: str) -> None:
    assert load(NAMED, type=type) == (1, 0, 0, 0)
    for mode in ("fill", "update"):
        assert load(ALONE, "--on-match", mode, type=type) == (0, 0, 1, 0)
    assert names(crm) == ["Mario Rossi"]
    assert len(crm.ok("history")) == 1


@pytest.mark.parametrize("type", ["lead", "person"])
@pytest.mark.parametrize("mode", ["fill", "update"])
def test_a_name_takes_the_place_of_an_email(crm: Any, load: Any, type: str, mode: str) -> None:
    assert load(ALONE, type=type) == (1, 0, 0, 0)
    assert names(crm) == ["mario@r.example"]
    assert load(NAMED, "--on-match", mode, type=type) == (0, 1, 0, 0)
    (one,) = crm.ok("list")
    assert (one["name"], one["first_name"], one["last_name"]) == ("Mario Rossi", "Mario", "Rossi")
    assert load(ALONE, "--on-match", "update", type=type) == (0, 0, 1, 0)
    crm.ok("undo")
    assert names(crm) == ["mario@r.example"]


def test_an_organization_takes_the_place_of_an_email(crm: Any, load: Any) -> None:
    load("Email\ninfo@acme.example\n")
    assert load("Company,Email\nAcme,info@acme.example\n") == (0, 1, 0, 0)
    (one,) = crm.ok("list")
    assert (one["name"], one["party"]) == ("Acme", "organization")


def test_set_gives_a_name_in_parts(crm: Any, load: Any) -> None:
    load(ALONE)
    crm.ok("set", "mario@r.example", "--first", "Mario", "--last", "Rossi")
    assert names(crm) == ["Mario Rossi"]


def test_two_who_share_the_email_of_one_without_a_name_stay_two(crm: Any, load: Any) -> None:
    load("Email\ns@x.it\n")
    both = "Name,Email\nMario Rossi,s@x.it\nAnna Bianchi,s@x.it\n"
    assert load(both) == (1, 1, 0, 0)
    assert names(crm) == ["Mario Rossi", "Anna Bianchi"]
    assert load(both) == (0, 0, 2, 0)


@pytest.mark.parametrize("rows", ["N,,s@x.it\nN,Mario Rossi,s@x.it\nN,Anna Bianchi,s@x.it\n",
                                  "N,Mario Rossi,s@x.it\nN,Anna Bianchi,s@x.it\nN,,s@x.it\n"])  # fmt: skip
def test_so_do_two_of_one_file(crm: Any, load: Any, rows: str) -> None:
    created, *_rest = load("Nick,Name,Email\n" + rows)
    assert created == 2
    assert names(crm) == ["Mario Rossi", "Anna Bianchi"]


def test_a_row_without_a_name_is_of_use_where_its_email_says_who_it_is(crm: Any, load: Any, tmp_path: Path) -> None:
    crm.add("lead", "Mario Rossi", "--email", "mario@r.example")
    text = (
        "Name,Email,Phone\n,mario@r.example,333 1112223\n,nobody@r.example,\n,nobody@r.example,333 1112225\n"
        ",anna@r.example,333 1112224\nAnna Neri,anna@r.example,\n"
    )
    assert load(text) == (1, 2, 0, 2)
    assert [(one["name"], [phone["value"] for phone in one["phones"]]) for one in crm.ok("list", "--sort", "id")] == [
        ("Mario Rossi", ["333 1112223"]), ("Anna Neri", ["333 1112224"]),
    ]  # fmt: skip
    assert (tmp_path / "in.rejects.csv").read_text().count("a lead needs a name") == 2
    assert load(text) == (0, 0, 3, 2)


def test_mail_without_a_name_names_nobody_by_the_email(crm: Any, load: Any) -> None:
    box = MAIL.format(who="Mario Rossi <mario@r.example>", what="one") + MAIL.format(who="mario@r.example", what="two")
    load(box, name="box.mbox")
    for _time in range(2):
        assert load(box, "--on-match", "update", name="box.mbox")[:2] == (0, 0)
    assert names(crm) == ["Mario Rossi"]
    assert len(crm.ok("history")) == 1


def test_who_wrote_without_a_name_is_the_one_in_the_address_book(crm: Any, load: Any) -> None:
    load(MAIL.format(who="mario@r.example", what="one"), name="box.mbox")
    assert load(NAMED) == (0, 1, 0, 0)
    assert names(crm) == ["Mario Rossi"]


def test_the_same_id_in_two_files_is_nobody_known_by_an_email_alone(crm: Any, load: Any) -> None:
    load("id,name,city\n1,Anna Neri,Roma\n")
    assert load("id,email\n1,mario@r.example\n", name="other.csv") == (1, 0, 0, 0)


def test_qualify_joins_who_has_the_email_of_a_lead_without_a_name(crm: Any, load: Any) -> None:
    crm.add("prospect", "Mario Rossi", "--email", "mario@r.example")
    number = crm.add("lead", "mario@r.example", "--email", "mario@r.example")
    crm.ok("qualify", number, "--override", "known")
    assert names(crm) == ["Mario Rossi"]


def test_a_merge_keeps_the_name_that_somebody_said(crm: Any) -> None:
    for into, other in (("anna@x.it", "Anna Neri"), ("Anna Neri", "anna@x.it")):
        numbers = [crm.add("lead", name) for name in (into, other)]
        crm.ok("merge", *numbers, "--into", numbers[0], "--prefer", "A" if "@" in into else "B")
        assert crm.ok("show", numbers[0])["name"] == "Anna Neri"
        crm.ok("rm", numbers[0])


def test_a_customer_of_another_name_is_the_one_with_the_id_and_the_vat_number(crm: Any, load: Any) -> None:
    before = "Codice cliente;Ragione sociale;P.IVA\n002;Beta Snc;09876543210\n"
    assert load(before, type="organization") == (1, 0, 0, 0)
    after = before.replace("Beta Snc", "Omega Group")
    assert load(after, "--on-match", "update", type="organization") == (0, 1, 0, 0)
    assert names(crm) == ["Omega Group"]


FORM = (
    "From x Mon Jan  5 10:00:00 2026\nFrom: Sito <{who}>\nTo: me@me.example\nSubject: form\nMessage-ID: <{who}{n}@x>\n"
    "{more}\nNome: {name}\nTelefono: {phone}\nMessaggio: richiamatemi\n\n"
)


def test_who_leaves_a_name_and_a_phone_number_in_a_form_is_a_lead(crm: Any, load: Any) -> None:
    box = "".join(
        FORM.format(who=who, n=n, name=name, phone=phone, more=more)
        for n, (who, name, phone, more) in enumerate([
            ("noreply@site.example", "Anna Neri", "333 9990001", ""),
            ("sito@site.example", "Bo Verdi", "333 9990002", ""),
            ("sito@site.example", "Ciro Blu", "333 9990003", "Reply-To: ciro@x.it\n"),
            ("noreply@site.example", "Dora Rosa", "", ""),
            ("ugo@x.it", "Eva Viola", "333 9990004", ""),
        ])
    )  # fmt: skip
    assert load(box, name="box.mbox") == (4, 0, 0, 1)
    found = {one["name"]: one for one in crm.ok("export", "--format", "json")}
    assert list(found) == ["Anna Neri", "Bo Verdi", "Ciro Blu", "Sito"]
    assert [one["phones"][0]["e164"] for one in list(found.values())[:3]] == [
        "+393339990001", "+393339990002", "+393339990003",
    ]  # fmt: skip
    assert [email["value"] for email in found["Ciro Blu"]["emails"]] == ["ciro@x.it"]
    assert found["Anna Neri"]["interactions"][0]["channel"] == "web form"
    assert load(box, name="box.mbox") == (0, 0, 4, 1)
