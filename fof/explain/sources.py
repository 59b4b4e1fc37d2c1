"""What goes into a figure, row by row: postings, statements of value, disclosures, each with its entry and document."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import field, replace
from typing import TYPE_CHECKING, TypeVar

import numpy as np

from fof.book.absorbed import Absorption, absorptions
from fof.book.currencies import currency_of, held_in, in_order, of_number, of_postings
from fof.book.filed_documents import RowKey, row_documents
from fof.book.flows import flows_here, places_in
from fof.book.lines import latest_positions
from fof.book.marks import latest, marks
from fof.book.reading import as_of_day
from fof.book.value_accounts import Carried, carried_along, last_statement
from fof.book.value_funds import fund_accounts, fund_before
from fof.book.value_grid import ABSORBED, HANDED_OVER, NO_DAY, NOTES, NOTHING_PAID, SUM_OF_ACCOUNTS
from fof.book.value_steps import ValueStep
from fof.book.values import Value, stake_values
from fof.errors import Unknown
from fof.ledger import View, to_date
from fof.ledger.journal_columns import Ints
from models.frozen import frozen
from models.kinds import FUND_KINDS, MarkMethod
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import Text

if TYPE_CHECKING:
    from fof.figures.leverage import Leverage
    from fof.figures.performance.measured import Performance

R = TypeVar("R", "Performance", "Leverage")
ROWS_AT_MOST = 2000
"""Rows listed for one part; what is left out is counted and summed."""


def in_currency(row: R, currency: str) -> R:
    """The subtotal of one currency. Unknown where the row has none in it."""
    own: R | None = next((r for r in row.each if r.currency == currency), None)
    if own is None:
        raise Unknown(Text("币种", "currency"), currency, [r.currency for r in row.each if r.currency])
    return own


@frozen
class SourceRow:
    """One thing that went into a figure.

    table    : "posting", "mark", "position", "notice", "holding" (a change of value less cost), "owner" (a share)
    entry    : that brought it, None for what is worked out from several
    fen      : signed, as it enters the part         share : for owners, as it enters the part
    document : the document it rests on            source : the file, sheet and row its entry was read from
    currency : of the amount; None where the part says it
    """

    table: str
    entry: int | None
    line: int | None
    day: dt.date | None
    kind: str
    kind_text: Text
    from_party: int | None
    to_party: int | None
    fund: int | None
    fen: int | None
    share: float | None = None
    document: str | None = None
    source: str | None = None
    currency: str | None = None


@frozen
class FigureTerm:
    """One term of the formula. fen (or share) is the sum of its rows and of what was left out of the list.

    currency : of its amounts, None where the rows state none or several; then there is no sum
    by_entry : entry -> what its rows add, all rows counted; None holds what is worked out from several entries
    """

    name: str
    text: Text
    fen: int | None
    rows: tuple[SourceRow, ...]
    share: float | None = None
    left_out: int = 0
    left_out_fen: int | None = 0
    by_entry: Mapping[int | None, int] = field(default_factory=dict, compare=False, repr=False)
    currency: str | None = None


def part(
    name: str, text: Text, fen: int | None, rows: Sequence[SourceRow], share: float | None = None
) -> FigureTerm:
    """A part with its rows by day; the latest ROWS_AT_MOST of them are listed. Rows in several currencies have no sum."""
    ordered = sorted(rows, key=lambda r: (r.day or dt.date.min, r.entry or 0, r.line or 0))
    largest = ordered[-ROWS_AT_MOST:]
    rest = ordered[: len(ordered) - len(largest)]
    by_entry: dict[int | None, int] = {}
    for row in ordered:
        if row.fen:
            by_entry[row.entry] = by_entry.get(row.entry, 0) + row.fen
    codes = in_order(r.currency for r in rows if r.currency is not None)
    left = sum(r.fen or 0 for r in rest)
    if len(codes) > 1:
        return FigureTerm(name, text, None, tuple(largest), share, len(rest), None)
    code = codes[0] if codes else None
    return FigureTerm(name, text, fen, tuple(largest), share, len(rest), left, by_entry, code)


def summed(name: str, text: Text, rows: Sequence[SourceRow]) -> FigureTerm:
    """A part that is the sum of its rows."""
    return part(name, text, sum(r.fen or 0 for r in rows), rows)


def with_documents(view: View, parts: Sequence[FigureTerm]) -> tuple[FigureTerm, ...]:
    """The parts with the document of every listed row, and where its entry was read from."""
    keys = {_key(r) for p in parts for r in p.rows if r.entry is not None}
    documents = row_documents(view, keys)

    def documented(row: SourceRow) -> SourceRow:
        if row.entry is None:
            return row
        own = documents[_key(row)]
        return replace(row, document=row.document or next(iter(own.cites), own.source), source=own.source)

    several = len({p.currency for p in parts if p.currency is not None}) > 1
    return tuple(
        replace(_distinguished(p) if several else p, rows=tuple(documented(r) for r in p.rows)) for p in parts
    )


def _key(row: SourceRow) -> RowKey:
    assert row.entry is not None
    return row.table, row.entry, row.line


def _distinguished(part_of: FigureTerm) -> FigureTerm:
    """A term that stands there once for each currency, with its own behind its name."""
    if part_of.currency is None:
        return part_of
    return replace(
        part_of,
        text=Text(f"{part_of.text.zh}（{part_of.currency}）", f"{part_of.text.en} ({part_of.currency})"),
    )


# -- postings -----------------------------------------------------------------------------------------------------


def posting_rows(view: View, places: Ints, fen: Ints) -> list[SourceRow]:
    """Postings at positions of the view, with what each adds."""
    p = view.postings
    columns = (p.entry, p.line, p.day, p.kind, p.from_party, p.to_party, p.fund)
    currency = of_postings(view, p.where(places)).tolist() if len(places) else []
    rows = []
    for entry, line, day, kind, frm, to, fund, amount, code in zip(
        *(c[places].tolist() for c in columns), fen.tolist(), currency, strict=True
    ):
        t = TREATMENTS[PostingKind(kind)]
        name = PostingKind(kind).name.lower()
        rows.append(
            SourceRow(
                "posting",
                entry,
                line,
                to_date(day),
                name,
                t.text,
                frm,
                to,
                None if fund < 0 else fund,
                amount,
                currency=of_number(code),
            )
        )
    return rows


# -- statements ---------------------------------------------------------------------------------------------------


def mark_row(view: View, entry: int, line: int, sign: int = 1) -> SourceRow:
    """A statement of value; from_party is the holder, to_party what is held."""
    records = view.journal.rows("mark")
    record = records[bisect_left(records, (entry, line), key=lambda r: (r.entry, r.line))]
    holder, holding, fen, method, *_ = record.row
    marked_by = MarkMethod(method)
    return SourceRow(
        "mark",
        entry,
        line,
        to_date(record.day),
        marked_by.value,
        marked_by.text,
        holder,
        holding,
        holding,
        sign * fen,
        currency=currency_of(view, holding if view.parties[holding].kind in FUND_KINDS else holder),
    )


def position_row(view: View, fund: int, holder: int, figure: str) -> SourceRow:
    """One amount of a disclosed position; fen None where it is not disclosed."""
    position = latest_positions(view)[fund, holder]
    return SourceRow(
        "position",
        position.entry,
        position.line,
        position.day,
        figure,
        Text("持仓披露", "Disclosed position"),
        holder,
        fund,
        fund,
        getattr(position.row, figure),
        currency=held_in(view, fund, holder),
    )


# -- values -------------------------------------------------------------------------------------------------------


def value_rows(
    view: View, fund: int, investor: int, value: Value, sign: int = 1
) -> tuple[list[SourceRow], list[SourceRow]]:
    """(statements, money since) behind a stake's or a whole fund's value; their sum is the value.

    investor -1: the whole fund. A value taken over brings the former holders' statements and money; of a part of a stake
    its part of the value stands in one row. A value that is 0 because nothing was paid in or the stake went has none.
    """
    if value.fen is None or value.note in (NOTHING_PAID, HANDED_OVER, ABSORBED):
        return [], []
    today = as_of_day(view)
    if value.note == SUM_OF_ACCOUNTS:
        accounts = fund_accounts(view, fund)
        values = stake_values(view, accounts)
        return _both([value_rows(view, *pair, v, sign) for pair, v in zip(accounts, values, strict=True)])
    if investor >= 0:
        return _stake_rows(
            view, (fund, investor), sign, today, today, list(carried_along(view, fund).items())
        )
    place = latest(view, fund, fund)
    since = int(marks(view).day[place]) if place >= 0 else NO_DAY
    parts = [_stated_rows(view, fund, None, sign, place, since, today)]
    for one in absorptions(view):
        if one.successor == fund and since < one.day:
            parts.append(_absorbed_rows(view, one, sign))
    return _both(parts)


def _both(
    parts: Sequence[tuple[list[SourceRow], list[SourceRow]]],
) -> tuple[list[SourceRow], list[SourceRow]]:
    return [r for stated, _ in parts for r in stated], [r for _, moved in parts for r in moved]


def _stated_rows(
    view: View, fund: int, investor: int | None, sign: int, place: int, since: int, until: int
) -> tuple[list[SourceRow], list[SourceRow]]:
    """A statement, and the money after it up to a day."""
    columns = marks(view)
    stated = [mark_row(view, int(columns.entry[place]), int(columns.line[place]), sign)] if place >= 0 else []
    own = flows_here(view, {fund}, None if investor is None else {investor})
    own = own.where((own.day > since) & (own.day <= until) & ((own.paid_in != 0) | (own.distributed != 0)))
    return stated, posting_rows(view, own.place, sign * (own.paid_in - own.distributed))


def _stake_rows(
    view: View,
    pair: tuple[int, int],
    sign: int,
    until: int,
    upto: int,
    steps: list[tuple[ValueStep, Carried]],
) -> tuple[list[SourceRow], list[SourceRow]]:
    """What a stake's value is made of on a day, statements counted up to another; steps: all that happened by then."""
    place, since = last_statement(view, pair, upto)
    gone = [n for n, (s, _) in enumerate(steps) if s.seller == pair and s.whole and s.day >= since]
    if gone:
        place, since = -1, steps[gone[-1]][0].day
    parts = [_stated_rows(view, *pair, sign, place, since, until)]
    for n, (step, carried) in enumerate(steps):
        if gone and n <= gone[-1]:
            continue
        if step.seller == pair and not step.whole and since < step.day:
            parts.append(([], _moved_row(view, step, -sign * (carried.fen or 0))))
        if step.buyer == pair and (since < step.day or gone) and carried.fen is not None:
            if step.whole:
                restated = last_statement(view, step.seller, upto)[1] > step.day
                last = step.day if restated or step.returns else until
                parts.append(_stake_rows(view, step.seller, sign, last, step.day, steps[:n]))
            else:
                parts.append(([], _moved_row(view, step, sign * carried.fen)))
    return _both(parts)


