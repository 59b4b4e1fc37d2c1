"""The numbers of the rules in force on a day: the rulebook's, and the settings that override them for one fund or the office.

A setting is a fund's (or the whole office's) own value from a day on, with the document it rests on and who set it.
"""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from fof.rules.parameters import DatedNumber, Parameter, RuleProblem, RulesRefused
from fof.rules.registry import Rule, RuleSource, Value
from models.frozen import frozen
from models.text import NO_TEXT, Text


@frozen
class OwnNumber:
    """An own value: of a fund, or of the whole office (fund is None), from a day on (until a last day)."""

    parameter: str
    value: str
    since: dt.date
    document: str
    who: str
    fund: str | None = None
    until: dt.date | None = None


@frozen
class Numbers:
    """The parameters of one rule on a day: name -> value, name -> (value, source), and those without a value."""

    values: Mapping[str, Value]
    sources: Mapping[str, tuple[Value, Text]]
    lacking: tuple[str, ...]


Version = tuple[RuleSource | None, Numbers]
"""A rule as it stood on a day, for one fund: its source (None: not in force) and its numbers."""


class NumbersInForce:
    """The numbers in force for a fund on a day: its own setting, else the office's, else the rulebook's.

    Of two settings from the same day the later in `rows` counts. RulesRefused lists every row that names an
    unknown parameter, one that a fund may not set, a value of the wrong kind, or gives no document.
    """

    def __init__(self, parameters: Mapping[str, Parameter], rows: Iterable[OwnNumber] = ()) -> None:
        self.parameters = parameters
        self._own: dict[tuple[str | None, str], list[DatedNumber]] = {}
        problems = []
        for row in rows:
            try:
                self._add(row)
            except ValueError as error:
                place = row.fund or "office"
                problems.append(RuleProblem("settings", 0, f"{place}, {row.parameter}, {row.since}: {error}"))
        if problems:
            raise RulesRefused(problems)
        for dated in self._own.values():
            dated.sort(key=lambda d: d.since)  # stable: the later row of a day comes last and wins
        self._funds = {fund for fund, _ in self._own}
        self._resolved: dict[tuple[str, str | None, int], Numbers] = {}
        self._changes: dict[tuple[str, str | None], list[dt.date]] = {}
        self._versions: dict[tuple[str, str | None], Versions] = {}

    def _add(self, row: OwnNumber) -> None:
        parameter = self.parameters.get(row.parameter)
        if parameter is None:
            raise ValueError("no such parameter")
        if not parameter.settable:
            raise ValueError("fixed by its source; it cannot be set")
        if not row.document.strip():
            raise ValueError("no document given")
        if row.until is not None and row.until < row.since:
            raise ValueError(f"ends on {row.until}, before it starts")
        cited = f"{row.document} ({row.who}, {row.since})"
        dated = DatedNumber(row.since, parameter.read(row.value), Text(cited, cited), row.until)
        self._own.setdefault((row.fund, row.parameter), []).append(dated)

    def on(self, name: str, day: dt.date, fund: str | None = None) -> DatedNumber | None:
        """The value of one parameter for a fund on a day, None where none is in force. KeyError if unknown."""
        parameter = self.parameters[name]
        for whose in (fund, None) if fund is not None else (None,):
            for dated in reversed(self._own.get((whose, name), ())):
                if dated.since <= day and (dated.until is None or day <= dated.until):
                    return dated
        return parameter.on(day)

    def of_rule(self, rule: Rule, day: dt.date, fund: str | None = None) -> Numbers:
        """A rule's parameters for a fund on a day; the same object for all days between which nothing changes."""
        whose = fund if fund in self._funds else None
        changes = self._changes.get((rule.id, whose))
        if changes is None:
            changes = self._changes[rule.id, whose] = sorted(self._change_days(rule, whose))
        key = (rule.id, whose, bisect_right(changes, day))
        numbers = self._resolved.get(key)
        if numbers is None:
            dated = {name: self.on(name, day, whose) for name in rule.params}
            numbers = self._resolved[key] = Numbers(
                {name: None if d is None else d.value for name, d in dated.items()},
                {name: (None, NO_TEXT) if d is None else (d.value, d.source) for name, d in dated.items()},
                tuple(name for name, d in dated.items() if d is None),
            )
        return numbers

    def version(self, rule: Rule, day: dt.date, fund: str | None = None) -> Version:
        """The rule's source (None: not in force) and its numbers on a day; the same pair for all days between which nothing
        changes."""
        return self.versions(rule, fund).on(day)

    def versions(self, rule: Rule, fund: str | None = None) -> Versions:
        """All versions of a rule for a fund: what is asked for many days is looked up once."""
        whose = fund if fund in self._funds else None
        versions = self._versions.get((rule.id, whose))
        if versions is None or versions.rule is not rule:
            days = self._change_days(rule, whose) | {
                d for source in rule.sources for d in _changes_on(source)
            }
            numbers = partial(self.of_rule, rule, fund=fund)
            versions = self._versions[rule.id, whose] = Versions(rule, sorted(days), numbers)
        return versions

    def _change_days(self, rule: Rule, fund: str | None) -> set[dt.date]:
        days: set[dt.date] = set()
        for name in rule.params:
            for rows in (self.parameters[name].values, *(self._own.get((f, name), ()) for f in {fund, None})):
                days.update(day for dated in rows for day in _changes_on(dated))
        return days


class Versions:
    """A rule's versions for one fund: the days on which one begins or ends, and what holds between them, by place."""

    __slots__ = ("_days", "_numbers", "_pairs", "rule")

    def __init__(self, rule: Rule, days: list[dt.date], numbers: Callable[[dt.date], Numbers]) -> None:
        self.rule, self._days, self._numbers = rule, days, numbers
        self._pairs: dict[int, Version] = {}

    def on(self, day: dt.date) -> Version:
        """The version of a day; an audit asks for it at every event."""
        at = bisect_right(self._days, day)
        pair = self._pairs.get(at)
        if pair is None:
            pair = self._pairs[at] = self.rule.source_on(day), self._numbers(day)
        return pair


def _changes_on(dated: DatedNumber | RuleSource) -> tuple[dt.date, ...]:
    """The first day in force, and the first no longer so."""
    end = dated.until
    return (dated.since,) if end is None or end == dt.date.max else (dated.since, end + dt.timedelta(days=1))
