"""What finished files say of offers and of who pays, read with real parsers; knows neither records nor the program's code.

A row says some of: product, merchant (where its link leads), seller, price, unit, stock, until, seen, condition, buyable,
mark, rel. What a rendering does not tell is not among its keys.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import feedparser
import markdown
from extruct.jsonld import JsonLdExtractor
from selectolax.lexbor import LexborNode
from support import Html
from truth import Money, bought, words

SIGNS = {"en": {"$": "USD", "CN¥": "CNY"}, "zh-CN": {"US$": "USD", "¥": "CNY"}}
MONEY = re.compile(r"(?P<sign>CN¥|US\$|[$¥￥])(?P<amount>\d[\d,]*\.\d\d)")
CODED = re.compile(r"(?P<amount>\d+\.\d\d) (?P<code>USD|CNY)\b")
STATED = re.compile(r'"(?:price|lowPrice|highPrice|minPrice)":"(?P<amount>[\d.]+)"')
STOCK = {
    "InStock": "in_stock",
    "LimitedAvailability": "limited",
    "PreOrder": "preorder",
    "BackOrder": "backorder",
    "MadeToOrder": "made_to_order",
    "OutOfStock": "out_of_stock",
    "Discontinued": "discontinued",
}


class Row(NamedTuple):
    """One offer as one rendering shows it; `product` as the text around it says."""

    kind: str
    product: str
    says: dict[str, Any]


def text_of(node: LexborNode) -> str:
    return " ".join(node.text().split())


def money(text: str, lang: str) -> Money:
    found = MONEY.fullmatch(text)
    assert found, f"`{text}` is no price"
    return Decimal(found["amount"].replace(",", "")), SIGNS[lang][found["sign"]]


def moneys(text: str, lang: str) -> list[Money]:
    """Return every price in a text, in order."""
    return [money(found[0], lang) for found in MONEY.finditer(text)]


def filled(key: str, lang: str) -> re.Pattern[str]:
    """Return a theme's string as a pattern with its places."""
    return re.compile(re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(words(lang)[key])))


def without_paid(text: str, lang: str) -> tuple[str, list[Money]]:
    """Return a text without what its author once paid, and these amounts."""
    head, tail = words(lang)["paid"].split("{price}")
    paid = re.compile(f"{re.escape(words(lang)['obtained_bought'] + head)}({MONEY.pattern}){re.escape(tail)}")
    return paid.sub("", text), [money(found[1], lang) for found in paid.finditer(text)]


def stock_in(texts: list[str], lang: str) -> str:
    names = {words(lang)[key]: key[6:] for key in words(lang) if key.startswith("stock_")}
    found = [names[text] for text in texts if text in names]
    assert len(found) <= 1, texts
    return found[0] if found else "unknown"


def seller_in(text: str, lang: str) -> str:
    """Return who sells, by the words of a purchase button."""
    found = [
        found["merchant"] for key in ("go_ours", "go_preorder", "go") if (found := filled(key, lang).fullmatch(text))
    ]
    assert found, f"`{text}` names no seller"
    return min(found, key=len)


def ident_of(node: LexborNode) -> str:
    """Return the product that a link inside a site leads to."""
    found = re.search(r"/products/([^/]+)/$", str(node.attributes["href"]))
    assert found, node.html
    return found[1]


def around(node: LexborNode, *names: str) -> LexborNode | None:
    """Return the nearest element around with one of the classes."""
    at = node.parent
    while at is not None:
        if set((at.attributes.get("class") or "").split()) & set(names):
            return at
        at = at.parent
    return None


def inside(node: LexborNode, selector: str) -> LexborNode | None:
    found = node.css(selector)
    assert len(found) <= 1, f"{len(found)} elements are `{selector}` in {node.html}"
    return found[0] if found else None


# --- pages ---


