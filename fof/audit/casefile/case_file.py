"""The file of one finding: what it rests on, the rule's working, the article and how sure we are of it, its history, its owner."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from decimal import Decimal

from fof import words
from fof.access import Actor
from fof.audit.casefile.grounds import MISSING, Ground, grounds
from fof.audit.casefile.judged_alone import address, judged_alone, rule_of
from fof.audit.coinvestment.gains import Gain
from fof.audit.coinvestment.participation_gaps import Gap, gap_of_person
from fof.audit.counterfactual import gains_of
from fof.audit.decisions import Decided, decisions
from fof.audit.findings import AuditFinding
from fof.audit.findings_document import compared_texts, counts_conditions, sentence
from fof.book.filed_documents import FiledDocument, filed_documents
from fof.book.funds import fact_text
from fof.book.index import book_of
from fof.ledger import View
from fof.rules import catalogue
from fof.rules.calendar_days import quarter_end_before
from fof.rules.coinvest_terms import OWN_TERMS
from fof.rules.facts_coinvest import PlanFacts
from fof.rules.registry import FIRST_DAY, Finding, Rule, Verdict
from fof.rules.watched import FieldRead
from fof.rules.wording import measured as measured_text
from fof.rules.wording import pct
from models.coinvest import LagUnit
from models.facts import SUBJECT_FACTS, FactValue
from models.frozen import frozen
from models.subjects import Subject
from models.text import Text, counted

QUARTERS = 8
"""Quarter-ends looked back at for the history of a verdict."""


@frozen
class VerdictRun:
    """What the rule said on every day looked at from one to another, known as of the file's state of knowledge.

    money : fen at stake on the last of them
    """

    day: dt.date
    until: dt.date
    verdict: Verdict
    text: Text
    money: int | None


@frozen
class CaseFile:
    """See the module.

    finding   : of the view's day; where a rule says several things of one subject, the worst
    beside    : the others
    grounds   : what the rule read (fof.audit.casefile.grounds)
    decisions : about it, oldest first, whatever the view's day (waivers are the accepted ones)
    verdicts  : over time, oldest first
    documents : the files whose entries speak of the subject, the latest first
    gains     : what the finding is put in numbers by (fof.audit.counterfactual)
    gap       : of a person's participation: how joined companies did beside skipped ones
    terms     : what the plan by which it was judged states of what goes before the rulebook's numbers, by attribute
    """

    rule: Rule
    subject: Subject
    as_of: dt.date
    known_at: int
    finding: AuditFinding | None
    beside: tuple[AuditFinding, ...]
    grounds: tuple[Ground, ...]
    decisions: tuple[Decided, ...]
    verdicts: tuple[VerdictRun, ...]
    documents: tuple[FiledDocument, ...] = ()
    gains: tuple[Gain, ...] = ()
    gap: Gap | None = None
    terms: Mapping[str, FactValue] = field(default_factory=dict)

    @property
    def missing(self) -> tuple[Ground, ...]:
        """What the rule asked for and nobody recorded."""
        return tuple(g for g in self.grounds if g.state == MISSING)


def case_file(
    view: View, rule: str, subject: Subject | str, *, history: bool = True, actor: Actor | None = None
) -> CaseFile:
    """The file of what a rule says of a subject on the view's day.

    actor   : who asks; None: the owner of this process
    history : look back over the last quarters; takes as many judgements
    Unknown for no such rule or subject. `finding` is None where the rule does not speak about it on the day.
    """
    own = rule_of(rule)
    about = address(view, own, subject)
    judged = judged_alone(view, own, about, actor=actor)
    day = view.as_of or (judged.findings[0].finding.rule_day if judged.findings else FIRST_DAY)
    finding, *others = judged.findings or (None,)
    verdicts = _over_time(view, own, about, day) if history else ()
    decided = [d for d in decisions(book_of(view), dt.date.max) if (d.rule, d.subject) == (own.id, about)]
    return CaseFile(
        own,
        about,
        day,
        view.known_at,
        finding,
        tuple(f for f in others if f is not None),
        grounds(view, judged.reads, about),
        tuple(decided),
        verdicts,
        filed_documents(view, about._replace(day=None)),
        gains_of(view, own.id, about, actor),
        _gap(view, finding, actor),
        _terms(judged.reads),
    )


_TERMS = frozenset(term for terms in OWN_TERMS.values() for term in terms)


def _terms(reads: Sequence[FieldRead]) -> Mapping[str, FactValue]:
    """The terms that were read first: by the plan's version of the event's day; today's is asked after it."""
    first: dict[str, FactValue] = {}
    for read in reads:
        if isinstance(read.facts, PlanFacts) and read.name in _TERMS:
            first.setdefault(read.name, read.value)
    return {name: value for name, value in first.items() if value is not None}


