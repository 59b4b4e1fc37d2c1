"""Staff co-investment: lock-up, exits together, leavers, promotion, the audit trail. CI-23 … CI-26, CI-31."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months
from fof.rules.coinvest_terms import (
    POLICY_GROUPS,
    missing_unless_denied,
    own_or,
    unless_denied,
)
from fof.rules.facts_coinvest import JointExit, ParticipationFacts, PaymentFacts, StaffStakeFacts
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
    rule,
)
from fof.rules.truth import any_of, at_most, same
from fof.rules.wording import decimal_of, pct
from models.coinvest import EvidenceItem, LeaverKind, LeaverPrice, PaymentLeg, RoleClass
from models.text import Text, counted

_RANK = {
    RoleClass.OTHER_STAFF: 0,
    RoleClass.MANAGEMENT_TEAM: 0,
    RoleClass.MID_LEVEL: 1,
    RoleClass.EXECUTIVE: 2,
}
_ALWAYS = (
    EvidenceItem.PLAN_VERSION,
    EvidenceItem.BASIS,
    EvidenceItem.PERSON,
    EvidenceItem.ROLE,
    EvidenceItem.DECLARATION,
    EvidenceItem.MONEY_PROOF,
    EvidenceItem.INSTITUTION_TERMS,
    EvidenceItem.STAFF_TERMS,
    EvidenceItem.COMMITTEE_MINUTES,
    EvidenceItem.PAYMENT_DATES,
    EvidenceItem.APPRAISAL,
)
_RECEIVED = frozenset({PaymentLeg.COMPANY_TO_PERSON, PaymentLeg.VEHICLE_TO_PERSON})


@rule(
    "CI-23",
    Level.CONFIG,
    Scope.PARTICIPATION,
    Confidence.SEEN_IN_PART,
    text=Text("锁定期", "Lock-up"),
    sources=[docs.SASAC_133.at(None)],
)
def locked(
    person: ParticipationFacts, *, firm_lock_months: int, firm_release_share_max: Decimal
) -> Outcome | None:
    """Shares of the firm itself: held for so many months, again from its listing, then released slowly by those who lead it.
    A project's stake is locked as long as the institution holds: CI-24."""
    if not person.firm_holdings:
        return None
    tests: list[Test] = []
    sold: dict[int, Fraction] = {}
    for since, until, share in person.firm_holdings:
        lock = add_months(since, firm_lock_months)
        if person.firm_listed_on is not None and (until is None or person.firm_listed_on <= until):
            lock = max(lock, add_months(person.firm_listed_on, firm_lock_months))
        if until is None or until > person.as_of:
            continue
        text = Text(f"锁定至 {lock}", f"locked until {lock}")
        tests.append(Limb(until >= lock, text, until, lock, "date", since=until))
        sold[until.year] = sold.get(until.year, Fraction(0)) + share
    if person.firm_listed_on is not None and person.leads is not False:
        whole = sum((share for *_, share in person.firm_holdings), Fraction(0))
        for year, share in sorted(sold.items()):
            part = decimal_of(share / whole)
            within = at_most(part, firm_release_share_max)
            text = Text(
                f"{year} 年减持不超过 {pct(firm_release_share_max)}",
                f"at most {pct(firm_release_share_max)} sold in {year}",
            )
            met = within if person.leads or within else None
            met = unless_denied(met, person.denied, "firm_holders", "role_class")
            tests.append(Limb(met, text, part, firm_release_share_max, "share"))
    if not tests:
        tests = [(True, Text("锁定期内未转让", "nothing was sold in the lock-up"))]
    return checklist(tests)


