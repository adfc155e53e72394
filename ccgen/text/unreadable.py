"""What a check of one value raises; knows no kind of value."""

from __future__ import annotations

__all__ = ["UnreadableError"]


class UnreadableError(ValueError):
    """A text is not what its kind asks for. `value` is the corrected text where that is certain; `hint` says more."""

    def __init__(self, code: str, message: str, *, hint: str = "", value: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint
        self.value = value
