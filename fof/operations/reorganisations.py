"""Reorganisation: vehicles merged into a successor. Everything they hold moves, and every total stays, to the fen."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.currencies import stated_currency
from fof.book.funds import cash_balances
from fof.book.holdings import holdings
from fof.book.stakes import Stakes, stakes
from fof.book.succession import current
from fof.db import Database
from fof.errors import Problem, Refused
from fof.intake import keys
from fof.intake.days import none_to_come
from fof.intake.planning import posting
from fof.ledger import Booked, Draft, Ids, Plan, View, request_digest
from fof.ledger.balances import movements
from fof.ledger.checks.change import gather
from models.facts import FACTS, FactValue
from models.frozen import frozen
from models.journal import Edge, Fact, Posting, Row
from models.kinds import FUND_KINDS, EntryKind, FundStatus
from models.money import yuan_text
from models.posting_kinds import PostingKind
from models.text import Text

MOVES = {
    "committed": PostingKind.COMMITMENT_TRANSFER,
    "inside": PostingKind.PAID_IN_TRANSFER,
    "outside": PostingKind.PAID_IN_TRANSFER_OUTSIDE,
    "distributed": PostingKind.DISTRIBUTED_TRANSFER,
    "recallable": PostingKind.RECALLABLE_TRANSFER,
}
"""What of a stake moves (paid-in capital inside and outside the commitment), and the memorandum posting that moves it."""
_WORDS = {
    "committed": "认缴",
    "paid_in": "实缴",
    "distributed": "已分配",
    "recallable": "可召回",
    "unfunded": "未实缴",
}


_STATE_IT = Text(
    "；若整只基金并入，请在“基金”表为承继方填“承继自”、为被并入方填状态“已并入”（同一生效日），其资本账户随之由承继方承接",
    "; where the fund itself goes up in the successor, state it in the funds sheet: 'successor of' for the successor and status "
    "merged for the fund, of the same day; its capital accounts then pass to the successor",
)
"""How a fund with all its investors is absorbed: by statement, not by moving what it holds."""


@frozen
class TotalProof:
    """One total of one fund, in fen: of predecessors and successor together before, of the successor alone after."""

    fund: int
    measure: str
    before: int
    after: int

    @property
    def gap(self) -> int:
        """After less before; 0 is what is asked for."""
        return self.after - self.before


@frozen
class ReorganisationPlan:
    """A merger before it is booked. Only a plan without problems, whose every proof has gap 0, is booked.

    edges : declared ownership shares that pass to the successor (the predecessors' own end on the day)
    """

    predecessors: tuple[int, ...]
    successor: int
    on: dt.date
    document: str
    postings: tuple[Posting, ...]
    rows: tuple[Row, ...]
    proofs: tuple[TotalProof, ...]
    edges: int
    problems: tuple[Problem, ...] = ()


def plan_reorganisation(
    view: View, predecessors: Sequence[int], successor: int, on: dt.date, document: str
) -> ReorganisationPlan:
    """Move every stake of the predecessors to the successor at the close of a day.

    Commitment, paid-in capital, distributions and recallable money pass by memorandum postings, declared shares by new
    edges. Statements of value are not written again: a stake taken over as a whole brings its latest statement along,
    with its own day (fof.book.value_grid). The successor is stated as such, so its history since inception is theirs; open
    notices of theirs become its own (fof.book.notices).

    Problems: a party that is no vehicle, merged before, or merged with itself; a predecessor with a stake in the
    successor; what no memorandum carries and would be lost (companies held directly, cash, fees called outside the
    commitment); business after the day; no document; any total that would not stay; nothing to move at all.
    """
    now = view.on(on)
    former = tuple(
        sorted(set(predecessors), key=lambda p: now.parties[p].code if p in now.parties else str(p))
    )
    problems = _who(now, former, successor, document)
    if problems:
        return ReorganisationPlan(former, successor, on, document, (), (), (), 0, tuple(problems))
    own = stakes(now).of(former, None)
    postings = [
        posting(kind, int(own.investor[i]), successor, int(getattr(own, name)[i]), int(own.fund[i]))
        for i in _by_code(now, own)
        for name, kind in MOVES.items()
        if getattr(own, name)[i] > 0
    ]
    edges = _edges(now, former, successor, document)
    rows: list[Row] = [*edges, *_statements(now, former, successor, document)]
    proofs = _proofs(now, former, successor, on, postings)
    problems = (
        _remaining(now, former) + _later(view, former, on) + _not_zero_sum(now, former, successor, proofs)
    )
    moved = sum(edge.share_nano > 0 for edge in edges)
    if not postings and not moved and not problems:
        text = Text("没有可转移的份额" + _STATE_IT[0], "there is nothing to move" + _STATE_IT[1])
        problems.append(Problem("nothing_to_move", text))
    return ReorganisationPlan(
        former,
        successor,
        on,
        document.strip(),
        tuple(postings),
        tuple(rows),
        tuple(proofs),
        moved,
        tuple(problems),
    )


def _by_code(view: View, own: Stakes) -> list[int]:
    return sorted(range(len(own)), key=lambda i: (view.parties[int(own.fund[i])].code, int(own.investor[i])))


def _who(view: View, former: Sequence[int], successor: int, document: str) -> list[Problem]:
    problems = []
    if not former:
        problems.append(Problem("no_predecessor", Text("须选择并入的基金", "a predecessor is needed")))
    if not document.strip():
        problems.append(
            Problem(
                "document_missing", Text("须写明重组文件", "the document of the reorganisation is needed")
            )
        )
    for party in (*former, successor):
        record = view.parties.get(party)
        if record is None or record.kind not in FUND_KINDS:
            problems.append(
                Problem("not_a_fund", Text("须为账中的基金", "a fund of the book expected"), str(party))
            )
        elif view.fact(party, "status") == FundStatus.MERGED:
            problems.append(_merged_before(view, party))
    if successor in former:
        problems.append(
            Problem("same_party", Text("不得并入自身", "a fund cannot be merged into itself"), str(successor))
        )
    stated = {
        c for p in (*former, successor) if p in view.parties and (c := stated_currency(view, p)) is not None
    }
    if len(stated) > 1:
        text = Text("币种须相同", "one currency expected")
        problems.append(Problem("currency", text, " / ".join(sorted(stated))))
    if not problems:
        own = stakes(view).of(former, {successor, *former})
        problems += [
            Problem(
                "holds_successor",
                Text(
                    f"{view.name(int(who))} 持有 {view.name(int(fund))} 的份额，须先了结",
                    f"{view.name(int(who))} holds a stake in {view.name(int(fund))}; settle it first",
                ),
            )
            for who, fund, fen in zip(own.investor, own.fund, own.committed, strict=True)
            if fen
        ]
    return problems


def _merged_before(view: View, party: int) -> Problem:
    """Where a merged fund stands now, and that nothing is left to do."""
    after = current(view, party)
    if after == party:
        text = Text(
            "该基金已并入其他基金，但账中没有承继方" + _STATE_IT[0],
            "merged already, and no successor is stated" + _STATE_IT[1],
        )
    else:
        name = view.name(after)
        text = Text(
            f"该基金已由{name}承继，无须再并入；其后的净值、出资与分配记在{name}名下",
            f"succeeded by {name} already: nothing is left to merge; values, calls and distributions since then are {name}'s",
        )
    return Problem("merged_before", text, view.name(party))


def _remaining(view: View, former: Sequence[int]) -> list[Problem]:
    """What the predecessors have that no row of this entry carries over."""
    problems = []
    for party in former:
        name = view.name(party)
        direct = [h for h in holdings(view, party) if h.cost]
        if direct:
            listed = "、".join(view.name(h.company) for h in direct)
            cost = yuan_text(sum(h.cost for h in direct))
            problems.append(
                Problem(
                    "direct_holdings",
                    Text(
                        f"{name} 直接持有 {listed}，须先转出{_STATE_IT[0]}",
                        f"{name} holds companies directly; transfer them first{_STATE_IT[1]}",
                    ),
                    cost,
                )
            )
        left = {code: fen for code, fen in cash_balances(view, party).items() if fen}
        if view.fact(party, "cash_kept", False) and left:
            problems.append(
                Problem(
                    "cash_left",
                    Text(f"{name} 的现金须先转出", f"the cash of {name} must be paid over first"),
                    " / ".join(f"{yuan_text(fen)} {code}" for code, fen in left.items()),
                )
            )
    return problems


def _later(view: View, former: Sequence[int], on: dt.date) -> list[Problem]:
    """Money of a predecessor's stakes after the day it hands them over."""
    ever = view.on(None)
    day = ledger.day_number(on)
    late: dict[int, int] = {}
    for measure in ("committed", "paid_in", "distributed", "due"):
        moved = movements(ever.postings, measure)
        for place in np.flatnonzero((moved.day > day) & np.isin(moved.investor, former)).tolist():
            late.setdefault(int(moved.investor[place]), int(moved.entry[place]))
    return [
        Problem(
            "business_after",
            Text(
                f"{view.name(party)} 在重组日之后仍有往来（分录 {entry}）",
                f"{view.name(party)} has business after the day (entry {entry})",
            ),
            str(entry),
        )
        for party, entry in sorted(late.items())
    ]


def _edges(view: View, former: Sequence[int], successor: int, document: str) -> list[Edge]:
    """Shares the predecessors own pass to the successor, added to its own; shares in them pass likewise."""
    latest = {(e.row.owner, e.row.owned, e.row.basis): e.row for e in view.edges}
    owned: dict[tuple[int, int, str], int] = defaultdict(int)
    ended = []
    for (owner, thing, basis), row in latest.items():
        if row.share_nano and (owner in former or thing in former):
            ended.append(Edge(owner, thing, 0, basis, None, document))
            to = (successor if owner in former else owner, successor if thing in former else thing, basis)
            owned[to] += row.share_nano
    for to in owned:
        if to in latest:
            owned[to] += latest[to].share_nano
    return ended + [
        Edge(owner, thing, nano, basis, None, document) for (owner, thing, basis), nano in owned.items()
    ]


def _statements(view: View, former: Sequence[int], successor: int, document: str) -> list[Fact]:
    codes = (*view.fact(successor, "successor_of", ()), *(view.parties[p].code for p in former))
    stated: list[tuple[int, str, FactValue]] = [(successor, "successor_of", tuple(dict.fromkeys(codes)))]
    stated += [(p, "status", FundStatus.MERGED) for p in former]
    if any(view.fact(p, "portfolio", False) for p in former) and not view.fact(successor, "portfolio", False):
        stated.append((successor, "portfolio", True))
    return [
        Fact(party, None, name, FACTS[name].write(value), None, document) for party, name, value in stated
    ]


def _proofs(
    view: View, former: Sequence[int], successor: int, on: dt.date, postings: Sequence[Posting]
) -> list[TotalProof]:
    """Totals of every fund before and after, by the arithmetic of the journal's own balances."""
    draft = Draft(EntryKind.REORGANISATION, on, "proof", b"", list(postings))
    added = gather(view, [draft])[0].added
    group = stakes(view).of((*former, successor), None)
    funds = sorted({p.fund for p in postings if p.fund is not None}, key=lambda f: view.parties[f].code)
    proofs = []
    for measure in _WORDS:
        change = movements(added, measure)
        mine = change.investor == successor
        for fund in funds:
            here = group.fund == fund
            column = getattr(group, measure)
            after = int(column[here & (group.investor == successor)].sum())
            after += int(change.fen[mine & (change.fund == fund)].sum())
            proofs.append(TotalProof(fund, measure, int(column[here].sum()), after))
    return proofs


def _not_zero_sum(
    view: View, former: Sequence[int], successor: int, proofs: Sequence[TotalProof]
) -> list[Problem]:
    names = "、".join(view.name(p) for p in former)
    return [
        Problem(
            "not_zero_sum",
            Text(
                f"{names} 并入 {view.name(successor)}：{view.name(p.fund)} 的{_WORDS[p.measure]}须前后一致（{yuan_text(p.before)}）",
                f"{p.measure} of {view.name(p.fund)} must stay at {yuan_text(p.before)}",
            ),
            yuan_text(p.after),
        )
        for p in proofs
        if p.gap
    ]


def book_reorganisation(
    database: Database,
    actor: Actor,
    plan: ReorganisationPlan,
    *,
    prepared_by: str | None = None,
    why: str | None = None,
) -> Booked:
    """Book a merger as one entry of kind reorganisation; the same plan again books nothing.

    Refused with the plan's problems, and where the book has moved on since the plan.
    why : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    """
    if plan.problems:
        raise Refused(plan.problems, Text("重组并入", "merger"))

    def planner(view: View, _ids: Ids) -> Plan:
        code = view.parties[plan.successor].code
        former = ",".join(view.parties[p].code for p in plan.predecessors)
        key = keys.key("reorganisation", code, former, plan.on)
        content = [*map(repr, plan.postings), *map(repr, plan.rows)]
        draft = Draft(
            EntryKind.REORGANISATION,
            plan.on,
            key,
            request_digest(plan.on.isoformat(), plan.document, *content),
            list(plan.postings),
            list(plan.rows),
            note=plan.document,
        )
        if view.booked(key) is None:
            fresh = plan_reorganisation(view, plan.predecessors, plan.successor, plan.on, plan.document)
            if fresh != plan:
                text = Text("计划之后账已变动，请重新计划", "the book changed since the plan; plan anew")
                return Plan(problems=list(fresh.problems) or [Problem("plan_outdated", text)])
        return Plan([draft])

    return ledger.book(
        database, actor, late.reasoned(none_to_come(planner), why), action="book", prepared_by=prepared_by
    )
