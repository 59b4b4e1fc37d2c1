"""A linear program and its optimum, by HiGHS; where columns are to be whole numbers, by its branch and bound.

least  cost · x    subject to    low ≤ A x ≤ high (row by row),  x ≥ 0
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import numpy as np

from fof.book.reading import Bools, Floats
from models.frozen import frozen

NODES = 5_000
"""Of a search for whole numbers: counted, not timed, so that an answer does not hang on the machine."""


@dataclass(slots=True)
class LinearProgram:
    """Rows are added one by one; columns are known from the beginning.

    most, least : upper and lower bounds of columns that have one beside 0      whole : so many columns, from the first one on, are
    whole numbers
    """

    columns: int
    most: dict[int, float] = field(default_factory=dict)
    least: dict[int, float] = field(default_factory=dict)
    whole: int = 0
    rows: list[Floats] = field(default_factory=list)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)

    def add(self, values: Floats, low: float, high: float, more: Sequence[tuple[int, float]] = ()) -> None:
        """A row: values of the first columns, and of single columns by their place."""
        line = np.zeros(self.columns)
        line[: values.size] = values
        for place, value in more:
            line[place] = value
        self.rows.append(line)
        self.low.append(low)
        self.high.append(high)

    def optimum(self, cost: Floats) -> Optimum | Literal["infeasible", "unbounded"]:
        """The optimum, or why there is none; of whole numbers the best that the search came to ("infeasible": it came to none)."""
        import highspy

        matrix = np.array(self.rows)
        lp = highspy.HighsLp()
        lp.num_col_, lp.num_row_ = cost.size, len(self.rows)
        lower, upper = np.zeros(cost.size), np.full(cost.size, np.inf)
        for bounds, stated in ((lower, self.least), (upper, self.most)):
            bounds[list(stated)] = list(stated.values())
        lp.col_cost_, lp.col_lower_, lp.col_upper_ = cost, lower, upper
        lp.row_lower_, lp.row_upper_ = np.array(self.low), np.array(self.high)
        lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        places = [np.flatnonzero(line) for line in matrix]
        lp.a_matrix_.start_ = np.cumsum([0, *(own.size for own in places)]).astype(np.int32)
        lp.a_matrix_.index_ = np.concatenate(places).astype(np.int32)
        lp.a_matrix_.value_ = np.concatenate([line[own] for line, own in zip(matrix, places, strict=True)])
        solver = _solver_class()()
        solver.setOptionValue("threads", 1)
        if self.whole:
            kinds = [highspy.HighsVarType.kInteger] * self.whole
            lp.integrality_ = kinds + [highspy.HighsVarType.kContinuous] * (cost.size - self.whole)
            solver.setOptionValue("mip_max_nodes", NODES)
            solver.setOptionValue("mip_feasibility_tolerance", 1e-9)
            solver.setOptionValue("primal_feasibility_tolerance", 1e-9)
        solver.passModel(lp)
        solver.run()
        status = solver.getModelStatus()
        solution = solver.getSolution()
        if status == highspy.HighsModelStatus.kInfeasible:
            return "infeasible"
        if status != highspy.HighsModelStatus.kOptimal:
            if not self.whole:
                return "unbounded"
            if not solution.value_valid:
                return "infeasible"
        value = np.array(solution.row_value)
        gap = np.minimum(np.abs(value - np.array(self.low)), np.abs(np.array(self.high) - value))
        price = np.zeros(value.size) if self.whole else np.abs(np.array(solution.row_dual))
        return Optimum(
            np.maximum(np.array(solution.col_value), 0.0), gap <= 1e-6 * (1 + np.abs(value)), price
        )


@frozen
class Optimum:
    """amounts of the columns; of each row whether it holds with equality, and its shadow price (none of whole numbers)."""

    amounts: Floats
    tight: Bools
    price: Floats

    def binds(self, row: int) -> bool:
        """Whether the optimum would be another without this row."""
        return bool(self.tight[row] and self.price[row] > 1e-9)


@cache
def _solver_class() -> Any:
    """HiGHS without the banner that a new solver writes to standard output, where a command's document stands, when it enables its
    callbacks."""
    import highspy

    begin: Any = highspy.Highs.enableCallbacks

    def quiet(solver: Any) -> None:
        solver.silent()
        begin(solver)

    return type("QuietHighs", (highspy.Highs,), {"enableCallbacks": quiet})
