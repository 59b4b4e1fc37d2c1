"""The door of the kernels: an argument is what it claims to be, or ValuationError says which entry is not.

Every function returns the argument as a float64 or int64 array, or raises with the caller's name of the
argument, the first offending index and the value found there.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from valuation.errors import ValuationError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

Shape = tuple[int | None, ...]

LARGEST = float(np.finfo(np.float64).max)


def refuse_where(bad: Booleans, argument: str, problem: str, values: NDArray[np.generic]) -> None:
    """Raise for the first True of `bad`; `values` has the same shape and supplies what was found."""
    if not bad.any():
        return
    where = tuple(int(i) for i in np.argwhere(bad)[0])
    index = None if not where else where[0] if len(where) == 1 else where
    raise ValuationError(argument, problem, index=index, found=values[where].item())


def check_shape(argument: str, shape: tuple[int, ...], wanted: Shape) -> None:
    """Refuse a shape that differs from `wanted`, where None stands for any length."""
    fits = len(shape) == len(wanted) and all(w is None or s == w for s, w in zip(shape, wanted, strict=True))
    if not fits:
        words = "(" + ", ".join("any" if w is None else str(w) for w in wanted) + ")"
        raise ValuationError(argument, f"shape must be {words}", found=shape)


def reals(
    argument: str,
    value: ArrayLike,
    *,
    shape: Shape | None = None,
    low: float = -np.inf,
    high: float = np.inf,
    above: float = -np.inf,
    below: float = np.inf,
) -> Floats:
    """Finite float64 numbers with low <= x <= high and above < x < below."""
    array = _as_floats(argument, value)
    if shape is not None:
        check_shape(argument, array.shape, shape)
    if array.size == 0:
        return array
    least, most = float(array.min()), float(array.max())  # nan where any is nan
    if max(low, -LARGEST) <= least and most <= min(high, LARGEST) and above < least and most < below:
        return array
    refuse_where(~np.isfinite(array), argument, "not a finite number", array)
    refuse_where(array < low, argument, f"must be at least {low:g}", array)
    refuse_where(array > high, argument, f"must be at most {high:g}", array)
    refuse_where(array <= above, argument, f"must be above {above:g}", array)
    refuse_where(array >= below, argument, f"must be below {below:g}", array)
    return array


def reals_or_unknown(argument: str, value: ArrayLike, *, shape: Shape | None = None) -> Floats:
    """float64 numbers where nan stands for "not known"; infinities are refused."""
    array = _as_floats(argument, value)
    if shape is not None:
        check_shape(argument, array.shape, shape)
    refuse_where(np.isinf(array), argument, "not a finite number", array)
    return array


def whole(
    argument: str,
    value: ArrayLike,
    *,
    shape: Shape | None = None,
    low: int | None = None,
    high: int | None = None,
) -> Integers:
    """Whole numbers (of an integer dtype; floats are refused, however round) with low <= x <= high."""
    array = np.asarray(value)
    if array.size == 0 and array.dtype == np.float64:
        array = array.astype(np.int64)  # an empty list arrives as floats
    if array.dtype.kind not in "iu" or (array.dtype.kind == "u" and bool((array > 2**63 - 1).any())):
        raise ValuationError(argument, "must be whole numbers of 64 bits", found=str(array.dtype))
    array = array.astype(np.int64, copy=False)
    if shape is not None:
        check_shape(argument, array.shape, shape)
    if low is not None:
        refuse_where(array < low, argument, f"must be at least {low}", array)
    if high is not None:
        refuse_where(array > high, argument, f"must be at most {high}", array)
    return array


def plain(array: NDArray[Any], shape: tuple[int, ...] | None = None) -> NDArray[Any]:
    """The array as compiled kernels take it (contiguous, open to writing), spread to `shape` where given."""
    if (shape is None or array.shape == shape) and array.flags.c_contiguous and array.flags.writeable:
        return array
    spread = array if shape is None else np.broadcast_to(array, shape)
    return np.require(spread, requirements=["C", "W"])


def _as_floats(argument: str, value: ArrayLike) -> Floats:
    try:
        return np.asarray(value, dtype=np.float64)
    except (TypeError, ValueError):
        raise ValuationError(
            argument, "must be numbers in a regular array", found=type(value).__name__
        ) from None
