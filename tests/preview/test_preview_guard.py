"""Who may ask the preview, for what, and what every answer says to a browser: DEV-01 to DEV-06, DEV-08, DEV-09, DEV-11."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from previewing import Preview, previewing
from raw_http import Raw, connect, exchange, request, several
from support import PNG, Shop, ShopMaker, article, run

from ccgen.errors import EnvironmentFault
from ccgen.preview import in_network

SECRET = "SECRET-BYTES"
LIVE = ("/_ccgen/live.js", "/_ccgen/problems", "/_ccgen/events")
KEPT = {
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "x-content-type-options": "nosniff",
}


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview of a site with secrets beside its sources, and around it."""
    folder = tmp_path_factory.mktemp("guard")
    (folder / "outside.txt").write_text(SECRET)
    site = Shop(
        folder / "shop",
        {
            "content/notes/a.md": article("Text.", title="First"),
            "content/notes/.a.md.swp": SECRET,
            "static/dot.png": PNG,
            "static/big.bin": b"0" * 1_000_000,
            ".env": SECRET,
            ".git/config": SECRET,
            ".ccgen/notes.txt": SECRET,
            "site/old.html": SECRET,
            "data/private.csv": SECRET,
            "notes.txt": SECRET,
        },
        {},
    )
    with previewing(site.root) as preview:
        yield preview
        # None of what was asked has said anything in the terminal.
        assert preview.end() == 130
        assert re.fullmatch(
            r"http://localhost:\d+/\nopened in .* s; Ctrl-C ends the preview\n\nstopped; the preview is over\n",
            preview.said,
        )


def is_marked(answer: Raw) -> None:
    """Every answer says, once, that it is for nobody else and not to be kept."""
    for name, value in KEPT.items():
        assert answer.all(name) == [value], (name, answer)
    assert not [name for name, _ in answer.headers if name.startswith("access-control-")]


def is_well(preview: Preview) -> None:
    assert request(preview.port, "/notes/a/").status == 200
    assert "Traceback" not in preview.said
    assert "Exception" not in preview.said


# --- request targets (DEV-01, DEV-02, DEV-03) ---

UP = (
    "../",
    "..%2f",
    "%2e%2e/",
    "%2e%2e%2f",
    "%252e%252e/",
    "..\\",
    "..%5c",
    "....//",
    "..;/",
    "%c0%ae%c0%ae/",
    ".%00./",
)
TRAVERSALS = [f"/{up * depth}{name}" for up in UP for depth in (1, 3, 8) for name in ("outside.txt", "etc/passwd")]
TRAVERSALS += [f"/notes/a/{up * 4}.env" for up in UP]
OF_THE_PROJECT = [
    *("/.env", "/.env?raw??", "/.env?import&raw", "/.env?inline&import", "/.env/.", "/.env/", "/.env%20", "/.ENV"),
    *("/.env::$DATA", "/.git/config", "/.git/", "/ccgen.yaml", "/content/notes/a.md", "/content/", "/notes.txt"),
    *("/.ccgen/notes.txt", "/.ccgen/", "/.ccgen/preview/readings.db", "/site/old.html", "/site/", "/old.html"),
    *("/data/private.csv", "/static/dot.png", "/themes/plain/theme.yaml", "/notes/.a.md.swp", "/dot.png/", "/@fs/"),
    *("//etc/passwd", "///etc/passwd", "/CON", "/aux.html", "/dot.png%20", "/dot.png.", "/dot.png::$DATA", "/DOT.PNG"),
]


@pytest.mark.parametrize("target", [*TRAVERSALS, *OF_THE_PROJECT])
def test_nothing_is_served_but_the_outputs(served: Preview, target: str) -> None:
    answer = request(served.port, target)
    assert answer.status in {400, 404}
    assert SECRET.encode() not in answer.body
    assert b"root:" not in answer.body
    is_marked(answer)


