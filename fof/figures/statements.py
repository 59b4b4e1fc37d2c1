"""Capital accounts and the NAV bridge of a period, closing to the fen.

A statement is for the days after `start` up to and including `end`. Its two ends are values as fof.book.values gives them
(stated, or rolled and said so). Contributions and distributions come from the postings. The result between them is
itemised from the fund's own cash and the values of its holdings where the book knows these; otherwise it is one line,
worked out backwards. Where the itemised lines do not add up to the reported closing value, the rest stands in a line
of its own (residual) and is never spread over the others. Line names follow the ILPA reporting template.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Literal

import numpy as np

from fof.book.absorbed import absorptions
from fof.book.flows import Flows, flows_here, places_in
from fof.book.holdings import holdings
from fof.book.reading import Reason
from fof.book.stakes import stakes
from fof.book.transfers import Handover, handovers, stake_prices
from fof.book.value_accounts import Carried, carried_along
from fof.book.value_grid import MOVED_UNKNOWN
from fof.book.value_steps import ValueStep
from fof.book.values import Value, fund_values, stake_values
from fof.errors import Problem, Refused
from fof.figures.statement_items import AccountLine, Sale, Statement
from fof.ledger import View, day_number, to_date
from fof.ledger.journal_columns import Ints
from models.money import Money
from models.posting_kinds import PostingKind
from models.text import Text

SHARED_OUT = Reason(
    "shared_by_paid_in",
    Text(
        "基金损益按各出资人实缴比例分摊，与报告净值的差额列为差异",
        "the fund's result is shared by paid-in capital; the difference from the reported value is the residual",
    ),
)
K = PostingKind


_GROUPS: tuple[tuple[str, Text, tuple[PostingKind, ...]], ...] = (
    (
        "call_investment",
        Text("出资：投资款", "Contributions: investments"),
        (K.CALL_INVESTMENT, K.CALL_WORKING_CAPITAL, K.DEEMED_GP_CONTRIBUTION),
    ),
    (
        "call_fees",
        Text("出资：管理费与费用", "Contributions: fees and expenses"),
        (K.CALL_FEES_AND_EXPENSES, K.CALL_FEE_INSIDE, K.CALL_EXPENSE, K.CALL_FACILITY_COST),
    ),
    (
        "call_outside",
        Text("出资：认缴外费用", "Contributions: outside commitment"),
        (K.CALL_FEE_OUTSIDE, K.CALL_PLACEMENT_FEE),
    ),
    ("contribution_in_kind", Text("出资：非货币", "Contributions in kind"), (K.CONTRIBUTION_IN_KIND,)),
    (
        "excess_returned",
        Text("退回多缴出资", "Excess calls returned"),
        (K.EXCESS_CALL_RETURNED, K.EXCESS_CALL_RETURNED_FEES),
    ),
    (
        "distribution_capital",
        Text("分配：本金", "Distributions: return of capital"),
        (K.DISTRIBUTION_RETURN_OF_CAPITAL, K.DISTRIBUTION_RETURN_OF_FEES, K.DISTRIBUTION_RETURN_OF_EXPENSES),
    ),
    (
        "distribution_gain",
        Text("分配：收益", "Distributions: gain and income"),
        (K.DISTRIBUTION_GAIN, K.DISTRIBUTION_INCOME),
    ),
    (
        "distribution_recallable",
        Text("分配：可召回", "Distributions: recallable"),
        (
            K.DISTRIBUTION_RECALLABLE,
            K.DISTRIBUTION_RECALLABLE_CAPITAL,
            K.DISTRIBUTION_RECALLABLE_FEES,
            K.DISTRIBUTION_RECALLABLE_EXPENSES,
        ),
    ),
    (
        "distribution_in_kind",
        Text("分配：实物", "Distributions in kind"),
        (K.DISTRIBUTION_IN_KIND,),
    ),
    ("distribution_other", Text("分配：未分项", "Distributions: not itemised"), (K.DISTRIBUTION_PERMANENT,)),
    ("distribution_returned", Text("退回分配", "Distributions returned"), (K.DISTRIBUTION_RETURNED,)),
)
"""Flow lines: every kind that enters paid-in or distributed stands in exactly one of them (a test holds it)."""


def capital_account(view: View, fund: int, investor: int, start: dt.date) -> Statement:
    """One investor's capital account for the days after `start` up to the view's as-of day.

    Where the fund's result is itemised it is shared out by the investors' paid-in capital on the closing day (largest
    remainder: the investors' lines add up to the fund's), and what the reported value of the account says otherwise is
    the residual: carried interest is not shared by paid-in capital. A stake that changed hands in the period gets one
    line worked out backwards instead. Refused where start is not before the as-of day.
    """
    end = _period(view, start)
    before = view.on(start)
    [opening], [closing] = stake_values(before, [(fund, investor)]), stake_values(view, [(fund, investor)])
    flow_items = _flow_items(flows_here(view, {fund}, {investor}), start, end)
    moved, sales, unknown = _transferred(view, fund, investor, start)
    if unknown is not None and opening.fen is not None and closing.fen is not None:
        return Statement(fund, investor, start, end, opening, closing, (), None, False, unknown, sales)
    results = None if moved else _results(view, before, fund, start)
    shared = None if results is None else _shared(view, fund, investor, results)
    statement = _statement(fund, investor, start, end, opening, closing, [*flow_items, *moved], shared)
    return replace(statement, sales=sales)


def _shared(view: View, fund: int, investor: int, results: list[AccountLine]) -> list[AccountLine] | None:
    """The investor's part of the fund's result; None where the investor has no paid-in capital left to share by."""
    own = stakes(view).of(None, {fund})
    weights = [max(0, fen) for fen in own.paid_in.tolist()]
    investors = own.investor.tolist()
    if investor not in investors or not weights[investors.index(investor)]:
        return None
    place = investors.index(investor)
    items = []
    for item in results:
        part = Money(abs(item.fen)).split(weights)[place].fen
        items.append(replace(item, fen=part if item.fen > 0 else -part, places=(), parts=(), whole=item.fen))
    return items


def bridge(view: View, fund: int, start: dt.date) -> Statement:
    """The fund's NAV bridge for the days after `start` up to the view's as-of day, with the residual as its own bar."""
    end = _period(view, start)
    before = view.on(start)
    [opening], [closing] = fund_values(before, [fund]), fund_values(view, [fund])
    flow_items = _flow_items(flows_here(view, {fund}), start, end)
    return _statement(
        fund, None, start, end, opening, closing, flow_items, _results(view, before, fund, start)
    )


def _period(view: View, start: dt.date) -> dt.date:
    assert view.as_of is not None, "a statement needs an as-of day"
    if start >= view.as_of:
        raise Refused(
            [
                Problem(
                    "empty_period",
                    Text("期初必须早于期末", "the period must begin before it ends"),
                    start.isoformat(),
                )
            ],
            Text("报表期间", "statement period"),
        )
    return view.as_of


def _statement(
    fund: int,
    investor: int | None,
    start: dt.date,
    end: dt.date,
    opening: Value,
    closing: Value,
    flow_items: list[AccountLine],
    results: list[AccountLine] | None,
) -> Statement:
    if opening.fen is None or closing.fen is None:
        missing = opening if opening.fen is None else closing
        return Statement(fund, investor, start, end, opening, closing, (), None, False, missing.note)
    rest = closing.fen - opening.fen - sum(i.fen for i in flow_items)
    items = [AccountLine("opening", Text("期初净值", "Beginning NAV"), opening.fen, "opening"), *flow_items]
    residual = 0
    if results is None:
        items.append(
            AccountLine("result", Text("本期损益（倒算）", "Net gain or loss (derived)"), rest, "result")
        )
    else:
        items += results
        residual = rest - sum(i.fen for i in results)
        if residual:
            items.append(AccountLine("residual", Text("未解释差异", "Residual"), residual, "residual"))
    items.append(AccountLine("closing", Text("期末净值", "Ending NAV"), closing.fen, "closing"))
    assert sum(i.fen for i in items[:-1]) == closing.fen
    note = SHARED_OUT if results and investor is not None else None
    return Statement(
        fund, investor, start, end, opening, closing, tuple(items), residual, results is not None, note
    )


def _flow_items(own: Flows, start: dt.date, end: dt.date) -> list[AccountLine]:
    """Contributions and distributions of the period by line; + into the account."""
    inside = own.where((own.day > day_number(start)) & (own.day <= day_number(end)))
    items = []
    for name, text, kinds in _GROUPS:
        part = inside.where(np.isin(inside.kind, [int(k) for k in kinds]))
        if len(part):
            items.append(_of_postings(name, text, "flow", part.place, part.paid_in - part.distributed))
    return items


def _of_postings(
    name: str, text: Text, kind: Literal["flow", "result"], places: Ints, fen: Ints
) -> AccountLine:
    """A line that is the sum of postings, with what each adds."""
    return AccountLine(name, text, int(fen.sum()), kind, tuple(places.tolist()), parts=tuple(fen.tolist()))


def _transferred(
    view: View, fund: int, investor: int, start: dt.date
) -> tuple[list[AccountLine], tuple[Sale, ...], Reason | None]:
    """The value of what came or went during the period, a line each (ILPA: partner transfers); what was sold for a price;
    and why there is no statement, where what changed hands has no value."""
    changed = {h.place: h for h in handovers(view).get(fund, ())}
    pair = (fund, investor)
    items: list[AccountLine] = []
    sales: list[Sale] = []
    unknown = None
    for step, carried in _passed_on(view, fund, start):
        if pair not in (step.seller, step.buyer):
            continue
        out = step.seller == pair
        places = tuple(places_in(view, np.array([step.place])).tolist()) if step.place >= 0 else ()
        if carried.fen is None:
            unknown = MOVED_UNKNOWN
        elif carried.fen:
            items.append(_moved(step, -carried.fen if out else carried.fen, places))
        handover = changed.get(step.place)
        if out and handover is not None and handover.price is not None:
            paid = tuple(places_in(view, np.array(_price_places(view, handover))).tolist())
            sales.append(Sale(to_date(step.day), step.buyer[1], handover.price, carried.fen, paid, places))
    return items, tuple(sales), unknown


def _passed_on(view: View, fund: int, start: dt.date) -> Iterator[tuple[ValueStep, Carried]]:
    """What took value from one stake to another after a day, whatever the fund on the other side."""
    if handovers(view).get(fund) or absorptions(view):
        yield from ((s, c) for s, c in carried_along(view, fund).items() if s.day > day_number(start))


def _price_places(view: View, sale: Handover) -> list[int]:
    """Where the price of a transfer stands: in the same entry, from its buyer to its seller."""
    parties = (sale.entry, sale.fund, sale.buyer, sale.seller)
    return [p.place for p in stake_prices(view) if (p.entry, p.fund, p.buyer, p.seller) == parties]


def moved_in(view: View, pairs: Collection[tuple[int, int]], start: dt.date) -> int | None:
    """Carrying value of what came to some stakes from others after a day, less what went, in fen; None where not known.

    pairs : (fund, investor); a whole fund (investor -1) takes nothing from others
    """
    own = set(pairs)
    total = 0
    for fund in {fund for fund, investor in own if investor >= 0}:
        for step, carried in _passed_on(view, fund, start):
            side = (step.buyer in own) - (step.seller in own)
            if side and fund == (step.buyer if side > 0 else step.seller)[0]:
                if carried.fen is None:
                    return None
                total += side * carried.fen
    return total


def _moved(step: ValueStep, fen: int, places: tuple[int, ...]) -> AccountLine:
    if step.place < 0:
        return AccountLine("absorbed", Text("基金并入", "Fund absorbed"), fen, "flow", step=step)
    text = Text("份额转让", "Partner transfers")
    return AccountLine("transfer", text, fen, "flow", places, parts=(fen,))


# -- the fund's own result ----------------------------------------------------------------------------------------

_RESULTS: tuple[tuple[str, Text, tuple[PostingKind, ...], tuple[PostingKind, ...]], ...] = (
    ("management_fee", Text("管理费", "Management fees"), (K.FEE_REBATE,), (K.MANAGEMENT_FEE,)),
    (
        "expenses",
        Text("基金费用与税费", "Partnership expenses and taxes"),
        (),
        (K.FUND_EXPENSE, K.TAX, K.FACILITY_COST),
    ),
    ("carry", Text("业绩报酬", "Carried interest"), (K.CLAWBACK,), (K.CARRY,)),
    (
        "interest",
        Text("利息收入", "Interest income"),
        (K.INTEREST_INCOME, K.LATE_INTEREST, K.EQUALISATION_PAID),
        (K.EQUALISATION_RECEIVED,),
    ),
    ("dividends", Text("股息收入", "Dividend income"), (K.DIVIDEND,), ()),
    (
        "treasury",
        Text("财政拨款与上缴", "Appropriations and remittances"),
        (K.FISCAL_APPROPRIATION,),
        (K.TREASURY_REMITTANCE,),
    ),
)
"""Result lines from the fund's cash: kinds that raise its value, kinds that lower it."""


