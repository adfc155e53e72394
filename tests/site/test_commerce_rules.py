"""Relations, prices and the order of offers, without a site."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.commerce.prices import ALWAYS, NEVER, duration_of, ordered, price_of, shown_until
from ccgen.commerce.relation import PAID, STRICTNESS, article_ties, rel_of, relations, role_relation
from ccgen.model.parts import LinkBase, Offer, Price, Ref
from ccgen.model.records import Evidence, Interest

NOW = datetime(2026, 6, 1, tzinfo=UTC)
TIES = st.sets(st.sampled_from(["sponsored", "gift", "loan"]))
ROLES = st.sampled_from(["ours", "stall", "affiliate", "none"])


def passed(when: datetime) -> bool:
    return when <= NOW


@given(ROLES, TIES)
def test_relations_are_all_that_apply_strictest_first(role: str, ties: set[str]) -> None:
    found = relations(role, ties)
    assert set(found) >= ties
    assert list(found) == sorted(found, key=STRICTNESS.index)
    assert ("none" in found) is (role == "none" and not ties)
    assert role_relation(role) in found or role == "none"


@given(ROLES, TIES)
def test_whatever_is_paid_says_so_in_rel(role: str, ties: set[str]) -> None:
    found = relations(role, ties)
    paid = bool(PAID & set(found))
    assert (rel_of(found) == "sponsored nofollow noopener") is paid
    if not paid:
        assert rel_of(found) == ("noopener" if found == ("none",) else "")


@pytest.mark.parametrize(
    ("obtained", "ties"),
    [("bought", set()), ("gift", {"gift"}), ("loan", {"loan"}), ("ours", set()), ("untested", set())],
)
def test_evidence_ties(obtained: str, ties: set[str]) -> None:
    assert article_ties(Evidence(obtained=obtained), ()) == ties  # type: ignore[arg-type]


@pytest.mark.parametrize("how", ["sponsored", "gift", "loan", "employed", "family", "travel", "other"])
def test_interests_tie_only_where_money_or_goods_went(how: str) -> None:
    ties = article_ties(None, (Interest(with_="far", how=how),))  # type: ignore[arg-type]
    assert ties == ({how} if how in PAID else set())


@pytest.mark.parametrize(
    ("text", "currency", "wanted"),
    [
        ("165.00 USD", None, Price(amount="165.00", currency="USD")),
        ("165.00", "EUR", Price(amount="165.00", currency="EUR")),
        ("165.00 USD", "EUR", Price(amount="165.00", currency="USD")),
        ("from 1280 CNY", None, Price(amount="1280", currency="CNY", least=True)),
        ("from 1280", "CNY", Price(amount="1280", currency="CNY", least=True)),
        ("165.00", None, None),
    ],
)
def test_money_is_exact_text(text: str, currency: str | None, wanted: Price | None) -> None:
    assert price_of(text, currency) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7 days", timedelta(days=7)),
        ("1 day", timedelta(days=1)),
        ("36 hours", timedelta(hours=36)),
        ("2 weeks", timedelta(weeks=2)),
        ("90 minutes", timedelta(minutes=90)),
    ],
)
def test_durations(text: str, wanted: timedelta) -> None:
    assert duration_of(text) == wanted


@pytest.mark.parametrize("rule", ["always", "never"])
@pytest.mark.parametrize("seen", [None, NOW - timedelta(days=900), NOW])
def test_always_and_never_do_not_look_at_the_date(rule: str, seen: datetime | None) -> None:
    assert shown_until(rule, role="none", amazon=False, seen=seen) == (ALWAYS if rule == "always" else NEVER)


def test_a_price_is_shown_until_its_time_has_passed() -> None:
    assert shown_until("36 hours", role="none", amazon=False, seen=NOW) == NOW + timedelta(hours=36)
    assert shown_until("36 hours", role="none", amazon=False, seen=None) == NEVER
    assert shown_until(None, role="affiliate", amazon=False, seen=NOW) == NOW + timedelta(days=7)
    assert shown_until(None, role="affiliate", amazon=True, seen=NOW) == NEVER
    assert shown_until(None, role="ours", amazon=False, seen=NOW) == ALWAYS


def offer(number: int, role: str, availability: str, price: Price | None, *, buyable: bool) -> Offer:
    return Offer(
        key=f"pot/m{number}",
        merchant=Ref(f"merchant:en:m{number}"),
        product="pot",
        role=role,
        availability=availability,  # type: ignore[arg-type]
        price=price,
        buyable=buyable,
        base=LinkBase(target="https://m.example/"),
    )


PRICES = st.one_of(
    st.none(),
    st.builds(
        Price,
        amount=st.decimals(min_value=0, max_value=10_000, places=2).map(str),
        currency=st.sampled_from(["USD", "CNY"]),
        least=st.booleans(),
    ),
)
OFFERS = st.lists(
    st.tuples(
        ROLES, st.sampled_from(["in_stock", "limited", "preorder", "unknown", "out_of_stock"]), PRICES, st.booleans()
    ),
    max_size=6,
).map(
    lambda several: [
        offer(number, role, stock, price, buyable=can) for number, (role, stock, price, can) in enumerate(several)
    ]
)
POLICY = st.lists(st.sampled_from(["ours", "in_stock", "price", "as_written"]), unique=True, max_size=4)


@given(OFFERS, POLICY)
def test_an_order_keeps_every_offer_and_puts_last_what_one_cannot_buy(several: list[Offer], policy: list[str]) -> None:
    found = ordered(several, policy)
    assert sorted(one.key for one in found) == sorted(one.key for one in several)
    can = [one.buyable for one in found]
    assert can == sorted(can, reverse=True)
    if not policy or policy[0] == "as_written":
        assert [one.key for one in found if one.buyable] == [one.key for one in several if one.buyable]
    if policy[:1] == ["ours"]:
        ours = [one.role == "ours" for one in found if one.buyable]
        assert ours == sorted(ours, reverse=True)


@given(OFFERS)
def test_by_price_the_cheaper_comes_first_within_a_currency(several: list[Offer]) -> None:
    buyable = [one for one in ordered(several, ["price"]) if one.buyable and one.price]
    for currency in ("USD", "CNY"):
        amounts = [float(one.price.amount) for one in buyable if one.price and one.price.currency == currency]
        assert amounts == sorted(amounts)


def test_amounts_are_compared_as_numbers_not_as_text() -> None:
    several = [
        offer(number, "none", "unknown", Price(amount=amount, currency="USD"), buyable=True)
        for number, amount in enumerate(("100.00", "9.50", "20"))
    ]
    for order in permutations(several):
        assert [one.price.amount for one in ordered(order, ["price"]) if one.price] == ["9.50", "20", "100.00"]