def _apart(
    pair: JointExit, stake: StaffStakeFacts, tolerance: Decimal, days: int, price_tolerance: Decimal
) -> list[Test]:
    """The conditions of one exit: the same part, day and price, but for the rounding of one share or one fen, whichever is more. The money: what was sold out of proportion or on another day, the
    difference that the price made, the part of the stake's cost that stayed behind the institution's exit."""
    theirs, ours, denied = pair.institution, pair.staff, stake.denied
    if ours is None:
        assert theirs is not None
        stayed = None if theirs.share is None else theirs.share <= Fraction(tolerance)
        stayed = unless_denied(stayed, denied, "deal_shares")
        text = Text(f"{theirs.code} 机构退出，跟投同步退出", f"{theirs.code}: sold with the institution")
        left = None if theirs.share is None else int(stake.paid_in * min(theirs.share, Fraction(1)))
        return [Limb(stayed, text, money=left, since=theirs.day)]
    if theirs is None:
        text = Text(f"{ours.code} 不早于机构退出", f"{ours.code}: not sold without the institution")
        return [
            Limb(False, text, ours.day, None, "date", None if ours.fen is None else int(ours.fen), ours.day)
        ]
    money = None if ours.fen is None else int(ours.fen)
    near, uneven = None, money
    if ours.share is not None and theirs.share is not None:
        apart = abs(ours.share - theirs.share)
        unit = ours.share / ours.sold if ours.sold else Fraction(0)  # what one share is of the holding
        near = apart <= max(Fraction(tolerance), unit)
        if ours.fen is not None and ours.share:
            uneven = int(ours.fen * min(Fraction(1), apart / ours.share))
    near = unless_denied(near, denied, "payment_shares", "deal_shares")
    same_price, given = None, money
    if ours.price is not None and theirs.price is not None:
        dearer = abs(ours.price - theirs.price)
        rounding = max(Fraction(1), theirs.price) / ours.sold if ours.sold else Fraction(0)
        same_price = dearer <= max(theirs.price * Fraction(price_tolerance), rounding)
        if ours.fen is not None and ours.price:
            given = int(ours.fen * dearer / ours.price)
    same_price = unless_denied(same_price, denied, "payment_shares", "deal_shares")
    return [
        Limb(
            near,
            Text(f"{ours.code} 与机构同比例", f"{ours.code}: the institution's proportion"),
            None if ours.share is None else decimal_of(ours.share),
            None if theirs.share is None else decimal_of(theirs.share),
            "share",
            uneven,
            ours.day,
        ),
        Limb(
            abs((ours.day - theirs.day).days) <= days,
            Text(f"{ours.code} 与机构同日", f"{ours.code}: the institution's day"),
            ours.day,
            theirs.day,
            "date",
            money,
            ours.day,
        ),
        Limb(
            same_price,
            Text(f"{ours.code} 与机构同价", f"{ours.code}: the institution's price"),
            None if ours.price is None else decimal_of(ours.price / 100),
            None if theirs.price is None else decimal_of(theirs.price / 100),
            "yuan a share",
            given,
            ours.day,
        ),
    ]


@rule(
    "CI-24",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("同步退出", "Exit together"),
    sources=[docs.practice("国有企业项目跟投“同时、同条件、同比例”退出")],
    concerns=lambda stake: bool(stake.exits),
)
def exit_together(
    stake: StaffStakeFacts,
    *,
    coinvest_exit_tolerance: Decimal,
    coinvest_exit_days: int,
    coinvest_price_tolerance: Decimal,
) -> Outcome | None:
    """Each exit of the institution and of the stake: the same part of the holding, the same day, the same price."""
    if not stake.exits:
        return None
    plan = stake.plan_today
    tolerance = own_or(None if plan is None else plan.exit_tolerance, coinvest_exit_tolerance)
    days = coinvest_exit_days
    if plan is not None and plan.exit_tolerance_days is not None:
        days = plan.exit_tolerance_days
    waiting = dt.timedelta(days=days)
    tests: list[Test] = []
    for pair in stake.exits:
        if (
            pair.staff is None
            and pair.institution is not None
            and pair.institution.day + waiting >= stake.as_of
        ):
            continue  # there is time left
        tests += _apart(pair, stake, tolerance, days, coinvest_price_tolerance)
    return checklist(tests, money=stake.paid_in) if tests else None


