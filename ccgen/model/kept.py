"""What was dear to find out from sources, kept from one build to the next; knows neither what it is nor where it lies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, Protocol

__all__ = ["Kept", "Shelf", "SourceFile", "nothing_kept", "nothing_shelved"]


class SourceFile(NamedTuple):
    """A regular file. `path` is posix and NFC, inside the project; `file` is absolute, as the disk has it."""

    path: str
    file: str


class Kept(Protocol):
    """Remembers by name what was made of some files.

    It gives back nothing but what was made of exactly these bytes under the same `key`. Losing it costs time only.
    """

    def use(self, key: bytes) -> None:
        """Say on what else than files everything depends that is asked for from now on."""
        ...

    def recall(self, name: str, files: Sequence[SourceFile]) -> bytes | None:
        """Return what was made of files as they are now, None where that is to be made (again)."""
        ...

    def recall_all(self, asked: Mapping[str, Sequence[SourceFile]]) -> Iterator[tuple[str, bytes]]:
        """Do as `recall` for many names, by their files; yield, in order, those that need not be made again."""
        ...

    def keep(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        """Remember what was made of files; `digests` are those of their bytes as they were read after they were asked for."""
        ...

    def hold(self, name: str, bodies: Mapping[bytes, bytes]) -> None:
        """Hold the bodies of what is read under a name, in place of those that it had; they are known by their digests."""
        ...

    def body(self, digest: bytes) -> bytes | memoryview | None:
        """Return a body that is held, None where there is none; whoever asks sees by the digest whether it is the one."""
        ...


class Shelf(Protocol):
    """Remembers bytes for all sites of a user. A key must digest everything that they depend on but the program itself.

    Losing it costs time only.
    """

    def take(self, key: bytes) -> bytes | None:
        """Return exactly what was put there, None where there is nothing that can be trusted."""
        ...

    def put(self, key: bytes, made: bytes) -> None:
        """Remember bytes, for this build and later ones; other processes may do the same at the same time."""
        ...


class _Nothing:
    """Keeps nothing, for who draws no page."""

    def use(self, key: bytes) -> None:
        pass

    def recall(self, name: str, files: Sequence[SourceFile]) -> bytes | None:  # noqa: ARG002
        return None

    def recall_all(self, asked: Mapping[str, Sequence[SourceFile]]) -> Iterator[tuple[str, bytes]]:  # noqa: ARG002
        return iter(())

    def keep(self, name: str, files: Sequence[SourceFile], digests: Sequence[bytes], made: bytes) -> None:
        pass

    def hold(self, name: str, bodies: Mapping[bytes, bytes]) -> None:
        pass

    def body(self, digest: bytes) -> bytes | memoryview | None:  # noqa: ARG002
        return None


nothing_kept: Kept = _Nothing()


class _NoShelf:
    """Holds nothing."""

    def take(self, key: bytes) -> bytes | None:  # noqa: ARG002
        return None

    def put(self, key: bytes, made: bytes) -> None:
        pass


nothing_shelved: Shelf = _NoShelf()
