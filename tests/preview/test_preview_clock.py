"""The clock runs: what an article's date, or an offer's end, changes on pages comes by itself, when its time comes."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

import pytest
from moments import Moment, with_a_moment
from support import Shop, ShopMaker, article
from within import NoServer, in_session, until

from ccgen.model.source import digest_of
from ccgen.preview.server import Tab
from ccgen.preview.session import Told

NOTE = "content/notes/later.md"
PAGE = "/notes/later/"
MARK = b'class="preview"'


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    return shop({"content/notes/a.md": article("A.", date="2020-01-01")}, settings={"clock": None})


def by_the_clock(said: list[Told]) -> int:
    return sum(told.line.startswith("the clock: ") for told in said)


def test_a_scheduled_article_is_marked_until_its_time_comes(site: Shop) -> None:
    def script(moment: Moment, server: NoServer, said: list[Told]) -> None:
        with moment.before():
            site.write({NOTE: article("Later words.", date=str(moment))})
            until(lambda: b"Later words." in server.page(PAGE))
            marked = server.page(PAGE)
            assert MARK in marked
            assert server.explained(PAGE)["previewed"] == {PAGE: "scheduled"}
            server.tell(Tab(1, PAGE, digest_of(marked).hex()))
        until(lambda: by_the_clock(said))
        assert [one["do"] for one in server.sent if one["do"] == "reload"] == ["reload"]  # nobody asked for anything
        assert MARK not in server.page(PAGE)
        assert b"Later words." in server.page(PAGE)
        assert server.explained(PAGE)["previewed"] == {}
        assert by_the_clock(said) == 1

    with_a_moment(lambda moment: in_session(site, partial(script, moment)))


def test_what_readers_see_has_a_scheduled_article_when_its_time_comes(site: Shop) -> None:
    def script(moment: Moment, server: NoServer, said: list[Told]) -> None:
        with moment.before():
            site.write({NOTE: article("Later words.", date=str(moment))})
            until(lambda: any(NOTE in told.line for told in said))
            assert b"Later words." not in server.page(PAGE)
        until(lambda: by_the_clock(said))
        assert b"Later words." in server.page(PAGE)

    with_a_moment(lambda moment: in_session(site, partial(script, moment), published=True))


def test_a_price_goes_when_its_offer_ends(site: Shop) -> None:
    def script(moment: Moment, server: NoServer, said: list[Told]) -> None:
        with moment.before():
            seen = f"{datetime.now(UTC):%Y-%m-%d}"
            offer = {"url": "https://far.example/pot", "price": "77.13", "checked": seen, "valid_until": str(moment)}
            site.write({"content/products/pot.yaml": {"name": "Pot", "offers": [offer]}})
            until(lambda: b"77.13" in server.page("/products/pot/"))
        until(lambda: by_the_clock(said))
        assert b"77.13" not in server.page("/products/pot/")

    with_a_moment(lambda moment: in_session(site, partial(script, moment)))
