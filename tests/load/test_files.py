from __future__ import annotations

import io
import os
import socket
import struct
import warnings
import zlib

import pytest
from PIL import Image

from ccgen.load.svg import read_svg
from ccgen.load.tree import open_file, read_file, scan
from ccgen.model.kept import SourceFile

STORY = "---\ntitle: S\ndate: 2025-10-02\n---\nText.\n"


def picture(kind: str = "PNG", size: tuple[int, int] = (4, 3)) -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", size).save(stream, kind)
    return stream.getvalue()


def png_header(width: int, height: int) -> bytes:
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = b"IHDR" + head
    return (
        b"\x89PNG\r\n\x1a\n"
        + struct.pack(">I", 13)
        + chunk
        + struct.pack(">I", zlib.crc32(chunk))
        + b"\0\0\0\0IEND\xaeB`\x82"
    )


SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 40 30">%s</svg>'


def test_files_of_bundles_and_static(shop) -> None:
    site = shop(
        {
            "content/stories/a/index.md": STORY,
            "content/stories/a/p.png": picture(),
            "content/stories/a/deep/p.webp": picture("WEBP"),
            "content/products/b/index.yaml": "name: B\n",
            "content/products/b/p.jpg": picture("JPEG"),
            "content/products/b/manual.csv": "a,b\n",
            "static/favicon.svg": SVG % "<path d='M0 0'/>",
            "static/x.gif": picture("GIF"),
            "static/robots.txt": "x",
            "static/.well-known/a.txt": "x",
            "static/.nojekyll": "",
        }
    )
    loaded = site.loaded()
    assert [one.code for one in loaded.problems] == ["stray-file"]
    assert {path: (one.width, one.height) for path, one in loaded.files.items()} == {
        "content/stories/a/p.png": (4, 3),
        "content/stories/a/deep/p.webp": (4, 3),
        "content/products/b/p.jpg": (4, 3),
        "static/favicon.svg": (40, 30),
        "static/x.gif": (4, 3),
        "static/robots.txt": (0, 0),
        "static/.well-known/a.txt": (0, 0),
        "static/.nojekyll": (0, 0),
    }
    info = loaded.files["static/robots.txt"]
    assert (info.size, info.file) == (1, str(site.root / "static/robots.txt"))
    assert len(info.digest) == 16


@pytest.mark.parametrize(
    "name",
    [
        ".env",
        ".git/config",
        "server.pem",
        "id_rsa",
        "page.html.bak",
        "b/.htpasswd",
        "a.sql",
        ".ssh/known_hosts",
        "x.key",
    ],
)
def test_private_files_are_named_and_not_published(shop, name: str) -> None:
    loaded = shop({f"static/{name}": "secret"}).loaded()
    assert loaded.files == {}
    assert [(one.code, one.severity, one.at.path) for one in loaded.problems] == [
        ("private-file", "warning", f"static/{name}")
    ]


def test_editors_droppings_are_not_even_named(shop) -> None:
    loaded = shop({"static/a.txt~": "x", "static/.a.swp": "x", "static/Thumbs.db": "x"}).loaded()
    assert (loaded.files, loaded.problems) == ({}, ())


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.jpg", picture("PNG"), "bad-picture"),
        ("a.jpg", b"8BPS" + b"\0" * 100, "bad-picture"),
        ("a.png", picture("BMP"), "bad-picture"),
        ("a.jpg", picture("JPEG")[:-50], "bad-picture"),
        ("a.png", picture("PNG")[:-12], "bad-picture"),
        ("a.png", b"", "bad-picture"),
        ("a.gif", b"GIF89a", "bad-picture"),
        ("a.png", png_header(50_000, 50_000), "picture-too-large"),
        ("a.png", png_header(10_001, 10_000), "picture-too-large"),
        ("a.svg", b"<svg", "bad-picture"),
        ("a.svg", b"<html/>", "bad-picture"),
        ("a.svg", b" " * 5_000_001, "picture-too-large"),
    ],
)
def test_pictures_that_cannot_be_published(shop, name: str, data: bytes, code: str) -> None:
    site = shop({f"static/{name}": data})
    found = site.problem()
    assert found[:2] == (code, f"static/{name}")
    assert found[3]
    loaded = site.loaded()
    assert loaded.files == {}
    assert loaded.failed == {f"static/{name}"}


