"""The guidance-fund audit of a prefix: facts gathered once a day, every rule judged, each finding with its state and owner."""

from __future__ import annotations

import datetime as dt
from collections import OrderedDict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from fof import users
from fof.access import Actor
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.register import register
from fof.audit.collector import collector_waits
from fof.audit.decisions import later_decisions, latest_decisions, waivers
from fof.audit.findings import Audit, AuditFinding, later_of, state_of, undecided
from fof.audit.findings_on_demand import FindingsOnDemand
from fof.audit.gather import office_facts, worths
from fof.audit.instruments import instrument_matters
from fof.audit.pools.register import pool_matters, register_in_pieces
from fof.audit.pools.register import register as pools_register
from fof.audit.procedures import decided_by_cases, with_cases
from fof.book.index import Book, book_of
from fof.book.pools import many_loans
from fof.book.reading import every_day
from fof.book.settings import rule_numbers
from fof.errors import Unknown
from fof.ledger import Journal, View, to_date
from fof.rules.alike_judging import GroupedFindings
from fof.rules.engine import in_order, judge, judge_grouped, judge_in_pieces
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.facts_coinvest import CoinvestmentFacts
from fof.rules.judging import Memo
from fof.rules.registry import FIRST_DAY, OF_INSTRUMENTS, RULES, Finding, Scope, Verdict
from models.kinds import PartyKind
from models.subjects import Subject, SubjectKind
from models.text import Text

