"""Nothing begins at a fund that has come to its end, whatever door it comes by: it promises, calls and is worth nothing of its own
once another absorbed it, and takes no new promise once it was closed. What is late for it (payments, distributions) still comes.

Calls after a closing are fof.ledger.checks.closing's: a document may name a liability there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from fof.errors import Problem
from fof.ledger.checks.change import PROBLEMS_AT_MOST, Change, problem
from fof.ledger.checks.succession import NAME
from fof.ledger.journal_columns import Postings, day_number, to_date
from models import journal as tables
from models.facts import FACTS
from models.kinds import FundStatus
from models.posting_kinds import PostingKind
from models.text import Text

_PROMISED = int(PostingKind.COMMITMENT)
_BEGINS = (_PROMISED, int(PostingKind.CALL_DUE), int(PostingKind.CALL_DUE_OUTSIDE))
_WORDS = {
    "promise": Text("认缴", "what is committed"),
    "call": Text("出资通知", "what is called"),
    "value": Text("净值", "the value"),
}


class _Begun(NamedTuple):
    """What an entry begins at a fund on a day (day number); number: of the draft, or of the entry in the book."""

    number: int
    fund: int
    day: int
    what: str


def ended_funds(change: Change) -> Iterator[Problem]:
    """What the drafts begin at a fund after its end; and what the book holds after an end that the drafts state."""
    begun = [
        *_of_postings(change.added),
        *(
            _Begun(number, row.holding, day_number(draft.effective_on), "value")
            for number, draft in enumerate(change.drafts)
            for row in draft.rows
            if isinstance(row, tables.Mark)
        ),
    ]
    absorbed = _absorbed(change)
    closed = {fund: _closed(change, fund) for fund in {b.fund for b in begun if b.what == "promise"}}
    listed = 0
    for one in sorted(begun, key=lambda b: b.number):
        refusal = _refused(change, one, absorbed, closed)
        if refusal is not None and listed < PROBLEMS_AT_MOST:
            listed += 1
            yield refusal
    yield from _begun_already(change, absorbed)


def _of_postings(rows: Postings) -> Iterator[_Begun]:
    places = np.flatnonzero(np.isin(rows.kind, _BEGINS) & (rows.fund >= 0))
    columns = (rows.entry, rows.fund, rows.day, rows.kind == _PROMISED)
    for number, fund, day, promise in sorted(
        set(zip(*(c[places].tolist() for c in columns), strict=True)), reverse=True
    ):
        yield _Begun(number, fund, day, "promise" if promise else "call")


def _refused(
    change: Change,
    one: _Begun,
    absorbed: dict[int, tuple[int, int, int]],
    closed: dict[int, list[tuple[int, bool]]],
) -> Problem | None:
    draft, day, name, what = (
        change.drafts[one.number],
        to_date(one.day).isoformat(),
        change.name(one.fund),
        _WORDS[one.what],
    )
    end = absorbed.get(one.fund)
    if end is not None and end[0] < one.day:
        since, heir = to_date(end[0]), change.name(end[1])
        text = Text(
            f"{name} 已于 {since} 并入 {heir}，此后的{what.zh}请记在 {heir} 名下",
            f"{name} was merged into {heir} on {since}: {what.en} after that is of {heir}",
        )
        return problem(draft, "fund_absorbed", text, day)
    before = [status for status in closed.get(one.fund, ()) if status[0] < one.day]
    if one.what == "promise" and before and before[-1][1]:
        text = Text(
            f"{name} 自 {to_date(before[-1][0])} 已清算，不再接受认缴",
            f"{name} is closed since {to_date(before[-1][0])}: nothing is committed to it any more",
        )
        return problem(draft, "promised_after_closing", text, day)
    return None


def _absorbed(change: Change) -> dict[int, tuple[int, int, int]]:
    """Former party -> (first day, successor, draft that states it, -1 for the book), after the change; none of parties with
    two stated successors."""
    stated: list[tuple[int, int, str, int]] = [
        (record.day, bearer[1], record.row[3], -1)
        for bearer, records in change.view.prefix.stated(NAME).items()
        if bearer[0] == "party"
        for record in records
        if record.entry not in change.targets
    ]
    stated += [
        (day, party, value, number)
        for (party, name), values in change.facts.items()
        if name == NAME
        for day, value, number in values
    ]
    if not stated:
        return {}
    ids = {p.code: p.id for p in change.view.parties.values()}
    ids |= {code: party for party, (code, _) in change.parties.items()}
    first: dict[int, tuple[int, int, int]] = {}
    heirs: dict[int, set[int]] = defaultdict(set)
    for day, heir, value, number in sorted(stated):
        for code in FACTS[NAME].parse(value):  # type: ignore[union-attr]
            if code in ids:
                first.setdefault(ids[code], (day, heir, number))
                heirs[ids[code]].add(heir)
    return {former: end for former, end in first.items() if len(heirs[former]) == 1}


def _closed(change: Change, fund: int) -> list[tuple[int, bool]]:
    """(day, whether closed) of each status of a fund after the change, by day; of one day the later statement last."""
    known = change.view.fact_records(fund, "status") if fund in change.view.parties else []
    statuses = [(r.day, r.row[3]) for r in known if r.entry not in change.targets]
    statuses += [(day, value) for day, value, _ in change.facts.get((fund, "status"), [])]
    return [(day, value == FundStatus.CLOSED.value) for day, value in sorted(statuses, key=lambda s: s[0])]


def _begun_already(change: Change, absorbed: dict[int, tuple[int, int, int]]) -> Iterator[Problem]:
    """Promises, calls and values of the book after an end that a draft states."""
    ends = {former: end for former, end in absorbed.items() if end[2] >= 0 and former in change.view.parties}
    closing = {
        fund: values
        for (fund, name), values in change.facts.items()
        if name == "status" and any(value == FundStatus.CLOSED.value for _, value, _ in values)
    }
    if not ends and not closing:
        return
    booked = change.booked()
    rows = booked.where(np.isin(booked.fund, [*ends, *closing]))
    begun = list(_of_postings(rows))
    late: dict[tuple[int, int, str], list[_Begun]] = defaultdict(list)
    values = [
        _Begun(m.entry, m.row.holding, day_number(m.day), "value")
        for m in (change.view.marks if ends else ())
        if m.row.holding in ends and m.entry not in change.targets
    ]
    for one in (*begun, *values):
        if one.fund in ends and one.day > ends[one.fund][0]:
            late[one.fund, ends[one.fund][2], "fund_absorbed"].append(one)
        elif one.fund in closing and one.what == "promise":
            before = [s for s in _closed(change, one.fund) if s[0] < one.day]
            own = [n for day, value, n in closing[one.fund] if before and day == before[-1][0]]
            if before and before[-1][1] and own:
                late[one.fund, own[-1], "promised_after_closing"].append(one)
    for (fund, number, code), after in sorted(late.items()):
        entries = ", ".join(str(e) for e in sorted({one.number for one in after})[:5])
        first = to_date(min(one.day for one in after))
        text = Text(
            f"{change.name(fund)} 在此日之后仍有认缴、出资通知或净值（分录 {entries}，最早 {first}），须先冲销或更正",
            f"{change.name(fund)} has commitments, calls or values after that day (entry {entries}, the first on {first}): reverse or correct them first",
        )
        yield problem(change.drafts[number], code, text, first.isoformat())
