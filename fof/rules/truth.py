"""Three-valued logic: True, False, and None for "cannot be told". The one place where a rule meets what is missing.

An answer is given where every way to fill in what is missing gives it (Kleene): a test that certainly fails stays failed
whatever else is missing, and what is missing never passes. Numbers that are known only to lie between two ends are
compared by their ends.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

T = TypeVar("T")
Number = int | Decimal | Fraction
N = TypeVar("N", int, Decimal, Fraction, dt.date)


def all_of(*tests: bool | None) -> bool | None:
    """False if one is, else None if one cannot be told, else True."""
    return False if False in tests else None if None in tests else True


def any_of(*tests: bool | None) -> bool | None:
    """True if one is, else None if one cannot be told, else False."""
    return True if True in tests else None if None in tests else False


def not_(test: bool | None) -> bool | None:
    """The opposite; None stays None."""
    return None if test is None else not test


def at_least(value: N | None, floor: N | None) -> bool | None:
    """value >= floor."""
    return None if value is None or floor is None else value >= floor


def at_most(value: N | None, cap: N | None) -> bool | None:
    """value <= cap."""
    return None if value is None or cap is None else value <= cap


def above(value: N | None, level: N | None) -> bool | None:
    """value > level."""
    return not_(at_most(value, level))


def below(value: N | None, level: N | None) -> bool | None:
    """value < level."""
    return not_(at_least(value, level))


def same(one: T | None, other: T | None) -> bool | None:
    """one == other."""
    return None if one is None or other is None else one == other


def among(value: T | None, values: Iterable[T]) -> bool | None:
    """value is one of some values."""
    return None if value is None else value in tuple(values)


def given(document: object) -> bool | None:
    """A document that is recorded is there; one that is not may exist."""
    return True if document else None


def agreed(answers: Iterable[T]) -> T | None:
    """What all ways to fill in something missing come to; None where they differ, or there is none."""
    distinct = list(answers)
    return distinct[0] if distinct and all(answer == distinct[0] for answer in distinct) else None


def surely_at_most(low: Number, high: Number | None, cap: Number) -> bool | None:
    """Whether a number between two ends is at most a cap; high None: no upper end is known."""
    if Fraction(low) > Fraction(cap):
        return False
    return True if high is not None and Fraction(high) <= Fraction(cap) else None


def surely_at_least(low: Number, high: Number | None, floor: Number) -> bool | None:
    """Whether a number between two ends is at least a floor; high None: no upper end is known."""
    if Fraction(low) >= Fraction(floor):
        return True
    return False if high is not None and Fraction(high) < Fraction(floor) else None
