"""Findings of an audit of which thousands are alike: counted, chosen and put in order by columns, each made when somebody looks
at it.

An institution of fifty thousand stakes has a million findings, and nearly all say of one stake what they say of its neighbours. To
make them took longer than to judge them, and a gigabyte; a page shows two hundred.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from fof.audit.findings import TIER, AuditFinding, FindingsInColumns
from fof.book.currencies import DEFAULT_CURRENCY
from fof.rules.alike import WORDED_FOR_EACH
from fof.rules.alike_judging import GroupedFindings, paid_for
from fof.rules.facts import Matter
from fof.rules.registry import SEVERITY, Finding, Verdict
from models.subjects import Subject

Places = NDArray[np.int64]
FEW = 5_000
"""Findings that are made once and held: the breaches of an institution, which every page goes through."""
_VERDICTS = tuple(SEVERITY)
_TIERS = np.array([TIER.get(verdict, 0) for verdict in _VERDICTS], np.int8)


class _Columns:
    """Of every finding, by place: the one that was made, and of which other stake it is (-1: of the same); ranks of what they are
    ordered by."""

    def __init__(self, grouped: GroupedFindings) -> None:
        self.made, self.anew, self.by_paid = grouped.made, grouped.anew, grouped.by_paid
        place = {id(finding): at for at, finding in enumerate(self.made)}
        every = {id(other): other for group in grouped.groups for other in group.others}
        self.others: list[Matter] = list(every.values())
        numbers = dict(zip(every, range(len(every)), strict=True))
        firsts, counts, whose = list(range(len(self.made))), [1] * len(self.made), [-1] * len(self.made)
        for group in grouped.groups:
            own = list(map(numbers.__getitem__, map(id, group.others)))
            for finding in group.findings:
                firsts.append(place[id(finding)])
                counts.append(len(own))
                whose += own
        self.first: NDArray[np.int32] = np.repeat(np.array(firsts, np.int32), counts)
        self.whose: NDArray[np.int32] = np.array(whose, np.int32)

    def of_made(self, values: Sequence[int], kind: type[np.generic]) -> NDArray[Any]:
        """A value of each finding that was made, by the place of every finding."""
        return np.array(values, kind)[self.first]

    @cached_property
    def severity(self) -> NDArray[np.int8]:
        """0 is worst."""
        return self.of_made([SEVERITY[f.verdict] for f in self.made], np.int8)

    @cached_property
    def money(self) -> NDArray[np.int64]:
        """Fen at stake, 0 where the rule is not about an amount."""
        of_made: NDArray[np.int64] = self.of_made([f.money_at_stake or 0 for f in self.made], np.int64)
        by_paid = self.of_made([self.by_paid(f) for f in self.made], np.bool_)
        if not self.others or not by_paid.any():
            return of_made
        paid = np.array([paid_for(other) for other in self.others], np.int64)
        return np.where(by_paid & (self.whose >= 0), paid[self.whose], of_made)

    @cached_property
    def rule(self) -> NDArray[np.int16]:
        """Ranks of the rules' ids."""
        return self.of_made(_ranks([f.rule for f in self.made]), np.int16)

    @cached_property
    def currency(self) -> NDArray[np.int16]:
        """Ranks of the currencies, the yuan first."""
        named = [(f.currency != DEFAULT_CURRENCY, f.currency) for f in self.made]
        return self.of_made(_ranks(named), np.int16)

    @cached_property
    def subject(self) -> NDArray[np.int32]:
        """Ranks of the subjects' addresses as text."""
        ranks = _ranks([str(f.subject) for f in self.made] + [str(other.subject) for other in self.others])
        of_all = np.array(ranks, np.int32)
        return np.where(self.whose < 0, of_all[self.first], of_all[len(self.made) + self.whose])

    @cached_property
    def party(self) -> tuple[list[str | None], NDArray[np.int32]]:
        """Codes of the parties that findings are grouped by, and which of them each has."""
        named = [f.party for f in self.made] + [other.party for other in self.others]
        codes = list(dict.fromkeys(named))
        number = {code: at for at, code in enumerate(codes)}
        of_all = np.array([number[code] for code in named], np.int32)
        return codes, np.where(self.whose < 0, of_all[self.first], of_all[len(self.made) + self.whose])


def _ranks(values: Sequence[Any]) -> list[int]:
    rank = {value: at for at, value in enumerate(sorted(set(values)))}
    return [rank[value] for value in values]


