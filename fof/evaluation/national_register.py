"""Export for the national government-investment-fund register, and whether it can be signed (GF-60).

One row of fields per fund for a calendar year: identity as recorded, and the indicators PI-01…09 as the audit of 31
December works them out. The national form itself was not found; the fields are those of the rulebook. Every field has
its value and where it comes from, or says that it is missing; nothing is filled in.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from fof.book.currencies import DEFAULT_CURRENCY, currency_of
from fof.book.entries import document_of
from fof.book.funds import fact_text
from fof.evaluation.indicators import BELOW, below
from fof.evaluation.judged import Judged, ended_before, judged, set_up_by
from fof.ledger import EntryRecord, View
from fof.rules.calendar_days import add_months
from fof.rules.facts import FilingKind, FundFacts
from fof.rules.registry import RULES, Value, Verdict
from models.facts import FACTS
from models.frozen import frozen
from models.money import yuan_text
from models.text import NO_TEXT, Text, yes_or_no

GIVEN, MISSING, NOT_APPLICABLE = "given", "missing", "not_applicable"
IDENTITY = (
    "name",
    "fund_class",
    "strategy",
    "legal_form",
    "status",
    "established_on",
    "term_end",
    "sponsor_level",
    "owner_government",
    "manager",
    "custodian",
    "amac_id",
    "ndrc_registered_on",
    "registered_place",
)
_NOT_ALWAYS = frozenset({"strategy", "amac_id", "registered_place"})
"""Of a sub-fund only; a guidance fund need not be filed and follows no strategy."""

INDICATORS: tuple[tuple[str, str, Text, str], ...] = (
    ("PI-01", "variant_a", Text("放大倍数 A（认缴总额/引导资金）", "Leverage A"), "multiple"),
    ("PI-01", "variant_b", Text("放大倍数 B（非政府/引导资金）", "Leverage B"), "multiple"),
    ("PI-01", "variant_c", Text("放大倍数 C（登记整轮/引导资金）", "Leverage C (whole rounds)"), "multiple"),
    ("PI-02", "early", Text("投早占比", "Early share"), "share"),
    ("PI-02", "small", Text("投小占比", "Small share"), "share"),
    ("PI-02", "long_term", Text("投长期", "Long-term"), ""),
    ("PI-02", "priority_fields", Text("重点领域占比", "Priority-field share"), "share"),
    ("PI-03", "called", Text("实缴率", "Paid-in rate"), "share"),
    ("PI-03", "invested", Text("投资率", "Invested over paid-in"), "share"),
    ("PI-03", "idle", Text("资金闲置率", "Idle ratio"), "share"),
    ("PI-03", "days_to_first_deal", Text("首笔投资历时", "Days to first deal"), "days"),
    ("PI-04", "dpi", Text("DPI", "DPI"), "multiple"),
    ("PI-04", "rvpi", Text("RVPI", "RVPI"), "multiple"),
    ("PI-04", "tvpi", Text("TVPI", "TVPI"), "multiple"),
    ("PI-04", "irr", Text("IRR", "IRR"), "share"),
    ("PI-04", "principal_recovery", Text("政府本金收回率", "Government principal recovered"), "share"),
    ("PI-05", "reinvested", Text("认定返投金额", "Recognised reinvestment"), "fen"),
    ("PI-05", "local_companies", Text("本地企业数", "Local companies"), "count"),
    ("PI-05", "relocated", Text("迁入企业数", "Relocated companies"), "count"),
    ("PI-05", "jobs", Text("新增就业", "Jobs added"), "count"),
    ("PI-05", "tax_paid", Text("纳税额", "Tax paid"), "fen"),
    ("PI-06", "count", Text("退出项目数", "Exits"), "count"),
    ("PI-06", "cost", Text("退出项目成本", "Cost of exits"), "fen"),
    ("PI-06", "proceeds", Text("退出收回金额", "Proceeds of exits"), "fen"),
    ("PI-06", "median_years", Text("中位持有年数", "Median years held"), "years"),
    ("PI-07", "cost", Text("亏损统计：投资成本", "Loss statistics: cost"), "fen"),
    ("PI-07", "lost", Text("整体亏损", "Loss in all"), "fen"),
    ("PI-07", "realised", Text("已实现亏损", "Realised loss"), "fen"),
    ("PI-08", "", Text("投向评价有证据的指标数", "Direction topics with evidence"), "count"),
    ("PI-09", "", Text("战略性新兴产业占比", "Strategic-industry share"), "share"),
)


@frozen
class Field:
    """One field: value as text (money in yuan with two decimals, shares as decimal fractions), None unless given.

    source : the entry and document behind it, or the rule and the audited day;  note : why there is no value
    """

    name: str
    text: Text
    unit: str
    state: str
    value: str | None
    entry: int | None
    document: str | None
    source: str
    note: Text = NO_TEXT


@frozen
class FundRegister:
    """A fund's fields, and what stands between it and a signature.

    handed_in_on, truth_on : days on which the update was handed in and the truth commitment signed, None if not
    can_sign : no field is missing. late : not handed in with its truth commitment by the due day
    currency : of its amounts
    """

    fund: str
    name: str
    fields: tuple[Field, ...]
    handed_in_on: dt.date | None
    truth_on: dt.date | None
    late: bool
    currency: str = DEFAULT_CURRENCY

    @property
    def missing(self) -> tuple[Field, ...]:
        """Fields without a value that apply."""
        return tuple(f for f in self.fields if f.state == MISSING)

    @property
    def can_sign(self) -> bool:
        """Whether everything that applies has its value."""
        return not self.missing


@frozen
class Register:
    """The update for one year: figures of 31 December as known at `known_at`, deadlines seen from `as_of`.

    due_on, days_left : last day to hand in, and days to it (negative: past); None where no deadline is in force
    """

    year: int
    as_of: dt.date
    known_at: int
    period_end: dt.date
    due_on: dt.date | None
    days_left: int | None
    funds: tuple[FundRegister, ...]

    @property
    def can_sign(self) -> bool:
        """Whether every fund's fields are complete; False where there is no fund."""
        return bool(self.funds) and all(fund.can_sign for fund in self.funds)


