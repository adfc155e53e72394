"""What is meant to break a build, a page or the machine is an error that says where (reliability.md 6.4 to 6.6)."""

from __future__ import annotations

import os

import pytest
from support import ShopMaker, article, run

THEME = {"themes/my/theme.yaml": {"version": "1.0", "extends": "plain"}}


@pytest.mark.parametrize(
    "alias", ["/.git/hooks/", "/.git/HEAD.html", "/.htaccess/", "/_headers/", "/*", "/a:b/", "/a?b/"]
)
def test_an_alias_is_never_a_file_of_the_host(shop: ShopMaker, alias: str) -> None:
    site = shop({"content/notes/a.md": article(aliases=[alias])})
    git = site.output / ".git"
    git.mkdir(parents=True)
    assert site.fails().keys() & {"bad-url", "bad-alias"}
    assert not list(git.iterdir())


@pytest.mark.parametrize("url", ["https://[::1/", "https:evil", "http:///x", "https://", "https://x.example:99999/"])
def test_an_address_without_a_host_is_an_error_at_its_place(shop: ShopMaker, url: str) -> None:
    site = shop({"content/notes/a.md": article(f"Go [there]({url}).")})
    problems = [one for several in site.fails().values() for one in several]
    assert [site.place(one) for one in problems] == ["content/notes/a.md:5:12"]


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00+14:00", "9999-12-31 23:59-14:00"])
def test_dates_at_the_edge_of_the_calendar_are_no_fault_of_ours(shop: ShopMaker, date: str) -> None:
    assert "bad-date" in shop({"content/notes/a.md": article(date=date)}).fails()


def test_a_pipe_in_place_of_the_settings_does_not_hang(shop: ShopMaker) -> None:
    site = shop({})
    (site.root / "ccgen.yaml").unlink()
    os.mkfifo(site.root / "ccgen.yaml")
    assert run("check", "-s", site.root).code == 2


@pytest.mark.parametrize(
    ("template", "code"),
    [
        ("{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}", "page-too-slow"),
        ("{{ 'a' * 10**10 }}", "template-error"),
        ("{{ 'a'|center(10**10) }}", "template-error"),
        ("{{ 'a\\nb'|indent(10**10) }}", "template-error"),
        ("{{ 7 ** 10**9 }}", "template-error"),
        ("{{ '\\ud800' }}", "foreign-character"),
        ("{{ '\\ufdd0' }}", "foreign-character"),
        ("{{ '\\x00' }}", "foreign-character"),
        ("{% if 1 %}" * 500 + "{% endif %}" * 500, "template-error"),
        ("{{ site }}", "template-error"),
        ("{{ _scope }}", "template-error"),
        ("{{ [1, 2]|random }}", "template-error"),
    ],
)
def test_a_template_cannot_hang_fill_the_memory_or_spoil_a_page(shop: ShopMaker, template: str, code: str) -> None:
    files = {**THEME, "themes/my/templates/404.html": template}
    site = shop(files, settings={"theme": "my", "limits": {"drawing_seconds": 1}})
    assert code in site.fails()


def test_marks_in_the_name_of_a_file_reach_no_output(shop: ShopMaker) -> None:
    site = shop({"content/notes/a\ufdd00\ufdd1.md": article("::product{pot}")})
    try:
        site.build()
    except AssertionError:
        return
    assert not site.holding("\ufdd0", "\ufdd1")


@pytest.mark.parametrize("chars", ["z-a", "", "[]^-\\"])
def test_the_characters_of_a_sub_id_are_checked_where_they_are_written(shop: ShopMaker, chars: str) -> None:
    merchant = {
        "name": "Far",
        "role": "affiliate",
        "url": "https://far.example/",
        "link": "https://go.example/?u={url}&s={sub}",
        "sub_id": {"max": 20, "chars": chars},
    }
    problems = [one for several in shop({"content/merchants/far.yaml": merchant}).fails().values() for one in several]
    assert {one.at.path for one in problems} == {"content/merchants/far.yaml"}


@pytest.mark.parametrize("link", ["javascript:{url}", "https://go.example/", "https://go.example/?u={url}&s={subid}"])
def test_a_link_that_leads_nowhere_or_earns_nothing_is_refused(shop: ShopMaker, link: str) -> None:
    merchant = {"name": "Far", "role": "affiliate", "url": "https://far.example/", "link": link}
    assert "bad-link" in shop({"content/merchants/far.yaml": merchant}).fails()


@pytest.mark.parametrize("state", ["content", "themes", "."])
def test_the_state_is_never_among_the_sources(shop: ShopMaker, state: str) -> None:
    site = shop({})
    ran = run("build", "-s", site.root, "--state", site.root / state)
    assert ran.code == 2
    assert "unsafe-output" in ran.err
    assert run("check", "-s", site.root).code == 0


def test_thousands_of_problems_in_one_file_are_told_soon(shop: ShopMaker) -> None:
    site = shop({})
    site.write({"content/products/many.yaml": "name: a\n" * 20_000})
    ran = run("check", "-s", site.root)
    assert ran.code == 1
    assert "more" in ran.err


@pytest.mark.parametrize("name", ["os", "../x", "no_such_thing"])
def test_a_bad_extension_is_told_once_in_the_settings(shop: ShopMaker, name: str) -> None:
    files = {f"content/notes/n{number}.md": article("Text.") for number in range(3)}
    found = shop(files, settings={"markdown": {"extensions": ["smarty", name]}}).fails()
    assert {code: [one.at.field for one in several] for code, several in found.items()} == {
        "bad-extension": ["markdown.extensions[1]"]
    }