BAD_TARGETS = [
    *(b"/#/../../x", b"/notes/a/#x", b"/?#", b"/\0", b"/%00", b"/dot.png%00.html", b"/%ff", b"/\xff", b"/%c3", b"\\"),
    *(b"/%ed%a0%80", b"http://evil.example/", b"http://localhost/", b"file:///etc/passwd", b"*", b"x", b"", b"../x"),
    *(b"/" + b"a" * 65_536, b"/" + b"a" * 9_000, b"/?" + b"a" * 9_000, b"/" + b"%2e%2e%2f" * 3_000, b"/ /", b"/\t/"),
]


@pytest.mark.parametrize("target", BAD_TARGETS, ids=lambda target: repr(target[:24]))
def test_what_is_no_address_is_refused(served: Preview, target: bytes) -> None:
    answer = request(served.port, target)
    assert answer.status in {400, 414}
    is_marked(answer)
    is_well(served)


MANY = b"".join(b"X-%d: y\r\n" % number for number in range(10_000))
BROKEN = [
    *(b"GET /\r\n\r\n", b"\r\n\r\n\r\n\r\n", b"\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03\r\n\r\n", b"GET\r\n\r\n"),
    *(b"GET / HTTP/9\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"GET / HTTP/1.1\r\n Host: localhost\r\n\r\n"),
    *(b"GET / HTTP/1.1\r\nHost: localhost\r\nX: \0\r\n\r\n", b"GET / HTTP/1.1\r\nHost : localhost\r\n\r\n"),
    b"PRI * HTTP/2.0\r\nHost: localhost\r\n\r\nSM\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" + MANY + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nCookie: " + b"c" * 100_000 + b"\r\n\r\n",
    b"A" * 200_000 + b"\r\n\r\n",
]


@pytest.mark.parametrize("data", BROKEN, ids=lambda data: repr(data[:40]))
def test_what_is_no_request_is_refused(served: Preview, data: bytes) -> None:
    for answer in several(exchange(served.port, data)):
        assert answer.status in {400, 405, 431}
        is_marked(answer)
    is_well(served)


def test_a_body_that_breaks_off_after_the_answer_ends_the_connection(served: Preview) -> None:
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"
    with connect(served.port) as stream:
        stream.sendall(head)
        assert stream.recv(1 << 16).startswith(b"HTTP/1.1 405 ")
        stream.sendall(b"this is no chunk\r\n")
        while stream.recv(1 << 16):
            pass
    is_well(served)


def test_bare_line_feeds_are_no_way_round(served: Preview) -> None:
    answers = several(exchange(served.port, b"GET /.env HTTP/1.1\nHost: localhost\nConnection: close\n\n"))
    assert [one.status for one in answers] == [404]
    answers = several(exchange(served.port, b"GET / HTTP/1.1\nHost: evil.example\nConnection: close\n\n"))
    assert [one.status for one in answers] == [403]


def test_requests_in_one_parcel_have_their_answers_in_turn(served: Preview) -> None:
    head = b" HTTP/1.1\r\nHost: localhost\r\n"
    targets = (b"/dot.png", b"/.env", b"/notes/a", b"/notes/a/")
    data = b"".join(b"GET " + one + head + b"\r\n" for one in targets)
    data += b"GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n"
    answers = several(exchange(served.port, data))
    assert [one.status for one in answers] == [200, 404, 307, 200, 403]
    assert answers[0].body == PNG
    for one in answers:
        is_marked(one)


def test_who_is_slow_holds_up_nobody(served: Preview) -> None:
    slow = [connect(served.port) for _ in range(20)]
    for number, stream in enumerate(slow):
        stream.sendall(b"GET /notes/a/ HTTP/1.1\r\nHost: loc"[: number + 5])
    is_well(served)
    slow[19].sendall(b"GET /notes/a/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"[24:])
    assert slow[19].recv(12) == b"HTTP/1.1 200"
    for stream in slow:
        stream.close()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.one_of(st.binary(max_size=60), st.lists(st.sampled_from([*UP, "/", ".env", "a", "%", "?"])).map("".join)))
