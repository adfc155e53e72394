"""Profiles: bodies of law and programme terms as dated data, chosen in ccgen.yaml; knows no rule and no site.

`google` and `eu` are active where nothing is chosen. Periods are whole numbers in the unit that a parameter's name ends in;
where several active profiles give one, the strictest counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from ccgen.model.settings import CheckSettings

__all__ = ["DEFAULT_PROFILES", "PARAMETERS", "PROFILES", "Profile", "active_profiles", "parameter"]

DEFAULT_PROFILES = CheckSettings().profiles


class Profile(NamedTuple):
    """One body of rules. `reviewed` is the ISO date on which its sources were last looked at."""

    name: str
    title: str
    reviewed: str
    sources: tuple[str, ...]
    parameters: Mapping[str, int] = {}


PROFILES: Mapping[str, Profile] = {
    one.name: one
    for one in (
        Profile(
            "google",
            "Google Search and Merchant Center",
            "2026-11-20",
            (
                "https://developers.google.com/search/docs/appearance/structured-data/product-snippet",
                "https://developers.google.com/search/docs/appearance/structured-data/merchant-listing",
                "https://developers.google.com/search/docs/appearance/structured-data/review-snippet",
                "https://support.google.com/merchants/answer/7052112",
            ),
        ),
        Profile(
            "eu",
            "European Union",
            "2026-11-20",
            (
                "Directive 98/6/EC, article 6a (reductions of price); CJEU C-330/23",
                "Directive 2005/29/EC, article 7(6) (reviews by consumers)",
            ),
            {"lowest_price_days": 30},
        ),
        Profile(
            "us",
            "United States",
            "2026-11-20",
            ("16 CFR part 255 (endorsements)", "16 CFR part 465 (reviews and testimonials)"),
        ),
        Profile(
            "uk",
            "United Kingdom",
            "2026-11-20",
            (
                "CAP Code, section 2 (recognition of advertising)",
                "Digital Markets, Competition and Consumers Act 2024, schedule 20; CMA208",
            ),
        ),
        Profile(
            "de",
            "Germany",
            "2026-11-20",
            ("UWG § 5a(4); BGH of 9 September 2021, I ZR 90/20 and others (marking of advertising)",),
            {"lowest_price_days": 30},
        ),
        Profile(
            "amazon",
            "Amazon Associates",
            "2026-11-20",
            (
                "https://affiliate-program.amazon.com/help/operating/policies",
                "https://affiliate-program.amazon.com/help/operating/agreement",
            ),
            {"amazon_price_hours": 24},
        ),
        Profile(
            "cn",
            "China",
            "2026-11-20",
            ("互联网广告管理办法 (2023), article 9",),
        ),
    )
}

# What holds where no active profile says otherwise.
PARAMETERS: Mapping[str, int] = {
    "lowest_price_days": 30,
    "price_days": 7,
    "amazon_price_hours": 24,
    "verified_months": 12,
}


def active_profiles(chosen: Iterable[str]) -> tuple[str, ...]:
    """Return the profiles that count, for what ccgen.yaml chooses (`check.profiles`); unknown names are left out."""
    return tuple(dict.fromkeys(name for name in chosen if name in PROFILES))


def parameter(name: str, profiles: Iterable[str]) -> int:
    """Return a period under the active profiles: the longest for what must be proven, the shortest for what grows old."""
    given = [PROFILES[one].parameters[name] for one in profiles if name in PROFILES[one].parameters]
    if not given:
        return PARAMETERS[name]
    return max(given) if name == "lowest_price_days" else min(given)
