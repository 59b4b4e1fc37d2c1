"""Bounded non-linear least squares for a handful of parameters, many candidates at a time.

Damped Gauss–Newton (K. Levenberg 1944; D. Marquardt, "An Algorithm for Least-Squares Estimation of Nonlinear
Parameters", SIAM J. 11, 1963) on the parameters that are not pinned to a bound, every step cut back to the box.
Derivatives are differences, taken in one call of the residuals for all parameters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from valuation.arguments import Booleans, Floats

Residuals = Callable[[Floats], Floats]
"""(candidates, parameters) -> (candidates, observations)"""

MOST_STEPS = 200
DIFFERENCE = 1e-6  # of the width of the box
GAIN = 1e-12  # a step that improves the sum of squares by less than this share is the last
STIFFEST = 1e12


@dataclass(frozen=True, slots=True, eq=False)
class Solution:
    """What was found.

    parameters  : (n,)  with the least sum of squares found
    sensitivity : (n,)  length of the residuals' derivative by each parameter there; 0: the data are silent on it
    converged   : no step from there improves the sum
    """

    parameters: Floats
    squares: float
    sensitivity: Floats
    converged: bool


def least_squares(
    residuals: Residuals, starts: Floats, low: Floats, high: Floats, follow: int = 3
) -> Solution:
    """The parameters in [low, high] with the least sum of squared residuals, from the best of many starts.

    residuals : see `Residuals`; finite for every candidate in the box
    starts    : (m, n)   low, high : (n,); equal bounds hold a parameter
    follow    : how many of the starts, the best ones, are followed to their minimum

    Deterministic. A local method: it finds the least of the minima that the starts lead to.
    """
    inside = np.unique(np.clip(starts, low, high), axis=0)
    squares = (residuals(inside) ** 2).sum(axis=1)
    order = np.argsort(squares, kind="stable")[:follow]
    solutions = [_descend(residuals, inside[k], low, high) for k in order]
    return min(solutions, key=lambda solution: solution.squares)


def _descend(residuals: Residuals, start: Floats, low: Floats, high: Floats) -> Solution:
    here, damping = start, 1e-3
    now = residuals(here[None])[0]
    squares, sensitivity = float(now @ now), np.zeros(start.size)
    for _ in range(MOST_STEPS):
        slope = _derivatives(residuals, here, low, high)
        sensitivity = np.sqrt((slope**2).sum(axis=0))
        downhill = -(slope.T @ now)
        free = (high > low) & ~((here <= low) & (downhill <= 0)) & ~((here >= high) & (downhill >= 0))
        if not free.any() or squares == 0.0:
            return Solution(here, squares, sensitivity, True)
        improved = False
        while damping <= STIFFEST:
            trial = np.clip(here + _step(slope, downhill, free, damping), low, high)
            then = residuals(trial[None])[0]
            trial_squares = float(then @ then)
            if trial_squares < squares:
                improved = True
                break
            damping *= 5.0
        if not improved:
            return Solution(here, squares, sensitivity, True)
        gain = (squares - trial_squares) / squares
        here, now, squares = trial, then, trial_squares
        if gain < GAIN:
            return Solution(here, squares, sensitivity, True)
        damping = max(damping / 10.0, 1e-12)
    return Solution(here, squares, sensitivity, False)


def _step(slope: Floats, downhill: Floats, free: Booleans, damping: float) -> Floats:
    """Marquardt's step in the free parameters, 0 in the others."""
    normal = slope[:, free].T @ slope[:, free]
    scale = np.diagonal(normal).copy()
    scale[scale <= 0] = 1.0
    step = np.zeros(free.size)
    step[free] = np.linalg.solve(normal + np.diag(damping * scale), downhill[free])
    return step


def _derivatives(residuals: Residuals, here: Floats, low: Floats, high: Floats) -> Floats:
    """(observations, n): central differences, one-sided at a bound; 0 for held parameters."""
    n, width = here.size, DIFFERENCE * (high - low)
    up = np.minimum(here + width, high)
    down = np.maximum(here - width, low)
    candidates = np.repeat(here[None], 2 * n, axis=0)
    candidates[np.arange(n), np.arange(n)] = up
    candidates[n + np.arange(n), np.arange(n)] = down
    values = residuals(candidates)
    gap = np.where(up > down, up - down, 1.0)
    slope: Floats = ((values[:n] - values[n:]) / gap[:, None]).T
    return slope
