"""AF-01…06: what auditors reported, to the yuan and to the day."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from fof.calendar import published
from fof.rules.engine import ask
from fof.rules.facts import FundFacts
from fof.rules.facts_deals import DealFacts, FundThen
from fof.rules.facts_parties import Due, Flow, InvestorFacts, StakeFacts
from fof.rules.idle import tranches
from fof.rules.payments import settle
from fof.rules.registry import Verdict
from models.kinds import FundStatus, PartyKind, Stage, Strategy

AS_OF = dt.date(2026, 6, 30)
WAN = 1_000_000
PASS, WARN, BREACH, UNKNOWN, NA = (
    Verdict.PASS,
    Verdict.WARN,
    Verdict.BREACH,
    Verdict.UNKNOWN,
    Verdict.NOT_APPLICABLE,
)
GUIDANCE = InvestorFacts("GF", PartyKind.GUIDANCE_FUND)
PRIVATE = InvestorFacts("P", PartyKind.SOCIAL_INVESTOR)
Y2024, Y2025 = dt.date(2024, 5, 1), dt.date(2025, 5, 1)


def fund(**more: object) -> FundFacts:
    more.setdefault("stakes", (StakeFacts(GUIDANCE, 500 * WAN),))
    return FundFacts("F1", AS_OF, **more)


def days_ago(days: int) -> dt.date:
    return AS_OF - dt.timedelta(days=days)


def angel(
    *rows: tuple[int | None, Stage | None, dt.date], strategy: Strategy | None = Strategy.ANGEL
) -> FundFacts:
    deals = tuple(
        DealFacts(
            f"D{n}", FundThen("F1"), f"C{n}", day=day, fen=fen, stage=stage, stage_definition="fof-2017"
        )
        for n, (fen, stage, day) in enumerate(rows)
    )
    return fund(strategy=strategy, deals=deals)


def replaced(subject: FundFacts, code: str, **more: object) -> FundFacts:
    """The fund with one deal changed."""
    return replace(subject, deals=tuple(replace(d, **more) if d.code == code else d for d in subject.deals))


def early(seed: int, growth: int, unlabelled: int = 0) -> FundFacts:
    rows = [(seed, Stage.SEED, Y2024), (growth, Stage.GROWTH, Y2024), (unlabelled, None, Y2024)]
    return angel(*[row for row in rows if row[0]])


def cash(
    came: list[tuple[dt.date, int]],
    used: list[tuple[dt.date, int]] = (),
    fees: list[tuple[dt.date, int]] = (),
    **more: object,
) -> FundFacts:
    """Money that came in, went into deals, and was paid as fees."""
    deals = tuple(Flow(*u) for u in used)
    return fund(
        capital_in=tuple(Flow(*c) for c in came),
        uses=(*deals, *(Flow(*f) for f in fees)),
        deployed=deals,
        **more,
    )


CLOSED = dt.date(2025, 3, 3)
BEFORE = dt.date(2014, 8, 20)  # the day before 证监会令第105号
A_DEAL = DealFacts("D", FundThen("F1"), day=AS_OF, fen=1)


def formed(**more: object) -> FundFacts:
    given = {
        "established_on": dt.date(2025, 1, 1),
        "term_end": dt.date(2033, 1, 1),
        "final_close_on": CLOSED,
        "amac_id": "SX0001",
        "amac_filed_on": dt.date(2025, 3, 31),
    }
    return fund(**{**given, **more})


def unfiled(closed: dt.date) -> FundFacts:
    return formed(amac_id=None, amac_filed_on=None, final_close_on=closed)


NEXT = max(published().notices) + 1


def doubtful(**more: object) -> FundFacts:
    """Closed four working days before a year without a notice, and 17 days of it gone without a filing."""
    fund = formed(amac_id=None, amac_filed_on=None, final_close_on=dt.date(NEXT - 1, 12, 25), **more)
    return replace(fund, as_of=dt.date(NEXT, 1, 17))


def mandated(*rows: tuple[str, int | None, Stage | None, str | None], **terms: object) -> FundFacts:
    given = {"mandate_stages": (Stage.SEED, Stage.STARTUP), "mandate_fields": ("C39", "I65")}
    then = FundThen("F1", **{**given, **terms})
    deals = tuple(
        DealFacts(code, then, f"企业{code}", day=Y2024, fen=fen, stage=stage, industry=industry)
        for code, fen, stage, industry in rows
    )
    return fund(deals=deals)


IN = ("D1", 100, Stage.SEED, "C3921")
OFF_STAGE = ("D2", 143_00, Stage.MATURE, "C3921")
OFF_FIELD = ("D3", 200_00, Stage.SEED, "K7010")
UNLABELLED = ("D4", 7, None, "C3921")
DUE = dt.date(2026, 1, 15)


def owing(dues: list[tuple[dt.date, int]], paid: list[tuple[dt.date, int]]) -> tuple[StakeFacts, FundFacts]:
    stake = StakeFacts(
        PRIVATE,
        1000,
        dues=tuple(Due(day, fen, f"通知{n}") for n, (day, fen) in enumerate(dues, start=1)),
        paid=tuple(Flow(*flow) for flow in paid),
    )
    return stake, fund(stakes=(StakeFacts(GUIDANCE, 500), stake))


CASES = [
    ("AF-01", "on the quota", (early(60, 40),), PASS),
    ("AF-01", "above", (early(61, 39),), PASS),
    ("AF-01", "a fen short", (early(600_000_000 - 1, 400_000_001),), BREACH),
    ("AF-01", "unlabelled deals decide", (early(59, 40, 1),), UNKNOWN),
    ("AF-01", "unlabelled deals cannot save it", (early(58, 41, 1),), BREACH),
    ("AF-01", "unlabelled deals do not matter", (early(60, 39, 1),), PASS),
    (
        "AF-01",
        "kept in all, not in one year",
        (angel((90, Stage.SEED, Y2024), (10, Stage.MATURE, Y2025)),),
        WARN,
    ),
    (
        "AF-01",
        "a label without its definition decides",
        (replaced(early(60, 40), "D0", stage_definition=None),),
        UNKNOWN,
    ),
    ("AF-01", "amount missing", (angel((None, Stage.SEED, Y2024)),), UNKNOWN),
    ("AF-01", "strategy missing", (angel((1, Stage.SEED, Y2024), strategy=None),), UNKNOWN),
    ("AF-01", "a growth fund", (angel((1, Stage.MATURE, Y2024), strategy=Strategy.GROWTH),), NA),
    ("AF-01", "nothing invested", (angel(),), NA),
    ("AF-02", "in 183 days ago", (cash([(days_ago(183), 100)]),), PASS),
    ("AF-02", "in 184 days ago", (cash([(days_ago(184), 100)]),), BREACH),
    ("AF-02", "used 183 days ago", (cash([(days_ago(500), 100)], [(days_ago(183), 1)]),), PASS),
    ("AF-02", "used 184 days ago", (cash([(days_ago(500), 100)], [(days_ago(184), 1)]),), BREACH),
    (
        "AF-02",
        "a fee 10 days ago does not stop the clock",
        (cash([(days_ago(184), 100)], [], [(days_ago(10), 1)]),),
        BREACH,
    ),
    ("AF-02", "used up by fees", (cash([(days_ago(500), 100)], [], [(days_ago(400), 100)]),), PASS),
    (
        "AF-02",
        "no cash left in a book that keeps it",
        (cash([(days_ago(500), 9)], other_out=(Flow(AS_OF, 9),), cash_kept=True),),
        PASS,
    ),
    ("AF-02", "wound up", (cash([(days_ago(900), 1)], status=FundStatus.CLOSED),), NA),
    ("AF-02", "merged into another", (cash([(days_ago(900), 1)], status=FundStatus.MERGED),), NA),
    ("AF-02", "being wound up", (cash([(days_ago(900), 1)], status=FundStatus.LIQUIDATING),), BREACH),
    ("AF-02", "used up", (cash([(days_ago(500), 100)], [(days_ago(400), 100)]),), PASS),
    ("AF-02", "nothing came in", (fund(),), NA),
    (
        "AF-02",
        "a deal without amount",
        (cash([(days_ago(9), 1)], deals=(DealFacts("D", FundThen("F1"), day=AS_OF),)),),
        UNKNOWN,
    ),
    (
        "AF-02",
        "a deal without a day",
        (cash([(days_ago(9), 1)], deals=(DealFacts("D", FundThen("F1"), fen=1),)),),
        UNKNOWN,
    ),
    ("AF-02", "private fund", (cash([(days_ago(900), 1)], stakes=(StakeFacts(PRIVATE, 1),)),), NA),
    ("AF-03", "filed on working day 20", (formed(),), PASS),
    ("AF-03", "filed on working day 21", (formed(amac_filed_on=dt.date(2025, 4, 1)),), BREACH),
    ("AF-03", "never filed", (formed(amac_id=None, amac_filed_on=None),), BREACH),
    (
        "AF-03",
        "closed yesterday, not filed yet",
        (formed(amac_id=None, amac_filed_on=None, final_close_on=days_ago(1)),),
        PASS,
    ),
    ("AF-03", "no term", (formed(term_end=None),), BREACH),
    ("AF-03", "filed on an unknown day", (formed(amac_filed_on=None),), UNKNOWN),
    ("AF-03", "close missing", (formed(final_close_on=None),), UNKNOWN),
    (
        "AF-03",
        "close missing, invests unfiled",
        (formed(final_close_on=None, amac_id=None, amac_filed_on=None, deals=(A_DEAL,)),),
        BREACH,
    ),
    ("AF-03", "close missing, filed and invests", (formed(final_close_on=None, deals=(A_DEAL,)),), UNKNOWN),
    (
        "AF-03",
        "close missing, unfiled, nothing invested",
        (formed(final_close_on=None, amac_id=None, amac_filed_on=None),),
        UNKNOWN,
    ),
    ("AF-03", "filed without a number", (formed(amac_id=None),), UNKNOWN),
    (
        "AF-03",
        "no final close: the first counts",
        (formed(final_close_on=None, first_close_on=CLOSED),),
        PASS,
    ),
    ("AF-03", "not filed on working day 20", (unfiled(dt.date(2026, 6, 1)),), PASS),
    ("AF-03", "not filed on working day 21", (unfiled(dt.date(2026, 5, 29)),), BREACH),
    ("AF-03", "no notice of the year", (doubtful(),), UNKNOWN),
    ("AF-03", "no notice of the year and no term", (doubtful(term_end=None),), BREACH),
    ("AF-03", "not set up", (formed(established_on=None),), NA),
    (
        "AF-03",
        "set up on an unknown day",
        (formed(established_on=None, status=FundStatus.INVESTING),),
        UNKNOWN,
    ),
    ("AF-03", "private fund", (formed(stakes=(StakeFacts(PRIVATE, 1),)),), NA),
    (
        "AF-03",
        "closed the day before filing began",
        (formed(final_close_on=BEFORE, amac_filed_on=CLOSED),),
        PASS,
    ),
    (
        "AF-03",
        "closed when filing began",
        (formed(final_close_on=dt.date(2014, 8, 21), amac_filed_on=CLOSED),),
        BREACH,
    ),
    (
        "AF-03",
        "closed the day after",
        (formed(final_close_on=dt.date(2014, 8, 22), amac_filed_on=CLOSED),),
        BREACH,
    ),
    (
        "AF-03",
        "closed before filing began, never filed",
        (formed(final_close_on=BEFORE, amac_id=None, amac_filed_on=None),),
        BREACH,
    ),
    ("AF-04", "approved, six months to the day", (fund(approved_on=dt.date(2025, 12, 30)),), PASS),
    ("AF-04", "six months and a day", (fund(approved_on=dt.date(2025, 12, 29)),), WARN),
    ("AF-04", "365 days", (fund(approved_on=days_ago(365)),), WARN),
    ("AF-04", "366 days", (fund(approved_on=days_ago(366)),), BREACH),
    ("AF-04", "set up", (fund(approved_on=days_ago(900), established_on=days_ago(10)),), PASS),
    ("AF-04", "missing", (fund(),), UNKNOWN),
    (
        "AF-04",
        "money was paid in, day of establishment missing",
        (fund(approved_on=days_ago(900), stakes=(StakeFacts(GUIDANCE, 5, paid=(Flow(AS_OF, 5),)),)),),
        UNKNOWN,
    ),
    ("AF-04", "a parent fund", (fund(kind=PartyKind.PARENT_FUND, approved_on=days_ago(900)),), NA),
    ("AF-05", "all inside", (mandated(IN),), PASS),
    ("AF-05", "stage outside", (mandated(IN, OFF_STAGE),), BREACH),
    ("AF-05", "field outside", (mandated(IN, OFF_FIELD),), BREACH),
    ("AF-05", "one fen outside", (mandated(IN, ("D9", 1, Stage.MATURE, "C39")),), BREACH),
    ("AF-05", "stage missing", (mandated(IN, UNLABELLED),), UNKNOWN),
    ("AF-05", "stage missing, another outside", (mandated(OFF_STAGE, UNLABELLED),), BREACH),
    ("AF-05", "mandate missing", (mandated(IN, mandate_stages=None, mandate_fields=None),), UNKNOWN),
    ("AF-05", "stages named, no fields", (mandated(OFF_FIELD, mandate_fields=None),), PASS),
    ("AF-05", "nothing invested", (fund(),), NA),
    ("AF-05", "private fund", (replace(mandated(OFF_STAGE), stakes=(StakeFacts(PRIVATE, 1),)),), NA),
    ("AF-06", "paid the day before", owing([(DUE, 100)], [(DUE - dt.timedelta(1), 100)]), PASS),
    ("AF-06", "paid on the day", owing([(DUE, 100)], [(DUE, 100)]), PASS),
    ("AF-06", "paid a day late", owing([(DUE, 100)], [(DUE + dt.timedelta(1), 100)]), WARN),
    ("AF-06", "a fen short", owing([(DUE, 100)], [(DUE, 99)]), BREACH),
    ("AF-06", "due today, not paid yet", owing([(DUE, 100), (AS_OF, 100)], [(DUE, 100)]), PASS),
    ("AF-06", "due yesterday, not paid", owing([(days_ago(1), 100)], []), BREACH),
    ("AF-06", "not due yet", owing([(AS_OF + dt.timedelta(1), 100)], []), None),
    ("AF-06", "paid without a notice in the book", owing([], [(DUE, 100)]), UNKNOWN),
]


@pytest.mark.parametrize(("rule", "case", "args", "verdict"), CASES, ids=[f"{c[0]} {c[1]}" for c in CASES])
def test_boundaries(rule, case, args, verdict):
    outcome = ask(rule, *args, day=AS_OF)
    assert (outcome and outcome.verdict) is verdict
    assert outcome is None or (outcome.text.zh and outcome.text.en)


def test_af_01_reports_the_missing_yuan_the_deals_and_the_definitions():
    outcome = ask("AF-01", early(55, 45), day=AS_OF)
    assert outcome.money == 5
    assert [item.code for item in outcome.items] == ["D1"]
    assert ("阶段判定口径：fof-2017", "stage definitions: fof-2017") in outcome.notes


def test_af_01_tells_since_when_the_share_is_short():
    """50 % in May 2024, 67 % in June, 57 % from May 2025 on."""
    june = dt.date(2024, 6, 1)
    rows = [
        (1, Stage.SEED, Y2024),
        (1, Stage.MATURE, Y2024),
        (2, Stage.STARTUP, june),
        (1, Stage.MATURE, Y2025),
    ]
    assert (
        ask("AF-01", angel((4, Stage.SEED, june), *rows[1:2], (4, Stage.GROWTH, Y2025)), day=AS_OF).since
        == Y2025
    )
    kept = ask("AF-01", angel(*rows), day=AS_OF)  # 60 % again, but a year in it fell short
    assert (kept.verdict, kept.measured, kept.since) == (WARN, 0, Y2025)
    assert "2025 0%" in kept.text.en
    for first in (
        ((6, Stage.SEED, Y2024), (5, Stage.SEED, Y2024), (1, None, Y2024)),
        ((6, Stage.SEED, Y2024),),
    ):
        so_far = angel(*first[-2:], (4, Stage.MATURE, Y2024), (1, Stage.MATURE, Y2025))
        assert ask("AF-01", so_far, day=AS_OF).since == Y2025  # on the floor, or able to be, until then


def test_af_01_names_the_years_that_fell_short():
    outcome = ask("AF-01", angel((90, Stage.SEED, Y2024), (10, Stage.MATURE, Y2025)), day=AS_OF)
    assert outcome.notes[-1] == ("当年低于要求：2025 年 0%", "short in single years: 2025 0%")


def test_af_02_reports_each_idle_tranche_in_yuan_and_days():
    """First in, first out: 130 used of 100 + 60 + 40 leaves 30 of the second tranche and all of the third."""
    came = [(dt.date(2024, 1, 1), 100), (dt.date(2024, 6, 1), 60), (dt.date(2026, 6, 1), 40)]
    subject = cash(came, [(dt.date(2024, 7, 1), 90), (dt.date(2025, 7, 1), 30)], [(dt.date(2026, 1, 5), 10)])
    outcome = ask("AF-02", subject, day=AS_OF)
    assert outcome.verdict is BREACH
    assert [(item.day, item.fen) for item in outcome.items] == [(dt.date(2024, 6, 1), 30)]
    assert outcome.money == 30
    assert outcome.measured == (AS_OF - dt.date(2025, 7, 1)).days  # the fee of January was no investment
    assert outcome.since == dt.date(2025, 7, 1) + dt.timedelta(days=184)


def test_af_02_money_spent_before_a_tranche_came_in_is_not_taken_from_it():
    subject = cash([(dt.date(2024, 1, 1), 100), (dt.date(2025, 1, 1), 50)], [(dt.date(2024, 2, 1), 130)])
    assert [t.left for t in tranches(subject)] == [0, 50]


def test_af_02_cannot_exceed_the_cash_that_is_kept_in_the_book():
    subject = cash([(days_ago(400), 100)], other_out=(Flow(days_ago(10), 95),), cash_kept=True)
    assert ask("AF-02", subject, day=AS_OF).money == 5
    assert ask("AF-02", replace(subject, cash_kept=None), day=AS_OF).money == 100


def test_af_04_reports_the_approved_yuan():
    outcome = ask("AF-04", fund(approved_on=days_ago(366), approved_amount=300 * WAN), day=AS_OF)
    assert outcome.money == 300 * WAN
    assert "300万元" in outcome.text.zh
    assert ask("AF-04", fund(approved_on=days_ago(366)), day=AS_OF).money == 500 * WAN  # public commitments
    assert ask("AF-04", fund(approved_on=days_ago(900), status=FundStatus.CLOSED), day=AS_OF).verdict is NA


def test_af_05_lists_each_deal_with_its_amount_and_the_part_of_the_mandate_it_misses():
    outcome = ask("AF-05", mandated(IN, OFF_STAGE, OFF_FIELD, UNLABELLED), day=AS_OF)
    assert outcome.measured == outcome.money == 343_00
    assert [(item.code, item.fen) for item in outcome.items] == [("D2", 143_00), ("D3", 200_00)]
    assert "成熟期" in outcome.items[0].text.zh
    assert "K7010" in outcome.items[1].text.en
    assert outcome.notes == (("另有 1 笔 0.07元 无法判断", "1 more, RMB 0.07, cannot be judged"),)


def test_af_05_uses_the_mandate_in_force_on_the_deals_day():
    """The mandate was widened to growth companies between two deals; each is held against its own day's mandate."""
    narrow, wide = (
        FundThen("F1", mandate_stages=(Stage.SEED,)),
        FundThen("F1", mandate_stages=(Stage.SEED, Stage.GROWTH)),
    )
    deals = (
        DealFacts("D1", narrow, day=Y2024, fen=5, stage=Stage.GROWTH),
        DealFacts("D2", wide, day=Y2025, fen=6, stage=Stage.GROWTH),
    )
    outcome = ask("AF-05", fund(deals=deals), day=AS_OF)
    assert [item.code for item in outcome.items] == ["D1"]


