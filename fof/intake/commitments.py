"""Booking plan of commitments, their amendments and transfers."""

from __future__ import annotations

from fof.book.stakes import stakes
from fof.importers.layouts.commitments import CommitmentChange
from fof.importers.tables import Table, TypedRow
from fof.intake import keys
from fof.intake.planning import Planning, posting
from models.journal import Posting
from models.kinds import EntryKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text

_MOVED = {
    "paid_in_moved": PostingKind.PAID_IN_TRANSFER,
    "outside_moved": PostingKind.PAID_IN_TRANSFER_OUTSIDE,
    "distributed_moved": PostingKind.DISTRIBUTED_TRANSFER,
    "recallable_moved": PostingKind.RECALLABLE_TRANSFER,
}
_KINDS = {
    CommitmentChange.NEW: EntryKind.COMMITMENT,
    CommitmentChange.INCREASE: EntryKind.COMMITMENT_AMENDMENT,
    CommitmentChange.REDUCTION: EntryKind.COMMITMENT_AMENDMENT,
    CommitmentChange.TRANSFER: EntryKind.COMMITMENT_TRANSFER,
}


def plan_commitments(planning: Planning, tables: list[Table]) -> None:
    """One entry for each row."""
    for table in tables:
        for row in table.rows:
            _plan(planning, table, row)


def _plan(planning: Planning, table: Table, row: TypedRow) -> None:
    change: CommitmentChange = row["change"]
    fund, investor = planning.fund(table, row), planning.party(table, row, "investor")
    buyer, day, amount = planning.party(table, row, "buyer"), row.day("day"), row.fen("amount")
    if not _fits(planning, table, row, change):
        return
    if fund is None or investor is None or day is None or amount is None:
        return
    if change is CommitmentChange.TRANSFER and buyer is None:
        return
    for name in ("amount", *_MOVED, "price"):
        planning.in_currency(table, row, name, fund)
    if fund in (investor, buyer) or investor == buyer:
        planning.problem(
            table,
            row,
            "investor",
            "same_party",
            Text("基金、出资人与受让方须为不同主体", "three different parties"),
        )
        return
    if change is CommitmentChange.TRANSFER and row.fen("paid_in_moved") and row.fen("outside_moved") is None:
        _look_outside(planning, table, row, fund, investor)
    if change is CommitmentChange.TRANSFER:
        _look_at_price(planning, table, row, fund, investor)
    number = row.text("number")
    if number is None:
        key, digest = planning.by_content(table, row, "commitment", row.stated())
    else:
        key = keys.key("commitment", row.text("fund"), number, row.text("investor"), change, day)
        digest = keys.content(row.stated())
    planning.add(
        table,
        row,
        _KINDS[change],
        day,
        key,
        digest,
        postings=_postings(row, change, fund, investor, buyer or 0, amount),
        note=_note(number, row.text("document")),
        column="number",
    )


def _look_outside(planning: Planning, table: Table, row: TypedRow, fund: int, seller: int) -> None:
    """Warn where the seller paid outside its commitment and the row does not say what of it goes along."""
    own = stakes(planning.view).of({seller}, {fund})
    outside = int(own.outside.sum())
    if outside > 0:
        text = Text(
            f"转让方有 {yuan_text(outside)} 实缴在认缴之外；随份额转出的部分填在“随转实缴（认缴外）”，留空即全部按认缴内转出",
            f"the seller paid {yuan_text(outside)} outside its commitment; what of it goes along stands in a column of its own, left blank all counts inside",
        )
        planning.warn(table, row, "outside_moved", "outside_not_stated", text)


def _look_at_price(planning: Planning, table: Table, row: TypedRow, fund: int, seller: int) -> None:
    """Point out a price of nought, which is none, and a price for a stake of whose paid-in capital nothing goes along."""
    if row.fen("price") == 0:
        text = Text(
            "价款为 0 即无价款：随转的实缴与分配连同历史转给受让方，转让方不留；有价款的请填写",
            "a price of 0 is none: paid-in and distributions move to the buyer with their history, the seller keeps nothing of them",
        )
        planning.warn(table, row, "price", "no_price", text)
    if row.fen("price") and not row.fen("paid_in_moved") and not row.fen("outside_moved"):
        paid = int(stakes(planning.view).of({seller}, {fund}).paid_in.sum())
        if paid > 0:
            text = Text(
                f"转让方已实缴 {yuan_text(paid)}，而本行没有实缴随份额转出，份额的价值也就不随之转出",
                f"the seller has paid in {yuan_text(paid)}, and nothing of it goes along by this row; nor does any value then",
            )
            planning.warn(table, row, "paid_in_moved", "no_history_moved", text)


def _fits(planning: Planning, table: Table, row: TypedRow, change: CommitmentChange) -> bool:
    """What a transfer needs and others must leave blank; the amount above zero."""
    fits = True
    if change is CommitmentChange.TRANSFER:
        if row.text("buyer") is None:
            planning.problem(
                table, row, "buyer", "required", Text("转让须填写受让方", "a transfer needs the buyer")
            )
            fits = False
    else:
        for name in ("buyer", *_MOVED, "price"):
            if row[name] is not None:
                planning.problem(
                    table, row, name, "transfer_only", Text("仅转让时填写", "for transfers only"), row[name]
                )
                fits = False
    if row.fen("amount") == 0:
        planning.problem(
            table, row, "amount", "not_positive", Text("金额须大于零", "an amount above zero"), 0
        )
        fits = False
    return fits


def _postings(
    row: TypedRow, change: CommitmentChange, fund: int, investor: int, buyer: int, amount: int
) -> list[Posting]:
    if change is CommitmentChange.REDUCTION:
        return [posting(PostingKind.COMMITMENT_REDUCTION, fund, investor, amount, fund)]
    if change is not CommitmentChange.TRANSFER:
        return [posting(PostingKind.COMMITMENT, investor, fund, amount, fund)]
    postings = [posting(PostingKind.COMMITMENT_TRANSFER, investor, buyer, amount, fund)]
    postings += [
        posting(kind, investor, buyer, fen, fund) for name, kind in _MOVED.items() if (fen := row.fen(name))
    ]
    if price := row.fen("price"):
        postings.append(posting(PostingKind.SECONDARY_PURCHASE, buyer, investor, price, fund))
    return postings


def _note(number: str | None, document: str | None) -> str | None:
    return " · ".join(part for part in (number, document) if part) or None
