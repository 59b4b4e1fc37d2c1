"""Why no programme holds its targets: every smallest set of them that cannot be held together, and by how little each must give way.

A set is smallest where it can be held without any one of its members; a target that no programme holds is a set by itself. All of
them are found by leaving out the members of each in turn (the tree of Reiter 1987, "A theory of diagnosis from first principles",
Artificial Intelligence 32), each set of targets looked at once.
"""

from __future__ import annotations

import datetime as dt

import numpy as np

from fof import words
from fof.errors import Problem, Where
from fof.scenarios.linear_program import Optimum
from fof.scenarios.programme_parts import CashGap
from fof.scenarios.programme_rows import UNIT, ProgrammeRow, ProgrammeRows
from models.kinds import Strategy
from models.text import Text, joined

LOOKED_AT = 500
"""Sets of targets that are looked at: far more than conditions of a plan give rise to."""


def conflicts(rows: ProgrammeRows) -> list[Problem]:
    """A problem for each smallest set that cannot be held together, those of the fewest targets first."""
    search = _ConflictSearch(rows)
    return [search.problem(own) for own in sorted(search.smallest, key=lambda s: (len(s), search.named(s)))]


class _ConflictSearch:
    """The rows by target, and the smallest sets that cannot be held."""

    def __init__(self, rows: ProgrammeRows) -> None:
        self._rows = rows
        self._of: dict[str, list[ProgrammeRow]] = {}
        for row in rows.listed():
            if not row.soft:
                self._of.setdefault(row.condition.place, []).append(row)
        self.smallest: list[frozenset[str]] = []
        todo, looked_at = [frozenset(self._of)], set[frozenset[str]]()
        while todo and len(looked_at) < LOOKED_AT:
            targets = todo.pop()
            if targets in looked_at:
                continue
            looked_at.add(targets)
            known = next((own for own in self.smallest if own <= targets), None)
            if known is None:
                if self._holds(targets):
                    continue
                known = self._shrunk(targets)
                self.smallest.append(known)
            todo += [targets - {one} for one in sorted(known)]

    def named(self, targets: frozenset[str]) -> list[str]:
        """In the order of the file's conditions."""
        return [place for place in self._of if place in targets]

    def _listed(self, targets: frozenset[str]) -> list[ProgrammeRow]:
        return [row for place in self.named(targets) for row in self._of[place]]

    def _holds(self, targets: frozenset[str]) -> bool:
        if not targets:
            return True
        program = self._rows.program(self._listed(targets))
        return program.optimum(np.zeros(program.columns)) != "infeasible"

    def _shrunk(self, targets: frozenset[str]) -> frozenset[str]:
        """Targets that cannot be held, without every one that is not needed for that."""
        for one in self.named(targets):
            if not self._holds(targets - {one}):
                targets -= {one}
        return targets

    def _gives(self, targets: frozenset[str], one: str) -> tuple[float, dt.date | None]:
        """Yuan by which one of a set must give way, where the rest of it and every target that is in no set are held; and the day on which
        it does."""
        free = frozenset(self._of).difference(*self.smallest)
        rows = self._listed((targets | free) - {one}) + self._of[one]
        program = self._rows.program(rows, giving={one})
        cost = np.zeros(program.columns)
        cost[-1] = 1.0
        least = program.optimum(cost)
        if not isinstance(least, Optimum):  # by the solver's tolerance alone
            return np.nan, None
        binding = [row.condition.day for n, row in enumerate(rows) if row in self._of[one] and least.binds(n)]
        return float(least.amounts[-1]) * UNIT, binding[0] if binding else None

    # -- in words -------------------------------------------------------------------------------------------------

    def problem(self, targets: frozenset[str]) -> Problem:
        """What cannot be held together, and by how little each must give way."""
        listed, gap = self.named(targets), self._rows.gap()
        if listed == ["cash.floor"] and gap is not None:
            return no_plan("cash.floor", self._gap(gap, targets))
        if len(listed) == 1:
            sentence = Text("任何计划都达不到", "no programme holds it")
            return no_plan(listed[0], joined([sentence, self._instead(targets, listed[0])], Text("；", "; ")))
        head = joined([self._target(place) for place in listed])
        ways = joined([self._instead(targets, place) for place in listed], Text("；", "; "))
        return no_plan(
            ", ".join(listed),
            Text(
                f"不能同时达到：{head.zh}。其余守住时，{ways.zh}",
                f"cannot be held together: {head.en}. With the others held, {ways.en}",
            ),
        )

    def _gap(self, gap: CashGap, targets: frozenset[str]) -> Text:
        """What cash lacks anyhow, and the floor that a programme holds."""
        zh = f"即使不再新认缴，{gap.first} 至 {gap.last} 的现金低于最低现金，最多少 {{}}（{gap.lowest}）"
        en = f"without any new commitment cash is below its floor from {gap.first} to {gap.last}, by {{}} at most ({gap.lowest})"
        short = self._with_amount(Text(zh, en), gap.lacking)
        return joined([short, self._instead(targets, "cash.floor")], Text("；", "; "))

    def _target(self, place: str) -> Text:
        """A target with what is wanted."""
        own = self._of[place][0].condition
        if own.target == "least":
            strategy = Strategy(own.scope)
            return Text(
                f"{strategy.zh}至少占计划的 {words.percent(own.wanted)}",
                f"at least {words.percent(own.wanted)} of the programme for {strategy.value}",
            )
        if own.target == "cover":
            strategy = Strategy(own.scope)
            sentence = Text(f"{strategy.zh}可投资金 {{}}", f"{{}} that {strategy.value} can still invest")
        elif own.target == "floor":
            sentence = Text("最低现金 {}", "a floor of cash of {}")
        else:
            sentence = Text("每年认缴至多 {}", "{} a year at most")
        return self._with_amount(sentence, own.wanted)

    def _instead(self, targets: frozenset[str], place: str) -> Text:
        """What of a target a programme holds."""
        own = self._of[place][0].condition
        gives, day = self._gives(targets, place)
        if gives != gives:
            return Text("守得住多少求不出", "how much of it is held cannot be found")
        on = Text("", "") if day is None else Text(f"（{day}）", f" ({day})")
        if own.target == "floor":
            sentence = self._floor(own.wanted - gives)
        elif own.target == "cover":
            strategy = Strategy(own.scope)
            sentence = self._with_amount(
                Text(f"{strategy.zh}可投资金至多 {{}}", f"{strategy.value} can still invest {{}} at most"),
                own.wanted - gives,
            )
        elif own.target == "least":
            strategy = Strategy(own.scope)
            sentence = self._with_amount(
                Text(
                    f"{strategy.zh}比其最低占比至少少 {{}}",
                    f"{strategy.value} lacks {{}} at least of its part",
                ),
                gives,
            )
        else:
            sentence = self._with_amount(
                Text("每年认缴至少须放宽到 {}", "most_a_year must be {} at least"), own.wanted + gives
            )
        return Text(f"{sentence.zh}{on.zh}", f"{sentence.en}{on.en}")

    def _floor(self, holds: float) -> Text:
        """The floor that a programme holds; what must come from outside where that is below 0."""
        if holds >= 0:
            return self._with_amount(
                Text("守得住的最低现金是 {}", "the floor that a programme holds is {}"), holds
            )
        zh = "最低现金降到 0 也守不住，须另筹 {}"
        en = "no floor of 0 or more is held without {} from outside"
        if self._rows.gap() is not None:
            zh, en = (
                f"{zh}，或设 meet_gap = true 按季拨款补足",
                f"{en}, or meet_gap = true, which appropriates it by quarter",
            )
        return self._with_amount(Text(zh, en), self._rows.floor - holds)

    def _with_amount(self, sentence: Text, yuan: float) -> Text:
        amount = words.readable(round(100 * yuan), self._rows.currency)
        return Text(sentence.zh.format(amount.zh), sentence.en.format(amount.en))


def no_plan(place: str, text: Text) -> Problem:
    """That no programme is found, with its place in the file."""
    return Problem("no_plan", text, None, Where(field=place))
