"""Clawback owed (回拨): carry a manager got above its share of the whole fund's profit, fund by fund, on any day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import numpy as np

from fof.book.carry_paid import carry_paid, less_returned
from fof.book.fee_terms import manager_free
from fof.book.flows import flows
from fof.book.reading import Reason
from fof.book.values import fund_values
from fof.ledger import View, day_number
from fof.operations.terms import agreed
from models.frozen import frozen
from models.text import Text
from valuation.carry import Clawback, ClawbackTerms, clawback
from valuation.refusals import ValuationError


@frozen
class ClawbackOwed:
    """What the manager of one fund would have to return on the view's day, in fen.

    carry_paid : carry the manager got          returned : what it has given back
    profit     : distributions and carry kept, less what was paid in, by cash alone; below 0 for a loss
    carry_due  : its share of that profit, 0 without one
    shortfall  : what the investors lack of their capital and hurdle return, by cash alone
    owed       : of carry not yet returned, the greater of what is above the share and of the shortfall, at most all of it;
                 None where a term is missing (`note`)
    at_value   : the same where the fund's value on the day counts as paid out; None where there is no value
    """

    fund: int
    carry_paid: int
    returned: int
    profit: int | None
    carry_due: int | None
    shortfall: int | None
    owed: int | None
    at_value: int | None
    note: Reason | None = None


def clawbacks(view: View, funds: Collection[int]) -> list[ClawbackOwed]:
    """Every one of the funds that has paid carry, by code, on the view's day under the terms in force on it.

    Formula: valuation.carry.clawback (ILPA Principles 3.0, GF-45), of the whole fund. What was returned lowers the carry
    that was paid last, and counts as the investors' from that day on, whether or not the fund has passed it on.
    """
    assert view.as_of is not None, "a clawback needs an as-of day"
    paying = sorted((f for f in funds if carry_paid(view, f)[0]), key=lambda f: view.parties[f].code)
    values = fund_values(view, paying)
    return [_owed(view, fund, value.fen, value.note) for fund, value in zip(paying, values, strict=True)]


def _owed(view: View, fund: int, value: int | None, no_value: Reason | None) -> ClawbackOwed:
    assert view.as_of is not None
    carried, back = carry_paid(view, fund)
    paid, returned = sum(carried.values()), sum(back.values())
    terms, problems = agreed(view, fund)
    if terms is None:
        note = Reason(
            "term_missing",
            Text("；".join(p.expected.zh for p in problems), "; ".join(p.expected.en for p in problems)),
        )
        return ClawbackOwed(fund, paid, returned, None, None, None, None, None, note)
    clause = ClawbackTerms(terms.carry_rate, terms.hurdle if terms.hurdle_rate else None)
    day = day_number(view.as_of)
    called, received, held = _partners(view, fund, back)
    retained = less_returned(carried, back)
    worth = (
        None if value is None else max(_bearing(view, fund, value) - held, 0)
    )  # what is held stands in both
    try:
        now = _on(clause, called, received, retained, day)
        later = None if worth is None else _on(clause, called, _with(received, day, worth), retained, day)
    except ValuationError as error:
        note = Reason(
            "terms_refused", Text(f"回拨无法计算：{error}", f"the clawback cannot be computed: {error}")
        )
        return ClawbackOwed(fund, paid, returned, None, None, None, None, None, note)
    return ClawbackOwed(
        fund,
        paid,
        returned,
        now.profit,
        now.carry_due,
        now.shortfall,
        now.amount,
        None if later is None else later.amount,
        no_value if later is None else None,
    )


def _on(
    terms: ClawbackTerms, called: dict[int, int], received: dict[int, int], retained: dict[int, int], day: int
) -> Clawback:
    cash = sorted({*received, *retained})
    return clawback(
        terms,
        sorted(called),
        [called[d] for d in sorted(called)],
        cash,
        [received.get(d, 0) for d in cash],
        [retained.get(d, 0) for d in cash],
        day,
    )


def _partners(view: View, fund: int, back: dict[int, int]) -> tuple[dict[int, int], dict[int, int], int]:
    """What all investors that bear carry paid in and received by day; carry that came back and is still held, theirs as well."""
    own = flows(view).of(None, {fund})
    own = own.where(~np.isin(own.investor, list(manager_free(view, fund, "carry"))))
    called: dict[int, int] = defaultdict(int)
    received: dict[int, int] = defaultdict(int)
    for day, paid_in, out in zip(
        own.day.tolist(), own.paid_in.tolist(), own.distributed.tolist(), strict=True
    ):
        called[day] += max(paid_in, 0) + max(-out, 0)  # a distribution given back is paid in once more
        received[day] += max(out, 0) + max(-paid_in, 0)  # capital that goes back is received
    held = 0
    for day in sorted({*received, *back}):
        passed_on = min(held, received.get(day, 0))
        received[day] = received.get(day, 0) - passed_on + back.get(day, 0)
        held += back.get(day, 0) - passed_on
    return dict(called), {d: fen for d, fen in received.items() if fen > 0}, held


def _bearing(view: View, fund: int, value: int) -> int:
    """The part of a value that belongs to the investors that bear carry, by capital paid in, rounded down."""
    free = manager_free(view, fund, "carry")
    if not free:
        return value
    own = flows(view).of(None, {fund})
    paid_in = int(own.paid_in.sum())
    others = int(own.paid_in[~np.isin(own.investor, list(free))].sum())
    return value * others // paid_in if paid_in > 0 else value


def _with(received: dict[int, int], day: int, fen: int) -> dict[int, int]:
    return {**received, day: received.get(day, 0) + fen}
