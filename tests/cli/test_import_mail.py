"""import: mail. Who writes becomes a lead, what they write goes onto their timeline, each message once."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


def message(sender: str, key: str, text: str = "Good morning.", subject: str = "Hello", more: str = "") -> str:
    return (
        f"From: {sender}\nTo: me@y.it\nSubject: {subject}\nDate: Mon, 2 Feb 2026 10:00:00 +0100\n"
        f"Message-ID: <{key}>\n{more}\n{text}\n"
    )


def mbox(*messages: str) -> str:
    return "".join(f"From x@x.it Mon Feb  2 10:00:00 2026\n{one}\n" for one in messages)


def timeline(crm: Any, ref: object) -> list[tuple[str, str, str]]:
    """Return subject, direction and text of what an export tells of the interactions of an entity."""
    number = crm.ok("show", ref)["id"]
    entity = next(one for one in json.loads(crm("export", "--format", "json").out) if one["id"] == number)
    return [(row["subject"], row["direction"], row["text"].strip()) for row in entity.get("interactions", [])]


@pytest.fixture
def anna(tmp_path: Path) -> Path:
    file = tmp_path / "anna.eml"
    file.write_text(message('"Anna Bianchi" <anna@x.it>', "1@x", "Please call me."))
    return file


def test_a_stranger_who_writes_is_a_new_lead(crm: Any, anna: Path) -> None:
    done = crm.ok("import", anna)
    assert (done["format"], done["types"]) == ("eml", {"lead": 1})
    lead = crm.ok("show", "anna@x.it")
    assert (lead["type"], lead["name"], lead["party"]) == ("lead", "Anna Bianchi", "person")
    assert timeline(crm, "anna@x.it") == [("Hello", "in", "Please call me.")]
    assert crm.ok("import", anna)["operation"] is None
    assert crm.ok("log", "anna@x.it", "email", "We will.")["operation"] == 2


@pytest.mark.parametrize("type", ["prospect", "person", "lead"])
def test_mail_of_somebody_known_goes_onto_their_timeline(crm: Any, anna: Path, type: str) -> None:
    number = crm.add(type, "A. Bianchi-Rossi", "--email", "ANNA@x.it")
    done = crm.ok("import", anna)
    assert (done["created"], done["filled"]) == (0, 1)
    assert (crm.ok("show", number)["type"], crm.ok("show", number)["name"]) == (type, "A. Bianchi-Rossi")
    assert [row[0] for row in timeline(crm, number)] == ["Hello"]
    assert crm.ok("import", anna)["operation"] is None
    assert len(timeline(crm, number)) == 1


def test_a_suspect_who_writes_becomes_a_lead_and_undo_takes_it_back(crm: Any, anna: Path) -> None:
    number = crm.add("suspect", "Anna", "--email", "anna@x.it")
    crm.ok("import", anna)
    assert crm.ok("show", number)["type"] == "lead"
    (entity,) = json.loads(crm("export", "--format", "json").out)
    assert [(row["from"], row["to"], row["cause"]) for row in entity["transitions"]] == [("suspect", "lead", "promote")]
    crm.ok("undo")
    assert crm.ok("show", number)["type"] == "suspect"
    assert timeline(crm, number) == []
    crm.ok("redo")
    assert crm.ok("show", number)["type"] == "lead"


def test_an_mbox_a_maildir_and_a_directory_bring_each_message_once(crm: Any, tmp_path: Path) -> None:
    one, two = message("Anna <a@x.it>", "1@x"), message("Luca <l@x.it>", "2@x")
    third = message("Anna <a@x.it>", "3@x", subject="Again")
    box = tmp_path / "box"
    box.write_text(mbox(one, two, third))
    done = crm.ok("import", box)
    assert (done["format"], done["read"], done["created"]) == ("mbox", 3, 2)
    assert [row[0] for row in timeline(crm, "a@x.it")] == ["Hello", "Again"]
    folder = tmp_path / "Maildir"
    for name in ("cur", "new", "tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1:2,S").write_text(one)
    (folder / "new" / "2").write_text(message("Luca <l@x.it>", "4@x", subject="New"))
    done = crm.ok("import", folder)
    assert (done["format"], done["read"], done["created"], done["filled"]) == ("maildir", 2, 0, 1)
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "1.eml").write_text(third)
    assert crm.ok("import", letters)["operation"] is None
    assert [row[0] for row in timeline(crm, "l@x.it")] == ["Hello", "New"]


def test_a_form_mail_is_of_who_filled_it_in(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "form.eml"
    text = "Name: Carla Verdi\nEmail: carla@z.it\nPhone: 02 7654321\nMessage: Please call me."
    file.write_text(message("Web site <form@site.it>", "6@x", text, "Contact form"))
    crm.ok("import", file)
    (carla,) = crm.ok("list")
    assert (carla["name"], carla["emails"][0]["value"]) == ("Carla Verdi", "carla@z.it")
    assert carla["phones"][0]["value"] == "02 7654321"
    ((_subject, _direction, said),) = timeline(crm, "carla@z.it")
    assert "Please call me." in said


@pytest.mark.parametrize(
    "more", ["Auto-Submitted: auto-replied\n", "List-Unsubscribe: <https://x.it>\n", "Precedence: bulk\n"]
)
def test_automatic_mail_is_rejected(crm: Any, tmp_path: Path, more: str) -> None:
    box = tmp_path / "box"
    box.write_text(mbox(message("News <news@x.it>", "5@x", more=more), message("Anna <a@x.it>", "1@x")))
    done = crm("import", box, "--json")
    assert (done.code, done.json["created"], done.json["rejected"]) == (5, 1, 1)
    assert [entity["name"] for entity in crm.ok("list")] == ["Anna"]
    assert "news@x.it" in Path(done.json["rejects_file"]).read_text()


def test_where_leads_are_off_mail_makes_none(crm: Any, anna: Path) -> None:
    crm.ok("config", "set", "types", "customers")
    error = crm.refused(4, "import", anna)
    assert "lead" in error["message"]
    assert crm.ok("list", "--all") == []
    assert crm.ok("import", anna, "--type", "person")["types"] == {"person": 1}
    assert [row[0] for row in timeline(crm, "anna@x.it")] == ["Hello"]


def test_encoded_subjects_and_bodies_are_read(crm: Any, tmp_path: Path) -> None:
    file = tmp_path / "a.eml"
    head = 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="b"\n'
    body = (
        "--b\nContent-Type: text/plain; charset=iso-8859-1\nContent-Transfer-Encoding: quoted-printable\n\nCos=EC\n"
        "--b\nContent-Type: text/html\n\n<p>No</p>\n--b--"
    )
    file.write_text(message("=?utf-8?q?=C3=89lodie?= <e@x.it>", "7@x", body, "=?utf-8?b?w4h2aXZh?=", head))
    crm.ok("import", file)
    assert crm.ok("show", "e@x.it")["name"] == "Élodie"
    assert timeline(crm, "e@x.it") == [("Èviva", "in", "Così")]
