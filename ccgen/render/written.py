"""What somebody wrote, as a page's graph states it: articles, reviews, and a guide's picks; knows no template."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec.structs import asdict, replace

from ccgen.model import graph
from ccgen.model.facts import ArticleCard, ArticleHead, ArticleRelation, ArticleUrl
from ccgen.model.parts import Ref, id_of
from ccgen.render.drawn import Drawn, plain
from ccgen.render.goods import is_our_own, product_node

__all__ = ["article_things", "linked", "person_node", "short_review"]

_FEWEST_NOTES = 2  # pros and cons together, Google: product snippet
_WORST = "0"  # ratings are not negative, so a scale begins there


def article_things(drawn: Drawn) -> list[graph.Thing]:
    """Return what an article's page is about: the article as what it is, what it judges, and who wrote it."""
    head, card = drawn.read(drawn.owner, ArticleUrl), drawn.read(drawn.owner, ArticleCard)
    if head.kind == "page":
        return [_web_page(drawn, card)]
    written, authors = _written(drawn, card), [person_node(drawn, one.owner) for one in card.authors]
    relation = drawn.read(drawn.owner, ArticleRelation)
    if head.kind == "review" and card.product and not _is_sponsored(relation, card.product):
        return [*_review(drawn, written, card.rating, card.product.owner), *authors]
    if head.kind == "note":
        return [graph.BlogPosting(**asdict(written)), *authors]
    picks = _picks(drawn, relation) if head.kind == "guide" else None
    if picks is None:
        return [written, *authors]
    return [replace(written, main_entity=graph.Reference(picks.id)), picks, *authors]


def person_node(drawn: Drawn, owner: str) -> graph.Person:
    """Return a person as an article names them; the rest stands on their own page."""
    return graph.Person(id=drawn.person(owner).id, name=drawn.name_of(owner), url=drawn.address_of(owner))


def linked(drawn: Drawn, rows: Iterable[tuple[str, str]]) -> graph.ItemList:
    """Return the page's list of other pages, (name, absolute URL) each."""
    items = tuple(
        graph.ListItem(position=number, name=name, url=url) for number, (name, url) in enumerate(rows, start=1)
    )
    return graph.ItemList(id=f"{drawn.url}#list", item_list_element=items)


def short_review(drawn: Drawn, card: ArticleCard, review: str) -> list[graph.Thing]:
    """Return the review whose rating the page of its product shows, and who wrote it; empty if it was paid for."""
    if _is_sponsored(drawn.read(review, ArticleRelation), Ref(drawn.owner)):
        return []
    node = graph.Review(
        id=drawn.review(review).id,
        name=card.title or card.summary,
        url=drawn.address_of(review),
        author=_authors(drawn, card),
        date_published=card.date,
        item_reviewed=drawn.product(drawn.owner),
        review_rating=_rating(drawn, card.rating),
    )
    return [node, *(person_node(drawn, one.owner) for one in card.authors)]


def _web_page(drawn: Drawn, card: ArticleCard) -> graph.WebPage:
    return graph.WebPage(
        id=drawn.url,
        name=card.title or card.summary,
        url=drawn.url,
        in_language=drawn.lang,
        is_part_of=drawn.website,
        date_modified=_later(card.date, card.updated),
        image=drawn.pictures(card.picture),
    )


def _written(drawn: Drawn, card: ArticleCard) -> graph.Article:
    """Return what every kind of article states."""
    title = card.title or card.summary
    pictures = (card.picture,) if card.picture else drawn.read(drawn.owner, ArticleHead).pictures
    return graph.Article(
        id=f"{drawn.url}#article",
        url=drawn.url,
        headline=title,
        description="" if card.summary == title else card.summary,
        in_language=drawn.lang,
        date_published=card.date,
        date_modified=_later(card.date, card.updated),
        author=_authors(drawn, card),
        publisher=drawn.organization,
        is_part_of=drawn.website,
        image=drawn.pictures(*pictures),
    )


def _authors(drawn: Drawn, card: ArticleCard) -> tuple[graph.Reference, ...]:
    return tuple(drawn.person(one.owner) for one in card.authors) or (drawn.organization,)


def _later(date: str, updated: str) -> str:
    """Return when an article was last changed, never before it appeared; '' if it never was."""
    if not (date and updated):
        return updated
    first, last = (datetime.fromisoformat(one) for one in (date, updated))
    if first.tzinfo is None or last.tzinfo is None:  # one of them is in the site's zone, and so are probably both
        first, last = first.replace(tzinfo=None), last.replace(tzinfo=None)
    return updated if last >= first else date


def _is_sponsored(relation: ArticleRelation, *products: Ref) -> bool:
    """Say whether an article was paid for as a whole, or for one of some products: it is an advertisement then."""
    about = {"", *(id_of(one.owner) for one in products)}
    return any(name == "sponsored" and product in about for product, name in relation.ties)


# --- reviews ---------------------------------------------------------------------------------------------------------


def _review(drawn: Drawn, written: graph.Article, rating: str, reviewed: str) -> list[graph.Thing]:
    ident = drawn.review(drawn.owner)
    pros, cons = (None, None) if is_our_own(drawn, reviewed) else _notes(drawn)
    review = graph.Review(
        **asdict(replace(written, id=ident.id, name=written.headline)),
        item_reviewed=drawn.product(reviewed),
        review_rating=_rating(drawn, rating),
        positive_notes=pros,
        negative_notes=cons,
    )
    name = drawn.name_of(reviewed)
    if not (name in written.headline or drawn.tells(name)):
        return [review]  # known by its id, which its own page explains
    product = product_node(drawn, reviewed, at_home=False, review=ident)
    return [review, product] if product else [review]


def _rating(drawn: Drawn, rating: str) -> graph.Rating | None:
    if not rating:
        return None
    return graph.Rating(rating_value=rating, best_rating=str(drawn.site("rating_scale")), worst_rating=_WORST)


def _notes(drawn: Drawn) -> tuple[graph.ItemList | None, graph.ItemList | None]:
    """Return pros and cons as far as they stand on the page; never of goods that the reviewer makes."""
    head = drawn.read(drawn.owner, ArticleHead)
    if head.evidence is not None and head.evidence.obtained == "ours":
        return None, None
    pros, cons = ([plain(line) for line in lines if drawn.shows_line(line)] for lines in (head.pros, head.cons))
    if len(pros) + len(cons) < _FEWEST_NOTES:
        return None, None
    return _numbered(pros), _numbered(cons)


def _numbered(names: list[str]) -> graph.ItemList | None:
    items = tuple(graph.ListItem(position=number, name=name) for number, name in enumerate(names, start=1))
    return graph.ItemList(item_list_element=items) if items else None


def _picks(drawn: Drawn, relation: ArticleRelation) -> graph.ItemList | None:
    """Return a guide's picks as links to the products' pages, where each is described in full."""
    products = [one.product for one in drawn.read(drawn.owner, ArticleHead).picks]
    if not products or _is_sponsored(relation, *products):
        return None
    return linked(drawn, ((drawn.name_of(one.owner), drawn.address_of(one.owner)) for one in products))
