"""The structured data of a page: one graph, made from the facts that it was drawn from; knows no template.

A graph says nothing that a reader of the page cannot see, and of goods no more than the relation table allows: see
docs/structured-data.md. It is made when the page is finished, so that a price is stated only where it stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
from msgspec.structs import replace

from ccgen.model import graph
from ccgen.model.facts import (
    GROUPS,
    ArticleCard,
    ArticleUrl,
    BodyGroup,
    ImageGroup,
    LabelHead,
    ListHead,
    ListItems,
    MakerDetail,
    PersonDetail,
    ProductCard,
    SectionHead,
)
from ccgen.model.parts import Ref, owner_kind, owner_of
from ccgen.model.site import Route
from ccgen.render.drawn import Drawn, plain
from ccgen.render.goods import is_our_own, product_node
from ccgen.render.view import Scope
from ccgen.render.written import article_things, linked, person_node, short_review

__all__ = ["GRAPH", "Graphs"]

GRAPH = "\ufdd0graph\ufdd1"  # where a template wants the graph; no source can hold these characters

_PLAYED = (".mp4", ".webm", ".ogv", ".m4v", ".mov")
_NO_BODY = BodyGroup(body_digest=b"", targets=(), calls=())

Things = list[graph.Thing]
Crumb = tuple[str, str]  # name, absolute URL


class Graphs:
    """Makes every page's graph. What all pages of a language state alike is encoded once; its reads are noted again."""

    def __init__(self) -> None:
        self._shared: dict[str, tuple[msgspec.Raw, msgspec.Raw, frozenset[int]]] = {}

    def script(self, route: Route, scope: Scope, html: str) -> str:
        """Return the script element of a finished page; what it reads is noted in the page's scope."""
        drawn = Drawn(scope, html, owner=route.owner, url=route.url)
        site, organization, reads = self._site(scope)
        scope.reads |= reads
        things: Things = [] if route.kind == "home" else [_breadcrumbs(drawn)]
        things += _ABOUT[route.kind](drawn)
        things += _videos(drawn)
        text = graph.encode(graph.Document(graph=(site, organization, *things)))
        return f'<script type="application/ld+json">{text}</script>'

    def _site(self, scope: Scope) -> tuple[msgspec.Raw, msgspec.Raw, frozenset[int]]:
        found = self._shared.get(scope.lang)
        if found is None:
            own = Scope(scope.book, scope.lang, words=scope.words)
            drawn = Drawn(own)
            site, organization = (
                msgspec.Raw(msgspec.json.encode(one)) for one in (_website(drawn), _organization(drawn))
            )
            found = self._shared[scope.lang] = site, organization, frozenset(own.reads)
        return found


# --- the site --------------------------------------------------------------------------------------------------------


def _website(drawn: Drawn) -> graph.WebSite:
    return graph.WebSite(
        id=drawn.website.id,
        name=str(drawn.site("title")),
        url=drawn.home,
        description=str(drawn.site("description")),
        in_language=drawn.lang,
        publisher=drawn.organization,
    )


def _organization(drawn: Drawn) -> graph.Organization:
    """Return who answers for the site: the seller, and where nothing is sold the site itself."""
    seller = drawn.site("seller")
    if not isinstance(seller, dict):
        return graph.Organization(id=drawn.organization.id, name=str(drawn.site("title")), url=drawn.home)
    returns = seller["returns_url"]
    return graph.Organization(
        id=drawn.organization.id,
        name=seller["name"],
        url=drawn.home,
        email=seller["contact"] if "@" in seller["contact"] else "",
        has_merchant_return_policy=graph.MerchantReturnPolicy(
            id=drawn.returns.id, merchant_return_link=drawn.address(returns)
        )
        if returns
        else None,
    )


def _breadcrumbs(drawn: Drawn) -> graph.BreadcrumbList:
    crumbs = [(drawn.words("home"), drawn.home), *_crumbs(drawn)]
    items = (graph.ListItem(position=number, name=name, item=url) for number, (name, url) in enumerate(crumbs, start=1))
    return graph.BreadcrumbList(id=f"{drawn.url}#breadcrumb", item_list_element=tuple(items))


def _crumbs(drawn: Drawn) -> Iterator[Crumb]:
    """Yield the way from the home page down to this one."""
    kind = owner_kind(drawn.owner)
    if kind == "article":
        head, card = drawn.read(drawn.owner, ArticleUrl), drawn.read(drawn.owner, ArticleCard)
        section = drawn.read(head.section.owner, SectionHead)
        if section.url and head.kind != "page":
            yield section.title, drawn.address(section.url)
        yield card.title or card.summary, drawn.url
    elif kind == "list":
        lists = drawn.read(drawn.owner, ListHead)
        yield lists.title, drawn.address(_first_page(drawn, lists))
        if lists.number > 1:
            yield drawn.words("page_of", number=lists.number, pages=lists.pages), drawn.url
    else:
        yield drawn.name_of(drawn.owner), drawn.url


