"""A view of an open book: every figure at (as of, known at), as the documents that commands print."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from contextvars import copy_context
from typing import TYPE_CHECKING, Any, Literal

from fof.errors import Problem, Refused
from fof.library.figure_rows import Figures
from models.text import Text

if TYPE_CHECKING:
    from fof.audit import AuditFinding
    from fof.audit.casefile.relationship_graph import Relation
    from fof.audit.coinvestment.participation_gaps import ParticipationLine
    from fof.audit.coinvestment.person_cards import DealPlace, StakeCard
    from fof.audit.counterfactual import StakeGain
    from fof.book.filed_documents import FiledDocument as FundDocument
    from fof.book.funds import Cash, Term
    from fof.book.holdings import Holding
    from fof.book.notices import Call
    from fof.book.portfolios import Portfolio
    from fof.evaluation import Duty, Institution, Scorecard
    from fof.evaluation.losses import Loss
    from fof.evaluation.national_register import Field, FundRegister
    from fof.evaluation.scorecard import IndicatorLine
    from fof.explain import SourceRow
    from fof.figures.answers import Answer
    from fof.figures.commitments import Commitment
    from fof.figures.instruments.instrument_desk import InstrumentFigures
    from fof.figures.leverage import Leverage
    from fof.figures.lookthrough import Exposure, ExposurePath
    from fof.figures.overview import Ending, Stale
    from fof.figures.performance import Index, Performance
    from fof.figures.pools import PoolFigures
    from fof.figures.positions import DisclosedPosition, DisclosureRoll
    from fof.figures.reported import Reported
    from fof.figures.statement_items import AccountLine, Sale
    from fof.ledger import View
    from fof.library.open_book import OpenBook
    from fof.operations.clawbacks import ClawbackOwed
    from fof.operations.clocks import Clock
    from fof.operations.fees import FeeQuarter
    from fof.rules.facts_coinvest import InstitutionFacts
    from fof.rules.facts_deals import ReinvestClaim
    from fof.rules.registry import Rule

Base = Literal["commitment", "paid_in"]
CoveragePart = Literal[
    "surface",
    "mandates",
    "gaps",
    "continuity",
    "concentration",
    "companies",
    "company",
    "change",
    "stages",
]
Make = Callable[["View"], "Answer"]


class FigureView:
    """The book on a day as it was known at an entry. Every figure is a function of the two and of its arguments.

    as_of     : the day
    known_at  : id of the last entry known
    portfolio : code of the portfolio that is looked at; None: the book's first

    Every method answers `Figures`: frozen rows, `.frame()`, `.document()`. What a command calls by an option is an
    argument here. Each of them may raise Unknown (a code the book does not have on this view, with what is near),
    Refused (an argument that is none of those allowed), Closed (the book was closed) and Replaced (another book, or an
    earlier state of it, lies in its place: open it again).
    """

    def __init__(self, book: OpenBook, view: View, portfolio: str | None) -> None:
        assert view.as_of is not None
        self.as_of: dt.date = view.as_of
        self.known_at: int = view.known_at
        self.portfolio = portfolio
        self._book = book
        self._view = view

    def __repr__(self) -> str:
        return f"<fof: as of {self.as_of}, known at entry {self.known_at}>"

    # -- figures of a portfolio -----------------------------------------------------------------------------------

    def performance(
        self, by: str = "fund", *, fund: str | None = None, index: Index | None = None
    ) -> Figures[Performance]:
        """Returns by group: committed, paid in, distributed, NAV, DPI, RVPI, TVPI, IRR; the portfolio's total last.

        by    : fund, vintage, strategy, city, manager, class, kind, status or investor; several separated by commas
        fund  : code, for one fund alone
        index : levels by day (fof.figures.performance.market.read_index), for KS-PME and direct alpha
        """
        from fof.figures.performance_document import groupings, performance_document

        return self._figures(
            lambda view: performance_document(view, self._chosen(view), groupings(by), fund, index)
        )

    def commitments(self, by: str = "fund") -> Figures[Commitment]:
        """Committed, called, paid in, overdue, unfunded, by fund, investor or stake; government shares, leverage; total."""
        from fof.errors import one_of
        from fof.figures.commitments import GROUPINGS
        from fof.figures.commitments_document import commitments_document

        return self._figures(
            lambda view: commitments_document(view, self._chosen(view), one_of(by, GROUPINGS, "by"))
        )

    def leverage(self) -> Figures[Leverage]:
        """Leverage by variant with the amounts it divides, and government shares by reading and level; totals last."""
        from fof.figures.leverage_document import leverage_document

        return self._figures(lambda view: leverage_document(view, self._chosen(view)))

    def lookthrough(self, holder: str | None = None, *, base: Base = "commitment") -> Figures[Exposure]:
        """What a holder (the portfolio where left out) has of every fund and company below it, through every path."""
        from fof.audit.hidden_entries import require_visible
        from fof.figures import lookthrough_document as document

        def make(view: View) -> Answer:
            require_visible(view, holder)
            owner = document.holder(view, self._chosen(view), holder)
            return document.lookthrough_document(view, owner, document.base_of(base))

        return self._figures(make)

    def owners(self, code: str, *, base: Base = "commitment") -> Figures[ExposurePath]:
        """Who stands behind a company or fund, path by path."""
        from fof.audit.hidden_entries import require_visible, visible_paths
        from fof.book.parties import party
        from fof.figures.lookthrough_document import base_of, owners_document

        def make(view: View) -> Answer:
            require_visible(view, code)
            return visible_paths(owners_document(view, party(view, code), base_of(base)), view)

        return self._figures(make)

    def overview(self, days: int = 90) -> Figures[Call | Stale | Ending]:
        """What needs attention: calls due within so many days and overdue, old values, terms about to end."""
        from fof.figures.overview import overview
        from fof.figures.overview_document import overview_document

        if days < 1:
            raise Refused([Problem("too_few_days", Text("至少 1 天", "at least one day"), str(days))])
        return self._figures(lambda view: overview_document(view, overview(view, self._chosen(view), days)))

    def coverage(
        self,
        part: CoveragePart = "surface",
        *,
        by: str = "stage,instrument",
        stage: str | None = None,
        city: str | None = None,
        industry: str | None = None,
        instrument: str | None = None,
        since: dt.date | None = None,
        company: str | None = None,
        definition: str | None = None,
    ) -> Figures[Any]:
        """Lifecycle coverage: the surface by some of its dimensions, mandates, gaps, continuity, concentration, the companies
        of a cell ("" for what is not known), one company on its time line, and since an earlier day the change by company or by stage."""
        from fof.figures.coverage_asked import coverage_asked

        return self._figures(
            lambda view: coverage_asked(
                view,
                part,
                by=by,
                stage=stage,
                city=city,
                industry=industry,
                instrument=instrument,
                since=since,
                company=company,
                definition=definition,
            )
        )

    # -- one fund, one institution --------------------------------------------------------------------------------

    def fund(self, code: str) -> Figures[Term | Cash | Holding | Call | Reported | FundDocument]:
        """Terms in force, cash, holdings, notices, what the manager reports beside the book's own, documents."""
        from fof.book.parties import fund_party
        from fof.figures.fund_document import fund_document

        return self._figures(lambda view: fund_document(view, self._chosen(view), fund_party(view, code)))

    def statement(
        self, fund: str, investor: str | None = None, start: dt.date | None = None
    ) -> Figures[AccountLine | Sale]:
        """An investor's capital account, or the fund's NAV bridge where no investor is named, from `start` (the end of
        last year where left out) to the as-of day; closes to the fen."""
        from fof.figures.statement_document import account, statement_document

        return self._figures(lambda view: statement_document(view, account(view, fund, investor, start)))

    def statement_line(
        self, fund: str, line: str, investor: str | None = None, start: dt.date | None = None
    ) -> Figures[SourceRow]:
        """One line of a statement opened: the rows and documents it is made of. line: its `name`."""
        from fof.explain.explanation_document import line_document
        from fof.figures.statement_document import account

        return self._figures(lambda view: line_document(view, account(view, fund, investor, start), line))

    def positions(
        self, holder: str | None = None, *, every_day: bool = False, exceptions: bool = False
    ) -> Figures[DisclosedPosition]:
        """Disclosed positions, the stated multiple beside ours.

        every_day  : all disclosures, not the latest of each alone
        exceptions : only those that do not agree
        """
        from fof.book.parties import party
        from fof.figures.positions_document import positions_document

        return self._figures(
            lambda view: positions_document(
                view,
                None if holder is None else party(view, holder),
                every_day=every_day,
                exceptions=exceptions,
            )
        )

    def roll_forward(
        self, holder: str, start: dt.date, end: dt.date | None = None
    ) -> Figures[DisclosureRoll]:
        """An institution's positions from one disclosure to another, the latest where no end is given; totals last."""
        from fof.book.parties import party
        from fof.figures.positions_document import roll_document

        return self._figures(lambda view: roll_document(view, party(view, holder), start, end))

    # -- compliance and evaluation --------------------------------------------------------------------------------

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

    def pools(self, table: str = "pools", *, pool: str | None = None) -> Figures[PoolFigures]:
        """Risk-compensation pools: balance, leverage, rates by denominator, claims in hand.

        table : pools, contributors, limits, loans, claims or months (PI-10)
        pool  : code of one pool; None: all
        """
        from fof.figures.pool_months import pool_document

        return self._figures(lambda view: pool_document(view, table, pool))

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

    def instruments(self, table: str = "vouchers") -> Figures[InstrumentFigures]:
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

    # -- the year's work ------------------------------------------------------------------------------------------

    def clocks(self) -> Figures[Clock]:
        """What must happen by when in every fund of the portfolio, and what is past."""
        from fof.operations.operations_document import clocks_document

        return self._figures(lambda view: clocks_document(view, self._chosen(view)))

    def fees(self, fund: str) -> Figures[FeeQuarter]:
        """A fund's management fee by its terms beside what was charged, by quarter."""
        from fof.operations.operations_document import fees_document

        return self._figures(lambda view: fees_document(view, view.party(fund).id))

    def clawback(self, fund: str | None = None) -> Figures[ClawbackOwed]:
        """Carry that managers owe back on the day: by cash alone, and with the fund's value counted as paid out."""
        from fof.operations.operations_document import clawback_document

        def make(view: View) -> Answer:
            funds = self._chosen(view).funds if fund is None else (view.party(fund).id,)
            return clawback_document(view, funds)

        return self._figures(make)

    def open_calls(self, *, every: bool = False) -> Figures[Call]:
        """Open notices with days overdue, the longest first; `every`: those not due yet, too."""
        from fof.operations.operations_document import chase_document

        return self._figures(lambda view: chase_document(view, self._chosen(view), every=every))

    # -- every figure opens ---------------------------------------------------------------------------------------

    def explain(
        self,
        figure: str,
        *,
        fund: str | None = None,
        by: str | None = None,
        key: str | None = None,
        of: str | None = None,
        owner: str | None = None,
        currency: str | None = None,
    ) -> Figures[SourceRow]:
        """What a figure is made of: its formula and value in `head`, the rows and documents of every term.

        figure   : committed, paid_in, nav, tvpi, irr …, gov_direct …, leverage_a …, exposure_share, exposure_cost, exposure_value
        fund     : of one fund; by, key: of a group of performance (by="stake", key="FUND|INVESTOR": of one stake)
        of, owner: of an exposure, what is looked through to and who holds it
        currency : of the subtotal of one currency, where there are several
        """
        from fof.audit.hidden_entries import require_visible, visible_rows
        from fof.explain.explanation_document import explain_document

        def opened(view: View) -> Answer:
            require_visible(view, fund, of, owner)
            chosen = self._chosen(view)
            return visible_rows(
                explain_document(view, chosen, figure, fund, by, key, of, owner, currency), view
            )

        return self._figures(opened)

    # -------------------------------------------------------------------------------------------------------------

    def _chosen(self, view: View) -> Portfolio:
        from fof.book.portfolios import portfolio

        return portfolio(view, self.portfolio)

    def _figures(self, make: Make) -> Figures[Any]:
        """The document about this view, in the book's language."""
        from fof.words import use

        self._book.journal()  # Closed, Replaced
        language = self._book.language

        def answer() -> Figures[Any]:
            use(language)
            return Figures.of(make(self._view), language)

        return copy_context().run(answer)
