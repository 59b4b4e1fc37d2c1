"""The declared indicators of the performance evaluation: each computed from the book, or asked for; none invented.

The three blocks and their weights are the rulebook's (GF-58). No published table of Heilongjiang's indicators was
found, so the list and the scales below are the office's own and say so: a computed proportion runs from none to full
by its own definition; every other figure needs a scale that the office sets with a document (fof.evaluation.weights).
Within a block the indicators that apply share its weight by `parts`.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal, NamedTuple

from fof.audit import AuditFinding
from fof.audit.findings import ACCEPTED, DISMISSED
from fof.book.currencies import currency_of
from fof.book.notices import calls
from fof.book.portfolios import whole_book
from fof.evaluation.judged import judged
from fof.figures.overview import STALE_AFTER_DAYS
from fof.figures.performance import performance
from fof.ledger import View
from fof.rules.registry import Verdict
from models import indicators
from models.frozen import frozen
from models.text import Text, counted

Block = Literal["policy", "compliance", "results"]
BLOCKS: dict[Block, Text] = {
    "policy": Text("政策目标", "Policy"),
    "compliance": Text("合规管理", "Compliance"),
    "results": Text("运营效益", "Results"),
}
COMPUTED, MISSING, NOT_APPLICABLE = "computed", "missing", "not_applicable"
REPORTS = ("GF-60", "GF-61", "GF-62", "GF-63")
_NOT_CONDUCT = frozenset({"GF-58"})
_EXCUSED = frozenset({ACCEPTED, DISMISSED})


class Measure(NamedTuple):
    """What the book says: value (a share, multiple or number of days), or why there is none."""

    state: str
    value: Decimal | None
    text: Text


class Scale(NamedTuple):
    """Where points begin and where they are full; full may lie below zero (less is better). Straight in between;
    equal ends: full points up to that value, none above it."""

    zero: Decimal
    full: Decimal


@frozen
class Indicator:
    """measure: None for one that is asked for (a share of full marks, with a document); scale: None: the office sets it."""

    name: str
    block: Block
    unit: str
    measure: Callable[[View, str], Measure] | None
    scale: Scale | None = None
    parts: int = 1

    @property
    def text(self) -> Text:
        """Its name."""
        return {**indicators.COMPUTED, **indicators.MARKED}[self.name]


def _missing(text: Text) -> Measure:
    return Measure(MISSING, None, text)


def _none(text: Text) -> Measure:
    return Measure(NOT_APPLICABLE, None, text)


def _share(part: int, whole: int, text: Text) -> Measure:
    return Measure(COMPUTED, Decimal(part) / Decimal(whole), text)


def from_rule(view: View, fund: str, rule: str, name: str) -> Measure:
    """A figure that an indicator rule of the audit worked out; its reason where it did not."""
    finding = judged(view).finding(rule, fund)
    if finding is None:
        return _missing(Text(f"{rule} 未对该基金作出判断", f"{rule} says nothing about this fund"))
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return _none(finding.text)
    value = finding.inputs.get(name)
    if finding.verdict is Verdict.UNKNOWN:
        return _missing(finding.text)
    if value is None or isinstance(value, str | bool) or not isinstance(value, int | Decimal):
        return _missing(Text(f"{rule} 缺少所需数据", f"{rule}: figures are missing for this"))
    return Measure(COMPUTED, Decimal(value), Text(f"{rule}：{finding.text.zh}", f"{rule}: {finding.text.en}"))


def below(view: View, fund: str) -> bool:
    """Whether a fund's money reaches companies through funds below it, whose leverage C is asked of them."""
    facts = judged(view).facts.get(fund)
    return facts is not None and bool(facts.held_funds)


BELOW = Text("经下层基金到达企业，由各子基金计算", "reaches companies through lower funds: reckoned there")


def _reached(view: View, fund: str) -> Measure:
    return _none(BELOW) if below(view, fund) else from_rule(view, fund, "PI-01", "variant_c")


def _rule(rule: str, name: str) -> Callable[[View, str], Measure]:
    return lambda view, fund: from_rule(view, fund, rule, name)