def test_af_06_reports_days_and_yuan_for_each_notice():
    """Due 100 on 15 January and 200 on 15 March; 60 in time, 40 five days late, 150 in time, 50 never."""
    march = dt.date(2026, 3, 15)
    paid = [(DUE, 60), (DUE + dt.timedelta(5), 40), (march, 150)]
    outcome = ask("AF-06", *owing([(DUE, 100), (march, 200)], paid), day=AS_OF)
    assert outcome.verdict is BREACH
    assert outcome.money == 50
    assert outcome.measured == Decimal("0.7")
    assert outcome.inputs == {"due": 300, "paid_in_time": 210, "owed": 50, "days_late": (AS_OF - march).days}
    assert outcome.since == march + dt.timedelta(days=1)
    assert [(item.code, item.fen) for item in outcome.items] == [("通知2", 50), ("通知1", 40)]


def test_af_06_excess_that_was_returned_had_settled_its_due():
    stake, _ = owing([(DUE, 100)], [(DUE, 120), (DUE + dt.timedelta(9), -20)])
    (settled,) = settle(stake, AS_OF)
    assert (settled.open, settled.full_on) == (0, DUE)


def test_af_06_one_payment_may_settle_two_notices():
    later = DUE + dt.timedelta(30)
    stake, _ = owing([(DUE, 100), (later, 50)], [(DUE, 150)])
    assert [(s.in_time, s.open, s.full_on) for s in settle(stake, AS_OF)] == [
        (100, 0, DUE),
        (50, 0, DUE),
    ]


