"""Staff co-investment: when, at which price, with whose money. CI-12 … CI-15."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.coinvest_terms import (
    denied_of_plan,
    due_on,
    missing_unless_denied,
    provided,
    unless_denied,
)
from fof.rules.facts_coinvest import EntryTranche, PaymentFacts, StaffStakeFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    checklist,
    missing,
    rule,
)
from fof.rules.truth import agreed, all_of, same
from fof.rules.wording import decimal_of, money_en, money_zh
from models.coinvest import OWN_MONEY, LateEffect, PaymentLeg
from models.text import Text

_OWN_LEGS = frozenset({PaymentLeg.PERSON_TO_VEHICLE, PaymentLeg.PERSON_TO_COMPANY})


def _by(tranches: Sequence[EntryTranche], day: dt.date) -> Fraction:
    """What was paid up to a day."""
    return _sum([t.fen for t in tranches if t.day <= day])


def _sum(parts: Sequence[Fraction]) -> Fraction:
    """Their sum; of one, as most are paid in one, that one itself: fractions are slow to add."""
    return parts[0] if len(parts) == 1 and type(parts[0]) is Fraction else sum(parts, Fraction(0))


def _part(whole: Fraction, by: Fraction, ticket: Fraction) -> Fraction:
    """What a stake's money in proportion to a part of the institution's is."""
    return whole if by == ticket else whole * by / ticket if by else Fraction(0)


def _unit(tranches: Sequence[EntryTranche]) -> Fraction:
    """What rounding may make of a payment: one fen, or one share where that is more. A rule asks for it where proportions differ, and
    not before: what hangs on it hangs on the amount (fof.rules.whole_money)."""
    units = {t.unit for t in tranches}
    if len(units) == 1 and None not in units:  # as of parts of one payment
        return max(Fraction(1), *[unit for unit in units if unit is not None])
    shares = [t.shares for t in tranches]
    whole = None if None in shares else _sum([s for s in shares if s is not None])
    return max(Fraction(1), _sum([t.fen for t in tranches]) / whole) if whole else Fraction(1)


@rule(
    "CI-12",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("与机构同时出资", "Same time"),
    sources=[docs.practice("创投机构跟投制度样本；国有企业项目跟投“同时、同条件、同比例”")],
    on="day",
)
def same_time(stake: StaffStakeFacts, *, coinvest_lag_days: int) -> Outcome:
    """The stake's part of what went into the company, tranche by tranche in proportion: never before the institution's, and
    within the time that the plan allows after each."""
    theirs = () if stake.project is None else stake.project.tranches
    ours = stake.tranches
    whole, ticket = _sum([t.fen for t in ours]), _sum([t.fen for t in theirs])
    if not whole or not ticket:
        what = Text("跟投款或机构款进入企业的日期", "when the money went into the company")
        return missing_unless_denied(what, stake.denied, "payment_dates", money=stake.paid_in)
    tests = list[Test]()
    asked = {t.day: _part(whole, _by(theirs, t.day), ticket) for t in theirs}  # of the stake, by then
    for paid in ours:
        given = _by(ours, paid.day)
        by_then = asked[paid.day] if paid.day in asked else _part(whole, _by(theirs, paid.day), ticket)
        text = Text(f"{paid.code} 不早于机构付款", f"{paid.code}: not before the institution")
        if given <= by_then:
            tests.append((True, text))
            continue
        early, slack = given - by_then, _unit(ours)
        first = next((t.day for t in theirs if asked[t.day] + slack >= given), None)
        tests.append(Limb(early <= slack, text, paid.day, first, "date", int(early), paid.day))
    late: list[tuple[bool | None, EntryTranche, Fraction, dt.date]] = []
    for tranche in theirs:
        due = due_on(tranche.day, stake.plan, coinvest_lag_days)
        if min(due) >= stake.as_of:
            continue
        wanted = asked[tranche.day]
        if all(_by(ours, day) >= wanted for day in due):  # to the fen, as nearly all are
            late.append((True, tranche, Fraction(0), min(due)))
            continue
        slack = _unit(ours)  # decides whether it is late, and takes nothing off what is
        met = agreed(_by(ours, day) + slack >= wanted for day in due)
        met = unless_denied(met, denied_of_plan(stake), "payment_lag_unit")
        late.append((met, tranche, wanted - _by(ours, min(due)), min(due)))
    waived = stake.plan is not None and stake.plan.late_effect is LateEffect.WAIVED
    for met, tranche, lacking, day in late if not waived else ():
        text = Text(f"{tranche.code} 后按期付款", f"paid in time after {tranche.code}")
        if met:
            tests.append((True, text))
            continue
        wanted = asked[tranche.day] - _unit(ours)
        paid_on = next((t.day for t in ours if _by(ours, t.day) >= wanted), None)
        tests.append(Limb(met, text, paid_on, day, "date", max(0, int(lacking)), day + dt.timedelta(days=1)))
    outcome = checklist(tests, money=stake.paid_in)
    if waived and outcome.verdict is Verdict.PASS and any(met is False for met, *_ in late):
        most = max(int(x[2]) for x in late if x[0] is False)
        text = Text(
            f"逾期付款 {money_zh(most)}，按方案视为放弃，不应收取",
            f"{money_en(most)} was late: under the plan the right was given up and the money not due",
        )
        return Outcome(Verdict.WARN, text, money=most)
    if waived and outcome.verdict is Verdict.PASS and any(met is None for met, *_ in late):
        return missing(Text("缴款期限的单位", "the unit of the time allowed"), money=stake.paid_in)
    return outcome


def _prices(
    tranches: Sequence[EntryTranche], *, free: bool = False
) -> tuple[Fraction | None, Fraction | None]:
    """Lowest and highest price a share in fen: fees that nobody stated may be anything down to a price of nothing; `free`: it was
    answered that there are none."""
    if len(tranches) == 1 and tranches[0].price is not None:
        return tranches[0].price, tranches[0].price
    shares = [t.shares for t in tranches]
    if not tranches or None in shares or not sum(s for s in shares if s is not None):
        return None, None
    whole, money = _sum([s for s in shares if s is not None]), _sum([t.fen for t in tranches])
    fees = [Fraction(0) if free and t.fees is None else t.fees for t in tranches]
    if None in fees:
        return Fraction(0), money / whole
    exact = (money - _sum([f for f in fees if f is not None])) / whole
    return exact, exact


def _same_price(
    ours: tuple[Fraction | None, Fraction | None],
    theirs: tuple[Fraction | None, Fraction | None],
    tolerance: Decimal,
    rounding: Fraction,
) -> bool | None:
    """Whether two prices are the same to the tolerance; rounding: fen a share that it may make."""
    low, high = ours
    their_low, their_high = theirs
    if low is None or high is None or their_low is None or their_high is None:
        return None
    slack = max(their_high * Fraction(tolerance), rounding)
    if high + slack < their_low or low - slack > their_high:
        return False
    exact = low == high and their_low == their_high
    return abs(low - their_low) <= slack if exact else None


@rule(
    "CI-13",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("同价同条件", "Same price and terms"),
    sources=[docs.practice("跟投制度的同股同价原则；国资发改革〔2016〕133号")],
    on="day",
)
def same_price(stake: StaffStakeFacts, *, coinvest_price_tolerance: Decimal) -> Outcome:
    """The institution's price a share after fees, its class of shares, and no protection that it has not."""
    theirs = () if stake.project is None else stake.project.tranches
    denied = stake.denied
    own = _prices(stake.tranches, free="payment_fees" in stake.denied)
    other = _prices(theirs, free="deal_fees" in denied)
    shares = _sum([t.shares for t in stake.tranches if t.shares is not None])
    if own == other and own[0] is not None and own[0] == own[1]:
        price: bool | None = True
    else:
        rounding = _unit(stake.tranches) * len(stake.tranches) / shares if shares else Fraction(0)
        price = _same_price(own, other, coinvest_price_tolerance, rounding)
    given = None
    if price is False and own[1] is not None and other[0] is not None:
        given = int(abs(other[0] - own[1]) * shares) or None
    price = unless_denied(price, denied, "payment_shares", "deal_shares")
    classes = {t.share_class for t in stake.tranches} | (
        {stake.stake_share_class} if stake.stake_share_class else set()
    )
    their_classes = {t.share_class for t in theirs}
    class_ok = (
        None
        if None in classes or None in their_classes or not classes or not their_classes
        else classes == their_classes
    )
    known = classes - {None}
    if (
        class_ok is None
        and known
        and None not in their_classes
        and their_classes
        and not known <= their_classes
    ):
        class_ok = False
    class_ok = unless_denied(class_ok, stake.denied, "payment_share_class", "stake_share_class")
    class_ok = unless_denied(class_ok, denied, "deal_share_class")
    terms, allowed = stake.stake_side_terms, None if stake.project is None else stake.project.deal_side_terms
    side: bool | None
    if terms:
        side = None if allowed is None else set(terms) <= set(allowed)
        side = unless_denied(side, denied, "deal_side_terms")
    else:
        side = unless_denied(stake.no_side_terms, stake.denied, "no_side_terms")
    measured = threshold = None
    if price is False:  # of what is kept no figures are listed
        measured = None if own[1] is None else decimal_of(own[1] / 100)
        threshold = None if other[1] is None else decimal_of(other[1] / 100)
    return checklist(
        [
            Limb(
                price,
                Text("每股价格与机构相同", "the institution's price a share"),
                measured,
                threshold,
                "yuan a share",
                given,
            ),
            Limb(class_ok, Text("股份类别相同", "the same class of shares"), money=stake.paid_in),
            Limb(
                side,
                Text("没有机构所无的附加保护", "no protection that the institution has not"),
                money=stake.paid_in,
            ),
        ],
        money=stake.paid_in,
    )


