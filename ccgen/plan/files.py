"""Files that are published as they are, and pictures by the path an author writes; knows no prose."""

from __future__ import annotations

import posixpath
import unicodedata
from functools import cached_property

from ccgen.errors import At
from ccgen.model.facts import ImageGroup
from ccgen.model.loaded import FileInfo
from ccgen.model.parts import PictureFact, Ref, owner_of
from ccgen.model.records import ImageRef
from ccgen.plan.index import Index
from ccgen.plan.noting import Noting
from ccgen.plan.urls import Urls
from ccgen.text.near import Paths

__all__ = ["Files"]

_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif", ".svg")


class Files(Noting):
    """Bundles' files and static/, by path. A bundle that is not published keeps its files to itself."""

    def __init__(self, index: Index, urls: Urls) -> None:
        super().__init__()
        self.index = index
        self.published: dict[str, str] = {}  # path → URL
        for path, info in index.loaded.files.items():
            url = urls.file(info)
            if url is not None:
                self.published[path] = url
        self._by_form = {unicodedata.normalize("NFC", path): path for path in self.published}

    @cached_property
    def _pictures(self) -> Paths:
        return Paths(path for path in self.published if path.lower().endswith(_PICTURES))

    def url(self, path: str) -> str | None:
        """Return the URL of a published file by its path in the project, in any Unicode form."""
        return self.published.get(self._by_form.get(unicodedata.normalize("NFC", path), ""))

    def info(self, path: str) -> FileInfo:
        """Return a published file."""
        return self.index.loaded.files[path]

    def picture(self, src: str, folder: str, at: At) -> Ref | None:
        """Return the picture at a path beside a file, or at a site URL below static/; None, with a problem, if none."""
        path = f"static{src}" if src.startswith("/") else posixpath.normpath(posixpath.join(folder, src))
        found = self._by_form.get(unicodedata.normalize("NFC", path))
        if found is not None and found.lower().endswith(_PICTURES):
            return Ref(owner_of("image", found))
        # A picture of a failed record or one that could not be read has its own problem already.
        if found is None and path in self.index.loaded.failed:
            return None
        if found is not None:
            hint = f"pictures end in {', '.join(_PICTURES)}"
            self._note("missing-image", f"`{src}` is no picture", at, hint)
            return None
        near = self._pictures.nearest(path)
        if near is None:
            hint = _place_hint(src, folder, at.path)
        elif near.startswith("static/"):
            hint = f"did you mean `{near.removeprefix('static')}`?"
        else:
            hint = f"did you mean `{posixpath.relpath(near, folder)}`?"
        self._note("missing-image", f"no picture `{src}`", at, hint)
        return None

    def fact(self, image: ImageRef | None, folder: str, at: At) -> PictureFact | None:
        """Return a record's picture; None where there is none."""
        if image is None:
            return None
        ref = self.picture(image.src, folder, at)
        if ref is None:
            return None
        return PictureFact(image=ref, alt=image.alt or "", credit=image.credit or "", ours=image.ours)

    def group(self, path: str) -> ImageGroup:
        """Return the facts of a published picture."""
        info = self.info(path)
        return ImageGroup(url=self.published[path], width=info.width, height=info.height)


def _place_hint(src: str, folder: str, path: str) -> str:
    """Say where a picture has to lie. Beside a file only where the file has a folder of its own."""
    if src.startswith("/"):
        return f"put it at static{src}"
    name = posixpath.basename(src)
    stem = posixpath.basename(path).partition(".")[0]
    beside = posixpath.normpath(f"{folder}/{src}")
    if not beside.startswith("content/"):
        return f"put it at static/{name} and write `/{name}`"
    if stem == "index":
        return f"put it at {beside}, or at static/{name} and write `/{name}`"
    home = "" if stem == "_index" else f", or beside the text as {folder}/{stem}/index{posixpath.splitext(path)[1]}"
    return f"put it at static/{name} and write `/{name}`{home}"
