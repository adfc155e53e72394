"""What the preview answers is what the site's host will: bytes, types, ranges, redirects, its own 404 pages; and how it ends."""

from __future__ import annotations

import http.client
import json
import re
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect
from previewing import Preview, previewing
from raw_http import Raw, connect, exchange, request, several
from support import PNG, Content, Shop, ShopMaker, article, outputs_of, review, run

from ccgen.model.source import digest_of
from ccgen.preview.answers import bare_page
from ccgen.preview.guard import LOOPBACK
from ccgen.preview.server import Ask, Explain, Question, Server, listen

BIG = bytes(range(256)) * 8_192  # 2 MiB
FILES: dict[str, Content] = {
    "static/docs/ünï cödé.txt": "Umlauts.\n",
    "static/big.bin": BIG,
    "static/empty.txt": "",
    "static/p.png": PNG,
    "static/q.svg": '<svg xmlns="http://www.w3.org/2000/svg"/>',
    "static/own.html": "<!doctype html><html lang=en><title>Own</title><body><p>Own</p></body></html>",
    "static/press/index.html": "<!doctype html><html lang=en><title>Press</title><body><p>Press</p></body></html>",
    "static/.well-known/security.txt": "Contact: mailto:hi@shop.example\n",
    **{
        f"static/types/x.{ending}": "{}" for ending in ("css", "js", "mjs", "json", "txt", "csv", "xml", "pdf", "woff2")
    },
    "static/types/x.webmanifest": "{}",
    "static/types/x.unknown": "?",
    "static/types/X.PNG": PNG,
    "content/makers/mei.md": "---\nname: Mei\nimage: /p.png\n---\nMaker.\n",
    "content/products/pot.yaml": {
        "name": "Pot",
        "maker": "mei",
        "images": ["/p.png"],
        "offers": ["https://far.example/pot"],
    },
    "content/reviews/pot/index.md": review(
        "Text. ![p](q.png)\n\n::product\n",
        title="Pot",
        image="q.png",
        tags=["Kitchen", "铁"],
        aliases=["/old/", "/o.html", "/100%/"],
    ),
    "content/reviews/pot/index.zh-CN.md": "---\ntitle: 锅\n---\n正文。\n",
    "content/reviews/pot/q.png": PNG,
    "content/pages/about.md": article(title="About", date=None),
    **{f"content/stories/s{n}.md": article(f"Story {n}.", title=f"S{n}", date=f"2026-04-0{n}") for n in range(1, 8)},
    "content/stories/壶 ä.md": article("Text.", title="壶", date="2026-04-09"),
    "content/stories/draft.md": article("A draft.", title="Unfinished", draft=True),
    "content/stories/later.md": article("Later.", title="Scheduled", date="2027-01-01"),
}
SETTINGS = {
    "site": {"languages": ["en", "zh-CN"]},
    "check": {"severity": {"TR-01": "off", "TR-02": "off"}},
    "outputs": {"markdown": True, "llms": True},
    "sections": {"stories": {"per_page": 3}},
    "menu": ["reviews/", "stories/", "pages/about.md"],
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Shop(tmp_path_factory.mktemp("http") / "shop", FILES, SETTINGS).root


@pytest.fixture(scope="module")
def served(root: Path) -> Iterator[Preview]:
    with previewing(root) as preview:
        yield preview


def ours(root: Path) -> dict[str, bytes]:
    """What lies in a site's folder, but for what a preview may write."""
    return {name: data for name, data in outputs_of(root).items() if not name.startswith(".ccgen/preview/")}


# --- equal to a clean build ---


def test_a_file_named_index_is_what_its_folder_shows(served: Preview) -> None:
    for path in ("/press/", "/press/index.html"):
        answer = served.get(path)
        assert (answer.status, answer.page) == (200, FILES["static/press/index.html"].encode())
    moved = served.get("/press")
    assert (moved.status, moved.headers["location"]) == (307, "/press/")


@pytest.mark.parametrize(
    ("served_with", "built_with", "base"),
    [
        ((), ("-D", "-F"), "/"),
        (("--published",), (), "/"),
        (("-b", "https://x.example/shop/"), ("-D", "-F", "-b", "https://x.example/shop/"), "/shop/"),
        (("-b", "https://x.example/café"), ("-D", "-F", "-b", "https://x.example/café"), "/caf%C3%A9/"),
    ],
    ids=["drafts", "published", "base", "base-encoded"],
)
def test_every_output_is_served_as_a_clean_build_makes_it(
    root: Path, tmp_path: Path, served_with: tuple[str, ...], built_with: tuple[str, ...], base: str
) -> None:
    with previewing(root, *served_with) as preview:
        assert preview.base == base
        built = run("build", "-s", root, "-o", tmp_path / "out", "--state", tmp_path / "state", *built_with)
        assert built.code == 0, built.err
        outputs = outputs_of(tmp_path / "out")
        assert len(outputs) > 40
        for name, data in outputs.items():
            reply = preview.get(base + quote(name))
            assert reply.page == data, name
            assert reply.status == (404 if name.endswith("404.html") else 200), name
            if name.endswith("/index.html"):
                assert preview.get(base + quote(name.removesuffix("index.html"))).page == data
        hidden = {"stories/draft/index.html", "stories/later/index.html"}
        assert hidden & outputs.keys() == (set() if "--published" in served_with else hidden)
        for name in hidden - outputs.keys():
            assert preview.get(f"/{name}").status == 404


def test_the_script_stands_in_pages_and_nowhere_else(served: Preview) -> None:
    for path in ("/", "/stories/s1/", "/none/", "/zh-CN/", "/old/"):
        assert served.get(path).body.count(b"/_ccgen/live.js") == 1, path
    for path in ("/own.html", "/feed.xml", "/p.png", "/sitemap.xml", "/robots.txt", "/reviews/pot/index.md"):
        assert b"_ccgen" not in served.get(path).body, path


def test_a_preview_with_edits_leaves_what_builds_made_as_it_was(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("First.")})
    assert run("build", "-s", site.root).code == 0
    before = ours(site.root)
    with previewing(site.root) as preview:
        site.edit("content/notes/a.md", "First.", "Second.")
        preview.shows("Second.", "/notes/a/")
        site.write({"content/notes/b.md": article("New, a draft.", draft=True)})
        preview.shows("New, a draft.", "/notes/b/")
        site.edit("content/notes/a.md", "Second.", "::product{nobody}")
        preview.until(lambda: "unknown-product" in preview.said)
        site.edit("content/notes/a.md", "::product{nobody}", "Third.")
        preview.shows("Third.", "/notes/a/")
        assert preview.end() == 130
    after = ours(site.root)
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert changed == {"content/notes/a.md", "content/notes/b.md"}
    assert run("build", "-s", site.root).code == 0
    assert site.holding("localhost", "_ccgen", "data-shows", "New, a draft.") == {}
    assert site.has("/notes/a/")
    assert "Third." in site.text("/notes/a/")


