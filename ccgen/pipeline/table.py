"""Bytes by name in a file, found without holding any of it in memory; knows not what the bytes are."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from typing import BinaryIO
from zlib import crc32

__all__ = ["Table", "write_table"]

_LENGTH = 4  # bytes of a length, before a name and before its bytes
_PLACE = 8  # bytes of a place in the file, and of a number of rows


def write_table(stream: BinaryIO, rows: Iterable[tuple[str, bytes]]) -> int:
    """Write rows, each name once, for a `Table`; return where its index begins. Bytes are in this machine's order."""
    places = []
    place = stream.tell()
    for name, data in rows:
        encoded = name.encode()
        places.append((crc32(encoded), place))
        place += stream.write(_length(encoded) + encoded + _length(data))
        place += stream.write(data)
    places.sort()
    stream.write(bytes(-place % _PLACE))
    index = stream.tell()
    stream.write(array("Q", [len(places)]).tobytes())
    stream.write(array("Q", [place for _, place in places]).tobytes())
    stream.write(array("I", [sign for sign, _ in places]).tobytes())
    return index


class Table(Mapping[str, memoryview]):
    """The rows of a file that `write_table` wrote. `whole` are its bytes, `index` is where the index begins."""

    def __init__(self, whole: memoryview, index: int) -> None:
        count = int(whole[index : index + _PLACE].cast("Q")[0])
        signs = index + _PLACE + _PLACE * count
        self._whole = whole
        self._places = whole[index + _PLACE : signs].cast("Q")
        self._signs = whole[signs : signs + 4 * count].cast("I")

    def __getitem__(self, name: str) -> memoryview:
        encoded = name.encode()
        sign = crc32(encoded)
        for number in range(bisect_left(self._signs, sign), len(self._signs)):
            if self._signs[number] != sign:
                break
            found, after = self._read(self._places[number])
            if found == encoded:
                return self._read(after)[0]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        """Yield the names, in no order."""
        return (str(self._read(place)[0], "utf-8") for place in self._places)

    def __len__(self) -> int:
        return len(self._signs)

    def _read(self, place: int) -> tuple[memoryview, int]:
        """Return what stands at a place, behind its length, and where it ends."""
        begin = place + _LENGTH
        end = begin + int.from_bytes(self._whole[place:begin])
        return self._whole[begin:end], end


def _length(data: bytes) -> bytes:
    return len(data).to_bytes(_LENGTH)
