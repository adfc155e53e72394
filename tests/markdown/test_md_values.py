"""What is said of a parameter that does not fit: all that is allowed, or the nearest of the words."""

from __future__ import annotations

import pytest

from ccgen.load.markdown.values import advice, fault
from ccgen.load.theme.values import PARAM_TYPES
from ccgen.model.theme import Param

UNITS = ("metric", "us", "imperial", "chinese")


@pytest.mark.parametrize(
    ("param", "text", "hint"),
    [
        (Param(type="choice", choices=UNITS), "imperal", "did you mean `imperial`?"),
        (Param(type="choice", choices=UNITS), "zzz", "write one of `metric`, `us`, `imperial`, `chinese`"),
        (Param(type="[choice]", choices=UNITS), "us,metrik", "did you mean `metric`?"),
        (
            Param(type="[choice]", choices=("a", "b"), default="a"),
            "a,zzz",
            "write a list `a,b,c`, each of them one of `a`, `b`, or leave it out for the default, `a`",
        ),
        (Param(type="flag"), "ture", "did you mean `true`?"),
        (Param(type="flag", default="no"), "2", "write `yes` or `no`, or leave it out for the default, `no`"),
        (Param(type="int", min="1", max="4", doc="Columns."), "9", "write a whole number from 1 to 4 (Columns)"),
        (Param(type="int", min="1"), "0", "write a whole number, at least 1"),
        (Param(type="duration", max="7 days"), "8 days", "write a duration such as `7 days`, at most 7 days"),
        (Param(type="date"), "tomorrow", "write a date such as `2026-11-27`"),
        (Param(type="[product]"), "a,,b", "write a list `a,b,c`, each of them the id of a product"),
        (Param(type="url"), "javascript:x", "write an address that begins with `https://`, or a path of this site"),
    ],
)
def test_the_hint_says_what_is_allowed(param: Param, text: str, hint: str) -> None:
    assert fault(param, text)
    assert advice(param, text) == hint


@pytest.mark.parametrize("kind", PARAM_TYPES)
def test_every_type_has_words_of_its_own(kind: str) -> None:
    said = advice(Param(type=kind, choices=("a",) if kind == "choice" else ()), "zzz")
    assert said != "write text" or kind in {"text", "markdown"}
