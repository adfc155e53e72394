"""What a style sheet names: references to other files; knows no file."""

from __future__ import annotations

import re

__all__ = ["CSS_REFERENCE"]

# A comment, which names nothing, or a reference: its `url` or `import` is what is written.
CSS_REFERENCE = re.compile(
    rb"""/\*.*?\*/|url\(\s*(?P<quote>["']?)(?P<url>[^"')]+?)(?P=quote)\s*\)|@import\s+(?P<mark>["'])(?P<import>[^"']+)(?P=mark)""",
    re.DOTALL,
)
