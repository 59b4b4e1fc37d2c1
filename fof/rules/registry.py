"""What a rule is, what it is founded on, and the list of all rules; with what it answers (fof.rules.outcomes) at hand.

A rule is a function of one subject's facts and its own numbers; `@rule` gives it an id, a level, its sources
with the days they are in force, and what the rulebook says about how sure we are of the text. The function
returns an Outcome; fof.rules.engine turns outcomes into Findings (which version, since when, which waiver).
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from string import ascii_uppercase
from typing import Any, NamedTuple

from fof.rules.outcomes import (
    SEVERITY,
    Item,
    Limb,
    Outcome,
    Reading,
    Test,
    Value,
    Verdict,
    breach_unless,
    checklist,
    judged,
    missing,
    not_applicable,
)
from models.frozen import frozen
from models.kinds import Word
from models.subjects import Subject, SubjectKind
from models.text import NO_TEXT, Text

__all__ = [
    "Confidence",
    "FIRST_DAY",
    "Finding",
    "Item",
    "Judge",
    "Level",
    "Limb",
    "OF_DEALS",
    "OF_INSTRUMENTS",
    "OF_POOLS",
    "Outcome",
    "RULES",
    "Reading",
    "Rule",
    "RuleSource",
    "SAME_DAY",
    "SEVERITY",
    "Scope",
    "Test",
    "Value",
    "Verdict",
    "Waiver",
    "breach_unless",
    "checklist",
    "judged",
    "missing",
    "names_its_subject",
    "not_applicable",
    "rule",
]

FIRST_DAY = dt.date(2006, 3, 1)
"""House and practice rules hold from here: no fund of this kind is older than 十部委令第39号."""


class Level(Word):
    """How binding the source is."""

    LAW = "LAW", "法律法规"
    MIN = "MIN", "国务院及部委文件"
    PROV = "PROV", "省级文件"
    LOCAL = "LOCAL", "市县文件"
    CONFIG = "CONFIG", "按基金或合同设定"
    PRAC = "PRAC", "实务"
    NOTE = "NOTE", "提醒"


class Confidence(Word):
    """How much of the source's text was read when the rule was written down (rulebook, section 0)."""

    SEEN = "seen", "已核原文"
    SEEN_IN_PART = "seen in part", "部分核对"
    RECALLED = "recalled", "凭记忆，待核"
    OWN_DESIGN = "own design", "自行设计"


class Scope(Word):
    """What kind of subject a rule judges; the function's arguments follow from it."""

    OFFICE = "office", "全部组合"  # f(office)
    FUND = "fund", "基金"  # f(fund)
    STAKE = "stake", "出资人份额"  # f(stake, fund)
    DEAL = "deal", "投资项目"  # f(deal)
    TRANSFER = "transfer", "政府份额转让"  # f(transfer)
    COMPANY = "company", "企业"  # f(company)
    INVESTOR = "investor", "出资人"  # f(investor)
    REORGANISATION = "reorganisation", "重组"  # f(reorganisation)
    STAFF_STAKE = "staff_stake", "跟投份额"  # from OfficeFacts.further
    POOL = "pool", "资金池"  # from OfficeFacts.further
    LOAN = "loan", "入池贷款"  # from OfficeFacts.further
    VOUCHER = "voucher", "创新券"  # from OfficeFacts.further
    PLAN = "plan", "跟投方案"  # from OfficeFacts.further
    PROJECT = "project", "跟投项目"  # from OfficeFacts.further
    VEHICLE = "vehicle", "持股平台"  # from OfficeFacts.further
    INSTITUTION = "institution", "国有创投机构"  # from OfficeFacts.further
    PARTICIPATION = "participation", "跟投人员"  # from OfficeFacts.further
    AGREEMENT = "agreement", "合作协议"  # from OfficeFacts.further
    CLAIM = "claim", "补偿申请"  # from OfficeFacts.further
    GUARANTOR = "guarantor", "担保机构"  # from OfficeFacts.further
    SUBSIDY = "subsidy", "后补助"  # from OfficeFacts.further
    RESULT = "result", "财政资金成果"  # from OfficeFacts.further
    DEDUCTION = "deduction", "投资抵扣"  # from OfficeFacts.further
    STATISTICS = "statistics", "统计年度"  # from OfficeFacts.further


