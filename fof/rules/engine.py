"""judge(): every rule in force, on every subject that it speaks about.

Two clocks of its own. A state rule is judged as of the day, by the rules of that day. An event rule is judged
by the version in force on the event's day, and the result under today's rules stands beside it (GF-68). With
`rules_as_of` everything, events included, is judged by the rules of that one day instead, and for events the
result under the rules of their own day stands beside.

Facts have a clock of their own, declared beside each rule (Rule.facts_on): an event rule takes owners, terms, kinds and
successors as they were at the close of the event's day, whatever the as-of day; what comes later is no part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import Any, NamedTuple

from fof.rules import alike, catalogue, currencies, questions, watched
from fof.rules.alike import (
    ALIKE,
    WORDED_FOR_EACH,
    AlikeStakes,
    JudgedBy,
    Pairs,
    SharedAnswers,
    key_of,
    whatever_the_money,
)
from fof.rules.facts import FundFacts, Matter, OfficeFacts
from fof.rules.facts_coinvest import StaffStakeFacts, TermsOfDay
from fof.rules.facts_parties import StakeFacts, with_now
from fof.rules.numbers_in_force import Numbers, NumbersInForce, Version, Versions
from fof.rules.office_matters import OF_A_FUND, Matters
from fof.rules.registry import (
    OF_DEALS,
    RULES,
    SEVERITY,
    Finding,
    Outcome,
    Rule,
    Scope,
    Verdict,
    missing,
)
from fof.rules.waived import WaiversOfDay
from models.subjects import Subject
from models.text import Text

Answers = dict[int, tuple[object, Numbers, Sequence[Finding]]]
"""By the identity of a subject's facts: the facts, the numbers and the findings."""


class Memo:
    """Findings about events kept between dates: the facts of an event do not change with the as-of day.

    Pass one Memo to all dates of one journal prefix, judged with one NumbersInForce. It helps where the same objects of facts
    are passed again; others are judged afresh.
    """

    def __init__(self) -> None:
        self.answers: dict[tuple[object, ...], Answers] = {}

    def of(self, *key: object) -> Answers:
        """What is kept under one rule, its numbers and its day: by the identity of the subject's facts."""
        return self.answers.setdefault(key, {})


_ADDRESS, _AFTER = Finding._fields.index("subject"), Finding._fields.index("party") + 1
"""Where a finding names what it is about, and the fields after it."""
_RULE_DAY = Finding._fields.index("rule_day")
"""Where it names the day whose rules judged; the event's day follows."""
_SILENT = frozenset({Verdict.NOT_APPLICABLE})
_SILENT_DEALS = frozenset({Verdict.NOT_APPLICABLE, Verdict.PASS})


def _under_todays_terms(subject: Matter) -> Matter | None:
    """The event under its own terms as they stand today (a plan of co-investment); None where they have not changed."""
    facts: Any = subject.args[0]
    today = facts.under_todays_terms()
    return None if today is facts else subject._replace(args=(today,))


class _HaveTerms(dict[type, bool]):
    """Whether facts of a class are TermsOfDay; to ask that of every instance costs as much as to judge it."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, TermsOfDay)
        return self[kind]


_HAVE_TERMS = _HaveTerms()


def _likeness(subject: Matter) -> Hashable:
    """What stakes of staff share that are alike; of those that nobody looked at, as of other subjects, each its address."""
    facts = subject.args[0]
    likeness = facts.likeness if isinstance(facts, StaffStakeFacts) else None
    return subject.subject if likeness is None else likeness


def _names_version(version: Version, event: dt.date) -> Hashable:
    """What makes answers about events the same as far as days go: the version, or the event's day where the answer names it."""
    source, numbers = version
    return event if source is None or numbers.lacking else id(version)


