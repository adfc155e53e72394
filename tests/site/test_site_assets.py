"""A theme's assets: fingerprinted names, references in style sheets, and what is wrong with them."""

from __future__ import annotations

import re

from support import ShopMaker

THEME = {"themes/my/theme.yaml": {"version": "1.0", "extends": "plain", "styles": ["my.css"]}}


def test_references_in_style_sheets_follow_the_fingerprints(shop: ShopMaker) -> None:
    css = '@import "parts/base.css";\n/* url(not-one.png) */\nbody { background: url("img/dot.svg#a"), url(https://x.example/y.png) }\n'
    site = shop(
        {
            **THEME,
            "themes/my/assets/my.css": css,
            "themes/my/assets/parts/base.css": "a { background: url(../img/dot.svg) }\n",
            "themes/my/assets/img/dot.svg": "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'></svg>",
        },
        settings={"theme": "my"},
    ).build()
    outputs = site.outputs()
    sheet = next(data.decode() for path, data in outputs.items() if re.match(r"assets/my\.[0-9a-f]+\.css", path))
    named = re.findall(r'"(parts/base\.[0-9a-f]+\.css)"|"(img/dot\.[0-9a-f]+\.svg)#a"', sheet)
    assert [first or second for first, second in named] == [
        path.removeprefix("assets/") for path in sorted(outputs, reverse=True) if re.match("assets/(parts|img)/", path)
    ]
    assert "url(not-one.png)" in sheet
    assert "url(https://x.example/y.png)" in sheet
    base = next(data.decode() for path, data in outputs.items() if path.startswith("assets/parts/base."))
    assert re.search(r"url\(\.\./img/dot\.[0-9a-f]+\.svg\)", base)
    old = set(outputs)
    site.edit("themes/my/assets/img/dot.svg", "width='1'", "width='2'").build()
    assert {re.sub(r"\.[0-9a-f]+\.", ".", path) for path in old - set(site.outputs())} == {
        "assets/my.css",
        "assets/parts/base.css",
        "assets/img/dot.svg",
    }


def test_a_missing_reference_is_told_at_its_place(shop: ShopMaker) -> None:
    site = shop(
        {**THEME, "themes/my/assets/my.css": "a{}\nb { background: url(plian.css) }\n"}, settings={"theme": "my"}
    )
    (problem,) = site.fails()["missing-asset"]
    assert site.place(problem) == "themes/my/assets/my.css:2:21"
    assert problem.hint == "did you mean `plain.css`?"


def test_style_sheets_that_import_each_other_are_refused(shop: ShopMaker) -> None:
    site = shop(
        {**THEME, "themes/my/assets/my.css": '@import "b.css";', "themes/my/assets/b.css": '@import "my.css";'},
        settings={"theme": "my"},
    )
    assert "asset-cycle" in site.fails()
