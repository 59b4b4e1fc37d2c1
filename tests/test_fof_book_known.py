"""States of knowledge by day and name, and what each entry did between two of them."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import defaultdict
from typing import Any

import pytest

from fof import ledger
from fof.access import LOCAL
from fof.book.entries import detail
from fof.book.known import closes, known_at, known_on, names
from fof.book.portfolios import portfolio
from fof.changes import AMOUNTS, changes
from fof.cli import main
from fof.errors import Refused, Unknown
from fof.explain import explain
from fof.figures.performance import portfolio_total
from fof.ledger import booking
from fof.operations.closes import close_quarter
from models.kinds import EntryKind
from models.posting_kinds import PostingKind as K

DAY = dt.date.fromisoformat
TODAY = DAY("2024-12-31")


class Clock:
    """The clock that entries are recorded by, in UTC."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.now = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
        patch.setattr(booking, "_clock", lambda: self.now)

    def at(self, text: str) -> None:
        self.now = dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


def office(clerk: Any) -> None:
    clerk.party("PF", "parent_fund", portfolio="yes", name="示例母基金")
    clerk.party("F1", "sub_fund", name="示例一号")
    clerk.party("F2", "sub_fund", name="示例二号")


# -- a day ----------------------------------------------------------------------------------------------------------


def test_a_day_is_the_offices_day_to_its_end(clerk_on_both: Any, clock: Clock) -> None:
    """Recorded at 15:59:59 UTC it is still the same day in Beijing, at 16:00 the next one; before the first entry nothing was
    known."""
    clerk = clerk_on_both
    clock.at("2024-03-01T15:59:59.999999")
    clerk.party("A", "company")
    clock.at("2024-03-01T16:00:00")
    clerk.party("B", "company")
    clock.at("2024-03-05T01:00:00")
    clerk.party("C", "company")
    journal = ledger.read(clerk.database)
    told = {d: known_at(journal, f"2024-03-{d:02}", TODAY) for d in range(1, 8)}
    assert told == {1: 1, 2: 2, 3: 2, 4: 2, 5: 3, 6: 3, 7: 3}
    assert known_at(journal, "2024-02-29", TODAY) == 0
    assert journal.view(TODAY, 0).parties == {}
    assert known_at(journal, TODAY.isoformat(), TODAY) == 3
    assert known_at(journal, None, TODAY) == known_at(journal, " ", TODAY) == 3


def test_days_by_a_second_way_of_counting(clerk: Any, clock: Clock) -> None:
    """Forty entries at random instants: the search agrees with counting them one by one."""
    dice, instants = random.Random(7), []
    for number in range(40):
        clock.now += dt.timedelta(seconds=dice.choice([0, 1, 3600, 30_000, 90_000, 400_000]))
        instants.append(clock.now)
        clerk.party(f"P{number}", "company")
    journal = ledger.read(clerk.database)
    day = DAY("2023-12-30")
    while day < DAY("2024-06-30"):
        midnight = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) + dt.timedelta(days=1, hours=-8)
        assert known_on(journal, day, TODAY) == sum(i < midnight for i in instants), day
        day += dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("text", "error", "said"),
    [
        ("2025-01-01", Refused, "day_to_come"),
        ("2024-02-30", Refused, "no_such_day"),
        ("2024-13-01", Refused, "no_such_day"),
        ("gestern", Refused, "not_a_moment"),
        ("-1", Refused, "not_a_moment"),
        ("٣", Refused, "not_a_moment"),
        ("4", Unknown, "0 – 3"),
        ("2024-Q1", Unknown, "2024-Q1"),
    ],
)
def test_what_cannot_be_known_is_refused(clerk: Any, text: str, error: type[Exception], said: str) -> None:
    office(clerk)
    with pytest.raises(error) as refused:
        known_at(ledger.read(clerk.database), text, TODAY)
    codes = [p.code for p in getattr(refused.value, "problems", ())]
    assert said in codes if error is Refused else said in str(refused.value)


# -- names ----------------------------------------------------------------------------------------------------------


