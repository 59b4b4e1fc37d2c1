"""judge(): every rule in force, on every subject that it speaks about.

Two clocks of its own. A state rule is judged as of the day, by the rules of that day. An event rule is judged
by the version in force on the event's day, and the result under today's rules stands beside it (GF-68). With
`rules_as_of` everything, events included, is judged by the rules of that one day instead, and for events the
result under the rules of their own day stands beside.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from fof.rules import catalogue
from fof.rules.facts import OfficeFacts, Subject
from fof.rules.parameters import Numbers, Settings
from fof.rules.registry import (
    RULES,
    SEVERITY,
    Finding,
    Outcome,
    Rule,
    Scope,
    Verdict,
    Waiver,
    missing,
)

Answer = Outcome | Sequence[Outcome] | None
Memo = dict[tuple[str, int, int], tuple[object, object, Answer]]
"""Answers about deals kept between calls: a deal's facts do not change with the as-of day. Pass one Memo to all
dates of one journal prefix, judged with one Settings; it helps where the same DealFacts objects are passed again."""

_REMEMBERED = frozenset({Scope.DEAL, Scope.TRANSFER})
_SILENT = frozenset({Verdict.NOT_APPLICABLE})
_SILENT_DEALS = frozenset({Verdict.NOT_APPLICABLE, Verdict.PASS})


def subjects_of(office: OfficeFacts) -> dict[Scope, list[Subject]]:
    """Every subject by scope; listed once for all rules."""
    found: dict[Scope, list[Subject]] = {scope: [] for scope in Scope}
    found[Scope.OFFICE].append(Subject(Scope.OFFICE, (office,), "office"))
    investors = {}
    for fund in office.funds:
        found[Scope.FUND].append(Subject(Scope.FUND, (fund,), fund.code, fund.code))
        for stake in fund.stakes:
            investor = stake.investor
            code = f"{fund.code}/{investor.code}"
            found[Scope.STAKE].append(Subject(Scope.STAKE, (stake, fund), code, fund.code, investor.code))
            investors[investor.code] = investor
        found[Scope.DEAL] += [Subject(Scope.DEAL, (d,), d.code, d.fund.code, d.company) for d in fund.deals]
    for code, investor in investors.items():
        found[Scope.INVESTOR].append(Subject(Scope.INVESTOR, (investor,), code, None, code))
    for company in office.companies:
        found[Scope.COMPANY].append(Subject(Scope.COMPANY, (company,), company.code, None, company.code))
    for sale in office.transfers:
        found[Scope.TRANSFER].append(Subject(Scope.TRANSFER, (sale,), sale.code, sale.fund, sale.seller))
    for merger in office.reorganisations:
        found[Scope.REORGANISATION].append(
            Subject(Scope.REORGANISATION, (merger,), merger.successor, merger.successor)
        )
    for subject in office.further:
        found[subject.scope].append(subject)
    return found


def _not_in_force(rule: Rule, day: dt.date) -> Outcome:
    first = rule.sources[0].since
    return Outcome(
        Verdict.NOT_APPLICABLE,
        f"{day} 尚无此规定（{first} 起施行）" if day < first else f"{day} 此规定已失效",
        f"not in force on {day} (from {first})" if day < first else f"no longer in force on {day}",
    )


class _Judge:
    """One audit: the day, the rules' day, the numbers, the waivers."""

    def __init__(
        self, office: OfficeFacts, rules_as_of: dt.date | None, settings: Settings, memo: Memo | None
    ) -> None:
        self.as_of, self.rules_as_of = office.as_of, rules_as_of
        self.settings, self.memo = settings, memo
        self.waivers: dict[tuple[str, str], list[Waiver]] = {}
        for waiver in office.waivers:
            self.waivers.setdefault((waiver.rule, waiver.subject), []).append(waiver)

    def apply(self, rule: Rule, subject: Subject) -> Iterator[Finding]:
        """The findings of one rule about one subject."""
        if rule.on is None:
            day = self.rules_as_of or self.as_of
            if rule.source_on(day) is not None:
                for outcome in _each(self._answer(rule, subject, day)):
                    yield self._finding(rule, subject, outcome, day)
            return
        event: dt.date | None = getattr(subject.args[0], rule.on)
        if event is None:
            yield from self._without_event_day(rule, subject)
        elif event <= self.as_of:
            yield from self._event(rule, subject, event)

    def _event(self, rule: Rule, subject: Subject, event: dt.date) -> Iterator[Finding]:
        """By the version of the event's day, the result under the other day's version beside it."""
        day, other = (event, self.as_of) if self.rules_as_of is None else (self.rules_as_of, event)
        here, there = rule.source_on(day) is not None, rule.source_on(other) is not None
        if not here and not there:
            return
        if here and there and self._same(rule, subject, day, other):
            for outcome in _each(self._answer(rule, subject, day)):
                yield self._finding(rule, subject, outcome, day, event, outcome, other)
            return
        outcomes = _each(self._answer(rule, subject, day)) if here else ()
        besides = _each(self._answer(rule, subject, other)) if there else ()
        if not here:  # only worth a line where the other day's version has something to say
            silent = _SILENT_DEALS if rule.scope in _REMEMBERED else _SILENT
            besides = [b for b in besides if b.verdict not in silent]
            outcomes = [replace(_not_in_force(rule, day), subject=b.subject) for b in besides]
        elif not there:
            besides = [_not_in_force(rule, other)] * len(outcomes)
        for number, outcome in enumerate(outcomes):
            beside = besides[number] if number < len(besides) else None
            yield self._finding(rule, subject, outcome, day, event, beside, other)

    def _same(self, rule: Rule, subject: Subject, day: dt.date, other: dt.date) -> bool:
        """Whether a rule has the same numbers on both days, so that one answer serves for both."""
        return self.settings.of_rule(rule, day, subject.fund) is self.settings.of_rule(
            rule, other, subject.fund
        )

    def _without_event_day(self, rule: Rule, subject: Subject) -> Iterator[Finding]:
        day = self.rules_as_of or self.as_of
        if rule.source_on(day) is None:
            return
        for outcome in _each(self._answer(rule, subject, day)):
            if outcome.verdict is not Verdict.NOT_APPLICABLE:
                outcome = missing(("事项发生日", "the day of the event"), money=outcome.money)
            yield self._finding(rule, subject, outcome, day)

    def _answer(self, rule: Rule, subject: Subject, day: dt.date) -> Answer:
        """What the rule says with the numbers of `day`."""
        numbers = self.settings.of_rule(rule, day, subject.fund)
        if self.memo is None or rule.scope not in _REMEMBERED or rule.on is None:
            return _call(rule, subject, numbers, day)
        key = (rule.id, id(subject.args[0]), id(numbers))
        kept = self.memo.get(key)
        if kept is None:
            kept = self.memo[key] = (subject.args[0], numbers, _call(rule, subject, numbers, day))
        return kept[2]

    def _finding(
        self,
        rule: Rule,
        subject: Subject,
        outcome: Outcome,
        day: dt.date,
        event: dt.date | None = None,
        beside: Outcome | None = None,
        beside_day: dt.date | None = None,
    ) -> Finding:
        code = outcome.subject or subject.code
        verdict, notes, waiver = outcome.verdict, outcome.notes, None
        if verdict is Verdict.BREACH and self.waivers:
            waiver = self._waiver(rule, code, subject)
            if waiver is not None:
                verdict, note = _with_waiver(rule, waiver, self.as_of)
                notes = (*notes, note)
        return Finding(
            rule=rule.id,
            verdict=verdict,
            scope=rule.scope,
            subject=code,
            fund=subject.fund,
            party=subject.party,
            measured=outcome.measured,
            threshold=outcome.threshold,
            unit=outcome.unit,
            money_at_stake=outcome.money,
            zh=outcome.zh,
            en=outcome.en,
            inputs=outcome.inputs,
            readings=outcome.readings,
            items=outcome.items,
            notes=notes,
            since=outcome.since,
            source=rule.source_on(day),
            confidence=rule.confidence,
            parameters=self.settings.of_rule(rule, day, subject.fund).sources,
            rule_day=day,
            event_day=event,
            beside=beside,
            beside_day=beside_day,
            waiver=waiver,
        )

    def _waiver(self, rule: Rule, code: str, subject: Subject) -> Waiver | None:
        """The waiver that counts for a breach: one in force, else the one that ended last."""
        found = self.waivers.get((rule.id, code), [])
        if rule.scope is Scope.STAKE and subject.fund is not None:
            found = [*found, *self.waivers.get((rule.id, subject.fund), [])]
        return max(found, key=lambda w: (w.covers(self.as_of), w.until), default=None)


