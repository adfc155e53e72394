"""Jinja, set up once: sandboxed, strict, and fed with facts through the render context only; knows no route.

Jinja hides reads: filters on constants run when a template is compiled, and the top level of a macro file that is
imported without context runs once a process. So everything that reads facts takes the render context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from functools import cache, lru_cache, wraps
from types import MethodType
from typing import Any

from jinja2 import StrictUndefined, TemplateNotFound, pass_context
from jinja2 import Template as Compiled
from jinja2.loaders import BaseLoader
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import SandboxedEnvironment
from jinja2.utils import missing
from markupsafe import Markup

from ccgen.model.parts import Price, owner_of
from ccgen.model.theme import Template
from ccgen.render.book import MissingFact
from ccgen.render.compared import comparison
from ccgen.render.context import scope_of
from ccgen.render.escaping import printed
from ccgen.render.faults import FILE
from ccgen.render.formats import (
    country_name,
    formatted_date,
    formatted_duration,
    formatted_money,
    formatted_number,
    listed,
    plural,
    separators,
)
from ccgen.render.functions import Function
from ccgen.render.view import Part, Scope, Values, View
from ccgen.render.writer import Writer
from ccgen.text.inline import inline
from ccgen.text.url import encode

__all__ = ["Environment", "make_environment", "site_url", "words"]

_MOST, _HIGHEST, _WIDEST = 10_000_000, 64, 10_000  # characters of a repetition, an exponent, a width given to a filter
_VIEWS = frozenset((View, Part, Values))
_LOOP = frozenset(("first", "last", "index", "index0", "length"))
_HOLE = re.compile(r"\{(\w+)\}")


class Environment(SandboxedEnvironment):
    """The sandbox, with our views let through first: the general check would double the cost of a card."""

    code_generator_class = Writer
    printed = staticmethod(printed)
    function, view, views = Function, View, _VIEWS

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._known: dict[str, Compiled] = {}

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a view's field, or what the sandbox allows of anything else.

        What we hand out as a mapping, and Jinja's own `loop`, are looked into at once: both hold nothing to hide.
        """
        kind = type(obj)
        if kind is View or kind in _VIEWS:
            return obj.get(attribute)
        if kind is dict and attribute in obj:
            return obj[attribute]
        if kind is LoopContext and attribute in _LOOP:
            return getattr(obj, attribute)
        return super().getattr(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return a view's field by `view['name']` too."""
        if type(obj) in _VIEWS and isinstance(argument, str):
            return obj.get(argument)
        return super().getitem(obj, argument)

    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call our own functions and views at once, which are most of all calls; anything else as the sandbox does.

        `_loop_vars` and `_block_vars` are Jinja's own: what it would make visible in a context that neither looks at.
        """
        if type(obj) is Function:
            if kwargs:
                kwargs.pop("_loop_vars", None)
                kwargs.pop("_block_vars", None)
            return obj.func(context, *args, **kwargs) if obj.in_context else obj.func(*args, **kwargs)
        if type(obj) is MethodType and obj.__func__ is View.words:
            return obj(*args)
        return super().call(context, obj, *args, **kwargs)

    def get_template(
        self,
        name: str | Compiled,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  (Jinja's name)
    ) -> Compiled:
        """Return a template: one by a name that was asked for before at once, as none of them changes."""
        if not isinstance(name, str):
            return name
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = super().get_template(name, parent, globals)
        return known

    def drawn(self, name: str | Compiled, given: dict[str, Any]) -> str:
        """Return a template's text: `Template.render` without what of it is there for templates that share a context."""
        template = self.get_template(name)
        try:
            return "".join(
                template.root_render_func(Context(self, self.globals | given, template.name, template.blocks))
            )
        except Exception:  # noqa: BLE001  (told as Jinja tells it: by the template's lines)
            self.handle_exception()

    def included(self, name: str, context: Context, names: dict[str, Any]) -> Iterator[str]:
        """Yield what a template says that sees all its includer sees: `names` are those of the place it is included at."""
        template = self.get_template(name)
        seen = context.parent | context.vars
        for key, value in names.items():
            if value is not missing:
                seen[key] = value
        return template.root_render_func(Context(self, seen, name, template.blocks))

    def make_globals(self, d: Mapping[str, Any] | None) -> dict[str, Any]:
        """Return a template's globals as one dict: Jinja's chain of two costs more to copy than a small part to draw."""
        return {**self.globals, **(d or {})}

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Multiply, but nothing that fills the memory: a page needs neither long repetitions nor huge numbers."""
        size = max((len(one) for one in (left, right) if isinstance(one, str | list | tuple)), default=0)
        times = max((abs(one) for one in (left, right) if isinstance(one, int)), default=1)
        if size * times > _MOST or (operator == "**" and times > _HIGHEST):
            raise MissingFact(f"`{operator}` would make something too large for a page")
        return super().call_binop(context, operator, left, right)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Keep templates out of the machinery that draws them."""
        return not isinstance(obj, (Scope, *_VIEWS)) and super().is_safe_attribute(obj, attr, value)


class _Templates(BaseLoader):
    def __init__(self, templates: Mapping[str, Template]) -> None:
        self._templates = templates

    def get_source(self, _environment: Any, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        found = self._templates.get(template)
        if found is None:
            raise TemplateNotFound(template)
        return found.text, FILE + template, None  # the name comes back in tracebacks, see `_place`


def make_environment(templates: Mapping[str, Template]) -> Environment:
    """Return the environment in which a theme's templates are drawn."""
    environment = Environment(
        loader=_Templates(templates),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        cache_size=-1,
    )
    environment.globals.pop("lipsum")  # text that nobody wrote
    for name, function in environment.filters.items():
        if hasattr(function, "jinja_async_variant"):  # asks at each call whether templates are asynchronous
            environment.filters[name] = function.__wrapped__
    for name in ("batch", "center", "indent", "slice", "wordwrap"):
        environment.filters[name] = _capped(name, environment.filters[name])
    for name in ("pprint", "random"):  # the same facts must give the same bytes
        environment.filters.pop(name)
    environment.globals |= {"t": _t, "asset": _asset, "comparison": comparison, "this_page": _this_page}
    environment.filters |= {
        "absurl": _absurl,
        "between": _between,
        "country": _country,
        "date": _date,
        "duration": _duration,
        "inline": _inline,
        "listed": _listed,
        "money": _money,
        "number": _number,
        "url": _url,
    }
    return environment


def _capped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter that refuses a width with which it would fill the memory."""

    @wraps(function)
    def capped(*args: Any, **kwargs: Any) -> Any:
        if any(isinstance(one, int) and abs(one) > _WIDEST for one in (*args, *kwargs.values())):
            raise MissingFact(f"`{name}` takes numbers up to {_WIDEST:,}")
        return function(*args, **kwargs)

    return capped


# --- functions and filters ---------------------------------------------------------------------------------------


def words(scope: Scope, key: str, places: dict[str, object]) -> str:
    """Return a theme's string in the scope's language, its plural form by `count`, its places filled in."""
    try:
        number, text = scope.strings[key]
    except MissingFact:
        raise MissingFact(f"no string `{key}` in i18n/{scope.lang}.yaml") from None
    scope.reads.add(number)
    if type(text) is dict:
        text = text.get(plural(scope.lang, places.get("count", 0)), text.get("other", ""))
    if not places or "{" not in text:
        return str(text)
    return "".join(
        [str(places.get(one, f"{{{one}}}")) if index % 2 else one for index, one in enumerate(_by_holes(text))]
    )


@cache
def _by_holes(text: str) -> list[str]:
    """Return a string cut at its places: every other part, from the second on, is the name of one."""
    return _HOLE.split(text)


@Function
@pass_context
def _t(context: Context, key: str, **places: object) -> str:
    return words(scope_of(context), key, places)


@Function
@pass_context
def _asset(context: Context, name: str) -> str:
    scope = scope_of(context)
    owner = owner_of("asset", name)
    if owner not in scope.book.groups:
        raise MissingFact(f"no asset `{name}`")
    return site_url(scope, scope.read(owner).url)


@Function
@pass_context
def _this_page(context: Context, what: View | None) -> bool:
    return what is not None and bool(scope_of(context).ask("page", what.owner))


@pass_context
def _url(context: Context, value: str) -> str:
    return site_url(scope_of(context), value)


@pass_context
def _absurl(context: Context, value: str) -> str:
    return site_url(scope_of(context), value, absolute=True)


def site_url(scope: Scope, url: str, *, absolute: bool = False) -> str:
    """Return a root-relative URL as it is written on a page (base path, percent-encoding); others stay as they are."""
    if not url.startswith("/") or url.startswith("//"):
        return url
    number, base = scope.site["url"]
    scope.reads.add(number)
    return _joined_url(base, url, absolute or scope.absolute)


@lru_cache(maxsize=16_384)
def _joined_url(base: str, url: str, absolute: bool) -> str:  # noqa: FBT001  (remembered by position: twice as quick)
    if not absolute:
        base = "/" + base.split("://", 1)[1].partition("/")[2]
    path, mark, fragment = url.partition("#")
    path, question, query = path.partition("?")
    return base + encode(path.lstrip("/")) + question + query + (mark + encode(fragment) if mark else "")


@pass_context
def _date(context: Context, value: str, form: str = "medium") -> str:
    return formatted_date(value, form, scope_of(context).lang) if value else ""


@pass_context
def _money(context: Context, value: Part | None) -> str:
    scope = scope_of(context)
    price = value.value if isinstance(value, Part) else None
    if not isinstance(price, Price):
        raise MissingFact("`money` shows a price")
    text = formatted_money(price.amount, price.currency, scope.lang)
    return words(scope, "price_from", {"price": text}) if price.least else text


@pass_context
def _number(context: Context, value: object) -> str:
    return formatted_number(str(value), scope_of(context).lang)


@pass_context
def _duration(context: Context, value: str) -> str:
    return formatted_duration(value, scope_of(context).lang)


@pass_context
def _country(context: Context, value: str) -> str:
    return country_name(value, scope_of(context).lang)


@pass_context
def _listed(context: Context, values: Iterable[object]) -> str:
    return listed([str(one) for one in values], scope_of(context).lang)


@pass_context
def _between(context: Context, loop: LoopContext) -> str:
    return separators(loop.length, scope_of(context).lang)[loop.index]


@cache
def _inline(value: str) -> Markup:
    return Markup(inline(value))  # noqa: S704  (safe by its own contract: raw HTML is escaped there)
