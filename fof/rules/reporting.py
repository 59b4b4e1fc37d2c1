"""Registers, statements, audits: what must be handed in by when. GF-60…63."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_months, quarter_end_before
from fof.rules.facts import FilingKind, FundFacts
from fof.rules.registry import (
    Confidence,
    Item,
    Level,
    Outcome,
    Scope,
    Test,
    Verdict,
    checklist,
    missing,
    not_applicable,
    rule,
)
from fof.rules.worked_days import worked
from models.kinds import FundStatus
from models.text import Text

_NAMES = {
    FilingKind.QUARTERLY_STATEMENT: Text("季度报表", "quarterly statement"),
    FilingKind.ANNUAL_REPORT: Text("年度业务报告", "annual report"),
    FilingKind.AUDIT_REPORT: Text("年度审计报告", "audit report"),
    FilingKind.CUSTODIAN_REPORT: Text("托管报告", "custodian's report"),
    FilingKind.ANNUAL_EVALUATION: Text("年度绩效评价", "annual evaluation"),
    FilingKind.REGISTER_UPDATE: Text("信用信息登记更新", "register update"),
    FilingKind.TRUTH_COMMITMENT: Text("真实性承诺书", "truth commitment"),
}
_BESIDE_1753 = Text(
    "2800号在1752、1753号施行后是否仍有效，未核实",
    "whether 2800号 is still in force beside 1752号 and 1753号 is not established",
)
_NOT_YET = not_applicable(Text("尚无到期的报送义务", "nothing was due yet"))


def _last_year_end(fund: FundFacts, months: int, since: dt.date) -> dt.date | None:
    """The last 31 December whose deadline (months later) has passed; None where the fund did not exist by then, or
    where that deadline lay before `since`, the day from which the duty holds: no rule asks for what was due before it.
    """
    for year in (fund.as_of.year - 1, fund.as_of.year - 2):
        end = dt.date(year, 12, 31)
        due = add_months(end, months)
        if due < fund.as_of:
            return end if due >= since and _existed(fund, end) else None
    return None


def _existed(fund: FundFacts, day: dt.date) -> bool:
    """Set up by `day`, and not closed or merged before it."""
    if fund.established_on is None or fund.established_on > day:
        return False
    ended = next(
        (on for on, status in fund.status_history if status in (FundStatus.CLOSED, FundStatus.MERGED)), None
    )
    return ended is None or ended > day


_RAISED = (FundStatus.INVESTING, FundStatus.HARVESTING, FundStatus.EXTENDED, FundStatus.LIQUIDATING)
"""Where a fund stands once nobody is asked to join any more."""


def _handed_in(fund: FundFacts, kind: FilingKind, period_end: dt.date, due: dt.date) -> Test:
    """Whether a report about a period was handed in by its day."""
    filed = min(
        (f.filed_on for f in fund.filings if f.kind is kind and f.period_end == period_end), default=None
    )
    text = _NAMES[kind]
    done = Text(f"{filed} 报送" if filed else "未报送", f"handed in {filed}" if filed else "not handed in")
    return (
        filed is not None and filed <= due,
        Text(
            f"{period_end} {text.zh}（期限 {due}，{done.zh}）",
            f"{text.en} for {period_end} (due {due}, {done.en})",
        ),
    )


def _judge(fund: FundFacts, tests: Iterable[Test]) -> Outcome:
    """All reports in time; NOT_APPLICABLE before the first is due, UNKNOWN where it is not known when the fund began."""
    if not fund.is_public:
        return not_applicable(Text("无政府出资", "no government money"))
    if fund.established_on is None:
        return missing(Text("成立日", "day of establishment"))
    tests = list(tests)
    if not tests:
        return _NOT_YET
    outcome = checklist(tests)
    late = tuple(Item(str(n), text) for n, (met, text, *_) in enumerate(tests, start=1) if not met)
    return Outcome(
        outcome.verdict, outcome.text, outcome.measured, outcome.threshold, outcome.unit, items=late
    )


@rule(
    "GF-60",
    Level.MIN,
    Scope.FUND,
    Confidence.SEEN,
    text=Text("年度登记信息更新", "Annual register update"),
    sources=[docs.NDRC_1753.at("第5条")],
)
def register_update(fund: FundFacts, *, register_update_months: int) -> Outcome:
    """Last year's data in the credit register by 30 June, with the truth commitment signed."""
    end = _last_year_end(fund, register_update_months, docs.NDRC_1753.since)
    due = add_months(end, register_update_months) if end else None
    kinds = (FilingKind.REGISTER_UPDATE, FilingKind.TRUTH_COMMITMENT)
    return _judge(fund, [_handed_in(fund, kind, end, due) for kind in kinds] if end and due else [])