def _call(rule: Rule, subject: Subject, numbers: Numbers, day: dt.date) -> Answer:
    if numbers.lacking:
        names = ", ".join(numbers.lacking)
        return missing((f"参数 {names} 在 {day} 的取值", f"a value of {names} on {day}"))
    return rule.judge(*subject.args, **numbers.values)


def _each(answer: Answer) -> Sequence[Outcome]:
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, Outcome) else answer


def _with_waiver(rule: Rule, waiver: Waiver, as_of: dt.date) -> tuple[Verdict, tuple[str, str]]:
    """The verdict of a breach under a waiver, and the note that keeps it visible."""
    name = waiver.reference
    if not rule.in_principle:
        return Verdict.BREACH, (
            f"豁免 {name} 不适用：本条不可豁免",
            f"waiver {name} refused: the rule admits none",
        )
    if waiver.covers(as_of):
        until = waiver.until
        return Verdict.PASS, (f"经豁免通过：{name}，至 {until}", f"passes by waiver {name} until {until}")
    if as_of < waiver.since:
        return Verdict.BREACH, (
            f"豁免 {name} 自 {waiver.since} 起",
            f"waiver {name} starts on {waiver.since}",
        )
    return Verdict.BREACH, (f"豁免 {name} 已于 {waiver.until} 到期", f"waiver {name} ended on {waiver.until}")


