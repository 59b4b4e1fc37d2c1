"""A view of an open book as the rules and the evaluation judge it: findings, instruments, cases, scores, duties, the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any

from fof.library.figure_rows import Figures
from models.text import Language, Text

if TYPE_CHECKING:
    from fof.audit import AuditFinding
    from fof.audit.casefile.relationship_graph import Relation
    from fof.audit.coinvestment.participation_gaps import ParticipationLine
    from fof.audit.coinvestment.person_cards import DealPlace, StakeCard
    from fof.audit.counterfactual import StakeGain
    from fof.book.portfolios import Portfolio
    from fof.evaluation import Duty, Institution, Scorecard
    from fof.evaluation.losses import Loss
    from fof.evaluation.national_register import Field, FundRegister
    from fof.evaluation.scorecard import IndicatorLine
    from fof.figures.answers import Answer
    from fof.figures.desk import DeskFigures
    from fof.ledger import View
    from fof.operations.claim_desk import ClaimEffect
    from fof.rules.facts_coinvest import InstitutionFacts
    from fof.rules.facts_deals import ReinvestClaim
    from fof.rules.registry import Rule
    from models.pools import ClaimDecision, ClaimStep

Make = Callable[["View"], "Answer"]


class JudgedView:
    """What a view is, and its documents of compliance and evaluation; FigureView has the figures beside them."""

    def __init__(self, reading: Callable[[], Language], view: View, portfolio: str | None) -> None:
        """reading : the language in which the book is asked; Closed, Replaced where it cannot be any more"""
        assert view.as_of is not None
        self.as_of: dt.date = view.as_of
        self.known_at: int = view.known_at
        self.portfolio = portfolio
        self._reading = reading
        self._view = view

    def __repr__(self) -> str:
        return f"<fof: as of {self.as_of}, known at entry {self.known_at}>"

    def audit(
        self,
        *,
        rules_as_of: dt.date | None = None,
        fund: str | None = None,
        family: str | None = None,
        verdict: str = "breach,warn",
        only_open: bool = False,
    ) -> Figures[AuditFinding]:
        """Findings of the guidance-fund rules by money at stake; above them how many there are of each verdict.

        rules_as_of : judge by that day's rules
        fund        : of one fund alone; family: "GF", or several separated by commas
        verdict     : those to list, separated by commas: pass, warn, breach, not_applicable, unknown; or all
        only_open   : what nobody has dealt with in time

        Of the whole office, or of the portfolio that the view was asked for by its code.
        """
        from fof.audit import findings_document as document

        def make(view: View) -> Answer:
            wanted = document.wanted(view, verdict, fund, family, only_open=only_open)
            chosen = None if self.portfolio is None else self._chosen(view)
            judged, listed = document.asked_findings(view, wanted, chosen, rules_as_of)
            return document.findings_document(judged, listed, "CNY" if chosen is None else chosen.currency)

        return self._figures(make)

    def coinvestment(
        self,
        *,
        institution: str | None = None,
        rules_as_of: dt.date | None = None,
        verdict: str = "breach,unknown,warn",
        only_open: bool = False,
    ) -> Figures[AuditFinding]:
        """Findings about staff co-investment by money at stake, each under the plan of its own day.

        institution : code of one state venture firm; None: all
        rules_as_of, verdict, only_open : as for `audit`
        """
        from fof.audit import findings_document as document
        from fof.figures.audit_documents import COINVEST_AUDIT

        def make(view: View) -> Answer:
            wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
            judged, listed = document.coinvestment_findings(view, wanted, institution, rules_as_of)
            return document.findings_document(judged, listed, "CNY", document=COINVEST_AUDIT)

        return self._figures(make)

    def pools(self, table: str = "pools", *, pool: str | None = None) -> Figures[DeskFigures]:
        """Risk-compensation pools: balance, leverage, rates by denominator, claims in hand.

        table : pools, contributors, limits, loans, claims or months (PI-10)
        pool  : code of one pool; None: all
        """
        from fof.figures.pool_months import pool_document

        return self._figures(lambda view: pool_document(view, table, pool))

    def claim_plan(
        self,
        claim: str,
        step: ClaimStep | None = None,
        *,
        decision: ClaimDecision | None = None,
        fen: int | None = None,
        reason: str | None = None,
        document: str | None = None,
        share: bool = False,
    ) -> Figures[ClaimEffect]:
        """What the next step of a claim on the view's day, or its payment, would move: balances, contributors, limits. Nothing is
        written. Refused with everything that stands in its way.

        step : what is done; None: the payment of what was granted, with `share` the sharing of what was recovered
        fen  : granted, or paid; None: the pool's part, or all that may be paid
        """
        from fof.errors import BookingRefused
        from fof.operations import claim_desk
        from fof.operations.plans_document import claim_document

        def make(view: View) -> Answer:
            if share:
                plan = claim_desk.plan_recovery_sharing(view, claim, self.as_of, document)
            elif step is None:
                plan = claim_desk.plan_claim_payment(view, claim, self.as_of, fen, document)
            else:
                plan = claim_desk.plan_claim_step(
                    view, claim, self.as_of, step, decision, fen, reason, document
                )
            if plan.problems:
                raise BookingRefused(plan.problems, Text("补偿申请", "claim"))
            return claim_document(view, plan)

        return self._figures(make)

    def pools_audit(
        self,
        *,
        pool: str | None = None,
        rules_as_of: dt.date | None = None,
        verdict: str = "breach,unknown,warn",
        only_open: bool = False,
    ) -> Figures[AuditFinding]:
        """Findings about risk-compensation pools by money at stake, loans under the rules of their day of enrolment.

        pool : code of one pool; None: all of them and the guarantors over all
        rules_as_of, verdict, only_open : as for `audit`
        """
        from fof.audit import findings_document as document
        from fof.figures.audit_documents import POOLS_AUDIT

        def make(view: View) -> Answer:
            wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
            judged, listed = document.pool_findings(view, wanted, pool, rules_as_of)
            return document.findings_document(judged, listed, "CNY", document=POOLS_AUDIT)

        return self._figures(make)

    def instruments(self, table: str = "vouchers") -> Figures[DeskFigures]:
        """The small instruments: applications for vouchers with what may be granted, decision and payment.

        table : vouchers, subsidies, incubators, angels, results, deductions, services, national, leverage or statistics (PI-12)
        """
        from fof.figures.instruments import instrument_document

        return self._figures(lambda view: instrument_document(view, table))

    def instruments_audit(
        self,
        *,
        rules_as_of: dt.date | None = None,
        verdict: str = "breach,unknown,warn",
        only_open: bool = False,
    ) -> Figures[AuditFinding]:
        """Findings about the small instruments by money at stake: vouchers, subsidies, results, deductions, statistics.

        rules_as_of, verdict, only_open : as for `audit`
        """
        from fof.audit import findings_document as document
        from fof.figures.audit_documents import INSTRUMENTS_AUDIT

        def make(view: View) -> Answer:
            wanted = document.Wanted(document.verdicts_of(verdict), only_open=only_open)
            judged, listed = document.instrument_findings(view, wanted, rules_as_of)
            return document.findings_document(judged, listed, "CNY", document=INSTRUMENTS_AUDIT)

        return self._figures(make)

    def coinvestment_institutions(self) -> Figures[InstitutionFacts]:
        """Every state venture institution with the indicators of its co-investment, in all and by year."""
        from fof.audit import coinvestment
        from fof.audit.coinvestment.indicators import institutions_document

        return self._figures(lambda view: institutions_document(view, coinvestment(view)))

    def counterfactual(
        self, *, institution: str | None = None, by: str = "finding", every: bool = False
    ) -> Figures[StakeGain]:
        """What staff stakes gained by terms unlike the institution's: price, day of payment, exit; realised and unrealised apart.

        institution : code of one state venture firm; None: all
        by          : finding, person, plan or institution: added up but for the first
        every       : of stakes too whose rules found nothing
        """
        from fof.audit.counterfactual_document import counterfactual_document
        from models.coinvest import GainGroup

        group = GainGroup(by)
        return self._figures(lambda view: counterfactual_document(view, institution, group, every=every))

    def person_card(self, person: str) -> Figures[StakeCard]:
        """A person's stakes beside the institution on the same deals."""
        from fof.audit.casefile.cards_document import person_document

        return self._figures(lambda view: person_document(view, person))

    def deal_card(self, deal: str) -> Figures[DealPlace]:
        """Who could join a deal, who did, and who did not."""
        from fof.audit.casefile.cards_document import deal_document

        return self._figures(lambda view: deal_document(view, deal))

    def participation(
        self, *, institution: str | None = None, person: str | None = None
    ) -> Figures[ParticipationLine]:
        """Places that had to join and did, and joined companies beside skipped ones.

        institution : code of one state venture firm; None: all
        person      : of one person alone, with p
        """
        from fof.audit.casefile.cards_document import participation_document

        return self._figures(lambda view: participation_document(view, institution, person))

    def relations(self, code: str) -> Figures[Relation]:
        """Ties around a person, a vehicle or a company, with the findings that rest on each."""
        from fof.audit.casefile.cards_document import relations_document

        return self._figures(lambda view: relations_document(view, code))

    def rules(self, family: str | None = None) -> Figures[Rule]:
        """The rulebook as coded: each rule with its source and numbers of the as-of day."""
        from fof.audit.rules_document import rules_document

        return self._figures(lambda _: rules_document(self.as_of, family))

    def scores(self) -> Figures[Scorecard]:
        """The yearly evaluation: every fund's score, final or so far."""
        from fof.evaluation.evaluation_document import scores_document

        return self._figures(scores_document)

    def scorecard(self, fund: str) -> Figures[IndicatorLine]:
        """One fund's indicators, computed or asked for."""
        from fof.evaluation.evaluation_document import scorecard_document

        return self._figures(lambda view: scorecard_document(view, fund))

    def losses(self, *, deals: bool = False) -> Figures[Loss]:
        """Realised and unrealised loss by class and fund (and deal) against the tolerance; moves no money."""
        from fof.evaluation.evaluation_document import losses_document

        return self._figures(lambda view: losses_document(view, deals=deals))

    def whole_life(self) -> Figures[Institution]:
        """State venture institutions since inception over all their funds."""
        from fof.evaluation.evaluation_document import whole_life_document

        return self._figures(whole_life_document)

    def reinvestment(self) -> Figures[Duty]:
        """Reinvestment owed by contract, what is recognised of it, and the policy's warning."""
        from fof.evaluation.evaluation_document import reinvestment_document

        return self._figures(reinvestment_document)

    def reinvestment_claims(self) -> Figures[ReinvestClaim]:
        """Every claim of reinvestment by fund and investor, and whether it counts."""
        from fof.evaluation.evaluation_document import claims_document

        return self._figures(claims_document)

    def register(self, year: int | None = None) -> Figures[FundRegister]:
        """The national register's update for a year (the one before the as-of day's): what can be signed, what is late."""
        from fof.evaluation.register_document import register_for

        return self._figures(lambda view: register_for(view, year))

    def register_fields(self, fund: str, year: int | None = None) -> Figures[Field]:
        """Every field of one fund in the register, what is missing first, each with its source or why it has none."""
        from fof.evaluation.register_document import register_for

        return self._figures(lambda view: register_for(view, year, fund))

    def _chosen(self, view: View) -> Portfolio:
        from fof.book.portfolios import portfolio

        return portfolio(view, self.portfolio)

    def _figures(self, make: Make) -> Figures[Any]:
        """The document about this view, in the book's language."""
        from fof.words import use

        language = self._reading()

        def answer() -> Figures[Any]:
            use(language)
            return Figures.of(make(self._view), language)

        return copy_context().run(answer)
