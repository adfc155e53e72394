"""Names of fields, as problems give them; knows no file."""

from __future__ import annotations

__all__ = ["parent_of"]


def parent_of(field: str) -> str:
    """Return the field around a field: `offers[0].price` → `offers[0]` → `offers` → ''."""
    return field[: max(field.rfind("."), field.rfind("["), 0)]