def judge(
    office: OfficeFacts,
    as_of: dt.date,
    rules_as_of: dt.date | None = None,
    settings: Settings | None = None,
    *,
    memo: Memo | None = None,
    only: Collection[str] | None = None,
) -> list[Finding]:
    """Every finding about the office's facts, worst first, then by money at stake, rule and subject.

    as_of       : the day the facts were gathered for (office.as_of)
    rules_as_of : judge everything by the rules and numbers of this day (two rule worlds); see the module
    settings    : numbers of funds; the rulebook's own where None
    memo        : answers about deals kept from dates judged before (Memo)
    only        : ids of the rules to apply; all where None
    """
    assert office.as_of == as_of, (office.as_of, as_of)
    audit = _Judge(office, rules_as_of, settings or catalogue.default_settings(), memo)
    subjects = subjects_of(office)
    findings: list[Finding] = []
    for rule in RULES.values():
        if only is None or rule.id in only:
            for subject in subjects[rule.scope]:
                findings.extend(audit.apply(rule, subject))
    findings.sort(key=lambda f: (SEVERITY[f.verdict], -(f.money_at_stake or 0), f.rule, f.subject))
    return findings


def ask(
    rule_id: str, *args: object, day: dt.date, settings: Settings | None = None, fund: str | None = None
) -> Answer:
    """What one rule says about one subject with the numbers of a day, in force then or not (dry runs, tests).

    args : what the rule's scope calls it with; `fund` whose settings count. KeyError for an unknown rule.
    """
    numbers = (settings or catalogue.default_settings()).of_rule(RULES[rule_id], day, fund)
    return _call(RULES[rule_id], Subject(RULES[rule_id].scope, args, ""), numbers, day)
