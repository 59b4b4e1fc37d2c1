"""Registered subjects by id and by address, over the columns of their table: of hundreds of thousands no row is made for its own sake."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np

from fof.ledger.postings import Ints
from models.rows import Identity


class IdentityRows(Mapping[int, Identity]):
    """Id → row of a registered subject, in the order of the journal; a row is made when it is asked for."""

    def __init__(self, ids: Sequence[int], kinds: Sequence[str], codes: Sequence[str]) -> None:
        self._ids, self._kinds, self._codes = ids, kinds, codes
        rising = all(a < b for a, b in pairwise(ids))  # as they are handed out; nothing depends on it
        self._places = None if rising else {number: at for at, number in enumerate(ids)}

    def __getitem__(self, number: int | None) -> Identity:
        if number is None:  # of a row that names another kind of thing
            raise KeyError(number)
        at = bisect_left(self._ids, number) if self._places is None else self._places[number]
        if at == len(self._ids) or self._ids[at] != number:
            raise KeyError(number)
        return Identity(number, self._kinds[at], self._codes[at])

    def __iter__(self) -> Iterator[int]:
        return iter(self._ids) if self._places is None else iter(self._places)

    def __len__(self) -> int:
        return len(self._ids) if self._places is None else len(self._places)

    def of_kind(self, kind: str) -> dict[int, str]:
        """Id → code of the subjects of a kind."""
        rows = zip(self._ids, self._kinds, self._codes, strict=True)
        return {number: code for number, own, code in rows if own == kind}

    def ids_of(self, kind: str) -> Ints:
        """Ids of the subjects of a kind, in the order of the journal."""
        rows = zip(self._ids, self._kinds, strict=True)
        return np.fromiter((number for number, own in rows if own == kind), np.int64)


class SubjectIds(Mapping[tuple[str, str], int]):
    """(kind, code) → id of the registered subjects, in the order of the journal within a kind."""

    def __init__(self, ids: Sequence[int], kinds: Sequence[str], codes: Sequence[str]) -> None:
        self._of: dict[str, dict[str, int]] = defaultdict(dict)
        for number, kind, code in zip(ids, kinds, codes, strict=True):
            self._of[kind][code] = number

    def __getitem__(self, address: tuple[str, str]) -> int:
        kind, code = address
        if kind not in self._of:
            raise KeyError(address)
        return self._of[kind][code]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return ((kind, code) for kind, own in self._of.items() for code in own)

    def __len__(self) -> int:
        return sum(map(len, self._of.values()))


class AddressesThen(Mapping[int, tuple[str, str]]):
    """Id → kind and code of the registered subjects of a book and of drafts beside it."""

    def __init__(self, book: IdentityRows, drafts: Mapping[int, tuple[str, str]]) -> None:
        self._book, self._drafts = book, drafts

    def __getitem__(self, number: int | None) -> tuple[str, str]:
        if number is not None and number in self._drafts:
            return self._drafts[number]
        _, kind, code = self._book[number]
        return kind, code

    def __iter__(self) -> Iterator[int]:
        yield from self._drafts
        yield from (number for number in self._book if number not in self._drafts)

    def __len__(self) -> int:
        return len(self._drafts) + sum(number not in self._drafts for number in self._book)

    def of_kind(self, kind: str) -> dict[int, str]:
        """Id → code of the subjects of a kind."""
        return self._book.of_kind(kind) | {n: code for n, (own, code) in self._drafts.items() if own == kind}
