"""Three-valued logic: True, False, and None for "cannot be told"."""

from __future__ import annotations


def all_of(*tests: bool | None) -> bool | None:
    """False if one is, else None if one cannot be told, else True."""
    return False if False in tests else None if None in tests else True


def any_of(*tests: bool | None) -> bool | None:
    """True if one is, else None if one cannot be told, else False."""
    return True if True in tests else None if None in tests else False


def not_(test: bool | None) -> bool | None:
    """The opposite; None stays None."""
    return None if test is None else not test


def at_least(value: int | None, floor: int) -> bool | None:
    """value >= floor."""
    return None if value is None else value >= floor


def at_most(value: int | None, cap: int) -> bool | None:
    """value <= cap."""
    return None if value is None else value <= cap
