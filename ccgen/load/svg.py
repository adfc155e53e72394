"""An SVG's size, and whether it can do anything but be seen; draws nothing.

A picture in a page is harmless, the same file opened by itself is a document of our origin: a script in it runs there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from ccgen.errors import At, Problem
from ccgen.text.patterns import late

__all__ = ["read_svg"]

_ACTIVE = frozenset({"script", "foreignobject", "iframe", "embed", "object", "handler", "listener", "audio", "video"})
_ANIMATIONS = frozenset({"set", "animate", "animatetransform", "animatemotion"})
_LOCAL_LINK = late(r"#|data:image/(?:png|jpeg|gif|webp);", re.IGNORECASE)
_OUTWARD_CSS = late(
    r"@import|url\(\s*[\"']?(?!#|data:image/(?:png|jpeg|gif|webp);|[\"']?\s*#)|expression\(|javascript:", re.I
)
_LENGTH = late(r"([0-9]+(?:\.[0-9]+)?)(?:px)?")


def read_svg(data: bytes, *, path: str) -> tuple[int, int, Problem | None]:
    """Return width and height in pixels (0, 0 where the file does not say) and what forbids publishing it.

    Refused are scripts, handlers, foreign content and references to anything outside of the file.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return 0, 0, _problem(path, "bad-picture", "the SVG is not UTF-8", "save it as UTF-8")
    if "<!ENTITY" in text:
        return 0, 0, _problem(path, "unsafe-svg", "the SVG declares entities", "delete the `<!ENTITY …>` declarations")
    if "<?xml-stylesheet" in text:
        return 0, 0, _problem(path, "unsafe-svg", "the SVG loads a style sheet", "put the styles into the file")
    try:
        root = ET.fromstring(text)  # noqa: S314 (entities are refused above; external ones are never read)
    except ET.ParseError as fault:
        return 0, 0, _problem(path, "bad-picture", f"this is no SVG: {fault}", "save it again as SVG")
    if _local(root.tag) != "svg":
        return 0, 0, _problem(path, "bad-picture", f"this is no SVG but `<{_local(root.tag)}>`", "save it again as SVG")
    reason = next(_reasons(root), "")
    if reason:
        return 0, 0, _problem(path, "unsafe-svg", f"the SVG holds {reason}", "delete it from the file")
    return (*_size(root), None)


def _local(name: object) -> str:
    return str(name).rpartition("}")[2]


def _reasons(root: ET.Element) -> Iterator[str]:
    for element in root.iter():
        tag = _local(element.tag).lower()
        if tag in _ACTIVE:
            yield f"`<{_local(element.tag)}>`"
        if tag == "style" and _OUTWARD_CSS.search("".join(element.itertext())):
            yield "a style that loads something from outside"
        for key, value in element.attrib.items():
            yield from _attribute_reasons(tag, _local(key), value.strip())


def _attribute_reasons(tag: str, key: str, value: str) -> Iterator[str]:
    name = key.lower()
    if name.startswith("on"):
        yield f"the handler `{key}`"
    elif name in {"href", "src"} and not (tag == "a" and re.match(r"https?://", value)):
        if not _LOCAL_LINK.match(value):
            yield f"a reference to `{value[:60]}`"
    elif name == "attributename" and tag in _ANIMATIONS and value.lower().rpartition(":")[2].startswith(("href", "on")):
        yield f"an animation of `{value}`"
    elif _OUTWARD_CSS.search(value) and ("url(" in value.lower() or "javascript:" in value.lower()):
        yield f"a reference to something outside, in `{key}`"


def _size(root: ET.Element) -> tuple[int, int]:
    width, height = (_LENGTH.fullmatch(root.get(key, "").strip()) for key in ("width", "height"))
    if width and height:
        return round(float(width[1])), round(float(height[1]))
    box = re.split(r"[\s,]+", root.get("viewBox", "").strip())
    try:
        return round(float(box[2])), round(float(box[3]))
    except (IndexError, ValueError, OverflowError):
        return 0, 0


def _problem(path: str, code: str, message: str, hint: str) -> Problem:
    return Problem(code=code, message=message, at=At(path=path), hint=hint)
