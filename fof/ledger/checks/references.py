"""Codes once, every reference known, kinds from the closed list, investor and fund on the sides their kind demands."""

from __future__ import annotations

from collections.abc import Collection, Iterator

import numpy as np
import numpy.typing as npt

from fof.errors import Problem
from fof.ledger.checks.change import PROBLEMS_AT_MOST, Change, problem, records_of
from fof.ledger.draft import Draft
from models import journal as tables
from models.facts import FACTS, SUBJECT_FACTS
from models.kinds import DealKind, NoticeKind
from models.money import yuan_text
from models.posting_kinds import TREATMENTS, PostingKind
from models.rows import PARTY_FIELDS, SUBJECT_FIELDS
from models.subjects import REGISTERED, end_of
from models.text import Text

FEN_AT_MOST = 10**16
"""One posting: a hundred times the province's yearly product; sums of any book stay far inside int64."""
BOOK_AT_MOST = 2.0**62
"""Fen of all postings together."""
_TRANSFERS = (
    PostingKind.COMMITMENT_TRANSFER,
    PostingKind.PAID_IN_TRANSFER,
    PostingKind.PAID_IN_TRANSFER_OUTSIDE,
    PostingKind.DISTRIBUTED_TRANSFER,
    PostingKind.RECALLABLE_TRANSFER,
)


def references(change: Change) -> Iterator[Problem]:
    """Everything the drafts name must be in the book or come with them."""
    deals = {r.row.id for r in change.view.deals} | {
        row.id for draft in change.drafts for row in draft.rows if isinstance(row, tables.Deal)
    }
    parties = set(change.view.parties) | set(change.parties)
    yield from _in_postings(change, parties, deals)
    yield from _kinds(change)
    yield from _in_rows(change, parties, deals)
    yield from _subjects(change)
    yield from _deals_in_use(change)
    yield from _exits_left_alone(change)
    yield from _notices_in_use(change)
    yield from _sum_fits(change)


def _first_of_each(change: Change, wrong: npt.NDArray[np.bool_]) -> list[tuple[Draft, int]]:
    """The draft and the place of the first wrong posting of each draft."""
    places = np.flatnonzero(wrong)
    _, first = np.unique(change.added.entry[places], return_index=True)
    return [(change.drafts[int(change.added.entry[p])], int(p)) for p in places[first][:PROBLEMS_AT_MOST]]


def _in_postings(change: Change, parties: Collection[int], deals: Collection[int]) -> Iterator[Problem]:
    added = change.added
    for name, allowed in (("from_party", parties), ("to_party", parties), ("fund", parties), ("deal", deals)):
        column = getattr(added, name)
        known = np.fromiter(allowed, np.int64, len(allowed))
        strange = column[~np.isin(column, known) & (column != -1)]
        for value in np.unique(strange).tolist():
            draft = change.drafts[int(added.entry[np.flatnonzero(column == value)[0]])]
            text = Text(f"{name}：未知主体或交易", f"{name}: not in the book")
            yield problem(draft, "unknown_reference", text, str(value))
    for draft, _ in _first_of_each(change, added.from_party == added.to_party):
        yield problem(draft, "same_party", Text("付款方与收款方不得相同", "payer and payee must differ"))
    for draft, place in _first_of_each(change, added.fen > FEN_AT_MOST):
        amount = yuan_text(int(added.fen[place]))
        yield problem(
            draft, "amount_too_large", Text("金额超出合理范围", "the amount is beyond reason"), amount
        )