def noticed(paid: list[tuple[dt.date, int, str]]) -> StakeFacts:
    """100 asked by notice 1 for 15 January and 50 by notice 2 for 15 March."""
    march = dt.date(2026, 3, 15)
    dues = (Due(DUE, 100, "1", dt.date(2026, 1, 1)), Due(march, 50, "2", dt.date(2026, 3, 1)))
    return StakeFacts(PRIVATE, 1000, dues=dues, paid=tuple(Flow(*row) for row in paid))


def test_af_06_a_payment_counts_for_the_notice_it_names():
    """Notice 2 was paid in time, notice 1 never: not the other way round."""
    march = dt.date(2026, 3, 15)
    first, second = settle(noticed([(march, 50, "2")]), AS_OF)
    assert (first.open, first.in_time, first.full_on) == (100, 0, None)
    assert (second.open, second.in_time, second.full_on) == (0, 50, march)
    outcome = ask("AF-06", noticed([(march, 50, "2")]), fund(), day=AS_OF)
    assert (outcome.money, outcome.inputs["days_late"]) == (100, (AS_OF - DUE).days)
    assert [item.code for item in outcome.items] == ["1"]


def test_af_06_what_is_more_than_the_named_notice_asked_pays_the_oldest():
    first, second = settle(noticed([(dt.date(2026, 3, 10), 150, "2")]), AS_OF)
    assert (first.open, first.in_time, first.full_on) == (0, 0, dt.date(2026, 3, 10))
    assert (second.open, second.in_time) == (0, 50)


