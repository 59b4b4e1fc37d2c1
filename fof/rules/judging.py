"""One audit: what the rules of a day say of each subject.

Two clocks of its own. A state rule is judged as of the day, by the rules of that day. An event rule is judged
by the version in force on the event's day, and the result under today's rules stands beside it (GF-68). With
`rules_as_of` everything, events included, is judged by the rules of that one day instead, and for events the
result under the rules of their own day stands beside.

Facts have a clock of their own, declared beside each rule (Rule.facts_on): an event rule takes owners, terms, kinds and
successors as they were at the close of the event's day, whatever the as-of day; what comes later is no part of it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import zip_longest
from operator import attrgetter
from typing import Any, NamedTuple

from fof.rules import currencies, questions
from fof.rules.facts import FundFacts, Matter, OfficeFacts
from fof.rules.facts_coinvest import TermsOfDay
from fof.rules.facts_parties import StakeFacts, with_now
from fof.rules.numbers_in_force import Numbers, NumbersInForce, Version, Versions
from fof.rules.office_matters import OF_A_FUND
from fof.rules.registry import (
    OF_DEALS,
    Finding,
    Outcome,
    Rule,
    Verdict,
    missing,
)
from fof.rules.waived import WaiversOfDay
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


_SILENT = frozenset({Verdict.NOT_APPLICABLE})
_SILENT_DEALS = frozenset({Verdict.NOT_APPLICABLE, Verdict.PASS})


def _under_todays_terms(subject: Matter) -> Matter | None:
    """The event under its own terms as they stand today (a plan of co-investment); None where they have not changed."""
    facts: Any = subject.args[0]
    today = facts.under_todays_terms()
    return None if today is facts else subject._replace(args=(today,))


class JudgedBy(NamedTuple):
    """The day whose version of a rule judged, and that version."""

    day: dt.date
    version: Version


Pairs = list[tuple[Outcome, Outcome | None]]
"""Each outcome by the version that judged, with that under the other day's version."""


class _HaveTerms(dict[type, bool]):
    """Whether facts of a class are TermsOfDay; to ask that of every instance costs as much as to judge it."""

    def __missing__(self, kind: type) -> bool:
        self[kind] = issubclass(kind, TermsOfDay)
        return self[kind]


_HAVE_TERMS = _HaveTerms()


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


class RulesOfDay:
    """One audit: the day, the rules' day, the numbers, the waivers."""

    def __init__(
        self, office: OfficeFacts, rules_as_of: dt.date | None, settings: NumbersInForce, memo: Memo | None
    ) -> None:
        self.as_of, self.rules_as_of = office.as_of, rules_as_of
        self.today = rules_as_of or office.as_of
        self.settings, self.memo = settings, memo
        self.versions: dict[tuple[str, str | None], tuple[Versions, Version]] = {}
        self.waivers = WaiversOfDay(office.waivers, office.as_of)

    def apply_to_all(self, rule: Rule, subjects: Sequence[Matter]) -> list[Finding]:
        """The findings of one rule about all subjects of its scope."""
        concerns = rule.concerns
        if concerns is not None:
            subjects = [subject for subject in subjects if concerns(subject.args[0])]
        return self.apply(rule, subjects)

    def apply(self, rule: Rule, subjects: Sequence[Matter]) -> list[Finding]:
        """The findings of one rule about subjects that it speaks about, from the memo where they are kept."""
        in_force = rule.source_on(self.today) is not None
        if rule.on is None:
            return self._of_the_day(rule, subjects) if in_force else []
        memoised = rule.scope in OF_DEALS or (rule.scope in OF_A_FUND and rule.is_event and not rule.later)
        return self._of_events(rule, subjects, self.memo if in_force and memoised else None)

    def _of_the_day(self, rule: Rule, subjects: Sequence[Matter]) -> list[Finding]:
        """Of a state rule: by the version of the as-of day."""
        findings: list[Finding] = []
        for subject in subjects:
            by = JudgedBy(self.today, self._todays(rule, subject.fund))
            for outcome in self._ask(rule, self._then(rule, subject), by.version, self.today):
                findings.append(self._finding(rule, subject, outcome, by))
        return findings

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
        return self.of_rule(rule, fund)[1]

    def of_rule(self, rule: Rule, fund: str | None) -> tuple[Versions, Version]:
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
        versions, now = self.of_rule(rule, subject.fund)
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
