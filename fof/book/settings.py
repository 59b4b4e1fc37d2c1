"""Rule numbers that the book sets, for one fund or for the whole office: the one reader of them.

A setting that cannot be read (no such number, one fixed by its source, a value of another kind, no document, an end
before its start) counts nowhere: it is listed with the reason, and the number before it stays in force.
"""

from __future__ import annotations

from typing import NamedTuple

from fof.book.reading import once_per_prefix
from fof.ledger import View
from fof.rules import catalogue
from fof.rules.numbers_in_force import NumbersInForce, OwnNumber
from fof.rules.parameters import RulesRefused

_FLAGS = {"true": "yes", "false": "no"}


class RuleNumbers(NamedTuple):
    """settings: in force for every fund on every day; unread: rows that could not be read, each with why."""

    settings: NumbersInForce
    unread: tuple[str, ...]


@once_per_prefix
def rule_numbers(view: View) -> RuleNumbers:
    """The numbers of the rules as the prefix sets them, whatever the day; settings of other names are not the rules'."""
    known = catalogue.parameters()
    good, bad = [], []
    for row in _rows(view):
        try:
            NumbersInForce(known, [row])
            good.append(row)
        except RulesRefused as refused:
            bad += [str(problem) for problem in refused.problems]
    return RuleNumbers(NumbersInForce(known, good), tuple(bad))


def _rows(view: View) -> list[OwnNumber]:
    known = catalogue.parameters()
    stated = [s for s in view.settings if s.row.name in known]
    booked = view.heads(s.entry for s in stated)
    rows = []
    for setting in stated:
        row = setting.row
        value = _FLAGS.get(row.value, row.value) if known[row.name].unit == "flag" else row.value
        fund = None if row.party is None else view.parties[row.party].code
        who = booked[setting.entry].recorded_by
        rows.append(OwnNumber(row.name, value, setting.day, row.document, who, fund, row.until))
    return rows
