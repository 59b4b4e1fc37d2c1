"""One rule about one subject, judged by itself on any day, with every field of the facts that it read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import NamedTuple

from fof import users
from fof.access import Actor
from fof.audit.auditor import audit_of, auditor_of, day_of
from fof.audit.coinvestment.matters import matters
from fof.audit.coinvestment.register import staff_register
from fof.audit.collector import collector_waits
from fof.audit.decisions import waivers
from fof.audit.dispositions import subject_named
from fof.audit.findings import AuditFinding
from fof.audit.instruments import instrument_matters
from fof.audit.pools.register import one_loan, pool_matters, register_in_pieces
from fof.audit.pools.register import register as pools_register
from fof.book.index import Book
from fof.errors import Unknown
from fof.ledger import View
from fof.rules import catalogue  # noqa: F401 - importing the catalogue fills RULES
from fof.rules.engine import judge
from fof.rules.facts import Matter, OfficeFacts
from fof.rules.facts_coinvest import CoinvestmentFacts
from fof.rules.registry import OF_INSTRUMENTS, OF_POOLS, RULES, Rule, Scope
from fof.rules.watched import FieldRead, watching
from models.kinds import Stage
from models.subjects import LinkRole, Subject, SubjectKind
from models.text import Text


class JudgedAlone(NamedTuple):
    """The findings of one rule about one subject, and what the rule read."""

    findings: tuple[AuditFinding, ...]
    reads: tuple[FieldRead, ...]


def rule_of(name: str) -> Rule:
    """A coded rule by id; Unknown for no such rule."""
    rule = RULES.get(name.strip().upper())
    if rule is None:
        raise Unknown(Text("规则", "rule"), name)
    return rule


def address(view: View, rule: Rule, subject: Subject | str) -> Subject:
    """The subject of a finding; a text as findings name it. Unknown where the book has none such."""
    if isinstance(subject, Subject):
        about = subject
    elif _is_part_of_the_office(rule, subject):
        about = Subject(SubjectKind.OFFICE, subject)
    else:
        about = subject_named(view, rule, subject)
    view.on(None).bearer(about._replace(day=None))
    return about


def _is_part_of_the_office(rule: Rule, text: str) -> bool:
    """A year of the statistics, or a stage under the coverage duty: findings about the office name these."""
    if rule.scope is Scope.STATISTICS:
        return text.isdigit()
    return rule.id == "ST-02" and text in {stage.value for stage in Stage}


def judged_alone(
    view: View,
    rule: Rule,
    subject: Subject,
    day: dt.date | None = None,
    actor: Actor | None = None,
) -> JudgedAlone:
    """What a rule says of a subject on a day (the view's where None), and what it read for that.

    actor : who asks; None: the owner of this process
    Empty where the rule does not speak about the subject on the day. Unknown where the subject is of an institution whose
    co-investment the person may not see.
    """
    if day is not None and day != view.as_of:
        view = view.on(day)
    auditor, on = auditor_of(view), day_of(view)
    with collector_waits():
        if rule.family == "CI":
            further = _visible(view, tuple(_matters(auditor.book, on, rule.scope, subject)), actor)
            office = OfficeFacts(on, waivers=waivers(auditor.book, on, tuple), further=further)
        elif rule.scope in OF_POOLS:
            if rule.scope is not Scope.LOAN:
                of_pools = tuple(pool_matters(register_in_pieces(auditor.book, on)[0]))
            elif subject.kind is SubjectKind.LOAN:
                of_pools = one_loan(auditor.book, on, subject.code)
            else:
                of_pools = tuple(pool_matters(pools_register(auditor.book, on)))
            office = OfficeFacts(on, waivers=waivers(auditor.book, on, tuple), further=of_pools)
        elif rule.scope in OF_INSTRUMENTS:
            own = tuple(instrument_matters(auditor.book, on))
            office = OfficeFacts(on, waivers=waivers(auditor.book, on, tuple), further=own)
        else:
            office = auditor.office(view)
        with watching() as reads:
            judged = judge(office, on, None, auditor.settings, about={rule.id: {subject}})
        audit = audit_of(auditor, office, judged, view.known_at, None)
    return JudgedAlone(tuple(audit.findings), tuple(reads))


def _visible(view: View, further: tuple[Matter, ...], actor: Actor | None) -> tuple[Matter, ...]:
    """Those of the institutions that the person may see; Unknown where there are others alone."""
    seen = users.seen_institutions(view, actor)
    visible = tuple(m for m in further if seen is None or m.party in seen)
    if further and not visible:
        raise users.unseen_subject(further[0].subject)
    return visible


def _matters(book: Book, day: dt.date, scope: Scope, subject: Subject) -> Iterator[Matter]:
    """The one subject of co-investment: nothing else of the register is worked out."""
    own = staff_register(book, day)
    view = book.view.on(None)
    number = int(view.bearer(subject._replace(day=None))[1]) if subject.code else 0
    facts = CoinvestmentFacts()
    match scope:
        case Scope.STAFF_STAKE:
            stakes = [own.own.registered.get(SubjectKind.STAFF_STAKE.value, {}).get(number)]
            known = [s for s in stakes if s is not None and s.first_day <= day]
            facts = CoinvestmentFacts(stakes=tuple(map(own.stake, known)))
        case Scope.PROJECT:
            facts = CoinvestmentFacts(projects=(own.project(number),) if number in own.own.deals else ())
        case Scope.PLAN:
            plan = own.plan(number, day)
            facts = CoinvestmentFacts(plans=() if plan is None else (plan,))
        case Scope.VEHICLE:
            facts = CoinvestmentFacts(vehicles=(own.vehicle(number),))
        case Scope.INSTITUTION:
            facts = CoinvestmentFacts(institutions=(own.institution(number),))
        case Scope.PARTICIPATION:
            firms = {
                firm
                for roster in own.own.by(SubjectKind.ELIGIBILITY, LinkRole.PERSON).get(number, ())
                if (deal := roster.linked(LinkRole.DEAL)) in own.own.deals
                and deal is not None
                and roster.first_day <= day
                and (firm := own.own.institution(own.own.deals[deal])) is not None
            }
            people = (own.participation(number, firm) for firm in sorted(firms))
            facts = CoinvestmentFacts(participation=tuple(people))
    yield from matters(facts)
