"""ccgen.yaml and the command line as one frozen `Config`; knows the file's keys, not what the site holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from ccgen.errors import At, EnvironmentFault, Problem, SettingsError, UsageError, has_errors
from ccgen.model.settings import BUILT_IN_SECTIONS, Kind, MenuItem, SectionSettings, Settings
from ccgen.text.codes import meant_language
from ccgen.text.convert import convert, convert_partly
from ccgen.text.decode import decode
from ccgen.text.fields import parent_of
from ccgen.text.near import did_you_mean
from ccgen.text.slug import slug
from ccgen.text.unreadable import UnreadableError
from ccgen.text.url import scheme_of
from ccgen.text.values import url, when
from ccgen.text.words import split_words
from ccgen.text.yaml import Plain, parse

__all__ = [
    "BUILT_IN_SECTIONS",
    "SETTINGS_FILE",
    "SOURCE_FOLDERS",
    "Config",
    "Kind",
    "MenuItem",
    "Section",
    "Settings",
    "read_config",
]

SETTINGS_FILE = "ccgen.yaml"
SOURCE_FOLDERS = ("content", "data", "directives", "static", "themes")

# Folders and URLs that are taken: a section of that name would have two meanings.
_RESERVED_SECTIONS = frozenset(
    {"products", "makers", "people", "merchants", "categories", "tags", "series", "page", "assets"}
)


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A folder of content/ that holds articles of one kind. `pattern` is its URL, with `{slug}` and others in it."""

    name: str
    kind: Kind
    title: str | None  # in the default language; others by `Config.settings_in`
    per_page: int
    pattern: str


