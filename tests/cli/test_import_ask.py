"""import --on-match ask: each known row that would change something is asked about at the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from dkcrm.services.importing import Wishes, import_file
from dkcrm.session import Session

MANY = 230


@pytest.fixture
def people(crm: Any, tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("name,email\n" + "".join(f"Person {n},p{n}@x.it\n" for n in range(1, MANY + 1)))
    crm.ok("import", path, "--type", "person")
    return path


def answered(path: Path, answers: dict[str, str]) -> tuple[dict[str, Any], list[str]]:
    """Import a file, with the answers to what is asked about somebody; return the outcome and the questions."""
    asked: list[str] = []

    def ask(question: str) -> str | None:
        asked.append(question)
        return next((answer for name, answer in answers.items() if name in question), "")

    session = Session(str(path.parent / "test.db"), ask=ask)
    data = import_file(session, str(path), Wishes(type="person", on_match="ask")).data
    return data, asked


def test_each_is_filled_updated_or_left_as_was_said(crm: Any, people: Path) -> None:
    for number, title in ((1, "Old"), (2, "Old"), (3, "Old")):
        crm.ok("set", number, "--title", title)
    people.write_text(
        "name,email,title,city\n"
        "Person 1,p1@x.it,Boss,Rome\nPerson 2,p2@x.it,Boss,Rome\nPerson 3,p3@x.it,Boss,Rome\nPerson 4,p4@x.it,,\n"
    )
    done, asked = answered(people, {"Person 1": "f", "Person 2": "u"})
    assert len(asked) == 3, "of the one that changes nothing nobody is asked"
    assert all("f/u/S" in question and "Rome" in question for question in asked)
    assert (done["created"], done["filled"], done["changed"], done["unchanged"]) == (0, 2, 1, 2)
    titles = [crm.ok("show", number)["job_title"] for number in (1, 2, 3)]
    cities = [[one["city"] for one in crm.ok("show", number)["addresses"]] for number in (1, 2, 3)]
    assert (titles, cities) == (["Old", "Boss", "Old"], [["Rome"], ["Rome"], []])


def test_many_that_are_known(crm: Any, people: Path) -> None:
    lines = people.read_text().splitlines()
    people.write_text("\n".join([f"{lines[0]},title", *(f"{line},Boss" for line in lines[1:]), "New,new@x.it,Boss"]))
    done, asked = answered(people, {"Person 7\n": "f"})
    assert len(asked) == MANY
    assert (done["created"], done["filled"], done["unchanged"]) == (1, 1, MANY - 1)


def test_it_needs_somebody_to_ask(crm: Any, people: Path) -> None:
    error = crm.refused(2, "import", people, "--type", "person", "--on-match", "ask")
    assert "terminal" in error["message"]
