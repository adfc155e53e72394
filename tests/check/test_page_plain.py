"""Pages that are taken apart without a parser come out as the parser would have them, and whatever it would change is left to it."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ccgen.check.page_plain import read_plain
from ccgen.check.page_tokens import VOID, Tag, Tokens, said
from ccgen.check.page_tree import read_tree
from ccgen.text.url import followed

FRAME = {"!doctype", "html", "head", "/head", "body", "/body", "/html"}
WHITE = " \n\t\f"


def page(body: str, head: str = "") -> bytes:
    start = f'<!doctype html>\n<html lang="en">\n<head>\n<title>T &amp; t</title>{head}\n</head>\n<body class="x">\n'
    return f"{start}{body}\n</body>\n</html>\n".encode()


def said_by(tag: Tag) -> tuple[str, object, int]:
    """Return what a tag says. The values that no rule asks for are not kept."""
    return tag.name, sorted(tag.attributes) if tag.silent else tag.attributes, tag.step


def told(tokens: Tokens) -> list[object]:
    """Return what a page holds, tags and texts, but for its frame and the white space about it, which a parser moves."""
    names = [tag.name for tag in tokens.tags]
    start, end = (names.index("body") + 1, names.index("/body")) if "body" in names else (0, len(names))
    head = [said_by(tag) for tag in tokens.tags[:start] if tag.name not in FRAME]
    body: list[object] = []
    for number, tag in enumerate(tokens.tags[start:end], start=start):
        raw = names[number - 1] in {"script", "style"}
        body.append(tokens.texts[number].decode() if raw else said([tokens.texts[number]]))
        if tag.step == 0 and tag.name not in VOID:  # a part of a drawing that is closed at once
            body += [(*said_by(tag)[:2], 1), (f"/{tag.name}", [], -1)]
        else:
            body.append(said_by(tag))
    body.append(said([tokens.texts[end]]))
    body[0] = str(body[0]).lstrip(WHITE)
    body[-1] = str(body[-1]).rstrip(WHITE)  # of one text, both ends
    return [*head, *(one for one in body if one)]


def is_plain(html: bytes) -> bool:
    """Hold a page to the parser; say whether it was read without it."""
    tokens = read_plain(html)
    assert tokens is None or told(tokens) == told(read_tree(html))
    return tokens is not None


PLAIN = (
    "",
    "<p>a &amp; b&nbsp;<br><b>c</b></p>",
    '<a class="x" href="/a?b=1&amp;c=2" hidden>x</a>',
    "<a href='/x' rel=nofollow title=''>x</a>",
    '<ul><li>a</li><li><a href="/">b</a></li></ul>',
    "<dl><div><dt>a</dt><dd>b</dd></div></dl>",
    "<table>\n<thead><tr><th>a</th></tr></thead><tbody> <tr><td><p>b</p></td></tr></tbody></table>",
    '<svg viewBox="0 0 1 1"><title>t</title><rect width="1"/><g><path d="M0"></path></g></svg>',
    '<script type="application/ld+json">{"a": "b"}</script><pre> a\n</pre>',
    '<img src="/a.jpg" alt="a"/><hr><details open><summary>a</summary>b</details>',
)
LEFT = (
    "<p>a<p>b</p>", "<p><div></div></p>", "<a>x<a>y</a></a>", "<b><p>x</b></p>", "<ul><li>a<li>b</ul>", "<h1><h2>x</h2></h1>",
    "<table><tr><td>a</td></tr></table>", "<table>x<tbody></tbody></table>", "<table><tbody><tr><p>x</p></tr></tbody></table>",
    "<form><p><form></form></p></form>", "<!-- c -->", "<template><p>x</p></template>", "<noscript>x</noscript>", "<P>x</P>",
    "a < b", "a > b", '<a title="a>b">x</a>', '<a title="<">x</a>', '<a x="1"y="2">x</a>', '<a x="1" x="2">x</a>', '<a x=a"b>x</a>',
    '<a ">x</a>', '<a x="&copy=1">x</a>', "&copy;", "&copy", "a &b", "<script>if (a < b) go()</script>", "<script>/* <!-- */</script>",
    "<pre>\nx</pre>", "<div/>", '<p viewBox="1">x</p>', "<svg><p>x</p></svg>", "<svg><path></svg>", "</p>", "a\r\nb", "a\0b", "<li>x</li>",
    "<svg><title><b>x</b></title></svg>", "<p", "<x-y>x</x-y>", "<br></br>", "<body>", "<select><option>x</option></select>",
)  # fmt: skip


@pytest.mark.parametrize("body", PLAIN)
def test_what_is_written_plainly_needs_no_parser(body: str) -> None:
    assert is_plain(page(body))
    assert is_plain(f"<p>x</p>{body}".encode())


@pytest.mark.parametrize("html", [b"", b" ", b" x", b"x\n", b"\n x \n"])
def test_a_text_alone_needs_none(html: bytes) -> None:
    assert is_plain(html)


@pytest.mark.parametrize("body", LEFT)
def test_whatever_else_is_left_to_it(body: str) -> None:
    assert not is_plain(page(body))
    assert not is_plain(f"<p>x</p>{body}".encode())


@pytest.mark.parametrize(
    "html",
    [
        b"<title>x</title><p>y</p>",
        b'<link rel="x" href="/"><p>y</p>',
        page("x").replace(b"<head>", b"<head>x"),
        page("x").replace(b"</head>", b"</head>x"),
        page("x").replace(b"</body>", b"</body>x"),
        page("x").replace(b"</body>", b""),
        page("x").replace(b"<!doctype html>", b""),
        page("x").replace(b"<!doctype html>", b'<!doctype html public "x">'),
        page("x", "<p>y</p>"),
        page("x", '<meta name="a">y'),
        page("x", '<link rel="a" href="/">y'),
        page("x") + b"y",
        page("x") + page("y"),
        page("\ufeff").replace(b"<!", "\ufeff<!".encode()),
        page("<div>" * 200 + "</div>" * 200),
    ],
)
def test_a_frame_that_is_not_whole_is_left_to_it(html: bytes) -> None:
    assert not is_plain(html)


HOLDS = {
    "": "div p ul table svg a b span h1 form button dl pre section script hr img details",
    "div": "p ul a b span div table dl svg",
    **dict.fromkeys(("p", "th", "dt"), "a b em span code img"),
    "ul": "li",
    **dict.fromkeys(("li", "td", "dd"), "p a ul b span table"),
    "table": "thead tbody caption",
    **dict.fromkeys(("thead", "tbody"), "tr"),
    "tr": "td th",
    "dl": "dt dd div",
    **dict.fromkeys(("svg", "g"), "g path title rect desc text"),
}
ANY = sorted(
    {
        *" ".join(HOLDS.values()).split(),
        *"select option iframe template nobr style textarea title main x-y math".split(),
    }
)
GIVEN = (
    *("", ' class="a"', ' href="/x?a=1&amp;b=2"', " id=q", " hidden", " title='a \"b\"'", ' href="a>b"', ' a="1" a="2"', ' A="1"'),
    *(' viewBox="0 0 1 1"', " /", "/", " x=/a/", ' x="&copy;"', ' x = "1"', ' x="1"y="2"', " x='1'y=2", ' "', " a'b", ' x=a"b'),
)  # fmt: skip
WORDS = (
    "",
    " ",
    "x",
    "\n",
    "a &amp; b",
    "&lt;",
    "&copy",
    ">",
    "<",
    "é",
    "< b",
    "&",
    "\r\n",
    "\0",
    "</p>",
    "<!-- c -->",
    "\n\nz",
)


@st.composite
def written(draw: st.DrawFn, around: str = "", depth: int = 0) -> str:
    """Draw HTML that is nearly what its elements may hold, and closes them all."""
    parts = []
    for _ in range(draw(st.integers(0, 4 - depth // 2))):
        odd = draw(st.integers(0, 30)) == 0
        if draw(st.integers(0, 2)) == 0:
            parts.append(draw(st.sampled_from(WORDS if odd else WORDS[:5])))
            continue
        name = draw(st.sampled_from(ANY if odd else HOLDS.get(around, "a b em span").split()))
        tag = f"{name}{draw(st.sampled_from(GIVEN if draw(st.integers(0, 20)) == 0 else GIVEN[:4]))}"
        parts.append(f"<{tag}>" if name in {"hr", "img"} else f"<{tag}>{draw(written(name, depth + 1))}</{name}>")
    return "".join(parts)


@settings(max_examples=300)
@given(written())
def test_a_page_is_what_the_parser_says(body: str) -> None:
    is_plain(page(body))
    is_plain(body.encode())


@settings(max_examples=500)
@given(
    st.text(st.sampled_from("/#\\?%25cF.:@=&;jx \t\n\u3002"), max_size=8).map(lambda rest: f"/{rest}")
    | st.text(max_size=6)
)
def test_a_link_of_which_there_is_nothing_to_say_stays_on_the_site(href: str) -> None:
    tag = Tag("a", {"href": href}, 1)
    assert tag.references == (href,)
    if not tag.links:
        assert not tag.telling
        assert followed(href) == href
        assert href[0] in "/#"
        assert "//" not in unquote(href)


@pytest.mark.parametrize(
    "attributes", ['href="/x" target="_blank"', "href='/x' target=_blank", 'href="/x" onclick="go()"']
)
def test_one_that_does_more_is_told_of(attributes: str) -> None:
    tokens = read_plain(f"<p><a {attributes}>x</a></p>".encode())
    assert tokens is not None
    assert tokens.tags[1].links == ("/x",)
    assert tokens.tags[1].telling


def test_values_are_read_when_they_are_asked_for() -> None:
    html = '<a class="x" href="/a?b=1&amp;c=2" title=\'t\' rel="a &amp; b" hreflang>x</a>'
    whole = {"class": "x", "href": "/a?b=1&c=2", "title": "t", "rel": "a & b", "hreflang": None}
    for first in whole:
        tokens = read_plain(html.replace("/a?", f"/{first}?").encode())  # not read before
        assert tokens is not None
        tag, said = tokens.tags[0], {**whole, "href": f"/{first}?b=1&c=2"}
        assert (tag.get(first), tag.get("id"), tag.has(first), tag.has("id")) == (said[first], None, True, False)
        assert tag.attributes == said
        assert tag.get(first) == said[first]
