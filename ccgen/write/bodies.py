"""Bodies of prose by the digest of their bytes, saved in a database of readings or not yet; knows not what is in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping

from ccgen.write.database import connect

__all__ = ["TABLE", "StoredBodies"]

TABLE = (
    "CREATE TABLE bodies (digest BLOB NOT NULL, name TEXT NOT NULL, body BLOB NOT NULL)",
    "CREATE INDEX body_of_digest ON bodies (digest)",
    "CREATE UNIQUE INDEX digests_of_name ON bodies (name, digest)",
)
_BODY = "SELECT body FROM bodies WHERE digest = ? AND typeof(body) = 'blob'"


class StoredBodies:
    """What `file` holds of bodies, read one by one, and those that are not saved in it.

    It vouches for nothing: whoever asks knows the digest of what was read. Any process may have one of the same file.
    """

    def __init__(self, file: str, unsaved: Mapping[bytes, bytes | memoryview]) -> None:
        self.file, self.unsaved = file, unsaved
        self._database: sqlite3.Connection | None = None

    def find(self, digest: bytes) -> bytes | memoryview | None:
        """Return a body, None where there is none."""
        data = self.unsaved.get(digest)
        return data if data is not None else self._saved(digest)

    def close(self) -> None:
        """Let go of the file, as who replaces it must."""
        if self._database is not None:
            self._database.close()
            self._database = None

    def _saved(self, digest: bytes) -> bytes | None:
        try:
            if self._database is None:
                self._database = connect(self.file, mode="ro")
            rows = self._database.execute(_BODY, (digest,)).fetchall()
        except sqlite3.Error:
            return None
        return rows[0][0] if rows else None
