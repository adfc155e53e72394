"""A theme's words, i18n/<language>.yaml: read, compared with its English, and laid over its parent's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from ccgen.errors import At, Problem
from ccgen.load.theme.files import ThemeFile, ThemeFolder
from ccgen.text.decode import decode
from ccgen.text.near import nearest
from ccgen.text.yaml import Plain, parse

__all__ = ["Strings", "Text", "merge_strings", "read_strings"]

Text = str | dict[str, str]  # a text with {name} places, or its plural forms by CLDR category
Strings = dict[str, dict[str, Text]]  # by language, by key

_FORMS = ("zero", "one", "two", "few", "many", "other")
_KEY = re.compile(r"[a-z][a-z0-9_]*")
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def read_strings(folder: ThemeFolder, parents: Mapping[str, Text]) -> tuple[Strings, tuple[Problem, ...]]:
    """Read every i18n/<language>.yaml of one theme; `parents` are the English strings of the themes it extends.

    Its English says which keys it has and which places each has; a language that it has must have all of these, and
    nothing else but its parents' keys (docs/themes.md: "Strings").
    """
    strings: Strings = {}
    files: dict[str, ThemeFile] = {}
    problems: list[Problem] = []
    for name, file in folder.below("i18n").items():
        language = name.removesuffix(".yaml")
        if language == name or not _LANGUAGE.fullmatch(language):
            hint = "name it by its language: i18n/en.yaml, i18n/zh-CN.yaml"
            problems.append(
                Problem(code="bad-name", message=f"`{name}` is no language's file", at=_at(file), hint=hint)
            )
            continue
        strings[language], found = _read_file(file)
        files[language] = file
        problems.extend(found)
    english = strings.get("en", {})
    for language, texts in strings.items():
        if language != "en":
            problems.extend(_compare(files[language], texts, english, parents))
    return strings, tuple(problems)


def merge_strings(chain: Sequence[Strings], languages: Sequence[str]) -> tuple[Strings, tuple[str, ...]]:
    """Lay the strings of a chain of themes (nearest first) over each other.

    Returns them for `en` and each language that the site has, all with the same keys: what a language lacks comes from
    its base (`zh` for `zh-CN`), then from English. Also returns the languages of which no theme has a word.
    """
    merged: Strings = {}
    for strings in reversed(chain):
        for language, texts in strings.items():
            merged.setdefault(language, {}).update(texts)
    english = merged.get("en", {})
    full: Strings = {"en": english}
    absent = []
    for language in languages:
        base = merged.get(language.partition("-")[0], {})
        own = merged.get(language, {})
        full[language] = {**english, **base, **own}
        if not base and not own:
            absent.append(language)
    return full, tuple(absent)


def _at(file: ThemeFile, field: str = "", *, on_key: bool = False) -> At:
    return At(path=file.path, field=field, on_key=on_key)


def _read_file(file: ThemeFile) -> tuple[dict[str, Text], list[Problem]]:
    text, unreadable = decode(file.data, path=file.path)
    value, found = parse(text or "", path=file.path)
    problems = [*unreadable, *found]
    if value is None:
        return {}, problems
    if not isinstance(value, dict):
        hint = "write one `key: text` a line"
        return {}, [*problems, Problem(code="wrong-type", message="strings are a mapping", at=_at(file), hint=hint)]
    texts: dict[str, Text] = {}
    for key, given in value.items():
        typed, fault = _typed(key, given)
        if fault:
            hint = "a string is text with {name} places, or {one: …, other: …}"
            problems.append(Problem(code="bad-string", message=fault, at=_at(file, key), hint=hint))
        else:
            texts[key] = typed
    return texts, problems


def _typed(key: str, given: Plain) -> tuple[Text, str]:
    """Return a string's text or forms, and what is wrong with it ('' if nothing is)."""
    if not _KEY.fullmatch(key):
        return "", f"`{key}` is no key; keys are small letters, digits and `_`"
    if isinstance(given, str):
        return given, _stray(key, given)
    if not isinstance(given, dict) or not given.get("other"):
        return "", f"`{key}` is neither text nor plural forms with `other`"
    forms: dict[str, str] = {}
    for form, text in given.items():
        if form not in _FORMS or not isinstance(text, str):
            return "", f"`{key}` has `{form}`; plural forms are {', '.join(_FORMS)}"
        forms[form] = text
    return forms, next((fault for fault in (_stray(key, text) for text in forms.values()) if fault), "")


def _stray(key: str, text: str) -> str:
    left = _PLACE.sub("", text)
    return f"`{key}` has a brace that is no {{name}} place" if "{" in left or "}" in left else ""


def _places(text: Text) -> tuple[frozenset[str], frozenset[str]]:
    """Return the places that a string's `other` form has, and those that any form has."""
    if isinstance(text, str):
        found = frozenset(_PLACE.findall(text))
        return found, found
    return frozenset(_PLACE.findall(text["other"])), frozenset(_PLACE.findall(" ".join(text.values())))


def _compare(
    file: ThemeFile, texts: dict[str, Text], english: Mapping[str, Text], parents: Mapping[str, Text]
) -> Iterator[Problem]:
    """Yield where a language differs from the English of the same theme."""
    for key, text in english.items():
        if key not in texts:
            shown = text if isinstance(text, str) else text["other"]
            yield Problem(
                code="missing-string", message=f"no string `{key}`", at=_at(file), hint=f"in English it is “{shown}”"
            )
    known = {**parents, **english}
    for key, text in texts.items():
        if key not in known:
            near = nearest(key, known)
            hint = f"did you mean `{near}`?" if near else "i18n/en.yaml has no such key; add it there or delete it"
            at = _at(file, key, on_key=True)
            yield Problem(code="unknown-string", message=f"no string `{key}` in English", at=at, hint=hint)
            continue
        needed, _ = _places(known[key])
        always, ever = _places(text)
        if always != needed or not ever <= needed | {"count"}:
            places = ", ".join(f"{{{place}}}" for place in sorted(needed)) or "no places"
            message = f"`{key}` must have the places that it has in English"
            yield Problem(code="string-places", message=message, at=_at(file, key), hint=f"use {places}")
