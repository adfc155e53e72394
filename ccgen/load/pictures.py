"""Files that are published as they are: digest, size, pixels, whether they are safe; decodes no picture."""

from __future__ import annotations

import os
import warnings
from hashlib import blake2b
from typing import BinaryIO, NamedTuple

from ccgen.errors import At, Problem
from ccgen.load.keeping import pack_file, unpack_file
from ccgen.load.tree import open_file, problem_of
from ccgen.model.kept import Kept, SourceFile, nothing_kept
from ccgen.model.limits import Limits
from ccgen.model.loaded import FileInfo
from ccgen.text.patterns import late

__all__ = ["published_files"]

_FORMATS = {".png": "PNG", ".jpg": "JPEG", ".jpeg": "JPEG", ".gif": "GIF", ".webp": "WEBP"}
_ENDS = {"PNG": b"IEND", "JPEG": b"\xff\xd9", "GIF": b";"}
_TAIL = 65_536
_CHUNK = 1 << 20
_SVG_BYTES = 5_000_000

# What lies in such folders by accident and must not be on the web. Other names with a dot stay private too.
_PRIVATE = late(
    r"(?i)\..*|.*\.(?:pem|key|p12|pfx|kdbx|bak|orig|old|sql|sqlite3?|db|log|tmp|psd)|.*~|id_(?:rsa|dsa|ecdsa|ed25519)|thumbs\.db"
)
_PUBLIC_DOTTED = frozenset({".well-known", ".nojekyll", ".htaccess", ".domains"})


class _Header(NamedTuple):
    width: int
    height: int
    problem: Problem | None = None


def published_files(
    bundle_files: list[SourceFile], static: tuple[SourceFile, ...], limits: Limits, kept: Kept = nothing_kept
) -> tuple[dict[str, FileInfo], set[str], list[Problem]]:
    """Look at bundles' files and static/: what is published, by path; paths that failed; what is wrong."""
    files: dict[str, FileInfo] = {}
    failed: set[str] = set()
    problems: list[Problem] = []
    asked = {f"file {file.path}": (file,) for file in (*bundle_files, *static) if not _is_private(file.path)}
    known = dict(kept.recall_all(asked))
    for file in (*bundle_files, *static):
        name = f"file {file.path}"
        if name not in asked:
            problems.append(_private(file.path))
            continue
        made, problem = known.get(name), None
        info = None if made is None else unpack_file(made, path=file.path, file=file.file)
        if info is None:
            info, problem = _info(file, limits)
            if info is not None:
                kept.keep(name, (file,), (info.digest,), pack_file(info))
        if problem is not None:
            problems.append(problem)
        if info is None:
            failed.add(file.path)
        else:
            files[file.path] = info
    return files, failed, problems


def _is_private(path: str) -> bool:
    parts = path.removeprefix("static/").split("/")
    return any(_PRIVATE.fullmatch(part) and part not in _PUBLIC_DOTTED for part in parts)


def _private(path: str) -> Problem:
    message = f"`{path}` looks private and is not published"
    hint = "move it out of this folder, or rename it if everybody may read it"
    return Problem(code="private-file", message=message, at=At(path=path), hint=hint, severity="warning")


def _info(file: SourceFile, limits: Limits) -> tuple[FileInfo | None, Problem | None]:
    try:
        with os.fdopen(open_file(file), "rb") as stream:
            digest, size = blake2b(digest_size=16), 0
            head = stream.read(_CHUNK)
            chunk, tail = head, b""
            while chunk:
                digest.update(chunk)
                size += len(chunk)
                tail = (tail + chunk)[-_TAIL:]
                chunk = stream.read(_CHUNK)
            header = _header(file, stream, tail, limits)
    except OSError as fault:
        return None, problem_of(file.path, fault)
    if header.problem is not None:
        return None, header.problem
    info = FileInfo(
        path=file.path, file=file.file, digest=digest.digest(), size=size, width=header.width, height=header.height
    )
    return info, None


def _header(file: SourceFile, stream: BinaryIO, tail: bytes, limits: Limits) -> _Header:
    """Return a picture's pixels; (0, 0) for what is no picture."""
    ending = os.path.splitext(file.path)[1].lower()  # noqa: PTH122 (paths are text here)
    if ending == ".svg":
        stream.seek(0)
        return _svg(file.path, stream.read(_SVG_BYTES + 1))
    if ending in _FORMATS:
        stream.seek(0)
        return _raster(file.path, stream, _FORMATS[ending], tail, limits)
    return _Header(0, 0)


def _svg(path: str, data: bytes) -> _Header:
    from ccgen.load.svg import read_svg  # with the parser of XML, which a build without a new SVG need not wait for

    if len(data) > _SVG_BYTES:
        return _bad(path, "picture-too-large", f"an SVG above {_SVG_BYTES:,} bytes", "make it simpler, or a PNG of it")
    width, height, problem = read_svg(data, path=path)
    return _Header(width, height, problem)


def _raster(path: str, stream: BinaryIO, wanted: str, tail: bytes, limits: Limits) -> _Header:
    from PIL import Image, UnidentifiedImageError

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)  # our own limit is checked below
            with Image.open(stream, formats=sorted(set(_FORMATS.values()))) as image:
                found, (width, height) = image.format or "", image.size
    except Image.DecompressionBombError:
        return _bad(path, "picture-too-large", f"more than {limits.pixels:,} pixels", "make it smaller")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError):
        return _bad(
            path, "bad-picture", f"this is no {wanted} picture that can be read", "save it again as PNG or JPEG"
        )
    if width * height > limits.pixels:
        message = f"{width} × {height} pixels are more than the limit of {limits.pixels:,}"
        return _bad(path, "picture-too-large", message, "make it smaller, or raise `limits.pixels` in ccgen.yaml")
    if found != wanted:
        hint = f"rename it to end in .{'jpg' if found == 'JPEG' else found.lower()}"
        return _bad(path, "bad-picture", f"this is {found}, not {wanted}", hint)
    if _ENDS.get(wanted, b"") not in tail:
        return _bad(path, "bad-picture", "the picture is cut off", "copy the file again")
    return _Header(width, height)


def _bad(path: str, code: str, message: str, hint: str) -> _Header:
    return _Header(0, 0, Problem(code=code, message=message, at=At(path=path), hint=hint))
