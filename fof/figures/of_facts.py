"""Figures of one party that are made of its attributes in force, declared so that each of them can be opened.

A module of this folder names its own in `OPENS`: figure of the register -> OfFacts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

import fof.figures
from fof.book.reading import Reason
from fof.ledger import View


class OfFacts(NamedTuple):
    """A figure made of attributes.

    terms : names of the attributes, in the order of the formula
    of    : (view, id of a party) -> its value, None where there is none, and then the reason
    """

    terms: tuple[str, ...]
    of: Callable[[View, int], tuple[int | float | None, Reason | None]]


@cache
def figures_of_facts() -> Mapping[str, OfFacts]:
    """Every figure of this kind, by name."""
    figures: dict[str, OfFacts] = {}
    for module in iter_modules(fof.figures.__path__):
        figures |= getattr(import_module(f"fof.figures.{module.name}"), "OPENS", {})
    return figures
