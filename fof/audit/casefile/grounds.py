"""What a finding rests on: the statements and the money behind every fact that the rule read, each with its entry.

A fact under the name of an attribute is the attribute of the subject that it belongs to, or of what that subject is linked to
(a project's day of meeting stands at the meeting). What was read and nobody recorded is listed as missing; what the
institution answered does not exist, with the entry of the answer. Money: the postings of the payments, deals and stakes
whose amounts were read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from fof.audit.casefile import pool_grounds
from fof.audit.casefile.asked_stakes import asked_of
from fof.audit.casefile.summed_grounds import payments_of, summed
from fof.book.coinvestment import Coinvestment, coinvestment_of
from fof.book.filed_documents import row_documents
from fof.book.funds import fact_text
from fof.book.index import book_of
from fof.errors import Unknown
from fof.ledger import FactInForce, View, to_date
from fof.rules import facts_coinvest as ci
from fof.rules.facts import FundFacts
from fof.rules.facts_parties import StakeFacts
from fof.rules.watched import FieldRead
from models.coinvest import RequestAnswer
from models.facts import FACTS, SUBJECT_FACTS
from models.frozen import frozen
from models.posting_kinds import TREATMENTS, PostingKind
from models.request_items import request_item
from models.subjects import Bearer, LinkRole, Subject, SubjectKind
from models.text import Text

MONEY_AT_MOST = 200
"""Postings listed for one subject; what is left out is counted and summed."""
STATED, MONEY, MISSING, REGISTERED = "stated", "money", "missing", "registered"
DENIED, NOT_OURS = "denied", "not_ours"
_STATE_OF = {RequestAnswer.DOES_NOT_EXIST: DENIED, RequestAnswer.NOT_OURS: NOT_OURS}

_KIND_OF: dict[type, SubjectKind] = {
    ci.PlanFacts: SubjectKind.PLAN,
    ci.SpellFacts: SubjectKind.EMPLOYMENT,
    ci.PaymentFacts: SubjectKind.COINVEST_PAYMENT,
    ci.RosterFacts: SubjectKind.ELIGIBILITY,
    ci.BallotFacts: SubjectKind.BALLOT,
    ci.DeclarationFacts: SubjectKind.DECLARATION,
    ci.TieFacts: SubjectKind.BUSINESS_TIE,
    ci.KinFacts: SubjectKind.KINSHIP,
    ci.IncidentFacts: SubjectKind.INCIDENT,
    ci.NomineeFacts: SubjectKind.NOMINEE,
    ci.StaffStakeFacts: SubjectKind.STAFF_STAKE,
}
_UNDER_ANOTHER_NAME: dict[str, tuple[str, ...]] = {
    "leg": ("payment_leg",),
    "shares": ("payment_shares", "deal_shares"),
    "fees": ("payment_fees", "deal_fees"),
    "share_class": ("payment_share_class", "deal_share_class"),
    "price": ("payment_shares", "payment_fees", "deal_shares", "deal_fees"),
    "unit": ("payment_shares", "deal_shares"),
    "evidence": ("evidence_item",),
    "evidence_untold": ("evidence_on",),
    "years": ("related_revenue", "related_profit"),
    "is_founder_of_investee": ("founders",),
    "is_state_representative": ("state_representatives",),
    "institution_ownership": ("ownership",),
    "roles": ("role_class",),
    "publicity_days": ("publicity_from", "publicity_until"),
    "lender_is_related": ("money_lender",),
}
"""Field of the facts -> the attributes that it is read from, where they have other names."""
_MONEY_FIELDS = frozenset(
    {"tranches", "payments", "ticket", "staff", "paid_in", "joined", "exits", "transfers", "fen"}
)
_TAKES_ALL = frozenset({"publicity_days"})
"""Fields that are worked out from all of those attributes; the others are read from one of them."""
_OF_EMPLOYMENTS = ("employed_from", "employed_until", "staff_contract", "contract_from", "insured_from")
"""What CI-05 asks of the employment of who is deemed qualified as staff (QI-03)."""
_OF_STAKES = frozenset({"committed", "first_committed", "dues", "paid", "received"})
_OF_HOLDINGS = frozenset(
    {
        PostingKind.INVESTMENT,
        PostingKind.EXIT_PROCEEDS,
        PostingKind.DIVIDEND,
        PostingKind.DISTRIBUTION_IN_KIND,
        PostingKind.CONTRIBUTION_IN_KIND,
    }
)
_KINDS_OF_FUND: dict[str, frozenset[PostingKind]] = {
    "committed": frozenset(
        {PostingKind.COMMITMENT, PostingKind.COMMITMENT_REDUCTION, PostingKind.COMMITMENT_TRANSFER}
    ),
    "capital_in": frozenset(k for k, t in TREATMENTS.items() if t.paid_in > 0 and not t.memo)
    | {PostingKind.FISCAL_APPROPRIATION},
    "uses": frozenset({PostingKind.INVESTMENT}),
    "holdings": _OF_HOLDINGS,
    "tested_holdings": _OF_HOLDINGS,
    "facility": frozenset({PostingKind.FACILITY_DRAWDOWN, PostingKind.FACILITY_REPAYMENT}),
    "appropriated": frozenset({PostingKind.FISCAL_APPROPRIATION}),
    "remitted": frozenset({PostingKind.TREASURY_REMITTANCE}),
    "carry": frozenset({PostingKind.CARRY, PostingKind.CLAWBACK}),
    "fee_payments": frozenset({PostingKind.MANAGEMENT_FEE, PostingKind.FEE_REBATE}),
}
"""Fields of a fund that are made of postings -> their kinds (fof.rules.facts says the same beside each field)."""
_LINKED = ("company", "institution", "vehicle", "person", "fund", "investor", "manager", "gp", "employer")
"""Fields that name another party whose attributes the facts take up."""


@frozen
class Ground:
    """One thing that a finding rests on.

    subject : whose statement or money it is            name : of the attribute; a kind of money for a posting
    state   : stated, money, registered (that the subject is there, and what it names), missing; denied and not_ours: answered so
    value   : in words; fen of money and amounts        attribute : its stored name, "" for what is none
    day     : from which it holds, or of the payment
    document: the document it rests on                  source : file, sheet and row that its entry was read from
    """

    subject: Subject
    name: Text
    state: str
    value: Text | None = None
    fen: int | None = None
    day: dt.date | None = None
    entry: int | None = None
    document: str | None = None
    source: str | None = None
    attribute: str = ""


def grounds(view: View, reads: Iterable[FieldRead], about: Subject) -> tuple[Ground, ...]:
    """The grounds of a finding about a subject from what its rule read, by subject in the order of reading, its own first."""
    gathered = _Grounds(view)
    if about.kind in (SubjectKind.STAKE, SubjectKind.NOTICE):
        gathered.fund = about.code
    gathered.registered(about._replace(day=None))
    for read in reads:
        gathered.take(read)
    return _sourced(view, gathered.listed())


class _Grounds:
    """Grounds under way, each once."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.ever = view.on(None)
        self.own: Coinvestment = coinvestment_of(book_of(view))
        self._by_subject: dict[Subject, dict[tuple[object, ...], Ground]] = {}
        self.fund: str | None = None

    def listed(self) -> list[Ground]:
        """All of them, subject by subject; a posting once, at the payment that it is of rather than at what the payment is for."""
        at: dict[int, Subject] = {}
        for subject, own in self._by_subject.items():
            for place in (key[1] for key in own if key[0] == MONEY and isinstance(key[1], int)):
                if place not in at or subject.kind is SubjectKind.COINVEST_PAYMENT:
                    at[place] = subject
        return [
            ground
            for subject, own in self._by_subject.items()
            for key, ground in own.items()
            if key[0] != MONEY or not isinstance(key[1], int) or at[key[1]] == subject
        ]

    def _add(self, ground: Ground, place: int | None = None) -> None:
        """place: of the posting, where it is one."""
        own = self._by_subject.setdefault(ground.subject, {})
        name = ground.attribute or str(ground.entry) if place is None else place
        own.setdefault((ground.state, name, ground.entry, ground.fen), ground)

    def take(self, read: FieldRead) -> None:
        """One field that the rule read."""
        about = self._about(read.facts)
        if about is None:
            return
        self.registered(about)
        of_pools = pool_grounds.is_money(read.facts, read.name)
        if (
            of_pools
            or read.name in _MONEY_FIELDS
            or (about.kind is SubjectKind.STAKE and read.name in _OF_STAKES)
        ):
            self._money(about)
        elif isinstance(read.facts, FundFacts) and read.name in _KINDS_OF_FUND:
            self._money(about, _KINDS_OF_FUND[read.name])
        if isinstance(read.facts, StakeFacts) and read.name == "employment" and read.value is not None:
            spell = Subject(SubjectKind.EMPLOYMENT, read.value)
            self.registered(spell)
            for name in _OF_EMPLOYMENTS:
                for ground in self._stated(read.facts, spell, name, None)[:1]:
                    self._add(ground if ground.subject == spell else self._lacking(spell, name))
            return
        self._summed(about, read)
        if read.name == "evidence":
            self._evidence(about)
            return
        names = [name for name in _attributes(read) if name in FACTS or name in SUBJECT_FACTS]
        stated = {name: self._stated(read.facts, about, name, read.value) for name in names}
        for ground in (ground for own in stated.values() for ground in own):
            self._add(ground)
        if read.value is None or (read.name in _UNDER_ANOTHER_NAME and read.value == ()):
            silent = [name for name in names if not stated[name]]
            lacking = silent if read.name in _TAKES_ALL else names[:1] if len(silent) == len(names) else []
            for name in lacking:
                self._add(self._lacking(about, name))

    def _summed(self, about: Subject, read: FieldRead) -> None:
        """What a sum is made of, with the shares bought."""
        if about.kind not in (SubjectKind.STAFF_STAKE, SubjectKind.DEAL, SubjectKind.ELIGIBILITY):
            return
        number = int(self.ever.bearer(about)[1])
        for part in summed(self.own, about, number, read.facts, read.name):
            self.registered(part)
            self._money(part)
            name = "deal_shares" if part.kind is SubjectKind.DEAL else "payment_shares"
            for fact in self.view.statements(self.ever.bearer(part), name)[-1:]:
                self._add(self._ground(part, name, fact))

    # -- whose ----------------------------------------------------------------------------------------------------

    def _about(self, facts: Any) -> Subject | None:
        """The subject of facts; None where they are part of something else."""
        own = next((cls for cls in type(facts).__mro__ if cls in _KIND_OF), None)
        kind = pool_grounds.kind_of(facts) if own is None else _KIND_OF[own]
        if kind is not None:
            return self._known(Subject(kind, facts.code))
        if isinstance(facts, ci.ProjectFacts):
            return self._known(Subject(SubjectKind.DEAL, facts.deal))
        if isinstance(facts, ci.ParticipationFacts):
            return self._known(Subject(SubjectKind.PARTY, facts.person))
        if isinstance(facts, FundFacts):
            self.fund = facts.code
        if isinstance(facts, StakeFacts):
            stake = Subject(SubjectKind.STAKE, self.fund or "", facts.investor.code)
            return self._known(stake)
        stated = getattr(facts, "subject", None)
        if isinstance(stated, Subject):
            return self._known(stated._replace(day=None))
        code = (
            getattr(facts, "code", None) or getattr(facts, "deal", None) or getattr(facts, "successor", None)
        )
        if not isinstance(code, str):
            return None
        kinds = (SubjectKind.COINVEST_PAYMENT, SubjectKind.DEAL, SubjectKind.PARTY)
        return next((s for k in kinds if (s := self._known(Subject(k, code))) is not None), None)

    def _known(self, subject: Subject) -> Subject | None:
        try:
            self.ever.bearer(subject)
        except Unknown:
            return None
        return subject

    def _bearers(self, facts: Any, about: Subject) -> Iterator[Subject]:
        """Whose attributes facts take up: the subject's own, then those of what it names and what names it."""
        yield about
        for role in _LINKED:
            code = getattr(facts, role, None)
            code = getattr(code, "code", code)
            if isinstance(code, str) and code in self.ever.by_code:
                yield Subject(SubjectKind.PARTY, code)
        project = getattr(facts, "project", None)
        if project is not None:
            yield Subject(SubjectKind.PARTY, project.company)
        if about.kind is SubjectKind.DEAL:
            number = int(self.ever.bearer(about)[1])
            if number in self.ever.deal_by_id:
                company = self.ever.deal_by_id[number].row.company
                yield Subject(SubjectKind.PARTY, self.ever.parties[company].code)
            for meeting in self.own.by(SubjectKind.MEETING, LinkRole.DEAL).get(number, ()):
                yield Subject(SubjectKind.MEETING, meeting.code)

    # -- statements -------------------------------------------------------------------------------------------------

    def _stated(self, facts: Any, about: Subject, name: str, value: Any) -> list[Ground]:
        """The statement that a field was read from: of the first subject that has the attribute; several where it was read as
        a history."""
        for bearer in self._bearers(facts, about):
            history = self.view.statements(self.ever.bearer(bearer), name)
            if not history:
                continue
            if isinstance(value, tuple) and value and value != history[-1].value:
                chosen = history
            else:
                chosen = [next((f for f in reversed(history) if f.value == value), history[-1])]
            return [self._ground(bearer, name, fact) for fact in chosen]
        return []

    def _ground(self, bearer: Subject, name: str, fact: FactInForce) -> Ground:
        spec = FACTS.get(name) or SUBJECT_FACTS[name]
        fen = fact.value if spec.kind == "fen" and isinstance(fact.value, int) else None
        value = Text(fact_text(name, fact.value, "zh"), fact_text(name, fact.value, "en"))
        return Ground(
            bearer, spec.text, STATED, value, fen, fact.since, fact.entry, fact.document, attribute=name
        )

    def _lacking(self, about: Subject, name: str) -> Ground:
        """What was asked for and nobody recorded, or the answer that it does not exist."""
        spec = FACTS.get(name) or SUBJECT_FACTS[name]
        answer = self._answer(about, name)
        if answer is None:
            return Ground(about, spec.text, MISSING, attribute=name)
        word, entry, day, document = answer
        return Ground(
            about, spec.text, _STATE_OF[word], word.text, None, day, entry, document, attribute=name
        )

    def _answer(self, about: Subject, name: str) -> tuple[RequestAnswer, int, dt.date, str | None] | None:
        """The answer that an input does not exist or is not the institution's, its entry, day and document: to a request about a stake that the finding is
        about, or to one of a plan, project, vehicle, person or institution that it is about."""
        found_of = next(iter(self._by_subject))
        of_person = found_of.kind is SubjectKind.PARTY and about.kind is SubjectKind.ELIGIBILITY
        stakes, firms = asked_of(self.ever, self.own, about if of_person else found_of, name)
        for request in self.own.of(SubjectKind.REQUEST):
            bearer = (SubjectKind.REQUEST.value, request.number)
            stated = self.view.stated(bearer, "answer")
            if stated is None or stated.value not in _STATE_OF:
                continue
            stake, firm = request.linked(LinkRole.STAFF_STAKE), request.linked(LinkRole.INSTITUTION)
            asked = firm in firms if stake is None else stake in stakes
            item = request_item(str(self.view.attribute(bearer, "request_item")))
            if asked and item == name:
                return RequestAnswer(str(stated.value)), stated.entry, stated.since, stated.document
        return None

    def _evidence(self, about: Subject) -> None:
        """Documents that were handed in for a stake."""
        number = int(self.ever.bearer(about)[1])
        for own in self.own.by(SubjectKind.EVIDENCE, LinkRole.STAFF_STAKE).get(number, ()):
            bearer = Subject(SubjectKind.EVIDENCE, own.code)
            history = self.view.statements(self.ever.bearer(bearer), "evidence_item")
            if history:
                self._add(self._ground(bearer, "evidence_item", history[-1]))

    # -- registration and money ---------------------------------------------------------------------------------------

    def registered(self, subject: Subject) -> None:
        """That a registered subject or a deal is there, and what it names."""
        if subject in self._by_subject:
            return
        self._by_subject[subject] = {}
        if subject.kind is SubjectKind.OFFICE:
            return
        bearer = self.ever.bearer(subject)
        if subject.kind is SubjectKind.DEAL:
            deal = self.ever.deal_by_id.get(int(bearer[1]))
            if deal is not None:
                row = deal.row
                who = " → ".join(self.ever.name(party) for party in (row.investor, row.company))
                self._add(
                    Ground(
                        subject, SubjectKind.DEAL.text, REGISTERED, Text(who, who), None, deal.day, deal.entry
                    )
                )
        elif subject.kind not in (SubjectKind.PARTY, SubjectKind.STAKE, SubjectKind.NOTICE):
            links = self.ever.links_ever(int(bearer[1]))
            if links:
                named = [(LinkRole(link.row.role).text, self._end(link.row)) for link in links]
                value = Text(
                    "；".join(f"{role.zh} {code}" for role, code in named),
                    "; ".join(f"{role.en} {code}" for role, code in named),
                )
                first = links[0]
                self._add(
                    Ground(
                        subject,
                        subject.kind.text,
                        REGISTERED,
                        value,
                        None,
                        first.day,
                        first.entry,
                        first.row.document,
                    )
                )

    def _end(self, link: Any) -> str:
        if link.party is not None:
            return self.ever.parties[link.party].code
        if link.deal is not None:
            return self.ever.subject((SubjectKind.DEAL.value, link.deal)).code
        return self.ever.subjects[link.other].code

    def _money(self, about: Subject, kinds: frozenset[PostingKind] | None = None) -> None:
        """The postings of a payment, of a stake's payments, of a deal, a vehicle, a person or (of some kinds) a fund."""
        bearer: Bearer = self.ever.bearer(about)
        p = self.view.postings
        match about.kind:
            case SubjectKind.COINVEST_PAYMENT:
                chosen = p.loan == int(bearer[1])
            case SubjectKind.STAFF_STAKE:
                own = self.own.registered[SubjectKind.STAFF_STAKE.value].get(int(bearer[1]))
                paid = [] if own is None else [one.number for one in payments_of(self.own, own)]
                chosen = np.isin(p.loan, paid)
            case SubjectKind.DEAL:
                chosen = p.deal == int(bearer[1])
            case SubjectKind.LOAN | SubjectKind.CLAIM:
                chosen = np.isin(p.entry, pool_grounds.entries_of(self.view, about.kind, int(bearer[1])))
            case SubjectKind.STAKE:
                fund, investor = map(int, bearer[1:])
                chosen = (p.fund == fund) & ((p.from_party == investor) | (p.to_party == investor))
            case SubjectKind.PARTY:
                party = int(bearer[1])
                chosen = (p.fund == party) | (
                    (p.loan >= 0) & ((p.from_party == party) | (p.to_party == party))
                )
                if kinds is not None:
                    ends = (p.fund == party) | (p.from_party == party) | (p.to_party == party)
                    chosen = ends & np.isin(p.kind, [int(kind) for kind in kinds])
            case _:
                return
        self._postings(about, np.flatnonzero(chosen).tolist())

    def _postings(self, about: Subject, places: list[int]) -> None:
        p = self.view.postings
        for place in places[-MONEY_AT_MOST:]:
            ends = [self.ever.name(int(side[place])) for side in (p.from_party, p.to_party)]
            who = Text(" → ".join(ends), " → ".join(ends))
            kind = TREATMENTS[PostingKind(int(p.kind[place]))].text
            self._add(
                Ground(
                    about,
                    kind,
                    MONEY,
                    who,
                    int(p.fen[place]),
                    to_date(int(p.day[place])),
                    int(p.entry[place]),
                ),
                place,
            )
        if len(places) > MONEY_AT_MOST:
            rest = places[:-MONEY_AT_MOST]
            text = Text(f"较早的 {len(rest)} 笔", f"{len(rest)} earlier ones")
            whole = sum(int(p.fen[place]) for place in rest)
            self._add(Ground(about, Text("未列出", "Not listed"), MONEY, text, whole))


def _attributes(read: FieldRead) -> tuple[str, ...]:
    """The attributes that a field is read from."""
    if isinstance(read.facts, ci.ProjectFacts) and read.name == "staff":
        return ()  # their money; a company's attribute of that name is its headcount
    of_pools = pool_grounds.names_of(read.facts, read.name)
    return of_pools or _UNDER_ANOTHER_NAME.get(read.name, (read.name,))


def _sourced(view: View, listed: Sequence[Ground]) -> tuple[Ground, ...]:
    """The grounds with where their entries were read from."""
    documents = row_documents(view, {("", g.entry, None) for g in listed if g.entry is not None})
    return tuple(
        replace(g, source=own.source)
        if g.entry is not None and (own := documents.get(("", g.entry, None))) is not None
        else g
        for g in listed
    )
