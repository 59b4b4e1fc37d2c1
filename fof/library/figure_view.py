"""A view of an open book: every figure at (as of, known at), as the documents that commands print."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

from fof.errors import Problem, Refused
from fof.library.figure_rows import Figures
from fof.library.judged_view import JudgedView
from models.text import Text

if TYPE_CHECKING:
    from fof.book.filed_documents import FiledDocument as FundDocument
    from fof.book.funds import Cash, Term
    from fof.book.holdings import Holding
    from fof.book.notices import Call
    from fof.explain import SourceRow
    from fof.figures.answers import Answer
    from fof.figures.commitments import Commitment
    from fof.figures.leverage import Leverage
    from fof.figures.lookthrough import Exposure, ExposurePath
    from fof.figures.overview import Ending, Stale
    from fof.figures.performance import Index, Performance
    from fof.figures.positions import DisclosedPosition, DisclosureRoll
    from fof.figures.reported import Reported
    from fof.figures.statement_items import AccountLine, Sale
    from fof.ledger import View
    from fof.operations.clawbacks import ClawbackOwed
    from fof.operations.clocks import Clock
    from fof.operations.fees import FeeQuarter

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


class FigureView(JudgedView):
    """The book on a day as it was known at an entry. Every figure is a function of the two and of its arguments.

    as_of     : the day
    known_at  : id of the last entry known
    portfolio : code of the portfolio that is looked at; None: the book's first

    Every method answers `Figures`: frozen rows, `.frame()`, `.document()`. What a command calls by an option is an
    argument here. Each of them may raise Unknown (a code the book does not have on this view, with what is near),
    Refused (an argument that is none of those allowed), Closed (the book was closed) and Replaced (another book, or an
    earlier state of it, lies in its place: open it again).
    """

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

        figure   : committed, paid_in, nav, tvpi, irr …, gov_direct …, leverage_a …, exposure_share, exposure_cost, exposure_value;
                   of coverage: support_at_risk, reach, coverage_missing, continuity, hhi …
        fund     : of one fund; by, key: of a group of performance (by="stake", key="FUND|INVESTOR": of one stake); key of a
                   figure of coverage: "stage=seed,city=230100,instrument=angel_fund", "company=CODE", "by=city", "since=DAY"
        of, owner: of an exposure, what is looked through to and who holds it; of a figure of pools (pool_balance, rate_matured,
                   limit_used, payable, balance …) the pool with its contributor, the limit, the claim or the loan
        currency : of the subtotal of one currency, where there are several
        """
        from fof.audit.hidden_entries import require_visible, visible_rows
        from fof.explain.explanation_document import explain_document
        from fof.explain.pool_figures import POOL_FIGURES

        def opened(view: View) -> Answer:
            require_visible(view, fund, of, owner)
            chosen = None if figure in POOL_FIGURES else self._chosen(view)
            return visible_rows(
                explain_document(view, chosen, figure, fund, by, key, of, owner, currency), view
            )

        return self._figures(opened)