class Shown:
    """The rows of one page."""

    def __init__(self, page: Html, path: str) -> None:
        self.page, self.path = page, path
        self.lang = str(page.one("html").attributes["lang"])
        self.words = words(self.lang)

    def rows(self) -> Iterator[Row]:
        for node in self.page.css("main li.offer"):
            yield self._offer(node)
        for node in self.page.css("main .card-compact"):
            yield from self._compact(node)
        for node in self.page.css("main .compare table"):
            yield from self._table(node)
        for node in self.page.css("main a.buy"):
            if not around(node, "offer", "card", "compare"):
                yield Row("buy", bought(str(node.attributes["href"]))[0], self._link(node))  # type: ignore[index]

    def loose(self) -> list[tuple[Money, str]]:
        """Return the prices in sentences, each with its seller ('' where none is named)."""
        found = []
        for node in self.page.css("main .price"):
            if not around(node, "offer", "card", "compare"):
                seen = node.parent.css(".seen") if node.parent and "data-until" in node.parent.attributes else []
                named = filled("seen_at", self.lang).match(text_of(seen[0])) if seen else None
                found.append((money(text_of(node), self.lang), named["merchant"] if named else ""))
        return found

    def _offer(self, node: LexborNode) -> Row:
        card = around(node, "card", "offers-box")
        kind = "page" if card is None else "box" if "offers-box" in str(card.attributes["class"]) else "wide"
        title = inside(card, ".card-name a, .box-title a") if card else None
        product = ident_of(title) if title else self.path.split("/")[-2]
        link, off = inside(node, "a.buy"), inside(node, ".off")
        says = self._price(node, bool(link)) | {"buyable": bool(link), "seen": self._seen(node)}
        if link:
            says |= self._link(link)
            says["seller"] = seller_in(self._label(link), self.lang)
            says["stock"] = stock_in([text_of(one) for one in node.css(".stock")], self.lang)
        else:
            assert off is not None
            seller, _, stock = text_of(off).partition(self.words["colon"].strip())
            says |= {"seller": seller, "stock": stock_in([stock.strip()], self.lang)}
        return Row(kind, product, says)

    def _compact(self, card: LexborNode) -> Iterator[Row]:
        link, name = inside(card, "a.buy"), inside(card, ".card-name a")
        assert name is not None
        if link:
            seller = {"seller": seller_in(self._label(link), self.lang)}
            yield Row("compact", ident_of(name), self._price(card, True) | self._link(link) | seller)
        else:
            assert not card.css(".price")
            yield Row("compact", ident_of(name), {"buyable": False})

    def _table(self, table: LexborNode) -> Iterator[Row]:
        products = [ident_of(one) for one in table.css("thead th a")]
        for row in table.css("tbody tr"):
            title = text_of(row.css("th")[0])
            if title not in {self.words["price"], self.words["where_to_buy"]}:
                assert not row.css(".price, a.buy")
                continue
            for product, cell in zip(products, row.css("td"), strict=True):
                yield self._cell(product, cell, title == self.words["price"])

    def _cell(self, product: str, cell: LexborNode, priced: bool) -> Row:
        if priced:
            seen = inside(cell, ".seen")
            named = filled("seen_at", self.lang).match(text_of(seen)) if seen else None
            says = self._price(cell, self.words["no_offers_short"] not in text_of(cell))
            says |= {"seller": named["merchant"], "seen": self._seen(cell)} if named else {}
            return Row("table-price", product, says)
        link = inside(cell, "a.buy")
        if link is None:
            assert self.words["no_offers_short"] in text_of(cell)
            return Row("table-buy", product, {"buyable": False})
        return Row("table-buy", product, self._link(link) | {"seller": self._label(link)})

    def _price(self, node: LexborNode, buyable: bool) -> dict[str, Any]:
        price, unit = inside(node, ".price"), inside(node, ".unit-price")
        quiet = [text_of(one) for one in node.css(".quiet")]
        assert (self.words["see_price"] in quiet) is (buyable and price is None), quiet
        until = price.attributes.get("data-until") if price else None
        says = {
            "price": money(text_of(price), self.lang) if price else None,
            "until": datetime.fromisoformat(until) if until else None,
        }
        if not around(node, "compare"):
            says["unit"] = moneys(text_of(unit), self.lang)[0] if unit else None
        return says

    def _seen(self, node: LexborNode) -> date | None:
        found = inside(node, ".seen time")
        return date.fromisoformat(str(found.attributes["datetime"])) if found else None

    def _label(self, link: LexborNode) -> str:
        whole, unseen = text_of(link), inside(link, ".unseen")
        return whole.removesuffix(text_of(unseen) if unseen else "").strip()

    def _link(self, link: LexborNode) -> dict[str, Any]:
        leads = bought(str(link.attributes["href"]))
        assert leads, f"{link.html} leads to no offer"
        after = link.next
        while after is not None and not after.text().strip():
            after = after.next
        marked = after is not None and after.attributes.get("class") == "mark"
        return {
            "product": leads[0],
            "merchant": leads[1],
            "mark": text_of(after) if marked and after else "",
            "rel": link.attributes.get("rel") or "",
            "buyable": True,
        }


