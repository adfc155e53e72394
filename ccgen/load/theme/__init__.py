"""Themes: the chain of folders that a site is drawn with becomes one `Theme`; knows no record, and nothing of Jinja."""

from __future__ import annotations

from collections.abc import Iterator

from ccgen.config import Config
from ccgen.errors import At, Problem
from ccgen.load.theme.chain import Link, find_themes, read_chain
from ccgen.load.theme.declarations import check_directives, read_directives
from ccgen.load.theme.files import FOLDERS, SITE, ThemeFolder, read_folder
from ccgen.load.theme.keeping import Findings, key_of, pack, unpack
from ccgen.load.theme.manifest import Manifest
from ccgen.load.theme.options import merge_options
from ccgen.load.theme.reach import TemplateText, find_words, link_templates
from ccgen.load.theme.strings import Strings, merge_strings, read_strings
from ccgen.model.kept import Shelf, nothing_shelved
from ccgen.model.source import digest_of
from ccgen.model.theme import Asset, Directive, Template, Theme
from ccgen.text.decode import decode
from ccgen.text.near import did_you_mean

__all__ = ["REQUIRED", "find_themes", "load_theme"]

REQUIRED = (
    "404.html",
    "article/guide.html",
    "article/note.html",
    "article/page.html",
    "article/review.html",
    "article/story.html",
    "base.html",
    "feed.html",
    "home.html",
    "list.html",
    "maker.html",
    "person.html",
    "product.html",
)


def load_theme(config: Config, shelf: Shelf = nothing_shelved) -> tuple[Theme, tuple[Problem, ...]]:
    """Read the site's theme, all that it extends, and the site's own `directives/`, as one theme.

    There is always a theme: what is wrong is left out, and a theme that is not there is taken for `plain`. All problems
    are returned; with an error among them the theme is for finding more problems, not for drawing. Every file is read each
    time; `shelf` has what was found in the same files before.

    :raises EnvironmentFault: when the themes that ship with ccgen are missing.
    """
    links, problems = read_chain(config)
    own, unsafe = read_folder(config.root, name=SITE, path="", limits=config.settings.limits, only=("directives",))
    layers = (own, *(link.folder for link in links))
    manifests = tuple(link.manifest for link in links)
    options, bad_options = merge_options(manifests, config.settings.theme.options)
    texts, unreadable = _texts(layers)
    found = _found(layers, links, texts, config, shelf)
    templates = {
        name: Template(name=name, path=text.path, text=text.text, digest=found.reach[name])
        for name, text in texts.items()
    }
    assets = _assets(layers)
    theme = Theme(
        name=manifests[0].name,
        chain=tuple(manifest.name for manifest in manifests),
        styles=tuple(dict.fromkeys(style for manifest in reversed(manifests) for style in manifest.styles)),
        options=options,
        templates=templates,
        assets=assets,
        directives=found.directives,
        strings=found.strings,
        extra={key: kind for manifest in reversed(manifests) for key, kind in manifest.extra.items()},
        words=found.words,
        images={name: size for manifest in reversed(manifests) for name, size in manifest.images.items()},
    )
    return theme, (
        *problems,
        *unsafe,
        *bad_options,
        *unreadable,
        *found.problems,
        *check_directives(layers, found.directives, assets),
        *_check_styles(manifests, assets),
        *_check_required(links, templates),
        *_check_folders(config, links),
    )


def _found(
    layers: tuple[ThemeFolder, ...],
    links: tuple[Link, ...],
    texts: dict[str, TemplateText],
    config: Config,
    shelf: Shelf,
) -> Findings:
    """Find out what the files of a chain declare, if that is not known."""
    languages = (*config.languages, _languages_field(config))
    key = key_of(layers, languages)
    known = unpack(shelf.take(key))
    if known is not None:
        return known
    reach, bad_templates = link_templates(texts)
    strings, bad_strings = _strings(links, config)
    directives, bad_directives = _directives(layers)
    found = Findings(reach, find_words(texts), strings, directives, (*bad_templates, *bad_strings, *bad_directives))
    shelf.put(key, pack(found))
    return found


