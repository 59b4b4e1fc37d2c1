"""What an investor is told by a notice: the fields of ILPA's call-and-distribution notice, read from the book.

One record for both papers (fof.operations.papers makes the workbook and the PDF). What the book does not know is left
blank, never 0.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np

from fof.book.currencies import currency_of
from fof.book.notices import calls
from fof.book.stakes import Stakes, stakes
from fof.errors import Unknown
from fof.importers.layouts.capital_calls import CALL_COMPONENTS, CAPITAL_CALLS
from fof.intake.components import components_of
from fof.ledger import Dated, View
from models.frozen import frozen
from models.kinds import NoticeKind
from models.money import yuan_text
from models.posting_kinds import TREATMENTS, PostingKind
from models.text import Text

_LABELS = {c.name: c.text for c in CAPITAL_CALLS.columns}
_DUES = (PostingKind.CALL_DUE, PostingKind.CALL_DUE_OUTSIDE)
_BLANK = "—"
_COMMITTED = Text("认缴出资额", "Commitment")
_PAID_IN = Text("累计实缴出资", "Paid in to date")
_UNFUNDED = Text("未实缴额度", "Unfunded")
_DISTRIBUTED = Text("累计分配", "Distributed to date")
_RECALLABLE = Text("其中可再召回", "Of it recallable")


@frozen
class InvestorNotice:
    """One investor's notice. Amounts in fen; None: the book does not know.

    title, names of components and balances : in both languages; the papers say them as fof.words.official has it
    components : (name, fen) of this notice, adding up to `total`
    balances   : (name, before, after) of the notice
    """

    title: Text
    number: str
    entry: int
    fund: str
    manager: str
    custodian: str
    investor: str
    investor_code: str
    currency: str
    notice_on: dt.date
    due_on: dt.date | None
    components: tuple[tuple[Text, int], ...]
    balances: tuple[tuple[Text, int | None, int | None], ...]
    share: str
    document: str

    @property
    def total(self) -> int:
        """All that this notice asks for, or pays."""
        return sum(fen for _, fen in self.components)


def notices(view: View, fund: int, kind: NoticeKind, number: str) -> list[InvestorNotice]:
    """The notices of one call or distribution, by investor code; Unknown where the fund has none of this number."""
    of_number = [
        n
        for n in view.notices
        if (n.row.fund, n.row.kind, n.row.number) == (fund, kind, number) and _addressees(view, n, kind)
    ]
    if not of_number:
        raise Unknown(kind.text, number)
    head = of_number[0]
    addressees = {party for n in of_number for party in _addressees(view, n, kind)}
    investors = sorted(addressees, key=lambda i: view.parties[i].code)
    if kind is NoticeKind.DISTRIBUTION:
        return [_distribution(view, head, who) for who in investors]
    interest, asked = _interest(view, fund, number), components_of(view, fund, number)
    return [_call(view, head, who, asked.get(who, {}), interest.get(who, 0)) for who in investors]


def _interest(view: View, fund: int, number: str) -> dict[int, int]:
    """Investor → equalisation interest of a later closing. It is no due, so only its payment knows it."""
    interest: dict[int, int] = {}
    for n in view.notices:
        if (n.row.fund, n.row.kind, n.row.number) == (fund, NoticeKind.CAPITAL_CALL, number):
            rows = view.postings.of_entry(n.entry)
            for place in np.flatnonzero(rows.kind == PostingKind.EQUALISATION_PAID).tolist():
                who = int(rows.from_party[place])
                interest[who] = interest.get(who, 0) + int(rows.fen[place])
    return interest


def booked_as(view: View, fund: int, kind: NoticeKind, number: str) -> int | None:
    """The entry of the fund's notice of that number, whatever its day; None where the number is free."""
    ever = view.on(None)
    for n in ever.notices:
        if (n.row.fund, n.row.kind, n.row.number) == (fund, kind, number) and _addressees(ever, n, kind):
            return n.entry
    return None


def _addressees(view: View, notice: Dated, kind: NoticeKind) -> set[int]:
    """Investors of the notice's own entry; none for a payment that only names the notice."""
    rows = view.postings.of_entry(notice.entry)
    if kind is NoticeKind.CAPITAL_CALL:
        return set(rows.from_party[np.isin(rows.kind, _DUES)].tolist())
    out = [k for k, t in TREATMENTS.items() if t.from_investor is False and t.irr]
    return set(rows.to_party[np.isin(rows.kind, out)].tolist())


def _own(view: View, fund: int, investor: int) -> dict[str, int]:
    own: Stakes = stakes(view).of({investor}, {fund})
    names = ("committed", "due", "paid_in", "distributed", "unfunded", "recallable")
    return {name: int(getattr(own, name).sum()) for name in names}


