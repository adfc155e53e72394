"""Which `style` attributes hide what is in them, and which only change how it looks."""

from __future__ import annotations

import pytest

from ccgen.check.page_style import hides

HIDING = (
    "display:none",
    "color:red; DISPLAY : none !important",
    "display: none !important; display: block",
    "visibility: hidden",
    "visibility:collapse",
    "content-visibility:hidden",
    "opacity:0",
    "opacity:0.0;color:red",
    "opacity: 0%",
    "opacity:.01",
    "filter: blur(1px) opacity(0)",
    "font-size:0",
    "font-size:0px",
    "font-size: 1px",
    "font: 0/0 a",
    "font: italic 400 1px/1.2 serif",
    "height:0",
    "height:0; overflow:hidden",
    "block-size:0",
    "max-height:0",
    "width:0;overflow:hidden",
    "position:absolute; width:1px; height:1px; overflow:hidden",
    "height:0;padding:0;overflow:hidden",
    "position:absolute;clip:rect(0 0 0 0)",
    "clip: rect(1px, 1px, 1px, 1px)",
    "clip-path:inset(50%)",
    "clip-path: inset(0 100% 0 0)",
    "clip-path: inset(60% 0 40%)",
    "clip-path:circle(0 at 50% 50%)",
    "clip-path:polygon(0 0, 0px 0%, 0 0)",
    "position:absolute;/* x */left:-9999px",
    "left: -100vw",
    "right:-2000px",
    "text-indent:-999em",
    "text-indent:9999px",
    "top:-10000px",
    "transform:translateX(-9999px)",
    "transform: translate3d(0, -9999px, 0)",
    "translate: -9999px",
    "transform:scale(0)",
    "transform:scaleY(0)",
    "scale: 0",
    "color:transparent",
    "color: rgba(0, 0, 0, 0)",
    "color:rgb(0 0 0 / 0%)",
    "color:#0000",
    "-webkit-text-fill-color:transparent",
    "color:#fff;background:#FFF",
)
SHOWING = (
    "",
    ";",
    "color:red",
    "display:block",
    "display:none;display:block",
    "/* display:none */",
    "opacity:0.4",
    "opacity: 40%",
    "filter:opacity(1)",
    "font-size:0.8em",
    "font: 700 16px/0 serif",
    "line-height:0",
    "left:-12px",
    "left:100%",
    "left:1200px",
    "top:9999px",
    "transform:translateX(-1200px)",
    "transform:translate(-50%, -50%)",
    "transform:scale(0.5)",
    "max-height:0.5em",
    "height:0;padding-bottom:56.25%",
    "height:0;overflow:visible",
    "width:0%",
    "overflow:hidden;height:40px",
    "clip:rect(0, auto, auto, 0)",
    "clip:auto",
    "clip-path:inset(0)",
    "clip-path:inset(10% 40%)",
    "clip-path:circle(50%)",
    "clip-path:polygon(0 0, 100% 0, 50% 100%)",
    "color:rgb(0,0,0)",
    "color:#000",
    "color:transparent;background:linear-gradient(red, blue);background-clip:text",
    "color:inherit;background:inherit",
    "color:#fff;background:#000",
)


@pytest.mark.parametrize("style", HIDING)
def test_a_style_that_hides(style: str) -> None:
    assert hides(style)


@pytest.mark.parametrize("style", SHOWING)
def test_a_style_that_hides_nothing(style: str) -> None:
    assert not hides(style)
