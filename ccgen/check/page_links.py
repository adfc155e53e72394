"""Rules over the links of a finished page: what says that one is paid, and where it may lead."""

from __future__ import annotations

import re
from urllib.parse import unquote

from ccgen.check.page_shops import Purchase, is_amazon_host
from ccgen.check.page_view import PageView
from ccgen.commerce.relation import PAID
from ccgen.errors import At
from ccgen.model.facts import ArticleCard, BodyGroup
from ccgen.text.url import followed

__all__ = ["check_links"]

_AMAZON = re.compile(r"(?:https?:)?//(?:[\w-]+\.)*amazon\.(?:[a-z]{2,3}\.)?[a-z]{2,3}(?:[/?#:]|$)", re.IGNORECASE)
_NEW_WINDOW = re.compile(r"new (?:window|tab)|neue[ns]? (?:fenster|tab)|nouvel|新窗口|新标签|新しい", re.IGNORECASE)
_NAMES_AMAZON = ("amazon", "亚马逊", "亞馬遜", "アマゾン")


def check_links(page: PageView) -> None:
    """Note what is wrong with the links of a page."""
    for purchase in page.purchases:
        _paid(page, purchase)
        if purchase.amazon:
            _amazon(page, purchase)
    if page.wants("LK-04"):
        _hidden_amazon(page)
    if page.wants("LK-12"):
        _new_windows(page)
    if page.wants("LK-02"):
        _raw(page)


def _paid(page: PageView, purchase: Purchase) -> None:
    rel = (purchase.anchor.attributes.get("rel") or "").lower().split()
    if "sponsored" in rel or not PAID.intersection(page.relations_of(purchase)):
        return
    name = f" to `{purchase.seller.id}`" if purchase.seller.id else ""
    hint = page.change('write `rel="{{ link.rel }}"` where the link is made')
    if "nofollow" in rel:
        page.note("LK-01", f"a paid link{name} has `nofollow` in its `rel`, not `sponsored`", hint, mild=True)
    else:
        page.note("LK-01", f"a paid link{name} has no `sponsored` in its `rel`", hint)


def _amazon(page: PageView, purchase: Purchase) -> None:
    anchor = purchase.anchor
    words = [anchor.node.text(), anchor.attributes.get("aria-label") or ""]
    words += [image.attributes.get("alt") or "" for image in anchor.node.css("img")]
    if not any(name in " ".join(words).lower() for name in _NAMES_AMAZON):
        shown = " ".join(words[0].split())
        page.note("LK-03", f"the link “{shown}” does not say that it leads to Amazon", page.change("name Amazon in it"))
    if not is_amazon_host(anchor.href):
        page.note("LK-04", f"a link to Amazon goes through `{followed(anchor.href).split('/')[2]}`")


def _hidden_amazon(page: PageView) -> None:
    for anchor in page.sheet.anchors:
        rest = unquote(anchor.href.split("//", 1)[-1])
        if "amazon." in rest and not is_amazon_host(anchor.href) and _AMAZON.search(rest):
            page.note("LK-04", f"a link hides that it leads to Amazon: `{anchor.href}`", "link to Amazon's own address")
    if b"http-equiv" in page.sheet.html:
        for node in page.sheet.tree.css('meta[http-equiv="refresh" i]'):
            if _AMAZON.search(node.attributes.get("content") or ""):
                page.note("LK-04", "the page sends its readers to Amazon by itself")


def _new_windows(page: PageView) -> None:
    for anchor in page.sheet.anchors:
        if (anchor.attributes.get("target") or "").lower() != "_blank":
            continue
        if not anchor.rel & {"noopener", "noreferrer"}:
            page.note("LK-12", "a link opens a new window without `noopener`", page.change("drop `target`"))
        told = (anchor.node.text(), anchor.attributes.get("aria-label") or "", anchor.attributes.get("title") or "")
        if not _NEW_WINDOW.search(" ".join(told)):
            page.note("LK-12", "a link opens a new window and does not say so", page.change("drop `target`"))


def _raw(page: PageView) -> None:
    body, group = page.body, page.group(BodyGroup)
    if body is None or not isinstance(group, BodyGroup) or not body.targets:
        return
    card = page.group(ArticleCard)
    path = page.route.source.path
    if not path.endswith(".md") or (isinstance(card, ArticleCard) and "body" in card.fallback):
        return  # the text is another language's, and told there
    for target, written in zip(group.targets, body.targets, strict=True):
        offer = target.offer
        if offer is not None and offer.key.startswith("/") and offer.role == "affiliate":
            at = At(path=path, start=written.start, length=written.length)
            merchant = offer.key[1:]
            hint = f"record the product with its offer, and write `:buy[…]{{PRODUCT merchant={merchant}}}`"
            page.note("LK-02", f"a link to `{merchant}` is written out and names no product", hint, at)