def _kinds(change: Change) -> Iterator[Problem]:
    added = change.added
    highest = max(TREATMENTS)
    listed = np.zeros(highest + 2, bool)
    listed[list(TREATMENTS)] = True
    strange = ~listed[np.minimum(added.kind, highest + 1)]
    for draft, place in _first_of_each(change, strange):
        number = str(int(added.kind[place]))
        yield problem(draft, "unknown_kind", Text("没有这一记账类别", "no such kind of posting"), number)
    if strange.any():
        return
    shares = (added.kind == PostingKind.DISTRIBUTION_IN_KIND) & (added.deal < 0)
    for draft, _ in _first_of_each(change, shares):
        text = Text(
            "实物分配须写明所分配的退出交易",
            "a distribution in kind names the exit that handed the shares over",
        )
        yield problem(draft, "no_deal_named", text)
    yield from _contributed(change)
    side = np.zeros(highest + 1, np.int8)
    for kind, treatment in TREATMENTS.items():
        if treatment.from_investor is not None:
            side[kind] = 1 if treatment.from_investor else 2
    of_kind = side[added.kind]
    fund = np.where(of_kind == 1, added.to_party, added.from_party)
    wrong = (of_kind > 0) & (fund != added.fund)
    wrong |= np.isin(added.kind, _TRANSFERS) & (added.fund < 0)
    for draft, place in _first_of_each(change, wrong):
        word = TREATMENTS[PostingKind(int(added.kind[place]))]
        text = Text(
            f"“{word.text.zh}”须写明基金，且投资人与基金各在其位",
            f"'{word.text.en}' must name its fund, with investor and fund on their sides",
        )
        yield problem(draft, "fund_side", text, str(int(added.fund[place])))


def _contributed(change: Change) -> Iterator[Problem]:
    """Shares that are paid in are bought by a deal of the fund itself; by another one nobody would hold them."""
    added = change.added
    places = np.flatnonzero((added.kind == PostingKind.CONTRIBUTION_IN_KIND) & (added.deal >= 0))
    if not len(places):
        return
    every = [r.row for r in change.view.deals]
    every += [row for draft in change.drafts for row in draft.rows if isinstance(row, tables.Deal)]
    holder = {d.id: d.investor for d in every if d.kind in (DealKind.INITIAL, DealKind.FOLLOW_ON)}
    for place in places.tolist():
        deal, fund = int(added.deal[place]), int(added.fund[place])
        if holder.get(deal, -1) != fund:
            text = Text(
                "非货币出资所写交易应为该基金自己取得股权的投资",
                "a contribution in kind names an investment of the fund itself, by which it has the shares",
            )
            yield problem(change.drafts[int(added.entry[place])], "not_contributed", text, str(deal))
            return


def _in_rows(change: Change, parties: Collection[int], deals: Collection[int]) -> Iterator[Problem]:
    codes = {d.row.code for d in change.view.deals}
    naming: dict[type, list[str]] = {}
    for draft in change.drafts:
        for row in draft.rows:
            names = naming.get(type(row))
            if names is None:
                names = naming[type(row)] = [name for name in PARTY_FIELDS if hasattr(row, name)]
            for name in names:
                value = getattr(row, name)
                if value is not None and value not in parties:
                    text = Text(f"{name}：未知主体", f"{name}: not in the book")
                    yield problem(draft, "unknown_reference", text, str(value))
            deal = getattr(row, "deal", None)
            if deal is not None and deal not in deals:
                yield problem(
                    draft, "unknown_reference", Text("deal：未知交易", "deal: not in the book"), str(deal)
                )
            if isinstance(row, tables.Deal):
                if row.code in codes:
                    text = Text("交易代码已被使用", "the deal code is taken")
                    yield problem(draft, "duplicate_code", text, row.code)
                codes.add(row.code)
            elif isinstance(row, tables.Fact | tables.SubjectFact):
                yield from _fact_readable(draft, row)


def _subjects(change: Change) -> Iterator[Problem]:
    """Every registered subject that postings and rows name is there, and of the kind that the row says."""
    known, loans = change.subjects, change.added.loan
    for number in [n for n in np.unique(loans).tolist() if n != -1 and n not in known]:
        draft = change.drafts[int(change.added.entry[np.flatnonzero(loans == number)[0]])]
        text = Text("loan：未登记的对象", "loan: no such subject in the book")
        yield problem(draft, "unknown_subject", text, str(number))
    for draft in change.drafts:
        for row in draft.rows:
            if isinstance(row, tables.SubjectLink) and getattr(row, end_of(row.role)) is None:
                text = Text(f"{row.role}：所指的类型不符", f"{row.role}: it names something of another kind")
                yield problem(draft, "wrong_end", text, str(row[2:5]))
            for name in SUBJECT_FIELDS:
                number = getattr(row, name, None)
                kind = getattr(row, "kind", None) if name == "subject" else None
                if number is not None and (
                    number not in known or (kind in REGISTERED and known[number][0] != kind)
                ):
                    text = Text(f"{name}：未登记的对象，或类型不符", f"{name}: no such subject of this kind")
                    yield problem(draft, "unknown_subject", text, str(number))


