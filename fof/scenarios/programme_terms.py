"""What a scenario asks of a commitment programme that is to be found; see fof.scenarios.programme_plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from fof.scenarios.spec_parts import Flag, Rate, SpecPart, Yuan
from models.kinds import Strategy


class CoverTerms(SpecPart):
    """Money that funds of a strategy can still call and invest: at least this much at the end of each year, from `since` years
    after today up to the last year of the programme."""

    strategy: Strategy
    amount: Yuan
    since: Annotated[int, Field(strict=True, ge=0, le=20)] = 1


class ProgrammeTerms(SpecPart):
    """Targets of a programme; the liquidity floor is that of the portfolio's cash.

    years       : new commitments at the end of each of so many years, the first one after the as-of day
    strategies  : among which a year's commitments are divided        most_a_year : of all of them together
    nav_share   : of value in value and cash, from share_from years after today on; None: as much as can be committed
    tolerance   : by how much a share may be off before it counts as missed
    least       : part of the programme that a strategy gets at least
    cover       : coverage: money that funds of a strategy still have to invest (of the funds there are, and of the programme)
    meet_gap    : what cash lacks to its floor without any new commitment is appropriated in the quarter in which it lacks; False:
                  a floor that is missed without any new commitment leaves no programme
    """

    years: Annotated[int, Field(strict=True, ge=1, le=20)] = 5
    strategies: Annotated[tuple[Strategy, ...], Field(min_length=1, max_length=8)] = (Strategy.VC,)
    most_a_year: Yuan | None = None
    nav_share: Rate | None = None
    share_from: Annotated[int, Field(strict=True, ge=1, le=30)] = 5
    tolerance: Rate = 0.1
    least: Mapping[Strategy, Rate] = {}
    cover: tuple[CoverTerms, ...] = ()
    meet_gap: Flag = False
    source: str = ""
