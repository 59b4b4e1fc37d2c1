"""Rules and currencies: amounts of two are neither added nor compared.

The numbers of the rulebook are in yuan. Where a rule holds one against money in another currency, what it is worth in
yuan could be anything: the verdict is the one that the smallest and the largest number share, else unknown. Facts that
were added over two currencies raise SeveralCurrencies when a rule asks for them: that rule cannot tell either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import product
from operator import attrgetter
from typing import Any

from fof.rules.facts import FundFacts, OfficeFacts, ReorganisationFacts
from fof.rules.facts_deals import DealFacts, TransferFacts
from fof.rules.facts_parties import CompanyFacts, InvestorFacts, StakeFacts
from fof.rules.registry import Outcome, Value, Verdict
from fof.rules.wording import YUAN, Yuan
from models.text import Text

SMALLEST, LARGEST = 1, 10**18
"""Fen between which every number of the rulebook lies, whatever the rate."""


class SeveralCurrencies(Exception):
    """A fact is made of money in several currencies. currencies: their codes, the yuan first."""

    def __init__(self, currencies: Iterable[str]) -> None:
        self.currencies = tuple(sorted(set(currencies), key=lambda code: (code != YUAN, code)))
        super().__init__(", ".join(self.currencies))


def cannot_tell(currencies: Iterable[str]) -> Outcome:
    """UNKNOWN because money of several currencies would have to be added or compared."""
    codes = SeveralCurrencies(currencies).currencies
    return Outcome(
        Verdict.UNKNOWN,
        Text(
            f"涉及 {'、'.join(codes)} 不同币种，不相加、不比较，无法判断",
            f"Involves {', '.join(codes)}: different currencies are neither added nor compared; cannot be judged",
        ),
    )


def currency_of(args: Sequence[object]) -> str:
    """The currency of the money that a rule's findings about a subject are of: its fund's, else the subject's own."""
    for facts in args if len(args) == 1 else reversed(args):
        stated = _STATED_BY[facts.__class__]
        if stated is not None:
            code: str | None = stated(facts)
            return code or YUAN
    return YUAN


_HAVE_CURRENCY = (FundFacts, TransferFacts, ReorganisationFacts, CompanyFacts, InvestorFacts)


class _StatedBy(dict[type, Callable[[Any], Any] | None]):
    """How facts of a class tell a currency, None where they have none; looked up once a class, not once a finding."""

    def __missing__(self, kind: type) -> Callable[[Any], Any] | None:
        name = "fund.currency" if issubclass(kind, DealFacts) else "currency"
        has = issubclass(kind, (DealFacts, *_HAVE_CURRENCY))
        self[kind] = attrgetter(name) if has else None
        return self[kind]


_STATED_BY = _StatedBy()


def _manager(_args: Sequence[object]) -> set[str]:
    """A manager's capital, and what it manages, are stated in yuan."""
    return {YUAN}


def _company(args: Sequence[object]) -> set[str]:
    (deal,) = args
    company = deal.company_then if isinstance(deal, DealFacts) else None
    return {YUAN if company is None else company.currency or YUAN}


def _investor(args: Sequence[object]) -> set[str]:
    stake = args[0]
    return {stake.investor.currency or YUAN} if isinstance(stake, StakeFacts) else {YUAN}


def _stake(args: Sequence[object]) -> set[str]:
    return _investor(args) | {currency_of(args)}


COMPARED: Mapping[str, Callable[[Sequence[object]], set[str]]] = {
    "GF-10": _manager,
    "QI-01": _stake,
    "QI-04": _investor,
    "SM-04": _company,
    "SM-05": _company,
    "SM-06": _company,
}
"""Rules that hold their yuan against other money than that of the fund, company or investor they speak about."""


def compared(rule: str, args: Sequence[object]) -> set[str]:
    """The currencies of the money that a rule holds its own numbers against; a rule about the office looks fund by fund."""
    if args and isinstance(args[0], OfficeFacts):
        return {YUAN}
    other = COMPARED.get(rule)
    return {currency_of(args)} if other is None else other(args)


def only_yuan(rule: str, args: Sequence[object]) -> bool:
    """Whether a rule about a subject whose own currency is the yuan holds its numbers against nothing else."""
    return rule not in COMPARED or compared(rule, args) == {YUAN}


def judged(
    rule: str,
    args: Sequence[object],
    values: Mapping[str, Value],
    in_yuan: Sequence[str],
    ask: Callable[[Mapping[str, Value]], Sequence[Outcome]],
) -> Sequence[Outcome]:
    """What a rule says, with its numbers in yuan (`in_yuan`) held against money of any currency.

    ask : what the rule says with some numbers
    """
    foreign = compared(rule, args) - {YUAN}
    given = [name for name in in_yuan if values[name] is not None]
    if not foreign or not given:
        return ask(values)
    yuan: dict[str, Value] = {name: Yuan(int(str(values[name]))) for name in given}
    answer = list(ask({**values, **yuan}))
    others = [
        ask({**values, **dict(zip(given, ends, strict=True))})
        for ends in product((SMALLEST, LARGEST), repeat=len(given))
    ]
    if any(len(other) != len(answer) for other in others):
        return [cannot_tell({YUAN, *foreign})]
    return [
        _without_yuan(own)
        if all(other[n].verdict is own.verdict for other in others)
        else _unknown(own, foreign)
        for n, own in enumerate(answer)
    ]


def _without_yuan(outcome: Outcome) -> Outcome:
    """The figures shown are in the currency of the money; a number in yuan stands in the sentence, as such."""
    measured, threshold = (None if isinstance(v, Yuan) else v for v in (outcome.measured, outcome.threshold))
    return outcome._replace(measured=measured, threshold=threshold)


def _unknown(outcome: Outcome, foreign: set[str]) -> Outcome:
    return cannot_tell({YUAN, *foreign})._replace(subject=outcome.subject, money=outcome.money)
