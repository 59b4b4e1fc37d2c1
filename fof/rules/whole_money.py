"""What a rule says of a stake whatever was paid for it: asked with a mark in the place of the money.

The mark can be handed on as the money at stake, and nothing else: whoever compares it, adds it up, prints it or asks whether it is
there is refused. An answer that comes through holds of every stake that differs in nothing but the amount, with its own amount where the
mark stands. Of what went into the company a stake has a part of each payment; what a rule holds against the institution's in
proportion is the same of every part, and what is not (the rounding of one share) hangs on `unit`, where the mark stands too.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NoReturn

from fof.rules.outcomes import Limb, Outcome, Test
from fof.rules.registry import Finding


class MoneyLookedAt(Exception):
    """A rule did more with the money than to hand it on."""


class _Mark:
    """The whole money of a stake, however much that is."""

    def __gt__(self, other: object) -> bool:
        return self._itself(other)

    def __lt__(self, other: object) -> bool:
        return self._itself(other)

    def _itself(self, other: object) -> bool:
        """The larger of twice the same is that one."""
        if other is self:
            return False
        raise MoneyLookedAt


def _refuse(*_: object) -> NoReturn:
    raise MoneyLookedAt


_OPEN = {"__new__", "__getattribute__", "__getnewargs__", "__sizeof__", "__gt__", "__lt__"}
for _name in {name for name, own in vars(int).items() if name.startswith("__") and callable(own)} - _OPEN:
    setattr(_Mark, _name, _refuse)  # whatever can be done with a number; it has no other text than its repr

MARK: Any = _Mark()
"""The one there is: it is told by what it is, as it cannot be compared."""


def marked(stake: Any) -> Any:
    """The facts of a stake with the mark in the place of the money that was paid."""
    tranches = tuple([t._replace(unit=MARK) for t in stake.tranches])
    own = object.__new__(type(stake))
    own.__dict__.update(stake.__dict__)
    own.__dict__.pop("_today", None)  # the same under another plan, with the money that was paid
    own.__dict__.update(paid_in=MARK, tranches=tranches)
    return own


def is_marked(finding: Finding) -> bool:
    """Whether the money of a finding, of its conditions or of the verdict beside it is the mark."""
    beside = finding.beside
    return (
        finding.money_at_stake is MARK
        or (beside is not None and beside.money is MARK)
        or any(_of(test) is MARK for test in finding.lacking)
        or (beside is not None and any(_of(test) is MARK for test in beside.lacking))
    )


def names_amounts(finding: Finding) -> bool:
    """Whether it lists the mark as a figure, where no amount is put in for it."""
    return _lists_mark(finding) or (finding.beside is not None and _lists_mark(finding.beside))


def _lists_mark(own: Finding | Outcome) -> bool:
    if own.measured is MARK or own.threshold is MARK:
        return True
    if not (own.inputs or own.items or own.readings or own.lacking):
        return False  # as of what passes
    listed = [*own.inputs.values(), *[i.fen for i in own.items], *[r.measured for r in own.readings]]
    for test in own.lacking:
        if isinstance(test, Limb):
            listed += test.measured, test.threshold
    return any(value is MARK for value in listed)


def with_amount(finding: Finding, fen: int) -> Finding:
    """A finding with an amount in the place of the mark."""
    beside = finding.beside
    if beside is not None:
        beside = beside._replace(money=_put(beside.money, fen), lacking=_with(beside.lacking, fen))
    return finding._replace(
        money_at_stake=_put(finding.money_at_stake, fen), lacking=_with(finding.lacking, fen), beside=beside
    )


def _of(test: Test) -> object:
    return test.money if isinstance(test, Limb) else None


def _put(money: int | None, fen: int) -> int | None:
    return fen if money is MARK else money


def _with(tests: Sequence[Test], fen: int) -> tuple[Test, ...]:
    return tuple([t._replace(money=fen) if isinstance(t, Limb) and t.money is MARK else t for t in tests])
