"""Pools on the day: rates and their limits, leverage, money, refilling. RC-08, 18, 22, 23, PI-10."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from fof.rules import cited_documents as docs
from fof.rules.array_forms import (
    CapStand,
    StopStand,
    compensation_form,
    enrolment_form,
    leverage_form,
    refill_form,
)
from fof.rules.facts_pools import LimitFacts, PoolFacts
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
    not_applicable,
    rule,
)
from fof.rules.wording import decimal_of, money_en, money_zh, pct, times
from models.pools import LimitKind
from models.text import Text


@rule(
    "RC-08",
    Level.MIN,
    Scope.POOL,
    Confidence.SEEN_IN_PART,
    text=Text("代偿率上限与熔断", "Compensation-rate ceiling (代偿率) – circuit breaker"),
    sources=[docs.practice("地方资金池办法"), docs.MOF_60.at(None)],
)
def circuit_breaker(pool: PoolFacts) -> Outcome:
    """Each enrolment stop by its own denominator: a warning from its warning share on, a breach where the limit was reached
    and business went on. A stop that is kept to is a warning: it lasts until an entry with its document resumes it."""
    stops = [limit for limit in pool.limits if limit.kind is LimitKind.ENROLMENT_STOP]
    if not stops:
        return missing(
            Text("暂停新增的代偿率上限", "a limit that stops enrolment"), money=pool.outstanding or None
        )
    worst = max(stops, key=_severity)
    broken = [limit for limit in stops if limit.enrolled_since]
    verdict = enrolment_form([_stand(limit) for limit in stops]).of_one()
    if verdict is Verdict.UNKNOWN:
        return missing(Text("代偿率的分母", "what the rate is of"), money=pool.outstanding or None)
    if verdict is Verdict.BREACH:
        text = Text("暂停后仍有新增", "loans were enrolled after the stop")
    elif any(limit.stopped_on for limit in stops):
        text = Text("已触及上限，暂停新增", "the limit is reached: enrolment stopped")
    elif verdict is Verdict.WARN:
        text = Text("接近上限", "near the limit")
    else:
        text = Text("低于预警线", "below the warning")
    rate = worst.rate
    figure = Text("—", "—") if rate is None else Text(pct(decimal_of(rate)), pct(decimal_of(rate)))
    of = (
        Text("", "")
        if worst.denominator is None
        else Text(worst.denominator.zh, worst.denominator.en.lower())
    )
    return Outcome(
        verdict,
        Text(
            f"{text.zh}：{worst.code} 代偿率 {figure.zh}（分母：{of.zh}）",
            f"{text.en}: {worst.code} at {figure.en} (of {of.en})",
        ),
        None if rate is None else decimal_of(rate),
        None if worst.highest is None else decimal_of(worst.highest),
        "share",
        sum(limit.enrolled_since for limit in broken) or None,
        items=tuple(_limit_item(limit) for limit in stops),
        since=min((x.stopped_on for x in stops if x.stopped_on is not None), default=None),
    )


def _stand(limit: LimitFacts) -> StopStand:
    untold = limit.warned is None and limit.used != 0
    return StopStand(limit.enrolled_since != 0, limit.stopped_on is not None, bool(limit.warned), untold)


def _severity(limit: LimitFacts) -> tuple[bool, bool, Fraction]:
    part = Fraction(limit.used, limit.allowed) if limit.allowed else Fraction(0)
    return bool(limit.enrolled_since), limit.stopped_on is not None, part


def _limit_item(limit: LimitFacts) -> Item:
    zh = "—" if limit.rate is None else pct(decimal_of(limit.rate))
    stop = (
        Text("", "")
        if limit.stopped_on is None
        else Text(f"，{limit.stopped_on} 起暂停", f", stopped since {limit.stopped_on}")
    )
    return Item(
        limit.code, Text(f"{zh}{stop.zh}", f"{zh}{stop.en}"), limit.stopped_on, limit.enrolled_since or None
    )


@rule(
    "RC-18",
    Level.CONFIG,
    Scope.POOL,
    Confidence.SEEN_IN_PART,
    text=Text("资金池放大倍数", "Pool leverage"),
    sources=[docs.practice("地方资金池办法")],
)
def pool_leverage(pool: PoolFacts, *, pool_leverage_max: Decimal) -> Outcome:
    """What is outstanding over what is in the pool, against the agreement's multiple or the default."""
    most = pool_leverage_max if pool.leverage_max is None else pool.leverage_max
    verdict = leverage_form(pool.outstanding, pool.cash, pool.contributed, most).of_one()
    if verdict is Verdict.NOT_APPLICABLE:
        return not_applicable(Text("无在保余额", "nothing outstanding"))
    if verdict is Verdict.UNKNOWN:
        return missing(Text("资金池注资记录", "contributions to the pool"), money=pool.outstanding)
    if pool.cash <= 0:
        text = Text("资金池已无余额，仍有在保余额", "nothing is in the pool, loans are outstanding")
        return Outcome(verdict, text, None, most, "multiple", pool.outstanding)
    multiple = decimal_of(Fraction(pool.outstanding, pool.cash))
    over = pool.outstanding - int(most * pool.cash)
    text = Text(
        f"放大 {times(multiple)} 倍，上限 {times(most)} 倍", f"{times(multiple)} times, at most {times(most)}"
    )
    return Outcome(verdict, text, multiple, most, "multiple", over if verdict is Verdict.BREACH else None)


