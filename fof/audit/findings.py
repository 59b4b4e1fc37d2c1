"""Findings with what the office knows of them: name, owner, state; and the orders in which they are listed."""

from __future__ import annotations

import datetime as dt
from abc import abstractmethod
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from fof.audit.decisions import Decided
from fof.book.currencies import DEFAULT_CURRENCY
from fof.figures.register import members
from fof.rules.registry import RULES, SEVERITY, Finding, Scope, Verdict
from models.frozen import frozen
from models.subjects import Subject, SubjectKind

OPEN, ACCEPTED, RECTIFY, OVERDUE, DISMISSED, CLOSED, REFERRED, CLEAR = (
    "open",
    "accepted",
    "rectify",
    "overdue",
    "dismissed",
    "closed",
    "referred",
    "clear",
)
STATES = tuple(members("disposition_states"))
"""What became of a finding. An acceptance whose day has passed is open again."""
TIER = {Verdict.UNKNOWN: 1, Verdict.PASS: 2, Verdict.NOT_APPLICABLE: 3}
NEEDS_SOMEBODY = frozenset({Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN})


@frozen
class State:
    """state: one of STATES; until: of an acceptance or a rectification; decision: the one that counts."""

    state: str
    until: dt.date | None = None
    decision: Decided | None = None


_OPEN, _CLEAR = State(OPEN), State(CLEAR)


class AuditFinding(NamedTuple):
    """A finding of the rules with what the office knows of it.

    finding : rule, verdict, subject, measured, threshold, money at stake (fen), source, sentences (fof.rules.registry)
    name    : of the subject, for people
    owner   : manager of the fund it is about, None where there is none
    state   : on the audit's day
    since   : the day it began where the rule or the event tells it; for the others ask `with_since`
    later   : what the last decision made after the audit's day makes of it on its own day; None where none was made.
              It stands beside `state` and changes nothing of it
    """

    finding: Finding
    name: str
    owner: str | None
    state: State
    since: dt.date | None
    later: State | None = None

    @property
    def rule(self) -> str:
        """The rule's id."""
        return self.finding.rule

    @property
    def verdict(self) -> Verdict:
        """What the rule says."""
        return self.finding.verdict

    @property
    def subject(self) -> Subject:
        """The address of what was judged."""
        return self.finding.subject

    @property
    def money_at_stake(self) -> int | None:
        """In fen; None where the rule is not about an amount."""
        return self.finding.money_at_stake

    @property
    def currency(self) -> str:
        """Of the money at stake and of amounts measured: the fund's, else the subject's."""
        return self.finding.currency

    @property
    def source(self) -> str:
        """Document and article of the version judged by; empty where none was in force."""
        return "" if self.finding.source is None else self.finding.source.cite

    @property
    def needs_somebody(self) -> bool:
        """A breach, warning or unknown that nobody has dealt with in time."""
        return self.verdict in NEEDS_SOMEBODY and self.state.state in (OPEN, OVERDUE)


class FindingsInColumns(Sequence[AuditFinding]):
    """Findings that are chosen and counted without being made; what each answers is said in Audit."""

    @abstractmethod
    def of(self, *verdicts: Verdict) -> FindingsInColumns: ...

    @abstractmethod
    def by_money(self) -> FindingsInColumns: ...

    @abstractmethod
    def counted(self) -> Counter[tuple[str, Verdict]]: ...

    @abstractmethod
    def of_party(self, code: str) -> FindingsInColumns: ...

    @abstractmethod
    def parties(self) -> set[str]: ...

    @abstractmethod
    def verdicts(self, rules: Collection[str]) -> dict[tuple[str, Subject], Verdict]: ...

    @abstractmethod
    def subjects(self) -> set[Subject]: ...

    @abstractmethod
    def currencies(self) -> set[str]: ...

    @abstractmethod
    def made(self) -> int: ...

    @abstractmethod
    def with_likeness(self) -> Iterator[tuple[AuditFinding, int | None]]: ...


@frozen
class Audit:
    """All findings at one day: breaches first, each verdict by money at stake.

    rules_as_of : the day whose rules judged everything, None for the rules of each day
    unread      : settings of the book that could not be read, with the reason
    """

    as_of: dt.date
    known_at: int
    rules_as_of: dt.date | None
    findings: Sequence[AuditFinding]
    unread: tuple[str, ...] = ()

    def of(self, *verdicts: Verdict) -> Sequence[AuditFinding]:
        """Findings with one of the verdicts, in order."""
        own = self.findings
        if isinstance(own, FindingsInColumns):
            return own.of(*verdicts)
        return tuple(f for f in own if f.verdict in verdicts)

    @property
    def breaches(self) -> Sequence[AuditFinding]:
        """Broken rules, whatever became of them."""
        return self.of(Verdict.BREACH)

    def counted(self) -> Counter[tuple[str, Verdict]]:
        """How many findings of each rule and verdict."""
        return counted(self.findings)

    def counts(self) -> Counter[Verdict]:
        """How many findings of each verdict."""
        return counts(self.findings)

    def of_party(self, code: str) -> Sequence[AuditFinding]:
        """Findings that are grouped by a party: of co-investment by the institution, of loans and claims by the pool."""
        own = self.findings
        if isinstance(own, FindingsInColumns):
            return own.of_party(code)
        return tuple(f for f in own if f.finding.party == code)

    def about(self, code: str) -> Audit:
        """The same of one party alone: see `of_party`."""
        return replace(self, findings=self.of_party(code))

    def parties(self) -> set[str]:
        """Codes of the parties that findings are grouped by."""
        own = self.findings
        if isinstance(own, FindingsInColumns):
            return own.parties()
        return {f.finding.party for f in own if f.finding.party is not None}

    def verdicts(self, rules: Collection[str]) -> dict[tuple[str, Subject], Verdict]:
        """The last verdict of each of some rules about each subject."""
        own = self.findings
        if isinstance(own, FindingsInColumns):
            return own.verdicts(rules)
        return {(f.rule, f.subject): f.verdict for f in own if f.rule in rules}

    def subjects(self) -> set[Subject]:
        """What is judged."""
        own = self.findings
        return own.subjects() if isinstance(own, FindingsInColumns) else {f.subject for f in own}

    def currencies(self) -> set[str]:
        """Of the findings' amounts."""
        return currencies(self.findings)


