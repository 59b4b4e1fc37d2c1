"""What a scenario says of the companies of its funds; see fof.scenarios.scenario_spec for how a file is read.

What is left out is taken from the book where the book has it (fof.scenarios.company_inputs); the law of outcomes from a publication.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from fof.scenarios.spec_parts import Rate, SpecPart, Yuan

BOUNDS = (0.0, 1.0, 5.0, 10.0, 20.0, 50.0)
SHARES = (0.648, 0.253, 0.059, 0.025, 0.011, 0.004)
OUTCOMES = "Correlation Ventures 2004–2013 (21,640 financings)"
"""Shares of financings by gross multiple, as reported by Seth Levine (12 August 2014)."""

Intensity = Annotated[float, Field(strict=True, gt=0.0, le=4.0)]
Multiple = Annotated[float, Field(strict=True, ge=0.0, le=1e6)]


class OutcomeTerms(SpecPart):
    """Companies of funds: what comes of them in place of a fund's growth and distributions.

    funds       : codes; empty: every fund whose companies the book values, and planned ones
    ticket      : what goes into one company; None: the mean first investment of the portfolio's funds
    exit_rate   : exits a company-year; None: the book's own
    move_rates  : moves a company-year out of seed, start-up, growth; None: the book's own
    entry_stage : of companies to come               link : of an outcome with the venture market
    bounds, shares, tail : brackets of multiples, the part of companies in each, Pareto index above the last
    staff       : part of each cost that staff put in beside, at the same price
    fee_rate    : of the commitment a year, taken of calls; None: as stated of each fund
    carry, hurdle, catch_up, concession : None: as stated of each fund
    """

    funds: tuple[str, ...] = ()
    ticket: Yuan | None = None
    exit_rate: Intensity | None = None
    move_rates: Annotated[tuple[Intensity, ...], Field(min_length=3, max_length=3)] | None = None
    entry_stage: Literal["seed", "startup", "growth", "mature", "unknown"] = "unknown"
    link: Annotated[float, Field(strict=True, ge=-1.0, le=1.0)] = 0.0
    bounds: Annotated[tuple[Multiple, ...], Field(min_length=2, max_length=30)] | None = None
    shares: Annotated[tuple[Rate, ...], Field(min_length=2, max_length=30)] | None = None
    tail: Annotated[float, Field(strict=True, gt=1.0, le=20.0)] | None = None
    staff: Rate = 0.0
    fee_rate: Rate | None = None
    carry: Annotated[float, Field(strict=True, ge=0.0, lt=1.0)] | None = None
    hurdle: Rate | None = None
    catch_up: Rate | None = None
    concession: Rate | None = None
    source: str = ""
