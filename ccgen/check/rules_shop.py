"""The rules about selling on one's own (CK) and product feeds (FD), as data."""

from __future__ import annotations

from ccgen.model.rule import Rule

__all__ = ["RULES"]

_MERCHANT = "Google Merchant Center: product data specification"
_OPENAI = "OpenAI product feed specification"
_OURS = "ccgen's own design"

RULES: tuple[Rule, ...] = (
    Rule(
        id="CK-01",
        title="who sells goods of their own names no contact, or no page on returns or shipping",
        severity="error",
        profiles=("own",),
        decided=("records",),
        source=f"{_OPENAI}; Google Search Central: merchant listing",
        fix="give `seller:` its `contact:`, `returns:` and `shipping:`",
    ),
    Rule(
        id="CK-02",
        title="a checkout works by a script only",
        severity="warning",
        profiles=("own",),
        decided=("page",),
        source=_OURS,
        fix="put a plain link to the offer beside it",
    ),
    Rule(
        id="CK-03",
        title="a cart's button names an address or a price that is not the page's",
        severity="error",
        profiles=("own",),
        decided=("page",),
        source="Snipcart: product definition",
        fix="write `page.url` and `offer.price` into the button",
    ),
    Rule(
        id="CK-04",
        title="a page loads a script from another host",
        severity="warning",
        profiles=("own",),
        decided=("page",),
        source=_OURS,
        fix="keep the script in the theme's assets, or waive the rule with the reason",
    ),
    Rule(
        id="FD-01",
        title="a product feed holds what this site does not sell",
        severity="error",
        profiles=("aff",),
        decided=("plan",),
        source="Google Shopping policies",
        fix="only offers at a merchant with `role: ours` belong into a feed",
    ),
    Rule(
        id="FD-02",
        title="an entry of a product feed lacks what its target asks for",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=f"{_MERCHANT}; {_OPENAI}; Meta catalogue reference",
        fix="add the field to the product's record",
    ),
    Rule(
        id="FD-03",
        title="a field of a product feed is too long",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=_MERCHANT,
        fix="shorten it",
    ),
    Rule(
        id="FD-04",
        title="a preorder has no date of delivery, or one more than a year ahead",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=_MERCHANT,
        fix="say when it will be delivered",
    ),
    Rule(
        id="FD-05",
        title="a brand is none: `N/A`, `Generic`, `No brand`",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=_MERCHANT,
        fix="name the maker, or none",
    ),
    Rule(
        id="FD-06",
        title="an entry of a product feed can be identified neither by GTIN nor by brand and part number",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=_MERCHANT,
        fix="add `gtin:`, or `mpn:` and `maker:`",
    ),
    Rule(
        id="FD-07",
        title="a title or description in a product feed advertises, shouts, or holds HTML or a link",
        severity="warning",
        profiles=("own",),
        decided=("plan",),
        source=_MERCHANT,
        fix="say what the product is",
    ),
    Rule(
        id="FD-08",
        title="a field of the OpenAI feed holds a word for nothing, or a flag is not lower-case",
        severity="error",
        profiles=("own",),
        decided=("plan",),
        source=_OPENAI,
        fix="leave out what is not known",
    ),
    Rule(
        id="FD-09",
        title="one product has different ids in different feeds",
        severity="warning",
        profiles=("own",),
        decided=("plan",),
        source=_OPENAI,
        fix="nothing to do: every feed takes the product's own id",
    ),
)
