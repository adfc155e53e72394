"""Rules on what a page tells its readers: each with a page that keeps it and one that loses the sentence or the mark."""

from __future__ import annotations

from typing import Any

import pytest
from page_site import ALL, AMAZON, FAR, OURS, THEME, broken, drawn, page_shop
from support import Content, Shop, ShopMaker, article

DISCLOSURE = tuple(f"DS-{number:02}" for number in range(1, 12))
BLOCK = THEME + "parts/disclosure.html"
# The program's own block, at a place where it must not be.
PLAIN = """{% set owed = page if page is defined else article %}
{% for name in owed.disclosed %}<p>{{ t('disclosure_' ~ name, merchants='Far Shop') }}</p>{% endfor %}"""


def strings(lang: str = "en", **words: str) -> dict[str, Content]:
    """Return a theme's own words."""
    return {f"themes/mine/i18n/{lang}.yaml": dict(words)}


def in_language(shop: ShopMaker, lang: str, words: dict[str, Content] | None = None, **more: Any) -> Shop:
    return page_shop(shop, words, site={"language": lang}, **more)


@pytest.mark.parametrize("profile", ALL)
def test_plain_keeps_all_rules_on_disclosure(shop: ShopMaker, profile: str) -> None:
    site = page_shop(shop, profiles=[profile], evidence={"obtained": "gift"})
    assert broken(site.check(), *DISCLOSURE) == []


@pytest.mark.parametrize(
    "block",
    [
        "",
        "<!-- " + PLAIN + " -->",
        "<div hidden>" + PLAIN + "</div>",
        '<div style="position:absolute;/* x */left:-9999px">' + PLAIN + "</div>",  # more in test_page_style.py
        "<div popover>" + PLAIN + "</div>",
        "<dialog>" + PLAIN + "</dialog>",
        "<svg><title>" + PLAIN.replace("<p>", "").replace("</p>", " ") + "</title></svg>",
        '<p title="Links marked “paid link” earn us a commission from Far Shop when you buy there."></p>',
        "<p>Some links are affiliate links.</p>",
    ],
)
def test_a_theme_that_loses_the_sentence(shop: ShopMaker, block: str) -> None:
    found = page_shop(shop, {BLOCK: block}).fails()
    assert set(found) == {"DS-01"}
    assert {one.at.path for one in found["DS-01"]} == {"content/reviews/pot.md", "content/products/pot.yaml"}
    assert "`disclosure_affiliate`" in found["DS-01"][0].message
    assert "parts/disclosure.html" in found["DS-01"][0].hint


def test_a_box_that_stands_open_and_a_style_that_hides_nothing(shop: ShopMaker) -> None:
    page_shop(shop, {BLOCK: f'<dialog open><div style="opacity:0.4">{PLAIN}</div></dialog>'}).build()


def test_markup_and_line_ends_inside_a_sentence_do_not_hide_it(shop: ShopMaker) -> None:
    words = (
        "Links marked\n   “paid link” earn us a commission from <b>Far Shop</b> when you\tbuy there. You pay the same."
    )
    page_shop(shop, {BLOCK: f"<p>{words}</p>"}).build()


@pytest.mark.parametrize("words", ["", "*", "Ad"])
def test_a_sentence_that_says_nothing(shop: ShopMaker, words: str) -> None:
    site = page_shop(shop, strings(disclosure_affiliate=words))
    found = site.check()
    assert broken(found, "DS-01") or {"empty-string"} & {one.code for one in found}


def test_a_theme_may_say_it_in_its_own_words(shop: ShopMaker) -> None:
    page_shop(shop, strings(disclosure_affiliate="{merchants} pays us for sales.")).build()


ROLES: list[tuple[dict[str, Any], dict[str, Any], str]] = [
    (OURS | {"url": "https://far.example/"}, {}, "own"),
    (FAR | {"role": "stall"}, {}, "stall"),
    ({"name": "Far", "role": "none", "url": "https://far.example/"}, {"evidence": {"obtained": "gift"}}, "gift"),
    ({"name": "Far", "role": "none", "url": "https://far.example/"}, {"evidence": {"obtained": "loan"}}, "loan"),
    ({"name": "Far", "role": "none", "url": "https://far.example/"}, {"evidence": {"obtained": "ours"}}, "made"),
    (FAR, {"interests": [{"with": "far", "how": "sponsored"}]}, "sponsored"),
]


@pytest.mark.parametrize(("merchant", "meta", "name"), ROLES, ids=[one[2] for one in ROLES])
def test_every_relation_owes_its_sentence(
    shop: ShopMaker, merchant: dict[str, Any], meta: dict[str, Any], name: str
) -> None:
    files = {"content/merchants/far.yaml": merchant}
    page_shop(shop, files, **meta).build()
    site = page_shop(shop, {**files, BLOCK: PLAIN.replace("%}<p>", f"if name != '{name}' %}}<p>")}, **meta)
    assert any(f"`disclosure_{name}`" in one.message for one in site.fails()["DS-01"])


