"""What a partnership agreement says about sharing proceeds: an ordered list of tiers.

Return of capital   partners get back what they paid in; classes named apart are served one after another
Preferred return    partners get a return on capital not yet returned: an order of payment, never a promise
Catch-up            most or all goes to the manager until it holds its share of the profit
Profit split        partners and manager share, for good or until a further hurdle is reached

Money only ever comes from the fund's proceeds. Terms that promise principal or a floor return are refused:
财预〔2015〕210号 Art. 13, 国务院令第762号 Art. 20 and 32 (rule GF-30). A class served before another in the return
of capital makes the other bear losses first, which needs an approved ranking (财预〔2015〕210号 Art. 13, GF-31).
Carry comes after capital and hurdle (GF-45; the common figures are carry 20 %, hurdle 6 % to 8 % a year).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from valuation.arguments import instance, instances, text, texts
from valuation.exact import Rate, member, rate, same_length, year_length
from valuation.refusals import ValuationError

MANAGER = "manager"
"""The name under which results show the manager's carry; no class of partners may bear it."""
PROMISE = "promises principal or a floor return, which no term may do (GF-30)"


MOST_FLAT = 5
"""A flat return of more than five times the capital is a slip of the pen (8 for 8 %)."""


class Accrual(StrEnum):
    """How a return grows on capital that is outstanding.

    SIMPLE   rate x days / year on unreturned capital
    COMPOUND (1 + rate) ** (days / year) on unreturned capital and unpaid return, the rate an XIRR would show
    FLAT     rate x capital called, whatever the days; a multiple of 1.5 is a flat return of 0.5
    """

    SIMPLE = "simple"
    COMPOUND = "compound"
    FLAT = "flat"


class LeftoverFen(StrEnum):
    """Who gets the part of a fen, in each tier that partners and manager share.

    PARTNERS keeps the carry within its share; MANAGER gives it at most a fen more in each tier.
    """

    PARTNERS = "partners"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True)
class Hurdle:
    """A return on capital.

    rate             : a year, at most 1 (100 %); for FLAT on the whole, at most MOST_FLAT
    accrual          : see Accrual
    day_count        : ACT/365F, ACT/365.25 or ACT/360 (no meaning for FLAT)
    floor_each_event : the agreement books accrued return in whole fen at each cash date and drops the rest;
                       False carries the rest on, so that a date on which nothing happens changes nothing
    """

    rate: Rate
    accrual: Accrual = Accrual.SIMPLE
    day_count: str = "ACT/365F"
    floor_each_event: bool = False

    def __post_init__(self) -> None:
        kind = member(Accrual, "accrual", self.accrual)
        exact = rate("rate", self.rate, high=MOST_FLAT if kind is Accrual.FLAT else 1)
        if exact.denominator >= 2**48:
            raise ValuationError("rate", "has more than 14 decimals", found=self.rate)
        object.__setattr__(self, "rate", exact)
        object.__setattr__(self, "accrual", kind)
        year_length("day_count", self.day_count)


@dataclass(frozen=True, slots=True)
class ReturnOfCapital:
    """Capital paid in goes back, in proportion to what each partner has not got back yet.

    classes    : the classes served here, side by side; none named: all
    guaranteed : a reader of a document says here that the text guarantees it (保本); such terms are refused
    """

    classes: tuple[str, ...] = ()
    name: str = "return of capital"
    guaranteed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "classes", _classes(self.classes))
        _refuse_promise(self.guaranteed)


