"""A theme's assets under fingerprinted names, with the references in their CSS rewritten; knows no template."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from ccgen.errors import At
from ccgen.model.source import digest_of
from ccgen.model.theme import Asset
from ccgen.plan.noting import Noting
from ccgen.text.css import references
from ccgen.text.near import nearest

__all__ = ["Assets"]

_OUTSIDE = re.compile(rb"^(?:[a-z][a-z0-9+.-]*:|//|#|/)", re.IGNORECASE)


class Assets(Noting):
    """Final bytes and URLs of all assets. A file's name holds the digest of its final bytes, so it never goes stale."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        super().__init__()
        self._assets = assets
        self.data: dict[str, bytes] = {}
        self.urls: dict[str, str] = {}
        for name in sorted(assets):
            self._finish(name, ())

    def _finish(self, name: str, above: tuple[str, ...]) -> str:
        if name in self.urls:
            return self.urls[name]
        asset = self._assets[name]
        if name in above:
            message = f"`{name}` imports itself through {' → '.join(above)}"
            self._note("asset-cycle", message, At(path=asset.path), "break the circle")
            return f"/assets/{name}"
        data = self._rewritten(asset, (*above, name)) if name.endswith(".css") else asset.data
        stem, dot, ending = name.rpartition(".")
        mark = digest_of(data).hex()[:10]
        self.data[name] = data
        self.urls[name] = f"/assets/{stem}.{mark}.{ending}" if dot else f"/assets/{name}.{mark}"
        return self.urls[name]

    def _rewritten(self, asset: Asset, above: tuple[str, ...]) -> bytes:
        """Return a style sheet that names other assets by their final URLs."""
        parts, end = [], 0
        for start, written in references(asset.data):
            parts += [asset.data[end:start], self._address(asset, start, written, above)]
            end = start + len(written)
        return b"".join((*parts, asset.data[end:]))

    def _address(self, asset: Asset, start: int, written: bytes, above: tuple[str, ...]) -> bytes:
        """Return what stands for a reference that a style sheet makes; one that leads nowhere is noted, and stays."""
        if _OUTSIDE.match(written):
            return written
        path, mark, rest = written.decode("utf-8", "replace").partition("#")
        path = path.partition("?")[0]
        folder = posixpath.dirname(asset.name)
        name = posixpath.normpath(posixpath.join(folder, path))
        if name in self._assets:
            url = posixpath.relpath(self._finish(name, above), posixpath.dirname(f"/assets/{asset.name}"))
            return (url + mark + rest).encode()
        near = nearest(name, self._assets)
        hint = f"did you mean `{posixpath.relpath(near, folder or '.')}`?" if near else "put the file below assets/"
        begin = len(asset.data[:start].decode("utf-8", "replace"))
        at = At(path=asset.path, start=begin, length=len(written))
        self._note("missing-asset", f"no asset `{path}`", at, hint)
        return written
