"""Gaps: where money at work falls short of the office's target, the largest first.

A target is an amount at work (equity at cost and loans outstanding, whole money, in yuan) of a stage, a city or a stage in
a city, stated by the office with its document. What has no target has no gap.
"""

from __future__ import annotations

import datetime as dt

from fof.book.currencies import DEFAULT_CURRENCY
from fof.figures.coverage.surface import Coverage, CoverageCell
from fof.ledger import View
from models.facts_coverage import TARGETS
from models.frozen import frozen
from models.money import yuan_text
from models.text import NO_TEXT, Text


@frozen
class CoverageGap:
    """A target and what is at work in its cell, fen of yuan.

    apart     : (currency, fen) at work in its cell that no target in yuan counts
    missing   : target less at work, 0 where it is reached          share : at work / target, nan of a target of nothing
    companies, supported : of the cell         since, document, entry : of the target
    """

    stage: str | None
    city: str | None
    target: int
    at_risk: int
    missing: int
    share: float
    companies: int
    supported: int
    since: dt.date
    document: str | None
    entry: int
    apart: tuple[tuple[str, int], ...] = ()

    @property
    def note(self) -> Text:
        """What is at work in the cell and not counted, with its reason; empty where all of it is counted."""
        if not self.apart:
            return NO_TEXT
        listed = "、".join(f"{currency} {yuan_text(fen)}" for currency, fen in self.apart)
        return Text(
            f"另有 {listed} 在投，目标以人民币设定，不换算，未计入",
            f"{listed.replace('、', ', ')} more at work: the target is in yuan, nothing is converted, not counted",
        )


def coverage_gaps(view: View, surface: Coverage) -> list[CoverageGap]:
    """Every target in force on the view's day with its cell, the most money missing first."""
    gaps = []
    cells: dict[tuple[str, ...], dict[tuple[str | None, str | None], CoverageCell]] = {}
    for name, (stage, city) in TARGETS.items():
        stated = view.stated(("office",), name)
        if stated is None or not isinstance(stated.value, int):
            continue
        own = tuple(d for d, of in (("stage", stage), ("city", city)) if of is not None)
        if own not in cells:
            cells[own] = {(c.stage, c.city): c for c in surface.cells(own)}
        place = (None if stage is None else stage.value, None if city is None else city.value)
        cell = cells[own].get(place)
        amounts = () if cell is None else cell.amounts
        work = sum(a.at_risk for a in amounts if a.currency == DEFAULT_CURRENCY)
        gaps.append(
            CoverageGap(
                *place,
                stated.value,
                work,
                max(0, stated.value - work),
                work / stated.value if stated.value else float("nan"),
                0 if cell is None else cell.companies,
                0 if cell is None else cell.supported,
                stated.since,
                stated.document,
                stated.entry,
                tuple(
                    (a.currency, a.at_risk) for a in amounts if a.currency != DEFAULT_CURRENCY and a.at_risk
                ),
            )
        )
    return sorted(gaps, key=lambda g: (-g.missing, g.stage or "", g.city or ""))
