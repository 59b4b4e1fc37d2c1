"""What is far out of line with a fund's own history: pointed out before booking, never refused.

A slip of the unit is a factor of ten thousand, a slip of the year or fund leaves money without what it came from.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from functools import cached_property

import numpy as np

from fof.book.succession import lineage
from fof.errors import Problem
from fof.intake.planned_balances import PlannedBalances
from fof.intake.planning import Planning
from fof.ledger import Draft
from models.journal import Edge, Mark, Notice
from models.kinds import FUND_KINDS, EntryKind
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text, counted

DISTRIBUTED_AT_MOST = 3
"""A single distribution of more than so many times all that was ever paid in is pointed out."""
VALUE_AT_MOST = 20
"""So many times what was paid in, for a value."""
JUMP = 10
"""So many times, up or down, from the value before."""
_DUE = [int(PostingKind.CALL_DUE), int(PostingKind.CALL_DUE_OUTSIDE)]
DUE_AT_MOST = 366
"""Days from a notice to the day on which it is due."""
COMMITTED_AT_MOST = 1_000
"""So many times the fund's other commitments together, or their part."""


def implausible(planning: Planning) -> list[Problem]:
    """Warnings about drafts of the plan, in its order."""
    if not planning.drafts:
        return []
    history = _Totals(planning)
    return [problem for draft in planning.drafts for problem in _looked(history, draft)]


class _Totals:
    """Committed and paid in by fund, over all days, book and plan together; values by holder and holding."""

    def __init__(self, planning: Planning) -> None:
        self.planning = planning
        stated = [m for d in planning.drafts for m in d.rows if isinstance(m, Mark)]
        named = {party for m in stated for party in (m.holding, m.holder)}
        funds = {p.fund for d in planning.drafts for p in d.postings if p.fund is not None}
        named |= {former for party in named | funds for former in self.line(party)}
        self.balances = PlannedBalances(planning, ("committed", "paid_in", "distributed"), named)
        self.values: dict[tuple[int, int], int] = {}
        for mark in planning.view.marks:
            self.values[mark.row.holder, mark.row.holding] = mark.row.fen

    @cached_property
    def funds(self) -> set[int]:
        """Every party that is a fund, of the book and of the plan."""
        return {number for number, kind in self.planning.parties.values() if kind in FUND_KINDS}

    @cached_property
    def owned(self) -> set[tuple[int, int]]:
        """(owner, owned) of every stated ownership, of the book and of the plan."""
        stated = [e.row for e in self.planning.view.edges]
        stated += [row for draft in self.planning.drafts for row in draft.rows if isinstance(row, Edge)]
        return {(e.owner, e.owned) for e in stated}

    def line(self, party: int) -> frozenset[int]:
        """The party and what it succeeded."""
        view = self.planning.view
        return lineage(view, party) if party in view.parties else frozenset({party})

    @cached_property
    def asked(self) -> set[tuple[int, int]]:
        """(fund, investor) of everybody whom a notice of the book or of the plan asks for money."""
        p = self.planning.view.postings
        due = np.isin(p.kind, _DUE)
        booked = set(zip(p.fund[due].tolist(), p.from_party[due].tolist(), strict=True))
        planned = (one for draft in self.planning.drafts for one in draft.postings if one.kind in _DUE)
        return booked | {(one.fund or 0, one.from_party) for one in planned}


