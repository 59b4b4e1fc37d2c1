"""What each payer has in one company, by instrument, with the government's part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from fof.book.company_money import INSTRUMENTS
from fof.book.currencies import of_number
from fof.figures.coverage.surface import Coverage
from models.kinds import SupportKind
from models.money import known_sum


class PayerMoney(NamedTuple):
    """Fen that a payer put into a company by an instrument, and what of it is at risk. government: the part of governments in
    it, and in whole fen of both; None where it is not known. instrument and payer None: the sum of a currency."""

    instrument: SupportKind | None
    payer: int | None
    currency: str
    deployed: int
    at_risk: int
    government: float | None
    government_deployed: int | None
    government_at_risk: int | None


def company_payers(surface: Coverage, party: int) -> list[PayerMoney]:
    """A line per payer and instrument, then the sum of each currency; a sum of what is unknown in part is unknown."""
    place = int(surface.companies.place_of[party])
    money = surface.money.where(np.flatnonzero(surface.money.place == place))
    columns = (money.instrument, money.payer, money.currency, money.deployed, money.at_risk, money.government)
    lines: list[PayerMoney] = []
    for kind, payer, currency, deployed, at_risk, part in zip(*(c.tolist() for c in columns), strict=True):
        known = part == part
        lines.append(
            PayerMoney(
                INSTRUMENTS[kind],
                payer,
                of_number(currency),
                deployed,
                at_risk,
                part if known else None,
                round(part * deployed) if known else None,
                round(part * at_risk) if known else None,
            )
        )
    return lines + [
        _total([line for line in lines if line.currency == currency])
        for currency in dict.fromkeys(line.currency for line in lines)
    ]


def _total(lines: Sequence[PayerMoney]) -> PayerMoney:
    return PayerMoney(
        None,
        None,
        lines[0].currency,
        sum(line.deployed for line in lines),
        sum(line.at_risk for line in lines),
        None,
        known_sum([line.government_deployed for line in lines]),
        known_sum([line.government_at_risk for line in lines]),
    )
