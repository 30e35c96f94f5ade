"""import, run again: who is there already is known, filled in or left alone; the same file changes nothing."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def load(crm: Any, tmp_path: Path) -> Any:
    """Return a function that imports a text and returns what the command answered, whatever its exit code."""

    def imported(text: str, *words: object, type: str | None = "lead", name: str = "in.csv") -> Any:
        file = tmp_path / name
        file.write_text(text, "utf-8")
        done = crm("import", file, *(["--type", type] if type else []), *words, "--json")
        assert done.code in (0, 5), done
        counts = done.json
        assert counts["read"] == counts["created"] + counts["filled"] + counts["unchanged"] + counts["rejected"]
        return counts

    return imported


def counts(answer: Any) -> tuple[int, int, int, int]:
    return answer["created"], answer["filled"], answer["unchanged"], answer["rejected"]


def rows(db: Path) -> list[Any]:
    """Return every row of every table, the history too."""
    connection = sqlite3.connect(db)
    try:
        tables = [name for (name,) in connection.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'search%'"
        )]  # fmt: skip
        return [(table, connection.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()) for table in sorted(tables)]
    finally:
        connection.close()


FILES = {
    "with emails": "name,email,phone\nAnna,a@x.it,02 1234567\nLuca,l@x.it,\n",
    "with ids": "id,name,city\n7,Anna,Roma\n8,Luca,\n",
    "with nothing but names": "name,city\nAnna,Roma\nLuca,\n",
    "with columns that nothing takes": "name,Shoe size,Born on\nAnna,38,1980-02-01\nLuca,44,1979-12-31\n",
    "with uids": "name,uid\nAnna,01993c00-0000-7000-8000-000000000001\nLuca,\n",
    "of organizations": "organization,website,email\nAcme,acme.it,i@acme.it\nZenith,zenith.it,\n",
    "with a shared mailbox": "name,email\nAnna,info@x.it\nLuca,info@x.it\n",
}


@pytest.mark.parametrize("what", FILES)
@pytest.mark.parametrize("mode", ["fill", "skip", "update"])
def test_the_second_run_of_a_file_writes_nothing_at_all(
    crm: Any, load: Any, tmp_path: Path, what: str, mode: str
) -> None:
    assert counts(load(FILES[what])) == (2, 0, 0, 0)
    before = rows(tmp_path / "test.db")
    again = load(FILES[what], "--on-match", mode)
    assert (counts(again), again["operation"]) == ((0, 0, 2, 0), None)
    assert rows(tmp_path / "test.db") == before
    assert len(crm.ok("history")) == 1


def test_columns_in_another_order_are_the_same_rows(load: Any) -> None:
    load("name,city,note\nAnna,Roma,tea\n")
    assert counts(load("note,name,city\ntea,Anna,Roma\n")) == (0, 0, 1, 0)


def test_the_same_row_twice_in_a_file_is_one(crm: Any, load: Any) -> None:
    assert counts(load("name,city\nAnna,Roma\nAnna,Roma\nAnna,Bari\n")) == (2, 0, 1, 0)
    assert len(crm.ok("list")) == 2


def test_blanks_are_filled_values_added_and_nothing_is_overwritten(crm: Any, load: Any, tmp_path: Path) -> None:
    number = crm.add("lead", "Anna", "--email", "a@x.it", "--title", "CEO", "--tag", "old", "--note", "first")
    answer = load(
        "name,email,email 2,title,organization,phone,city,tags,notes,source,Shoe\n"
        "Anna,A@X.it,b@x.it,CTO,Acme,02 1234567,Roma,new,second,web,38\n"
    )
    assert counts(answer) == (0, 1, 0, 0)
    assert answer["changed"] == 0
    anna = crm.ok("show", number)
    assert (anna["job_title"], anna["organization"], anna["source"]) == ("CEO", "Acme", "web")
    assert [e["value"] for e in anna["emails"]] == ["a@x.it", "b@x.it"]
    assert [(p["value"], p["primary"]) for p in anna["phones"]] == [("02 1234567", True)]
    assert (anna["tags"], anna["notes"], anna["addresses"][0]["city"]) == (["new", "old"], "first\nsecond", "Roma")
    assert anna["fields"] == {"shoe": "38"}
    assert [e["id"] for e in crm.ok("find", "Acme")] == [number]
    (tmp_path / "other.csv").write_text("name,email,title\nAnna,a@x.it,CIO\n")
    assert "update" in crm("import", tmp_path / "other.csv", "--type", "lead").err
    crm.ok("undo")
    anna = crm.ok("show", number)
    assert (anna["organization"], anna["phones"], anna["tags"], anna["notes"]) == (None, [], ["old"], "first")
    crm.ok("redo")
    assert crm.ok("show", number)["organization"] == "Acme"


def test_update_lets_the_file_win_and_says_so(crm: Any, load: Any) -> None:
    number = crm.add("lead", "Anna", "--email", "a@x.it", "--title", "CEO")
    crm.ok("field", "add", "shoe", "--kind", "int")
    crm.ok("set", number, "--field", "shoe=37")
    text = "name,email,title,shoe,city\nAnna B.,a@x.it,CTO,38,Roma\n"
    answer = load(text, "--on-match", "update")
    assert (counts(answer), answer["changed"]) == ((0, 1, 0, 0), 1)
    anna = crm.ok("show", number)
    assert (anna["name"], anna["job_title"], anna["fields"]) == ("Anna B.", "CTO", {"shoe": "38"})
    assert load(text, "--on-match", "update")["operation"] is None
    load(text.replace("Roma", "Bari"), "--on-match", "update")
    assert [a["city"] for a in crm.ok("show", number)["addresses"]] == ["Bari"]


REPLACED = {
    "of one label": (["work:02 1111111"], "work phone", "02 2222222", ["02 2222222"]),
    "without a label": (["02 1111111"], "phone", "02 2222222", ["02 2222222"]),
    "beside another label": (["02 1111111", "home:02 3333333"], "phone", "02 2222222", ["02 2222222", "02 3333333"]),
    "of another label": (["home:02 1111111"], "work phone", "02 2222222", ["02 1111111", "02 2222222"]),
    "several of one label": (["02 1111111", "02 3333333"], "phone", "02 2222222",
                             ["02 1111111", "02 3333333", "02 2222222"]),
    "two in the file": (["02 1111111"], "phone", "02 2222222; 02 3333333",
                        ["02 1111111", "02 2222222", "02 3333333"]),
    "a blank": (["02 1111111"], "phone", "", ["02 1111111"]),
    "the same, written otherwise": (["02 1111111"], "phone", "+39 021111111", ["02 1111111"]),
    "there under another label": (["02 1111111", "home:02 2222222"], "phone", "02 2222222",
                                  ["02 1111111", "02 2222222"]),
}  # fmt: skip


@pytest.mark.parametrize("what", REPLACED)
def test_update_replaces_the_one_phone_of_a_label_by_the_one_of_the_file(crm: Any, load: Any, what: str) -> None:
    there, header, said, wanted = REPLACED[what]
    number = crm.add("lead", "Anna", "--email", "a@x.it", *(word for phone in there for word in ("--phone", phone)))
    answer = load(f"name,email,{header}\nAnna,a@x.it,{said}\n", "--on-match", "update")
    phones = crm.ok("show", number)["phones"]
    assert [phone["value"] for phone in phones] == wanted
    assert [phone["primary"] for phone in phones] == [True, *[False] * (len(phones) - 1)]
    assert answer["changed"] == int(len(wanted) == len(there) and said in wanted and what[:5] != "there")
    assert load(f"name,email,{header}\nAnna,a@x.it,{said}\n", "--on-match", "update")["operation"] is None


def test_a_replaced_email_is_in_the_history_found_and_undone(crm: Any, load: Any) -> None:
    load("Record ID,First Name,Last Name,Email,Lifecycle Stage\n1,Anna,Bianchi,a@x.it,lead\n")
    text = "Record ID,First Name,Last Name,Email,Lifecycle Stage\n1,Anna,Bianchi,new@y.it,lead\n"
    planned = load(text, "--on-match", "update", "--dry-run")["plan"]
    assert [(row["what"], row["details"]) for row in planned] == [("change", ["email: a@x.it → new@y.it"])]
    answer = load(text, "--on-match", "update")
    assert (counts(answer), answer["changed"]) == ((0, 1, 0, 0), 1)
    (email,) = crm.ok("show", 1)["emails"]
    assert (email["value"], email["primary"]) == ("new@y.it", True)
    assert crm.ok("show", "new@y.it")["id"] == 1
    assert [e["id"] for e in crm.ok("find", "new@y.it")] == [1]
    assert crm.ok("find", "a@x.it") == []
    assert "a@x.it" in str(crm.ok("history", 1))
    crm.ok("undo")
    assert [email["value"] for email in crm.ok("show", 1)["emails"]] == ["a@x.it"]
    crm.ok("redo")
    assert [email["value"] for email in crm.ok("show", 1)["emails"]] == ["new@y.it"]


def test_rows_of_one_file_do_not_replace_what_the_others_say(crm: Any, load: Any) -> None:
    head = "Record ID,First Name,Last Name,Phone Number,Lifecycle Stage\n"
    load(head + "1,Anna,Bianchi,02 1111111,lead\n")
    text = head + "".join(f"{n},{name},02 {m}{m}{m}{m}{m}{m}{m},lead\n" for n, name, m in (
        (1, "Anna,Bianchi", 2), (1, "Anna,Bianchi", 3), (2, "Luca,Rossi", 4), (2, "Luca,Rossi", 5)))  # fmt: skip
    load(text, "--on-match", "update")
    phones = {e["id"]: [phone["value"] for phone in e["phones"]] for e in crm.ok("list")}
    assert phones == {1: ["02 2222222", "02 3333333"], 2: ["02 4444444", "02 5555555"]}
    assert load(text, "--on-match", "update")["operation"] is None


def test_skip_leaves_who_is_there_alone(crm: Any, load: Any) -> None:
    number = crm.add("lead", "Anna", "--email", "a@x.it")
    assert counts(load("name,email,title\nAnna,a@x.it,CTO\nLuca,l@x.it,\n", "--on-match", "skip")) == (1, 0, 1, 0)
    assert crm.ok("show", number)["job_title"] is None


def test_a_changed_row_is_known_by_its_id_though_all_else_changed(crm: Any, load: Any) -> None:
    load("Record ID,First Name,Last Name,Email,Lifecycle Stage\n1,Anna,Bianchi,a@x.it,lead\n")
    answer = load("Record ID,First Name,Last Name,Email,Lifecycle Stage\n1,Anna,Rossi,new@y.it,lead\n")
    assert counts(answer) == (0, 1, 0, 0)
    assert [e["value"] for e in crm.ok("show", 1)["emails"]] == ["a@x.it", "new@y.it"]


def test_the_same_id_in_two_files_of_no_known_program_is_not_one_person(crm: Any, load: Any) -> None:
    load("id,name,email\n1,Anna,a@x.it\n")
    assert counts(load("id,name,email\n1,Luca,l@x.it\n")) == (1, 0, 0, 0)
    assert counts(load("id,name,email\n1,Anna,other@x.it\n1,Luca,l@x.it\n")) == (0, 1, 1, 0)


def test_two_ids_of_one_program_are_two_people_whatever_they_share(crm: Any, load: Any) -> None:
    assert counts(load("id,name,email\n1,Anna,a@x.it\n2,Anna,a@x.it\n")) == (2, 0, 0, 0)
    assert counts(load("id,name,email,city\n1,Anna,a@x.it,Roma\n2,Anna,a@x.it,Bari\n")) == (0, 2, 0, 0)
    assert [e["addresses"][0]["city"] for e in sorted(crm.ok("list"), key=lambda e: e["id"])] == ["Roma", "Bari"]


def test_a_shared_mailbox_is_no_person(crm: Any, load: Any) -> None:
    crm.add("lead", "Anna Bianchi", "--email", "info@x.it")
    assert counts(load("name,email,city\nLuca Verdi,info@x.it,Roma\nA. Bianchi,info@x.it,Bari\n")) == (1, 1, 0, 0)
    assert crm.ok("show", 1)["addresses"][0]["city"] == "Bari"


def test_an_email_that_two_of_that_name_have_is_rejected_with_their_numbers(crm: Any, load: Any) -> None:
    for _twice in range(2):
        crm.add("lead", "Anna", "--email", "a@x.it")
    answer = load("name,email,city\nAnna,a@x.it,Roma\nLuca,,\n")
    assert counts(answer) == (1, 0, 0, 1)
    assert "1, 2" in answer["rejects"][0]["reason"]
    assert answer["rejects"][0]["row"] == ["Anna", "a@x.it", "Roma"]


def test_rows_of_one_file_that_are_one_person_become_one(crm: Any, load: Any) -> None:
    answer = load(
        "name,email,email 2,phone,title\nAnna,a@x.it,,,CEO\nAnna,b@x.it,a@x.it,02 1234567,CTO\nAnna,b@x.it,,,\n"
    )
    assert counts(answer) == (1, 1, 1, 0)
    (anna,) = crm.ok("list")
    assert ([e["value"] for e in anna["emails"]], anna["job_title"]) == (["a@x.it", "b@x.it"], "CEO")
    assert crm.ok("find", "b@x.it")[0]["id"] == anna["id"]
    for _turn in range(2):
        crm.ok("undo")
        assert crm.ok("list", "--all") == []
        crm.ok("redo")
        assert crm.ok("list") == [anna]


@pytest.mark.parametrize(
    ("there", "type"),
    [("person", "lead"), ("prospect", "lead"), ("lead", "suspect"), ("organization", "target"), ("target", "lead")],
)
def test_a_row_that_would_demote_is_rejected_with_the_reason(crm: Any, load: Any, there: str, type: str) -> None:
    crm.add(there, "Acme", "--email", "a@x.it")
    column = "organization" if there in ("organization", "target") else "name"
    answer = load(f"{column},email,city\nAcme,a@x.it,Roma\n", type=type)
    assert counts(answer) == (0, 0, 0, 1)
    assert there in answer["rejects"][0]["reason"] and "1 Acme" in answer["rejects"][0]["reason"]
    entity = crm.ok("show", 1)
    assert (entity["type"], entity["addresses"]) == (there, [])


def test_a_lead_that_moved_on_is_rejected_in_the_next_run_of_its_file(crm: Any, load: Any) -> None:
    load("name,email\nAnna,a@x.it\nLuca,l@x.it\n")
    crm.ok("qualify", 1, "--override", "x")
    assert counts(load("name,email\nAnna,a@x.it\nLuca,l@x.it\n")) == (0, 0, 1, 1)
    assert crm.ok("show", 1)["type"] == "prospect"


def test_a_row_that_is_further_on_fills_and_keeps_the_type(crm: Any, load: Any, tmp_path: Path) -> None:
    crm.add("lead", "Anna", "--email", "a@x.it")
    assert counts(load("name,email,city\nAnna,a@x.it,Roma\n", type="person")) == (0, 1, 0, 0)
    anna = crm.ok("show", 1)
    assert (anna["type"], anna["addresses"][0]["city"]) == ("lead", "Roma")
    (tmp_path / "in.csv").write_text("name,email,city\nAnna,a@x.it,Bari\n")
    assert "qualify 1" in crm("import", tmp_path / "in.csv", "--type", "person").err


def test_who_was_removed_does_not_come_back_by_night(crm: Any, load: Any) -> None:
    load("name,email\nAnna,a@x.it\n")
    crm.ok("rm", 1)
    assert counts(load("name,email\nAnna,a@x.it\n")) == (0, 0, 1, 0)
    assert counts(load("name,email,city\nAnna,a@x.it,Roma\n")) == (0, 0, 1, 0)
    assert crm.ok("list") == []


def test_after_an_undo_the_file_comes_in_again(crm: Any, load: Any) -> None:
    load("id,name,email\n1,Anna,a@x.it\n")
    crm.ok("undo")
    assert counts(load("id,name,email\n1,Anna,a@x.it\n")) == (1, 0, 0, 0)


def test_what_was_changed_by_hand_stays_so_in_the_next_run(crm: Any, load: Any) -> None:
    text = "name,email,title\nAnna,a@x.it,CEO\n"
    load(text)
    crm.ok("set", 1, "--title", "CTO", "--name", "Anna Maria")
    assert load(text)["operation"] is None
    assert crm.ok("show", 1)["job_title"] == "CTO"


@pytest.mark.parametrize(
    "columns",
    ["Shoe,38", "Last contact,2024-05-06", "2024,x", ",left", "When,31/02/2024", "Day,15/06/2024\n,,,1/2/2024"],
)
def test_what_was_removed_by_hand_stays_so_where_a_column_became_a_field(crm: Any, load: Any, columns: str) -> None:
    header, _comma, cell = columns.partition(",")
    text = f"Name,Email,Tags,{header}\nAnn Lee,ann@x.com,a,{cell}\n"
    load(text)
    crm.ok("untag", 1, "a")
    assert load(text)["operation"] is None
    assert crm.ok("show", 1)["tags"] == []


@pytest.mark.parametrize("first", [True, False])
def test_rows_of_earlier_versions_are_known_again(crm: Any, load: Any, tmp_path: Path, first: bool) -> None:
    from dkcrm.services.reading import plan_number

    text = "Name,Email,Tags,Shoe\nAnn Lee,ann@x.com,a,38\n"
    load(text)
    crm.ok("untag", 1, "a")
    fields = ["name", "email", "tag", None if first else "field:shoe"]
    plan = repr((fields, [None] * 4, [None] * 4, None, None, "field", {}, {}, None))
    with sqlite3.connect(tmp_path / "test.db") as connection:
        connection.execute("UPDATE imported_row SET plan = ?", (plan_number(plan, ("lead",), [], None),))
    connection.close()
    assert load(text)["operation"] is None
    assert crm.ok("show", 1)["tags"] == []


def test_the_one_that_a_lead_was_folded_into_is_known(crm: Any, load: Any) -> None:
    crm.add("prospect", "Anna Bianchi", "--email", "a@x.it")
    load("id,name,email\n5,Anna Bianchi,z@x.it\n")
    crm.ok("qualify", 2, "--override", "x", "--prospect", 1)
    answer = load("id,name,email,city\n5,Anna Bianchi,z@x.it,Roma\n", type="prospect")
    assert counts(answer) == (0, 1, 0, 0)
    assert crm.ok("show", 1)["addresses"][0]["city"] == "Roma"


def test_a_dry_run_says_what_would_become_of_each_row(crm: Any, load: Any, tmp_path: Path) -> None:
    crm.add("lead", "Anna", "--email", "a@x.it")
    before = rows(tmp_path / "test.db")
    answer = load("name,email,city\nAnna,a@x.it,Roma\nLuca,l@x.it,\nBad,nope,\n", "--dry-run")
    assert (counts(answer), answer["operation"]) == ((1, 1, 0, 1), None)
    assert rows(tmp_path / "test.db") == before


def test_blame_and_history_know_what_an_import_filled(crm: Any, load: Any, tmp_path: Path) -> None:
    crm.add("lead", "Anna", "--email", "a@x.it")
    load("name,email,title\nAnna,a@x.it,CEO\n")
    title = next(row for row in crm.ok("blame", 1) if row["field"] == "job_title")
    assert (title["operation"], title["file"]) == (2, str(tmp_path / "in.csv"))
    assert crm.ok("history")[0]["record"] == {"types": {}, "read": 1, "filled": 1}


@pytest.mark.parametrize(
    "after",
    ["Nome;Cognome;Telefono;Città\nLuisa;Bianchi;333 1111111;\nUgo;Neri;06 555123;\n",
     "Nome;Fax;Cognome;Telefono\nLuisa;;Bianchi;333 1111111\nUgo;;Neri;06 555123\n",
     "First name,Last name,Phone\nLuisa,Bianchi,333 1111111\nUgo,Neri,06 555123\n",
     "Nome;Cognome;Telefono;Telefono 2\nLuisa;Bianchi;333 1111111;\nUgo;Neri;06 555123;\n"],
    ids=["a column", "one in the midst", "other headers", "a second phone"],
)  # fmt: skip
@pytest.mark.parametrize("mode", ["fill", "update", "skip"])
def test_rows_that_say_no_more_under_other_headers_are_known(crm: Any, load: Any, after: str, mode: str) -> None:
    assert counts(load("Nome;Cognome;Telefono\nLuisa;Bianchi;333 1111111\nUgo;Neri;06 555123\n")) == (2, 0, 0, 0)
    assert counts(load(after, "--on-match", mode)) == (0, 0, 2, 0)
    assert len(crm.ok("history")) == 1


def test_rows_that_say_more_or_nothing_but_a_name_are_somebody_else(crm: Any, load: Any) -> None:
    load("name,phone,city\nLuisa Bianchi,333 1111111,Roma\n")
    assert counts(load("name,phone\nLuisa Bianchi,333 2222222\n"))[0] == 1
    assert counts(load("name,shoe\nLuisa Bianchi,\n"))[0] == 1
    assert counts(load("name,phone,city\nLuisa Bianchi,333 1111111,Bari\n"))[0] == 1


def test_many_rows_that_say_no_more_are_known(crm: Any, load: Any) -> None:
    rows = [f"Person {n},333 1{n:06}" for n in range(450)]
    assert counts(load("name,phone\n" + "\n".join(rows) + "\n"))[0] == 450
    assert counts(load("Full name,phone,Fax\n" + "\n".join(f"{row}," for row in rows) + "\n")) == (0, 0, 450, 0)
