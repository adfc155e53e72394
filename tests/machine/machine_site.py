"""A small site with something of everything, its files as an author saves them; knows no build.

Articles and YAML are filled up with spaces to a multiple of `BLOCK` bytes, so that most edits leave a file's size as
it was.
"""

from __future__ import annotations

import json
import os
import time
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TypeVar

from support import CLOCK, SELLER, article, merged, review
from support import SETTINGS as BASE

T = TypeVar("T")
BLOCK = 512  # bytes
DAY = 86_400_000_000_000  # ns
LINKED = "content/notes/linked.md"  # a symbolic link, where it stands
FAR = "https://far.example/pot"


def png(width: int, shade: int) -> bytes:
    """Return a picture of one row of points."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4) + kind + data + zlib.crc32(kind + data).to_bytes(4)

    head = width.to_bytes(4) + (1).to_bytes(4) + bytes([8, 0, 0, 0, 0])
    points = zlib.compress(b"\0" + bytes([shade]) * width)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", points) + chunk(b"IEND", b"")


LEDGER = "date,offer,amount,currency,source\n" + "".join(
    f"2026-{month:02}-{day:02},mug/ours,{amount},USD,record\n"
    for month, day, amount in (
        *((4, day, "35.00") for day in (10, 16, 22, 28)),
        *((5, day, "35.00") for day in (4, 10, 16, 20)),
        (5, 26, "30.00"),
    )
)
SETTINGS: dict[str, Any] = merged(
    BASE,
    {
        "site": {"languages": ["en", "zh-CN"], "description": "Pots and pans."},
        "seller": SELLER,
        "theme": {"name": "mine", "options": {}},
        "menu": ["reviews/", "pages/about.md"],
        "sections": {"stories": {"per_page": 2}},
        "check": {"severity": {"TR-01": "off", "TR-02": "off"}},
        "clock": CLOCK,
    },
)
RECIPE = (
    "doc: A recipe.\nform: container\nlabel: optional\nrecords: product?\nparams: {serves: {type: int, default: 2}}\n"
)
THEME = {
    "themes/mine/theme.yaml": "version: 0.1\nextends: plain\nstyles: [mine.css]\n"
    "options: {accent: {type: choice, choices: [red, blue], default: red, doc: A colour.}}\n",
    "themes/mine/assets/mine.css": "main { color: red }\n",
    "themes/mine/i18n/en.yaml": "latest: Newest\n",
    "themes/mine/i18n/zh-CN.yaml": "latest: 最近的\n",
    "themes/mine/templates/macros.html": "{% macro mark(item) %}<b>{{ item.title }}, marked</b>{% endmacro %}\n",
    "themes/mine/templates/parts/deep.html": '{% from "macros.html" import mark %}<i>deep {{ mark(item) }}</i>\n',
    "themes/mine/templates/parts/line.html": '{% include "parts/deep.html" %}{% include "plain/parts/line.html" %}\n',
    "themes/mine/templates/article/told.html": '{% extends "article/base.html" %}\n'
    "{% block article_end %}<p>Told in {{ theme.accent }}.</p>{{ super() }}{% endblock %}\n",
    "themes/mine/templates/article/story.html": '{% extends "article/told.html" %}\n',
    "directives/recipe.yaml": RECIPE,
    "directives/recipe.html": "<div>{{ label }} {{ params.serves }}"
    "{% for r in records %} {{ r.name }}{% endfor %}{{ content }}</div>\n",
}
FILES: dict[str, Any] = {
    **THEME,
    "content/_index.md": "---\ntitle: Home\n---\nWelcome to [the pot](reviews/pot.md).\n",
    "content/merchants/far.yaml": {
        "name": "Far",
        "role": "affiliate",
        "url": "https://far.example/",
        "add": {"r": "s"},
    },
    "content/merchants/ours.yaml": {"name": "Ours", "role": "ours", "url": "https://ours.example/"},
    "content/people/ada.yaml": {"name": "Ada"},
    "content/makers/smith.yaml": {"name": "Smith"},
    "content/categories/pots.yaml": {"name": "Pots", "specs": {"weight": {"label": "Weight", "unit": "g"}}},
    "content/products/pot.yaml": {
        "name": "Pot",
        "maker": "smith",
        "category": "pots",
        "specs": {"weight": "500 g"},
        "offers": [
            {"url": FAR, "price": "20.00", "checked": "2026-05-30"},
            {"url": "https://ours.example/pot", "price": "22.00"},
        ],
    },
    "content/products/pan.yaml": {"name": "Pan", "maker": "smith"},
    "content/products/mug.yaml": {
        "name": "Mug",
        "offers": [
            {"url": "https://ours.example/mug", "price": "30.00", "was": {"price": "35.00", "seen": "2026-05-20"}}
        ],
    },
    "content/products/products.csv": "id,name,maker\nlid,Lid,smith\n",
    "content/products/offers.csv": "product,url,price,checked\npan,https://far.example/pan,28.00,2026-05-29\n",
    "content/reviews/pot.md": review("::product\n\nSee [the guide](../guides/first.md).", title="Pot", tags=["iron"]),
    "content/reviews/pot.zh-CN.md": "---\ntitle: 锅\n---\n::product\n",
    "content/guides/first.md": article(
        "## How\n\n::product{pan}\n\n:::recipe[Soup]{pot}\nBoil.\n:::\n\n::product{mug layout=compact}",
        title="First",
        tags=["iron", "soup"],
    ),
    "content/stories/one.md": article("A :price[price]{pot}.", title="One", date="2026-05-02", tags=["alone"]),
    "content/stories/two.md": article("See [how](../guides/first.md#how).", title="Two", date="2026-05-03"),
    "content/stories/three.md": article('Three, "quoted".', title="Three", date="2026-05-04"),
    "content/stories/later.md": article("Later.", title="Later", date="2026-06-03"),
    "content/notes/bundle/index.md": article("![A dot](dot.png)", title="Dot", image={"src": "dot.png", "alt": "Dot"}),
    "content/notes/bundle/dot.png": png(1, 0),
    "content/pages/about.md": article("About.", title="About", date=None),
    "static/note.txt": "hello\n",
    "data/prices.csv": LEDGER,
}


class Choose(Protocol):
    """Picks one of several: at random, or as a test's engine draws it."""

    def __call__(self, options: Sequence[T], /) -> T: ...