def test_nothing_is_owed_where_nobody_pays(shop: ShopMaker) -> None:
    merchant = {"name": "Far", "role": "none", "url": "https://far.example/"}
    page_shop(shop, {"content/merchants/far.yaml": merchant, BLOCK: ""}).build()


@pytest.mark.parametrize("how", ["employed", "family", "travel", "other"])
def test_a_declared_interest_is_on_the_page(shop: ShopMaker, how: str) -> None:
    interests = [{"with": "far", "how": how, "note": "In 2019."}]
    body = "::evidence\n\n:buy[x]{pot}\n"
    assert broken(page_shop(shop, interests=interests).check(), "DS-10") == []
    lost = {BLOCK: PLAIN, "themes/mine/directives/evidence.html": "<p>bought</p>"}
    lost |= {"themes/mine/directives/evidence.yaml": "doc: x\nform: leaf\nrecords: article?\nplain: template\n"}
    site = page_shop(shop, lost, body=body, interests=interests)
    found = site.fails()["DS-10"]
    assert f"`interest_{how}`" in found[0].message
    assert "DS-10" not in {one.code for one in site.set(check={"profiles": ["google"]}).check()}


@pytest.mark.parametrize(("profile", "counts"), [("us", True), ("uk", True), ("de", True), ("google", False)])
def test_a_sentence_after_the_first_link(shop: ShopMaker, profile: str, counts: bool) -> None:
    late = {BLOCK: "", **drawn(PLAIN, "article/review.html", block="article_end"), **drawn(PLAIN)}
    site = page_shop(shop, late, profiles=[profile])
    found = broken(site.check(), "DS-01", "DS-02")
    assert bool(found) is counts
    assert {one.code for one in found} <= {"DS-02"}
    first = {BLOCK: "", THEME + "product.html": None, THEME + "article/review.html": None}
    first |= {THEME + "base.html": "{% extends 'plain/base.html' %}{% block header %}" + PLAIN + "{% endblock %}"}
    assert broken(page_shop(shop, first, profiles=[profile]).check(), "DS-01", "DS-02") == []


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        ("<details><summary>Who pays</summary>", "</details>", True),
        ("<details>", "<summary>Who pays</summary></details>", True),
        ('<a href="/">', "</a>", True),
        ('<div aria-hidden="true">', "</div>", True),
        ("<div inert>", "</div>", True),
        ("<details open><summary>Who pays</summary>", "</details>", False),
        ("<details><summary>", "</summary>More.</details>", False),
        ('<div aria-hidden="false">', "</div>", False),
    ],
)
def test_a_sentence_that_is_folded_away(shop: ShopMaker, before: str, after: str, counts: bool) -> None:
    site = page_shop(shop, {BLOCK: before + PLAIN + after}, profiles=["us"])
    assert {one.code for one in broken(site.check(), *DISCLOSURE)} == ({"DS-03"} if counts else set())
    if counts:
        assert broken(site.set(check={"profiles": ["eu"]}).check(), *DISCLOSURE) == []


BUY = '{% for offer in record.offers %}{% set link = offer.link %}<a href="{{ link.href }}" rel="{{ link.rel }}">x</a>'
BUYING: dict[str, Content] = {
    "themes/mine/directives/buy.yaml": "doc: x\nform: inline\nlabel: optional\nrecords: product?\nparams: {merchant: {type: merchant}, slot: {}}\nplain: template\n"
}


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (" <small>{{ link.mark }}</small>", False),
        (" ({{ link.mark }})", False),
        ("", True),
        (" <small hidden></small> *", True),
        (" <small hidden>{{ link.mark }}</small>", True),
        (" <small style='font-size: 0'>{{ link.mark }}</small>", True),
        (" <template>{{ link.mark }}</template>", True),
    ],
)
def test_a_mark_beside_each_paid_link(shop: ShopMaker, after: str, counts: bool) -> None:
    files = BUYING | {"themes/mine/directives/buy.html": BUY + after + "{% endfor %}"}
    body = "A story.\n\n:buy[x]{pot}, and much more of this text, which says nothing of links.\n" + "Words. " * 80
    found = broken(page_shop(shop, files, body=body).check(), "DS-04")
    assert bool(found) is counts
    assert {one.severity for one in found} <= {"warning"}
    found = broken(page_shop(shop, files, body=body, profiles=["uk"]).check(), "DS-04")
    assert {one.severity for one in found} <= {"error"}
    assert bool(found) is counts


def test_the_mark_of_another_link_does_not_count(shop: ShopMaker) -> None:
    once = (
        "{% for offer in record.offers %}{% set link = offer.link %}"
        '<a href="{{ link.href }}" rel="{{ link.rel }}">x</a> <a href="{{ link.href }}&b" rel="{{ link.rel }}">y</a> '
        "{{ link.mark }}{% endfor %}"
    )
    site = page_shop(shop, BUYING | {"themes/mine/directives/buy.html": once})
    assert len(broken(site.check(), "DS-04")) == 1


