"""A product and its offers as a page's graph states them: by the table of docs/formats.md, "Who pays", and only what is shown."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from msgspec.structs import replace

from ccgen.model import graph
from ccgen.model.facts import CategoryDetail, ProductCard, ProductDetail, ProductOffers
from ccgen.model.parts import Offer
from ccgen.render.drawn import Drawn, plain

__all__ = ["is_our_own", "product_node"]

_SCHEMA = "https://schema.org/"
_AVAILABILITY = {
    "in_stock": "InStock",
    "limited": "LimitedAvailability",
    "preorder": "PreOrder",
    "backorder": "BackOrder",
    "made_to_order": "MadeToOrder",
    "out_of_stock": "OutOfStock",
    "discontinued": "Discontinued",
}  # what nobody has seen is not stated
_CONDITION = {"new": "NewCondition", "refurbished": "RefurbishedCondition", "used": "UsedCondition"}

Offered = graph.Offer | tuple[graph.Offer, ...] | graph.AggregateOffer


def is_our_own(drawn: Drawn, owner: str) -> bool:
    """Say whether we sell a product ourselves, be it beside others."""
    return any(offer.role == "ours" for offer in drawn.read(owner, ProductOffers).offers)


def product_node(drawn: Drawn, owner: str, *, at_home: bool, review: graph.Reference | None) -> graph.Product | None:
    """Return a product, None where nothing could be said of it that search asks for (a review or an offer).

    `at_home` = on its own page. Goods of our own are offered there only: elsewhere nobody buys them on this page.
    """
    offers = _offered(drawn, owner, at_home=at_home)
    if offers is None and review is None:
        return None
    card = drawn.read(owner, ProductCard)
    product = graph.Product(
        id=drawn.product(owner).id,
        name=drawn.name_of(owner),
        url=drawn.address_of(owner),
        description=card.line,
        image=drawn.pictures(card.picture),
        brand=_brand(drawn, card),
        review=review,
        offers=offers,
    )
    return _with_detail(drawn, owner, product, card) if at_home else product


def _with_detail(drawn: Drawn, owner: str, product: graph.Product, card: ProductCard) -> graph.Product:
    detail = drawn.read(owner, ProductDetail)
    category = drawn.read(card.category.owner, CategoryDetail).name if card.category else ""
    sku = "" if any(one.isspace() for one in detail.sku) else detail.sku
    return replace(
        product,
        description=product.description or plain(detail.description),
        image=drawn.pictures(*detail.pictures) or product.image,
        category=category,
        gtin=detail.gtin,
        mpn=detail.mpn,
        sku=sku,
    )


def _brand(drawn: Drawn, card: ProductCard) -> graph.Brand | None:
    if card.maker is None:
        return None
    maker = card.maker.owner
    return graph.Brand(id=drawn.brand(maker).id, name=drawn.name_of(maker))


# --- offers ----------------------------------------------------------------------------------------------------------


def _offered(drawn: Drawn, owner: str, *, at_home: bool) -> Offered | None:
    """Return the offers whose price stands on the page: our own if we sell it, else what the merchants ask."""
    if not drawn.drew(owner, ProductOffers):
        return None
    offers = drawn.read(owner, ProductOffers).offers
    ours = [one for one in offers if one.role == "ours"]
    if ours and not at_home:
        return None
    chosen = _comparable([one for one in ours or offers if _priced(drawn, one, own=bool(ours))])
    if not chosen:
        return None
    made = tuple(_offer(drawn, owner, one) for one in chosen)
    if len(made) == 1:
        return made[0]
    if ours or len({one.merchant for one in chosen}) == 1:
        return made  # variants of one shop: to sum them up is for several
    return _summed(chosen, made)


def _priced(drawn: Drawn, offer: Offer, *, own: bool) -> bool:
    """Say whether an offer's price can be stated; Google takes no price of 0 from a shop."""
    price = offer.price
    return price is not None and (not own or Decimal(price.amount) > 0) and drawn.shows_price(price)


def _comparable(offers: Sequence[Offer]) -> list[Offer]:
    """Return the offers to state: what can be bought, if anything can, in the currency of the first."""
    pool = [one for one in offers if one.buyable] or list(offers)
    currencies = [one.price.currency for one in pool if one.price]
    return [one for one in pool if one.price and one.price.currency == currencies[0]]


def _summed(offers: Sequence[Offer], made: tuple[graph.Offer, ...]) -> graph.AggregateOffer:
    prices = sorted((one.price for one in offers if one.price), key=lambda price: Decimal(price.amount))
    return graph.AggregateOffer(
        low_price=prices[0].amount,
        high_price="" if any(price.least for price in prices) else prices[-1].amount,
        price_currency=prices[0].currency,
        offer_count=len(made),
        offers=made,
    )


def _offer(drawn: Drawn, owner: str, offer: Offer) -> graph.Offer:
    """Return one offer. Its URL is the product's page here: a purchase link belongs to the place where it stands."""
    price = offer.price
    assert price is not None
    exact = not price.least
    availability = _AVAILABILITY.get(offer.availability, "")
    if availability and not drawn.shows(drawn.words(f"stock_{offer.availability}")):
        availability = ""
    own = offer.role == "ours"
    return graph.Offer(
        url=drawn.address_of(owner),
        price=price.amount if exact else "",
        price_currency=price.currency if exact else "",
        price_specification=None
        if exact
        else graph.PriceSpecification(price=price.amount, min_price=price.amount, price_currency=price.currency),
        price_valid_until=offer.fresh_until,
        availability=f"{_SCHEMA}{availability}" if availability else "",
        item_condition=f"{_SCHEMA}{_CONDITION[offer.condition]}" if offer.condition else "",
        seller=graph.Organization(
            name=drawn.name_of(offer.merchant.owner),
            parent_organization=drawn.organization if own else None,
        ),
        has_merchant_return_policy=_returns(drawn, owner) if own else None,
    )


def _returns(drawn: Drawn, owner: str) -> graph.MerchantReturnPolicy | graph.Reference | None:
    """Return the policy of a product of ours: its own page, else the seller's. One in words only cannot be stated."""
    detail = drawn.read(owner, ProductDetail)
    if detail.returns_url:
        return graph.MerchantReturnPolicy(merchant_return_link=drawn.address(detail.returns_url))
    seller = drawn.site("seller")
    known = isinstance(seller, dict) and bool(seller.get("returns_url"))
    return drawn.returns if known and not detail.returns else None
