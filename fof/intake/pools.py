"""Booking plan of risk-compensation pools: agreements, limits, contributors, loans and what happened to them, claims, payments.

Every sheet registers subjects; two of them move money too. What the file would make of the book is then read as any book is
(fof.book.laid) and held against what no agreement allows (fof.intake.pool_checks).
"""

from __future__ import annotations

from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.lender_files import compare_lender_file
from fof.intake.planning import Planning
from fof.intake.registered import Registering, kinds_fit
from models.journal import Posting
from models.kinds import EntryKind, PartyKind
from models.pools import LoanStep, PoolLeg
from models.posting_kinds import PostingKind
from models.subjects import LinkRole, SubjectKind
from models.text import Text

POOL_KINDS = frozenset(
    {
        SubjectKind.AGREEMENT,
        SubjectKind.POOL_LIMIT,
        SubjectKind.POOL_SHARE,
        SubjectKind.LOAN,
        SubjectKind.LOAN_EVENT,
        SubjectKind.CLAIM,
        SubjectKind.POOL_PAYMENT,
    }
)
"""What the sheets of pools register."""
_PARTY_OF = {
    LinkRole.BORROWER: PartyKind.COMPANY,
    LinkRole.POOL: PartyKind.POOL,
    LinkRole.GUARANTOR: PartyKind.GUARANTOR,
    LinkRole.INSURER: PartyKind.INSURER,
}
POSTED = {
    PoolLeg.FUNDING: PostingKind.POOL_FUNDING,
    PoolLeg.RETURNED: PostingKind.POOL_FUNDING,
    PoolLeg.INTEREST: PostingKind.INTEREST_INCOME,
    PoolLeg.COST: PostingKind.FUND_EXPENSE,
    PoolLeg.COMPENSATION: PostingKind.POOL_COMPENSATION,
    PoolLeg.GUARANTOR_PAID: PostingKind.GUARANTOR_CLAIM,
    PoolLeg.RECOVERY: PostingKind.RECOVERY,
    PoolLeg.RECOVERY_SHARED: PostingKind.RECOVERY,
    PoolLeg.FEE: PostingKind.GUARANTEE_FEE,
    PoolLeg.PREMIUM: PostingKind.PREMIUM,
    PoolLeg.PREMIUM_REFUNDED: PostingKind.PREMIUM,
    PoolLeg.SUBSIDY: PostingKind.SUBSIDY,
}
"""What a payment is → the kind of its posting; who pays whom tells a contribution from one that is returned."""
MOVING = {
    LoanStep.DRAWN: PostingKind.LOAN_DISBURSED,
    LoanStep.REPAID: PostingKind.LOAN_REPAID,
    LoanStep.PREPAID: PostingKind.LOAN_REPAID,
    LoanStep.RENEWED: PostingKind.LOAN_REPAID,
}
"""Steps of a loan that move money; of others the amount concerned stands in a column of its own."""
_OF_AMOUNT = frozenset({LoanStep.SCHEDULED, LoanStep.OVERDUE, LoanStep.WRITTEN_OFF})
_OF_DAY = frozenset({LoanStep.SCHEDULED, LoanStep.EXTENDED})


def plan_pools(planning: Planning, tables: list[Table]) -> None:
    """Every sheet of pools: identities of all first, then rows, money beside them."""
    own = sorted((t for t in tables if t.layout.registers in POOL_KINDS), key=lambda t: t.layout.order)
    if not own:
        return
    registering = Registering(planning)
    registering.register([table for table in own if table.layout.name != "lender_file"])
    for table in own:
        kinds_fit(planning, table, _PARTY_OF)
    lines = _LoanEnds(planning, own)
    for table in own:
        if table.layout.name == "loan_events":
            for row in table.rows:
                _event(planning, registering, lines, table, row)
        elif table.layout.name == "pool_payments":
            for row in table.rows:
                _payment(planning, registering, table, row)
        elif table.layout.name != "lender_file" or compare_lender_file(planning, table):
            registering.plan([table])


class _LoanEnds:
    """Lender and borrower of each loan, of the book or of this file."""

    def __init__(self, planning: Planning, tables: list[Table]) -> None:
        self._planning = planning
        self._stated = {
            str(row.text("code")): (row.text("lender"), row.text("borrower"))
            for table in tables
            if table.layout.name == "loans"
            for row in table.rows
        }

    def of(self, code: str) -> tuple[int, int] | None:
        """(lender, borrower) of a loan; None where either is not known, which is told at its own row."""
        planning = self._planning
        if code in self._stated:
            ends = [planning.parties.get(name or "", (None,))[0] for name in self._stated[code]]
        else:
            number = planning.subjects.get((SubjectKind.LOAN.value, code))
            linked = [] if number is None else planning.view.prefix.of_subject("subject_link", number)
            links = {x.row.role: x.row.party for x in linked}  # type: ignore[attr-defined]
            ends = [links.get(LinkRole.LENDER.value), links.get(LinkRole.BORROWER.value)]
        lender, borrower = ends
        return None if lender is None or borrower is None else (lender, borrower)


