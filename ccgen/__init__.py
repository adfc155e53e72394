"""ccgen turns Markdown articles with embedded product cards into a static, content-first shop."""

__version__ = "0.1.0"
