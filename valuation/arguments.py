"""The door of the kernels: an argument is what it claims to be, or ValuationError says which entry is not.

Every function returns the argument as a float64 or int64 array, or raises with the caller's name of the
argument, the first offending index and the value found there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Set
from contextlib import suppress
from numbers import Number
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from valuation.refusals import ValuationError

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Booleans = NDArray[np.bool_]

Shape = tuple[int | None, ...]

Kind = TypeVar("Kind")

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
    value: object,
    *,
    shape: Shape | None = None,
    low: float = -np.inf,
    high: float = np.inf,
    above: float = -np.inf,
    below: float = np.inf,
) -> Floats:
    """Finite float64 numbers with low <= x <= high and above < x < below."""
    array = as_floats(argument, value)
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


def reals_or_unknown(argument: str, value: object, *, shape: Shape | None = None) -> Floats:
    """float64 numbers where nan stands for "not known"; infinities are refused."""
    array = as_floats(argument, value)
    if shape is not None:
        check_shape(argument, array.shape, shape)
    refuse_where(np.isinf(array), argument, "not a finite number", array)
    return array


def whole(
    argument: str,
    value: object,
    *,
    shape: Shape | None = None,
    low: int | None = None,
    high: int | None = None,
) -> Integers:
    """Whole numbers (of an integer dtype; floats are refused, however round) with low <= x <= high."""
    array = array_of(argument, value)
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


def array_of(argument: str, value: object) -> NDArray[Any]:
    """Whatever comes as an array of numpy's choice. Ragged lists are refused in our own words, and so are masked values (what
    is masked is not known) and spans of time, which numpy counts among the whole numbers.
    """
    if isinstance(value, Mapping | Set | Iterator):
        raise ValuationError(argument, "must be numbers in a regular array", found=type(value).__name__)
    if isinstance(value, np.ma.MaskedArray) and bool(np.ma.getmaskarray(value).any()):
        raise ValuationError(argument, "must be numbers, none of them masked", found=type(value).__name__)
    try:
        array = np.asarray(value)
    except (TypeError, ValueError, OverflowError):
        raise ValuationError(
            argument, "must be numbers in a regular array", found=type(value).__name__
        ) from None
    if array.dtype.kind == "m":
        raise ValuationError(argument, "must not be spans of time", found=str(array.dtype))
    return array


def as_floats(argument: str, value: object) -> Floats:
    """float64 numbers of any shape, nan and infinities among them; text, booleans and complex numbers are refused."""
    array = array_of(argument, value)
    if array.dtype == np.float64:
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.float64)
    if array.dtype.kind == "f":
        with np.errstate(over="ignore"):
            return array.astype(np.float64)
    if array.dtype.kind != "O":
        raise ValuationError(argument, "must be numbers", found=_one_of(array))
    numbers = np.empty(array.shape)
    for place in np.ndindex(array.shape):
        numbers[place] = _as_float(argument, place, array[place])
    return numbers


def _as_float(argument: str, place: tuple[int, ...], item: object) -> float:
    """One number of an array that numpy does not hold as numbers: a Fraction, a Decimal, a very large int."""
    index = None if not place else place[0] if len(place) == 1 else place
    if isinstance(item, bool | np.bool_) or not isinstance(item, Number) or isinstance(item, complex):
        raise ValuationError(argument, "not a number", index=index, found=item)
    try:
        return float(item)  # type: ignore[arg-type]  # a real number, or refused below
    except (TypeError, ValueError, OverflowError):
        raise ValuationError(argument, "not a number that float64 holds", index=index, found=item) from None


def _one_of(array: NDArray[Any]) -> object:
    return array.reshape(-1)[0].item() if array.size else str(array.dtype)


def real(argument: str, value: object, **limits: float) -> float:
    """One finite number within the limits that `reals` takes."""
    return float(reals(argument, value, shape=(), **limits))


def count(argument: str, value: object, *, low: int | None = 0, high: int | None = None) -> int:
    """One whole number with low <= x <= high, as a Python int; floats are refused, however round, and so are booleans."""
    if isinstance(value, bool | np.timedelta64) or not isinstance(value, int | np.integer):
        raise ValuationError(argument, "must be a whole number", found=value)
    number = int(value)
    if low is not None and number < low:
        raise ValuationError(argument, f"must be at least {low}", found=number)
    if high is not None and number > high:
        raise ValuationError(argument, f"must be at most {high}", found=number)
    return number


def texts(argument: str, value: object, *, length: int | None = None) -> tuple[str, ...]:
    """A tuple of names. One name by itself is refused: it would be taken for a list of letters."""
    names = _listed(argument, value, "names")
    for i, name in enumerate(names):
        if not isinstance(name, str):
            raise ValuationError(argument, "must be a name", index=i, found=name)
    if length is not None and len(names) != length:
        raise ValuationError(argument, f"must be of length {length}, is {len(names)}")
    return names


def text(argument: str, value: object) -> str:
    """One text."""
    if not isinstance(value, str):
        raise ValuationError(argument, "must be text", found=value)
    return value


def instance(argument: str, value: object, kind: type[Kind]) -> Kind:
    """An object of the library's own, such as Terms."""
    if not isinstance(value, kind):
        raise ValuationError(argument, f"must be {kind.__name__}", found=type(value).__name__)
    return value


def instances(argument: str, values: object, kind: type[Kind]) -> tuple[Kind, ...]:
    """A tuple of such objects."""
    listed = _listed(argument, values, kind.__name__)
    return tuple(instance(f"{argument}[{i}]", value, kind) for i, value in enumerate(listed))


def _listed(argument: str, values: object, what: str) -> tuple[Any, ...]:
    if not isinstance(values, str | bytes) and isinstance(values, Iterable):
        with suppress(TypeError):  # an array without dimensions has no entries
            return tuple(values)
    raise ValuationError(argument, f"must be a tuple of {what}", found=values)


def mapping(argument: str, value: object) -> Mapping[Any, Any]:
    """A mapping of names."""
    if not isinstance(value, Mapping):
        raise ValuationError(argument, "must be a mapping of names", found=type(value).__name__)
    return value


def within_float64(argument: str, result: Floats, values: Floats | None = None) -> Floats:
    """The result, refused where the arithmetic left float64; `values` (of its shape) are what led there."""
    if not np.isfinite(result).all():
        bad = np.asarray(~np.isfinite(result))
        refuse_where(bad, argument, "leads to an amount beyond float64", result if values is None else values)
    return result