def _moved_row(view: View, step: ValueStep, fen: int) -> list[SourceRow]:
    """The part of a value that went along with a part of a stake, with the entry that moved it."""
    if not fen:
        return []
    [row] = posting_rows(view, places_in(view, np.array([step.place])), np.array([fen]))
    return [
        replace(row, kind="value_moved", kind_text=Text("随份额转让的净值", "Value that went with the stake"))
    ]


def _absorbed_rows(view: View, one: Absorption, sign: int) -> tuple[list[SourceRow], list[SourceRow]]:
    """What an absorbed fund's value is made of, as its successor took it over."""
    last, today = fund_before(view, one), as_of_day(view)
    if NOTES[int(last.note[0, 0])] == SUM_OF_ACCOUNTS:
        steps = [(s, c) for s, c in carried_along(view, one.former).items() if (s.day, s.order[1]) < one[:2]]
        own = fund_accounts(view, one.former)
        return _both([_stake_rows(view, pair, sign, today, one.day, steps) for pair in own])
    place, since = int(last.mark[0, 0]), int(last.since[0, 0])
    parts = [_stated_rows(view, one.former, None, sign, place, since, today)]
    earlier = [a for a in absorptions(view) if a.successor == one.former and a < one and since < a.day]
    return _both([*parts, *(_absorbed_rows(view, a, sign) for a in earlier)])
