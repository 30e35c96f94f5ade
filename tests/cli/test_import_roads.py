"""import: plain rows take a short road, column by column; the outcome is that of the long one, whatever is in them."""

from __future__ import annotations

import csv
import io
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dkcrm.services.columns import Columns

WORDS = st.sampled_from(
    ["", "", "Anna", "Anna Bianchi", " Luca ", "D'Angelo", "Nicolò", "-", "N/A", "Select", "=1+1", "'=x", "Acme S.r.l.",
     "ROSSI & FIGLI", "12", "x" * 1_200, "a\tb", "a\nb", "\u202eabc", "ÅÖ", "0042", "İstanbul", "ß", "\x1f", "A\u00a0B"]
)  # fmt: skip
EMAILS = st.sampled_from(
    ["", "a@x.it", "A@X.it", "b@x.it", "a@x.it; b@x.it", "no email", "nicolò@x.it", "Anna <a@x.it>", "a/b@x.it",
     "a@x.it ", "-", "İ@x.it"]
)  # fmt: skip
PHONES = st.sampled_from(
    ["", "02 1234567", "+39 02 1234567", "+1 (212) 555-0100", "12", "call me", "02 1234567 / 02 7654321", "n/a",
     "333 1234567", "+44 20 7946 0123", "0" * 90, "02 1234567 int. 5", "+0123456789", "٠١٢٣٤٥٦٧٨٩"]
)  # fmt: skip
LINKS = st.sampled_from(["", "x.it", "https://x.it/a b", "http://a.it; http://b.it", "ab", "HTTP://X.it"])
TAGS = st.sampled_from(["", "a", "a;b", "b,a", "-x", "A", "a;;", '"a","b"'])
MOMENTS = st.sampled_from(
    ["", "2024-01-02", "2024-01-02T03:04:05Z", "31/12/2024", "2024-02-31T00:00:00Z", "2024-13-01", "yesterday", "x"]
)  # fmt: skip
COUNTRIES = st.sampled_from(["", "IT", "Italia", "GB", "Nowhere", "NA"])
UIDS = st.sampled_from(["", "01993c00-0000-7000-8000-000000000001", "01993C00-0000-7000-8000-000000000002", "17"])
COLUMNS: dict[str, Any] = {
    "name": WORDS, "first name": WORDS, "last name": WORDS, "company": WORDS, "job title": WORDS, "vat": WORDS,
    "website": WORDS, "source": WORDS, "email": EMAILS, "email 2": EMAILS, "work email": EMAILS, "phone": PHONES,
    "mobile": PHONES, "link": LINKS, "linkedin": LINKS, "tags": TAGS, "notes": WORDS, "street": WORDS, "city": WORDS,
    "country": COUNTRIES, "home city": WORDS, "home country": COUNTRIES, "created": MOMENTS, "id": WORDS, "uid": UIDS,
    "Shoe size": WORDS, "Budget": st.sampled_from(["", "5", "x", "1.200,50"]),
    "Since": st.sampled_from(["", "2024-01-02", "02/01/2024", "x"]),
}  # fmt: skip


@st.composite
def tables(draw: Any) -> tuple[str, str]:
    """Return a type and the text of a file with some of the columns."""
    type = draw(st.sampled_from(["lead", "lead", "person", "organization", "suspect"]))
    name = draw(st.sampled_from([["name"], ["company"], ["name", "company"], ["first name", "last name"],
                                 ["name", "first name", "last name"]]))  # fmt: skip
    others = draw(
        st.lists(st.sampled_from([column for column in COLUMNS if column not in name]), max_size=7, unique=True)
    )
    headers = draw(st.permutations([*name, *others]))
    rows = draw(st.lists(st.tuples(*(COLUMNS[header] for header in headers)), min_size=1, max_size=12))
    text = io.StringIO()
    csv.writer(text).writerows([headers, *rows])
    return type, text.getvalue()


def outcome(crm: Any, path: Path, type: str) -> Any:
    """Import a file into a new database; return what came of it, but for what is new each time."""
    with tempfile.TemporaryDirectory() as place:
        db = Path(place) / "new.db"
        crm("--db", db, "field", "add", "budget", "--kind", "money")
        crm("--db", db, "field", "add", "since", "--kind", "date")
        done = crm("--db", db, "import", path, "--type", type, "--json")
        if done.code not in (0, 5):
            return done.code, json.loads(done.err.splitlines()[-1])["message"]
        answer = done.json
        answer.pop("rejects_file")
        entities = crm("--db", db, "list", "--all", "--json").json
        for entity in entities:
            for name in ("uid", "updated_at"):
                entity.pop(name)
            if not entity["created_at"].startswith(("2024", "20")):
                entity.pop("created_at")
            entity["created_at"] = entity.get("created_at", "")[:4]
        found = {word: sorted(e["id"] for e in crm("--db", db, "find", word, "--json", "--limit", 0).json)
                 for word in ("anna", "a@x.it", "021234567", "nicolo", "dangelo", "a", "it", "0042")}  # fmt: skip
        again = crm("--db", db, "import", path, "--type", type, "--json")
        undone = crm("--db", db, "undo")
        return answer, sorted(entities, key=lambda e: int(e["id"])), found, again.json["created"], undone.code


@given(tables())
@settings(
    max_examples=int(os.environ.get("DKCRM_TEST_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
def test_the_short_road_ends_where_the_long_one_does(crm: Any, tmp_path: Path, table: tuple[str, str]) -> None:
    type, text = table
    path = tmp_path / "in.csv"
    path.write_text(text, "utf-8", newline="")
    short = outcome(crm, path, type)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Columns, "look", lambda self, block: [False] * len(block.rows))
        long = outcome(crm, path, type)
    assert short == long
