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
from collections.abc import Collection, Hashable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import zip_longest
from typing import Any, NamedTuple

from fof.rules import alike, catalogue, currencies, watched
from fof.rules.facts import FundFacts, Matter, OfficeFacts
from fof.rules.facts_coinvest import TermsOfDay
from fof.rules.facts_parties import StakeFacts, with_now
from fof.rules.office_matters import OF_A_FUND, Matters, party_address
from fof.rules.parameters import Numbers, NumbersInForce
from fof.rules.registry import (
    OF_DEALS,
    RULES,
    SEVERITY,
    Finding,
    Outcome,
    Rule,
    RuleSource,
    Scope,
    Verdict,
    Waiver,
    missing,
)
from fof.rules.wording import YUAN, in_currency
from models.subjects import Subject
from models.text import Text

Answer = Outcome | Sequence[Outcome] | None


Answers = dict[int, tuple[object, Numbers, list[Finding]]]
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
    """The event under its own terms as they stand today (a plan of co-investment); None where it has no terms of its own, or
    they have not changed."""
    facts: Any = subject.args[0]
    today = facts.under_todays_terms() if _HAVE_TERMS[type(facts)] else facts
    return None if today is facts else subject._replace(args=(today,))


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


class _Version(NamedTuple):
    """A rule as it stood on a day, for one fund: its source (None: not in force) and its numbers."""

    day: dt.date
    source: RuleSource | None
    numbers: Numbers


Pairs = list[tuple[Outcome, Outcome | None]]


class _Shared:
    """Answers of one rule about stakes that are alike (fof.rules.alike): of passes whatever money is at stake, of others for the
    same money."""

    def __init__(self, key: alike.Key) -> None:
        self._key = key
        self._passed: dict[Hashable, tuple[_Version, Pairs]] = {}
        self._others: dict[Hashable, tuple[_Version, Pairs]] = {}
        self._asked: Hashable = None
        self.version: _Version

    @classmethod
    def of(cls, rule: Rule) -> _Shared | None:
        """None for a rule that is asked of each stake."""
        key = alike.key_of(rule.id)
        return None if key is None else cls(key)

    def answer(self, stake: Any) -> Pairs | None:
        """What was answered about one that is alike, by `version`; None where none was asked about yet."""
        key = self._asked = self._key(stake)
        known = self._passed.get(key) or self._others.get((key, stake.paid_in))
        if known is None:
            return None
        self.version = known[0]
        return known[1]

    def keep(self, stake: Any, version: _Version, pairs: Pairs) -> None:
        """Keeps the answer about the stake that was asked for last."""
        plain = all(
            o is None or (o.money is None and not o.lacking and o.verdict in _NO_MONEY)
            for pair in pairs
            for o in pair
        )
        if plain:
            self._passed[self._asked] = version, pairs
        else:
            self._others[self._asked, stake.paid_in] = version, pairs


_NO_MONEY = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


