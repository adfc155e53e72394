"""Takes the pictures of the demo that README.md shows, in a real browser: `PYTHONPATH=tests python docs/take_pictures.py`.

The demo has a clock of its own, so that the pictures change only with the demo and the themes.
"""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Literal, NamedTuple

from browsing import chromium, served
from PIL import Image
from playwright.sync_api import Browser

from ccgen.config import read_config
from ccgen.pipeline.building import build

_HERE = Path(__file__).resolve().parent
_COLOURS = 96  # drawings in flat colours: more would only make the files larger


class Shot(NamedTuple):
    """One picture: the top of a page, in CSS pixels."""

    name: str
    path: str
    width: int
    height: int
    scheme: Literal["light", "dark"] = "light"


SHOTS = (
    Shot("home", "/", 1280, 1680),
    Shot("review", "/reviews/osk-hand-grinder/", 1280, 1680),
    Shot("home-phone", "/", 390, 1040, "dark"),
    Shot("review-phone", "/reviews/osk-hand-grinder/", 390, 1040),
    Shot("product-phone", "/products/harrow-gooseneck/", 390, 1040, "dark"),
    Shot("story-phone", "/zh-CN/stories/yueya-corner/", 390, 1040),
)


def take(browser: Browser, address: str, shot: Shot) -> bytes:
    """Return the picture as PNG with few colours."""
    size = {"width": shot.width, "height": shot.height}
    context = browser.new_context(viewport=size, color_scheme=shot.scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(address + shot.path, wait_until="networkidle")
    page.evaluate("document.fonts.ready")
    taken = page.screenshot(animations="disabled")
    context.close()
    with Image.open(io.BytesIO(taken)) as image:
        few = image.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    file = io.BytesIO()
    few.save(file, "PNG", optimize=True)
    return file.getvalue()


def main() -> None:
    """Build the demo, look at it, and write the pictures."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder, "site")
        config, warnings = read_config(_HERE.parent, output=output, state=Path(folder, "state"), environ={})
        build(config, warnings)
        with served(output) as address, chromium() as browser:
            for shot in SHOTS:
                (_HERE / "pictures" / f"{shot.name}.png").write_bytes(take(browser, address, shot))


if __name__ == "__main__":
    main()
