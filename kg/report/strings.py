"""Many strings in one array of bytes, decoded when they are asked for: 150,000 titles are read in no time."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

__all__ = ["Strings"]


class Strings:
    """An immutable list of strings.

    >>> list(Strings.of(["Dunning", "", "Jürgen"]))
    ['Dunning', '', 'Jürgen']
    """

    __slots__ = ("data", "ends")

    def __init__(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> None:
        self.data = data
        self.ends = ends

    @classmethod
    def of(cls, texts: Sequence[str]) -> Strings:
        """Pack strings; half a surrogate pair becomes a replacement sign, as in the graph."""
        parts = [text.encode("utf-8", "replace") for text in texts]
        ends = np.cumsum([len(part) for part in parts], dtype=np.int64)
        return cls(np.frombuffer(b"".join(parts), dtype=np.uint8), ends)

    def __len__(self) -> int:
        return int(self.ends.size)

    def __getitem__(self, place: int) -> str:
        start = int(self.ends[place - 1]) if place else 0
        return self.data[start : int(self.ends[place])].tobytes().decode("utf-8", "replace")

    def place(self, text: str) -> int | None:
        """Give the place of a string in a list that is in order of its UTF-8 bytes; None if it is not there.

        >>> Strings.of(["a", "c"]).place("c"), Strings.of(["a", "c"]).place("b")
        (1, None)
        """
        at = bisect_left(self, text.encode("utf-8", "replace"), key=lambda each: each.encode("utf-8", "replace"))
        return at if at < len(self) and self[at] == text else None

    def taken(self, order: NDArray[np.int64], more: Sequence[str] = ()) -> Strings:
        """Give the strings at these places, of this list and more behind it; fast where most stand in their order.

        >>> list(Strings.of(["a", "c", "d"]).taken(np.array([0, 3, 1]), ["b"]))
        ['a', 'b', 'c']
        """
        if not order.size:
            return Strings.of([])
        behind = Strings.of(more)
        data = np.concatenate([self.data, behind.data])
        ends = np.concatenate([self.ends, behind.ends + self.data.size])
        starts = np.concatenate([[0], ends[:-1]])
        breaks = np.flatnonzero(np.diff(order) != 1) + 1
        first, last = order[np.concatenate([[0], breaks])], order[np.concatenate([breaks - 1, [order.size - 1]])]
        pieces = [data[start:end] for start, end in zip(starts[first].tolist(), ends[last].tolist(), strict=True)]
        return Strings(np.concatenate(pieces), np.cumsum((ends - starts)[order], dtype=np.int64))

    def part(self, first: int, end: int) -> list[str]:
        """Decode the strings from a place up to another."""
        at = int(self.ends[first - 1]) if first else 0
        ends = self.ends[first:end].tolist()
        whole, start, found = self.data[at : ends[-1] if ends else at].tobytes(), at, []
        for stop in ends:
            found.append(whole[start - at : stop - at].decode("utf-8", "replace"))
            start = stop
        return found

    def joined(self, first: int, end: int) -> str:
        r"""Decode the strings from a place up to another as one, with a NUL before, between and behind them.

        A NUL of theirs becomes U+0001: to look something up, this is much faster than one by one.

        >>> Strings.of(["a", "", "b"]).joined(0, 2)
        '\x00a\x00\x00'
        """
        at = int(self.ends[first - 1]) if first else 0
        ends = self.ends[first:end] - at
        data = self.data[at : at + int(ends[-1])] if ends.size else self.data[:0]
        whole = np.insert(np.maximum(data, 1), np.concatenate([[0], ends]), np.uint8(0))
        return whole.tobytes().decode("utf-8", "replace")

    def at(self, places: NDArray[np.integer]) -> list[str]:
        """Decode the strings at many places.

        >>> Strings.of(["a", "", "bc"]).at(np.array([2, 0]))
        ['bc', 'a']
        """
        whole, ends = self.data.tobytes(), self.ends[places]
        starts = np.where(places > 0, self.ends[places - 1], 0)
        return [whole[a:z].decode("utf-8", "replace") for a, z in zip(starts.tolist(), ends.tolist(), strict=True)]

    def __iter__(self) -> Iterator[str]:
        whole, start = self.data.tobytes(), 0
        for end in self.ends.tolist():
            yield whole[start:end].decode("utf-8", "replace")
            start = end