def counted(findings: Sequence[AuditFinding]) -> Counter[tuple[str, Verdict]]:
    """How many of each rule and verdict."""
    if isinstance(findings, FindingsInColumns):
        return findings.counted()
    return Counter((f.rule, f.verdict) for f in findings)


def with_likeness(findings: Sequence[AuditFinding]) -> Iterator[tuple[AuditFinding, int | None]]:
    """Findings, each with a number that it shares with those that say the same for the same reasons of stakes that are alike; None
    where it has to be looked at by itself."""
    if isinstance(findings, FindingsInColumns):
        return findings.with_likeness()
    return ((finding, None) for finding in findings)


def currencies(findings: Sequence[AuditFinding]) -> set[str]:
    """Of their amounts."""
    own = findings
    return own.currencies() if isinstance(own, FindingsInColumns) else {f.currency for f in own}


def counts(findings: Sequence[AuditFinding]) -> Counter[Verdict]:
    """How many of each verdict."""
    own: Counter[Verdict] = Counter()
    for (_, verdict), count in counted(findings).items():
        own[verdict] += count
    return own


def undecided(finding: Finding) -> State:
    """What a finding is about which nothing was decided."""
    return _OPEN if finding.verdict in NEEDS_SOMEBODY else _CLEAR


def state_of(finding: Finding, decided: Mapping[tuple[str, Subject], Decided], day: dt.date) -> State:
    """What the last decision about the finding makes of it on a day."""
    decision = _about(finding, decided)
    if decision is None:
        return undecided(finding)
    if finding.verdict not in NEEDS_SOMEBODY and finding.waiver is None:
        return State(CLEAR, None, decision)
    return _made_of(decision, day)


def later_of(finding: Finding, afterwards: Mapping[tuple[str, Subject], Decided]) -> State | None:
    """What the last decision made after the finding's day makes of it on the day of that decision; None without one."""
    decision = _about(finding, afterwards)
    if decision is None and finding.fund is not None and RULES[finding.rule].scope is Scope.STAKE:
        # an acceptance for a fund stands for all its stakes
        of_fund = afterwards.get((finding.rule, Subject(SubjectKind.PARTY, finding.fund)))
        decision = of_fund if of_fund is not None and of_fund.action == "accept" else None
    return None if decision is None else _made_of(decision, decision.day)


def _made_of(decision: Decided, day: dt.date) -> State:
    until = decision.until
    if decision.action == "accept":
        return State(ACCEPTED if until is not None and day <= until else OPEN, until, decision)
    if decision.action in (CLOSED, REFERRED):
        return State(decision.action, None, decision)
    if decision.action == "rectify":
        return State(OVERDUE if until is not None and day > until else RECTIFY, until, decision)
    return State(DISMISSED, until, decision)


def _about(finding: Finding, decided: Mapping[tuple[str, Subject], Decided]) -> Decided | None:
    """The decision about a finding: of its subject; of the sale, by fund and seller, where it was made after the sale; of the
    fund, where the finding stands on that fund's waiver."""
    if not decided:
        return None
    decision = decided.get((finding.rule, finding.subject))
    if (
        decision is None
        and finding.scope is Scope.TRANSFER
        and finding.fund
        and finding.event_day is not None
    ):
        of_stake = decided.get((finding.rule, Subject(SubjectKind.STAKE, finding.fund, finding.party or "")))
        decision = of_stake if of_stake is not None and of_stake.day >= finding.event_day else None
    if decision is None and finding.waiver is not None and finding.fund is not None:
        decision = decided.get((finding.rule, Subject(SubjectKind.PARTY, finding.fund)))
    return decision


def by_money(findings: Sequence[AuditFinding]) -> Sequence[AuditFinding]:
    """What is known to be wrong by money at stake, the largest first, of equal amounts the worse verdict first; after it
    what cannot be told, then what is kept, each by money at stake. Amounts of another currency than the yuan follow by
    themselves."""
    if isinstance(findings, FindingsInColumns):
        return findings.by_money()
    return sorted(
        findings,
        key=lambda f: (
            TIER.get(f.verdict, 0),
            f.currency != DEFAULT_CURRENCY,
            f.currency,
            -(f.money_at_stake or 0),
            SEVERITY[f.verdict],
            f.rule,
            str(f.subject),
        ),
    )


def matrix(audit: Audit) -> dict[str, dict[str, Verdict]]:
    """Fund -> rule -> the worst verdict about the fund, its stakes and its deals; not-applicable is left out."""
    by_fund: dict[str, dict[str, Verdict]] = {}
    for f in audit.findings:
        fund = f.finding.fund
        if fund is None or f.verdict is Verdict.NOT_APPLICABLE:
            continue
        row = by_fund.setdefault(fund, {})
        if f.rule not in row or SEVERITY[f.verdict] < SEVERITY[row[f.rule]]:
            row[f.rule] = f.verdict
    return {fund: {rule: row[rule] for rule in RULES if rule in row} for fund, row in sorted(by_fund.items())}
