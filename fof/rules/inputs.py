"""What each rule asks its facts for, as data: inputs.toml. A test draws facts from it, takes some away and holds the verdict
against that of every way to fill them in again.

A rule's table names its inputs by their path from the subject down ("stakes.investor.kind"; of a stake rule "stake.…" and
"fund.…") with the values to try: whole closed lists ("all"), numbers on both sides of each threshold ("@parameter"), days
around each limit ("@parameter" in days, months or years before the as-of day, or an offset such as "+12m-1d").

  decides   : inputs that decide whether the rule binds, or by which of its limits; taken away, it may say "unknown" although
              every limit would be kept
  stated    : inputs of which no record is a statement of its own ("not filed yet", "nobody is free of loss")
  documents : evidence that may exist without being recorded, and the values of other inputs with which it is asked for:
              without it nothing passes then (no condition: where it counts it is asked for)
  far       : further values, beyond all others, by which a missing input is filled in: numbers and days have no end
  parts     : subjects that are taken away with all that is known of them
  asks      : inputs without values to try: of the rules of staff co-investment, whose facts hang together in ways that no list
              of values keeps
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
import types
from collections import abc
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any, Union, get_args, get_origin, get_type_hints

from fof.rules import facts, facts_coinvest, facts_deals, facts_instruments, facts_parties, facts_pools
from fof.rules.calendar_days import add_months
from fof.rules.parameters import Parameter, RuleProblem, RulesRefused
from fof.rules.registry import RULES, Rule, Scope
from models.frozen import frozen

FILE = Path(__file__).with_name("inputs.toml")
_LISTS = ("decides", "stated", "documents", "far", "parts", "asks")
_ROOTS: Mapping[Scope, Mapping[str, type]] = {
    Scope.FUND: {"": facts.FundFacts},
    Scope.STAKE: {"stake": facts_parties.StakeFacts, "fund": facts.FundFacts},
    Scope.DEAL: {"": facts_deals.DealFacts},
    Scope.TRANSFER: {"": facts_deals.TransferFacts},
    Scope.COMPANY: {"": facts_parties.CompanyFacts},
    Scope.INVESTOR: {"": facts_parties.InvestorFacts},
    Scope.REORGANISATION: {"": facts.ReorganisationFacts},
    Scope.OFFICE: {"": facts.OfficeFacts},
    Scope.PLAN: {"": facts_coinvest.PlanFacts},
    Scope.PROJECT: {"": facts_coinvest.ProjectFacts},
    Scope.STAFF_STAKE: {"": facts_coinvest.StaffStakeFacts},
    Scope.VEHICLE: {"": facts_coinvest.VehicleFacts},
    Scope.INSTITUTION: {"": facts_coinvest.InstitutionFacts},
    Scope.PARTICIPATION: {"": facts_coinvest.ParticipationFacts},
    Scope.AGREEMENT: {"": facts_pools.AgreementFacts},
    Scope.POOL: {"": facts_pools.PoolFacts},
    Scope.LOAN: {"": facts_pools.LoanFacts},
    Scope.CLAIM: {"": facts_pools.ClaimFacts},
    Scope.GUARANTOR: {"": facts_pools.GuarantorFacts},
    Scope.VOUCHER: {"": facts_instruments.GrantFacts},
    Scope.SUBSIDY: {"": facts_instruments.GrantFacts},
    Scope.RESULT: {"": facts_instruments.ResultFacts},
    Scope.DEDUCTION: {"": facts_instruments.DeductionFacts},
    Scope.STATISTICS: {"": facts_instruments.StatisticsFacts},
}
KNOWN = frozenset(
    {
        "FundFacts.kind",
        "InvestorFacts.kind",
        "OwnerFacts.kind",
        "ParentFacts.kind",
        "FundThen.kind",
        "FundThen.government_money",
        "StakeFacts.committed",
        "StakeFacts.first_committed_on",
        "StakeFacts.last_committed_on",
        "StakeFacts.declared",
        "StakeFacts.first_declared",
        "DealFacts.day",
        "TransferFacts.day",
    }
)
"""Fields that the book always has: a party's kind, the sum of its postings, the day of an entry."""
ALL, EVERY, NOTHING = "*", "all", "none"


