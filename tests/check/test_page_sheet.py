"""What of a page a reader sees, where it leads, and how much work it is to find out what stands beside its links."""

from __future__ import annotations

from typing import Any

import pytest

from ccgen.check.page_beside import Beside
from ccgen.check.page_sheet import Sheet
from ccgen.check.page_tokens import Tokens

WORDS = "Somebody pays us."


FRAME = "<!doctype html><html><head><title>T</title></head><body><p>Before.</p>{}<p>After.</p></body></html>"
BARE = "<!doctype html><title>T</title><body><p>Before.</p>{}<p>After.</p>"
PART = "<p>Before.</p>{}<p>After.</p>"


def sheet(html: str, around: str = FRAME) -> Sheet:
    return Sheet(around.format(html).encode())


@pytest.fixture(params=[FRAME, BARE, PART], ids=["plain", "parsed", "part"])
def around(request: pytest.FixtureRequest) -> str:
    """A page that may be read without a parser, if what is in it may, one that may not, and a part of one."""
    return str(request.param)


@pytest.mark.parametrize(
    "html",
    [
        f"<!-- {WORDS} -->",
        f"<p hidden>{WORDS}</p>",
        f"<p hidden=until-found>{WORDS}</p>",
        f"<p popover>{WORDS}</p>",
        f"<div style='height:0'><p>{WORDS}</p></div>",
        f"<TEMPLATE><p>{WORDS}</p></TEMPLATE>",
        f"<noscript>{WORDS}</noscript>",
        f"<noframes>{WORDS}</noframes>",
        f"<noembed>{WORDS}</noembed>",
        f"<iframe>{WORDS}</iframe>",
        f"<object>{WORDS}</object>",
        f"<canvas>{WORDS}</canvas>",
        f"<video>{WORDS}</video>",
        f"<audio>{WORDS}</audio>",
        f"<datalist><option>{WORDS}</option></datalist>",
        f"<dialog>{WORDS}</dialog>",
        f"<ruby>x<rp>{WORDS}</rp></ruby>",
        f"<style>/* {WORDS} */</style>",
        f"<script>// {WORDS}</script>",
        f"<svg><title>{WORDS}</title></svg>",
        f"<svg><g><desc>{WORDS}</desc></g></svg>",
        f"<svg><metadata>{WORDS}</metadata></svg>",
        f'<p title="{WORDS}"></p>',
    ],
)
def test_what_no_reader_sees(html: str, around: str) -> None:
    page = sheet(html, around)
    assert WORDS not in page.text
    assert WORDS not in page.open_text
    assert "Before." in page.text
    assert "After." in page.open_text


@pytest.mark.parametrize(
    "html",
    [
        f"<p>{WORDS}</p>",
        f"<dialog open>{WORDS}</dialog>",
        f"<details open><summary>x</summary>{WORDS}</details>",
        f"<details><summary>{WORDS}</summary>x</details>",
        f"<svg><text>{WORDS}</text></svg>",
        f"<p style='color:red'>{WORDS}</p>",
        f"<p aria-hidden=false>{WORDS}</p>",
    ],
)
def test_what_every_reader_sees(html: str, around: str) -> None:
    page = sheet(html, around)
    assert WORDS in page.text
    assert WORDS in page.open_text


@pytest.mark.parametrize(
    "html",
    [
        f"<a href='/'>{WORDS}</a>",
        f"<details><summary>x</summary>{WORDS}</details>",
        f"<details>{WORDS}</details>",
        f"<details><summary>x</summary><details open>{WORDS}</details></details>",
        f"<details>x<details>y<details><summary>{WORDS}</summary></details></details></details>",
        f"<p aria-hidden=true>{WORDS}</p>",
        f"<p inert>{WORDS}</p>",
    ],
)
def test_what_some_readers_do_not_find(html: str, around: str) -> None:
    page = sheet(html, around)
    assert WORDS in page.text
    assert WORDS not in page.open_text


X = "https://x.example/a?b=1"


