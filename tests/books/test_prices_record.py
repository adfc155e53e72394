"""`ccgen prices record`: what is added to the ledger, and that nothing else ever happens to it."""

from __future__ import annotations

import fcntl
from typing import Any

import pytest
from support import PNG, SELLER, Run, Shop, ShopMaker, article, here

HEAD = "date,offer,amount,currency,source\n"
MERCHANTS: dict[str, Any] = {
    f"content/merchants/{name}.yaml": {"name": name.title(), "role": role, "url": f"https://{name}.example/"}
    for name, role in (("counter", "ours"), ("bazaar", "stall"), ("hill", "none"))
}
WHOLE: dict[str, Any] = {  # what a shop must have that sells
    "static/pot.png": PNG,
    "content/pages/returns.md": "---\ntitle: Returns\n---\nThirty days.\n",
    "content/pages/shipping.md": "---\ntitle: Shipping\n---\nTwo days.\n",
}
SOLD = {**SELLER, "returns": "pages/returns.md", "shipping": "pages/shipping.md"}
POT: dict[str, Any] = {
    "name": "Pot",
    "images": ["/pot.png"],
    "offers": [
        {"url": "https://counter.example/pot", "price": "80.00"},
        {"url": "https://bazaar.example/pot", "price": "82.00 EUR", "checked": "2026-05-29"},
        {"url": "https://hill.example/pot", "price": "79.00", "checked": "2026-05-30 23:00"},
    ],
}


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    return shop({**MERCHANTS, **WHOLE, "content/products/pot.yaml": POT}, settings={"seller": SOLD})


def record(site: Shop, *flags: str) -> Run:
    return here("prices", "record", "-s", site.root, *flags)


def ledger(site: Shop) -> str:
    return (site.root / "data/prices.csv").read_bytes().decode()


def test_what_we_sell_is_recorded_once_a_day(site: Shop) -> None:
    first = HEAD + "2026-05-29,pot/bazaar,82.00,EUR,record\n2026-06-01,pot/counter,80.00,USD,record\n"
    done = record(site)
    assert (done.code, ledger(site)) == (0, first)
    assert "2026-06-01\tpot/counter\t80.00\tUSD\n" in done.out
    assert "2 prices added to data/prices.csv; 3 looked at" in done.err
    assert record(site).out == ""
    assert ledger(site) == first
    record(site, "--clock", "2026-06-02")
    assert ledger(site) == first + "2026-06-02,pot/counter,80.00,USD,record\n"


def test_a_change_within_a_day_is_recorded_too(site: Shop) -> None:
    record(site)
    site.edit("content/products/pot.yaml", '"80.00"', '"75.00"')
    record(site)
    assert ledger(site).endswith("2026-06-01,pot/counter,80.00,USD,record\n2026-06-01,pot/counter,75.00,USD,record\n")


def test_other_merchants_only_when_asked_and_changed(site: Shop) -> None:
    record(site, "--all")
    row = "2026-05-30,pot/hill,79.00,USD,record\n"  # the day it was seen, in the site's zone
    assert ledger(site).count(row) == 1
    record(site, "--all", "--clock", "2026-06-02")
    assert ledger(site).count("pot/hill") == 1
    site.edit("content/products/pot.yaml", '"79.00"', '"78.00"')
    record(site, "--clock", "2026-06-03")
    assert ledger(site).count("pot/hill") == 1


def test_the_day_is_that_of_the_site(site: Shop) -> None:
    site.set(site={"timezone": "Asia/Shanghai"})
    record(site, "--all", "--clock", "2026-06-01T18:00:00Z")
    assert "2026-06-02,pot/counter" in ledger(site)


def test_a_price_from_a_table_says_so(site: Shop) -> None:
    site.write({"content/products/pot.yaml": {**POT, "offers": []}})
    rows = 'product,url,id,price\npot,https://counter.example/pot,"small,red",80\n'
    assert record(site.write({"content/products/offers.csv": rows})).code == 0
    assert ledger(site) == HEAD + '2026-06-01,"pot/counter/small,red",80,USD,table\n'
    assert record(site).out == ""  # it is read back as what it is
    assert site.build().problems == ()


@pytest.mark.parametrize("more", [{"status": "gone"}, {"offers": [{**POT["offers"][0], "valid_until": "2026-05-31"}]}])
def test_what_is_not_sold_has_no_price(site: Shop, more: dict[str, Any]) -> None:
    done = record(site.write({"content/products/pot.yaml": {**POT, **more}}))
    assert done.code == 0
    assert not (site.root / "data/prices.csv").exists()