def register(view: View, year: int | None = None) -> Register:
    """The register update for a calendar year (default: the one before the view's day), for every fund with public
    money that was set up by its end and not closed or merged before it began."""
    today = judged(view).day
    chosen = today.year - 1 if year is None else year
    end = dt.date(chosen, 12, 31)
    then_view = view.on(end)
    then = judged(then_view)
    months = then.settings.on("register_update_months", today)
    due = None if months is None else add_months(end, int(str(months.value)))
    begin = dt.date(chosen, 1, 1)
    listed = {
        code: fund
        for code, fund in then.facts.items()
        if fund.is_public and set_up_by(fund, end) and not ended_before(fund, begin)
    }
    booked = then_view.heads(_entries(then_view, listed))
    funds = []
    for code, fund in listed.items():
        now = judged(view).facts.get(code)
        handed = _filed(now, FilingKind.REGISTER_UPDATE, end)
        truth = _filed(now, FilingKind.TRUTH_COMMITMENT, end)
        late = due is not None and (_late(handed, due, today) or _late(truth, due, today))
        number = then_view.party(code).id
        fields = (*_identity(then_view, number, fund, booked), *_indicators(then_view, then, code))
        name, currency = then_view.name(number), currency_of(then_view, number)
        funds.append(FundRegister(code, name, fields, handed, truth, late, currency))
    left = None if due is None else (due - today).days
    return Register(chosen, today, view.known_at, end, due, left, tuple(funds))


def _filed(fund: FundFacts | None, kind: FilingKind, end: dt.date) -> dt.date | None:
    days = (
        [] if fund is None else [f.filed_on for f in fund.filings if f.kind is kind and f.period_end == end]
    )
    return min(days, default=None)


def _late(filed: dt.date | None, due: dt.date, today: dt.date) -> bool:
    return (filed or today) > due


def _entries(view: View, codes: Iterable[str]) -> Iterator[int]:
    """The entries that the identity of some funds rests on."""
    for code in codes:
        party = view.party(code)
        yield party.entry
        yield from (fact.entry for name, fact in view.facts_of(party.id).items() if name in IDENTITY)


def _identity(view: View, number: int, fund: FundFacts, booked: Mapping[int, EntryRecord]) -> Iterator[Field]:
    stated = view.facts_of(number)
    party = view.parties[number]
    yield Field(
        "code",
        Text("编号", "Code"),
        "",
        GIVEN,
        party.code,
        party.entry,
        document_of(booked[party.entry]),
        f"entry {party.entry}",
    )
    for name in IDENTITY:
        spec, fact = FACTS[name], stated.get(name)
        if fact is not None:
            document = fact.document or document_of(booked[fact.entry])
            yield Field(
                name,
                spec.text,
                "",
                GIVEN,
                fact_text(name, fact.value),
                fact.entry,
                document,
                f"entry {fact.entry}",
            )
            continue
        optional = name in _NOT_ALWAYS and fund.kind is not None and fund.kind.value != "sub_fund"
        note = (
            Text("不适用于该类主体", "not asked of this kind")
            if optional
            else Text("账中没有记录", "not recorded")
        )
        yield Field(name, spec.text, "", NOT_APPLICABLE if optional else MISSING, None, None, None, "", note)
    yield _sum("committed", Text("认缴总额", "Commitments"), fund.committed)
    yield _sum("paid_in", Text("实缴总额", "Paid in"), fund.paid_in if fund.stakes else None)


def _sum(name: str, text: Text, fen: int | None) -> Field:
    if fen is None:
        return Field(
            name, text, "fen", MISSING, None, None, None, "", Text("账中没有出资人份额", "no stakes recorded")
        )
    return Field(name, text, "fen", GIVEN, yuan_text(fen), None, None, "postings")


def _indicators(view: View, then: Judged, code: str) -> Iterator[Field]:
    for rule, name, text, unit in INDICATORS:
        full = f"{rule}.{name}" if name else rule
        state, value, source, notes = _indicator(view, then, code, rule, name, unit)
        yield Field(full, text, unit, state, value, None, None, source, notes)


def _indicator(
    view: View, then: Judged, code: str, rule: str, name: str, unit: str
) -> tuple[str, str | None, str, Text]:
    """(state, value, source, why there is none) of one indicator; a rule that did not hold yet asks for nothing."""
    finding = then.finding(rule, code)
    if finding is None and RULES[rule].source_on(then.day) is None:
        return (
            NOT_APPLICABLE,
            None,
            rule,
            Text(f"{rule} 当日尚未施行", f"{rule} was not in force on that day"),
        )
    if (rule, name) == ("PI-01", "variant_c") and below(view, code):
        return NOT_APPLICABLE, None, rule, BELOW
    if finding is None:
        return MISSING, None, rule, Text(f"{rule} 未作判断", f"{rule} says nothing")
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return NOT_APPLICABLE, None, rule, finding.text
    value = finding.inputs.get(name) if name else finding.measured
    if finding.verdict is Verdict.UNKNOWN or value is None:
        return MISSING, None, rule, finding.text
    return GIVEN, _text(value, unit), f"{rule} @ {then.day} / {view.known_at}", NO_TEXT


def _text(value: Value, unit: str) -> str:
    if unit == "fen" and isinstance(value, int):
        return yuan_text(value)
    if isinstance(value, bool):
        return str(yes_or_no(value))
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)