def _price(sale: PaymentFacts) -> Fraction | None:
    """Fen a share of a transfer, after fees."""
    fees = 0 if sale.payment_fees is None and "payment_fees" in sale.denied else sale.payment_fees
    if not sale.payment_shares or fees is None:
        return None
    return (sale.fen - fees) / Fraction(sale.payment_shares)


def _cost(stake: StaffStakeFacts) -> Fraction | None:
    """Fen a share that the stake cost."""
    return None if not stake.shares else sum((t.fen for t in stake.tranches), Fraction(0)) / stake.shares


_COST = Text("成本价", "cost")
_HELD = Text("持有股份数", "the shares held")


def _leaver_prices(stake: StaffStakeFacts, kind: LeaverKind | None, sale: PaymentFacts) -> list[Test]:
    """What the price of a leaver's transfer must meet."""
    price, cost = _price(sale), _cost(stake)
    book = None
    if stake.audited_net_assets_per_share is not None:
        book = Fraction(stake.audited_net_assets_per_share) * 100
    tests: list[Test] = []

    def at_most_of(limit: Fraction | None, what: Text) -> Limb:
        measured = None if price is None else decimal_of(price / 100)
        threshold = None if limit is None else decimal_of(limit / 100)
        text = Text(f"{sale.code} 价格不高于{what.zh}", f"{sale.code}: price not above {what.en}")
        slack = Fraction(1, 100)
        met = None if price is None or limit is None else price <= limit + slack
        if book is None and what is not _COST:
            met = unless_denied(met, stake.denied, "audited_net_assets_per_share")
        if price is None or cost is None:
            met = unless_denied(met, stake.denied, "payment_shares")
        given = sale.fen
        if price is not None and limit is not None and sale.payment_shares is not None:
            given = int((price - limit) * Fraction(sale.payment_shares))
        return Limb(met, text, measured, threshold, "yuan a share", given, sale.day)

    if stake.transferee_is_state:
        tests.append(at_most_of(book, Text("经审计每股净资产", "audited net assets a share")))
    elif stake.transferee_is_state is None:
        fine = price is not None and book is not None and price <= book
        text = Text(f"{sale.code} 受让方是否国有", f"{sale.code}: whether the buyer is a state firm")
        known = unless_denied(True if fine else None, stake.denied, "ownership")
        tests.append((known, text))
    plan = stake.plan_today
    basis = None if plan is None else plan.leaver_price
    if kind is LeaverKind.DISMISSED or basis is LeaverPrice.LOWER_OF_COST_AND_VALUE:
        lower = None if cost is None or book is None else min(cost, book)
        tests.append(at_most_of(lower, Text("成本与净值孰低", "the lower of cost and value")))
    elif kind is None and price is not None:
        why = unless_denied(None, stake.denied, "leaver_kind")
        tests.append((why, Text("离职类型", "why the employment ended")))
    elif basis is LeaverPrice.COST:
        tests.append(at_most_of(cost, _COST))
    elif basis is LeaverPrice.AUDITED_NET_ASSETS:
        tests.append(at_most_of(book, Text("经审计每股净资产", "audited net assets a share")))
    return tests


@rule(
    "CI-25",
    Level.CONFIG,
    Scope.STAFF_STAKE,
    Confidence.RECALLED,
    text=Text("离职处置", "Leaving the job"),
    sources=[docs.SASAC_133.at("第四条")],
    concerns=lambda stake: stake.last_spell is not None and stake.last_spell.employed_until is not None,
)
def leaver(stake: StaffStakeFacts, *, coinvest_leaver_months: int) -> Outcome | None:
    """A leaver hands the stake over within so many months, at the plan's price."""
    spell, plan = stake.last_spell, stake.plan_today
    left = None if spell is None else spell.employed_until
    if spell is None or left is None or left > stake.as_of:
        return None
    months = coinvest_leaver_months if plan is None or plan.leaver_months is None else plan.leaver_months
    due = add_months(left, months)
    after = [p for p in stake.transfers if p.day > left]
    last = _last_disposal(stake, left)
    in_time = _disposed_by(stake, due, last)
    if in_time is None:
        return missing_unless_denied(_HELD, stake.denied, "payment_shares", money=stake.paid_in)
    tests: list[Test] = [
        Limb(
            in_time,
            Text(
                f"离职（{left}）后 {months} 个月内处置",
                f"disposed of within {counted(months, 'month')} of leaving ({left})",
            ),
            last,
            due,
            "date",
            _overdue(stake, due),
            due + dt.timedelta(days=1),
        )
    ]
    for sale in after:
        tests += _leaver_prices(stake, spell.leaver_kind, sale)
    return checklist(tests, money=stake.paid_in)


