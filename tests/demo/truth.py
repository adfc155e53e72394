"""What the demo's records say, read from content/ by plain YAML and worked out by the documented rules; knows no page.

Nothing here may call the program: it is what the program is compared with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import yaml
from support import REPOSITORY

CONTENT = REPOSITORY / "content"
LANGUAGES = ("en", "zh-CN")
ZONE = ZoneInfo("Asia/Shanghai")
SOLD_OUT = {"out_of_stock", "discontinued"}
Money = tuple[Decimal, str]


class Offer(NamedTuple):
    """One offer at one clock, in one language; `price` is None where it may not be shown, `until` where it always may."""

    product: str
    merchant: str
    role: str
    seller: str
    url: str
    price: Money | None
    unit: Money | None
    was: Money | None  # the earlier price that is told beside it
    until: datetime | None
    stock: str
    condition: str
    seen: date | None
    buyable: bool
    mark: str
    rel: str


class Goods(NamedTuple):
    """A product; `offers` in the declared order, `written` the prices as they stand in the record, by merchant."""

    ident: str
    name: str
    gone: bool
    ours: bool
    offers: tuple[Offer, ...]
    written: dict[str, Money]
    specs: tuple[str, ...]

    @property
    def first(self) -> Offer | None:
        return next((one for one in self.offers if one.buyable), None)

    @property
    def priced(self) -> Offer | None:
        return next((one for one in self.offers if one.buyable and one.price), None)


def load(text: str) -> Any:
    """Read YAML with every value as the text that was written."""
    return yaml.load(text, yaml.BaseLoader)


def front(path: Path) -> tuple[dict[str, Any], str]:
    text = path.read_text(encoding="utf-8")
    if not text.startswith("---\n"):
        return (load(text) or {}, "") if path.suffix == ".yaml" else ({}, text)
    _, head, prose = text.split("---\n", 2)
    return load(head) or {}, prose


def source(folder: str, ident: str, lang: str) -> Path | None:
    """Return the file of a record or an article in a language, None where there is none."""
    middle = "" if lang == LANGUAGES[0] else f".{lang}"
    stems = (f"{ident}{middle}.md", f"{ident}{middle}.yaml", f"{ident}/index{middle}.md")
    return next((CONTENT / folder / stem for stem in stems if (CONTENT / folder / stem).is_file()), None)


def laid(base: Any, over: Any) -> Any:
    """Lay a translation's words over what it inherits: key by key, and lists of mappings row by row."""
    if isinstance(base, dict) and isinstance(over, dict):
        return {key: laid(base.get(key), over[key]) if key in over else base[key] for key in {**base, **over}}
    if isinstance(base, list) and isinstance(over, list) and all(isinstance(one, dict) for one in (*base, *over)):
        rows = zip(base, over, strict=False)
        return [*(laid(*pair) for pair in rows), *base[len(over) :], *over[len(base) :]]
    return over


@cache
def record(folder: str, ident: str, lang: str) -> dict[str, Any]:
    """Return a record's keys: those of the default language, with the words of `lang` over them."""
    found: dict[str, Any] = {}
    for one in dict.fromkeys((LANGUAGES[0], lang)):
        path = source(folder, ident, one)
        if path is not None:
            found = laid(found, front(path)[0])
    return found


def idents(folder: str) -> list[str]:
    paths = (CONTENT / folder).iterdir()
    return sorted({path.name.split(".")[0] for path in paths if not path.name.startswith(("_", "."))})