def padded(path: str, content: str | bytes | Mapping[str, Any]) -> bytes:
    """Return what stands in the file: the same values and the same prose, at a round size where its format allows."""
    if isinstance(content, Mapping):
        content = json.dumps(content, ensure_ascii=False, indent=1) + "\n"
    data = content.encode() if isinstance(content, str) else content
    if path.endswith((".md", ".yaml")):
        data = data.rstrip() + b"\n"
        data += b" " * (-len(data) % BLOCK)
    return data


def _in_place(file: Path, data: bytes) -> None:
    with file.open("r+b" if file.exists() else "wb") as stream:
        stream.write(data)
        stream.truncate()


def _by_rename(file: Path, data: bytes) -> None:
    new = file.with_name(f".{file.name}.new")
    new.write_bytes(data)
    new.replace(file)


def _anew(file: Path, data: bytes) -> None:
    file.unlink(missing_ok=True)
    file.write_bytes(data)


def _cut_first(file: Path, data: bytes) -> None:
    file.write_bytes(b"")
    file.write_bytes(data)


WAYS: tuple[Callable[[Path, bytes], None], ...] = (_in_place, _by_rename, _anew, _cut_first)
TIMES = ("now", "as before", "earlier", "long ago", "ahead", "whole second")
TOMORROW = "tomorrow"  # not among them: as long as there is such a file, no file's times are believed


def set_time(file: Path, when: str, before: int) -> None:
    """Give a file the time that a careless or a hostile program would leave; `before` is what it had (ns)."""
    times = {
        "as before": before,
        "earlier": before - DAY,
        "long ago": 0,
        "ahead": time.time_ns() + 500_000_000,
        TOMORROW: time.time_ns() + DAY,
        "whole second": before // 1_000_000_000 * 1_000_000_000,
    }
    if when in times:
        os.utime(file, ns=(times[when], times[when]))


class Sources:
    """The files of one site. They alone are the truth: an edit reads what it changes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for path, content in {"ccgen.yaml": SETTINGS, **FILES}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(padded(path, content))

    def file(self, path: str) -> Path:
        return self.root / path

    def has(self, path: str) -> bool:
        return self.file(path).is_file()

    def save(self, path: str, content: str | bytes | Mapping[str, Any], pick: Choose) -> None:
        """Save a file in one of the ways in which editors do, with one of the times that they leave."""
        file, data = self.file(path), padded(path, content)
        file.parent.mkdir(parents=True, exist_ok=True)
        before = file.stat().st_mtime_ns if file.exists() else time.time_ns()
        pick(WAYS)(file, data)
        set_time(file, pick(TIMES), before)

    def text(self, path: str) -> str:
        return self.file(path).read_text(encoding="utf-8")

    def values(self, path: str) -> dict[str, Any]:
        """Return a record's or the settings' values."""
        found = json.loads(self.text(path))
        assert isinstance(found, dict)
        return found

    def article(self, path: str) -> tuple[dict[str, Any], str]:
        """Return an article's front matter and its prose."""
        _, head, body = self.text(path).split("---\n", 2)
        lines = [line.split(": ", 1) for line in head.splitlines()]
        return {key: json.loads(value) for key, value in lines}, body

    def put_article(self, path: str, values: Mapping[str, Any], body: str, pick: Choose) -> None:
        lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}\n" for key, value in values.items()]
        self.save(path, "".join(["---\n", *lines, "---\n", body]), pick)

    def remove(self, path: str) -> None:
        """Remove a file, and the folders that are empty without it."""
        file = self.file(path)
        file.unlink()
        folder = file.parent
        while folder not in (self.root, self.root / "content") and not any(folder.iterdir()):
            folder.rmdir()
            folder = folder.parent

    def articles(self) -> list[str]:
        """Return the articles whose front matter `article` can read, sorted."""
        found = [path.relative_to(self.root).as_posix() for path in (self.root / "content").rglob("*.md")]
        return sorted(
            path
            for path in found
            if path.count("/") > 1 and ".zh-CN." not in path and path != LINKED and "_index" not in path
        )

    def snapshot(self) -> dict[str, bytes]:
        """Return every file below the sources' folders."""
        tops = ("content", "data", "static", "themes", "directives", "texts", "ccgen.yaml")
        files = [one for top in tops for one in ((self.root / top), *sorted((self.root / top).rglob("*")))]
        return {
            one.relative_to(self.root).as_posix(): str(one.readlink()).encode()
            if one.is_symlink()
            else one.read_bytes()
            for one in files
            if one.is_symlink() or one.is_file()
        }

    def restore(self, snapshot: Mapping[str, bytes], pick: Choose) -> None:
        """Make the files what they were: what was edited is saved again, what is new goes, what was lost returns."""
        now = self.snapshot()
        for path in sorted(now.keys() - snapshot.keys()):
            self.remove(path)
        for path, data in snapshot.items():
            if now.get(path) == data:
                continue
            file = self.file(path)
            if path == LINKED:
                file.parent.mkdir(parents=True, exist_ok=True)
                file.unlink(missing_ok=True)
                file.symlink_to(data.decode())
            else:
                self.save(path, data, pick)
