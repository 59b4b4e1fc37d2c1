"""What a scenario says of risk-compensation pools; see fof.scenarios.scenario_spec for how a file is read.

What is left out of a pool that the book has is taken from the book (fof.scenarios.pool_inputs); of a pool that is planned it must
be typed.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fof.scenarios.spec_parts import Flag, Rate, SpecPart, Yuan
from valuation.scenario_pools import MOST_LOANS

CORRELATION = 0.12
"""Basel II, corporates: between 0.12 and 0.24, the lower end for loans with high default probabilities (BCBS, "International
Convergence of Capital Measurement and Capital Standards", June 2006, paragraph 272)."""


class PoolLimitTerms(SpecPart):
    """A limit: amount, or rate of a denominator, or the lower of both; over a year of the calendar, the last twelve months, or
    all time. net: recoveries are taken off what was paid."""

    kind: Literal["enrolment_stop", "excess", "payment_cap"]
    amount: Yuan | None = None
    rate: Rate | None = None
    denominator: Literal["released", "matured", "outstanding", "enrolled"] | None = None
    period: Literal["year", "rolling", "cumulative"] = "year"
    net: Flag = False


class PoolTerms(SpecPart):
    """A pool: as the book has it, and what is assumed of the years to come.

    opening, outstanding, loans : money in it, guaranteed principal, number of loans that are outstanding
    lending     : newly enrolled a year          term : years of a loan
    default_rate: of a loan a year               correlation, venture_link : of the loans, and of their factor with the market's
    share       : of defaulted principal that the pool owes        recovery, recovery_years : what comes back of that, and when
    guarantor_share : of defaulted principal of its loans that a guarantor with a limit of its own pays itself
    top_up      : paid in a year                 floor : money below which it is filled up by those who pay in
    limit       : None: as agreed in the book    reopens : enrolment goes on once a stop is no longer reached
    """

    code: Annotated[str, Field(min_length=1, max_length=40)]
    opening: Yuan | None = None
    outstanding: Yuan | None = None
    loans: Annotated[int, Field(strict=True, ge=1, le=MOST_LOANS)] | None = None
    lending: Yuan | None = None
    term: Annotated[float, Field(strict=True, gt=0.0, le=30.0)] | None = None
    default_rate: Rate | None = None
    correlation: Annotated[float, Field(strict=True, ge=0.0, lt=1.0)] | None = None
    venture_link: Annotated[float, Field(strict=True, ge=-1.0, le=1.0)] = 0.0
    share: Rate | None = None
    guarantor_share: Rate | None = None
    recovery: Rate = 0.0
    recovery_years: Annotated[float, Field(strict=True, gt=0.0, le=20.0)] = 1.0
    top_up: Yuan = 0
    floor: Yuan = 0
    limit: tuple[PoolLimitTerms, ...] | None = None
    reopens: Flag = False
    source: str = ""
