"""Where a check of links may go: addresses, names, certificates, robots.txt; and what stops it."""

from __future__ import annotations

import ast
import asyncio
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest
from health_web import Request, Send, a_web, certificate, reply, to
from support import REPOSITORY, ShopMaker, ccgen_command, environment, here

from ccgen.books.addresses import refusal
from ccgen.books.robots import read_robots
from ccgen.books.visit import Manners, NotAskedError, Seen, UnclearError, Visitor

PUBLIC = ("93.184.216.34", "8.8.8.8", "2606:2800:220:1::1", "64:ff9b::5db8:d822", "::ffff:8.8.8.8", "2002:808:808::1")
LOCAL = (
    "127.0.0.1",
    "127.9.9.9",
    "10.1.2.3",
    "172.31.0.1",
    "192.168.1.1",
    "::1",
    "fd12::1",
    "fec0::1",
    "::ffff:127.0.0.1",
)
NEVER = (
    *("169.254.169.254", "169.254.1.1", "100.64.0.1", "100.100.100.200", "168.63.129.16", "0.0.0.0", "255.255.255.255"),
    *("224.0.0.1", "240.0.0.1", "198.18.0.1", "192.0.2.1", "fe80::1", "fe80::1%eth0", "ff02::1", "::", "fd00:ec2::254"),
    *("::ffff:169.254.169.254", "64:ff9b::a9fe:a9fe", "2002:a9fe:a9fe::1", "2001:db8::1"),
)


def test_only_public_addresses_may_be_asked() -> None:
    assert {one: refusal(one, local=False) for one in PUBLIC} == dict.fromkeys(PUBLIC, "")
    assert not [one for one in (*LOCAL, *NEVER) if not refusal(one, local=False)]
    assert {one: refusal(one, local=True) for one in LOCAL} == dict.fromkeys(LOCAL, "")
    assert not [one for one in NEVER if not refusal(one, local=True)]
    assert refusal("64:ff9b::7f00:1", local=False), "this machine behind a translation of addresses"
    assert refusal("2002:7f00:1::1", local=False)


def visit(url: str, resolved: dict[str, list[tuple[str, ...]]], *, local: bool = True) -> tuple[Seen, list[str]]:
    """Look at a URL where names resolve as given, another answer each time."""
    names: list[str] = []

    async def resolve(host: str, _: int) -> tuple[str, ...]:
        names.append(host)
        return resolved[host].pop(0)

    manners = Manners(agent="ccgen", pause=0, seconds=5, local=local, resolve=resolve)
    return asyncio.run(Visitor(manners).look(url)), names


def test_the_address_that_was_looked_at_is_the_one_connected_to() -> None:
    with a_web() as web:
        web.answers["/pot"] = reply()
        # A second look-up, as a connection by name makes it, would be refused or fail: there is no `shop.test`.
        seen, names = visit(web.url("/pot", host="shop.test"), {"shop.test": [("127.0.0.1",), ("127.0.0.1",)]})
        assert seen.status == 200
        assert names == ["shop.test"] * 2, "once for robots.txt, once for the page"
        assert {one.headers["host"] for one in web.requests} == {f"shop.test:{web.port}"}


def test_every_hop_is_held_to_its_address() -> None:
    with a_web() as web:
        web.answers |= {"/pot": to(web.url("/x", host="inside.test")), "/x": reply()}
        inside = {"shop.test": [("127.0.0.1",)] * 2, "inside.test": [("169.254.169.254",)]}
        with pytest.raises(UnclearError, match=r"`inside.test` is kept for the machine itself"):
            visit(web.url("/pot", host="shop.test"), inside)
        assert web.asked == ["GET /pot"]
        # A name that leads to this machine the second time it is looked up.
        turned = {"shop.test": [("127.0.0.1",), ("0.0.0.0",)]}
        with pytest.raises(NotAskedError, match="no public address"):
            visit(web.url("/pot", host="shop.test"), turned)
        mixed = {"shop.test": [("127.0.0.1", "169.254.169.254")]}
        with pytest.raises(NotAskedError):
            visit(web.url("/pot", host="shop.test"), mixed)
        assert web.asked == ["GET /pot"]


@pytest.mark.parametrize(
    "url",
    [
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f.1/",
        "http://[::ffff:7f00:1]/",
        "http://localhost/",
        "http://[::1]/",
        "http://user:secret@example.org/",
        "http://example.org:22/",
        "http://example.org:8080/",
        "ftp://example.org/",
        "file:///etc/passwd",
        "http:///",
        "http://exa mple.org/",
    ],
)
def test_what_is_no_plain_public_address_is_not_asked(url: str) -> None:
    with pytest.raises((NotAskedError, UnclearError)) as raised:
        asyncio.run(Visitor(Manners(agent="ccgen", pause=0, seconds=5)).look(url))
    assert isinstance(raised.value, NotAskedError) or "not found" in str(raised.value)


def test_a_dead_address_is_passed_over() -> None:
    with a_web() as web:
        web.answers["/pot"] = reply()
        both = ("::1", "127.0.0.1")  # nobody listens at the first
        assert visit(web.url("/pot", host="shop.test"), {"shop.test": [both] * 2})[0].status == 200


