"""What a plan consists of: its commitments, its conditions with what becomes of them, the cash that lacks anyhow."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from fof.scenarios.scenario_spec import Scenario
from models.frozen import frozen
from models.kinds import Strategy

Target = Literal["floor", "nav_share", "most_a_year", "least", "cover", "appropriated"]


@frozen
class PlannedCommitment:
    """A commitment of the programme: fen."""

    code: str
    strategy: Strategy
    signed_on: dt.date
    commitment: int


@frozen
class PlannedTarget:
    """A condition of the programme; target appropriated: money that the plan assumes to come (`meet_gap`), of which nothing is wanted.

    wanted, expected : yuan of cash, of a year's commitments, of what can still be called; else a share. expected: on the path
    without noise
    binds  : held with equality by the optimum            price : its shadow price, in yuan of the objective a yuan (or a share of 1)
    missed : part of the paths that miss it; nan for what is decided with the programme
    """

    target: Target
    scope: str
    day: dt.date | None
    wanted: float
    expected: float
    binds: bool
    price: float
    missed: float


@frozen
class CashGap:
    """Cash below its floor without any new commitment: first and last day, the lowest and by how much; yuan."""

    first: dt.date
    last: dt.date
    lowest: dt.date
    lacking: float


@frozen
class RoundedMiss:
    """A condition that no whole units of 10,000 yuan hold: by how much the programme misses it, at most and when; yuan."""

    place: str
    day: dt.date | None
    yuan: float


@frozen
class ProgrammePlan:
    """The programme, its conditions, how far the value's share is off on average, and the scenario with the programme in it.

    gap    : what cash lacks without any new commitment, None: nothing; met by the appropriations among the targets
    missed : conditions that whole units cannot hold; none: the programme as rounded holds all
    """

    scenario: Scenario
    commitments: tuple[PlannedCommitment, ...]
    targets: tuple[PlannedTarget, ...]
    deviation: float
    paths: int
    gap: CashGap | None
    missed: tuple[RoundedMiss, ...] = ()