def test_a_large_picture_within_the_limit_gives_no_warning_of_the_library(shop) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        loaded = shop({"static/a.png": png_header(9_999, 10_000)}).loaded()
    assert (loaded.files["static/a.png"].width, loaded.files["static/a.png"].height) == (9_999, 10_000)


@pytest.mark.parametrize(
    "inner",
    [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<foreignObject><body/></foreignObject>",
        "<a href='javascript:alert(1)'><path/></a>",
        "<a xlink:href='data:text/html,x'><path/></a>",
        "<set attributeName='href' to='javascript:alert(1)'/>",
        "<animate attributeName='xlink:href' values='javascript:alert(1)'/>",
        "<image href='https://evil.example/x.png'/>",
        "<image xlink:href='//evil.example/x.png'/>",
        "<use href='other.svg#a'/>",
        "<style>@import url(https://evil.example/x.css);</style>",
        "<style>rect{fill:url(https://evil.example/x)}</style>",
        "<rect style='fill:url(https://evil.example/x)'/>",
        "<image href='data:image/svg+xml;base64,AAAA'/>",
        "<h:iframe xmlns:h='http://www.w3.org/1999/xhtml' src='x'/>",
    ],
)
def test_an_svg_that_can_do_something_is_refused(inner: str) -> None:
    assert read_svg((SVG % inner).encode(), path="a.svg")[2].code == "unsafe-svg"


def test_entities_and_style_sheets_in_an_svg_are_refused() -> None:
    bomb = b'<!DOCTYPE svg [<!ENTITY a "x"><!ENTITY b "&a;&a;">]><svg>&b;</svg>'
    assert read_svg(bomb, path="a.svg")[2].code == "unsafe-svg"
    assert read_svg(b"<?xml-stylesheet href='x.css'?><svg/>", path="a.svg")[2].code == "unsafe-svg"
    utf16 = '<!DOCTYPE svg [<!ENTITY a "x">]><svg/>'.encode("utf-16")
    assert read_svg(utf16, path="a.svg")[2].code == "bad-picture"
    utf7 = b'<?xml version="1.0" encoding="utf-7"?><svg>+ADw-script/+AD4-</svg>'
    assert read_svg(utf7, path="a.svg")[2] is None  # the declaration does not count: this is text


@pytest.mark.parametrize(
    "inner",
    [
        "<use href='#a'/>",
        "<rect fill='url(#a)' style='fill:url(#b)'/>",
        "<style>rect{fill:url(#a)}</style>",
        "<image href='data:image/png;base64,AAAA'/>",
        "<a href='https://a.example/'><path/></a>",
        "<text font-family='sans-serif'>onload=x javascript: &lt;script&gt;</text>",
        "<animate attributeName='opacity' values='0;1'/>",
    ],
)
def test_a_drawing_is_fine(inner: str) -> None:
    assert read_svg((SVG % inner).encode(), path="a.svg") == (40, 30, None)


@pytest.mark.parametrize(
    ("attributes", "size"),
    [
        ('width="10" height="20"', (10, 20)),
        ('width="10.6px" height="20px" viewBox="0 0 1 1"', (11, 20)),
        ('width="100%" height="100%" viewBox="0,0,7,8"', (7, 8)),
        ('viewBox="a b c d"', (0, 0)),
        ("", (0, 0)),
    ],
)
def test_the_size_of_an_svg(attributes: str, size: tuple[int, int]) -> None:
    assert read_svg(f'<svg xmlns="http://www.w3.org/2000/svg" {attributes}/>'.encode(), path="a.svg") == (*size, None)


# --- what the disk may hold -------------------------------------------------------------------------------------------


def codes(site) -> list[tuple[str, str]]:
    return [(one.code, one.at.path) for one in site.loaded().problems]


