"""The door of the scenario kernels: what a caller laid out as arrays is held against the shapes and ranges that the kernels take for
granted, and refused by name where it does not fit. Compiled code would read past the end of what is too short.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from valuation.arguments import LARGEST, count, instance, instances, refuse_where
from valuation.refusals import ValuationError
from valuation.scenario_pools import MOST_LOANS, PoolArrays, PoolLimit, PoolPart

_STREAMS = 2**31 - 1
_POOL_STREAMS = 2**30 - 1
_MOST = 2**63 - 1
_BELOW_ONE = float(np.nextafter(1.0, 0.0))
_LONGEST = 2**16
"""Steps of a term or a lag."""


def whole_number(argument: str, value: object, *, low: int = 0, high: int = _MOST) -> int:
    """A seed, or the number of a path."""
    return count(argument, value, low=low, high=high)


def scenario_arrays(arrays: Any) -> None:
    """ValuationError for the first field of `valuation.scenario_paths.ScenarioArrays` that does not fit the others."""
    lengths = _reals("lengths", arrays.lengths, (None,), low=0.0)
    refuse_where(lengths == 0, "lengths", "must be above 0", lengths)
    steps = lengths.size
    funds = _reals("stocks", arrays.stocks, (2, None)).shape[1]
    rates = _reals("rates", arrays.rates, (3, funds, steps), low=0.0)
    refuse_where(rates[:2] > 1, "rates", "must be at most 1 for calls and distributions", rates[:2])
    _wholes("span", arrays.span, (2, funds), 0, steps)
    _reals("noise", arrays.noise, (4, funds))
    _wholes("streams", arrays.streams, (funds,), 0, _STREAMS)
    for name in ("unsigned", "inflow"):
        _reals(name, getattr(arrays, name), (steps,))
    for name in ("paid_in", "distributed"):
        _reals(name, getattr(arrays, name), (funds,))
    _number("opening", arrays.opening, unknown=True)
    _number("reuse", arrays.reuse, low=0.0, high=1.0)
    _number("floor", arrays.floor)
    _groups(arrays.members, funds)
    _histories(arrays.history, funds)
    for place, pool in enumerate(instances("pools", instance("pools", arrays.pools, tuple), PoolArrays)):
        pool_arrays(f"pools[{place}].", pool, steps)


def pool_arrays(prefix: str, pool: PoolArrays, steps: int) -> None:
    """The same of a pool; prefix: stands before the name of a field."""
    whole_number(f"{prefix}stream", pool.stream, high=_POOL_STREAMS)
    for name, least, most in (("loans", 0, MOST_LOANS), ("term", 1, _LONGEST), ("lag", 0, _LONGEST)):
        whole_number(prefix + name, getattr(pool, name), low=least, high=most)
    for name in ("stopped", "reopens"):
        if not isinstance(getattr(pool, name), bool | np.bool_):
            raise ValuationError(
                prefix + name, "must be true or false", found=type(getattr(pool, name)).__name__
            )
    if not isinstance(pool.default, tuple) or len(pool.default) != 2:
        raise ValuationError(f"{prefix}default", "must be two arrays, see step_defaults", found=pool.default)
    _reals(f"{prefix}default", pool.default[0], (steps,), low=0.0, high=1.0)
    place = _array(f"{prefix}default", pool.default[1], (steps,), "f")
    refuse_where(np.isnan(place), f"{prefix}default", "not a number", place)
    for name in ("maturing", "lending", "inflow"):
        _reals(prefix + name, getattr(pool, name), (steps,))
    for name, high in (("rho", _BELOW_ONE), ("pays", LARGEST), ("back", 1.0)):
        _number(prefix + name, getattr(pool, name), low=0.0, high=high)
    _number(f"{prefix}link", pool.link, low=-1.0, high=1.0)
    for name in ("balance", "outstanding", "floor"):
        _number(prefix + name, getattr(pool, name))
    for number, part in enumerate(instances(f"{prefix}parts", pool.parts, PoolPart)):
        own = f"{prefix}parts[{number}]."
        _number(f"{own}outstanding", part.outstanding)
        for name in ("lending", "advances"):
            _number(own + name, getattr(part, name), low=0.0, high=1.0)
        _reals(f"{own}maturing", part.maturing, (steps,))
        whole_number(f"{own}loans", part.loans, high=MOST_LOANS)
    if pool.parts and pool.loans not in (0, sum(part.loans for part in pool.parts)):
        raise ValuationError(f"{prefix}loans", "must be those of all parts together", found=pool.loans)
    for number, limit in enumerate(instances(f"{prefix}limits", pool.limits, PoolLimit)):
        own = f"{prefix}limits[{number}]."
        _wholes(f"{own}start", limit.start, (steps,), 0, steps)
        for name in ("used", "of"):
            _reals(own + name, getattr(limit, name), (steps,))
        _places(f"{own}parts", limit.parts, len(pool.parts))
        if limit.advanced and limit.kind != "enrolment_stop":
            raise ValuationError(f"{own}advanced", "must be of an enrolment stop", found=limit.kind)


def _places(name: str, places: object, count: int) -> None:
    """Places among so many, each once."""
    if not isinstance(places, tuple):
        raise ValuationError(name, "must be a tuple of places", found=type(places).__name__)
    for place in places:
        whole_number(name, place, high=count - 1)
    if len(set(places)) != len(places):
        raise ValuationError(name, "must name each place once", found=places)


def _reals(
    name: str, value: object, shape: Sequence[int | None], *, low: float = -LARGEST, high: float = LARGEST
) -> np.ndarray[Any, Any]:
    array = _array(name, value, shape, "f")
    refuse_where(~np.isfinite(array), name, "not a finite number", array)
    refuse_where(array < low, name, f"must be at least {low:g}", array)
    refuse_where(array > high, name, f"must be at most {high:g}", array)
    return array


def _wholes(name: str, value: object, shape: Sequence[int | None], low: int, high: int) -> None:
    array = _array(name, value, shape, "i")
    refuse_where((array < low) | (array > high), name, f"must be from {low} to {high}", array)


def _array(name: str, value: object, shape: Sequence[int | None], kind: str) -> np.ndarray[Any, Any]:
    """An array of 64 bits of its kind with the shape; kernels take it as it lies there."""
    if not isinstance(value, np.ndarray) or value.dtype.kind != kind or value.dtype.itemsize != 8:
        wanted = "float64" if kind == "f" else "int64"
        raise ValuationError(
            name, f"must be an array of {wanted}", found=getattr(value, "dtype", type(value).__name__)
        )
    if value.ndim != len(shape) or any(
        w is not None and w != n for w, n in zip(shape, value.shape, strict=False)
    ):
        raise ValuationError(name, f"shape must be {tuple(shape)}", found=value.shape)
    return value


def _number(
    name: str, value: object, *, low: float = -LARGEST, high: float = LARGEST, unknown: bool = False
) -> None:
    outside = bool | np.bool_ | np.timedelta64  # the last is a whole number to numpy
    if np.longdouble is not np.float64:
        outside |= np.longdouble  # which no kernel takes
    if isinstance(value, outside) or not isinstance(value, int | float | np.integer | np.floating):
        raise ValuationError(name, "must be a number", found=type(value).__name__)
    if isinstance(value, int) and abs(value) > _MOST:
        raise ValuationError(name, "must be a number that float64 holds", found=value)
    number = float(value)
    if unknown and number != number:
        return
    if not low <= number <= high:
        raise ValuationError(name, f"must be from {low:g} to {high:g}", found=value)


def _groups(members: object, funds: int) -> None:
    if not isinstance(members, tuple) or not all(isinstance(group, tuple) for group in members):
        raise ValuationError(
            "members", "must be a tuple of groups, each a tuple of places of funds", found=members
        )
    for group in members:
        for place in group:
            whole_number("members", place, high=funds - 1)


def _histories(history: object, funds: int) -> None:
    if not isinstance(history, tuple) or len(history) not in (0, funds):
        raise ValuationError(
            "history", "must be empty or have times and amounts of each fund", found=type(history).__name__
        )
    for pair in history:
        if not isinstance(pair, tuple) or len(pair) != 2:
            raise ValuationError(
                "history", "must have times and amounts of each fund", found=type(pair).__name__
            )
        times = _reals("history", pair[0], (None,), high=0.0)
        _reals("history", pair[1], (times.size,))