def test_af_06_money_from_before_the_first_notice_pays_none():
    first, second = settle(noticed([(dt.date(2025, 12, 31), 100, "")]), AS_OF)
    assert (first.open, second.open) == (100, 50)
    first, second = settle(noticed([(dt.date(2026, 1, 1), 100, "")]), AS_OF)
    assert (first.open, second.open) == (0, 50)


@pytest.mark.parametrize(("returned", "owed"), [(0, 0), (30, 30), (50, 50), (80, 50)])
def test_af_06_excess_that_was_returned_pays_no_later_notice(returned, owed):
    """150 paid on a call of 100: what stays with the fund settles the next notice, what went back does not."""
    paid = [(DUE, 150, ""), (dt.date(2026, 2, 1), -returned, "")]
    first, second = settle(noticed(paid[: 2 if returned else 1]), AS_OF)
    assert (first.open, second.open) == (0, owed)


def test_af_06_a_notice_that_is_not_due_yet_takes_its_own_payment():
    """Paid ahead for notice 2: notice 1 stays owed although the money would have sufficed for it."""
    as_of = dt.date(2026, 3, 5)
    (first,) = settle(noticed([(dt.date(2026, 3, 2), 50, "2")]), as_of)
    assert (first.notice, first.open) == ("1", 100)


