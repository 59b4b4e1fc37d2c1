"""The numbers of the rules as data: parameters.toml.

A parameter names its rules, its unit and its dated values, each with the source it was read from. A file that
does not hold together is refused as a whole, every problem with its line.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from pathlib import Path

from fof.rules.registry import Rule, Value
from models.frozen import frozen
from models.money import UNITS, decimal_of, fen_of
from models.text import NO_TEXT, Text

FILE = Path(__file__).with_name("parameters.toml")

DECIMAL_UNITS = frozenset({"share", "multiple", "points"})
INTEGER_UNITS = frozenset({"days", "months", "years", "count"})
ALL_UNITS = DECIMAL_UNITS | INTEGER_UNITS | {"fen", "flag", "word", "steps"}

_KEYS = frozenset({"rule", "unit", "zh", "en", "settable", "choices", "values"})
_VALUE_KEYS = frozenset({"from", "until", "value", "source"})
_STEPS = re.compile(r"[0-9.]+:[0-9]+(?: [0-9.]+:[0-9]+)*")
_AMOUNT = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\s*(元|万元|百万元|亿元)")


@frozen
class RuleProblem:
    """One thing wrong with a rule file or a setting. `line` counts from 1; 0 where there is no line."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}" if self.line else f"{self.file}: {self.text}"


class RulesRefused(ValueError):
    """Rules, parameters or settings that do not hold together; `problems` lists everything that is wrong."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@frozen
class DatedNumber:
    """A value from a day on (until a last day, if given), and where it was read."""

    since: dt.date
    value: Value
    source: Text
    until: dt.date | None = None


@frozen
class Parameter:
    """A named number of the rulebook: its rules, unit, dated values; whether a fund may set its own.

    choices : the words that a parameter of unit "word" may be, none where any word will do
    """

    name: str
    rules: tuple[str, ...]
    unit: str
    text: Text
    settable: bool
    values: tuple[DatedNumber, ...]
    line: int
    choices: tuple[str, ...] = ()

    def on(self, day: dt.date) -> DatedNumber | None:
        """The value in force on `day`, None before the first or in a gap."""
        at = bisect_right(self.values, day, key=lambda dated: dated.since) - 1
        if at < 0:
            return None
        dated = self.values[at]
        return None if dated.until is not None and day > dated.until else dated

    def read(self, text: str) -> Value:
        """A setting's text as a value of this parameter's unit; ValueError says what was expected."""
        value = self._read(text.strip())
        return self.within(value)

    def typed(self, text: str) -> Value:
        """`read`, for what comes in now: a number in plain digits (what is in a book stays readable as it is)."""
        if self.unit in DECIMAL_UNITS | INTEGER_UNITS:
            text = str(decimal_of(text))
        return self.read(text)

    def within(self, value: Value) -> Value:
        """The value, if it can be one: ValueError for a share above 1 (40 is not 40 %), for what is below nought,
        and for a word that is not one of the choices."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            if self.unit == "share" and not 0 <= value <= 1:
                raise ValueError(f"a share from 0 to 1 expected (0.4 is 40 %), found {value}")
            if value < 0:
                raise ValueError(f"nought or more expected, found {value}")
        if self.choices and value not in self.choices:
            raise ValueError(f"one of {', '.join(self.choices)} expected, found {value!r}")
        return value

    def _read(self, text: str) -> Value:
        if self.unit in DECIMAL_UNITS:
            try:
                value = Decimal(text)
            except InvalidOperation:
                raise ValueError(f"a decimal expected, found {text!r}") from None
            if not value.is_finite():
                raise ValueError(f"a finite decimal expected, found {text!r}")
            return value
        if self.unit in INTEGER_UNITS:
            return int(text)
        if self.unit == "fen":
            return _amount(text) if not re.fullmatch(r"-?[0-9]+", text) else int(text)
        if self.unit == "flag":
            if text not in ("yes", "no"):
                raise ValueError(f"yes or no expected, found {text!r}")
            return text == "yes"
        return _typed(self.unit, text)