@dataclass(frozen=True, slots=True)
class PreferredReturn:
    """The hurdle return, in proportion to what each partner has accrued and not been paid.

    guaranteed : the text guarantees it (保底, 固定收益); such terms are refused
    """

    hurdle: Hurdle
    classes: tuple[str, ...] = ()
    name: str = "preferred return"
    guaranteed: bool = False

    def __post_init__(self) -> None:
        instance("hurdle", self.hurdle, Hurdle)
        object.__setattr__(self, "classes", _classes(self.classes))
        _refuse_promise(self.guaranteed)


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The manager takes `share` of the cash until it holds `carry` of all profit paid out so far.

    Profit paid out: everything partners got above their capital, and everything the manager got.
    share : above carry, up to 1; with less the manager would never catch up
    """

    carry: Rate
    share: Rate = 1
    name: str = "catch-up"

    def __post_init__(self) -> None:
        carry = _carry(self.carry)
        share = rate("share", self.share, low=0, high=1)
        if share <= carry:
            raise ValuationError(
                "share", f"must be above the carry of {carry}, or never catches up", found=self.share
            )
        object.__setattr__(self, "carry", carry)
        object.__setattr__(self, "share", share)


@dataclass(frozen=True, slots=True)
class ProfitSplit:
    """`carry` of the cash to the manager, the rest to the partners in proportion to paid-in capital.

    until : partners together have reached this hurdle; None: for good
    """

    carry: Rate
    until: Hurdle | None = None
    name: str = "profit split"

    def __post_init__(self) -> None:
        object.__setattr__(self, "carry", _carry(self.carry))
        if self.until is not None:
            instance("until", self.until, Hurdle)


Tier: TypeAlias = ReturnOfCapital | PreferredReturn | CatchUp | ProfitSplit


@dataclass(frozen=True, slots=True)
class Terms:
    """A whole waterfall, checked when it is written down.

    tiers        : in the order of payment; the last one is a ProfitSplit for good
    leftover_fen      : see LeftoverFen
    loss_ranking : the approval by which one class gets its capital back before another (GF-31); must be named
                   where the tiers return capital to classes one after another
    """

    tiers: tuple[Tier, ...]
    leftover_fen: LeftoverFen = LeftoverFen.PARTNERS
    loss_ranking: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "tiers", _tiers(self.tiers))
        text("loss_ranking", self.loss_ranking)
        object.__setattr__(self, "leftover_fen", member(LeftoverFen, "leftover_fen", self.leftover_fen))
        _check_order(self.tiers)
        capital = [t.classes for t in self.tiers if isinstance(t, ReturnOfCapital)]
        _check_named_once("return of capital", capital)
        _check_named_once(
            "preferred return", [t.classes for t in self.tiers if isinstance(t, PreferredReturn)]
        )
        if len(capital) > 1 and not self.loss_ranking.strip():
            raise ValuationError(
                "loss_ranking", "name the approval by which one class bears losses first (GF-31)"
            )

    def check_classes(self, present: Sequence[str]) -> None:
        """Refuse terms that name a class nobody belongs to, or leave a class without its capital (GF-14)."""
        for tier in self.tiers:
            if isinstance(tier, ReturnOfCapital | PreferredReturn):
                for name in tier.classes:
                    if name not in present:
                        raise ValuationError("tiers", f"{tier.name}: no partner belongs to class {name}")
        served = [t.classes for t in self.tiers if isinstance(t, ReturnOfCapital)]
        for name in present:
            if not any(not classes or name in classes for classes in served):
                raise ValuationError("tiers", f"class {name} never gets its capital back (GF-14)")


@dataclass(frozen=True, slots=True)
class Step:
    """A further level of carry: once partners have reached `hurdle`, the manager's share is `carry`."""

    hurdle: Hurdle
    carry: Rate
    catch_up: Rate = 0


@dataclass(frozen=True, slots=True)
class Partners:
    """Who shares: a lasting code for each (unique; it breaks ties), and the class each belongs to.

    classes : one name per partner; none given: all belong to one class
    """

    codes: tuple[str, ...]
    classes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "codes", texts("codes", self.codes))
        object.__setattr__(self, "classes", texts("classes", self.classes) or ("partner",) * len(self.codes))
        if not self.codes:
            raise ValuationError("codes", "no partner")
        same_length("classes", len(self.classes), len(self.codes), "codes")
        if len(set(self.codes)) != len(self.codes):
            index = next(i for i, code in enumerate(self.codes) if code in self.codes[:i])
            raise ValuationError("codes", "stands twice", index=index, found=self.codes[index])
        if MANAGER in self.classes:
            raise ValuationError("classes", "is the manager's name", index=self.classes.index(MANAGER))


