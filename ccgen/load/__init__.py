"""Bytes to records: reads every source once, types it, turns prose into a `Body`; resolves no reference."""

from __future__ import annotations

from ccgen.load.site import load, load_merchants

__all__ = ["load", "load_merchants"]
