"""How the surface changed between two days, explained company by company: who moved, who entered, who left.

Both days are asked of one state of knowledge, so that a correction is not taken for a change.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from fof.figures.coverage.stage_arrays import UNKNOWN_STAGE, Bools, Ints
from fof.figures.coverage.surface import Coverage
from models.frozen import frozen
from models.text import Text

REASONS = ("entered", "left", "stage", "city", "industry", "first_support", "exited")


@frozen
class CoverageMove:
    """A company that stands elsewhere than before.

    before, after : (stage, city, industry), "" for what is not known; None where it was not there
    reasons       : of REASONS: entered or left the book, another stage, city or industry, money for the first time (it and
                    whom it took over had none), nothing at risk any more (in it, or in who took it over)
    """

    place: int
    before: tuple[str, str, str] | None
    after: tuple[str, str, str] | None
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class CoverageChange:
    """Everybody who moved, and what it did to each stage.

    tests : of REASONS, the companies of which it is so
    """

    before: Coverage
    after: Coverage
    tests: Mapping[str, Bools]

    @cached_property
    def places(self) -> Ints:
        """Of the companies that moved."""
        return np.flatnonzero(np.logical_or.reduce(list(self.tests.values())))

    @cached_property
    def moves(self) -> tuple[CoverageMove, ...]:
        """Who moved, by code."""
        return tuple(
            CoverageMove(
                place,
                _place(self.before, place),
                _place(self.after, place),
                tuple(name for name in REASONS if self.tests[name][place]),
            )
            for place in self.places.tolist()
        )

    @cached_property
    def stages(self) -> Mapping[tuple[str | None, str | None], int]:
        """(stage before, stage after) -> companies; None: not there on that day."""
        names: tuple[str | None, ...] = (*self.before.names("stage"), None)
        size = len(names)
        counts = np.bincount(_codes(self.before) * size + _codes(self.after), minlength=size * size).tolist()
        pairs = {(names[n // size], names[n % size]): count for n, count in enumerate(counts) if count}
        pairs.pop((None, None), None)
        return pairs

    def explained(self, stage: str | None) -> tuple[int, int, int, int, int]:
        """(companies before, entered, moved in less moved out, left, companies after) of a stage; before + entered + moved -
        left = after."""
        old, new = self._count(self.before, stage), self._count(self.after, stage)
        entered = self.stages.get((None, stage), 0)
        left = self.stages.get((stage, None), 0)
        moved = sum(
            n * ((b == stage) - (a == stage))
            for (a, b), n in self.stages.items()
            if a is not None and b is not None and a != b
        )
        return old, entered, moved, left, new

    @staticmethod
    def _count(surface: Coverage, stage: str | None) -> int:
        code = surface.names("stage").index(stage or "")
        return int((surface.labels.known & (surface.labels.stage == code)).sum())


def coverage_change(before: Coverage, after: Coverage) -> CoverageChange:
    """The change from one surface to another of the same prefix."""
    old, new = before.labels, after.labels
    both = old.known & new.known
    reached_before = _money_in(before, before.money.deployed)
    reached_before[new.standing[np.flatnonzero(reached_before)]] = True
    at_risk = _money_in(after, after.money.at_risk)[new.standing]
    return CoverageChange(
        before,
        after,
        {
            "entered": ~old.known & new.known,
            "left": old.known & ~new.known,
            "stage": both & (old.stage != new.stage),
            "city": both & (old.city != new.city),
            "industry": both & (old.industry != new.industry),
            "first_support": ~reached_before & after.supported,
            "exited": before.held & ~at_risk,
        },
    )


def _money_in(surface: Coverage, fen: Ints) -> Bools:
    """Companies with money of a kind, whether or not they still stand."""
    mask = np.zeros(len(surface.companies), bool)
    mask[surface.money.place[fen > 0]] = True
    return mask


def _codes(surface: Coverage) -> Ints:
    """Stage codes, one beyond the unknown for what is not there."""
    return np.where(surface.labels.known, surface.labels.stage, UNKNOWN_STAGE + 1)


def _place(surface: Coverage, place: int) -> tuple[str, str, str] | None:
    if not surface.labels.known[place]:
        return None
    stage, city, industry = (
        surface.names(d)[int(surface.codes(d)[place])] for d in ("stage", "city", "industry")
    )
    return stage, city, industry


REASON_TEXTS = {
    "entered": Text("新进入", "entered"),
    "left": Text("退出名录", "left"),
    "stage": Text("阶段变动", "another stage"),
    "city": Text("迁移城市", "another city"),
    "industry": Text("行业变动", "another industry"),
    "first_support": Text("首次获得资金", "money for the first time"),
    "exited": Text("已无在投", "nothing at risk any more"),
}
