from __future__ import annotations

from pathlib import Path

import pytest

from ccgen.config import Config, read_config
from ccgen.errors import Problem, SettingsError, UsageError

SITE = 'site: {title: T, url: "https://t.example/shop", language: en}\n'


def read(tmp_path: Path, text: str, **flags: object) -> Config:
    (tmp_path / "ccgen.yaml").write_text(text, encoding="utf-8")
    return read_config(tmp_path, **{"environ": {}, **flags})[0]


def faults(tmp_path: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(SettingsError) as caught:
        read(tmp_path, text)
    assert caught.value.exit_code == 2
    assert all(problem.hint for problem in caught.value.problems)
    return [(problem.code, problem.at.field) for problem in caught.value.problems]


def test_defaults(tmp_path: Path) -> None:
    config = read(tmp_path, SITE)
    assert config.root == tmp_path
    assert (config.output, config.state) == (tmp_path / "site", tmp_path / ".ccgen")
    assert config.base_url == "https://t.example/shop/"
    assert config.languages == ("en",)
    assert [(one.name, one.kind, one.pattern, one.per_page) for one in config.sections] == [
        ("reviews", "review", "/{section}/{slug}/", 20),
        ("stories", "story", "/{section}/{slug}/", 20),
        ("guides", "guide", "/{section}/{slug}/", 20),
        ("notes", "note", "/{section}/{slug}/", 20),
        ("pages", "page", "/{slug}/", 20),
    ]
    assert config.settings.theme.name == "plain"
    assert not config.drafts
    assert not config.future


def test_everything_given(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        SITE
        + "theme: {name: almanac, options: {accent: '#8c3b2a'}}\nmenu: [reviews/, {to: pages/about.md, label: Me}]\n"
        'urls: {reviews: "/{year}/{slug}/"}\nsections: {recipes: {kind: story, title: Recipes, per_page: 12}}\n'
        "offers: {order: [price]}\ncheck: {severity: {TR-06: off}, waive: [{rule: A, at: b, reason: c}]}\n"
        "limits: {pixels: 9}\noutputs: {llms: yes}\nextra: {brew_time: duration}\n",
    )
    assert config.settings.theme.options == {"accent": "#8c3b2a"}
    assert [item.to for item in config.settings.menu] == ["reviews/", "pages/about.md"]
    assert config.sections[0].pattern == "/{year}/{slug}/"
    assert (config.sections[-1].name, config.sections[-1].kind, config.sections[-1].per_page) == (
        "recipes",
        "story",
        12,
    )
    assert config.settings.limits.pixels == 9
    assert config.settings.outputs.llms is True
    assert config.settings.check.severity == {"TR-06": "off"}


def test_words_by_language(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        "site: {title: T, title@zh-CN: 题, url: 'https://t.example/', language: en, languages: [zh-CN]}\n"
        "menu: [a/, {to: b/, label: B, label@zh-CN: 乙}]\nsections: {notes: {title: Notes, title@zh-CN: 札记}}\n"
        "seller: {name: S, name@zh-CN: 商, contact: a@b.example}\n",
    )
    assert config.languages == ("en", "zh-CN")
    chinese = config.settings_in("zh-CN")
    assert (config.settings.site.title, chinese.site.title) == ("T", "题")
    assert [item.label for item in chinese.menu] == [None, "乙"]
    assert (config.section_title("notes", "en"), config.section_title("notes", "zh-CN")) == ("Notes", "札记")
    assert config.section_title("guides", "zh-CN") is None
    assert chinese.seller is not None
    assert chinese.seller.name == "商"
    assert config.settings_in("fr") is config.settings


@pytest.mark.parametrize(
    ("flags", "clock"),
    [
        ({"clock": "2026-01-02 03:04", "environ": {"SOURCE_DATE_EPOCH": "0"}}, "2026-01-02T03:04:00+08:00"),
        ({"clock": "2026-01-02 03:04Z"}, "2026-01-02T11:04:00+08:00"),
        ({"environ": {"SOURCE_DATE_EPOCH": "0"}}, "1970-01-01T08:00:00+08:00"),
        ({"environ": {"SOURCE_DATE_EPOCH": ""}}, "2026-11-21T00:00:00+08:00"),
        ({}, "2026-11-21T00:00:00+08:00"),
    ],
)
def test_the_clock(tmp_path: Path, flags: dict[str, object], clock: str) -> None:
    text = 'site: {title: T, url: "https://t.example/", language: en, timezone: Asia/Shanghai}\nclock: 2026-11-21\n'
    assert read(tmp_path, text, **flags).clock.isoformat() == clock


def test_without_a_clock_it_is_now(tmp_path: Path) -> None:
    clock = read(tmp_path, SITE).clock
    assert clock.tzinfo is not None
    assert clock.year >= 2025


def test_the_command_line_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    config = read(
        tmp_path,
        SITE,
        base_url="http://localhost:8000",
        output=Path("out"),
        state=tmp_path / "s",
        drafts=True,
        future=True,
    )
    assert config.base_url == "http://localhost:8000/"
    assert (config.output, config.state) == (tmp_path / "out", tmp_path / "s")
    assert config.drafts
    assert config.future


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [("missing-field", "")]),
        ("site: {title: T}\n", [("missing-field", "site"), ("missing-field", "site")]),
        ("site: [\n", [("yaml-syntax", "")]),
        (SITE + "them: x\n", [("unknown-key", "them")]),
        (SITE.replace("https://t.example/shop", "t.example"), [("bad-url", "site.url")]),
        (SITE.replace("shop", "shop?a=b"), [("bad-url", "site.url")]),
        (SITE.replace("language: en", "language: EN"), [("bad-language", "site.language")]),
        (SITE.replace("language: en", "language: en, timezone: Asia/Shanghi"), [("unknown-timezone", "site.timezone")]),
        (SITE.replace("language: en", "language: en, timezone: ../../etc"), [("unknown-timezone", "site.timezone")]),
        (SITE.replace("language: en", "language: en, currency: usd"), [("bad-currency", "site.currency")]),
        (SITE.replace("language: en", "language: en, languages: [fr, fr]"), [("duplicate-language", "site.languages")]),
        (SITE.replace("title: T", "title: T, title@fr: F"), [("unknown-language", "site.title@fr")]),
        (SITE.replace("title: T", "title: T, title@en: F"), [("unknown-language", "site.title@en")]),
        (SITE.replace("title: T", "title: T, url@fr: F"), [("not-a-word", "site.url@fr")]),
        (SITE + "urls: {reviews: /x/}\n", [("bad-pattern", "urls.reviews")]),
        (SITE + 'urls: {reviws: "/{slug}/"}\n', [("unknown-section", "urls.reviws")]),
        (SITE + "sections: {recipes: {title: R}}\n", [("missing-field", "sections.recipes")]),
        (SITE + "sections: {../x: {kind: story}}\n", [("bad-section", "sections.../x")]),
        (SITE + "sections: {products: {kind: story}}\n", [("bad-section", "sections.products")]),
        (SITE + "menu: [javascript:alert(1)]\n", [("unsafe-url", "menu[0].to")]),
        (SITE + "menu: [a/, mailto:a@b.example]\n", [("unsafe-url", "menu[1].to")]),
        (SITE + "offers: {order: [commission]}\n", [("unknown-choice", "offers.order[0]")]),
        (SITE + "clock: soon\n", [("bad-date", "clock")]),
        (SITE + "limits: {pixels: 0}\n", [("bad-number", "limits.pixels")]),
        (SITE + "theme: x\nthemes: y\nmenus: []\n", [("unknown-key", "themes"), ("unknown-key", "menus")]),
    ],
)
def test_bad_settings(tmp_path: Path, text: str, expected: list[tuple[str, str]]) -> None:
    assert faults(tmp_path, text) == expected


