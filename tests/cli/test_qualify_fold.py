"""A lead whose person (or organization) exists already is folded into it: aliases, blanks filled, losers kept."""

import pytest

VAT = "01234567890"
WHY = ("--override", "Tested elsewhere.")

LEAD = (
    *("add", "lead", "A. Bianchi", "--email", "anna@bianchi.it", "--email", "home:anna@home.it", "--title", "CTO"),
    *("--phone", "02 1234567", "--source", "web form", "--tag", "vip,new", "--note", "Met at the fair."),
    *("--address", "Via Po 2, Torino", "--link", "https://anna.dev", "--tax-code", "BNCNNA80A41F205X"),
    *("--field", "shoe=038", "--field", "rating=2"),
)


@pytest.fixture(params=["prospect", "person"])
def there(request, crm):
    """Anna, who is there already with some values and some blanks."""
    crm.ok("field", "add", "shoe", "--side", "person")
    crm.ok("field", "add", "rating", "--kind", "int")
    return crm.ok(
        *("add", request.param, "Anna Bianchi", "--email", "work:anna@bianchi.it", "--title", "CEO"),
        *("--tag", "vip,old", "--note", "Likes tea.", "--address", "Via Roma 1, Milano", "--field", "rating=1"),
    )


@pytest.fixture
def folded(crm, there):
    crm.ok("log", 1, "phone", "An old call.", "--out", "--at", "2026-01-01T10:00:00Z")
    lead = crm.ok(*LEAD)
    crm.ok("log", 2, "email", "A new mail.", "--in", "--at", "2026-02-02T10:00:00Z")
    done = crm.ok("qualify", 2, *WHY)
    return {"lead": lead, "done": done, "now": crm.ok("show", 1)}


def kept(crm):
    record = crm.ok("history")[0]["record"]
    return {item["field"]: item["value"] for item in record["kept"]}


def test_the_answer_has_the_entity_that_the_lead_was_folded_into(there, folded):
    assert [(e["id"], e["type"]) for e in folded["done"]["entities"]] == [(1, there["type"])]


def test_the_answer_has_it_even_where_the_lead_brought_nothing_new(crm):
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.add("lead", "Anna Bianchi", "--email", "anna@bianchi.it")
    done = crm("qualify", 2, *WHY)
    assert [line.split("\t")[:2] for line in done.out.splitlines()] == [["1", "person"]]


def test_the_type_and_the_names_there_win(there, folded):
    now = folded["now"]
    for name in ("id", "uid", "type", "state", "name", "job_title", "created_at"):
        assert now[name] == there[name]


def test_blanks_are_filled(folded):
    now = folded["now"]
    assert (now["source"], now["tax_code"]) == ("web form", "BNCNNA80A41F205X")
    assert now["fields"] == {"rating": "1", "shoe": "038"}


def test_emails_phones_addresses_and_links_are_added(folded):
    now = folded["now"]
    assert [(e["value"], e["label"], e["primary"]) for e in now["emails"]] == [
        ("anna@bianchi.it", "work", True),
        ("anna@home.it", "home", False),
    ]
    assert [(p["value"], p["e164"], p["primary"]) for p in now["phones"]] == [("02 1234567", "+39021234567", True)]
    assert [(a["value"], a["primary"]) for a in now["addresses"]] == [
        ("Via Roma 1, Milano", True),
        ("Via Po 2, Torino", False),
    ]
    assert [link["value"] for link in now["links"]] == ["https://anna.dev"]


def test_tags_and_notes_are_united(folded):
    assert folded["now"]["tags"] == ["new", "old", "vip"]
    assert "Likes tea." in folded["now"]["notes"] and "Met at the fair." in folded["now"]["notes"]


def test_scalars_that_lost_are_in_the_record(crm, folded):
    lost = kept(crm)
    assert lost["job_title"] == "CTO"
    assert lost["name"] == "A. Bianchi"
    assert lost["field:rating"] == "2"
    assert set(lost) == {"job_title", "name", "field:rating"}


def test_the_record_says_from_whom_to_whom(crm, folded):
    assert {(item["from"], item["into"]) for item in crm.ok("history")[0]["record"]["kept"]} == {(2, 1)}


def test_interactions_come_along(crm, folded):
    card = crm("show", 1, "--format", "table").out
    assert "An old call." in card and "A new mail." in card


@pytest.mark.parametrize("alias", ["2", "uid"])
@pytest.mark.parametrize(
    "words",
    [
        ("show",),
        ("set", "--title", "Boss"),
        ("tag", "x"),
        ("note", "x"),
        ("log", "email", "x"),
        ("history",),
        ("blame",),
        ("purchase", "Plan"),
        ("rm",),
    ],
    ids=lambda words: words[0],
)
def test_its_number_and_uid_go_on_working(crm, folded, alias, words):
    reference = folded["lead"]["uid"] if alias == "uid" else alias
    command, *rest = words
    done = crm.ok(command, reference, *rest)
    if command in ("history", "blame"):
        assert done == crm.ok(command, 1)
    else:
        entities = done.get("entities", [done])
        assert [e["id"] for e in entities] == [1]


