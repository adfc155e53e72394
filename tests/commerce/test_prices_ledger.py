"""The lowest price of the days before a reduction: by example, and against a day-by-day oracle that knows no spans."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ccgen.commerce.ledger import LARGEST_GAP, Lowest, Unproven, due, lowest_before
from ccgen.errors import At
from ccgen.model.ledger import ListedPrice, PriceRow
from ccgen.model.parts import Price

TODAY = date(2026, 6, 1)
DAY = timedelta(days=1)


def row(days_ago: int, amount: str, currency: str = "EUR", offer: str = "pot/counter") -> PriceRow:
    return PriceRow(date=TODAY - days_ago * DAY, offer=offer, amount=amount, currency=currency, source="record")


def daily(first: int, last: int, amount: str, currency: str = "EUR") -> list[PriceRow]:
    """A row a day, from `first` days ago to `last` days ago."""
    return [row(day, amount, currency) for day in range(first, last - 1, -1)]


def price(amount: str, currency: str = "EUR", *, least: bool = False) -> Price:
    return Price(amount=amount, currency=currency, least=least)


def lowest(rows: list[PriceRow], now: str, days: int = 30) -> str | None:
    found = lowest_before(rows, price(now), days=days)
    return found.price.amount if isinstance(found, Lowest) else None


def reason(rows: list[PriceRow], now: Price, days: int = 30) -> str:
    found = lowest_before(rows, now, days=days)
    assert isinstance(found, Unproven)
    assert found.hint
    return found.reason


def test_a_plain_reduction() -> None:
    rows = [*daily(40, 1, "100.00"), row(0, "80.00")]
    assert lowest_before(rows, price("80"), days=30) == Lowest(price("100.00"), TODAY)


def test_a_reduction_that_has_lasted_is_still_told_against_the_days_before_it() -> None:
    rows = [*daily(74, 46, "100"), *daily(45, 0, "80")]
    assert "knows 29 of the 30 days before 2026-04-17" in reason(rows, price("80"))
    rows = [*daily(75, 46, "100"), *daily(45, 0, "80")]
    assert lowest_before(rows, price("80"), days=30) == Lowest(price("100"), TODAY - 45 * DAY)


def test_the_lowest_counts_not_the_last() -> None:
    rows = [*daily(40, 21, "100"), *daily(20, 18, "90"), *daily(17, 1, "100"), row(0, "80")]
    assert lowest(rows, "80") == "90"


def test_a_price_that_was_raised_and_then_cut_is_no_reduction() -> None:
    rows = [*daily(60, 6, "80"), *daily(5, 1, "120"), row(0, "80")]
    assert "not below the lowest price" in reason(rows, price("80"))
    assert lowest([*daily(60, 6, "100"), *daily(5, 1, "120"), row(0, "90")], "90") == "100"


def test_each_step_of_a_progressive_reduction_is_told_against_the_step_before() -> None:
    rows = [*daily(60, 11, "100"), *daily(10, 1, "80"), row(0, "60")]
    assert lowest(rows, "60") == "80"
    slow = [*daily(90, 41, "100"), *daily(40, 1, "80"), row(0, "60")]
    assert lowest(slow, "60") == "80"


def test_the_first_and_the_last_day_of_the_period_count() -> None:
    inside = [*daily(40, 31, "70"), *daily(30, 1, "100"), row(0, "80")]  # 70 held until the thirtieth day began
    assert "not below" in reason(inside, price("80"))
    outside = [*daily(40, 32, "70"), *daily(31, 1, "100"), row(0, "80")]
    assert lowest(outside, "80") == "100"
    same_day = [*daily(40, 1, "100"), row(0, "75"), row(0, "80")]  # cheaper in the morning
    assert "not below" in reason(same_day, price("80"))


@pytest.mark.parametrize("history", [0, 1, 29])
def test_less_than_the_whole_period_proves_nothing(history: int) -> None:
    rows = [*daily(history, 1, "100"), row(0, "80")]
    assert lowest(rows, "80") is None
    assert lowest([*daily(30, 1, "100"), row(0, "80")], "80") == "100"


def test_the_period_is_a_parameter() -> None:
    rows = [*daily(40, 20, "70"), *daily(19, 1, "100"), row(0, "80")]
    assert lowest(rows, "80", days=18) == "100"
    assert lowest(rows, "80", days=30) is None


def test_a_gap_in_the_ledger_proves_nothing() -> None:
    def with_gap(days: int) -> list[PriceRow]:
        return [*daily(40, 20, "100"), *daily(20 - days, 1, "100"), row(0, "80")]

    assert lowest(with_gap(LARGEST_GAP), "80") == "100"
    assert "no row between 2026-05-12 and 2026-05-20" in reason(with_gap(LARGEST_GAP + 1), price("80"))
    before = [row(90, "100"), *daily(31, 1, "100"), row(0, "80")]  # a gap before the period does not matter
    assert lowest(before, "80") == "100"
    since = [*daily(80, 51, "100"), row(50, "80"), row(0, "80")]
    assert lowest([*daily(90, 51, "100"), row(50, "80"), row(0, "80")], "80") == "100"  # nor one since the reduction
    assert lowest(since, "80") == "100"


def test_other_currencies_prove_nothing() -> None:
    rows = [*daily(60, 11, "100", "USD"), *daily(10, 1, "90"), row(0, "80")]
    assert "the ledger knows" not in reason(rows, price("80"))
    assert "another currency" in reason(rows, price("80"))
    between = [*daily(60, 11, "100"), *daily(10, 8, "9", "USD"), *daily(7, 1, "100"), row(0, "80")]
    assert "another currency" in reason(between, price("80"))
    long_ago = [*daily(90, 50, "100", "USD"), *daily(49, 1, "100"), row(0, "80")]
    assert lowest(long_ago, "80") == "100"


def test_the_present_price_must_be_in_the_ledger() -> None:
    assert "no row of this offer" in reason([], price("80"))
    assert "ends with 100 EUR, and the price is 80 EUR" in reason(daily(60, 0, "100"), price("80"))
    assert "ends with 80 EUR" in reason([*daily(60, 1, "100"), row(0, "80")], price("80", "USD"))
    assert lowest([*daily(60, 1, "100"), row(0, "80.00")], "80") == "100"  # one amount, written in two ways


def test_a_least_price_cannot_be_reduced() -> None:
    assert "from" in reason([*daily(60, 1, "100"), row(0, "80")], price("80", least=True))


# --- the oracle ------------------------------------------------------------------------------------------------------


def oracle(rows: list[PriceRow], now: str, days: int) -> str | None:
    """The same by brute force: what was asked on each single day, as far as anybody knows."""
    numbered = list(enumerate(rows))
    starts = [i for i, _ in numbered if all(_is(one, now) for one in rows[i:])]
    if not starts:
        return None
    first = starts[0]
    since = rows[first].date
    earlier = [one for i, one in numbered if i < first]
    asked: set[tuple[str, str]] = set()
    for ago in range(days, -1, -1):
        day = since - ago * DAY
        past = [one for one in earlier if one.date < day]
        then = [one for one in earlier if one.date == day]
        if not past and not then:
            return None  # nobody knows what it cost
        known = (past[-1:] if past else []) + then
        asked |= {(one.amount, one.currency) for one in known}
        if not then and day < since:
            following = next(one for one in rows if one.date > day)
            if (following.date - past[-1].date).days > LARGEST_GAP:
                return None
    if {currency for _, currency in asked} != {"EUR"}:
        return None
    found = min((amount for amount, _ in asked), key=Decimal)
    return found if Decimal(found) > Decimal(now) else None


def _is(one: PriceRow, now: str) -> bool:
    return one.currency == "EUR" and Decimal(one.amount) == Decimal(now)


STEPS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 5, LARGEST_GAP, LARGEST_GAP, LARGEST_GAP + 1]),
        st.sampled_from(["7", "8", "9", "10", "11"]),
        st.sampled_from(["EUR"] * 20 + ["USD"]),
    ),
    max_size=14,
)


@st.composite
def ledgers(draw: st.DrawFn) -> list[PriceRow]:
    """Rows some days apart until today; the last ones are most often a reduction."""
    day, rows = TODAY, []
    for step in draw(st.lists(st.integers(0, 3), max_size=2)):
        rows.append(row((TODAY - day).days, "7"))
        day -= step * DAY
    for step, amount, currency in draw(STEPS):
        rows.append(row((TODAY - day).days, amount, currency))
        day -= step * DAY
    return rows[::-1]


@settings(max_examples=400)
@given(ledgers(), st.sampled_from(["7", "7", "8", "9", "10"]), st.sampled_from([1, 5, 10, 30]))
@example([row(90, "100"), *daily(30, 1, "100"), row(0, "80")], "80", 30)
def test_the_proof_is_what_each_single_day_says(rows: list[PriceRow], now: str, days: int) -> None:
    assert lowest(rows, now, days) == oracle(rows, now, days)


@given(ledgers(), st.sampled_from([1, 5, 10]))
def test_what_is_proven_was_never_above_any_price_of_the_period(rows: list[PriceRow], days: int) -> None:
    if not rows:
        return
    found = lowest_before(rows, price(rows[-1].amount, rows[-1].currency), days=days)
    if isinstance(found, Lowest):
        period = [one for one in rows if found.since - days * DAY <= one.date < found.since]
        assert all(Decimal(found.price.amount) <= Decimal(one.amount) for one in period)
        assert Decimal(found.price.amount) > Decimal(rows[-1].amount)


@given(ledgers(), st.sampled_from(["7", "8"]), st.sampled_from([5, 10]))
def test_a_longer_period_never_claims_more(rows: list[PriceRow], now: str, days: int) -> None:
    longer, shorter = lowest(rows, now, days + 5), lowest(rows, now, days)
    if longer is not None:
        assert shorter is not None
        assert Decimal(longer) <= Decimal(shorter)


# --- what belongs into the ledger ------------------------------------------------------------------------------------


def listed(role: str, amount: str, *, seen_ago: int | None = 0, least: bool = False) -> ListedPrice:
    seen = None if seen_ago is None else TODAY - seen_ago * DAY
    return ListedPrice(
        offer="pot/counter",
        role=role,
        price=price(amount, least=least),
        source="record",
        seen=seen,
        at=At(path="p.yaml"),
    )


def added(one: ListedPrice, rows: list[PriceRow], *, everything: bool = False) -> list[tuple[date, str]]:
    found = due([one], {"pot/counter": rows}, today=TODAY, everything=everything)
    return [(row.date, row.amount) for row in found.rows]


@pytest.mark.parametrize(
    ("rows", "wanted"),
    [
        ([], [(TODAY, "80")]),
        ([row(1, "80")], [(TODAY, "80")]),  # each day is proof
        ([row(0, "80")], []),
        ([row(0, "80.00")], []),
        ([row(0, "90")], [(TODAY, "80")]),
        ([row(0, "80", "USD")], [(TODAY, "80")]),
    ],
)
def test_our_own_price_is_taken_once_a_day_and_at_each_change(
    rows: list[PriceRow], wanted: list[tuple[date, str]]
) -> None:
    assert added(listed("ours", "80", seen_ago=None), rows) == wanted
    assert added(listed("ours", "80", seen_ago=9), rows) == wanted  # it is ours: it is today's


def test_a_price_at_a_stall_is_of_the_day_it_was_seen() -> None:
    seen = TODAY - 3 * DAY
    assert added(listed("stall", "80", seen_ago=3), []) == [(seen, "80")]
    assert added(listed("stall", "80", seen_ago=3), [row(4, "80")]) == [(seen, "80")]
    assert added(listed("stall", "80", seen_ago=3), [row(3, "80")]) == []
    assert added(listed("stall", "80", seen_ago=3), [row(2, "90")]) == []  # an older look is no news


def test_other_merchants_prices_only_when_asked_and_changed() -> None:
    assert added(listed("affiliate", "80"), []) == []
    assert added(listed("affiliate", "80", seen_ago=2), [], everything=True) == [(TODAY - 2 * DAY, "80")]
    assert added(listed("none", "80"), [row(9, "80")], everything=True) == []
    assert added(listed("none", "80"), [row(9, "81")], everything=True) == [(TODAY, "80")]
    assert added(listed("none", "80", seen_ago=None), [], everything=True) == []  # nobody says when
    assert added(listed("none", "80", seen_ago=-1), [], everything=True) == []  # a day that has not come


def test_a_ledger_from_the_future_and_a_price_from_are_told() -> None:
    found = due([listed("ours", "80")], {"pot/counter": [row(-1, "80")]}, today=TODAY, everything=False)
    assert [one.offer for one in found.ahead] == ["pot/counter"]
    assert found.rows == ()
    found = due([listed("ours", "80", least=True)], {}, today=TODAY, everything=False)
    assert [one.offer for one in found.undecided] == ["pot/counter"]
    assert found.rows == ()