def _last_disposal(stake: StaffStakeFacts, since: dt.date) -> dt.date | None:
    """The last day after another on which part of a stake was handed over or sold; None where nothing was."""
    sold = [pair.staff.day for pair in stake.exits if pair.staff is not None]
    return max((day for day in (*(p.day for p in stake.transfers), *sold) if day > since), default=None)


def _disposed_by(stake: StaffStakeFacts, due: dt.date, last: dt.date | None) -> bool | None:
    """Whether nothing of a stake was held after a day, or that day is still to come; None where it cannot be told. What went later was
    held then, whatever else is not known."""
    if last is not None and last > due:
        return False
    return any_of(same(stake.held, Fraction(0)), _all_sold(stake), stake.as_of <= due)


def _overdue(stake: StaffStakeFacts, due: dt.date) -> int:
    """The cost of what was not handed over by a day: of what is still held, and of what was transferred later; of all where the shares are
    not known or the institution's exits took part of it."""
    if stake.held is None or not stake.shares or any(pair.staff for pair in stake.exits):
        return stake.paid_in
    late = [p.payment_shares for p in stake.transfers if p.day > due]
    if None in late:
        return stake.paid_in
    part = stake.held + sum((Fraction(s) for s in late if s is not None), Fraction(0)) / stake.shares
    return int(stake.paid_in * min(Fraction(1), part))


def _all_sold(stake: StaffStakeFacts) -> bool | None:
    """Whether the exits took everything; None where of one it is not known how much, and the others took less."""
    sold = [pair.staff.share for pair in stake.exits if pair.staff is not None]
    left = Fraction(1)
    for share in sold:
        left *= 1 if share is None else 1 - share
    return True if left <= 0 else None if None in sold else False


def _moved_since(stake: StaffStakeFacts) -> bool:
    """Whether the person's role class was stated anew after the stake's day: roles are in the order of their days."""
    spell, start = stake.last_spell, stake.day
    return spell is not None and start is not None and bool(spell.roles) and spell.roles[-1][0] > start


@rule(
    "CI-26",
    Level.MIN,
    Scope.STAFF_STAKE,
    Confidence.SEEN,
    text=Text("职级变动后的处置", "Promotion and transfer inside the group"),
    sources=[docs.SASAC_139.at(None)],
    concerns=lambda stake: _moved_since(stake),
)
def promoted(stake: StaffStakeFacts, *, coinvest_promotion_months: int) -> Outcome | None:
    """A move to a post that may not hold, or up to mid-level and above without an exemption, opens a time for disposal."""
    spell, plan, start = stake.last_spell, stake.plan_today, stake.day
    if spell is None or start is None:
        return None
    groups = POLICY_GROUPS if plan is None or not plan.eligible_roles else plan.eligible_roles
    before = [role for day, role in spell.roles if day <= start]
    role = before[-1] if before else None
    clocks: list[tuple[dt.date, RoleClass]] = []
    for day, new in spell.roles:
        if day <= start or day > stake.as_of:
            continue
        exempt = (
            plan is not None
            and bool(plan.pilot_exemption_ref)
            and (plan.pilot_exemption_until is None or day <= plan.pilot_exemption_until)
        )
        higher = role is not None and _RANK[new] > _RANK[role] and _RANK[new] >= 1
        if new not in groups or (higher and not exempt):
            clocks.append((day, new))
        role = new
    if not clocks:
        return None
    months = (
        coinvest_promotion_months if plan is None or plan.promotion_months is None else plan.promotion_months
    )
    day, new = clocks[0]
    due = add_months(day, months)
    last = _last_disposal(stake, day)
    in_time = _disposed_by(stake, due, last)
    if in_time is None:
        return missing_unless_denied(_HELD, stake.denied, "payment_shares", money=stake.paid_in)
    text = Text(
        f"任{new.zh}（{day}）后 {months} 个月内处置",
        f"disposed of within {counted(months, 'month')} of becoming {new.en.lower()} ({day})",
    )
    limb = Limb(in_time, text, last, due, "date", _overdue(stake, due), due + dt.timedelta(days=1))
    return checklist([limb], money=stake.paid_in)


