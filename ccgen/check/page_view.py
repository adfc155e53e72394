"""One page under the rules: what it says, what its facts say, and where findings go; holds no rule."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import datetime
from functools import cached_property
from urllib.parse import unquote

from ccgen.check.page_address import Addresses
from ccgen.check.page_sheet import Sheet, squeezed
from ccgen.check.page_shops import Purchase, Sale, Shops
from ccgen.check.page_words import Words
from ccgen.check.registry import finding
from ccgen.commerce.relation import PAID, relations
from ccgen.errors import At, Problem
from ccgen.model.body import Body, Target
from ccgen.model.facts import (
    GROUPS,
    ArticleCard,
    ArticleHead,
    ArticleRelation,
    ArticleUrl,
    BodyGroup,
    Facts,
    Group,
    ProductOffers,
    ProductRelation,
    RecordName,
    group_index,
)
from ccgen.model.parts import Offer, TargetFact, owner_kind, owner_of
from ccgen.model.site import Plan, Route, page_question
from ccgen.text.url import absolute, encode

__all__ = ["PageView", "SiteView"]

_OFFERS = group_index("product", ProductOffers)
_UNTIED = ("none",)


class SiteView:
    """What rules know of the site around a page; made once for many pages, changed by none."""

    def __init__(self, plan: Plan, base: str, rules: Set[str], now: datetime) -> None:
        self.base, self.rules, self.now = base, rules, now
        self.facts: Facts = plan.facts
        self.bodies = plan.bodies
        self.words = Words(plan.facts)
        self.shops = Shops(plan.sellers, plan.addresses, plan.facts, base)
        self.outputs = plan.outputs
        self.addresses = Addresses(base)


class PageView:
    """A page, its purchase links and its findings. `read` gathers the groups of facts that findings went by, `asked` the
    questions to whose answers they did.
    """

    def __init__(self, site: SiteView, route: Route, sheet: Sheet, *, template: str = "") -> None:
        self.site, self.route, self.sheet = site, route, sheet
        self._template = template
        self.problems: list[Problem] = []
        self.read: set[tuple[str, int]] = set()
        self.asked: set[str] = set()
        self.purchases = tuple(self._purchases())

    def _purchases(self) -> Iterator[Purchase]:
        for one in self.sheet.anchors:
            judged = self.site.shops[one.href]
            if judged is not None:
                self.asked.update(judged.asked)
                if judged.sale is not None:
                    yield Purchase(one, judged.sale, self._relations(one.href, judged.sale))

    def wants(self, *rules: str) -> bool:
        """Say whether any of some rules counts here."""
        return not self.site.rules.isdisjoint(rules)

    def note(self, rule: str, message: str, hint: str = "", at: At | None = None, *, mild: bool = False) -> None:
        """Note a finding, if its rule counts; a `mild` one is a warning at most."""
        if rule not in self.site.rules:
            return
        self.problems.append(finding(rule, message, at or self.route.source, hint or self.change(), mild=mild))

    def change(self, what: str = "") -> str:
        """Return a hint that names the template at fault and the page that shows it."""
        start = f"{what}; " if what else ""
        return f"{start}change the template that draws {self.route.url} (`{self.template}`)"

    @property
    def template(self) -> str:
        """The name of the page's template."""
        if self._template or self.route.kind != "article":
            return self._template or f"{self.route.kind}.html"
        head, url = self.group(ArticleHead), self.group(ArticleUrl)
        own = head.template if isinstance(head, ArticleHead) else ""
        return f"article/{own or (url.kind if isinstance(url, ArticleUrl) else '')}.html"

    def group(self, kind: type[Group], owner: str = "") -> Group | None:
        """Return a group of the page's owner, or of another's, and note that findings go by it."""
        owner = owner or self.route.owner
        index = _index(owner, kind)
        if index is None or owner not in self.site.facts.groups:
            return None
        self.read.add((owner, index))
        return self.site.facts.groups[owner][index]

    def offers(self, product: str) -> tuple[Offer, ...]:
        """Return a product's offers."""
        group = self.group(ProductOffers, product)
        return group.offers if isinstance(group, ProductOffers) else ()

    def led_to(self, address: str) -> Route | None:
        """Return the output to which an address on the page leads, None if to none of this site."""
        path = self.site.addresses.output(address, self.route.url)
        if path:
            self.asked.add(page_question(path))
        return self.site.outputs.get(path)

    def product_at(self, address: str) -> str:
        """Return the owner of the product to whose page an address leads, '' where there is none."""
        route = self.led_to(address)
        return route.owner if route is not None and route.kind == "product" else ""

    @property
    def body(self) -> Body | None:
        """The prose of the page's owner."""
        return self.site.bodies.get(self.route.owner)

    @cached_property
    def targets(self) -> tuple[tuple[TargetFact, Target], ...]:
        """What the prose leads to, and where it says so: none where the text is another language's, and told there."""
        body, group = self.body, self.group(BodyGroup)
        if body is None or not isinstance(group, BodyGroup) or not self.route.source.path.endswith(".md"):
            return ()
        card = self.group(ArticleCard) if body.targets else None
        if isinstance(card, ArticleCard) and "body" in card.fallback:
            return ()
        return tuple(zip(group.targets, body.targets, strict=True))

    def written(self, target: Target) -> At:
        """Return where a destination of the prose is written."""
        return At(path=self.route.source.path, start=target.start, length=target.length)

    @cached_property
    def tight(self) -> str:
        """What a reader sees, without white space."""
        return squeezed(self.sheet.text)

    @cached_property
    def served(self) -> str:
        """The page's own absolute address, '' for one that search is not to show."""
        return absolute(self.site.base, encode(self.route.url)) if self.route.kind != "404" else ""

    @cached_property
    def relation(self) -> ArticleRelation | ProductRelation | None:
        """What the page's own facts say of relations; None on pages of other kinds."""
        found = self.group(ArticleRelation if self.route.kind == "article" else ProductRelation)
        return found if isinstance(found, ArticleRelation | ProductRelation) else None

    @cached_property
    def _ties(self) -> tuple[tuple[str, str], ...]:
        return self.relation.ties if isinstance(self.relation, ArticleRelation) else ()

    def _relations(self, href: str, sale: Sale) -> tuple[str, ...]:
        """Return all relations at a purchase link, as far as the page's facts tell for certain."""
        if not self._ties:
            return sale.alone
        applies = [one for product, one in self._ties if not product or self._is_of(href, product)]
        return relations(sale.seller.role, applies)

    def _is_of(self, href: str, product: str) -> bool:
        owner = owner_of("product", self.route.lang, product)
        plain = unquote(href)
        return any(offer.base.target.partition("?")[0] in plain for offer in self.offers(owner))

    @cached_property
    def paid(self) -> tuple[Purchase, ...]:
        """The purchase links that somebody pays for."""
        return tuple([one for one in self.purchases if not PAID.isdisjoint(one.relations)])

    @cached_property
    def telling(self) -> tuple[Purchase, ...]:
        """The purchase links of which readers must be told something."""
        return tuple([one for one in self.purchases if one.relations != _UNTIED])

    def shown_offers(self, *, amazon: bool = False) -> Iterator[Offer]:
        """Yield the offers whose links stand on the page; of Amazon's programme alone, where that is asked for."""
        for one in self.purchases:
            if one.seller.amazon or not amazon:
                self.read.update((owner, _OFFERS) for owner in one.sale.products)
                yield from one.sale.offers

    def name(self, owner: str) -> str:
        """Return a record's name."""
        group = self.group(RecordName, owner)
        return group.name if isinstance(group, RecordName) else ""


def _index(owner: str, kind: type[Group]) -> int | None:
    """Return the number of a group among its owner's, None where owners of that kind have none."""
    known = owner_kind(owner)
    return group_index(known, kind) if kind in GROUPS.get(known, ()) else None
