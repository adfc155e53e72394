"""Which output of a site an address on a page names; knows no rule, and not what is built."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

__all__ = ["Addresses"]

_SIMPLE = re.compile(r"[A-Za-z0-9/._~-]*")  # has nothing to be split or decoded


class Addresses:
    """Addresses below a base URL, which ends with a slash, as a browser follows them (RFC 3986, section 5)."""

    def __init__(self, base: str) -> None:
        self._base = base
        parts = urlsplit(base)
        self._origin, self._root = f"{parts.scheme}://{parts.netloc}", parts.path
        self._top = unquote(parts.path)

    def output(self, address: str, page: str = "/") -> str:
        """Return the output that an address on the page at a URL of the site names; '' for one that leads to another site, or
        stays on the page. A path without host that leads out of the base path names what no site has: it begins with a slash.
        """
        path = address.removeprefix(self._origin)
        if path.startswith(self._root) and _SIMPLE.fullmatch(path) and "//" not in path and "/." not in path:
            return _file(path[len(self._root) :])
        return self._followed(address.strip(), page)

    def _followed(self, address: str, page: str) -> str:
        try:
            given, whole = urlsplit(address), urlsplit(urljoin(self._base + page.lstrip("/"), address))
        except ValueError:  # an IPv6 address without its end
            return ""
        if f"{whole.scheme}://{whole.netloc}" != self._origin or not (given.netloc or given.path):
            return ""
        path = unquote(whole.path) or "/"
        if path.startswith(self._top):
            return _file(path[len(self._top) :])
        return "" if given.netloc else path


def _file(path: str) -> str:
    return path + "index.html" if not path or path.endswith("/") else path
