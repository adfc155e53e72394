"""Templates compiled ahead, where and when there is a core to spare; knows no fact and no page.

Compiling the thirty templates of a site takes as long as drawing a hundred pages.
"""

from __future__ import annotations

import marshal
from collections.abc import Iterable, Mapping

from jinja2 import BytecodeCache, TemplateError
from jinja2.bccache import Bucket

from ccgen.model.theme import Theme
from ccgen.render.environment import make_environment

__all__ = ["Codes", "compiled"]


class Codes(BytecodeCache):
    """Compiled templates of one theme by name; what it lacks is compiled when it is needed, and kept."""

    def __init__(self, codes: Mapping[str, bytes]) -> None:
        self.codes = dict(codes)

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: ARG002  (one theme: names are enough)
        return name

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.codes:
            bucket.code = marshal.loads(self.codes[bucket.key])  # noqa: S302  (made in this run)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.codes[bucket.key] = marshal.dumps(bucket.code)


def compiled(theme: Theme, directives: Iterable[str]) -> dict[str, bytes]:
    """Compile what a site with these directives in its prose is likely to draw. A template at fault is told when drawn."""
    codes = Codes({})
    environment = make_environment(theme.templates)
    environment.bytecode_cache = codes
    wanted = {f"directives/{name}.html" for name in directives}
    for name in theme.templates:
        if name in wanted or name.partition("/")[0] not in {"directives", *theme.chain}:
            try:
                environment.get_template(name)
            except TemplateError:
                continue
    return codes.codes