@frozen
class Input:
    """One input: its path, the class and the type of its field, whether the book may lack it, and the values as written."""

    path: tuple[str, ...]
    owner: Any
    type: Any
    optional: bool
    written: tuple[Any, ...]
    far: tuple[Any, ...] = ()


@frozen
class RuleInputs:
    """A rule's inputs by name, and which of them have a reading of their own where they are missing (see the module)."""

    inputs: Mapping[str, Input]
    decides: frozenset[str]
    stated: frozenset[str]
    documents: Mapping[str, Mapping[str, tuple[Any, ...]]]
    parts: Mapping[str, Input]
    asks: Mapping[str, Input]


@cache
def declared() -> dict[str, RuleInputs]:
    """Every rule's declaration; RulesRefused if one is missing, or names what its facts have not got."""
    with FILE.open("rb") as stream:
        tables = tomllib.load(stream)
    problems = [f"{id_} is no rule" for id_ in tables if id_ not in RULES]
    silent = [id_ for id_ in RULES if id_ not in tables]
    problems += [f"{id_} does not say what it asks for" for id_ in silent]
    read = {}
    for id_, table in tables.items():
        if id_ in RULES:
            try:
                read[id_] = _read(RULES[id_], table)
            except (KeyError, ValueError) as error:
                problems.append(f"{id_}: {error}")
    if problems:
        raise RulesRefused([RuleProblem(FILE.name, 0, problem) for problem in problems])
    return read


def _read(rule: Rule, table: Mapping[str, Any]) -> RuleInputs:
    lists = {name: frozenset(table.get(name, ())) for name in ("decides", "stated", "parts")}
    evidence = {
        name: {n: tuple(own) for n, own in asked.items()}
        for name, asked in table.get("documents", {}).items()
    }
    inputs = {
        name: replace(
            _input(rule, name, (written,) if isinstance(written, str) else tuple(written)),
            far=tuple(table.get("far", {}).get(name, ())),
        )
        for name, written in table.items()
        if name not in _LISTS
    }
    named = lists["decides"] | lists["stated"] | evidence.keys() | table.get("far", {}).keys()
    strangers = named - inputs.keys() - {ALL, *table.get("asks", ())}
    if strangers:
        raise ValueError(f"no values for {', '.join(sorted(strangers))}")
    parts = {name: _input(rule, name, ()) for name in sorted(lists["parts"])}
    asks = {name: _input(rule, name, ()) for name in table.get("asks", ())}
    return RuleInputs(inputs, lists["decides"], lists["stated"], evidence, parts, asks)


def _input(rule: Rule, name: str, written: tuple[Any, ...]) -> Input:
    roots, path = _ROOTS[rule.scope], name.split(".")
    alone = "" in roots
    owner: Any = None
    kind, optional = roots["" if alone else path[0]], False
    for part in path if alone else path[1:]:
        owner = _without_none(get_args(kind)[0])[0] if get_origin(kind) is tuple else kind
        kind, optional = _field(owner, part)
    known = f"{getattr(owner, '__name__', '')}.{path[-1]}" in KNOWN
    return Input(tuple(path), owner, kind, optional and not known, written)


def _field(owner: Any, name: str) -> tuple[Any, bool]:
    """(type without its None, whether it may be None) of a field; of a mapping its values'. KeyError for none such."""
    if get_origin(owner) is abc.Mapping:
        return _without_none(get_args(owner)[1])
    return fields_of(owner)[name]


@cache
def fields_of(kind: Any) -> dict[str, tuple[Any, bool]]:
    """Field -> (type, whether it may be None) of a class of facts."""
    names = [f.name for f in fields(kind)] if is_dataclass(kind) else getattr(kind, "_fields", ())
    hints = get_type_hints(kind)
    return {name: _without_none(hints[name]) for name in names}