OF_DEALS = frozenset({Scope.DEAL, Scope.TRANSFER, Scope.PROJECT})
OF_POOLS = frozenset({Scope.AGREEMENT, Scope.POOL, Scope.LOAN, Scope.CLAIM, Scope.GUARANTOR})
OF_INSTRUMENTS = frozenset({Scope.VOUCHER, Scope.SUBSIDY, Scope.RESULT, Scope.DEDUCTION, Scope.STATISTICS})
_PARTS = {
    Scope.FUND: {SubjectKind.NOTICE},
    Scope.STAKE: {SubjectKind.STAKE, SubjectKind.NOTICE},
    Scope.TRANSFER: {SubjectKind.STAKE},
    Scope.STAFF_STAKE: {SubjectKind.STAFF_STAKE, SubjectKind.PLAN, SubjectKind.EMPLOYMENT},
    Scope.POOL: {SubjectKind.AGREEMENT, SubjectKind.POOL_LIMIT},
    Scope.AGREEMENT: {SubjectKind.AGREEMENT},
    Scope.CLAIM: {SubjectKind.CLAIM},
    Scope.LOAN: {SubjectKind.LOAN, SubjectKind.CLAIM, SubjectKind.AGREEMENT},
    Scope.VOUCHER: {SubjectKind.VOUCHER},
    Scope.SUBSIDY: {SubjectKind.SUBSIDY},
    Scope.RESULT: {SubjectKind.RESULT},
    Scope.DEDUCTION: {SubjectKind.DEDUCTION},
    Scope.STATISTICS: {SubjectKind.OFFICE},
    Scope.PLAN: {SubjectKind.PLAN},
    Scope.PARTICIPATION: {SubjectKind.EMPLOYMENT, SubjectKind.ELIGIBILITY},
}
"""What a decision under a rule of a scope may be about, beside parties and deals."""


def names_its_subject(scope: Scope, subject: Subject) -> bool:
    """Whether a finding of a rule of this scope can be of what the address names, or of a part of it."""
    if scope is Scope.OFFICE:
        return subject.kind is not SubjectKind.USER
    if subject.kind is SubjectKind.DEAL:
        return scope in OF_DEALS
    if subject.kind is SubjectKind.PARTY:
        return scope not in OF_DEALS
    return subject.kind in _PARTS.get(scope, ())


_NUMBERED = re.compile(r"〔\d{4}〕\s*\d+号|令第\d+号|公告\d{4}年第\d+号|公告〔\d{4}〕\d+号|(?<!办)法$")


@frozen
class RuleSource:
    """A document and its article, with the days it is in force.

    document : document number, or the name of a statute
    article  : article or section; None where the source has none (then `unsourced` is True)
    until    : last day in force; None while it still is
    note     : how the days in force are known where the text does not say, or why no number or article stands here
    """

    document: str
    article: str | None
    since: dt.date
    until: dt.date | None = None
    note: Text = NO_TEXT

    @property
    def unsourced(self) -> bool:
        """True where no document number with an article stands behind the rule (GF-40's flag)."""
        return self.article is None or _NUMBERED.search(self.document) is None

    def holds_on(self, day: dt.date) -> bool:
        """True if the document is in force on `day`."""
        return self.since <= day and (self.until is None or day <= self.until)

    @property
    def cite(self) -> str:
        """Document and article in one line."""
        return self.document if self.article is None else f"{self.document} {self.article}"


Judge = Callable[..., Outcome | Sequence[Outcome] | None]
"""A rule's function; None means that the rule does not speak about this subject at all."""


@frozen
class Rule:
    """One rule of the rulebook.

    params       : names in parameters.toml: the function's keyword parameters
    sources      : in order of time; the one in force on a day is the rule's version of that day
    on           : attribute of the subject that holds the day whose version and numbers judge it; None: those of the
                   as-of day
    facts_on     : attribute of the subject that holds the event's day: its facts are those in force at the close of that
                   day (owners, terms, kinds, successors). None for a state rule: facts of the as-of day
    later        : of an event rule, what answers the event afterwards and is taken as of the as-of day: the filing that
                   a close makes due, the listing that must not come for two years
    concerns     : whether it speaks about a subject of its scope at all: of a rule of one programme nothing is said about the
                   loans of others; None: about all
    in_principle : phrased "in principle": an approved waiver turns a breach into a pass that says so

    A rule of the rulebook that judges two kinds of subjects is coded as two: the second has its id with a letter behind it.
    """

    id: str
    level: Level
    scope: Scope
    confidence: Confidence
    text: Text
    sources: tuple[RuleSource, ...]
    params: tuple[str, ...]
    on: str | None
    in_principle: bool
    judge: Judge
    facts_on: str | None = None
    later: tuple[str, ...] = ()
    concerns: Callable[[Any], bool] | None = None

    @property
    def family(self) -> str:
        return self.id.partition("-")[0]

    @property
    def of_rulebook(self) -> str:
        """The rulebook's id of it."""
        return self.id.rstrip(ascii_uppercase)

    @property
    def is_event(self) -> bool:
        """Whether it judges what happened on a day: what comes after that day leaves its verdict as it was."""
        return self.facts_on is not None

    def source_on(self, day: dt.date) -> RuleSource | None:
        """The version in force on `day`, the latest if several are; None if none is."""
        for source in reversed(self.sources):
            if source.holds_on(day):
                return source
        return None