def test_what_is_kept_of_a_preview_goes_where_state_goes(shop: ShopMaker, tmp_path: Path) -> None:
    site = shop()
    good = (site.root / "ccgen.yaml").read_text()
    site.write({"ccgen.yaml": "site: [\n"})
    with previewing(site.root, "--state", str(tmp_path / "state")) as preview:
        assert preview.get().status == 500
        site.write({"ccgen.yaml": good})
        preview.until(lambda: preview.get().status == 200)
        assert preview.end() == 130
    assert not (site.root / ".ccgen").exists()
    assert [one.name for one in (tmp_path / "state").iterdir()] == ["preview"]


# --- types, HEAD, ranges ---


@pytest.mark.parametrize(
    ("target", "kind"),
    [
        *(("/", "text/html; charset=utf-8"), ("/none/", "text/html; charset=utf-8")),
        *(("/own.html", "text/html; charset=utf-8"), ("/feed.xml", "application/xml; charset=utf-8")),
        *(("/redirects.json", "application/json"), ("/robots.txt", "text/plain; charset=utf-8")),
        *(("/reviews/pot/index.md", "text/markdown; charset=utf-8"), ("/p.png", "image/png")),
        *(("/q.svg", "image/svg+xml"), ("/types/x.css", "text/css; charset=utf-8")),
        *(("/types/x.js", "text/javascript; charset=utf-8"), ("/types/x.mjs", "text/javascript; charset=utf-8")),
        *(("/types/x.json", "application/json"), ("/types/x.csv", "text/csv; charset=utf-8")),
        *(("/types/x.webmanifest", "application/manifest+json"), ("/types/x.woff2", "font/woff2")),
        *(("/types/x.unknown", "application/octet-stream"), ("/types/X.PNG", "image/png")),
        *(("/types/x.pdf", "application/pdf"), ("/_ccgen/live.js", "text/javascript; charset=utf-8")),
        *(("/.well-known/security.txt", "text/plain; charset=utf-8"), ("/_ccgen/problems", "application/json")),
    ],
)
def test_every_output_has_its_type(served: Preview, target: str, kind: str) -> None:
    assert request(served.port, target).one("content-type") == kind