@cache
def words(lang: str) -> dict[str, str]:
    """Return the theme's strings, which are data that translators write."""
    text = (REPOSITORY / f"themes/plain/i18n/{lang}.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = load(text)
    return {key: value for key, value in found.items() if isinstance(value, str)}


# --- offers ---


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def until_of(merchant: dict[str, Any], checked: str | None) -> datetime | None:
    """Return when a price stops to be shown by `show_price`; None for never. One that must not be shown ends long ago."""
    rule = merchant.get("show_price") or ("always" if merchant["role"] == "ours" else "7 days")
    if rule == "always":
        return None
    if rule == "never" or checked is None:
        return datetime.min.replace(tzinfo=ZONE)
    number, unit = rule.split()
    assert unit.rstrip("s") == "day"
    return moment(checked) + timedelta(days=int(number))


def unit_of(price: Money | None, contains: str | None) -> Money | None:
    """Return the price by kilogram or litre, below 250 g or ml by 100; rounded once."""
    if price is None or contains is None:
        return None
    number, unit = contains.split()
    amount = Fraction(number) * {"g": 1, "kg": 1000, "ml": 1, "l": 1000}[unit]
    by = 100 if amount < 250 else 1000
    if amount == by:
        return None  # it would say the price again
    exact = Fraction(price[0]) * by / amount
    value = Decimal(exact.numerator) / Decimal(exact.denominator)
    return value.quantize(Decimal("0.01"), ROUND_HALF_UP), price[1]


RELATIONS = ("sponsored", "affiliate", "gift", "loan", "stall", "own", "none")  # strictest first
OF_ROLE = {"ours": "own", "stall": "stall", "affiliate": "affiliate", "none": "none"}


def related(role: str, ties: set[str]) -> list[str]:
    return sorted({OF_ROLE[role], *ties}, key=RELATIONS.index)


def mark_of(role: str, ties: set[str], seller: str, lang: str) -> str:
    strictest = related(role, ties)[0]
    return "" if strictest == "none" else words(lang)[f"mark_{strictest}"].replace("{merchant}", seller)


def rel_of(role: str, ties: set[str]) -> str:
    strictest = related(role, ties)[0]
    if strictest in {"sponsored", "affiliate", "gift", "loan"}:
        return "sponsored nofollow noopener"
    return "noopener" if strictest == "none" else ""


def offer_of(ident: str, given: dict[str, Any], known: dict[str, Any], lang: str, clock: datetime) -> Offer:
    merchant = record("merchants", given["merchant"], lang)
    until = until_of(merchant, given.get("checked") or known.get("checked"))
    fresh = until is None or clock < until
    currency = merchant.get("currency") or "USD"
    price = (Decimal(given["price"]), currency) if given.get("price") and fresh else None
    checked = given.get("checked") or known.get("checked")
    stock = given.get("availability", "unknown")
    return Offer(
        product=ident,
        merchant=given["merchant"],
        role=merchant["role"],
        seller=merchant["name"],
        url=given["url"],
        price=price,
        unit=unit_of(price, known.get("contains")),
        was=(Decimal(given["was"]["price"]), merchant["currency"]) if price and "was" in given else None,
        until=until if price else None,
        stock=stock,
        condition=given.get("condition", ""),
        seen=moment(checked).date() if price and checked else None,
        buyable=stock not in SOLD_OUT and known.get("status") != "gone",
        mark=mark_of(merchant["role"], set(), merchant["name"], lang),
        rel=rel_of(merchant["role"], set()),
    )


def rank(offer: Offer) -> tuple[bool, bool, bool, Decimal]:
    """The order of docs/settings.md: what can be bought, our own first, then what is in stock, then the lower price."""
    price = offer.price[0] if offer.price else Decimal("Infinity")
    return not offer.buyable, offer.role != "ours", offer.stock not in {"in_stock", "limited"}, price


@cache
def goods(lang: str, clock: datetime) -> dict[str, Goods]:
    """Return every product of the demo as it is at one clock, in one language."""
    found = {}
    for ident in idents("products"):
        known = record("products", ident, lang)
        made = [offer_of(ident, one, known, lang, clock) for one in known.get("offers", ())]
        maker = record("makers", known["maker"], lang) if "maker" in known else {}
        category = record("categories", known["category"], lang)
        found[ident] = Goods(
            ident=ident,
            name=known["name"],
            gone=known.get("status") == "gone",
            ours=maker.get("ours") == "yes",
            offers=tuple(sorted(made, key=rank)),
            written={
                one["merchant"]: (Decimal(one["price"]), record("merchants", one["merchant"], lang)["currency"])
                for one in known.get("offers", ())
                if "price" in one
            },
            specs=tuple(key for key in category.get("specs", {}) if key in known.get("specs", {})),
        )
    return found


def bought(href: str) -> tuple[str, str] | None:
    """Return product and merchant of a purchase link; None for a link that leads to no merchant."""
    parts = urlsplit(href)
    if parts.hostname == "go.northshop.example":
        href = parse_qs(parts.query)["u"][0]
    for ident, one in goods(LANGUAGES[0], datetime.min.replace(tzinfo=ZONE)).items():
        for offer in one.offers:
            if offer.url == href:
                return ident, offer.merchant
    hosts = {urlsplit(record("merchants", one, "en")["url"]).hostname for one in idents("merchants")}
    assert urlsplit(href).hostname not in hosts, f"{href} leads to a merchant and to no offer"
    return None


# --- articles ---


class Article(NamedTuple):
    """What an article's file says; `calls` are its directives in order: name, label, products."""

    section: str
    ident: str
    lang: str
    meta: dict[str, Any]
    prose: str
    calls: tuple[tuple[str, str, tuple[str, ...]], ...]

    @property
    def path(self) -> str:
        folder = "" if self.lang == LANGUAGES[0] else f"{self.lang}/"
        return f"{folder}{'' if self.section == 'pages' else f'{self.section}/'}{self.ident}/index"

    @property
    def ties(self) -> dict[str, set[str]]:
        """Return what the article's evidence adds to the links to a product."""
        found = {self.meta["product"]: self.meta["evidence"]} if "evidence" in self.meta else {}
        for pick in self.meta.get("picks", ()):
            review = review_of(pick["product"], self.lang)
            found |= {pick["product"]: pick.get("evidence") or (review.meta["evidence"] if review else {})}
        return {product: {one["obtained"]} & {"gift", "loan"} for product, one in found.items() if one}

    @property
    def paid(self) -> set[Money]:
        """Return what the author paid, by the evidence of the article and of its picks."""
        found = [self.meta.get("evidence", {})]
        for pick in self.meta.get("picks", ()):
            review = review_of(pick["product"], self.lang)
            found += [pick.get("evidence", {}), review.meta["evidence"] if review else {}]
        return {(Decimal(one["price_paid"]), "USD") for one in found if "price_paid" in one}


CALL = re.compile(r":(?P<name>[a-z]+)(?:\[(?P<label>[^\]]*)\])?\{(?P<given>[^}]*)\}")


def calls_of(prose: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for found in CALL.finditer(prose):
        given = tuple(one for one in found["given"].split() if "=" not in one)
        yield found["name"], found["label"] or "", given


@cache
def articles(lang: str) -> tuple[Article, ...]:
    """Return every article that has a text in a language; a translation inherits what it does not say."""
    found = []
    for section in ("reviews", "stories", "guides", "notes", "pages"):
        for ident in idents(section):
            path = source(section, ident, lang)
            if path is not None:
                own, prose = front(path)
                meta = laid(record(section, ident, LANGUAGES[0]), own)
                found.append(Article(section, ident, lang, meta, prose, tuple(calls_of(prose))))
    return tuple(found)


def review_of(product: str, lang: str) -> Article | None:
    """Return the review of a product, in the language or the default one."""
    both = (*articles(lang), *articles(LANGUAGES[0]))
    return next((one for one in both if one.section == "reviews" and one.meta["product"] == product), None)


# --- who pays ---


def sentence(name: str, sellers: list[str], lang: str) -> str:
    return words(lang)[f"disclosure_{name}"].replace("{merchants}", words(lang)["comma"].join(sellers))


def told_of(one: Goods, lang: str) -> list[str]:
    """Return the sentences that a product's page owes: of its offers, of its review, of its making, of ties to it."""
    review = review_of(one.ident, lang)
    obtained = review.meta["evidence"]["obtained"] if review else ""
    found = []
    for relation in RELATIONS:
        sellers = sorted({(offer.merchant, offer.seller) for offer in one.offers if OF_ROLE[offer.role] == relation})
        if relation in {"affiliate", "stall", "own"} and sellers:
            found.append(sentence(relation, [seller for _, seller in sellers], lang))
        if relation == obtained:
            found.append(sentence(f"{relation}_product", [], lang))
    if (one.ours or obtained == "ours") and not any(offer.role in {"ours", "stall"} for offer in one.offers):
        found.append(sentence("made_product", [], lang))
    return found + ties_to({one.ident}, idents("people"), lang)


def ties_to(products: set[str], people: list[str], lang: str) -> list[str]:
    """Return what people declare about products or their makers."""
    makers = {record("products", one, lang).get("maker") for one in products}
    found = []
    for person in people:
        known = record("people", person, lang)
        for tie in known.get("interests", ()):
            if tie["with"] in makers | products:
                what = words(lang)[f"interest_{tie['how']}"].replace(
                    "{name}", record("makers", tie["with"], lang)["name"]
                )
                found.append(f"{known['name']}{words(lang)['colon']}{what} {tie['note']}")
    return found