def _call(
    view: View, notice: Dated, investor: int, components: Mapping[str, int], interest: int
) -> InvestorNotice:
    fund = notice.row.fund
    now = view.on(notice.day)
    rows = view.postings.of_entry(notice.entry)
    mine = rows.from_party == investor
    dues = {kind: int(rows.fen[mine & (rows.kind == kind)].sum()) for kind in _DUES}
    parts = [(_LABELS[name], components[name]) for name in CALL_COMPONENTS if name in components]
    if sum(components.values()) != sum(
        dues.values()
    ):  # booked before components were kept: in- and outside only
        parts = [(TREATMENTS[kind].text, fen) for kind, fen in dues.items() if fen]
    if interest:
        parts.append((Text("后进补偿利息（不计入实缴）", "Equalisation interest (not paid-in)"), interest))
    own, asked = _own(now, fund, investor), sum(dues.values())
    inside = dues[PostingKind.CALL_DUE]
    earlier = sum(c.open for c in calls(now, {fund}, {investor}) if c.entry != notice.entry)
    paid_now = sum(c.paid for c in calls(now, {fund}, {investor}) if c.entry == notice.entry)
    paid = own["paid_in"] - paid_now
    room = own["unfunded"] + min(paid_now, inside)
    return _notice(
        view,
        notice,
        investor,
        Text("出资缴款通知书", "Capital call notice"),
        parts,
        (
            (_COMMITTED, own["committed"], own["committed"]),
            (Text("累计通知出资", "Called to date"), own["due"] - asked, own["due"]),
            (_PAID_IN, paid, paid + asked),
            (_UNFUNDED, room, room - inside),
            (Text("此前通知尚未缴清", "Open on earlier notices"), earlier, earlier),
            (_DISTRIBUTED, own["distributed"], own["distributed"]),
            (_RECALLABLE, own["recallable"], own["recallable"]),
        ),
        own["committed"],
    )


def _distribution(view: View, notice: Dated, investor: int) -> InvestorNotice:
    fund = notice.row.fund
    now = view.on(notice.day)
    rows = view.postings.of_entry(notice.entry)
    mine = rows.to_party == investor
    parts: list[tuple[Text, int]] = []
    moved = dict.fromkeys(("paid_in", "distributed", "unfunded", "recallable"), 0)
    for code, fen in zip(rows.kind[mine].tolist(), rows.fen[mine].tolist(), strict=True):
        treatment = TREATMENTS[PostingKind(code)]
        parts.append((treatment.text, fen))
        for name in moved:
            moved[name] += getattr(treatment, name) * fen
    own = _own(now, fund, investor)
    return _notice(
        view,
        notice,
        investor,
        Text("分配通知书", "Distribution notice"),
        parts,
        (
            (_COMMITTED, own["committed"], own["committed"]),
            (_PAID_IN, own["paid_in"] - moved["paid_in"], own["paid_in"]),
            (_UNFUNDED, own["unfunded"] - moved["unfunded"], own["unfunded"]),
            (_DISTRIBUTED, own["distributed"] - moved["distributed"], own["distributed"]),
            (_RECALLABLE, own["recallable"] - moved["recallable"], own["recallable"]),
        ),
        own["committed"],
    )


def _notice(
    view: View,
    notice: Dated,
    investor: int,
    title: Text,
    parts: list[tuple[Text, int]],
    balances: tuple[tuple[Text, int | None, int | None], ...],
    committed: int,
) -> InvestorNotice:
    fund = notice.row.fund
    now = view.on(notice.day)
    total = int(stakes(now).of(None, {fund}).committed.sum())
    return InvestorNotice(
        title,
        notice.row.number,
        notice.entry,
        now.name(fund),
        _named(now, fund, "manager"),
        _named(now, fund, "custodian"),
        now.name(investor),
        now.parties[investor].code,
        currency_of(now, fund),
        notice.day,
        notice.row.due_on,
        tuple(parts),
        balances,
        f"{100 * committed / total:.4f}%" if total else _BLANK,
        view.entry(notice.entry).note or _BLANK,
    )


def _named(view: View, fund: int, name: str) -> str:
    """The party an attribute of the fund names; a dash where it names none."""
    code = view.fact(fund, name)
    known = view.by_code.get(str(code)) if code else None
    return view.name(known.id) if known else str(code or _BLANK)


def money_text(fen: int | None) -> str:
    """Yuan with thousands separators; a dash for what is not known."""
    return (
        _BLANK
        if fen is None
        else f"{'-' if fen < 0 else ''}{int(yuan_text(abs(fen))[:-3]):,}{yuan_text(abs(fen))[-3:]}"
    )