def test_warnings_are_returned(tmp_path: Path) -> None:
    (tmp_path / "ccgen.yaml").write_text(SITE + "seller: {contact: a, name: Fix #3\n  }\n")
    _, problems = read_config(tmp_path, environ={})
    assert [problem.code for problem in problems] == ["yaml-lost-text"]


def usage(tmp_path: Path, **flags: object) -> UsageError:
    with pytest.raises(UsageError) as caught:
        read_config(tmp_path, **{"environ": {}, **flags})
    assert caught.value.hint
    return caught.value


def test_no_site_here(tmp_path: Path) -> None:
    assert "ccgen new site" in usage(tmp_path).hint
    (tmp_path / "ccgen.yml").write_text(SITE)
    assert usage(tmp_path).hint == "rename `ccgen.yml` to `ccgen.yaml`"
    assert usage(tmp_path / "ccgen.yml").code == "no-settings"


@pytest.mark.parametrize(
    "flags",
    [
        {"base_url": "ftp://x.example"},
        {"base_url": "example.org"},
        {"base_url": "https://a.example/?q"},
        {"clock": "tomorrow"},
        {"environ": {"SOURCE_DATE_EPOCH": "x"}},
        {"environ": {"SOURCE_DATE_EPOCH": "9" * 30}},
    ],
)
def test_bad_flags(tmp_path: Path, flags: dict[str, object]) -> None:
    (tmp_path / "ccgen.yaml").write_text(SITE)
    usage(tmp_path, **flags)


def test_a_folder_in_place_of_the_settings(tmp_path: Path) -> None:
    (tmp_path / "ccgen.yaml").mkdir()
    with pytest.raises(UsageError) as caught:
        read_config(tmp_path, environ={})
    assert caught.value.code == "not-a-file"


def test_problems_are_values(tmp_path: Path) -> None:
    (tmp_path / "ccgen.yaml").write_bytes(b"site: \xff\n")
    with pytest.raises(SettingsError) as caught:
        read_config(tmp_path, environ={})
    assert isinstance(caught.value.problems[0], Problem)
    assert caught.value.problems[0].code == "not-utf8"
