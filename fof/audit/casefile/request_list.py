"""The request list of an audit: for every unknown what is missing, of which stake, from whom; what was answered.

A line is one item of one stake (a plan, project, vehicle or person is asked for by one of its stakes). An item is an input that a
rule read and nobody recorded, an item of evidence that applies and is not there, or, where a rule names neither, its sentence.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from fof import ledger, users
from fof.access import Actor
from fof.audit.auditor import coinvestment
from fof.audit.casefile.grounds import DENIED, MISSING, NOT_OURS, grounds
from fof.audit.casefile.judged_alone import judged_alone, rule_of
from fof.audit.findings import AuditFinding, with_likeness
from fof.book.coinvestment import coinvestment_of
from fof.book.identities import Registered, next_code
from fof.book.index import book_of
from fof.db import Database
from fof.importers.layouts import LAYOUTS
from fof.importers.template import filled
from fof.intake.days import none_to_come
from fof.ledger import Booked, Draft, Ids, Plan, View
from fof.rules.facts_coinvest import ParticipationFacts, RosterFacts
from fof.rules.registry import Verdict
from fof.rules.truth import below
from fof.rules.watched import FieldRead
from models.coinvest import RequestAnswer
from models.frozen import frozen
from models.kinds import EntryKind
from models.request_items import item_text, request_item
from models.rows import Identity, SubjectFact, SubjectLink
from models.rows import Row as JournalRow
from models.subjects import LinkRole, SubjectKind
from models.text import Text

_KIND = SubjectKind.REQUEST.value
SILENCE_SAYS = frozenset(
    {
        "employed_until",
        "contract_until",
        "insured_until",
        "tie_until",
        "incident_cleared_on",
        "nominee_until",
        "money_lender",
        "exit_deal",
        "participation_waiver_ref",
        "pilot_exemption_ref",
        "pilot_exemption_until",
        "technical_staff",
        "technical_approval_ref",
        "leaders_consent_ref",
        "listed_on",
        "leaver_kind",
        "chosen_on",
        "total_floor",
        "total_cap",
        "total_cap_base",
        "equity_cap",
        "person_cap",
        "pay_multiple_cap",
        "deal_team_floor",
        "yearly_quota",
        "payment_lag",
        "late_effect",
        "follow_on_allowed",
        "committee_vote_allowed",
        "publicity_days_min",
        "lock_months",
        "leaver_months",
        "promotion_months",
        "leaver_price",
        "exit_tolerance",
        "exit_tolerance_days",
    }
)
"""Attributes whose absence is a statement (no end, no lender, no exemption), or for which the rule has a number of its own: they
are not asked for."""

_UNREAD = object()
_OF_RULE: dict[str, str] = {
    "CI-07": "company_year",
    "CI-10": "role_class",
    "CI-12": "payment_dates",
    "CI-14": "payment_dates",
    "CI-22": "institution_owners",
    "CI-23": "firm_holders",
    "CI-24": "payment_shares",
    "CI-26": "payment_shares",
}
"""What a rule lacks where none of the attributes that it read is missing: a record of its own, or part of a sum."""


class _Lacking(NamedTuple):
    """An item that a finding lacks. stake: code, where it is of another stake than that which stands for the finding."""

    item: str
    stake: str | None = None


@frozen
class RequestLine:
    """One item that is asked for.

    item     : stored name (models.request_items)          rules : of the findings that lack it
    stake    : code; None where no stake stands for it     institution : code of whom it is asked from
    request  : code of the request in the book, None where it was not asked yet
    asked_on, due, answer, answered_by, answered_on : as the book has them
    sentence : of the finding that lacks it, the first where several do; None where none does
    """

    item: str
    stake: str | None
    institution: str
    rules: tuple[str, ...]
    request: str | None = None
    asked_on: dt.date | None = None
    due: dt.date | None = None
    answer: RequestAnswer | None = None
    answered_by: str | None = None
    answered_on: dt.date | None = None
    sentence: Text | None = None

    @property
    def text(self) -> Text:
        """What is asked for, in words."""
        if self.sentence is not None and self.sentence.zh == self.item:
            return self.sentence
        return item_text(self.item)

    @property
    def open(self) -> bool:
        """Whether it was asked and nobody answered."""
        return self.request is not None and self.answer is None

    def overdue(self, day: dt.date) -> bool:
        """Whether the day for an answer has passed without one."""
        return self.open and self.due is not None and self.due < day


def request_lines(
    view: View, institution: str | None = None, actor: Actor | None = None
) -> list[RequestLine]:
    """What the unknown findings of the view's day lack, with what was asked and answered whenever; by institution, stake, item.

    institution : code; None: every one that the person may see
    """
    lines: dict[tuple[str, str | None, str], RequestLine] = {}
    judged = coinvestment(view, institution, None, actor).of(Verdict.UNKNOWN, Verdict.WARN)
    lacking: dict[int, tuple[_Lacking, ...]] = {}  # of stakes that are alike the same is missing
    for finding, likeness in with_likeness(judged):
        firm = finding.finding.party
        if firm is None:
            continue
        items = None if likeness is None else lacking.get(likeness)
        if items is None:
            items = tuple(_items(view, finding, actor))
            if likeness is not None:
                lacking[likeness] = items
        own_stake = _stake_of(view, finding)
        for item, stake_of_item in items:
            stake = stake_of_item or own_stake
            line = lines.get((firm, stake, item)) or RequestLine(item, stake, firm, ())
            rules = tuple(dict.fromkeys((*line.rules, finding.rule)))
            lines[firm, stake, item] = replace(
                line, rules=rules, sentence=line.sentence or finding.finding.text
            )
    for asked in requests(view.on(None), actor):
        if institution is None or asked.institution == institution:
            key = (asked.institution, asked.stake, asked.item)
            needed = lines.get(key)
            lines[key] = (
                asked if needed is None else replace(asked, rules=needed.rules, sentence=needed.sentence)
            )
    return sorted(lines.values(), key=lambda x: (x.institution, x.stake or "", x.item))


class RequestList(NamedTuple):
    """The lines of a list on a day, those without an answer in time first; how many were not asked for, are open, are overdue."""

    lines: tuple[RequestLine, ...]
    unasked: int
    open: int
    overdue: int

    @classmethod
    def on(cls, lines: Sequence[RequestLine], day: dt.date) -> RequestList:
        """day: today, for what is overdue."""
        return cls(
            tuple(sorted(lines, key=lambda x: not x.overdue(day))),
            sum(x.request is None for x in lines),
            sum(x.open for x in lines),
            sum(x.overdue(day) for x in lines),
        )


def requests(view: View, actor: Actor | None = None) -> list[RequestLine]:
    """The requests of the book up to the view's day, by code; of institutions that the person may see."""
    seen = users.seen_institutions(view, actor)
    listed = [_request(view, own) for own in coinvestment_of(book_of(view)).of(SubjectKind.REQUEST)]
    return [x for x in listed if x is not None and (seen is None or x.institution in seen)]