@pytest.mark.parametrize(
    "target",
    [
        *("/", "/stories/s1/", "/stories/s1", "/none/", "/p.png", "/big.bin", "/empty.txt", "/feed.xml", "/.env"),
        *("/_ccgen/live.js", "/_ccgen/problems", "/_ccgen/none"),
    ],
)
def test_head_says_what_get_says_without_the_body(served: Preview, target: str) -> None:
    whole, head = request(served.port, target), request(served.port, target, method="HEAD")
    dates = {"date"}
    assert (head.status, head.body) == (whole.status, b"")
    assert [one for one in head.headers if one[0] not in dates] == [one for one in whole.headers if one[0] not in dates]
    assert int(whole.one("content-length")) == len(whole.body)


def test_head_of_the_stream_ends_and_opens_none(served: Preview) -> None:
    answer = request(served.port, "/_ccgen/events?path=/", method="HEAD")
    assert (answer.status, answer.body) == (200, b"")
    assert answer.one("content-type").startswith("text/event-stream")


SIZE = len(BIG)


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        *(("bytes=0-0", 206, 0, 1), ("bytes=0-99", 206, 0, 100), ("bytes=100-", 206, 100, SIZE)),
        *(("bytes=-5", 206, SIZE - 5, SIZE), (f"bytes={SIZE - 1}-", 206, SIZE - 1, SIZE)),
        *((f"bytes=0-{SIZE * 9}", 206, 0, SIZE), (f"bytes=-{SIZE * 9}", 206, 0, SIZE), ("Bytes=0-0", 206, 0, 1)),
        *((f"bytes={SIZE}-", 416, 0, 0), ("bytes=999999999999999-", 416, 0, 0), ("bytes=-0", 416, 0, 0)),
        *(("bytes=5-2", 200, 0, SIZE), ("bytes=x", 200, 0, SIZE), ("bytes=-", 200, 0, SIZE), ("bytes=", 200, 0, SIZE)),
        *(
            ("lines=1-2", 200, 0, SIZE),
            ("0-5", 200, 0, SIZE),
            ("bytes=1-2-3", 200, 0, SIZE),
            ("bytes=--1", 200, 0, SIZE),
        ),
        *((f"bytes={'9' * 5_000}-", 200, 0, SIZE), ("bytes=٣-٤", 200, 0, SIZE), ("bytes=0-,", 200, 0, SIZE)),
        *((f"bytes={','.join(['0-'] * 5_000)}", 200, 0, SIZE), (f"bytes={',' * 5_000}", 200, 0, SIZE)),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_range_is_given_or_not_to_be_had_or_ignored(
    served: Preview, asked: str, status: int, start: int, end: int
) -> None:
    for method in ("GET", "HEAD"):
        answer = request(served.port, "/big.bin", f"Range: {asked}", method=method)
        assert answer.status == status
        if status == 416:
            assert answer.one("content-range") == f"bytes */{SIZE}"
            continue
        assert answer.body == (BIG[start:end] if method == "GET" else b"")
        assert int(answer.one("content-length")) == end - start
        assert answer.all("content-range") == ([f"bytes {start}-{end - 1}/{SIZE}"] if status == 206 else [])


def test_several_ranges_come_in_parts(served: Preview) -> None:
    answer = request(served.port, "/big.bin", "Range: bytes=0-1, 1000-1003,-1")
    assert answer.status == 206
    boundary = answer.one("content-type").removeprefix("multipart/byteranges; boundary=")
    parts = answer.body.split(f"--{boundary}".encode())
    assert [part.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n") for part in parts[1:-1]] == [
        *(BIG[0:2], BIG[1000:1004], BIG[-1:])
    ]
    assert int(answer.one("content-length")) == len(answer.body)


def test_a_page_comes_whole_whatever_range_is_asked(served: Preview) -> None:
    whole = request(served.port, "/stories/s1/")
    assert request(served.port, "/stories/s1/", "Range: bytes=0-9")[:1] == (200,)
    assert (
        request(
            served.port, "/stories/s1/", "If-None-Match: *", "If-Modified-Since: Fri, 01 Jan 2100 00:00:00 GMT"
        ).body
        == whole.body
    )


