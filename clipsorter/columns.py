"""Strings of very many photos, kept as bytes.

A Python string of 26 letters takes 75 bytes and its place in a tuple 8 more; a million photos have two of them each.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Self, SupportsIndex, overload

import numpy as np
from numpy.typing import NDArray

DIGEST_BYTES = 16
TOGETHER = 16  # names between two known places: looking one up reads so many


class Digests(Sequence[str]):
    """N content digests of 32 hex digits, in 16 bytes each."""

    __slots__ = ("_packed",)

    def __init__(self, packed: bytes) -> None:
        """``packed`` are the digests as bytes, joined."""
        self._packed = packed

    @classmethod
    def of(cls, digests: Iterable[str]) -> Self:
        """Raises ValueError for anything but 32 hex digits."""
        each = [bytes.fromhex(digest) for digest in digests]
        if not all(len(one) == DIGEST_BYTES for one in each):
            raise ValueError("A digest has 32 hex digits.")
        return cls(b"".join(each))

    def __len__(self) -> int:
        return len(self._packed) // DIGEST_BYTES

    def __iter__(self) -> Iterator[str]:
        digits = self._packed.hex()
        return (digits[start : start + 32] for start in range(0, len(digits), 32))

    @overload
    def __getitem__(self, row: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> Self: ...
    def __getitem__(self, row: SupportsIndex | slice) -> str | Self:
        if isinstance(row, slice):
            return type(self)(self._rows[row].tobytes())
        digest: bytes = self._rows[row].tobytes()
        return digest.hex()

    def take(self, rows: NDArray[np.intp] | NDArray[np.bool_]) -> Self:
        """Those of these rows."""
        return type(self)(self._rows[rows].tobytes())

    def find(self, wanted: Collection[str]) -> NDArray[np.intp]:
        """The rows, ascending, whose digest is one of ``wanted``; reads every digest's first two bytes only."""
        asked = {bytes.fromhex(digest) for digest in wanted}
        beginnings = np.zeros(1 << 16, np.bool_)
        beginnings[[int.from_bytes(one[:2], "little") for one in asked]] = True
        candidates = np.flatnonzero(beginnings[self._rows[:, :2].view("<u2")[:, 0]])
        found = [row for row in candidates.tolist() if self._rows[row].tobytes() in asked]
        return np.array(found, np.intp)

    @property
    def _rows(self) -> NDArray[np.uint8]:
        return np.frombuffer(self._packed, np.uint8).reshape(-1, DIGEST_BYTES)


class Paths(Sequence[str]):
    """N relative paths with "/": every folder once, then the names one after the other."""

    __slots__ = ("_folder_of", "_folders", "_names", "_starts")

    def __init__(self, paths: Iterable[str]) -> None:
        folders: dict[str, int] = {}
        folder_of: list[int] = []
        names: list[bytes] = []
        for path in paths:
            folder, slash, name = path.rpartition("/")
            folder_of.append(folders.setdefault(folder + slash, len(folders)))
            names.append(name.encode("utf-8", "surrogatepass"))  # what is no text on disk survives, too
        self._folders = tuple(folders)
        self._folder_of = np.array(folder_of, np.uint32)
        self._names = b"\0".join(names)
        ends = np.cumsum([len(name) + 1 for name in names], dtype=np.int64)
        starts = np.concatenate([[0], ends])[::TOGETHER]
        self._starts = starts.astype(np.uint32 if len(self._names) < 1 << 32 else np.int64)

    def __len__(self) -> int:
        return len(self._folder_of)

    def __iter__(self) -> Iterator[str]:
        if not len(self):
            return iter(())
        names = self._names.decode("utf-8", "surrogatepass").split("\0")
        return map(str.__add__, map(self._folders.__getitem__, self._folder_of.tolist()), names)

    @overload
    def __getitem__(self, row: SupportsIndex) -> str: ...
    @overload
    def __getitem__(self, row: slice) -> tuple[str, ...]: ...
    def __getitem__(self, row: SupportsIndex | slice) -> str | tuple[str, ...]:
        if isinstance(row, slice):
            return tuple(self[one] for one in range(*row.indices(len(self))))
        place = range(len(self))[row]  # counts from the end, refuses what is not there
        block, number = divmod(place, TOGETHER)
        start, *after = self._starts[block : block + 2].tolist()
        name = self._names[start : after[0] - 1 if after else None].split(b"\0")[number]
        return self._folders[int(self._folder_of[place])] + name.decode("utf-8", "surrogatepass")
