"""Turn the demo shop's drawings into the PNG pictures that the content refers to.

``products/ID.svg`` becomes ``content/products/ID/ID.png``, ``covers/SECTION--NAME.svg`` becomes
``content/SECTION/NAME/cover.png`` (``note.png`` for notes), ``favicon.svg`` goes to ``static/``.
Needs Playwright, Pillow and a Chromium that is already installed; nothing is downloaded. A picture
newer than its drawing is left alone.
"""

from __future__ import annotations

import argparse
import io
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, sync_playwright

HERE = Path(__file__).resolve().parent
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass(frozen=True)
class Job:
    """One drawing, the picture made from it, and the picture's size."""

    drawing: Path
    picture: Path
    width: int
    height: int
    limit: int  # bytes

    @property
    def fresh(self) -> bool:
        """Whether the picture is newer than its drawing."""
        return self.picture.exists() and self.picture.stat().st_mtime >= self.drawing.stat().st_mtime


def jobs(art: Path, site: Path) -> Iterator[Job]:
    """Every drawing with its place in the site."""
    for drawing in sorted((art / "products").glob("*.svg")):
        name = drawing.stem
        yield Job(drawing, site / "content/products" / name / f"{name}.png", 800, 1000, 60_000)
    for drawing in sorted((art / "covers").glob("*.svg")):
        section, _, name = drawing.stem.partition("--")
        if section == "notes":
            yield Job(drawing, site / "content/notes" / name / "note.png", 900, 1200, 110_000)
        else:
            yield Job(drawing, site / "content" / section / name / "cover.png", 1500, 1000, 110_000)
    yield Job(art / "favicon.svg", site / "static/favicon.png", 64, 64, 4_000)


def shoot(page: Page, job: Job) -> Image.Image:
    """The drawing as the browser paints it at the wanted size."""
    page.set_viewport_size({"width": job.width, "height": job.height})
    svg = job.drawing.read_text(encoding="utf-8")
    page.set_content(
        "<!doctype html><style>html,body{margin:0;background:transparent}"
        f"svg{{display:block;width:{job.width}px;height:{job.height}px}}</style>{svg}"
    )
    return Image.open(io.BytesIO(page.screenshot(omit_background=True)))


def exact_paper(small: Image.Image, full: Image.Image) -> None:
    """Give the corner its exact colour back, so that the picture meets the page."""
    corner = full.getpixel((2, 2))
    index = small.getpixel((2, 2))
    palette = small.getpalette()
    if palette is not None and isinstance(corner, tuple) and isinstance(index, int):
        palette[3 * index : 3 * index + 3] = list(corner)
        small.putpalette(palette)


def encode(image: Image.Image, limit: int) -> bytes:
    """An optimised palette PNG: as many colours as fit under the limit, at least twelve."""
    alpha = image.convert("RGBA")
    if alpha.getextrema()[3] == (255, 255):
        flat: Image.Image = alpha.convert("RGB")
        method = Image.Quantize.MEDIANCUT
    else:
        flat, method = alpha, Image.Quantize.FASTOCTREE
    data = b""
    for colours in (96, 64, 48, 32, 24, 16, 12):
        small = flat.quantize(colours, method=method, dither=Image.Dither.NONE)
        if method is Image.Quantize.MEDIANCUT:
            exact_paper(small, flat)
        buffer = io.BytesIO()
        small.save(buffer, "PNG", optimize=True)
        data = buffer.getvalue()
        if len(data) <= limit:
            break
    return data


def main(arguments: list[str] | None = None) -> int:
    """Rasterise what is out of date."""
    parser = argparse.ArgumentParser(description="Turn the drawings into the site's PNG pictures.")
    parser.add_argument("names", nargs="*", help="only drawings whose name contains one of these")
    parser.add_argument("--site", type=Path, default=HERE.parents[1], help="folder with content/ and static/")
    parser.add_argument("--art", type=Path, default=HERE, help="folder with the drawings (default: this one)")
    parser.add_argument("--chromium", default="/usr/bin/chromium", help="the browser to use")
    parser.add_argument("--force", action="store_true", help="also what is up to date")
    options = parser.parse_args(arguments)
    favicon = options.art / "favicon.svg"
    due = [
        job
        for job in jobs(options.art, options.site)
        if job.drawing.exists()
        and (options.force or not job.fresh)
        and (not options.names or any(name in job.drawing.stem for name in options.names))
    ]
    if not due:
        print("all pictures are up to date")
        return 0
    too_big = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=options.chromium, args=FLAGS)
        page = browser.new_page()
        for job in due:
            data = encode(shoot(page, job), job.limit)
            job.picture.parent.mkdir(parents=True, exist_ok=True)
            job.picture.write_bytes(data)
            if job.drawing == favicon:
                shutil.copyfile(favicon, job.picture.with_suffix(".svg"))
            too_big += len(data) > job.limit
            mark = "  over its limit" if len(data) > job.limit else ""
            print(f"{job.drawing.stem}: {len(data) / 1000:.0f} kB{mark}")
        browser.close()
    print(f"{len(due)} pictures made, {too_big} over their limit")
    return 0


if __name__ == "__main__":
    sys.exit(main())