@rule(
    "RC-22",
    Level.CONFIG,
    Scope.POOL,
    Confidence.SEEN,
    text=Text("有限补偿", "Limited compensation"),
    sources=[docs.practice("稳企稳岗“逐笔补偿、总额封顶”；湖南2025“有限补偿”")],
)
def limited(pool: PoolFacts) -> Outcome:
    """The pool never paid more than it held, nor above a cap; what was cut is recorded as uncompensated."""
    anything = bool(pool.compensated or pool.contributed or pool.limits or pool.lowest_cash)
    caps = [limit for limit in pool.limits if limit.kind is not LimitKind.ENROLMENT_STOP]
    stands = [CapStand(limit.used, limit.allowed or 0, limit.allowed is not None) for limit in caps]
    verdict = compensation_form(anything, pool.lowest_cash, stands).of_one()
    if verdict is Verdict.NOT_APPLICABLE:
        return not_applicable(Text("没有收付记录", "no payments are recorded"))
    tests: list[Test] = [
        Limb(
            pool.lowest_cash >= 0,
            Text("支付未超过资金池余额", "never more paid than was in the pool"),
            pool.lowest_cash,
            0,
            "fen",
            max(-pool.lowest_cash, 0),
        )
    ]
    for limit in caps:
        within = None if limit.allowed is None else limit.used <= limit.allowed
        text = Text(f"{limit.kind.zh} {limit.code} 未超", f"{limit.kind.en.lower()} {limit.code} kept")
        over = None if limit.allowed is None else max(limit.used - limit.allowed, 0)
        tests.append(Limb(within, text, limit.used, limit.allowed, "fen", over))
    made = checklist(tests)._replace(verdict=verdict)
    note = Text(
        f"限额截去、未予补偿 {money_zh(pool.uncompensated)}，不是资金池的债务",
        f"{money_en(pool.uncompensated)} cut by limits and not compensated: no debt of the pool",
    )
    return made._replace(notes=(note,)) if pool.uncompensated else made


@rule(
    "RC-23",
    Level.CONFIG,
    Scope.POOL,
    Confidence.RECALLED,
    text=Text("资金池补足与暂停", "Top-up and suspension of the pool"),
    sources=[docs.practice("地方资金池办法")],
)
def topped_up(pool: PoolFacts, *, pool_floor: Decimal, pool_refill_days: int) -> Outcome:
    """Below the floor of its first size contributors refill it within the days; after those the scheme is to pause."""
    floor = pool_floor if pool.topup_floor is None else pool.topup_floor
    days = pool_refill_days if pool.topup_days is None else pool.topup_days
    since = pool.below_floor_since
    late = since is not None and pool.as_of > since + dt.timedelta(days=days)
    verdict = refill_form(pool.cash, pool.first_size, floor, since is not None, late).of_one()
    if pool.first_size is None or pool.first_size <= 0:
        return missing(Text("资金池初始规模", "the pool's first size"))
    share = decimal_of(Fraction(pool.cash, pool.first_size))
    least = int(floor * pool.first_size)
    if verdict is Verdict.PASS:
        text = Text(
            f"余额为初始规模的 {pct(share)}，补足线 {pct(floor)}",
            f"{pct(share)} of its first size, floor {pct(floor)}",
        )
        return Outcome(verdict, text, share, floor, "share")
    if since is None:
        return missing(
            Text("低于补足线的起始日", "since when it is below the floor"), money=least - pool.cash
        )
    due = since + dt.timedelta(days=days)
    text = Text(
        f"余额为初始规模的 {pct(share)}，低于 {pct(floor)}；补足期限 {due}",
        f"{pct(share)} of its first size, below {pct(floor)}; to be refilled by {due}",
    )
    return Outcome(verdict, text, share, floor, "share", least - pool.cash, since=since)


@rule(
    "PI-10",
    Level.PRAC,
    Scope.POOL,
    Confidence.SEEN,
    text=Text("资金池统计指标", "Guarantee-pool indicators"),
    sources=[docs.practice("黑龙江日报 2020-05-14 通报口径")],
)
def pool_indicators(pool: PoolFacts) -> Outcome:
    """Balance by contributor adds up to the pool, and agrees with the bank statement of the last month that has one."""
    if pool.statement is None or pool.statement_cash is None:
        return missing(Text("专户对账单余额", "a bank statement of the pool"), money=pool.cash or None)
    parts = sum(fen for _, fen in pool.balances)
    apart = pool.statement - pool.statement_cash
    tests: list[Test] = [
        Limb(
            parts == pool.cash,
            Text("各出资方余额合计等于资金池余额", "balances of contributors add up"),
            parts,
            pool.cash,
            "fen",
        ),
        Limb(
            apart == 0,
            Text(
                f"{pool.statement_on} 对账单与账面一致（相差 {money_zh(apart)}）"
                if apart
                else f"{pool.statement_on} 对账单与账面一致",
                f"the statement of {pool.statement_on} agrees"
                + (f" ({money_en(apart)} apart)" if apart else ""),
            ),
            pool.statement,
            pool.statement_cash,
            "fen",
            abs(apart),
        ),
    ]
    return checklist(tests, failed=Verdict.WARN)