class Config(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a build was told. Paths are absolute; `base_url` ends with `/`; `clock` has the site's zone, and is the
    machine's own if it is `running`.
    """

    root: Path
    output: Path
    state: Path
    settings: Settings
    sections: tuple[Section, ...]
    languages: tuple[str, ...]  # the default language first
    base_url: str
    clock: datetime
    running: bool = False
    drafts: bool = False
    future: bool = False
    translations: dict[str, Settings] = {}  # for each other language, `settings` with that language's words

    @property
    def language(self) -> str:
        """The default language."""
        return self.languages[0]

    def settings_in(self, lang: str) -> Settings:
        """Return the settings with a language's words (title, description, labels), the default's where it has none."""
        return self.translations.get(lang, self.settings)

    def section_title(self, name: str, lang: str) -> str | None:
        """Return a section's title in a language as ccgen.yaml gives it, None where it gives none."""
        section = self.settings_in(lang).sections.get(name)
        return section.title if section else None


class _Flags(msgspec.Struct, frozen=True, kw_only=True):
    """What the command line says beside the file."""

    output: Path | None
    state: Path | None
    base_url: str | None
    drafts: bool
    future: bool
    clock: str | None
    environ: Mapping[str, str]


def read_config(
    root: Path,
    *,
    output: Path | None = None,
    state: Path | None = None,
    base_url: str | None = None,
    drafts: bool = False,
    future: bool = False,
    clock: str | None = None,
    environ: Mapping[str, str] = os.environ,
) -> tuple[Config, tuple[Problem, ...]]:
    """Read `ccgen.yaml` in `root` and lay the command line over it; the problems are warnings.

    The clock is `clock`, else SOURCE_DATE_EPOCH in `environ`, else `clock:`, else now (ARCHITECTURE.md:
    "Facts, reads, state"). Relative paths are below the current folder; without them `site/` and `.ccgen/` of the project.

    :raises UsageError: no ccgen.yaml, or a flag or variable that cannot be read.
    :raises SettingsError: with every problem of ccgen.yaml.
    :raises EnvironmentFault: ccgen.yaml is there and cannot be read.
    """
    flags = _Flags(
        output=output, state=state, base_url=base_url, drafts=drafts, future=future, clock=clock, environ=environ
    )
    root = Path(os.path.abspath(root))  # noqa: PTH100 (links stay links, so that messages show what was typed)
    text, problems = decode(_read_file(root), path=SETTINGS_FILE)
    plain: Plain = None
    if text is not None:
        plain, found = parse(text, path=SETTINGS_FILE)
        problems += found
    settings, translations, found = _typed(plain) if not has_errors(problems) else (None, {}, ())
    if settings is not None:
        doubtful = {parent_of(one.at.field) or one.at.field for one in found}
        found += tuple(one for one in _check(settings) if one.at.field not in doubtful)
    problems += found
    if settings is None or has_errors(problems):
        raise SettingsError(problems)
    return _config(root, settings, translations, flags), problems


def _read_file(root: Path) -> bytes:
    file = root / SETTINGS_FILE
    if file.exists() and not file.is_file():
        message = f"`{SETTINGS_FILE}` in `{root}` is not a file"
        raise UsageError(message, code="not-a-file", hint="move what is there away, and write the settings into a file")
    try:
        return file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        hint = "`ccgen new site NAME` makes a site; `--source` names the folder of one"
        if (root / "ccgen.yml").is_file():
            hint = "rename `ccgen.yml` to `ccgen.yaml`"
        raise UsageError(f"no `{SETTINGS_FILE}` in `{root}`", code="no-settings", hint=hint) from None
    except OSError as fault:
        raise EnvironmentFault(
            f"`{SETTINGS_FILE}` cannot be read: {fault.strerror}", code="unreadable", hint="check its rights"
        ) from None


def _typed(plain: Plain) -> tuple[Settings | None, dict[str, Settings], tuple[Problem, ...]]:
    """Type the file, and once more for each language that has words of its own (`title@zh-CN`)."""
    base, words = split_words(plain, Settings, path=SETTINGS_FILE)
    settings, problems = convert_partly(base if base is not None else {}, Settings, path=SETTINGS_FILE)
    problems += words.problems
    translations: dict[str, Settings] = {}
    for lang, one in words.by_language.items():
        translated, _ = convert(one, Settings, path=SETTINGS_FILE)
        if translated is not None:
            translations[lang] = translated
    if settings is not None:
        problems += tuple(_word_languages(settings, words.places))
    return settings, translations, problems


def _word_languages(settings: Settings, places: Mapping[str, str]) -> list[Problem]:
    default, *others = _languages(settings)
    problems = []
    for field, lang in places.items():
        if lang == default:
            hint = f"write it without `@{lang}`: that is the default language"
            problems.append(_problem("unknown-language", f"`{lang}` is not a translation", field, hint, on_key=True))
        elif lang not in others:
            right = meant_language(lang, tuple(others))
            hint = f"write `@{right}`" if right else did_you_mean(lang, others) or f"add `{lang}` to `site.languages`"
            problems.append(
                _problem("unknown-language", f"`{lang}` is no language of this site", field, hint, on_key=True)
            )
    return problems


def _languages(settings: Settings) -> tuple[str, ...]:
    return tuple(dict.fromkeys((settings.site.language, *settings.site.languages)))


def _problem(code: str, message: str, field: str, hint: str = "", *, on_key: bool = False) -> Problem:
    return Problem(code=code, message=message, at=At(path=SETTINGS_FILE, field=field, on_key=on_key), hint=hint)


def _check(settings: Settings) -> list[Problem]:
    """Find what no field alone can say."""
    problems = _check_sections(settings) + _check_menu(settings)
    if zone_named(settings.site.timezone) is None:
        hint = (
            did_you_mean(settings.site.timezone, _zones())
            or "use a name of the IANA database: Europe/Berlin, Asia/Shanghai"
        )
        problems.append(
            _problem("unknown-timezone", f"there is no time zone `{settings.site.timezone}`", "site.timezone", hint)
        )
    parts = urlsplit(settings.site.url)
    if parts.query or parts.fragment:
        message = "the site's URL has a query or an anchor"
        problems.append(
            _problem("bad-url", message, "site.url", f"url: {settings.site.url.partition('?')[0].partition('#')[0]}")
        )
    for lang in sorted({one for one in settings.site.languages if settings.site.languages.count(one) > 1}):
        problems.append(
            _problem("duplicate-language", f"`{lang}` stands twice in `languages`", "site.languages", "keep one")
        )
    return problems


def _check_sections(settings: Settings) -> list[Problem]:
    problems = []
    names = {*BUILT_IN_SECTIONS, *settings.sections}
    for name, section in settings.sections.items():
        field = f"sections.{name}"
        if slug(name) != name:
            made = slug(name) or "recipes"
            problems.append(
                _problem("bad-section", f"`{name}` is no name for a folder of articles", field, f"{made}:", on_key=True)
            )
        elif name in _RESERVED_SECTIONS:
            message = f"`{name}` has a meaning of its own"
            problems.append(_problem("bad-section", message, field, "choose another name", on_key=True))
        if section.kind is None and name not in BUILT_IN_SECTIONS:
            hint = "kind: story  (or review, guide, note, page)"
            problems.append(_problem("missing-field", "`kind` is missing", field, hint))
    for name in settings.urls:
        if name not in names:
            hint = did_you_mean(name, names) or f"sections: {', '.join(sorted(names))}"
            problems.append(
                _problem("unknown-section", f"there is no section `{name}`", f"urls.{name}", hint, on_key=True)
            )
    return problems


def _check_menu(settings: Settings) -> list[Problem]:
    return [
        _problem(
            "unsafe-url", f"`{item.to}` has a scheme that is not allowed", f"menu[{number}].to", "write an https URL"
        )
        for number, item in enumerate(settings.menu)
        if scheme_of(item.to) not in {"", "http", "https"}
    ]


def zone_named(name: str) -> ZoneInfo | None:
    """Return a time zone of the IANA database, None if there is none of that name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


def _zones() -> set[str]:
    import zoneinfo

    return zoneinfo.available_timezones()


# --- laying the command line over the file ---------------------------------------------------------------------------


def _config(root: Path, settings: Settings, translations: dict[str, Settings], flags: _Flags) -> Config:
    clock = _clock(settings, flags)
    return Config(
        root=root,
        output=Path(os.path.abspath(flags.output or root / "site")),  # noqa: PTH100
        state=Path(os.path.abspath(flags.state or root / ".ccgen")),  # noqa: PTH100
        settings=settings,
        sections=_sections(settings),
        languages=_languages(settings),
        base_url=_base_url(settings, flags.base_url),
        clock=clock or datetime.now(ZoneInfo(settings.site.timezone)),
        running=clock is None,
        drafts=flags.drafts,
        future=flags.future,
        translations=translations,
    )


def _sections(settings: Settings) -> tuple[Section, ...]:
    """Return the sections that every site has, then those of its own in their order."""
    made = []
    for name in dict.fromkeys((*BUILT_IN_SECTIONS, *settings.sections)):
        given = settings.sections.get(name, SectionSettings())
        kind = given.kind or BUILT_IN_SECTIONS[name]
        pattern = settings.urls.get(name) or ("/{slug}/" if name == "pages" else "/{section}/{slug}/")
        made.append(Section(name=name, kind=kind, title=given.title, per_page=given.per_page, pattern=pattern))
    return tuple(made)


def _base_url(settings: Settings, flag: str | None) -> str:
    if flag is not None:
        try:
            url(flag)
        except UnreadableError as fault:
            raise UsageError(f"--base-url: {fault.message}", code=fault.code, hint=fault.hint or fault.value) from None
        if urlsplit(flag).query or urlsplit(flag).fragment:
            raise UsageError("--base-url has a query or an anchor", code="bad-url", hint="give the address only")
    return (flag or settings.site.url).rstrip("/") + "/"


def _clock(settings: Settings, flags: _Flags) -> datetime | None:
    """Return the time that was set, None where the machine's own counts."""
    zone = ZoneInfo(settings.site.timezone)
    epoch = flags.environ.get("SOURCE_DATE_EPOCH", "")
    if flags.clock is not None:
        return _instant(flags.clock, zone)
    if epoch:
        try:
            return datetime.fromtimestamp(int(epoch), UTC).astimezone(zone)
        except (ValueError, OverflowError, OSError):
            message = f"SOURCE_DATE_EPOCH is `{epoch}`, not a number of seconds"
            raise UsageError(message, code="bad-clock", hint="unset it, or set it to seconds since 1970") from None
    if settings.clock is not None:
        return _instant(settings.clock, zone)
    return None


def _instant(text: str, zone: ZoneInfo) -> datetime:
    try:
        found = datetime.fromisoformat(when(text))
    except UnreadableError as fault:
        raise UsageError(f"--clock: {fault.message}", code="bad-clock", hint=fault.hint) from None
    return found.astimezone(zone) if found.tzinfo else found.replace(tzinfo=zone)