def _results(view: View, before: View, fund: int, start: dt.date) -> list[AccountLine] | None:
    """The itemised result of a fund, None where the book knows nothing of what it does with its money.

    realised = proceeds - cost released; unrealised = change of (value - cost). A holding without a value at either end
    makes the two unknown: then nothing is itemised.
    """
    cash = _cash_items(view, fund, start)
    then, now = holdings(before, fund), holdings(view, fund)
    if not now and not cash:
        return None
    if any(h.value.fen is None for h in (*then, *now)):
        return None
    realised = sum(h.realised for h in now) - sum(h.realised for h in then)
    unrealised = sum(h.unrealised for h in now) - sum(h.unrealised for h in then)
    items = list(cash)
    if realised:
        items.append(
            AccountLine("realised", Text("已实现损益", "Net realized gain or loss"), realised, "result")
        )
    if unrealised:
        items.append(
            AccountLine("unrealised", Text("未实现损益", "Net unrealized gain or loss"), unrealised, "result")
        )
    return items


def _cash_items(view: View, fund: int, start: dt.date) -> list[AccountLine]:
    p = view.postings
    mine = np.flatnonzero((p.fund == fund) & (p.day > day_number(start)))
    kinds = p.kind[mine]
    items = []
    for name, text, up, down in _RESULTS:
        rows_up = mine[np.isin(kinds, [int(k) for k in up])]
        rows_down = mine[np.isin(kinds, [int(k) for k in down])]
        if len(rows_up) or len(rows_down):
            fen = np.concatenate([p.fen[rows_up], -p.fen[rows_down]])
            items.append(_of_postings(name, text, "result", np.concatenate([rows_up, rows_down]), fen))
    return items