class _Judge:
    """One audit: the day, the rules' day, the numbers, the waivers."""

    def __init__(
        self, office: OfficeFacts, rules_as_of: dt.date | None, settings: NumbersInForce, memo: Memo | None
    ) -> None:
        self.as_of, self.rules_as_of = office.as_of, rules_as_of
        self.today = rules_as_of or office.as_of
        self.settings, self.memo = settings, memo
        self.versions: dict[tuple[str, str | None], _Version] = {}
        self.waivers: dict[tuple[str, Subject], list[Waiver]] = {}
        for waiver in office.waivers:
            self.waivers.setdefault((waiver.rule, waiver.subject), []).append(waiver)

    def apply_to_all(self, rule: Rule, subjects: Sequence[Matter]) -> list[Finding]:
        """The findings of one rule about all subjects of its scope, from the memo where they are kept."""
        findings: list[Finding] = []
        if rule.concerns is not None:
            subjects = [subject for subject in subjects if rule.concerns(subject.args[0])]
        in_force = rule.source_on(self.today) is not None
        shared = None
        if len(subjects) >= alike.FROM and not watched.watched():
            shared = _Shared.of(rule)
        if rule.on is None:
            if in_force:
                for subject in subjects:
                    version = self._todays(rule, subject.fund)
                    pairs = None if shared is None else shared.answer(subject.args[0])
                    if pairs is None:
                        pairs = [(o, None) for o in _answer(rule, self._then(rule, subject), version)]
                        if shared is not None:
                            shared.keep(subject.args[0], version, pairs)
                    for outcome, _ in pairs:
                        findings.append(self._finding(rule, subject, outcome, version))
            return findings
        known_on = rule.is_event
        memoised = rule.scope in OF_DEALS or (rule.scope in OF_A_FUND and rule.is_event and not rule.later)
        memo = self.memo if in_force and memoised else None
        of_a_fund = rule.is_event and rule.scope in OF_A_FUND
        answers_of: dict[
            str | None, tuple[Numbers, Answers]
        ] = {}  # by fund, whose numbers they were judged with
        for subject in subjects:
            event: dt.date | None = getattr(subject.args[0], rule.on)
            if event is None:
                findings += self._without_event_day(rule, subject)
                continue
            if event > self.as_of:
                continue
            now = subject
            if of_a_fund:
                subject = self._then(rule, subject)
            facts = subject.args[0]
            if shared is not None:
                pairs = shared.answer(facts)
                if pairs is None:
                    version, pairs = self._event_pairs(rule, subject, event)
                    shared.keep(facts, version, pairs)
                else:
                    version = shared.version
                day = event if known_on else None
                own = [self._finding(rule, subject, o, version, day, beside) for o, beside in pairs]
                findings += self._known_later(rule, now, own)
            elif memo is None or self._may_be_waived(rule, subject):
                findings += self._known_later(rule, now, self._event(rule, subject, event))
            else:
                if subject.fund not in answers_of:
                    numbers = self._todays(rule, subject.fund).numbers
                    answers_of[subject.fund] = numbers, memo.of(rule.id, id(numbers), self.rules_as_of)
                numbers, answers = answers_of[subject.fund]
                answer = answers.get(id(facts))
                if answer is None:
                    answer = answers[id(facts)] = (facts, numbers, self._event(rule, subject, event))
                findings += answer[2] if subject is now else self._known_later(rule, now, answer[2])
        return findings

    def _may_be_waived(self, rule: Rule, subject: Matter) -> bool:
        return bool(self.waivers) and any((rule.id, one) in self.waivers for one in _waived_by(rule, subject))

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

    def _todays(self, rule: Rule, fund: str | None) -> _Version:
        """The version of the as-of day (or of rules_as_of)."""
        version = self.versions.get((rule.id, fund))
        if version is None:
            version = self.versions[rule.id, fund] = self._version(rule, self.today, fund)
        return version

    def _version(self, rule: Rule, day: dt.date, fund: str | None) -> _Version:
        return _Version(day, *self.settings.version(rule, day, fund))

    def _known_later(self, rule: Rule, subject: Matter, findings: list[Finding]) -> list[Finding]:
        """Findings that cannot be told by what was known on the event's day, with a note where what was recorded since
        would tell: whoever finds it true of the event's day can record it as of that day."""
        if len(findings) != 1 or findings[0].verdict is not Verdict.UNKNOWN:
            return findings
        (finding,) = findings
        outcomes = _answer(rule, subject, self._version(rule, finding.rule_day, subject.fund))
        verdict = outcomes[0].verdict if len(outcomes) == 1 else Verdict.UNKNOWN
        if verdict in (Verdict.UNKNOWN, Verdict.NOT_APPLICABLE):
            return findings
        note = Text(
            f"按事项日之后的记载：{verdict.zh}；如当日即如此，请按当日补录",
            f"by what was recorded after the event: {verdict.en.lower()}; if it was so on its day, record it as of that day",
        )
        return [finding._replace(notes=(*finding.notes, note))]

    def _event(self, rule: Rule, subject: Matter, event: dt.date) -> list[Finding]:
        """By the version of the event's day, the result under the other day's version beside it."""
        version, pairs = self._event_pairs(rule, subject, event)
        known_on = event if rule.is_event else None
        return [self._finding(rule, subject, outcome, version, known_on, beside) for outcome, beside in pairs]

    def _event_pairs(
        self, rule: Rule, subject: Matter, event: dt.date
    ) -> tuple[_Version, list[tuple[Outcome, Outcome | None]]]:
        """Each outcome by the version of the event's day, with that under the other day's version."""
        then, now = self._version(rule, event, subject.fund), self._todays(rule, subject.fund)
        version, other = (then, now) if self.rules_as_of is None else (now, then)
        if version.source is None and other.source is None:
            return version, []
        outcomes = _answer(rule, subject, version) if version.source else ()
        changed = _under_todays_terms(subject)
        if changed is None and version.source and other.source and version.numbers is other.numbers:
            besides = outcomes
        else:
            besides = _answer(rule, changed or subject, other) if other.source else ()
        if version.source is None:  # only worth a line where the other version has something to say
            silent = _SILENT_DEALS if rule.scope in OF_DEALS else _SILENT
            besides = [b for b in besides if b.verdict not in silent]
            outcomes = [
                _not_in_force(rule.sources[0].since, version.day)._replace(subject=b.subject) for b in besides
            ]
        elif other.source is None:
            besides = [_not_in_force(rule.sources[0].since, other.day)] * len(outcomes)
        return version, list(zip_longest(outcomes, besides[: len(outcomes)]))

    def _without_event_day(self, rule: Rule, subject: Matter) -> list[Finding]:
        version = self._todays(rule, subject.fund)
        findings = []
        for outcome in _answer(rule, subject, version) if version.source else ():
            if outcome.verdict is not Verdict.NOT_APPLICABLE:
                outcome = missing(Text("事项发生日", "the day of the event"), money=outcome.money)
            findings.append(self._finding(rule, subject, outcome, version))
        return findings

    def _finding(
        self,
        rule: Rule,
        subject: Matter,
        outcome: Outcome,
        version: _Version,
        event: dt.date | None = None,
        beside: Outcome | None = None,
    ) -> Finding:
        about = outcome.subject or subject.subject
        verdict, notes, waiver = outcome.verdict, outcome.notes, None
        if verdict is Verdict.BREACH and self.waivers:
            waiver = self._waiver(rule, about, subject)
            if waiver is not None:
                verdict, note = _with_waiver(rule, waiver, self.as_of)
                notes = (*notes, note)
        return Finding(  # by place: names would double what it takes to make one
            rule.id,
            verdict,
            rule.scope,
            about,
            subject.fund,
            subject.party,
            outcome.measured,
            outcome.threshold,
            outcome.unit,
            outcome.money,
            outcome.text,
            outcome.inputs,
            outcome.readings,
            outcome.items,
            notes,
            outcome.since,
            version.source,
            rule.confidence,
            version.numbers.sources,
            version.day,
            event,
            beside,
            waiver,
            outcome.currency or currencies.currency_of(subject.args),
            outcome.lacking,
        )

    def _waiver(self, rule: Rule, about: Subject, subject: Matter) -> Waiver | None:
        """The waiver that counts for a breach: one in force, else the one that ended last."""
        asked = (about, *_waived_by(rule, subject)[1:])
        waivers = [waiver for one in asked for waiver in self.waivers.get((rule.id, one), ())]
        return max(waivers, key=lambda w: (w.covers(self.as_of), w.until), default=None)


