"""`ccgen links check` against a web on loopback: what it says of each kind of answer, and what it keeps."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from itertools import pairwise
from threading import Timer
from typing import Any

import pytest
from health_web import Request, Send, Web, a_web, reply, to
from support import Run, Shop, ShopMaker, article, here

from ccgen.write import lock


@pytest.fixture
def web() -> Iterator[Web]:
    with a_web() as made:
        yield made


def selling(shop: ShopMaker, web: Web, *targets: str, merchant: dict[str, Any] | None = None, **files: Any) -> Shop:
    """A site with one offer for each target, at a merchant on the web."""
    near = {"name": "Near", "role": "none", "url": web.url(), **(merchant or {})}
    several = [{"url": web.url(target), "id": f"o{number}"} for number, target in enumerate(targets)]
    return shop(
        {
            "content/merchants/near.yaml": near,
            "content/merchants/far.yaml": None,
            "content/products/pot.yaml": {"name": "Pot", "offers": several},
            **files,
        }
    )


def look(site: Shop, *flags: object, clock: str = "2026-06-01", local: bool = True) -> Run:
    more = ("--allow-local",) if local else ()
    return here("links", "check", "-s", site.root, "--pause", 0, "--clock", clock, "--json", *more, *flags)


def kept(site: Shop) -> dict[str, Any]:
    file = site.root / "data/links.json"
    return {one["url"]: one for one in json.loads(file.read_bytes())["links"]} if file.exists() else {}


def states(site: Shop, web: Web) -> dict[str, str]:
    return {url.removeprefix(web.url("")): one["state"] for url, one in kept(site).items()}


def codes(run: Run) -> list[str]:
    return [one["code"] for one in run.json["problems"]]


def test_a_page_that_is_there(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply()
    site = selling(shop, web, "/pot")
    run = look(site)
    assert run.code == 0, run.err
    assert run.json["counts"] == {"ok": 1}
    assert states(site, web) == {"/pot": "ok"}
    assert web.asked == ["GET /pot"]
    agent = web.requests[-1].headers["user-agent"]
    assert agent.startswith("ccgen/")
    assert "https://shop.example/" in agent
    assert "cookie" not in web.requests[-1].headers


@pytest.mark.parametrize("status", [404, 410])
def test_gone_twice_a_day_apart_is_broken(shop: ShopMaker, web: Web, status: int) -> None:
    web.answers["/pot"] = reply(status)
    site = selling(shop, web, "/pot")
    first = look(site)
    assert (first.code, states(site, web), codes(first)) == (0, {"/pot": "suspect"}, ["LK-06"])
    soon = look(site, clock="2026-06-01 23:59")
    assert (soon.code, states(site, web)) == (0, {"/pot": "suspect"})
    second = look(site, clock="2026-06-02")
    assert (second.code, states(site, web), codes(second)) == (1, {"/pot": "broken"}, ["LK-06"])
    problem = second.json["problems"][0]
    assert (problem["severity"], problem["path"]) == ("error", "content/products/pot.yaml")
    assert "2026-06-01" in problem["message"]
    assert "2026-06-02" in problem["message"]
    assert kept(site)[web.url("/pot")]["strikes"] == ["2026-06-01T00:00:00Z", "2026-06-02T00:00:00Z"]


def test_a_page_that_comes_back_is_well_again(shop: ShopMaker, web: Web) -> None:
    site = selling(shop, web, "/pot")
    look(site)
    look(site, clock="2026-06-02")
    assert states(site, web) == {"/pot": "broken"}
    web.answers["/pot"] = reply()
    assert look(site, clock="2026-06-03").code == 0
    assert states(site, web) == {"/pot": "ok"}
    web.answers["/pot"] = reply(404)
    look(site, clock="2026-06-04")
    assert states(site, web) == {"/pot": "suspect"}, "strikes of another time do not count"


@pytest.mark.parametrize("status", [400, 401, 403, 405, 418, 429, 451, 500, 502, 503])
def test_answers_that_say_nothing_certain_are_never_broken(shop: ShopMaker, web: Web, status: int) -> None:
    web.answers["/pot"] = reply(status)
    site = selling(shop, web, "/pot")
    for day in (1, 2, 3):
        run = look(site, clock=f"2026-06-0{day}")
        assert run.code == 0
        assert codes(run) == ["LK-07"]
    assert kept(site)[web.url("/pot")]["state"] == "uncertain"
    assert kept(site)[web.url("/pot")]["status"] == status
    assert kept(site)[web.url("/pot")]["since"] == "2026-06-01T00:00:00Z"


def test_an_uncertain_answer_takes_away_no_strike(shop: ShopMaker, web: Web) -> None:
    site = selling(shop, web, "/pot")
    look(site)
    web.answers["/pot"] = reply(503)
    look(site, clock="2026-06-02")
    assert states(site, web) == {"/pot": "suspect"}, "one 404 and a fault are not two 404"
    web.answers["/pot"] = reply(404)
    look(site, clock="2026-06-03")
    assert states(site, web) == {"/pot": "broken"}
    web.answers["/pot"] = reply(403)
    look(site, clock="2026-06-04")
    assert states(site, web) == {"/pot": "broken"}, "nobody has seen the page since"


def reset(_: Request, __: Send) -> None:
    """Close without a word."""


def slow(_: Request, send: Send) -> None:
    time.sleep(40)
    send(reply())


def dripping(_: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 x\r\n")
    for number in range(200):
        send(f"x-{number}: y\r\n".encode())
        time.sleep(0.2)


def endless(_: Request, send: Send) -> None:
    send(b"HTTP/1.1 200 x\r\ncontent-type: text/html\r\n\r\n")
    while True:
        send(b"x" * 65536)


@pytest.mark.parametrize("answer", [reset, slow, dripping], ids=lambda one: one.__name__)
def test_faults_of_the_connection_are_uncertain(shop: ShopMaker, web: Web, answer: Any) -> None:
    web.answers |= {"/pot": answer, "/well": reply()}
    site = selling(shop, web, "/pot", "/well")
    began = time.monotonic()
    run = look(site, "--timeout", 8)
    assert time.monotonic() - began < 35  # both answers take 40
    assert run.code == 0, run.err
    assert states(site, web) == {"/pot": "uncertain", "/well": "ok"}


def test_a_host_that_does_not_answer_is_left_alone(shop: ShopMaker, web: Web) -> None:
    targets = [f"/{number}" for number in range(6)]
    web.answers |= {**dict.fromkeys(targets, reset), "/0": reply(), "/well": reply()}
    site = selling(shop, web, *targets, merchant={"domains": ["localhost"]})
    site.write({"content/products/jar.yaml": {"name": "Jar", "offers": [web.url("/well", host="localhost")]}})
    run = look(site)
    assert run.json["counts"] == {"ok": 2, "uncertain": 3, "not_checked": 2}
    assert f"GET {targets[-1]}" not in web.asked


def test_an_endless_page_is_read_to_a_limit(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = endless
    site = selling(shop, web, "/pot")
    assert look(site, "--timeout", 30).code == 0
    assert states(site, web) == {"/pot": "ok"}


def test_a_page_that_unpacks_to_a_flood_is_read_to_a_limit(shop: ShopMaker, web: Web) -> None:
    bomb = gzip.compress(b"sold out " + b"\0" * 200_000_000)
    web.answers["/pot"] = reply(body=bomb, content_encoding="gzip")
    site = selling(shop, web, "/pot")
    import tracemalloc

    tracemalloc.start()
    run = look(site)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert run.code == 0
    assert states(site, web) == {"/pot": "sold_out"}, "what comes first is read"
    assert peak < 40_000_000


def test_a_host_that_nobody_serves_and_one_that_is_no_host(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply()
    site = selling(shop, web, "/pot", merchant={"domains": ["nobody.invalid"]})
    site.edit("content/products/pot.yaml", '"id": "o0"\n  }', '"id": "o0"\n  }, "http://nobody.invalid/x"')
    run = look(site)
    assert run.code == 0, run.out
    assert kept(site)["http://nobody.invalid/x"]["state"] == "uncertain"


def test_without_a_network_nothing_is_kept_and_the_code_is_4(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply()
    site = selling(shop, web, "/pot")
    look(site)
    before = (site.root / "data/links.json").read_bytes()
    web.stop()
    run = look(site, clock="2026-06-02")
    assert run.code == 4
    assert run.json["offline"] is True
    assert (site.root / "data/links.json").read_bytes() == before


# --- redirects -------------------------------------------------------------------------------------------------------


def test_what_moved_for_good_says_where_to(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to("/new", 301), "/new": to(web.url("/newer"), 308), "/newer": reply()}
    site = selling(shop, web, "/pot")
    run = look(site)
    assert run.code == 0
    assert codes(run) == ["link-moved"]
    assert kept(site)[web.url("/pot")]["final"] == web.url("/newer")
    assert web.url("/newer") in run.json["problems"][0]["hint"]


def test_a_passing_redirect_is_fine(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to("/new", 302), "/new": reply()}
    site = selling(shop, web, "/pot")
    run = look(site)
    assert (run.code, codes(run), states(site, web)) == (0, [], {"/pot": "ok"})
    web.answers |= {"/pot": to("/a", 301), "/a": to("/new", 307)}
    look(site)
    assert kept(site)[web.url("/pot")]["final"] == web.url("/a"), "only the permanent part of a chain"


def test_another_host_is_foreign(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to(web.url("/other", host="localhost"), 301), "/other": reply()}
    site = selling(shop, web, "/pot")
    run = look(site)
    assert (run.code, codes(run), states(site, web)) == (1, ["LK-08"], {"/pot": "foreign"})
    site = selling(shop, web, "/pot", merchant={"domains": ["localhost"]})
    assert look(site).code == 0


@pytest.mark.parametrize(
    "chain",
    [{"/pot": "/a", "/a": "/pot"}, {f"/{'x' * n or 'pot'}": f"/{'x' * (n + 1)}" for n in range(9)}],
    ids=["circle", "too many"],
)
def test_redirects_end(shop: ShopMaker, web: Web, chain: dict[str, str]) -> None:
    web.answers |= {path: to(target) for path, target in chain.items()}
    site = selling(shop, web, "/pot")
    assert codes(look(site)) == ["LK-07"]
    assert len(web.asked) <= 6


def test_a_product_that_leads_to_the_front_page_is_not_called_well(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to("/", 301), "/": reply()}
    site = selling(shop, web, "/pot")
    assert codes(look(site)) == ["LK-07"]
    assert "front page" in kept(site)[web.url("/pot")]["reason"]


def test_a_redirect_to_what_a_machine_keeps_for_itself_is_not_followed(shop: ShopMaker, web: Web) -> None:
    for place in ("http://169.254.169.254/latest/", "http://[fd00:ec2::254]/", "file:///etc/passwd", "http://0.0.0.0/"):
        web.answers["/pot"] = to(place)
        site = selling(shop, web, "/pot")
        assert look(site).code == 0
        assert kept(site)[web.url("/pot")]["state"] == "uncertain"
        assert "not asked for" in kept(site)[web.url("/pot")]["reason"]


def test_our_own_network_is_not_asked_without_leave(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply()
    site = selling(shop, web, "/pot")
    run = look(site, local=False)
    assert run.code == 0
    assert web.requests == []
    assert run.json["counts"] == {"not_checked": 1}
    assert "--allow-local" in run.json["links"][0]["not_checked"]
    assert kept(site) == {}


# --- sold out --------------------------------------------------------------------------------------------------------


def test_a_page_that_says_it_is_sold_out(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply(body="<p>Leider <b>nicht mehr</b>\n verfügbar</p>".encode())
    site = selling(shop, web, "/pot")
    run = look(site)
    assert (run.code, codes(run), states(site, web)) == (0, ["LK-09"], {"/pot": "sold_out"})
    assert look(site, "--strict").code == 1


def test_a_merchants_own_words_count_instead(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": reply(body=b"<p>sold out</p>", etag='"1"'), "/jar": reply(body=b"<p>Alle, leider.</p>")}
    site = selling(shop, web, "/pot", "/jar")
    look(site)
    assert states(site, web) == {"/pot": "sold_out", "/jar": "ok"}
    web.answers["/pot"] = conditional
    site = selling(shop, web, "/pot", "/jar", merchant={"sold_out": ["alle, leider"]})
    look(site)
    assert states(site, web) == {"/pot": "ok", "/jar": "sold_out"}, "with other words an old answer says nothing"


# --- politeness ------------------------------------------------------------------------------------------------------


def conditional(request: Request, send: Send) -> None:
    same = request.headers.get("if-none-match") == '"1"'
    send(reply(304, b"", etag='"1"') if same else reply(etag='"1"'))


def test_a_page_is_sent_again_only_if_it_changed(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = conditional
    site = selling(shop, web, "/pot")
    look(site)
    assert "if-none-match" not in web.requests[-1].headers
    look(site, clock="2026-06-05")
    assert web.requests[-1].headers["if-none-match"] == '"1"'
    known = kept(site)[web.url("/pot")]
    assert (known["state"], known["status"], known["since"]) == ("ok", 304, "2026-06-01T00:00:00Z")
    assert (known["checked"], known["etag"]) == ("2026-06-05T00:00:00Z", '"1"')


def test_sold_out_stays_while_the_page_is_the_same(shop: ShopMaker, web: Web) -> None:
    def answer(request: Request, send: Send) -> None:
        date = "Mon, 01 Jun 2026 00:00:00 GMT"
        same = request.headers.get("if-modified-since") == date
        send(reply(304, b"") if same else reply(body=b"<p>Sold out.</p>", last_modified=date))

    web.answers["/pot"] = answer
    site = selling(shop, web, "/pot")
    look(site)
    look(site, clock="2026-06-05")
    known = kept(site)[web.url("/pot")]
    assert (known["state"], known["status"]) == ("sold_out", 304)
    assert "sold out" in known["reason"]


def test_a_busy_host_is_asked_again_when_it_said(shop: ShopMaker, web: Web) -> None:
    times: list[float] = []

    def answer(request: Request, send: Send) -> None:
        times.append(request.at)
        send(reply(429, b"", retry_after="1") if len(times) == 1 else reply())

    web.answers["/pot"] = answer
    site = selling(shop, web, "/pot")
    assert look(site).code == 0
    assert states(site, web) == {"/pot": "ok"}
    assert times[1] - times[0] >= 0.95


def test_a_host_that_asks_for_a_long_wait_is_left_alone(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/a": reply(429, b"", retry_after="7200"), "/b": reply()}
    site = selling(shop, web, "/a", "/b")
    run = look(site)
    assert run.code == 0
    assert web.asked == ["GET /a"]
    assert run.json["counts"] == {"uncertain": 1, "not_checked": 1}
    assert kept(site)[web.url("/a")]["wait_until"] == "2026-06-01T02:00:00Z"
    assert look(site, clock="2026-06-01 01:59").json["counts"] == {"not_checked": 2}
    assert web.asked == ["GET /a"]
    web.answers["/a"] = reply()
    assert look(site, clock="2026-06-01 02:01").json["counts"] == {"ok": 2}


def test_one_request_a_host_at_a_time_with_a_pause(shop: ShopMaker, web: Web) -> None:
    inside: list[int] = []
    most: list[int] = []

    def answer(_: Request, send: Send) -> None:
        inside.append(1)
        most.append(len(inside))
        time.sleep(0.05)
        inside.pop()  # before the answer goes: after it the next request may be here before this line is
        send(reply())

    targets = [f"/{number}" for number in range(4)]
    web.answers |= dict.fromkeys(targets, answer)
    site = selling(shop, web, *targets)
    done = here("links", "check", "-s", site.root, "--pause", 0.2, "--allow-local", "--json")
    assert done.code == 0
    assert max(most) == 1
    times = [one.at for one in web.requests]
    assert min(later - before for before, later in pairwise(times)) >= 0.2


def test_a_redirect_waits_for_its_turn_too(shop: ShopMaker, web: Web) -> None:
    inside: list[str] = []
    most: list[int] = []

    def answer(request: Request, send: Send) -> None:
        inside.append(request.target)
        most.append(len(inside))
        time.sleep(0.1)
        inside.remove(request.target)  # before the answer goes: after it the next request may be here first
        send(reply())

    others = [f"/{number}" for number in range(3)]
    for path in others:
        web.answers |= {path: to(web.url(f"/x{path}", host="localhost")), f"/x{path}": answer, f"/y{path}": answer}
    text = " ".join(f"[y]({web.url(f'/y{path}', host='localhost')})" for path in others)
    site = selling(shop, web, *others, merchant={"domains": ["localhost"]})
    site.write({"content/products/jar.yaml": {"name": "Jar", "offers": [web.url("/y/0", host="localhost")]}})
    site.write({"content/notes/n.md": article(text)})
    assert look(site, "--all").json["counts"] == {"ok": 6}
    assert max(most) == 1


def test_robots_txt_is_heeded(shop: ShopMaker, web: Web) -> None:
    robots = b"User-agent: *\nDisallow: /\nAllow: /pot$\n\nUser-agent: other\nDisallow:\n"
    web.answers |= {"/robots.txt": reply(body=robots, content_type="text/plain"), "/pot": reply(), "/jar": reply()}
    site = selling(shop, web, "/pot", "/jar")
    run = look(site)
    assert web.asked == ["GET /pot"]
    assert [one.target for one in web.requests].count("/robots.txt") == 1
    assert "robots.txt" in next(one for one in run.json["links"] if one["url"].endswith("/jar"))["not_checked"]


# --- paid links ------------------------------------------------------------------------------------------------------


def test_a_merchants_page_is_asked_for_without_our_tag(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot?x=1&y=%20a"] = reply()
    merchant = {"role": "affiliate", "add": {"ref": "slow", "sid": "{sub}"}}
    site = selling(shop, web, "/pot?x=1&ref=old&y=%20a&sid=1#reviews", merchant=merchant)
    run = look(site)
    assert run.code == 0, run.out
    assert web.asked == ["GET /pot?x=1&y=%20a"]
    assert list(kept(site)) == [web.url("/pot?x=1&y=%20a")]


def test_our_tag_is_taken_from_redirects_too(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/short": to("/pot?ref=slow&x=1"), "/pot?x=1": reply()}
    site = selling(shop, web, "/short", merchant={"role": "affiliate", "add": {"ref": "slow"}})
    assert look(site).code == 0
    assert web.asked[:2] == ["GET /short", "GET /pot?x=1"]
    assert not [one for one in web.requests if "slow" in one.target]


ADDING = {"role": "affiliate", "add": {"ref": "slow", "sid": "{sub}"}}
PROBE = "?ref=ccgen-check&sid=ccgen-check"


@pytest.mark.parametrize(
    ("target", "more", "lost"),
    [
        ("/new", {}, ["ref", "sid"]),
        ("/new?sid=ccgen-check", {}, ["ref"]),
        ("/new?x=1&ref=ccgen-check&sid=ccgen-check", {}, []),
        ("/new?ref=theirs&sid=2", {}, []),  # the name is there: the shop gives it a value of its own
        ("/new", {"set_cookie": "ref=1"}, []),  # the shop has taken it
        ("/pot", {}, []),  # counted, and then the same page
    ],
)
def test_parameters_that_a_redirect_drops_are_told(
    shop: ShopMaker, web: Web, target: str, more: dict[str, str], lost: list[str]
) -> None:
    web.answers |= {"/pot": to("/new", 301), "/new": reply(), f"/pot{PROBE}": reply(302, b"", location=target, **more)}
    site = selling(shop, web, "/pot", merchant=ADDING)
    run = look(site)
    assert (run.code, run.json["counts"]) == (0, {"moved": 1})
    assert kept(site)[web.url("/pot")].get("lost", []) == lost
    told = [one for one in run.json["problems"] if one["code"] == "LK-08"]
    assert len(told) == bool(lost)
    if told:
        (one,) = told
        assert (one["severity"], one["path"]) == ("warning", "content/products/pot.yaml")
        assert ", ".join(f"`{name}`" for name in lost) in one["message"]
        assert web.url("/new") in one["hint"]
        assert ("LK-08", one["message"]) in [(said.code, said.message) for said in site.check()]
    assert web.asked == ["GET /pot", "GET /new", f"GET /pot{PROBE}"], "the page itself is not asked for again"


def test_what_is_added_is_followed_through_all_redirects(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to("/a"), "/a": to("/b"), "/b": reply()}
    web.answers |= {f"/pot{PROBE}": to("/a?sid=ccgen-check&ref=slow"), f"/a{PROBE}": to("/b?sid=ccgen-check")}
    site = selling(shop, web, "/pot", merchant=ADDING)
    look(site)
    assert kept(site)[web.url("/pot")]["lost"] == ["ref"]
    assert not [one for one in web.requests if "slow" in one.target], "our own values are sent to nobody"


def test_where_nobody_can_tell_what_is_dropped_nothing_changes(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": to("/a"), "/a": to("/new"), "/new": reply(), f"/pot{PROBE}": to("/new")}
    site = selling(shop, web, "/pot", merchant=ADDING)
    look(site)
    assert kept(site)[web.url("/pot")]["lost"] == ["ref", "sid"]
    for answer in (reply(403), reply(503), to(f"https://www.awin1.com/cread.php{PROBE}")):
        web.answers[f"/pot{PROBE}"] = answer
        assert look(site).code == 0
    web.answers["/pot"] = reply(500)
    look(site)
    assert kept(site)[web.url("/pot")]["lost"] == ["ref", "sid"]
    web.answers["/pot"] = reply()  # it leads nowhere any more: there is nothing to be dropped
    assert codes(look(site)) == []
    assert "lost" not in kept(site)[web.url("/pot")]


def test_what_other_merchants_add_is_not_sent_when_parameters_are_tried_out(shop: ShopMaker, web: Web) -> None:
    other = {"name": "Other", "role": "affiliate", "url": web.url(host="localhost"), "add": {"pid": "mine"}}
    there = web.url("/x?pid=mine&b=2", host="localhost")
    web.answers |= {"/pot": to(there), "/x?b=2": reply(), f"/pot{PROBE}": to(f"{there}&ref=1")}
    web.answers["/x?b=2&ref=ccgen-check"] = reply()
    site = selling(shop, web, "/pot", merchant=ADDING, **{"content/merchants/other.yaml": other})
    look(site)
    assert web.asked == ["GET /pot", "GET /x?b=2", f"GET /pot{PROBE}"]
    web.answers |= {"/x?b=2": to("/y", 301), "/y": reply(), "/x?b=2&ref=ccgen-check": to("/y", 301)}
    look(site)
    assert web.asked[-2:] == [f"GET /pot{PROBE}", "GET /x?b=2&ref=ccgen-check"]
    assert kept(site)[web.url("/pot")]["lost"] == ["ref", "sid"]


@pytest.mark.parametrize(("network", "program"), [("amazon", None), ("ebay", "711-0/1")])
def test_where_only_people_may_follow_links_no_parameter_is_tried_out(
    shop: ShopMaker, web: Web, network: str, program: str | None
) -> None:
    web.answers |= {"/pot": to("/new", 301), "/new": reply()}
    made = {"role": "affiliate", "network": network, "account": "1", **({"program": program} if program else {})}
    look(selling(shop, web, "/pot", merchant=made))
    assert web.asked == ["GET /pot", "GET /new"]


def test_a_link_without_redirects_or_without_parameters_is_asked_for_once(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": reply(), "/jar": to("/new"), "/new": reply()}
    look(selling(shop, web, "/pot", merchant=ADDING))
    look(selling(shop, web, "/jar"))
    assert web.asked == ["GET /pot", "GET /jar", "GET /new"]


def test_paid_links_are_never_asked_for(shop: ShopMaker, web: Web) -> None:
    taobao = {"name": "T", "role": "affiliate", "url": "https://taobao.com/", "network": "taobao"}
    site = selling(
        shop,
        web,
        "/pot",
        **{
            "content/merchants/taobao.yaml": taobao,
            "content/products/jar.yaml": {"name": "Jar", "offers": ["https://s.click.taobao.com/abc"]},
            "content/notes/n.md": article("[a](https://amzn.to/3abc) and [b](https://www.awin1.com/cread.php?x=1)."),
        },
    )
    web.answers["/pot"] = to("https://www.awin1.com/cread.php?awinmid=1&ued=x")
    run = look(site, "--all")
    assert run.json["counts"] == {"uncertain": 1, "not_checked": 3}
    assert all("paid link" in one["not_checked"] for one in run.json["links"] if one["not_checked"])
    assert "paid links of awin" in kept(site)[web.url("/pot")]["reason"]
    assert list(kept(site)) == [web.url("/pot")]


# --- prose -----------------------------------------------------------------------------------------------------------


def test_links_of_prose_are_asked_for_with_all_and_by_their_head(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": reply(), "/read": reply(), "/nohead": no_head, "/gone": reply(404)}
    text = " ".join(f"[x]({web.url(path, host='localhost')})" for path in ("/read#top", "/nohead", "/gone"))
    site = selling(shop, web, "/pot", **{"content/notes/n.md": article(f"{text} [own](/products/pot/)")})
    look(site)
    assert web.asked == ["GET /pot"]
    run = look(site, "--all")
    prose = ["HEAD /gone", "GET /gone", "HEAD /nohead", "GET /nohead", "HEAD /read"]
    assert [one for one in web.asked[1:] if one != "GET /pot"] == prose
    assert run.json["counts"] == {"ok": 3, "suspect": 1}
    second = look(site, "--all", clock="2026-06-03")
    assert (second.code, [one["severity"] for one in second.json["problems"]]) == (0, ["warning"])
    assert second.json["problems"][0]["path"] == "content/notes/n.md"
    look(site, clock="2026-06-04")
    assert len(kept(site)) == 4, "what is not asked for today stays"
    site.write({"content/notes/n.md": article("No link.")})
    look(site, clock="2026-06-05")
    assert len(kept(site)) == 1, "what is no longer linked is forgotten"


def no_head(request: Request, send: Send) -> None:
    send(reply(405, b"") if request.method == "HEAD" else reply())


# --- the file --------------------------------------------------------------------------------------------------------


def test_the_file_is_stable_and_changes_little(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/b": reply(), "/a": reply()}
    site = selling(shop, web, "/b", "/a")
    look(site)
    file = site.root / "data/links.json"
    first = file.read_text()
    assert first.index("/a") < first.index("/b")
    stamp = file.stat().st_mtime_ns
    assert look(site).json["written"] is False
    assert file.stat().st_mtime_ns == stamp
    look(site, clock="2026-06-02")
    lines = [
        (old, new) for old, new in zip(first.splitlines(), file.read_text().splitlines(), strict=True) if old != new
    ]
    assert len(lines) == 2
    assert all("checked" in old for old, _ in lines)
    assert [one.name for one in file.parent.iterdir()] == ["links.json"]


def test_a_build_that_goes_on_is_waited_for(shop: ShopMaker, web: Web) -> None:
    site = selling(shop, web, "/pot")
    held = lock(site.state)
    held.__enter__()
    left = Timer(1, held.__exit__, (None, None, None))

    def answer(_: Request, send: Send) -> None:
        left.start()
        send(reply())

    web.answers["/pot"] = answer
    run = look(site)
    left.join()
    assert run.json["written"] is True
    assert kept(site)


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        (lambda text: text[: len(text) // 2], ""),
        (lambda text: "<<<<<<< HEAD\n" + text, ":1:1"),
        (lambda text: text.replace('"ok"', '"fine"'), ":6:"),
        (lambda text: text.replace('"ok"', '"broken"'), ":6:"),
        (lambda text: text.replace('"url": ', '"uri": '), ":4:"),
        (lambda _: '{"version": true, "links": []}', ":1:13"),
        (lambda text: text.replace('"version": 1', '"version": 2'), ":2:14"),
        (lambda text: text.replace("2026-06-01T", "2026-13-01T", 1), ":7:"),
    ],
)
def test_a_damaged_file_is_told_at_its_place_and_stays(shop: ShopMaker, web: Web, damage: Any, place: str) -> None:
    web.answers["/pot"] = reply()
    site = selling(shop, web, "/pot")
    look(site)
    file = site.root / "data/links.json"
    file.write_text(damage(file.read_text()))
    before = file.read_bytes()
    asked = len(web.requests)
    run = look(site, clock="2026-06-02")
    assert run.code == 1
    assert codes(run) == ["damaged-links"]
    assert len(web.requests) == asked
    assert file.read_bytes() == before
    assert "damaged-links" in site.fails()
    assert place in site.place(site.problems[0])


# --- the next build --------------------------------------------------------------------------------------------------


def test_a_dead_offer_goes_behind_the_living_and_cannot_be_bought(shop: ShopMaker, web: Web) -> None:
    web.answers["/b"] = reply()
    site = selling(shop, web, "/a", "/b")
    offers = [
        {"url": web.url("/a"), "id": "a", "price": "5.00", "checked": "2026-06-01", "availability": "in_stock"},
        {"url": web.url("/b"), "id": "b", "price": "9.00", "checked": "2026-06-01", "availability": "in_stock"},
    ]
    site.write({"content/products/pot.yaml": {"name": "Pot", "offers": offers}}).build()
    page = site.page("/products/pot/")
    assert [one.rpartition("/")[2] for one in page.hrefs("li.offer a.buy")] == ["a", "b"]
    look(site)
    look(site, clock="2026-06-02")
    site.build(clock="2026-06-02")
    page = site.page("/products/pot/")
    assert [one.rpartition("/")[2] for one in page.hrefs("li.offer a.buy")] == ["b"]
    assert "5.00" not in page.text
    assert "9.00" in page.text
    web.answers["/a"] = reply()
    look(site, clock="2026-06-03")
    site.build(clock="2026-06-03")
    assert [one.rpartition("/")[2] for one in site.page("/products/pot/").hrefs("li.offer a.buy")] == ["a", "b"]


def test_check_tells_what_was_found_at_its_place(shop: ShopMaker, web: Web) -> None:
    web.answers |= {
        "/gone": reply(404),
        "/moved": to("/new", 301),
        "/new": reply(),
        "/away": to(web.url("/new", host="localhost")),
        "/sold": reply(body=b"sold out"),
        "/busy": reply(500),
    }
    names = ("gone", "moved", "away", "sold", "busy")
    site = selling(shop, web, *(f"/{name}" for name in names)).build()
    look(site)
    look(site, clock="2026-06-02")
    found = [one for one in site.check(clock="2026-06-02") if one.code.startswith("LK-") or one.code == "link-moved"]
    wanted = {"LK-06": "error", "link-moved": "info", "LK-08": "error", "LK-09": "warning", "LK-07": "info"}
    assert {one.code: one.severity for one in found} == wanted
    lines = (site.root / "content/products/pot.yaml").read_text().splitlines()
    for one in found:
        line = int(site.place(one).split(":")[1])
        assert f"/{names[list(wanted).index(one.code)]}" in lines[line - 1]
    site.build(clock="2026-06-02")
    waive = [{"rule": "LK-06", "at": "products/pot", "reason": "they will be back"}]
    site.set(check={"severity": {"LK-08": "warning", "LK-09": "off"}, "waive": waive})
    run = look(site, clock="2026-06-03")
    assert (run.code, sorted(codes(run))) == (0, ["LK-07", "LK-08", "link-moved"])


def test_what_people_read(shop: ShopMaker, web: Web) -> None:
    web.answers |= {"/pot": reply(404), "/jar": reply()}
    site = selling(
        shop, web, "/pot", "/jar", **{"content/products/x.yaml": {"name": "X", "offers": ["https://amzn.to/1"]}}
    )
    site.write({"content/merchants/a.yaml": {"name": "A", "role": "none", "url": "https://amzn.to/"}})
    flags = ("links", "check", "-s", site.root, "--pause", 0, "--allow-local")
    here(*flags)
    run = here(*flags, "--clock", "2026-06-05", "-v")
    assert run.code == 1
    assert [line.split() for line in run.out.splitlines()] == [["ok", "1"], ["broken", "1"], ["not", "checked", "1"]]
    assert "error[LK-06]" in run.err
    assert "content/products/pot.yaml:" in run.err
    assert "not checked: https://amzn.to/1: `amzn.to` carries the paid links of amazon" in run.err
    assert "data/links.json is written" in run.err


def test_health_of_no_interest_changes_no_page(shop: ShopMaker, web: Web) -> None:
    web.answers["/pot"] = reply(body=b"sold out")
    site = selling(shop, web, "/pot").build()
    look(site)
    assert site.build().rendered == set()
