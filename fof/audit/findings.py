"""The guidance-fund audit: facts gathered once, every rule judged, each finding with its state and its owner."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from fof.audit.collector import collector_waits
from fof.audit.decisions import Decided, later_decisions, latest_decisions
from fof.audit.gather import office_facts, worths
from fof.book.currencies import DEFAULT_CURRENCY
from fof.book.index import Book, book_of
from fof.book.settings import rule_numbers
from fof.book.stakes import every_day
from fof.figures.register import members
from fof.ledger import Journal, View, to_date
from fof.rules.calendar_days import quarter_end_before
from fof.rules.engine import Memo, judge
from fof.rules.facts import OfficeFacts
from fof.rules.registry import FIRST_DAY, RULES, SEVERITY, Finding, Scope, Verdict

OPEN, ACCEPTED, RECTIFY, OVERDUE, DISMISSED, CLEAR = (
    "open",
    "accepted",
    "rectify",
    "overdue",
    "dismissed",
    "clear",
)
STATES = tuple(members("disposition_states"))
"""What became of a finding. An acceptance whose day has passed is open again."""
_TIER = {Verdict.UNKNOWN: 1, Verdict.PASS: 2, Verdict.NOT_APPLICABLE: 3}
NEEDS_SOMEBODY = frozenset({Verdict.BREACH, Verdict.WARN, Verdict.UNKNOWN})
_FACTS_KEPT = 24_000
"""Funds and companies of all days whose facts are kept: some seventy days of a provincial office, a few of a large one."""
_AUDITS_KEPT = 4


@dataclass(frozen=True, slots=True)
class State:
    """state: one of STATES; until: of an acceptance or a rectification; decision: the one that counts."""

    state: str
    until: dt.date | None = None
    decision: Decided | None = None


_OPEN, _CLEAR = State(OPEN), State(CLEAR)


@dataclass(frozen=True, slots=True)
class AuditFinding:
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
    def subject(self) -> str:
        """The subject's code; "fund/investor" for a stake."""
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


@dataclass(frozen=True, slots=True)
class Audit:
    """All findings at one day: breaches first, each verdict by money at stake.

    rules_as_of : the day whose rules judged everything, None for the rules of each day
    unread      : settings of the book that could not be read, with the reason
    """

    as_of: dt.date
    known_at: int
    rules_as_of: dt.date | None
    findings: tuple[AuditFinding, ...]
    unread: tuple[str, ...] = ()

    def of(self, *verdicts: Verdict) -> tuple[AuditFinding, ...]:
        """Findings with one of the verdicts, in order."""
        return tuple(f for f in self.findings if f.verdict in verdicts)

    @property
    def breaches(self) -> tuple[AuditFinding, ...]:
        """Broken rules, whatever became of them."""
        return self.of(Verdict.BREACH)


