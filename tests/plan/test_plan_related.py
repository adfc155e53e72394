"""Related articles: what is skipped for speed changes nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ccgen.model.parts import Ref, RelatedFact
from ccgen.plan.related import Trait, Traits, related

_WORTH = {"product": 4, "maker": 2, "tag": 1}
_COUNTED = 60  # newest articles of a trait

_TRAITS = st.builds(
    lambda reason, number: Trait(reason, number, f"{reason} {number}"),
    st.sampled_from(sorted(_WORTH)),
    st.sampled_from("0123456"),
)
_SITES = st.lists(st.lists(_TRAITS, max_size=7, unique=True), max_size=90)


def _as_told(articles: list[Traits]) -> dict[str, tuple[RelatedFact, ...]]:
    """Compare every article with every other, as the rule is told."""
    holders: dict[Trait, list[int]] = {}
    for number, article in enumerate(articles):
        for trait in article.traits:
            holders.setdefault(trait, []).append(number)
    found = {}
    for number, article in enumerate(articles):
        shared = {
            other: [one for one in article.traits if other in holders[one][:_COUNTED]]
            for other in range(len(articles))
            if other != number
        }
        best = sorted((-sum(_WORTH[one.reason] for one in both), other) for other, both in shared.items() if both)
        why = {
            other: min(both, key=lambda one: (-_WORTH[one.reason], one.name)) for other, both in shared.items() if both
        }
        found[article.key] = tuple(
            RelatedFact(article=Ref(articles[other].key), reason=why[other].reason, about=why[other].name)
            for _, other in best[:3]
        )
    return found


@given(_SITES)
def test_the_best_three_are_those_that_share_most(site: list[list[Trait]]) -> None:
    articles = [Traits(f"article:en:{number}", tuple(traits)) for number, traits in enumerate(site)]
    assert dict(related(articles)) == _as_told(articles)


def test_of_a_trait_that_many_share_only_the_newest_count() -> None:
    tag, pot = Trait("tag", "tea", "Tea"), Trait("product", "pot", "Pot")
    articles = [Traits(f"article:en:{number}", (tag, pot) if number in {3, 99} else (tag,)) for number in range(100)]
    found = related(articles)
    assert [one.article.owner for one in found["article:en:99"]] == ["article:en:3", "article:en:0", "article:en:1"]
    assert [one.article.owner for one in found["article:en:3"]] == ["article:en:99", "article:en:0", "article:en:1"]