def _waived_by(rule: Rule, subject: Matter) -> tuple[Subject, ...]:
    """Whose waiver counts for a subject: its own, of a stake the fund's too."""
    if rule.scope is Scope.STAKE and subject.fund is not None:
        return subject.subject, party_address(subject.fund)
    return (subject.subject,)


def _answer(rule: Rule, subject: Matter, version: _Version) -> Sequence[Outcome]:
    """What the rule says about a subject under one version."""
    return _listed(_call(rule, subject.args, version.numbers, version.day))


def _listed(answer: Answer) -> Sequence[Outcome]:
    if answer is None:
        return ()
    return (answer,) if isinstance(answer, Outcome) else answer


def _call(rule: Rule, args: tuple[object, ...], numbers: Numbers, day: dt.date) -> Answer:
    """The rule's answer; UNKNOWN where a number is lacking, or money of several currencies would be added or compared."""
    if numbers.lacking:
        names = ", ".join(numbers.lacking)
        return missing(Text(f"参数 {names} 在 {day} 的取值", f"a value of {names} on {day}"))
    args = watched.handed_over(rule.id, args)
    try:
        currency = currencies.currency_of(args)
        if currency == YUAN and currencies.only_yuan(rule.id, args):
            return rule.judge(*args, **numbers.values)
        with in_currency(currency):
            return currencies.judged(
                rule.id,
                args,
                numbers.values,
                _names_in_yuan(rule.params),
                lambda values: _listed(rule.judge(*args, **values)),
            )
    except currencies.SeveralCurrencies as several:
        return currencies.cannot_tell(several.currencies)