# --- what a page is about --------------------------------------------------------------------------------------------


def _product(drawn: Drawn) -> Things:
    """Return a product on its own page, with the rating of its review unless we sell it or were paid for the review."""
    card = drawn.read(drawn.owner, ProductCard)
    review: Things = []
    if card.review and card.rating and not is_our_own(drawn, drawn.owner):
        review = short_review(drawn, drawn.read(card.review.owner, ArticleCard), card.review.owner)
    reference = drawn.review(card.review.owner) if card.review and review else None
    product = product_node(drawn, drawn.owner, at_home=True, review=reference)
    return [product, *review] if product else [graph.ItemPage(**_page(drawn, drawn.name_of(drawn.owner)))]


def _maker(drawn: Drawn) -> Things:
    detail = drawn.read(drawn.owner, MakerDetail)
    return [
        graph.Brand(
            id=drawn.brand(drawn.owner).id,
            name=drawn.name_of(drawn.owner),
            url=drawn.url,
            description=plain(detail.about),
            same_as=(detail.site,) if detail.site else (),
            image=drawn.picture(detail.picture),
        )
    ]


def _person(drawn: Drawn) -> Things:
    detail, person = drawn.read(drawn.owner, PersonDetail), person_node(drawn, drawn.owner)
    whole = replace(person, description=plain(detail.bio), same_as=detail.same_as, image=drawn.picture(detail.picture))
    return [graph.ProfilePage(**_page(drawn, person.name), main_entity=graph.Reference(person.id)), whole]


def _list(drawn: Drawn) -> Things:
    head = drawn.read(drawn.owner, ListHead)
    items = linked(drawn, _titles(drawn, drawn.read(drawn.owner, ListItems).items))
    if not items.item_list_element:
        return [graph.CollectionPage(**_page(drawn, head.title))]
    return [graph.CollectionPage(**_page(drawn, head.title), main_entity=graph.Reference(items.id)), items]


def _page(drawn: Drawn, name: str) -> dict[str, Any]:
    """Return what pages of every kind state."""
    return {
        "id": drawn.url,
        "name": name,
        "url": drawn.url,
        "in_language": drawn.lang,
        "is_part_of": drawn.website,
    }


def _titles(drawn: Drawn, articles: tuple[Ref, ...]) -> Iterator[Crumb]:
    for one in articles:
        card = drawn.read(one.owner, ArticleCard)
        yield card.title or card.summary, drawn.address_of(one.owner)


def _first_page(drawn: Drawn, head: ListHead) -> str:
    of = head.of.owner
    return drawn.read(of, SectionHead).url if owner_kind(of) == "section" else drawn.read(of, LabelHead).url


_ABOUT: dict[str, Callable[[Drawn], Things]] = {
    "article": article_things,
    "home": lambda _drawn: [],
    "list": _list,
    "maker": _maker,
    "person": _person,
    "product": _product,
}


# --- videos ----------------------------------------------------------------------------------------------------------


def _videos(drawn: Drawn) -> Iterator[graph.VideoObject]:
    """Yield each video of the page's prose of which all is known that search asks for."""
    for call in _body(drawn).calls:
        if call.name != "video":
            continue
        params = dict(call.params)
        source, title, date, poster = (params.get(key) for key in ("src", "title", "date", "poster"))
        if source and title and date and isinstance(poster, Ref):
            address = drawn.address(str(source))
            plays = str(source).partition("?")[0].partition("#")[0].lower().endswith(_PLAYED)
            yield graph.VideoObject(
                name=str(title),
                url="" if plays else address,
                content_url=address if plays else "",
                thumbnail_url=drawn.address(drawn.read(poster.owner, ImageGroup).url),
                upload_date=str(date).replace(" ", "T", 1),
            )


def _body(drawn: Drawn) -> BodyGroup:
    """Return the prose that stands on a page, empty for none."""
    owner, kind = drawn.owner, owner_kind(drawn.owner)
    if kind == "home":
        owner = owner_of("section", drawn.lang, "")
    elif kind == "list":
        head = drawn.read(owner, ListHead)
        owner = head.of.owner if head.number == 1 else owner
    return drawn.read(owner, BodyGroup) if BodyGroup in GROUPS[owner_kind(owner)] else _NO_BODY