def _event(
    planning: Planning, registering: Registering, ends: _LoanEnds, table: Table, row: TypedRow
) -> None:
    """One entry for what happened to a loan, with the posting of what was drawn or repaid."""
    step: LoanStep = row["loan_step"]
    day, fen = row.day("since"), row.fen("amount")
    if day is None or not _filled(planning, table, row, step, fen):
        return
    kind, _ = registering.bearer(table, row)
    made = registering.rows(table, row, day)
    if made is None:
        return
    postings = []
    if step in MOVING and fen is not None:
        parties = ends.of(str(row.text("loan")))
        if parties is None:
            return
        lender, borrower = parties
        payer, payee = (lender, borrower) if step is LoanStep.DRAWN else (borrower, lender)
        number = registering.bearer(table, row)[1]
        postings = [Posting(int(MOVING[step]), payer, payee, None, None, number, fen)]
    planning.add(
        table,
        row,
        EntryKind.POOL,
        day,
        keys.key(kind, str(row.text("code"))),
        keys.content(row.stated()),
        postings=postings,
        rows=made,
        note=row.text("document"),
        column="code",
    )


def _filled(planning: Planning, table: Table, row: TypedRow, step: LoanStep, fen: int | None) -> bool:
    """Whether a step has the amount and day it is about, and no amount where none is."""
    before = planning.wrong_cells
    if (step in MOVING) != bool(fen):
        text = (
            Text("放款与还款须填写大于零的金额", "money drawn or repaid: an amount above zero")
            if step in MOVING
            else Text("此事项不移动款项，请填所涉金额", "no money moves: state the amount concerned")
        )
        planning.problem(
            table, row, "amount", "not_positive" if step in MOVING else "no_money_moves", text, fen
        )
    if step in _OF_AMOUNT and not row.fen("step_amount"):
        text = Text("须填写所涉金额", "the amount concerned is needed")
        planning.problem(table, row, "step_amount", "required", text)
    if step in _OF_DAY and row.day("step_due") is None:
        text = Text("须填写约定日或新到期日", "the day agreed or the new due day is needed")
        planning.problem(table, row, "step_due", "required", text)
    return planning.wrong_cells == before


def _payment(planning: Planning, registering: Registering, table: Table, row: TypedRow) -> None:
    """One entry for a payment: identity, links and attributes, and its posting."""
    leg: PoolLeg = row["pool_leg"]
    day, fen = row.day("since"), row.fen("amount")
    if day is None or fen is None:
        return
    kind, number = registering.bearer(table, row)
    made = registering.rows(table, row, day)
    payer, payee = (planning.parties.get(str(row.text(c)), (None,))[0] for c in ("payer", "payee"))
    if made is None or payer is None or payee is None or not _named(planning, table, row, leg):
        return
    if fen == 0:
        text = Text("金额须大于零", "an amount above zero")
        planning.problem(table, row, "amount", "not_positive", text, 0)
        return
    if payer == payee:
        text = Text("付款方与收款方不得相同", "two different parties")
        planning.problem(table, row, "payee", "same_party", text, row.text("payee"))
        return
    planning.add(
        table,
        row,
        EntryKind.POOL,
        day,
        keys.key(kind, str(row.text("code"))),
        keys.content(row.stated()),
        postings=[Posting(int(POSTED[leg]), payer, payee, None, None, number, fen)],
        rows=made,
        note=row.text("document"),
        column="code",
    )


_OF_CLAIM = frozenset({PoolLeg.COMPENSATION, PoolLeg.GUARANTOR_PAID})
_OF_LOAN = frozenset({PoolLeg.RECOVERY, PoolLeg.RECOVERY_SHARED})
_OF_POOL = {
    PoolLeg.FUNDING: "payee",
    PoolLeg.RETURNED: "payer",
    PoolLeg.INTEREST: "payee",
    PoolLeg.COST: "payer",
}


def _named(planning: Planning, table: Table, row: TypedRow, leg: PoolLeg) -> bool:
    """Whether a payment names what it must: a claim, a loan or claim, a pool at the right end."""
    before = planning.wrong_cells
    if leg in _OF_CLAIM and row.text("claim") is None:
        planning.problem(table, row, "claim", "required", Text("须写补偿申请编号", "the claim is needed"))
    if leg in _OF_LOAN and row.text("claim") is None and row.text("loan") is None:
        text = Text("须写贷款或补偿申请编号", "the loan or the claim is needed")
        planning.problem(table, row, "loan", "required", text)
    end = _OF_POOL.get(leg)
    if end is not None and planning.parties.get(str(row.text(end)), (0, None))[1] is not PartyKind.POOL:
        text = Text("应为资金池的编号", "the code of a pool expected")
        planning.problem(table, row, end, "other_kind", text, row.text(end))
    return planning.wrong_cells == before
