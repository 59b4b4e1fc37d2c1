"""返投: followed as a contract term, warned about as policy (rulebook GF-37, GF-39; 国办发〔2025〕1号 measure 17).

A shortfall when the period has ended breaches the contract; a multiple above the policy's in a fund set up since
国办发〔2025〕1号 is a policy warning, kept or not. A company counts once for one investor: later claims of it are listed
and not counted.
"""

from __future__ import annotations

import datetime as dt
import math
from decimal import Decimal

from fof.book.currencies import DEFAULT_CURRENCY, currency_of
from fof.book.reading import Reason
from fof.evaluation.judged import Judged, judged
from fof.ledger import View
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import ReinvestClaim
from fof.rules.facts_parties import StakeFacts
from fof.rules.reinvestment import against_policy, base_on, count, owed_to
from models.frozen import frozen
from models.text import Text

MET, RUNNING, BREACH, UNKNOWN = "met", "running", "breach", "unknown"
NO_MULTIPLE = Reason("no_multiple", Text("有返投认定而未记录返投倍数", "claims are recorded but no multiple"))
NO_BASE = Reason("no_base", Text("缺少返投基数（认缴或实缴）", "the base (committed or paid in) is missing"))
NO_AMOUNT = Reason(
    "no_amount",
    Text("部分认定缺少类型、证明、金额或系数", "the kind, evidence, amount or factor of a claim is missing"),
)
NO_END = Reason(
    "no_end",
    Text("缺少投资期届满日或存续期届满日", "neither the investment period's nor the term's end is known"),
)


@frozen
class Duty:
    """What a fund owes one investor, in fen; None where it cannot be told (`reason`).

    multiple, base : of the contract     owed : multiple times base     recognised : amounts times factors, each
    company once     shortfall : owed less recognised, 0 where met     by : last day of the period
    state          : met, running, breach or unknown
    against_policy : multiple above the policy's in a fund set up since 国办发〔2025〕1号; None where the day of
                     establishment is not known
    currency       : of the amounts: the fund's
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
    currency: str = DEFAULT_CURRENCY

    @property
    def achieved(self) -> float:
        """Recognised over base; nan where either is unknown or the base is 0."""
        return float("nan") if not self.base or self.recognised is None else self.recognised / self.base


def reinvestments(view: View) -> list[Duty]:
    """Every duty of every fund of the office on the view's day, and claims recorded where no multiple is known."""
    judgement = judged(view)
    duties = []
    for fund in judgement.facts.values():
        numbers = {
            name: _number(judgement, fund, name) for name in ("reinvest_multiple_new", "reinvest_factor_max")
        }
        for stake in fund.every_stake:
            own = tuple(
                sorted(
                    (c for c in fund.claims if c.investor == stake.investor.code),
                    key=lambda c: (c.day, c.deal),
                )
            )
            if fund.reinvest_multiple == 0 or not (own or owed_to(stake, fund)):
                continue
            if fund.reinvest_multiple is None and not own:
                continue
            duties.append(
                _duty(
                    fund,
                    stake,
                    own,
                    numbers["reinvest_multiple_new"],
                    numbers["reinvest_factor_max"],
                    currency_of(view, view.party(fund.code).id),
                )
            )
    return duties


def _number(judgement: Judged, fund: FundFacts, name: str) -> Decimal:
    value = judgement.settings.on(name, judgement.day, fund.code)
    return Decimal(0) if value is None else Decimal(str(value.value))


def _duty(
    fund: FundFacts,
    stake: StakeFacts,
    own: tuple[ReinvestClaim, ...],
    multiple_new: Decimal,
    factor_max: Decimal,
    currency: str,
) -> Duty:
    """By the counting of GF-37, so that the audit and the evaluation never tell two figures."""
    multiple, base = fund.reinvest_multiple, base_on(stake, fund, fund.as_of)
    by = fund.investment_period_end or fund.term_end
    counted = count(fund.claims, stake.investor.code, fund.as_of, factor_max)
    owed = None if multiple is None or base is None else multiple * base
    short = None if owed is None else max(0, math.ceil(owed - counted.fen))
    recognised: int | None = int(counted.fen)
    if counted.open and short != 0:
        recognised = short = None
    reason = None
    for gone, why in (
        (multiple is None, NO_MULTIPLE),
        (base is None, NO_BASE),
        (recognised is None, NO_AMOUNT),
    ):
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
        fund.code,
        stake.investor.code,
        multiple,
        base,
        None if owed is None else math.ceil(owed),
        recognised,
        short,
        by,
        state,
        against_policy(fund, multiple_new),
        own,
        counted.twice,
        reason,
        currency,
    )