def _request(view: View, own: Registered) -> RequestLine | None:
    if view.as_of is not None and own.first_day > view.as_of:
        return None
    bearer = (_KIND, own.number)
    firm, stake = own.linked(LinkRole.INSTITUTION), own.linked(LinkRole.STAFF_STAKE)
    return RequestLine(
        request_item(str(view.attribute(bearer, "request_item", ""))),
        None if stake is None else view.subjects[stake].code,
        "" if firm is None else view.parties[firm].code,
        (),
        own.code,
        own.first_day,
        view.attribute(bearer, "request_due"),
        view.attribute(bearer, "answer"),
        view.attribute(bearer, "answered_by"),
        view.attribute(bearer, "answered_on"),
    )


def _items(view: View, finding: AuditFinding, actor: Actor | None) -> Iterator[_Lacking]:
    """What a finding lacks."""
    if finding.rule == "CI-31":
        yield from (_Lacking(item.code) for item in finding.finding.items)
    if finding.rule == "CI-31" or finding.verdict is Verdict.WARN:
        return
    judged = judged_alone(view, rule_of(finding.rule), finding.subject, actor=actor)
    if finding.rule == "CI-20":
        yield from dict.fromkeys(_of_choices(view, finding, judged.reads))
        return
    own = [g for g in grounds(view, judged.reads, finding.subject) if g.attribute not in SILENCE_SAYS]
    lacking = dict.fromkeys(g.attribute for g in own if g.state == MISSING)
    answered = dict.fromkeys(g.attribute for g in own if g.state in (DENIED, NOT_OURS))
    read = {r.name: r.value for r in judged.reads}
    records = [
        name
        for name, field in (
            ("declaration", "declarations"),
            ("ballots", "ballots"),
            ("partners", "partners"),
            ("investee_owners", "related_share_of_investee"),
            ("roster", "roster"),
        )
        if read.get(field) == ()
    ]
    if read.get("spells_known") is False and read.get("spell", _UNREAD) is None:
        records.append("employment")
    if read.get("ties_known") is False and read.get("ties") == ():
        records.append("business_ties")
    if (
        finding.rule == "CI-22"
        and read.get("firm_level_holding")
        and read.get("state_share", _UNREAD) is None
    ):
        records.append("institution_owners")
    items = [*(lacking or answered), *records]
    named = dict.fromkeys(items or [_OF_RULE.get(finding.rule, finding.finding.text.zh)])
    yield from map(_Lacking, named)


