"""A rule's question put to a subject: with the numbers of a day, and its money in whatever currency."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cache

from fof.rules import catalogue, currencies, watched
from fof.rules.numbers_in_force import Numbers
from fof.rules.registry import Outcome, Rule, missing
from fof.rules.wording import YUAN, in_currency
from models.text import Text

Answer = Outcome | Sequence[Outcome] | None
"""What a rule's function returns; None: it does not speak about the subject."""


def put(rule: Rule, args: tuple[object, ...], numbers: Numbers, day: dt.date) -> Answer:
    """The rule's answer; UNKNOWN where a number is lacking, or money of several currencies would be added or compared."""
    if numbers.lacking:
        names = ", ".join(numbers.lacking)
        return missing(Text(f"参数 {names} 在 {day} 的取值", f"a value of {names} on {day}"))
    args = watched.handed_over(rule.id, args)
    try:
        currency = currencies.currency_of(args)
        if currency == YUAN and (rule.id not in currencies.COMPARED or currencies.only_yuan(rule.id, args)):
            return rule.judge(*args, **numbers.values)
        with in_currency(currency):
            return currencies.judged(
                rule.id,
                args,
                numbers.values,
                _names_in_yuan(rule.params),
                lambda values: listed(rule.judge(*args, **values)),
            )
    except currencies.SeveralCurrencies as several:
        return currencies.cannot_tell(several.currencies)


def listed(answer: Answer) -> Sequence[Outcome]:
    """An answer as outcomes."""
    if answer is None:
        return ()
    return (answer,) if type(answer) is Outcome else answer  # type: ignore[return-value]


@cache
def _names_in_yuan(params: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers that are amounts."""
    known = catalogue.parameters()
    return tuple(name for name in params if known[name].unit == "fen")
