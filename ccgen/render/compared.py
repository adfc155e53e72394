"""The table of a comparison for pages and twins: reads the facts of the products and notes them; knows no rule of comparing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jinja2 import pass_context
from jinja2.runtime import Context

from ccgen.commerce.compare import compared, row_keys
from ccgen.model.facts import CategoryDetail, ProductCard, ProductDetail, group_index
from ccgen.model.parts import ComparedRow, SpecFact
from ccgen.render.context import scope_of
from ccgen.render.view import Scope, View

__all__ = ["comparison", "comparison_rows"]

_CARD, _DETAIL = group_index("product", ProductCard), group_index("product", ProductDetail)


@pass_context
def comparison(context: Context, products: Sequence[View], by: Sequence[str] = ()) -> Any:
    """Return the rows of `comparison_rows` as a template may hold them."""
    scope = scope_of(context)
    return scope.wrap(comparison_rows(scope, products, by))


def comparison_rows(scope: Scope, products: Sequence[View], by: Sequence[str] = ()) -> tuple[ComparedRow, ...]:
    """Return rows with `key`, `label`, `better` and `cells` (`value`, `unit`, `best`), a cell for each product.

    `by` are the keys of the rows; without it all specs in the order of their categories, `rating` and `price`.
    """
    specs = [_specs(scope, product) for product in products]
    labels = [label for product in products for label in _labels(scope, product)]
    keys = tuple(by) or row_keys(specs, (label.key for label in labels))
    return compared(specs, labels, keys)


def _specs(scope: Scope, product: View) -> tuple[SpecFact, ...]:
    detail: ProductDetail = scope.read(product.owner, _DETAIL)
    return detail.specs


def _labels(scope: Scope, product: View) -> Iterable[SpecFact]:
    card: ProductCard = scope.read(product.owner, _CARD)
    if card.category is None:
        return ()
    category: CategoryDetail = scope.read(card.category.owner)
    return category.labels