# --- Markdown twins ---


class Twin:
    """A Markdown twin, as HTML of its own."""

    def __init__(self, source: str, path: str, lang: str) -> None:
        self.path, self.lang, self.source, self.words = path, lang, source, words(lang)
        self.page = Html(f"<html><body>{markdown.markdown(source, extensions=['tables'])}</body></html>")

    def told(self) -> list[str]:
        """Return what stands in the quotation at the top, before a picture or the text; a later one is the author's."""
        top = self.page.css("body > *")[:5]
        return [text_of(line) for one in top if one.tag == "blockquote" for line in one.css("p")]

    def loose(self) -> list[Money]:
        """Return the prices in sentences."""
        nodes = self.page.css("body > p, body > ul > li, body > ol > li")
        offers = [node for node in nodes if node.tag == "li" and list(self._item(node, ""))]
        texts = [without_paid(text_of(node), self.lang)[0] for node in nodes if node not in offers]
        return [one for text in texts for one in moneys(text, self.lang)]

    def rows(self) -> Iterator[Row]:
        product = self.path.split("/")[-2] if "products/" in self.path else ""
        for node in self.page.css("body > p, body > ul > li, body > table"):
            titles = [one for one in node.css("strong a") if "/products/" in str(one.attributes["href"])]
            if node.tag == "p" and titles:
                product = ident_of(titles[0])
            elif node.tag == "li":
                yield from self._item(node, product)
            elif node.tag == "table":
                yield from self._table(node)

    def _item(self, node: LexborNode, product: str) -> Iterator[Row]:
        links = [one for one in node.css("a") if bought(str(one.attributes["href"]))]
        text = text_of(node)
        colon, comma = self.words["colon"].strip(), self.words["comma"]
        off = [self.words[f"stock_{one}"] for one in ("out_of_stock", "discontinued")] + [self.words["offer_over"]]
        if len(links) == 1 and text.startswith(text_of(links[0])):
            label, facts = text_of(links[0]), text.removeprefix(text_of(links[0])).strip()
            mark = re.match(r"\((.*?)\)", facts)
            says = self._facts([one.strip() for one in facts[mark.end() if mark else 0 :].split(comma)[1:]], True)
            assert says["stock"] != "out_of_stock"
            leads = bought(str(links[0].attributes["href"]))
            assert leads
            says |= {"product": leads[0], "merchant": leads[1], "buyable": True, "mark": mark[1] if mark else ""}
            says["seller"] = seller_in(label.rpartition(" (")[0], self.lang)
            yield Row("twin", product, says)
        elif not links and any(text.partition(colon)[2].strip().startswith(one) for one in off):
            seller, _, rest = text.partition(colon)
            says = self._facts([one.strip() for one in rest.split(comma)], False)
            yield Row("twin", product, says | {"seller": seller, "buyable": False})

    def _facts(self, facts: list[str], buyable: bool) -> dict[str, Any]:
        prices = [one for one in facts if MONEY.fullmatch(one)]
        units = [found for one in facts if (found := filled("unit_price", self.lang).fullmatch(one))]
        assert (self.words["see_price"] in facts) is (buyable and not prices), facts
        assert len(prices) <= 1 >= len(units)
        return {
            "price": money(prices[0], self.lang) if prices else None,
            "unit": money(units[0]["price"].strip(), self.lang) if units else None,
            "stock": stock_in(facts, self.lang),
        }

    def _table(self, table: LexborNode) -> Iterator[Row]:
        heads = [one.css("a") for one in table.css("thead th")]
        if not any(heads):
            return
        products = [ident_of(one[0]) for one in heads if one]
        for row in table.css("tbody tr"):
            title, *cells = row.css("td")
            for product, cell in zip(products, cells, strict=True):
                text = text_of(cell)
                if text_of(title) == self.words["price"]:
                    found = moneys(text, self.lang)
                    assert found or text in {self.words["see_price"], self.words["no_offers_short"]}
                    yield Row("twin-price", product, {"price": found[0] if found else None})
                elif text_of(title) == self.words["where_to_buy"]:
                    yield self._buy(product, cell)

    def _buy(self, product: str, cell: LexborNode) -> Row:
        link = inside(cell, "a")
        if link is None:
            assert text_of(cell) == self.words["no_offers_short"]
            return Row("twin-buy", product, {"buyable": False})
        leads = bought(str(link.attributes["href"]))
        assert leads
        label, text = text_of(link), text_of(cell)
        mark = text.removeprefix(label).strip().removeprefix("(").removesuffix(")")
        says = {"product": leads[0], "merchant": leads[1], "mark": mark, "seller": label.rpartition(" (")[0]}
        return Row("twin-buy", product, says | {"buyable": True})


