"""What a person sees of one entity."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from dkcrm.domain.entity import Address, Entity, Membership, Point
from dkcrm.render.emit import emit
from dkcrm.render.text import width
from dkcrm.result import Result

NOW = "2026-11-21T12:00:00Z"
LONG = "They asked for many things that we do not sell, " * 5 + "the end."
SGR = re.compile(r"\x1b\[[0-9;]*m")


class Terminal(io.TextIOWrapper):
    """A terminal of some encoding; a pipe with ``tty=False``."""

    def __init__(self, encoding: str = "utf-8", tty: bool = True) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, newline="")
        self.tty = tty

    def isatty(self) -> bool:
        return self.tty

    def text(self) -> str:
        self.flush()
        raw: bytes = self.buffer.getvalue()  # type: ignore[attr-defined]
        return raw.decode(self.encoding)


@pytest.fixture(autouse=True)
def _terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")


def entity(**changes: Any) -> Entity:
    """Return an entity with little in it, and the changes."""
    values: dict[str, Any] = dict.fromkeys(
        ("full_name", "first_name", "last_name", "job_title", "org_name", "vat_id", "tax_code", "website", "source")
    )
    values |= {"id": 42, "uid": "u", "type": "lead", "state": "active", "full_name": "Anna Bianchi", "notes": ""}
    values |= {"created_at": "2026-11-09T12:00:00Z", "updated_at": "2026-11-09T12:00:00Z"}
    lists = ("tags", "points", "addresses", "fields", "memberships")
    made = Entity(**(values | {name: value for name, value in changes.items() if name not in lists}))
    for name in lists:
        setattr(made, name, changes.get(name, getattr(made, name)))
    return made


def full() -> Entity:
    """Return an entity with everything in it."""
    return entity(
        org_name="Bianchi S.r.l.",
        job_title="Buyer",
        vat_id="01234567890",
        source="web form",
        notes="First.\n\n" + LONG,
        updated_at="2026-11-21T11:00:00Z",
        tags=["vip", "fair"],
        points=[
            Point("email", "anna@bianchi.it", "work", "person", True),
            Point("email", "info@bianchi.it", None, "organization", False),
            Point("phone", "02 1234567", None, "person", True, "+39021234567"),
            Point("link", "https://bianchi.it", None, "organization", True),
        ],
        addresses=[Address(None, "Via Roma 1", "Milano", None, "20121", "IT", "office", "organization", True)],
        fields={"budget": "5000"},
        memberships=[Membership(77, "target", "Bianchi S.r.l.", "buyer", True)],
    )


def drawn(*entities: Entity, encoding: str = "utf-8", **detail: Any) -> str:
    """Draw cards and return what a terminal was sent."""
    out = Terminal(encoding)
    result = Result({}, view="card", detail={"entities": list(entities), "now": NOW, **detail})
    emit(result, format=None, quiet=False, stdout=out, stderr=None)
    return out.text()


@pytest.mark.parametrize("columns", [80, 200])
def test_everything_that_is_known_and_nothing_cut(columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    text = drawn(full())
    lines = text.splitlines()
    assert all(width(line) <= columns for line in lines)
    assert lines[0] == "42  Anna Bianchi  lead · active · person and organization"
    for label, value in {
        "organization": "Bianchi S.r.l.",
        "job title": "Buyer",
        "email": "anna@bianchi.it  work  person  ★",
        "phone": "02 1234567  +39021234567  person",
        "address": "Via Roma 1, 20121 Milano, IT  office  organization",
        "VAT number": "01234567890",
        "source": "web form",
        "tags": "vip, fair",
        "budget": "5000",
        "notes": "First.",
        "belongs to": "77 Bianchi S.r.l.  target · buyer",
        "created": "12 days ago",
        "changed": "1 h ago",
    }.items():
        assert re.search(rf"^  {re.escape(label)} +{re.escape(value)}", text, re.MULTILINE), label
    assert LONG in re.sub(r"\s+", " ", text)
    indent = text.split("First.")[0].split("\n")[-1]
    assert re.search(rf"\n {{{len(indent)}}}They asked", text)  # a hanging indent


def test_what_is_not_there_takes_no_row() -> None:
    assert [line.split()[0] for line in drawn(entity()).splitlines()] == ["42", "created"]


def test_several_cards_and_a_removed_one() -> None:
    organization = entity(
        id=7, type="target", state="lost", full_name=None, org_name="Acme", removed_at=NOW, merged_into=3
    )
    organization.memberships = [Membership(42, "prospect", "Anna", None, True)]
    text = drawn(entity(), organization)
    assert "\n\n7   Acme  target · lost · removed · merged into 3\n" in text.replace("\n7  Acme", "\n7   Acme")
    assert "members  42 Anna  prospect" in text
    assert "organization" not in text  # it is the name already


def test_colours_of_type_and_state(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR")
    assert re.search(r"\x1b\[36mlead\x1b\[0m", drawn(entity()))


def test_timeline_is_drawn_in_its_order_with_arrows() -> None:
    entries = [
        {"at": "2026-11-21T11:00:00Z", "kind": "email", "direction": "out", "text": LONG},
        {"at": "2026-11-20T09:00:00Z", "kind": "in", "text": "Asked for a price", "who": "vp"},
        {"at": "2026-11-09T12:00:00Z", "kind": "created", "text": ""},
    ]
    text = drawn(entity(), timelines={42: entries})
    tail = text.split("Timeline\n")[1]
    assert [line.split("  ")[1] for line in tail.splitlines() if not line.startswith("     ")] == [
        "1 h ago",
        "yesterday",
        "12 days ago",
    ]
    assert re.search(r"1 h ago +→ +email  They asked", tail)
    assert re.search(r"yesterday +← +Asked for a price  vp", tail)
    assert LONG in re.sub(r"\s+", " ", tail)
    assert "and 2 older" in drawn(entity(), timelines={42: entries * 4})


def test_more_rows_from_the_caller() -> None:
    text = drawn(entity(), links={42: {"purchases": ["Annual plan", "Support"]}})
    assert "purchases  Annual plan\n             Support\n" in text


def test_hostile_text_and_an_ascii_terminal() -> None:
    name = "\x1b[31mX[/red]:smiley:\x9b\u202e"
    hostile = full()
    hostile.full_name = hostile.notes = hostile.job_title = name
    hostile.fields = {name: name}
    hostile.tags = [name]
    detail: dict[str, Any] = {
        "timelines": {42: [{"at": name, "kind": name, "text": name, "who": name}]},
        "links": {42: {name: [name]}},
    }
    text = drawn(hostile, **detail)
    assert "42  ␛[31mX[/red]:smiley:�  lead" in text
    assert not set(text) & set("\x1b\x9b\u202e")
    plain = drawn(hostile, encoding="ascii", **detail)
    assert "42  ?[31mX[/red]:smiley:?  lead - active" in plain
    assert "(primary)" in plain