def test_af_06_rates_and_items_of_money_that_came_late():
    """40 of 100 five days late: a warning with 60 % in time, and the 40 as its line."""
    outcome = ask("AF-06", *owing([(DUE, 100)], [(DUE, 60), (DUE + dt.timedelta(5), 40)]), day=AS_OF)
    assert (outcome.verdict, outcome.measured, outcome.money) == (WARN, Decimal("0.6"), None)
    assert [(item.code, item.fen) for item in outcome.items] == [("通知1", 40)]
    assert outcome.inputs["days_late"] == 5


def test_af_06_what_is_due_today_is_not_late_and_not_yet_counted():
    """100 of January paid; of the 100 due today 40 are: nothing owed, 140 of 140 in time."""
    outcome = ask("AF-06", *owing([(DUE, 100), (AS_OF, 100)], [(DUE, 100), (AS_OF, 40)]), day=AS_OF)
    assert (outcome.verdict, outcome.measured, outcome.money) == (PASS, 1, None)
    assert outcome.inputs == {"due": 140, "paid_in_time": 140, "owed": 0, "days_late": 0}
    assert "应缴 1.4元" in outcome.text.zh
    assert "due RMB 1.40" in outcome.text.en


def test_af_06_a_payment_of_today_counts_and_one_of_tomorrow_does_not():
    for day, left in ((AS_OF, 0), (AS_OF + dt.timedelta(days=1), 100)):
        (settled,) = settle(owing([(AS_OF, 100)], [(day, 100)])[0], AS_OF)
        assert settled.open == left


