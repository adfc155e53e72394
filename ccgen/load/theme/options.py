"""The options of a chain of themes: declared by themes, set by their children and by the site; knows no template."""

from __future__ import annotations

from collections.abc import Mapping

from ccgen.errors import At, Problem
from ccgen.load.markdown.values import advice, fault
from ccgen.load.theme.manifest import Manifest
from ccgen.load.theme.values import as_text
from ccgen.model.theme import Param, typed
from ccgen.text.near import did_you_mean

__all__ = ["merge_options"]

SETTINGS = "ccgen.yaml"


def merge_options(
    chain: tuple[Manifest, ...], given: Mapping[str, object]
) -> tuple[dict[str, object], tuple[Problem, ...]]:
    """Return every option of a chain (nearest first) with its typed value, None where it has none.

    A theme's `set:` is over its parents' defaults, the site's `theme.options` (`given`) over all.
    """
    declared: dict[str, Param] = {}
    texts: dict[str, str] = {}
    problems: list[Problem] = []
    for manifest in reversed(chain):
        for name, value in manifest.set.items():
            problems.extend(_take(name, value, declared, texts, At(path=manifest.path, field=f"set.{name}")))
        for name, param in manifest.options.items():
            if name in declared:
                at = At(path=manifest.path, field=f"options.{name}", on_key=True)
                message = f"a parent of `{manifest.name}` has the option `{name}`"
                hint = f"give it a value below `set:`, e.g. `set: {{{name}: …}}`"
                problems.append(Problem(code="repeated-option", message=message, at=at, hint=hint))
                continue
            declared[name] = param
            if param.default is not None:
                texts[name] = param.default
    for name, value in given.items():
        problems.extend(_take(name, value, declared, texts, At(path=SETTINGS, field=f"theme.options.{name}")))
    values = {name: typed(param.type, texts[name]) if name in texts else None for name, param in declared.items()}
    return dict(sorted(values.items())), tuple(problems)


def _take(
    name: str, value: object, declared: Mapping[str, Param], texts: dict[str, str], at: At
) -> tuple[Problem, ...]:
    param = declared.get(name)
    if param is None:
        hint = did_you_mean(name, declared) or (
            f"options: {', '.join(f'`{one}`' for one in sorted(declared))}" if declared else "the theme has no options"
        )
        at = At(path=at.path, field=at.field, on_key=True)
        return (Problem(code="unknown-option", message=f"no option `{name}`", at=at, hint=hint),)
    text = as_text(value)
    several = param.type.startswith("[")
    wrong = "but one value is wanted" if isinstance(value, list) and not several else ""
    wrong = wrong or ("but text or a list is wanted" if text is None else fault(param, text))
    if wrong or text is None:
        shown = f"`{name}` is `{text}`" if text is not None else f"`{name}` is a mapping"
        return (Problem(code="bad-option", message=f"{shown}, {wrong}", at=at, hint=advice(param, text or "")),)
    texts[name] = text
    return ()