_COINVESTMENT = frozenset(id_ for id_, rule in RULES.items() if rule.family == "CI" or id_ == "PI-11")
_POOLS = frozenset(id_ for id_, rule in RULES.items() if rule.family == "RC" or id_ == "PI-10")
_INSTRUMENTS = frozenset(id_ for id_, rule in RULES.items() if rule.scope in OF_INSTRUMENTS)
_BY_SUBJECT = _COINVESTMENT | _POOLS | _INSTRUMENTS
"""Rules whose findings are named by their subject: a plan, a stake, a loan, a claim."""
_FACTS_AT_MOST = 24_000
"""Funds and companies of all days whose facts are kept: some seventy days of a provincial office, a few of a large one."""
_AUDITS_AT_MOST = 4
_FINDINGS_AT_MOST = 100_000
"""Findings in the audits kept beside the last one, a kilobyte each: one of a large office has eighty thousand."""
_as_finding = partial(tuple.__new__, AuditFinding)
"""By place: an audit makes as many as a book has postings."""


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
        facts = self._offices.get(day)
        if facts is None:
            facts = self._offices[day] = office_facts(self.book, day, lambda on: worths(view.on(on)))
            size = len(facts.funds) + len(self.book.costs)
            while len(self._offices) > max(2, _FACTS_AT_MOST // max(1, size)):
                dropped: Any = self._offices.popitem(last=False)[1]
                dropped.office.let_go()
        return facts

    def judge(
        self,
        office: OfficeFacts,
        rules_as_of: dt.date | None = None,
        about: Mapping[str, Collection[Subject]] | None = None,
    ) -> list[Finding]:
        """What the rules say about an office (`about`: rule -> subjects asked for); answers about deals are kept for
        other days."""
        memo = self._memos.setdefault(rules_as_of, Memo())
        return judge(office, office.as_of, rules_as_of, self.settings, memo=memo, about=about)

    def audit(self, view: View, rules_as_of: dt.date | None = None) -> Audit:
        """All findings of the view's day with names, owners and states; the last few are kept."""
        key = (day_of(view), rules_as_of)
        audit = self._audits.get(key)
        if audit is None:
            office = self.office(view)
            audit = audit_of(self, office, self.judge(office, rules_as_of), view.known_at, rules_as_of)
            self._audits[key] = audit
            size = sum(len(made.findings) for made in self._audits.values())
            while len(self._audits) > _AUDITS_AT_MOST or (len(self._audits) > 1 and size > _FINDINGS_AT_MOST):
                size -= len(self._audits.popitem(last=False)[1].findings)
        return audit

    def of_fund(self, view: View, fund: str) -> tuple[AuditFinding, ...]:
        """The findings about one fund, its stakes, deals and transfers, in the order of the whole audit.

        From the whole audit of the day where that was made already; else no other fund is judged.
        """
        made = self._audits.get((day_of(view), None))
        if made is not None:
            return tuple(f for f in made.findings if fund in (f.finding.fund, f.subject.code))
        with collector_waits():
            office = self.office(view)
            memo = self._memos.setdefault(None, Memo())
            findings = judge(office, office.as_of, None, self.settings, memo=memo, fund=fund)
            return tuple(audit_of(self, office, findings, view.known_at).findings)


def day_of(view: View) -> dt.date:
    """The view's as-of day; a view of all days is audited as of the last day on which money moved."""
    days = None if view.as_of else every_day(view).postings.day
    return view.as_of or (FIRST_DAY if days is None or not len(days) else to_date(int(days.max())))


def auditor_of(view: View) -> Auditor:
    """The auditor of a view's prefix; kept as long as its book."""
    book = book_of(view)
    auditor: Auditor | None = book.remembered.get("auditor")
    if auditor is None:
        auditor = book.remembered["auditor"] = Auditor(book)
    return auditor


def guidance(view: View, rules_as_of: dt.date | None = None) -> Audit:
    """Every finding of the guidance-fund rules about the book on the view's day.

    rules_as_of : judge by the rules of that one day (two rule worlds); None: state rules by the rules of the as-of
                  day, event rules by those of the event's day, with today's beside
    Cheap to ask again for the same prefix; facts are gathered once per day, not per rule.
    """
    with collector_waits():
        return auditor_of(view).audit(view, rules_as_of)


def coinvestment(
    view: View,
    institution: str | None = None,
    rules_as_of: dt.date | None = None,
    actor: Actor | None = None,
) -> Audit:
    """Every finding of the rules of staff co-investment on the view's day, each stake and project under the plan of its own day
    with today's verdict beside; of the institutions that the person may see.

    institution : code of the one state venture firm whose people and projects are judged; None: all. Unknown where the
                  book has no such party, or the person may not see it
    actor       : who asks; None: the owner of this process
    """
    return judged_register(view, institution, rules_as_of, actor)[0]


def judged_register(
    view: View,
    institution: str | None = None,
    rules_as_of: dt.date | None = None,
    actor: Actor | None = None,
) -> tuple[Audit, CoinvestmentFacts]:
    """The findings of `coinvestment`, and the register that was judged for them."""
    seen = users.seen_institutions(view, actor, institution)
    auditor, day = auditor_of(view), day_of(view)
    with collector_waits():
        facts = register(auditor.book, day, seen)
        return _further(auditor, view, tuple(matters(facts)), _COINVESTMENT, rules_as_of), facts


def pools(view: View, pool: str | None = None, rules_as_of: dt.date | None = None) -> Audit:
    """Every finding of the rules of risk-compensation pools on the view's day: agreements, pools, loans, claims, guarantors;
    loans under the rules of their day of enrolment, with today's beside.

    pool : code of the one pool that is judged; None: all, and guarantors over all of them. Unknown where the book has none such
    """
    if pool is not None and (pool not in view.by_code or view.by_code[pool].kind is not PartyKind.POOL):
        raise Unknown(Text("资金池", "pool"), pool)
    auditor, day = auditor_of(view), day_of(view)
    with collector_waits():
        if many_loans(view.prefix):
            register, pieces = register_in_pieces(auditor.book, day, pool)
            office = _office_of(auditor, day, tuple(pool_matters(register)))
            judged = judge_in_pieces(office, pieces, rules_as_of, auditor.settings, only=_POOLS)
            return _audit_of_groups(auditor, view, office, judged, rules_as_of)
        register = pools_register(auditor.book, day, pool)
        return _further(auditor, view, tuple(pool_matters(register)), _POOLS, rules_as_of)


def instruments(view: View, rules_as_of: dt.date | None = None) -> Audit:
    """Every finding of the rules of the small instruments on the view's day: vouchers and subsidies under the rules of the day of
    their decision, deductions under those of the investment, with today's beside; results, and the last closed year's
    statistics."""
    auditor, day = auditor_of(view), day_of(view)
    with collector_waits():
        further = tuple(instrument_matters(auditor.book, day))
        return _further(auditor, view, further, _INSTRUMENTS, rules_as_of)


def _further(
    auditor: Auditor,
    view: View,
    further: tuple[Matter, ...],
    rules: Collection[str],
    rules_as_of: dt.date | None,
) -> Audit:
    """What some rules say of subjects that an audit of the funds has not."""
    office = _office_of(auditor, day_of(view), further)
    judged = judge_grouped(office, rules_as_of, auditor.settings, only=rules)
    return _audit_of_groups(auditor, view, office, judged, rules_as_of)


def _office_of(auditor: Auditor, day: dt.date, further: tuple[Matter, ...]) -> OfficeFacts:
    return OfficeFacts(day, waivers=waivers(auditor.book, day, tuple), further=further)


def _audit_of_groups(
    auditor: Auditor,
    view: View,
    office: OfficeFacts,
    judged: GroupedFindings,
    rules_as_of: dt.date | None,
) -> Audit:
    if not judged.groups:
        return audit_of(auditor, office, in_order(judged.made), view.known_at, rules_as_of)
    findings = FindingsOnDemand.of_groups(judged, _known_of(auditor, office))
    return Audit(office.as_of, view.known_at, rules_as_of, findings, auditor.unread)


def audit_of(
    auditor: Auditor,
    office: OfficeFacts,
    judged: Sequence[Finding],
    known_at: int,
    rules_as_of: dt.date | None = None,
) -> Audit:
    """Findings with names, owners and states."""
    findings = tuple(map(_known_of(auditor, office), judged))
    return Audit(office.as_of, known_at, rules_as_of, findings, auditor.unread)


def _known_of(auditor: Auditor, office: OfficeFacts) -> Callable[[Finding], AuditFinding]:
    """What gives a finding with name, owner and state."""
    names = _Names(auditor.book, office)
    book, day = auditor.book, office.as_of
    decided = with_cases(latest_decisions(book, day), decided_by_cases(book, day))
    later = [own for own in decided_by_cases(book, None) if own.day > day]
    afterwards = with_cases(later_decisions(book, day), later)
    rules, rules_later = ({rule for rule, _ in made} for made in (decided, afterwards))

    def known(f: Finding) -> AuditFinding:
        return _as_finding(
            (
                f,
                names.subject(f),
                names.owner(f),
                state_of(f, decided, office.as_of) if f.rule in rules else undecided(f),
                _since(f),
                later_of(f, afterwards) if f.rule in rules_later else None,
            )
        )

    return known


def _since(finding: Finding) -> dt.date | None:
    return None if finding.verdict is Verdict.PASS else finding.since or finding.event_day


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
        name = self._names.get(code)
        if name is None:
            party = self.book.by_code.get(code)
            named = None if party is None else self.book.facts.of(party, "name", self.day)
            name = self._names[code] = str(named or code)
        return name

    def subject(self, finding: Finding) -> str:
        """What a finding is about, for people."""
        of_money = (finding.fund or finding.party) and finding.rule not in _BY_SUBJECT
        key = (finding.fund, finding.party) if of_money else finding.subject
        subject = self._subjects.get(key)
        if subject is None:
            subject = self._subjects[key] = self._subject(finding)
        return subject

    def _subject(self, finding: Finding) -> str:
        about = finding.subject
        if finding.rule in _BY_SUBJECT:
            return self.name(about.code) if about.kind is SubjectKind.PARTY else about.code
        if finding.scope is Scope.OFFICE and (about.kind is not SubjectKind.PARTY or about.second):
            return str(about)
        codes = [c for c in (finding.fund, finding.party) if c is not None] or [about.code]
        return " · ".join(self.name(code) for code in codes)

    def owner(self, finding: Finding) -> str | None:
        """The manager of the fund it is about; of staff co-investment the institution, of pools the pool or guarantor."""
        if finding.rule in _BY_SUBJECT:
            return None if finding.party is None else self.name(finding.party)
        manager = self._manager.get(finding.fund or finding.subject.code)
        return None if manager is None else self.name(manager)


def over_time(journal: Journal, days: Sequence[dt.date], known_at: int | None = None) -> Iterator[Audit]:
    """The audit of each day in turn, in the order given; the book is read once for all of them."""
    for day in days:
        yield guidance(journal.view(day, known_at))
