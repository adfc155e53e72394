"""Records as Markdown: cards, offers, verdicts, evidence, tables; says what the page says, in the theme's words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from ccgen.commerce.compare import SHOWN
from ccgen.model.parts import ComparedCell, Offer, Price, owner_kind, owner_of
from ccgen.render.compared import comparison_rows
from ccgen.render.environment import site_url
from ccgen.render.formats import (
    country_name,
    formatted_date,
    formatted_duration,
    formatted_money,
    formatted_number,
    listed,
)
from ccgen.render.view import Part, Scope, View
from ccgen.text.markdown import as_cell, as_line, as_link, as_text

__all__ = ["TwinParts"]

_LATER = frozenset({"preorder", "backorder"})


class TwinParts:
    """Draws for one page; every fact is read through its `scope`, and so is every purchase link made."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope

    # --- words ---

    def t(self, key: str, **places: object) -> str:
        """Return a theme's string."""
        return self.scope.words(self.scope, key, places)

    def link(self, view: View, words: str | None = None) -> str:
        """Return a link to a record's or an article's page."""
        fields = ("title", "summary") if owner_kind(view.owner) == "article" else ("name",)
        name = next(filter(None, map(view.get, fields)), "")
        return as_link(words or as_text(name), self.url(view.get("url")))

    def url(self, url: str) -> str:
        """Return an absolute URL."""
        return site_url(self.scope, url, absolute=True)

    def date(self, value: str) -> str:
        """Return a date as the page shows it."""
        return formatted_date(value, "medium", self.scope.lang) if value else ""

    def money(self, part: Part) -> str:
        """Return a price as the page shows it."""
        price = part.value
        assert isinstance(price, Price)
        text = formatted_money(price.amount, price.currency, self.scope.lang)
        return self.t("price_from", price=text) if price.least else text

    def rating(self, value: str) -> str:
        """Return a rating in words."""
        scale = self.scope.value(owner_of("site", self.scope.lang, "rating_scale"))
        return self.t("rating_of", rating=formatted_number(value, self.scope.lang), scale=scale)

    def picture(self, picture: Part) -> str:
        """Return a picture, with who made it below."""
        shown = f"![{as_text(picture.get('alt'))}]({self.url(picture.get('image').get('url'))})"
        credit = as_text(picture.get("credit"))
        return f"{shown}\n*{credit}*" if credit else shown

    def titled(self, key: str, *lines: str) -> str:
        """Return lines below a bold title, '' where there are none."""
        kept = [line for line in lines if line]
        return "\n\n".join([f"**{self.t(key)}**", "\n".join(kept)]) if kept else ""

    # --- offers ---

    def offers(self, product: View, only: object = None, *, first: bool = False) -> list[str]:
        """Return a product's offers, a list item each; `only` one merchant's, or the `first` that can be bought."""
        found = [one for one in product.get("offers") if not only or one.get("key").split("/")[1] == only]
        if first:
            found = [one for one in found if one.get("buyable")][:1]
        if not found and product.get("status") != "gone":
            return [f"- {self.t('no_offers')}"]
        return [f"- {self.offer(one, product)}" for one in found]

    def offer(self, offer: Part, product: View) -> str:
        """Return one offer as a line: link and mark, price, availability, and when it was seen."""
        merchant = offer.get("merchant").get("name")
        if not offer.get("buyable"):
            over = offer.get("availability") in {"out_of_stock", "discontinued"}
            words = self.t(f"stock_{offer.get('availability')}" if over else "offer_over")
            head = f"{as_text(merchant)}{self.t('colon')}{words}"
        else:
            ahead = offer.get("availability") == "preorder"
            key = "go_ours" if offer.get("role") == "ours" else "go_preorder" if ahead else "go"
            head = self.buy(offer, as_text(f"{self.t(key, merchant=merchant)} ({product.get('name')})"))
        return self.t("comma").join([head, *filter(None, self._facts(offer, merchant))])

    def buy(self, offer: Part, words: str) -> str:
        """Return a purchase link with the mark of its relation."""
        value = offer.value
        assert isinstance(value, Offer)
        made = offer.get("link")
        mark = f" ({as_text(made['mark'])})" if made["mark"] else ""
        return as_link(words, made["href"]) + mark

    def _facts(self, offer: Part, merchant: str) -> Iterable[str]:
        if offer.get("price"):
            yield self.money(offer.get("price"))
            unit = offer.get("unit_price")
            if unit:
                per = self.t("piece") if unit.get("per") == "piece" else unit.get("per")
                yield self.t("unit_price", price=self.money(unit.get("price")), per=per)
            yield self._was(offer, merchant)
        elif offer.get("buyable"):
            yield self.t("see_price")
        if offer.get("buyable") and offer.get("availability") != "unknown":
            yield self.t(f"stock_{offer.get('availability')}")
        if offer.get("condition") not in {"", "new"}:
            yield self.t(f"condition_{offer.get('condition')}")
        if offer.get("deposit"):
            yield self.t("deposit", price=self.money(offer.get("deposit")))
        yield as_text(offer.get("note"))
        if offer.get("available_from") and offer.get("buyable") and offer.get("availability") in _LATER:
            yield self.t("available_from", date=self.date(offer.get("available_from")))
        if offer.get("valid_until") and offer.get("buyable"):
            yield self.t("until", date=self.date(offer.get("valid_until")))
        if offer.get("ships_to"):
            places = [country_name(code, self.scope.lang) for code in offer.get("ships_to")]
            yield self.t("ships_to", places=listed(places, self.scope.lang))
        if offer.get("price") and offer.get("seen"):
            yield f"{self.t('seen')} {self.date(offer.get('seen'))}"

    def _was(self, offer: Part, merchant: str) -> str:
        was = offer.get("was")
        if not was:
            return ""
        price = self.money(was.get("price"))
        if was.get("days"):
            return self.t("was_lowest", price=price, days=was.get("days"))
        return as_text(self.t("was_claim", merchant=merchant, price=price, date=self.date(was.get("seen"))))

    # --- products ---

    def card(
        self,
        product: View,
        *,
        line: str = "",
        badge: str = "",
        but: str = "",
        evidence: Part | None = None,
        **offers: Any,
    ) -> str:
        """Return a product's card: name, line, rating, how its tester knows it, and its offers below."""
        head = f"**{self.link(product)}**"
        if badge:
            head = f"{as_text(badge)}{self.t('colon')}{head}"
        about = line or as_text(product.get("line"))
        words = [f"{head}{self.t('colon')}{about}" if about else head]
        if but:
            words.append(f"*{as_line(but)}*")
        if product.get("rating"):
            words.append(f"({self.rating(product.get('rating'))})")
        if product.get("status") == "gone":
            words.append(self.gone(product))
        known = self._known(evidence) if evidence else ""
        return "\n\n".join(filter(None, (" ".join(words), known, "\n".join(self.offers(product, **offers)))))

    def _known(self, evidence: Part) -> str:
        how = self.t(f"obtained_{evidence.get('obtained')}")
        summary = as_line(evidence.get("summary"))
        return f"{how}{self.t('colon')}{summary}" if summary else how

    def gone(self, product: View) -> str:
        """Return that a product is no longer made, and what there is instead."""
        text = as_text(self.t("gone", name=product.get("name")))
        if product.get("replaced_by"):
            text += f" {self.t('replaced_by')} {self.link(product.get('replaced_by'))}{self.t('full_stop')}"
        others = listed(list(map(self.link, product.get("alternatives"))), self.scope.lang)
        return f"{text} {self.t('alternatives')}{self.t('colon')}{others}{self.t('full_stop')}" if others else text

    def compare(self, products: tuple[View, ...], keys: object) -> str:
        """Return products side by side as a table; what is not known is said."""
        rows = [["", *map(self.link, products)], ["---"] * (len(products) + 1)]
        for row in comparison_rows(self.scope, products, keys if isinstance(keys, tuple) else ()):
            title = self.t(row.key) if row.key in SHOWN else as_text(row.label)
            cells = zip(products, row.cells, strict=True)
            rows.append([title, *(self._cell(product, row.key, cell) for product, cell in cells)])
        buys = [self._first(product) for product in products]
        links = [
            self.buy(offer, as_text(f"{offer.get('merchant').get('name')} ({product.get('name')})"))
            if offer
            else self.t("no_offers_short")
            for offer, product in zip(buys, products, strict=True)
        ]
        rows.append([self.t("where_to_buy"), *links])
        return "\n".join(f"| {' | '.join(map(as_cell, row))} |" for row in rows)

    def _cell(self, product: View, key: str, cell: ComparedCell) -> str:
        if key == "rating":
            return self.rating(product.get("rating")) if product.get("rating") else self.t("no_rating")
        if key == "price":
            return self.price(product) or (self.t("see_price") if self._first(product) else self.t("no_offers_short"))
        if not cell.value:
            return self.t("not_given")
        value = as_text(" ".join(filter(None, (cell.value, cell.unit))))
        return f"**{value}** ({self.t('best_here')})" if cell.best else value

    def _first(self, product: View, only: object = None) -> Part | None:
        return next(
            (
                one
                for one in product.get("offers")
                if one.get("buyable") and (not only or one.get("key").split("/")[1] == only)
            ),
            None,
        )

    def price(self, product: View, only: object = None) -> str:
        """Return the first price that may be shown, with whose and when it was seen; '' where there is none."""
        for offer in product.get("offers"):
            if offer.get("price") and offer.get("buyable") and (not only or offer.get("key").split("/")[1] == only):
                text = self.money(offer.get("price"))
                if not offer.get("seen"):
                    return text
                seen = self.t("seen_at", merchant=offer.get("merchant").get("name"))
                return f"{text} ({as_text(seen)} {self.date(offer.get('seen'))})"
        return ""

    def buy_inline(self, product: View, label: str | None, only: object) -> str:
        """Return a link to the best offer in a sentence, else to the product's page."""
        offer = self._first(product, only)
        if offer is None:
            return self.link(product, label)
        merchant = offer.get("merchant").get("name")
        return self.buy(offer, label or as_text(self.t("name_at", name=product.get("name"), merchant=merchant)))

    def specs(self, product: View) -> str:
        """Return a product's particulars as a list."""
        rows = [(self.t("contains"), product.get("contains"))] if product.get("contains") else []
        rows += [
            (spec.get("label"), " ".join(filter(None, (spec.get("value"), spec.get("unit")))))
            for spec in product.get("specs")
        ]
        return "\n".join(f"- {as_text(name)}{self.t('colon')}{as_text(value)}" for name, value in rows)

    # --- what articles say of themselves ---

    def verdict(self, article: View) -> str:
        """Return a review's verdict with its trade-off, rating and scores."""
        words = [as_line(article.get("verdict")), f"*{as_line(article.get('but'))}*" if article.get("but") else ""]
        if article.get("rating"):
            words.append(f"({self.rating(article.get('rating'))})")
        scores = [
            f"- {as_text(one.get('name'))}{self.t('colon')}{self.rating(one.get('value'))}"
            for one in article.get("scores")
        ]
        return "\n\n".join(filter(None, (self.titled("verdict", " ".join(filter(None, words))), "\n".join(scores))))

    def points(self, article: View, name: str) -> str:
        """Return good points or drawbacks as a list."""
        return self.titled(name, *(f"- {as_line(point)}" for point in article.get(name)))

    def audience(self, record: View) -> str:
        """Return for whom a product is, and for whom not."""
        lines = [
            f"- {self.t(key)}{self.t('colon')}{as_line(record.get(key))}"
            for key in ("for_whom", "not_for")
            if record.get(key)
        ]
        return self.titled("audience", *lines)

    def evidence(self, article: View) -> str:
        """Return how the reviewer came to know the product."""
        found = article.get("evidence")
        if not found:
            return ""
        paid = found.get("price_paid")
        bought = self.t("paid", price=self.money(paid)) if paid and found.get("obtained") == "bought" else ""
        lines = [f"- {self.t('obtained')}{self.t('colon')}{self.t('obtained_' + found.get('obtained'))}{bought}"]
        if found.get("since"):
            until = f" {self.t('to_date')} {self.date(found.get('until'))}" if found.get("until") else ""
            since = f"{self.t('from_date')} {self.date(found.get('since'))}{until}"
            lines.append(f"- {self.t('in_use')}{self.t('colon')}{since}")
        if found.get("summary"):
            lines.append(f"- {self.t('how_tested')}{self.t('colon')}{as_line(found.get('summary'))}")
        if found.get("method_url"):
            title = as_text(found.get("method_title") or self.t("method"))
            lines.append(f"- {self.t('method')}{self.t('colon')}{as_link(title, self.url(found.get('method_url')))}")
        lines += [f"- {self.t('interest')}{self.t('colon')}{self.tie(tie)}" for tie in article.get("interests")]
        photos = "\n\n".join(map(self.picture, found.get("photos")))
        return "\n\n".join(filter(None, (self.titled("evidence", *lines), photos)))

    def tie(self, tie: Part) -> str:
        """Return a declared tie in words."""
        who = f"{as_text(tie.get('who'))}{self.t('colon')}" if tie.get("who") else ""
        text = as_text(self.t(f"interest_{tie.get('how')}", name=tie.get("name")))
        return " ".join(filter(None, (who + text, as_line(tie.get("note")))))

    def picks(self, article: View) -> str:
        """Return a guide's picks as cards."""
        return "\n\n".join(
            self.card(
                pick.get("product"),
                line=as_line(pick.get("verdict")),
                badge=pick.get("badge"),
                but=pick.get("but"),
                evidence=pick.get("evidence"),
            )
            for pick in article.get("picks")
        )

    def considered(self, article: View) -> str:
        """Return what a guide looked at and did not pick."""
        lines = []
        for other in article.get("considered"):
            name = self.link(other.get("product")) if other.get("product") else as_text(other.get("name"))
            lines.append(f"- {name}{self.t('colon')}{as_line(other.get('reason'))}")
        return self.titled("considered", *lines)

    def method(self, article: View) -> str:
        """Return how a guide's author chose."""
        url = article.get("method_url")
        link = as_link(as_text(article.get("method_title") or url), self.url(url)) if url else ""
        return self.titled("how_chosen", " ".join(filter(None, (as_line(article.get("method")), link))))

    def updates(self, article: View) -> str:
        """Return what was changed, and when."""
        dated: Callable[[Part], str] = lambda one: self.date(one.get("date"))  # noqa: E731
        lines = [f"- {dated(one)}{self.t('colon')}{as_line(one.get('note'))}" for one in article.get("updates")]
        return self.titled("updates", *lines)

    def maker(self, maker: View) -> str:
        """Return who makes a thing."""
        place = as_text(maker.get("place"))
        words = self.t("comma").join(filter(None, (self.link(maker), place)))
        return f"{words}. {as_line(maker.get('about'))}" if maker.get("about") else words

    def care(self, product: View) -> str:
        """Return what an owner should do, and when."""
        lines = []
        for step in product.get("care"):
            after = self.t("after", time=formatted_duration(step.get("after"), self.scope.lang))
            lines.append(f"- {after}{self.t('colon')}{as_line(step.get('do'))}")
        return self.titled("care", *lines)
