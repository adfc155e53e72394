"""What the directives of a piece of prose refer to and were given; knows declarations, nothing of how they are drawn."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from ccgen.commerce.compare import SHOWN
from ccgen.errors import At
from ccgen.model.body import Call
from ccgen.model.facts import BodyGroup
from ccgen.model.loaded import Article
from ccgen.model.parts import CallFact, Ref, TargetFact, id_of, ref
from ccgen.model.theme import Directive, Param, typed
from ccgen.plan.files import Files
from ccgen.plan.index import Index
from ccgen.plan.links import Home, Links
from ccgen.plan.noting import Noting
from ccgen.text.near import nearest

__all__ = ["Calls", "Own"]


# Types whose values name something on the site; all others are what they say.
_REFERENCES = frozenset({"article", "image", "maker", "merchant", "product"})


class Own(NamedTuple):
    """What a directive means that names no record: the page's own products, and the page itself if it is an article."""

    products: tuple[Ref, ...] = ()
    unknown: bool = False  # it names products of its own that are not there; that is told already
    article: Ref | None = None
    maker: Ref | None = None


class Calls(Noting):
    """Resolves the calls of any prose; notes unknown records at their own place."""

    def __init__(self, index: Index, links: Links, files: Files, directives: Mapping[str, Directive]) -> None:
        super().__init__()
        self.index, self.links, self.files, self.directives = index, links, files, directives
        # Most calls give no parameter. A default that names something depends on where the call stands.
        self._defaults = {
            name: tuple((key, _default(param)) for key, param in one.params.items())
            for name, one in directives.items()
            if not any(param.default is not None and param.type in _REFERENCES for param in one.params.values())
        }

        # A call that names one record and gives nothing is the same wherever it stands.
        self._usual: dict[tuple[str, str, str, str] | None, CallFact] = {}

    def group(self, home: Home, own: Own, digest: bytes) -> BodyGroup:
        """Return the facts of a body: its bytes' digest, and what each destination and each directive resolves to."""
        targets = tuple([self.links.resolve(home, target) for target in home.body.targets])
        if "purchase" in [target.kind for target in targets]:
            self._refuse_raw_purchases(home, targets)
        calls = tuple([self._call(home, own, call) for call in home.body.calls])
        return BodyGroup(body_digest=digest, targets=targets, calls=calls)

    def _refuse_raw_purchases(self, home: Home, targets: Sequence[TargetFact]) -> None:
        """Note links in raw HTML to a shop that pays us or is ours: they would carry no `rel` and no mark."""
        for number in sorted(home.body.raw):
            target, written = targets[number], home.body.targets[number]
            if target.kind == "purchase":
                at = At(path=home.path, start=written.start, length=written.length)
                message = f"a link to a shop in raw HTML carries no mark: `{written.text}`"
                hint = f"write it as Markdown: [words]({written.text}), or name the product: :buy[words]{{product}}"
                self._note("raw-purchase-link", message, at, hint)

    def _call(self, home: Home, own: Own, call: Call) -> CallFact:
        usual = len(call.records) == 1 and not call.params and call.name in self._defaults
        key = (call.name, call.form, home.lang, call.records[0][0]) if usual else None
        known = self._usual.get(key)
        if known is not None:
            return known
        made = self._made(home, own, call)
        if key and made.records:  # what is not there is noted wherever it is named
            self._usual[key] = made
        return made

    def _made(self, home: Home, own: Own, call: Call) -> CallFact:
        declaration = self.directives[call.name]
        params = None if call.params else self._defaults.get(call.name)
        if params is None:
            given = {key: (text, start) for key, text, start in call.params}
            params = tuple(
                (key, self._param(home, param, *given.get(key, (None, -1))))
                for key, param in declaration.params.items()
            )
        kind = declaration.records.kind
        found = [self._record(home, kind, ident, start) for ident, start in (call.records if kind else ())]
        records = tuple([one for one in found if one is not None])
        if not call.records and declaration.records.most:
            records = self._left_out(home, own, declaration, call)
        for key, text, start in call.params:
            if declaration.params[key].type.strip("[]") == "spec":
                self._check_specs(home, records, text, start)
        return CallFact(name=call.name, form=call.form, records=records, params=params)

    def _record(self, home: Home, kind: str, ident: str, start: int) -> Ref | None:
        of_records = kind not in {"article", "review"}
        if of_records and self.index.has(kind, ident):
            return ref(kind, home.lang, ident)
        at = At(path=home.path, start=start, length=len(ident))
        if of_records:
            self.index.known(kind, ident, at)
            return None
        if kind == "review":
            if "/" not in ident and not self.index.known("product", ident, at):
                return None
            return self._article(ident, home.lang, at, review="/" not in ident)
        return self._article(ident, home.lang, at, review=False)

    def _article(self, ident: str, lang: str, at: At, *, review: bool) -> Ref | None:
        found = self.index.review_of(ident, lang) if review else self.index.article(ident, lang)
        if found is not None:
            return article_ref(found)
        if review:
            message, near = f"no review of `{ident}` is published", None
        else:
            message, near = f"no article `{ident}`", nearest(ident, {key for key, _ in self.index.articles})
        hint = (
            f"did you mean `{near}`?" if near else "name a product that has a review, or an article as `reviews/name`"
        )
        self._note("unknown-article", message, at, hint)
        return None

    def _left_out(self, home: Home, own: Own, declaration: Directive, call: Call) -> tuple[Ref, ...]:
        kind = declaration.records.kind
        refs: tuple[Ref, ...] = ()
        if kind == "product":
            refs = own.products if declaration.records.most != 1 else own.products[:1]
        elif kind in {"article", "review"} and own.article is not None:
            refs = (own.article,)
        elif kind == "maker" and own.maker is not None:
            refs = (own.maker,)
        if not refs and not (kind == "product" and own.unknown):
            at = At(path=home.path, start=call.start, length=min(call.end - call.start, len(call.name) + 2))
            message = f"`{call.name}` names no {kind}, and this page has none of its own"
            colons = {"inline": ":", "leaf": "::", "container": ":::"}[call.form]
            hint = f"name one: `{colons}{call.name}{{{kind}-id}}`"
            self._note("directive-without-record", message, at, hint)
        return refs

    def _param(self, home: Home, param: Param, text: str | None, start: int) -> object:
        value = param.default if text is None else text
        if value is None:
            return None
        if param.type in _REFERENCES:
            at = At(path=home.path, start=start, length=len(value))
            return self._reference(param.type, value, home.folder, home.lang, at)
        return typed(param.type, value)

    def _check_specs(self, home: Home, records: Sequence[Ref], text: str, start: int) -> None:
        """Note keys that are specs of none of a directive's products, nor of their categories."""
        loaded = self.index.loaded
        known = set(SHOWN)
        for product in records:
            entry = loaded.products.get((id_of(product.owner), home.lang))
            if entry is None:
                return
            known |= entry.record.specs.keys()
            if entry.record.category is not None:
                category = loaded.categories.get((entry.record.category, home.lang))
                if category is None:
                    return  # told where it is named
                known |= category.record.specs.keys()
        for found in re.finditer(r"[^,\s]+", text):
            if records and found[0] not in known:
                near = nearest(found[0], known)
                hint = (
                    f"did you mean `{near}`?" if near else f"there is {', '.join(f'`{one}`' for one in sorted(known))}"
                )
                at = At(path=home.path, start=start + found.start(), length=len(found[0]))
                message = f"none of these products has a spec `{found[0]}`"
                self._note("unknown-spec", message, at, hint)

    def free_keys(
        self, values: Mapping[str, object], folder: str, lang: str, place: Callable[[str], At]
    ) -> dict[str, object]:
        """Return free keys with their references resolved as those of parameters are; `place` tells where a field is."""
        found: dict[str, object] = {}
        for key, value in values.items():
            kind = self.index.extra_types.get(key, "")
            field = f"extra.{key}"
            if kind in _REFERENCES and isinstance(value, str):
                found[key] = self._reference(kind, value, folder, lang, place(field))
            elif kind.strip("[] ") in _REFERENCES and isinstance(value, list | tuple):
                found[key] = tuple(
                    self._reference(kind.strip("[] "), str(one), folder, lang, place(f"{field}[{number}]"))
                    for number, one in enumerate(value)
                )
            else:
                found[key] = _frozen(value)
        return found

    def _reference(self, kind: str, text: str, folder: str, lang: str, at: At) -> object:
        """Return what a checked text of a type in `_REFERENCES` names; None, noted, where there is none."""
        if kind == "article":
            return self._article(text.removesuffix(".md"), lang, at, review=False)
        if kind == "image":
            return self.files.picture(text, folder, at)
        if not self.index.known(kind, text, at):
            return None
        return text if kind == "merchant" else ref(kind, lang, text)


def _frozen(value: object) -> object:
    """Return a value as facts hold it: a list there is a tuple."""
    if isinstance(value, list | tuple):
        return tuple([_frozen(one) for one in value])
    return {key: _frozen(one) for key, one in value.items()} if isinstance(value, dict) else value


def article_ref(article: Article) -> Ref:
    """Return the owner of an article's facts."""
    return ref("article", article.lang, article.id)


def _default(param: Param) -> object:
    return None if param.default is None else typed(param.type, param.default)