def _evidence(view: View, fund: str) -> Measure:
    finding = judged(view).finding("PI-08", fund)
    if finding is None or finding.verdict is Verdict.UNKNOWN:
        return _missing(Text("缺少投向评价证据", "evidence for the direction evaluation is missing"))
    if finding.verdict is Verdict.NOT_APPLICABLE:
        return _none(finding.text)
    measured, threshold = finding.measured, finding.threshold
    if not isinstance(measured, int) or not isinstance(threshold, int):
        return _missing(Text("缺少投向评价证据", "evidence for the direction evaluation is missing"))
    return _share(measured, threshold, finding.text)


def _overdue(view: View, fund: str) -> Measure:
    due_calls = calls(view, {view.party(fund).id})
    due = sum(c.due for c in due_calls)
    if due == 0:
        if judged(view).facts[fund].paid_in > 0:
            return _missing(
                Text("有实缴而无出资通知记录", "money was paid in but no call notice is recorded")
            )
        return _none(Text("尚无出资通知", "no call yet"))
    late = sum(c.overdue for c in due_calls)
    return _share(late, due, Text("逾期未缴占已通知金额", "overdue over the amount called"))


def _nav_age(view: View, fund: str) -> Measure:
    currency = currency_of(view, view.party(fund).id)
    rows = performance(view, whole_book(view, currency)).rows
    row = next((r for r in rows if r.key == fund), None)
    if row is None or not row.paid_in:
        return _none(Text("尚无实缴", "nothing paid in yet"))
    if row.nav.fen is None or row.nav.age_days is None:
        return _missing(Text("缺少净值报告", "no statement of net asset value"))
    return Measure(
        COMPUTED,
        Decimal(row.nav.age_days),
        Text(f"报告日 {row.nav.marked_on}", f"statement of {row.nav.marked_on}"),
    )


def _filings(view: View, fund: str) -> Measure:
    verdicts = [f.verdict for r in REPORTS if (f := judged(view).finding(r, fund)) is not None]
    verdicts = [v for v in verdicts if v is not Verdict.NOT_APPLICABLE]
    if Verdict.UNKNOWN in verdicts:
        return _missing(Text("部分报送义务无法判断（GF-60…63）", "some reports cannot be judged (GF-60…63)"))
    if not verdicts:
        return _none(Text("尚无到期的报送义务", "nothing was due yet"))
    in_time = sum(v is Verdict.PASS for v in verdicts)
    return _share(
        in_time,
        len(verdicts),
        Text(
            f"{len(verdicts)} 类报送中 {in_time} 类按期",
            f"{in_time} of {counted(len(verdicts), 'kind')} in time",
        ),
    )


def conduct(view: View, fund: str) -> dict[Verdict, list[AuditFinding]]:
    """Judgements of a fund, its stakes and deals: BREACH those that stand, UNKNOWN, and PASS all that are not broken.

    Indicator rules (PI) and this evaluation's own rule are not conduct; a breach that was accepted or dismissed
    with a reference does not stand; what does not apply is left out.
    """
    by_verdict: dict[Verdict, list[AuditFinding]] = {
        Verdict.BREACH: [],
        Verdict.UNKNOWN: [],
        Verdict.PASS: [],
    }
    for one in judged(view).findings(fund):
        if one.rule.startswith("PI-") or one.rule in _NOT_CONDUCT or one.verdict is Verdict.NOT_APPLICABLE:
            continue
        stands = one.verdict is Verdict.BREACH and one.state.state not in _EXCUSED
        unknown = one.verdict is Verdict.UNKNOWN
        by_verdict[Verdict.BREACH if stands else Verdict.UNKNOWN if unknown else Verdict.PASS].append(one)
    return by_verdict


def _counts(view: View, fund: str) -> tuple[int, int, int]:
    """(breaches that stand, rules judged, rules that cannot be judged)."""
    by_verdict = conduct(view, fund)
    broken = len(by_verdict[Verdict.BREACH])
    return broken, broken + len(by_verdict[Verdict.PASS]), len(by_verdict[Verdict.UNKNOWN])


def _rules_passed(view: View, fund: str) -> Measure:
    broken, known, unknown = _counts(view, fund)
    if known == 0:
        return _missing(Text("没有可判断的规则", "no rule could be judged"))
    return _share(
        known - broken,
        known,
        Text(
            f"{known} 项判断中违反 {broken} 项；另有 {unknown} 项无法判断",
            f"of {counted(known, 'judgement')} breaches: {broken}; not to be judged beside them: {unknown}",
        ),
    )


