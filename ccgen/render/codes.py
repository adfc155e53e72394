"""Compiled templates: kept for later builds, and made ahead where there is a core to spare; knows no fact and no page.

Compiling the thirty templates of a site takes as long as drawing a hundred pages. A template's code depends on its text, its
name and the program, so that all sites of a user share it.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping

from jinja2 import BytecodeCache, TemplateError
from jinja2.bccache import Bucket

from ccgen.model.kept import Shelf
from ccgen.model.source import digest_of
from ccgen.model.theme import Template, Theme
from ccgen.render.environment import make_environment

__all__ = ["Codes"]


class Codes(BytecodeCache):
    """Compiled templates of one theme; what neither this build nor an earlier one has made is compiled when it is needed."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._codes: dict[str, bytes] = {}  # of this build, by name

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  (one theme: names are enough)
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        code = self._codes.get(bucket.key) or self._shelf.take(_key(bucket.key, bucket.checksum))
        if code is not None:
            bucket.code = marshal.loads(code)  # noqa: S302  (made by this user; see `write.shelf`)

    def dump_bytecode(self, bucket: Bucket) -> None:
        code = self._codes[bucket.key] = marshal.dumps(bucket.code)
        self._shelf.put(_key(bucket.key, bucket.checksum), code)

    def lacking(self, theme: Theme, directives: Iterable[str]) -> tuple[Template, ...]:
        """Return the templates that are to be compiled, of those that a site with these directives is likely to draw."""
        wanted = {f"directives/{name}.html" for name in directives}
        return tuple(
            template
            for name, template in theme.templates.items()
            if name in wanted or name.partition("/")[0] not in {"directives", *theme.chain}
            if not self._shelf.holds(_key(name, self.get_source_checksum(template.text)))
        )

    def compiled(self, templates: Iterable[Template]) -> dict[str, bytes]:
        """Compile templates, by name; what is at fault is told when it is drawn."""
        named = {template.name: template for template in templates}
        environment = make_environment(named)
        environment.bytecode_cache = self
        for name in named:
            try:
                environment.get_template(name)
            except TemplateError:
                continue
        return self._codes

    def add(self, codes: Mapping[str, bytes]) -> None:
        """Take what another process has compiled."""
        self._codes.update(codes)


def _key(name: str, checksum: str) -> bytes:
    return digest_of(f"template {name} {checksum}".encode())
