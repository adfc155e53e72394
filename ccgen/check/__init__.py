"""Rules over finished pages; each page is read once; knows no template and no source format."""

from ccgen.check.pages import Reading, check_page, decide_hopes

__all__ = ["Reading", "check_page", "decide_hopes"]