def _known(view: View, fund: str) -> Measure:
    _broken, known, unknown = _counts(view, fund)
    if known + unknown == 0:
        return _missing(Text("没有适用的规则", "no rule applies"))
    return _share(
        known,
        known + unknown,
        Text(
            f"{known + unknown} 项适用判断中 {unknown} 项缺少依据",
            f"of {counted(known + unknown, 'judgement')} without their inputs: {unknown}",
        ),
    )


_RISING, _FALLING = Scale(Decimal(0), Decimal(1)), Scale(Decimal(1), Decimal(0))
_STALE = Scale(Decimal(STALE_AFTER_DAYS), Decimal(STALE_AFTER_DAYS))

INDICATORS: tuple[Indicator, ...] = (
    Indicator("paid_in_rate", "policy", "share", _rule("PI-03", "called"), _RISING),
    Indicator(
        "deployment",
        "policy",
        "share",
        _rule("PI-03", "invested"),
        _RISING,
    ),
    Indicator("early_share", "policy", "share", _rule("PI-02", "early")),
    Indicator(
        "strategic_share",
        "policy",
        "share",
        lambda view, fund: _measured(view, fund, "PI-09"),
    ),
    Indicator(
        "leverage_a",
        "policy",
        "multiple",
        _rule("PI-01", "variant_a"),
    ),
    Indicator(
        "leverage_b",
        "policy",
        "multiple",
        _rule("PI-01", "variant_b"),
    ),
    Indicator(
        "leverage_c",
        "policy",
        "multiple",
        _reached,
    ),
    Indicator(
        "direction_evidence",
        "policy",
        "share",
        _evidence,
        _RISING,
    ),
    Indicator(
        "policy_opinion",
        "policy",
        "share",
        None,
        _RISING,
    ),
    Indicator(
        "idle_ratio",
        "compliance",
        "share",
        _rule("PI-03", "idle"),
        _FALLING,
    ),
    Indicator(
        "overdue_calls",
        "compliance",
        "share",
        _overdue,
        _FALLING,
    ),
    Indicator(
        "nav_age",
        "compliance",
        "days",
        _nav_age,
        _STALE,
    ),
    Indicator("filings", "compliance", "share", _filings, _RISING),
    Indicator("rules_kept", "compliance", "share", _rules_passed, _RISING),
    Indicator(
        "rules_judged",
        "compliance",
        "share",
        _known,
        _RISING,
    ),
    Indicator(
        "internal_control",
        "compliance",
        "share",
        None,
        _RISING,
    ),
    Indicator("tvpi", "results", "multiple", _rule("PI-04", "tvpi")),
    Indicator("dpi", "results", "multiple", _rule("PI-04", "dpi")),
    Indicator("irr", "results", "share", _rule("PI-04", "irr")),
    Indicator(
        "principal_recovery",
        "results",
        "share",
        _rule("PI-04", "principal_recovery"),
        _RISING,
    ),
    Indicator("social_effect", "results", "share", None, _RISING),
)
BY_NAME = {indicator.name: indicator for indicator in INDICATORS}


def _measured(view: View, fund: str, rule: str) -> Measure:
    """A rule's measured figure itself."""
    finding = judged(view).finding(rule, fund)
    if finding is None or finding.verdict is Verdict.UNKNOWN:
        return _missing(
            Text("缺少投资金额或产业归类", "amounts or industry groups are missing")
            if finding is None
            else finding.text
        )
    if finding.verdict is Verdict.NOT_APPLICABLE or not isinstance(finding.measured, int | Decimal):
        return _none(finding.text)
    return Measure(
        COMPUTED, Decimal(finding.measured), Text(f"{rule}：{finding.text.zh}", f"{rule}: {finding.text.en}")
    )


def attained(value: Decimal, scale: Scale) -> Decimal:
    """Share of full points, 0 to 1.

    >>> attained(Decimal("1.5"), Scale(Decimal(1), Decimal(2)))
    Decimal('0.5')
    """
    if scale.zero == scale.full:
        return Decimal(1) if value <= scale.full else Decimal(0)
    share = (value - scale.zero) / (scale.full - scale.zero)
    return min(max(share, Decimal(0)), Decimal(1))