@rule(
    "GF-61",
    Level.MIN,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("财政定期报告", "Fiscal reporting cadence"),
    sources=[docs.MOF_210.at("第五、六章")],
)
def fiscal_reports(fund: FundFacts, *, quarter_report_days: int, year_report_months: int) -> Outcome:
    """The last four quarterly statements that were due, and the yearly evaluation."""
    tests: list[Test] = []
    end = quarter_end_before(fund.as_of)
    while len(tests) < 4 and _existed(fund, end):
        due = end + dt.timedelta(days=quarter_report_days)
        if due < docs.MOF_210.since:
            break
        if due < fund.as_of:
            tests.append(_handed_in(fund, FilingKind.QUARTERLY_STATEMENT, end, due))
        end = quarter_end_before(end - dt.timedelta(days=1))
    year = _last_year_end(fund, year_report_months, docs.MOF_210.since)
    if year is not None:
        due = add_months(year, year_report_months)
        tests.append(_handed_in(fund, FilingKind.ANNUAL_EVALUATION, year, due))
    return _judge(fund, tests)


@rule(
    "GF-62",
    Level.MIN,
    Scope.FUND,
    Confidence.RECALLED,
    text=Text("2800号年度报送与登记", "2800号 yearly filings"),
    sources=[docs.NDRC_2800.at("第二、五章")],
)
def yearly_filings(fund: FundFacts, *, ndrc_report_months: int, ndrc_registration_workdays: int) -> Outcome:
    """Annual report, audited accounts and the custodian's report within four months; registered within 20 working
    days of the close, which a fund that is past its raising has had. Whether 2800号 is still in force beside 1752号 and 1753号 is not established."""
    end = _last_year_end(fund, ndrc_report_months, docs.NDRC_2800.since)
    tests: list[Test] = []
    if end is not None:
        due = add_months(end, ndrc_report_months)
        for kind in (FilingKind.ANNUAL_REPORT, FilingKind.AUDIT_REPORT, FilingKind.CUSTODIAN_REPORT):
            tests.append(_handed_in(fund, kind, end, due))
    closed = fund.final_close_on
    if closed is not None and closed >= docs.NDRC_2800.since and fund.is_public:
        registered = fund.ndrc_registered_on
        days = worked(fund.calendar, closed, registered or fund.as_of, ndrc_registration_workdays)
        if registered is not None or days.in_time is not True:
            text = days.text
            tests.append(
                (
                    days.in_time,
                    Text(
                        f"募集完毕后 {text.zh}{'登记' if registered else '未登记'}",
                        f"{'registered' if registered else 'not registered'} {text.en} after the close",
                    ),
                )
            )
    late = any(met is False for met, *_ in tests)  # a late report decides, whatever came of the close
    if closed is None and fund.is_public and fund.status in _RAISED and not late:
        tests.append((None, Text("募集完毕日（未登记）", "the close (not recorded)")))
    outcome = _judge(fund, tests)
    if fund.as_of < docs.NDRC_1753.since or outcome.verdict is Verdict.NOT_APPLICABLE:
        return outcome
    return outcome._replace(notes=(*outcome.notes, _BESIDE_1753))


@rule(
    "GF-63",
    Level.LAW,
    Scope.FUND,
    Confidence.SEEN_IN_PART,
    text=Text("年度审计", "Annual audit and investor information"),
    sources=[docs.ORDER_762.at("第29、31条")],
)
def annual_audit(fund: FundFacts, *, audit_months: int) -> Outcome:
    """Last year's audit report by its day."""
    end = _last_year_end(fund, audit_months, docs.ORDER_762.since)
    due = add_months(end, audit_months) if end else None
    return _judge(fund, [_handed_in(fund, FilingKind.AUDIT_REPORT, end, due)] if end and due else [])
