"""A real browser follows what is saved: the page changes, errors come and go, and nobody loses their place."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Route, expect
from previewing import Preview, previewing
from support import PNG, Shop, ShopMaker, article, review

PLAIN = (Path(__file__).parents[2] / "themes/plain/templates/base.html").read_text(encoding="utf-8")
PAGE = "/notes/a/"
NOTE = "content/notes/a.md"
LONG = "\n\n".join(f"Paragraph {number}." for number in range(200))
FIELDS = (
    '<details><summary>More</summary>Hidden words.</details>\n\n<input name="words"><textarea name="text"></textarea>'
)


@pytest.fixture
def site(shop: ShopMaker) -> Shop:
    return shop(
        {
            NOTE: article("The first text.", title="First"),
            "content/notes/b.md": article("Another text.", title="Second"),
            "themes/own/theme.yaml": "version: 1.0.0\nextends: plain\ncontract: 1\n",
            "themes/own/assets/own.css": "h1 { color: rgb(1, 2, 3) }\n",
        },
    )


def open_page(browser: Browser | BrowserContext, preview: Preview, path: str = PAGE) -> Page:
    page = browser.new_page()
    with page.expect_response(lambda answer: "/_ccgen/problems" in answer.url):  # the preview knows of the tab then
        page.goto(preview.url(path))
    page.evaluate("window.untouched = true")  # what a reload takes away
    return page


def link(site: Shop, *sheets: str) -> None:
    """Have every page of a site link some style sheets, as templates write their addresses."""
    links = "".join(f'<link rel="stylesheet" href="{sheet}">\n' for sheet in sheets)
    site.set(theme="own")
    site.write({"themes/own/templates/base.html": PLAIN.replace("</head>", f"{links}</head>")})


def stripped(text: str) -> str:
    """Return a text whose lines are not set in."""
    return "\n".join(line.strip() for line in text.splitlines())


def reloaded(page: Page) -> bool:
    return not page.evaluate("window.untouched === true")


def test_a_save_shows_where_it_is_shown(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page, other = open_page(browser, preview), open_page(browser, preview, "/notes/b/")
        site.edit(NOTE, "The first text.", "The second text.")
        expect(page.locator("body")).to_contain_text("The second text.")
        assert not reloaded(other)


@pytest.mark.parametrize(
    ("name", "bad", "told"),
    [
        (NOTE, article("::product{nobody}"), "unknown-product"),
        (NOTE, "---\ntitle: [\n---\nText.\n", "yaml"),
        ("content/products/pot.yaml", '{"name": "Pot", "offers": 3}\n', "content/products/pot.yaml"),
        ("ccgen.yaml", "site: [\n", "ccgen.yaml"),
        ("themes/own/theme.yaml", "name: [\n", "themes/own/theme.yaml"),
        ("themes/own/templates/article/note.html", "{% if %}", "themes/own/templates/article/note.html"),
        ("themes/own/templates/article/note.html", "{{ nothing.at_all }}", "themes/own/templates/article/note.html"),
        ("themes/own/directives/product.yaml", "name: [\n", "themes/own/directives/product.yaml"),
    ],
)
def test_what_is_wrong_lies_over_the_last_good_page_until_it_is_mended(
    site: Shop, browser: Browser, name: str, bad: str, told: str
) -> None:
    site.set(theme="own")
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        expect(page.locator("body")).to_contain_text("The first text.")
        file = site.root / name
        good = file.read_bytes() if file.exists() else None
        site.write({name: bad})
        panel = page.locator("ccgen-problems")
        expect(panel).to_contain_text(told)
        expect(page.locator("main")).to_contain_text("The first text.")
        assert panel.locator("li").count() == 1
        what, where, *rest = panel.locator("li pre").all_text_contents()
        place = re.search(rf"{re.escape(name)}:(\d+):(\d+)", where)
        assert place
        assert any(line.startswith("hint:") for one in rest for line in one.splitlines())
        overlay = "\n".join((what, where, *rest))
        preview.until(lambda: stripped(overlay) in stripped(preview.said))  # word for word
        assert panel.locator("li a").get_attribute("href") == f"vscode://file{file}:{place[1]}:{place[2]}"
        file.write_bytes(good) if good is not None else file.unlink()
        expect(panel).to_have_count(0)
        site.edit(NOTE, "The first text.", "The mended text.")
        expect(page.locator("main")).to_contain_text("The mended text.")


def test_a_style_sheet_is_exchanged_without_a_reload(site: Shop, browser: Browser) -> None:
    link(site, "{{ asset('own.css') }}")
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        site.write({"themes/own/assets/own.css": "h1 { color: rgb(4, 5, 6) }\n"})
        expect(page.locator("h1")).to_have_css("color", "rgb(4, 5, 6)")
        assert not reloaded(page)
        site.edit(NOTE, "The first text.", "The second text.")
        expect(page.locator("body")).to_contain_text("The second text.")


def test_a_sheet_that_another_imports_is_loaded_again_with_the_page(site: Shop, browser: Browser) -> None:
    link(site, "/a.css")
    site.write({"static/a.css": "@import 'b.css';", "static/b.css": "h1 { color: rgb(1, 2, 3) }"})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        site.write({"static/b.css": "h1 { color: rgb(4, 5, 6) }"})
        expect(page.locator("h1")).to_have_css("color", "rgb(4, 5, 6)")


def test_a_picture_is_exchanged_without_a_reload(site: Shop, browser: Browser) -> None:
    site.write({"static/dot.png": PNG, NOTE: article("![A dot](/dot.png)")})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        address = "document.querySelector('main img').currentSrc"
        before = page.evaluate(address)
        site.write({"static/dot.png": PNG + b"\0"})
        page.wait_for_function(f"{address} !== {before!r}")
        assert not reloaded(page)


@pytest.mark.parametrize(
    "shown",
    [
        '<video poster="/dot.png"></video>',
        '<svg><image href="/dot.png"/></svg>',
        '<input type="image" alt="A dot" src="/dot.png">',
    ],
)
def test_a_picture_that_cannot_be_exchanged_is_loaded_again_with_the_page(
    site: Shop, browser: Browser, shown: str
) -> None:
    site.write({"static/dot.png": PNG, NOTE: article(shown)})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        with page.expect_request("**/dot.png"):
            site.write({"static/dot.png": PNG + b"\0"})
        page.wait_for_function("window.untouched === undefined")


def test_a_picture_that_a_page_only_leads_to_changes_nothing_of_it(site: Shop, browser: Browser) -> None:
    site.write({"static/dot.png": PNG, "static/big.png": PNG, NOTE: article("[![A dot](/dot.png)](/big.png)")})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        for name in ("big", "dot"):  # the one after the other: what the first made of the page is done then
            site.write({f"static/{name}.png": PNG + b"\0"})
        expect(page.locator("img[src*='preview=']")).to_have_count(1)
        assert not reloaded(page)


@pytest.mark.parametrize("sheet", ["/a.css", "{{ asset('own.css') }}"])
def test_a_sheet_that_changes_before_it_has_come_is_there_once(site: Shop, browser: Browser, sheet: str) -> None:
    link(site, sheet)
    colour = "h1 {{ color: rgb(1, 2, {}) }}".format
    name = "static/a.css" if sheet == "/a.css" else "themes/own/assets/own.css"
    site.write({name: colour(0)})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        page.route("**/*.css*", hold)
        for count in (1, 2, 3):
            site.write({name: colour(count)})
            preview.until(lambda: page.evaluate("1") and len(held) == count)  # noqa: B023
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 0)")  # never without any
        for route in reversed(held):
            with suppress(Error):  # that of a link which was taken away
                route.continue_()
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        expect(page.locator("link[rel=stylesheet][href*='preview='], link[href*='own']")).to_have_count(1)
        assert not reloaded(page)


def test_a_sheet_that_does_not_come_leaves_the_one_before(site: Shop, browser: Browser) -> None:
    link(site, "/a.css")
    site.write({"static/a.css": "h1 { color: rgb(1, 2, 3) }", "static/dot.png": PNG, NOTE: article("![](/dot.png)")})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        page.route("**/a.css*", lambda route: route.abort())
        with page.expect_event("requestfailed"):
            site.write({"static/a.css": "h1 { color: rgb(4, 5, 6) }"})
        expect(page.locator("link[href^='/a.css']")).to_have_count(1)
        expect(page.locator("h1")).to_have_css("color", "rgb(1, 2, 3)")
        page.unroute("**/a.css*")
        site.write({"static/dot.png": PNG + b"\0"})  # the next that is heard of the site
        expect(page.locator("h1")).to_have_css("color", "rgb(4, 5, 6)")


def test_a_picture_that_only_a_style_names_is_exchanged_without_a_reload(site: Shop, browser: Browser) -> None:
    link(site, "/css/a.css", "{{ asset('own.css') }}")
    site.write(
        {
            "themes/own/assets/own.css": "h1 { background: url('/i/asset.png') }\n",
            "static/css/a.css": "@import 'b.css'; /* url(/i/no.png) */ main { background: url(../i/sheet%20a.png) }",
            "static/css/b.css": "@media screen { body { background-image: url('/i/import.png'), none } }",
            NOTE: article('<p id="own" style="background: no-repeat url(/i/inline.png)">Text.</p>'),
            **{f"static/i/{name}.png": PNG for name in ("asset", "sheet a", "import", "inline", "no")},
        }
    )
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for name in ("asset", "sheet%20a", "import", "inline"):
            for more in (b"\0", b"\0\0"):
                asked.clear()
                site.write({f"static/i/{name.replace('%20', ' ')}.png": PNG + more})
                preview.until(lambda: page.evaluate("1") and any(f"/i/{name}.png?preview=" in one for one in asked))  # noqa: B023
        assert not reloaded(page)
        asked.clear()
        site.write({"static/i/no.png": PNG + b"\0"})
        site.edit(NOTE, "Text.", "Other text.")
        expect(page.locator("main")).to_contain_text("Other text.")
        assert not any("preview=" in one for one in asked)


def test_a_font_that_only_a_style_sheet_names_is_loaded_again_with_the_page(site: Shop, browser: Browser) -> None:
    link(site, "/a.css")
    site.write(
        {
            "static/a.css": "@font-face { font-family: own; src: url(f/own.woff2) } body { font-family: own }",
            "static/f/own.woff2": b"wOF2",
        }
    )
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        with page.expect_request("**/f/own.woff2"):
            site.write({"static/f/own.woff2": b"wOF2 and more"})
        page.wait_for_function("window.untouched === undefined")


def test_a_reload_keeps_the_place_what_is_open_and_what_was_typed(site: Shop, browser: Browser) -> None:
    site.write({NOTE: article(f"{FIELDS}\n\n{LONG}\n\nThe first text.")})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        page.locator("main details").first.evaluate("one => { one.open = true }")
        page.fill("main input", "typed")
        page.fill("main textarea", "typed too")
        page.evaluate("scrollTo(0, 2000)")
        site.edit(NOTE, "The first text.", "The second text.")
        expect(page.locator("body")).to_contain_text("The second text.")
        page.wait_for_function("scrollY === 2000")
        assert page.locator("main details").first.evaluate("one => one.open")
        assert page.input_value("main input") == "typed"
        assert page.input_value("main textarea") == "typed too"


def test_of_ten_tabs_those_reload_that_show_it(site: Shop, browser: Browser) -> None:
    site.write(
        {f"content/notes/n{number}.md": article(f"Note {number}.", title=f"Note {number}") for number in range(9)}
    )
    with previewing(site.root) as preview:
        pages = [open_page(browser, preview, f"/notes/n{number}/") for number in range(9)]
        home = open_page(browser, preview, "/notes/")
        site.edit("content/notes/n3.md", "Note 3.", "Another text.")
        expect(pages[3].locator("body")).to_contain_text("Another text.")
        site.edit("content/notes/n4.md", '"Note 4"', '"Another title"')
        expect(pages[4].locator("h1")).to_have_text("Another title")
        expect(home.locator("body")).to_contain_text("Another title")
        pages[5].wait_for_function("window.untouched === undefined")  # n5 names its neighbour n4
        assert not any(map(reloaded, pages[6:]))
        assert [reloaded(page) for page in pages[:3]] == [False, False, False]


def test_of_ten_tabs_of_one_window_those_reload_that_show_it(site: Shop, browser: Browser) -> None:
    notes = [f"/notes/n{number}/" for number in range(9)]
    site.write({f"content{path[:-1]}.md": article(f"This is {path}.", title=f"Note {path}") for path in notes})
    with previewing(site.root) as preview, closing(browser.new_context()) as window:
        pages = [open_page(window, preview, path) for path in (*notes, "/notes/")]  # which share a worker
        for again in ("once", "twice"):
            site.edit("content/notes/n3.md", "This is", f"Here is {again}. This is")
            expect(pages[3].locator("main")).to_contain_text(f"Here is {again}.")
            shows = [again in preview.get(path).text for path in (*notes, "/notes/")]
            assert sum(shows) < 3
            for page, does in zip(pages, shows, strict=True):
                if does:
                    page.wait_for_function("window.untouched === undefined")
                assert reloaded(page) == does
                page.evaluate("window.untouched = true")


def test_pages_come_back_to_a_server_that_was_killed(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as first:
        page = open_page(browser, first)
        first.process.kill()
        first.process.wait()
        site.edit(NOTE, "The first text.", "Written meanwhile.")
        with previewing(site.root, port=first.port) as again:
            assert again.port == first.port
            expect(page.locator("body")).to_contain_text("Written meanwhile.")
            site.edit(NOTE, "Written meanwhile.", "Written after it.")
            expect(page.locator("body")).to_contain_text("Written after it.")


def test_a_page_that_is_not_there_yet_comes_when_it_is_written(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page = open_page(browser, preview, "/notes/new/")
        expect(page.locator("h1")).not_to_have_text("New")
        site.write({"content/notes/new.md": article("Words.", title="New", draft=True)})
        expect(page.locator("h1")).to_have_text("New")
        expect(page.locator(".preview")).to_contain_text("Draft")
        site.write({"content/notes/new.md": None})
        expect(page.locator("h1")).not_to_have_text("New")


def test_links_to_what_readers_do_not_see_yet_say_so(site: Shop, browser: Browser) -> None:
    draft, later, to_draft = "content/notes/draft.md", "content/notes/later.md", "a[href='/notes/draft/']"
    site.write({draft: article("Words.", title="New", draft=True), later: article(title="Later", date="2027-01-01")})
    said = "one => getComputedStyle(one, '::after').content"
    with previewing(site.root) as preview:
        page, own = open_page(browser, preview, "/notes/"), open_page(browser, preview, "/notes/draft/")
        expect(page.locator("[data-ccgen-preview]")).to_have_count(2)
        assert page.locator(to_draft).first.evaluate(said) == '"Draft"'
        assert page.locator("a[href='/notes/later/']").first.evaluate(said) == '"Scheduled"'
        expect(own.locator(f"{to_draft}[data-ccgen-preview]")).to_have_count(0)
        assert b"ccgen-preview" not in preview.get("/notes/").body
        site.edit(draft, "draft: true\n", "")  # which changes nothing else of the list
        expect(page.locator("[data-ccgen-preview]")).to_have_count(1)
        assert not reloaded(page)


def test_a_draft_that_lacks_something_keeps_nobody_from_writing(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page, home = open_page(browser, preview, "/reviews/pot/"), open_page(browser, preview)
        site.write({"content/reviews/pot.md": article("Text.", title="New", draft=True)})  # a review of nothing
        panel, mark = page.locator("ccgen-problems"), home.locator("ccgen-problems")
        expect(panel.locator(".panel")).to_contain_text("in drafts, which a build leaves out")
        expect(panel).to_contain_text("content/reviews/pot.md")
        expect(mark.locator(".badge")).to_be_visible()
        site.edit(NOTE, "The first text.", "The second text.")
        expect(home.locator("main")).to_contain_text("The second text.")
        site.write({"content/reviews/pot.md": review("Text.", title="Whole", draft=True)})
        expect(page.locator("h1")).to_have_text("Whole")
        expect(mark).to_have_count(0)
        site.write({"content/products/pot.yaml": '{"name": "Pot", "offers": 3}\n'})  # and that a build does stop at
        expect(mark).to_contain_text("this site cannot be built")


def test_all_of_it_can_be_used_by_keyboard(site: Shop, browser: Browser) -> None:
    site.write({NOTE: article("::product{nobody}\n\n[b](b.md)")})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        panel, bar = page.locator("ccgen-problems .panel"), page.locator("ccgen-bar")
        expect(panel).to_be_visible()
        panel.get_by_role("button").focus()
        page.keyboard.press("Tab")
        expect(panel.get_by_role("button")).not_to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator("ccgen-problems .badge")).to_be_focused()
        page.keyboard.press("Enter")
        expect(panel).to_be_visible()
        page.keyboard.press("Escape")
        bar.get_by_role("button", name="Preview").focus()
        page.keyboard.press("Enter")
        expect(bar.get_by_label("Drafts")).to_be_checked()
        for _ in range(3):
            page.keyboard.press("Tab")
            if bar.get_by_label("Drafts").evaluate("one => one.matches(':focus')"):
                break
        page.keyboard.press("Space")
        expect(bar.get_by_label("Drafts")).not_to_be_checked()


def test_what_is_wrong_as_before_is_left_as_it_is(site: Shop, browser: Browser) -> None:
    site.set(theme="own")
    site.write({"themes/own/templates/article/note.html": "{{ nothing.at_all }}", "content/notes/b.md": None})
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        page.locator("ccgen-problems").get_by_role("button").focus()
        with page.expect_response("**/_ccgen/problems*"):
            site.write({"content/reviews/draft.md": review(title="New", draft=True)})  # links to which are marked
        with page.expect_response("**/_ccgen/problems*"):
            site.write({"content/reviews/draft.md": None})
        expect(page.locator("ccgen-problems").get_by_role("button")).to_be_focused()


def test_a_page_follows_though_its_stream_could_not_be_had_at_once(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview, closing(browser.new_context()) as context:
        context.route("**/stream.js", lambda route: route.abort(), times=1)
        page = context.new_page()
        with page.expect_response("**/_ccgen/problems*"):
            page.goto(preview.url(PAGE))
        site.edit(NOTE, "The first text.", "The second text.")
        expect(page.locator("body")).to_contain_text("The second text.")


def test_a_page_says_that_the_preview_has_ended(site: Shop, browser: Browser) -> None:
    with previewing(site.root) as preview:
        page = open_page(browser, preview)
        assert preview.end() == 130
        expect(page.locator("ccgen-ended")).to_contain_text("The preview has ended")
        with previewing(site.root, port=preview.port):
            expect(page.locator("ccgen-ended")).to_have_count(0)
