"""Files of broken sites that a text cannot show: links, rights, binary data, very long and very many ones."""

from __future__ import annotations

import os
from pathlib import Path

ARTICLE = "---\ntitle: A long one\ndate: 2026-11-01\n---\n"


def open_rights(folder: Path) -> None:
    """Let a folder be removed, whatever a case did to it."""
    for path, folders, files in os.walk(folder):
        for name in (*folders, *files):
            if not (Path(path) / name).is_symlink():
                (Path(path) / name).chmod(0o755)


def _write(root: Path, path: str, data: str | bytes) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data.encode() if isinstance(data, str) else data)
    return file


def link_to_outside(root: Path) -> None:
    outside = root.parent / "outside"
    outside.mkdir(exist_ok=True)
    (outside / "secret.md").write_text(ARTICLE + "A secret.\n")
    (root / "content/stories/secret.md").symlink_to(outside / "secret.md")
    (root / "static/secrets").symlink_to(outside)


def link_that_dangles(root: Path) -> None:
    (root / "content/stories/gone.md").symlink_to("nowhere.md")
    (root / "static/loop").symlink_to("loop")


def folder_in_itself(root: Path) -> None:
    (root / "static/deep").mkdir()
    (root / "static/deep/again").symlink_to("..")


def pipe(root: Path) -> None:
    os.mkfifo(root / "static/pipe")


def unreadable(root: Path) -> None:
    _write(root, "content/stories/locked.md", ARTICLE + "Locked.\n").chmod(0)


def brackets(root: Path) -> None:
    _write(root, "content/stories/brackets.md", ARTICLE + "[" * 100_000 + "\n")
    _write(root, "content/stories/front.md", "---\ntitle: " + "[" * 100_000 + "\n---\n")


def deep_quotes(root: Path) -> None:
    _write(root, "content/stories/quotes.md", ARTICLE + "> " * 200 + "deep\n")


def alias_bomb(root: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    _write(root, "content/makers/bomb.yaml", "name: Bomb\nextra:\n" + "".join(f"  {line}\n" for line in lines))


def long_article(root: Path) -> None:
    _write(root, "content/stories/long.md", ARTICLE + "word " * 200_100 + "\n")


def slow_article(root: Path) -> None:
    _write(root, "content/stories/slow.md", ARTICLE + "Words first.\n\n" + "a\n: b\n" * 20_000)


def pictures(root: Path) -> None:
    from PIL import Image

    image = Image.effect_noise((64, 64), 80)
    Image.effect_noise((128, 64), 80).save(root / "static/wide.png")
    for name in ("cut.png", "cut.jpg"):
        file = root / "static" / name
        image.save(file)
        file.write_bytes(file.read_bytes()[:-1_000])
    image.save(root / "static/really.jpg", "PNG")
    _write(root, "static/text.png", "not a picture")


def composed_names(root: Path) -> None:
    _write(root, "content/stories/cafe\u0301.md", ARTICLE + "One.\n")
    _write(root, "content/stories/caf\u00e9.md", ARTICLE + "Two.\n")


def fifty(root: Path) -> None:
    for number in reversed(range(50)):
        _write(root, f"content/stories/s{number:02}.md", f"---\ntitle: Story {number}\ndate: 2026-02-30\n---\nText.\n")


def hundred_and_twenty(root: Path) -> None:
    links = "".join(f"[{number}](none-{number:03}.md)\n" for number in range(120))
    _write(root, "content/stories/links.md", ARTICLE + links)