@cache
def _names_in_yuan(params: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers that are amounts."""
    known = catalogue.parameters()
    return tuple(name for name in params if known[name].unit == "fen")


def _with_waiver(rule: Rule, waiver: Waiver, as_of: dt.date) -> tuple[Verdict, Text]:
    """The verdict of a breach under a waiver, and the note that keeps it visible."""
    name = waiver.reference
    if not rule.in_principle:
        return Verdict.BREACH, Text(
            f"豁免 {name} 不适用：本条不可豁免",
            f"waiver {name} refused: the rule admits none",
        )
    if waiver.covers(as_of):
        until = waiver.until
        return Verdict.PASS, Text(f"经豁免通过：{name}，至 {until}", f"passes by waiver {name} until {until}")
    if as_of < waiver.since:
        return Verdict.BREACH, Text(
            f"豁免 {name} 自 {waiver.since} 起",
            f"waiver {name} starts on {waiver.since}",
        )
    return Verdict.BREACH, Text(
        f"豁免 {name} 已于 {waiver.until} 到期", f"waiver {name} ended on {waiver.until}"
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
    audit = _Judge(office, rules_as_of, settings or catalogue.default_settings(), memo)
    subjects = Matters(office, None if fund is None else {fund})
    findings: list[Finding] = []
    for rule in RULES.values():
        if only is not None and rule.id not in only:
            continue
        if fund is not None:
            judged = audit.apply_to_all(rule, subjects.for_rule(rule))
            findings += [f for f in judged if fund in (f.fund, f.subject.code)]
        elif about is None:
            findings += audit.apply_to_all(rule, subjects.for_rule(rule))
        elif rule.id in about:
            wanted = about[rule.id]
            asked = subjects.about(rule, wanted)
            findings += [f for f in audit.apply_to_all(rule, asked) if f.subject in wanted]
    addresses = {id(f.subject): f.subject for f in findings}  # the findings about a subject share its address
    text = {number: str(subject) for number, subject in addresses.items()}
    findings.sort(key=lambda f: (SEVERITY[f.verdict], -(f.money_at_stake or 0), f.rule, text[id(f.subject)]))
    return findings


def ask(
    rule_id: str, *args: object, day: dt.date, settings: NumbersInForce | None = None, fund: str | None = None
) -> Answer:
    """What one rule says about one subject with the numbers of a day, in force then or not (dry runs, tests).

    args : what the rule's scope calls it with; `fund` whose settings count. KeyError for an unknown rule.
    """
    numbers = (settings or catalogue.default_settings()).of_rule(RULES[rule_id], day, fund)
    return _call(RULES[rule_id], args, numbers, day)