def amazon(files: dict[str, Content]) -> dict[str, Content]:
    return {
        "content/merchants/amazon.yaml": AMAZON,
        "content/products/pot.yaml": {"name": "Clay Pot", "offers": [{"merchant": "amazon", "asin": "B0EXAMPLE1"}]},
        **files,
    }


def test_the_associates_sentence(shop: ShopMaker) -> None:
    body = ":buy[Amazon]{pot}\n"
    site = page_shop(shop, amazon({}), profiles=["amazon"], body=body).build()
    assert "As an Amazon Associate" in site.page("/reviews/pot/").one(".disclosure").text()
    lost = amazon({BLOCK: PLAIN.replace("%}<p>", "if name != 'amazon' %}<p>")})
    assert "DS-05" in page_shop(shop, lost, profiles=["amazon"], body=body).fails()
    own = "<p>As an Amazon Associate I earn from qualifying purchases.</p>"
    said = amazon({BLOCK: PLAIN.replace("%}<p>", "if name != 'amazon' %}<p>") + own})
    assert broken(page_shop(shop, said, profiles=["amazon"], body=body).check(), "DS-05") == []
    assert broken(page_shop(shop, lost, profiles=["google"], body=body).check(), "DS-05") == []


@pytest.mark.parametrize(("mark", "counts"), [("affiliate link", True), ("aff", True), ("Ad: affiliate", False)])
def test_a_british_mark(shop: ShopMaker, mark: str, counts: bool) -> None:
    site = page_shop(shop, strings(mark_affiliate=mark), profiles=["uk"])
    assert bool(broken(site.check(), "DS-06")) is counts


GERMAN = {
    "disclosure_affiliate": "Anzeige: Für Käufe über so bezeichnete Verweise zahlt {merchants} uns eine Provision."
}


@pytest.mark.parametrize(("mark", "counts"), [("*", True), ("paid link", True), ("Anzeige", False)])
def test_a_german_mark(shop: ShopMaker, mark: str, counts: bool) -> None:
    site = in_language(shop, "de", strings("de", mark_affiliate=mark, **GERMAN), profiles=["de"])
    assert bool(broken(site.check(), "DS-07")) is counts


@pytest.mark.parametrize(
    ("lang", "words", "counts"),
    [
        ("de", GERMAN["disclosure_affiliate"], False),
        ("de", "Links marked like this earn us money from {merchants} when you buy.", True),
        ("zh-CN", "广告。你从标有“返佣链接”的链接购买，{merchants}会付给我们佣金。", False),
        ("zh-CN", "Links marked like this earn us money from {merchants} when you buy.", True),
    ],
)
def test_a_sentence_in_another_language(shop: ShopMaker, lang: str, words: str, counts: bool) -> None:
    site = in_language(shop, lang, strings(lang, disclosure_affiliate=words))
    assert bool(broken(site.check(), "DS-08")) is counts


def test_a_sentence_in_the_description(shop: ShopMaker) -> None:
    said = "Links marked “paid link” earn us a commission from Far Shop when you buy there. You pay the same."
    assert broken(page_shop(shop, summary="A pot.").check(), "DS-09") == []
    (problem,) = broken(page_shop(shop, summary=said).check(), "DS-09")
    assert problem.severity == "warning"


@pytest.mark.parametrize("counts", [False, True])
def test_a_chinese_page_carries_its_word(shop: ShopMaker, counts: bool) -> None:
    words = {"disclosure_affiliate": "你从这样的链接购买，{merchants}会付给我们佣金。", "mark_affiliate": "返佣链接"}
    site = in_language(shop, "zh-CN", strings("zh-CN", **words) if counts else {}, profiles=["cn"])
    assert bool(broken(site.check(), "DS-11")) is counts


def test_a_link_that_a_list_draws_owes_its_sentence(shop: ShopMaker) -> None:
    cards = drawn("{{ directive('product', records=[list.items[0].product]) }}", "list.html", block="footer")
    page = page_shop(shop, cards).build().page("/reviews/")
    assert page.source.index("earn us a commission from Far Shop") < page.source.index("go.far.example")
    found = page_shop(shop, {**cards, BLOCK: ""}).fails()["DS-01"]
    assert any("`list.html`" in one.hint for one in found)


def test_pages_for_nobody_owe_it_too(shop: ShopMaker) -> None:
    site = page_shop(shop, {BLOCK: "", "content/notes/n.md": article(":buy[x]{pot}", unlisted="yes")})
    hints = " ".join(one.hint for one in site.fails()["DS-01"])
    assert "`article/note.html`" in hints


def test_a_feed_that_loses_it(shop: ShopMaker) -> None:
    feed = {THEME + "feed.html": "{{ content }}"}
    body = "[a shop](https://far.example/x)\n"
    assert page_shop(shop, body=body).build().json("/feed.json")["items"]
    found = page_shop(shop, feed, body=body).fails()["DS-01"]
    assert all("`feed.html`" in one.hint for one in found)
    assert page_shop(shop, feed, body="Text.").build()  # no link to a shop in it, nothing owed