@lru_cache(2048)
def _not_in_force(first: dt.date, day: dt.date) -> Outcome:
    """What is said of a rule on a day on which it does not hold; `first`: the day from which on it did."""
    return Outcome(
        Verdict.NOT_APPLICABLE,
        Text(
            f"{day} 尚无此规定（{first} 起施行）" if day < first else f"{day} 此规定已失效",
            f"not in force on {day} (from {first})" if day < first else f"no longer in force on {day}",
        ),
    )


class _Judge:
    """One audit: the day, the rules' day, the numbers, the waivers."""

    def __init__(
        self, office: OfficeFacts, rules_as_of: dt.date | None, settings: NumbersInForce, memo: Memo | None
    ) -> None:
        self.as_of, self.rules_as_of = office.as_of, rules_as_of
        self.today = rules_as_of or office.as_of
        self.settings, self.memo = settings, memo
        self.versions: dict[tuple[str, str | None], tuple[Versions, Version]] = {}
        self.waivers = WaiversOfDay(office.waivers, office.as_of)
        self._firsts: tuple[Sequence[Matter], dict[Hashable, Matter]] = (), {}
        """Subjects and the first of those that are alike among them."""

    def apply_to_all(self, rule: Rule, subjects: Sequence[Matter]) -> list[Finding]:
        """The findings of one rule about all subjects of its scope, from the memo where they are kept."""
        if rule.concerns is not None:
            subjects = self._concerned(rule, subjects)
        shared = None
        if len(subjects) >= alike.FROM and not watched.watched():
            shared = SharedAnswers.of(rule)
        in_force = rule.source_on(self.today) is not None
        if rule.on is None:
            return self._of_the_day(rule, subjects, shared) if in_force else []
        if shared is not None:
            return self._alike(rule, subjects, shared)
        memoised = rule.scope in OF_DEALS or (rule.scope in OF_A_FUND and rule.is_event and not rule.later)
        return self._of_events(rule, subjects, self.memo if in_force and memoised else None)

    def _concerned(self, rule: Rule, subjects: Sequence[Matter]) -> Sequence[Matter]:
        """Those of some subjects that a rule speaks about; of alike ones the first is asked."""
        concerns = rule.concerns
        assert concerns is not None
        if rule.scope is not Scope.STAFF_STAKE:
            return [subject for subject in subjects if concerns(subject.args[0])]
        if self._firsts[0] is not subjects:
            self._firsts = subjects, {}
            for subject in subjects:
                self._firsts[1].setdefault(_likeness(subject), subject)
        spoken_of = {key for key, first in self._firsts[1].items() if concerns(first.args[0])}
        return [s for s in subjects if _likeness(s) in spoken_of] if spoken_of else []

    def _of_the_day(
        self, rule: Rule, subjects: Sequence[Matter], shared: SharedAnswers | None
    ) -> list[Finding]:
        """Of a state rule: by the version of the as-of day."""
        findings: list[Finding] = []
        for subject in subjects:
            by = JudgedBy(self.today, self._todays(rule, subject.fund))
            pairs = None if shared is None else shared.answer(subject.args[0])
            if pairs is None:
                outcomes = self._ask(rule, self._then(rule, subject), by.version, self.today)
                pairs = [(outcome, None) for outcome in outcomes]
                if shared is not None:
                    shared.keep(subject.args[0], pairs)
            for outcome, _ in pairs:
                findings.append(self._finding(rule, subject, outcome, by))
        return findings

    def _alike(self, rule: Rule, subjects: Sequence[Matter], shared: SharedAnswers) -> list[Finding]:
        """Of a rule about events of thousands of stakes, of which those that are alike are asked about once."""
        findings: list[Finding] = []
        versions, todays = self._versions(rule, None)  # stakes of staff are of no fund
        for now, subject, event in self._happened(rule, subjects, findings):
            facts, version = subject.args[0], versions.on(event)
            pairs = shared.answer(facts, _names_version(version, event))
            if pairs is None:
                _, pairs = self._event_pairs(rule, subject, event)
                shared.keep(facts, pairs)
            by = JudgedBy(event, version) if self.rules_as_of is None else JudgedBy(self.today, todays)
            day = event if rule.is_event else None
            own = [self._finding(rule, subject, outcome, by, day, beside) for outcome, beside in pairs]
            findings += own if subject is now else self._known_later(rule, now, own)
        return findings

    def may_group(self, subjects: Matters) -> bool:
        """Whether stakes of staff are so many that it pays to look for alike ones. A waiver is of one stake alone."""
        if watched.watched() or self.waivers:
            return False
        return len(subjects.of(Scope.STAFF_STAKE)) >= alike.FROM

    def apply_to_groups(
        self, rules: Sequence[Rule], subjects: Sequence[Matter]
    ) -> tuple[list[Finding], list[AlikeStakes]]:
        """The findings of rules about stakes of staff: each rule asked of the first of those that are alike to it; the others."""
        in_the_rows: dict[Hashable, list[Matter]] = {}
        for subject in subjects:
            in_the_rows.setdefault(_likeness(subject), []).append(subject)
        findings, groups = list[Finding](), list[AlikeStakes]()
        for rule in rules:
            self._of_alike(rule, in_the_rows.values(), findings, groups)
        return findings, groups

    def _of_alike(
        self,
        rule: Rule,
        in_the_rows: Collection[list[Matter]],
        findings: list[Finding],
        groups: list[AlikeStakes],
    ) -> None:
        """Adds what a rule says of the first of the stakes that are alike to it, and the others where there are any."""
        key = key_of(rule.id) or WORDED_FOR_EACH[rule.id]
        by_key: dict[Hashable, AlikeStakes] = {}
        versions, concerns, version = self._versions(rule, None)[0], rule.concerns, None
        for first, *others in in_the_rows:
            facts: Any = first.args[0]
            if concerns is not None and not concerns(facts):
                continue
            if rule.on is not None:
                event: dt.date | None = getattr(facts, rule.on)
                if event is None or event > self.as_of:
                    findings += self.apply_to_all(rule, [first, *others])
                    continue
                version = _names_version(versions.on(event), event)
            asked = version, key(facts)
            group = by_key.get(asked) or by_key.get((asked, facts.paid_in))
            if group is not None:
                group.others.append(first)
            else:
                group = AlikeStakes(self.apply_to_all(rule, [first]), [])
                by_key[asked if whatever_the_money(group.findings) else (asked, facts.paid_in)] = group
                findings += group.findings
            group.others.extend(others)
        groups += [group for group in by_key.values() if group.findings and group.others]

    def anew(self, first: Finding, subject: Matter) -> Finding:
        """What a finding about the first of some alike stakes is about another of them."""
        rule = RULES[first.rule]
        if first.rule in WORDED_FOR_EACH:
            (own,) = self.apply_to_all(rule, [subject])
            return own
        days = first.rule_day, first.event_day
        if rule.on is not None:
            event = getattr(subject.args[0], rule.on)
            days = event if self.rules_as_of is None else first.rule_day, event if rule.is_event else None
        whose = subject.subject, subject.fund, subject.party
        return tuple.__new__(
            Finding, (*first[:_ADDRESS], *whose, *first[_AFTER:_RULE_DAY], *days, *first[_RULE_DAY + 2 :])
        )

    def _of_events(self, rule: Rule, subjects: Sequence[Matter], memo: Memo | None) -> list[Finding]:
        """Of a rule about events: each by the version of its day."""
        findings: list[Finding] = []
        answers_of: dict[
            str | None, tuple[Numbers, Answers]
        ] = {}  # by fund, whose numbers they were judged with
        waived = self.waivers.any_of(rule)
        for now, subject, event in self._happened(rule, subjects, findings):
            if memo is None or (waived and self.waivers.may_cover(rule, subject)):
                anew = self._event(rule, subject, event)
                findings += anew if subject is now else self._known_later(rule, now, anew)
                continue
            own = answers_of.get(subject.fund)
            if own is None:
                numbers = self._todays(rule, subject.fund)[1]
                own = answers_of[subject.fund] = numbers, memo.of(rule.id, id(numbers), self.rules_as_of)
            numbers, answers = own
            facts = subject.args[0]
            answer = answers.get(id(facts))
            if answer is None:
                answer = answers[id(facts)] = facts, numbers, self._event(rule, subject, event)
            findings += answer[2] if subject is now else self._known_later(rule, now, answer[2])
        return findings

    def _happened(
        self, rule: Rule, subjects: Sequence[Matter], findings: list[Finding]
    ) -> Iterator[tuple[Matter, Matter, dt.date]]:
        """The subjects whose event is not still to come: as they are, as of the event's day, and that day. Of those whose day
        is not known the findings are added."""
        assert rule.on is not None
        day_of: Callable[[object], dt.date | None] = attrgetter(rule.on)
        of_a_fund = rule.is_event and rule.scope in OF_A_FUND
        for subject in subjects:
            event = day_of(subject.args[0])
            if event is None:
                findings += self._without_event_day(rule, subject)
            elif event <= self.as_of:
                yield subject, self._then(rule, subject) if of_a_fund else subject, event

    def _then(self, rule: Rule, subject: Matter) -> Matter:
        """The subject with the facts of the event's day; deals, sales and reorganisations are gathered as of their day."""
        if rule.facts_on is None or rule.scope not in OF_A_FUND:
            return subject
        day: dt.date | None = getattr(subject.args[0], rule.facts_on)
        if day is None or day > self.as_of:
            return subject
        *stake, fund = subject.args
        assert isinstance(fund, FundFacts)
        stakes = (fund.stake_on(s, day) for s in stake if isinstance(s, StakeFacts))
        then: list[object] = [*stakes, fund.on(day)]
        if rule.later:
            today = (*(fund.stake_on(s, self.as_of) for s in stake if isinstance(s, StakeFacts)), fund)
            then = [with_now(was, now) for was, now in zip(then, today, strict=True)]
        return subject._replace(args=tuple(then))

    def _todays(self, rule: Rule, fund: str | None) -> Version:
        """The version of the as-of day (or of rules_as_of)."""
        return self._versions(rule, fund)[1]

    def _versions(self, rule: Rule, fund: str | None) -> tuple[Versions, Version]:
        """The versions of all days, and that of the as-of day (or of rules_as_of)."""
        own = self.versions.get((rule.id, fund))
        if own is None:
            versions = self.settings.versions(rule, fund)
            own = self.versions[rule.id, fund] = versions, versions.on(self.today)
        return own

    def _ask(self, rule: Rule, subject: Matter, version: Version, day: dt.date) -> Sequence[Outcome]:
        """What the rule says about a subject under one version, that of a day."""
        return questions.listed(questions.put(rule, subject.args, version[1], day))

    def _known_later(self, rule: Rule, subject: Matter, findings: Sequence[Finding]) -> Sequence[Finding]:
        """Findings that cannot be told by what was known on the event's day, with a note where what was recorded since
        would tell: whoever finds it true of the event's day can record it as of that day."""
        if len(findings) != 1 or findings[0].verdict is not Verdict.UNKNOWN:
            return findings
        (finding,) = findings
        version = self.settings.version(rule, finding.rule_day, subject.fund)
        outcomes = self._ask(rule, subject, version, finding.rule_day)
        verdict = outcomes[0].verdict if len(outcomes) == 1 else Verdict.UNKNOWN
        if verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
            return findings
        note = Text(
            f"按事项日之后的记载：{verdict.zh}；如当日即如此，请按当日补录",
            f"by what was recorded after the event: {verdict.en.lower()}; if it was so on its day, record it as of that day",
        )
        return [finding._replace(notes=(*finding.notes, note))]

    def _event(self, rule: Rule, subject: Matter, event: dt.date) -> Sequence[Finding]:
        """By the version of the event's day, the result under the other day's version beside it."""
        by, pairs = self._event_pairs(rule, subject, event)
        if not pairs:
            return ()
        known_on = event if rule.is_event else None
        return [self._finding(rule, subject, outcome, by, known_on, beside) for outcome, beside in pairs]

    def _event_pairs(self, rule: Rule, subject: Matter, event: dt.date) -> tuple[JudgedBy, Pairs]:
        """Each outcome by the version of the event's day, with that under the other day's version."""
        versions, now = self._versions(rule, subject.fund)
        day, version, other_day, other = event, versions.on(event), self.today, now
        if self.rules_as_of is not None:
            day, version, other_day, other = other_day, other, day, version
        (source, numbers), (other_source, other_numbers) = version, other
        if source is None and other_source is None:
            return JudgedBy(day, version), []
        changed = _under_todays_terms(subject) if _HAVE_TERMS[type(subject.args[0])] else None
        if changed is None and source is not None and other_source is not None and numbers is other_numbers:
            answer = questions.put(rule, subject.args, numbers, day)  # the same under both
            if answer is None:
                return JudgedBy(day, version), []
            return JudgedBy(day, version), [(outcome, outcome) for outcome in questions.listed(answer)]
        outcomes = self._ask(rule, subject, version, day) if source else ()
        besides = self._ask(rule, changed or subject, other, other_day) if other_source else ()
        if source is None:  # only worth a line where the other version has something to say
            silent = _SILENT_DEALS if rule.scope in OF_DEALS else _SILENT
            besides = [b for b in besides if b.verdict not in silent]
            outcomes = [
                _not_in_force(rule.sources[0].since, day)._replace(subject=b.subject) for b in besides
            ]
        elif other_source is None:
            besides = [_not_in_force(rule.sources[0].since, other_day)] * len(outcomes)
        return JudgedBy(day, version), list(zip_longest(outcomes, besides[: len(outcomes)]))

    def _without_event_day(self, rule: Rule, subject: Matter) -> list[Finding]:
        by = JudgedBy(self.today, self._todays(rule, subject.fund))
        findings = []
        for outcome in self._ask(rule, subject, by.version, self.today) if by.version[0] else ():
            if outcome.verdict is not Verdict.NOT_APPLICABLE:
                outcome = missing(Text("事项发生日", "the day of the event"), money=outcome.money)
            findings.append(self._finding(rule, subject, outcome, by))
        return findings

    def _finding(
        self,
        rule: Rule,
        subject: Matter,
        outcome: Outcome,
        by: JudgedBy,
        event: dt.date | None = None,
        beside: Outcome | None = None,
    ) -> Finding:
        (
            verdict,
            text,
            measured,
            threshold,
            unit,
            money,
            inputs,
            readings,
            items,
            notes,
            since,
            about,
            currency,
            lacking,
        ) = outcome
        about, waiver = about or subject.subject, None
        if verdict is Verdict.BREACH:
            verdict, waived, waiver = self.waivers.made_of_breach(rule, about, subject)
            notes += waived
        day, (source, numbers) = by
        return (
            tuple.__new__(  # by place, and no call of the class: names would double what it takes to make one
                Finding,
                (
                    rule.id,
                    verdict,
                    rule.scope,
                    about,
                    subject.fund,
                    subject.party,
                    measured,
                    threshold,
                    unit,
                    money,
                    text,
                    inputs,
                    readings,
                    items,
                    notes,
                    since,
                    source,
                    rule.confidence,
                    numbers.sources,
                    day,
                    event,
                    beside,
                    waiver,
                    currency or currencies.currency_of(subject.args),
                    lacking,
                ),
            )
        )