def _fact_readable(draft: Draft, row: tables.Fact | tables.SubjectFact) -> Iterator[Problem]:
    spec = (FACTS if isinstance(row, tables.Fact) else SUBJECT_FACTS).get(row.name)
    if spec is None or (isinstance(row, tables.SubjectFact) and row.kind not in spec.subjects):
        yield problem(draft, "unknown_fact", Text("没有这一属性", "no such attribute"), row.name)
        return
    try:
        spec.parse(row.value)
    except ValueError:
        text = Text(f"{spec.text.zh}：应为 {spec.kind}", f"{spec.text.en}: {spec.kind} expected")
        yield problem(draft, "fact_unreadable", text, row.value)


def _exits_left_alone(change: Change) -> Iterator[Problem]:
    """The investment that an exit or write-off ends cannot be taken back before it."""
    gone = [
        r
        for r in records_of(change.view, "deal", list(change.targets))
        if r.row[4] not in (DealKind.EXIT, DealKind.PARTIAL_EXIT, DealKind.WRITE_OFF)
    ]
    if not gone:
        return
    left = [(d.day, d.row) for d in change.view.deals if d.entry not in change.targets]
    left += [(d.effective_on, row) for d in change.drafts for row in d.rows if isinstance(row, tables.Deal)]
    for record in gone:
        pair = record.row[2:4]
        own = [(day, row) for day, row in left if (row.investor, row.company) == pair]
        bought = min(
            (day for day, row in own if row.kind in (DealKind.INITIAL, DealKind.FOLLOW_ON)), default=None
        )
        exits = [
            row.code
            for day, row in own
            if row.kind not in (DealKind.INITIAL, DealKind.FOLLOW_ON) and (bought is None or day < bought)
        ]
        if exits:
            draft = change.drafts[change.targets[record.entry]]
            text = Text(
                "其后的退出或核销以该投资为前提，请先冲销它们",
                "exits or write-offs end this investment; reverse them first",
            )
            yield problem(draft, "deal_in_use", text, ", ".join(exits[:5]))


def _sum_fits(change: Change) -> Iterator[Problem]:
    """All amounts of the book together fit an int64 twice over, so that no sum of any of them can overflow."""
    total = float(change.view.columns.postings.fen.sum(dtype=np.float64)) + float(
        change.added.fen.sum(dtype=np.float64)
    )
    if total > BOOK_AT_MOST:
        worst = change.drafts[int(change.added.entry[np.argmax(change.added.fen)])]
        text = Text("账中金额总和超出合理范围", "all amounts of the book together are beyond reason")
        yield problem(worst, "book_too_large", text, f"{total / 100:.3g}")


def _notices_in_use(change: Change) -> Iterator[Problem]:
    """A call notice that live payments name cannot be taken back before them."""
    gone = {
        (r.row[0], r.row[2]): r.entry
        for r in records_of(change.view, "notice", list(change.targets))
        if r.row[1] == NoticeKind.CAPITAL_CALL and r.row[3] is not None
    }
    if not gone:
        return
    for notice in change.view.notices:
        row = notice.row
        if row.kind != NoticeKind.CAPITAL_CALL or notice.entry in change.targets:
            continue
        if (entry := gone.get((row.fund, row.number))) is not None and row.due_on is None:
            draft = change.drafts[change.targets[entry]]
            text = Text("该通知已有缴款，请先冲销缴款分录", "payments name this notice; reverse them first")
            yield problem(draft, "notice_in_use", text, str(notice.entry))


def _deals_in_use(change: Change) -> Iterator[Problem]:
    """An entry whose deal other live postings name cannot be taken back before them."""
    brought = {r.row[0]: r for r in records_of(change.view, "deal", list(change.targets))}
    if not brought:
        return
    used = np.concatenate([change.booked().deal, change.added.deal])
    for deal in np.intersect1d(used, list(brought)).tolist():
        draft = change.drafts[change.targets[brought[deal].entry]]
        text = Text("其他分录仍使用该交易，请先冲销它们", "other entries use this deal; reverse them first")
        yield problem(draft, "deal_in_use", text, brought[deal].row[1])
