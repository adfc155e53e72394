"""Rules over a page's structured data, read as a search engine reads it: from any theme, against what the page shows."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

from ccgen.check.page_graph import Graph, Node, amount, kinds, listed, words
from ccgen.check.page_seen import bare_amount, shows, shows_amount
from ccgen.check.page_view import PageView
from ccgen.model.parts import owner_of

__all__ = ["check_markup"]

_AMOUNT = re.compile(r"\d+(?:\.\d+)?")
_CURRENCY = re.compile(r"[A-Z]{3}")
_ONCE = (("availability", "Offer"), ("itemCondition", "Offer"), ("url", "Offer"), ("sku", "Product"))
_MENTIONED = frozenset(
    {"itemReviewed", "item", "about", "mentions", "isVariantOf", "isRelatedTo", "isSimilarTo", "mainEntity"}
)
_ORGANIZATIONS = ("Organization", "LocalBusiness", "Store", "OnlineStore")
_SHOP_ONLY = ("hasMerchantReturnPolicy", "shippingDetails")
_STOCK = {
    "InStock": "in_stock",
    "LimitedAvailability": "limited",
    "PreOrder": "preorder",
    "BackOrder": "backorder",
    "MadeToOrder": "made_to_order",
    "OutOfStock": "out_of_stock",
    "SoldOut": "out_of_stock",
    "Discontinued": "discontinued",
}


def check_markup(page: PageView) -> None:
    """Note what is wrong with a page's JSON-LD, and where it says other than the page."""
    _canonical(page)
    if not page.sheet.markup:
        return
    graph = Graph(page.sheet.markup)
    for fault in graph.broken:
        page.note(
            "SD-06", f"a block of structured data cannot be read: {fault}", page.change("write JSON with `tojson`")
        )
    for under, node, types in graph.nodes:
        if types.isdisjoint(_JUDGED):
            continue
        if "Product" in types:
            _product(page, graph, under, node)
        if "Review" in types or "CriticReview" in types:
            _review(page, graph, node)
        for kind, rule in _BY_TYPE.items():
            if kind in types:
                rule(page, node)
    if page.wants("SD-20"):
        _address(page, graph)
    if page.wants("SD-10"):
        _several(page, graph)


def _product(page: PageView, graph: Graph, under: str, node: Node) -> None:
    name = words(node, "name")
    told = any(node.get(key) for key in ("review", "aggregateRating", "offers")) or _reviewed(graph, node)
    if under not in _MENTIONED and not (name and told):
        what = "has none of `review`, `aggregateRating` and `offers`" if name else "has no `name`"
        page.note("SD-01", f"a `Product` in the markup {what}")
    if name:
        _seen(page, name, "name of a product")
    _once(page, node, "Product")
    own = [offer for product in _products(page) for offer in page.offers(product) if offer.role == "ours"]
    notes = [
        key for one in graph.follow(node.get("review")) for key in ("positiveNotes", "negativeNotes") if one.get(key)
    ]
    if own and page.route.kind == "product" and notes:
        page.note("SD-05", f"`{notes[0]}` is marked up for goods of our own, where it has no effect")
    for offer in graph.follow(node.get("offers")):
        inner = [offer, *graph.follow(offer.get("offers"))]
        if not own and any(one.get(key) for one in inner for key in _SHOP_ONLY):
            page.note(
                "SD-03", "the markup is that of a shop (`hasMerchantReturnPolicy`), and nothing here is sold by us"
            )
        _same_price(page, node, inner)


def _reviewed(graph: Graph, product: Node) -> bool:
    ident = product.get("@id")
    reviews = (node for _, node in graph.of("Review", "CriticReview"))
    return any(one.get("@id") == ident for node in reviews for one in listed(node.get("itemReviewed")) if ident)


def _products(page: PageView) -> tuple[str, ...]:
    """Return the owners of the products that a page is about, or shows offers of."""
    if page.route.kind == "product":
        return (page.route.owner,)
    return tuple(dict.fromkeys(owner_of("product", page.route.lang, offer.product) for offer in page.shown_offers()))


def _same_price(page: PageView, product: Node, offers: list[Node]) -> None:
    owner = next((found for key in ("url", "@id") if (found := page.product_at(words(product, key)))), "")
    if not owner and page.route.kind == "product":
        owner = page.route.owner
    if not owner:
        return
    prices = {(bare_amount(one.price.amount), one.price.currency) for one in page.offers(owner) if one.price}
    for node in offers:
        price, currency = amount(node)
        told = [price] if "AggregateOffer" not in kinds(node) else [words(node, "lowPrice"), words(node, "highPrice")]
        for one in told:
            if _AMOUNT.fullmatch(one) and (bare_amount(one), currency) not in prices:
                page.note("PR-09", f"the markup says {one} {currency}, and no offer of the record has that price now")


def _offer(page: PageView, node: Node) -> None:
    price, currency = amount(node)
    for text in (
        price,
        *(words(one, "price") for one in listed(node.get("priceSpecification")) if isinstance(one, dict)),
    ):
        _number(page, text, currency)
    if _AMOUNT.fullmatch(price) and not shows_amount(page, price):
        page.note("SD-06", f"the markup says {price} {currency}, and the page does not show it")
    stock = words(node, "availability").rpartition("/")[2]
    if stock in _STOCK:
        said = page.site.words.text(page.route.lang, f"stock_{_STOCK[stock]}")
        if said and not shows(page, said):
            page.note("SD-06", f"the markup says `{stock}`, and the page does not (`stock_{_STOCK[stock]}`)")
    _once(page, node, "Offer")
    until = _instant(words(node, "priceValidUntil"))
    if until is not None and until < page.site.now:
        page.note("SD-09", f"`priceValidUntil` is past: {words(node, 'priceValidUntil')}")