def test_a_closed_quarter_is_the_prefix_its_reports_were_made_from(clerk_on_both: Any) -> None:
    clerk = clerk_on_both
    office(clerk)
    clerk.party("PG", "guidance_fund", portfolio="yes", name="示例引导基金")
    for code in ("PF", "PG"):
        clerk.pay(K.COMMITMENT, code, "F1", 100, "2020-01-01", fund="F1")
    database, end = clerk.database, DAY("2024-06-30")

    def close(code: str, known: int) -> int:
        chosen = portfolio(ledger.read(database).view(end), code)
        return close_quarter(database, LOCAL, chosen, end, known, "说明").entries[0]

    first = close("PF", 5)
    journal = ledger.read(database)
    for name in ("2024-Q2", "2024Q2", "2024-q2", "PF:2024-Q2", "PF：2024-Q2"):
        assert known_at(journal, name, TODAY) == 5
    close("PG", 6)
    again = close("PF", 7)
    journal = ledger.read(database)
    assert [known_at(journal, "2024-Q2", TODAY, code) for code in ("PF", "PG")] == [7, 6]
    assert [known_at(journal, n, TODAY) for n in ("PF:2024-Q2", "PG:2024-Q2", "PF:2024-Q2/1")] == [7, 6, 5]
    assert known_at(journal, "2024-Q2/1", TODAY, "PF") == 5
    with pytest.raises(Refused) as refused:
        known_at(journal, "2024-Q2", TODAY)
    assert [p.code for p in refused.value.problems] == ["several_closes"]
    with pytest.raises(Unknown):
        known_at(journal, "2024-Q3", TODAY, "PF")
    listed = [(n.name, n.known_at, n.entry) for n in names(journal, "PF")]
    assert listed == [("2024-Q2", 7, again), ("2024-Q2/1", 5, first)]
    assert [c.known_at for c in closes(journal.view(end)) if c.portfolio == "PF"] == [5, 7]
    assert closes(journal.view(DAY("2024-06-29"))) == []
    ledger.reverse(database, LOCAL, again, "结账有误")
    assert known_at(ledger.read(database), "2024-Q2", TODAY, "PF") == 5


# -- what each entry did --------------------------------------------------------------------------------------------


def random_book(clerk: Any, dice: random.Random) -> None:
    """Commitments, calls, payments, distributions, values, reversals, later days and a change of hands, at random."""
    office(clerk)
    clerk.party("SO", "social_investor", name="示例社会资本")
    booked: list[int] = []
    for fund in ("F1", "F2"):
        for who in ("PF", "SO"):
            clerk.pay(K.COMMITMENT, who, fund, 1000, "2020-01-01", fund=fund, entry=EntryKind.COMMITMENT)
    for _ in range(24):
        fund, day = dice.choice(("F1", "F2")), f"202{dice.randint(0, 4)}-0{dice.randint(1, 9)}-15"
        who, yuan = dice.choice(("PF", "PF", "SO")), dice.randint(1, 20)
        match dice.choice(("paid", "paid", "out", "mark", "mark", "due", "promise", "reverse")):
            case "paid":
                booked.append(clerk.pay(K.CALL_INVESTMENT, who, fund, yuan, day, fund=fund))
            case "out":
                booked.append(clerk.pay(K.DISTRIBUTION_RETURN_OF_CAPITAL, fund, who, yuan, day, fund=fund))
            case "mark":
                booked.append(clerk.mark(who, fund, 10 * yuan, day))
            case "due":
                number = str(len(booked) + 100)
                booked.append(
                    clerk.pay_many(
                        day,
                        [(K.CALL_DUE, who, fund, yuan)],
                        fund=fund,
                        entry=EntryKind.CAPITAL_CALL,
                        notice=("capital_call", number, None),
                    )
                )
            case "promise":
                booked.append(clerk.pay(K.COMMITMENT, who, fund, yuan, day, fund=fund))
            case "reverse" if booked:
                ledger.reverse(clerk.database, LOCAL, booked.pop(dice.randrange(len(booked))), "更正")


@pytest.mark.parametrize("seed", range(6))
def test_the_entries_parts_add_up_to_the_difference(clerk: Any, seed: int) -> None:
    """Every amount, between any two states of knowledge, on an early and a late day; and by hand from the postings."""
    dice = random.Random(seed)
    random_book(clerk, dice)
    journal = ledger.read(clerk.database)
    for as_of in (DAY("2022-06-30"), DAY("2024-12-31")):
        for _ in range(4):
            earlier, later = sorted(dice.sample(range(journal.head + 1), 2))
            told = changes(journal, as_of, earlier, later, "PF" if later else None) if later else None
            if told is None:
                continue
            [moved] = told.moved
            assert moved.other == {}
            for effect in told.effects:
                if effect.figure in AMOUNTS and effect.change is not None:
                    assert moved.total(effect.figure) == effect.change, effect
            listed = {e.id for e in (*told.entries, *told.reversed, *told.superseded)}
            assert set(moved.parts) <= listed
            assert_by_hand(journal, as_of, told)


def assert_by_hand(journal: Any, as_of: dt.date, told: Any) -> None:
    """Paid in and distributed of PF straight from the rows of each entry: booked since, or taken back since."""
    view = journal.view(as_of, told.later)
    if "PF" not in view.by_code:
        return
    own = view.by_code["PF"].id
    expected: dict[int, dict[str, int]] = defaultdict(dict)
    for entry in range(1, told.later + 1):
        shown = detail(view, entry)
        for posting in shown.postings if shown.head.effective_on <= as_of else ():
            figure = {K.CALL_INVESTMENT: "paid_in", K.DISTRIBUTION_RETURN_OF_CAPITAL: "distributed"}.get(
                posting.kind
            )
            if figure is None or own not in (posting.from_party, posting.to_party):
                continue
            gone_now = shown.head.reversed_by is not None
            gone_then = entry > told.earlier or (gone_now and shown.head.reversed_by <= told.earlier)
            fen = (0 if gone_now else posting.fen) - (0 if gone_then else posting.fen)
            if fen:
                expected[entry][figure] = fen
    found = {
        e: {f: v for f, v in p.items() if f in ("paid_in", "distributed")}
        for e, p in told.moved[0].parts.items()
    }
    assert {e: p for e, p in found.items() if p} == dict(expected)


