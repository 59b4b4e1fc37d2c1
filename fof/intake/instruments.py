"""Booking plan of the small instruments: applications for vouchers and subsidies with what was paid, results, deductions, services,
residents of incubators. What the file would make of the book is then held against what no grant allows (IV-01, IN-02, TX-01)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from fof.book.grants import Deduction, Grant, deductions_of, grants_of
from fof.book.laid import laid
from fof.errors import Problem
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning
from fof.intake.registered import ENTRIES, Registering, kinds_fit
from fof.ledger import Draft
from models.instruments import GrantDecision, GrantStep
from models.journal import Posting
from models.kinds import PartyKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.rows import SubjectFact
from models.subjects import LinkRole as R
from models.subjects import SubjectKind as S
from models.text import Text

INSTRUMENT_KINDS = frozenset({S.VOUCHER, S.SUBSIDY, S.RESULT, S.DEDUCTION, S.SERVICE, S.RESIDENCY})
"""What the sheets of the small instruments register."""
POSTED = {S.VOUCHER: PostingKind.VOUCHER, S.SUBSIDY: PostingKind.SUBSIDY}
"""Kind of an application → the posting by which it is paid, from the issuer to who applied."""
_FITS = {
    S.VOUCHER: {R.CLAIMANT: PartyKind.COMPANY, R.ISSUER: PartyKind.GOVERNMENT},
    S.SUBSIDY: {R.ISSUER: PartyKind.GOVERNMENT},
}
_COMPANIES = {R.COMPANY: PartyKind.COMPANY}


def plan_instruments(planning: Planning, tables: list[Table]) -> None:
    """Every sheet of the small instruments: identities of all first, then rows, money beside them."""
    own = sorted((t for t in tables if t.layout.registers in INSTRUMENT_KINDS), key=lambda t: t.layout.order)
    if not own:
        return
    registering = Registering(planning)
    registering.register(own)
    for table in own:
        assert table.layout.registers is not None
        kinds_fit(planning, table, _FITS.get(table.layout.registers, _COMPANIES))
        if table.layout.registers in POSTED:
            for row in table.rows:
                _step(planning, registering, table, row, table.layout.registers)
            continue
        fits = [_names_fit(planning, table, row) for row in table.rows]  # every row is asked
        if all(fits):
            registering.plan([table])


def _step(planning: Planning, registering: Registering, table: Table, row: TypedRow, kind: S) -> None:
    """One entry for a step of an application; a payment brings its posting."""
    day, fen = row.day("since"), row.fen("amount")
    if day is None or not _filled(planning, table, row, fen):
        return
    if not fen:
        registering.plan_row(table, row)
        return
    made = registering.rows(table, row, day)
    payer, payee = (planning.parties.get(str(row.text(c)), (None,))[0] for c in ("issuer", "claimant"))
    if made is None or payer is None or payee is None:
        return
    number = registering.bearer(table, row)[1]
    request = keys.content(row.stated())
    planning.add(
        table,
        row,
        ENTRIES[kind],
        day,
        keys.key(table.layout.name, str(row.text("code")), day, GrantStep.PAID.value),
        request,
        postings=[Posting(int(POSTED[kind]), payer, payee, None, None, number, fen)],
        rows=made,
        note=row.text("document"),
        column="code",
    )


def _filled(planning: Planning, table: Table, row: TypedRow, fen: int | None) -> bool:
    """Whether a step states what it is about: an amount where it is paid and nowhere else, a decision with its amount or reason."""
    before = planning.wrong_cells
    step: GrantStep = row["grant_step"]
    decision: GrantDecision | None = row["grant_decision"]
    granted = row.fen("granted_amount")
    if (step is GrantStep.PAID) != bool(fen):
        text = (
            Text("兑付须填写大于零的金额", "what is paid: an amount above zero")
            if step is GrantStep.PAID
            else Text("此步不付款，请留空", "nothing is paid in this step: leave it blank")
        )
        code = "not_positive" if step is GrantStep.PAID else "no_money_moves"
        planning.problem(table, row, "amount", code, text, fen)
    if step is GrantStep.DECIDED and decision is None:
        text = Text("审定须填写结论", "a decision is needed")
        planning.problem(table, row, "grant_decision", "required", text)
    if decision in (GrantDecision.WHOLLY, GrantDecision.PARTLY) and not granted:
        text = Text("须填写审定金额", "the amount granted is needed")
        planning.problem(table, row, "granted_amount", "required", text)
    if decision is GrantDecision.REFUSED and granted:
        text = Text("不予支持的，审定金额须留空或为零", "what is refused grants nothing")
        planning.problem(table, row, "granted_amount", "granted_though_refused", text, granted)
    if decision in (GrantDecision.REFUSED, GrantDecision.PARTLY) and not row["refusal_reasons"]:
        text = Text("须填写不予支持或核减的理由", "the reason is needed")
        planning.problem(table, row, "refusal_reasons", "required", text)
    return planning.wrong_cells == before


def _names_fit(planning: Planning, table: Table, row: TypedRow) -> bool:
    """Whether a licence names who was licensed, and nobody is a resident of itself or moves out before moving in."""
    before, kind, since = planning.wrong_cells, table.layout.registers, row.day("since")
    if kind is S.RESULT and row.day("licensed_on") is not None and row.text("licensee") is None:
        text = Text("已许可他人的须写被许可方", "who was licensed is needed")
        planning.problem(table, row, "licensee", "required", text)
    if kind is S.RESIDENCY and row.text("incubator") == row.text("tenant"):
        text = Text("孵化载体与入驻方不得相同", "two different parties")
        planning.problem(table, row, "tenant", "same_party", text, row.text("tenant"))
    left = row.day("moved_out_on") if kind is S.RESIDENCY else None
    if left is not None and since is not None and left < since:
        text = Text("不早于入驻日", "not before moving in")
        planning.problem(table, row, "moved_out_on", "ends_before_start", text, left)
    return planning.wrong_cells == before


def check_instruments(planning: Planning) -> None:
    """A problem for each draft after which an application, a deduction or a residence would be what it cannot be."""
    kinds = {ENTRIES[kind] for kind in INSTRUMENT_KINDS}
    drafts = [draft for draft in planning.drafts if draft.kind in kinds]
    if not drafts or planning.problems:
        return
    after = laid(planning.view, planning.drafts)
    grants, deductions = grants_of(after), deductions_of(after)
    for draft in drafts:
        touched = {(row.kind, row.subject) for row in draft.rows if isinstance(row, SubjectFact)}
        for kind, number in sorted(touched, key=str):
            if kind in POSTED and number in grants:
                planning.met(_grant(grants[number], draft))
            elif kind == S.DEDUCTION and number in deductions:
                planning.met(_deduction(deductions[number], draft))


def _grant(grant: Grant, draft: Draft) -> Iterator[Problem]:
    day = draft.effective_on
    cost, granted = grant.on("eligible_cost", day), grant.granted(day)
    if granted is not None and cost is not None and granted > cost:
        text = Text(
            f"审定 {yuan_text(granted)} 元，高于实际费用 {yuan_text(cost)} 元（{grant.rule}）",
            f"{yuan_text(granted)} yuan granted, the cost was {yuan_text(cost)} ({grant.rule})",
        )
        yield Problem("granted_above_cost", text, yuan_text(granted), draft.source.where("granted_amount"))
    for on, paid in grant.payments:
        if on != day:
            continue
        whole = grant.paid(dt.date.max)
        allowed = grant.granted(on)
        if allowed is None:
            text = Text(
                f"{on} 尚未审定支持，不能兑付（{grant.rule}）", f"nothing was granted by {on} ({grant.rule})"
            )
            yield Problem("not_granted", text, yuan_text(paid), draft.source.where("amount"))
        elif whole > allowed:
            text = Text(
                f"兑付合计 {yuan_text(whole)} 元，高于审定 {yuan_text(allowed)} 元（{grant.rule}）",
                f"{yuan_text(whole)} yuan paid in all, {yuan_text(allowed)} was granted ({grant.rule})",
            )
            yield Problem("paid_above_granted", text, yuan_text(whole), draft.source.where("amount"))


def _deduction(deduction: Deduction, draft: Draft) -> Iterator[Problem]:
    invested, deducted = deduction.invested, deduction.deducted(dt.date.max)
    if invested is not None and deducted > invested:
        text = Text(
            f"抵扣合计 {yuan_text(deducted)} 元，高于投资额 {yuan_text(invested)} 元（TX-01）",
            f"{yuan_text(deducted)} yuan deducted in all, {yuan_text(invested)} was invested (TX-01)",
        )
        yield Problem("deducted_above_invested", text, yuan_text(deducted), draft.source.where("deducted"))
