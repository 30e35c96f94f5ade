"""The list of products, quantities, and lists of purchases."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.usefixtures("rome")


@pytest.fixture
def shop(crm: Any) -> Any:
    """Return the program with two customers and a list of products."""
    crm.add("person", "Anna Bianchi", "--tag", "vip")
    crm.add("organization", "Acme S.r.l.")
    crm.ok("product", "add", "Annual plan", "--amount", "1200.33")
    crm.ok("product", "add", "Training", "--service", "--amount", "90", "--currency", "USD", "--note", "An hour.")
    crm.ok("product", "add", "Favour")
    return crm


def bought(crm: Any, *words: Any) -> tuple[Any, ...]:
    purchase = crm.ok("purchase", *words)["purchase"]
    return tuple(purchase[key] for key in ("product", "quantity", "amount", "currency", "service"))


# The list


def test_a_product_is_listed_by_name_with_its_price(shop: Any) -> None:
    listed = shop.ok("product", "list")
    assert [(p["id"], p["name"], p["service"], p["amount"], p["currency"], p["notes"]) for p in listed] == [
        (1, "Annual plan", False, "1200.33", "EUR", ""),
        (3, "Favour", False, None, None, ""),
        (2, "Training", True, "90.00", "USD", "An hour."),
    ]
    assert shop("product", "list").out.splitlines()[2] == "2\tTraining\tservice\t90.00\tUSD\tAn hour.\t"
    assert "Annual plan" in shop("product", "list", "--format", "table").out


def test_an_empty_list_is_done(crm: Any) -> None:
    done = crm("product", "list", "--json")
    assert (done.code, done.out) == (0, "[]\n")


@pytest.mark.parametrize("name", ["Annual plan", "ANNUAL  PLAN", "annual plan."])
def test_a_name_is_there_once(shop: Any, name: str) -> None:
    assert shop.refused(4, "product", "add", name)["error"] == "exists"
    assert shop.refused(4, "product", "edit", "Training", "--name", name)["error"] == "exists"
    assert len(shop.ok("product", "list")) == 3


def test_what_is_taken_off_may_come_again(shop: Any) -> None:
    assert bought(shop, 1, "Annual plan")[2] == "1200.33"
    gone = shop.ok("product", "rm", "annual plan", "3")["products"]
    assert [p["id"] for p in gone] == [1, 3] and gone[0]["removed_at"] == "2026-11-22T09:00:00Z"
    assert [p["name"] for p in shop.ok("product", "list")] == ["Training"]
    assert len(shop.ok("product", "list", "--all")) == 3
    assert bought(shop, 1, "Annual plan")[2] is None
    assert shop.refused(3, "product", "rm", 1)["error"] == "not_found"
    assert shop.ok("product", "add", "Annual plan", "--amount", 5)["products"][0]["id"] == 4
    assert bought(shop, 1, "Annual plan")[2] == "5.00"
    # What was bought stays as it was bought.
    assert [p["amount"] for p in shop.ok("purchase", "list")] == ["5.00", None, "1200.33"]


def test_edit_changes_what_is_said(shop: Any) -> None:
    def edited(*words: Any) -> Any:
        product = shop.ok("product", "edit", *words)["products"][0]
        return [product[key] for key in ("name", "service", "amount", "currency", "notes")]

    assert edited("Training", "--name", "Day of training", "--no-service", "--note", "") == [
        "Day of training", False, "90.00", "USD", ""]  # fmt: skip
    assert edited(2, "--amount", "600") == ["Day of training", False, "600.00", "USD", ""]
    assert edited(2, "--currency", "kwd")[2:4] == ["600.000", "KWD"]
    assert edited(2, "--currency", "JPY")[2:4] == ["600", "JPY"]
    assert edited(2, "--amount", "none")[2:4] == [None, None]
    assert edited(2, "--name", "day of TRAINING")[0] == "day of TRAINING"
    shop.refused(2, "product", "edit", 2)
    shop.refused(2, "product", "edit", 2, "--currency", "EUR")
    # 1200.33 is none in yen.
    shop.refused(2, "product", "edit", 1, "--currency", "JPY")
    assert "Annual plan" in shop.refused(3, "product", "edit", "Anual plan", "--amount", 1)["hint"]


@pytest.mark.parametrize(
    "words",
    [[""], [" "], ["x\x1b[31m"], ["two\nlines"], ["x" * 1001], ["x", "--amount", "-1"], ["x", "--amount", "1,2,3"],
     ["x", "--amount", "1", "--currency", "XXX"], ["x", "--currency", "EUR"], ["x", "--amount", "0.001"],
     ["x", "--amount", "9" * 20], ["x", "--note", "a\x00b"], []],
)  # fmt: skip
def test_bad_products_are_wrong_usage(crm: Any, words: list[str]) -> None:
    assert crm.refused(2, "product", "add", *words)["error"] == "usage"
    assert crm.ok("product", "list") == []


def test_products_can_be_undone_and_redone(shop: Any) -> None:
    for words in (["add", "New"], ["edit", 1, "--amount", 7, "--name", "Plan"], ["rm", 1, 2], ["edit", 2, "--amount",
                  "none"]):  # fmt: skip
        before = shop.ok("product", "list", "--all")
        shop.ok("product", *words)
        after = shop.ok("product", "list", "--all")
        assert after != before
        shop.ok("undo")
        assert shop.ok("product", "list", "--all") == before
        shop.ok("redo")
        assert shop.ok("product", "list", "--all") == after
        shop.ok("undo")


def test_a_dry_run_adds_none(shop: Any) -> None:
    assert shop.ok("product", "add", "New", "--dry-run")["operation"] is None
    assert len(shop.ok("product", "list")) == 3


# Purchases from it


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Annual plan"], ("Annual plan", "1", "1200.33", "EUR", False)),
        (["annual  PLAN"], ("annual  PLAN", "1", "1200.33", "EUR", False)),
        (["Annual plan", "--quantity", "3"], ("Annual plan", "3", "3600.99", "EUR", False)),
        # 2.5 times 1200.33 is 3000.825: half a cent is rounded up.
        (["Annual plan", "--quantity", "2,5"], ("Annual plan", "2.5", "3000.83", "EUR", False)),
        (["Annual plan", "--quantity", "1.0"], ("Annual plan", "1", "1200.33", "EUR", False)),
        (["Annual plan", "--quantity", "3", "--amount", "3000"], ("Annual plan", "3", "3000.00", "EUR", False)),
        (["Annual plan", "--service", "--amount", "1", "--currency", "CHF"], ("Annual plan", "1", "1.00", "CHF", True)),
        (["Annual plan", "--currency", "eur"], ("Annual plan", "1", "1200.33", "EUR", False)),
        (["Training"], ("Training", "1", "90.00", "USD", True)),
        (["Training", "--no-service"], ("Training", "1", "90.00", "USD", False)),
        # The currency of the list is the one of an amount that names none.
        (["Training", "--amount", "50"], ("Training", "1", "50.00", "USD", True)),
        (["Favour", "--quantity", "2"], ("Favour", "2", None, None, False)),
        (["Anything", "--quantity", "12"], ("Anything", "12", None, None, False)),
        (["Anything", "--amount", "7"], ("Anything", "1", "7.00", "EUR", False)),
    ],
)
def test_the_list_gives_what_is_not_said(shop: Any, words: list[str], expected: tuple[Any, ...]) -> None:
    assert bought(shop, 1, *words) == expected


def test_a_price_of_another_currency_is_not_turned(shop: Any) -> None:
    assert "is in USD" in shop.refused(2, "purchase", 1, "Training", "--currency", "EUR")["message"]
    assert shop.ok("purchase", "list") == []


@pytest.mark.parametrize(
    "quantity", ["0", "-1", "NaN", "1e9", "1,2,3", "99999999999", "0.0000001", "", "tre", "9" * 50]
)
def test_a_quantity_that_is_none_is_wrong_usage(shop: Any, quantity: str) -> None:
    assert shop.refused(2, "purchase", 1, "Annual plan", f"--quantity={quantity}")["error"] == "usage"
    assert shop.ok("purchase", "list") == []


def test_more_than_an_amount_can_be_is_refused(shop: Any) -> None:
    shop.ok("product", "add", "Island", "--amount", "20000000")
    assert "too large" in shop.refused(2, "purchase", 1, "Island", "--quantity", "1000000")["message"]
    assert shop.ok("purchase", "list") == []


def test_a_quantity_is_told_and_can_be_undone(shop: Any) -> None:
    shop.ok("purchase", 1, "Annual plan", "--quantity", "2")
    assert "2 × Annual plan (2400.66 EUR)" in shop("show", 1, "--format", "table").out
    before = shop.ok("purchase", "list")
    shop.ok("undo")
    assert shop.ok("purchase", "list") == []
    shop.ok("redo")
    assert shop.ok("purchase", "list") == before


# Lists of them


@pytest.fixture
def sold(shop: Any) -> Any:
    """Return the program with five purchases, one of them voided."""
    shop.ok("purchase", 1, "Annual plan", "--on", "2026-01-10")
    shop.ok("purchase", 1, "Training", "--on", "2026-02-10", "--quantity", 2, "--also", 2)
    shop.ok("purchase", 2, "Annual plan", "--on", "2026-03-31", "--amount", 1000)
    shop.ok("purchase", 2, "Free", "--on", "2026-04-01")
    shop.ok("purchase", 1, "Mistake", "--on", "2026-04-02", "--amount", 5000)
    shop.ok("purchase", "void", 1, 5)
    return shop


def listed(crm: Any, *words: Any) -> list[int]:
    return [purchase["id"] for purchase in crm.ok("purchase", "list", *words)]


def test_purchases_are_listed_the_newest_first_with_a_total_for_each_currency(sold: Any) -> None:
    done = sold("purchase", "list")
    assert done.out.splitlines()[1:3] == [
        "3\t2026-03-31\t2\tAcme S.r.l.\tAnnual plan\t1\t1000.00\tEUR\t",
        "2\t2026-02-10\t1\tAnna Bianchi\tTraining\t2\t180.00\tUSD\t",
    ]
    assert done.err == "4 purchases: 2200.33 EUR, 180.00 USD\n"
    assert sold("purchase", "list", "--all").err == "5 purchases: 2200.33 EUR, 180.00 USD\n"
    assert sold("purchase", "list", "--limit", 1).err == (
        "4 purchases, the first 1 are shown: 2200.33 EUR, 180.00 USD\n"
    )
    assert sold("purchase", "list", "product:free", "--until", "2026-01").err == "nothing found\n"
    assert sold.ok("purchase", "list")[0] == {
        "id": 4, "buyer": 2, "also": None, "product": "Free", "service": False, "quantity": "1", "amount": None,
        "currency": None, "on": "2026-04-01", "voided_at": None, "name": "Acme S.r.l.",
    }  # fmt: skip
    assert "voided" in sold("purchase", "list", "--all", "--format", "table").out


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        ([1], [2, 1]), (["Anna Bianchi"], [2, 1]), ([2], [4, 3, 2]), ([1, 2], [4, 3, 2, 1]),
        ([1, "--all"], [5, 2, 1]), (["tag:vip"], [2, 1]), (["organization"], [4, 3]), (["not", "tag:vip"], [4, 3]),
        (["tag:vip", "or", "type:organization"], [4, 3, 2, 1]), (["not", "person"], [4, 3]), (["not", "acme"], [2, 1]),
        (["not tag:vip"], [4, 3]), (["--since", "2026-03"], [4, 3]), (["--until", "2026-03"], [3, 2, 1]),
        (["--since", "2026-02-10", "--until", "2026-02-10"], [2]), (["2", "tag:vip"], [2]),
        (["person tag:vip"], [2, 1]), (["organization tag:vip"], []), (["person", "or", "organization"], [4, 3, 2, 1]),
        (["organization", "tag:vip", "or", "tag:none"], [4, 3]), (["2", "person", "tag:vip"], [2]),
        (["tag:nobody"], []), (["--since", "last-year", "--until", "yesterday"], [4, 3, 2, 1]),
    ],
)  # fmt: skip
def test_lists_are_of_somebody_of_a_filter_and_of_a_period(sold: Any, words: list[Any], numbers: list[int]) -> None:
    assert listed(sold, *words) == numbers


def test_references_come_from_standard_input_too(sold: Any) -> None:
    assert [p["id"] for p in sold.ok("purchase", "list", "-", input="1\n")] == [2, 1]
    assert sold.ok("purchase", "list", "-", input="") == []


def test_who_was_removed_is_left_out_unless_named(sold: Any) -> None:
    sold.ok("rm", 2)
    assert listed(sold) == [2, 1]
    assert listed(sold, 2) == [4, 3, 2]
    assert listed(sold, "--all") == [5, 4, 3, 2, 1]


def test_bad_lists(sold: Any) -> None:
    for words in (["--since", "31 feb"], ["--until", ""], ["nosuch:x"], ["sort:name"], ["tag:vip or"]):
        assert sold.refused(2, "purchase", "list", *words)["error"] in ("usage", "unknown_field")
    assert sold.refused(3, "purchase", "list", "Nobody'; DROP TABLE purchase")["error"] == "not_found"


def test_quantities_go_with_the_export_and_products_stay_text(sold: Any, tmp_path: Any, monkeypatch: Any) -> None:
    sold.ok("export", "--all", "--format", "json", "-o", tmp_path / "a.json")
    before = sold.ok("purchase", "list", "--all")
    monkeypatch.setenv("DKCRM_DB", str(tmp_path / "other.db"))
    sold.ok("import", tmp_path / "a.json")
    key = ("product", "quantity", "amount", "currency", "on", "name", "service")

    def told(purchases: Any) -> Any:
        return sorted([p[k] for k in key] for p in purchases)

    assert told(sold.ok("purchase", "list", "--all")) == told(before)
    sold.ok("export", "--all", "--format", "json", "-o", tmp_path / "b.json")
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
