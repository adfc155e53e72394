"""Rules over prices, comparisons and checkouts of a finished page, against the records they come from."""

from __future__ import annotations

import re
from collections.abc import Mapping

from ccgen.check.page_seen import bare_amount, shows_amount
from ccgen.check.page_view import PageView
from ccgen.model.facts import CategoryDetail, ProductCard, ProductDetail
from ccgen.model.parts import Offer, id_of
from ccgen.text.url import host_of

__all__ = ["check_sale"]

_NO = frozenset({"no", "none", "nein", "non", "否", "无", "無", "没有", "✗", "✘", "✕", "×", "❌"})
_CARTS = re.compile(r"snipcart|buy-button|gumroad|lemonsqueezy|lemon\.js|paypal\.com/sdk|ecwid|shopify", re.IGNORECASE)


def check_sale(page: PageView) -> None:
    """Note what a page says of prices, of products beside each other, and of buying, that no record says."""
    if page.purchases and page.wants("PR-03", "PR-04"):
        _amazon(page)
    if page.purchases and page.wants("PR-08"):
        _claims(page)
    if page.sheet.tables and page.wants("TR-08"):
        for table in page.sheet.tables:
            _comparison(page, table)
    for cart in page.sheet.carts:
        _cart(page, page.sheet.tokens.tags[cart].attributes)
    if page.wants("CK-02", "CK-04"):
        foreign = [one for one in page.sheet.scripts if (host := host_of(one)) and host != host_of(page.site.base)]
        for address in foreign:
            page.note("CK-04", f"the page loads a script from {host_of(address)}")
        _script_only(page, foreign)


def _amazon(page: PageView) -> None:
    priced = [
        offer for offer in page.shown_offers(amazon=True) if offer.price and shows_amount(page, offer.price.amount)
    ]
    if not priced:
        return
    times = {(tag.get("datetime") or "")[:10] for tag in page.sheet.tokens.tags if tag.name == "time"}
    for offer in dict.fromkeys(priced):
        if not offer.seen or offer.seen[:10] not in times:
            page.note("PR-03", f"the price of `{offer.key}` stands without the time at which it was right")
    notice = page.site.words.sentence(page.route.lang, "disclosure_amazon_price")
    if not notice.says_something or not notice.within(page.sheet.text):
        page.note(
            "PR-04", "a price of Amazon's stands without the notice that it may change (`disclosure_amazon_price`)"
        )


def _claims(page: PageView) -> None:
    claim = page.site.words.sentence(page.route.lang, "was_claim")
    reduced = [one for one in page.shown_offers() if one.was is not None and one.role != "ours"]
    for offer in dict.fromkeys(reduced):
        if offer.was and shows_amount(page, offer.was.price.amount) and not claim.within(page.sheet.text):
            hint = page.change("show `offer.was` with `t('was_claim', …)`")
            page.note("PR-08", f"a reduction at `{offer.key}` is not told as the merchant's claim (`was_claim`)", hint)


def _comparison(page: PageView, table: int) -> None:
    tokens = page.sheet.tokens
    rows = [list(tokens.inside(row, "th", "td")) for row in tokens.inside(table, "tr")]
    if not rows:
        return
    columns = {number: owner for number, cell in enumerate(rows[0]) if (owner := _product_in(page, cell))}
    for row in rows[1:] if columns else ():
        said = [" ".join(tokens.text(cell).split()) for cell in row]
        for number, owner in columns.items():
            if number < len(said) and said[number].lower() in _NO and _is_unrecorded(page, owner, said[0]):
                name = page.name(owner)
                message = f"the comparison says No of {name} at “{said[0]}”, where nothing is recorded"
                page.note("TR-08", message, page.change("write `t('not_given')`"))


def _product_in(page: PageView, cell: int) -> str:
    tags = page.sheet.tokens.tags
    found = (page.product_at(tags[one].attributes.get("href") or "") for one in page.sheet.tokens.inside(cell, "a"))
    return next(filter(None, found), "")


def _is_unrecorded(page: PageView, owner: str, label: str) -> bool:
    """Say whether a label is that of a spec which the product's category knows and the product does not have."""
    card, detail = page.group(ProductCard, owner), page.group(ProductDetail, owner)
    if not isinstance(card, ProductCard) or not isinstance(detail, ProductDetail) or card.category is None:
        return False
    category = page.group(CategoryDetail, card.category.owner)
    known = {spec.label for spec in category.labels} if isinstance(category, CategoryDetail) else set()
    return label in known and label not in {spec.label for spec in detail.specs}


def _cart(page: PageView, attributes: Mapping[str, str | None]) -> None:
    url = attributes.get("data-item-url") or ""
    owner = page.product_at(url)
    if page.led_to(url) is None:
        page.note("CK-03", f"a cart's button names `{url}`, which is no page of this site")
        return
    price = attributes.get("data-item-price") or ""
    if owner and not any(_is_price(offer, price) for offer in page.offers(owner)):
        message = f"a cart's button asks {price or 'no price'} for `{id_of(owner)}`, and no offer of ours does"
        page.note("CK-03", message)


def _is_price(offer: Offer, price: str) -> bool:
    return offer.role == "ours" and offer.price is not None and bare_amount(offer.price.amount) == bare_amount(price)


def _script_only(page: PageView, foreign: list[str]) -> None:
    if not page.sheet.checkouts and not any(map(_CARTS.search, foreign)):
        return
    if not any(one.seller.role in {"ours", "stall"} and one.anchor.by != "script" for one in page.purchases):
        page.note("CK-02", "the page has a checkout that works by a script only", page.change("link `offer.link` too"))