def test_links_within_the_project_are_followed(shop) -> None:
    site = shop({"content/stories/a.md": STORY, "static/real/x.txt": "x"})
    (site.root / "content/stories/b.md").symlink_to("a.md")
    (site.root / "static/again").symlink_to("real")
    loaded = site.loaded()
    assert loaded.problems == ()
    assert len(loaded.articles) == 2
    assert set(loaded.files) == {"static/real/x.txt", "static/again/x.txt"}


def test_links_that_must_not_be_followed(shop, tmp_path_factory) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "secret.md").write_text(STORY)
    site = shop({"content/stories/a.md": STORY, ".env": "secret", "static/a/x.txt": "x"})
    stories = site.root / "content/stories"
    (stories / "b.md").symlink_to(outside / "secret.md")
    (stories / "c").symlink_to(outside)
    (stories / "d.md").symlink_to("nowhere.md")
    (stories / "e.md").symlink_to("e.md")
    (site.root / "static/f").symlink_to(".")
    (site.root / "static/a/g").symlink_to("..")
    (site.root / "static/h.txt").symlink_to("../.env")
    assert codes(site) == [
        ("link-outside", "content/stories/b.md"),
        ("link-outside", "content/stories/c"),
        ("dangling-link", "content/stories/d.md"),
        ("link-loop", "content/stories/e.md"),
        ("link-loop", "static/a/g"),
        ("link-loop", "static/f"),
        ("link-outside", "static/h.txt"),
    ]
    assert set(site.loaded().files) == {"static/a/x.txt"}


def test_pipes_sockets_and_devices_are_named_and_never_opened(shop) -> None:
    site = shop({"static/a.txt": "x"})
    os.mkfifo(site.root / "static/pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(site.root / "static/sock"))
        assert codes(site) == [("not-a-file", "static/pipe"), ("not-a-file", "static/sock")]
    with pytest.raises(OSError, match="regular"):
        open_file(SourceFile("static/pipe", str(site.root / "static/pipe")))


def test_a_file_that_goes_away_while_it_is_read(tmp_path) -> None:
    source, problems = read_file(SourceFile("a.md", str(tmp_path / "a.md")), limit=10)
    assert source is None
    assert [one.code for one in problems] == ["dangling-link"]


def test_an_unreadable_file_is_named(shop, monkeypatch: pytest.MonkeyPatch) -> None:
    site = shop({"content/stories/a.md": STORY, "static/b.txt": "x"})
    real = os.open

    def refuse(path, *arguments, **named):
        if str(path).endswith((".md", ".txt")):
            raise PermissionError(13, "Permission denied")
        return real(path, *arguments, **named)

    monkeypatch.setattr(os, "open", refuse)
    assert codes(site) == [("unreadable", "content/stories/a.md"), ("unreadable", "static/b.txt")]


def test_names_are_compared_in_one_unicode_form(shop) -> None:
    site = shop({"content/stories/cafe\u0301.md": STORY})
    loaded = site.loaded()
    assert loaded.articles[0].path == "content/stories/caf\u00e9.md"
    (site.root / "content/stories/caf\u00e9.md").write_text(STORY)
    if len(list((site.root / "content/stories").iterdir())) == 2:  # file systems that keep both forms
        assert "same-name" in site.codes()


def test_names_that_cannot_be_part_of_a_url(shop) -> None:
    site = shop({"static/a\nb.txt": "x", "static/a\\b.txt": "x", "static/a\u202eb.txt": "x"})
    (site.root / os.fsdecode(b"static/\xff.txt")).write_text("x")
    loaded = site.loaded()
    assert [one.code for one in loaded.problems] == ["bad-name"] * 4
    assert loaded.files == {}
    for problem in loaded.problems:
        problem.at.path.encode()  # can be printed


def test_what_is_not_there_has_no_files(tmp_path) -> None:
    assert scan(tmp_path, "static") == ((), ())
    (tmp_path / "static").write_text("a file")
    files, problems = scan(tmp_path, "static")
    assert files == ()
    assert [one.code for one in problems] == ["not-a-folder"]
