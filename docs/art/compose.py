"""Build the demo shop's drawings from the hand-drawn sources.

A source under ``sources/`` is SVG with a few words of its own, which this script spells out:

``k``        kind of a shape: ``b`` body (fill and outline), ``t`` tone (fill only), ``l`` line,
             ``h`` hairline, ``r`` rope (a line ``w`` wide, outlined: handles, cords, noodles)
``c``        palette colour of the fill (of the stroke, for ``l`` and ``h``)
``w``        line weight, where it differs from the kind's own
children     of a body are drawn inside it, clipped to its edge, under its outline
``<shade>``  in a body: the body's own shape shifted by ``dx dy``; what it leaves free is filled
``<ground>`` the soft shadow under a thing: ``at="x y" r="width"``
``<piece>``  another source: ``name``, ``at="x y"``, ``size``, ``turn``, ``flip``;
             ``swap="amber:bark tan:hide"`` exchanges colours, ``shadow="no"`` drops its ground;
             lines keep their weight at every size

The results are plain SVG: presentation attributes only, no style sheet, no script, no font, no
reference outside the file.
"""

from __future__ import annotations

import argparse
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

SVG = "http://www.w3.org/2000/svg"
HERE = Path(__file__).resolve().parent

PALETTE = {
    "paper": "#fbf9f4",
    "white": "#fffdf8",
    "ink": "#1f1c17",
    "soot": "#3b362e",
    "grey1": "#e9e3d6",
    "grey2": "#d3cab9",
    "grey3": "#a99e8b",
    "grey4": "#756b5c",
    "cream": "#f6ead0",
    "straw": "#ecd39a",
    "ochre": "#d8a343",
    "amber": "#b97a28",
    "peach": "#f0b27a",
    "lime": "#b3ae4c",
    "moss": "#858a3c",
    "indigo": "#4a6a86",
    "orange": "#dd7f34",
    "rust": "#b85a24",
    "brick": "#b3523a",
    "wine": "#7d3428",
    "tan": "#c89561",
    "hide": "#a56e42",
    "bark": "#77492b",
    "mint": "#dbe5d3",
    "sage": "#adc09a",
    "leaf": "#718c4f",
    "pine": "#46603b",
    "mist": "#dde3e1",
    "steel": "#b3bfc0",
    "slate": "#66757a",
    "night": "#39434a",
}
DOORS = {
    "leather": "#f1e3cf",
    "citrus": "#f8e7c0",
    "pantry": "#f2ddcd",
    "skin-care": "#e2ead9",
    "kettles": "#e0e6e5",
}
PANELS = {
    "leather": "M165 800V370A235 235 0 0 1 635 370V800Z",
    "citrus": "M205 800A300 300 0 1 1 595 800Z",
    "pantry": "M140 800V190H660V800Z",
    "skin-care": "M175 800V330C175 250 290 215 400 120C510 215 625 250 625 330V800Z",
    "kettles": "M160 800V270L240 175H560L640 270V800Z",
}
WEIGHTS = {"b": 5.5, "l": 4.5, "h": 2.6}
SHAPES = {"path", "rect", "circle", "ellipse", "polygon", "polyline", "line"}
OWN = {"k", "c", "w", "id"}
SLIP = 3.0  # how far the colour plate slips against the line plate


def tag(name: str) -> str:
    """The qualified SVG name."""
    return f"{{{SVG}}}{name}"


def local(element: ET.Element) -> str:
    """The element's name without its namespace."""
    return str(element.tag).rpartition("}")[2]


def numbers(text: str) -> list[float]:
    """The numbers of an attribute such as ``at="120 340"``."""
    return [float(part) for part in text.replace(",", " ").split()]


def short(value: float) -> str:
    """A number as short as it can be written."""
    return f"{value:.3f}".rstrip("0").rstrip(".")


