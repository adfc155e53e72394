"""Themes that extend each other, and what is wrong with theme.yaml."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from theme_site import codes, load

from ccgen.packaged import packaged_themes, theme_file

MINE = "themes/mine/theme.yaml"


def test_plain_alone(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {}, name="plain")
    assert problems == ()
    assert theme.chain == ("plain",)
    assert theme.styles == ("plain.css",)
    assert theme.templates["base.html"].path == "theme:plain/templates/base.html"


def test_every_chain_ends_in_plain_without_saying_so(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {MINE: "version: 0.1"})
    assert problems == ()
    assert theme.chain == ("mine", "plain")


def test_nearest_first_and_each_by_its_own_name(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {
            MINE: "version: 0.1\nextends: yours >=1.0,<2\nstyles: [mine.css]\n",
            "themes/yours/theme.yaml": "version: 1.4\nextends: plain\nstyles: [yours.css]\n",
            "themes/mine/assets/mine.css": "a{}",
            "themes/mine/assets/plain.css": "b{}",
            "themes/yours/assets/yours.css": "c{}",
            "themes/yours/templates/404.html": "yours",
            "themes/mine/templates/404.html": "{% include 'yours/404.html' %}",
            "themes/yours/templates/cards/wide.html": "yours wide",
        },
    )
    assert problems == ()
    assert theme.chain == ("mine", "yours", "plain")
    assert theme.styles == ("plain.css", "yours.css", "mine.css")
    assert theme.templates["404.html"].path == "themes/mine/templates/404.html"
    assert theme.templates["yours/404.html"].text == "yours"
    assert theme.templates["plain/404.html"].path == "theme:plain/templates/404.html"
    assert theme.templates["cards/wide.html"].text == "yours wide"
    assert theme.assets["plain.css"].data == b"b{}"


def test_messages_of_packaged_themes_lead_to_their_files() -> None:
    assert theme_file("theme:plain/theme.yaml") == packaged_themes() / "plain" / "theme.yaml"
    assert theme_file("themes/plain/theme.yaml") is None


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ("", ("missing-field", MINE, "")),
        ("version: one", ("bad-version", MINE, "version")),
        ("version: 1.0\nextend: plain", ("unknown-key", MINE, "extend")),
        ("version: 1.0\nextends: plane", ("unknown-theme", MINE, "extends")),
        ("version: 1.0\nextends: plain >=9", ("theme-version", MINE, "extends")),
        ("version: 1.0\nextends: plain next", ("bad-version", MINE, "extends")),
        ("version: 1.0\nextends: mine", ("theme-cycle", MINE, "extends")),
        ("version: 1.0\ncontract: 2", ("unknown-contract", MINE, "contract")),
        ("version: 1.0\nstyles: [main.css]", ("missing-asset", MINE, "styles[0]")),
        ("version: 1.0\nimages: {card: wide}", ("bad-size", MINE, "images.card")),
        ("version: 1.0\nextra: {time: lenght}", ("unknown-type", MINE, "extra.time")),
        ("version: 1.0\nset: {toks: yes}", ("unknown-option", MINE, "set.toks")),
        ("version: 1.0\nset: {toc: maybe}", ("bad-option", MINE, "set.toc")),
        ("version: 1.0\noptions: {toc: {type: flag}}", ("repeated-option", MINE, "options.toc")),
        ("version: 1.0\noptions: {x: {type: colour}}", ("unknown-type", MINE, "options.x.type")),
        ("version: 1.0\noptions: {x: {type: choice}}", ("missing-field", MINE, "options.x")),
        ("version: 1.0\noptions: {x: {type: int, default: a}}", ("bad-default", MINE, "options.x.default")),
        ("version: 1.0\noptions: {x: {type: int, min: 5, max: 2}}", ("bad-declaration", MINE, "options.x.min")),
        ("version: 1.0\noptions: {x: {type: flag, min: 5}}", ("bad-declaration", MINE, "options.x.min")),
        ("version: 1.0\noptions: {x: {type: text, choices: [a]}}", ("bad-declaration", MINE, "options.x.choices")),
        ("version: 1.0\noptions: {x: {required: yes}}", ("bad-declaration", MINE, "options.x.required")),
        ("version: 1.0\noptions: {x-y: {}}", ("bad-name", MINE, "options.x-y")),
    ],
)
def test_faults_of_the_manifest(tmp_path: Path, manifest: str, expected: tuple[str, str, str]) -> None:
    _, problems = load(tmp_path, {MINE: manifest})
    assert codes(problems) == [expected]


def test_a_folder_without_manifest_is_no_theme(tmp_path: Path) -> None:
    _, problems = load(tmp_path, {"themes/mine/templates/404.html": "x"})
    assert codes(problems) == [("missing-file", MINE, "")]


def test_unknown_theme_has_the_nearest_as_hint_and_plain_in_its_place(tmp_path: Path) -> None:
    theme, problems = load(tmp_path, {MINE: "version: 1.0"}, name="mime")
    assert codes(problems) == [("unknown-theme", "ccgen.yaml", "theme.name")]
    assert problems[0].hint == "did you mean `mine`?"
    assert theme.chain == ("plain",)


@pytest.mark.parametrize("name", ["../../etc", "/etc", "cards", "site", "Mine"])
def test_names_that_are_no_themes(tmp_path: Path, name: str) -> None:
    files = {f"themes/{name}/theme.yaml": "version: 1.0"} if name.isalpha() else {}
    _, problems = load(tmp_path, dict(files), name=name)
    assert [problem.code for problem in problems] == ["bad-name" if files else "unknown-theme"]


def test_a_ring_names_its_themes(tmp_path: Path) -> None:
    _, problems = load(
        tmp_path,
        {MINE: "version: 1.0\nextends: yours", "themes/yours/theme.yaml": "version: 1.0\nextends: mine"},
    )
    assert codes(problems) == [("theme-cycle", "themes/yours/theme.yaml", "extends")]
    assert "`mine` → `yours` → `mine`" in problems[0].message


def test_a_sites_own_plain_must_be_whole(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {"themes/plain/theme.yaml": "version: 1.0", "themes/plain/templates/base.html": "x"},
        name="plain",
    )
    assert theme.templates["base.html"].text == "x"
    assert {problem.code for problem in problems if problem.severity == "error"} == {"missing-template"}
    assert "themes/plain/templates/home.html" in {problem.at.path for problem in problems}


def test_options_are_typed_and_laid_over_each_other(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {
            MINE: "version: 1.0\nextends: yours\nset: {rows: 3, words: [a, b]}",
            "themes/yours/theme.yaml": (
                "version: 1.0\n"
                "options: {rows: {type: int, default: 2, min: 1}, words: {type: [text]}, ink: {type: color},"
                " wide: {type: flag, default: no}}"
            ),
        },
        options="wide: on",
    )
    assert problems == ()
    wanted = {"rows": 3, "words": ("a", "b"), "ink": None, "wide": True}
    assert {key: theme.options[key] for key in wanted} == wanted


@pytest.mark.parametrize(
    ("options", "code", "field", "hint"),
    [
        ("shceme: dark", "unknown-option", "theme.options.shceme", "did you mean `scheme`?"),
        ("scheme: drak", "bad-option", "theme.options.scheme", None),
        ("toc: [yes, no]", "bad-option", "theme.options.toc", None),
        ("toc: {a: b}", "bad-option", "theme.options.toc", None),
    ],
)
def test_faults_of_the_sites_options(tmp_path: Path, options: str, code: str, field: str, hint: str | None) -> None:
    _, problems = load(tmp_path, {}, name="plain", options=options)
    assert codes(problems) == [(code, "ccgen.yaml", field)]
    assert hint is None or problems[0].hint == hint


@pytest.mark.parametrize("target", ["/etc/passwd", "../../secret.txt", "nowhere", ".", "templates"])
def test_links_out_of_the_theme_are_refused(tmp_path: Path, target: str) -> None:
    (tmp_path / "secret.txt").write_text("secret")
    assets = tmp_path / "themes" / "mine" / "assets"
    assets.mkdir(parents=True)
    (assets / "x.txt").symlink_to(target)
    theme, problems = load(tmp_path, {MINE: "version: 1.0"})
    assert codes(problems) == [("unsafe-link", "themes/mine/assets/x.txt", "")]
    assert "x.txt" not in theme.assets


def test_a_link_inside_the_theme_is_a_file(tmp_path: Path) -> None:
    assets = tmp_path / "themes" / "mine" / "assets"
    assets.mkdir(parents=True)
    (assets / "x.txt").symlink_to("y.txt")
    theme, problems = load(tmp_path, {MINE: "version: 1.0", "themes/mine/assets/y.txt": "y"})
    assert problems == ()
    assert theme.assets["x.txt"].data == b"y"


def test_a_theme_that_is_a_link_out_of_the_site_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "theme.yaml").write_text("version: 1.0")
    site = tmp_path / "site"
    (site / "themes").mkdir(parents=True)
    (site / "themes" / "mine").symlink_to(outside)
    _, problems = load(site, {})
    assert codes(problems) == [("unsafe-link", "themes/mine", "")]


def test_a_pipe_does_not_stop_the_build(tmp_path: Path) -> None:
    folder = tmp_path / "themes" / "mine" / "templates"
    folder.mkdir(parents=True)
    os.mkfifo(folder / "x.html")
    _, problems = load(tmp_path, {MINE: "version: 1.0"})
    assert codes(problems) == [("not-a-file", "themes/mine/templates/x.html", "")]


def test_editors_leavings_are_no_part_of_a_theme(tmp_path: Path) -> None:
    theme, problems = load(
        tmp_path,
        {
            MINE: "version: 1.0",
            "themes/mine/assets/.DS_Store": b"\0",
            "themes/mine/templates/404.html~": "old",
            "themes/mine/directives/.note.yaml.swp": b"\0",
        },
    )
    assert problems == ()
    assert not [name for name in (*theme.assets, *theme.templates) if "DS_Store" in name or "~" in name]


def test_a_misspelt_folder_is_a_warning(tmp_path: Path) -> None:
    _, problems = load(tmp_path, {MINE: "version: 1.0", "themes/mine/template/404.html": "x"})
    assert codes(problems) == [("unknown-folder", "themes/mine/template", "")]
    assert (problems[0].severity, problems[0].hint) == ("warning", "did you mean `templates`?")


def test_text_that_is_not_utf8_or_too_large(tmp_path: Path) -> None:
    _, problems = load(
        tmp_path,
        {
            MINE: "version: 1.0",
            "themes/mine/templates/404.html": b"caf\xe9",
            "themes/mine/templates/parts/big.html": b"x" * 1_000_001,
        },
    )
    assert sorted(codes(problems)) == [
        ("not-utf8", "themes/mine/templates/404.html", ""),
        ("too-large", "themes/mine/templates/parts/big.html", ""),
    ]