def test_the_alias_works_in_links(crm, folded, there):
    group = "target" if there["type"] == "prospect" else "organization"
    number = crm.add(group, "Acme")
    crm.ok("link", 2, number)
    assert [m["id"] for m in crm.ok("show", 1)["memberships"]] == [number]
    crm.ok("unlink", folded["lead"]["uid"], number)
    assert crm.ok("show", 1)["memberships"] == []


def test_the_alias_works_from_standard_input(crm, folded):
    shown = crm.ok("show", "-", input=f"2\n{folded['lead']['uid']}\n1\n")
    assert [e["id"] for e in shown] == [1]


def test_the_lead_is_in_no_list_and_its_number_is_not_used_again(crm, folded):
    assert [e["id"] for e in crm.ok("list", "--all")] == [1]
    assert crm.ok("list", "lead", "--all") == [] and crm.ok("find", "Bianchi")[0]["id"] == 1
    assert len(crm.ok("find", "Bianchi")) == 1
    assert crm.add("lead", "Zoe") == 3


def test_the_history_of_both_is_one(crm, folded):
    names = [operation["name"] for operation in crm.ok("history", 1)]
    assert "add lead" in names and "qualify" in names and names.count("log") == 2


def test_undo_gives_both_back_exactly_and_redo_folds_again(crm, there):
    crm.ok(*LEAD)
    crm.ok("log", 2, "email", "A new mail.", "--in")
    before = crm.ok("show", 1, 2)
    crm.ok("qualify", 2, *WHY)
    after = crm.ok("show", 1)
    crm.ok("undo")
    assert crm.ok("show", 1, 2) == before
    assert "A new mail." in crm("show", 2, "--format", "table").out
    assert "A new mail." not in crm("show", 1, "--format", "table").out
    crm.ok("redo")
    assert crm.ok("show", 1) == after
    assert crm.ok("show", 2) == after


def test_a_lead_with_both_sides_is_folded_and_gives_its_organization(crm, there):
    crm.ok("add", "target", "Acme", "--vat", VAT)
    crm.ok("add", "lead", "Anna Bianchi", "--org", "Acme", "--vat", VAT, "--email", "anna@bianchi.it")
    crm.ok("qualify", 3, *WHY)
    assert crm.ok("show", 3)["id"] == 1
    assert [(m["id"], m["type"]) for m in crm.ok("show", 1)["memberships"]] == [(2, "target")]
    assert sorted(e["id"] for e in crm.ok("list", "--all")) == [1, 2]


def test_a_second_lead_of_the_same_person_and_organization_adds_no_second_link(crm):
    for _time in range(2):
        crm.ok("add", "lead", "Anna", "--org", "Acme", "--vat", VAT, "--email", "anna@acme.it")
        crm.ok("qualify", crm.ok("list", "lead")[0]["id"], *WHY)
    prospect, target = crm.ok("list", "prospect"), crm.ok("list", "target")
    assert (len(prospect), len(target)) == (1, 1)
    assert [m["id"] for m in prospect[0]["memberships"]] == [target[0]["id"]]


@pytest.mark.parametrize("type", ["target", "organization"])
def test_an_organization_only_lead_is_folded_into_the_one_that_exists(crm, type):
    before = crm.ok("add", type, "Acme", "--vat", VAT, "--website", "acme.it", "--tag", "old")
    crm.ok(
        *("add", "lead", "--org", "ACME S.p.A.", "--vat", f"IT{VAT}", "--website", "acme.com", "--tag", "new"),
        *("--email", "info@acme.com", "--source", "fair"),
    )
    crm.ok("qualify", 2, *WHY)
    now = crm.ok("show", 2)
    assert (now["id"], now["type"], now["name"], now["vat_id"]) == (1, type, "Acme", VAT)
    assert (now["website"], now["source"], now["tags"]) == ("acme.it", "fair", ["new", "old"])
    assert [e["value"] for e in now["emails"]] == ["info@acme.com"]
    assert (kept(crm)["website"], kept(crm)["vat_id"]) == ("acme.com", f"IT{VAT}")
    assert "ACME S.p.A." in kept(crm).values()
    crm.ok("undo")
    assert crm.ok("show", 1) == before


def test_who_was_merged_into_the_lead_leads_to_whom_it_is_folded_into_and_goes_out_with_it(crm, tmp_path, monkeypatch):
    crm.ok("add", "person", "Anna", "--email", "anna@b.it")
    crm.ok("add", "lead", "Anna", "--email", "anna@b.it")
    uid = crm.ok("add", "lead", "A. B.", "--email", "ab@b.it")["uid"]
    crm.ok("merge", 2, 3)
    crm.ok("qualify", 2, *WHY)
    assert crm.ok("show", 3)["id"] == crm.ok("show", uid)["id"] == 1
    out = tmp_path / "all.json"
    crm.ok("export", "--all", "--format", "json", "-o", out)
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", out)
    assert crm.ok("show", 3)["id"] == crm.ok("show", uid)["id"] == crm.ok("show", 2)["id"] == 1