SAME_DAY = "the day of `on`"
"""What `facts_on` of a rule is where nothing else is said."""

RULES: dict[str, Rule] = {}
"""Every coded rule by id; filled when fof.rules.catalogue is imported."""


def rule(
    id: str,  # noqa: A002 - the rulebook's own word
    level: Level,
    scope: Scope,
    confidence: Confidence,
    *,
    text: Text,
    sources: Sequence[RuleSource],
    on: str | None = None,
    facts_on: str | None = SAME_DAY,
    later: Sequence[str] = (),
    in_principle: bool = False,
    concerns: Callable[[Any], bool] | None = None,
) -> Callable[[Judge], Judge]:
    """Register the decorated function as rule `id`; its facts are of the day of `on` unless `facts_on` says otherwise."""
    assert id not in RULES, f"{id} is registered twice"
    assert sources, f"{id} has no source"
    assert list(sources) == sorted(sources, key=lambda s: s.since), f"{id}: sources in order of time"

    def register(judge: Judge) -> Judge:
        day = on if facts_on == SAME_DAY else facts_on
        assert day is not None or not later, f"{id}: a state rule has no later facts"
        RULES[id] = Rule(
            id,
            level,
            scope,
            confidence,
            text,
            tuple(sources),
            _keywords(judge),
            on,
            in_principle,
            judge,
            day,
            tuple(later),
            concerns,
        )
        return judge

    return register


def _keywords(judge: Any) -> tuple[str, ...]:
    """The parameters of a function that are given by name alone."""
    code = judge.__code__
    return tuple(code.co_varnames[code.co_argcount : code.co_argcount + code.co_kwonlyargcount])


@frozen
class Waiver:
    """An approved exception: which rule for which subject, on what reference, from when until when.

    ValueError without a reference, or if it ends before it starts.
    """

    rule: str
    subject: Subject
    reference: str
    since: dt.date
    until: dt.date

    def __post_init__(self) -> None:
        if not self.reference.strip():
            raise ValueError(f"{self.rule}, {self.subject}: a waiver needs a reference")
        if self.until < self.since:
            raise ValueError(f"{self.rule}, {self.subject}: waiver ends on {self.until}, before {self.since}")

    def covers(self, day: dt.date) -> bool:
        """True from the first to the last day."""
        return self.since <= day <= self.until


class Finding(NamedTuple):
    """An outcome with its rule, version and subject: what an audit lists.

    rule, scope, subject : rule id; what was judged and its address
    fund, party          : codes, to group by; None where there is none
    source               : the version judged by (None where no version was in force on `rule_day`)
    rule_day             : the day whose rules and numbers gave `verdict`
    event_day            : the event's day of an event rule
    beside               : of an event rule, the outcome under the other day's rules: those of the as-of day where
                           `rule_day` is the event's day, those of the event's day where rules_as_of was given
    waiver               : the waiver that turned a breach into a pass, or a lapsed or refused one (see notes)
    currency             : of its amounts: the fund's, else the subject's
    parameters           : name -> (value, where it comes from)
    The other fields are the outcome's.
    """

    rule: str
    verdict: Verdict
    scope: Scope
    subject: Subject
    fund: str | None
    party: str | None
    measured: Value
    threshold: Value
    unit: str
    money_at_stake: int | None
    text: Text
    inputs: Mapping[str, Value]
    readings: tuple[Reading, ...]
    items: tuple[Item, ...]
    notes: tuple[Text, ...]
    since: dt.date | None
    source: RuleSource | None
    confidence: Confidence
    parameters: Mapping[str, tuple[Value, Text]]
    rule_day: dt.date
    event_day: dt.date | None = None
    beside: Outcome | None = None
    waiver: Waiver | None = None
    currency: str = "CNY"
    lacking: tuple[Test, ...] = ()
