"""After any edit an incremental build gives the bytes, names and modes of a clean one (reliability EQV-01)."""

from __future__ import annotations

import random
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from support import PNG, SELLER, Shop, ShopMaker, article, review

Edit = Callable[[Shop, random.Random], None]

RECIPE = (
    "doc: A recipe.\nform: container\nlabel: optional\nrecords: product?\nparams: {serves: {type: int, default: 2}}\n"
)
FILES = {
    "content/_index.md": "---\ntitle: Home\n---\nWelcome to [the pot](reviews/pot.md).\n",
    "content/merchants/far.yaml": {
        "name": "Far",
        "role": "affiliate",
        "url": "https://far.example/",
        "currency": "USD",
    },
    "content/merchants/ours.yaml": {"name": "Ours", "role": "ours", "url": "https://ours.example/", "currency": "USD"},
    "content/makers/smith.yaml": {"name": "Smith"},
    "content/categories/pots.yaml": {"name": "Pots", "specs": {"weight": {"label": "Weight", "unit": "g"}}},
    "content/products/pot.yaml": {
        "name": "Pot",
        "maker": "smith",
        "category": "pots",
        "specs": {"weight": "500 g"},
        "offers": [{"url": "https://far.example/pot", "price": "20.00", "checked": "2026-05-30"}],
    },
    "content/products/pan.yaml": {"name": "Pan", "offers": [{"url": "https://ours.example/pan", "price": "30.00"}]},
    "content/products/offers.csv": "product,url,price,checked\npan,https://far.example/pan,28.00,2026-05-29\n",
    "content/reviews/pot.md": review("::product\n\nSee [the guide](../guides/first.md).", title="Pot", tags=["iron"]),
    "content/guides/first.md": article(
        "## How\n\n::product{pan}\n\n:::recipe[Soup]{pot}\nBoil.\n:::", title="First", tags=["iron", "soup"]
    ),
    "content/stories/one.md": article("A :price[price]{pot}.", title="One", series={"name": "Year", "part": 1}),
    "content/stories/two.md": article(
        "See [how](../guides/first.md#how).", title="Two", series={"name": "Year", "part": 2}
    ),
    "content/notes/bundle/index.md": article("![A dot](dot.png)", title="Dot", image={"src": "dot.png", "alt": "Dot"}),
    "content/notes/bundle/dot.png": PNG,
    "content/pages/about.md": article("About.", title="About", date=None),
    "content/stories/later.md": article("Later.", title="Later", date="2026-06-03"),
    "content/reviews/pot.zh-CN.md": "---\ntitle: 锅\n---\n::product\n",
    "directives/recipe.yaml": RECIPE,
    "directives/recipe.html": "<div>{{ label }} {{ params.serves }}{% for r in records %} {{ r.name }}{% endfor %}{{ content }}</div>",
    "static/robots-note.txt": "hello",
}
SETTINGS = {"site": {"languages": ["en", "zh-CN"]}, "seller": SELLER, "menu": ["reviews/", "pages/about.md"]}


def _replace(name: str, *pairs: tuple[str, str]) -> Edit:
    """Toggle between the texts of each pair, so that the edit can be made any number of times."""

    def edit(shop: Shop, _random: random.Random) -> None:
        path = shop.root / name
        if not path.exists():
            return
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            text = text.replace(old, new) if old in text else text.replace(new, old)
        path.write_text(text, encoding="utf-8")

    return edit


def _toggle(name: str, content: str | bytes | dict[str, object]) -> Edit:
    """Make a file, or remove it where it is."""

    def edit(shop: Shop, _random: random.Random) -> None:
        shop.write({name: None if (shop.root / name).exists() else content})

    return edit


def _touch(shop: Shop, chance: random.Random) -> None:
    chance.choice(sorted((shop.root / "content").rglob("*.md"))).touch()


def _spoil_output(shop: Shop, chance: random.Random) -> None:
    chance.choice(sorted(shop.output.rglob("*.html"))).write_text("by hand", encoding="utf-8")


def _delete_output(shop: Shop, chance: random.Random) -> None:
    chance.choice(sorted(one for one in shop.output.rglob("*") if one.is_file())).unlink()


def _clock(shop: Shop, chance: random.Random) -> None:
    shop.set(clock=chance.choice(["2026-06-01", "2026-06-04", "2026-06-20"]))