def standard_terms(
    *,
    carry: Rate,
    hurdle: Hurdle | None,
    catch_up: Rate = 0,
    steps: Sequence[Step] = (),
    priority: Sequence[Sequence[str]] = (),
    loss_ranking: str = "",
    leftover_fen: LeftoverFen = LeftoverFen.PARTNERS,
) -> Terms:
    """Capital, preferred return, catch-up, carry, and further levels of carry: the terms most funds have.

    carry        : the manager's share of profit, below 1
    hurdle       : preferred return; None for none
    catch_up     : 0 for none, else above carry, up to 1
    steps        : further levels, in order
    priority     : classes in the order in which they get capital, then return: (("social",), ("government",))
                   returns social capital (社会资本优先) first; empty: all side by side
    loss_ranking : the approval behind `priority` (GF-31)
    """
    if isinstance(priority, str) or not isinstance(priority, Sequence):
        raise ValuationError("priority", "must be a sequence of tuples of names", found=priority)
    ranks: list[tuple[str, ...]] = [texts(f"priority[{i}]", names) for i, names in enumerate(priority)] or [
        ()
    ]
    tiers: list[Tier] = [ReturnOfCapital(names, _label("return of capital", names)) for names in ranks]
    if hurdle is not None:
        instance("hurdle", hurdle, Hurdle)
        tiers += [PreferredReturn(hurdle, names, _label("preferred return", names)) for names in ranks]
    levels = [Step(Hurdle(0), carry, catch_up), *instances("steps", steps, Step)]
    for i, level in enumerate(levels):
        number = f" {i + 1}" if len(levels) > 1 else ""
        if rate("catch_up", level.catch_up, high=1):
            tiers.append(CatchUp(level.carry, level.catch_up, f"catch-up{number}"))
        until = levels[i + 1].hurdle if i + 1 < len(levels) else None
        tiers.append(ProfitSplit(level.carry, until, f"profit split{number}"))
    return Terms(tuple(tiers), leftover_fen, loss_ranking)


def _label(text: str, classes: tuple[str, ...]) -> str:
    return f"{text} ({', '.join(classes)})" if classes else text


def _carry(value: Rate) -> Fraction:
    carry = rate("carry", value, low=0, high=1)
    if carry == 1:
        raise ValuationError("carry", "all profit to the manager leaves partners none (GF-14)", found=value)
    return carry


def _classes(names: Sequence[str]) -> tuple[str, ...]:
    return texts("classes", names)


def _refuse_promise(guaranteed: bool) -> None:
    if guaranteed:
        raise ValuationError("guaranteed", PROMISE)


def _tiers(tiers: Sequence[Tier]) -> tuple[Tier, ...]:
    if not isinstance(tiers, Sequence) or isinstance(tiers, str):
        raise ValuationError("tiers", "must be a tuple of tiers", found=type(tiers).__name__)
    for i, tier in enumerate(tiers):
        if not isinstance(tier, ReturnOfCapital | PreferredReturn | CatchUp | ProfitSplit):
            raise ValuationError("tiers", "not a tier", index=i, found=type(tier).__name__)
    return tuple(tiers)


def _check_order(tiers: Sequence[Tier]) -> None:
    """The last tier takes all that is left; the manager's tiers stand after capital and preferred return."""
    if not tiers:
        raise ValuationError("tiers", "no tier")
    names = [tier.name for tier in tiers]
    for i, name in enumerate(names):
        if name in names[:i]:
            raise ValuationError("tiers", "two tiers of the same name", index=i, found=name)
    if not any(isinstance(tier, ReturnOfCapital) for tier in tiers):
        raise ValuationError("tiers", "capital is never returned")
    last = tiers[-1]
    if not isinstance(last, ProfitSplit) or last.until is not None:
        raise ValuationError("tiers", "the last tier must be a profit split for good", found=last.name)
    managers_turn = False
    for i, tier in enumerate(tiers):
        if isinstance(tier, CatchUp | ProfitSplit):
            managers_turn = True
        elif managers_turn:
            raise ValuationError(
                "tiers", "stands after a tier that pays the manager (GF-45)", index=i, found=tier.name
            )
        if isinstance(tier, ProfitSplit) and tier.until is None and i + 1 < len(tiers):
            raise ValuationError("tiers", "takes all, but a tier follows it", index=i, found=tier.name)


def _check_named_once(what: str, named: Sequence[tuple[str, ...]]) -> None:
    if len(named) > 1 and () in named:
        raise ValuationError("tiers", f"{what}: one tier serves all classes and another one some of them")
    seen: set[str] = set()
    for classes in named:
        for name in classes:
            if name in seen:
                raise ValuationError("tiers", f"{what}: class {name} is served twice")
            seen.add(name)
