"""Which output of a site an address on a page names; knows no rule, and not what is built."""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from ccgen.text.url import followed, scheme_of, usual_host

__all__ = ["Addresses"]

_SIMPLE = re.compile(r"[A-Za-z0-9/._~-]*")  # has nothing to be split or decoded
_AROUND = "".join(map(chr, range(0x21)))  # what browsers take away at both ends
_PATH = re.compile(r"[^?#]*")


class Addresses:
    """Addresses below a base URL, which ends with a slash, as a browser follows them (WHATWG URL)."""

    def __init__(self, base: str) -> None:
        parts = urlsplit(base)
        self._scheme, self._origin, self._root = parts.scheme, f"{parts.scheme}://{parts.netloc}", parts.path
        self._top = unquote(parts.path)

    def is_elsewhere(self, address: str) -> bool:
        """Say whether an address is seen at once to lead to another host; what is not may do so all the same."""
        return not address.startswith(self._origin) and usual_host(address) is not None

    def output(self, address: str, page: str = "/") -> str:
        """Return the output that an address on the page at a URL of the site names; '' for one that leads to another site, or
        stays on the page. A path without host that leads out of the base path names what no site has: it begins with a slash.
        """
        path = address.removeprefix(self._origin)
        if path.startswith(self._root) and _SIMPLE.fullmatch(path) and "//" not in path and "/." not in path:
            return _file(path[len(self._root) :])
        return self._followed(address.strip(_AROUND).translate({9: None, 10: None, 13: None}), page)

    def _followed(self, address: str, page: str) -> str:
        whole = followed(f"{self._scheme}:{address}" if address.startswith(("//", "\\\\", "/\\", "\\/")) else address)
        is_whole = scheme_of(whole) in {"http", "https"}
        if is_whole and not whole.startswith(self._origin):
            return ""
        if scheme_of(whole) and not is_whole:
            return ""
        found = _PATH.match(whole.removeprefix(self._origin))
        path = unquote(found[0].replace("\\", "/") if found else "")
        if is_whole and not path.startswith("/"):
            if path:  # a longer host, or a port
                return ""
            path = "/"
        if not path:
            return ""
        if not path.startswith("/"):
            path = self._top + "".join(page.lstrip("/").rpartition("/")[:2]) + path
        path = _without_dots(path)
        if path.startswith(self._top):
            return _file(path[len(self._top) :])
        return "" if is_whole else path


def _without_dots(path: str) -> str:
    """Return a path with its segments `.` and `..` followed."""
    if "/." not in path:
        return path
    kept: list[str] = []
    *folders, name = path.split("/")[1:]
    for one in folders:
        if one == "..":
            kept = kept[:-1]
        elif one != ".":
            kept.append(one)
    if name == "..":
        kept = kept[:-1]
    return "/".join(("", *kept, "" if name in {".", ".."} else name))


def _file(path: str) -> str:
    return path + "index.html" if not path or path.endswith("/") else path
