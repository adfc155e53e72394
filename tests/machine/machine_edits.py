"""Every kind of edit of a site's sources, by name; each can be made at any time and any number of times."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from machine_site import DAY, FAR, FILES, LEDGER, LINKED, TIMES, Choose, Sources, padded, png, set_time
from support import article, review

Edit = Callable[[Sources, Choose], None]
EDITS: dict[str, Edit] = {}
ONE, TWO, LATER = "content/stories/one.md", "content/stories/two.md", "content/stories/later.md"
FIRST, POT = "content/guides/first.md", "content/reviews/pot.md"
ABSENT: Any = None


def edit(name: str) -> Callable[[Edit], Edit]:
    def register(function: Edit) -> Edit:
        EDITS[name] = function
        return function

    return register


# --- how values change -------------------------------------------------------------------------------------------------


def _other(options: Sequence[Any], now: Any, pick: Choose) -> Any:
    return pick([one for one in options if one != now])


def _put_in(values: Mapping[str, Any], field: str, options: Sequence[Any], pick: Choose) -> dict[str, Any]:
    """Return values with another one of the options at `a.b.0`; ABSENT leaves the key out."""
    whole = json.loads(json.dumps(values))
    *outer, last = field.split(".")
    place: Any = whole
    for key in outer:
        place = place[int(key)] if isinstance(place, list) else place.setdefault(key, {})
    new = _other(options, place.get(last), pick)
    if new is ABSENT:
        del place[last]
    else:
        place[last] = new
    return dict(whole)


def in_article(path: str, field: str, *options: Any) -> Edit:
    def change(sources: Sources, pick: Choose) -> None:
        if sources.has(path):
            values, body = sources.article(path)
            sources.put_article(path, _put_in(values, field, options, pick), body, pick)

    return change


def in_values(path: str, field: str, *options: Any) -> Edit:
    def change(sources: Sources, pick: Choose) -> None:
        if sources.has(path):
            sources.save(path, _put_in(sources.values(path), field, options, pick), pick)

    return change


def in_settings(field: str, *options: Any) -> Edit:
    return in_values("ccgen.yaml", field, *options)


def among(path: str, *contents: Any) -> Edit:
    """Give a file another one of these contents; ABSENT removes it."""

    def change(sources: Sources, pick: Choose) -> None:
        now = sources.file(path).read_bytes() if sources.has(path) else ABSENT
        options = [one if one is ABSENT else padded(path, one) for one in contents]
        new = _other(options, now, pick)
        if new is not ABSENT:
            sources.save(path, new, pick)
        elif now is not ABSENT:
            sources.remove(path)

    return change


def words(path: str, *texts: str) -> Edit:
    """Put another one of these texts where one of them stands."""

    def change(sources: Sources, pick: Choose) -> None:
        if not sources.has(path):
            return
        text = sources.text(path)
        now = next((one for one in sorted(texts, key=len, reverse=True) if one in text), None)
        if now is not None:
            sources.save(path, text.replace(now, _other(texts, now, pick)).rstrip() + "\n", pick)

    return change


# --- articles ----------------------------------------------------------------------------------------------------------


@edit("text of any article")
def _text(sources: Sources, pick: Choose) -> None:
    path = pick(sources.articles())
    values, body = sources.article(path)
    first, _, rest = body.partition("\n")
    marks = ("Quite.", "Quiet.", "Quote.")
    now = first if first in marks else None
    new = _other((*marks, None), now, pick)
    rest = rest if now else body
    sources.put_article(path, values, f"{new}\n{rest if now else chr(10) + rest}" if new else rest.lstrip("\n"), pick)


EDITS |= {
    "text, as long as before": words(ONE, "A :price", "B :price"),
    "title": in_article(FIRST, "title", "First", "Foremost"),
    "summary": in_article(TWO, "summary", ABSENT, "In short.", "In brief."),
    "tags": in_article(FIRST, "tags", ["iron", "soup"], ["iron", "stew"], ["soup"], ABSENT),
    "last article of a tag": in_article(ONE, "tags", ["alone"], ["Alone"], ABSENT),
    "draft flag": in_article(TWO, "draft", ABSENT, True),
    "draft flag of a linked article": in_article(FIRST, "draft", ABSENT, True),
    "unlisted": in_article("content/notes/bundle/index.md", "unlisted", ABSENT, True),
    "date": in_article(ONE, "date", "2026-05-02", "2026-05-20", "2026-06-02", "2026-05-01 23:30"),
    "date of an article to come": in_article(LATER, "date", "2026-06-03", "2026-06-03 12:00", "2026-06-10"),
    "end of an article": in_article(TWO, "expires", ABSENT, "2026-06-05", "2026-05-30"),
    "alias": in_article(ONE, "aliases", ABSENT, ["/old/"], ["/old.html", "/zh-CN/old/"]),
    "alias of another": in_article(TWO, "aliases", ABSENT, ["/old/"], ["/stories/uno/"], ["/stories/one/"]),
    "slug": in_article(ONE, "slug", ABSENT, "uno"),
    "slug of a linked article": in_article(FIRST, "slug", ABSENT, "foremost"),
    "slug of another": in_article(ONE, "slug", ABSENT, "three"),  # a collision: an error that names both
    "series": in_article(ONE, "series", ABSENT, {"name": "Year", "part": 1}, {"name": "Year", "part": 2}),
    "series of another": in_article(TWO, "series", ABSENT, {"name": "Year", "part": 1}),
    "updates": in_article(POT, "updates", ABSENT, [{"date": "2026-05-29", "note": "Boiled dry."}]),
    "evidence": in_article(POT, "evidence.obtained", "bought", "gift"),
    "rating": in_article(POT, "rating", ABSENT, 4, 9),
    "product of a review": in_article(POT, "product", "pot", "pan", "gone"),
    "template of an article": in_article(FIRST, "template", ABSENT, "told"),
    "where a link leads": words(TWO, "first.md#how", "first.md#no", "first.md", "none.md"),
    "parameters of a directive": words(
        FIRST, "recipe[Soup]{pot}", "recipe[Soup]{pot serves=3}", "recipe[Soup]{pot s=3}"
    ),
    "heading that is linked": words(FIRST, "## How\n", "## Why\n"),
    "new story": among("content/stories/four.md", ABSENT, article("Four.", title="Four", tags=["soup"])),
    "new review": among("content/reviews/pan.md", ABSENT, review("::product", title="Pan", product="pan")),
    "new note without a title": among("content/notes/short.md", ABSENT, article("Short :product{mug}.", title=None)),
    "translation": words("content/reviews/pot.zh-CN.md", "title: 锅", "title: 铁锅"),
    "new translation": among(
        "content/stories/two.zh-CN.md",
        ABSENT,
        "---\ntitle: 二\n---\n[锅](../reviews/pot.md)\n",
        "---\ntitle: 二\n---\n二。\n",
    ),
    "text of the home page": words("content/_index.md", "Welcome to", "Hello at"),
    "text of a section": among("content/stories/_index.md", ABSENT, "---\ntitle: Tales\n---\nTold.\n"),
    "text of a section that was empty": among(
        "content/guides/_index.md", ABSENT, "---\ntitle: How\n---\n::product{pot}\n"
    ),
}


def _rename(one: str, other: str) -> Edit:
    def change(sources: Sources, pick: Choose) -> None:
        old, new = (one, other) if sources.file(one).exists() else (other, one)
        if sources.file(old).exists() and not sources.file(new).exists():
            sources.file(new).parent.mkdir(parents=True, exist_ok=True)
            sources.file(old).rename(sources.file(new))

    return change


EDITS |= {
    "name of a file": _rename("content/stories/three.md", "content/stories/drei.md"),
    "name of a file that is linked": _rename(FIRST, "content/guides/erst.md"),
    "name of a file, in capitals": _rename("content/stories/three.md", "content/stories/Three.md"),
    "name of a folder": _rename("content/notes/bundle", "content/notes/pack"),
    "section of an article": _rename("content/stories/three.md", "content/notes/three.md"),
    "file becomes a folder": _rename("content/stories/three.md", "content/stories/three/index.md"),
}


@edit("two files change names")
def _swap(sources: Sources, _pick: Choose) -> None:
    one, other = sources.file(ONE), sources.file("content/stories/three.md")
    if one.exists() and other.exists():
        aside = one.with_suffix(".aside")
        one.rename(aside)
        other.rename(one)
        aside.rename(other)


@edit("an alias goes over to another article")
def _hand_over(sources: Sources, pick: Choose) -> None:
    if sources.has(ONE) and sources.has(TWO):
        (values, body), (others, other_body) = sources.article(ONE), sources.article(TWO)
        given, got = values.pop("aliases", None), others.pop("aliases", None)
        if not given and not got:
            got = ["/old/"]
        sources.put_article(ONE, values | ({"aliases": got} if got else {}), body, pick)
        sources.put_article(TWO, others | ({"aliases": given} if given else {}), other_body, pick)


@edit("article goes, and returns as it was")
def _vanish(sources: Sources, pick: Choose) -> None:
    """Its times are the old ones, and its inode too, unless a backup is put back."""
    file, away = sources.file(ONE), sources.root / "away.md"
    if file.exists():
        file.replace(away)
    elif away.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        if pick([True, False]):
            away.rename(file)
        else:
            shutil.copy2(away, file)


@edit("article goes")
def _delete(sources: Sources, pick: Choose) -> None:
    path = pick(sources.articles())
    if len(sources.articles()) > 5:
        sources.remove(path)
    else:
        for lost, content in FILES.items():
            if lost.endswith(".md") and not sources.has(lost):
                sources.save(lost, content, pick)


@edit("file is touched")
def _touch(sources: Sources, pick: Choose) -> None:
    file = sources.file(pick([*sources.articles(), "content/products/pot.yaml", "ccgen.yaml", "static/note.txt"]))
    set_time(file, pick(TIMES), file.stat().st_mtime_ns)
    file.chmod(pick([0o644, 0o600]))


@edit("file is saved by another of its names")
def _through_a_hard_link(sources: Sources, pick: Choose) -> None:
    """The edit never opens the path that the site knows; the time is set back."""
    file, beside = sources.file(TWO), sources.root / "beside.md"
    if not file.exists():
        return
    beside.unlink(missing_ok=True)
    os.link(file, beside)
    changed, data = file.stat().st_mtime_ns, beside.read_bytes()
    new = data.replace(b"See [", b"Saw [") if b"See [" in data else data.replace(b"Saw [", b"See [")
    with beside.open("r+b") as stream:
        stream.write(new)
    os.utime(beside, ns=(changed, changed))


@edit("link to another text")
def _link(sources: Sources, pick: Choose) -> None:
    """Both texts are as long, and as old."""
    for name, text in (("a", "Text A."), ("b", "Text B.")):
        target = sources.file(f"texts/{name}.md")
        if not target.exists():
            target.parent.mkdir(exist_ok=True)
            target.write_text(article(text, title="Linked"))
            os.utime(target, ns=(DAY, DAY))
    link = sources.file(LINKED)
    now = str(link.readlink()) if link.is_symlink() else None
    new = _other(["../../texts/a.md", "../../texts/b.md", None], now, pick)
    link.unlink(missing_ok=True)
    if new:
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(new)


@edit("folder's time is set back")
def _old_folder(sources: Sources, pick: Choose) -> None:
    folder = sources.file("content/stories")
    before = folder.stat()
    path = "content/stories/slipped-in.md"
    if sources.has(path):
        sources.file(path).unlink()
    else:
        sources.file(path).write_text(article("Slipped in.", title="Slipped in"))
    os.utime(folder, ns=(before.st_atime_ns, before.st_mtime_ns))


# --- records, tables, books --------------------------------------------------------------------------------------------

PRODUCT = "content/products/pot.yaml"
EDITS |= {
    "price": in_values(PRODUCT, "offers.0.price", "20.00", "25.00", "20.50"),
    "price is seen again": in_values(PRODUCT, "offers.0.checked", "2026-05-30", "2026-06-01", "2026-05-20"),
    "availability": in_values(PRODUCT, "offers.0.availability", ABSENT, "in_stock", "out_of_stock"),
    "end of an offer": in_values(PRODUCT, "offers.0.valid_until", ABSENT, "2026-06-02 12:00"),
    "product's name": in_values(PRODUCT, "name", "Pot", "Kettle"),
    "product's line": in_values(PRODUCT, "line", ABSENT, "A pot."),
    "product's maker": in_values(PRODUCT, "maker", "smith", "nobody"),
    "product's measure": in_values(PRODUCT, "specs.weight", "500 g", "5 kg"),
    "product is gone": in_values("content/products/pan.yaml", "status", ABSENT, "gone"),
    "new product": among("content/products/tray.yaml", ABSENT, {"name": "Tray", "maker": "smith"}),
    "product goes that is shown": among(
        "content/products/mug.yaml", FILES["content/products/mug.yaml"], ABSENT, {"name": "Mug"}
    ),
    "row of offers": words("content/products/offers.csv", ",28.00,", ",27.50,", ",2x,"),
    "new row of offers": words("content/products/offers.csv", "05-29\n", "05-29\nlid,https://far.example/lid,8.00,2026-05-31\n"),
    "row of products": words("content/products/products.csv", "Lid", "Cap"),
    "new row of products": words("content/products/products.csv", "lid,Lid,smith\n", "lid,Lid,smith\nhob,Hob,\n"),
    "merchant's name": in_values("content/merchants/far.yaml", "name", "Far", "Farther"),
    "merchant's role": in_values("content/merchants/far.yaml", "role", "affiliate", "none", "stall"),
    "merchant's link": in_values("content/merchants/far.yaml", "add", {"r": "s"}, {"ref": "shop"}, ABSENT),
    "merchant's prices": in_values("content/merchants/far.yaml", "show_price", ABSENT, "never", "1 days", "always"),
    "new merchant": among("content/merchants/near.yaml", ABSENT, {"name": "Near", "role": "none", "url": "https://n.example/"}),
    "maker's name": in_values("content/makers/smith.yaml", "name", "Smith", "Smythe"),
    "maker's address": in_values("content/makers/smith.yaml", "url", ABSENT, "https://far.example/knife", "https://s.example/"),
    "offer at a maker's address": in_values("content/products/pan.yaml", "offers", ABSENT, ["https://far.example/knife"]),
    "label of a measure": in_values("content/categories/pots.yaml", "specs.weight.label", "Weight", "Mass"),
    "new person": among("content/people/bob.yaml", ABSENT, {"name": "Bob"}, {"name": "Robert"}),
    "new author": among("content/people/ada.yaml", {"name": "Ada"}, {"name": "Ada", "bio": "Writes."}),
    "price ledger": words("data/prices.csv", "2026-05-20,mug/ours,35.00", "2026-05-20,mug/ours,34.00", "2026-05-2,"),
    "price ledger and what goes by it": among("content/products/mug.yaml", *(
        {**FILES["content/products/mug.yaml"],
         "offers": [{**FILES["content/products/mug.yaml"]["offers"][0], "was": {"price": amount, "seen": "2026-05-20"}}]}
        for amount in ("35.00", "34.00")
    )),
    "end of the ledger": among("data/prices.csv", LEDGER, LEDGER[:-3]),
    "new row of the ledger": among("data/prices.csv", LEDGER, LEDGER + "2026-05-30,pot/far,20.00,USD,record\n"),
    "link health": among(
        "data/links.json",
        ABSENT,
        *(
            json.dumps({"version": 1, "links": [{
                "url": FAR, "state": state, "since": "2026-05-20T00:00:00Z", "checked": "2026-05-31T00:00:00Z", "status": code,
                "strikes": ["2026-05-20T00:00:00Z", "2026-05-31T00:00:00Z"] if code == 404 else []}]})
            for state, code in (("ok", 200), ("broken", 404), ("moved", 301))
        ),
        '{"version": 1, "links": [',
    ),
}  # fmt: skip


# --- the theme and files -----------------------------------------------------------------------------------------------

T = "themes/mine/templates"
EDITS |= {
    "partial": words(f"{T}/parts/deep.html", "<i>deep", "<i>deeper"),
    "partial comes and goes": among(f"{T}/parts/title.html", ABSENT, "<em>{{ item.title }}</em>\n"),
    "macro": words(f"{T}/macros.html", "marked", "tagged", "{{ mar"),
    "parent template": words(f"{T}/article/told.html", "<p>Told", "<p>Said", "{% bl"),
    "child template": words(f"{T}/article/story.html", "article/told.html", "article/base.html"),
    "parent of the theme": words("themes/mine/theme.yaml", "extends: plain", "extends: plain >=1.0", "extends: none"),
    "default of an option": words("themes/mine/theme.yaml", "default: red", "default: blue"),
    "type of a free key": words("themes/mine/theme.yaml", "version: 0.1\n", "version: 0.1\nextra: {time: duration}\n"),
    "free key": in_article(TWO, "extra", ABSENT, {"time": "3 days"}, {"time": "long"}),
    "theme option": in_settings("theme.options.accent", ABSENT, "blue"),
    "theme": in_settings("theme.name", "mine", "plain"),
    "string": words("themes/mine/i18n/en.yaml", "latest: Newest", "latest: Fresh", "latest: [x"),
    "string of another language": words("themes/mine/i18n/zh-CN.yaml", "最近的", "新的"),
    "strings come and go": among("themes/mine/i18n/zh-CN.yaml", FILES["themes/mine/i18n/zh-CN.yaml"], ABSENT),
    "style sheet": words("themes/mine/assets/mine.css", "color: red", "color: tan"),
    "asset comes and goes": among("themes/mine/assets/plain.css", ABSENT, "a { color: red }\n"),
    "template of a directive": words("directives/recipe.html", "<div>", "<p>"),
    "declaration of a directive": words("directives/recipe.yaml", "default: 2", "default: 4"),
    "name of a parameter": words("directives/recipe.yaml", "serves:", "s:"),
    "directive goes": among("directives/recipe.yaml", FILES["directives/recipe.yaml"], ABSENT),
    "directive of the program, made anew": among(
        "directives/product.html", ABSENT, "<b>{% for r in records %}{{ r.name }}{% endfor %}</b>\n"
    ),
    "picture": among("content/notes/bundle/dot.png", *(png(1, 0), png(1, 200), png(2, 0), b"no picture")),
    "picture goes": among("content/notes/bundle/dot.png", png(1, 0), ABSENT),
    "static file": words("static/note.txt", "hello", "howdy"),
    "new static file": among("static/extra/a.txt", ABSENT, "a", "b"),
    "static file in the place of a page": among("static/about/index.html", ABSENT, "mine"),
    "file in the place of an alias": among("static/old/index.html", ABSENT, "mine"),
    "file for search engines": among("static/robots.txt", ABSENT, "User-agent: *\n"),
    "favicon": among("static/favicon.ico", ABSENT, b"\0\0\1\0"),
}


# --- settings and the clock --------------------------------------------------------------------------------------------

CLOCKS = (
    "2026-06-01",
    "2026-06-02 23:59:59",
    "2026-06-03",
    "2026-06-06",
    "2026-06-20",
    "2026-05-25",
    "2026-06-02 12:00",
)
EDITS |= {
    "clock": in_settings("clock", *CLOCKS),
    "time zone": in_settings("site.timezone", "UTC", "Pacific/Kiritimati", "America/Chicago"),
    "site's title": in_settings("site.title", "Shop", "Store"),
    "site's description": in_settings("site.description", "Pots and pans.", ABSENT),
    "site's author": in_settings("site.author", "ada", ABSENT),
    "base URL": in_settings("site.url", "https://shop.example/", "https://shop.example/base/"),
    "currency": in_settings("site.currency", "USD", "EUR"),
    "language": in_settings("site.languages", ["en", "zh-CN"], ["en"], ["en", "zh-CN", "de"]),
    "seller": in_settings("seller.name", "Ada's Counter", "Ada & Co"),
    "menu": in_settings("menu", ["reviews/", "pages/about.md"], ["stories/"], [{"to": "pages/about.md", "label": "Who"}], ABSENT),
    "URLs": in_settings("urls", ABSENT, {"stories": "/{slug}/"}, {"stories": "/{year}/{slug}/"}),
    "items on a page": in_settings("sections.stories.per_page", 2, 1, 20),
    "kind of a section": in_settings("sections.notes", ABSENT, {"kind": "story"}),
    "order of offers": in_settings("offers", ABSENT, {"order": ["price"]}),
    "items of feeds": in_settings("feeds", ABSENT, {"items": 1}),
    "Markdown twins": in_settings("outputs", ABSENT, {"markdown": True, "llms": True}, {"google": True}),
    "Markdown extensions": in_settings("markdown", ABSENT, {"extensions": ["smarty"]}),
    "severity of a rule": in_settings("check.severity.MK-01", ABSENT, "warning", "off"),
    "severity of what links owe": in_settings("check.severity", {}, {"LK-01": "warning", "DS-01": "warning"}),
    "waiver": in_settings("check.waive", ABSENT, [{"rule": "IM-02", "at": "notes/", "reason": "Drawn."}]),
    "limits": in_settings("limits", ABSENT, {"article_bytes": 1500}),
}  # fmt: skip