def judge(
    office: OfficeFacts,
    as_of: dt.date,
    rules_as_of: dt.date | None = None,
    settings: NumbersInForce | None = None,
    *,
    memo: Memo | None = None,
    only: Collection[str] | None = None,
    about: Mapping[str, Collection[Subject]] | None = None,
    fund: str | None = None,
) -> list[Finding]:
    """Every finding about the office's facts, worst first, then by money at stake, rule and subject.

    as_of       : the day the facts were gathered for (office.as_of)
    rules_as_of : judge everything by the rules and numbers of this day (two rule worlds); see the module
    settings    : numbers of funds; the rulebook's own where None
    memo        : findings about deals kept from dates judged before (Memo)
    only        : ids of the rules to apply; all where None
    about       : rule -> the subjects that findings are wanted about: these rules and these subjects alone
    fund        : code of the fund that findings are wanted about: itself, its stakes, deals and transfers
    """
    assert office.as_of == as_of, (office.as_of, as_of)
    if fund is None and about is None:
        grouped = judge_grouped(office, rules_as_of, settings, memo=memo, only=only)
        return in_order([*grouped.made, *grouped.others()])
    audit = _Judge(office, rules_as_of, settings or catalogue.default_settings(), memo)
    subjects = Matters(office, None if fund is None else {fund})
    findings: list[Finding] = []
    for rule in _applied(only):
        if fund is not None:
            judged = audit.apply_to_all(rule, subjects.for_rule(rule))
            findings += [f for f in judged if fund in (f.fund, f.subject.code)]
        elif about is not None and rule.id in about:
            wanted = about[rule.id]
            asked = subjects.about(rule, wanted)
            findings += [f for f in audit.apply_to_all(rule, asked) if f.subject in wanted]
    return in_order(findings)