def test_af_06_says_nothing_before_anything_is_due():
    """Paid ahead of a notice of tomorrow; and a party that neither owes nor paid."""
    tomorrow = AS_OF + dt.timedelta(days=1)
    assert ask("AF-06", *owing([(tomorrow, 100)], [(AS_OF, 100)]), day=AS_OF) is None
    assert ask("AF-06", *owing([], []), day=AS_OF) is None
    assert ask("AF-06", owing([(DUE, 1)], [])[0], fund(stakes=()), day=AS_OF) is None  # no government money


def test_af_06_money_of_the_day_comes_before_what_goes_back_that_day():
    """150 in and 50 back on one day: the 50 were never there for a later notice."""
    first, second = settle(noticed([(DUE, 150, ""), (DUE, -50, "")]), AS_OF)
    assert (first.open, second.open) == (0, 50)


def test_af_02_a_tranche_that_is_used_up_ages_no_more():
    subject = cash([(days_ago(500), 100), (days_ago(10), 50)], [(days_ago(400), 100)])
    assert ask("AF-02", subject, day=AS_OF).measured == 10
    empty = cash([(days_ago(500), 9)], other_out=(Flow(AS_OF, 9),), cash_kept=True)
    assert ask("AF-02", empty, day=AS_OF).measured == 0


