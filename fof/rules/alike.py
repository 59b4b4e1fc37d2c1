"""Facts that are alike get one answer: of thousands of staff stakes most say the same to a rule, and it is asked once.

A rule listed here sees of a stake what its `asks` in inputs.toml name, the plan and what was denied; `paid_in` only says how much
money is at stake. A rule that does not ask for the day answers the same of events on all days of one version of it. A test holds the
list to those inputs, and whole audits with it to audits without.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import cache
from operator import attrgetter
from typing import Any

from fof.rules.coinvest_money import own_payments
from fof.rules.likeness import Likeness

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
WORDED_FOR_EACH: Mapping[str, Callable[[Any], tuple[tuple[bool | None, int | None], ...]]] = {
    "CI-14": own_payments
}
"""Rule → what its verdict and the money at stake follow from, where its sentence names what is the stake's own (codes and days of
payments): of stakes alike in that the verdict is asked for once, and the rule again for the sentence when somebody looks at it."""
IN_PROPORTION = frozenset({"CI-12", "CI-13"})
"""Rules that hold what went into the company against the institution's in proportion: asked whatever was paid, of all parts of what a
vehicle paid for a project they say the same."""
CEILINGS = frozenset({"CI-18"})
"""Of stakes that paid on the same terms and differ in the amount alone, what one keeps the smaller ones keep."""
FROM = 500
"""Stakes from which on it pays to look for alike ones."""
_LISTS = frozenset({"declarations", "payments"})
_ONE_OBJECT = frozenset({"project", "tranches"})
"""Made once for all stakes that have the same: told apart as objects, for to compare them takes longer than to judge them."""

Key = Callable[[Any], Hashable]
Parts = Callable[[Likeness], Hashable]
"""What stakes must have in common for a rule to be asked of one of them."""
PARTS_OF: Mapping[str, Parts] = {
    "CI-14": attrgetter("holding", "paying"),
    "CI-31": attrgetter("holding", "papers"),
}
HOLDING: Parts = attrgetter("holding")
"""Of the rules that PARTS_OF does not name."""


@cache
def key_of(rule: str) -> Key | None:
    """What makes two stakes the same to a rule; None for a rule that is asked of each. Plans and what is made once are told apart as
    objects: hold them."""
    paths = ALIKE.get(rule)
    return None if paths is None else _key(paths)


@cache
def key_of_parts(rule: str) -> Key | None:
    """The same where it is asked whatever was paid for stakes of which the rows say nothing of their own: such stakes have a part of
    what their vehicle paid, or none."""
    if rule not in IN_PROPORTION:
        return key_of(rule)
    own = _key(tuple(path for path in ALIKE[rule] if path != "tranches"))
    return lambda stake: (own(stake), stake.vehicle, bool(stake.tranches))


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
