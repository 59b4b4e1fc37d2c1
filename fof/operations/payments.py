"""What came in on a call: in full, short or late; and who has to be chased."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence

from fof import ledger
from fof.access import Actor
from fof.book import late
from fof.book.currencies import by_currency, currency_of
from fof.book.notice_parts import NoticeParts
from fof.book.notices import Call, calls, unpaid
from fof.book.succession import current
from fof.db import Database
from fof.errors import Problem, Refused
from fof.importers.layouts.capital_calls import IN_KIND, PAID_WITH, PAYMENTS
from fof.intake import keys
from fof.intake.calls import Calls
from fof.intake.components import components_of, still_asked
from fof.intake.planning import Planning
from fof.ledger import Booked, View
from fof.operations import planned_sheets
from models.money import Money, yuan_text
from models.posting_kinds import PostingKind
from models.text import Text


def mark_paid(
    database: Database,
    actor: Actor,
    fund: int,
    investor: int,
    number: str,
    paid_on: dt.date,
    fen: int | None = None,
    *,
    parts: Mapping[str, int] | None = None,
    late_interest: int = 0,
    reference: str | None = None,
    in_kind: bool = False,
    document: str | None = None,
    why: str | None = None,
) -> Booked:
    """Book what an investor paid on a notice: in full (fen None), short (fen below what is open) or late (by its day).

    parts : component → fen, where the notice came by file and only its total is known; else the payment is split in
            proportion to what is still open of each component
    in_kind  : paid with something other than money, at the stated value `fen`, by the `document` that values it; both are
               needed, and neither components nor interest go with it. Shares of a company come by file, with their deal
    document : the paper of the payment
    why   : reason for what is dated into a closed quarter; needed there alone (fof.book.late)
    Refused where the notice is not known, nothing is open, or more is paid than is open. The same payment again
    (same day, or same bank reference) books nothing.
    """
    view = ledger.read(database).view()
    code, currency = view.parties[investor].code, currency_of(view, fund)
    if in_kind and not fen:
        text = Text("非货币出资须写明大于零的作价", "the value of what is handed over, above zero")
        raise Refused([Problem("unvalued", text)], Text("缴款", "payment"))
    if in_kind:
        parts = {IN_KIND: fen or 0}
    elif parts is None:
        parts = _parts(view, fund, investor, number, paid_on, fen, reference)
    if reference is None:
        _one_a_day(view, fund, investor, number, paid_on, {**parts, "late_interest": late_interest})
    line: dict[str, object] = {
        "fund": view.parties[fund].code,
        "number": number,
        "investor": code,
        "paid_on": paid_on,
        "reference": reference,
        **({} if document is None else {"document": document}),
        **planned_sheets.amounts({**parts, "late_interest": late_interest}, currency),
    }
    table = planned_sheets.sheet(f"缴款 {view.parties[fund].code} {number}", PAYMENTS, [line])  # type: ignore[list-item]

    def payments(planning: Planning) -> None:
        calls = Calls(planning)
        calls.plan_payments([table])
        calls.plan_in_kind()

    def within_open(now: View) -> list[Problem]:
        call = _call(now, fund, investor, number)
        if call is not None and paid_on < call.notice_on:
            text = Text(
                f"实缴日不得早于通知日 {call.notice_on}", f"not before the notice of {call.notice_on}"
            )
            return [Problem("paid_before_notice", text, str(paid_on))]
        if call is not None and sum(parts.values()) <= call.open:
            return []
        most = yuan_text(0 if call is None else call.open)
        return [
            Problem(
                "over_due",
                Text(f"不得超过未缴 {most}", f"at most the {most} still open"),
                yuan_text(sum(parts.values())),
            )
        ]

    return ledger.book(
        database,
        actor,
        late.reasoned(planned_sheets.planner([table], payments, within_open), why),
        action="book",
    )


def _one_a_day(
    view: View, fund: int, investor: int, number: str, paid_on: dt.date, parts: Mapping[str, int]
) -> None:
    """Two payments of one day are told apart by their bank references; without one, another amount is refused."""
    key = _key(view, fund, investor, number, paid_on, None)
    booked_before = keys.live(view, key)
    if booked_before is None:
        return
    held = booked_before.entry
    names = {kind: name for name, kind in PAID_WITH.items()} | {PostingKind.LATE_INTEREST: "late_interest"}
    rows = view.postings.of_entry(held)
    booked = {
        names.get(PostingKind(k), ""): f for k, f in zip(rows.kind.tolist(), rows.fen.tolist(), strict=True)
    }
    if booked != {name: fen for name, fen in parts.items() if fen}:
        text = Text(
            f"该出资人 {paid_on} 已有一笔到账（分录 {held}）：同日另一笔须填写银行流水号",
            f"a payment of {paid_on} is entry {held}: another one of the day needs its bank reference",
        )
        raise Refused([Problem("same_day", text)], Text("缴款", "payment"))


def _call(view: View, fund: int, investor: int, number: str) -> Call | None:
    own = current(view, investor)
    return next((c for c in calls(view, {fund}, {own}) if c.number == number), None)


def _parts(
    view: View,
    fund: int,
    investor: int,
    number: str,
    paid_on: dt.date,
    fen: int | None,
    reference: str | None,
) -> dict[str, int]:
    """What a payment pays, component by component."""
    call = _call(view, fund, investor, number)
    if call is None:
        raise Refused(
            [
                Problem(
                    "unknown_notice",
                    Text("该出资人没有此编号的通知", "no such notice of this investor"),
                    number,
                )
            ],
            Text("缴款", "payment"),
        )
    due = _components(view, fund, number, investor)
    if not due:
        raise Refused(
            [
                Problem(
                    "components_unknown",
                    Text(
                        "该通知未存分项，请分项填写", "give the components: the notice keeps its total only"
                    ),
                )
            ],
            Text("缴款", "payment"),
        )
    held = keys.live(view, _key(view, fund, investor, number, paid_on, reference))
    paid, replaced = _paid(view, fund, investor, number, None if held is None else held.entry)
    open_parts = still_asked(due, paid)
    most = min(call.open + replaced, sum(open_parts.values()))
    amount = most if fen is None else fen
    if not 0 < amount <= most:
        raise Refused(
            [
                Problem(
                    "over_due",
                    Text(
                        f"须大于零且不超过未缴 {yuan_text(most)}",
                        f"above zero and at most the {yuan_text(most)} open",
                    ),
                    yuan_text(amount),
                )
            ],
            Text("缴款", "payment"),
        )
    shares = Money(amount).split(list(open_parts.values()))
    return {name: share.fen for name, share in zip(open_parts, shares, strict=True) if share.fen}


def _key(view: View, fund: int, investor: int, number: str, day: dt.date, reference: str | None) -> str:
    """The key under which the intake books this payment."""
    codes = (view.parties[fund].code, number, view.parties[investor].code)
    return keys.key("payment", *codes, day, *([reference] if reference else []))


def _components(view: View, fund: int, number: str, investor: int) -> dict[str, int]:
    """Component → fen that the notice asks of an investor, and asked of those it succeeds."""
    components: dict[str, int] = {}
    for party, parts in components_of(view, fund, number).items():
        if current(view, party) == current(view, investor):
            for name, fen in parts.items():
                components[name] = components.get(name, 0) + fen
    return components


def _paid(
    view: View, fund: int, investor: int, number: str, leaving_out: int | None
) -> tuple[dict[str, int], int]:
    """Component → fen paid under the notice's number without one entry, and what that one paid: marking a payment again
    asks the same."""
    names = {kind: name for name, kind in PAID_WITH.items()}
    part = NoticeParts(view).of(fund, number, investor)
    paid = {names[kind]: fen for kind, fen in part.by_kind.items() if kind in names}
    if leaving_out is None or leaving_out not in part.entries:
        return paid, 0
    rows = view.postings.of_entry(leaving_out)
    replaced = 0
    for kind, fen in zip(rows.kind.tolist(), rows.fen.tolist(), strict=True):
        if (name := names.get(PostingKind(kind))) is not None:
            paid[name] -= fen
            replaced += fen
    return paid, replaced


def open_calls(view: View, funds: Collection[int] | None = None, *, overdue_only: bool = False) -> list[Call]:
    """Calls that are not paid in full: the overdue first, the longest first, then those not due yet by their day."""
    within = [c for c in unpaid(view) if funds is None or c.fund in funds]
    rows = [c for c in within if c.overdue or not overdue_only]
    return sorted(rows, key=lambda c: (-c.days_late, c.due_on or dt.date.max, c.fund, view.name(c.investor)))


def open_amounts(view: View, listed: Sequence[Call]) -> dict[str, tuple[int, int]]:
    """Currency -> fen (overdue, open and not overdue) of some calls, the yuan first."""
    return {
        code: (sum(c.overdue for c in own), sum(c.open - c.overdue for c in own))
        for code, own in by_currency(listed, lambda c: currency_of(view, c.fund)).items()
    }


def state_of(call: Call) -> str:
    """unpaid or short (a part came) after the due day; not_due before it; no_due_day where the notice names none."""
    if call.overdue:
        return "short" if call.paid else "unpaid"
    return "no_due_day" if call.due_on is None else "not_due"
