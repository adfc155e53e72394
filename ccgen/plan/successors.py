"""Where a product that is gone leads its readers: to its successor, else to what can be bought instead; knows no page."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from ccgen.model.loaded import Entry
from ccgen.model.parts import Ref, ref
from ccgen.model.records import ProductRecord
from ccgen.plan.index import Index
from ccgen.plan.noting import Noting
from ccgen.plan.offers import Offers

__all__ = ["Successors"]

_MOST = 3  # alternatives on a page: a choice, not a list


class Successors(Noting):
    """Finds alternatives; notes successors that lead back."""

    def __init__(self, index: Index, offers: Offers) -> None:
        super().__init__()
        self._index, self._offers = index, offers

    def of(self, entry: Entry[ProductRecord]) -> tuple[Ref, ...]:
        """Return the alternatives to a product that is gone and whose successor cannot be bought either.

        They are of its category and can be bought; those that a review looks at come first, then the order of ids.
        """
        if entry.record.status != "gone" or self._leads_on(entry):
            return ()
        lang, index = entry.lang, self._index
        others = [one for one in self._by_category[entry.record.category or ""] if one != entry.id]
        found = [one for one in others if self._buyable(one, lang)]
        found.sort(key=lambda one: index.review_of(one, lang) is None)
        return tuple(ref("product", lang, one) for one in found[:_MOST])

    def _leads_on(self, entry: Entry[ProductRecord]) -> bool:
        """Say whether the line of successors ends at something that can be bought."""
        products, default = self._index.loaded.products, self._index.config.language
        seen = {entry.id}
        last = entry
        while last.record.replaced_by is not None:
            following = products.get((last.record.replaced_by, default))
            if following is None:
                return False  # told as unknown
            if following.id == entry.id:
                message = f"the successors of `{entry.id}` lead back to it"
                hint = "name a product that can be bought, or delete `replaced_by:`"
                at = entry.at("replaced_by")
                self._note("circular-successor", message, at, hint)
            if following.id in seen:
                return False
            seen.add(following.id)
            last = following
        return self._buyable(last.id, default)

    def _buyable(self, product: str, lang: str) -> bool:
        return any(offer.buyable for offer in self._offers.all.get(ref("product", lang, product).owner, ()))

    @cached_property
    def _by_category(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for ident, lang in sorted(self._index.loaded.products):
            category = self._index.loaded.products[ident, lang].record.category
            if category and lang == self._index.config.language:
                found[category].append(ident)
        return found
