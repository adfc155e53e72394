"""Profiles, severities and waivers of ccgen.yaml have effect, and what they name wrongly is told."""

from __future__ import annotations

from typing import get_args

import pytest
from support import ShopMaker, review

from ccgen.check.policy import Policy, make_policy
from ccgen.check.registry import RULES, finding
from ccgen.commerce.profiles import DEFAULT_PROFILES, PARAMETERS, PROFILES, active_profiles, parameter
from ccgen.errors import At
from ccgen.model.rule import CLASSES, Decided
from ccgen.model.settings import CheckSettings, Waiver

KETTLE = At(path="content/reviews/kettle.md")


def policy(**settings: object) -> Policy:
    made, problems = make_policy(CheckSettings(**settings))  # type: ignore[arg-type]
    assert not problems
    return made


def test_the_registry_is_sound() -> None:
    for ident, rule in RULES.items():
        assert rule.id == ident
        assert rule.decided
        assert set(rule.decided) <= set(get_args(Decided))
        assert ("never" in rule.decided) == bool(rule.why) == (rule.decided == ("never",))
        assert set(rule.profiles) <= {"all", *PROFILES} | CLASSES
        assert set(rule.error_in) <= set(PROFILES)
        assert rule.verified or rule.severity != "error", "what no source shows is no error"
        assert rule.title[0].islower() or rule.title.split()[0].strip("`s’'").isupper() or rule.title[0] in "`A"
        assert not rule.title.endswith(".")
        assert rule.fix
        assert rule.source


def test_google_and_eu_count_where_nothing_is_chosen() -> None:
    assert policy().profiles == DEFAULT_PROFILES == ("google", "eu")
    assert policy().severity("SD-01", "x") == "error"  # google
    assert policy().severity("DS-02", "x") is None  # us, uk, de
    assert policy().severity("PR-05", "x") == "error"  # all
    assert policy().severity("LK-01", "x") == "error"  # paid links, whatever the profiles


def test_a_list_of_profiles_takes_the_place_of_the_default() -> None:
    made = policy(profiles=("us",))
    assert made.severity("DS-02", "x") == "error"
    assert made.severity("SD-01", "x") is None
    assert made.severity("PR-07", "x") is None  # eu, for goods of our own
    assert policy(profiles=()).severity("PR-05", "x") == "error"


def test_a_profile_makes_an_error_of_a_warning() -> None:
    assert policy().severity("DS-04", "x") == "warning"
    assert policy(profiles=("de",)).severity("DS-04", "x") == "error"


def test_a_severity_holds_for_every_place() -> None:
    made = policy(severity={"IM-02": "error", "TR-06": "off", "PR-05": "info"})
    assert made.severity("IM-02", "x") == "error"
    assert made.severity("TR-06", "x") is None
    assert "IM-02" in made.asked("error")
    assert "PR-05" not in made.asked("warning")
    assert "TR-06" not in made.asked("info")


@pytest.mark.parametrize(
    ("at", "covers", "leaves"),
    [
        ("reviews/", "content/reviews/kettle.md", "content/stories/kettle.md"),
        ("reviews", "content/reviews/kettle.md", "content/reviews-old/kettle.md"),
        ("reviews/kettle.md", "content/reviews/kettle.md", "content/reviews/kettle.zh-CN.md"),
        ("reviews/kettle", "content/reviews/kettle.zh-CN.md", "content/reviews/kettles.md"),
        ("reviews/kettle", "content/reviews/kettle/index.md", "content/reviews/kettle-2/index.md"),
        ("content/reviews/kettle.md", "content/reviews/kettle.md", "content/content.md"),
        ("ccgen.yaml", "ccgen.yaml", "content/merchants/far.yaml"),
        ("themes/mine/", "themes/mine/templates/base.html", "themes/other/templates/base.html"),
    ],
)
def test_a_waiver_covers_its_place_and_no_other(at: str, covers: str, leaves: str) -> None:
    made = policy(waive=(Waiver(rule="IM-02", at=at, reason="Why not"),))
    assert made.severity("IM-02", covers) is None
    assert made.severity("IM-02", leaves) == "warning"
    assert made.severity("IM-03", covers) == "warning"


