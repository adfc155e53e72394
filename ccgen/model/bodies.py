"""Bodies of prose as bytes and back: read where a page is drawn, and known by their digest; knows no database.

A body is what was read in this build or nothing: facts name the digest of its bytes, so that whatever happened to where they
are held is known before anything is drawn of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from ccgen.errors import EnvironmentFault
from ccgen.model.body import Body
from ccgen.model.facts import GROUPS, BodyGroup, Group
from ccgen.model.parts import owner_kind
from ccgen.model.recent import Recent
from ccgen.model.source import digest_of
from ccgen.model.work import BATCH

__all__ = ["Bodies", "BodyLost", "pack_body"]

pack_body = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(Body).decode
_GROUP = {kind: groups.index(BodyGroup) for kind, groups in GROUPS.items() if BodyGroup in groups}
_REMEMBERED = 4 * BATCH  # bodies: those of a batch are drawn, then read


class BodyLost(EnvironmentFault):
    """A body is not held any more, or not as it was read: it has to be read again."""

    def __init__(self, owner: str) -> None:
        hint = "`ccgen build --verify` reads everything again"
        super().__init__(f"what was read of `{owner}` is not there any more", code="body-lost", hint=hint)
        self.owner = owner

    def __reduce__(self) -> tuple[type[BodyLost], tuple[str]]:
        return BodyLost, (self.owner,)


class Bodies:
    """The bodies of planned owners. `held` gives bytes by their digest, None for what is not there."""

    def __init__(
        self, groups: Mapping[str, Sequence[Group]], held: Callable[[bytes], bytes | memoryview | None]
    ) -> None:
        self._groups, self._held = groups, held
        self._read: Recent[bytes, Body] = Recent(_REMEMBERED)

    def among(self, groups: Mapping[str, Sequence[Group]]) -> Bodies:
        """Return the same bodies for the same facts in another form."""
        return Bodies(groups, self._held)

    def get(self, owner: str) -> Body | None:
        """Return an owner's body, None for one that has no prose; raises BodyLost."""
        kind = owner_kind(owner)
        groups = self._groups.get(owner) if kind in _GROUP else None
        if groups is None:
            return None
        group = groups[_GROUP[kind]]
        assert isinstance(group, BodyGroup)
        return self._body(owner, group.body_digest) if group.body_digest else None

    def _body(self, owner: str, digest: bytes) -> Body:
        body = self._read.get(digest)
        if body is None:
            data = self._held(digest)
            if data is None or digest_of(data) != digest:
                raise BodyLost(owner)
            body = self._read[digest] = _unpack(data)
        return body