@dataclass
class Builder:
    """One drawing in the making: hands out ids and collects definitions."""

    root: Path
    defs: ET.Element
    ids: Iterator[int] = field(default_factory=lambda: count(1))
    swaps: dict[str, str] = field(default_factory=dict)

    def colour(self, name: str) -> str:
        """The hex value of a palette colour, after any exchange in force."""
        name = self.swaps.get(name, name)
        return PALETTE.get(name) or DOORS[name]

    def source(self, name: str) -> ET.Element:
        """The source drawing of a piece."""
        for folder in ("pieces", "products"):
            path = self.root / folder / f"{name}.svg"
            if path.exists():
                return ET.parse(path).getroot()
        raise SystemExit(f"compose: no piece named {name!r} under {self.root}")

    def walk(self, element: ET.Element, into: ET.Element, scale: float) -> None:
        """Spell out one source element into the parent ``into``, drawn at ``scale``."""
        name = local(element)
        if name == "piece":
            self.piece(element, into, scale)
        elif name == "ground":
            self.ground(element, into)
        elif name in SHAPES:
            self.shape(element, into, scale)
        elif name == "g":
            group = ET.SubElement(into, tag("g"), element.attrib)
            for child in element:
                self.walk(child, group, scale)
        else:
            raise SystemExit(f"compose: unknown element <{name}>")

    def piece(self, element: ET.Element, into: ET.Element, scale: float) -> None:
        """Place another source with its anchor at a point."""
        root = self.source(element.get("name", ""))
        ax, ay = numbers(root.get("anchor", "400 850"))
        x, y = numbers(element.get("at", "0 0"))
        size = float(element.get("size", "1"))
        sign = -1 if element.get("flip") else 1
        steps = [f"translate({short(x)} {short(y)})"]
        if element.get("turn"):
            steps.append(f"rotate({element.get('turn')})")
        steps += [
            f"scale({short(sign * size)} {short(size)})",
            f"translate({short(-ax)} {short(-ay)})",
        ]
        group = ET.SubElement(into, tag("g"), {"transform": " ".join(steps)})
        before = self.swaps
        self.swaps = before | dict(pair.split(":", 1) for pair in element.get("swap", "").split())
        for child in root:
            if not (local(child) == "ground" and element.get("shadow") == "no"):
                self.walk(child, group, scale * size)
        self.swaps = before

    def ground(self, element: ET.Element, into: ET.Element) -> None:
        """The soft shadow a thing throws on the ground."""
        x, y = numbers(element.get("at", "400 850"))
        r = float(element.get("r", "200"))
        ry = float(element.get("h", short(r * 0.1)))
        for grow, opacity in ((1.12, "0.08"), (0.98, "0.13")):
            ET.SubElement(
                into,
                tag("ellipse"),
                {
                    "cx": short(x + r * 0.06),
                    "cy": short(y),
                    "rx": short(r * grow),
                    "ry": short(ry * grow),
                    "fill": PALETTE["ink"],
                    "fill-opacity": opacity,
                },
            )

    def shape(self, element: ET.Element, into: ET.Element, scale: float) -> None:
        """One drawn shape by its kind."""
        kind = element.get("k", "t")
        colour = self.colour(element.get("c", "ink"))
        weight = short(float(element.get("w", WEIGHTS.get(kind, 1))) / scale)
        bare = {key: value for key, value in element.attrib.items() if key not in OWN}
        pen = {
            "fill": "none",
            "stroke": colour,
            "stroke-width": weight,
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
        }
        if kind == "r":
            width = float(element.get("w", "20"))
            outline = width + 2 * WEIGHTS["b"] / scale
            ET.SubElement(
                into,
                element.tag,
                bare | pen | {"stroke": PALETTE["ink"], "stroke-width": short(outline)},
            )
            ET.SubElement(into, element.tag, bare | pen | {"stroke-width": short(width)})
            return
        if kind in ("l", "h"):
            ET.SubElement(into, element.tag, bare | pen)
            return
        if kind == "t":
            ET.SubElement(into, element.tag, bare | {"fill": colour})
            return
        outer = {key: bare.pop(key) for key in ("transform", "opacity") if key in bare}
        group = ET.SubElement(into, tag("g"), outer)
        slip = f"translate({short(SLIP / scale)} {short(SLIP / scale)})"
        ET.SubElement(group, element.tag, bare | {"fill": colour, "transform": slip})
        if len(element):
            self.inside(element, group, bare, slip, scale)
        ET.SubElement(group, element.tag, bare | pen | {"stroke": PALETTE["ink"]})

    def inside(self, element: ET.Element, group: ET.Element, bare: dict[str, str], slip: str, scale: float) -> None:
        """What lies inside a body, clipped to its edge."""
        clip_id = f"c{next(self.ids)}"
        clip = ET.SubElement(self.defs, tag("clipPath"), {"id": clip_id})
        ET.SubElement(clip, element.tag, bare | {"transform": slip})
        inner = ET.SubElement(group, tag("g"), {"clip-path": f"url(#{clip_id})"})
        for child in element:
            if local(child) == "shade":
                self.shade(child, inner, element, bare)
            else:
                self.walk(child, inner, scale)

    def shade(self, shade: ET.Element, inner: ET.Element, body: ET.Element, bare: dict[str, str]) -> None:
        """The side of a body away from the light (or toward it)."""
        mask_id = f"m{next(self.ids)}"
        everywhere = {"x": "-2000", "y": "-2000", "width": "6000", "height": "6000"}
        mask = ET.SubElement(self.defs, tag("mask"), {"id": mask_id, "maskUnits": "userSpaceOnUse", **everywhere})
        ET.SubElement(mask, tag("rect"), everywhere | {"fill": "#fff"})
        shift = f"translate({shade.get('dx', '0')} {shade.get('dy', '0')})"
        ET.SubElement(mask, body.tag, bare | {"transform": shift, "fill": "#000"})
        attributes = everywhere | {
            "fill": self.colour(shade.get("c", "ink")),
            "mask": f"url(#{mask_id})",
        }
        if shade.get("o"):
            attributes["fill-opacity"] = shade.get("o", "1")
        ET.SubElement(inner, tag("rect"), attributes)


