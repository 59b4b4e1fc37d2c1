"""What unlike terms were worth: the gains of stakes over the institution beside the findings they put in numbers."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import partial

from fof import users
from fof.access import Actor
from fof.audit.auditor import auditor_of, day_of, judged_register
from fof.audit.casefile.judged_alone import judged_alone, rule_of
from fof.audit.coinvestment.gains import COUNTED, TIME, Gain, gains
from fof.audit.coinvestment.register import staff_register
from fof.audit.coinvestment.share_prices import SharePrices
from fof.ledger import View
from fof.rules.facts_coinvest import StaffStakeFacts
from fof.rules.registry import SEVERITY, Verdict
from models.coinvest import GainGroup
from models.frozen import frozen
from models.subjects import Subject, SubjectKind

NEEDS_NUMBERS = frozenset({Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN})
"""Verdicts whose gains are listed unless all are asked for."""


@frozen
class StakeGain:
    """A gain with its stake, the rules whose findings it puts in numbers, and the worst that they say of the stake."""

    stake: StaffStakeFacts
    gain: Gain
    rules: tuple[str, ...]
    verdict: Verdict

    def key(self, group: GainGroup) -> str:
        """The person, plan or institution it belongs to, "" where the register does not say."""
        plan = "" if self.stake.plan is None else self.stake.plan.code
        keys = {GainGroup.PERSON: self.stake.person, GainGroup.PLAN: plan}
        return keys.get(group, self.stake.institution or "")


@frozen
class GainSum:
    """The gains of a person, plan or institution.

    realised, unrealised : fen, of the gains that are known; None where none is
    unknown : how many are not
    """

    key: str
    realised: Fraction | None
    unrealised: Fraction | None
    count: int
    unknown: int


def counterfactual(
    view: View, institution: str | None = None, actor: Actor | None = None, *, every: bool = False
) -> list[StakeGain]:
    """The gains of stakes by institution, person and day: of those whose rule found something, or of all.

    institution : code of one state venture firm; None: all that the person may see
    Raises Unknown as `audit.coinvestment` does.
    """
    judged, facts = judged_register(view, institution, None, actor)
    verdicts = judged.verdicts(COUNTED)
    book, day = auditor_of(view).book, day_of(view)
    prices = SharePrices(book, day)
    seen = {subject.code for subject in judged.subjects() if subject.kind is SubjectKind.STAFF_STAKE}
    listed = []
    for stake in facts.stakes:
        if stake.code not in seen or stake.project is None:
            continue
        company = book.by_code[stake.project.company]

        known = partial(prices.known, company)
        address = Subject(SubjectKind.STAFF_STAKE, stake.code)
        for gain in gains(stake, known, timed=verdicts.get((TIME, address)) in NEEDS_NUMBERS):
            judged_by = {rule: verdicts[rule, address] for rule in gain.rules if (rule, address) in verdicts}
            wrong = {rule: v for rule, v in judged_by.items() if v in NEEDS_NUMBERS}
            if own := wrong or (judged_by if every else {}):
                worst = min(own.values(), key=SEVERITY.__getitem__)
                listed.append(StakeGain(stake, gain, tuple(own), worst))
    return sorted(listed, key=lambda g: (g.stake.institution or "", g.stake.person, g.gain.day, g.gain.code))


def gains_of(view: View, rule: str, subject: Subject, actor: Actor | None = None) -> tuple[Gain, ...]:
    """The gains of one stake that a rule's finding about it is put in numbers by, by day; none for other rules and subjects, and
    for a stake of an institution that the person may not see."""
    if subject.kind is not SubjectKind.STAFF_STAKE or rule not in COUNTED:
        return ()
    auditor, day = auditor_of(view), day_of(view)
    own = staff_register(auditor.book, day)
    number = view.on(None).subject_ids.get((subject.kind.value, subject.code))
    registered = own.own.registered.get(subject.kind.value, {}).get(number or -1)
    seen = users.seen_institutions(view, actor)
    if registered is None or registered.first_day > day:
        return ()
    stake = own.stake(registered)
    if stake.project is None or (seen is not None and stake.institution not in seen):
        return ()
    timed = judged_alone(view, rule_of(TIME), subject, actor=actor).findings
    known = partial(SharePrices(auditor.book, day).known, auditor.book.by_code[stake.project.company])
    counted = gains(stake, known, timed=any(f.verdict in NEEDS_NUMBERS for f in timed))
    return tuple(g for g in counted if rule in g.rules)


def gain_sums(gained: Iterable[StakeGain], group: GainGroup) -> list[GainSum]:
    """Gains added up, the largest first; what is unknown is counted, never added as nothing."""
    by_key: dict[str, list[Gain]] = {}
    for one in gained:
        by_key.setdefault(one.key(group), []).append(one.gain)
    sums = []
    for key, own in by_key.items():
        realised = [g.realised for g in own if g.realised is not None]
        unrealised = [g.unrealised for g in own if g.unrealised is not None]
        sums.append(
            GainSum(
                key,
                sum(realised, Fraction(0)) if realised else None,
                sum(unrealised, Fraction(0)) if unrealised else None,
                len(own),
                sum(g.whole is None for g in own),
            )
        )
    return sorted(sums, key=lambda s: (-(s.realised or 0) - (s.unrealised or 0), s.key))