class GroupedFindings(NamedTuple):
    """Findings in no order: those that were made, and groups of stakes of which only those about the first are; `anew` gives what one
    of these is about another stake of the group."""

    made: list[Finding]
    groups: list[AlikeStakes]
    anew: Callable[[Finding, Matter], Finding]

    def others(self) -> Iterator[Finding]:
        """Those that were not made yet."""
        for group in self.groups:
            for subject in group.others:
                for finding in group.findings:
                    yield self.anew(finding, subject)


def judge_grouped(
    office: OfficeFacts,
    rules_as_of: dt.date | None = None,
    settings: NumbersInForce | None = None,
    *,
    memo: Memo | None = None,
    only: Collection[str] | None = None,
) -> GroupedFindings:
    """Every finding about the office's facts on its day, those about stakes that are alike made for the first of them alone."""
    audit = _Judge(office, rules_as_of, settings or catalogue.default_settings(), memo)
    subjects, rules = Matters(office), _applied(only)
    findings: list[Finding] = []
    groups: list[AlikeStakes] = []
    if audit.may_group(subjects):
        together = [rule for rule in rules if rule.id in ALIKE or rule.id in WORDED_FOR_EACH]
        findings, groups = audit.apply_to_groups(together, subjects.of(Scope.STAFF_STAKE))
        rules = [rule for rule in rules if rule not in together]
    for rule in rules:
        findings += audit.apply_to_all(rule, subjects.for_rule(rule))
    return GroupedFindings(findings, groups, audit.anew)


def _applied(only: Collection[str] | None) -> list[Rule]:
    return [rule for rule in RULES.values() if only is None or rule.id in only]


def in_order(findings: list[Finding]) -> list[Finding]:
    """The list itself, worst first, then by money at stake, rule and subject."""
    addresses = {id(f.subject): f.subject for f in findings}  # the findings about a subject share its address
    text = {number: str(subject) for number, subject in addresses.items()}
    findings.sort(key=lambda f: (SEVERITY[f.verdict], -(f.money_at_stake or 0), f.rule, text[id(f.subject)]))
    return findings


def ask(
    rule_id: str, *args: object, day: dt.date, settings: NumbersInForce | None = None, fund: str | None = None
) -> questions.Answer:
    """What one rule says about one subject with the numbers of a day, in force then or not (dry runs, tests).

    args : what the rule's scope calls it with; `fund` whose settings count. KeyError for an unknown rule.
    """
    numbers = (settings or catalogue.default_settings()).of_rule(RULES[rule_id], day, fund)
    return questions.put(RULES[rule_id], args, numbers, day)
