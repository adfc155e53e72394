"""A theme's assets under fingerprinted names, with the references in their CSS rewritten; knows no template."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from ccgen.errors import At, Problem
from ccgen.model.source import digest_of
from ccgen.model.theme import Asset
from ccgen.text.css import CSS_REFERENCE
from ccgen.text.near import nearest

__all__ = ["Assets"]

_OUTSIDE = re.compile(rb"^(?:[a-z][a-z0-9+.-]*:|//|#|/)", re.IGNORECASE)


class Assets:
    """Final bytes and URLs of all assets. A file's name holds the digest of its final bytes, so it never goes stale."""

    def __init__(self, assets: Mapping[str, Asset]) -> None:
        self._assets = assets
        self.problems: list[Problem] = []
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
            self.problems.append(
                Problem(code="asset-cycle", message=message, at=At(path=asset.path), hint="break the circle")
            )
            return f"/assets/{name}"
        data = self._rewritten(asset, (*above, name)) if name.endswith(".css") else asset.data
        stem, dot, ending = name.rpartition(".")
        mark = digest_of(data).hex()[:10]
        self.data[name] = data
        self.urls[name] = f"/assets/{stem}.{mark}.{ending}" if dot else f"/assets/{name}.{mark}"
        return self.urls[name]

    def _rewritten(self, asset: Asset, above: tuple[str, ...]) -> bytes:
        folder = posixpath.dirname(asset.name)

        def replaced(found: re.Match[bytes]) -> bytes:
            group = "url" if found["url"] is not None else "import"
            written = found[group]
            if written is None or _OUTSIDE.match(written):
                return found[0]
            path, mark, rest = written.decode("utf-8", "replace").partition("#")
            path = path.partition("?")[0]
            name = posixpath.normpath(posixpath.join(folder, path))
            if name not in self._assets:
                near = nearest(name, self._assets)
                hint = (
                    f"did you mean `{posixpath.relpath(near, folder or '.')}`?"
                    if near
                    else "put the file below assets/"
                )
                start = len(asset.data[: found.start(group)].decode("utf-8", "replace"))
                at = At(path=asset.path, start=start, length=len(written))
                self.problems.append(Problem(code="missing-asset", message=f"no asset `{path}`", at=at, hint=hint))
                return found[0]
            url = posixpath.relpath(self._finish(name, above), posixpath.dirname(f"/assets/{asset.name}"))
            begin, end = found.start(group) - found.start(), found.end(group) - found.start()
            return found[0][:begin] + (url + mark + rest).encode() + found[0][end:]

        return CSS_REFERENCE.sub(replaced, asset.data)
