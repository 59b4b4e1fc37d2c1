"""返投: followed as a contract term, warned about as policy (rulebook GF-37, GF-39; 国办发〔2025〕1号 measure 17).

A shortfall when the period has ended breaches the contract; a multiple above the policy's in a fund set up since
国办发〔2025〕1号 is a policy warning, kept or not. A company counts once for one investor: later claims of it are listed
and not counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from fof.evaluation.judged import judged
from fof.ledger import View
from fof.rules import documents as docs
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import ReinvestClaim
from fof.rules.facts_parties import StakeFacts
from fof.rules.reinvestment import owed_to, recognised
from fof.stakes import Reason
from models.kinds import FeeBasis

MET, RUNNING, BREACH, UNKNOWN = "met", "running", "breach", "unknown"
STATES = {
    MET: ("已完成", "met"),
    RUNNING: ("履约中", "running"),
    BREACH: ("未达约定（违约）", "short: breach of contract"),
    UNKNOWN: ("无法判断", "cannot be judged"),
}
NO_MULTIPLE = Reason("no_multiple", "有返投认定而未记录返投倍数", "claims are recorded but no multiple")
NO_BASE = Reason("no_base", "缺少返投基数（认缴或实缴）", "the base (committed or paid in) is missing")
NO_AMOUNT = Reason("no_amount", "部分认定缺少金额或系数", "a claim has no amount or factor")
NO_END = Reason(
    "no_end", "缺少投资期届满日或存续期届满日", "neither the investment period's nor the term's end is known"
)


@dataclass(frozen=True, slots=True)
class Duty:
    """What a fund owes one investor, in fen; None where it cannot be told (`reason`).

    multiple, base : of the contract     owed : multiple times base     recognised : amounts times factors, each
    company once     shortfall : owed less recognised, 0 where met     by : last day of the period
    state          : met, running, breach or unknown
    against_policy : multiple above the policy's in a fund set up since 国办发〔2025〕1号; None where the day of
                     establishment is not known
    claims         : all claims for this investor        twice : those of a company that was claimed before
    """

    fund: str
    investor: str
    multiple: Decimal | None
    base: int | None
    owed: int | None
    recognised: int | None
    shortfall: int | None
    by: dt.date | None
    state: str
    against_policy: bool | None
    claims: tuple[ReinvestClaim, ...]
    twice: tuple[ReinvestClaim, ...]
    reason: Reason | None = None

    @property
    def achieved(self) -> float:
        """Recognised over base; nan where either is unknown or the base is 0."""
        return float("nan") if not self.base or self.recognised is None else self.recognised / self.base


def reinvestments(view: View) -> list[Duty]:
    """Every duty of every fund of the office on the view's day, and claims recorded where no multiple is known."""
    found = judged(view)
    duties = []
    for fund in found.facts.values():
        policy = found.settings.on("reinvest_multiple_new", found.day, fund.code)
        most = Decimal(0) if policy is None else Decimal(str(policy.value))
        for stake in fund.stakes:
            own = sorted(
                (c for c in fund.claims if c.investor == stake.investor.code), key=lambda c: (c.day, c.deal)
            )
            if fund.reinvest_multiple == 0 or not (own or owed_to(stake, fund)):
                continue
            if fund.reinvest_multiple is None and not own:
                continue
            duties.append(_duty(fund, stake, tuple(own), most))
    return duties


def _duty(fund: FundFacts, stake: StakeFacts, own: tuple[ReinvestClaim, ...], most: Decimal) -> Duty:
    multiple, base, by = (
        fund.reinvest_multiple,
        _base(stake, fund),
        fund.investment_period_end or fund.term_end,
    )
    seen: set[str] = set()
    once: list[ReinvestClaim] = []
    twice: list[ReinvestClaim] = []
    for claim in own:
        (twice if claim.company in seen else once).append(claim)
        seen.add(claim.company)
    amounts = [recognised(claim) for claim in once]
    counted = None if None in amounts else int(sum((a for a in amounts if a is not None), Decimal(0)))
    owed = None if multiple is None or base is None else int(multiple * base)
    short = None if owed is None or counted is None else max(0, owed - counted)
    against: bool | None = False
    if multiple is not None and multiple > most:
        set_up = fund.established_on
        against = None if set_up is None else set_up >= docs.GUOBAN_1.since
    reason = None
    for gone, why in ((multiple is None, NO_MULTIPLE), (base is None, NO_BASE), (counted is None, NO_AMOUNT)):
        reason = reason or (why if gone else None)
    if short is None:
        state = UNKNOWN
    elif short == 0:
        state = MET
    elif by is None:
        state, reason = UNKNOWN, NO_END
    else:
        state = BREACH if fund.as_of > by else RUNNING
    return Duty(
        fund.code, stake.investor.code, multiple, base, owed, counted, short, by, state, against, own, tuple(twice), reason,
    )  # fmt: skip


def _base(stake: StakeFacts, fund: FundFacts) -> int | None:
    if fund.reinvest_base is FeeBasis.PAID_IN:
        return stake.paid_in
    return stake.committed if fund.reinvest_base is FeeBasis.COMMITMENT else None
