"""The preview's bar says what a page is and switches what is shown; other machines see less, and switch nothing."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Route, expect
from previewing import Preview, previewing
from support import Shop, ShopMaker, article, review

from ccgen.errors import EnvironmentFault
from ccgen.preview.lan import in_network, names_of, qr_code

COUNTING = """
    const json = Response.prototype.json;
    window.read = false; // whether the bar has read what was held up, and made something of it
    Response.prototype.json = async function () {
        const found = await json.call(this);
        if (found.held) setTimeout(() => { window.read = true; });
        return found;
    };
"""
NOW = {"drafts": True, "future": True, "clock": ""}


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    return shop(
        {
            "content/notes/a.md": article("::product{pot}", title="First"),
            "content/reviews/r.md": review("::product{pot}", title="Tried"),
            "content/notes/later.md": article("Words.", title="Later", date="2026-07-01"),
            "content/notes/draft.md": article("Words.", title="Unfinished", draft=True),
        }
    )


def about(preview: Preview, path: str) -> Any:
    return json.loads(preview.get(f"/_ccgen/about?path={path}").body)


def switch(preview: Preview, to: dict[str, object], origin: str = "") -> tuple[int, Any]:
    asked = Request(preview.url("/_ccgen/switch"), json.dumps(to).encode(), {"Origin": origin or preview.url("")})
    try:
        with urlopen(asked) as answer:
            return answer.status, json.loads(answer.read())
    except HTTPError as error:
        with error:
            return error.code, error.read().decode()


def test_it_names_what_a_page_was_made_from_and_who_shows_its_products(site: Shop) -> None:
    with previewing(site.root) as preview:
        preview.until(lambda: len(about(preview, "/notes/a/")["products"][0]["pages"]) > 1)
        found = about(preview, "/notes/a/")
        assert found["sources"][0]["path"] == "content/notes/a.md"
        assert found["sources"][0]["editor"] == f"vscode://file{site.root}/content/notes/a.md:1:1"
        assert "content/products/pot.yaml" in {one["path"] for one in found["sources"]}
        (pot,) = found["products"]
        assert pot["name"] == "Pot"
        assert {"/reviews/r/", "/products/pot/"} <= set(pot["pages"])
        assert "/notes/a/" not in pot["pages"]
        assert found["switches"] == NOW
        assert about(preview, "/nowhere/")["sources"] == []


def test_its_switches_change_what_is_shown_everywhere(site: Shop) -> None:
    site.set(check={"severity": {"SD-02": "off", "CK-01": "off"}})
    with previewing(site.root, "--clock", "2026-06-01") as preview:
        assert preview.get("/notes/draft/").status == preview.get("/notes/later/").status == 200
        assert switch(preview, {**NOW, "drafts": False, "clock": "2026-06-01"}) == (200, {"wrong": ""})
        assert preview.get("/notes/draft/").status == 404
        assert "Unfinished" not in preview.get("/notes/").text
        assert switch(preview, {**NOW, "future": False, "clock": "2026-06-01"})[0] == 200
        assert preview.get("/notes/later/").status == 404
        assert switch(preview, {**NOW, "future": False, "clock": "2026-07-02 10:00"})[0] == 200
        assert preview.get("/notes/later/").status == 200


@pytest.mark.parametrize("to", [{"drafts": 1}, {**NOW, "more": 1}, {**NOW, "clock": "soon"}, {}])
def test_what_is_no_switch_changes_nothing(site: Shop, to: dict[str, object]) -> None:
    with previewing(site.root) as preview:
        assert switch(preview, to)[0] == 400
        assert about(preview, "/")["switches"] == NOW


def test_no_other_site_can_switch(site: Shop) -> None:
    with previewing(site.root) as preview:
        off = {**NOW, "drafts": False}
        assert switch(preview, off, "https://evil.example")[0] == 405
        assert switch(preview, off, "null")[0] == 405
        assert preview.get("/_ccgen/switch", method="POST").status == 405
        assert preview.get("/_ccgen/switch").status == 404
        assert about(preview, "/")["switches"] == NOW


def test_in_a_browser(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page = browser.new_page()
        page.goto(preview.url("/notes/"))
        expect(page.locator("main")).to_contain_text("Unfinished")
        bar = page.locator("ccgen-bar")
        bar.get_by_role("button", name="Preview").click()
        bar.get_by_label("Drafts").uncheck()
        expect(page.locator("main")).not_to_contain_text("Unfinished")
        expect(bar.get_by_label("Drafts")).not_to_be_checked()  # it stays open, and says what is
        bar.get_by_label("As at").fill("2026-05-02T10:00")
        bar.get_by_label("As at").blur()
        bar.get_by_role("button", name="Close").click()
        expect(bar.get_by_role("button", name="Preview")).to_be_focused()


@pytest.mark.parametrize(
    ("clock", "shown"),
    [("2026-06-01", "2026-06-01T00:00"), ("2026-06-01T10:20:30+02:00", "2026-06-01T10:20"), ("", "2026-06-01T00:00")],
)
def test_a_switch_leaves_the_clock_as_it_was_given(site: Shop, browser: Browser, clock: str, shown: str) -> None:
    with previewing(site.root, *(["--clock", clock] if clock else [])) as preview:
        page = browser.new_page()
        page.goto(preview.url("/notes/"))
        bar = page.locator("ccgen-bar")
        bar.get_by_role("button", name="Preview").click()
        expect(bar.get_by_label("As at")).to_have_value(shown)
        bar.get_by_label("As at").focus()
        bar.get_by_label("As at").blur()
        bar.get_by_label("Drafts").uncheck()
        preview.until(lambda: not about(preview, "/")["switches"]["drafts"])
        assert about(preview, "/")["switches"] == {**NOW, "drafts": False, "clock": clock}
        bar.get_by_label("As at").fill("2026-07-02T10:00")
        bar.get_by_label("As at").blur()
        preview.until(lambda: about(preview, "/")["switches"]["clock"] == "2026-07-02 10:00")


def test_a_clock_that_stands_in_the_settings_is_shown(site: Shop, browser: Browser) -> None:
    site.set(clock="2026-06-01 10:20", site={"timezone": "Asia/Tokyo"})
    with previewing(site.root) as preview:
        assert about(preview, "/")["as_at"] == "2026-06-01 10:20"
        page = browser.new_page()
        page.goto(preview.url("/notes/"))
        bar = page.locator("ccgen-bar")
        bar.get_by_role("button", name="as at 2026-06-01 10:20").click()
        expect(bar.get_by_label("As at")).to_have_value("2026-06-01T10:20")
        bar.get_by_label("Drafts").uncheck()
        preview.until(lambda: not about(preview, "/")["switches"]["drafts"])
        assert about(preview, "/")["switches"]["clock"] == ""  # what the settings say is not given as a switch
        site.set(clock=None)
        preview.until(lambda: about(preview, "/")["as_at"] == "")
        expect(bar.get_by_label("As at")).to_have_value("")


def test_an_older_answer_changes_nothing(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page = browser.new_page()
        page.add_init_script(COUNTING)
        with page.expect_response("**/_ccgen/problems*"):
            page.goto(preview.url("/nowhere/"))
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/_ccgen/about*", hold, times=1)
        bar = page.locator("ccgen-bar")
        bar.get_by_role("button", name="Preview").click()
        preview.until(lambda: page.evaluate("1") and held)
        switch(preview, {**NOW, "drafts": False})  # which brings another answer to the same question
        expect(bar.get_by_label("Drafts")).not_to_be_checked()
        held[0].fulfill(json=about(preview, "/nowhere/") | {"switches": NOW, "held": True})
        page.wait_for_function("read")
        expect(bar.get_by_label("Drafts")).not_to_be_checked()


def test_a_switch_says_that_the_preview_has_gone(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page = browser.new_page()
        faults: list[str] = []
        page.on("pageerror", lambda fault: faults.append(str(fault)))
        page.goto(preview.url("/notes/"))
        bar = page.locator("ccgen-bar")
        bar.get_by_role("button", name="Preview").click()
        expect(bar.get_by_label("Drafts")).to_be_checked()
        preview.end()
        bar.get_by_label("Drafts").click()
        expect(bar).to_contain_text("The preview does not answer")
        bar.get_by_role("button", name="Close").click()
        with page.expect_event("requestfailed", lambda asked: "/about" in asked.url):
            bar.get_by_role("button", name="Preview").click()
        page.evaluate("new Promise(requestAnimationFrame)")
        assert faults == []


@pytest.fixture
def lan(site: Shop) -> Iterator[tuple[Preview, str]]:
    try:
        address = in_network()
    except EnvironmentFault:
        pytest.skip("this machine is in no network")
    site.write({"content/notes/a.md": article("::product{nobody}")})
    with previewing(site.root, "--lan") as preview:
        yield preview, f"http://{address}:{preview.port}"


def test_other_machines_see_pages_and_no_files(lan: tuple[Preview, str], site: Shop) -> None:
    preview, address = lan
    assert address in preview.said
    assert qr_code(f"{address}/") in preview.said
    for name in ("problems", "about"):
        with urlopen(f"{address}/_ccgen/{name}?path=/notes/a/") as answer:
            said = answer.read().decode()
        assert "unknown-product" in said
        for secret in ("content", "nobody", "vscode", str(site.root)):
            assert secret not in said
    asked = Request(f"{address}/_ccgen/switch", json.dumps(NOW).encode(), {"Origin": address})
    with pytest.raises(HTTPError, match="403"):
        urlopen(asked)
    asked = Request(f"{address}/", headers={"Host": "evil.example"})
    with pytest.raises(HTTPError, match="403"):
        urlopen(asked)


def test_the_names_of_this_machine_are_its_own() -> None:
    assert names_of("192.0.2.7") == ("192.0.2.7", *names_of("")[1:])
    assert socket.gethostname().lower().removesuffix(".local") in names_of("")