def _of_choices(view: View, finding: AuditFinding, reads: Sequence[FieldRead]) -> Iterator[_Lacking]:
    """What a person's record over all projects lacks, project by project: of a project that the person joined at the stake in it."""
    for facts in {id(r.facts): r.facts for r in reads if isinstance(r.facts, ParticipationFacts)}.values():
        if facts.institution != finding.finding.party:
            continue
        of_each = zip(facts.projects, facts.mandatory, facts.met_on, strict=True)
        for place, (who, must, met_on) in enumerate(of_each):
            duty = "team_role" if who.team_role is None else "plan_mode"
            if not who.joined:
                if must is None and not who.participation_waiver_ref:
                    yield _Lacking(duty)
                continue
            plan = facts.plan_at(place)
            free = plan is None or plan.yearly_quota is None  # a plan that counts by the year asks for no day
            if must or (free and below(who.chosen_on, met_on)) or (must is None and plan is None):
                continue
            if must is None:
                yield _Lacking(duty, _stake_in(view, who))
            if free and who.chosen_on is None:
                yield _Lacking("chosen_on", _stake_in(view, who))
            if free and met_on is None:
                yield _Lacking("met_on", _stake_in(view, who))


def _stake_in(view: View, who: RosterFacts) -> str | None:
    """A person's stake in the project of a line of its roster."""
    own = coinvestment_of(book_of(view))
    ever = view.on(None)
    line = own.registered[SubjectKind.ELIGIBILITY.value][
        ever.subject_ids[SubjectKind.ELIGIBILITY.value, who.code]
    ]
    stakes = own.by(SubjectKind.STAFF_STAKE, LinkRole.PERSON).get(line.linked(LinkRole.PERSON) or 0, ())
    return next((s.code for s in stakes if s.linked(LinkRole.DEAL) == line.linked(LinkRole.DEAL)), None)


def _stake_of(view: View, finding: AuditFinding) -> str | None:
    """The stake that stands for a finding: itself, or the first of its project, plan, vehicle or person."""
    about = finding.subject
    if about.kind is SubjectKind.STAFF_STAKE:
        return about.code
    role = {SubjectKind.DEAL: LinkRole.DEAL, SubjectKind.PLAN: LinkRole.PLAN}.get(about.kind)
    roles = (LinkRole.VEHICLE, LinkRole.PERSON) if role is None else (role,)
    number = int(view.on(None).bearer(about._replace(day=None))[1])
    own = coinvestment_of(book_of(view))
    for one in roles:
        stakes = own.by(SubjectKind.STAFF_STAKE, one).get(number)
        if stakes:
            return stakes[0].code
    return None


# -- asking -------------------------------------------------------------------------------------------------------


def ask(
    database: Database,
    actor: Actor,
    institution: str,
    day: dt.date,
    due: dt.date,
    as_of: dt.date | None = None,
) -> Booked:
    """Book a request for every line of an institution that was not asked yet, each an entry.

    as_of : of the audit whose unknowns are asked for; the day of asking where None
    NotAllowed without the right; Unknown for an institution that the person may not see.
    """

    def plan(view: View, ids: Ids) -> Plan:
        users.require(view, actor, "request", institution)
        at = view.on(as_of or day)
        fresh = [line for line in request_lines(at, institution, actor) if line.request is None]
        return Plan([_draft(view, ids, line, day, due, n) for n, line in enumerate(fresh, 1)])

    return ledger.book(database, actor, none_to_come(plan), action="request")


def _draft(view: View, ids: Ids, line: RequestLine, day: dt.date, due: dt.date, number: int) -> Draft:
    code, subject = next_code(view.subject_ids, _KIND, "XQ", number), ids.subject()
    rows: list[JournalRow] = [
        Identity(subject, _KIND, code),
        SubjectLink(subject, LinkRole.INSTITUTION.value, party=view.by_code[line.institution].id),
    ]
    if line.stake is not None:
        stake = view.subject_ids[SubjectKind.STAFF_STAKE.value, line.stake]
        rows.append(SubjectLink(subject, LinkRole.STAFF_STAKE.value, other=stake))
    for name, value in (("request_item", line.item), ("request_due", due.isoformat())):
        rows.append(SubjectFact(_KIND, None, None, None, subject, None, name, value))
    digest = ledger.request_digest("audit_request", code, line.item, str(line.stake), day, due)
    return Draft(EntryKind.AUDIT_REQUEST, day, f"requests/{code}", digest, rows=rows)


ANSWERS = ("answer", "answered_by", "answered_on", "document")
"""Columns of the workbook that the institution fills in."""


def request_workbook(lines: Iterable[RequestLine]) -> bytes:
    """The open requests as a workbook that comes back through the importer: the answers are blank columns."""
    rows = [
        {
            "code": line.request,
            "staff_stake": line.stake,
            "institution": line.institution,
            "since": line.asked_on,
            "request_item": item_text(line.item).zh,
            "request_due": line.due,
        }
        for line in lines
        if line.open
    ]
    return filled([(LAYOUTS["requests"], rows)], blank=frozenset(ANSWERS))
