from __future__ import annotations

import re
from unicodedata import category, normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccgen.text.near import did_you_mean, nearest
from ccgen.text.slug import MAX_BYTES, slug
from ccgen.text.url import absolute, encode, followed, host_of, host_within, is_safe, scheme_of


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("My Kettle", "my-kettle"),
        ("  --a__b--  ", "a-b"),
        ("月牙短夹", "月牙短夹"),
        ("Straße", "strasse"),
        ("Cafe\u0301", "café"),
        ("ＡＢＣ", "ａｂｃ"),
        ("İstanbul", "i̇stanbul"),
        ("v1.2", "v1-2"),
        ("../../etc/passwd", "etc-passwd"),
        ("a%2e%2e/b", "a-2e-2e-b"),
        ("हिन्दी", "हिन्दी"),
        ("½ kilo", "kilo"),
        ("", None),
        ("...", None),
        ("🎉🎉", None),
        ("- -", None),
    ],
)
def test_slug(text: str, made: str | None) -> None:
    assert slug(text) == made


def test_a_long_slug_is_cut_at_a_character_and_stays_apart_from_its_neighbour() -> None:
    one, other = slug("龍" * 300), slug("龍" * 299 + "虎")
    assert one is not None
    assert other is not None
    assert one != other
    for made in (one, other):
        assert len(made.encode()) <= MAX_BYTES
        assert re.fullmatch("龍+-[0-9a-f]{8}", made)
    assert slug("a" * 150) == "a" * 150
    assert slug("a" * 151) != "a" * 151


def test_a_long_slug_is_not_cut_before_a_mark() -> None:
    made = slug("x" * 140 + "e\u0323\u0302" * 20)
    assert made is not None
    head = made.rpartition("-")[0]
    assert normalize("NFC", head) == head
    assert not head.endswith("e")


@given(st.text())
def test_a_slug_is_safe_stable_and_does_not_depend_on_normalisation(text: str) -> None:
    made = slug(text)
    if made is None:
        return
    assert slug(made) == made
    assert 0 < len(made.encode()) <= MAX_BYTES
    assert made == normalize("NFC", made)
    assert slug(normalize("NFD", text)) == made
    assert not made.startswith("-")
    assert not made.endswith("-")
    assert all(letter == "-" or category(letter)[0] in "LM" or category(letter) == "Nd" for letter in made)


@pytest.mark.parametrize(
    ("url", "scheme"),
    [
        ("https://a.example", "https"),
        ("JaVaScRiPt:alert(1)", "javascript"),
        ("java\tscript:alert(1)", "javascript"),
        ("java\nscript:alert(1)", "javascript"),
        ("\x01\x20javascript:alert(1)", "javascript"),
        ("data:text/html,x", "data"),
        ("//evil.example", ""),
        ("/a:b", ""),
        ("a/b:c", ""),
        ("#x", ""),
        ("?q=a:b", ""),
        ("mailto:a@b.example", "mailto"),
        ("sms:+15550100", "sms"),
        ("geo:48.2,16.4", "geo"),
    ],
)
def test_scheme_is_found_as_a_browser_finds_it(url: str, scheme: str) -> None:
    assert scheme_of(url) == scheme
    assert is_safe(url) is (scheme in {"", "http", "https", "mailto", "tel", "sms", "geo"})


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://shop.example/p?u=https:\\x#\\y", "https://shop.example/p?u=https:\\x#\\y"),
        ("HTTPS://SHOP.example/P", "https://shop.example/P"),
        ("//shop.example/p", "https://shop.example/p"),
        ("/\\shop.example\\p", "https://shop.example/p"),
        (" ht\ttp:\\\\shop.\nexample/p ", "http://shop.example/p"),
        ("https://a:b@shop.example:443/p", "https://shop.example/p"),
        ("https://shop%2Eexample./p", "https://shop.example/p"),
        ("https://shop.example:8443/p", "https://shop.example:8443/p"),
        ("https:///shop.example?x", "https://shop.example/?x"),
        ("../p", "../p"),
        ("/p", "/p"),
        ("mailto:a@shop.example", "mailto:a@shop.example"),
        ("https:shop.example/p", "https:shop.example/p"),  # relative, on a page that came by https
    ],
)
def test_a_link_leads_where_a_browser_takes_it(url: str, where: str) -> None:
    assert followed(url) == where


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Shop.Example./x", "shop.example"),
        ("https://user:pass@shop.example:8080/", "shop.example"),
        ("https://例え.jp/", "xn--r8jz45g.jp"),
        ("http://127.0.0.1/", "127.0.0.1"),
        ("http://[::1]/", "::1"),
        ("http://[::1/", None),
        ("https://a_b.example/", None),
        ("https:///x", None),
        ("https://a.example:port/", None),
        ("ftp://a.example/", None),
        ("/x", None),
        ("//a.example", None),
    ],
)
def test_host(url: str, host: str | None) -> None:
    assert host_of(url) == host


def test_a_host_is_below_a_domain_by_labels() -> None:
    assert host_within("shop.example", "shop.example")
    assert host_within("go.shop.example", "shop.example")
    assert not host_within("notshop.example", "shop.example")
    assert not host_within("shop.example", "go.shop.example")


def test_encoding_keeps_slashes_and_encodes_utf8() -> None:
    assert encode("/zh-CN/月 牙/") == "/zh-CN/%E6%9C%88%20%E7%89%99/"
    assert encode('/a"b<c>?d#e%') == "/a%22b%3Cc%3E%3Fd%23e%25"
    assert absolute("https://a.example/shop/", "/x/") == "https://a.example/shop/x/"


def test_nearest_names() -> None:
    names = ["fellow-ekg", "hario-buono", "bonavita"]
    assert nearest("felow-ekg", names) == "fellow-ekg"
    assert nearest("Fellow_EKG", names) == "fellow-ekg"
    assert nearest("zzz", names) is None
    assert nearest("x", []) is None
    assert did_you_mean("bonavta", names) == "did you mean `bonavita`?"
    assert did_you_mean("zzz", names) == ""
    assert nearest("name-4999", (f"name-{n}" for n in range(20_000))) == "name-4999"
