"""A theme and articles that break each rule of finished pages once, in a copy of the demo: exactly those are told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

from test_rules_demo import ALL, copy, edit

from ccgen.check.registry import RULES
from ccgen.config import read_config
from ccgen.errors import Problem
from ccgen.pipeline.checking import check

SHOP = "https://go.northshop.example/c/5521?u=x"
TAGGED = "https://amzn.to/x"
ASSOCIATE = "{{ t('disclosure_amazon') }}"
NAME = "{{ product.name }}"
OFFER = {"@type": "Offer", "price": "{{ product.offers[0].price.amount }}", "priceCurrency": "USD"}
FULL = {"review": {"@type": "Review"}, "offers": {"@type": "Offer"}}


def paid(
    words: str, href: str = SHOP, *, rel: str = ' rel="sponsored"', mark: str = "{{ t('mark_affiliate') }}"
) -> str:
    return f'<p><a href="{href}"{rel}>{words}</a> {mark}</p>'


def markup(kind: str, **values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps({"@type": kind, **values})}</script>'


def notes(*names: str) -> dict[str, object]:
    return {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "name": name} for name in names]}


class Fault(NamedTuple):
    """A rule, the page that breaks it, and what the theme adds there, at the end of the page or in its head."""

    rule: str
    url: str
    html: str
    block: str = "scripts"


def product(rule: str, ident: str, html: str, block: str = "scripts") -> Fault:
    return Fault(rule, f"/products/{ident}/", html, block)


# Where nothing is said of a page, what it breaks is in `LOST` (the block of who pays) or `INSTEAD` (its main part).
FAULTS = (
    product("LK-01", "harrow-gooseneck", paid("x", rel="")),
    Fault("LK-02", "/reviews/toner/", ""),
    product("LK-03", "osk-dripper", paid("See it", TAGGED) + ASSOCIATE),
    Fault("LK-04", "/makers/chen-stall/", '<a href="https://short.example/?to=https%3A%2F%2Fwww.amazon.com%2Fdp%2FB0">Amazon</a>'),
    Fault("LK-12", "/makers/harrow/", '<a href="/" target="_blank" rel="noopener">home</a>'),
    product("DS-01", "osk-hand-grinder", ""),
    product("DS-02", "osk-scale", "{% include 'plain/parts/disclosure.html' %}"),
    product("DS-03", "osk-server", ""),
    product("DS-04", "sorrel-c-serum", paid("x", mark="")),
    product("DS-05", "sorrel-cleanser", paid("See it at Amazon", TAGGED)),
    product("DS-09", "sorrel-lip-balm", "<meta property='og:description' content=\"{{ t('disclosure_affiliate', merchants='x') }}\">", "head"),
    product("DS-10", "harrow-travel", ""),
    Fault("RV-07", "/makers/sorrel/", markup("AggregateRating", ratingValue="5")),
    Fault("RV-08", "/makers/sanli/", markup("OnlineStore", aggregateRating={"@type": "Rating"})),
    product("SD-01", "sorrel-spf50", markup("Product", name=NAME)),
    product("SD-03", "sorrel-toner", markup("Product", name=NAME, offers={**OFFER, "shippingDetails": {"@type": "X"}})),
    Fault("SD-04", "/makers/osk/", markup("Review", positiveNotes=notes("{{ maker.name }}"))),
    product("SD-05", "bone-broth", markup("Product", name=NAME, review={"@type": "Review", "positiveNotes": notes(NAME, NAME)})),
    product("SD-06", "scallion-oil", markup("Product", name="Iron Teapot", **FULL)),
    product("SD-07", "stall-bowl", markup("AggregateOffer", lowPrice=OFFER["price"])),
    product("SD-08", "dried-peel", markup("Offer", price="1,00", priceCurrency="USD")),
    product("SD-09", "blood-3kg", markup("Offer", **{**OFFER, "priceValidUntil": "2026-11-20"})),
    Fault("SD-10", "/reviews/osk-scale/", markup("Product", name="{{ article.title }}", **FULL) + markup("Product", name="{{ site.title }}", **FULL)),
    product("SD-11", "navel-5kg", markup("Offer", **{**OFFER, "url": ["/", "/"]})),
    product("SD-15", "shan-tote", markup("FAQPage")),
    product("SD-16", "lu-strap", markup("BreadcrumbList", itemListElement=[{"@type": "ListItem", "position": 1, "item": "/"}])),
    product("SD-17", "qiao", markup("VideoObject", name="x", uploadDate="2026-01-01")),
    product("SD-20", "yueya", '<link rel="canonical" href="https://fivedoors.example/">', "head"),
    product("PR-01", "kettle", ""),
    product("PR-03", "kettle", ""),
    product("PR-04", "kettle", ""),
    product("PR-08", "sorrel-barrier-cream", ""),
    product("PR-09", "harrow-travel", "<p>3.25</p>" + markup("Product", name=NAME, offers={**OFFER, "price": "3.25"})),
    product("TR-08", "harrow-stovetop", "<table><tr><td></td><th><a href='/products/harrow-stovetop/'>x</a></th></tr><tr><th>Power</th><td>No</td></tr></table>"),
    Fault("CK-02", "/people/tom/", "<stripe-buy-button></stripe-buy-button>"),
    product("CK-03", "marmalade-bitter", '<button data-item-url="/cart/" data-item-price="1">x</button>'),
    product("CK-04", "deng-notebook", '<script src="https://cdn.example/x.js"></script>'),
)  # fmt: skip
# Rules of words that stand on every page of a language; the copy is given German, which the demo has not.
OF_WORDS = {"DS-06", "DS-07", "DS-08", "DS-11"}

LOST = {
    "/products/osk-hand-grinder/": "",
    "/products/osk-scale/": "",
    "/products/osk-server/": "<details><summary>x</summary>{% include 'plain/parts/disclosure.html' %}</details>",
    "/products/harrow-travel/": "{{ part('parts/owed.html', disclosed=page.disclosed, declared=(), merchants=page.merchants) }}",
}
BARE = (
    "<h1>{{ product.name }}</h1><p>{{ product.line }} {{ product.rating }}</p>"
    "{{ part('parts/owed.html', disclosed=page.disclosed|reject('equalto', 'amazon_price')|list, declared=page.declared, merchants=page.merchants) }}"
    "{% for offer in product.offers %}<p><a href='{{ offer.link.href }}' rel='sponsored'>{{ offer.merchant.name }}</a>"
    " {% if offer.price %}{{ offer.price|money }}{% endif %} {{ t('stock_' ~ offer.availability) }} {{ offer.link.mark }}"
    "{% if offer.was %} <s>{{ offer.was.price|money }}</s>{% endif %}</p>{% endfor %}"
)
INSTEAD = {"/products/kettle/": BARE, "/products/sorrel-barrier-cream/": BARE}
RECORDS = {
    "content/merchants/amazon.yaml": "{name: Amazon, role: affiliate, url: https://www.amazon.com/, network: amazon,"
    " account: five-20, show_price: 24 hours}\n",
    "content/products/kettle.yaml": "{name: Plain Kettle, line: A kettle., category: kettles, offers: [{merchant: amazon,"
    ' asin: B0EXAMPLE1, price: 31.00, checked: "2026-11-20 20:00", availability: in_stock}]}\n',
}


def choice(of: dict[str, str], otherwise: str) -> str:
    """Return a template that draws one thing on each of some pages, and another on all others."""
    cases = "".join(
        f"{{% {'elif' if number else 'if'} page is defined and page.url == '{url}' %}}{html}"
        for number, (url, html) in enumerate(of.items())
    )
    return f"{cases}{{% else %}}{otherwise}{{% endif %}}"


def themed(root: Path, files: dict[str, str]) -> None:
    for name, text in {"theme.yaml": "version: 1.0\nextends: plain\n", **files}.items():
        path = root / "themes/faulty" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    edit(root, "ccgen.yaml", "theme: plain\n", f"theme: faulty\n{ALL}")


def told(root: Path) -> tuple[Problem, ...]:
    config, warnings = read_config(root, environ={})
    return check(config, warnings)


def test_each_rule_of_pages_has_its_fault() -> None:
    decided = {rule.id for rule in RULES.values() if "page" in rule.decided}
    assert decided == ({one.rule for one in FAULTS} - {"PR-01"}) | OF_WORDS


def test_faults_of_a_theme_are_told_and_nothing_else(tmp_path: Path) -> None:
    root = copy(tmp_path)
    blocks = {
        block: choice({one.url: one.html for one in FAULTS if one.html and one.block == block}, "")
        for block in ("head", "scripts")
    }
    base = "".join(f"{{% block {name} %}}{text}{{% endblock %}}" for name, text in blocks.items())
    main = f"{{% block main %}}{choice(INSTEAD, '{{ super() }}')}{{% endblock %}}"
    themed(
        root,
        {
            "templates/base.html": f"{{% extends 'plain/base.html' %}}{base}",
            "templates/product.html": f"{{% extends 'plain/product.html' %}}{main}",
            "templates/parts/disclosure.html": choice(LOST, "{% include 'plain/parts/disclosure.html' %}"),
        },
    )
    for name, text in RECORDS.items():
        (root / name).write_text(text, encoding="utf-8")
    with (root / "content/reviews/toner/index.md").open("a", encoding="utf-8") as file:
        file.write("\nIt is [there](https://www.northshop.example/p/sorrel-toner).\n")
    edit(
        root,
        "content/products/sorrel-barrier-cream/index.md",
        "checked:",
        "was: {price: 99.00, seen: 2026-11-10}, checked:",
    )
    found = [(one.code, one.at.path.removeprefix("content/")) for one in told(root)]
    made = [(one.rule, source(root, one.url)) for one in FAULTS]
    assert (sorted(set(found) - set(made)), sorted(set(made) - set(found))) == ([], [])
    assert len(found) == len(made)


def source(root: Path, url: str) -> str:
    """Return the file in content/ that a page is made from."""
    names = (f"{url}index.md", *(f"{url.rstrip('/')}{end}" for end in (".md", ".yaml")))
    return next(name for name in (one.strip("/") for one in names) if (root / "content" / name).is_file())


def test_words_of_a_theme_are_told_and_nothing_else(tmp_path: Path) -> None:
    root = copy(tmp_path)
    chinese = {
        "mark_affiliate": "返佣链接",
        "disclosure_affiliate": "{merchants} pays us when you buy; this costs you nothing.",
    }
    words = {
        "i18n/en.yaml": {"mark_affiliate": "affiliate link"},
        "i18n/zh-CN.yaml": chinese,
        "i18n/de.yaml": {"mark_affiliate": "affiliate link"},
    }
    edit(root, "ccgen.yaml", "languages: [en, zh-CN]", "languages: [en, zh-CN, de]")
    themed(root, {name: json.dumps(text, ensure_ascii=False) for name, text in words.items()})
    assert {one.code for one in told(root)} == OF_WORDS