def _texts(layers: tuple[ThemeFolder, ...]) -> tuple[dict[str, TemplateText], tuple[Problem, ...]]:
    """Return templates by every name they have: the nearest by its own, and each as `<theme>/<name>`."""
    texts: dict[str, TemplateText] = {}
    problems: list[Problem] = []
    for layer in reversed(layers):
        files = layer.below("templates")
        files |= {
            f"directives/{name}": file for name, file in layer.below("directives").items() if name.endswith(".html")
        }
        for name, file in files.items():
            text, unreadable = decode(file.data, path=file.path)
            problems.extend(unreadable)
            if text is not None:
                texts[name] = texts[f"{layer.name}/{name}"] = TemplateText(file.path, text)
    return dict(sorted(texts.items())), tuple(problems)


def _strings(links: tuple[Link, ...], config: Config) -> tuple[Strings, tuple[Problem, ...]]:
    chain: list[Strings] = []
    problems: list[Problem] = []
    known: dict[str, str | dict[str, str]] = {}
    for link in reversed(links):
        strings, found = read_strings(link.folder, known)
        known.update(strings.get("en", {}))
        chain.insert(0, strings)
        problems.extend(found)
    merged, absent = merge_strings(chain, config.languages)
    for language in absent:
        name = links[0].manifest.name
        at = At(path="ccgen.yaml", field=_languages_field(config))
        count = len(merged["en"])
        message = f"the theme `{name}` has no words in `{language}`, so all {count} of its own are in English"
        hint = f"add i18n/{language}.yaml to a theme of yours that extends `{name}`"
        problems.append(Problem(code="missing-language", message=message, at=at, hint=hint, severity="warning"))
    return merged, tuple(problems)


def _languages_field(config: Config) -> str:
    return "site.languages" if config.settings.site.languages else "site.language"


def _directives(layers: tuple[ThemeFolder, ...]) -> tuple[dict[str, Directive], tuple[Problem, ...]]:
    directives: dict[str, Directive] = {}
    problems: list[Problem] = []
    for layer in reversed(layers):
        found, wrong = read_directives(layer)
        directives |= found
        problems.extend(wrong)
    return dict(sorted(directives.items())), tuple(problems)


def _assets(layers: tuple[ThemeFolder, ...]) -> dict[str, Asset]:
    """Return assets by name, the nearest of each; of a site's own directives, what lies beside them."""
    assets: dict[str, Asset] = {}
    for layer in reversed(layers):
        files = layer.below("assets")
        if layer.name == SITE:
            files = {
                name: file for name, file in layer.below("directives").items() if not name.endswith((".html", ".yaml"))
            }
        for name, file in files.items():
            assets[name] = Asset(name=name, path=file.path, data=file.data, digest=digest_of(file.data))
    return dict(sorted(assets.items()))


def _check_styles(manifests: tuple[Manifest, ...], assets: dict[str, Asset]) -> Iterator[Problem]:
    for manifest in manifests:
        for number, style in enumerate(manifest.styles):
            if style not in assets:
                at = At(path=manifest.path, field=f"styles[{number}]")
                hint = did_you_mean(style, assets) or "put the file below assets/"
                yield Problem(code="missing-asset", message=f"no asset `{style}`", at=at, hint=hint)


def _check_required(links: tuple[Link, ...], templates: dict[str, Template]) -> Iterator[Problem]:
    """Yield the templates that no theme of the chain has: only a site's own `plain` can lack one."""
    for name in REQUIRED:
        if name not in templates:
            path = f"{links[-1].folder.path}/templates/{name}"
            hint = "copy it from the `plain` that ships with ccgen"
            yield Problem(code="missing-template", message=f"no template `{name}`", at=At(path=path), hint=hint)


def _check_folders(config: Config, links: tuple[Link, ...]) -> Iterator[Problem]:
    """Yield folders whose name is nearly that of one of ours: nothing in them would be used."""
    themes = find_themes(config.root)
    for link in links:
        folder, label = themes[link.manifest.name]
        for entry in sorted(folder.iterdir()):
            hint = did_you_mean(entry.name, FOLDERS)
            if hint and entry.is_dir() and entry.name not in FOLDERS:
                at = At(path=f"{label}/{entry.name}")
                message = f"nothing in `{entry.name}` is used"
                yield Problem(code="unknown-folder", message=message, at=at, hint=hint, severity="warning")