def test_no_target_whatever_leads_to_a_fault_or_a_secret(served: Preview, rest: bytes | str) -> None:
    rest = rest.encode() if isinstance(rest, str) else rest
    for answer in several(
        exchange(served.port, b"GET /" + rest + b" HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    ):
        assert answer.status in {200, 307, 400, 403, 404, 405, 414}
        assert SECRET.encode() not in answer.body
        is_marked(answer)
    assert served.process.poll() is None


def test_noise_of_any_kind_leaves_it_well(served: Preview) -> None:
    noise = random.Random(7)
    for _ in range(100):
        data = noise.randbytes(noise.randrange(1, 400))
        for answer in several(exchange(served.port, data + b"\r\n\r\n\r\n")):
            assert answer.status == 400
            is_marked(answer)
    is_well(served)


# --- Host (DEV-04) ---

OURS = ("localhost", "127.0.0.1", "[::1]", "LOCALHOST", "LocalHost", "localhost:1", "127.0.0.1:65535", "[::1]:8000")
OTHERS = [
    *("evil.example", "127.0.0.1.evil.example", "localhost.evil.example", "evil-localhost", "notlocalhost", "0.0.0.0"),
    *("evil.example:8000", "localhost@evil.example", "evil@localhost", "user:pass@localhost", "@localhost", "", " "),
    *("localhost/", "localhost/x", "localhost?x", "localhost#x", "localhost\\", "localhost:x", "localhost:99999999"),
    *("localhost:80:80", "localhost, evil.example", "evil.example, localhost", "[::1", "::1", "[::1]x", "[::2]"),
    *("127.1", "2130706433", "0x7f.1", "127.0.0.1.", "localhost.", "127.0.0.2", "10.0.0.1", "%6cocalhost", "lоcalhost"),
]


@pytest.mark.parametrize("host", OURS)
@pytest.mark.parametrize("target", ["/", "/dot.png", "/_ccgen/live.js"])
def test_the_machine_s_own_names_are_answered(served: Preview, host: str, target: str) -> None:
    assert request(served.port, target, host=host).status == 200


@pytest.mark.parametrize("host", OTHERS)
def test_another_name_is_refused_with_what_to_do(served: Preview, host: str) -> None:
    for target in ("/", "/dot.png", *LIVE):
        answer = request(served.port, target, host=host)
        assert answer.status in {400, 403}, target
        assert b"First" not in answer.body
        is_marked(answer)
        if answer.status == 403:
            assert b"To allow it: ccgen serve --allow " in answer.body
            assert answer.one("content-type").startswith("text/plain")


def test_a_request_without_a_host_or_with_two_is_refused(served: Preview) -> None:
    assert request(served.port, host=None).status == 400
    assert several(exchange(served.port, b"GET / HTTP/1.0\r\n\r\n"))[0].status == 403
    for version in (b"1.0", b"1.1"):
        for names in ((b"localhost", b"evil.example"), (b"evil.example", b"localhost"), (b"localhost", b"localhost")):
            head = b"".join(b"Host: " + name + b"\r\n" for name in names)
            (answer,) = several(exchange(served.port, b"GET / HTTP/" + version + b"\r\n" + head + b"\r\n"))
            assert answer.status == 400
            is_marked(answer)


def test_no_other_header_stands_for_the_host(served: Preview) -> None:
    for name in ("X-Forwarded-Host", "Forwarded", "X-Host", "X-Original-URL", "X-Rewrite-URL"):
        assert request(served.port, "/", f"{name}: localhost", host="evil.example").status == 403
        assert request(served.port, "/.env", f"{name}: /notes/a/").status == 404


def test_a_name_can_be_allowed(shop: ShopMaker) -> None:
    names = ("MyBox.local", "tunnel.example:443", "192.168.1.7", "[fd00::1]", "my_box")
    with previewing(shop().root, *(word for name in names for word in ("--allow", name))) as preview:
        for host in ("mybox.local", f"MYBOX.local:{preview.port}", "tunnel.example", "localhost", *names[2:]):
            assert request(preview.port, host=host).status == 200
        for host in ("box.local", "x.mybox.local", "mybox.local.evil.example", "evil.example"):
            assert request(preview.port, host=host).status == 403


@pytest.mark.parametrize(
    "name",
    [
        "",
        "*",
        "*.example",
        "https://box.local",
        "box.local/",
        "a b",
        "a@b",
        "box.local:port",
        "-x.example",
        "[::1",
        "a..b",
    ],
)
def test_what_is_no_name_cannot_be_allowed(shop: ShopMaker, name: str) -> None:
    found = run("serve", "-s", shop().root, "--allow", name)
    assert found.code == 2
    assert f"`{name}` is no name of a machine" in found.err
    assert "box.example" in found.err


# --- Origin and Sec-Fetch-Site (DEV-05) ---


def origins(port: int) -> list[tuple[str, ...]]:
    foreign = (
        *("https://evil.example", "null", "", "http://localhost", "http://localhost:1", "http://[", "localhost"),
        *(
            f"http://evil.example:{port}",
            f"http://localhost:{port}.evil.example",
            f"http://localhost:{port}@evil.example",
        ),
        *(f"file://localhost:{port}", f"http://127.0.0.1:{port}", f"http://localhost:{port}, https://evil.example"),
    )
    return [
        *((f"Origin: {one}",) for one in foreign),
        *((f"Sec-Fetch-Site: {one}",) for one in ("cross-site", "same-site", "anything", "")),
        (f"Origin: http://localhost:{port}", "Origin: https://evil.example"),
        (f"Origin: http://localhost:{port}", "Sec-Fetch-Site: cross-site"),
    ]


def test_no_other_site_s_page_may_listen_or_ask(served: Preview) -> None:
    host = f"localhost:{served.port}"
    for headers in origins(served.port):
        for target in (*LIVE, "/%5fccgen/problems", "/_ccgen/nothing"):
            answer = request(served.port, target, *headers, host=host)
            assert answer.status == 403, (target, headers)
            assert b"data:" not in answer.body
            is_marked(answer)


def test_the_preview_s_own_pages_may_listen_and_ask(served: Preview) -> None:
    host = f"localhost:{served.port}"
    for headers in ((), (f"Origin: http://{host}",), ("Sec-Fetch-Site: same-origin",), ("Sec-Fetch-Site: none",)):
        for target in LIVE[:2]:
            assert request(served.port, target, *headers, host=host).status == 200
    with connect(served.port) as stream:
        stream.sendall(f"GET /_ccgen/events HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\n\r\n".encode())
        assert stream.recv(12) == b"HTTP/1.1 200"


# --- what every answer says, and methods (DEV-06, DEV-11) ---


@pytest.mark.parametrize(
    ("target", "status"),
    [
        *(("/", 200), ("/notes/a/", 200), ("/dot.png", 200), ("/notes/a", 307), ("/none/", 404), ("/none.png", 404)),
        *(("/feed.xml", 200), ("/_ccgen/live.js", 200), ("/_ccgen/problems", 200), ("/_ccgen/none", 404)),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_every_answer_is_for_this_machine_s_own_pages(served: Preview, target: str, status: int, method: str) -> None:
    for origin in ((), ("Origin: https://evil.example",)) if not target.startswith("/_ccgen/") else ((),):
        answer = request(served.port, target, *origin, method=method)
        assert answer.status == status
        is_marked(answer)


def test_the_stream_of_events_is_marked_too(served: Preview) -> None:
    with connect(served.port) as stream:
        stream.sendall(b"GET /_ccgen/events?path=/ HTTP/1.1\r\nHost: localhost\r\n\r\n")
        data = b""
        while b"\r\n\r\n" not in data:
            data += stream.recv(1 << 16)
    (answer,) = several(data.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    is_marked(answer)
    assert answer.one("content-type") == "text/event-stream; charset=utf-8"


@pytest.mark.parametrize("target", ["/", "/dot.png", "/none/", *LIVE])
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND", "get"])
def test_other_methods_are_not_allowed_and_do_nothing(served: Preview, method: str, target: str) -> None:
    answer = request(served.port, target, "Content-Length: 0", "Origin: https://evil.example", method=method)
    assert (answer.status, answer.one("allow")) == (405, "GET, HEAD")
    is_marked(answer)


def test_what_is_sent_is_written_nowhere(served: Preview) -> None:
    for method in ("PUT", "POST"):
        data = f"{method} /new.txt HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\nConnection: close\r\n\r\nWORDS\n"
        assert several(exchange(served.port, data.encode()))[0].status == 405
    assert not list(served.root.rglob("new.txt"))


# --- links (DEV-08) ---


@pytest.mark.parametrize("flags", [(), ("--poll", "0.1")], ids=["events", "poll"])
def test_a_link_that_leads_outside_is_an_error_and_is_not_served(
    shop: ShopMaker, tmp_path: Path, flags: tuple[str, ...]
) -> None:
    (tmp_path / "outside.txt").write_text(SECRET)
    site = shop({"static/plain.txt": "plain", "static/sub/inner.txt": "inner", ".hidden/x.txt": SECRET})
    places = {
        "static/plain.txt": tmp_path / "outside.txt",
        "static/sub": tmp_path,
        "static/new.txt": Path("../../outside.txt"),
        "static/hidden.txt": Path("../.hidden/x.txt"),
        "static/plain.txt.gz": tmp_path / "outside.txt",
    }
    with previewing(site.root, *flags) as preview:
        assert preview.get("/plain.txt").body == b"plain"
        for name, target in places.items():
            place, kept = site.root / name, tmp_path / "kept"
            if place.exists():
                place.rename(kept)
            place.symlink_to(target)
            preview.until(lambda name=name: f"link-outside]: `{name}`" in preview.said)  # type: ignore[misc]
            for path in (
                "/plain.txt",
                "/sub/inner.txt",
                "/sub/outside.txt",
                "/new.txt",
                "/hidden.txt",
                "/plain.txt.gz",
            ):
                assert SECRET.encode() not in preview.get(path).body, (name, path)
            before = preview.said.count("nothing is wrong any more")
            place.unlink()
            if kept.exists():
                kept.rename(place)
            preview.until(lambda: preview.said.count("nothing is wrong any more") > before)  # noqa: B023
        preview.until(lambda: preview.get("/plain.txt").body == b"plain")
        assert preview.get("/sub/inner.txt").body == b"inner"


# --- where it listens (DEV-09) ---


def test_it_listens_on_loopback_only(served: Preview) -> None:
    with pytest.raises(OSError):
        connect_to("127.0.0.2", served.port)
    if sys.platform == "linux":
        tables = [Path("/proc/net") / name for name in ("tcp", "tcp6")]
        rows = [line.split() for table in tables if table.exists() for line in table.read_text().splitlines()[1:]]
        listening = {row[1] for row in rows if row[3] == "0A" and row[1].endswith(f":{served.port:04X}")}
        assert listening == {f"0100007F:{served.port:04X}"}


def connect_to(host: str, port: int) -> None:
    import socket

    socket.create_connection((host, port), timeout=2).close()


# --- the one that anything may be sent to ---


def switch(port: int, body: str, *headers: str, host: str = "localhost", target: str = "/_ccgen/switch") -> Raw:
    lines = [f"POST {target} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    (answer,) = several(exchange(port, ("\r\n".join(lines) + "\r\n\r\n" + body).encode()))
    is_marked(answer)
    return answer


def test_switches_are_only_for_the_preview_s_own_pages_on_this_machine(shop: ShopMaker) -> None:
    site = shop({"content/notes/d.md": article("A draft.", title="Unfinished", draft=True)})
    off = '{"drafts": false, "future": true, "clock": ""}'
    with previewing(site.root, "--allow", "tunnel.example") as preview:
        port, host = preview.port, f"localhost:{preview.port}"
        origin = f"Origin: http://{host}"
        for headers in ((), ("Origin: https://evil.example",), ("Origin: null",), (origin, "Origin: null")):
            assert switch(port, off, *headers, host=host).status == 405
        assert switch(port, off, origin, "Sec-Fetch-Site: cross-site", host=host).status == 403
        assert switch(port, off, origin, host="evil.example").status == 403
        assert switch(port, off, "Origin: http://tunnel.example", host="tunnel.example").status == 403
        for target in ("/", "/_ccgen/events", "/_ccgen/switch/", "/_ccgen//switch"):
            assert switch(port, off, origin, host=host, target=target).status == 405
        for bad in ("", "[]", "{", '{"drafts": 1, "future": true, "clock": ""}', off.replace("}", ', "output": "/"}')):
            assert switch(port, bad, origin, host=host).status == 400
        assert switch(port, off.replace('""', '"no time"'), origin, host=host).status == 400
        assert preview.get("/notes/d/").status == 200
        assert switch(port, off, origin, "Sec-Fetch-Site: same-origin", host=host).status == 200
        assert preview.get("/notes/d/").status == 404
        assert "Traceback" not in preview.said


def test_who_comes_under_another_name_sees_no_files(shop: ShopMaker) -> None:
    site = shop({"content/notes/a.md": article("::product{nobody}")})
    with previewing(site.root, "--allow", "tunnel.example") as preview:
        preview.until(lambda: "unknown-product" in preview.said)
        for target in ("/_ccgen/problems?path=/notes/a/", "/_ccgen/about?path=/notes/a/"):
            near, far = (request(preview.port, target, host=host) for host in ("localhost", "tunnel.example"))
            assert b"nobody" in near.body
            assert b"vscode://" in near.body
            assert far.status == 200
            assert b"unknown-product" in far.body
            for secret in (b"nobody", b"vscode", str(site.root).encode(), b"content/notes"):
                assert secret not in far.body, (target, secret)
            for header in ("X-Forwarded-For: 127.0.0.1", "X-Forwarded-For: no address", "Forwarded: for=127.0.0.1"):
                assert request(preview.port, target, header, host="tunnel.example").body == far.body
                assert request(preview.port, target, header).body == near.body


def test_in_a_network_other_machines_see_pages_and_no_files(shop: ShopMaker) -> None:
    try:
        address = in_network()
    except EnvironmentFault:
        pytest.skip("this machine is in no network")
    site = shop({"content/notes/a.md": article("Text."), "content/notes/b.md": article("::product{nobody}")})
    good = (site.root / "content/notes/b.md").read_text().replace("::product{nobody}", "")
    with previewing(site.root, "--lan") as preview:
        assert f"http://{address}:{preview.port}/\nfor everybody in this network" in preview.said
        preview.until(lambda: "unknown-product" in preview.said)
        host = f"{address}:{preview.port}"
        far = exchange(
            preview.port,
            f"GET /_ccgen/problems HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode(),
            address,
        )
        assert b"unknown-product" in far
        for secret in (b"nobody", b"vscode", b"content/notes", str(site.root).encode()):
            assert secret not in far
        for claim in ("localhost", host):  # who asks from afar may call this machine anything
            head = f"POST /_ccgen/switch HTTP/1.1\r\nHost: {claim}\r\nOrigin: http://{claim}\r\nX-Forwarded-For: 127.0.0.1\r\n"
            body = '{"drafts": false, "future": false, "clock": ""}'
            data = f"{head}Content-Length: {len(body)}\r\nConnection: close\r\n\r\n{body}".encode()
            assert several(exchange(preview.port, data, address))[0].status == 403
        assert request(preview.port, host="evil.example").status == 403
        site.write({"content/notes/b.md": good})
        preview.until(lambda: request(preview.port, "/notes/a/", host=host).status == 200)
