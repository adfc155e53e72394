"""The host of an address: the short way for usual ones finds what the long way does."""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from hypothesis import given
from hypothesis import strategies as st

from ccgen.text.url import ascii_host, encode, host_of

_PIECES = ["http", "https", "HTTPS", "://", "//", ":", "/", "?", "#", "@", ".", "-", "a", "shop", "example", "B"]
_PIECES += ["80", "\\", "[", "]", "\n", " ", "ü", "x" * 60, "1", "_", "%2e"]
_URLS = st.lists(st.sampled_from(_PIECES), max_size=9).map("".join)


def _host(url: str) -> str | None:
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return None
    return ascii_host(host) if host and parts.scheme in {"http", "https"} else None


@given(_URLS | _URLS.map("https://a".__add__) | _URLS.map("http://".__add__))
def test_the_short_way_and_the_long_way_agree(url: str) -> None:
    assert host_of(url) == _host(url)


@given(st.text(max_size=9) | st.text("aZ09_.~/-%: ", max_size=9))
def test_a_path_is_encoded_as_it_always_was(path: str) -> None:
    assert encode(path) == quote(path.encode("utf-8", "surrogatepass"), safe="/~!$'()*+,;=:@-._")