def _amount(text: str) -> int:
    match = _AMOUNT.fullmatch(text)
    if match is None or match[2] not in UNITS:
        raise ValueError(f"an amount with its unit expected (3000万元), found {text!r}")
    return fen_of(match[1], match[2])


def _typed(unit: str, value: object) -> Value:
    """A TOML value as its unit wants it; ValueError says what was expected."""
    if unit in DECIMAL_UNITS and isinstance(value, int | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    if unit in INTEGER_UNITS and isinstance(value, int) and not isinstance(value, bool):
        return value
    if unit == "fen" and isinstance(value, str):
        return _amount(value)
    if unit == "flag" and isinstance(value, bool):
        return value
    if unit == "steps" and isinstance(value, str) and _STEPS.fullmatch(value):
        return value  # "0.30:20 0.25:16": from this share on, so many points; highest first
    if unit == "word" and isinstance(value, str) and value:
        return value
    raise ValueError(f"value {value!r} does not fit unit {unit!r}")


class _Lines:
    """Where in the text a table starts, and where its n-th inline value stands (tomllib does not say)."""

    def __init__(self, text: str) -> None:
        self.tables: dict[str, int] = {}
        self._values: dict[str, list[int]] = {}
        table = ""
        for number, line in enumerate(text.splitlines(), start=1):
            head = re.match(r"\s*\[\s*\"?([^\]\"]+?)\"?\s*\]", line)
            if head:
                table = head[1]
                self.tables.setdefault(table, number)
                self._values.setdefault(table, [])
            else:
                bare = re.sub(r'"(?:\\.|[^"\\])*"', '""', line).partition("#")[0]
                self._values.setdefault(table, []).extend([number] * bare.count("{"))

    def value(self, table: str, index: int) -> int:
        places = self._values.get(table, [])
        return places[index] if index < len(places) else self.tables.get(table, 0)


class _Reader:
    """Reads one file, collecting problems."""

    def __init__(self, file: str, text: str) -> None:
        self.file, self.lines = file, _Lines(text)
        self.problems: list[RuleProblem] = []

    def problem(self, line: int, text: str) -> None:
        self.problems.append(RuleProblem(self.file, line, text))

    def parameter(self, name: str, table: object) -> Parameter | None:
        line = self.lines.tables.get(name, 0)
        if not isinstance(table, dict):
            self.problem(line, f"{name}: a table expected")
            return None
        for key in sorted(set(table) - _KEYS):
            self.problem(line, f"{name}: unknown key {key!r}")
        rules = table.get("rule")
        rules = [rules] if isinstance(rules, str) else rules
        if not isinstance(rules, list) or not rules or not all(isinstance(r, str) for r in rules):
            self.problem(line, f"{name}: rule must name at least one rule")
            rules = []
        unit = table.get("unit")
        if unit not in ALL_UNITS:
            self.problem(line, f"{name}: unknown unit {unit!r}")
            return None
        for key in ("zh", "en"):
            if not isinstance(table.get(key), str) or not table[key].strip():
                self.problem(line, f"{name}: {key} is missing")
        settable = table.get("settable", True)
        if not isinstance(settable, bool):
            self.problem(line, f"{name}: settable must be true or false")
        choices = table.get("choices", [])
        if not isinstance(choices, list) or not all(isinstance(c, str) for c in choices):
            self.problem(line, f"{name}: choices must be a list of words")
            choices = []
        text = Text(str(table.get("zh", "")), str(table.get("en", "")))
        own = settable is True
        parameter = Parameter(name, tuple(rules), str(unit), text, own, (), line, tuple(choices))
        return replace(parameter, values=self.values(parameter, table.get("values")))

    def values(self, parameter: Parameter, rows: object) -> tuple[DatedNumber, ...]:
        name = parameter.name
        if not isinstance(rows, list) or not rows:
            self.problem(self.lines.tables.get(name, 0), f"{name}: values are missing")
            return ()
        read: list[DatedNumber] = []
        for index, row in enumerate(rows):
            line = self.lines.value(name, index)
            dated = self.dated(parameter, row, line)
            if dated is None:
                continue
            if read and dated.since <= read[-1].since:
                self.problem(line, f"{name}: {dated.since} does not come after {read[-1].since}")
            elif read and (before := read[-1].until) is not None and before >= dated.since:
                self.problem(
                    line, f"{name}: {dated.since} overlaps the value before, in force until {before}"
                )
            read.append(dated)
        return tuple(read)

    def dated(self, parameter: Parameter, row: object, line: int) -> DatedNumber | None:
        name = parameter.name
        if not isinstance(row, dict):
            self.problem(line, f"{name}: each value is a table with from, value and source")
            return None
        for key in sorted(set(row) - _VALUE_KEYS):
            self.problem(line, f"{name}: unknown key {key!r} in a value")
        since, until, source = row.get("from"), row.get("until"), row.get("source")
        if type(since) is not dt.date:
            self.problem(line, f"{name}: from must be a day")
            return None
        if until is not None and (type(until) is not dt.date or until < since):
            self.problem(line, f"{name}: until must be a day not before {since}")
            until = None
        cited = _cited(source)
        if not cited:
            self.problem(line, f"{name}: the value from {since} has no source")
        try:
            value = parameter.within(_typed(parameter.unit, row.get("value")))
        except ValueError as error:
            self.problem(line, f"{name}: {error}")
            return None
        return DatedNumber(since, value, cited, until)


def _cited(source: object) -> Text:
    """A source as the file has it: a citation, which is the same in both languages, or a text in each of them."""
    match source:
        case str():
            return Text(source.strip(), source.strip())
        case [str() as zh, str() as en] if zh.strip() and en.strip():
            return Text(zh, en)
    return NO_TEXT


def load(path: Path, rules: Mapping[str, Rule]) -> dict[str, Parameter]:
    """The parameters of a file, held against the rules that use them.

    RulesRefused lists, with file and line: bad TOML, unknown keys and units, values without source, with
    unsorted or overlapping days or of the wrong type, rules that do not exist, and names that the rule's
    `params` and the file do not share.
    """
    text = path.read_text(encoding="utf-8")
    try:
        document = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        position = re.search(r"line (\d+)", str(error))
        raise RulesRefused(
            [RuleProblem(path.name, int(position[1]) if position else 0, str(error))]
        ) from error
    reader = _Reader(path.name, text)
    parameters = {}
    for name, table in document.items():
        parameter = reader.parameter(name, table)
        if parameter is not None:
            parameters[name] = parameter
    reader.problems.extend(_mismatches(path.name, parameters, document, rules))
    if reader.problems:
        raise RulesRefused(reader.problems)
    return parameters


def _mismatches(
    file: str, parameters: Mapping[str, Parameter], document: Mapping[str, object], rules: Mapping[str, Rule]
) -> Iterable[RuleProblem]:
    """Where a parameter and the rules that it names do not name each other."""
    for parameter in parameters.values():
        for named in parameter.rules:
            rule = rules.get(named)
            if rule is None:
                yield RuleProblem(file, parameter.line, f"{parameter.name}: no rule {named}")
            elif parameter.name not in rule.params:
                yield RuleProblem(file, parameter.line, f"{parameter.name}: rule {named} does not use it")
    for rule in rules.values():
        code = rule.judge.__code__
        place = Path(code.co_filename).name
        for name in rule.params:
            if name not in document:
                yield RuleProblem(place, code.co_firstlineno, f"{rule.id}: no parameter {name} in {file}")
            elif name in parameters and rule.id not in parameters[name].rules:
                yield RuleProblem(file, parameters[name].line, f"{name}: {rule.id} uses it and is not named")
