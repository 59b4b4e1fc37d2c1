"""Facts that are alike get one answer: of thousands of staff stakes most say the same to a rule, and it is asked once.

A rule listed here sees of a stake what its `asks` in inputs.toml name, the plan and what was denied; `paid_in` only says how much
money is at stake. A rule that does not ask for the day answers the same of events on all days of one version of it. A test holds the
list to those inputs, and whole audits with it to audits without.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from fof.rules.coinvest_money import own_payments
from fof.rules.facts import Matter
from fof.rules.numbers_in_force import Version
from fof.rules.registry import Finding, Outcome, Rule, Verdict

ALIKE: Mapping[str, tuple[str, ...]] = {
    "CI-03": ("spell.role_class", "spells_known"),
    "CI-04": ("project.is_first_round",),
    "CI-05": (
        "day",
        "spell.contract_from",
        "spell.contract_until",
        "spell.insured_from",
        "spell.insured_until",
        "spell.staff_contract",
        "spells_known",
    ),
    "CI-06": ("day",),
    "CI-07": ("day", "ties", "ties_known"),
    "CI-08": ("is_state_representative", "spell.technical_approval_ref", "spell.technical_staff"),
    "CI-09": ("kin", "spell.appointed_by", "spells_known"),
    "CI-11": ("declarations.declared_on", "declarations.review_outcome", "project.met_on"),
    "CI-12": ("project", "tranches"),
    "CI-13": ("no_side_terms", "project", "stake_share_class", "stake_side_terms", "tranches"),
    "CI-15": ("no_nominee", "nominees"),
    "CI-18": ("paid_in", "project.total_shares_after", "shares", "spell.annual_pay"),
    "CI-24": ("exits",),
    "CI-29": ("day", "incidents"),
    "CI-31": (
        "evidence",
        "evidence_denied",
        "evidence_untold",
        "exits",
        "last_spell.employed_until",
        "payments.leg",
        "transfers",
    ),
    "CI-32": (
        "day",
        "employed_by_investee",
        "is_founder_of_investee",
        "kin",
        "related_share_of_investee",
        "stake_tax_deduction",
    ),
}
"""Rule → the fields of a stake that its answer follows from, beside the plan, what was denied and the money at stake. A
list of facts as a whole where the rule names one of them; else the fields of each that it reads."""
WORDED_FOR_EACH: Mapping[str, Callable[[Any], Hashable]] = {"CI-14": own_payments}
"""Rule → what its verdict and the money at stake follow from, where its sentence names what is the stake's own (codes and days of
payments): of stakes alike in that the verdict is asked for once, and the rule again for the sentence when somebody looks at it."""
FROM = 500
"""Stakes from which on it pays to look for alike ones."""
_LISTS = frozenset({"declarations", "payments"})
_ONE_OBJECT = frozenset({"project", "tranches"})
"""Made once for all stakes that have the same: told apart as objects, for to compare them takes longer than to judge them."""

Key = Callable[[Any], Hashable]


@cache
def key_of(rule: str) -> Key | None:
    """What makes two stakes the same to a rule; None for a rule that is asked of each. Plans and what is made once are told apart as
    objects: hold them."""
    paths = ALIKE.get(rule)
    return None if paths is None else _key(paths)


def _key(paths: tuple[str, ...]) -> Key:
    whole = [p for p in paths if "." not in p]
    plain = attrgetter("denied", "spells_known", *(p for p in whole if p not in {"shares", *_ONE_OBJECT}))
    once = attrgetter("plan", "plan_today", *(p for p in whole if p in _ONE_OBJECT))
    parts: dict[str, list[str]] = {}
    for path in paths:
        first, _, field = path.partition(".")
        if field and first not in whole:
            parts.setdefault(first, []).append(field)
    objects = [(attrgetter(n), attrgetter(*fields)) for n, fields in parts.items() if n not in _LISTS]
    lists = [(attrgetter(n), attrgetter(*fields)) for n, fields in parts.items() if n in _LISTS]

    def key(stake: Any) -> Hashable:
        parts = [plain(stake), *map(id, once(stake))]
        if "shares" in whole and (shares := stake.shares) is not None:  # to hash a fraction takes long
            parts.append((shares.numerator, shares.denominator))
        for get, fields in objects:
            own = get(stake)
            parts.append(None if own is None else (fields(own),))
        for get, fields in lists:
            parts.append(tuple([fields(own) for own in get(stake)]))
        return tuple(parts)

    return key


class AlikeStakes(NamedTuple):
    """Stakes of which a rule says the same: the findings about the first, and the others."""

    findings: list[Finding]
    others: list[Matter]


class JudgedBy(NamedTuple):
    """The day whose version of a rule judged, and that version."""

    day: dt.date
    version: Version


Pairs = list[tuple[Outcome, Outcome | None]]
"""Each outcome by the version that judged, with that under the other day's version."""


class SharedAnswers:
    """Answers of one rule about stakes that are alike: of passes whatever money is at stake, of others for the
    same money."""

    def __init__(self, key: Key) -> None:
        self._key = key
        self._passed: dict[Hashable, Pairs] = {}
        self._others: dict[Hashable, Pairs] = {}
        self._asked: Hashable = None

    @classmethod
    def of(cls, rule: Rule) -> SharedAnswers | None:
        """None for a rule that is asked of each stake."""
        key = key_of(rule.id)
        return None if key is None else cls(key)

    def answer(self, stake: Any, version: Hashable = None) -> Pairs | None:
        """What was answered about one that is alike, whose event has the same version; None where none was asked about yet."""
        key = self._asked = version, self._key(stake)
        known = self._passed.get(key)
        return self._others.get((key, stake.paid_in)) if known is None else known

    def keep(self, stake: Any, pairs: Pairs) -> None:
        """Keeps the answer about the stake that was asked for last."""
        plain = all(
            o is None or (o.money is None and not o.lacking and o.verdict in _NO_MONEY)
            for pair in pairs
            for o in pair
        )
        if plain:
            self._passed[self._asked] = pairs
        else:
            self._others[self._asked, stake.paid_in] = pairs


def whatever_the_money(findings: Sequence[Finding]) -> bool:
    """Whether findings about a stake say the same of one that is alike, whatever money is at stake."""
    outcomes = [*((f.money_at_stake, f.lacking, f.verdict) for f in findings)]
    outcomes += [(f.beside.money, f.beside.lacking, f.beside.verdict) for f in findings if f.beside]
    return all(money is None and not lacking and v in _NO_MONEY for money, lacking, v in outcomes)


_NO_MONEY = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})
