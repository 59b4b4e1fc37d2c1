"""What an angel-investment programme pays for a loss, and its caps: one formula for the rule and for the claim desk (RC-37)."""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from models.kinds import Stage


class AngelTerms(NamedTuple):
    """Rates of the seed and the start-up stage; caps of a project, and of an institution in a calendar year, in fen."""

    seed: Decimal
    startup: Decimal
    project_cap: int
    yearly_cap: int

    def due(self, loss: int, stage: Stage) -> int:
        """What is paid for a loss of a stage on the day of the investment, in fen, rounded down: nothing for later stages, never
        more than the project's cap; the year's cap is for whoever knows what was paid in it."""
        rate = {Stage.SEED: self.seed, Stage.STARTUP: self.startup}.get(stage, Decimal(0))
        return min(int(rate * loss), self.project_cap)