def test_a_statement_that_replaces_another_and_what_was_not_there_before(clerk: Any) -> None:
    """A newer value takes the older one's place: both stand there with their parts; an empty book had nothing."""
    office(clerk)
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-02-20", fund="F1")
    old = clerk.mark("PF", "F1", 50, "2020-12-31")
    known = ledger.read(clerk.database).head
    new = clerk.mark("PF", "F1", 66, "2021-12-31")
    journal = ledger.read(clerk.database)
    told = changes(journal, DAY("2022-06-30"), known)
    assert told.moved[0].parts == {old: {"nav": -50_00}, new: {"nav": 66_00}}
    assert [e.id for e in told.superseded] == [old]
    whole = changes(journal, DAY("2022-06-30"), 0)
    assert {e.figure: (e.before, e.after) for e in whole.effects}["paid_in"] == (0, 40_00)
    assert {e.figure: e.before for e in whole.effects}["dpi"] is None
    assert (
        whole.moved[0].total("nav")
        == 66_00
        == portfolio_total(journal.view(DAY("2022-06-30")), portfolio(journal.view())).nav.fen
    )
    nothing = changes(journal, DAY("2022-06-30"), journal.head, same_too=True)
    assert (nothing.entries, nothing.moved[0].parts) == ((), {})
    with pytest.raises(Refused):
        changes(journal, DAY("2022-06-30"), journal.head)


def test_the_rows_of_a_part_by_entry_are_its_sum(clerk: Any) -> None:
    random_book(clerk, random.Random(11))
    view = clerk.view("2024-12-31")
    opened = {figure: explain(view, portfolio(view, "PF"), figure) for figure in AMOUNTS}
    known = {f: o for f, o in opened.items() if o.value is not None}
    assert {"committed", "paid_in", "distributed", "unfunded"} <= set(known)
    assert {f: sum(sum(p.by_entry.values()) for p in o.parts) for f, o in known.items()} == {
        f: o.value for f, o in known.items()
    }


# -- on the command line ----------------------------------------------------------------------------------------------


def test_commands_take_a_day_and_a_quarter(
    clerk: Any, clock: Clock, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("FOF_DATABASE_URL", str(clerk.database.url))
    office(clerk)
    clerk.pay(K.COMMITMENT, "PF", "F1", 100, "2020-01-01", fund="F1")
    clock.at("2024-05-01T00:00:00")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 40, "2020-02-20", fund="F1")
    clerk.pay(K.CALL_INVESTMENT, "PF", "F1", 2, "2020-03-20", fund="F1")
    chosen = portfolio(ledger.read(clerk.database).view(), "PF")
    close_quarter(clerk.database, LOCAL, chosen, DAY("2024-06-30"), 5, "说明")

    def asked(*words: str) -> Any:
        code = main([*words, "--json"])
        out = capsys.readouterr().out
        return (code, json.loads(out) if out else None)

    for when, known in (("2024-04-30", 4), ("2024-05-01", 7), ("2024-Q2", 5), ("6", 6)):
        code, told = asked("performance", "--as-of", "2024-12-31", "--known-at", when)
        assert (code, told["known_at"]) == (0, known)
        assert asked("commitments", "--as-of", "2024-12-31", "--known-at", when)[1]["known_at"] == known
        code, listed = asked("journal", "list", "--known-at", when)
        assert [r["entry"] for r in listed["rows"]] == list(range(known, 0, -1))
    code, told = asked(
        "journal", "changes", "--from", "2024-04-30", "--to", "2024-05-01", "--as-of", "2024-12-31"
    )
    assert (code, told["earlier"], told["known_at"]) == (0, 4, 7)
    [paid] = [r for r in told["rows"] if r["what"] == "figure" and r["after_amount"] == "42.00"][:1]
    parts = {r["entry"]: r["paid_in"] for r in told["rows"] if r["what"] == "added"}
    assert parts == {5: "40.00", 6: "2.00", 7: None}
    [total] = [r for r in told["rows"] if r["what"] == "total"]
    assert total["paid_in"] == paid["change_amount"] == "42.00"
    for wrong in ("2999-01-01", "2024-02-30", "8", "2023-Q1", "morgen"):
        assert asked("performance", "--known-at", wrong)[0] == 2
    assert asked("performance", "--known-at", "2023-12-30")[0] == 2  # an empty book has no portfolio
    assert asked("journal", "list", "--known-at", "2023-12-30")[1]["rows"] == []