def test_findings_are_judged_by_the_site() -> None:
    found = (
        finding("DS-04", "no mark", KETTLE),
        finding("RV-01", "we tested", KETTLE, mild=True),
        finding("TR-06", "one merchant", KETTLE),
        finding("DS-02", "after the link", KETTLE),
    )
    assert [(one.code, one.severity) for one in policy().judged(found)] == [
        ("DS-04", "warning"),
        ("RV-01", "warning"),  # over prose it stays one
        ("TR-06", "info"),
    ]
    chosen = policy(severity={"RV-01": "error", "TR-06": "off"})
    assert [(one.code, one.severity) for one in chosen.judged(found)] == [("DS-04", "warning"), ("RV-01", "error")]
    assert policy().judged(policy().judged(found)) == policy().judged(found)


def test_a_waiver_that_nothing_needs_is_named() -> None:
    waivers = tuple(Waiver(rule="IM-02", at=at, reason="Why not") for at in ("reviews/", "stories/"))
    made = policy(waive=waivers)
    found = (finding("IM-02", "whose picture", KETTLE),)
    assert [(one.code, one.at.field) for one in made.unused(found)] == [("unused-waiver", "check.waive[1]")]


def test_what_does_not_exist_is_an_error_with_the_nearest_name(shop: ShopMaker) -> None:
    site = shop(
        settings={
            "check": {
                "profiles": ["gogle"],
                "severity": {"PR-5": "off"},
                "waive": [{"rule": "IM-2", "at": "reviews/", "reason": "Why not"}],
            }
        }
    )
    found = site.fails()
    assert [(one.at.field, one.hint) for one in (*found["unknown-profile"], *found["unknown-rule"])] == [
        ("check.profiles[0]", "did you mean `google`?"),
        ("check.severity.PR-5", "did you mean `PR-05`?"),
        ("check.waive[0].rule", "did you mean `IM-02`?"),
    ]


def test_a_waiver_needs_a_reason(shop: ShopMaker) -> None:
    from ccgen.errors import SettingsError

    site = shop(settings={"check": {"waive": [{"rule": "IM-02", "at": "reviews/"}]}})
    with pytest.raises(SettingsError) as raised:
        site.config()
    assert [one.code for one in raised.value.problems] == ["missing-field"]


@pytest.mark.parametrize("key", ["at", "reason"])
@pytest.mark.parametrize("blank", ["", " "])
def test_a_waiver_says_something_in_each_key(shop: ShopMaker, key: str, blank: str) -> None:
    waiver = {"rule": "IM-02", "at": "reviews/", "reason": "Why not", key: blank}
    found = shop(settings={"check": {"waive": [waiver]}}).fails()
    assert [one.at.field for one in found["missing-field"]] == [f"check.waive[0].{key}"]


def test_a_build_stops_at_errors_and_tells_no_warnings(shop: ShopMaker) -> None:
    claim = {"content/reviews/pot.md": review(title="We tested it", rating="4", verdict="x", but="x", cons=["x"])}
    site = shop(claim)
    assert set(site.fails()) == {"RV-01"}
    waived = {"severity": {}, "waive": [{"rule": "RV-01", "at": "reviews/pot.md", "reason": "A quotation"}]}
    site.set(check=waived)
    site.build()
    assert not site.problems
    assert {one.code for one in site.check()} == {"RV-10"}


def test_an_unused_waiver_is_told_by_check_only(shop: ShopMaker) -> None:
    site = shop(settings={"check": {"waive": [{"rule": "IM-02", "at": "reviews/", "reason": "Why not"}]}})
    site.build()
    assert not site.problems
    assert site.told(site.check()) == [
        "warning unused-waiver ccgen.yaml:17:4: nothing at `reviews/` breaks `IM-02` (delete the waiver)"
    ]


def test_periods_are_the_strictest_of_the_active_profiles() -> None:
    assert parameter("lowest_price_days", ()) == PARAMETERS["lowest_price_days"] == 30
    assert parameter("amazon_price_hours", ("amazon",)) == 24
    assert active_profiles(("us", "nonsense", "us")) == ("us",)
    for one in PROFILES.values():
        assert one.parameters.keys() <= PARAMETERS.keys()
        assert one.sources
        assert one.reviewed >= "2026-11-20"