# --- redirects and what is not there ---


@pytest.mark.parametrize(
    ("target", "location"),
    [
        *(("/stories/s1", "/stories/s1/"), ("/stories/s1?a=b&c=%20", "/stories/s1/?a=b&c=%20")),
        *(("/stories", "/stories/"), ("/zh-CN", "/zh-CN/"), ("/old", "/old/"), ("/100%25", "/100%25/")),
        ("/stories/%E5%A3%B6-%C3%A4", "/stories/%E5%A3%B6-%C3%A4/"),
        ("/stories/s1?x=%0d%0aSet-Cookie:%20a=b", "/stories/s1/?x=%0d%0aSet-Cookie:%20a=b"),
    ],
)
def test_a_page_without_its_slash_is_led_to_it(served: Preview, target: str, location: str) -> None:
    answer = request(served.port, target)
    assert answer.status == 307
    assert answer.one("location") == location
    assert answer.all("set-cookie") == []


@pytest.mark.parametrize(
    "target",
    [
        *(
            "//evil.example",
            "//evil.example/",
            "//evil.example/%2e%2e",
            "///evil.example",
            "/\\evil.example",
            "/%5cevil.example",
        ),
        *(
            "//stories/s1",
            "//stories",
            "///stories",
            "/%2fstories",
            "/%2f%2fstories",
            "/./stories",
            "//",
            "/%2f",
            "/%0d%0aX: y",
        ),
        *("/stories//s1", "/stories/s1%0d%0aSet-Cookie:a=b", "/stories/s1%00", "/stories/s1/%2e", "/evil.example%2f.."),
    ],
)
def test_nothing_leads_to_another_host(served: Preview, target: str) -> None:
    for host in ("localhost", f"127.0.0.1:{served.port}"):
        answer = request(served.port, target, host=host)
        assert answer.status in {400, 404}
        assert answer.all("location") == answer.all("set-cookie") == answer.all("x") == []


def test_what_is_not_there_is_said_in_the_page_s_language(served: Preview) -> None:
    for target, name in (
        ("/none/", "404.html"),
        ("/stories/none", "404.html"),
        ("/zh-CN/none/x.png", "zh-CN/404.html"),
    ):
        answer = served.get(target)
        assert answer.status == 404
        assert answer.page == served.get(f"/{name}").page
    assert served.get("/zh-CN/none/").page != served.get("/none/").page


