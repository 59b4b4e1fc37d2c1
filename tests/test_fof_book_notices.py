"""What is open on a notice has one answer, wherever it is asked: in the book, on the chase list, in a payment that ends it, in
what may still be called, and in rule AF-06."""

from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest

from fof import audit
from fof.access import LOCAL
from fof.book.notices import Call, calls, overdue, unpaid
from fof.book.portfolios import portfolio
from fof.book.unfunded import lapsed
from fof.errors import Refused
from fof.figures.overview import overview
from fof.operations.calls import issue_call, plan_call
from fof.operations.payments import mark_paid, open_calls, state_of
from fof.rules.settlement import Settled, settle
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

ASKED, DUE, LATER = dt.date(2024, 3, 1), dt.date(2024, 3, 20), dt.date(2024, 6, 30)


@pytest.fixture
def office(clerk: Any) -> Any:
    """GF (guidance) and SO have promised 1,000 each; notice N1 asks 80 of each inside and 20 outside the commitment."""
    clerk.party("GF", "guidance_fund", portfolio="yes", province="黑龙江省")
    clerk.party("SO", "social_investor")
    clerk.party("SF", "sub_fund", status="investing", strategy="vc", established_on="2020-01-01")
    for code in ("GF", "SO"):
        clerk.pay(K.COMMITMENT, code, "SF", 1000, "2020-01-01", entry=EntryKind.COMMITMENT, fund="SF")
    asked = {"investment": 160_00, "fee_outside": 40_00}
    issue_call(clerk.database, LOCAL, plan_call(clerk.view("2024-03-01"), sf(clerk), asked, ASKED, DUE), "N1")
    return clerk


def sf(office: Any) -> int:
    return int(office.view("2024-03-01").by_code["SF"].id)


def paid(office: Any, yuan: float, day: str, number: str | None = None, kind: K = K.CALL_INVESTMENT) -> int:
    """SO pays, or is given back, an amount on a notice or without naming one."""
    frm, to = ("SF", "SO") if kind == K.EXCESS_CALL_RETURNED else ("SO", "SF")
    notice = None if number is None else ("capital_call", number, None)
    entry = EntryKind.CALL_PAYMENT
    return int(office.pay_many(day, [(kind, frm, to, yuan)], fund="SF", entry=entry, notice=notice))


def asked(office: Any, yuan: float, day: str, due: str, number: str, kind: K = K.CALL_DUE) -> int:
    notice = ("capital_call", number, due)
    rows = [(kind, "SO", "SF", yuan)]
    return int(office.pay_many(day, rows, fund="SF", entry=EntryKind.CAPITAL_CALL, notice=notice))


def of_so(office: Any, as_of: str = "2024-06-30", code: str = "SO") -> dict[str, Call]:
    view = office.view(as_of)
    return {c.number: c for c in calls(view, {sf(office)}, {view.by_code[code].id})}


def agree(office: Any, yuan: dict[str, float], as_of: str = "2024-06-30") -> None:
    """Everybody who says what SO still has to pay after its day says the same."""
    view = office.view(as_of)
    so, fund = view.by_code["SO"].id, sf(office)
    fen = {number: round(amount * 100) for number, amount in yuan.items() if amount}
    total = sum(fen.values())
    assert {c.number: c.open for c in calls(view, {fund}, {so}) if c.open} == fen
    assert {c.number: c.open for c in unpaid(view) if c.investor == so} == fen
    assert {c.number: c.open for c in open_calls(view, {fund}) if c.investor == so} == fen
    assert overdue(view).get((fund, so), 0) == total
    assert sum(c.open for c in open_calls(view, overdue_only=True) if c.investor == so) == total
    assert sum(c.overdue for c in overview(view, portfolio(view)).overdue if c.investor == so) == total
    [one] = [f for f in audit.guidance(view).findings if (f.rule, str(f.subject)) == ("AF-06", "SF/SO")]
    assert (one.money_at_stake or 0) == total


def test_a_payment_that_names_no_notice_pays_it_all_the_same(office: Any) -> None:
    """40 of 100 came unnamed: 60 are open, and 'in full' means these, split as the components stand: 48 and 12."""
    paid(office, 40, "2024-03-10")
    agree(office, {"N1": 60})
    view = office.view("2024-06-30")
    so = view.by_code["SO"].id
    with pytest.raises(Refused, match=r"60\.00"):
        mark_paid(office.database, LOCAL, sf(office), so, "N1", LATER, 60_01)
    done = mark_paid(office.database, LOCAL, sf(office), so, "N1", LATER)
    rows = office.view("2024-06-30").postings.of_entry(done.entries[0])
    assert dict(zip(rows.kind.tolist(), rows.fen.tolist(), strict=True)) == {
        K.CALL_INVESTMENT: 48_00,
        K.CALL_FEE_OUTSIDE: 12_00,
    }
    again = mark_paid(office.database, LOCAL, sf(office), so, "N1", LATER)  # the same once more: nothing new
    assert again.entries == done.entries or not again.entries
    assert of_so(office)["N1"].open == 0
    assert of_so(office)["N1"].state == "late"


