"""Rules over the links of a finished page: what says that one is paid, and where it may lead."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import unquote

from ccgen.check.page_shops import Purchase
from ccgen.check.page_view import PageView
from ccgen.check.page_ways import said_at
from ccgen.commerce.amazon import is_amazon_host
from ccgen.commerce.relation import PAID
from ccgen.errors import At
from ccgen.model.body import Body, words_of
from ccgen.model.parts import TargetFact
from ccgen.text.patterns import late
from ccgen.text.url import ascii_host, followed, host_of

__all__ = ["check_links"]

_LINK = 'write `<a href="{{ link.href }}" rel="{{ link.rel }}">` in its place'
_RECORDED = (
    "record the merchant in content/merchants/ with `role: affiliate` and `network: {network}`, and link to its own address"
    " in Markdown: then ccgen writes the `rel`"
)
_BY = {
    "form": ("a form leads to a paid link{name} and has no `sponsored` in its `rel`", _LINK),
    "script": ("a script leads to a paid link{name}, where no `rel` can say so", _LINK),
    "page": ("the page sends its readers to a paid link{name} by itself", f"drop the `refresh`, or {_LINK}"),
    "load": (
        "the page loads a paid link{name} that no reader followed, which counts as a forced click",
        f"drop it, or {_LINK}",
    ),
}
_HOST = re.compile(r"//([\w.-]+)")
_MARKUP = late(r"[\[\]\\`*_~<>&{}]|://")  # words with any of these would not be read back as they are
_NEW_WINDOW = late(r"new (?:window|tab)|neue[ns]? (?:fenster|tab)|nouvel|新窗口|新标签|新しい", re.IGNORECASE)
_NAMES_AMAZON = ("amazon", "亚马逊", "亞馬遜", "アマゾン")


def check_links(page: PageView) -> None:
    """Note what is wrong with the links of a page."""
    for purchase in page.purchases:
        _paid(page, purchase)
        if purchase.seller.amazon:
            _amazon(page, purchase)
    if page.wants("LK-04"):
        _hidden_amazon(page)
    if page.wants("LK-12"):
        _new_windows(page)
    if page.wants("LK-02"):
        _raw(page)


def _paid(page: PageView, purchase: Purchase) -> None:
    anchor = purchase.anchor
    if PAID.isdisjoint(purchase.relations) or "sponsored" in anchor.rel:
        return
    name = f" to `{purchase.seller.id}`" if purchase.seller.id else ""
    if anchor.by == "link" and not name and (where := _in_prose(page, anchor.href)) is not None:
        network = purchase.seller.network
        message = f"a paid link of {network} is written out, and no merchant record says who pays"
        page.note("LK-01", message, _RECORDED.format(network=network), where, mild="nofollow" in anchor.rel)
        return
    if anchor.by in _BY:
        message, hint = _BY[anchor.by]
        page.note("LK-01", message.format(name=name), page.change(hint))
        return
    hint = page.change('write `rel="{{ link.rel }}"` where the link is made')
    if "nofollow" in anchor.rel:
        page.note("LK-01", f"a paid link{name} has `nofollow` in its `rel`, not `sponsored`", hint, mild=True)
    else:
        page.note("LK-01", f"a paid link{name} has no `sponsored` in its `rel`", hint)


def _in_prose(page: PageView, href: str) -> At | None:
    """Return where the prose holds an address of no merchant, None where it comes from a theme."""
    led = followed(href)
    found = (written for target, written in page.targets if target.offer is None and followed(target.url) == led)
    return next((page.written(one) for one in found), None)


def _amazon(page: PageView, purchase: Purchase) -> None:
    anchor = purchase.anchor
    words = said_at(page.sheet.tokens, anchor)
    if not anchor.unasked and not any(name in " ".join(words).lower() for name in _NAMES_AMAZON):
        shown = " ".join(words[0].split())
        page.note("LK-03", f"the link “{shown}” does not say that it leads to Amazon", page.change("name Amazon in it"))
    if not _is_at_amazon(anchor.href):
        page.note("LK-04", f"a link to Amazon goes through `{followed(anchor.href).split('/')[2]}`")


def _hidden_amazon(page: PageView) -> None:
    for anchor in page.sheet.anchors:
        if anchor.by == "link" and anchor.href.count("//") < 2 and "%" not in anchor.href:
            continue  # there is no other address in it
        if not _holds_amazon(anchor.href):
            continue
        rest = unquote(anchor.href.split("//", 1)[-1])
        if "//" in rest and not _is_at_amazon(anchor.href) and _names_amazon(rest):
            page.note("LK-04", f"a link hides that it leads to Amazon: `{anchor.href}`", "link to Amazon's own address")
        elif anchor.by == "page":
            page.note("LK-04", "the page sends its readers to Amazon by itself")
        elif anchor.by == "script":
            page.note("LK-04", "a script sends readers to Amazon, where a link should", page.change(_LINK))


def _is_at_amazon(href: str) -> bool:
    return is_amazon_host(host_of(followed(href)) or "")


@lru_cache(maxsize=16_384)
def _holds_amazon(href: str) -> bool:
    """Say whether a link leads to Amazon, or holds an address there."""
    return _names_amazon(unquote(href))


def _names_amazon(text: str) -> bool:
    """Say whether an address at Amazon stands in a text."""
    return any(is_amazon_host(ascii_host(found[1]) or "") for found in _HOST.finditer(text))


def _new_windows(page: PageView) -> None:
    for anchor in page.sheet.anchors:
        if anchor.by != "link" or not anchor.tag.has("target"):
            continue
        if (anchor.tag.get("target") or "").lower() != "_blank":
            continue
        if not anchor.rel & {"noopener", "noreferrer"}:
            page.note("LK-12", "a link opens a new window without `noopener`", page.change("drop `target`"))
        told = (
            page.sheet.tokens.text(anchor.number),
            anchor.attributes.get("aria-label") or "",
            anchor.attributes.get("title") or "",
        )
        if not _NEW_WINDOW.search(" ".join(told)):
            page.note("LK-12", "a link opens a new window and does not say so", page.change("drop `target`"))


def _raw(page: PageView) -> None:
    for number, (target, written) in enumerate(page.targets):
        offer = target.offer
        if page.body is not None and offer is not None and offer.key.startswith("/") and offer.role == "affiliate":
            merchant = offer.key[1:]
            page.note(
                "LK-02",
                f"a link to `{merchant}` is written out and names no product",
                _bought(page.body, number, target),
                page.written(written),
            )


def _bought(body: Body, number: int, target: TargetFact) -> str:
    """Return what to write for a link: the directive itself, where one product is meant and the words are plain."""
    assert target.offer is not None
    merchant, words = target.offer.key[1:], words_of(body.pieces, number)
    if target.product and words and not _MARKUP.search(words):
        return f":buy[{words}]{{{target.product} merchant={merchant}}}"
    start = "write" if target.product else "record the product with its offer, and write"
    return f"{start} `:buy[…]{{{target.product or 'PRODUCT'} merchant={merchant}}}`"