def _aggregate(page: PageView, node: Node) -> None:
    _complete(page, "SD-07", node, "AggregateOffer", ("lowPrice", "priceCurrency"))
    for key in ("lowPrice", "highPrice"):
        text = words(node, key)
        _number(page, text, words(node, "priceCurrency"))
        if _AMOUNT.fullmatch(text) and not shows_amount(page, text):
            page.note("SD-06", f"the markup says {key} {text}, and the page does not show it")


def _number(page: PageView, price: str, currency: str) -> None:
    if price and not _AMOUNT.fullmatch(price):
        page.note("SD-08", f"`{price}` in the markup is no plain number", page.change("write `offer.price.amount`"))
    if currency and not _CURRENCY.fullmatch(currency):
        page.note("SD-08", f"`{currency}` in the markup is no currency", page.change("write `offer.price.currency`"))


def _review(page: PageView, graph: Graph, node: Node) -> None:
    rating = next(iter(graph.follow(node.get("reviewRating"))), {})
    value = words(rating, "ratingValue")
    if value and not shows_amount(page, value):
        page.note("SD-06", f"the markup says a rating of {value}, and the page does not show it")
    notes = [graph.follow(node.get(key)) for key in ("positiveNotes", "negativeNotes")]
    items = [item for lists in notes for one in lists for item in listed(one.get("itemListElement"))]
    if any(notes) and len(items) < 2:
        page.note("SD-04", f"pros and cons in the markup are {len(items)}, and search asks for two together")
    for item in items:
        name = words(item, "name") if isinstance(item, dict) else str(item)
        if not name:
            page.note("SD-04", "a pro or con in the markup has no `name`")
        else:
            _seen(page, name, "pro or con")
    for item in graph.follow(node.get("itemReviewed")):
        if kinds(item) & {*_ORGANIZATIONS, "WebSite"}:
            page.note("RV-08", "the markup reviews an organization or this site itself")


def _organization(page: PageView, node: Node) -> None:
    if node.get("review") or node.get("aggregateRating"):
        page.note("RV-08", "the markup gives an organization a rating")


def _breadcrumbs(page: PageView, node: Node) -> None:
    items = listed(node.get("itemListElement"))
    for number, item in enumerate(items, start=1):
        entry = item if isinstance(item, dict) else {}
        if entry.get("name") and entry.get("position") and (entry.get("item") or number == len(items)):
            continue
        inner = entry.get("item")
        named = entry.get("name") or (isinstance(inner, dict) and inner.get("name"))
        lacking = [key for key in ("name", "position") if not (named if key == "name" else entry.get(key))]
        if not inner and number < len(items):
            lacking.append("item")
        if lacking:
            page.note("SD-16", f"entry {number} of the `BreadcrumbList` has no `{lacking[0]}`")


def _complete(page: PageView, rule: str, node: Node, what: str, keys: tuple[str, ...]) -> None:
    for key in keys:
        if not node.get(key):
            page.note(rule, f"an `{what}` in the markup has no `{key}`")


def _once(page: PageView, node: Node, kind: str) -> None:
    for key, of in _ONCE:
        if of == kind and len(listed(node.get(key))) > 1:
            page.note("SD-11", f"`{key}` stands more than once in one `{kind}` of the markup")


def _seen(page: PageView, text: str, what: str) -> None:
    if not shows(page, text):
        page.note("SD-06", f"the markup has the {what} “{text}”, which the page does not show")


def _canonical(page: PageView) -> None:
    canonical = page.sheet.canonical
    if canonical and page.served and canonical != page.served:
        hint = page.change("write `page.canonical`")
        page.note("SD-20", f"the canonical address is {canonical}, and the page is at {page.served}", hint)


def _address(page: PageView, graph: Graph) -> None:
    """Compare the page's own address with that of what its markup is mainly about."""
    mine = {"article": ("Article", "BlogPosting", "NewsArticle", "Review"), "product": ("Product",)}.get(
        page.route.kind, ()
    )
    for under, node in graph.of(*mine):
        url = words(node, "url").partition("#")[0]
        if under not in {"", "mainEntity"} or not url or not page.served or url == page.served:
            continue
        if url.startswith(page.site.base) and page.led_to(url) is None:
            page.note("SD-20", f"the markup gives the address {url}, and the page is at {page.served}")


def _several(page: PageView, graph: Graph) -> None:
    full = [
        node
        for under, node in graph.of("Product")
        if under not in _MENTIONED and node.get("review") and node.get("offers")
    ]
    several = {words(node, "name") or words(node, "@id") for node in full}
    if page.route.kind in {"article", "list", "home", "maker"} and len(several) > 1:
        page.note("SD-10", f"the page marks up {len(several)} products in full")


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _aggregate_rating(page: PageView, _: Node) -> None:
    page.note("RV-07", "the markup has an `AggregateRating`, and no ratings of customers are recorded")


def _video(page: PageView, node: Node) -> None:
    _complete(page, "SD-17", node, "VideoObject", ("name", "thumbnailUrl", "uploadDate"))


def _silent(page: PageView, node: Node) -> None:
    page.note("SD-15", f"`{min(kinds(node))}` shows nothing in search any more", "expect nothing of it, or drop it")


_BY_TYPE: dict[str, Callable[[PageView, Node], None]] = {
    "Offer": _offer,
    "AggregateOffer": _aggregate,
    "AggregateRating": _aggregate_rating,
    "BreadcrumbList": _breadcrumbs,
    "VideoObject": _video,
    "FAQPage": _silent,
    "HowTo": _silent,
    **dict.fromkeys(_ORGANIZATIONS, _organization),
}
_JUDGED = frozenset({"Product", "Review", "CriticReview", *_BY_TYPE})
