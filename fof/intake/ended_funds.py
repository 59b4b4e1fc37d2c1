"""Nothing begins at a fund that has come to its end: it promises, calls and is worth nothing of its own once another absorbed it,
and takes no new promise once it was closed. What is late for it (payments, distributions) still comes.

Calls after a closing are judged by the journal itself (fof.ledger.checks.closing), whatever door they come by.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from fof.book.absorbed import absorptions
from fof.errors import Problem
from fof.intake.planning import Planning
from fof.ledger import Draft, day_number, to_date
from models.facts import FACTS
from models.journal import Fact, Mark
from models.kinds import FundStatus
from models.posting_kinds import PostingKind
from models.text import Text

_PROMISED, _CALLED = (
    frozenset({int(PostingKind.COMMITMENT)}),
    frozenset({int(PostingKind.CALL_DUE), int(PostingKind.CALL_DUE_OUTSIDE)}),
)


class _Begun(NamedTuple):
    """What a draft begins at a fund: a promise, a call, or a value of it."""

    fund: int
    what: Text
    promise: bool


def begun_after_the_end(planning: Planning) -> list[Problem]:
    """A problem for every draft that begins something at a fund after the day on which it was absorbed or closed."""
    begun = [(draft, one) for draft in planning.drafts for one in _begun(draft)]
    if not begun:
        return []
    absorbed, status = _absorbed(planning), _statuses(planning, {one.fund for _, one in begun})
    return [p for draft, one in begun for p in _judged(planning, draft, one, absorbed, status)]


def _judged(
    planning: Planning,
    draft: Draft,
    one: _Begun,
    absorbed: dict[int, tuple[int, int]],
    status: dict[int, list[tuple[int, str]]],
) -> Iterator[Problem]:
    day = day_number(draft.effective_on)
    name = _name(planning, one.fund)
    if one.fund in absorbed and absorbed[one.fund][0] < day:
        since, heir = to_date(absorbed[one.fund][0]), _name(planning, absorbed[one.fund][1])
        text = Text(
            f"{name} 已于 {since} 并入 {heir}，此后的{one.what.zh}请记在 {heir} 名下",
            f"{name} was merged into {heir} on {since}: {one.what.en} after that is of {heir}",
        )
        yield Problem("fund_absorbed", text, str(draft.effective_on), draft.source.where())
        return
    before = [s for s in status.get(one.fund, ()) if s[0] < day]
    if one.promise and before and before[-1][1] == FundStatus.CLOSED.value:
        text = Text(
            f"{name} 自 {to_date(before[-1][0])} 已清算，不再接受认缴",
            f"{name} is closed since {to_date(before[-1][0])}: nothing is committed to it any more",
        )
        yield Problem("fund_closed", text, str(draft.effective_on), draft.source.where())


def _begun(draft: Draft) -> Iterator[_Begun]:
    kinds: dict[int, set[int]] = {}
    for p in draft.postings:
        if p.fund is not None:
            kinds.setdefault(p.fund, set()).add(int(p.kind))
    for fund, own in kinds.items():
        if own & _PROMISED:
            yield _Begun(fund, Text("认缴", "what is committed"), True)
        elif own & _CALLED:
            yield _Begun(fund, Text("出资通知", "what is called"), False)
    for row in draft.rows:
        if isinstance(row, Mark):
            yield _Begun(row.holding, Text("净值", "the value"), False)


def _absorbed(planning: Planning) -> dict[int, tuple[int, int]]:
    """Fund -> (day number, successor), by the book and by what the plan states."""
    ended = {a.former: (a.day, a.successor) for a in absorptions(planning.view)}
    for day, heir, value in _stated(planning, "successor_of"):
        for code in FACTS["successor_of"].parse(value):  # type: ignore[union-attr]
            if code in planning.parties:
                ended.setdefault(planning.parties[code][0], (day, heir))
    return ended


def _statuses(planning: Planning, funds: set[int]) -> dict[int, list[tuple[int, str]]]:
    """Statuses of the funds by day, of the book and of the plan; of one day the later statement last."""
    stated: dict[int, list[tuple[int, str]]] = {
        fund: [(r.day, r.row[3]) for r in planning.view.fact_records(fund, "status")]
        for fund in funds & planning.view.parties.keys()
    }
    for day, fund, value in _stated(planning, "status"):
        if fund in funds:
            stated.setdefault(fund, []).append((day, value))
    return {fund: sorted(own, key=lambda s: s[0]) for fund, own in stated.items()}


def _stated(planning: Planning, name: str) -> Iterator[tuple[int, int, str]]:
    for draft in planning.drafts:
        for row in draft.rows:
            if isinstance(row, Fact) and row.name == name and row.party is not None:
                yield day_number(draft.effective_on), row.party, row.value


def _name(planning: Planning, party: int) -> str:
    if party in planning.view.parties:
        return planning.view.name(party)
    return next((code for code, (number, _) in planning.parties.items() if number == party), str(party))
