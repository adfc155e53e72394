"""Parts of URLs: encoding, schemes, hosts, joining; knows no route and no merchant."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import quote, unquote, urlsplit

__all__ = [
    "SAFE_SCHEMES",
    "absolute",
    "ascii_host",
    "encode",
    "followed",
    "host_of",
    "host_within",
    "is_safe",
    "scheme_of",
    "usual_host",
]

SAFE_SCHEMES = frozenset({"http", "https", "mailto", "tel", "sms", "geo"})  # of a link: none can run a script

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_LONGEST_HOST = 253
_DROPPED = re.compile(r"[\t\n\r]")
_LEADING = "".join(map(chr, range(0x21)))
_PLAIN = re.compile(
    r"(?:/[\w#?-]|[#?]|https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(?:[/?#]|$))[^\\\t\n\r]*(?<! )"
)  # is what it seems
_AUTHORITY = re.compile(r"(?:(https?):)?[/\\]{2,}([^/\\?#]*)([^?#]*)", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)")
_WEB = re.compile(rf"https?://((?:{_LABEL.pattern}\.)*{_LABEL.pattern})(?=[/?#]|\Z)")  # what nearly every address is
_ITSELF = re.compile(r"[\w.~/-]*", re.ASCII)  # what needs no percent-encoding


def encode(path: str) -> str:
    """Percent-encode a path of text for a link: UTF-8, `/` kept, and so are characters that stand for themselves."""
    return path if _ITSELF.fullmatch(path) else quote(path, safe="/~!$'()*+,;=:@-._")


def scheme_of(url: str) -> str:
    """Return a URL's scheme in lower case as a browser finds it (WHATWG URL: tabs, newlines and leading controls do not
    count), '' for a relative one.
    """
    found = _SCHEME.match(_DROPPED.sub("", url).lstrip(_LEADING))
    return found[1].lower() if found else ""


def is_safe(url: str) -> bool:
    """Say whether a URL may stand in a link: relative, or of a scheme that is safe. Entities must be resolved before."""
    scheme = scheme_of(url)
    return scheme == "" or scheme in SAFE_SCHEMES


@lru_cache(maxsize=16_384)
def followed(url: str) -> str:
    """Return the address to which a browser takes a link (WHATWG URL): `HTTPS://ada@Shop.example:443/x` leads to
    `https://shop.example/x`. One without a host is returned as it is; one without a scheme is taken for https.
    """
    if _PLAIN.fullmatch(url):
        return url
    text = _DROPPED.sub("", url).strip(_LEADING)
    found = _AUTHORITY.match(text)
    if found is None:
        return url
    scheme, host = (found[1] or "https").lower(), unquote(found[2].rpartition("@")[2]).lower()
    host = host.removesuffix(":443" if scheme == "https" else ":80")
    path = found[3].replace("\\", "/") or "/"
    return f"{scheme}://{ascii_host(host) or host}{path}{text[found.end() :]}"


def usual_host(url: str) -> str | None:
    """Return the host of an http or https URL that names neither user nor port, and a host in its one spelling; else None."""
    found = _WEB.match(url)
    return found[1] if found is not None and len(found[1]) <= _LONGEST_HOST else None


@lru_cache(maxsize=16_384)
def host_of(url: str) -> str | None:
    """Return the host of an http or https URL: lower case, IDNA, without a dot at the end; None if there is none."""
    usual = usual_host(url)
    if usual is not None:
        return usual
    try:
        parts = urlsplit(url)
        host = parts.hostname
        _ = parts.port  # raises where it is no number
    except ValueError:
        return None
    if parts.scheme not in {"http", "https"} or not host:
        return None
    return ascii_host(host)


def ascii_host(host: str) -> str | None:
    """Return a host name in its one spelling (lower case, IDNA), or an IP address; None where it is no host name."""
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = host.encode("idna").decode()
        except UnicodeError:
            return None
    if ":" in host:
        try:
            return ipaddress.ip_address(host).compressed
        except ValueError:
            return None
    if len(host) > _LONGEST_HOST or not all(_LABEL.fullmatch(label) for label in host.split(".")):
        return None
    return host


def host_within(host: str, domain: str) -> bool:
    """Say whether a host is a domain or below it; `notshop.example` is not below `shop.example`."""
    return host == domain or host.endswith("." + domain)


def absolute(base_url: str, url: str) -> str:
    """Return the absolute form of a root-relative URL. `base_url` ends with `/`, `url` begins with one."""
    return base_url + url.removeprefix("/")
