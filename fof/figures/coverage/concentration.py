"""How concentrated money at work is: the Herfindahl–Hirschman index by city, industry and company, 0 to 10,000."""

from __future__ import annotations

import numpy as np

from fof.book.currencies import in_order, number_of, of_number
from fof.figures.coverage.surface import Coverage
from models.frozen import frozen
from valuation.concentration import hhi

BY = ("city", "industry", "company")


@frozen
class CoverageConcentration:
    """One index. largest : code of the largest part; share : its part; parts : how many there are with money."""

    by: str
    currency: str
    index: float
    largest: str
    share: float
    parts: int


def concentration(surface: Coverage) -> list[CoverageConcentration]:
    """The indices of money at risk of known companies, each currency by itself; none where nothing is at risk."""
    own = surface.money.where(surface.labels.known[surface.money.place] & (surface.money.at_risk > 0))
    rows = []
    for code in in_order(of_number(n) for n in np.unique(own.currency).tolist()):
        money = own.where(own.currency == number_of(code))
        for by in BY:
            number = money.place if by == "company" else surface.codes(by)[money.place]
            parts, place = np.unique(number, return_inverse=True)
            fen = np.zeros(len(parts), np.int64)
            np.add.at(fen, place, money.at_risk)
            top = int(fen.argmax())
            names = surface.companies.codes if by == "company" else surface.names(by)
            rows.append(
                CoverageConcentration(
                    by, code, hhi(fen), names[int(parts[top])], float(fen[top] / fen.sum()), len(parts)
                )
            )
    return rows