def _own_money(paid: PaymentFacts, person: str) -> bool | None:
    """Whether a payment was of the person's own money, from the person's own account, with proof."""
    source = None if paid.money_source is None else paid.money_source in OWN_MONEY
    if source is None:
        source = provided(None, "money_source", paid.denied)
    proof = provided(paid.money_proof, "money_proof", paid.denied)
    unborrowed = paid.money_lender is None
    account = unless_denied(same(paid.account_holder, person), paid.denied, "account_holder")
    return all_of(source, proof, account, unborrowed)


def own_payments(stake: StaffStakeFacts) -> tuple[tuple[bool | None, int | None], ...]:
    """What CI-14 finds of each payment of the person, and its fen where that is not kept: what verdict and money at stake follow from."""
    paid = [(_own_money(p, stake.person), p.fen) for p in stake.payments if p.leg in _OWN_LEGS]
    return tuple([(met, None if met else fen) for met, fen in paid])


@rule(
    "CI-14",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN_IN_PART,
    text=Text("自有资金", "Own money only"),
    sources=[docs.practice("创投机构跟投制度样本；国资发改革〔2016〕133号 第三条、财资〔2016〕4号")],
    on="day",
)
def own_money(stake: StaffStakeFacts) -> Outcome:
    """Every payment of the person: salary or savings with proof, from his or her own account, no loan."""
    paid = [p for p in stake.payments if p.leg in _OWN_LEGS]
    if not paid:
        what = Text("个人付款", "the person's payments")
        return missing_unless_denied(what, stake.denied, "payment_dates", money=stake.paid_in)
    tests: list[Test] = [
        Limb(
            _own_money(p, stake.person),
            Text(f"{p.code} 为本人自有资金并有证明", f"{p.code}: own money from the own account, with proof"),
            money=p.fen,
            since=p.day,
        )
        for p in paid
    ]
    return checklist(tests, money=stake.paid_in, together=True)