def _gap(view: View, finding: AuditFinding | None, actor: Actor | None) -> Gap | None:
    """The comparison that a finding of cherry-picking is read beside."""
    if finding is None or finding.rule != "CI-20" or finding.finding.party is None:
        return None
    return gap_of_person(view, finding.subject.code, finding.finding.party, actor)


def _over_time(view: View, rule: Rule, subject: Subject, day: dt.date) -> tuple[VerdictRun, ...]:
    """The verdict at the last quarter-ends and on the day; a quarter in which the rule did not speak is left out."""
    days = [day]
    while len(days) <= QUARTERS:
        days.append(quarter_end_before(days[-1] - dt.timedelta(days=1)))
    runs: list[VerdictRun] = []
    for on in reversed(days):
        for finding in judged_alone(view, rule, subject, on).findings[:1]:
            f = finding.finding
            now = VerdictRun(on, on, f.verdict, f.text, f.money_at_stake)
            if runs and (runs[-1].verdict, runs[-1].text) == (now.verdict, now.text):
                now = replace(now, day=runs.pop().day)
            runs.append(now)
    return tuple(runs)


def working(finding: AuditFinding, unit: str = "元", terms: Mapping[str, FactValue] | None = None) -> str:
    """The rule's working in one line with the numbers put in, in the language of this run.

    unit  : of amounts, one of fof.words.UNITS
    terms : what the plan states of the terms that go before the rulebook's numbers (CaseFile.terms); None: not looked up,
            and numbers that a plan may replace are left out
    """
    f = finding.finding
    parts = [sentence(f.text, unit)]
    untold = [text for met, text, *_ in f.lacking if met is None] if f.verdict is Verdict.BREACH else []
    if untold:  # the sentence of a breach is of what is broken
        names = words.listed([str(text) for text in untold])
        parts.append(words.labelled(Text("另无法判断", "cannot be told besides"), names))
    measured, threshold = compared_texts(f, unit)
    if counts_conditions(f):
        met, asked = f.measured, f.threshold
        parts.append(
            str(Text(f"{asked} 项条件中符合 {met} 项", f"{met} of {counted(asked, 'condition')} met"))
        )
    elif measured is not None:
        compared = words.labelled(Text("实测", "measured"), measured)
        if threshold is not None:
            compared += f" {Text('对', 'against')} {words.labelled(Text('限值', 'threshold'), threshold)}"
        parts.append(compared)
    if numbers := list(_numbers(f, unit, terms)):
        parts.append(words.listed(numbers))
    parts.append(f"→ {words.word(f.verdict)}")
    return str(Text("；", "; ")).join(parts)


def besides(finding: AuditFinding, unit: str = "元") -> str | None:
    """What the rule says under the terms of the other day (today's, of an event), in one line; None where it has no other."""
    f = finding.finding
    if f.beside is None:
        return None
    return words.clauses([words.word(f.beside.verdict), sentence(f.beside.text, unit)])


def _numbers(f: Finding, unit: str, terms: Mapping[str, FactValue] | None) -> Iterator[str]:
    """The rule's numbers, or the plan's own in their place."""
    known = catalogue.parameters()
    for name, (value, _source) in f.parameters.items():
        own = [] if terms is None else [term for term in OWN_TERMS.get(name, ()) if term in terms]
        if own:
            stated = _stated([(term, terms[term]) for term in own if terms])
            yield words.beside(f"{SUBJECT_FACTS[own[0]].text} = {stated}", Text("方案", "the plan's"))
        elif name in known and (terms is not None or name not in OWN_TERMS):
            yield f"{known[name].text} = {_number_text(value, known[name].unit, unit)}"


def _stated(terms: Sequence[tuple[str, FactValue]]) -> str:
    """A plan's number, with its unit where that is a term of its own."""
    (name, number), *unit = terms
    text = fact_text(name, number, words.language())
    if not unit:
        return text
    of = unit[0][1]
    name = of.value.removesuffix("s") if isinstance(of, LagUnit) else str(of)
    return str(Text(f"{text} {fact_text(*unit[0], 'zh')}", counted(text, name)))


def _number_text(value: object, of: str, unit: str) -> str:
    if of == "share" and isinstance(value, Decimal):
        return pct(value)
    if of == "fen" and isinstance(value, int):
        return words.beside(words.amount(value, unit), words.unit_name(unit))
    return str(measured_text(value, of))