def test_more_than_the_named_notice_asked_pays_the_oldest(office: Any) -> None:
    asked(office, 50, "2024-04-01", "2024-04-20", "N2")
    paid(office, 90, "2024-04-10", "N2")
    agree(office, {"N1": 60})
    assert of_so(office)["N2"].paid_on == dt.date(2024, 4, 10)


def test_what_was_given_back_pays_no_later_notice(office: Any) -> None:
    """150 came on 100 and 50 went back: the next notice of 70 is open whole. What stays pays it: 20 of 40 given back."""
    paid(office, 150, "2024-03-10")
    paid(office, 50, "2024-03-15", kind=K.EXCESS_CALL_RETURNED)
    asked(office, 70, "2024-04-01", "2024-04-20", "N2")
    agree(office, {"N2": 70})
    paid(office, 90, "2024-04-10", "N2")
    paid(office, 5, "2024-04-12", kind=K.EXCESS_CALL_RETURNED)
    asked(office, 30, "2024-05-01", "2024-05-20", "N3")
    agree(office, {"N3": 15})


def test_what_goes_back_reopens_no_notice_that_was_paid(office: Any) -> None:
    paid(office, 100, "2024-03-10")
    paid(office, 30, "2024-03-25", kind=K.EXCESS_CALL_RETURNED)
    agree(office, {})


@pytest.mark.parametrize("seed", range(3))
def test_what_is_open_is_what_is_left_of_all_calls(office: Any, seed: int) -> None:
    """On every day: notices that were settled before are left out of the count, not of the answer."""
    dice = random.Random(seed)
    day = dt.date(2024, 3, 2)
    for number in range(14):
        day += dt.timedelta(dice.choice((0, 0, 1, 5)))
        due = (day + dt.timedelta(dice.randrange(20))).isoformat()
        asked(office, dice.choice((10, 20, 30)), day.isoformat(), due, f"R{number}")
        day += dt.timedelta(dice.choice((0, 1, 3)))
        view = office.view(day.isoformat())
        so, fund = view.by_code["SO"].id, sf(office)
        left = sum(c.open for c in calls(view, {fund}, {so})) / 100
        paying = dice.choice((left, left, left, left / 2, left + 10, 0))
        named = f"R{number}" if dice.random() < 0.2 else None
        if paying:
            paid(office, paying, day.isoformat(), named)
        if dice.random() < 0.15:
            paid(office, 5, day.isoformat(), kind=K.EXCESS_CALL_RETURNED)
    first = dt.date(2024, 2, 28)
    shortened = 0
    for n in range((day - first).days + 2):
        view = office.view((first + dt.timedelta(n)).isoformat())
        every = calls(view)
        assert unpaid(view) == [c for c in every if c.open]
        shortened += bool(unpaid(view)) and len(unpaid(view)) < len(every)
    assert shortened


def test_late_and_short(office: Any) -> None:
    paid(office, 30, "2024-03-10", "N1")
    view = office.view("2024-06-30")
    [chased] = [c for c in open_calls(view, overdue_only=True) if c.investor == view.by_code["SO"].id]
    assert (state_of(chased), chased.open, chased.days_late) == ("short", 70_00, (LATER - DUE).days)
    paid(office, 70, "2024-04-01", "N1")
    agree(office, {})
    assert (of_so(office)["N1"].state, of_so(office)["N1"].days_late) == ("late", 12)
    agree(office, {"N1": 70}, "2024-03-25")  # on an earlier day it was open


def test_excused_and_in_default_have_no_part_of_the_notice(office: Any) -> None:
    """Nothing is open where nothing was asked; that who is in default owes its part all the same is the rule's to say."""
    paid(office, 100, "2024-03-10")
    view = office.view("2024-04-01")
    so, fund = view.by_code["SO"].id, sf(office)
    for number, left_out in (("N2", "excused"), ("N3", "defaulting")):
        day, due = dt.date(2024, 4, 1), dt.date(2024, 4, 20)
        plan = plan_call(
            office.view("2024-04-01"), fund, {"investment": 50_00}, day, due, **{left_out: {so: "文件 1 号"}}
        )
        issue_call(office.database, LOCAL, plan, number)
    assert set(of_so(office)) == {"N1"}
    assert overdue(office.view("2024-06-30")).get((fund, so), 0) == 0
    with pytest.raises(Refused):
        mark_paid(office.database, LOCAL, fund, so, "N3", LATER)
    [one] = [
        f
        for f in audit.guidance(office.view("2024-06-30")).findings
        if (f.rule, str(f.subject)) == ("AF-06", "SF/SO")
    ]
    assert one.money_at_stake == 25_00  # its half of N3


def test_only_what_is_open_inside_the_commitment_can_still_be_called_of_a_fund_that_ended_calls(
    office: Any,
) -> None:
    """Of the 100 of N1 80 are inside. 90 are open after 10 unnamed: at most 80 of the commitment are owed."""
    office.fact("SF", "2024-05-01", "status", "closed")
    view = office.view("2024-06-30")
    fund, so = sf(office), view.by_code["SO"].id
    assert (of_so(office)["N1"].open, of_so(office)["N1"].open_inside) == (100_00, 80_00)
    assert lapsed(view, fund, so, 1000_00) == 920_00
    assert lapsed(view, fund, -1, 2000_00) == 1840_00