class Auditor:
    """Audits of one prefix of the journal: the book, the numbers and the answers about deals are shared by all days."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.settings, self.unread = rule_numbers(book.view)
        self._memos: dict[dt.date | None, Memo] = {}
        self._offices: OrderedDict[dt.date, OfficeFacts] = OrderedDict()
        self._audits: OrderedDict[tuple[dt.date, dt.date | None], Audit] = OrderedDict()

    def office(self, view: View) -> OfficeFacts:
        """The facts of the view's day, gathered once."""
        day = day_of(view)
        found = self._offices.get(day)
        if found is None:
            found = self._offices[day] = office_facts(self.book, day, lambda on: worths(_on(view, on)))
            size = len(found.funds) + len(self.book.costs)
            while len(self._offices) > max(2, _FACTS_KEPT // max(1, size)):
                self._offices.popitem(last=False)
        return found

    def judge(
        self,
        office: OfficeFacts,
        rules_as_of: dt.date | None = None,
        about: Mapping[str, Collection[str]] | None = None,
    ) -> list[Finding]:
        """What the rules say about an office (`about`: rule -> subjects asked for); answers about deals are kept for
        other days."""
        memo = self._memos.setdefault(rules_as_of, Memo())
        return judge(office, office.as_of, rules_as_of, self.settings, memo=memo, about=about)

    def audit(self, view: View, rules_as_of: dt.date | None = None) -> Audit:
        """All findings of the view's day with names, owners and states; the last few are kept."""
        key = (day_of(view), rules_as_of)
        found = self._audits.get(key)
        if found is None:
            office = self.office(view)
            found = audit_of(self, office, self.judge(office, rules_as_of), view.known_at, rules_as_of)
            self._audits[key] = found
            while len(self._audits) > _AUDITS_KEPT:
                self._audits.popitem(last=False)
        return found

    def of_fund(self, view: View, fund: str) -> tuple[AuditFinding, ...]:
        """The findings about one fund, its stakes, deals and transfers, in the order of the whole audit.

        From the whole audit of the day where that was made already; else no other fund is judged.
        """
        made = self._audits.get((day_of(view), None))
        if made is not None:
            return tuple(f for f in made.findings if fund in (f.finding.fund, f.subject))
        with collector_waits():
            office = self.office(view)
            memo = self._memos.setdefault(None, Memo())
            found = judge(office, office.as_of, None, self.settings, memo=memo, fund=fund)
            return audit_of(self, office, found, view.known_at).findings


def day_of(view: View) -> dt.date:
    """The view's as-of day; a view of all days is audited as of the last day on which money moved."""
    days = None if view.as_of else every_day(view).postings.day
    return view.as_of or (FIRST_DAY if days is None or not len(days) else to_date(int(days.max())))


def _on(view: View, day: dt.date) -> View:
    return view if view.as_of == day else view.journal.view(day, view.known_at)


def auditor_of(view: View) -> Auditor:
    """The auditor of a view's prefix; kept as long as its book."""
    book = book_of(view)
    found: Auditor | None = book.remembered.get("auditor")
    if found is None:
        found = book.remembered["auditor"] = Auditor(book)
    return found


def guidance(view: View, rules_as_of: dt.date | None = None) -> Audit:
    """Every finding of the guidance-fund rules about the book on the view's day.

    rules_as_of : judge by the rules of that one day (two rule worlds); None: state rules by the rules of the as-of
                  day, event rules by those of the event's day, with today's beside
    Cheap to ask again for the same prefix; facts are gathered once per day, not per rule.
    """
    with collector_waits():
        return auditor_of(view).audit(view, rules_as_of)


def audit_of(
    auditor: Auditor,
    office: OfficeFacts,
    found: Sequence[Finding],
    known_at: int,
    rules_as_of: dt.date | None = None,
) -> Audit:
    """Findings with names, owners and states."""
    names = _Names(auditor.book, office)
    decided = latest_decisions(auditor.book, office.as_of)
    afterwards = later_decisions(auditor.book, office.as_of)
    findings = [
        AuditFinding(
            f,
            names.subject(f),
            names.owner(f),
            state_of(f, decided, office.as_of),
            _since(f),
            later_of(f, afterwards) if afterwards else None,
        )
        for f in found
    ]
    return Audit(office.as_of, known_at, rules_as_of, tuple(findings), auditor.unread)


def _since(finding: Finding) -> dt.date | None:
    return None if finding.verdict is Verdict.PASS else finding.since or finding.event_day


def state_of(finding: Finding, decided: Mapping[tuple[str, str], Decided], day: dt.date) -> State:
    """What the last decision about the finding makes of it on a day."""
    decision = _about(finding, decided)
    if decision is None:
        return _OPEN if finding.verdict in NEEDS_SOMEBODY else _CLEAR
    if finding.verdict not in NEEDS_SOMEBODY and finding.waiver is None:
        return State(CLEAR, None, decision)
    return _made_of(decision, day)


def later_of(finding: Finding, afterwards: Mapping[tuple[str, str], Decided]) -> State | None:
    """What the last decision made after the finding's day makes of it on the day of that decision; None without one."""
    decision = _about(finding, afterwards)
    if decision is None and finding.fund is not None and RULES[finding.rule].scope is Scope.STAKE:
        of_fund = afterwards.get(
            (finding.rule, finding.fund)
        )  # an acceptance for a fund stands for all its stakes
        decision = of_fund if of_fund is not None and of_fund.action == "accept" else None
    return None if decision is None else _made_of(decision, decision.day)


def _made_of(decision: Decided, day: dt.date) -> State:
    until = decision.until
    if decision.action == "accept":
        return State(ACCEPTED if until is not None and day <= until else OPEN, until, decision)
    if decision.action == "rectify":
        return State(OVERDUE if until is not None and day > until else RECTIFY, until, decision)
    return State(DISMISSED, until, decision)


def _about(finding: Finding, decided: Mapping[tuple[str, str], Decided]) -> Decided | None:
    """The decision about a finding: of its subject; of the sale, by fund and seller, where it was made after the sale; of the
    fund, where the finding stands on that fund's waiver."""
    decision = decided.get((finding.rule, finding.subject))
    if decision is None and finding.scope is Scope.TRANSFER and finding.event_day is not None:
        decision = decided.get((finding.rule, f"{finding.fund}/{finding.party}"))
        if decision is not None and decision.day < finding.event_day:
            decision = None
    if decision is None and finding.waiver is not None and finding.fund is not None:
        decision = decided.get((finding.rule, finding.fund))
    return decision


class _Names:
    """Names of subjects and owners of findings."""

    def __init__(self, book: Book, office: OfficeFacts) -> None:
        self.book, self.day = book, office.as_of
        self._manager = {
            fund.code: None if fund.manager is None else fund.manager.code for fund in office.funds
        }
        self._names: dict[str, str] = {}
        self._subjects: dict[object, str] = {}

    def name(self, code: str) -> str:
        """A party's name in force, its code where it has none."""
        found = self._names.get(code)
        if found is None:
            party = self.book.by_code.get(code)
            named = None if party is None else self.book.facts.of(party, "name", self.day)
            found = self._names[code] = str(named or code)
        return found

    def subject(self, finding: Finding) -> str:
        """What a finding is about, for people."""
        key = (finding.fund, finding.party) if finding.fund or finding.party else finding.subject
        found = self._subjects.get(key)
        if found is None:
            found = self._subjects[key] = self._subject(finding)
        return found

    def _subject(self, finding: Finding) -> str:
        if finding.scope is Scope.OFFICE and finding.subject not in self.book.by_code:
            return finding.subject
        codes = [c for c in (finding.fund, finding.party) if c is not None] or [finding.subject]
        return " · ".join(self.name(code) for code in codes)

    def owner(self, finding: Finding) -> str | None:
        """The manager of the fund it is about."""
        manager = self._manager.get(finding.fund or finding.subject)
        return None if manager is None else self.name(manager)


def over_time(journal: Journal, days: Sequence[dt.date], known_at: int | None = None) -> Iterator[Audit]:
    """The audit of each day in turn, in the order given; the book is read once for all of them."""
    for day in days:
        yield guidance(journal.view(day, known_at))


@collector_waits()
def with_since(view: View, audit: Audit, first: dt.date | None = None) -> Audit:
    """The audit with `since` filled in where a breach, warning or unknown does not tell it: the first day of the run of days
    on which the rule gave the same verdict about the same subject, up to the audit's day.

    Looks back quarter by quarter (to `first` at the earliest), each time only at the rules and subjects still open, then
    halves the quarter in which each run began. A verdict that came, went and came again between two quarter-ends is dated
    to one of the days on which it came.
    """
    open_ones = {(f.rule, f.subject): f.verdict for f in audit.of(*NEEDS_SOMEBODY) if f.since is None}
    began = dict.fromkeys(open_ones, audit.as_of)
    turned: dict[
        dt.date, dict[_Pair, Verdict]
    ] = {}  # quarter-end without it -> runs that began in the next quarter
    look = _LookBack(view, audit)
    day = quarter_end_before(audit.as_of - dt.timedelta(days=1))
    days = look.auditor.book.view.postings.day
    earliest = first or (to_date(int(days.min())) if len(days) else audit.as_of)
    while open_ones and day >= earliest:
        still = look.still(open_ones, day)
        turned[day] = {pair: verdict for pair, verdict in open_ones.items() if pair not in still}
        open_ones = still
        began.update(dict.fromkeys(open_ones, day))
        day = quarter_end_before(day - dt.timedelta(days=1))
    for before, runs in turned.items():
        began.update(look.halve(runs, before, began))
    found = [
        replace(f, since=began.get((f.rule, f.subject)))
        if f.since is None and f.verdict in NEEDS_SOMEBODY
        else f
        for f in audit.findings
    ]
    return replace(audit, findings=tuple(found))


_Pair = tuple[str, str]


class _LookBack:
    """What the rules said about some subjects on earlier days."""

    def __init__(self, view: View, audit: Audit) -> None:
        self.auditor, self._view, self._rules_as_of = auditor_of(view), view, audit.rules_as_of

    def still(self, pairs: Mapping[_Pair, Verdict], day: dt.date) -> dict[_Pair, Verdict]:
        """Those of the pairs (rule, subject) that had the same verdict on a day."""
        about: dict[str, set[str]] = defaultdict(set)
        for rule, subject in pairs:
            about[rule].add(subject)
        office = self.auditor.office(self._view.journal.view(day, self._view.known_at))
        said = {(f.rule, f.subject, f.verdict) for f in self.auditor.judge(office, self._rules_as_of, about)}
        return {pair: verdict for pair, verdict in pairs.items() if (*pair, verdict) in said}

    def halve(
        self, pairs: Mapping[_Pair, Verdict], before: dt.date, began: Mapping[_Pair, dt.date]
    ) -> dict[_Pair, dt.date]:
        """The first day of each run between a day without it and the day on which it was seen; all that began in one half
        are looked at together."""
        found: dict[_Pair, dt.date] = {}
        waiting = [(before, after, runs) for after, runs in _by_day(pairs, began).items()]
        while waiting:
            low, high, runs = waiting.pop()
            if (high - low).days <= 1:
                found.update(dict.fromkeys(runs, high))
                continue
            middle = low + (high - low) // 2
            there = self.still(runs, middle)
            later = {pair: verdict for pair, verdict in runs.items() if pair not in there}
            waiting += [(a, b, own) for a, b, own in ((low, middle, there), (middle, high, later)) if own]
        return found


def _by_day(
    pairs: Mapping[_Pair, Verdict], began: Mapping[_Pair, dt.date]
) -> dict[dt.date, dict[_Pair, Verdict]]:
    found: dict[dt.date, dict[_Pair, Verdict]] = defaultdict(dict)
    for pair, verdict in pairs.items():
        found[began[pair]][pair] = verdict
    return found


def sort_key(found: AuditFinding) -> tuple[int, int, str, str]:
    """Worst verdict first, then money at stake, rule, subject: the order of an audit."""
    f = found.finding
    return SEVERITY[f.verdict], -(f.money_at_stake or 0), f.rule, f.subject


def by_money(findings: Sequence[AuditFinding]) -> list[AuditFinding]:
    """What is known to be wrong by money at stake, the largest first, of equal amounts the worse verdict first; after it
    what cannot be told, then what is kept, each by money at stake. Amounts of another currency than the yuan follow by
    themselves."""
    return sorted(
        findings,
        key=lambda f: (
            _TIER.get(f.verdict, 0),
            f.currency != DEFAULT_CURRENCY,
            f.currency,
            -(f.money_at_stake or 0),
            SEVERITY[f.verdict],
            f.rule,
            f.subject,
        ),
    )


def matrix(audit: Audit) -> dict[str, dict[str, Verdict]]:
    """Fund -> rule -> the worst verdict about the fund, its stakes and its deals; not-applicable is left out."""
    found: dict[str, dict[str, Verdict]] = {}
    for f in audit.findings:
        fund = f.finding.fund
        if fund is None or f.verdict is Verdict.NOT_APPLICABLE:
            continue
        row = found.setdefault(fund, {})
        if f.rule not in row or SEVERITY[f.verdict] < SEVERITY[row[f.rule]]:
            row[f.rule] = f.verdict
    return {fund: {rule: row[rule] for rule in RULES if rule in row} for fund, row in sorted(found.items())}