def _without_none(hint: Any) -> tuple[Any, bool]:
    if get_origin(hint) in (Union, types.UnionType):
        rest = [arg for arg in get_args(hint) if arg is not type(None)]
        return rest[0], len(rest) < len(get_args(hint))
    return hint, False


_STEP = re.compile(r"([+-]\d+)([dmy])")


def day_from(day: dt.date, written: str) -> dt.date:
    """A day by its distance from another: "+12m-1d" is the day before the same day of the next year."""
    if _STEP.sub("", written) not in ("", "0"):
        raise ValueError(f"a distance such as +12m-1d expected, found {written!r}")
    for count, unit in _STEP.findall(written):
        number = int(count)
        if unit == "d":
            day += dt.timedelta(days=number)
        else:
            day = add_months(day, number * (12 if unit == "y" else 1))
    return day


@frozen
class Values:
    """The values to try, with days counted from `day` and thresholds in force on it. ValueError for one that does not fit."""

    day: dt.date
    parameters: Mapping[str, Parameter]

    def of(self, given: Input, *, far: bool = False) -> list[Any]:
        """Each value once; `far`: those by which a missing input alone is filled in."""
        values: list[Any] = []
        for written in given.far if far else given.written:
            if isinstance(written, str) and written.startswith("@"):
                own = self._around(given.type, written)
            elif written == EVERY:
                own = _members(given.type)
            else:
                own = [self._typed(given.type, written)]
            values += [value for value in own if value not in values]
        return values

    def _around(self, kind: Any, written: str) -> list[Any]:
        """The threshold and its neighbours: fen, heads or days one apart, shares a ten-thousandth."""
        if kind is dt.date:
            return [self._day(written) + dt.timedelta(days=n) for n in (-1, 0, 1)]
        step: Any = 1 if kind is int else kind("0.0001")
        at: Any = kind(self._threshold(written))
        return [at - step, at, at + step]

    def _threshold(self, written: str) -> Any:
        dated = self.parameters[written[1:]].on(self.day)
        if dated is None:
            raise ValueError(f"{written} has no value on {self.day}")
        return dated.value

    def _day(self, written: str) -> dt.date:
        """A day by its distance, or so many days, months or years before as a parameter says."""
        if not written.startswith("@"):
            return day_from(self.day, written)
        unit = self.parameters[written[1:]].unit
        return day_from(self.day, f"-{self._threshold(written)}{unit[0]}")

    def _typed(self, kind: Any, written: Any) -> Any:
        """A value of the file as one of the field's type."""
        origin, args = get_origin(kind), get_args(kind)
        if origin in (Union, types.UnionType):
            return None if written == NOTHING else self._typed(_without_none(kind)[0], written)
        if kind is dt.date:
            return self._day(written)
        if kind in (int, bool, str):
            if not isinstance(written, kind):
                raise ValueError(f"{kind.__name__} expected, found {written!r}")
            return written
        if kind in (Decimal, Fraction):
            return kind(written)
        if origin is frozenset:
            return frozenset(self._typed(args[0], own) for own in written)
        if origin is abc.Mapping:
            return {own: self._typed(args[1], value) for own, value in written.items()}
        if origin is tuple:
            return self._tuple(args, written)
        if isinstance(kind, type) and issubclass(kind, Enum):
            return kind(written)
        if isinstance(written, str):
            return kind(written)  # a party by its code alone
        hints = get_type_hints(kind)
        return kind(*(self._typed(hints[name], own) for name, own in zip(hints, written, strict=False)))

    def _tuple(self, args: tuple[Any, ...], written: Any) -> tuple[Any, ...]:
        if isinstance(written, Mapping):  # so many parties of whom nothing but the code is known
            return tuple(args[0](f"M{n}") for n in range(written["people"]))
        if args[-1] is Ellipsis:
            return tuple(self._typed(args[0], own) for own in written)
        return tuple(self._typed(arg, own) for arg, own in zip(args, written, strict=True))


def _members(kind: Any) -> list[Any]:
    """Both answers, every member of a closed list, or one list of all its members."""
    if get_origin(kind) is tuple:
        return [tuple(get_args(kind)[0])]
    return [True, False] if kind is bool else list(kind)