def _looked(history: _Totals, draft: Draft) -> Iterator[Problem]:
    sums: Counter[int] = Counter()
    for p in draft.postings:
        if p.fund is not None:
            sums[p.fund] += p.fen
    for fund, fen in sums.items():
        line = history.line(fund)  # what an absorbed fund was paid is counted with its successor
        committed, paid = (
            sum(history.balances.of_fund(m, own) for own in line) for m in ("committed", "paid_in")
        )
        if draft.kind is EntryKind.DISTRIBUTION and fen > DISTRIBUTED_AT_MOST * paid:
            yield _warning(
                draft,
                fen,
                Text(
                    f"本次分配超过该基金累计实缴 {yuan_text(paid)} 的 {DISTRIBUTED_AT_MOST} 倍",
                    f"more than {DISTRIBUTED_AT_MOST} times the {yuan_text(paid)} ever paid into the fund",
                ),
            )
        elif draft.kind is EntryKind.CALL_PAYMENT and history.balances.of_fund("distributed", fund):
            unasked = {(fund, p.from_party) for p in draft.postings if p.fund == fund} - history.asked
            if unasked:
                yield _warning(
                    draft,
                    fen,
                    Text(
                        "没有通知要求该出资人缴款，而该基金已有分配；若为退回分配，请在分配表的“退回分配”列填写",
                        "no notice asks this investor for money, and the fund has distributed: what gives back a distribution belongs "
                        "in the column of returned distributions",
                    ),
                )
        elif draft.kind in (EntryKind.FUND_CASH, EntryKind.DEAL) and fen > max(committed, paid) > 0:
            yield _warning(
                draft,
                fen,
                Text(
                    f"超过该基金全部认缴 {yuan_text(max(committed, paid))}",
                    f"more than all {yuan_text(max(committed, paid))} committed to the fund",
                ),
            )
        elif draft.kind is EntryKind.COMMITMENT:
            others = committed - fen
            if others > 0 and not others <= fen * COMMITTED_AT_MOST <= others * COMMITTED_AT_MOST**2:
                yield _warning(
                    draft,
                    fen,
                    Text(
                        f"与该基金其他认缴合计 {yuan_text(others)} 相差千倍以上，请核对单位",
                        f"a thousand times more or less than the {yuan_text(others)} committed beside it; is the unit right",
                    ),
                )
    for row in draft.rows:
        if isinstance(row, Mark) and row.fen:
            yield from _value(history, draft, row)
        elif isinstance(row, Notice) and draft.kind is EntryKind.CAPITAL_CALL and row.due_on is not None:
            yield from _due(draft, row.due_on)


def _without_a_stake(history: _Totals, mark: Mark) -> bool:
    """A value of a share of a fund for a party that neither promised nor paid it anything, nor is stated to own of it."""
    if mark.holder == mark.holding or mark.holding not in history.funds:
        return False
    if history.balances.moved_by(mark.holding, mark.holder):
        return False
    return not any(
        history.balances.moved_by(fund, party) or (party, fund) in history.owned
        for party in history.line(mark.holder)
        for fund in history.line(mark.holding)
    )


def _value(history: _Totals, draft: Draft, mark: Mark) -> Iterator[Problem]:
    if _without_a_stake(history, mark):
        yield _warning(
            draft,
            mark.fen,
            Text(
                "该出资人对这只基金既无认缴、实缴，也无权属记录，请核对出资人",
                "this party has neither promised nor paid this fund anything, nor is it stated to own of it; is it the right one",
            ),
        )
    before = history.values.get((mark.holder, mark.holding))
    history.values[mark.holder, mark.holding] = mark.fen
    if before and not before <= mark.fen * JUMP <= before * JUMP**2:
        yield _warning(
            draft,
            mark.fen,
            Text(
                f"与上次估值 {yuan_text(before)} 相差 {JUMP} 倍以上，请核对单位",
                f"{JUMP} times more or less than the value before, {yuan_text(before)}; is the unit right",
            ),
        )
        return
    fund = mark.holding if history.balances.moved("paid_in", mark.holding) else mark.holder
    paid = history.balances.of_fund("paid_in", fund)
    if before is None and mark.fen > VALUE_AT_MOST * paid > 0:
        yield _warning(
            draft,
            mark.fen,
            Text(
                f"超过该基金累计实缴 {yuan_text(paid)} 的 {VALUE_AT_MOST} 倍",
                f"more than {VALUE_AT_MOST} times the {yuan_text(paid)} ever paid into the fund",
            ),
        )


def _due(draft: Draft, due_on: dt.date) -> Iterator[Problem]:
    days = (due_on - draft.effective_on).days
    if days > DUE_AT_MOST:
        text = Text(
            f"缴款截止日晚于通知日 {days} 天，请核对年份",
            f"due {counted(days, 'day')} after the notice; is the year right",
        )
        yield Problem("implausible", text, due_on.isoformat(), draft.source.where())


def _warning(draft: Draft, fen: int, text: Text) -> Problem:
    return Problem("implausible", text, yuan_text(fen), draft.source.where())
