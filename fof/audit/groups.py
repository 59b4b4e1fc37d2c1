"""Which parties belong together on a day, in whatever way the book says so.

One group: a party and who controls it or is controlled by it (a declared share above one half, over any number of steps),
the head of its group, its successor or predecessor, and a second code of the same legal entity (credit code). Governments
and the vehicles of this book hold nothing together: companies of one province or one fund are strangers to each other.
A share from one fifth up makes its owner and what it owns affiliates of each other, without their other relations.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable

from fof.book.declared import shares_declared
from fof.book.index import VEHICLES, Book
from fof.book.legal_entities import given_twice
from models.kinds import PartyKind

CONTROL, INFLUENCE = 500_000_000, 200_000_000
"""Billionths of a company: more than the first is control; from the second on, influence is presumed
(企业会计准则第2号). The rulebook asks for "affiliates" without saying from which share on."""
_APART = VEHICLES | {PartyKind.GOVERNMENT, PartyKind.NATIONAL_FUND}


class Groups:
    """Groups and affiliates as they stand between two days on which something about them changes."""

    def __init__(self, book: Book, day: dt.date) -> None:
        self._root: dict[int, int] = {}
        self._affiliates: dict[int, set[int]] = defaultdict(set)
        influence = []
        for (owner, owned), nano in _shares(book, day).items():
            if book.parties[owner].kind in _APART or book.parties[owned].kind in _APART:
                continue
            if nano > CONTROL:
                self._join(owner, owned)
            elif nano >= INFLUENCE:
                influence.append((owner, owned))
        for one, other in (*_heads(book, day), *_same_entity(book, day), *_successions(book, day)):
            self._join(one, other)
        for one, other in influence:
            a, b = self._find(one), self._find(other)
            self._affiliates[a].add(b)
            self._affiliates[b].add(a)
        self._root = {party: self._find(party) for party in self._root}  # from here on one step to the root

    def _find(self, party: int) -> int:
        root = party
        while (above := self._root.get(root, root)) != root:
            root = above
        while (above := self._root.get(party, party)) != root:
            self._root[party], party = root, above
        return root

    def _join(self, one: int, other: int) -> None:
        a, b = self._find(one), self._find(other)
        self._root[max(a, b)] = self._root[min(a, b)] = min(a, b)

    def alone(self, party: int) -> bool:
        """Whether a party is of no group and no affiliate of anybody."""
        return party not in self._root and party not in self._affiliates

    def root(self, party: int) -> int:
        """The party that stands for a party's group; itself where it is of none."""
        return self._root.get(party, party)

    def same(self, one: int, other: int) -> bool:
        """Whether two parties are of one group."""
        return self.root(one) == self.root(other)

    def affiliated(self, one: int, other: int) -> bool:
        """Whether two parties are of one group, or one group has influence over the other."""
        a, b = self.root(one), self.root(other)
        return a == b or b in self._affiliates.get(a, ())


def groups(book: Book, day: dt.date) -> Groups:
    """The groups of a day; one object for all days between which nothing changes."""
    key = ("groups", book.version("groups", None, day, lambda: [_days(book)]))
    known: Groups | None = book.remembered.get(key)
    if known is None:
        known = book.remembered[key] = Groups(book, day)
    return known


def one_entity(book: Book, one: int, other: int, day: dt.date) -> bool:
    """Whether two codes name one legal entity on a day: the same party, a successor, or one credit code for both."""
    if book.holder(one, day) == book.holder(other, day):
        return True
    code = book.facts.of(one, "uscc", day)
    return code is not None and code == book.facts.of(other, "uscc", day)


def has_one_code(book: Book, party: int, day: dt.date) -> bool:
    """Whether no other code names the same legal entity on a day, asked without looking at the others."""
    heirs = book.succession.on(day)
    return party not in heirs and party not in heirs.values() and party not in given_twice(book)


def _days(book: Book) -> set[dt.date]:
    days = {day for e in book.view.edges for day in (e.day, e.row.until) if day is not None}
    for name in ("group_head", "successor_of"):
        for party in book.facts.holders(name):
            days.update(book.facts.names(party)[name].days)
    for party in given_twice(book):
        days.update(book.facts.names(party)["uscc"].days)
    return days


def _shares(book: Book, day: dt.date) -> dict[tuple[int, int], int]:
    """(owner, owned) -> the largest share in force on any basis."""
    shares: dict[tuple[int, int], int] = {}
    for (owner, owned, _), edge in shares_declared(book.on(day)).items():
        shares[owner, owned] = max(edge.row.share_nano, shares.get((owner, owned), 0))
    return shares


def _heads(book: Book, day: dt.date) -> Iterable[tuple[int, int]]:
    """Members of each group; its head may be a company that the book does not hold."""
    first: dict[str, int] = {}
    for party in book.facts.holders("group_head"):
        head = book.facts.of(party, "group_head", day)
        known = None if head is None else book.by_code.get(head)
        if head is not None and (known is None or book.parties[known].kind not in _APART):
            yield party, first.setdefault(head, party if known is None else known)


def _same_entity(book: Book, day: dt.date) -> Iterable[tuple[int, int]]:
    first: dict[str, int] = {}
    for party in given_twice(book):
        code = book.facts.of(party, "uscc", day)
        if code is not None and book.parties[party].kind not in _APART:
            yield party, first.setdefault(code, party)


def _successions(book: Book, day: dt.date) -> Iterable[tuple[int, int]]:
    for party in book.succession.holders:
        for code in book.facts.of(party, "successor_of", day) or ():
            former = book.by_code.get(code)
            if former is not None and not {book.parties[party].kind, book.parties[former].kind} & _APART:
                yield party, former