def test_a_notice_outside_the_commitment_takes_nothing_from_the_room_for_calls(office: Any) -> None:
    paid(office, 100, "2024-03-10")
    asked(office, 60, "2024-04-01", "2024-04-20", "F1", K.CALL_DUE_OUTSIDE)
    agree(office, {"F1": 60})
    plan = plan_call(office.view("2024-05-01"), sf(office), {"investment": 2_00}, LATER, LATER)
    [line] = [x for x in plan.lines if x.name == "SO"]
    assert (line.pending, line.unfunded_before) == (0, 900_00)


def test_what_was_reversed_is_not_there(office: Any) -> None:
    from fof import ledger

    first = paid(office, 100, "2024-03-10", "N1")
    agree(office, {})
    known = office.view("2024-06-30").known_at
    ledger.reverse(office.database, LOCAL, first, "误记")
    agree(office, {"N1": 100})
    assert (
        sum(c.open for c in unpaid(office.view("2024-06-30", known)) if c.number == "N1") == 100_00
    )  # of GF
    notice = of_so(office)["N1"].entry
    ledger.reverse(office.database, LOCAL, notice, "误发")
    assert calls(office.view("2024-06-30")) == []


def test_a_successor_stands_in_its_predecessors_notices(office: Any) -> None:
    """SO paid 30 (24 and 6) of its 100 and was merged into NEW, which pays what is left by the same components."""
    so = office.view("2024-03-01").by_code["SO"].id
    mark_paid(office.database, LOCAL, sf(office), so, "N1", dt.date(2024, 3, 10), 30_00)
    office.party("NEW", "social_investor", successor_of="SO", day="2024-04-01")
    moved = [(K.COMMITMENT_TRANSFER, "SO", "NEW", 1000), (K.PAID_IN_TRANSFER, "SO", "NEW", 30)]
    office.pay_many("2024-04-01", moved, fund="SF", entry=EntryKind.REORGANISATION)
    one = of_so(office, code="NEW")["N1"]
    assert (one.due, one.paid, one.open) == (100_00, 30_00, 70_00)
    new = office.view("2024-06-30").by_code["NEW"].id
    done = mark_paid(office.database, LOCAL, sf(office), new, "N1", LATER)
    rows = office.view("2024-06-30").postings.of_entry(done.entries[0])
    assert dict(zip(rows.kind.tolist(), rows.fen.tolist(), strict=True)) == {
        K.CALL_INVESTMENT: 56_00,
        K.CALL_FEE_OUTSIDE: 14_00,
    }
    assert of_so(office, code="NEW")["N1"].open == 0


# -- a second computation, fen by fen ---------------------------------------------------------------------------------


def fen_by_fen(asked: list[Settled[int]], paid: list[tuple[int, int, str]]) -> list[int]:
    """Open fen of each notice: every fen of a payment walks alone, from the definitions in docs."""
    order = sorted(range(len(asked)), key=lambda n: (asked[n].due_on, asked[n].asked_on, asked[n].notice))
    left = [a.fen for a in asked]
    first = min(a.asked_on for a in asked)  # type: ignore[type-var]
    walking: list[list[int]] = []  # [day] of each fen that found no notice it names
    for day, fen, notice in sorted(paid):
        if day < first:  # type: ignore[operator]
            continue
        for _ in range(abs(fen)):
            own = next(
                (n for n in order if notice and fen > 0 and asked[n].notice == notice and left[n]), None
            )
            if own is not None:
                left[own] -= 1
            else:
                walking.append([day, 1 if fen > 0 else -1])
    waiting = 0
    for day in sorted({day for day, _ in walking}):
        for _, sign in sorted((w for w in walking if w[0] == day), key=lambda w: -w[1]):
            if sign < 0:
                waiting = max(0, waiting - 1)
                continue
            own = next((n for n in order if asked[n].asked_on <= day and left[n]), None)  # type: ignore[operator]
            if own is None:
                waiting += 1
            else:
                left[own] -= 1
    for n in order:
        used = min(waiting, left[n])
        left[n], waiting = left[n] - used, waiting - used
    return left


@pytest.mark.parametrize("seed", range(300))
def test_random_notices_and_payments_agree_with_a_walk_of_every_fen(seed: int) -> None:
    chance = random.Random(seed)
    asked = []
    for number in range(chance.randint(1, 4)):
        on = chance.randint(10, 40)
        asked.append(Settled(f"N{number}", on, on + chance.randint(0, 15), chance.randint(1, 9)))
    paid = [
        (
            chance.randint(5, 60),
            chance.choice([1, 2, 3, 5, 8, 13, -1, -4]),
            chance.choice(["", "", "N0", "N1", "N9"]),
        )
        for _ in range(chance.randint(0, 7))
    ]
    expected = fen_by_fen(asked, paid)
    settle(asked, paid)
    assert [a.open for a in asked] == expected
    assert all((a.full_on is None) == (a.open > 0) for a in asked)