def evidence_asked(stake: StaffStakeFacts) -> tuple[EvidenceItem, ...]:
    """The items that apply to a stake: eleven always, exits, distributions and leaving where there were any."""
    spell, more = stake.last_spell, list[EvidenceItem]()
    left = None if spell is None else spell.employed_until
    if stake.exits or stake.transfers:
        more.append(EvidenceItem.EXITS)
    if any(p.leg in _RECEIVED for p in stake.payments):
        more.append(EvidenceItem.DISTRIBUTIONS)
    if left is not None and left <= stake.as_of:
        more.append(EvidenceItem.LEAVER)
    return (*_ALWAYS, *more) if more else _ALWAYS


@rule(
    "CI-31",
    Level.PRAC,
    Scope.STAFF_STAKE,
    Confidence.OWN_DESIGN,
    text=Text("审计证据完整性", "Audit trail for SASAC"),
    sources=[docs.practice("由 CI-01 至 CI-30 归纳")],
)
def audit_trail(stake: StaffStakeFacts) -> Outcome:
    """Every item that applies is there and fits the stake; one that does not exist is a breach, one that is missing a warning. Of one
    that states no day it cannot be told whether it came in time."""
    asked = evidence_asked(stake)
    lacking = [item for item in asked if item not in stake.evidence]
    never = [item for item in lacking if item in stake.evidence_denied]
    untold = [item for item in lacking if item in stake.evidence_untold and item not in never]
    present, whole = len(asked) - len(lacking), len(asked)
    share = Decimal(present) / Decimal(whole)
    if not lacking:
        text = Text(f"{whole} 项证据齐备", f"every item ({whole}) is there")
        return Outcome(Verdict.PASS, text, share, Decimal(1), "share", stake.paid_in)
    verdict = Verdict.BREACH if never else Verdict.UNKNOWN if untold else Verdict.WARN
    text, items = _lacking_items(tuple(lacking), tuple(never or lacking), tuple(untold), whole)
    limbs = tuple((None if i in untold else False, i.text) for i in lacking)
    return Outcome(verdict, text, share, Decimal(1), "share", stake.paid_in, items=items, lacking=limbs)


@lru_cache(4096)
def _lacking_items(
    lacking: tuple[EvidenceItem, ...],
    named: tuple[EvidenceItem, ...],
    untold: tuple[EvidenceItem, ...],
    whole: int,
) -> tuple[Text, tuple[Item, ...]]:
    """The sentence and the list of what lacks; many stakes of a project lack the same."""
    text = Text(
        f"缺少或与份额不符 {len(lacking)} 项：" + "、".join(i.zh for i in named),
        f"{len(lacking)} of {counted(whole, 'item')} missing or not fitting the stake: "
        + ", ".join(i.en.lower() for i in named),
    )
    if untold:
        text = Text(
            f"{text.zh}；其中日期不明：" + "、".join(i.zh for i in untold),
            f"{text.en}; of these without a day: " + ", ".join(i.en.lower() for i in untold),
        )
    return text, tuple(Item(item.value, item.text) for item in lacking)
