"""Rules over finished pages; each page is read once; knows no template and no source format."""

from ccgen.check.pages import Reader, Reading, decide_hopes

__all__ = ["Reader", "Reading", "decide_hopes"]