@pytest.mark.parametrize(
    ("html", "ways"),
    [
        (f'<a href="{X}">x</a>', [("link", X)]),
        (f'<map><area href="{X}"></map>', [("link", X)]),
        (f'<svg><a xlink:href="{X}"><text>x</text></a></svg>', [("link", X)]),
        (f'<FORM ACTION="{X}"></FORM>', [("form", X)]),
        (f'<form method=post action="{X}"><input type=hidden name=c value=2></form>', [("form", X)]),
        (f'<form action="{X}"><input type=hidden name=c value="2 3"></form>', [("form", "https://x.example/a?c=2+3")]),
        (f'<form method=dialog action="{X}"></form>', []),
        (f'<form><p><button formaction="{X}">x</button></form>', [("form", X)]),
        (f'<input type=submit formaction="{X}">', [("form", X)]),
        (f'<form method=post><button formmethod=dialog formaction="{X}">x</button></form>', []),
        (f'<meta http-equiv="Refresh" content="0; URL=\'{X}\'">', [("page", X)]),
        (f'<meta http-equiv=refresh content="5,{X}">', [("page", X)]),
        ('<meta http-equiv=refresh content="300">', []),
        (f"<button onclick=\"location='{X}'\">x</button>", [("script", X)]),
        (f"<p onclick='window.open( `{X}`)'>x</p>", [("script", X)]),
        (f"<a href='#x' onmousedown=\"this.href='{X}'\">x</a>", [("link", "#x"), ("script", X)]),
        (f"<a href=\"JavaScript:location.assign('{X}')\">x</a>", [("link", f"JavaScript:location.assign('{X}')"), ("script", X)]),
        (f"<button onclick=\"log('{X}')\">x</button>", []),
        ('<button onclick="location.reload()">x</button>', []),
    ],
)  # fmt: skip
def test_where_a_page_leads(html: str, ways: list[tuple[str, str]], around: str) -> None:
    assert [(one.by, one.href) for one in sheet(html, around).anchors] == ways


def test_a_buttons_rel_is_its_forms() -> None:
    (one,) = sheet(f'<form rel="sponsored"><button rel="x" formaction="{X}">x</button></form>').anchors
    assert one.rel == {"sponsored"}
    (one,) = sheet(f"<button rel=sponsored onclick=\"location='{X}'\">x</button>").anchors
    assert not one.rel
    _, one = sheet(f"<a href='#x' rel=sponsored onclick=\"location='{X}'\">x</a>").anchors
    assert one.rel == {"sponsored"}


# --- what stands beside a link ---


class Counted(list[Any]):
    """Tags, or texts, that count how many of them, or of their letters, are asked for."""

    asked = 0

    def __getitem__(self, place: Any) -> Any:
        found = super().__getitem__(place)
        self.asked += sum(map(len, found)) if isinstance(place, slice) else 1
        return found


def beside(html: str) -> tuple[list[str], dict[str, int]]:
    """Return what stands beside each link, and what was asked to find it."""
    page = sheet(html)
    tags, texts = Counted(page.tokens.tags), Counted(page.tokens.texts)
    page.tokens = Tokens(tags, texts)
    links = [one.number for one in page.anchors]
    around = Beside(page, links)
    found = [" ".join(list(around.texts(link))[-1].split()) for link in links]
    return found, {"letters": texts.asked, "steps": tags.asked}


ROWS = {
    "apart": "<li><p>Words and words.</p> <a href=x>x</a> <small>Ad</small></li>",
    "in a row": "<a href=x>x</a> <small>Ad</small> ",
    "bare texts": "<a href=x>x</a> Ad. ",
    "in boxes": "<div><div><div><a href=x>x</a></div> <small>Ad</small></div></div>",
    "long texts between": "<p><a href=x>x</a> Ad</p><p>" + "Words. " * 100 + "</p>",
}


@pytest.mark.parametrize("row", ROWS.values(), ids=ROWS)
def test_the_work_grows_as_the_page_does(row: str) -> None:
    texts, few = beside(f"<main><ul>{row * 200}</ul></main>")
    assert all("Ad" in text for text in texts)
    _, many = beside(f"<main><ul>{row * 2000}</ul></main>")
    for what, number in many.items():
        assert number <= few[what] * 10.5, what
    assert many["letters"] <= 12 * len(row) * 2000


def test_a_box_with_one_link_alone_is_looked_at_once_however_deep() -> None:
    inner = "<a href=x>x</a> <small>Ad</small>"
    texts, count = beside("<div>" * 30 + inner + "</div>" * 30 + "<p><a href=y>y</a></p>")
    assert texts == ["x Ad", "y"]
    assert count["letters"] < 40 * len(inner)


def test_an_element_is_noted_once_whatever_it_has() -> None:
    page = sheet('<a id="q" href="/x" style="color:red" onclick="go()">x</a><template id="t" hidden></template>')
    assert (page.ids, page.references, len(page.anchors)) == (["q", "t"], ["/x"], 1)


def test_a_mark_behind_the_next_link_is_that_links() -> None:
    texts, _ = beside("<p>Now <a href=x>x</a> or <b><a href=y>y</a></b> Ad</p>")
    assert texts == ["x or", "y Ad"]