def test_below_a_base_path_nothing_is_above_it(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text."), "static/p.png": PNG})
    with previewing(site.root, "-b", "https://x.example/shop/") as preview:
        for target in ("/", "/shop"):
            answer = request(preview.port, target)
            assert (answer.status, answer.one("location")) == (307, "/shop/")
        assert request(preview.port, "/shop/").status == 200
        assert request(preview.port, "/shop/notes/a").one("location") == "/shop/notes/a/"
        assert request(preview.port, "/shop/p.png").body == PNG
        for target in ("/notes/a/", "/p.png", "/shopp/", "/shop/shop/", "//shop/", "/sho", "/shop//", "/Shop/"):
            answer = request(preview.port, target)
            assert answer.status == 404, target
            assert b"_ccgen/live.js" in answer.body
        assert request(preview.port, "/_ccgen/live.js").status == 200
        assert request(preview.port, "/shop/_ccgen/live.js").status == 404


def test_a_base_path_may_be_written_encoded(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root, "-b", "https://x.example/caf%C3%A9") as preview:
        assert preview.base == "/caf%C3%A9/"
        assert request(preview.port, "/").one("location") == "/caf%C3%A9/"
        assert request(preview.port, "/caf%C3%A9/notes/a").one("location") == "/caf%C3%A9/notes/a/"
        assert request(preview.port, "/caf%C3%A9/notes/a/").status == 200


# --- what others wrote is text (DEV-12) ---


def test_a_path_that_is_markup_stands_in_no_page(served: Preview) -> None:
    for target in (
        "/<script>alert(1)</script>",
        "/%3Cscript%3Ealert(1)%3C/script%3E",
        "/zh-CN/%22%3E%3Cscript%3Ealert(1)",
    ):
        answer = request(served.port, target)
        assert answer.status in {400, 404}
        assert b"<script>alert" not in answer.body
    answer = request(served.port, "/", host="<script>alert(1)<")
    assert answer.status in {400, 403}
    assert answer.one("content-type").startswith("text/plain")


def test_an_error_that_quotes_markup_shows_it_as_text(shop: ShopMaker, browser: Browser) -> None:
    evil = "</script><img src=x onerror=window.evil=1><script>window.evil=1</script>"
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        page = browser.new_page()
        page.goto(preview.url("/notes/a/"))
        site.edit("content/notes/a.md", "Text.", f"::product{{{json.dumps(evil)}}} {evil}")
        panel = page.locator("ccgen-problems")
        expect(panel).to_contain_text("onerror")
        site.write({"content/notes/a.md": f"---\ntitle: A\n{json.dumps(evil)}: 1\n---\n{evil}\n"})
        expect(panel).to_contain_text("</script><img")
        assert panel.locator("img, script").count() == 0
        page.goto(preview.url("/" + quote(evil, safe="")))
        page.wait_for_function("document.readyState === 'complete'")
        expect(page.locator("ccgen-problems")).to_contain_text("onerror")
        assert page.evaluate("window.evil === undefined")
        page.close()


def test_a_page_of_the_preview_s_own_escapes_what_it_says() -> None:
    page = bare_page("<b>&", '<i title="">', status=500).page
    assert b"<h1>&lt;b&gt;&amp;</h1><p>&lt;i title=&quot;&quot;&gt;</p>" in page


def test_before_the_first_page_could_be_drawn_errors_are_text_too(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": "---\ntitle: [<img src=x onerror=alert(1)>\n---\n"})
    with previewing(site.root) as preview:
        answer = preview.get("/notes/a/")
        assert answer.status == 500
        assert b"<img" not in answer.body
        assert "onerror" in json.dumps(json.loads(preview.get("/_ccgen/problems?path=/").body))


# --- the stream of events (DEV-07, DEV-16) ---


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 30
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


class Listener:
    """An open stream of events. `messages` are those that came."""

    def __init__(self, port: int, *tabs: tuple[str, str]) -> None:
        self._stream = connect(port)
        self._stream.settimeout(60)
        asked = "&".join(f"path={quote(path)}&shows={shows}" for path, shows in tabs)
        head = f"GET /_ccgen/events?{asked} HTTP/1.1\r\nHost: localhost\r\n\r\n"
        self._stream.sendall(head.encode())
        self.data = b""
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        try:
            while part := self._stream.recv(1 << 16):
                self.data += part
        except OSError:
            pass

    @property
    def messages(self) -> list[str]:
        return re.findall(r"data: (.*)\n\n", self.data.decode())

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(text) for text in self.messages]

    def close(self) -> None:
        self._stream.close()


def test_the_stream_says_a_number_what_to_do_and_addresses_of_the_site(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text 0. ![p](/p.png)"), "static/p.png": PNG})
    with previewing(site.root) as preview:
        listener = Listener(preview.port, ("/notes/a/", ""))
        preview.until(lambda: listener.messages)
        for number in range(10):
            site.edit("content/notes/a.md", f"Text {number}.", f"Text {number + 1}.")
            preview.until(lambda: listener.data.count(b'"reload"') > number)  # noqa: B023
        before = len(listener.messages)
        site.write({"static/p.png": PNG + b"\0"})
        preview.until(lambda: len(listener.messages) > before)
        for bad in ("::product{nobody}", "[x](none.md)", "{{"):
            good = (site.root / "content/notes/a.md").read_text()
            before = len(listener.messages)
            site.write({"content/notes/a.md": article(bad, title=7 if bad == "{{" else "T")})
            preview.until(lambda: len(listener.messages) > before)  # noqa: B023
            site.write({"content/notes/a.md": good})
            preview.shows("Text 10.", "/notes/a/")
        for text in listener.messages:
            message = json.loads(text)
            assert isinstance(message.pop("build"), int)
            assert message.pop("do") in {"reload", "explain", "swap"}
            assert message.pop("tab") == 0
            assert re.fullmatch(r"[0-9a-f]*", message.pop("shows", ""))
            for address in (one for pair in message.pop("files", {}).items() for one in pair):
                assert preview.get(address).status == 200
            assert message == {}
        for secret in (str(site.root), "content/", "nobody", "Text"):
            assert secret not in "".join(listener.messages)
        listener.close()


def test_a_stream_tells_each_of_its_tabs_what_is_for_it(shop: ShopMaker) -> None:
    site = shop({f"content/notes/{name}.md": article("Text.") for name in "ab"})
    with previewing(site.root) as preview:
        tabs = [(path, digest_of(preview.get(path).page).hex()) for path in ("/notes/a/", "/notes/b/", "/notes/a/")]
        listener = Listener(preview.port, *tabs)
        preview.until(lambda: {one["tab"] for one in listener.told} == {0, 1, 2})
        for one in listener.told:  # three, or more once all pages were looked at
            assert one == {"build": 0, "do": "explain", "tab": one["tab"]}
        site.edit("content/notes/a.md", "Text.", "Other text.")
        preview.until(lambda: listener.data.count(b'"reload"') >= 2)
        assert [one["tab"] for one in listener.told if one["do"] == "reload"] == [0, 2]
        listener.close()


def test_however_many_windows_are_seen_all_follow(shop: ShopMaker, browser: Browser) -> None:
    site = shop({f"content/notes/n{number}.md": article(f"Note {number}.") for number in range(10)})
    with previewing(site.root) as preview:
        window = browser.new_context()
        pages: list[Page] = []
        for number in range(10):
            pages.append(window.new_page())
            pages[-1].goto(preview.url(f"/notes/n{number}/"))
            pages[-1].evaluate("window.untouched = true")
        for number in (9, 0, 4):
            site.edit(f"content/notes/n{number}.md", f"Note {number}.", "Another text.")
            expect(pages[number].locator("main")).to_contain_text("Another text.")
        pages[2].goto(preview.url("/notes/n1/"))
        pages[3].close()
        site.edit("content/notes/n1.md", "Note 1.", "A text for two.")
        expect(pages[1].locator("main")).to_contain_text("A text for two.")
        expect(pages[2].locator("main")).to_contain_text("A text for two.")
        assert pages[5].evaluate("window.untouched")
        window.close()


def test_tabs_with_long_addresses_follow_and_hold_up_no_other(shop: ShopMaker, browser: Browser) -> None:
    site = shop({"content/notes/a.md": article("Text 0.")})
    with previewing(site.root) as preview:
        window = browser.new_context()
        first = window.new_page()
        first.goto(preview.url("/notes/a/"))
        others = [
            window.new_page() for _ in range(10)
        ]  # a stream each would be more than a browser opens to one server
        for number, page in enumerate(others):
            page.goto(preview.url(f"/{'장' * 600}{number}/"))
        last = window.new_page()
        last.goto(preview.url("/notes/a/"))
        for number in range(2):
            site.edit("content/notes/a.md", f"Text {number}.", f"Text {number + 1}.")
            for page in (first, last):
                expect(page.locator("main")).to_contain_text(f"Text {number + 1}.")
        for page in (first, *others):
            expect(page.locator(".ended")).to_have_count(0)
        window.close()


def test_a_tab_tells_its_address_as_it_is(shop: ShopMaker, browser: Browser) -> None:
    path = "/notes/a&b=c+d;%2541%25é/"
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        page = browser.new_page()
        page.add_init_script("delete window.SharedWorker")  # whose requests nobody sees
        with page.expect_request("**/_ccgen/events?**") as asked:
            page.goto(preview.url(path))
        assert parse_qs(urlsplit(asked.value.url).query)["path"] == [unquote(path)]
        shows = digest_of(preview.get("/notes/%2561/").page).hex()
        listener = Listener(preview.port, ("/notes/%61/", shows), ("/notes/a/", ""))
        preview.until(lambda: {one["tab"] for one in listener.told if one["do"] == "explain"} == {0, 1})
        assert [one["tab"] for one in listener.told if one["do"] == "reload"] == [1]
        listener.close()
        page.close()


def test_a_file_that_has_just_gone_costs_no_connection(shop: ShopMaker) -> None:
    """It counts as gone only after a while."""
    site = shop({"content/notes/a.md": article("Text."), "static/p.png": PNG})
    with previewing(site.root) as preview:
        asking = http.client.HTTPConnection("localhost", preview.port, timeout=30)
        found = []
        for path in ("/p.png", "/p.png", "/p.png", "/notes/a/"):
            asking.request("GET", path)
            answer = asking.getresponse()
            answer.read()
            found.append(answer.status)
            if (site.root / "static/p.png").is_file():
                (site.root / "static/p.png").unlink()
            else:
                (site.root / "static/p.png").mkdir(exist_ok=True)
        asking.close()
        assert found == [200, 404, 404, 200]


def test_a_stream_is_of_no_more_tabs_than_a_browser_has(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        pair = f"path=/notes/a/{'x' * 250}&shows=&"
        listener = Listener(preview.port, *[(f"/notes/a/{'x' * 250}", "")] * 200)  # some 54,000 characters
        preview.until(lambda: len(listener.messages) >= 400)
        assert request(preview.port, f"/_ccgen/events?{'path=/&shows=&' * 201}").status == 400
        assert request(preview.port, f"/_ccgen/events?{pair * 250}").status == 414
        assert request(preview.port, f"/_ccgen/problems?path=/{'x' * 8192}").status == 414
        listener.close()


def test_where_workers_are_not_shared_each_page_has_its_own(shop: ShopMaker, browser: Browser) -> None:
    site = shop({"content/notes/a.md": article("Text 0.")})
    with previewing(site.root) as preview:
        page = browser.new_page()
        page.add_init_script("delete window.SharedWorker")
        page.goto(preview.url("/notes/a/"))
        for number in range(2):
            site.edit("content/notes/a.md", f"Text {number}.", f"Text {number + 1}.")
            expect(page.locator("main")).to_contain_text(f"Text {number + 1}.")
        page.close()


def test_two_hundred_streams_hold_up_no_page_and_no_end(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        streams = [connect(preview.port) for _ in range(200)]
        for stream in streams:
            stream.sendall(b"GET /_ccgen/events?path=/notes/a/&shows= HTTP/1.1\r\nHost: localhost\r\n\r\n")
        for stream in streams:
            assert stream.recv(12) == b"HTTP/1.1 200"
        stalled = connect(preview.port)  # begins to ask, and never ends
        stalled.sendall(b"GET / HTTP/1.1\r\n")
        assert preview.get("/notes/a/").status == 200
        site.edit("content/notes/a.md", "Text.", "Other text.")
        preview.shows("Other text.", "/notes/a/")
        assert preview.end() == 130
        assert preview.said.rstrip().endswith("stopped; the preview is over")
        assert "Traceback" not in preview.said
        with socket.create_server(("127.0.0.1", preview.port)):
            pass  # the port is free
        for stream in (*streams, stalled):
            stream.close()


def test_who_has_gone_costs_nothing() -> None:
    questions: list[Question] = []
    listening = listen("127.0.0.1", 0)
    server = Server(listening, questions.append, LOOPBACK)
    port = listening.getsockname()[1]
    server.start()
    try:
        for path in ("/_ccgen/about?path=/", "/_ccgen/problems?path=/", "/notes/a/"):
            stream = connect(port)
            stream.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            until(lambda: questions)
            question = questions.pop()
            assert isinstance(question, Ask | Explain)
            assert not question.answer.cancelled()
            stream.close()
            until(question.answer.cancelled)
    finally:
        server.stop()


@pytest.mark.skipif(sys.platform != "linux", reason="asks for the limit of another process")
def test_a_low_limit_of_open_files_is_raised(shop: ShopMaker) -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = 8192 if hard == resource.RLIM_INFINITY else min(hard, 8192)
    with previewing(shop({}).root, limit=256) as preview:
        assert resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE) == (most, hard)


@pytest.mark.skipif(sys.platform != "linux", reason="sets the limit of another process")
def test_more_connections_than_files_may_be_open_keep_nothing_from_being_read(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        resource.prlimit(preview.process.pid, resource.RLIMIT_NOFILE, (256, 256))
        streams = [connect(preview.port) for _ in range(400)]
        refused = 0
        for stream in streams:
            with suppress(ConnectionError):
                stream.sendall(b"GET /_ccgen/events?path=/notes/a/&shows= HTTP/1.1\r\nHost: localhost\r\n\r\n")
            try:
                answer = stream.recv(1 << 12)
            except ConnectionError:
                answer = b""
            assert answer[:12] in {b"HTTP/1.1 200", b"HTTP/1.1 503", b""}
            if answer[:12] == b"HTTP/1.1 503":
                assert b"nosniff" in answer
                refused += 1
        assert refused
        site.edit("content/notes/a.md", "title:", "tags: [New]\ntitle:")
        preview.until(lambda: preview.builds)
        for stream in streams:
            stream.close()
        preview.until(lambda: _status(preview, "/notes/a/") == 200)
        preview.shows("New", "/notes/a/")
        assert "error" not in preview.said
        assert "Traceback" not in preview.said
        assert "asyncio" not in preview.said
        assert len(preview.said.splitlines()) == 3


def _status(preview: Preview, path: str) -> int:
    try:
        return preview.get(path).status
    except OSError:
        return 0


def test_closed_streams_are_forgotten(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text 0.")})
    with previewing(site.root) as preview:
        files = Path(f"/proc/{preview.process.pid}/fd")
        for number in range(3):
            streams = [connect(preview.port) for _ in range(30)]
            for stream in streams:
                stream.sendall(b"GET /_ccgen/events?path=/notes/a/&shows= HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert stream.recv(12) == b"HTTP/1.1 200"
            for stream in streams:
                stream.close()
            site.edit("content/notes/a.md", f"Text {number}.", f"Text {number + 1}.")
            preview.shows(f"Text {number + 1}.", "/notes/a/")
        if files.is_dir():
            preview.until(lambda: len(list(files.iterdir())) < 40)
        assert "Traceback" not in preview.said


@pytest.mark.parametrize(("base", "hidden"), [("/", True), ("/shop/", False)])
def test_a_file_whose_address_the_preview_has_for_itself_is_told(shop: ShopMaker, base: str, hidden: bool) -> None:
    files: dict[str, Content] = {
        "static/_ccgen/live.js": "own",
        "static/_ccgen/b.txt": "own",
        "static/_cc/a.txt": "own",
    }
    site = shop(files, settings={"site": {"url": f"https://shop.example{base}"}})
    with previewing(site.root) as preview:
        assert (preview.get(f"{base}_ccgen/live.js").text == "own") is not hidden
        preview.until(lambda: preview.said.count("hidden-in-preview") == hidden)
        assert ("static/_ccgen/b.txt" in preview.said) is hidden


# --- how it begins and ends (DEV-13) ---


def test_a_quiet_preview_says_where_it_is_and_no_more(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("Text.")})
    with previewing(site.root, "-q") as preview:
        assert preview.get("/notes/a/").status == 200
        site.edit("content/notes/a.md", "Text.", "Other text.")
        preview.shows("Other text.", "/notes/a/")
        assert preview.said == f"{preview.url()}\n"


def test_a_port_in_use_is_said_at_once(served: Preview) -> None:
    found = run("serve", "-s", served.root, "-p", served.port)
    assert found.code == 3
    assert f"port {served.port} is in use" in found.err
    assert f"try --port {served.port + 1}" in found.err
    assert "Traceback" not in found.err


@pytest.mark.parametrize(("how", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_it_ends_when_it_is_told_to_with_a_big_answer_under_way(root: Path, how: signal.Signals, code: int) -> None:
    with previewing(root) as preview:
        with connect(preview.port) as greedy, connect(preview.port) as idle:
            greedy.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n" * 20)
            assert greedy.recv(12) == b"HTTP/1.1 200"  # and reads no more
            idle.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert idle.recv(12) == b"HTTP/1.1 200"
            assert preview.end(how) == code
        assert preview.said.rstrip().endswith("stopped; the preview is over")
        assert "Traceback" not in preview.said
        with previewing(root, port=preview.port) as again:  # at once, though old connections linger
            assert again.get().status == 200


def test_a_file_that_goes_while_it_is_asked_for_is_no_fault(shop: ShopMaker) -> None:
    site = shop({"static/big.bin": BIG, "content/notes/a.md": article("Text.")})
    with previewing(site.root) as preview:
        with connect(preview.port) as stream:
            stream.sendall(b"GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n" * 10)
            assert stream.recv(12) == b"HTTP/1.1 200"
            (site.root / "static/big.bin").write_bytes(b"short")
            while stream.recv(1 << 20):
                pass
        site.write({"static/big.bin": None})
        preview.until(lambda: preview.get("/big.bin").status in {404, 500})
        preview.until(lambda: preview.get("/big.bin").status == 404)
        assert preview.get("/notes/a/").status == 200
        assert "Traceback" not in preview.said


def test_answers_come_in_turn_though_files_change_between(served: Preview) -> None:
    data = b"GET /p.png HTTP/1.1\r\nHost: localhost\r\n\r\n" * 30
    data += b"GET /none HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    answers: list[Raw] = several(exchange(served.port, data))
    assert [one.status for one in answers] == [200] * 30 + [404]
    assert {one.body for one in answers[:30]} == {PNG}
