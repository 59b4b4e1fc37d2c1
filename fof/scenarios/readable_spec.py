"""What can be read of a specification that has errors: the same without the values that are wrong.

It is never run. It is held against the book, so that whoever wrote the file hears everything at once.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, NamedTuple

from pydantic import ValidationError

from fof.errors import Problem
from fof.scenarios.scenario_spec import Scenario

PASSES = 8
"""A value that is taken out may leave a table without one that it must have, and that a list without a member."""

ANY_LIMIT = {"kind": "excess", "amount": "1"}
"""Stands for a limit that cannot be read, so that the others have their numbers."""

_NAMED = re.compile(r"^([a-z_]+)\[(\d+)\](.*)$", re.DOTALL)


class ReadableSpec(NamedTuple):
    """What is left. places: of each list the numbers that its members have in the file; left_out: texts of members that went;
    shorter: lists that lost a member, or went as a whole."""

    scenario: Scenario
    places: dict[str, list[int]]
    left_out: frozenset[str]
    shorter: frozenset[str]

    def beside(self, own: Sequence[Problem], of_book: Iterable[Problem]) -> list[Problem]:
        """The file's problems and those of the book, with their places in the file: none of what is wrong already, of what
        follows from a member that cannot be read, or of nothing being left."""
        paths = [str(problem.where.field) for problem in own]
        answer = list(own)
        for problem in of_book:
            field = self._in_file(str(problem.where.field or ""))
            known = any(
                field == path or path.startswith(f"{field}[") or field.startswith(f"{path}.")
                for path in paths
            )
            wanted = "pool" if field else "planned"
            follows = problem.found in self.left_out or (
                problem.code == "nothing_to_project" and wanted in self.shorter
            )
            if not known and not follows:
                answer.append(replace(problem, where=replace(problem.where, field=field or None)))
        return answer

    def _in_file(self, field: str) -> str:
        """A path with the number that a member has in the file."""
        named = _NAMED.match(field)
        if named is None or named[1] not in self.places:
            return field
        return f"{named[1]}[{self.places[named[1]][int(named[2]) - 1]}]{named[3]}"


def readable_spec(text: str) -> ReadableSpec | None:
    """What can be read of a TOML text; None where it is none, or too little is left."""
    try:
        data = deepcopy(tomllib.loads(text))
    except (ValueError, RecursionError):
        return None
    stated = {name: len(own) if isinstance(own, list) else 1 for name, own in data.items()}
    places = {name: list(range(1, len(own) + 1)) for name, own in data.items() if isinstance(own, list)}
    left_out: set[str] = set()
    for _ in range(PASSES):
        try:
            scenario = Scenario.model_validate(data)
            left = {name: len(places.get(name, [name])) for name in data}
            shorter = frozenset(name for name, members in stated.items() if left.get(name, 0) < members)
            return ReadableSpec(scenario, places, frozenset(left_out), shorter)
        except ValidationError as error:
            locations = [detail["loc"] for detail in error.errors(include_url=False, include_context=False)]
        gone: dict[str, set[int]] = {}
        for location in locations:
            member = _take_out(data, location)
            if member is not None:
                gone.setdefault(str(location[0]), set()).add(member)
        for name, numbers in gone.items():
            left_out |= {own for n in numbers for own in _texts(data[name][n])}
            data[name] = [own for n, own in enumerate(data[name]) if n not in numbers]
            places[name] = [own for n, own in enumerate(places[name]) if n not in numbers]
        if "name" not in data:
            data["name"] = "?"
    return None


def _take_out(data: dict[str, Any], location: Sequence[int | str]) -> int | None:
    """Take out the value at the location of an error, or the table that lacks it; -> the place of a member of one of the file's
    lists that has to go as a whole, which is left to the caller."""
    reached: list[tuple[Any, Any]] = []
    here: Any = data
    for part in location:
        if (part in here) if isinstance(here, dict) else (isinstance(here, list) and isinstance(part, int)):
            reached.append((here, part))
            here = here[part]
    while reached:
        holder, part = reached.pop()
        if isinstance(holder, dict):
            holder.pop(part)
            return None
        if len(reached) == 1:
            return int(part)
        if reached[-1][1] == "limit":
            holder[part] = dict(ANY_LIMIT)
            return None
    return None


def _texts(value: Any) -> set[str]:
    """Every text in a value."""
    if isinstance(value, dict):
        return {own for inner in value.values() for own in _texts(inner)}
    if isinstance(value, list):
        return {own for inner in value for own in _texts(inner)}
    return {value} if isinstance(value, str) else set()
