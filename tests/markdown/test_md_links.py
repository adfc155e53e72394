"""Destinations: numbers instead of addresses, exact places, and no unsafe scheme in any disguise."""

from __future__ import annotations

import pytest


def targets(got):
    return [
        (target.kind, target.text, got.text[target.start : target.start + target.length]) for target in got.body.targets
    ]


@pytest.mark.parametrize(
    ("text", "kind", "destination", "written"),
    [
        ("[a](../x.md#y)", "link", "../x.md#y", "../x.md#y"),
        ("[a](<my file.md>)", "link", "my file.md", "my file.md"),
        ("[a](my file.md)", "link", "my file.md", "my file.md"),
        ("[a](x_(y).md 'title')", "link", "x_(y).md", "x_(y).md"),
        (r"[a](x\_y.md)", "link", "x_y.md", r"x\_y.md"),
        ("[a](?a=1&amp;b=2)", "link", "?a=1&b=2", "?a=1&amp;b=2"),
        ("[a](汉字.md)", "link", "汉字.md", "汉字.md"),
        ("[a](x%20y.md)", "link", "x%20y.md", "x%20y.md"),
        ("![a](p.jpg)", "image", "p.jpg", "p.jpg"),
        ("<https://x.example/?a=1>", "link", "https://x.example/?a=1", "https://x.example/?a=1"),
        ("<me@x.example>", "link", "mailto:me@x.example", "me@x.example"),
        ("[a][R b]\n\n[r  B]: x.md 'T'", "link", "x.md", "x.md"),
        ("[r]\n\n[R]: <x y.md>", "link", "x y.md", "x y.md"),
        ("![a][r]\n\n[r]: p.jpg", "image", "p.jpg", "p.jpg"),
        ('x <a href="y.md">b</a>', "link", "y.md", "y.md"),
        ("x <a href=y.md>b</a>", "link", "y.md", "y.md"),
        ("<img src='p.jpg' alt=x>", "image", "p.jpg", "p.jpg"),
        ("<video poster=p.jpg></video>", "image", "p.jpg", "p.jpg"),
        ('<audio src="a.mp3"></audio>', "image", "a.mp3", "a.mp3"),
        ("> - [a](x.md)\n>   more", "link", "x.md", "x.md"),
        ("| a |\n|---|\n| [b](x.md) |", "link", "x.md", "x.md"),
        ("# [b](x.md)", "link", "x.md", "x.md"),
        ("[tel](tel:+123)", "link", "tel:+123", "tel:+123"),
        ("[sms](sms:+123)", "link", "sms:+123", "sms:+123"),
        ("[map](geo:48.2,16.4)", "link", "geo:48.2,16.4", "geo:48.2,16.4"),
        ("[x](#y)", "link", "#y", "#y"),
    ],
)
def test_targets_and_their_places(read, text, kind, destination, written):
    got = read(text)
    assert got.problems == ()
    assert targets(got) == [(kind, destination, written)]


def test_srcset_has_one_target_for_each_candidate(read):
    got = read('<picture><source srcset="a.jpg 1x, b.jpg 2x, c,d.jpg"><img src="a.jpg"></picture>')
    assert [target.text for target in got.body.targets] == ["a.jpg", "b.jpg", "c,d.jpg", "a.jpg"]
    assert [written for _, _, written in targets(got)] == ["a.jpg", "b.jpg", "c,d.jpg", "a.jpg"]
    assert 'srcset="‹url a.jpg› 1x, ‹url b.jpg› 2x, ‹url c,d.jpg›"' in got.html


def test_pieces_of_links_and_images(read):
    got = read('[*a*](x.md "T <q>") and ![b *c* `d`](p.jpg "u") and [![i](p.jpg)](y.md).')
    assert got.html == (
        '<p><a href=x.md title="T &lt;q&gt;"><em>a</em></a>‹/a› and ‹img p.jpg alt=b c d title=u› and '
        "<a href=y.md>‹img p.jpg alt=i›</a>‹/a›.</p>"
    )


@pytest.mark.parametrize(
    "destination",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:x",
        "javascript&colon;x",
        "java&Tab;script:x",
        "java&NewLine;script:x",
        "&#1;javascript:x",
        "%6aavascript:x",
        "javascript%3Aalert(1)",
        "%256aavascript:x",
        "vbscript:x",
        "data:text/html,x",
        "file:///etc/passwd",
        "unknown:thing",
        "java\u200bscript:x",
        "java\u00adscript:x",
    ],
)
@pytest.mark.parametrize(
    "form",
    [
        "[a]({})",
        "![a]({})",
        "[a][r]\n\n[r]: {}",
        "[r]: {}",
        '<a href="{}">x</a>',
        "x <img src='{}'>",
        "x <a href={}>y</a>",
    ],
)
def test_unsafe_schemes_are_errors_at_their_place(read, destination, form):
    got = read("Text.\n\n" + form.replace("{}", destination))
    assert "unsafe-link" in got.codes
    assert got.at(got.codes.index("unsafe-link")) == destination
    assert "script" not in got.html.lower().replace("‹/a›", "")


@pytest.mark.parametrize(
    "text", ["[a](<java\tscript:x>)", r"[a](javascript\:x)", '<a href="java\nscript:x">y</a>', "<javascript:alert(1)>"]
)
def test_hidden_by_space_or_in_autolinks(read, text):
    assert "unsafe-link" in read("x " + text).codes


@pytest.mark.parametrize(
    "text", ["[a](x.md:2)", "[a](./a:b)", "[12:30]", "https://bare.example", "[a](b", "[a] (b)", "a]b", "[x]", "[]"]
)
def test_what_is_no_link(read, text):
    got = read(text)
    assert [code for code in got.codes if code != "unsafe-link"] == []


def test_links_do_not_nest(read):
    assert read("[a <https://x.example> b](c.md)").codes == ["nested-link"]
    got = read("[a [b](x.md) c](y.md)")
    assert got.html == "<p>[a <a href=x.md>b</a>‹/a› c](y.md)</p>"


def test_the_first_of_two_references_counts(read):
    got = read("[a]\n\n[a]: x.md\n[A]: y.md\n")
    assert got.codes == ["repeated-reference"]
    assert [target.text for target in got.body.targets] == ["x.md"]


def test_an_unknown_reference_is_a_warning(read):
    got = read("[a][nope] and [b][] and [c]")
    assert got.codes == ["unknown-reference"]
    assert got.at() == "nope"


def test_text_that_looks_like_our_own_numbers_stays_text(read):
    got = read("ccgen:0 and [a](x.md) `ccgen:1`")
    assert got.html == "<p>ccgen:0 and <a href=x.md>a</a>‹/a› <code>ccgen:1</code></p>"


@pytest.mark.parametrize("tag", ["base", "meta"])
def test_tags_that_change_the_page_are_refused(read, tag):
    assert read(f'x <{tag} href="https://x.example/">').codes == ["html-not-allowed"]
