"""`ccgen new`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template
from tempfile import TemporaryDirectory
from typing import Any

import click

from ccgen.cli.options import Options, few_options
from ccgen.config import Config, read_config
from ccgen.errors import EnvironmentFault, SettingsError, UsageError
from ccgen.load.schema import SCHEMAS, schema_of
from ccgen.text.slug import slug

__all__ = ["command"]

_SCHEMA_FOLDER = ".schemas"
_SCHEMA_GLOBS = {
    "settings": ["ccgen.yaml"],
    "product": ["content/products/**/*.yaml"],
    "maker": ["content/makers/**/*.yaml"],
    "person": ["content/people/**/*.yaml"],
    "merchant": ["content/merchants/**/*.yaml"],
    "category": ["content/categories/**/*.yaml"],
}
_NEEDED = {
    "review": "product: \nevidence: {obtained: bought, since: , summary: }\n"
    "# rating: 4                # needs verdict, but and cons too\n"
    "# verdict: One sentence.\n"
    "# but: The drawback that matters most.\n"
    "# pros: [What is good]\n"
    "# cons: [What is not]\n",
    "guide": "# picks: [{product: one, badge: Best}, {product: another}]\n",
    "story": "",
    "note": "# pictures: [{src: picture.jpg, alt: What it shows}]\n",
    "page": "",
}


@click.group("new")
def command() -> None:
    """Begin a site, an article or a product."""


@command.command("site")
@click.argument("folder")
@click.option("--title", default="My shop", show_default=True, help="The site's title.")
@click.option("--url", default="https://example.org/", show_default=True, help="Where it will be published.")
@click.option("--language", default="en", show_default=True, help="The language it is written in.")
@click.option("--timezone", default="UTC", show_default=True, help="The zone of its dates.")
@click.option("--currency", default="USD", show_default=True, help="The currency of prices that name none.")
def new_site(folder: str, title: str, url: str, language: str, timezone: str, currency: str) -> int:
    """Begin a site in FOLDER, with one example of everything."""
    target = Path(folder)
    if target.is_dir() and any(target.iterdir()):
        hint = "choose a new folder; nothing was changed"
        raise UsageError(f"`{folder}` is there already and is not empty", code="folder-exists", hint=hint)
    values = {
        "title": _quoted(title),
        "url": url if url.endswith("/") else f"{url}/",
        "language": language,
        "timezone": timezone,
        "currency": currency,
    }
    scaffold = files("ccgen").joinpath("scaffold", "site")
    values["today"] = _today(_config_of(scaffold, values))
    for name, text in _texts(scaffold, ""):
        path = ".gitignore" if name == "gitignore" else name
        _write(target / path, Template(text).substitute(values))
    _write_schemas(target)
    click.echo(f"A shop lies in {folder}/. Now:")
    click.echo(f"  cd {folder} && ccgen serve      shows it in the browser, and follows what you save")
    click.echo("  ccgen build      makes site/, which is what you publish")
    return 0


@command.command("article")
@click.argument("section")
@click.argument("title")
@few_options
def new_article(options: Options, section: str, title: str) -> int:
    """Begin an article called TITLE in SECTION, as a draft."""
    config, _ = options.config()
    found = next((one for one in config.sections if one.name == section.strip("/")), None)
    if found is None:
        names = ", ".join(one.name for one in config.sections)
        raise UsageError(f"no section `{section}`", code="unknown-section", hint=f"there are: {names}")
    name = _name(title)
    path = config.root / "content" / found.name / f"{name}.md"
    text = files("ccgen").joinpath("scaffold", "article.md").read_text(encoding="utf-8")
    date = "" if found.kind == "page" else f"date: {_today(config)}\n"
    values = {"title": _quoted(title), "date": date, "more": _NEEDED[found.kind]}
    _write_new(path, Template(text).substitute(values), config.root)
    return 0


@command.command("product")
@click.argument("name")
@few_options
def new_product(options: Options, name: str) -> int:
    """Begin a product called NAME."""
    config, _ = options.config()
    text = files("ccgen").joinpath("scaffold", "product.yaml").read_text(encoding="utf-8")
    values = {"title": _quoted(name), "today": _today(config)}
    _write_new(
        config.root / "content" / "products" / f"{_name(name)}.yaml", Template(text).substitute(values), config.root
    )
    return 0


def _quoted(text: str) -> str:
    """Return a text for between YAML's double quotes, whose escapes hold those of JSON."""
    return json.dumps(" ".join(text.split()), ensure_ascii=False)[1:-1]


def _name(title: str) -> str:
    found = slug(title)
    if not found:
        hint = "use at least one letter or digit"
        raise UsageError(f"`{title}` leaves no file name", code="empty-slug", hint=hint)
    return found


def _write_new(path: Path, text: str, root: Path) -> None:
    shown = path.relative_to(root)
    if path.exists() or path.with_suffix("").is_dir():
        raise UsageError(
            f"`{shown}` is there already", code="file-exists", hint="choose another name; nothing was changed"
        )
    _write(path, text)
    click.echo(f"{shown}")


def _write_schemas(target: Path) -> None:
    for name in SCHEMAS:
        _write(
            target / _SCHEMA_FOLDER / f"{name}.json", json.dumps(schema_of(name), indent=1, ensure_ascii=False) + "\n"
        )
    settings: dict[str, Any] = {
        "yaml.schemas": {f"./{_SCHEMA_FOLDER}/{name}.json": globs for name, globs in _SCHEMA_GLOBS.items()}
    }
    _write(target / ".vscode" / "settings.json", json.dumps(settings, indent=2) + "\n")


def _texts(folder: Traversable, prefix: str) -> Iterator[tuple[str, str]]:
    for entry in sorted(folder.iterdir(), key=lambda one: one.name):
        if entry.is_dir():
            yield from _texts(entry, f"{prefix}{entry.name}/")
        else:
            yield prefix + entry.name, entry.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise EnvironmentFault(f"`{path}` cannot be written: {error.strerror}", code="cannot-write") from error


def _config_of(scaffold: Traversable, values: dict[str, str]) -> Config:
    """Return the settings that a new site would have, before anything of it is written.

    Raises UsageError naming the flag whose value cannot be.
    """
    with TemporaryDirectory() as folder:
        text = Template(scaffold.joinpath("ccgen.yaml").read_text(encoding="utf-8")).substitute(values)
        (Path(folder) / "ccgen.yaml").write_text(text, encoding="utf-8")
        try:
            return read_config(Path(folder))[0]
        except SettingsError as error:
            problem = error.problems[0]
            flag = problem.at.field.rpartition(".")[2]
            raise UsageError(f"--{flag}: {problem.message}", code=problem.code, hint=problem.hint) from error


def _today(config: Config) -> str:
    """Return the site's day, so that no example is dated tomorrow."""
    return f"{config.clock:%Y-%m-%d}"
