"""Bytes to records: reads every source once, types it, turns prose into a `Body`; resolves no reference."""

from __future__ import annotations

from ccgen.load.articles import kept_article
from ccgen.load.site import load, load_merchants, load_part

__all__ = ["kept_article", "load", "load_merchants", "load_part"]
