"""Small shops whose theme can be told to lose something; knows no rule."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from support import SELLER, Content, Shop, ShopMaker, review

from ccgen.errors import Problem

THEME = "themes/mine/templates/"
FAR = {
    "name": "Far Shop",
    "role": "affiliate",
    "url": "https://far.example/",
    "link": "https://go.far.example/?u={url}&sid={sub}",
}
AMAZON = {
    "name": "Amazon",
    "role": "affiliate",
    "url": "https://www.amazon.com/",
    "network": "amazon",
    "account": "ada-20",
    "show_price": "24 hours",
}
OURS = {"name": "Our Counter", "role": "ours", "url": "https://counter.example/"}
POT = {
    "name": "Clay Pot",
    "line": "Holds two cups.",
    "offers": [
        {
            "url": "https://far.example/pot",
            "price": "84.00",
            "checked": "2026-05-31",
            "availability": "in_stock",
        }
    ],
}
REVIEW = {
    "rating": "4.5",
    "verdict": "It pours well.",
    "but": "The lid is loose.",
    "pros": ["Pours well", "Light"],
    "cons": ["Loose lid"],
}
ALL = ("google", "eu", "us", "uk", "de", "amazon", "cn")


def page_shop(
    shop: ShopMaker,
    files: Mapping[str, Content] | None = None,
    *,
    profiles: Sequence[str] = (),
    body: str = ":buy[Get it at Far Shop]{pot}, or not.\n",
    site: Mapping[str, Any] | None = None,
    **meta: Any,
) -> Shop:
    """Write a shop with a review of a pot that an affiliate sells, in a theme of its own."""
    return shop(
        {
            "themes/mine/theme.yaml": "version: 1.0\nextends: plain\n",
            "content/merchants/far.yaml": FAR,
            "content/products/pot.yaml": POT,
            "content/reviews/pot.md": review(body, **{**REVIEW, **meta}),
            **(files or {}),
        },
        settings={
            "theme": "mine",
            "seller": SELLER,
            "site": dict(site or {}),
            # what Amazon did not serve would stop every page that shows it
            "check": {"severity": {"PR-01": "off"}, **({"profiles": list(profiles)} if profiles else {})},
        },
    )


def headed(value: object, template: str = "product.html") -> dict[str, Content]:
    """Return a theme's file that adds a block of JSON-LD to a page."""
    text = value if isinstance(value, str) else json.dumps(value)
    return drawn(f'<script type="application/ld+json">{text}</script>', template, block="head")


def drawn(html: str, template: str = "product.html", *, block: str = "scripts") -> dict[str, Content]:
    """Return a theme's file that adds HTML to a page."""
    source = f"{{% extends 'plain/{template}' %}}{{% block {block} %}}{html}{{% endblock %}}"
    return {THEME + template: source}


def broken(problems: Sequence[Problem], *rules: str) -> list[Problem]:
    """Return the findings of some rules."""
    return [one for one in problems if one.code in rules]