def test_certificates_are_held_to_the_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context, file = certificate(tmp_path, "shop.test")
    with a_web(context) as web:
        web.answers["/pot"] = reply()

        def seen(host: str) -> int:
            return visit(web.url("/pot", host=host), {host: [("127.0.0.1",)] * 2})[0].status

        with pytest.raises(UnclearError, match="certificate"):
            seen("shop.test")
        monkeypatch.setenv("SSL_CERT_FILE", str(file))
        assert seen("shop.test") == 200
        with pytest.raises(UnclearError, match="certificate"):
            seen("other.test")


def test_what_is_no_tls_is_uncertain() -> None:
    with a_web() as web, pytest.raises(UnclearError, match="TLS"):
        visit(web.url("/pot", host="shop.test").replace("http:", "https:"), {"shop.test": [("127.0.0.1",)] * 2})


def test_no_proxy_and_no_cookie_comes_between(monkeypatch: pytest.MonkeyPatch) -> None:
    with a_web() as web, a_web() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url())
        monkeypatch.setenv("http_proxy", proxy.url())
        web.answers |= {"/pot": reply(302, b"", location="/b", set_cookie="a=1; Path=/"), "/b": reply()}
        assert visit(web.url("/pot", host="shop.test"), {"shop.test": [("127.0.0.1",)] * 3})[0].status == 200
        assert proxy.requests == []
        assert all("cookie" not in one.headers for one in web.requests)


def test_nothing_but_the_books_goes_out() -> None:
    """The preview listens, and asks the system for its own address; nothing else of it knows a network."""
    outward = {"httpx", "socket", "ssl", "http", "urllib.request", "certifi"}
    found = set()
    for path in sorted((REPOSITORY / "ccgen").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [one.name for one in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if any(name == one or name.startswith(f"{one}.") for name in names for one in outward):
                found.add(path.relative_to(REPOSITORY / "ccgen").as_posix())
    assert {one for one in found if not one.startswith("books/")} == {"preview/lan.py", "preview/server.py"}
    assert {one for one in found if one.startswith("books/")}


ROBOTS = """\ufeff# everybody
User-agent: a
User-agent: *
Crawl-delay: 4
Disallow: /private/
Allow: /private/open
Disallow: /*.pdf$
Disallow: /*?sort=
Disallow: /ä
Disallow:

User-agent: ccgen
Disallow: /not-you
"""


@pytest.mark.parametrize(
    ("path", "everybody", "ours"),
    [
        ("/", True, True),
        ("/private/x", False, True),
        ("/private/open/x", True, True),
        ("/a.pdf", False, True),
        ("/a.pdf?x=1", True, True),
        ("/list?sort=up", False, True),
        ("/list?x=1&sort=up", True, True),
        ("/%C3%A4", False, True),
        ("/not-you/x", True, False),
    ],
)
def test_robots_txt_is_read_as_the_standard_says(path: str, everybody: bool, ours: bool) -> None:
    url = f"https://shop.example{path}"
    assert read_robots(ROBOTS.removeprefix("\ufeff"), "other").allow(url) is everybody
    assert read_robots(ROBOTS.removeprefix("\ufeff"), "ccgen").allow(url) is ours


def test_a_hostile_robots_txt_is_read_quickly() -> None:
    rules = read_robots("User-agent: *\nDisallow: /" + "a*" * 5000 + "b$\n", "ccgen")
    began = time.process_time()
    assert rules.allow("https://shop.example/" + "a" * 5000)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("sent", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_what_was_found_is_kept_when_a_run_is_stopped(shop: ShopMaker, sent: signal.Signals, code: int) -> None:
    def waits(_: Request, __: Send) -> None:
        time.sleep(15)

    with a_web() as web:
        web.answers |= {"/a": reply(), "/b": waits}
        offers = [{"url": web.url(path), "id": path[1:]} for path in ("/a", "/b")]
        site = shop(
            {
                "content/merchants/far.yaml": {"name": "Near", "role": "none", "url": web.url()},
                "content/products/pot.yaml": {"name": "Pot", "offers": offers},
            }
        )
        flags = ("-s", str(site.root), "--pause", "0", "--allow-local")
        child = subprocess.Popen(
            [ccgen_command(), "links", "check", *flags], env=environment(), stderr=subprocess.PIPE, text=True
        )
        until = time.monotonic() + 30
        while "GET /b" not in web.asked and time.monotonic() < until:
            time.sleep(0.02)
        child.send_signal(sent)
        _, told = child.communicate(timeout=20)
    assert child.returncode == code, told
    assert "1 of 2 links were looked at" in told
    assert "Traceback" not in told
    links = json.loads((site.root / "data/links.json").read_bytes())["links"]
    assert [(one["url"].rpartition("/")[2], one["state"]) for one in links] == [("a", "ok")]


def test_a_folder_that_cannot_be_written_is_a_fault_of_the_machine(shop: ShopMaker) -> None:
    with a_web() as web:
        web.answers["/a"] = reply()
        site = shop(
            {
                "content/merchants/far.yaml": {"name": "Near", "role": "none", "url": web.url()},
                "content/products/pot.yaml": {"name": "Pot", "offers": [web.url("/a")]},
                "data": "a file",
            }
        )
        run = here("links", "check", "-s", site.root, "--pause", 0, "--allow-local")
    assert run.code == 3
    assert "Traceback" not in run.err