def test_af_03_counts_an_open_day_only_where_nothing_else_is_wrong():
    unsettled, certain = (ask("AF-03", doubtful(**more), day=AS_OF) for more in ({}, {"term_end": None}))
    assert (unsettled.verdict, certain.verdict, certain.measured) == (UNKNOWN, BREACH, 1)
    assert f"{NEXT} 年放假通知" in unsettled.text.zh
    assert "放假通知" not in certain.text.zh
    assert ask("AF-03", formed(), day=AS_OF).notes == ()


def test_af_04_says_since_when_and_puts_money_at_stake_only_when_late():
    """Approved on 29 December 2025: due by 29 June 2026, late from the day after."""
    late = ask("AF-04", fund(approved_on=dt.date(2025, 12, 29), approved_amount=7), day=AS_OF)
    assert (late.verdict, late.money, late.since) == (WARN, 7, AS_OF)
    due = ask("AF-04", fund(approved_on=dt.date(2025, 12, 30), approved_amount=7), day=AS_OF)
    assert (due.verdict, due.money, due.since) == (PASS, None, None)


def test_af_05_says_which_part_of_the_mandate_a_deal_misses():
    both = ("D5", 1, Stage.GROWTH, "K7010")
    outcome = ask("AF-05", mandated(OFF_STAGE, OFF_FIELD, both), day=AS_OF)
    assert [item.text.zh for item in outcome.items] == [
        "企业D2：成熟期（约定种子期、初创期）",
        "企业D3：行业 K7010（约定 C39, I65）",
        "企业D5：成长期（约定种子期、初创期），行业 K7010（约定 C39, I65）",
    ]
    assert outcome.since == Y2024
    nowhere = mandated(("D2", 1, Stage.MATURE, None), mandate_fields=None)
    (item,) = ask("AF-05", nowhere, day=AS_OF).items
    assert item.text.zh == "企业D2：成熟期（约定种子期、初创期）"
    (item,) = ask("AF-05", mandated(("D3", 1, None, "K70"), mandate_stages=None), day=AS_OF).items
    assert item.text.zh == "企业D3：行业 K70（约定 C39, I65）"
    undated = replaced(mandated(OFF_STAGE), "D2", day=None)
    assert ask("AF-05", undated, day=AS_OF).since is None


def test_af_02_money_used_on_the_day_it_came_and_more_than_came():
    day = days_ago(400)
    assert [t.left for t in tranches(cash([(day, 100)], [(day, 40)]))] == [60]
    assert [t.left for t in tranches(cash([(day, 100)], [(day, 140)]))] == [0]
    assert [t.left for t in tranches(cash([(day, 100)], [(days_ago(401), 40)]))] == [100]