# --- who pays ---


def told(page: Html) -> list[str]:
    """Return the sentences on who pays of a page, or of an article in a feed."""
    boxes = page.css("aside.disclosure")
    assert len(boxes) <= 1
    return [text_of(one) for one in boxes[0].css("p")] if boxes else []


def led(page: Html, box: str) -> Iterator[tuple[LexborNode, tuple[str, str], bool]]:
    """Yield each purchase link with where it leads, and whether the first element of the name `box` stands before it."""
    before = False
    for node in page.one("body").traverse():
        before = before or (node.tag == box and (box != "aside" or node.attributes.get("class") == "disclosure"))
        leads = bought(str(node.attributes["href"])) if node.tag == "a" and node.attributes.get("href") else None
        if leads:
            yield node, leads, before


# --- structured data ---


def graph(source: str) -> dict[str, list[dict[str, Any]]]:
    """Return what a page states, by type."""
    found = JsonLdExtractor().extract(source) if "application/ld+json" in source else []
    things: dict[str, list[dict[str, Any]]] = {}
    for one in found[0]["@graph"] if found else ():
        things.setdefault(one["@type"], []).append(one)
    return things


def stated(product: dict[str, Any]) -> Iterator[Row]:
    """Yield the offers of a stated product; a sum over several is checked against them."""
    ident = re.search(r"/products/([^/]+)/#product$", product["@id"])
    assert ident
    given = product.get("offers", [])
    for one in given if isinstance(given, list) else [given]:
        several = one.get("offers", [one])
        if several != [one]:
            amounts = [Decimal(each["price"]) for each in several]
            assert (Decimal(one["lowPrice"]), Decimal(one["highPrice"])) == (min(amounts), max(amounts))
            assert one["offerCount"] == len(amounts)
            assert {each["priceCurrency"] for each in several} == {one["priceCurrency"]}
        for each in several:
            until = each.get("priceValidUntil")
            says = {
                "seller": each["seller"]["name"],
                "price": (Decimal(each["price"]), each["priceCurrency"]),
                "until": datetime.fromisoformat(until) if until else None,
                "stock": STOCK[each["availability"].rpartition("/")[2]] if "availability" in each else "unknown",
            }
            if "itemCondition" in each:
                says["condition"] = each["itemCondition"].rpartition("/")[2].removesuffix("Condition").lower()
            yield Row("graph", ident[1], says)


# --- feeds ---


def coded(text: str) -> Money:
    amount, code = text.split()
    return Decimal(amount), code


def google(data: bytes) -> list[dict[str, Any]]:
    """Return the rows of Google's feed, read by a feed reader and by an XML parser, which must agree."""
    read = feedparser.parse(data)
    assert not read.bozo
    name = "{http://base.google.com/ns/1.0}"
    items = ET.fromstring(data).iter("item")
    rows = [
        (one.findtext(f"{name}id"), one.findtext(f"{name}price"), one.findtext(f"{name}availability")) for one in items
    ]
    assert rows == [(one.g_id, one.g_price, one.g_availability) for one in read.entries]
    return [
        {"id": one.g_id, "name": one.title, "price": coded(one.g_price), "stock": one.g_availability, "url": one.link}
        for one in read.entries
    ]


def table(text: str) -> list[dict[str, Any]]:
    """Return the rows of Meta's or OpenAI's feed under the same names."""
    found = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        says = {"id": row.get("id") or row["item_id"], "name": row["title"], "price": coded(row["price"])}
        says |= {"stock": row["availability"], "url": row.get("link") or row["url"]}
        found.append(says | ({"seller": row["seller_name"]} if "seller_name" in row else {}))
    return found
