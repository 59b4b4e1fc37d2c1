"""What stakes have on all days after a plan: the book's balances and those of the drafts, by the journal's own arithmetic."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection

import numpy as np

from fof.book.laid import drafted
from fof.book.reading import is_in
from fof.intake.planning import Planning
from fof.ledger import day_number
from fof.ledger.balances import movements
from fof.ledger.postings import joined


class PlannedBalances:
    """Balances of every (fund, investor) of the funds that a plan concerns; measures as in fof.ledger.balances."""

    def __init__(
        self, planning: Planning, measures: Collection[str], beside: Collection[int] = frozenset()
    ) -> None:
        """beside: funds to look at although no draft pays for them."""
        funds = {p.fund for d in planning.drafts for p in d.postings if p.fund is not None} | set(beside)
        book = planning.view.postings
        added = drafted(planning.view.known_at, planning.drafts)
        rows = joined([book.where(np.flatnonzero(is_in(book.fund, funds))), added])
        self._fen: Counter[tuple[str, int, int]] = Counter()
        self._by_day: defaultdict[tuple[str, int, int], list[tuple[int, int]]] = defaultdict(list)
        self._whole: Counter[tuple[str, int]] = Counter()
        self._pairs: set[tuple[int, int]] = set()
        for measure in measures:
            moved = movements(rows, measure)
            for fund, investor, day, fen in zip(*(c.tolist() for c in moved[:4]), strict=True):
                self._fen[measure, fund, investor] += fen
                self._by_day[measure, fund, investor].append((day, fen))
                self._pairs.add((fund, investor))
                self._whole[measure, fund] += fen

    def promised(self, fund: int, investor: int) -> bool:
        """Whether the investor ever had a commitment to the fund, sold since or not."""
        return ("committed", fund, investor) in self._fen

    def moved_by(self, fund: int, investor: int) -> bool:
        """Whether anything of the measures ever moved between the investor and the fund."""
        return (fund, investor) in self._pairs

    def of(self, measure: str, fund: int, investor: int) -> int:
        """Fen of one balance."""
        return self._fen[measure, fund, investor]

    def on(self, measure: str, fund: int, investor: int, day: dt.date) -> int:
        """Fen of one balance at the end of a day, whatever moved later."""
        until = day_number(day)
        return sum(fen for moved, fen in self._by_day.get((measure, fund, investor), ()) if moved <= until)

    def moved(self, measure: str, fund: int) -> bool:
        """Whether anything ever moved a measure of a fund."""
        return (measure, fund) in self._whole

    def of_fund(self, measure: str, fund: int) -> int:
        """Fen of all investors of a fund."""
        return self._whole[measure, fund]
