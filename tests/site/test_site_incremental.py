"""What a build renders and writes: what changed, and what shows it, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from support import Shop, ShopMaker, article, review

from ccgen.model.page import Page
from ccgen.pipeline.drawing import Desk

FEEDS = {"feed.xml", "feed.json"}


def pages(*urls: str) -> set[str]:
    return {f"{url.strip('/')}/index.html".lstrip("/") for url in urls}


def feeds(*folders: str) -> set[str]:
    return {f"{folder.strip('/')}/{name}".lstrip("/") for folder in folders for name in FEEDS}


def building(shop: ShopMaker) -> Shop:
    site = shop(
        {
            "content/makers/mei.yaml": {"name": "Mei"},
            "content/products/pot.yaml": {
                "name": "Pot",
                "line": "A pot.",
                "maker": "mei",
                "offers": [{"url": "https://far.example/pot", "price": "9.00", "checked": "2026-05-31"}],
            },
            "content/products/pan.yaml": {"name": "Pan", "offers": ["https://far.example/pan"]},
            "content/notes/one.md": article("One.\n\n::product{pot}\n", title="One", date="2026-05-01", summary="S1"),
            "content/notes/two.md": article("Two, :price{pot}.", title="Two", date="2026-05-02", summary="S2"),
            "content/stories/three.md": article(
                "Three, :product[it]{pot}.", title="Three", date="2026-05-03", summary="S3"
            ),
            "content/stories/four.md": article("Four.", title="Four", date="2026-05-04", summary="S4"),
            "content/pages/about.md": article(title="About", date=None),
        },
        settings={"menu": ["notes/"]},
    )
    return site.build()


def test_a_second_build_renders_and_writes_nothing(shop: ShopMaker) -> None:
    site = building(shop)
    before = {path: path.stat().st_mtime_ns for path in site.output.rglob("*")}
    assert len(site.rendered) == len(site.outputs())
    site.build()
    assert site.rendered == site.written == set()
    assert {path: path.stat().st_mtime_ns for path in site.output.rglob("*")} == before


EDITS: dict[str, tuple[dict[str, Any], set[str]]] = {
    "an article's text": (
        {"content/notes/one.md": ("One.", "One, changed.")},
        pages("notes/one") | feeds("", "notes", "people/ada"),
    ),
    "an article's title": (
        {"content/notes/one.md": ('One"\ndate', 'First"\ndate')},
        # itself, lists and feeds, its neighbour, what is related to it, the product that it mentions
        pages("", "notes", "notes/one", "notes/two", "stories/three", "people/ada", "products/pot")
        | feeds("", "notes", "people/ada"),
    ),
    "an article's date": (
        {"content/stories/four.md": ("2026-05-04", "2026-05-05")},
        # its neighbour shows its title, which stands with the date: drawn again, and the same
        pages("", "stories", "stories/four", "stories/three", "people/ada")
        | feeds("", "stories", "people/ada")
        | {"sitemap.xml"},
    ),
    "a price": (
        {"content/products/pot.yaml": ("9.00", "8.00")},
        pages("notes/one", "notes/two", "products/pot", "makers/mei"),
    ),
    "a price that is seen again": (
        {"content/products/pot.yaml": ("2026-05-31", "2026-06-01")},
        pages("notes/one", "notes/two", "products/pot", "makers/mei"),
    ),
    "a product's detail": (
        {"content/products/pot.yaml": ('"line"', '"not_for": "Hikers.",\n "line"')},
        pages("products/pot"),
    ),
    "a merchant's name": (
        {"content/merchants/far.yaml": ("Far Shop", "Near Shop")},
        pages("notes/one", "notes/two", "products/pot", "products/pan", "makers/mei"),
    ),
    "a menu's label": (
        {"ccgen.yaml": ('"notes/"', '{"to": "notes/", "label": "All notes"}')},
        {"EVERY PAGE"},
    ),
    "a person's bio": ({"content/people/ada.yaml": ('"Ada"', '"Ada", "bio": "Writes."')}, pages("people/ada")),
    "nothing but spaces in a record": ({"content/products/pan.yaml": ('"Pan"', ' "Pan"')}, set()),
    "a file's time": ({"content/products/pan.yaml": ("Pan", "Pan")}, set()),
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_renders_exactly_what_shows_it(shop: ShopMaker, edit: str) -> None:
    changes, wanted = EDITS[edit]
    site = building(shop)
    for path, (old, new) in changes.items():
        site.edit(path, old, new)
    before = site.outputs()
    site.build()
    if wanted == {"EVERY PAGE"}:
        wanted = {path for path in site.outputs() if path.endswith(".html")}
    assert site.rendered == wanted
    after = site.outputs()
    assert site.written == {path for path in after if before.get(path) != after[path]}
    site.build()
    assert site.rendered == set()


def test_a_new_article_renders_what_lists_it(shop: ShopMaker) -> None:
    site = building(shop)
    site.write({"content/stories/five.md": article("Five.", title="Five", date="2026-05-05", summary="S5")}).build()
    assert site.rendered == (
        pages("", "stories", "stories/five", "stories/four", "people/ada")
        | feeds("", "stories", "people/ada")
        | {"sitemap.xml"}
    )


def test_a_new_picture_is_copied_alone(shop: ShopMaker) -> None:
    site = building(shop)
    site.write({"static/a.txt": "a"}).build()
    assert site.rendered == {"a.txt"}
    site.write({"static/a.txt": "b"}).build()
    assert site.written == {"a.txt"}
    assert site.text("/a.txt") == "b"


def test_time_renders_only_what_it_changes(shop: ShopMaker) -> None:
    site = building(shop)
    site.build(clock="2026-06-05")
    assert site.rendered == set()
    site.build(clock="2026-06-07")  # the price is no longer fresh
    assert site.rendered == pages("notes/one", "notes/two", "products/pot", "makers/mei")


def test_what_was_edited_or_lost_in_the_output_is_made_again(shop: ShopMaker) -> None:
    site = building(shop)
    before = site.outputs()
    site.file("/notes/one/").write_text("mine", encoding="utf-8")
    site.file("/notes/two/").unlink()
    site.build()
    assert site.outputs() == before
    assert site.rendered == pages("notes/one", "notes/two")


def test_what_goes_is_removed_and_its_folder_too(shop: ShopMaker) -> None:
    site = building(shop)
    (site.output / "mine.txt").write_text("mine")
    site.write({"content/stories/three.md": None, "content/stories/four.md": None}).build()
    assert not (site.output / "stories").exists()
    assert site.text("/mine.txt") == "mine"


def test_a_failed_build_changes_nothing(shop: ShopMaker) -> None:
    site = building(shop)
    before = site.outputs()
    site.edit("content/notes/one.md", "One.", "Two. [x](gone.md)")
    site.write({"content/notes/six.md": article(title="Six")})
    site.fails()
    assert site.outputs() == before


def test_a_flag_that_changes_bytes_is_a_run_of_its_own(shop: ShopMaker) -> None:
    site = building(shop)
    site.write({"content/notes/draft.md": article(title="Draft", draft=True)}).build(drafts=True)
    assert site.has("/notes/draft/")
    site.build()
    assert not site.has("/notes/draft/")
    site.build(base_url="https://example.org/x/")
    assert "/x/notes/" in site.text("/")
    site.build()
    assert "/x/notes/" not in site.text("/")


def test_check_says_what_a_build_would_and_writes_nothing(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": review("[x](#gone)\n"), "static/.env": "x"}).write(
        {"content/notes/a.md": article("[x](#gone)\n")}
    )
    found = {problem.code for problem in site.check()}
    assert found == {"broken-anchor", "private-file"}
    assert {problem.code for several in site.fails().values() for problem in several} == found
    assert not site.output.exists()


def drawn(site: Shop, order: int) -> dict[str, tuple[bytes, frozenset[str]]]:
    """Draw every route by one renderer, forwards or backwards; return bytes and reads by name."""
    project = site.project()
    numbers: dict[str, int] = {}
    names: dict[int, str] = {}

    def number(owner: str) -> int:
        found = numbers.setdefault(owner, len(numbers))
        names[found] = owner
        return found

    renderer = Desk(project.site(number)).renderer
    result = {}
    for route in project.plan.routes[::order]:
        page = renderer.render(route)
        assert isinstance(page, Page)
        data = page.data if page.data is not None else page.digest
        result[route.path] = (data, frozenset(f"{names[key // 16]} {key % 16}" for key in page.reads))
        assert renderer.render(route) == page, f"{route.path} drawn twice notes something else"
    return result


def test_the_order_of_drawing_changes_no_byte_and_no_note(shop: ShopMaker) -> None:
    site = building(shop)
    site.write(
        {
            "content/reviews/r.md": review(
                "::evidence\n\n::product\n\n:::note[N]\n::product{pan}\n:::\n", evidence={"obtained": "gift"}
            ),
            "content/guides/g.md": article("::picks", picks=[{"product": "pot"}], tags=["T"], series="S"),
        }
    )
    forwards, backwards = drawn(site, 1), drawn(site, -1)
    assert forwards.keys() == backwards.keys()
    for path, made in forwards.items():
        assert made == backwards[path], path
    assert "template:home.html 0" in forwards["index.html"][1]


OLD, NEW = "content/notes/one.md", "content/notes/two.md"
OTHERS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "the alias of another article": (
        {OLD: article("One.", title="One", aliases=["/old/"])},
        {OLD: article("One.", title="One"), NEW: article("Two.", title="Two", aliases=["/old/"])},
    ),
    "an article instead of an alias": (
        {OLD: article("One.", title="One", aliases=["/notes/two/"])},
        {OLD: article("One.", title="One"), NEW: article("Two.", title="Two")},
    ),
    "a file instead of an alias": (
        {OLD: article("One.", title="One", aliases=["/old/"])},
        {OLD: article("One.", title="One"), "static/old/index.html": "mine"},
    ),
    "a file instead of what is made": ({OLD: article("One.", title="One")}, {"static/robots.txt": "User-agent: *\n"}),
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_page_at_an_address_is_built_though_what_was_there_has_not_changed(shop: ShopMaker, name: str) -> None:
    first, second = OTHERS[name]
    site, clean = shop(first).build(), shop({**first, **second}, name="clean").build()
    assert site.write(second).build().outputs() == clean.outputs()
    undone = {path: first.get(path) for path in second}
    assert site.write(undone).build().outputs() == shop(first, name="undone").build().outputs()
