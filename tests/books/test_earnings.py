"""`ccgen earnings`: networks' exports, well and badly written, joined to what the site published."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from support import Run, Shop, ShopMaker, here, run

REPORT = {"sub": "Click Ref", "amount": "Commission", "currency": "Currency", "date": "Date"}
FAR: dict[str, Any] = {
    "name": "Far",
    "role": "affiliate",
    "url": "https://far.example/",
    "link": "https://t.example/c?u={url}&sid={sub}",
    "currency": "USD",
    "report": REPORT,
}
SUBIDS = (
    "sub,article,slot,product,merchant,first\n"
    "reviews_pot_buy-1_pot,reviews/pot,buy-1,pot,far,2026-01-01\n"
    "notes_n_top_pot,notes/n,top,pot,far,2026-01-01\n"
    "notes_n_link-1_link,notes/n,link-1,,far,2026-01-01\n"
    "guides_g_picks-1_pan,guides/g,picks-1,pan,near,2026-01-01\n"
)
HEAD = "Date,Order,Click Ref,Commission,Currency\n"
GOOD = HEAD + (
    "2026-05-01,1,reviews_pot_buy-1_pot,1.10,USD\n"
    "2026-05-03,2,reviews_pot_buy-1_pot,2.20,USD\n"
    "2026-05-02,3,notes_n_top_pot,9.00,USD\n"
    "2026-05-02,4,notes_n_link-1_link,-1.00,USD\n"
    "2026-05-02,5,notes_n_top_pot,5.00,EUR\n"
)


def told(shop: ShopMaker, report: str | bytes, *more: str, far: dict[str, Any] | None = None, **files: Any) -> Run:
    site = shop(
        {
            "content/merchants/far.yaml": FAR if far is None else far,
            "content/products/pot.yaml": {"name": "Pot", "offers": ["https://far.example/pot"]},
            "data/subids.csv": SUBIDS,
            "export.csv": report,
            **files,
        }
    )
    return earnings(site, site.root / "export.csv", *more)


def earnings(site: Shop, *more: object) -> Run:
    return here("earnings", "-s", site.root, *more)


def codes(done: Run) -> list[str]:
    return [one["code"] for one in done.json["problems"]]


def test_a_table_says_which_article_and_slot_sold_what(shop: ShopMaker) -> None:
    done = told(shop, GOOD)
    assert done.code == 0, done.err
    assert done.out == (
        "article      slot    product  merchant  rows  amount  currency\n"
        "notes/n      top     pot      far          1    5.00  EUR\n"
        "notes/n      top     pot      far          1    9.00  USD\n"
        "reviews/pot  buy-1   pot      far          2    3.30  USD\n"
        "notes/n      link-1           far          1   -1.00  USD\n"
    )
    assert done.err == "5.00 EUR in 1 row\n11.30 USD in 4 rows\n"


def test_as_json(shop: ShopMaker) -> None:
    value = told(shop, GOOD, "--json").json
    assert value["ok"] is True
    assert value["problems"] == value["unknown"] == []
    assert value["lines"][2] == {
        "article": "reviews/pot",
        "slot": "buy-1",
        "product": "pot",
        "merchant": "far",
        "sub": "reviews_pot_buy-1_pot",
        "rows": 2,
        "amount": "3.30",
        "currency": "USD",
        "first": "2026-05-01",
        "last": "2026-05-03",
    }
    assert value["totals"][1] == {
        "currency": "USD",
        "rows": 4,
        "amount": "11.30",
        "unknown_rows": 0,
        "unknown": "0.00",
    }
    assert value["reports"] == [{"path": "export.csv", "merchants": ["far"], "rows": 5, "unread": 0}]


def test_as_csv_without_formulas(shop: ShopMaker) -> None:
    done = told(
        shop, GOOD + '2026-05-09,6,"=HYPERLINK(""http://x"")",1.00,USD\n2026-05-09,7,"a,b",-1.00,USD\n', "--csv"
    )
    assert done.code == 0
    found = list(csv.DictReader(io.StringIO(done.out)))
    assert [one["amount"] for one in found] == ["5.00", "9.00", "3.30", "-1.00", "1.00", "-1.00"]
    assert [one["sub"] for one in found[-2:]] == ['\'=HYPERLINK("http://x")', "a,b"]
    assert list(found[0]) == "article slot product merchant sub rows amount currency first last".split()


def test_two_forms_at_once_are_refused(shop: ShopMaker) -> None:
    assert told(shop, GOOD, "--csv", "--json").code == 2


# --- how a report may be written -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "report",
    [
        "\ufeff" + GOOD,
        GOOD.replace("\n", "\r\n"),
        GOOD.replace(",", ";"),
        GOOD.replace(",", "\t"),
        GOOD.replace(",USD", ",usd").replace("Click Ref", '"Click  ref"'),
        "Performance report\nPeriod,May 2026\n\n" + GOOD + "\n\n",
        GOOD.replace(",1.10,", ',"$1.10",'),
        GOOD.replace("2026-05-03", "3.5.2026"),
        GOOD.replace("reviews_pot_buy-1_pot", " REVIEWS_POT_BUY-1_POT "),
        GOOD.replace("notes_n_top_pot,9.00", '"notes_n_top_pot","9.00"'),
    ],
)
def test_all_these_are_the_same_report(shop: ShopMaker, report: str) -> None:
    assert told(shop, report).out == told(shop, GOOD).out


def test_decimal_commas(shop: ShopMaker) -> None:
    report = GOOD.replace(",", ";").replace("1.10", "1.234,10").replace("2.20", "1.000").replace("9.00", "9,00")
    report = report.replace("-1.00", "-1,00").replace("5.00", "5")
    value = told(shop, report, "--json").json
    assert value["ok"] is True
    assert [one["amount"] for one in value["lines"]] == ["5.00", "2234.10", "9.00", "-1.00"]


def test_a_row_without_a_currency_is_in_the_merchants(shop: ShopMaker) -> None:
    columns = {"sub": "Click Ref", "amount": "Commission"}
    value = told(shop, "Click Ref,Commission\nnotes_n_top_pot,3\n", "--json", far={**FAR, "report": columns}).json
    assert value["lines"][0]["currency"] == "USD"
    assert value["lines"][0]["first"] == ""


def test_several_reports_are_one_sum_and_the_same_one_twice_is_not(shop: ShopMaker) -> None:
    second = HEAD + "2026-06-01,9,notes_n_top_pot,1.00,USD\n"
    site = shop(
        {
            "content/merchants/far.yaml": FAR,
            "data/subids.csv": SUBIDS,
            "a.csv": GOOD,
            "b.csv": second,
            "copy.csv": GOOD,
        }
    )
    done = earnings(site, *(site.root / name for name in ("a.csv", "b.csv", "copy.csv", "a.csv")), "--json")
    assert codes(done) == ["repeated-report"]
    assert [one["rows"] for one in done.json["totals"]] == [1, 5]


# --- what cannot be read is named and counted ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "code", "place"),
    [
        ("2026-05-01,9,notes_n_top_pot,n/a,USD", "bad-amount", (7, 30)),
        ("2026-05-01,9,notes_n_top_pot,=1+2,USD", "bad-amount", (7, 30)),
        ("2026-05-01,9,notes_n_top_pot,,USD", "bad-amount", (7, 30)),
        ("2026-05-01,9,notes_n_top_pot,1.00,Euro", "bad-currency", (7, 35)),
        ("2026-05-01,9,notes_n_top_pot,€1.00,USD", "bad-currency", (7, 36)),
        ("2026-05-01,9,notes_n_top_pot,1.00", "bad-report-row", (7, 1)),
        ("2026-05-01,9,notes_n_top_pot,1,00,USD", "bad-report-row", (7, 1)),
        ('2026-05-01,9,notes_n_top_pot,"1.00,USD', "csv-quote", (7, 30)),
        ("Total", "bad-report-row", (7, 1)),
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_counted(
    shop: ShopMaker, row: str, code: str, place: tuple[int, int]
) -> None:
    done = told(shop, GOOD + row + "\n", "--json")
    assert done.code == 1
    (problem,) = done.json["problems"]
    assert (problem["code"], problem["severity"]) == (code, "error")
    assert (problem["path"], problem["line"], problem["column"]) == ("export.csv", *place)
    assert done.json["reports"][0]["unread"] == 1
    assert [one["amount"] for one in done.json["totals"]] == ["5.00", "11.30"]  # the others count
    said = told(shop, GOOD + row + "\n")
    assert "1 row could not be read, and its amount is in no sum" in said.err
    assert f"export.csv:{place[0]}:{place[1]}" in said.err


def test_a_quote_that_is_never_closed_says_how_much_it_hides(shop: ShopMaker) -> None:
    row = '2026-05-01,9,"notes_n_top_pot,1.00,USD\n'
    done = told(shop, GOOD + row + row.replace('"', "") * 2)
    assert "this quote is never closed, and 2 lines below it are not read" in done.err


def test_an_amount_that_could_be_two_is_named(shop: ShopMaker) -> None:
    report = HEAD + '2026-05-01,1,notes_n_top_pot,"1,234",USD\n'
    done = told(shop, report)
    assert done.code == 1
    assert "`1,234` can be read as 1234 and as 1.234" in done.err
    assert told(shop, report + "2026-05-01,2,notes_n_top_pot,1.50,USD\n").code == 0


def test_unknown_sub_ids_are_named_and_counted(shop: ShopMaker) -> None:
    report = GOOD + (
        "2026-05-01,6,old,1.00,USD\n2026-05-01,7,old,2.00,USD\n2026-05-01,8,,4.00,USD\n"
        "2026-05-01,9,guides_g_picks-1_pan,8.00,USD\n"
    )
    done = told(shop, report, "--json")
    assert done.code == 0
    assert sorted(codes(done)) == ["no-sub-id", "unknown-sub-id", "unknown-sub-id"]
    assert [(one["sub"], one["rows"], one["amount"]) for one in done.json["unknown"]] == [
        ("guides_g_picks-1_pan", 1, "8.00"),
        ("", 1, "4.00"),
        ("old", 2, "3.00"),
    ]
    assert done.json["totals"][1]["unknown"] == "15.00"
    said = told(shop, report)
    assert "`old` is no sub-id of this site: 2 rows of 3.00 USD" in said.err
    assert "it is a sub-id of `near`" in said.err
    assert "26.30 USD in 8 rows, 15.00 USD of it from no known place" in said.err
    assert "(unknown sub-id old)" in said.out
    assert told(shop, report, "--strict").code == 1


def test_without_a_map_everything_is_unknown(shop: ShopMaker) -> None:
    done = told(shop, GOOD, **{"data/subids.csv": None})
    assert done.code == 0
    assert "ccgen links record" in done.err
    assert "11.30 USD in 4 rows, 11.30 USD of it from no known place" in done.err


def test_dates_that_are_not_certain_are_counted(shop: ShopMaker) -> None:
    done = told(shop, GOOD.replace("2026-05-01", "05/01/2026"), "--json")
    assert codes(done) == ["unread-date"]
    assert done.code == 0
    assert done.json["lines"][2]["first"] == "2026-05-03"


@pytest.mark.parametrize(
    ("report", "code"),
    [
        ("Date,Click Ref,Amount\n2026-05-01,x,1\n", "missing-column"),
        ("a|b|c\n1|2|3\n", "missing-column"),
        ("", "unknown-report"),
        ("\n\n", "unknown-report"),
        (GOOD.encode("utf-16"), "not-utf8"),
        (GOOD.replace("Order", "Caf\xe9").encode("latin-1"), "not-utf8"),
        (b"PK\x03\x04\0\0", "nul-character"),
        ("Click Ref," + GOOD.replace("\n", "\n,"), "duplicate-column"),
    ],
)
def test_a_report_of_another_form_is_an_error(shop: ShopMaker, report: str | bytes, code: str) -> None:
    done = told(shop, report, "--json")
    assert done.code == 1
    assert codes(done) == [code]
    assert done.json["lines"] == []


def test_the_missing_column_is_named_and_the_nearest_said(shop: ShopMaker) -> None:
    done = told(shop, GOOD.replace("Commission", "Comission"))
    assert "the column `Commission` of `far` is missing" in done.err
    assert "Comission" in done.err.partition("hint:")[2]


# --- whose report it is ----------------------------------------------------------------------------------------------

NEAR = {**FAR, "name": "Near", "url": "https://near.example/"}


def test_merchants_of_one_network_share_a_report(shop: ShopMaker) -> None:
    report = GOOD + "2026-05-09,6,guides_g_picks-1_pan,7.00,USD\n"
    value = told(shop, report, "--json", **{"content/merchants/near.yaml": NEAR}).json
    assert value["ok"] is True
    assert value["reports"][0]["merchants"] == ["far", "near"]
    assert {(one["product"], one["merchant"]) for one in value["lines"]} == {
        ("pot", "far"),
        ("", "far"),
        ("pan", "near"),
    }


def test_columns_that_two_merchants_read_differently_are_unclear(shop: ShopMaker) -> None:
    alone = told(shop, GOOD)
    near = {"content/merchants/near.yaml": {**NEAR, "report": {**REPORT, "amount": "Order"}}}
    done = told(shop, GOOD, **near)
    assert done.code == 1
    assert "error[unclear-report]" in done.err
    assert "--merchant far or --merchant near" in done.err
    clear = told(shop, GOOD, "--merchant", "far", **near)
    assert clear.code == 0
    assert clear.out == alone.out


def test_the_columns_say_whose_it_is(shop: ShopMaker) -> None:
    near = {**NEAR, "report": {"sub": "subId1", "amount": "Payout", "currency": "Cur"}}
    site = shop(
        {
            "content/merchants/far.yaml": FAR,
            "content/merchants/near.yaml": near,
            "data/subids.csv": SUBIDS,
            "a.csv": GOOD,
            "b.csv": "subId1,Payout,Cur\nguides_g_picks-1_pan,2.00,USD\n",
        }
    )
    value = earnings(site, site.root / "a.csv", site.root / "b.csv", "--json").json
    assert [one["merchants"] for one in value["reports"]] == [["far"], ["near"]]
    assert [one["product"] for one in value["lines"]].count("pan") == 1


@pytest.mark.parametrize(
    ("more", "code"),
    [
        (("--merchant", "farr"), "unknown-merchant"),
        (("--merchant", "plain"), "no-report-columns"),
    ],
)
def test_a_merchant_that_cannot_be_meant_is_a_wrong_command(shop: ShopMaker, more: tuple[str, ...], code: str) -> None:
    plain = {"content/merchants/plain.yaml": {"name": "P", "role": "none", "url": "https://plain.example/"}}
    done = told(shop, GOOD, *more, "--json", **plain)
    assert (done.code, done.json["error"]["code"]) == (2, code)


def test_no_merchant_with_columns_is_a_wrong_command(shop: ShopMaker) -> None:
    done = told(shop, GOOD, far={key: value for key, value in FAR.items() if key != "report"})
    assert done.code == 2
    assert "add `report:" in done.err


@pytest.mark.parametrize("name", ["nothing.csv", "content"])
def test_a_report_that_is_not_there_is_a_wrong_command(shop: ShopMaker, name: str) -> None:
    site = shop({"content/merchants/far.yaml": FAR})
    done = earnings(site, site.root / name)
    assert done.code == 2
    assert "no-report" in done.err


def test_a_report_without_a_row_says_so(shop: ShopMaker) -> None:
    done = told(shop, HEAD)
    assert (done.code, done.out) == (0, "")
    assert "export.csv` has no row below its header: it tells of no sale" in done.err
    assert told(shop, HEAD, "--json").json["reports"][0]["rows"] == 0
    assert "no row" not in told(shop, GOOD).err


def test_reports_must_be_named(shop: ShopMaker) -> None:
    assert here("earnings", "-s", shop({}).root).code == 2


def test_a_damaged_map_is_an_error(shop: ShopMaker) -> None:
    done = told(shop, GOOD, **{"data/subids.csv": "x\n"})
    assert done.code == 1
    assert "data/subids.csv:1:1" in done.err


def test_a_broken_article_is_not_in_the_way(shop: ShopMaker) -> None:
    done = told(shop, GOOD, **{"content/notes/n.md": "---\ntitle: [\n---\n"})
    assert done.code == 0
    broken = told(shop, GOOD, **{"content/merchants/near.yaml": "name: [\n"})
    assert broken.code == 1


def test_a_report_from_anywhere_and_the_command_itself(shop: ShopMaker, tmp_path: Any) -> None:
    site = shop({"content/merchants/far.yaml": FAR, "data/subids.csv": SUBIDS})
    (tmp_path / "else.csv").write_text(GOOD + "x\n", encoding="utf-8")
    done = run("earnings", "-s", "shop", "else.csv", cwd=tmp_path)
    assert done.code == 1
    assert "else.csv:7:1" in done.err
    assert "  7 | x" in done.err
    assert site.root.is_dir()


def test_what_a_report_says_cannot_steer_a_terminal(shop: ShopMaker) -> None:
    done = told(shop, GOOD + "2026-05-01,9,\x1b[31mred\x1b[0m,1.00,USD\n")
    assert "\x1b" not in done.out
