"""Time-limited conversion of publicly funded results: the title risk of a company, and who may be licensed. TC-01."""

from __future__ import annotations

import datetime as dt

from fof.rules import cited_documents as docs
from fof.rules.calendar_days import add_years
from fof.rules.facts_instruments import ResultFacts
from fof.rules.facts_parties import CompanyFacts
from fof.rules.registry import (
    Confidence,
    Level,
    Limb,
    Outcome,
    Scope,
    Test,
    Verdict,
    breach_unless,
    checklist,
    missing,
    not_applicable,
    rule,
)
from models.instruments import PriorityAnswer, ResultException
from models.text import Text


def open_to_others_from(due: dt.date, years: int) -> dt.date:
    """The first day on which a result that is not converted may be licensed to others: the day after the same day of the calendar
    year that comes so many years later.

    >>> open_to_others_from(dt.date(2024, 2, 29), 1)
    datetime.date(2025, 3, 1)
    """
    return add_years(due, years) + dt.timedelta(days=1)


def _converted(on: dt.date) -> Outcome:
    return Outcome(Verdict.PASS, Text(f"已于 {on} 转化", f"Converted on {on}"))


def _overdue(due: dt.date, as_of: dt.date, years: int) -> Outcome:
    """What is said of a result that nobody converted: a title risk from the day on which others may be licensed."""
    opened = open_to_others_from(due, years)
    last = opened - dt.timedelta(days=1)
    return Outcome(
        breach_unless(as_of < opened, Verdict.WARN),
        Text(
            f"约定 {due} 前转化，尚未转化；{last} 后可授权他人实施",
            f"Conversion agreed by {due}, not done; others may be licensed after {last}",
        ),
        (as_of - due).days,
        (last - due).days,
        "days",
        since=opened if as_of >= opened else None,
    )


@rule(
    "TC-01",
    Level.PROV,
    Scope.COMPANY,
    Confidence.SEEN,
    text=Text("财政资金形成成果限时转化", "Time-limited conversion of publicly funded results"),
    sources=[docs.POLICY_2017.at("二（三）")],
)
def conversion(company: CompanyFacts, *, conversion_grace_years: int) -> Outcome:
    """A result not converted a calendar year after the agreed day may be licensed to others: a title risk, warned about."""
    if company.publicly_funded_result is None:
        return missing(Text("是否基于财政资金形成的成果", "whether it rests on a publicly funded result"))
    if not company.publicly_funded_result:
        return not_applicable(Text("不涉及财政资金形成的成果", "no publicly funded result"))
    if company.converted_on is not None and company.converted_on <= company.as_of:
        return _converted(company.converted_on)
    if company.conversion_due is None:
        return missing(Text("约定转化期限", "the agreed day of conversion"))
    return _overdue(company.conversion_due, company.as_of, conversion_grace_years)


@rule(
    "TC-01B",
    Level.PROV,
    Scope.RESULT,
    Confidence.SEEN,
    text=Text(
        "财政资金成果许可他人", "Time-limited conversion of publicly funded results: licence to others"
    ),
    sources=[docs.POLICY_2017.at("二（三）")],
)
def licence_of_result(result: ResultFacts, *, conversion_grace_years: int) -> Outcome:
    """Of a result of the register: licensed to others only where no exception stands against it, more than a calendar year after
    the agreed day, and after the team had its priority; not converted and not licensed by then is a title risk."""
    due, licensed = result.result_due, result.licensed_on
    if licensed is not None and licensed <= result.as_of:
        return _licensed(result, licensed, conversion_grace_years)
    if result.result_converted_on is not None and result.result_converted_on <= result.as_of:
        return _converted(result.result_converted_on)
    if result.result_exception not in (None, ResultException.NONE):
        assert result.result_exception is not None
        why = result.result_exception
        return not_applicable(
            Text(
                f"例外情形：{why.zh}，不得授权他人",
                f"an exception stands against a licence: {why.en.lower()}",
            )
        )
    if due is None:
        return missing(Text("约定转化期限", "the agreed day of conversion"))
    made = _overdue(due, result.as_of, conversion_grace_years)
    if made.verdict is Verdict.WARN and result.result_exception is None:
        return missing(Text("是否属于例外情形", "whether an exception applies"))
    return made


def _licensed(result: ResultFacts, licensed: dt.date, years: int) -> Outcome:
    exception, offered, answer = result.result_exception, result.priority_offered_on, result.priority_answer
    opened = None if result.result_due is None else open_to_others_from(result.result_due, years)
    converted = result.result_converted_on is not None and result.result_converted_on < licensed
    tests: list[Test] = [
        (
            None if exception is None else exception is ResultException.NONE,
            Text("不属于例外情形", "no exception stands against it"),
        ),
        (not converted, Text("许可前尚未转化", "not converted before")),
        Limb(
            None if opened is None else licensed >= opened,
            Text("约定期限满一年后许可", "licensed more than a year after the agreed day"),
            licensed,
            opened,
            "date",
        ),
        Limb(
            None if offered is None else offered < licensed,
            Text("许可前已征询团队优先处置", "the team was offered its priority before"),
            offered,
            licensed,
            "date",
        ),
        (
            None if answer is None else answer is not PriorityAnswer.TAKEN,
            Text("团队未行使优先权", "the team did not take it"),
        ),
    ]
    return checklist(tests)