def hand(defs: ET.Element, seed: int, width: float, height: float) -> None:
    """The slight unsteadiness of a cut line, the same for every drawing."""
    cut = ET.SubElement(
        defs,
        tag("filter"),
        {
            "id": "cut",
            "filterUnits": "userSpaceOnUse",
            "x": "0",
            "y": "0",
            "width": short(width),
            "height": short(height),
        },
    )
    ET.SubElement(
        cut,
        tag("feTurbulence"),
        {
            "type": "fractalNoise",
            "baseFrequency": "0.016",
            "numOctaves": "2",
            "seed": str(seed),
            "result": "n",
        },
    )
    ET.SubElement(
        cut,
        tag("feDisplacementMap"),
        {
            "in": "SourceGraphic",
            "in2": "n",
            "scale": "8",
            "xChannelSelector": "R",
            "yChannelSelector": "G",
        },
    )


def build(source: Path, sources: Path) -> str:
    """The finished drawing of one source file."""
    root = ET.parse(source).getroot()
    width, height = root.get("width", "800"), root.get("height", "1000")
    out = ET.Element(tag("svg"), {"viewBox": f"0 0 {width} {height}", "width": width, "height": height})
    defs = ET.SubElement(out, tag("defs"))
    hand(defs, sum(source.stem.encode()) % 97, float(width), float(height))
    ET.SubElement(out, tag("rect"), {"width": width, "height": height, "fill": PALETTE["paper"]})
    drawing = ET.SubElement(out, tag("g"), {"filter": "url(#cut)"})
    door = root.get("door")
    if door:
        drawing = ET.SubElement(drawing, tag("g"), {"transform": "translate(0 -25)"})
        ET.SubElement(drawing, tag("path"), {"d": PANELS[door], "fill": DOORS[door]})
        ET.SubElement(
            drawing,
            tag("path"),
            {
                "d": "M70 800H730",
                "stroke": PALETTE["ink"],
                "stroke-width": "2.4",
                "stroke-linecap": "round",
            },
        )
        zoom = float(root.get("zoom", "1"))
        drawing = ET.SubElement(
            drawing,
            tag("g"),
            {"transform": f"translate(400 850) scale({short(zoom)}) translate(-400 -850)"},
        )
    builder = Builder(sources, defs)
    for child in root:
        builder.walk(child, drawing, float(root.get("zoom", "1")))
    ET.indent(out, " ")
    return ET.tostring(out, encoding="unicode") + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Build all drawings, or those whose name contains one of the given words."""
    parser = argparse.ArgumentParser(description="Build the drawings from their sources.")
    parser.add_argument("names", nargs="*", help="only drawings whose name contains one of these")
    parser.add_argument("--root", type=Path, default=HERE, help="folder with sources/ (default: this one)")
    options = parser.parse_args(arguments)
    ET.register_namespace("", SVG)
    sources = options.root / "sources"
    changed = 0
    for folder in ("products", "covers"):
        (options.root / folder).mkdir(exist_ok=True)
        for source in sorted((sources / folder).glob("*.svg")):
            if options.names and not any(name in source.stem for name in options.names):
                continue
            try:
                text = build(source, sources)
            except ET.ParseError as error:
                print(f"compose: {source.name}: {error}", file=sys.stderr)
                return 1
            target = options.root / folder / source.name
            if not target.exists() or target.read_text(encoding="utf-8") != text:
                target.write_text(text, encoding="utf-8")
                changed += 1
    print(f"{changed} drawings built")
    return 0


if __name__ == "__main__":
    sys.exit(main())
