"""import of our own JSON: links come back whichever comes first, in one file or in several, and are counted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def parts(crm: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Any]]:
    """Return the exported people and organizations of another database; the one at hand is empty."""
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.add("person", "Anna", "--email", "a@x.it")
    crm.add("person", "Luca", "--email", "l@x.it")
    crm.add("organization", "Acme", "--email", "info@acme.it")
    crm.add("organization", "Zenith", "--email", "info@zenith.it")
    crm.ok("link", 1, 3, "--role", "buyer")
    crm.ok("link", 1, 4, "--primary")
    crm.ok("purchase", 1, "Plan", "--also", 3)
    entities = json.loads(crm("export", "--json").out)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "test.db"))
    return {"people": entities[:2], "organizations": entities[2:]}


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    def imported(entities: list[Any], *words: object) -> Any:
        file = tmp_path / "in.json"
        file.write_text(json.dumps(entities), "utf-8")
        done = crm.ok("import", file, *words)
        assert done["read"] == done["created"] + done["filled"] + done["unchanged"]
        return done

    return imported


def links(crm: Any, name: str = "Anna") -> list[tuple[str, str | None, bool]]:
    return [(link["name"], link["role"], link["primary"]) for link in crm.ok("show", name)["memberships"]]


WHOLE = [("Zenith", None, True), ("Acme", "buyer", False)]


@pytest.mark.parametrize("order", [("people", "organizations"), ("organizations", "people")])
def test_in_one_file_the_order_does_not_matter(crm: Any, load: Any, parts: Any, order: tuple[str, str]) -> None:
    load([entity for part in order for entity in parts[part]])
    assert sorted(links(crm)) == sorted(WHOLE)


def test_an_organization_of_a_later_file_is_linked_when_the_first_comes_again(
    crm: Any, load: Any, parts: Any, tmp_path: Path
) -> None:
    assert load(parts["people"])["created"] == 2
    assert load(parts["people"])["operation"] is None  # they wait, and nothing is written
    assert load(parts["organizations"][:1])["created"] == 1
    assert links(crm) == []
    planned = load(parts["people"], "--dry-run")
    assert (planned["filled"], planned["unchanged"]) == (1, 1)
    assert [(row["who"], row["what"], row["details"]) for row in planned["plan"]] == [
        ("1 Anna", "fill", ["purchase", "link"])
    ]
    done = load(parts["people"])
    assert (done["created"], done["filled"], done["unchanged"], done["changed"]) == (0, 1, 1, 0)
    assert links(crm) == [("Acme", "buyer", True)]
    assert json.loads(crm("export", "--json").out)[0]["purchases"][0]["also"] == parts["organizations"][0]["uid"]
    assert load(parts["people"])["operation"] is None
    load(parts["organizations"])
    assert load(parts["people"])["filled"] == 1
    assert sorted(links(crm)) == sorted(WHOLE)
    for part in ("people", "organizations", "people"):
        assert load(parts[part])["operation"] is None
    crm.ok("undo")
    assert links(crm) == [("Acme", "buyer", True)]


def test_a_link_that_was_taken_away_does_not_come_back_with_the_same_file(crm: Any, load: Any, parts: Any) -> None:
    both = parts["people"] + parts["organizations"]
    load(both)
    crm.ok("unlink", "Anna", "Acme")
    assert load(both)["operation"] is None
    assert links(crm) == [("Zenith", None, True)]


def test_a_link_to_an_organization_that_is_known_under_another_uid(crm: Any, load: Any, parts: Any) -> None:
    crm.add("organization", "Acme", "--email", "info@acme.it")
    done = load(parts["people"] + parts["organizations"])
    assert (done["created"], done["unchanged"]) == (3, 1)
    assert sorted(links(crm)) == sorted(WHOLE)


def test_who_is_left_alone_is_given_nothing_back(crm: Any, load: Any, parts: Any) -> None:
    bare = [{k: v for k, v in entity.items() if k not in ("links_to", "purchases")} for entity in parts["people"]]
    load(bare + parts["organizations"])
    assert load(parts["people"], "--on-match", "skip")["operation"] is None
    crm.ok("rm", "Anna")
    assert load(parts["people"])["operation"] is None
    crm.ok("restore", 1)
    assert load(parts["people"])["filled"] == 1
    assert sorted(links(crm)) == sorted(WHOLE)