@rule(
    "CI-15",
    Level.LAW,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("不得代持", "No nominee holding"),
    sources=[docs.practice("禁止代持（条例施行前）"), docs.ORDER_762.at("第20条")],
)
def no_nominee(stake: StaffStakeFacts) -> Outcome:
    """Nobody holds for another; an agreement that was ended is a warning with its day."""
    open_ones = [n for n in stake.nominees if n.nominee_until is None or n.nominee_until > stake.as_of]
    if open_ones:
        items = tuple(Item(n.code, Text("代持", "nominee agreement"), n.nominee_from) for n in open_ones)
        text = Text("有未清理的代持", "held for another")
        since = min((n.nominee_from for n in open_ones if n.nominee_from is not None), default=None)
        return Outcome(
            Verdict.BREACH, text, len(open_ones), 0, "count", stake.paid_in, items=items, since=since
        )
    confirmed = unless_denied(stake.no_nominee, stake.denied, "no_nominee")
    outcome = checklist(
        [(confirmed, Text("确认无代持", "confirmed: held for nobody else"))], money=stake.paid_in
    )
    if stake.nominees and outcome.verdict is not Verdict.BREACH:
        until = max(n.nominee_until for n in stake.nominees if n.nominee_until is not None)
        text = Text(f"曾有代持，{until} 清理", f"was held for another until {until}")
        return Outcome(Verdict.WARN, text, until, None, "date", stake.paid_in)
    return outcome