def test_what_was_there_stays_byte_for_byte(site: Shop) -> None:
    old = b"\xef\xbb\xbf" + (HEAD + "2025-01-01,old/counter,9,USD,record\n").replace("\n", "\r\n").encode()
    (site.root / "data").mkdir()
    (site.root / "data/prices.csv").write_bytes(old)
    record(site)
    new = (site.root / "data/prices.csv").read_bytes()
    assert new.startswith(old)
    assert new[len(old) :] == b"2026-05-29,pot/bazaar,82.00,EUR,record\r\n2026-06-01,pot/counter,80.00,USD,record\r\n"


def test_a_damaged_ledger_is_refused_with_its_place(site: Shop) -> None:
    damaged = HEAD + "2026-05-30,pot/counter,80.00,USD,record\n2026-05-31,pot/counter,80.0"
    site.write({"data/prices.csv": damaged})
    done = record(site)
    assert done.code == 1
    assert "error[damaged-ledger]: the last line does not end" in done.err
    assert "data/prices.csv:3:1" in done.err
    assert ledger(site) == damaged
    (problem,) = record(site, "--json").json["problems"]
    assert (problem["code"], problem["line"], problem["column"]) == ("damaged-ledger", 3, 1)


def test_a_ledger_that_is_ahead_is_refused(site: Shop) -> None:
    record(site, "--clock", "2026-06-03")
    before = ledger(site)
    done = record(site)
    assert done.code == 1
    assert "error[ledger-ahead]: the ledger has a price of `pot/counter` from 2026-06-03" in done.err
    assert "content/products/pot.yaml:" in done.err
    assert ledger(site) == before


def test_a_price_from_is_named_and_not_recorded(site: Shop) -> None:
    site.edit("content/products/pot.yaml", '"80.00"', '"from 80.00"')
    done = record(site)
    assert done.code == 0
    assert "warning[undecided-price]" in done.err
    assert "counter" not in ledger(site)
    assert record(site, "--strict").code == 1


def test_an_error_where_prices_are_written_leaves_the_ledger_alone(site: Shop) -> None:
    site.edit("content/products/pot.yaml", '"80.00"', '"$80"')
    done = record(site)
    assert done.code == 1
    assert "bad-money" in done.err
    assert not (site.root / "data").exists()


def test_an_error_elsewhere_keeps_no_day_out_of_it(site: Shop) -> None:
    site.write({"content/notes/n.md": article("[x](nowhere.md)")})
    assert record(site).code == 0
    assert "pot/counter" in ledger(site)


def test_an_unproven_reduction_is_no_hindrance_to_its_proof(site: Shop) -> None:
    """The price is lowered and told in one edit: the ledger must learn of it before the site can be built."""
    rows = "".join(
        f"2026-{month:02}-{day:02},pot/counter,99.00,USD,record\n"
        for month, days in ((4, 30), (5, 31))
        for day in range(1, days + 1)
    )
    was = {**POT["offers"][0], "was": {"price": "99.00", "seen": "2026-05-31"}}
    site.write({"data/prices.csv": HEAD + rows, "content/products/pot.yaml": {**POT, "offers": [was]}})
    assert "PR-07" in site.fails()
    assert record(site).code == 0
    assert "lowest price in the 30 days before: $99.00" in site.build().page("/products/pot/").text


def test_json_says_what_was_added(site: Shop) -> None:
    found = record(site, "--json").json
    assert found["ok"] is True
    assert found["path"] == "data/prices.csv"
    assert found["added"][1] == {
        "date": "2026-06-01",
        "offer": "pot/counter",
        "amount": "80.00",
        "currency": "USD",
        "source": "record",
    }


def test_nothing_is_written_while_another_ccgen_works(site: Shop) -> None:
    site.state.mkdir()
    with (site.state / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = record(site)
    assert done.code == 3
    assert "error[locked]" in done.err
    assert not (site.root / "data").exists()


def test_a_failed_write_leaves_the_old_ledger(site: Shop) -> None:
    site.write({"data/prices.csv": HEAD})
    (site.root / "data/prices.csv.new").mkdir()  # where the new bytes would be written first
    assert record(site).code == 3
    assert ledger(site) == HEAD


def test_a_link_to_the_ledger_stays_a_link(site: Shop) -> None:
    kept = site.root / "kept.csv"
    kept.write_text(HEAD)
    (site.root / "data").mkdir()
    (site.root / "data/prices.csv").symlink_to(kept)
    assert record(site).code == 0
    assert (site.root / "data/prices.csv").is_symlink()
    assert "pot/counter" in kept.read_text()
