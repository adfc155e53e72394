"""Whether a `style` attribute hides what is in its element from a reader; knows no page and no style sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from ccgen.text.patterns import late

__all__ = ["hides"]

_COMMENT = re.compile(r"/\*.*?(?:\*/|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(?:([\da-fA-F]{1,6})\s?|(.))")
_NUMBER = late(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)(%|[a-z]*)")
_FUNCTION = re.compile(r"([a-z]+[a-z0-9]*)\(([^()]*)\)")
_LINE_HEIGHT = re.compile(r"\s*/\s*\S+")
_TRANSPARENT = late(
    r"transparent|#(?:[\da-f]{3}0|[\da-f]{6}00)"
    r"|(?:rgb|hsl)a?\((?:[^(),/\s]+[\s,]+){2}[^(),/\s]+\s*[,/]\s*(?:0+\.?0*|\.0+)%?\s*\)"
)
# From how many of each unit on a box lies off the screen; a share is one of the box around, wherever that is.
_SCREENS = ("vw", "vh", "vmin", "vmax", *(f"{size}v{side}" for size in "sld" for side in "wh"))
_LENGTHS = {"px": 1000, "em": 60, "rem": 60, "ch": 100, "in": 10, "cm": 26, "mm": 260, "pt": 750, "pc": 63, "%": 900}
_FAR = _LENGTHS | dict.fromkeys(_SCREENS, 100)
_STRIPS = 5  # so much further away is what a strip of pictures, moved to its next, never is
_PAGES = 2  # so many screens away is what nobody moves there to be seen
_UNSEEN_VALUES = (
    ("display", frozenset({"none"})),
    ("visibility", frozenset({"hidden", "collapse"})),
    ("content-visibility", frozenset({"hidden"})),
)
_HEIGHTS = ("height", "max-height", "max-width", "block-size", "max-block-size", "max-inline-size")
_WIDTHS = ("width", "inline-size")
_SIDEWAYS = ("left", "right", "margin-left", "margin-right", "text-indent", "inset-inline-start")
_UPWARDS = ("top", "bottom", "margin-top")
_IN_FLOW = frozenset({"static", "relative", "sticky"})
_CUTTING = frozenset({"hidden", "clip", "scroll", "auto"})
_FROM_ELSEWHERE = frozenset({"", "inherit", "initial", "unset", "revert", "revert-layer", "currentcolor"})
_FAINT = 0.1  # an opacity below this is read by nobody


@lru_cache(maxsize=4096)
def hides(style: str) -> bool:
    """Say whether a `style` takes what is inside out of a reader's sight: not displayed, without room, cut off, off the screen,
    or without colour. Where another style may bring it back, it counts as hidden.
    """
    given = _declarations(style)
    return bool(given) and (
        any(given.get(name) in values for name, values in _UNSEEN_VALUES)
        or _faint(given)
        or _has_no_room(given)
        or _is_cut(given)
        or _is_away(given)
        or _has_no_colour(given)
    )


def _declarations(style: str) -> dict[str, str]:
    """Return the values of a `style` in lower case; the last of each name counts, one with `!important` before all others."""
    found: dict[str, str] = {}
    fixed: dict[str, str] = {}
    for part in _COMMENT.sub("", style).split(";"):
        name, _, value = (_ESCAPE.sub(_unescaped, text).lower() for text in part.partition(":"))
        value, important, _ = value.partition("!")
        if value := " ".join(value.split()):
            (fixed if important else found)[name.strip()] = value
    return found | fixed


def _unescaped(found: re.Match[str]) -> str:
    r"""Return the character that an escape stands for (CSS Syntax, 4.3.7): `\6c ` is an l."""
    code = int(found[1], 16) if found[1] else 0
    return found[2] or (chr(code) if 0 < code < 0x110000 else "\ufffd")


def _numbers(text: str) -> list[tuple[float, str]]:
    return [(float(found[1]), found[2]) for found in _NUMBER.finditer(text)]


def _number(text: str | None) -> tuple[float, str] | None:
    """Return a value that is one number, and its unit; None for anything else."""
    found = _NUMBER.fullmatch(text or "")
    return (float(found[1]), found[2]) if found else None


def _faint(given: Mapping[str, str]) -> bool:
    opacity = _number(given.get("opacity"))
    for name, inner in _FUNCTION.findall(given.get("filter", "")):
        if name == "opacity":
            opacity = _number(inner.strip())
    return opacity is not None and _share(opacity) < _FAINT


def _share(size: tuple[float, str]) -> float:
    return size[0] / (100 if size[1] == "%" else 1)


def _has_no_room(given: Mapping[str, str]) -> bool:
    """Say whether letters or their box have no size. A box with padding has room; one that lets through hides nothing."""
    sizes = [given.get("font-size"), *_LINE_HEIGHT.sub(" ", given.get("font", "")).split()]
    zoom = _number(given.get("zoom"))
    if any(_is_tiny(_number(size), most=1) for size in sizes) or (zoom is not None and 0 < _share(zoom) < _FAINT):
        return True
    if any(name.startswith("padding") and not _is_tiny(_number(value), most=0) for name, value in given.items()):
        return False
    over = {word for name in ("overflow", "overflow-x", "overflow-y") for word in given.get(name, "").split()}
    cut = not over.isdisjoint(_CUTTING)
    most = 1 if cut else 0  # one pixel is what is left to those who listen
    names = (*_HEIGHTS, *_WIDTHS) if cut else _HEIGHTS  # a bar of no width shows its words
    return "visible" not in over and any(_is_tiny(_number(given.get(name)), most=most) for name in names)


def _is_tiny(size: tuple[float, str] | None, *, most: float) -> bool:
    return size is not None and (size[0] == 0 or (size[1] == "px" and 0 <= size[0] <= most))


def _is_cut(given: Mapping[str, str]) -> bool:
    for name, inner in _FUNCTION.findall(given.get("clip", "")):
        edges = _numbers(inner)
        if name == "rect" and len(edges) == 4 and all(abs(size) <= 1 for size, _ in edges):
            return True
    for name, inner in _FUNCTION.findall(given.get("clip-path", "")):
        sizes = _numbers(inner.partition(" at ")[0].partition("round")[0])
        if name == "inset" and _covers(sizes):
            return True
        if name in {"circle", "ellipse", "polygon", "rect", "xywh"} and sizes and not any(size for size, _ in sizes):
            return True
    return False


def _covers(sizes: list[tuple[float, str]]) -> bool:
    """Say whether insets (top, right, bottom, left, as CSS fills them up) meet."""
    shares = [size if unit == "%" else 0 for size, unit in sizes]
    if not shares:
        return False
    top = shares[0]
    right = shares[1] if len(shares) > 1 else top
    bottom = shares[2] if len(shares) > 2 else top
    left = shares[3] if len(shares) > 3 else right
    return top + bottom >= 100 or left + right >= 100


def _is_away(given: Mapping[str, str]) -> bool:
    sideways = [_number(given.get(name)) for name in _SIDEWAYS]
    if any(_is_off(one) or _is_lost(one) for one in sideways):
        return True
    if any(_is_off(_number(given.get(name))) for name in _UPWARDS) or _is_below_or_above(given):
        return True
    own = (("translate", given.get("translate", "")), ("scale", given.get("scale", "")))
    for name, inner in (*_FUNCTION.findall(given.get("transform", "")), *own):
        sizes = _numbers(inner)
        if name.startswith("scale") and any(abs(_share(one)) < _FAINT for one in sizes):
            return True
        if name.startswith("translate") and any(map(_is_lost, sizes)):
            return True
    return False


def _is_below_or_above(given: Mapping[str, str]) -> bool:
    """Say whether a box out of the flow lies screens away, or one that does not scroll outside its screen."""
    position = given.get("position")
    top, bottom = _number(given.get("top")), _number(given.get("bottom"))
    if position == "fixed":
        return any(_is_lost(one) or _fills_screen(one) for one in (top, bottom))
    if position in _IN_FLOW:
        return False
    return _is_lost(bottom) or (top is not None and top[1] in _SCREENS and _is_lost(top))


def _fills_screen(size: tuple[float, str] | None) -> bool:
    return size is not None and size[1] in {"%", *_SCREENS} and size[0] >= 100


def _is_off(size: tuple[float, str] | None) -> bool:
    return size is not None and size[0] < 0 and _is_far(size, times=1)


def _is_lost(size: tuple[float, str] | None) -> bool:
    return size is not None and _is_far(size, times=_PAGES if size[1] in _SCREENS else _STRIPS)


def _is_far(size: tuple[float, str] | None, *, times: int) -> bool:
    return size is not None and size[1] in _FAR and abs(size[0]) >= _FAR[size[1]] * times


def _has_no_colour(given: Mapping[str, str]) -> bool:
    """Say whether letters are transparent, or of the colour behind them. A background that is cut to them shows them."""
    if "text" in (given.get("background-clip"), given.get("-webkit-background-clip")):
        return False
    colour = given.get("-webkit-text-fill-color") or given.get("color", "")
    behind = given.get("background-color") or given.get("background", "")
    return _TRANSPARENT.fullmatch(colour) is not None or (colour == behind and colour not in _FROM_ELSEWHERE)
