"""Registered subjects by id and by address, over the columns of their table: of hundreds of thousands no row is made for its own sake."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import numpy as np

from fof.ledger.postings import Ints
from fof.ledger.row_columns import Coded
from models.rows import Identity


class IdentityRows(Mapping[int, Identity]):
    """Id → row of a registered subject, in the order of the journal; a row is made when it is asked for."""

    def __init__(self, ids: Ints, kinds: Coded, codes: Coded) -> None:
        self.ids, self.kinds, self.codes = ids, kinds, codes
        self._first = int(ids[0]) if len(ids) else 0
        step = np.diff(ids)
        self._places: dict[int, int] | None = None
        if not (step > 0).all():  # they are handed out rising; nothing depends on it
            self._places = {number: at for at, number in enumerate(ids.tolist())}
        self._whole = bool((step == 1).all())

    def _at(self, number: int) -> int:
        """The place of an id; -1 where there is none."""
        if self._places is not None:
            return self._places.get(number, -1)
        at = number - self._first if self._whole else int(np.searchsorted(self.ids, number))
        return at if 0 <= at < len(self.ids) and self.ids[at] == number else -1

    def __getitem__(self, number: int | None) -> Identity:
        at = -1 if number is None else self._at(number)  # None: of a row that names another kind of thing
        if number is None or at < 0:
            raise KeyError(number)
        kind, code = self.kinds.values[self.kinds.column[at]], self.codes.values[self.codes.column[at]]
        return Identity(number, kind, code)

    def __iter__(self) -> Iterator[int]:
        return iter(self.ids.tolist() if self._places is None else self._places)

    def __len__(self) -> int:
        return len(self.ids) if self._places is None else len(self._places)

    def highest(self) -> int:
        """The highest id that was handed out; 0 in a book without subjects."""
        return int(self.ids.max(initial=0))

    def of_kind(self, kind: str) -> dict[int, str]:
        """Id → code of the subjects of a kind."""
        chosen = np.flatnonzero(self.kinds.among([kind]))
        return dict(zip(self.ids[chosen].tolist(), self.codes.listed(chosen), strict=True))

    def ids_of(self, *kinds: str) -> Ints:
        """Ids of the subjects of some kinds, in the order of the journal."""
        return self.ids[self.kinds.among(kinds)]


class SubjectIds(Mapping[tuple[str, str], int]):
    """(kind, code) → id of the registered subjects, in the order of the journal within a kind; of an address that was handed out twice
    the later id."""

    def __init__(self, ids: Ints, kinds: Coded, codes: Coded) -> None:
        self._ids, self._kinds, self._codes = ids, kinds, codes

    @cached_property
    def _in_order(self) -> tuple[Ints, Ints]:
        """The hash of each address in order, and where it stands."""
        addresses = zip(self._kinds.listed(), self._codes.listed(), strict=True)
        hashes = np.fromiter(map(hash, addresses), np.int64, len(self._ids))
        order = np.argsort(hashes, kind="stable")
        return hashes[order], order

    def __getitem__(self, address: tuple[str, str]) -> int:
        hashes, order = self._in_order
        own = hash(address)
        at = int(np.searchsorted(hashes, own, side="right")) - 1
        while at >= 0 and hashes[at] == own:
            if self._address(int(order[at])) == address:
                return int(self._ids[order[at]])
            at -= 1
        raise KeyError(address)

    def _address(self, at: int) -> tuple[str, str]:
        return self._kinds.values[self._kinds.column[at]], self._codes.values[self._codes.column[at]]

    def __iter__(self) -> Iterator[tuple[str, str]]:
        for kind in dict.fromkeys(self._kinds.listed()):
            chosen = np.flatnonzero(self._kinds.among([kind]))
            yield from ((kind, code) for code in dict.fromkeys(self._codes.listed(chosen)))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class SubjectIdsThen(Mapping[tuple[str, str], int]):
    """The same of a book and of a plan beside it, which takes up what it registers."""

    def __init__(self, book: SubjectIds) -> None:
        self._book = book
        self._planned: dict[tuple[str, str], int] = {}

    def __setitem__(self, address: tuple[str, str], number: int) -> None:
        self._planned[address] = number

    def __getitem__(self, address: tuple[str, str]) -> int:
        known = self._planned.get(address)
        return self._book[address] if known is None else known

    def __iter__(self) -> Iterator[tuple[str, str]]:
        yield from self._book
        yield from (address for address in self._planned if address not in self._book)

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