def _settings(shop: Shop, chance: random.Random) -> None:
    shop.set(
        site={"title": chance.choice(["Shop", "Store"])},
        feeds={"items": chance.choice([1, 20])},
        menu=chance.choice([["reviews/"], ["reviews/", "stories/"]]),
        offers={"order": chance.choice([["price"], ["ours", "in_stock", "price"]])},
    )


EDITS: dict[str, Edit] = {
    "article text": _replace("content/stories/one.md", ("A :price", "Quite a :price")),
    "article title": _replace("content/guides/first.md", ('"First"', '"Foremost"')),
    "article tags": _replace("content/guides/first.md", ('"soup"', '"stew"')),
    "slug of a linked article": _replace("content/guides/first.md", ("---\ntitle", "---\nslug: foremost\ntitle")),
    "draft": _replace("content/stories/two.md", ("---\ntitle", "---\ndraft: yes\ntitle")),
    "unlisted": _replace("content/notes/bundle/index.md", ("---\ntitle", "---\nunlisted: yes\ntitle")),
    "alias": _replace("content/stories/one.md", ("---\ntitle", "---\naliases: [/old/]\ntitle")),
    "price": _replace("content/products/pot.yaml", ('"20.00"', '"25.00"')),
    "product name": _replace("content/products/pot.yaml", ('"Pot"', '"Kettle"')),
    "CSV row": _replace("content/products/offers.csv", ("28.00", "27.50")),
    "merchant role": _replace("content/merchants/far.yaml", ('"affiliate"', '"none"')),
    "merchant name": _replace("content/merchants/far.yaml", ('"Far"', '"Farther"')),
    "maker name": _replace("content/makers/smith.yaml", ('"Smith"', '"Smythe"')),
    "spec label": _replace("content/categories/pots.yaml", ('"Weight"', '"Mass"')),
    "evidence": _replace("content/reviews/pot.md", ('"bought"', '"gift"')),
    "translation": _replace("content/reviews/pot.zh-CN.md", ("锅", "铁锅")),
    "home text": _replace("content/_index.md", ("Welcome", "Hello")),
    "directive template": _replace("directives/recipe.html", ("<div>", '<div class="recipe">')),
    "directive default": _replace("directives/recipe.yaml", ("default: 2", "default: 4")),
    "static file": _replace("static/robots-note.txt", ("hello", "good day")),
    "new article": _toggle("content/stories/three.md", article("Three.", title="Three", tags=["soup"])),
    "new review": _toggle("content/reviews/pan.md", review("::product", title="Pan", product="pan")),
    "new product": _toggle("content/products/lid.yaml", {"name": "Lid", "maker": "smith"}),
    "new person": _toggle("content/people/bob.yaml", {"name": "Bob"}),
    "section text": _toggle("content/stories/_index.md", "---\ntitle: Tales\n---\nTold.\n"),
    "file that is published": _toggle("static/extra.txt", "extra"),
    "touch": _touch,
    "output edited by hand": _spoil_output,
    "output deleted": _delete_output,
    "clock": _clock,
    "settings": _settings,
}


def _state_of(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), stat.S_IMODE(path.stat().st_mode))
        for path in folder.rglob("*")
        if path.is_file()
    }


def _differing(one: Path, other: Path) -> list[str]:
    """Return outputs that are not in both with the same bytes and mode, with the first line that differs."""
    left, right = _state_of(one), _state_of(other)
    found = []
    for path in sorted({*left, *right}):
        (data, mode), (clean, clean_mode) = left.get(path, (b"", 0)), right.get(path, (b"", 0))
        if (data, mode) != (clean, clean_mode):
            lines = zip(data.splitlines(), clean.splitlines(), strict=False)
            found.append(f"{path}: {next(((a, b) for a, b in lines if a != b), (mode, clean_mode))}")
    return found


@pytest.mark.parametrize("seed", [1, 2])
def test_after_each_edit_incremental_equals_clean(shop: ShopMaker, tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    site = shop(FILES, settings=SETTINGS).build()
    names = list(EDITS)
    chance.shuffle(names)
    for step, name in enumerate(names):
        EDITS[name](site, chance)
        site.build()
        clean = tmp_path / f"clean-{step}"
        config, warnings = site.config(output=clean, state=tmp_path / f"state-{step}")
        from ccgen.pipeline.building import build

        build(config, warnings)
        assert _differing(site.output, clean) == [], f"after: {name}"
        assert not site.build().written, f"a second build after: {name}"
        assert not site.rendered, f"a second build after: {name}"