def test_whoever_is_not_the_same_as_the_lead_is_not_the_same_as_whom_it_is_folded_into(crm):
    crm.ok("add", "person", "Anna", "--email", "anna@b.it")
    crm.ok("add", "lead", "Anna", "--email", "anna@b.it")
    crm.ok("add", "lead", "Anna", "--phone", "02 1234567")
    crm.ok("distinct", 2, 3)
    crm.ok("qualify", 2, *WHY)
    assert [(pair["a"], pair["b"]) for pair in crm.ok("distinct")] == [(1, 3)]
    assert crm.ok("duplicates") == []
    crm.ok("undo")
    assert [(pair["a"], pair["b"]) for pair in crm.ok("distinct")] == [(2, 3)]


def test_who_was_said_not_to_be_the_same_is_not_joined(crm):
    crm.ok("add", "prospect", "Anna", "--email", "anna@b.it")
    crm.ok("add", "lead", "Anna", "--email", "anna@b.it")
    crm.ok("distinct", 1, 2)
    assert crm.refused(4, "qualify", 2, *WHY, "--prospect", 1)["error"] == "apart"
    assert [(e["id"], e["type"]) for e in crm.ok("qualify", 2, *WHY)["entities"]] == [(2, "prospect")]


NOTES = "Budget?\n- yes\n\nAuthority?\n- no"


@pytest.mark.parametrize(
    ("there", "said", "now"),
    [
        (None, NOTES, NOTES),
        ("- yes", NOTES, f"- yes\n{NOTES}"),
        (f"x\n{NOTES}\ny", NOTES, f"x\n{NOTES}\ny"),
        ("mine", None, "mine"),
        (None, None, ""),
    ],
)
def test_notes_stay_as_they_were_written(crm, there, said, now):
    crm.ok("add", "prospect", "Anna", "--email", "anna@b.it", *(["--note", there] if there else []))
    crm.ok("add", "lead", "Anna", "--email", "anna@b.it", *(["--note", said] if said else []))
    crm.ok("qualify", 2, *WHY)
    assert crm.ok("show", 1)["notes"] == now


def test_what_its_type_cannot_have_goes_to_the_record_and_the_export_comes_back(crm, tmp_path, monkeypatch):
    crm.ok("field", "add", "staff", "--side", "organization", "--kind", "int")
    crm.ok("field", "add", "shoe", "--side", "person")
    crm.ok("add", "lead", "Anna", "--org", "Acme", "--title", "CTO", "--field", "staff=7", "--field", "shoe=38")
    crm.ok("set", 1, "--name", "")
    crm.ok("qualify", 1, *WHY)
    assert kept(crm) == {"job_title": "CTO", "field:shoe": "38"}
    assert (crm.ok("show", 1)["fields"], crm.ok("show", 1)["type"]) == ({"staff": "7"}, "target")
    crm.ok("undo")
    out = tmp_path / "all.json"
    crm.ok("export", "--all", "--format", "json", "-o", out)
    assert crm.ok("set", 1, "--field", "shoe=")["fields"] == {"staff": "7"}
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", out)
    assert crm.ok("show", 1)["fields"] == {"staff": "7", "shoe": "38"}


def test_an_organization_gets_no_job_title(crm):
    crm.ok("add", "organization", "Acme")
    crm.ok("add", "lead", "--org", "Acme", "--title", "CTO")
    done = crm.ok("merge", 1, 2)
    assert crm.ok("show", 1)["job_title"] is None
    assert [(one["field"], one["value"]) for one in done["kept"]] == [("job_title", "CTO")]


def test_each_step_of_leads_that_were_folded_in_one_moment_comes_back(crm, tmp_path, monkeypatch):
    for _time in range(2):
        crm.ok("add", "lead", "Anna", "--email", "anna@b.it")
    crm.ok("qualify", 1, 2, *WHY)
    out = tmp_path / "all.json"
    crm.ok("export", "--all", "--format", "json", "-o", out)
    funnel = crm.ok("report", "funnel")
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    crm.ok("import", out)
    assert crm.ok("report", "funnel") == funnel


def test_what_came_in_with_the_leads_card_goes_out_with_that_of_whom_it_is_folded_into(crm, tmp_path):
    (tmp_path / "in.vcf").write_text(
        "BEGIN:VCARD\nVERSION:3.0\nFN:Anna Bianchi\nEMAIL:anna@bianchi.it\nNICKNAME:Annie\nX-SKYPE:annie\nEND:VCARD\n"
    )
    crm.ok("import", tmp_path / "in.vcf", "--type", "lead")
    crm.add("person", "Anna Bianchi", "--email", "anna@bianchi.it")
    crm.ok("qualify", 1, *WHY)
    card = crm("export", "--format", "vcard").out
    assert card.count("BEGIN:VCARD") == 1 and {"NICKNAME:Annie", "X-SKYPE:annie"} <= set(card.splitlines())
