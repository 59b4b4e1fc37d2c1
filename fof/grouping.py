"""Things under the key of each."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import TypeVar

Thing = TypeVar("Thing")
Key = TypeVar("Key", bound=Hashable)


def by_key(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    """Keys in the order in which they came, and the things of each in theirs; none without a thing.

    >>> by_key(["ba", "c", "de"], len)
    {2: ['ba', 'de'], 1: ['c']}
    """
    groups: dict[Key, list[Thing]] = {}
    for one in things:
        groups.setdefault(key(one), []).append(one)
    return groups
