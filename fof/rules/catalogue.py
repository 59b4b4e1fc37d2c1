"""Which rules there are: coded, not checkable, later; and which were in force on a day.

Importing this module imports every module of the folder, which fills RULES, and loads parameters.toml against them.
"""

from __future__ import annotations

import datetime as dt
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple

import fof.rules
from fof.rules.not_checkable import LATER, LATER_FAMILIES, NOT_CHECKABLE
from fof.rules.numbers_in_force import NumbersInForce
from fof.rules.parameters import FILE, Parameter, load
from fof.rules.registry import RULES, Rule, RuleSource, Value
from models.text import Text

for _module in iter_modules(fof.rules.__path__):
    import_module(f"fof.rules.{_module.name}")


class Stats(NamedTuple):
    """Ids of the rulebook's rules by what became of them; not_checkable maps an id to its reasons."""

    coded: list[str]
    not_checkable: dict[str, Text]
    later: list[str]


def stats() -> Stats:
    """Every rule of the rulebook, once."""
    later = [
        f"{family}-{number:02d}" for family, count in LATER_FAMILIES.items() for number in range(1, count + 1)
    ]
    coded = sorted({rule.of_rulebook for rule in RULES.values()})
    return Stats(coded, dict(sorted(NOT_CHECKABLE.items())), sorted([*later, *LATER]))


@cache
def parameters() -> dict[str, Parameter]:
    """The rulebook's numbers; RulesRefused if the file does not hold together."""
    return load(FILE, RULES)


@cache
def default_settings() -> NumbersInForce:
    """The rulebook's numbers with no fund's own setting over them."""
    return NumbersInForce(parameters())


class RuleChange(NamedTuple):
    """What became of one rule between two days.

    before, after : its version on either day, None where it was not in force
    numbers       : name -> (value before, value after) of the parameters that differ
    """

    rule: Rule
    before: RuleSource | None
    after: RuleSource | None
    numbers: dict[str, tuple[Value, Value]]


def changes(first: dt.date, second: dt.date, settings: NumbersInForce | None = None) -> list[RuleChange]:
    """Rules whose version or numbers differ between two days (two rule worlds), by id."""
    settings = settings or default_settings()
    changed = []
    for _, rule in sorted(RULES.items()):
        before, after = rule.source_on(first), rule.source_on(second)
        old, new = settings.of_rule(rule, first).values, settings.of_rule(rule, second).values
        numbers = {name: (old[name], new[name]) for name in rule.params if old[name] != new[name]}
        if before != after or (before is not None and numbers):
            changed.append(RuleChange(rule, before, after, numbers))
    return changed