class FindingsOnDemand(FindingsInColumns):
    """See the module; in the order of an audit, or by money at stake.

    known : what the office knows of a finding beside it
    """

    def __init__(
        self,
        columns: _Columns,
        known: Callable[[Finding], AuditFinding],
        places: Places,
        *,
        by_money: bool = False,
    ) -> None:
        self._columns, self._known = columns, known
        self._places, self._by_money = places, by_money
        self._choices: dict[tuple[object, ...], FindingsOnDemand] = {}

    @classmethod
    def of_groups(
        cls, grouped: GroupedFindings, known: Callable[[Finding], AuditFinding]
    ) -> FindingsOnDemand:
        """All of them."""
        columns = _Columns(grouped)
        return cls(columns, known, np.arange(len(columns.first)))

    @cached_property
    def _order(self) -> Places:
        """The places in the order they are listed in; of equal ones as they were judged."""
        own, at = self._columns, self._places
        keys: list[NDArray[Any]] = [own.subject[at], own.rule[at]]
        if self._by_money:
            keys += [own.severity[at], -own.money[at], own.currency[at], _TIERS[own.severity[at]]]
        else:
            keys += [-own.money[at], own.severity[at]]
        return at[np.lexsort(keys)]

    def _make(self, place: int) -> AuditFinding:
        own = self._columns
        finding, whose = own.made[own.first[place]], own.whose[place]
        return self._known(finding if whose < 0 else own.anew(finding, own.others[whose]))

    def __len__(self) -> int:
        return len(self._places)

    def __iter__(self) -> Iterator[AuditFinding]:
        return iter(self._all) if len(self) <= FEW else map(self._make, self._order.tolist())

    @cached_property
    def _all(self) -> tuple[AuditFinding, ...]:
        return tuple(map(self._make, self._order.tolist()))

    @overload
    def __getitem__(self, place: int) -> AuditFinding: ...

    @overload
    def __getitem__(self, place: slice) -> tuple[AuditFinding, ...]: ...

    def __getitem__(self, place: int | slice) -> AuditFinding | tuple[AuditFinding, ...]:
        if isinstance(place, slice):
            return tuple(map(self._make, self._order[place].tolist()))
        return self._make(int(self._order[place]))

    def of(self, *verdicts: Verdict) -> FindingsOnDemand:
        """Those with one of the verdicts."""
        wanted = [SEVERITY[v] for v in verdicts]
        return self._choice(
            verdicts, lambda: self._places[np.isin(self._columns.severity[self._places], wanted)]
        )

    def by_money(self) -> FindingsOnDemand:
        """The same by money at stake."""
        own = self._choices.get((True,))
        if own is None:
            own = FindingsOnDemand(self._columns, self._known, self._places, by_money=True)
            self._choices[True,] = own
        return own

    def counted(self) -> Counter[tuple[str, Verdict]]:
        """How many of each rule and verdict."""
        return self._counted.copy()

    @cached_property
    def _counted(self) -> Counter[tuple[str, Verdict]]:
        own = self._columns
        of_first = np.bincount(own.first[self._places], minlength=len(own.made)).tolist()
        counts: Counter[tuple[str, Verdict]] = Counter()
        for finding, count in zip(own.made, of_first, strict=True):
            if count:
                counts[finding.rule, finding.verdict] += count
        return counts

    def of_party(self, code: str) -> FindingsOnDemand:
        """Those that are grouped by a party."""
        codes, own = self._columns.party
        number = codes.index(code) if code in codes else -1
        return self._choice((code,), lambda: self._places[own[self._places] == number])

    def parties(self) -> set[str]:
        """Codes of the parties they are grouped by."""
        codes, own = self._columns.party
        named = (codes[at] for at in np.unique(own[self._places]).tolist())
        return {code for code in named if code is not None}

    def verdicts(self, rules: Collection[str]) -> dict[tuple[str, Subject], Verdict]:
        """The verdict of each of some rules about each subject."""
        own, at = self._columns, self._order
        rows = zip(own.first[at].tolist(), own.whose[at].tolist(), strict=True)
        named = ((own.made[first], whose) for first, whose in rows)
        return {
            (f.rule, f.subject if whose < 0 else own.others[whose].subject): f.verdict
            for f, whose in named
            if f.rule in rules
        }

    def subjects(self) -> set[Subject]:
        """What they are about."""
        own, at = self._columns, self._places
        own_places = np.unique(own.first[at][own.whose[at] < 0]).tolist()
        others = np.unique(own.whose[at]).tolist()
        return {own.made[i].subject for i in own_places} | {own.others[i].subject for i in others if i >= 0}

    def currencies(self) -> set[str]:
        """Of their amounts."""
        return set(self._currencies)

    @cached_property
    def _currencies(self) -> set[str]:
        own = self._columns
        return {own.made[at].currency for at in np.unique(own.first[self._places]).tolist()}

    def with_likeness(self) -> Iterator[tuple[AuditFinding, int | None]]:
        """Each with the place of the one it was made of."""
        own = self._columns
        for place in self._order.tolist():
            first = int(own.first[place])
            yield self._make(place), None if own.made[first].rule in WORDED_FOR_EACH else first

    def made(self) -> int:
        """How many objects it holds."""
        return len(self._columns.made)

    def _choice(self, key: tuple[object, ...], places: Callable[[], Places]) -> FindingsOnDemand:
        """Some of them, chosen once: a page asks for the same at every rerun."""
        own = self._choices.get(key)
        if own is None:
            own = FindingsOnDemand(self._columns, self._known, places(), by_money=self._by_money)
            self._choices[key] = own
        return own

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence):
            return NotImplemented
        return len(self) == len(other) and all(
            mine == theirs for mine, theirs in zip(self, other, strict=True)
        )

    __hash__ = None  # type: ignore[assignment]
